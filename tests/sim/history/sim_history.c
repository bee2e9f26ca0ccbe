/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random histories of store + intake + desk + dispatch on a virtual clock, each from one seed:
 * residents write, the network and Zalo misbehave, commits fail, the daemon dies and starts again
 * at any point. Afterwards everything calms down, a month passes, and the books of the world are
 * held against those of the store:
 *
 *   1. what the daemon vouched for ("stored") is in exactly one report, once; equal texts sent
 * twice are there twice, as two reports or as one and more of it
 *   2. no message was taken by a network twice, and none is DELIVERED of which a part never left
 *   3. one recipient got the messages of a lane in the order in which they were queued
 *   4. every row ended in a final state
 *   5. no SIM passed a cap in any window
 *   6. what the network delivered twice is one report, and no part waits for ever for the rest
 *   7. report numbers have no gap, the event chain holds, nothing is in quarantine
 *   8. a jump of the wall clock moves all that waits along: nothing falls due, expires or is put
 * off
 *   9. nothing is sent to the phone of a quiet report about it, and who asked to be hidden is known
 * as nobody else: his report and its messages are of a correspondent of their own, whose address is
 * gone when it is closed
 *
 * usage: sim_history [--seeds N] [--first SEED] [--steps N] [--verbose]
 */
#include "daemon/base/log.h"
#include "daemon/desk/alarm.h"
#include "store/event.h"
#include "store/outbox.h"
#include "store/party.h"
#include "store/report.h"
#include "store/turn.h"
#include "daemon/desk/legal.h"
#include "store/vault.h"
#include "tests/sim/history/world.h"

#include <getopt.h>
#include <string.h>
#include <unistd.h>

static struct law *law; /* that ships */

struct history {
	uint64_t seed;
	struct world world;
	char dir[64], path[128];
	struct vault *vault;
	struct store *store;
	struct desk *desk;
	struct intake *intake;
	struct dispatch *dispatch;
	bool is_due;
	int restarts, aborts, undone, taken;
	struct alarm alarms[WORLD_TEXTS];
	int alarm_count;
	int faults;			     /* invariants found broken */
	int64_t ended[OUTBOX_CANCELLED + 1]; /* rows of the outbox by their last state */
};

#define BROKEN(h, ...) \
	do { \
		fprintf(stderr, "seed %llu: ", (unsigned long long)(h)->seed); \
		fprintf(stderr, __VA_ARGS__); \
		fputc('\n', stderr); \
		(h)->faults++; \
	} while (0)

static void must(struct history *h, enum err err, const char *what)
{
	if (!err)
		return;
	fprintf(stderr, "seed %llu: %s: %s\n", (unsigned long long)h->seed, what, err_name(err));
	abort();
}

/* What binhyend does once a minute. */
static void look_at_clocks(struct history *h)
{
	int64_t next_ms;

	must(h, intake_tick(h->intake, &next_ms), "intake_tick");
	must(h, desk_legal_tick(h->desk, &next_ms), "legal_tick");
}

static void wake(void *arg)
{
	((struct history *)arg)->is_due = true;
}

static void daemon_start(struct history *h)
{
	static const char *const phones[] = {"+84900009001", "+84900009002"};
	struct errbuf eb = {0};
	int64_t in_doubt;
	enum err err = store_open(
		&(struct store_options){
			.path = h->path, .vault = h->vault, .clock = &h->world.clock.clock},
		&h->store, &eb);

	if (err)
		fprintf(stderr, "%s\n", eb.text);
	must(h, err, "store_open");
	must(h,
		desk_new(&(struct desk_options){.store = h->store,
				 .has_modem = true,
				 .has_zalo = true,
				 .duty_group = "4000",
				 .relay_text = true,
				 /* Every third box takes each message for a report. */
				 .dialogue_minutes = h->seed % 3 ? 30 : 0,
				 .duty_phones = phones,
				 .duty_phone_count = 2,
				 .law = law},
			&h->desk),
		"desk");
	must(h,
		intake_new(
			&(struct intake_options){.store = h->store, .desk = h->desk}, &h->intake),
		"intake");
	must(h,
		dispatch_new(
			&(struct dispatch_options){
				.store = h->store, .seed = h->seed, .wake = wake, .wake_arg = h},
			&h->dispatch),
		"dispatch");
	/* As binhyend: the clock is looked at before the first row is moved. */
	must(h, outbox_recover(h->store, &in_doubt), "recover");
	world_connect(&h->world, h->store, h->dispatch);
}

