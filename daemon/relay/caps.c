/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/caps.h"

#include "store/sms_use.h"

#include <string.h>

#define WINDOWS 3

struct window {
	int64_t ms;
	int limit; /* 0 = none */
	int used;
	int64_t due_ms; /* 0 = room now */
};

struct count {
	struct window windows[WINDOWS];
	int64_t now_ms;
	int amount;	      /* that wants to go */
	bool counts_messages; /* each row is one */
};

/* Of each window the reserve is kept from all lanes but that of alarms. */
static int limit_of(int cap, int reserve, enum lane lane)
{
	if (!cap || lane == LANE_ALARM)
		return cap;
	return cap - (reserve < cap / 2 ? reserve : cap / 2);
}

static void count_sim(
	struct count *count, const struct caps *caps, enum lane lane, int64_t now_ms, int amount)
{
	const int reserve = caps->alarm_reserve;

	*count = (struct count){
		.windows = {{MINUTE_MS, limit_of(caps->per_minute, reserve, lane), 0, 0},
			{HOUR_MS, limit_of(caps->per_hour, reserve, lane), 0, 0},
			{DAY_MS, limit_of(caps->per_day, reserve, lane), 0, 0}},
		.now_ms = now_ms,
		.amount = amount};
}

static void count_same(struct count *count, const struct caps *caps, int64_t now_ms)
{
	*count = (struct count){
		.windows = {{5 * MINUTE_MS, caps->same_per_5min, 0, 0},
			{HOUR_MS, caps->same_per_hour, 0, 0}, {DAY_MS, caps->same_per_day, 0, 0}},
		.now_ms = now_ms,
		.amount = 1,
		.counts_messages = true};
}

static bool is_limited(const struct count *count)
{
	for (int i = 0; i < WINDOWS; i++) {
		if (count->windows[i].limit)
			return true;
	}
	return false;
}

/* Newest first: the first row with which a window is too full must leave it. */
static bool count_row(void *arg, int64_t at_ms, int segments)
{
	struct count *count = arg;

	for (int i = 0; i < WINDOWS; i++) {
		struct window *w = &count->windows[i];

		if (!w->limit || at_ms <= count->now_ms - w->ms)
			continue;
		w->used += count->counts_messages ? 1 : segments;
		if (!w->due_ms && w->used > w->limit - count->amount)
			w->due_ms = at_ms + w->ms;
	}
	return true;
}

static enum err count_run(
	struct store *store, const char *sim, const uint8_t *content, struct count *count)
{
	if (!is_limited(count))
		return ERR_OK;
	return sms_use_walk(store, sim, content, count->now_ms - SMS_USE_KEEP_MS, count_row, count);
}

static int64_t latest_due(const struct count *count)
{
	int64_t due_ms = 0;

	for (int i = 0; i < WINDOWS; i++) {
		const struct window *w = &count->windows[i];

		if (w->limit && count->amount > w->limit)
			return CAPS_NEVER;
		if (w->due_ms > due_ms)
			due_ms = w->due_ms;
	}
	return due_ms;
}

static int free_percent(const struct count *count)
{
	int least = 100;

	for (int i = 0; i < WINDOWS; i++) {
		const struct window *w = &count->windows[i];
		int left = w->limit > w->used ? w->limit - w->used : 0;

		if (w->limit && left * INT64_C(100) / w->limit < least)
			least = (int)(left * INT64_C(100) / w->limit);
	}
	return least;
}

enum err caps_ask(struct store *store, const struct caps *caps,
	const struct caps_question *question, struct caps_verdict *ret_verdict)
{
	int64_t now_ms = clock_wall_ms(store_clock(store)), sim_due_ms, same_due_ms;
	struct count sim, same;
	enum err err;

	count_sim(&sim, caps, question->lane, now_ms, question->segments);
	count_same(&same, caps, now_ms);
	err = count_run(store, question->sim, NULL, &sim);
	if (!err)
		err = count_run(store, question->sim, question->content, &same);
	if (err)
		return err;
	sim_due_ms = latest_due(&sim);
	same_due_ms = latest_due(&same);
	*ret_verdict = (struct caps_verdict){
		.due_ms = sim_due_ms > same_due_ms ? sim_due_ms : same_due_ms,
		.is_same_content = same_due_ms > 0 && sim_due_ms == 0,
		.free_percent = free_percent(&sim)};
	return ERR_OK;
}

