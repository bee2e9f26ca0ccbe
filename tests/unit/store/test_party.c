/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/store/support.h"

static void test_an_address_is_one_party(void **state)
{
	struct store_fixture *f = *state;
	struct party party, again;

	assert_ok(party_get(f->store, PARTY_PHONE, RESIDENT, &party));
	assert_int_equal(party.kind, PARTY_PHONE);
	assert_int_equal(party.state, PARTY_ACTIVE);
	assert_int_equal(party.created_ms, FIXTURE_WALL_MS);
	assert_int_equal(party.last_in_ms, 0);
	clock_virtual_advance(&f->clock, DAY_MS);
	assert_ok(party_get(f->store, PARTY_PHONE, RESIDENT, &again));
	assert_int_equal(again.id, party.id);
	assert_int_equal(again.created_ms, FIXTURE_WALL_MS);
	assert_int_not_equal(party_of(f, OTHER), party.id);
	end_turn(f);
	close_store(f);
	store_fixture_open(f);
	assert_ok(party_get(f->store, PARTY_PHONE, RESIDENT, &again));
	assert_int_equal(again.id, party.id);
}

static void test_the_same_words_of_another_kind_are_another(void **state)
{
	static const enum party_kind kinds[] = {
		PARTY_PHONE, PARTY_SENDER_NAME, PARTY_ZALO_USER, PARTY_ZALO_GROUP, PARTY_OFFICE};
	struct store_fixture *f = *state;
	struct party parties[ARRAY_LEN(kinds)], loaded;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		assert_ok(party_get(f->store, kinds[i], "4000", &parties[i]));
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(parties[i].id, parties[j].id);
		assert_ok(party_load(f->store, parties[i].id, &loaded));
		assert_int_equal(loaded.kind, kinds[i]);
	}
	assert_err(party_load(f->store, 4711, &loaded), ERR_NOT_FOUND);
}

static void test_addresses_have_bounds(void **state)
{
	char address[PARTY_ADDRESS_MAX + 1];
	struct store_fixture *f = *state;
	struct party party;

	memset(address, '1', sizeof(address));
	address[PARTY_ADDRESS_MAX] = 0;
	assert_err(party_get(f->store, PARTY_ZALO_USER, "", &party), ERR_INVALID);
	assert_err(party_get(f->store, PARTY_ZALO_USER, address, &party), ERR_INVALID);
	address[PARTY_ADDRESS_MAX - 1] = 0;
	assert_ok(party_get(f->store, PARTY_ZALO_USER, address, &party));
}

static void test_an_address_opens_only_where_it_was_sealed(void **state)
{
	struct store_fixture *f = *state;
	int64_t resident = party_of(f, RESIDENT), other = party_of(f, OTHER);
	CLEAN_BUF address = {0};

	buf_init(&address, PARTY_ADDRESS_MAX);
	assert_ok(party_address(f->store, resident, &address));
	assert_string_equal(buf_text(&address), RESIDENT);
	assert_err(party_address(f->store, 4711, &address), ERR_NOT_FOUND);
	end_turn(f);
	assert_int_equal(
		raw_exec(f->path,
			"UPDATE party SET address = (SELECT address FROM party WHERE id = 1) WHERE id = 2"),
		SQLITE_OK);
	buf_reset(&address);
	assert_err(party_address(f->store, other, &address), ERR_WRONG_KEY);
	assert_int_equal(address.len, 0);
}

static void test_touch_remembers_the_latest(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = party_of(f, RESIDENT);
	struct party party;

	assert_ok(party_touch(f->store, id, 200));
	assert_ok(party_touch(f->store, id, 100));
	assert_ok(party_load(f->store, id, &party));
	assert_int_equal(party.last_in_ms, 200);
}

static void test_a_lost_turn_makes_no_party(void **state)
{
	struct store_fixture *f = *state;
	struct party party, again;

	assert_ok(party_get(f->store, PARTY_PHONE, RESIDENT, &party));
	turn_abort(f->store, ERR_DISK_FULL);
	assert_err(party_load(f->store, party.id, &again), ERR_NOT_FOUND);
	assert_ok(party_get(f->store, PARTY_PHONE, RESIDENT, &again));
	end_turn(f);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM party"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_an_address_is_one_party),
		STORE_TEST(test_the_same_words_of_another_kind_are_another),
		STORE_TEST(test_addresses_have_bounds),
		STORE_TEST(test_an_address_opens_only_where_it_was_sealed),
		STORE_TEST(test_touch_remembers_the_latest),
		STORE_TEST(test_a_lost_turn_makes_no_party),
	};

	return cmocka_run_group_tests_name("party", tests, NULL, NULL);
}
