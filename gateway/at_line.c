/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/at_line.h"
#include "daemon/base/clock.h"
#include "daemon/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define READ_BYTES    4096
#define WRITE_WAIT_MS 2000
#define COMMAND_BYTES 512

static int64_t now_ms(void)
{
	return clock_mono_ms(clock_system());
}

void at_line_init(struct at_line *line, const struct at_talk_ops *ops, void *arg)
{
	line->fd = -1;
	at_talk_init(&line->talk, ops, arg);
}

static enum err set_raw(int fd)
{
	struct termios tio;

	if (tcgetattr(fd, &tio))
		return ERR_UNSUPPORTED;
	cfmakeraw(&tio);
	tio.c_cflag |= CLOCAL | CREAD;
	tio.c_cflag &= ~(tcflag_t)(CSTOPB | CRTSCTS);
	tio.c_cc[VMIN] = 1;
	tio.c_cc[VTIME] = 0;
	cfsetispeed(&tio, B115200);
	cfsetospeed(&tio, B115200);
	if (tcsetattr(fd, TCSANOW, &tio))
		return ERR_UNREACHABLE;
	/* A modem that cannot be told so still works. */
	tcflush(fd, TCIOFLUSH);
	return ERR_OK;
}

enum err at_line_open(struct at_line *line, const char *device, struct errbuf *eb)
{
	struct at_ring ring = line->talk.ring;
	enum err err;
	int fd = open(device, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	at_line_close(line);
	if (fd < 0)
		return errbuf_set(eb, errno == EBUSY ? ERR_BUSY : ERR_UNREACHABLE, "open: %s",
			strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB)) {
		close(fd);
		return errbuf_set(eb, ERR_BUSY, "another program has the modem");
	}
	err = set_raw(fd);
	if (err) {
		close(fd);
		return errbuf_set(eb, err, "not a tty");
	}
	ioctl(fd, TIOCEXCL);
	at_line_init(line, line->talk.ops, line->talk.arg);
	line->talk.ring = ring;
	line->fd = fd;
	return ERR_OK;
}

void at_line_close(struct at_line *line)
{
	if (line->fd < 0)
		return;
	ioctl(line->fd, TIOCNXCL);
	close(line->fd);
	line->fd = -1;
}

enum err at_line_write(struct at_line *line, const char *bytes, size_t len)
{
	while (len) {
		struct pollfd pfd = {.fd = line->fd, .events = POLLOUT};
		ssize_t n = write(line->fd, bytes, len);

		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		} else if (n < 0 && errno == EAGAIN) {
			if (poll(&pfd, 1, WRITE_WAIT_MS) <= 0)
				return ERR_TIMEOUT;
		} else if (n == 0 || errno != EINTR) {
			return ERR_UNREACHABLE;
		}
	}
	return ERR_OK;
}

/* All that is there now; ERR_UNREACHABLE when the device is gone. */
static enum err read_all(struct at_line *line, bool *ret_has_more)
{
	char bytes[READ_BYTES];
	ssize_t n = read(line->fd, bytes, sizeof(bytes));

	*ret_has_more = n == (ssize_t)sizeof(bytes);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return ERR_OK;
	if (n <= 0)
		return ERR_UNREACHABLE;
	at_talk_feed(&line->talk, bytes, (size_t)n);
	explicit_bzero(bytes, sizeof(bytes));
	return ERR_OK;
}

enum err at_line_pump(struct at_line *line, int wait_ms)
{
	struct pollfd pfd = {.fd = line->fd, .events = POLLIN};
	bool has_more = true;
	enum err err = ERR_OK;

	if (line->fd < 0)
		return ERR_UNREACHABLE;
	if (wait_ms && poll(&pfd, 1, wait_ms) == 0)
		return ERR_OK;
	while (has_more && !err)
		err = read_all(line, &has_more);
	return err;
}

/* Until the final code, no character for quiet_ms, or total_ms. */
static enum err wait_final(struct at_line *line, const struct at_request *request)
{
	int64_t now = now_ms(), end_ms = now + request->total_ms;
	int64_t quiet_ms = now + request->quiet_ms;

	while (!line->talk.is_done) {
		int64_t until_ms = quiet_ms < end_ms ? quiet_ms : end_ms;
		struct pollfd pfd = {.fd = line->fd, .events = POLLIN};
		bool has_more;
		enum err err;
		int n;

		if (until_ms <= now)
			return ERR_TIMEOUT;
		n = poll(&pfd, 1, (int)(until_ms - now));
		now = now_ms();
		if (n <= 0)
			continue;
		err = read_all(line, &has_more);
		if (err)
			return err;
		quiet_ms = now + request->quiet_ms;
	}
	return ERR_OK;
}

enum err at_line_command(
	struct at_line *line, const struct at_request *request, struct at_result *ret_result)
{
	char text[COMMAND_BYTES];
	int len = snprintf(text, sizeof(text), "%s\r", request->command);
	enum err err;

	if (line->fd < 0)
		return ERR_UNREACHABLE;
	if (len < 0 || (size_t)len >= sizeof(text))
		return ERR_TOO_BIG;
	at_ring_add(&line->talk.ring, '>', request->command);
	at_talk_begin(&line->talk, request);
	err = at_line_write(line, text, (size_t)len);
	if (!err)
		err = wait_final(line, request);
	at_talk_end(&line->talk);
	explicit_bzero(text, sizeof(text));
	if (!err)
		*ret_result = line->talk.result;
	if (err == ERR_TIMEOUT)
		line->timed_out_ms = now_ms();
	return err;
}
