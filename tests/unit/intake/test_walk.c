/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Random walkers through every menu: no screen is too long, each can be left, and whoever goes back
 * often enough is at the beginning. */
#include "config/menu.h"
#include "config/procedure.h"
#include "daemon/base/str.h"
#include "daemon/desk/place.h"
#include "daemon/intake/intake.h"
#include "daemon/intake/menu_act.h"
#include "daemon/intake/menu_screen.h"
#include "daemon/intake/ussd.h"
#include "gateway/sms_text.h"
#include "store/service_tally.h"
#include "tests/unit/intake/script_registry.h"

#define WALKS	   40
#define PAGES_MAX  5
#define STEPS	   30
#define BACKS_MAX  24 /* pages, steps and menus that one can be deep */
#define FIRST_LINE "Cong an xa. Tra loi bang so:"

struct town {
	struct store_fixture s;
	struct procedures *procedures;
	struct menus *menus;
	struct desk *desk;
	struct intake *intake;
	uint32_t random;
	char phone[24], session[24], typed[1024];
	int sessions;
};

static unsigned draw(struct town *t, unsigned below)
{
	t->random = t->random * 1664525U + 1013904223U;
	return (t->random >> 8) % below;
}

static void open_town(struct town *t)
{
	struct errbuf eb = {0};
	struct place place;
	char code[24], name[48];

	store_fixture_init(&t->s);
	assert_ok(procedures_load("", &t->procedures, &eb));
	assert_ok(menus_load("", menu_act_names(), &t->menus, &eb));
	assert_ok(
		desk_new(&(struct desk_options){.store = t->s.store, .has_modem = true}, &t->desk));
	assert_ok(intake_new(&(struct intake_options){.store = t->s.store,
				     .desk = t->desk,
				     .procedures = t->procedures,
				     .menus = t->menus,
				     .menu_phone = "0200 000 000 - 0200 0"},
		&t->intake));
	for (int i = 1; i <= 17; i++) {
		snprintf(code, sizeof(code), "thon-%d", i);
		snprintf(name, sizeof(name), "Thôn %d%s", i,
			i % 3 ? "" : " Khu Tái Định Cư Đồng Bằng");
		assert_ok(
			desk_place_put(t->desk, &(struct desk_place_new){code, name, "hamlet", ""},
				"officer:uid0", &place, &eb));
	}
	end_turn(&t->s);
}

static void close_town(struct town *t)
{
	intake_free(t->intake);
	desk_free(t->desk);
	menus_free(t->menus);
	procedures_free(t->procedures);
	store_fixture_done(&t->s);
}

static const char *act_of(int walker)
{
	const char *const *names = menu_act_names();
	int count = 0;

	while (names[count])
		count++;
	return names[walker % count];
}

/* One of each length: every second walker is asked, and who goes there first. */
static void open_polls(struct town *t)
{
	static const char *const polls[] = {
		"phone 48 Lắp camera ở cổng làng? / Đồng ý / Không đồng ý",
		"household 48 Xã dự kiến đặt đèn chiếu sáng công cộng, bà con muốn đặt ở đoạn đường nào"
		" trước tiên trong năm nay, và có góp công không? / Đường liên thôn 1 và thôn 2 qua cầu"
		" treo mới / Đường vào trường học / Đường ra đồng / Ngõ nhà văn hóa / Cổng chợ / Bến đò"
		" / Khu tái định cư / Ý kiến khác"};
	char line[1024];

	for (int walker = 1; walker <= WALKS; walker++) {
		if (walker % 2 == 0 && !str_eq(act_of(walker), "poll"))
			continue;
		snprintf(line, sizeof(line), "resident +8490000%04d thon-1 ho-%d Nguyễn Văn A",
			walker, walker / 4);
		assert_true(registry_line(t->desk, &t->s, line));
	}
	for (size_t i = 0; i < ARRAY_LEN(polls); i++) {
		snprintf(line, sizeof(line), "poll %s", polls[i]);
		assert_true(registry_line(t->desk, &t->s, line));
	}
}

/* Types, or dials with NULL; what is shown goes to `screen`. */
static bool step(struct town *t, const char *input, struct buf *screen)
{
	size_t len = strlen(t->typed);
	bool is_end = false;

	if (input)
		snprintf(t->typed + len, sizeof(t->typed) - len, "%s%s", len ? "*" : "", input);
	buf_reset(screen);
	clock_virtual_advance(&t->s.clock, SECOND_MS);
	assert_ok(intake_ussd(t->intake,
		&(struct ussd_call){.session = t->session, .phone = t->phone, .text = t->typed},
		screen, &is_end));
	end_turn(&t->s);
	if (menu_letters(buf_text(screen)) > MENU_SCREEN_MAX)
		fail_msg("\"%s\": the screen is too long:\n%s", t->typed, buf_text(screen));
	if (!is_end && !strstr(buf_text(screen), "\n0 ") && !strstr(buf_text(screen), " 0 "))
		fail_msg("\"%s\": there is no way back:\n%s", t->typed, buf_text(screen));
	assert_true(screen->len > 0);
	return is_end;
}