/* The power is cut: what was not committed never was. */
static void daemon_die(struct history *h)
{
	turn_abort(h->store, ERR_IO);
	dispatch_free(h->dispatch);
	intake_free(h->intake);
	desk_free(h->desk);
	store_close(h->store);
}

static enum err tick(void *arg)
{
	struct history *h = arg;
	int64_t next_ms;

	must(h, dispatch_check_clock(h->dispatch), "check_clock");
	must(h, alarm_tick(h->desk, &next_ms), "alarm_tick");
	must(h, dispatch_tick(h->dispatch, &next_ms), "dispatch_tick");
	/* The last thing that it did was refused. */
	if (!h->world.is_calm && rng_below(&h->world.rng, 60) == 0) {
		h->undone++;
		return ERR_NOMEM;
	}
	return ERR_OK;
}

/* The end of a turn as turn_loop.c makes it, now and then with a disk that is full. */
static void end_turn(struct history *h)
{
	struct errbuf eb = {0};
	enum err err;

	h->is_due |= turn_is_open(h->store);
	for (int i = 0; i < 16 && h->is_due; i++) {
		bool was_open = turn_is_open(h->store);

		h->is_due = false;
		err = was_open ? turn_try(h->store, tick, h) : tick(h);
		if (err && !was_open)
			turn_abort(h->store, err);
		h->is_due |= err != ERR_OK;
		if (!h->world.is_calm && rng_below(&h->world.rng, 60) == 0) {
			turn_abort(h->store, ERR_DISK_FULL);
			h->aborts++;
		}
		must(h, turn_end(h->store, &eb), "turn_end");
	}
}

/* Reading the SIM, as relay/modem_receive.c does it. */

struct vouch {
	struct history *h;
	int slot;
};

static void vouch_after_commit(void *arg, enum err committed)
{
	struct vouch *v = arg;
	struct world *w = &v->h->world;
	struct world_slot *slot = &w->slots[v->slot];

	/* The process that would free the slot may die first: then the slot is read again. */
	if (!committed && slot->is_used && (w->is_calm || rng_below(&w->rng, 4))) {
		if (!slot->part.is_again) {
			w->texts[slot->part.text].vouched++;
			w->texts[slot->part.text].taken_ms[slot->part.part] = w->clock.mono;
		}
		slot->is_used = false;
		must(v->h, sim_slot_freed(v->h->store, "sim", "SM", v->slot), "sim_slot_freed");
	}
	free(v);
}

static enum err read_part(struct history *h, int slot_no, const struct world_part *part)
{
	const struct world_text *t = &h->world.texts[part->text];
	uint8_t hash[VAULT_HASH_BYTES];
	char content[128], id[64], number[16];
	struct inbound in = {.channel = "modem",
		.external_id = id,
		.kind = INBOX_KIND_TEXT,
		.from_kind = PARTY_PHONE,
		.from = world_phone(t->phone, number),
		.sent_ms = world_stamp(part->text),
		.sim = "sim",
		.text = t->words[part->part]};
	int64_t generation;
	enum err err;

	/* A twin has its own time stamp, like every message of the real world. */
	snprintf(content, sizeof(content), "%d|%s", part->text, in.text);
	vault_hash(h->vault, VAULT_HASH_CONTENT, content, strlen(content), hash);
	err = sim_slot_take(h->store, "sim", "SM", slot_no, hash, &generation);
	if (err)
		return err;
	snprintf(id, sizeof(id), "sim/SM/%d/%lld", slot_no, (long long)generation);
	if (t->total > 1)
		in.concat = (struct sms_concat){t->ref, t->ref_bits, t->total, part->part + 1};
	h->world.texts[part->text].read_wall_ms[part->part] = h->world.clock.wall;
	return intake_accept(h->intake, &in);
}

static void read_slot(struct history *h, int slot_no)
{
	struct world_slot *slot = &h->world.slots[slot_no];
	struct vouch *v;
	enum err err;

	if (!slot->is_used)
		return;
	must(h, store_savepoint_begin(h->store), "savepoint");
	err = read_part(h, slot_no, &slot->part);
	if (err && err != ERR_EXISTS)
		must(h, err, "read_part");
	must(h, store_savepoint_release(h->store), "release");
	v = calloc(1, sizeof(*v));
	CHECK(v);
	*v = (struct vouch){h, slot_no};
	must(h, turn_defer(h->store, vouch_after_commit, v), "defer");
}

