/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon's Zalo side alone: store, intake, desk, dispatch and relay/zalo on the daemon's own
 * turn loop, with a clock that can be moved. Reads orders from standard input, one JSON object a
 * line ({"do":...}), and answers each with one line.
 *
 *   zalo_client FOLDER CONFIG-JSON APP-SECRET
 *
 * In the environment: ZALO_CLIENT_DUTY=1, reports are relayed to the duty group, as text;
 * ZALO_CLIENT_CLOCK_MS, how far its clock is ahead from the start.
 */
#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/relay/zalo_private.h"
#include "daemon/turn_loop.h"
#include "store/enclosure.h"
#include "store/event.h"
#include "store/inbox.h"
#include "store/party.h"
#include "store/turn.h"
#include "store/vault.h"
#include "tests/integration/zalo_client/group_orders.h"
#include "tests/lib/crash_points.h"

#include <signal.h>
#include <string.h>

#define LINE_MAX_BYTES 65536

struct moved_clock {
	struct clock clock;
	int64_t ms;
};

struct driver {
	uv_loop_t loop;
	uv_pipe_t in;
	struct buf line;
	struct moved_clock clock;
	struct config_zalo config;
	bool has_groups; /* looks after groups, which costs calls */
	char ca_file[256];
	int64_t connect_ms;
	struct vault *vault;
	struct store *store;
	struct desk *desk;
	struct intake *intake;
	struct dispatch *dispatch;
	struct turn_loop turns;
	struct zalo *zalo;
	bool is_quitting;
	bool with_duty; /* reports are relayed to the duty group */
};

static int64_t moved_wall(struct clock *clock)
{
	return clock_wall_ms(clock_system()) + container_of(clock, struct moved_clock, clock)->ms;
}

static int64_t moved_mono(struct clock *clock)
{
	return clock_mono_ms(clock_system()) + container_of(clock, struct moved_clock, clock)->ms;
}

static void answer(json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);

	CHECK(text);
	printf("%s\n", text);
	fflush(stdout);
	free(text);
	json_decref(json);
}

static void answer_err(enum err err)
{
	answer(json_pack("{s:s}", "err", err_name(err)));
}

static void committed(void *arg, enum err err)
{
	(void)arg;
	answer_err(err);
}

/* Answers once the turn is committed. */
static void answer_after_commit(struct driver *d, enum err err)
{
	if (!err)
		err = turn_defer(d->store, committed, d);
	if (err)
		answer_err(err);
}

/* ---- orders ----------------------------------------------------------------------------------
 */

static void do_status(struct driver *d, const json_t *order)
{
	struct turn_stats stats = turn_stats(d->store);
	json_t *json = zalo_status(d->zalo);
	int64_t bad = 0;

	(void)order;
	CHECK(!quarantine_count(d->store, &bad));
	json_object_set_new(json, "commits", json_integer(stats.commits));
	json_object_set_new(json, "quarantine", json_integer(bad));
	json_object_set_new(
		json, "user_capacity", json_integer(zalo_user_channel(d->zalo)->capacity));
	json_object_set_new(
		json, "user_reachable", json_boolean(zalo_user_channel(d->zalo)->is_reachable));
	json_object_set_new(
		json, "group_reachable", json_boolean(zalo_group_channel(d->zalo)->is_reachable));
	answer(json);
}

static void do_token(struct driver *d, const json_t *order)
{
	struct zalo_token token = {0};
	enum err err = zalo_token_load(d->store, d->config.app_id, d->config.oa_id, &token);

	(void)order;
	answer(json_pack("{s:s,s:I,s:b}", "err", err_name(err), "generation",
		(json_int_t)token.generation, "is_marked", token.attempt_ms != 0));
}

static void do_set_token(struct driver *d, const json_t *order)
{
	struct errbuf eb = {0};

	answer_after_commit(d, zalo_set_token(d->zalo, json_object_get(order, "token"), &eb));
}

