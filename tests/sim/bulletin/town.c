/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/bulletin/town.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "gateway/sms_text.h"
#include "store/ledger.h"
#include "store/party.h"
#include "store/place.h"
#include "store/resident.h"
#include "store/sms_use.h"
#include "store/turn.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

#define BEGIN_MS   INT64_C(1795147200000) /* 20 November 2026, 11 o'clock in Vietnam */
#define TURNS_MOST 100000

static struct town *the_town; /* one at a time: the channels have no other way to it */

void must(enum err err, const char *what)
{
	if (!err)
		return;
	fprintf(stderr, "%s: %s\n", what, err_name(err));
	abort();
}

static bool chance(struct town *t, int per_mille)
{
	return rng_below(&t->rng, 1000) < per_mille;
}

const char *town_phone(int resident, char number[24])
{
	snprintf(number, 24, "+8490000%04d", resident);
	return number;
}

static int resident_of(const char *address)
{
	int64_t number = -1;
	const char *digits = address[0] == '+' ? address + strlen("+8490000") : address + 1;

	return str_to_int64(digits, 0, 10000000, &number) ? -1 : (int)number;
}

/* ---- networks --------------------------------------------------------------------------------
 */

static int segments_of(const struct send *req)
{
	struct sms_size size;

	must(sms_text_size(req->text, &size), "segments");
	return size.segments;
}

/* The segment under way on a SIM ends then, and whether there is one behind it. */
static int64_t segment_end_ms(const struct town *t, const struct town_flight *f, bool *ret_is_last)
{
	int64_t done = t->plan.segment_ms ? (t->clock.mono - f->began_ms) / t->plan.segment_ms + 1
					  : f->segments;

	*ret_is_last = done >= f->segments;
	return f->began_ms + done * t->plan.segment_ms;
}

static struct town_flight *flight_on(struct town *t, int sim)
{
	for (int i = 0; i < TOWN_FLIGHTS; i++) {
		if (t->flights[i].req && t->flights[i].channel->kind == CHANNEL_MODEM &&
			t->flights[i].sim == sim)
			return &t->flights[i];
	}
	return NULL;
}

/* As relay/modem_gate.c: it sends a bulletin that an answer may pass. */
static bool yields(struct town *t, int sim)
{
	const struct town_flight *f = flight_on(t, sim);
	bool is_last = true;

	if (!f || t->sims[sim].reserved || t->sims[sim].flights > 1 || f->req->lane <= LANE_ANSWER)
		return false;
	(void)segment_end_ms(t, f, &is_last);
	return !is_last;
}

/* How many sends the radio takes, and how many of them only between the segments of others. */
static void count_room(struct town *t)
{
	struct channel *radio = &t->channels[CHANNEL_MODEM];
	unsigned capacity = 0, passing = 0;

	for (int i = 0; i < t->plan.sims; i++) {
		bool has_two = t->sims[i].flights > 1 ||
			       (t->sims[i].flights && t->sims[i].reserved);

		capacity += has_two ? 2 : 1;
		passing += yields(t, i);
	}
	radio->capacity = radio->is_reachable ? capacity : 0;
	radio->passing = radio->is_reachable ? passing : 0;
}

/* A digest tells of more than the bulletin that it is counted for; it is paid for once. */
static void take_others(struct town *t, const struct town_taken *first)
{
	struct ledger_row row;
	int64_t resident_id;
	char phone[24];

	if (first->channel != CHANNEL_MODEM || first->resident < 0 ||
		t->plan.rules.normal_sms != PLAN_SMS_DIGEST)
		return;
	must(resident_find(t->store, town_phone(first->resident, phone), &resident_id), "resident");
	for (int64_t id = 1; id <= t->bulletins; id++) {
		struct town_taken *taken = &t->taken[t->taken_count];

		if (id == first->delivery_id || ledger_load(t->store, id, resident_id, &row) ||
			row.outbox_id != first->outbox_id)
			continue;
		CHECK(++t->taken_count < TOWN_TAKEN_MAX);
		*taken = *first;
		taken->delivery_id = id;
		taken->segments = 0;
	}
}

