/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plays the conversations of scripts/ (README.md there) against the real intake, desk and store. */
#include "config/menu.h"
#include "config/procedure.h"
#include "daemon/base/str.h"
#include "daemon/desk/place.h"
#include "daemon/intake/intake.h"
#include "daemon/intake/menu_act.h"
#include "daemon/intake/menu_screen.h"
#include "daemon/intake/ussd.h"
#include "gateway/sms_text.h"
#include "store/menu_session.h"
#include "store/service_tally.h"
#include "tests/unit/intake/script_registry.h"

#include <ctype.h>
#include <stdlib.h>

#define SCRIPTS_MIN 80
#define LINE_MAX_B  4096
#define DUTY	    "+84900009001"

struct town {
	struct store_fixture s;
	struct desk *desk;
	struct intake *intake;
	struct procedures *procedures;
	struct menus *menus;
};

struct play {
	struct town town;
	const char *name; /* of the script */
	int line;
	enum service_door door;
	char address[64];
	int64_t seen; /* row of the outbox */
	int next_id;
	char session[32]; /* of USSD, */
	char typed[1024]; /* and all that was typed in it */
	bool is_waiting;  /* what he got is not compared yet */
	struct buf got, expected;
};

#define die(p, ...) \
	do { \
		print_error("%s:%d: ", (p)->name, (p)->line); \
		print_error(__VA_ARGS__); \
		print_error("\n"); \
		fail(); \
	} while (0)

/* ---- the town ------------------------------------------------------------------------------ */

static void open_desk(struct town *t)
{
	static const char *const phones[] = {DUTY};

	assert_ok(desk_new(&(struct desk_options){.store = t->s.store,
				   .has_modem = true,
				   .has_zalo = true,
				   .dialogue_minutes = 30,
				   .duty_phones = phones,
				   .duty_phone_count = 1},
		&t->desk));
	assert_ok(intake_new(&(struct intake_options){.store = t->s.store,
				     .desk = t->desk,
				     .procedures = t->procedures,
				     .menus = t->menus,
				     .menu_phone = "0200 000 000"},
		&t->intake));
}