/* {"kind","name","bytes"}: a file of that many bytes; 0 = none. */
static int64_t add_enclosure(struct driver *d, const json_t *file)
{
	static char data[ENCLOSURE_MAX + 1] = "GIF89a\x40\x01\xf0";
	const char *kind = zalo_json_text(file, "kind");
	int64_t id = 0;

	if (!file)
		return 0;
	CHECK(!enclosure_add(d->store,
		&(struct enclosure_new){.kind = str_eq(kind, "file")  ? ENCLOSURE_FILE
						: str_eq(kind, "gif") ? ENCLOSURE_GIF
								      : ENCLOSURE_IMAGE,
			.name = zalo_json_text(file, "name"),
			.data = data,
			.bytes = (size_t)json_integer_value(json_object_get(file, "bytes"))},
		&id));
	return id;
}

static enum channel_kind channel_of(const char *name)
{
	for (int i = 0; i < CHANNEL_KIND_COUNT; i++) {
		if (str_eq(name, channel_kind_text((enum channel_kind)i)))
			return (enum channel_kind)i;
	}
	return CHANNEL_ZALO_USER;
}

static void do_send(struct driver *d, const json_t *order)
{
	enum channel_kind channel = channel_of(zalo_json_text(order, "channel"));
	bool is_tick = str_eq(zalo_json_text(order, "kind"), "tick");
	int64_t now_ms = clock_wall_ms(&d->clock.clock), id = 0;
	struct party party;
	enum err err = party_get(d->store,
		channel == CHANNEL_ZALO_GROUP  ? PARTY_ZALO_GROUP
		: channel == CHANNEL_ZALO_USER ? PARTY_ZALO_USER
					       : PARTY_PHONE,
		zalo_json_text(order, "to"), &party);

	if (!err)
		err = outbox_add(d->store,
			&(struct outbox_new){.channel = channel,
				.lane = LANE_ANSWER,
				.kind = is_tick ? OUTBOX_KIND_TICK : OUTBOX_KIND_ANSWER,
				.party_id = party.id,
				.standby_for = json_integer_value(
					json_object_get(order, "standby_for")),
				.due_ms = now_ms +
					  json_integer_value(json_object_get(order, "after_ms")),
				.expires_ms = now_ms + DAY_MS,
				.text = zalo_json_text(order, "text"),
				.enclosure_id = add_enclosure(d, json_object_get(order, "file"))},
			&id);
	dispatch_wake(d->dispatch);
	answer(json_pack("{s:s,s:I}", "err", err_name(err), "id", (json_int_t)id));
}

static void add_outbox(void *arg, const struct outbox_row *row)
{
	json_array_insert_new(arg, 0,
		json_pack("{s:I,s:s,s:s,s:b,s:i,s:s,s:s,s:s,s:I,s:I}", "id", (json_int_t)row->id,
			"channel", channel_kind_text(row->channel), "state",
			outbox_state_text(row->state), "is_final", row->is_final, "attempts",
			row->attempts, "error", err_name(row->error), "note", row->note,
			"external_id", row->external_id, "due_ms", (json_int_t)row->due_ms,
			"claimed_ms", (json_int_t)row->claimed_ms));
}

static void do_outbox(struct driver *d, const json_t *order)
{
	json_t *rows = json_array();

	(void)order;
	CHECK(!outbox_list(d->store, 0, 10000, add_outbox, rows));
	answer(rows);
}

struct inbox_list {
	struct driver *d;
	json_t *rows;
};

static void add_inbox(void *arg, const struct inbox_row *row)
{
	struct inbox_list *list = arg;
	struct buf address;

	buf_init(&address, PARTY_ADDRESS_MAX);
	CHECK(!party_address(list->d->store, row->party_id, &address));
	json_array_insert_new(list->rows, 0,
		json_pack("{s:I,s:s,s:s,s:s,s:I,s:s,s:I}", "id", (json_int_t)row->id, "channel",
			row->channel, "kind", inbox_kind_text(row->kind), "state",
			inbox_state_text(row->state), "sent_ms", (json_int_t)row->sent_ms, "from",
			buf_text(&address), "report", (json_int_t)row->report_id));
	buf_done(&address);
}

