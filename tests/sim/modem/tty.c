/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pseudo terminal. Happy path: a host opens the symlink, writes commands, reads answers. What
 * hardware does besides: unread output is lost when the host closes; a new host finds the line
 * clean whatever the killed one left half written; unplugging makes reads end and the link vanish.
 * We keep the slave end open too, so that the master never reports EIO between two hosts; what a
 * real driver does at the last close (exclusive mode off, buffers flushed) is therefore done here,
 * told by inotify.
 */
#include "tests/sim/modem/sim.h"

#include "daemon/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define CTRL_Z 0x1A
#define ESC    0x1B

static void set_raw(int fd)
{
	struct termios t;
	if (tcgetattr(fd, &t) == 0) {
		cfmakeraw(&t);
		t.c_cflag |= CLOCAL | CREAD;
		cfsetispeed(&t, B115200);
		cfsetospeed(&t, B115200);
		tcsetattr(fd, TCSANOW, &t);
	}
}

/* A symlink is never rewritten in place: whoever opens the path sees the old pty or the new. */
static enum err link_to(const char *path, const char *target, struct errbuf *eb)
{
	char next[4096 + 8];
	snprintf(next, sizeof(next), "%s.next", path);
	unlink(next);
	if (symlink(target, next) != 0 || rename(next, path) != 0) {
		int saved = errno;
		unlink(next);
		return errbuf_set(eb, err_from_errno(saved), "%s: %s", path, strerror(saved));
	}
	return ERR_OK;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

enum err tty_plug(struct sim *sim, struct errbuf *eb)
{
	struct tty *tty = &sim->tty;
	char name[64];
	tty->master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (tty->master < 0 || grantpt(tty->master) != 0 || unlockpt(tty->master) != 0 ||
		ptsname_r(tty->master, name, sizeof(name)) != 0)
		goto fail;
	tty->slave = open(name, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (tty->slave < 0)
		goto fail;
	set_raw(tty->slave);
	tty->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	tty->is_open_known = tty->inotify >= 0 &&
			     inotify_add_watch(tty->inotify, name, IN_OPEN | IN_CLOSE) >= 0;
	tty->host_count = 0;
	enum err err = link_to(tty->link, name, eb);
	if (err == ERR_OK)
		return ERR_OK;
	tty_unplug(sim);
	return err;
fail:
	err = errbuf_set(eb, err_from_errno(errno), "no pseudo terminal: %s", strerror(errno));
	tty_unplug(sim);
	return err;
}

void tty_unplug(struct sim *sim)
{
	struct tty *tty = &sim->tty;
	tty_flush(sim);
	if (tty->master >= 0)
		unlink(tty->link);
	close_fd(&tty->inotify);
	close_fd(&tty->slave);
	close_fd(&tty->master);
}

bool tty_is_plugged(const struct sim *sim)
{
	return sim->tty.master >= 0;
}

bool tty_has_unread(const struct sim *sim)
{
	int bytes = 0;

	if (!tty_is_plugged(sim) || !sim->tty.host_count)
		return false;
	return sim->tty.head || (ioctl(sim->tty.slave, FIONREAD, &bytes) == 0 && bytes > 0);
}

static void drop_head(struct tty *tty)
{
	struct tty_piece *p = tty->head;
	tty->head = p->next;
	if (!tty->head)
		tty->tail = NULL;
	tty->queued_bytes -= p->len;
	free(p);
}

void tty_flush(struct sim *sim)
{
	timer_stop(sim, &sim->tty.pause);
	sim->tty.is_paused = false;
	while (sim->tty.head)
		drop_head(&sim->tty);
}

static void pause_over(struct sim *sim, void *arg)
{
	(void)arg;
	sim->tty.is_paused = false;
	if (sim->tty.head)
		sim->tty.head->pause_ms = 0;
	tty_on_output(sim);
}

void tty_on_output(struct sim *sim)
{
	struct tty *tty = &sim->tty;
	while (tty->head && !tty->is_paused && tty->master >= 0) {
		struct tty_piece *p = tty->head;
		if (p->pause_ms > 0) {
			tty->is_paused = true;
			timer_set(sim, &tty->pause, p->pause_ms, pause_over, NULL);
			return;
		}
		ssize_t n = write(tty->master, p->data + p->off, p->len - p->off);
		if (n < 0)
			return; /* EAGAIN: the host does not read; poll tells when it does */
		p->off += (size_t)n;
		if (p->off == p->len)
			drop_head(tty);
	}
}

void tty_write_after(struct sim *sim, const char *data, size_t len, int64_t pause_ms)
{
	struct tty *tty = &sim->tty;
	bool is_heard = !tty->is_open_known || tty->host_count > 0;
	if (len == 0 || tty->master < 0 || !is_heard || tty->queued_bytes + len > SIM_OUTPUT_BYTES)
		return;
	struct tty_piece *p = sim_alloc(sizeof(*p) + len);
	memcpy(p->data, data, len);
	p->len = len;
	p->pause_ms = pause_ms;
	if (tty->tail)
		tty->tail->next = p;
	else
		tty->head = p;
	tty->tail = p;
	tty->queued_bytes += len;
	tty_on_output(sim);
}

void tty_write(struct sim *sim, const char *data, size_t len)
{
	tty_write_after(sim, data, len, 0);
}

/* Where within the unread bytes another program began: "AT" or ESC in the middle of a line. */
static size_t successor_at(const struct sim *sim, const char *data, size_t len)
{
	bool is_inside = sim->at.is_prompt || sim->at.line.len > 0;
	for (size_t i = 0; i < len; i++) {
		bool is_command = i + 1 < len && strncasecmp(data + i, "AT", 2) == 0;
		if (is_inside && (data[i] == ESC || is_command))
			return i;
		is_inside = data[i] != '\r' && data[i] != '\n' && data[i] != CTRL_Z;
	}
	return len;
}

static void drop_unread(struct sim *sim)
{
	tty_flush(sim);
	tcflush(sim->tty.slave, TCIFLUSH);
}

/*
 * The last host has closed; what it wrote before still reached the modem. When the next one is
 * there already, its first bytes may be in the same heap: they must not be glued to a half command.
 */
static void host_left(struct sim *sim, const char *data, size_t len)
{
	struct tty *tty = &sim->tty;
	size_t own = tty->host_count > 0 ? successor_at(sim, data, len) : len;
	drop_unread(sim);
	ioctl(tty->slave, TIOCNXCL);
	if (tty->host_count == 0)
		set_raw(tty->slave);
	at_input(sim, data, own);
	if (tty->host_count == 0 || own < len || sim->at.line.len > 0 || sim->at.is_prompt)
		drop_unread(sim); /* else these may be the answers to the next host */
	at_host_gone(sim);
	at_input(sim, data + own, len - own);
}

/* Counts who has it open now; true when for a moment nobody had. */
static bool count_hosts(struct tty *tty)
{
	_Alignas(struct inotify_event) char data[4096];
	ssize_t n;
	bool has_left = false;
	while ((n = read(tty->inotify, data, sizeof(data))) > 0) {
		for (ssize_t at = 0; at < n;) {
			struct inotify_event event;
			memcpy(&event, data + at, sizeof(event));
			at += (ssize_t)(sizeof(event) + event.len);
			if (event.mask & IN_OPEN)
				tty->host_count++;
			else if ((event.mask & IN_CLOSE) && tty->host_count > 0)
				has_left |= --tty->host_count == 0;
		}
	}
	return has_left;
}

static size_t read_some(const struct tty *tty, char *data, size_t size)
{
	ssize_t n = size > 0 ? read(tty->master, data, size) : 0;
	return n > 0 ? (size_t)n : 0;
}

void tty_on_input(struct sim *sim)
{
	static char data[SIM_INPUT_BYTES];
	const struct tty *tty = &sim->tty;
	while (tty_is_plugged(sim)) {
		/* The hosts are counted after the read: who wrote this had it open by then. */
		size_t len = read_some(tty, data, sizeof(data));
		bool has_left = count_hosts(&sim->tty);
		for (size_t more = 1; has_left && more > 0; len += more)
			more = read_some(tty, data + len, sizeof(data) - len);
		if (has_left)
			host_left(sim, data, len);
		else if (len > 0)
			at_input(sim, data, len);
		else
			return;
	}
}