static void answer_some_report(struct history *h)
{
	static const char *const answers[] = {"Đã cử người đến.",
		"Kính mời ông/bà đến trụ sở Công an xã vào tám giờ sáng mai, mang theo căn cước công "
		"dân và giấy tờ nhà đất để bổ sung hồ sơ; nếu vắng mặt xin báo lại cho cán bộ trực "
		"ban biết trước, số điện thoại ghi ở bảng thông báo của thôn."};
	struct desk_answered done;
	int64_t count;
	struct errbuf eb = {0};
	struct report report;

	must(h, report_count(h->store, NULL, &count), "report_count");
	if (!count || report_load(h->store, 1 + rng_below(&h->world.rng, count), &report) != ERR_OK)
		return;
	must(h,
		desk_report_answer(h->desk, report.id, answers[rng_below(&h->world.rng, 2)],
			"officer:sim", &done, &eb),
		"answer");
}

/* An officer answers the newest alarm, if it still rings. */
static void take_some_alarm(struct history *h)
{
	struct party party;
	struct alarm alarm;
	int64_t officer;
	enum err err = alarm_joinable(h->store, false, &alarm);

	/* Mostly one that has left. */
	if (err)
		err = alarm_by_number(
			h->store, ALARM_NUMBER_MIN + (int)rng_below(&h->world.rng, 900), &alarm);
	if (err == ERR_NOT_FOUND)
		err = alarm_due(h->store, INT64_MAX, &alarm);
	if (err == ERR_NOT_FOUND)
		return;
	must(h, err, "alarm");
	must(h, party_get(h->store, PARTY_PHONE, "+84900009001", &party), "party_get");
	if (alarm_page_to(h->store, alarm.id, party.id, &officer))
		return;
	must(h,
		alarm_answered(h->desk, party.id, false,
			&(struct alarm_answer){.number = alarm.number, .note = ""}),
		"alarm_answered");
	h->taken++;
}

/* An officer says what a report is in law, or that it was passed on. What can't be is refused. */
static void decide_some_report(struct history *h)
{
	static const char *const classes[] = {
		"to_giac", "tin_bao", "phan_anh", "noi_dung_to_cao", "hoi_dap", "cu_tru", "khac"};
	struct errbuf eb = {0};
	int64_t count, id;
	enum err err;

	must(h, report_count(h->store, NULL, &count), "report_count");
	if (!count)
		return;
	id = 1 + rng_below(&h->world.rng, count);
	if (rng_below(&h->world.rng, 4) == 0)
		err = desk_report_outcome(h->desk, id,
			&(struct desk_outcome){.kind = "transferred",
				.addressee = "cơ quan điều tra",
				.receipt = "",
				.note = "",
				.tells = true,
				.actor = "officer:sim"},
			&eb);
	else
		err = desk_classify(h->desk, id,
			&(struct desk_classify){
				.class = classes[rng_below(&h->world.rng, ARRAY_LEN(classes))],
				.is_urgent = rng_below(&h->world.rng, 4) == 0,
				.reason = "xem lại",
				.tells = true,
				.actor = "officer:sim"},
			&eb);
	if (err != ERR_STATE && err != ERR_NOT_FOUND)
		must(h, err, "decide");
}

static void count_clock(void *arg, const struct report_clock *clock)
{
	(void)clock;
	++*(int *)arg;
}

/* Everything that is late by the minute was told, and every notice that left was counted. */
static void check_clocks(struct history *h)
{
	struct report_clock clock;
	int64_t now_ms = 0, sent_ms;
	int untold = 0;

	must(h, desk_legal_now(h->desk, &now_ms), "legal_now");
	must(h,
		report_clock_late(
			h->store, now_ms - 2 * DESK_BUNDLE_MS, false, 100, count_clock, &untold),
		"late");
	if (untold)
		BROKEN(h, "%d clocks are late and nobody was told", untold);
	if (report_clock_noticed(h->store, &clock, &sent_ms) != ERR_NOT_FOUND)
		BROKEN(h, "clock %lld waits for a notice that has left", (long long)clock.id);
}

/* What waits, and how long it still has. */
struct waiting {
	int64_t id;
	enum outbox_state state;
	bool is_final;
	int64_t due_ms, deadline_ms, expires_ms;
};
struct snapshot {
	struct history *h;
	struct waiting rows[WORLD_ACCEPTED];
	int count;
};

static void keep_waiting(void *arg, const struct outbox_row *row)
{
	struct snapshot *s = arg;
	int64_t now_ms = s->h->world.clock.wall;

	CHECK(s->count < WORLD_ACCEPTED);
	s->rows[s->count++] = (struct waiting){row->id, row->state, row->is_final,
		row->due_ms - now_ms, row->deadline_ms - now_ms, row->expires_ms - now_ms};
}

static void take_snapshot(struct history *h, struct snapshot *s)
{
	s->h = h;
	s->count = 0;
	must(h, outbox_list(h->store, 0, WORLD_ACCEPTED, keep_waiting, s), "outbox_list");
}

