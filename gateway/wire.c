/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/wire.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define WIRE_CHUNK_BYTES 4096
#define WIRE_OUT_BYTES	 (4 * LINE_MAX_BYTES) /* with less than a line of room left it is written */

void wire_init(struct wire *wire, int in_fd, int out_fd)
{
	*wire = (struct wire){.in_fd = in_fd, .out_fd = out_fd};
	buf_init(&wire->in, LINE_MAX_BYTES + WIRE_CHUNK_BYTES);
	buf_init(&wire->out, WIRE_OUT_BYTES);
}

void wire_done(struct wire *wire)
{
	buf_wipe(&wire->in);
	buf_wipe(&wire->out);
}

void wire_fill(struct wire *wire)
{
	char chunk[WIRE_CHUNK_BYTES];
	ssize_t n;

	buf_drop(&wire->in, wire->parsed);
	wire->parsed = 0;
	if (wire->in.len >= LINE_MAX_BYTES) {
		if (!wire->is_skipping)
			log_warn("line", "bad=%lld detail=\"too long\"", (long long)++wire->noise);
		wire->is_skipping = true;
		buf_reset(&wire->in);
	}
	n = read(wire->in_fd, chunk, sizeof(chunk));
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0 || buf_add(&wire->in, chunk, (size_t)n))
		wire->is_closed = true;
	explicit_bzero(chunk, sizeof(chunk));
}

bool wire_next(struct wire *wire, struct line *ret_line)
{
	while (wire->parsed < wire->in.len) {
		const char *begin = wire->in.data + wire->parsed;
		const char *end = memchr(begin, '\n', wire->in.len - wire->parsed);
		struct errbuf eb = {0};
		bool was_skipping = wire->is_skipping;

		if (!end)
			return false;
		wire->parsed += (size_t)(end - begin) + 1;
		wire->is_skipping = false;
		if (was_skipping)
			continue;
		if (line_parse(begin, (size_t)(end - begin), ret_line, &eb) == ERR_OK)
			return true;
		log_warn("line", "bad=%lld detail=\"%s\"", (long long)++wire->noise, eb.text);
	}
	return false;
}

static void write_all(struct wire *wire, const char *data, size_t len)
{
	while (len && !wire->is_closed) {
		ssize_t n = write(wire->out_fd, data, len);

		if (n > 0) {
			data += n;
			len -= (size_t)n;
		} else if (n < 0 && errno == EAGAIN) {
			struct pollfd pfd = {.fd = wire->out_fd, .events = POLLOUT};

			poll(&pfd, 1, -1);
		} else if (n == 0 || errno != EINTR) {
			wire->is_closed = true;
		}
	}
}

static int64_t now_ms(void)
{
	return clock_mono_ms(clock_system());
}

static bool put(struct wire *wire, const struct line *line)
{
	enum err err;

	if (!wire->out.len)
		wire->oldest_ms = now_ms();
	err = line_format(line, &wire->out);
	if (!err)
		return true;
	log_error("line", "unwritable=%d err=%s", (int)line->type, err_name(err));
	return false;
}

static void write_out(struct wire *wire)
{
	write_all(wire, wire->out.data, wire->out.len);
	buf_reset(&wire->out);
}

int64_t wire_due_ms(const struct wire *wire)
{
	return wire->out.len ? wire->oldest_ms + WIRE_HOLD_MS : INT64_MAX;
}

void wire_send_later(struct wire *wire, const struct line *line)
{
	if (!put(wire, line))
		return;
	if (wire->out.len > WIRE_OUT_BYTES - LINE_MAX_BYTES || now_ms() >= wire_due_ms(wire))
		write_out(wire);
}

void wire_send(struct wire *wire, const struct line *line)
{
	if (wire->is_held)
		wire_send_later(wire, line);
	else if (put(wire, line))
		write_out(wire);
}

void wire_hold(struct wire *wire)
{
	wire->is_held = true;
}

void wire_flush(struct wire *wire)
{
	wire->is_held = false;
	write_out(wire);
}