static bool dial(struct town *t, struct buf *screen)
{
	snprintf(t->session, sizeof(t->session), "s%d", ++t->sessions);
	t->typed[0] = 0;
	return step(t, NULL, screen);
}

static const char *some_input(struct town *t)
{
	static const char *const inputs[] = {"1", "2", "3", "4", "5", "1", "2", "3", "9", "9", "9",
		"0", "00", "6", "#", "mat can cuoc", "loa keo hat qua nua dem o cuoi xom"};

	return inputs[draw(t, ARRAY_LEN(inputs))];
}

/* From wherever he is. */
static void go_back(struct town *t, struct buf *screen)
{
	for (int i = 0; i < BACKS_MAX; i++) {
		if (str_starts(buf_text(screen), FIRST_LINE))
			return;
		if (step(t, "0", screen))
			return; /* out of an offer */
	}
	fail_msg("\"%s\": there is no way back to the beginning:\n%s", t->typed, buf_text(screen));
}

/* The digit before these words on the screen, or on a page behind it. */
static bool choose(struct town *t, const char *label, struct buf *screen)
{
	char cut[MENU_LABEL_BYTES], line[2 * MENU_LABEL_BYTES], digit[2] = "1";
	CLEAN_BUF plain = {0};

	buf_init(&plain, MENU_LABEL_BYTES);
	menu_label_cut(label, cut);
	assert_ok(sms_text_unaccent(cut, &plain));
	for (int page = 0; page < PAGES_MAX; page++) {
		for (digit[0] = '1'; digit[0] <= '9'; digit[0]++) {
			snprintf(line, sizeof(line), "\n%s %s", digit, buf_text(&plain));
			if (strstr(buf_text(screen), line))
				return step(t, digit, screen);
		}
		if (step(t, "9", screen))
			break;
	}
	fail_msg("there is no \"%s\" on any page", label);
	return false;
}

/* From the first screen to a menu. */
static void go_to_menu(struct town *t, const char *code, struct buf *screen)
{
	for (size_t m = 0; !str_eq(code, MENU_START) && m < t->menus->count; m++) {
		const struct menu *menu = &t->menus->items[m];

		for (int i = 0; i < menu->item_count; i++) {
			if (!str_eq(menu->items[i].go, code))
				continue;
			go_to_menu(t, menu->code, screen);
			(void)choose(t, menu->items[i].label, screen);
			return;
		}
	}
}

/* From the first screen to an act, by the menus on the way; chance seldom leads to a last page. */
static bool go_to(struct town *t, const char *act, struct buf *screen)
{
	for (size_t m = 0; m < t->menus->count; m++) {
		const struct menu *menu = &t->menus->items[m];

		for (int i = 0; i < menu->item_count; i++) {
			if (!str_eq(menu->items[i].act, act))
				continue;
			go_to_menu(t, menu->code, screen);
			return choose(t, menu->items[i].label, screen);
		}
	}
	fail_msg("no menu has the act \"%s\"", act);
	return false;
}

static void walk(struct town *t, int walker)
{
	CLEAN_BUF screen = {0};
	bool is_end;

	buf_init(&screen, 4096);
	snprintf(t->phone, sizeof(t->phone), "+8490000%04d", walker);
	is_end = dial(t, &screen) || go_to(t, act_of(walker), &screen);
	for (int i = 0; i < STEPS; i++) {
		if (is_end || strlen(t->typed) > 700) {
			is_end = dial(t, &screen);
			continue;
		}
		is_end = step(t, some_input(t), &screen);
		if (!is_end && draw(t, 8) == 0) {
			go_back(t, &screen);
			is_end = dial(t, &screen);
		}
	}
}

struct asked {
	const char *act;
	int64_t count;
};

static void count_asked(
	void *arg, const char *door, const char *what, const char *outcome, int64_t count)
{
	struct asked *asked = arg;

	if (str_eq(door, "ussd") && str_eq(what, asked->act) && str_eq(outcome, "asked"))
		asked->count += count;
}

/* The first act that nobody came to; NULL all were. */
static const char *find_unasked(struct town *t)
{
	for (const char *const *name = menu_act_names(); *name; name++) {
		struct asked asked = {.act = *name};

		assert_ok(service_tally_since(t->s.store, 0, count_asked, &asked));
		if (!asked.count)
			return *name;
	}
	return NULL;
}

/* A new act is walked as soon as it is in the table; one that no menu leads to is found, too. */
static void test_walkers(void **state)
{
	struct town t = {.random = 20261122};
	struct errbuf eb = {0};
	int64_t answered, unclear;
	const char *unasked;

	(void)state;
	open_town(&t);
	open_polls(&t);
	for (int walker = 1; walker <= WALKS; walker++) {
		walk(&t, walker);
		if (walker == 3 * WALKS / 4)
			assert_ok(desk_poll_close(t.desk, POLL_NUMBER_FIRST, &script_officer, &eb));
	}
	assert_ok(poll_turnout(t.s.store, POLL_NUMBER_FIRST, &answered, &unclear));
	assert_true(answered > 0);
	unasked = find_unasked(&t);
	if (unasked)
		fail_msg("no walker came to the act \"%s\"", unasked);
	close_town(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_walkers)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
