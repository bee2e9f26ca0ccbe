/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/zalo_link/world.h"

#include "daemon/base/str.h"
#include "daemon/relay/dispatch.h"
#include "store/enclosure.h"
#include "store/event.h"
#include "store/party.h"
#include "store/turn.h"
#include "store/zalo_state.h"
#include "tests/sim/zalo_link/http_fake.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TICKS_A_TURN 64
#define SMS_TAKES_MS 3000
#define WINDOW_H     168
#define FREE_H	     48
#define UPLOAD_H     144

static void must(enum err err, const char *what)
{
	if (!err)
		return;
	fprintf(stderr, "%s: %s\n", what, err_name(err));
	abort();
}

/* ---- the modem: a channel that sends ---------------------------------------------------------
 */

static int modem_send(struct channel *channel, struct send *req)
{
	struct world *w = container_of(channel, struct world, modem);

	w->sms = req;
	w->sms_ms = cloud->clock.mono + SMS_TAKES_MS;
	return 0;
}

static void modem_cancel(struct channel *channel, struct send *req)
{
	(void)channel;
	(void)req;
}

static void modem_close(struct channel *channel, channel_close_cb cb)
{
	(void)channel;
	(void)cb;
}

static const struct channel_ops modem_ops = {modem_send, modem_cancel, modem_close};

static void modem_tick(struct world *w)
{
	struct send *req = w->sms;

	if (!req || w->sms_ms > cloud->clock.mono)
		return;
	w->sms = NULL;
	CHECK(cloud->sms_count < CLOUD_SMS);
	cloud->sms[cloud->sms_count++] = (struct cloud_sms){cloud->clock.wall, req->outbox_id};
	req->done(req, &(struct send_outcome){.result = SEND_SENT, .via = "sim"});
}

/* ---- life ------------------------------------------------------------------------------------
 */

void world_init(struct world *w)
{
	static const uint8_t key[VAULT_KEY_BYTES] = {9, 9, 9};

	memset(w, 0, sizeof(*w));
	snprintf(w->dir, sizeof(w->dir), "%s/binhyen-link.XXXXXX",
		access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	CHECK(mkdtemp(w->dir));
	snprintf(w->path, sizeof(w->path), "%s/box.db", w->dir);
	must(vault_new(key, &w->vault), "vault");
	w->is_first = true;
	w->config = (struct config_zalo){.is_set = true,
		.oa_id = "1",
		.app_id = "2",
		.oauth_url = "http://oauth",
		.api_url = "http://api",
		.business_url = "http://zns",
		.poll_s = 30,
		.calls_per_minute = 4000,
		.window_h = WINDOW_H,
		.free_h = FREE_H,
		.upload_h = UPLOAD_H,
		.history_days = 9,
		.duty_group = WORLD_GROUP};
}

void world_done(struct world *w)
{
	DIR *dir = opendir(w->dir);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char path[512];

		snprintf(path, sizeof(path), "%s/%s", w->dir, entry->d_name);
		if (entry->d_name[0] != '.')
			unlink(path);
	}
	if (dir)
		closedir(dir);
	rmdir(w->dir);
	cloud_drop(w->kept);
	vault_free(w->vault);
}

static void wake(void *arg)
{
	((struct world *)arg)->is_due = true;
}

static void give_token(struct world *w)
{
	struct zalo_token token = {.access = "access-1",
		.refresh = "refresh-1",
		.issued_ms = cloud->clock.wall,
		.expires_ms = cloud->clock.wall + 25 * HOUR_MS};
	struct errbuf eb = {0};

	must(zalo_token_save(w->store, w->config.app_id, w->config.oa_id, &token), "token");
	must(turn_end(w->store, &eb), "turn");
	w->is_first = false;
}

static void open_desk(struct world *w)
{
	static const char *const phones[] = {"+84900009001"};

	must(desk_new(&(struct desk_options){.store = w->store,
			      .has_modem = true,
			      .has_zalo = true,
			      .duty_group = WORLD_GROUP,
			      .relay_text = true,
			      .duty_phones = phones,
			      .duty_phone_count = 1},
		     &w->desk),
		"desk");
	must(intake_new(&(struct intake_options){.store = w->store, .desk = w->desk}, &w->intake),
		"intake");
	must(dispatch_new(&(struct dispatch_options){.store = w->store,
				  .seed = rng_next(&cloud->rng),
				  .wake = wake,
				  .wake_arg = w},
		     &w->dispatch),
		"dispatch");
}

