/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/wire.h"
#include "daemon/base/log.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define WIRE_CHUNK_BYTES 4096

void wire_init(struct wire *wire, int in_fd, int out_fd)
{
	*wire = (struct wire){.in_fd = in_fd, .out_fd = out_fd};
	buf_init(&wire->in, LINE_MAX_BYTES + WIRE_CHUNK_BYTES);
	buf_init(&wire->out, LINE_MAX_BYTES);
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

void wire_send(struct wire *wire, const struct line *line)
{
	enum err err;

	buf_reset(&wire->out);
	err = line_format(line, &wire->out);
	if (err) {
		log_error("line", "unwritable=%d err=%s", (int)line->type, err_name(err));
		return;
	}
	write_all(wire, wire->out.data, wire->out.len);
}