/* As whom else this phone is known; 0 nobody. */
static int64_t same_phone(struct history *h, int64_t party_id)
{
	struct party party, other = {.id = 0};
	CLEAN_BUF address = {0};

	must(h, party_load(h->store, party_id, &party), "party_load");
	buf_init(&address, PARTY_ADDRESS_MAX);
	if (party_address(h->store, party_id, &address))
		return 0;
	if (party.is_anonymous
			? party_find(h->store, party.kind, buf_text(&address), &other)
			: party_find_anonymous(h->store, party.kind, buf_text(&address), &other))
		return 0;
	return other.id;
}

static void see_quiet(void *arg, const struct report *report)
{
	*(bool *)arg |= report->is_quiet;
}

/* Who asks for silence just then is sent nothing of what still waits for him. */
static bool is_silenced(struct history *h, const struct waiting *now)
{
	struct outbox_row row;
	bool is_hushed = false;
	int64_t other_id;

	if (now->state != OUTBOX_CANCELLED)
		return false;
	must(h, outbox_load(h->store, now->id, &row), "outbox_load");
	if (row.lane != LANE_ANSWER)
		return false;
	/* Whenever that was: the clock has jumped in between. */
	must(h, report_of_party(h->store, row.party_id, 1000, see_quiet, &is_hushed), "reports");
	other_id = is_hushed ? 0 : same_phone(h, row.party_id);
	if (other_id)
		must(h, report_of_party(h->store, other_id, 1000, see_quiet, &is_hushed),
			"reports");
	return is_hushed;
}

/* Newest first: rows that came since the first one stand before. */
static void compare_snapshots(
	struct history *h, const struct snapshot *before, const struct snapshot *after)
{
	const struct waiting *now = after->rows + after->count - before->count;

	if (after->count < before->count)
		BROKEN(h, "%d rows are gone after a jump", before->count - after->count);
	for (int i = 0; i < before->count && after->count >= before->count; i++) {
		const struct waiting *a = &before->rows[i], *b = &now[i];

		if (a->id == b->id && is_silenced(h, b))
			continue;
		if (a->id != b->id || a->state != b->state || a->is_final != b->is_final)
			BROKEN(h, "outbox %lld changed by a jump alone", (long long)a->id);
		else if (!a->is_final &&
			 (a->due_ms != b->due_ms || a->deadline_ms != b->deadline_ms ||
				 a->expires_ms != b->expires_ms))
			BROKEN(h, "outbox %lld has another time left after a jump",
				(long long)a->id);
	}
	/* What came with the jump is due, and for as long as ever. */
	for (const struct waiting *b = after->rows; b < now; b++) {
		if (b->due_ms > HOUR_MS || b->expires_ms < HOUR_MS || b->expires_ms > 30 * DAY_MS)
			BROKEN(h, "outbox %lld was moved along with what was older",
				(long long)b->id);
	}
}

/* The clock is set; what notices it first is a look, or a message that comes in; and the turn may
 * well fail. */
static void jump(struct history *h)
{
	static struct snapshot before, after;
	struct world *w = &h->world;

	take_snapshot(h, &before);
	world_jump(w);
	if (rng_below(&w->rng, 2)) {
		world_deliver(w);
		for (int i = 0; i < WORLD_SLOTS; i++)
			read_slot(h, i);
	} else {
		must(h, dispatch_check_clock(h->dispatch), "check_clock");
	}
	if (rng_below(&w->rng, 4) == 0) {
		turn_abort(h->store, ERR_DISK_FULL);
		h->aborts++;
	}
	must(h, dispatch_check_clock(h->dispatch), "check_clock");
	must(h, turn_end(h->store, &(struct errbuf){0}), "turn_end");
	take_snapshot(h, &after);
	compare_snapshots(h, &before, &after);
	wake(h);
}