static void do_inbox(struct driver *d, const json_t *order)
{
	struct inbox_list list = {d, json_array()};

	(void)order;
	CHECK(!inbox_list(d->store, 0, 10000, add_inbox, &list));
	answer(list.rows);
}

static void count_row(void *arg, const struct inbox_row *row)
{
	int *rows = arg;

	(void)row;
	++*rows;
}

/* Which of the message ids have not come yet, and how many rows there are in all. */
static void do_missing(struct driver *d, const json_t *order)
{
	const char *channel = zalo_json_text(order, "channel");
	json_t *missing = json_array(), *id;
	int64_t inbox_id, report_id;
	int rows = 0;
	size_t i;

	json_array_foreach (json_object_get(order, "ids"), i, id) {
		if (inbox_find(d->store, channel, json_string_value(id), &inbox_id, &report_id))
			json_array_append(missing, id);
	}
	CHECK(!inbox_list(d->store, 0, 1000000, count_row, &rows));
	answer(json_pack("{s:o,s:i}", "missing", missing, "rows", rows));
}

struct content_list {
	struct driver *d;
	json_t *rows;
};

/* What was stored, opened again, as hexadecimal; null when it can't be. */
static json_t *content_hex(struct driver *d, int64_t attachment_id)
{
	struct media_file file;
	struct media_reader *reader;
	char piece[1000], hex[2 * sizeof(piece) + 1];
	struct buf all;
	size_t len = 1;
	json_t *json = NULL;

	if (attachment_file(d->store, &key_holder_box, attachment_id, &file) ||
		media_reader_new(d->store, &file, &reader))
		return json_null();
	buf_init(&all, 4 * 1024 * 1024);
	while (len && !media_reader_read(reader, piece, sizeof(piece), &len)) {
		str_hex(piece, len, hex);
		CHECK(!buf_adds(&all, hex));
	}
	if (!len)
		json = json_string(buf_text(&all));
	media_reader_free(reader);
	buf_done(&all);
	return json ? json : json_null();
}

static void add_attachment(void *arg, const struct attachment *a)
{
	struct content_list *list = arg;

	json_array_append_new(list->rows,
		json_pack("{s:I,s:I,s:s,s:s,s:s,s:s,s:I,s:i,s:s,s:I}", "id", (json_int_t)a->id,
			"report", (json_int_t)a->report_id, "kind", attachment_kind_text(a->kind),
			"state", attachment_state_text(a->state), "reason", a->reason, "mime",
			a->mime, "bytes", (json_int_t)a->bytes, "attempts", a->attempts, "name",
			a->name, "inbox", (json_int_t)a->inbox_id));
}

static void add_contents(void *arg, const struct inbox_row *row)
{
	struct content_list *list = arg;

	if (row->report_id)
		CHECK(!attachment_of_report(
			list->d->store, &key_holder_box, row->report_id, add_attachment, list));
}

/* By report, newest first; "with_content": with what was stored. */
static void do_attachments(struct driver *d, const json_t *order)
{
	struct content_list list = {d, json_array()};
	json_t *row;
	size_t i;

	CHECK(!inbox_list(d->store, 0, 10000, add_contents, &list));
	json_array_foreach (list.rows, i, row) {
		struct attachment a;

		if (!json_is_true(json_object_get(order, "with_content")))
			break;
		CHECK(!attachment_load(
			d->store, json_integer_value(json_object_get(row, "id")), &a));
		if (a.state == ATTACHMENT_STORED)
			json_object_set_new(row, "content", content_hex(d, a.id));
	}
	answer(list.rows);
}

static void add_entry(void *arg, const struct report_entry *entry)
{
	json_array_append_new(arg, json_string(entry->text));
}

static void do_entries(struct driver *d, const json_t *order)
{
	json_t *rows = json_array();

	CHECK(!report_entries(d->store, &key_holder_box,
		json_integer_value(json_object_get(order, "report")), add_entry, rows));
	answer(rows);
}

