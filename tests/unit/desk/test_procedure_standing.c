/* SPDX-License-Identifier: GPL-2.0-or-later */
/* That the commune stands by an entry holds for what it says, and for nothing else under its code.
 */
#include "tests/unit/desk/support.h"

#include "daemon/desk/procedure.h"

static struct procedure entry_of(void)
{
	return (struct procedure){.code = "cc-cap-lai",
		.title = "Mất thẻ căn cước",
		.short_text = "Mat can cuoc: den cong an xa",
		.text = "Đến công an xã.",
		.basis = {"Luật Căn cước, Điều 24"},
		.basis_count = 1,
		.checked_day = 20000,
		.expires_day = 30000};
}

static struct procedure_standing standing_of(struct desk_fixture *f, const struct procedure *entry)
{
	struct procedure_standing standing;

	assert_ok(desk_procedure_standing(f->desk, entry, &standing));
	return standing;
}

static void words(struct desk_fixture *f, const struct procedure *entry, struct buf *out)
{
	buf_reset(out);
	assert_ok(desk_procedure_words(f->desk, entry, true, out));
}

static void test_it_is_confirmed_as_it_reads(void **state)
{
	struct procedure entry = entry_of(), other;
	struct procedure_standing standing;
	struct desk_fixture f;
	struct errbuf eb = {0};
	CLEAN_BUF said = {0};
	int64_t today;

	(void)state;
	buf_init(&said, 2048);
	start(&f, true, false, false);
	today = clock_local_day(FIXTURE_WALL_MS);
	words(&f, &entry, &said);
	assert_string_not_equal(buf_text(&said), entry.short_text);
	assert_err(
		desk_procedure_confirm(f.desk, &entry, today + 1, "officer:a", &eb), ERR_INVALID);
	assert_err(desk_procedure_confirm(
			   f.desk, &entry, today - PROCEDURE_CHECKED_DAYS - 1, "officer:a", &eb),
		ERR_INVALID);
	assert_ok(desk_procedure_confirm(f.desk, &entry, today - 2, "officer:a", &eb));
	end_turn(&f.s);
	standing = standing_of(&f, &entry);
	assert_true(standing.is_confirmed);
	assert_int_equal(standing.checked_day, today - 2);
	assert_string_equal(standing.confirmed_by, "officer:a");
	words(&f, &entry, &said);
	assert_string_equal(buf_text(&said), entry.short_text);
	/* Another text, article or last day is not what was confirmed; how people ask is no matter.
	 */
	other = entry;
	snprintf(other.asks[0], sizeof(other.asks[0]), "mất căn cước");
	other.ask_count = 1;
	assert_true(standing_of(&f, &other).is_confirmed);
	other.expires_day++;
	assert_false(standing_of(&f, &other).is_confirmed);
	other = entry;
	snprintf(other.basis[0], sizeof(other.basis[0]), "Luật Căn cước, Điều 25");
	assert_false(standing_of(&f, &other).is_confirmed);
	other = entry;
	snprintf(other.text, sizeof(other.text), "Đến công an tỉnh.");
	standing = standing_of(&f, &other);
	assert_false(standing.is_confirmed);
	assert_true(standing.is_changed);
	assert_int_equal(standing.checked_day, other.checked_day);
	words(&f, &other, &said);
	assert_string_not_equal(buf_text(&said), other.short_text);
	assert_ok(desk_procedure_unconfirm(f.desk, &entry, "officer:a", &eb));
	assert_false(standing_of(&f, &entry).is_confirmed);
	assert_err(desk_procedure_unconfirm(f.desk, &entry, "officer:a", &eb), ERR_STATE);
	end_turn(&f.s);
	finish(&f);
}

static void test_what_the_file_says_stays(void **state)
{
	struct procedure entry = entry_of();
	struct desk_fixture f;
	struct errbuf eb = {0};

	(void)state;
	start(&f, true, false, false);
	entry.is_confirmed = true;
	assert_true(standing_of(&f, &entry).is_confirmed);
	assert_err(desk_procedure_unconfirm(f.desk, &entry, "officer:a", &eb), ERR_STATE);
	finish(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_is_confirmed_as_it_reads),
		cmocka_unit_test(test_what_the_file_says_stays),
	};

	return cmocka_run_group_tests_name("procedure_standing", tests, NULL, NULL);
}