static void step(struct history *h)
{
	struct world *w = &h->world;

	switch (rng_below(&w->rng, 14)) {
	case 0:
	case 1:
		world_write_text(w);
		break;
	case 2:
	case 3:
		world_deliver(w);
		for (int i = 0; i < WORLD_SLOTS; i++)
			read_slot(h, i);
		break;
	case 4:
		world_report(w, h->store);
		break;
	case 12:
		world_repeat_some(w);
		break;
	case 13:
		if (rng_below(&w->rng, 3) == 0)
			jump(h);
		break;
	case 5:
		if (rng_below(&w->rng, 3) == 0)
			take_some_alarm(h);
		if (rng_below(&w->rng, 3))
			answer_some_report(h);
		else
			decide_some_report(h);
		break;
	case 6:
		world_set_reach(w, (enum channel_kind)rng_below(&w->rng, CHANNEL_KIND_COUNT),
			rng_below(&w->rng, 3) > 0);
		break;
	case 7:
		clock_virtual_advance(&w->clock, rng_below(&w->rng, 20 * MINUTE_MS));
		look_at_clocks(h);
		wake(h);
		break;
	case 8:
		if (rng_below(&w->rng, 5) == 0) {
			daemon_die(h);
			daemon_start(h);
			h->restarts++;
		}
		break;
	default:
		clock_virtual_advance(&w->clock, rng_below(&w->rng, 3 * SECOND_MS));
		wake(h);
	}
	world_answer(w, h->store);
	end_turn(h);
}

/* No more faults; everything that waits gets its chance, then a month passes. */
static void calm_down(struct history *h)
{
	struct world *w = &h->world;

	w->is_calm = true;
	for (int i = 0; i < CHANNEL_KIND_COUNT; i++)
		world_set_reach(w, (enum channel_kind)i, true);
	for (int i = 0; i < 2000; i++) {
		world_deliver(w);
		for (int s = 0; s < WORLD_SLOTS; s++)
			read_slot(h, s);
		clock_virtual_advance(&w->clock, i < 1500 ? 5 * SECOND_MS : 2 * HOUR_MS);
		look_at_clocks(h);
		world_answer(w, h->store);
		world_report(w, h->store);
		wake(h);
		end_turn(h);
	}
}

/* The books. */

struct tally {
	struct history *h;
	int64_t report_id;
	int found[WORLD_TEXTS];	  /* messages of reports that hold the text */
	int is_seen[WORLD_TEXTS]; /* in the report at hand */
	bool is_amended[WORLD_TEXTS];
};

static void count_words(void *arg, const struct report_entry *entry)
{
	struct tally *tally = arg;

	for (int i = 0; i < tally->h->world.text_count; i++) {
		if (!strstr(entry->text, tally->h->world.texts[i].words[0]))
			continue;
		/* The whole of a message says again what a part of it said. */
		if (entry->kind == REPORT_ENTRY_AMENDED)
			tally->is_amended[i] = true;
		else
			tally->is_seen[i]++;
	}
}

struct numbers {
	int64_t ids[2 * WORLD_TEXTS];
	int years[2 * WORLD_TEXTS], number[2 * WORLD_TEXTS];
	int count;
};

static void keep_number(void *arg, const struct report *report)
{
	struct numbers *n = arg;

	CHECK(n->count < 2 * WORLD_TEXTS);
	n->ids[n->count] = report->id;
	n->years[n->count] = report->year;
	n->number[n->count++] = report->number;
}

/* Each text that asked for it is in a report that heeds it. */
static void check_heeded(void *arg, const struct report_entry *entry)
{
	struct tally *tally = arg;
	const struct world *w = &tally->h->world;
	struct report report;

	for (int i = 0; i < w->text_count; i++) {
		if ((!w->texts[i].is_anonymous && !w->texts[i].is_quiet) ||
			!strstr(entry->text, w->texts[i].words[0]))
			continue;
		must(tally->h, report_load(tally->h->store, tally->report_id, &report), "report");
		if ((w->texts[i].is_anonymous && !report.is_anonymous) ||
			(w->texts[i].is_quiet && !report.is_quiet))
			BROKEN(tally->h, "text %d is in report %lld, which is not so hidden", i,
				(long long)report.id);
	}
}

static void check_reports(struct history *h, struct numbers *n)
{
	static struct tally tally;
	struct world *w = &h->world;

	memset(&tally, 0, sizeof(tally));
	tally.h = h;
	for (int i = 0; i < n->count; i++) {
		memset(tally.is_seen, 0, sizeof(tally.is_seen));
		memset(tally.is_amended, 0, sizeof(tally.is_amended));
		tally.report_id = n->ids[i];
		must(h, report_entries(h->store, &key_holder_box, n->ids[i], count_words, &tally),
			"entries");
		must(h, report_entries(h->store, &key_holder_box, n->ids[i], check_heeded, &tally),
			"entries");
		for (int t = 0; t < w->text_count; t++)
			tally.found[t] += tally.is_seen[t] ? tally.is_seen[t] : tally.is_amended[t];
	}
	for (int t = 0; t < w->text_count; t++) {
		int expected = 0, first = w->texts[t].twin_of >= 0 ? w->texts[t].twin_of : t;

		for (int i = 0; i < w->text_count; i++)
			expected += i == first || w->texts[i].twin_of == first;
		if (w->texts[t].vouched + (w->texts[t].lost >= 0) != w->texts[t].total)
			BROKEN(h, "text %d: %d of %d parts were taken", t, w->texts[t].vouched,
				w->texts[t].total);
		if (tally.found[t] != expected)
			BROKEN(h, "text %d is there %d times, expected %d", t, tally.found[t],
				expected);
	}
	for (int i = 0; i + 1 < n->count; i++) {
		if (n->years[i] == n->years[i + 1] && n->number[i] != n->number[i + 1] + 1)
			BROKEN(h, "report numbers %d and %d are not neighbours", n->number[i + 1],
				n->number[i]);
	}
}