static void add_gap(void *arg, const struct zalo_gap *gap)
{
	json_array_append_new(arg, json_pack("{s:s,s:I,s:I}", "list", gap->list, "from",
					   (json_int_t)gap->from_ms, "to", (json_int_t)gap->to_ms));
}

static void do_gaps(struct driver *d, const json_t *order)
{
	json_t *rows = json_array();

	(void)order;
	CHECK(!zalo_gap_list(d->store, 0, 100, add_gap, rows));
	answer(rows);
}

static void do_clock(struct driver *d, const json_t *order)
{
	d->clock.ms += json_integer_value(json_object_get(order, "ms"));
	zalo_wake(d->zalo);
	dispatch_wake(d->dispatch);
	answer_err(ERR_OK);
}

static void doctor_done(void *arg, enum err err, const json_t *findings)
{
	(void)arg;
	answer(err ? json_pack("{s:s}", "err", err_name(err)) : json_deep_copy(findings));
}

static void do_doctor(struct driver *d, const json_t *order)
{
	struct errbuf eb = {0};
	enum err err = zalo_doctor(d->zalo, doctor_done, d, &eb);

	(void)order;
	if (err)
		answer_err(err);
}

/* So many requests at the same time by the account's HTTP client; answers when all have ended. */
struct fetch {
	json_int_t left, good;
	const char *reason;
};

static void fetched(void *arg, const struct http_result *result)
{
	struct fetch *fetch = arg;

	fetch->good += !result->err && result->status == 200;
	if (result->err)
		fetch->reason = result->reason;
	if (--fetch->left)
		return;
	answer(json_pack("{s:I,s:s}", "good", fetch->good, "reason", fetch->reason));
	free(fetch);
}

static void do_fetch(struct driver *d, const json_t *order)
{
	struct fetch *fetch = calloc(1, sizeof(*fetch));
	json_int_t count = json_integer_value(json_object_get(order, "count"));

	CHECK(fetch && count > 0);
	fetch->left = count;
	fetch->reason = "";
	for (json_int_t i = 0; i < count; i++)
		CHECK(!http_client_start(d->zalo->http,
			&(struct http_client_request){.url = zalo_json_text(order, "url"),
				.deadline_ms = 20000,
				.reply_max = 4 << 20,
				.done = fetched,
				.arg = fetch},
			NULL));
}

static enum err alarm_noted(void *arg, const char *key, const struct phrase_field *fields)
{
	struct driver *d = arg;

	(void)fields;
	return event_add(d->store, "test.alarm", key, "system", "{}");
}

static void login_done(void *arg, enum err err, const struct errbuf *eb)
{
	(void)arg;
	answer(json_pack("{s:s,s:s}", "err", err_name(err), "why", eb->text));
}

static void do_login(struct driver *d, const json_t *order)
{
	const char *pasted = json_string_value(json_object_get(order, "pasted"));
	struct errbuf eb = {0};
	struct buf url;
	enum err err;

	if (pasted) {
		err = zalo_login_code(d->zalo, pasted, login_done, d, &eb);
		if (err)
			login_done(d, err, &eb);
		return;
	}
	buf_init(&url, 2048);
	err = zalo_login_begin(d->zalo, "test", &url, &eb);
	answer(json_pack(
		"{s:s,s:s,s:s}", "err", err_name(err), "url", buf_text(&url), "why", eb.text));
	buf_done(&url);
}

/* Nobody reads what would be answered. */
static void login_unheard(void *arg, enum err err, const struct errbuf *eb)
{
	(void)arg;
	(void)err;
	(void)eb;
}

static void obey_unheard(struct driver *d, const json_t *order)
{
	const char *pasted = json_string_value(json_object_get(order, "pasted"));
	json_t *json = NULL;
	struct errbuf eb;

	if (str_eq(zalo_json_text(order, "do"), "login"))
		CHECK(!zalo_login_code(d->zalo, pasted, login_unheard, d, &eb));
	else
		CHECK(!obey_group(d->store, d->desk, order, &json) && !json);
}

