/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/menu.h"
#include "daemon/intake/menu_act.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define GOOD \
	"{\"code\":\"x-1\",\"title\":\"Chọn số:\",\"keywords\":[\"chon so\"]," \
	"\"items\":[{\"label\":\"Về đầu\",\"go\":\"y-2\"}," \
	"{\"label\":\"Cháy\",\"act\":\"report\",\"set\":{\"category\":\"fire\"}}]}"

static enum err parse(const char *text, struct menu *menu, struct errbuf *eb)
{
	return menu_parse(text, strlen(text), "x.json", menu, eb);
}

static void test_a_menu_is_read(void **state)
{
	struct menu *menu = calloc(1, sizeof(*menu));

	(void)state;
	assert_non_null(menu);
	assert_int_equal(parse(GOOD, menu, NULL), ERR_OK);
	assert_string_equal(menu->code, "x-1");
	assert_int_equal(menu->keyword_count, 1);
	assert_int_equal(menu->item_count, 2);
	assert_string_equal(menu->items[0].go, "y-2");
	assert_string_equal(menu->items[0].act, "");
	assert_string_equal(menu->items[1].act, "report");
	assert_int_equal(menu->items[1].set_count, 1);
	assert_string_equal(menu->items[1].set[0].key, "category");
	assert_string_equal(menu->items[1].set[0].value, "fire");
	free(menu);
}

static void test_faults_are_told(void **state)
{
	static const struct {
		const char *from, *to, *said;
	} faults[] = {
		{"\"x-1\"", "\"X 1\"", "code"},
		{"\"title\"", "\"titel\"", "titel"},
		{"\"Chọn số:\"", "\"\"", "title"},
		{"[\"chon so\"]", "[\"chọn số\"]", "keywords"},
		{"[\"chon so\"]", "[\"1 2\"]", "keywords"},
		{"[\"chon so\"]", "[\"c\"]", "keywords"},
		{"[\"chon so\"]", "[\" chon\"]", "keywords"},
		{"[\"chon so\"]", "[7]", "keywords"},
		{"\"go\":\"y-2\"", "\"go\":\"y-2\",\"act\":\"report\"", "items[0]"},
		{"\"go\":\"y-2\"", "\"go\":\"y 2\"", "items[0].go"},
		{",\"go\":\"y-2\"", "", "items[0]"},
		{"\"go\":\"y-2\"", "\"go\":\"y-2\",\"set\":{}", "items[0].set"},
		{"{\"category\":\"fire\"}", "{\"category\":\"Fire!\"}", "items[1].set"},
		{"{\"category\":\"fire\"}", "{\"category\":1}", "items[1].set"},
		{"{\"category\":\"fire\"}", "{\"a\":\"1\",\"b\":\"1\",\"c\":\"1\",\"d\":\"1\"}",
			"items[1].set"},
	};
	struct menu *menu = calloc(1, sizeof(*menu));

	(void)state;
	assert_non_null(menu);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		const char *at = strstr(GOOD, faults[i].from);
		struct errbuf eb = {0};
		char text[1024];

		assert_non_null(at);
		snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - GOOD), GOOD, faults[i].to,
			at + strlen(faults[i].from));
		if (!parse(text, menu, &eb))
			fail_msg("accepted: %s", text);
		if (!strstr(eb.text, "x.json") || !strstr(eb.text, faults[i].said))
			fail_msg("\"%s\" does not tell of %s", eb.text, faults[i].said);
	}
	free(menu);
}

/* What ships, with `files` in its place and beside it. */
static enum err load(const char *const files[], struct errbuf *eb)
{
	char folder[] = "/tmp/binhyen-test-menu-XXXXXX", path[128];
	struct menus *all = NULL;
	enum err err;
	size_t count;

	assert_non_null(mkdtemp(folder));
	for (count = 0; files[count]; count++) {
		FILE *file;

		snprintf(path, sizeof(path), "%s/%zu.json", folder, count);
		file = fopen(path, "w");
		assert_non_null(file);
		fputs(files[count], file);
		fclose(file);
	}
	err = menus_load(folder, menu_act_names(), &all, eb);
	if (!err)
		menus_free(all);
	while (count-- > 0) {
		snprintf(path, sizeof(path), "%s/%zu.json", folder, count);
		unlink(path);
	}
	rmdir(folder);
	return err;
}

#define MENU(code, keyword, item) \
	"{\"code\":\"" code "\",\"title\":\"Chọn số:\",\"keywords\":[\"" keyword "\"]," \
	"\"items\":[{\"label\":\"Tiếp\"," item "}]}"

/* Nobody gets stuck in menus, or goes round in them. */
static void test_ways_that_lead_nowhere_are_told(void **state)
{
	static const struct {
		const char *files[5];
		const char *said;
	} faults[] = {
		{{MENU("bat-dau", "dau", "\"go\":\"khong-co\"")}, "no menu \"khong-co\""},
		{{MENU("bat-dau", "dau", "\"act\":\"dance\"")}, "\"dance\" is not known"},
		{{MENU("bat-dau", "dau", "\"go\":\"bat-dau\"")}, "deeper"},
		{{MENU("bat-dau", "dau", "\"go\":\"hai\""), MENU("hai", "xh", "\"go\":\"ba\""),
			 MENU("ba", "xb", "\"go\":\"bon\""),
			 MENU("bon", "xn", "\"act\":\"report\"")},
			"deeper"},
		{{MENU("bat-dau", "dau", "\"act\":\"report\""),
			 MENU("hai", "dau", "\"act\":\"report\"")},
			"\"dau\" opens"},
		{{MENU("hai", "xh", "\"act\":\"report\""), MENU("hai", "xk", "\"act\":\"report\"")},
			"another file has the code hai too; give each menu its own"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct errbuf eb = {0};

		if (!load(faults[i].files, &eb))
			fail_msg("%zu is accepted", i);
		if (!strstr(eb.text, faults[i].said))
			fail_msg("%zu: \"%s\" does not tell of %s", i, eb.text, faults[i].said);
	}
}

static void test_there_is_an_end_to_menus(void **state)
{
	const char *files[MENUS_MAX + 2] = {0};
	char texts[MENUS_MAX + 1][256];
	struct errbuf eb = {0};

	(void)state;
	for (int i = 0; i <= MENUS_MAX; i++) {
		snprintf(texts[i], sizeof(texts[i]),
			MENU("x-%d", "tu khoa %d", "\"act\":\"report\""), i, i);
		files[i] = texts[i];
	}
	assert_int_equal(load(files, &eb), ERR_TOO_BIG);
	assert_non_null(strstr(eb.text, "menus already"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_menu_is_read),
		cmocka_unit_test(test_faults_are_told),
		cmocka_unit_test(test_ways_that_lead_nowhere_are_told),
		cmocka_unit_test(test_there_is_an_end_to_menus),
	};

	return cmocka_run_group_tests_name("menu_file", tests, NULL, NULL);
}