static void take(struct town *t, const struct town_flight *f, bool is_doubtful)
{
	struct town_taken *taken = &t->taken[t->taken_count++];
	struct outbox_row row;

	CHECK(t->taken_count < TOWN_TAKEN_MAX);
	must(outbox_load(t->store, f->req->outbox_id, &row), "row");
	*taken = (struct town_taken){
		.resident = row.delivery_id ? resident_of(f->req->address) : -1,
		.channel = f->channel->kind,
		.delivery_id = row.delivery_id,
		.outbox_id = row.id,
		.at_ms = t->clock.wall +
			 (f->began_ms > t->clock.mono ? f->began_ms - t->clock.mono : 0),
		.sim = f->sim,
		.segments = f->segments,
		.is_doubtful = is_doubtful};
	caps_content(t->vault, f->req->text, taken->content);
	take_others(t, taken);
}

/* Whether the network takes it, and what the daemon is told. */
static void decide(struct town *t, struct town_flight *f)
{
	bool is_radio = f->channel->kind == CHANNEL_MODEM;
	bool is_taken;

	f->answer_ms = f->began_ms +
		       (is_radio ? t->plan.segment_ms * f->segments : t->plan.zalo_ms);
	f->outcome = (struct send_outcome){
		.result = SEND_SENT, .via = is_radio ? t->sims[f->sim].name : "oa"};
	if (t->is_calm || !chance(t, t->plan.faults_per_mille)) {
		take(t, f, false);
		return;
	}
	switch (rng_below(&t->rng, 3)) {
	case 0:
		is_taken = chance(t, 500);
		if (is_taken)
			take(t, f, true);
		f->outcome.result = SEND_IN_DOUBT;
		f->outcome.err = ERR_TIMEOUT;
		return;
	case 1:
		f->outcome.result = SEND_RETRY;
		f->outcome.err = ERR_NETWORK;
		return;
	default:
		f->outcome.result = SEND_REFUSED;
		f->outcome.err = ERR_RECIPIENT;
	}
}

/* As relay/modem_gate.c. */
static enum err admit(struct channel *channel, struct send *req, struct gate_answer *ret_answer)
{
	struct modem_candidate list[TOWN_SIMS_MAX];
	struct town *t = the_town;
	uint8_t content[VAULT_HASH_BYTES];
	struct modem_message message = {req->lane, segments_of(req), content, req->address};
	struct modem_choice choice;
	enum err err;

	(void)channel;
	req->segments = message.segments;
	caps_content(t->vault, req->text, content);
	for (int i = 0; i < t->plan.sims; i++)
		list[i] = (struct modem_candidate){.sim = t->sims[i].name,
			.caps = &t->plan.caps,
			.may_send = true,
			.is_idle = !t->sims[i].reserved && !t->sims[i].flights,
			.yields = yields(t, i),
			.has_network = true};
	err = modem_choose(t->store, list, t->plan.sims, &message, &choice);
	if (err)
		return err;
	ret_answer->due_ms = choice.due_ms;
	switch (choice.result) {
	case MODEM_CHOICE_GO:
		t->sims[choice.index].reserved = req;
		return sms_use_add(
			t->store, &(struct sms_use_new){req->outbox_id, t->sims[choice.index].name,
					  message.segments, content});
	case MODEM_CHOICE_WAIT:
		ret_answer->result = GATE_WAIT;
		return ERR_OK;
	case MODEM_CHOICE_WAIT_SAME:
	case MODEM_CHOICE_NEVER:
		ret_answer->result = GATE_WAIT_ROW;
		return ERR_OK;
	case MODEM_CHOICE_BUSY:
	case MODEM_CHOICE_NONE:
		break;
	}
	ret_answer->result = GATE_BUSY;
	return ERR_OK;
}

static void withdraw(struct channel *channel, struct send *req)
{
	(void)channel;
	for (int i = 0; i < the_town->plan.sims; i++) {
		if (the_town->sims[i].reserved == req)
			the_town->sims[i].reserved = NULL;
	}
}

static int64_t room(struct channel *channel, enum lane lane, int64_t until_ms)
{
	(void)channel;
	return the_town->plan.sims *
	       caps_until(&the_town->plan.caps, lane, the_town->clock.wall, until_ms) % INT32_MAX;
}

static const struct channel_gate radio_gate = {admit, withdraw, room};