void world_start(struct world *w)
{
	struct errbuf eb = {0};
	int64_t in_doubt;

	must(store_open(
		     &(struct store_options){
			     .path = w->path, .vault = w->vault, .clock = &cloud->clock.clock},
		     &w->store, &eb),
		"store");
	must(outbox_recover(w->store, &in_doubt), "recover");
	if (w->is_first)
		give_token(w);
	open_desk(w);
	w->modem = (struct channel){
		.ops = &modem_ops, .kind = CHANNEL_MODEM, .capacity = 1, .is_reachable = true};
	dispatch_add(w->dispatch, &w->modem);
	must(zalo_open(&(struct zalo_options){.store = w->store,
			       .intake = w->intake,
			       .desk = w->desk,
			       .dispatch = w->dispatch,
			       .config = &w->config,
			       .keeps_groups = w->has_groups,
			       .app_secret = "secret",
			       .user_agent = "sim",
			       .seed = rng_next(&cloud->rng)},
		     &w->zalo, &eb),
		"zalo");
	w->is_due = true;
}

static void close_all(struct world *w)
{
	http_fake_forget();
	w->zalo = NULL;
	w->sms = NULL;
	dispatch_free(w->dispatch);
	intake_free(w->intake);
	desk_free(w->desk);
	store_close(w->store);
}

void world_stop(struct world *w)
{
	struct errbuf eb = {0};

	must(turn_end(w->store, &eb), "turn");
	zalo_close(w->zalo, NULL, NULL);
	while (http_fake_fire())
		;
	must(turn_end(w->store, &eb), "turn");
	close_all(w);
}

void world_die(struct world *w)
{
	turn_abort(w->store, ERR_IO);
	zalo_close(w->zalo, NULL, NULL);
	while (http_fake_fire())
		;
	turn_abort(w->store, ERR_IO);
	close_all(w);
}

/* ---- the loop --------------------------------------------------------------------------------
 */

static void commit(struct world *w)
{
	struct errbuf eb = {0};

	bool is_open = turn_is_open(w->store);

	if (is_open)
		cloud_point();
	if (is_open && w->fails_per_mille && rng_below(&cloud->rng, 1000) < w->fails_per_mille)
		turn_abort(w->store, ERR_DISK_FULL);
	must(turn_end(w->store, &eb), "turn_end");
	cloud->commits += is_open;
}

/* As daemon/turn_loop.c does it. */
static void end_turn(struct world *w)
{
	w->is_due |= turn_is_open(w->store);
	for (int i = 0; w->is_due && i < TICKS_A_TURN; i++) {
		int64_t next_ms = INT64_MAX;

		w->is_due = false;
		must(dispatch_tick(w->dispatch, &next_ms), "tick");
		w->tick_ms = next_ms == INT64_MAX ? INT64_MAX
						  : next_ms - cloud->clock.wall + cloud->clock.mono;
		commit(w);
	}
}

static int64_t next_ms(const struct world *w, int64_t until_ms)
{
	int64_t ms = http_fake_next_ms();

	if (w->is_due)
		ms = cloud->clock.mono + 1;
	if (w->sms && w->sms_ms < ms)
		ms = w->sms_ms;
	if (w->tick_ms < ms)
		ms = w->tick_ms;
	return ms < until_ms ? ms : until_ms;
}

void world_run(struct world *w, int64_t until_ms)
{
	for (;;) {
		int64_t ms;

		end_turn(w);
		while (http_fake_fire())
			end_turn(w);
		modem_tick(w);
		if (w->tick_ms <= cloud->clock.mono)
			w->is_due = true;
		end_turn(w);
		ms = next_ms(w, until_ms);
		if (cloud->clock.mono >= until_ms)
			return;
		clock_virtual_advance(
			&cloud->clock, ms > cloud->clock.mono ? ms - cloud->clock.mono : 1);
	}
}

/* ---- messages --------------------------------------------------------------------------------
 */

void world_queue(struct world *w, int tag, const struct world_message *message)
{
	bool is_group = message->channel == CHANNEL_ZALO_GROUP;
	int64_t id, now_ms = cloud->clock.wall;
	struct party party;
	struct buf text;

	buf_init(&text, OUTBOX_BODY_MAX);
	for (int i = 0; i < message->words; i++)
		must(buf_addf(&text, "%st%d.%d", i ? " " : "", tag, i), "text");
	must(party_get(
		     w->store, is_group ? PARTY_ZALO_GROUP : PARTY_ZALO_USER, message->to, &party),
		"party");
	must(party_touch(w->store, party.id, now_ms), "touch");
	must(outbox_add(w->store,
		     &(struct outbox_new){.channel = message->channel,
			     .lane = message->lane,
			     .kind = message->kind,
			     .party_id = party.id,
			     .due_ms = now_ms,
			     .expires_ms = now_ms + 7 * DAY_MS,
			     .text = buf_text(&text),
			     .enclosure_id = message->enclosure_id},
		     &id),
		"add");
	buf_done(&text);
	w->is_due = true;
}

