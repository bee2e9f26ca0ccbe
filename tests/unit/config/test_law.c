/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/law.h"
#include "config/law_builtin.h"
#include "daemon/base/date.h"
#include "daemon/base/str.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static int64_t day_of(const char *text)
{
	int64_t day = 0;

	assert_int_equal(date_parse(text, &day), ERR_OK);
	return day;
}

static struct law *builtin(bool is_remote)
{
	struct law *law = NULL;
	struct errbuf eb = {0};
	enum err err = law_load(
		&(struct law_options){
			.calendar_file = "", .regimes_directory = "", .is_remote = is_remote},
		&law, &eb);

	if (err)
		print_error("%s\n", eb.text);
	assert_int_equal(err, ERR_OK);
	return law;
}

/* The deadline table: class, clock, from when, how long, whether a published text says so. */
static void test_every_deadline_ships(void **state)
{
	static const struct {
		enum legal_class class;
		const char *code;
		enum regime_moment starts;
		const char *limit, *remote;
		bool is_confirmed;
	} clocks[] = {
		{LEGAL_CLASS_RECEPTION, "receipt", REGIME_MOMENT_RECEIVED, "ngay", NULL, false},
		{LEGAL_CLASS_RECEPTION, "classify", REGIME_MOMENT_RECEIVED, "30 phút", NULL, false},
		{LEGAL_CLASS_DENUNCIATION_OF_CRIME, "transfer_urgent", REGIME_MOMENT_CLASSIFIED,
			"24 giờ", "48 giờ", true},
		{LEGAL_CLASS_CRIME_NEWS, "transfer", REGIME_MOMENT_RECEIVED, "7 ngày", NULL, false},
		{LEGAL_CLASS_PROSECUTION_PROPOSAL, "notice", REGIME_MOMENT_RECEIVED,
			"3 ngày làm việc", NULL, true},
		{LEGAL_CLASS_DENUNCIATION_OF_CRIME, "settlement", REGIME_MOMENT_TRANSFERRED,
			"20 ngày", NULL, true},
		{LEGAL_CLASS_DENUNCIATION, "first_handling", REGIME_MOMENT_RECEIVED,
			"7 ngày làm việc", NULL, false},
		{LEGAL_CLASS_DENUNCIATION, "settlement", REGIME_MOMENT_ACCEPTED, "30 ngày", NULL,
			false},
		{LEGAL_CLASS_FEEDBACK, "sort", REGIME_MOMENT_RECEIVED, "10 ngày làm việc", NULL,
			false},
		{LEGAL_CLASS_PETITION, "sort", REGIME_MOMENT_RECEIVED, "10 ngày làm việc", NULL,
			false},
		{LEGAL_CLASS_DATA_REQUEST, "first_answer", REGIME_MOMENT_RECEIVED,
			"2 ngày làm việc", NULL, true},
		{LEGAL_CLASS_RESIDENCE, "record", REGIME_MOMENT_RECEIVED,
			"23:00, hoặc 08:00 hôm sau", NULL, true},
		{LEGAL_CLASS_DATA_BREACH, "notify", REGIME_MOMENT_DISCOVERED, "72 giờ", NULL,
			false},
	};
	struct law *law = builtin(false);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(clocks); i++) {
		const struct regime *regime = law_regime(
			law, clocks[i].class, day_of("2026-11-22"));
		const struct regime_clock *clock;
		char text[TERM_BYTES];

		assert_non_null(regime);
		clock = regime_clock_find(regime, clocks[i].code);
		assert_non_null(clock);
		assert_int_equal(clock->starts, clocks[i].starts);
		assert_int_equal(clock->is_confirmed, clocks[i].is_confirmed);
		assert_true(clock->source[0]);
		term_format(regime_clock_limit(clock, false), text);
		assert_string_equal(text, clocks[i].limit);
		term_format(regime_clock_limit(clock, true), text);
		assert_string_equal(text, clocks[i].remote ? clocks[i].remote : clocks[i].limit);
	}
	/* Every class has a record in force today. */
	for (int i = 0; i < LEGAL_CLASS_COUNT; i++)
		assert_non_null(law_regime(law, (enum legal_class)i, day_of("2026-11-22")));
	law_free(law);
}