static int take_sim(struct town *t, const struct send *req)
{
	for (int i = 0; i < t->plan.sims; i++) {
		if (t->sims[i].reserved != req)
			continue;
		t->sims[i].reserved = NULL;
		t->sims[i].flights++;
		return i;
	}
	return -1;
}

/* It goes when the segment under way is over, and what it passes goes on after it. */
static void pass(struct town *t, struct town_flight *f, struct town_flight *other)
{
	int64_t takes_ms = f->segments * t->plan.segment_ms;
	bool is_last;

	f->began_ms = segment_end_ms(t, other, &is_last);
	if (is_last)
		return;
	other->began_ms += takes_ms;
	other->answer_ms += takes_ms;
}

static int town_send(struct channel *channel, struct send *req)
{
	struct town *t = the_town;

	for (int i = 0; i < TOWN_FLIGHTS; i++) {
		struct town_flight *f = &t->flights[i];

		if (f->req)
			continue;
		int sim = take_sim(t, req);
		struct town_flight *other = sim < 0 ? NULL : flight_on(t, sim);

		*f = (struct town_flight){
			.req = req, .channel = channel, .sim = sim, .began_ms = t->clock.mono};
		f->segments = channel->kind == CHANNEL_MODEM ? segments_of(req) : 0;
		if (other)
			pass(t, f, other);
		decide(t, f);
		dispatch_wake(t->dispatch);
		return ERR_OK;
	}
	abort();
}

static void town_cancel(struct channel *channel, struct send *req)
{
	(void)channel;
	for (int i = 0; i < TOWN_FLIGHTS; i++) {
		if (the_town->flights[i].req == req)
			the_town->flights[i].answer_ms = the_town->clock.mono;
	}
}

static void town_end(struct channel *channel, channel_close_cb cb)
{
	cb(channel);
}

static const struct channel_ops ops = {town_send, town_cancel, town_end};

static void answer(struct town *t)
{
	for (int i = 0; i < TOWN_FLIGHTS; i++) {
		struct town_flight f = t->flights[i];
		bool is_out = f.outcome.result == SEND_SENT || f.outcome.result == SEND_IN_DOUBT;

		if (!f.req || f.answer_ms > t->clock.mono)
			continue;
		t->flights[i].req = NULL;
		if (f.sim >= 0) {
			t->sims[f.sim].flights--;
			must(sms_use_settle(t->store, f.req->outbox_id, is_out ? f.segments : 0),
				"use");
			if (!is_out)
				dispatch_ungate(t->dispatch, CHANNEL_MODEM);
		}
		f.req->done(f.req, &f.outcome);
	}
}

/* ---- the daemon ------------------------------------------------------------------------------
 */

static void wake(void *arg)
{
	((struct town *)arg)->is_due = true;
}

static enum err hold(void *arg, const struct outbox_row *row, int64_t *ret_until_ms)
{
	return delivery_quiet_until(((struct town *)arg)->desk, row, ret_until_ms);
}

static void set_up(struct town *t, enum channel_kind kind, bool is_up)
{
	t->channels[kind].capacity = !is_up		     ? 0
				     : kind == CHANNEL_MODEM ? (unsigned)t->plan.sims
							     : TOWN_ZALO_SENDS;
	t->channels[kind].is_reachable = is_up;
	dispatch_wake(t->dispatch);
}

static void start(struct town *t)
{
	static const enum channel_kind kinds[] = {
		CHANNEL_MODEM, CHANNEL_ZALO_USER, CHANNEL_ZALO_GROUP};
	struct errbuf eb = {0};
	int64_t in_doubt;
	enum err err = store_open(
		&(struct store_options){
			.path = t->path, .vault = t->vault, .clock = &t->clock.clock},
		&t->store, &eb);

	if (err)
		fprintf(stderr, "%s\n", eb.text);
	must(err, "store_open");
	must(desk_new(&(struct desk_options){.store = t->store,
			      .has_modem = t->plan.sims > 0,
			      .has_zalo = true,
			      .bulletins = &t->plan.rules},
		     &t->desk),
		"desk");
	must(dispatch_new(&(struct dispatch_options){.store = t->store,
				  .seed = 1,
				  .wake = wake,
				  .wake_arg = t,
				  .hold = hold,
				  .hold_arg = t},
		     &t->dispatch),
		"dispatch");
	must(outbox_recover(t->store, &in_doubt), "recover");
	must(sms_use_recover(t->store), "use");
	memset(t->flights, 0, sizeof(t->flights));
	for (int i = 0; i < TOWN_SIMS_MAX; i++) {
		t->sims[i].reserved = NULL;
		t->sims[i].flights = 0;
		snprintf(t->sims[i].name, sizeof(t->sims[i].name), "sim%d", i);
	}
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		t->channels[kinds[i]] = (struct channel){.ops = &ops,
			.gate = kinds[i] == CHANNEL_MODEM ? &radio_gate : NULL,
			.kind = kinds[i]};
		dispatch_add(t->dispatch, &t->channels[kinds[i]]);
		set_up(t, kinds[i], kinds[i] == CHANNEL_MODEM || t->zalo_is_up);
	}
	t->next_ms = t->clock.wall;
}