struct hidden {
	struct history *h;
	int64_t report_id, party_id;
	int entries;
	bool is_quiet_from_start;
};

/* What comes in parts may ask for silence when the receipt is gone. */
static void see_first(void *arg, const struct report_entry *entry)
{
	struct hidden *hidden = arg;

	if (!hidden->entries++)
		hidden->is_quiet_from_start = strstr(entry->text, "IM <") != NULL;
}

static void check_message(void *arg, const struct inbox_row *row)
{
	struct hidden *hidden = arg;

	if (row->report_id == hidden->report_id && row->state != INBOX_IGNORED &&
		row->party_id != hidden->party_id)
		BROKEN(hidden->h, "inbox %lld names who wrote report %lld", (long long)row->id,
			(long long)hidden->report_id);
}

static void check_silence(void *arg, const struct outbox_row *row)
{
	struct hidden *hidden = arg;

	if (row->report_id == hidden->report_id && row->party_id == hidden->party_id)
		BROKEN(hidden->h, "outbox %lld is about the quiet report %lld", (long long)row->id,
			(long long)hidden->report_id);
}

static void check_address(struct history *h, const struct hidden *hidden)
{
	CLEAN_BUF address = {0};

	buf_init(&address, PARTY_ADDRESS_MAX);
	if (party_address(h->store, hidden->party_id, &address) != ERR_NOT_FOUND)
		BROKEN(h, "the sender of report %lld is known after it was closed",
			(long long)hidden->report_id);
}

/* Those whose report asks for it, of whatever words. */
static void check_hidden(struct history *h, const struct numbers *n)
{
	struct report report;
	struct party party;
	int64_t next_ms;

	for (int i = 0; i < n->count; i++)
		must(h, report_set_state(h->store, n->ids[i], "closed"), "close");
	must(h, intake_tick(h->intake, &next_ms), "intake_tick");
	for (int i = 0; i < n->count; i++) {
		struct hidden hidden = {.h = h, .report_id = n->ids[i]};

		must(h, report_load(h->store, n->ids[i], &report), "report");
		must(h, party_load(h->store, report.party_id, &party), "party");
		hidden.party_id = party.id;
		if (report.is_anonymous != party.is_anonymous)
			BROKEN(h, "report %lld is of the wrong sender", (long long)report.id);
		must(h, report_entries(h->store, &key_holder_box, report.id, see_first, &hidden),
			"entries");
		if (report.is_quiet && hidden.is_quiet_from_start)
			must(h, outbox_list(h->store, 0, 100000, check_silence, &hidden), "outbox");
		if (!report.is_anonymous)
			continue;
		must(h, inbox_list(h->store, 0, 100000, check_message, &hidden), "inbox");
		check_address(h, &hidden);
	}
}

#define ALARM_RETRY_MOST_MS (75 * SECOND_MS) /* a minute and a quarter of it */

/* A message that stood by was not in the line before its time came, nor was an alarm that keeps its
 * distance from the one before it. */
static bool stood_by(struct history *h, const struct world_accepted *a, int64_t until_ms)
{
	struct outbox_row row;

	must(h, outbox_load(h->store, a->outbox_id, &row), "outbox_load");
	if (a->due_ms < until_ms)
		return false;
	/* What was tried before had its first time earlier, by no more than the waits between. */
	return row.standby_for ||
	       (row.kind == OUTBOX_KIND_ALARM &&
		       a->due_ms - (row.attempts - 1) * ALARM_RETRY_MOST_MS >= until_ms);
}

static void check_pair(
	struct history *h, const struct world_accepted *a, const struct world_accepted *b)
{
	if (a->outbox_id == b->outbox_id)
		BROKEN(h, "outbox %lld went out twice", (long long)b->outbox_id);
	if (a->channel == b->channel && a->lane == b->lane && a->party_id == b->party_id &&
		a->outbox_id > b->outbox_id && !stood_by(h, b, a->at_ms))
		BROKEN(h, "outbox %lld overtook %lld", (long long)a->outbox_id,
			(long long)b->outbox_id);
}

