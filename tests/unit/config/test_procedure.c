/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/procedure.h"
#include "daemon/base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define GOOD \
	"{\"code\":\"x-1\",\"branch\":\"xe\",\"title\":\"Xe\",\"short\":\"Mang xe den.\"," \
	"\"text\":[\"Một.\",\"Hai.\"],\"asks\":[\"hỏi xe\"],\"basis\":[\"Luật\"]," \
	"\"checked\":\"2026-01-01\",\"expires\":\"2026-12-31\",\"confirmed\":true}"

static enum err parse(const char *text, struct procedure *p, struct errbuf *eb)
{
	return procedure_parse(text, strlen(text), "x.json", p, eb);
}

static void test_an_entry_is_read(void **state)
{
	struct procedure *p = calloc(1, sizeof(*p));

	(void)state;
	assert_non_null(p);
	assert_int_equal(parse(GOOD, p, NULL), ERR_OK);
	assert_string_equal(p->code, "x-1");
	assert_int_equal(p->branch, PROCEDURE_VEHICLE);
	assert_string_equal(p->text, "Một.\nHai.");
	assert_int_equal(p->ask_count, 1);
	assert_int_equal(p->basis_count, 1);
	assert_int_equal(p->expires_day - p->checked_day, 364);
	assert_true(p->is_confirmed);
	free(p);
}

/* What is wrong is said with the file and the place. */
static void test_faults_are_told(void **state)
{
	static const struct {
		const char *from, *to, *said;
	} faults[] = {
		{"\"x-1\"", "\"X 1\"", "code"},
		{"\"xe\"", "\"xx\"", "branch"},
		{"Mang xe den.", "Mang xe đến.", "short"},
		{"Mang xe den.", "Mang xe [den].", "short"},
		{"Mang xe den.", "Mang", "short"},
		{"Mang xe den.", "Xem https://x", "link"},
		{"Mang xe den.", "Xem dichvucong.gov.vn de biet", "link"},
		{"Mang xe den.", "Xem 1.vn de biet", "link"},
		{"[\"Một.\",\"Hai.\"]", "[]", "text"},
		{"[\"Một.\",\"Hai.\"]", "[\"\"]", "text"},
		{"[\"Một.\",\"Hai.\"]", "[\"a\\nb\"]", "text"},
		{"[\"hỏi xe\"]", "[1]", "asks"},
		{"[\"Luật\"]", "\"Luật\"", "basis"},
		{"2026-12-31", "2025-12-31", "expires"},
		{"2026-12-31", "31/12/2026", "expires"},
		{"true", "1", "confirmed"},
		{"\"title\"", "\"titel\"", "titel"},
	};
	struct procedure *p = calloc(1, sizeof(*p));

	(void)state;
	assert_non_null(p);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		const char *at = strstr(GOOD, faults[i].from);
		struct errbuf eb = {0};
		char text[1024];

		assert_non_null(at);
		snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - GOOD), GOOD, faults[i].to,
			at + strlen(faults[i].from));
		if (!parse(text, p, &eb))
			fail_msg("accepted: %s", text);
		if (!strstr(eb.text, "x.json") || !strstr(eb.text, faults[i].said))
			fail_msg("\"%s\" does not tell of %s", eb.text, faults[i].said);
	}
	free(p);
}

static void spill(const char *folder, const char *name, const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void drop(const char *folder, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	unlink(path);
}

static void test_the_commune_has_its_own(void **state)
{
	char folder[] = "/tmp/binhyen-test-procedure-XXXXXX", own[1024];
	struct procedures *all = NULL;
	struct errbuf eb = {0};
	size_t shipped;

	(void)state;
	assert_int_equal(procedures_load("", &all, NULL), ERR_OK);
	shipped = all->count;
	assert_true(shipped >= 30);
	procedures_free(all);

	assert_non_null(mkdtemp(folder));
	spill(folder, "new.json", GOOD);
	snprintf(own, sizeof(own), "%.*scc-cap-lai%s", (int)(strstr(GOOD, "x-1") - GOOD), GOOD,
		strstr(GOOD, "x-1") + 3);
	spill(folder, "other.json", own);
	spill(folder, "notes.txt", "no entry");
	if (procedures_load(folder, &all, &eb))
		fail_msg("%s", eb.text);
	assert_int_equal(all->count, shipped + 1);
	assert_true(procedures_find(all, "x-1")->is_own);
	assert_string_equal(procedures_find(all, "cc-cap-lai")->title, "Xe");
	assert_false(procedures_find(all, "cc-cap-moi")->is_own);
	assert_null(procedures_find(all, "nothing"));
	procedures_free(all);

	spill(folder, "twin.json", GOOD);
	assert_int_equal(procedures_load(folder, &all, &eb), ERR_CONFIG);
	assert_non_null(strstr(eb.text, "x-1"));
	drop(folder, "new.json");
	drop(folder, "other.json");
	drop(folder, "twin.json");
	drop(folder, "notes.txt");
	rmdir(folder);
	assert_int_not_equal(procedures_load(folder, &all, &eb), ERR_OK);
}

/* Nobody has confirmed them yet, and none holds for ever. */
static void test_what_ships_is_not_confirmed(void **state)
{
	struct procedures *all = NULL;

	(void)state;
	assert_int_equal(procedures_load("", &all, NULL), ERR_OK);
	for (size_t i = 0; i < all->count; i++) {
		const struct procedure *p = &all->items[i];

		assert_false(p->is_confirmed);
		assert_true(p->basis_count > 0);
		assert_true(p->expires_day - p->checked_day <= 366);
		assert_null(strstr(p->short_text, "http"));
	}
	procedures_free(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_entry_is_read),
		cmocka_unit_test(test_faults_are_told),
		cmocka_unit_test(test_the_commune_has_its_own),
		cmocka_unit_test(test_what_ships_is_not_confirmed),
	};

	return cmocka_run_group_tests_name("procedure", tests, NULL, NULL);
}
