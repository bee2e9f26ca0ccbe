/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/http/lan_loop.h"

#include <errno.h>
#include <microhttpd.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <unistd.h>

#define EVENTS_MAX 128 /* more than there may be connections */

struct lan_loop {
	int epoll_fd;
	int fd_end;		     /* past the last that is waited for */
	uint32_t wanted[FD_SETSIZE]; /* 0: not waited for */
};

enum err lan_loop_new(struct lan_loop **ret_loop)
{
	struct lan_loop *loop = calloc(1, sizeof(*loop));

	if (!loop)
		return ERR_NOMEM;
	loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll_fd < 0) {
		free(loop);
		return err_from_errno(errno);
	}
	*ret_loop = loop;
	return ERR_OK;
}

void lan_loop_free(struct lan_loop *loop)
{
	if (!loop)
		return;
	close(loop->epoll_fd);
	free(loop);
}

int lan_loop_fd(const struct lan_loop *loop)
{
	return loop->epoll_fd;
}

void lan_loop_forget(struct lan_loop *loop, int fd)
{
	if (fd >= 0 && fd < FD_SETSIZE)
		loop->wanted[fd] = 0;
}

/* A descriptor that was closed has left the set by itself, and its number may be another's. */
static void want(struct lan_loop *loop, int fd, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.fd = fd};

	if (loop->wanted[fd] == events)
		return;
	loop->wanted[fd] = events;
	if (!events) {
		epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
	} else if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_MOD, fd, &event) != 0 && errno == ENOENT &&
		   epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
		loop->wanted[fd] = 0; /* tried again at the next run */
	}
}

static void look(struct lan_loop *loop, struct MHD_Daemon *daemon)
{
	fd_set reads, writes, others;
	int last = -1, end = loop->fd_end;

	FD_ZERO(&reads);
	FD_ZERO(&writes);
	FD_ZERO(&others);
	if (MHD_get_fdset2(daemon, &reads, &writes, &others, &last, FD_SETSIZE) != MHD_YES)
		last = -1;
	loop->fd_end = last + 1;
	if (end < loop->fd_end)
		end = loop->fd_end;
	for (int fd = 0; fd < end; fd++)
		want(loop, fd,
			(FD_ISSET(fd, &reads) ? (uint32_t)EPOLLIN : 0) |
				(FD_ISSET(fd, &writes) ? (uint32_t)EPOLLOUT : 0));
}

void lan_loop_run(struct lan_loop *loop, struct MHD_Daemon *daemon)
{
	struct epoll_event events[EVENTS_MAX];
	fd_set reads, writes, others;
	int count = epoll_wait(loop->epoll_fd, events, EVENTS_MAX, 0);

	FD_ZERO(&reads);
	FD_ZERO(&writes);
	FD_ZERO(&others);
	for (int i = 0; i < count; i++) {
		int fd = events[i].data.fd;
		uint32_t ready = events[i].events;

		/* An end or an error shows itself to whoever reads or writes. */
		if (ready & (EPOLLHUP | EPOLLERR))
			ready |= loop->wanted[fd];
		if (ready & EPOLLIN)
			FD_SET(fd, &reads);
		if (ready & EPOLLOUT)
			FD_SET(fd, &writes);
	}
	MHD_run_from_select(daemon, &reads, &writes, &others);
	look(loop, daemon);
}