/* Half a message is none, whatever was reported of it. */
static void check_whole(struct history *h, const struct world_accepted *a)
{
	struct outbox_row row;

	if (a->channel != CHANNEL_MODEM)
		return;
	must(h, outbox_load(h->store, a->outbox_id, &row), "outbox_load");
	if (row.state == OUTBOX_DELIVERED && a->taken != a->segments)
		BROKEN(h, "outbox %lld is DELIVERED, %d of %d segments were sent",
			(long long)a->outbox_id, a->taken, a->segments);
}

static void check_networks(struct history *h)
{
	struct world *w = &h->world;

	for (int i = 0; i < w->accepted_count; i++) {
		check_whole(h, &w->accepted[i]);
		for (int j = 0; j < i; j++)
			check_pair(h, &w->accepted[j], &w->accepted[i]);
	}
}

/* What a SIM sent within the window that ends with message `last`. */
static int in_window(const struct world *w, int last, int64_t window_ms, bool same_words)
{
	const struct world_accepted *end = &w->accepted[last];
	int sum = 0;

	for (int i = 0; i < w->accepted_count; i++) {
		const struct world_accepted *a = &w->accepted[i];

		if (a->channel != CHANNEL_MODEM || a->sim != end->sim || a->at_ms > end->at_ms ||
			a->at_ms <= end->at_ms - window_ms)
			continue;
		if (!same_words)
			sum += a->segments;
		else if (memcmp(a->content, end->content, sizeof(a->content)) == 0)
			sum++;
	}
	return sum;
}

static void check_caps(struct history *h)
{
	struct world *w = &h->world;

	for (int i = 0; i < w->accepted_count; i++) {
		const struct caps *caps =
			&w->sims[w->accepted[i].sim < 0 ? 0 : w->accepted[i].sim].caps;
		const struct {
			int64_t window_ms;
			int cap;
			bool same_words;
		} rules[] = {{MINUTE_MS, caps->per_minute, false}, {HOUR_MS, caps->per_hour, false},
			{DAY_MS, caps->per_day, false}, {5 * MINUTE_MS, caps->same_per_5min, true},
			{HOUR_MS, caps->same_per_hour, true}};

		if (w->accepted[i].channel != CHANNEL_MODEM)
			continue;
		for (size_t r = 0; r < ARRAY_LEN(rules); r++) {
			int used = in_window(w, i, rules[r].window_ms, rules[r].same_words);

			if (rules[r].cap && used > rules[r].cap)
				BROKEN(h, "sim%d sent %d in %lld s, cap %d", w->accepted[i].sim,
					used, (long long)(rules[r].window_ms / SECOND_MS),
					rules[r].cap);
		}
	}
}

/* Each step rang each phone once, in their order; without an answer all of them did. */
static void check_alarm(void *arg, const struct alarm *alarm)
{
	struct history *h = arg;

	CHECK(h->alarm_count < WORLD_TEXTS);
	h->alarms[h->alarm_count++] = *alarm;
}

static void check_pages(struct history *h, const struct alarm *alarm)
{
	struct alarm_page page = {.outbox_id = 0};
	int64_t first = 0;
	int rung[ALARM_STEPS + 1][2] = {{0}}, count = 0, last = 0;

	while (!alarm_page_next(h->store, alarm->id, page.outbox_id, &page)) {
		first = first ? first : page.party_id;
		count++;
		if (page.step < last || page.step > ALARM_STEPS)
			BROKEN(h, "alarm %lld: step %d after %d", (long long)alarm->id, page.step,
				last);
		else if (++rung[page.step][page.party_id != first] > 1)
			BROKEN(h, "alarm %lld: step %d rang twice", (long long)alarm->id,
				page.step);
		last = page.step;
	}
	if (alarm->state == ALARM_RINGING)
		BROKEN(h, "alarm %lld rings for ever", (long long)alarm->id);
	if (alarm->state == ALARM_UNANSWERED && count != 2 * (ALARM_STEPS + 1))
		BROKEN(h, "alarm %lld ended with %d messages", (long long)alarm->id, count);
	if (last != alarm->step)
		BROKEN(h, "alarm %lld is at step %d, rung was %d", (long long)alarm->id,
			alarm->step, last);
}

static void check_alarms(struct history *h)
{
	h->alarm_count = 0;
	must(h, alarm_list(h->store, 0, WORLD_TEXTS, check_alarm, h), "alarm_list");
	for (int i = 0; i < h->alarm_count; i++)
		check_pages(h, &h->alarms[i]);
}