static void open_town(struct town *t)
{
	static const struct desk_place_new places[] = {{"thon-1", "Thôn 1", "hamlet", ""},
		{"thon-2", "Thôn 2", "hamlet", ""}, {"thon-10", "Thôn 10", "hamlet", ""},
		{"dong-bac", "Bản Đông Bắc", "hamlet", ""},
		{"khu-pho", "Khu phố Chợ Mới, Trung Tâm xã", "hamlet", ""},
		{"na-lung", "Bản Nà Lũng", "hamlet", ""}, {"truong", "Trường học", "school", ""}};
	struct errbuf eb = {0};
	struct place place;

	store_fixture_init(&t->s);
	assert_ok(procedures_load("", &t->procedures, &eb));
	assert_ok(menus_load("", menu_act_names(), &t->menus, &eb));
	assert_ok(menu_screens_check(t->menus, &eb));
	open_desk(t);
	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		assert_ok(desk_place_put(t->desk, &places[i], "officer:uid0", &place, &eb));
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

static void restart(struct town *t)
{
	intake_free(t->intake);
	desk_free(t->desk);
	store_close(t->s.store);
	store_fixture_open(&t->s);
	open_desk(t);
}

/* ---- what he gets -------------------------------------------------------------------------- */

struct mine {
	struct play *play;
	int64_t parties[2];
	int64_t ids[64];
	int count;
};

static void find_mine(void *arg, const struct outbox_row *row)
{
	struct mine *mine = arg;

	if (row->id > mine->play->seen &&
		(row->party_id == mine->parties[0] || row->party_id == mine->parties[1]))
		mine->ids[mine->count++] = row->id;
}

static enum party_kind kind_of(const struct play *p)
{
	return p->door == SERVICE_ZALO ? PARTY_ZALO_USER : PARTY_PHONE;
}

static void add_message(struct play *p, const char *text)
{
	assert_ok(buf_addf(&p->got, "%s%s", p->got.len ? "\n--\n" : "", text));
}

/* The rows that were queued for him, oldest first. */
static void collect(struct play *p)
{
	struct store *store = p->town.s.store;
	struct mine mine = {.play = p};
	struct party party;

	if (!party_find(store, kind_of(p), p->address, &party))
		mine.parties[0] = party.id;
	if (!party_find_anonymous(store, kind_of(p), p->address, &party))
		mine.parties[1] = party.id;
	assert_ok(outbox_list(store, 0, 64, find_mine, &mine));
	while (mine.count-- > 0) {
		CLEAN_BUF text = {0};

		buf_init(&text, OUTBOX_BODY_MAX);
		assert_ok(outbox_text(store, mine.ids[mine.count], &text));
		add_message(p, buf_text(&text));
		p->seen = mine.ids[mine.count];
	}
}

/* The same call comes twice now and then, and must be answered the same. */
static void call(struct play *p)
{
	for (int i = 0; i < 1 + p->next_id % 2; i++) {
		CLEAN_BUF answer = {0};
		CLEAN_BUF line = {0};
		bool is_end = false;

		buf_init(&answer, 4096);
		buf_init(&line, 4096);
		assert_ok(intake_ussd(p->town.intake,
			&(struct ussd_call){
				.session = p->session, .phone = p->address, .text = p->typed},
			&answer, &is_end));
		assert_ok(buf_addf(&line, "%s%s", is_end ? "END " : "", buf_text(&answer)));
		if (menu_letters(buf_text(&answer)) > MENU_SCREEN_MAX)
			die(p, "the screen is too long: %s", buf_text(&answer));
		end_turn(&p->town.s);
		if (i && !str_eq(buf_text(&line), buf_text(&p->got)))
			die(p, "the same call is answered \"%s\"", buf_text(&line));
		if (!i)
			add_message(p, buf_text(&line));
	}
	collect(p);
	p->next_id++;
	p->is_waiting = true;
}

static void dial(struct play *p, const char *name)
{
	assert_true(strlen(name) < sizeof(p->session));
	snprintf(p->session, sizeof(p->session), "%s", name);
	p->typed[0] = 0;
	call(p);
}

static void type(struct play *p, const char *text)
{
	size_t len = strlen(p->typed);

	clock_virtual_advance(&p->town.s.clock, 5 * SECOND_MS);
	snprintf(p->typed + len, sizeof(p->typed) - len, "%s%s", len ? "*" : "", text);
	call(p);
}

static void send(struct play *p, const char *text, const struct sms_concat *concat)
{
	char id[24];

	if (p->door == SERVICE_USSD) {
		type(p, text);
		return;
	}
	snprintf(id, sizeof(id), "m%d", ++p->next_id);
	clock_virtual_advance(&p->town.s.clock, 5 * SECOND_MS);
	assert_ok(intake_accept(p->town.intake,
		&(struct inbound){.channel = p->door == SERVICE_ZALO ? "zalo_user" : "modem",
			.external_id = id,
			.kind = INBOX_KIND_TEXT,
			.from_kind = kind_of(p),
			.from = p->address,
			.text = text,
			.concat = concat ? *concat : (struct sms_concat){0}}));
	end_turn(&p->town.s);
	collect(p);
	p->is_waiting = true;
}

static void send_parts(struct play *p, const char *text)
{
	size_t half = strlen(text) / 2;
	char first[LINE_MAX_B];

	while (((unsigned char)text[half] & 0xc0) == 0x80)
		half++;
	snprintf(first, sizeof(first), "%.*s", (int)half, text);
	send(p, first, &(struct sms_concat){p->next_id & 0xff, 8, 2, 1});
	send(p, text + half, &(struct sms_concat){(p->next_id - 1) & 0xff, 8, 2, 2});
}

/* "..." stands for anything. */
static bool is_like(const char *pattern, const char *text)
{
	const char *dots = strstr(pattern, "...");
	size_t head = dots ? (size_t)(dots - pattern) : strlen(pattern);

	if (strncmp(pattern, text, head) != 0)
		return false;
	if (!dots)
		return !text[head];
	for (text += head;; text++) {
		if (is_like(dots + 3, text))
			return true;
		if (!*text)
			return false;
	}
}

static void compare(struct play *p)
{
	if (p->is_waiting && !is_like(buf_text(&p->expected), buf_text(&p->got)))
		die(p, "he gets\n%s\n\ninstead of\n%s", buf_text(&p->got), buf_text(&p->expected));
	buf_reset(&p->got);
	buf_reset(&p->expected);
	p->is_waiting = false;
}

/* ---- what the box keeps -------------------------------------------------------------------- */

struct counted {
	const char *door, *what, *outcome;
	int64_t count;
};

static void count_row(
	void *arg, const char *door, const char *what, const char *outcome, int64_t count)
{
	struct counted *c = arg;

	if (str_eq(door, c->door) && str_eq(what, c->what) && str_eq(outcome, c->outcome))
		c->count += count;
}

static void check_tally(struct play *p, const char *words)
{
	char door[16], what[32], outcome[16];
	struct counted c = {.door = door, .what = what, .outcome = outcome};
	int wanted;

	if (sscanf(words, "%15s %31s %15s %d", door, what, outcome, &wanted) != 4)
		die(p, "tally needs a door, a word, an outcome and a number");
	assert_ok(service_tally_since(p->town.s.store, 0, count_row, &c));
	if (c.count != wanted)
		die(p, "%s is counted %lld times", words, (long long)c.count);
}

/* Whatever became of something was asked for, at the same door. */
static void check_sums(struct play *p)
{
	static const char *const whats[] = {"procedures", "search", "status", "contact", "dossier",
		"stay", "poll", "report", "emergency", "question", "refusal", "enrolment"};
	static const enum service_outcome ends[] = {SERVICE_ANSWERED, SERVICE_PERSON, SERVICE_LOST};

	for (int door = 0; door < SERVICE_DOORS; door++) {
		for (size_t w = 0; w < ARRAY_LEN(whats); w++) {
			struct counted c = {.door = service_door_text((enum service_door)door),
				.what = whats[w],
				.outcome = service_outcome_text(SERVICE_ASKED)};
			int64_t asked;

			assert_ok(service_tally_since(p->town.s.store, 0, count_row, &c));
			asked = c.count;
			c.count = 0;
			for (size_t e = 0; e < ARRAY_LEN(ends); e++) {
				c.outcome = service_outcome_text(ends[e]);
				assert_ok(service_tally_since(p->town.s.store, 0, count_row, &c));
			}
			if (c.count > asked)
				die(p, "%s by %s is asked %lld times and ends %lld times", whats[w],
					c.door, (long long)asked, (long long)c.count);
		}
	}
}

static void first_words(void *arg, const struct report_entry *entry)
{
	struct buf *out = arg;

	assert_ok(buf_addf(out, "%s%s", out->len ? " | " : "", entry->text));
}

static void report_says(struct play *p, const struct report *report, struct buf *out)
{
	const struct key_holder box = {.id = KEY_HOLDER_BOX};

	assert_ok(report_entries(p->town.s.store, &box, report->id, first_words, out));
}

static void report_value(
	struct play *p, const struct report *report, const char *what, struct buf *out)
{
	const char *value = NULL;

	if (str_eq(what, "text")) {
		report_says(p, report, out);
		return;
	}
	if (str_eq(what, "category"))
		value = report->category;
	else if (str_eq(what, "urgency"))
		value = report->urgency;
	else if (str_eq(what, "hamlet"))
		value = report->hamlet;
	else if (str_eq(what, "source"))
		value = report->source;
	else if (str_eq(what, "quiet"))
		value = report->is_quiet ? "yes" : "no";
	else if (str_eq(what, "anonymous"))
		value = report->is_anonymous ? "yes" : "no";
	else
		die(p, "nothing is called %s", what);
	assert_ok(buf_adds(out, value));
}

static void check_draft(struct play *p, const char *wanted)
{
	struct menu_session session = {.has_draft = false};
	struct party party;
	CLEAN_BUF text = {0};

	buf_init(&text, MENU_STATE_MAX);
	assert_ok(party_find(p->town.s.store, kind_of(p), p->address, &party));
	(void)!menu_session_load(p->town.s.store, party.id, &session, &text);
	if (!str_eq(wanted, session.has_draft ? "yes" : "no"))
		die(p, "there is %s draft", session.has_draft ? "a" : "no");
}

static void check(struct play *p, char *words)
{
	char *value = words + strcspn(words, " ");
	int64_t count;
	struct report report;
	CLEAN_BUF is = {0};

	if (*value)
		*value++ = 0;
	buf_init(&is, LINE_MAX_B);
	if (str_eq(words, "restart")) {
		restart(&p->town);
		return;
	}
	if (str_eq(words, "tally")) {
		check_tally(p, value);
		return;
	}
	if (str_eq(words, "draft")) {
		check_draft(p, value);
		return;
	}
	if (str_eq(words, "votes")) {
		votes_are(p->town.s.store, value);
		return;
	}
	assert_ok(report_count(p->town.s.store, NULL, &count));
	if (str_eq(words, "reports")) {
		if (count != atoll(value))
			die(p, "there are %lld reports", (long long)count);
		return;
	}
	if (!count)
		die(p, "there is no report");
	assert_ok(report_load(p->town.s.store, count, &report));
	report_value(p, &report, words, &is);
	if (!is_like(value, buf_text(&is)))
		die(p, "%s is \"%s\"", words, buf_text(&is));
}

/* ---- the script ---------------------------------------------------------------------------- */

static void become(struct play *p, const char *words)
{
	char door[16];

	if (sscanf(words, "%15s %63s", door, p->address) != 2)
		die(p, "needs a door and an address");
	for (int i = 0; i < SERVICE_DOORS; i++) {
		if (str_eq(service_door_text((enum service_door)i), door)) {
			p->door = (enum service_door)i;
			return;
		}
	}
	die(p, "there is no door %s", door);
}

static void wait(struct play *p, const char *words)
{
	char unit[8];
	int64_t next_ms;
	int count;

	if (sscanf(words, "%d %7s", &count, unit) != 2)
		die(p, "needs a number and a unit");
	clock_virtual_advance(&p->town.s.clock, count * (str_eq(unit, "s")	      ? SECOND_MS
								: str_eq(unit, "min") ? MINUTE_MS
										      : HOUR_MS));
	assert_ok(intake_tick(p->town.intake, &next_ms));
	end_turn(&p->town.s);
}

static void expect(struct play *p, const char *words)
{
	assert_ok(buf_addf(&p->expected, "%s%s", p->expected.len ? "\n" : "", words));
}

static void play_line(struct play *p, char *line)
{
	char *words = line + (line[0] && line[1] == ' ' ? 2 : 1);

	if (line[0] == '<') {
		expect(p, words);
		return;
	}
	if (!line[0] || line[0] == '#')
		return;
	compare(p);
	if (strncmp(line, ">> ", 3) == 0)
		send_parts(p, line + 3);
	else if (line[0] == '>')
		send(p, words, NULL);
	else if (line[0] == '*')
		dial(p, words);
	else if (line[0] == '@')
		become(p, words);
	else if (line[0] == '+')
		wait(p, words);
	else if (line[0] == '=')
		check(p, words);
	else if (line[0] == '!' && !registry_line(p->town.desk, &p->town.s, words))
		die(p, "nothing is done as \"%s\"", words);
	else if (line[0] == '!')
		return;
	else
		die(p, "what is \"%s\"?", line);
}

static void play_script(const char *name)
{
	struct play p = {.name = name, .address = "+84900000101"};
	char path[512], line[LINE_MAX_B];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", SCRIPTS, name);
	file = fopen(path, "re");
	assert_non_null(file);
	buf_init(&p.got, 64 * 1024);
	buf_init(&p.expected, 64 * 1024);
	open_town(&p.town);
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = 0;
		p.line++;
		play_line(&p, line);
	}
	compare(&p);
	check_sums(&p);
	assert_int_equal(fclose(file), 0);
	close_town(&p.town);
	buf_done(&p.got);
	buf_done(&p.expected);
}

static int is_script(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && strcmp(dot, ".txt") == 0;
}

static void test_every_script(void **state)
{
	const char *only = getenv("SCRIPT");
	struct dirent **entries;
	int count = scandir(SCRIPTS, &entries, is_script, alphasort);

	(void)state;
	assert_true(count >= SCRIPTS_MIN);
	for (int i = 0; i < count; i++) {
		if (!only || strstr(entries[i]->d_name, only))
			play_script(entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_script)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
