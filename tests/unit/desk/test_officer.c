/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/desk/support.h"

#include "daemon/base/str.h"
#include "daemon/desk/officer.h"
#include "store/place.h"

static int setup(void **state)
{
	static struct desk_fixture fixture;

	start(&fixture, true, false, false);
	*state = &fixture;
	return 0;
}

static int teardown(void **state)
{
	finish(*state);
	return 0;
}

#define DESK_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

static const struct desk_actor nobody = {0, "officer:uid0"};

static struct officer claim(struct desk_fixture *d)
{
	struct officer chief;
	struct errbuf eb = {0};

	assert_ok(desk_officer_claim(d->desk, "chief", "Trưởng công an", nobody.name, &chief, &eb));
	return chief;
}

static enum err add(struct desk_fixture *d, const struct desk_officer_in *in, struct officer *ret)
{
	char code[LOGIN_CODE_BYTES];
	struct errbuf eb = {0};

	return desk_officer_add(d->desk, in, &nobody, ret, code, &eb);
}

static struct officer added(struct desk_fixture *d, const char *login, const char *role)
{
	struct officer officer;

	assert_ok(add(d,
		&(struct desk_officer_in){
			.login = login, .name = "A", .role = role, .place_count = -1},
		&officer));
	return officer;
}

static enum err do_to(struct desk_fixture *d, const char *login, const char *what, int64_t by)
{
	struct officer officer;
	struct errbuf eb = {0};
	enum err err = desk_officer_do(
		d->desk, login, what, &(struct desk_actor){by, "officer:x"}, &officer, &eb);

	assert_true(!err || eb.text[0]);
	return err;
}

static void test_the_first_one_is_chief_and_the_only_first(void **state)
{
	struct desk_fixture *d = *state;
	struct officer chief = claim(d), other;
	struct errbuf eb = {0};

	assert_int_equal(chief.role, OFFICER_CHIEF);
	assert_err(desk_officer_claim(d->desk, "b", "B", "x", &other, &eb), ERR_STATE);
}

static void test_values_are_checked_and_cleaned(void **state)
{
	struct desk_fixture *d = *state;
	struct desk_officer_in in = {.login = "a", .name = "A", .role = "duty", .place_count = -1};
	struct officer officer;

	claim(d);
	in.role = "king";
	assert_err(add(d, &in, &officer), ERR_INVALID);
	in.role = "area";
	in.phone = "12";
	assert_err(add(d, &in, &officer), ERR_INVALID);
	in.phone = "0900 001 234";
	in.superior = "nobody";
	assert_err(add(d, &in, &officer), ERR_INVALID);
	in.superior = "chief";
	in.places[0] = "thon-9";
	in.place_count = 1;
	in.name = NULL;
	assert_err(add(d, &in, &officer), ERR_INVALID);
	in.name = "  Nguye\xcc\x82\xcc\x83n A ";
	in.place_count = 0;
	assert_ok(add(d, &in, &officer));
	assert_non_null(strstr(officer.name, "Nguyễn A"));
	assert_true(officer.has_phone && officer.superior_id);
}

static void test_places_are_exactly_those(void **state)
{
	struct desk_fixture *d = *state;
	struct place place = {.name = "Thôn", .kind = PLACE_HAMLET};
	struct desk_officer_in in = {
		.login = "area", .places = {"thon-1", "thon-2"}, .place_count = 2};
	struct officer officer;
	struct errbuf eb = {0};
	int64_t one, two;
	bool has;

	claim(d);
	assert_ok(str_copy(place.code, sizeof(place.code), "thon-1"));
	assert_ok(place_save(d->s.store, &place, &one));
	assert_ok(str_copy(place.code, sizeof(place.code), "thon-2"));
	assert_ok(place_save(d->s.store, &place, &two));
	officer = added(d, "area", "area");
	assert_ok(desk_officer_change(d->desk, &in, &nobody, &officer, &eb));
	in.places[0] = "thon-2";
	in.place_count = 1;
	assert_ok(desk_officer_change(d->desk, &in, &nobody, &officer, &eb));
	assert_ok(officer_has_place(d->s.store, officer.id, one, &has));
	assert_false(has);
	assert_ok(officer_has_place(d->s.store, officer.id, two, &has));
	assert_true(has);
	in.places[0] = "thon-9";
	assert_err(desk_officer_change(d->desk, &in, &nobody, &officer, &eb), ERR_INVALID);
	assert_non_null(strstr(eb.text, "thon-9"));
}

static void test_the_last_chief_stays_and_nobody_judges_himself(void **state)
{
	struct desk_fixture *d = *state;
	struct officer chief = claim(d), second;
	struct desk_officer_in in = {.login = "chief", .role = "it", .place_count = -1};
	struct errbuf eb = {0};

	assert_err(do_to(d, "chief", "lock", chief.id), ERR_DENIED);
	assert_err(do_to(d, "chief", "lock", 99), ERR_STATE);
	assert_err(desk_officer_change(d->desk, &in, &nobody, &second, &eb), ERR_STATE);
	second = added(d, "second", "chief");
	assert_ok(do_to(d, "second", "lock", chief.id));
	assert_err(do_to(d, "chief", "remove", 99), ERR_STATE);
	assert_err(do_to(d, "second", "lock", chief.id), ERR_STATE);
	assert_ok(do_to(d, "second", "unlock", chief.id));
	assert_ok(do_to(d, "chief", "remove", second.id));
	assert_err(do_to(d, "chief", "unlock", second.id), ERR_STATE);
	assert_err(do_to(d, "nobody", "lock", second.id), ERR_NOT_FOUND);
	assert_err(do_to(d, "chief", "praise", second.id), ERR_STATE);
}

static void test_what_is_reset_is_gone(void **state)
{
	struct desk_fixture *d = *state;
	struct store *store = d->s.store;
	struct officer chief = claim(d), officer = added(d, "a", "duty");
	struct desk_actor by = {chief.id, "officer:chief"};
	const uint8_t secret[TOTP_SECRET_BYTES] = {1};
	char code[LOGIN_CODE_BYTES];
	struct errbuf eb = {0};
	struct login login;

	assert_ok(login_set_totp(store, officer.id, secret, 1));
	assert_err(desk_officer_reset(d->desk, "a", "all", &by, &officer, code, &eb), ERR_INVALID);
	assert_err(
		desk_officer_reset(d->desk, "chief", "totp", &by, &officer, code, &eb), ERR_DENIED);
	assert_ok(desk_officer_reset(d->desk, "a", "totp", &by, &officer, code, &eb));
	assert_ok(login_load(store, officer.id, &login));
	assert_true(!login.has_totp && login.has_code);
	assert_ok(login_code_check(store, officer.id, code));
	assert_ok(do_to(d, "a", "remove", chief.id));
	assert_err(login_code_check(store, officer.id, code), ERR_DENIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(test_the_first_one_is_chief_and_the_only_first),
		DESK_TEST(test_values_are_checked_and_cleaned),
		DESK_TEST(test_places_are_exactly_those),
		DESK_TEST(test_the_last_chief_stays_and_nobody_judges_himself),
		DESK_TEST(test_what_is_reset_is_gone),
	};

	return cmocka_run_group_tests_name("officer", tests, NULL, NULL);
}