/* The clock moves, or an order about groups or a login is obeyed, and whatever that sets off ends
 * at the step `at` (tests/lib/crash_points.h). */
static void do_crash(struct driver *d, const json_t *order)
{
	const json_t *then = json_object_get(order, "then");

	crash_points_arm((long)json_integer_value(json_object_get(order, "at")));
	if (then)
		obey_unheard(d, then);
	zalo_soon(d->zalo);
	do_clock(d, order);
}

static void do_steps(struct driver *d, const json_t *order)
{
	(void)d;
	(void)order;
	answer(json_pack("{s:I}", "steps", (json_int_t)crash_points_count()));
}

static void zalo_closed(void *arg)
{
	struct driver *d = arg;

	turn_loop_stop(&d->turns);
	uv_close((uv_handle_t *)&d->in, NULL);
}

static void quit(struct driver *d)
{
	if (d->is_quitting)
		return;
	d->is_quitting = true;
	zalo_close(d->zalo, zalo_closed, d);
}

static void do_quit(struct driver *d, const json_t *order)
{
	(void)order;
	quit(d);
}

static const struct {
	const char *name;
	void (*act)(struct driver *d, const json_t *order);
} orders[] = {
	{"status", do_status},
	{"token", do_token},
	{"set_token", do_set_token},
	{"send", do_send},
	{"outbox", do_outbox},
	{"inbox", do_inbox},
	{"missing", do_missing},
	{"attachments", do_attachments},
	{"entries", do_entries},
	{"gaps", do_gaps},
	{"clock", do_clock},
	{"crash", do_crash},
	{"steps", do_steps},
	{"login", do_login},
	{"fetch", do_fetch},
	{"doctor", do_doctor},
	{"quit", do_quit},
};

static void obey(struct driver *d, const char *line)
{
	CLEAN_JSON *order = json_loads(line, 0, NULL);

	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		if (str_eq(zalo_json_text(order, "do"), orders[i].name)) {
			orders[i].act(d, order);
			return;
		}
	}
	if (str_starts(zalo_json_text(order, "do"), "group_")) {
		json_t *json = NULL;
		enum err err = obey_group(d->store, d->desk, order, &json);

		zalo_soon(d->zalo);
		if (json)
			answer(json);
		else
			answer_after_commit(d, err);
		return;
	}
	answer_err(ERR_INVALID);
}

static void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
	static char room[LINE_MAX_BYTES];

	(void)handle;
	(void)size;
	*buf = uv_buf_init(room, sizeof(room));
}

static void on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *buf)
{
	struct driver *d = container_of((uv_pipe_t *)stream, struct driver, in);
	char *end;

	if (len < 0) {
		quit(d);
		return;
	}
	CHECK(!buf_add(&d->line, buf->base, (size_t)len));
	while (!d->is_quitting && (end = strchr(buf_text(&d->line), '\n'))) {
		*end = 0;
		obey(d, d->line.data);
		buf_drop(&d->line, (size_t)(end - d->line.data) + 1);
	}
}

/* ---- start and end ---------------------------------------------------------------------------
 */

static void disk_failed(void *arg)
{
	(void)arg;
	_exit(5);
}

/* The `zalo` object of binhyen.json, read as the daemon reads it; poll_s may be less than it lets.
 */
static void read_config(struct driver *d, const char *text)
{
	CLEAN_JSON *json = json_loads(text, 0, NULL);
	json_t *poll_s = json_incref(json_object_get(json, "poll_s"));
	CLEAN_JSON *whole = json_pack("{s:O}", "zalo", json);
	struct config *config;
	struct errbuf eb = {0};
	char *file;

	d->has_groups = json_is_true(json_object_get(json, "groups"));
	/* As a word it is the setting. */
	if (json_is_boolean(json_object_get(json, "groups")))
		json_object_del(json, "groups");
	d->connect_ms = json_integer_value(json_object_get(json, "connect_ms"));
	json_object_del(json, "connect_ms");
	CHECK(!str_copy(d->ca_file, sizeof(d->ca_file), zalo_json_text(json, "ca_file")));
	json_object_del(json, "ca_file");
	json_object_del(json, "poll_s");
	file = json_dumps(whole, 0);
	CHECK(file);
	if (config_parse(file, strlen(file), "zalo_client", &config, &eb)) {
		fprintf(stderr, "%s\n", eb.text);
		exit(2);
	}
	d->config = config->zalo;
	if (poll_s)
		d->config.poll_s = (int)json_integer_value(poll_s);
	json_decref(poll_s);
	config_free(config);
	free(file);
}