/* 20 days, to two months, and two more. */
static void test_extensions_ship(void **state)
{
	struct law *law = builtin(false);
	const struct regime *crime = law_regime(
		law, LEGAL_CLASS_DENUNCIATION_OF_CRIME, day_of("2026-11-22"));
	const struct regime *letter = law_regime(
		law, LEGAL_CLASS_DENUNCIATION, day_of("2026-11-22"));
	const struct regime_clock *clock = regime_clock_find(crime, "settlement");

	(void)state;
	assert_int_equal(clock->extension_count, 2);
	assert_string_equal(clock->extensions[0].code, "complex");
	assert_true(clock->extensions[0].is_total);
	assert_false(clock->extensions[1].is_total);
	assert_int_equal(clock->extensions[1].first, 2);
	assert_int_equal(clock->freeze_roles, regime_role_bit("chief") | regime_role_bit("deputy"));
	clock = regime_clock_find(letter, "settlement");
	assert_int_equal(clock->extensions[1].last, 2);
	assert_null(regime_clock_find(letter, "none"));
	law_free(law);
}

static void test_record_of_the_day(void **state)
{
	struct law *law = builtin(false);
	const struct regime *before = law_regime(
		law, LEGAL_CLASS_DENUNCIATION, day_of("2026-06-30"));
	const struct regime *after = law_regime(
		law, LEGAL_CLASS_DENUNCIATION, day_of("2026-07-01"));

	(void)state;
	assert_ptr_not_equal(before, after);
	assert_int_equal(before->to_day + 1, after->from_day);
	assert_null(law_regime(law, LEGAL_CLASS_DENUNCIATION, day_of("1999-01-01")));
	law_free(law);
}

/* What is kept with running clocks reads as what it was made of. */
static void test_body_reads_again(void **state)
{
	struct law *law = builtin(false);

	(void)state;
	for (int i = 0; i < LEGAL_CLASS_COUNT; i++) {
		for (size_t j = 0; j < law->classes[i].count; j++) {
			const struct regime *regime = &law->classes[i].items[j];
			struct regime again;

			assert_int_equal(regime_parse_body(regime->body, &again), ERR_OK);
			assert_string_equal(again.body, regime->body);
			assert_int_equal(again.class, regime->class);
			assert_int_equal(again.from_day, regime->from_day);
			assert_int_equal(again.clock_count, regime->clock_count);
			assert_memory_equal(again.clocks, regime->clocks, sizeof(again.clocks));
			regime_done(&again);
		}
	}
	law_free(law);
}

/* The words of the clocks' enums are words of each other. */
static void test_words(void **state)
{
	enum legal_class class;
	enum regime_moment moment;

	(void)state;
	for (int i = 0; i < LEGAL_CLASS_COUNT; i++) {
		assert_int_equal(legal_class_of(legal_class_text((enum legal_class)i), &class), 0);
		assert_int_equal(class, i);
	}
	for (int i = 0; i < REGIME_MOMENTS; i++) {
		assert_int_equal(
			regime_moment_of(regime_moment_text((enum regime_moment)i), &moment), 0);
		assert_int_equal(moment, i);
	}
	for (unsigned i = 0; i < REGIME_ROLES; i++)
		assert_int_equal(regime_role_bit(regime_role_text((enum regime_role)i)), 1u << i);
	assert_int_equal(legal_class_of("crime", &class), ERR_INVALID);
	assert_int_equal(regime_moment_of("", &moment), ERR_INVALID);
	assert_int_equal(regime_role_bit("boss"), 0);
	assert_string_equal(regime_end_text(REGIME_END_HAND), "hand");
}

#define RETENTION \
	"\"retention\":{\"class\":\"c\",\"keep\":\"6 months\",\"sender\":\"1 month\",\"on_request\":true,\"source\":\"s\",\"confirmed\":true}"
#define RECORD(from, more) \
	"{\"from\":\"" from "\",\"source\":\"s\",\"confirmed\":true," RETENTION more "}"
#define FILE_OF(records) "{\"class\":\"khac\",\"name\":\"n\",\"records\":[" records "]}"
#define CLOCK(more) \
	FILE_OF(RECORD("2026-01-01", \
		",\"clocks\":[{\"code\":\"c\",\"name\":\"n\",\"source\":\"s\",\"confirmed\":true," \
		"\"starts\":\"received\",\"ends\":\"hand\"" more "}]"))
#define EXTENSION(more) \
	CLOCK(",\"limit\":\"2 days\",\"extensions\":[{\"code\":\"e\",\"name\":\"n\",\"by\":[\"chief\"]," \
	      "\"counts_from\":\"end\",\"source\":\"s\",\"confirmed\":true" more "}]")