static void stop(struct town *t)
{
	turn_abort(t->store, ERR_IO);
	dispatch_free(t->dispatch);
	desk_free(t->desk);
	store_close(t->store);
}

/* What was taken and not told of is in doubt for who starts again. */
static void lose_answers(struct town *t)
{
	for (int i = 0; i < TOWN_FLIGHTS; i++) {
		for (int j = 0; t->flights[i].req && j < t->taken_count; j++) {
			if (t->taken[j].outbox_id == t->flights[i].req->outbox_id)
				t->taken[j].is_doubtful = true;
		}
	}
}

void town_crash(struct town *t)
{
	lose_answers(t);
	stop(t);
	t->restarts++;
	start(t);
}

void town_set_zalo(struct town *t, bool is_up)
{
	t->zalo_is_up = is_up;
	set_up(t, CHANNEL_ZALO_USER, is_up);
	set_up(t, CHANNEL_ZALO_GROUP, is_up);
}

void town_set_radio(struct town *t, bool is_up)
{
	set_up(t, CHANNEL_MODEM, is_up);
}

static void fill_registry(struct town *t)
{
	struct errbuf eb = {0};
	int64_t places[64];

	CHECK(t->plan.hamlets <= 64);
	for (int i = 0; i < t->plan.hamlets; i++) {
		struct place place = {.kind = PLACE_HAMLET};

		snprintf(place.code, sizeof(place.code), "thon-%d", i + 1);
		snprintf(place.name, sizeof(place.name), "Thôn %d", i + 1);
		must(place_save(t->store, &place, &places[i]), "place");
	}
	for (int i = 0; i < t->plan.residents; i++) {
		enum resident_change change;
		struct party party;
		char phone[24], user[24];
		int64_t id;

		must(resident_put(t->store,
			     &(struct resident_new){.phone = town_phone(i, phone),
				     .name = "Người dân",
				     .place_id = places[i % t->plan.hamlets],
				     .role = i < t->plan.hamlets ? "head" : "household_head"},
			     &change),
			"resident");
		if (rng_below(&t->rng, 100) < t->plan.zalo_percent) {
			must(resident_find(t->store, phone, &id), "resident");
			snprintf(user, sizeof(user), "7%07d", i);
			must(resident_set_zalo(t->store, id, user), "zalo");
			must(party_get(t->store, PARTY_ZALO_USER, user, &party), "party");
			must(party_touch(t->store, party.id, t->clock.wall - HOUR_MS), "touch");
		}
		if (i % 1000 == 0)
			must(turn_end(t->store, &eb), "commit");
	}
	must(turn_end(t->store, &eb), "commit");
}

void town_open(struct town *t, const struct town_plan *plan, uint64_t seed)
{
	static const uint8_t key[VAULT_KEY_BYTES] = {5};

	memset(t, 0, sizeof(*t));
	log_set_level(LOG_LEVEL_ERROR);
	the_town = t;
	t->plan = *plan;
	rng_init(&t->rng, seed);
	clock_virtual_init(&t->clock, BEGIN_MS);
	snprintf(t->dir, sizeof(t->dir), "/tmp/binhyen-town.XXXXXX");
	CHECK(mkdtemp(t->dir));
	snprintf(t->path, sizeof(t->path), "%s/box.db", t->dir);
	must(vault_new(key, &t->vault), "vault");
	t->zalo_is_up = true;
	start(t);
	fill_registry(t);
}

