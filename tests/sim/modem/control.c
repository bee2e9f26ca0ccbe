/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control socket: one JSON object a line in, one out, in order. A request that waits
 * (wait_sent, wait_drained) holds back the later lines of its client only.
 */
#include "tests/sim/modem/sim.h"

#include "daemon/base/str.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define REQUEST_BYTES (256 * 1024)	 /* a long text with room to spare */
#define ANSWER_BYTES  (64 * 1024 * 1024) /* "sent" after a benchmark */
#define WAIT_MS	      10000

json_t *control_refuse(const char *fmt, ...)
{
	char text[256];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return json_pack("{s:b,s:s}", "ok", false, "error", text);
}

static void queue_line(struct client *c, const json_t *line)
{
	char *text = json_dumps(line, JSON_COMPACT | JSON_PRESERVE_ORDER);
	if (text && buf_adds(&c->out, text) == ERR_OK)
		(void)!buf_adds(&c->out, "\n");
	free(text);
	control_on_output(c);
}

/* Takes over the answer; "id" of the request comes back with it. */
static void answer(struct client *c, const json_t *request, json_t *line)
{
	json_t *id = json_object_get(request, "id");
	if (id)
		json_object_set(line, "id", id);
	queue_line(c, line);
	json_decref(line);
}

static void wait_over(struct sim *sim, struct client *c, json_t *line)
{
	timer_stop(sim, &c->limit);
	json_t *request = c->wait;
	c->wait = NULL;
	answer(c, request, line);
	json_decref(request);
}

static void process_lines(struct sim *sim, struct client *c);

static void limit_due(struct sim *sim, void *arg)
{
	struct client *c = arg;
	if (c->wait)
		wait_over(sim, c, control_wait_result(sim, c->wait, true));
	process_lines(sim, c);
}

static void handle(struct sim *sim, struct client *c, const char *text, size_t len)
{
	json_error_t error;
	json_t *request = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	if (!json_is_object(request)) {
		answer(c, NULL, control_refuse("not a JSON object: %s", error.text));
		json_decref(request);
		return;
	}
	const char *what = json_string_value(json_object_get(request, "do"));
	if (str_eq(what, "watch")) {
		c->is_watching = true;
		answer(c, request, json_pack("{s:b}", "ok", true));
		json_decref(request);
		return;
	}
	json_t *line = control_do(sim, request);
	if (line) {
		answer(c, request, line);
		json_decref(request);
		return;
	}
	const json_t *limit = json_object_get(request, "timeout_ms");
	c->wait = request;
	timer_set(sim, &c->limit, json_is_integer(limit) ? json_integer_value(limit) : WAIT_MS,
		limit_due, c);
}

static void process_lines(struct sim *sim, struct client *c)
{
	while (!c->wait && c->in.len > 0) {
		const char *end = memchr(c->in.data, '\n', c->in.len);
		if (!end)
			return;
		size_t len = (size_t)(end - c->in.data);
		char *text = sim_alloc(len + 1);
		memcpy(text, c->in.data, len);
		buf_drop(&c->in, len + 1);
		handle(sim, c, text, len);
		free(text);
	}
}

void control_check_waits(struct sim *sim)
{
	for (int i = 0; i < SIM_CLIENTS_MAX; i++) {
		struct client *c = sim->client[i];
		json_t *line = c && c->wait ? control_wait_result(sim, c->wait, false) : NULL;
		if (!line)
			continue;
		wait_over(sim, c, line);
		if (c->in.len > 0) /* its next request runs in a turn of its own */
			timer_set(sim, &c->limit, 0, limit_due, c);
	}
}

void control_show(struct sim *sim, const json_t *event)
{
	const char *ev = json_string_value(json_object_get(event, "ev"));
	if (!str_eq(ev, "phone") && !str_eq(ev, "dial") && !str_eq(ev, "call"))
		return;
	for (int i = 0; i < SIM_CLIENTS_MAX; i++) {
		if (sim->client[i] && sim->client[i]->is_watching)
			queue_line(sim->client[i], event);
	}
}

void control_accept(struct sim *sim)
{
	int fd = accept4(sim->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0)
		return;
	for (int i = 0; i < SIM_CLIENTS_MAX; i++) {
		if (sim->client[i])
			continue;
		struct client *c = sim_alloc(sizeof(*c));
		c->fd = fd;
		buf_init(&c->in, REQUEST_BYTES);
		buf_init(&c->out, ANSWER_BYTES);
		sim->client[i] = c;
		return;
	}
	close(fd);
}

void control_close(struct sim *sim, struct client *c)
{
	for (int i = 0; i < SIM_CLIENTS_MAX; i++) {
		if (sim->client[i] == c)
			sim->client[i] = NULL;
	}
	timer_stop(sim, &c->limit);
	json_decref(c->wait);
	buf_done(&c->in);
	buf_done(&c->out);
	close(c->fd);
	free(c);
}

void control_on_input(struct sim *sim, struct client *c)
{
	char data[16384];
	ssize_t n = read(c->fd, data, sizeof(data));
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0 || buf_add(&c->in, data, (size_t)n) != ERR_OK) {
		control_close(sim, c);
		return;
	}
	process_lines(sim, c);
}

void control_on_output(struct client *c)
{
	while (c->out.len > 0) {
		ssize_t n = send(c->fd, c->out.data, c->out.len, MSG_NOSIGNAL);
		if (n <= 0)
			return; /* the rest when poll says so; a dead peer is closed by its read */
		buf_drop(&c->out, (size_t)n);
	}
}