static void test_faults(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{"{\"class\":\"crime\"}", "f: class: \"crime\" is not known; allowed: tiep_nhan"},
		{FILE_OF(""), "f: records: has too many or too few"},
		{FILE_OF(RECORD("2026-01-01", "") "," RECORD("2026-01-01", "")),
			"f: records[1].from: is not after"},
		{FILE_OF(RECORD("2026-01-01", ",\"to\":\"2026-06-30\"") "," RECORD(
			 "2026-06-30", "")),
			"f: records[1].from: lies within"},
		{FILE_OF(RECORD("2026-01-01", ",\"to\":\"2025-06-30\"")),
			"f: records[0].to: is before"},
		{FILE_OF(RECORD("2026-01-01", ",\"told\":\"receipt\"")),
			"f: records[0].told: is no phrase that can be told"},
		{FILE_OF(RECORD("2026-01-01", ",\"clock\":[]")),
			"f: records[0]: unknown key \"clock\", did you mean clocks?"},
		{FILE_OF("{\"from\":\"2026-01-01\",\"source\":\"s\",\"confirmed\":true}"),
			"f: records[0].retention: must be an object"},
		{CLOCK(""), "f: records[0].clocks[0].limit: is missing"},
		{CLOCK(",\"limit\":\"3 weeks\""), "f: records[0].clocks[0].limit: is no term"},
		{CLOCK(",\"limit\":\"3 days\",\"when\":\"often\""),
			"f: records[0].clocks[0].when: \"often\" is not known"},
		{CLOCK(",\"limit\":\"3 days\",\"warn\":[\"at once\"]"),
			"f: records[0].clocks[0].warn: entry 1"},
		{CLOCK(",\"limit\":\"3 days\",\"freeze\":[\"boss\"]"),
			"f: records[0].clocks[0].freeze: entry 1 is no role"},
		{EXTENSION(""), "f: records[0].clocks[0].extensions[0].limit: is missing"},
		{EXTENSION(",\"limit\":\"at once\""), "extensions[0].limit: lengthens nothing"},
		{EXTENSION(",\"limit\":\"1 day\",\"first\":2,\"last\":1"),
			"extensions[0].last: is less"},
		{EXTENSION(",\"limit\":\"1 day\",\"first\":99"), "extensions[0].first: is no such"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct regime_list list = {0};
		struct errbuf eb = {0};

		assert_int_equal(
			regime_parse(cases[i].text, strlen(cases[i].text), "f", &list, &eb),
			ERR_CONFIG);
		assert_int_equal(list.count, 0);
		if (!strstr(eb.text, cases[i].says))
			fail_msg("\"%s\" is not in \"%s\"", cases[i].says, eb.text);
	}
}

static void write_file(const char *dir, const char *name, const char *text, size_t bytes)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, bytes, file), bytes);
	assert_int_equal(fclose(file), 0);
}

static void remove_dir(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char file[512];

		snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
		unlink(file);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

/* The commune's files stand in for those that ship, each for its class. */
static void test_own_files(void **state)
{
	static const char own[] = FILE_OF(RECORD("2020-01-01", ""));
	char dir[] = "/tmp/binhyen-law.XXXXXX", calendar[64];
	struct law_options options = {.calendar_file = "", .regimes_directory = dir};
	struct law *law = NULL;
	struct errbuf eb = {0};

	(void)state;
	assert_non_null(mkdtemp(dir));
	write_file(dir, "ours.json", own, strlen(own));
	write_file(dir, "notes.txt", "x", 1);
	assert_int_equal(law_load(&options, &law, &eb), ERR_OK);
	assert_true(law->is_own[LEGAL_CLASS_OTHER]);
	assert_false(law->is_own[LEGAL_CLASS_CRIME_NEWS]);
	assert_non_null(law_regime(law, LEGAL_CLASS_OTHER, day_of("2020-01-01")));
	assert_non_null(law_regime(law, LEGAL_CLASS_CRIME_NEWS, day_of("2026-01-01")));
	law_free(law);
	law = NULL;
	write_file(dir, "again.json", own, strlen(own));
	assert_int_equal(law_load(&options, &law, &eb), ERR_CONFIG);
	assert_non_null(strstr(eb.text, "another file of the directory has the class khac"));
	write_file(dir, "again.json", "{", 1);
	assert_int_equal(law_load(&options, &law, &eb), ERR_CONFIG);
	assert_non_null(strstr(eb.text, "again.json: line 1"));
	remove_dir(dir);
	assert_int_equal(law_load(&options, &law, &eb), ERR_NOT_FOUND);
	snprintf(calendar, sizeof(calendar), "%s/none.json", dir);
	options = (struct law_options){.calendar_file = calendar, .regimes_directory = ""};
	assert_int_equal(law_load(&options, &law, &eb), ERR_NOT_FOUND);
	assert_non_null(strstr(eb.text, "none.json"));
	assert_null(law);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_deadline_ships),
		cmocka_unit_test(test_extensions_ship),
		cmocka_unit_test(test_record_of_the_day),
		cmocka_unit_test(test_body_reads_again),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_own_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