static void check_final(void *arg, const struct outbox_row *row)
{
	struct history *h = arg;

	h->ended[row->state]++;
	if (!row->is_final)
		BROKEN(h, "outbox %lld ended as %s", (long long)row->id,
			outbox_state_text(row->state));
}

static void check_store(struct history *h)
{
	struct sms_set set;
	int64_t count, bad = 0;

	must(h, inbox_count(h->store, INBOX_WAITING, &count), "inbox_count");
	if (count)
		BROKEN(h, "%lld parts wait for ever", (long long)count);
	if (sms_set_oldest(h->store, INT64_MAX, &set) != ERR_NOT_FOUND)
		BROKEN(h, "set %lld is still open", (long long)set.id);

	must(h, outbox_list(h->store, 0, 100000, check_final, h), "outbox_list");
	for (int i = 0; i <= OUTBOX_CANCELLED; i++) {
		must(h, outbox_count(h->store, (enum outbox_state)i, &count), "outbox_count");
		if (count != h->ended[i])
			BROKEN(h, "%lld rows are %s, counted %lld", (long long)h->ended[i],
				outbox_state_text((enum outbox_state)i), (long long)count);
	}
	if (event_verify(h->store, &count, &bad))
		BROKEN(h, "event chain breaks at %lld", (long long)bad);
	must(h, quarantine_count(h->store, &count), "quarantine_count");
	if (count)
		BROKEN(h, "%lld messages in quarantine", (long long)count);
}

static int run_history(uint64_t seed, int steps, bool is_verbose)
{
	static struct history history;
	static struct numbers numbers;
	struct history *h = &history;
	uint8_t key[VAULT_KEY_BYTES] = {1, 2, 3};

	memset(h, 0, sizeof(*h));
	numbers.count = 0;
	h->seed = seed;
	world_init(&h->world, seed);
	snprintf(h->dir, sizeof(h->dir), "/tmp/history.XXXXXX");
	CHECK(mkdtemp(h->dir));
	snprintf(h->path, sizeof(h->path), "%.48s/box.db", h->dir);
	must(h, vault_new(key, &h->vault), "vault");
	daemon_start(h);
	for (int i = 0; i < steps; i++)
		step(h);
	calm_down(h);
	must(h, report_list(h->store, 0, 2 * WORLD_TEXTS, keep_number, &numbers), "report_list");
	check_reports(h, &numbers);
	check_networks(h);
	look_at_clocks(h);
	check_clocks(h);
	check_hidden(h, &numbers);
	check_caps(h);
	check_alarms(h);
	check_store(h);
	if (is_verbose)
		printf("seed %llu: %d texts, %d reports, %d sends, %d restarts, %d failed commits, %d ticks undone, %d jumps, %d alarms, %d answered\n",
			(unsigned long long)seed, h->world.text_count, numbers.count,
			h->world.accepted_count, h->restarts, h->aborts, h->undone, h->world.jumps,
			h->alarm_count, h->taken);
	daemon_die(h);
	vault_free(h->vault);
	for (const char *const *suffix =
			(const char *const[]){"", "-wal", "-shm", ".lock", ".head", NULL};
		*suffix; suffix++) {
		char path[sizeof(h->path) + 8];

		snprintf(path, sizeof(path), "%.*s%s", (int)sizeof(h->path) - 1, h->path, *suffix);
		unlink(path);
	}
	rmdir(h->dir);
	return h->faults;
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {{"seeds", required_argument, NULL, 'n'},
		{"first", required_argument, NULL, 'f'}, {"steps", required_argument, NULL, 's'},
		{"verbose", no_argument, NULL, 'v'}, {NULL, 0, NULL, 0}};
	long seeds = 100, first = 1, steps = 600;
	struct errbuf eb = {0};
	bool is_verbose = false;
	int broken = 0, c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (c == 'n')
			seeds = strtol(optarg, NULL, 10);
		else if (c == 'f')
			first = strtol(optarg, NULL, 10);
		else if (c == 's')
			steps = strtol(optarg, NULL, 10);
		else if (c == 'v')
			is_verbose = true;
		else
			return 2;
	}
	log_set_level((enum log_level)0);
	if (law_load(&(struct law_options){.calendar_file = "", .regimes_directory = ""}, &law,
		    &eb)) {
		fprintf(stderr, "%s\n", eb.text);
		return EXIT_FAILURE;
	}
	for (long seed = first; seed < first + seeds; seed++)
		broken += run_history((uint64_t)seed, (int)steps, is_verbose) != 0;
	law_free(law);
	printf("%ld histories, %d broken\n", seeds, broken);
	return broken ? EXIT_FAILURE : EXIT_SUCCESS;
}