static void remove_dir(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char file[512];

		snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
		if (entry->d_name[0] != '.')
			unlink(file);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

void town_close(struct town *t)
{
	stop(t);
	vault_free(t->vault);
	remove_dir(t->dir);
}

/* ---- what people do --------------------------------------------------------------------------
 */

int64_t town_bulletin(struct town *t, enum bulletin_urgency urgency, int64_t valid_ms,
	const char *sms, const char *audience)
{
	struct bulletin_content content = {.category = "thien_tai",
		.urgency = urgency,
		.severity = urgency == BULLETIN_URGENCY_IMMEDIATE ? BULLETIN_SEVERITY_EXTREME
								  : BULLETIN_SEVERITY_MODERATE,
		.certainty = BULLETIN_CERTAINTY_OBSERVED,
		.expires_ms = t->clock.wall + valid_ms,
		.audience = audience,
		.title = "Tin",
		.text = sms,
		.sms = sms,
		.source = ""};
	struct errbuf eb = {0};
	int64_t id = 0;
	enum err err;

	must(bulletin_add(t->store, BULLETIN_ORIGIN_OFFICER, &content, 0, &id), "bulletin");
	err = delivery_begin(t->desk, id, &eb);
	if (err && err != ERR_STATE && err != ERR_NOT_FOUND) {
		fprintf(stderr, "%s\n", eb.text);
		must(err, "begin");
	}
	dispatch_wake(t->dispatch);
	t->bulletins = id;
	return err ? 0 : id;
}

int64_t town_receipt(struct town *t, int resident)
{
	struct party party;
	char phone[24];
	int64_t id = 0;

	must(party_get(t->store, PARTY_PHONE, town_phone(resident, phone), &party), "party");
	must(outbox_add(t->store,
		     &(struct outbox_new){.channel = CHANNEL_MODEM,
			     .lane = LANE_ANSWER,
			     .kind = OUTBOX_KIND_RECEIPT,
			     .party_id = party.id,
			     .due_ms = t->clock.wall,
			     .expires_ms = t->clock.wall + DAY_MS,
			     .text = "Cong an xa da nhan duoc tin cua ong/ba."},
		     &id),
		"receipt");
	dispatch_wake(t->dispatch);
	return id;
}

/* ---- time ------------------------------------------------------------------------------------
 */

static void tick(struct town *t)
{
	struct delivery_reach reach = {.has = {false}};
	int64_t delivery_ms = INT64_MAX, dispatch_ms = INT64_MAX;

	for (int i = 0; i < CHANNEL_KIND_COUNT; i++) {
		struct dispatch_way way;

		dispatch_way(t->dispatch, (enum channel_kind)i, &way);
		reach.has[i] = way.has;
		reach.is_up[i] = way.is_up;
		reach.since_ms[i] = way.since_ms;
	}
	must(delivery_tick(t->desk, &reach, &delivery_ms), "delivery_tick");
	count_room(t);
	must(dispatch_tick(t->dispatch, &dispatch_ms), "dispatch_tick");
	t->next_ms = delivery_ms < dispatch_ms ? delivery_ms : dispatch_ms;
}

void town_turn(struct town *t)
{
	struct errbuf eb = {0};

	for (int i = 0; i < TURNS_MOST; i++) {
		must(turn_end(t->store, &eb), "turn");
		if (!t->is_due && t->next_ms > t->clock.wall)
			return;
		t->is_due = false;
		tick(t);
	}
	fprintf(stderr, "the daemon turns round and round\n");
	abort();
}

bool town_step(struct town *t, int64_t until_ms)
{
	int64_t next_ms = until_ms;

	town_turn(t);
	if (t->next_ms < next_ms)
		next_ms = t->next_ms;
	for (int i = 0; i < TOWN_FLIGHTS; i++) {
		int64_t at_ms = t->flights[i].answer_ms - t->clock.mono + t->clock.wall;

		if (t->flights[i].req && at_ms < next_ms)
			next_ms = at_ms;
	}
	if (next_ms > t->clock.wall)
		clock_virtual_advance(&t->clock, next_ms - t->clock.wall);
	answer(t);
	town_turn(t);
	return t->clock.wall < until_ms;
}
