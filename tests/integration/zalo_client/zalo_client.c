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
#include "daemon/base/str.h"
#include "store/event.h"
#include "store/turn.h"
#include "store/vault.h"
#include "tests/integration/zalo_client/driver.h"
#include "tests/integration/zalo_client/group_orders.h"

#include <signal.h>
#include <string.h>

#define LINE_MAX_BYTES 65536

static int64_t moved_wall(struct clock *clock)
{
	return clock_wall_ms(clock_system()) + container_of(clock, struct moved_clock, clock)->ms;
}

static int64_t moved_mono(struct clock *clock)
{
	return clock_mono_ms(clock_system()) + container_of(clock, struct moved_clock, clock)->ms;
}

void answer(json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);

	CHECK(text);
	printf("%s\n", text);
	fflush(stdout);
	free(text);
	json_decref(json);
}

void answer_err(enum err err)
{
	answer(json_pack("{s:s}", "err", err_name(err)));
}

static void committed(void *arg, enum err err)
{
	(void)arg;
	answer_err(err);
}

void answer_after_commit(struct driver *d, enum err err)
{
	if (!err)
		err = turn_defer(d->store, committed, d);
	if (err)
		answer_err(err);
}

/* ---- orders ----------------------------------------------------------------------------------
 */

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
	order_fn *act;
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

static enum err alarm_noted(void *arg, const char *key, const struct phrase_field *fields)
{
	struct driver *d = arg;

	(void)fields;
	return event_add(d->store, "test.alarm", key, "system", "{}");
}

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