static int left_of(const struct window *w)
{
	if (!w->limit)
		return -1;
	return w->limit > w->used ? w->limit - w->used : 0;
}

enum err caps_left(struct store *store, const struct caps *caps, const char *sim, enum lane lane,
	struct caps_left *ret_left)
{
	struct count count;
	enum err err;

	count_sim(&count, caps, lane, clock_wall_ms(store_clock(store)), 1);
	err = count_run(store, sim, NULL, &count);
	if (!err)
		*ret_left = (struct caps_left){left_of(&count.windows[0]),
			left_of(&count.windows[1]), left_of(&count.windows[2])};
	return err;
}

int64_t caps_until(const struct caps *caps, enum lane lane, int64_t now_ms, int64_t until_ms)
{
	int64_t most = INT64_MAX;
	struct count count;

	count_sim(&count, caps, lane, now_ms, 1);
	for (int i = 0; i < WINDOWS; i++) {
		const struct window *w = &count.windows[i];
		int64_t begun = until_ms > now_ms ? (until_ms - now_ms) / w->ms + 1 : 0;

		if (w->limit && begun * w->limit < most)
			most = begun * w->limit;
	}
	return most;
}

/* What a window of that length lets pass until then when `used` of it is used up now. */
static int64_t windows_pass(const struct window *w, int64_t used, int64_t ms)
{
	return w->limit ? (ms / w->ms + 1) * w->limit - used : INT64_MAX;
}

int64_t caps_messages(const struct caps *caps, enum lane lane, const struct caps_left *left,
	int segments, int64_t ms)
{
	const int lefts[WINDOWS] = {left->minute, left->hour, left->day};
	int64_t most = INT32_MAX, pass;
	struct count sim, same;

	count_sim(&sim, caps, lane, 0, segments);
	count_same(&same, caps, 0);
	for (int i = 0; i < WINDOWS; i++) {
		const struct window *w = &sim.windows[i];

		if (w->limit && segments > w->limit)
			return 0;
		pass = windows_pass(w, w->limit - lefts[i], ms) / segments;
		most = pass < most ? pass : most;
		pass = windows_pass(&same.windows[i], 0, ms);
		most = pass < most ? pass : most;
	}
	return most;
}

void caps_content(
	const struct vault *vault, const char *text, uint8_t ret_content[VAULT_HASH_BYTES])
{
	vault_hash(vault, VAULT_HASH_CONTENT, text, strlen(text), ret_content);
}

/* Steps between two of the same words while the shortest limit is the one that binds. */
static int64_t line_step_ms(const struct caps *caps)
{
	if (caps->same_per_5min)
		return 5 * MINUTE_MS / caps->same_per_5min;
	if (caps->same_per_hour)
		return HOUR_MS / caps->same_per_hour;
	return caps->same_per_day ? DAY_MS / caps->same_per_day : 0;
}

int64_t caps_line_up(
	struct caps_lines *lines, const struct caps *caps, const uint8_t *content, int64_t due_ms)
{
	struct caps_line *line = NULL;

	for (int i = 0; !line && i < CAPS_LINES_MAX; i++) {
		if (memcmp(lines->lines[i].content, content, VAULT_HASH_BYTES) == 0)
			line = &lines->lines[i];
	}
	if (!line) {
		line = &lines->lines[lines->next];
		lines->next = (lines->next + 1) % CAPS_LINES_MAX;
		*line = (struct caps_line){.last_ms = 0};
		memcpy(line->content, content, VAULT_HASH_BYTES);
	}
	/* A place far behind is from before a jump of the clock, or from a line that is gone. */
	if (line->last_ms >= due_ms && line->last_ms < due_ms + DAY_MS)
		due_ms = line->last_ms + line_step_ms(caps);
	line->last_ms = due_ms;
	return due_ms;
}
