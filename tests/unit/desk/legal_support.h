/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A desk with the law that ships, and days to move about in. */
#ifndef BINHYEN_TESTS_UNIT_DESK_LEGAL_SUPPORT_H
#define BINHYEN_TESTS_UNIT_DESK_LEGAL_SUPPORT_H

#include "daemon/base/clock_trust.h"
#include "daemon/base/date.h"
#include "daemon/base/str.h"
#include "daemon/desk/legal.h"
#include "store/legal_time.h"
#include "tests/unit/desk/support.h"

struct legal_fixture {
	struct desk_fixture d;
	struct law *law;
	struct clock_trust trust;
	bool is_remote, has_modem;
};

static bool legal_is_ntp;

static inline bool legal_ntp(void)
{
	return legal_is_ntp;
}

/* A start of the daemon over the same file. */
static inline void legal_open(struct legal_fixture *f)
{
	static const char *const phones[] = {DUTY_PHONE};
	struct errbuf eb = {0};

	assert_ok(law_load(
		&(struct law_options){
			.calendar_file = "", .regimes_directory = "", .is_remote = f->is_remote},
		&f->law, &eb));
	assert_ok(desk_new(&(struct desk_options){.store = f->d.s.store,
				   .has_modem = f->has_modem,
				   .duty_phones = phones,
				   .duty_phone_count = 1,
				   .law = f->law,
				   .trust = &f->trust,
				   .is_ntp = legal_ntp},
		&f->d.desk));
}

static inline void legal_close(struct legal_fixture *f)
{
	desk_free(f->d.desk);
	law_free(f->law);
	f->law = NULL;
}

/* "2026-11-20 10:00" in Vietnam. */
static inline int64_t at(const char *text)
{
	char date[DATE_BYTES];
	int64_t day = 0;

	snprintf(date, sizeof(date), "%.10s", text);
	assert_ok(date_parse(date, &day));
	return day * DAY_MS - 7 * HOUR_MS + ((text[11] - '0') * 10 + text[12] - '0') * HOUR_MS +
	       ((text[14] - '0') * 10 + text[15] - '0') * MINUTE_MS;
}

static inline void legal_begin(struct legal_fixture *f, const char *now)
{
	*f = (struct legal_fixture){.has_modem = true};
	store_fixture_init(&f->d.s);
	f->d.s.clock.wall = at(now);
	legal_is_ntp = true;
	legal_open(f);
}

static inline void legal_end(struct legal_fixture *f)
{
	legal_close(f);
	store_fixture_done(&f->d.s);
}

/* Time runs to that moment; nothing is looked at meanwhile. */
static inline void pass_to(struct legal_fixture *f, const char *now)
{
	assert_true(at(now) >= f->d.s.clock.wall);
	clock_virtual_advance(&f->d.s.clock, at(now) - f->d.s.clock.wall);
}

static inline void tick(struct legal_fixture *f)
{
	int64_t next_ms = 0;

	assert_ok(desk_legal_tick(f->d.desk, &next_ms));
	end_turn(&f->d.s);
}

static inline struct report receive(struct legal_fixture *f)
{
	struct report report;
	struct party party;

	assert_ok(party_get(f->d.s.store, PARTY_PHONE, RESIDENT, &party));
	assert_ok(desk_report_open(f->d.desk,
		&(struct report_new){.party_id = party.id,
			.source = "modem",
			.received_ms = clock_wall_ms(&f->d.s.clock.clock),
			.text = "mất trộm xe"},
		&report));
	end_turn(&f->d.s);
	return report;
}

static inline enum err try_classify(
	struct legal_fixture *f, int64_t id, const char *class, bool is_urgent, const char *reason)
{
	struct errbuf eb = {0};
	enum err err = desk_classify(f->d.desk, id,
		&(struct desk_classify){.class = class,
			.is_urgent = is_urgent,
			.reason = reason,
			.tells = true,
			.actor = "officer:uid1000"},
		&eb);

	if (err)
		assert_true(eb.text[0]);
	end_turn(&f->d.s);
	return err;
}

static inline void classify(struct legal_fixture *f, int64_t id, const char *class)
{
	assert_ok(try_classify(f, id, class, false, ""));
}

struct found_clock {
	const char *code;
	struct report_clock clock;
	int count;
};

static inline void find_clock_of(void *arg, const struct report_clock *clock)
{
	struct found_clock *found = arg;

	if (str_eq(found->code, clock->code)) {
		found->clock = *clock;
		found->count++;
	}
}

/* The newest of that code. */
static inline struct report_clock clock_of(struct legal_fixture *f, int64_t id, const char *code)
{
	struct found_clock found = {.code = code};

	assert_ok(report_clock_of(f->d.s.store, id, find_clock_of, &found));
	if (!found.count)
		fail_msg("there is no clock %s", code);
	return found.clock;
}

static inline int count_of(struct legal_fixture *f, int64_t id, const char *code)
{
	struct found_clock found = {.code = code};

	assert_ok(report_clock_of(f->d.s.store, id, find_clock_of, &found));
	return found.count;
}

static inline void expect_due(
	struct legal_fixture *f, int64_t id, const char *code, const char *due)
{
	struct report_clock clock = clock_of(f, id, code);
	char text[CLOCK_TEXT_BYTES];

	clock_format(clock.due_ms, text);
	if (strncmp(text, due, 10) != 0 || strncmp(text + 11, due + 11, 5) != 0)
		fail_msg("%s is due %s, not %s", code, text, due);
}

#define assert_state(f, id, code, expected) \
	assert_string_equal(clock_state_text(clock_of(f, id, code).state), expected)

/* Messages to the duty phone about clocks. */
static inline int told(struct legal_fixture *f)
{
	struct outbox_listing l = list_outbox(&f->d.s);
	int count = 0;

	for (int i = 0; i < l.count; i++)
		count += l.rows[i].kind == OUTBOX_KIND_ALARM &&
			 outbox_says(&f->d.s, l.rows[i].id, "viec qua han");
	return count;
}

static inline bool told_says(struct legal_fixture *f, const char *words)
{
	struct outbox_listing l = list_outbox(&f->d.s);

	for (int i = l.count - 1; i >= 0; i--) {
		if (l.rows[i].kind == OUTBOX_KIND_ALARM &&
			outbox_says(&f->d.s, l.rows[i].id, "viec qua han"))
			return outbox_says(&f->d.s, l.rows[i].id, words);
	}
	return false;
}

#endif