static void open_store(struct driver *d, const char *folder)
{
	static const uint8_t key[VAULT_KEY_BYTES] = {3, 1, 4};
	struct errbuf eb = {0};
	char path[256];
	int64_t count;

	snprintf(path, sizeof(path), "%s/box.db", folder);
	CHECK(!vault_new(key, &d->vault));
	CHECK(!store_open(
		&(struct store_options){.path = path, .vault = d->vault, .clock = &d->clock.clock},
		&d->store, &eb));
	CHECK(!outbox_recover(d->store, &count));
	CHECK(!desk_new(&(struct desk_options){.store = d->store,
				.has_zalo = true,
				.duty_group = d->with_duty ? d->config.duty_group : "",
				.relay_text = true},
		&d->desk));
	CHECK(!intake_new(
		&(struct intake_options){.store = d->store, .desk = d->desk}, &d->intake));
}

static void open_loop(struct driver *d, const char *app_secret)
{
	struct errbuf eb = {0};

	CHECK(!uv_loop_init(&d->loop));
	CHECK(!dispatch_new(&(struct dispatch_options){.store = d->store,
				    .wake = turn_loop_wake,
				    .wake_arg = &d->turns,
				    .seed = 1},
		&d->dispatch));
	d->turns = (struct turn_loop){.store = d->store,
		.intake = d->intake,
		.desk = d->desk,
		.dispatch = d->dispatch,
		.failed = disk_failed};
	CHECK(!turn_loop_start(&d->turns, &d->loop));
	CHECK(!zalo_open(&(struct zalo_options){.loop = &d->loop,
				 .store = d->store,
				 .intake = d->intake,
				 .desk = d->desk,
				 .keeps_groups = d->has_groups,
				 .dispatch = d->dispatch,
				 .config = &d->config,
				 .app_secret = app_secret,
				 .user_agent = "binhyen/test",
				 .ca_file = d->ca_file[0] ? d->ca_file : NULL,
				 .connect_ms = d->connect_ms,
				 .alarm = alarm_noted,
				 .alarm_arg = d},
		&d->zalo, &eb));
	CHECK(!uv_pipe_init(&d->loop, &d->in, 0));
	CHECK(!uv_pipe_open(&d->in, 0));
	CHECK(!uv_read_start((uv_stream_t *)&d->in, on_alloc, on_read));
}

int main(int argc, char **argv)
{
	static struct driver d;

	CHECK(argc == 4);
	signal(SIGPIPE, SIG_IGN);
	d.clock.clock = (struct clock){moved_wall, moved_mono};
	buf_init(&d.line, LINE_MAX_BYTES);
	d.with_duty = getenv("ZALO_CLIENT_DUTY") != NULL;
	if (getenv("ZALO_CLIENT_CLOCK_MS"))
		CHECK(!str_to_int64(getenv("ZALO_CLIENT_CLOCK_MS"), 0, INT64_MAX / 2, &d.clock.ms));
	read_config(&d, argv[2]);
	open_store(&d, argv[1]);
	open_loop(&d, argv[3]);
	answer_err(ERR_OK);
	uv_run(&d.loop, UV_RUN_DEFAULT);
	CHECK(!uv_loop_close(&d.loop));
	dispatch_free(d.dispatch);
	intake_free(d.intake);
	desk_free(d.desk);
	store_close(d.store);
	vault_free(d.vault);
	buf_done(&d.line);
	return 0;
}