int64_t world_attachment(struct world *w, const char *name)
{
	bool is_file = strstr(name, ".pdf") != NULL;
	int64_t id;

	must(enclosure_add(w->store,
		     &(struct enclosure_new){.kind = is_file ? ENCLOSURE_FILE : ENCLOSURE_IMAGE,
			     .name = name,
			     .data = "twenty bytes of data",
			     .bytes = 20},
		     &id),
		"attachment");
	return id;
}

/* ---- the books -------------------------------------------------------------------------------
 */

struct books {
	struct world *w;
	const char *when;
	bool has_all;
	int faults;
	int last_word[CLOUD_MESSAGES]; /* by tag: the last word that arrived */
	bool has_file[CLOUD_MESSAGES];
	struct {
		int64_t outbox_id;
		char peer[32];
		enum lane lane;
	} last[256]; /* of each recipient and lane */
	int last_count;
};

#define BROKEN(b, ...) \
	do { \
		fprintf(stderr, "%s: ", (b)->when); \
		fprintf(stderr, __VA_ARGS__); \
		fputc('\n', stderr); \
		(b)->faults++; \
	} while (0)

static void check_words(struct books *b, const struct cloud_message *m)
{
	const char *at = m->text;
	int tag = -1, word;

	if (*at == '(')
		at = strchr(at, ')') + 2;
	while (sscanf(at, "t%d.%d", &tag, &word) == 2) {
		if (word != b->last_word[tag] + 1)
			BROKEN(b, "t%d: word %d after %d", tag, word, b->last_word[tag]);
		b->last_word[tag] = word;
		at = strchr(at, ' ');
		if (!at)
			break;
		at++;
	}
}

/* Every message of ours is that of one row, and no row has two (its pieces apart). */
static void check_message(struct books *b, int i)
{
	const struct cloud_message *m = &cloud->messages[i];
	struct outbox_row row;
	int64_t outbox_id;
	char id[32];
	enum err err;

	if (!m->is_ours)
		return;
	snprintf(id, sizeof(id), "m%06d", i);
	check_words(b, m);
	err = outbox_find_external(b->w->store, id, &outbox_id);
	if (err == ERR_NOT_FOUND && b->has_all)
		BROKEN(b, "%s to %s belongs to no row: \"%.30s\"", id, m->peer, m->text);
	if (err)
		return;
	must(outbox_load(b->w->store, outbox_id, &row), "load");
	/* Alarms go before order (store/outbox.h). */
	if (row.lane == LANE_ALARM)
		return;
	for (int k = 0; k < b->last_count; k++) {
		if (strcmp(b->last[k].peer, m->peer) != 0 || b->last[k].lane != row.lane)
			continue;
		if (b->last[k].outbox_id > outbox_id)
			BROKEN(b, "row %" PRId64 " to %s after row %" PRId64, outbox_id, m->peer,
				b->last[k].outbox_id);
		b->last[k].outbox_id = outbox_id;
		return;
	}
	CHECK(b->last_count < (int)ARRAY_LEN(b->last));
	b->last[b->last_count].outbox_id = outbox_id;
	b->last[b->last_count].lane = row.lane;
	CHECK(!str_copy(b->last[b->last_count++].peer, 32, m->peer));
}

static void check_row(void *arg, const struct outbox_row *row)
{
	struct books *b = arg;

	if (row->state == OUTBOX_CANCELLED)
		return;
	if (row->state != OUTBOX_SENT || !row->is_final)
		BROKEN(b, "row %" PRId64 " of %s is %s (%s)", row->id,
			channel_kind_text(row->channel), outbox_state_text(row->state),
			err_name(row->error));
	else if (row->channel != CHANNEL_MODEM && !row->external_id[0])
		BROKEN(b, "row %" PRId64 " is sent and nobody knows as what", row->id);
}

int world_check(struct world *w, const char *when, bool has_all)
{
	struct books *b = calloc(1, sizeof(*b));
	int64_t count, bad_id;
	int faults;

	CHECK(b);
	b->w = w;
	b->when = when;
	b->has_all = has_all;
	memset(b->last_word, 0xff, sizeof(b->last_word));
	for (int i = 0; i < cloud->message_count; i++)
		check_message(b, i);
	if (has_all)
		must(outbox_list(w->store, 0, INT32_MAX, check_row, b), "list");
	must(event_verify(w->store, &count, &bad_id), "event chain");
	faults = b->faults;
	free(b);
	return faults;
}
