/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libgammu's pace. It rests 400 ms after each command until it has identified the modem, 600 ms
 * between the halves of a message and 100 ms after it, for phones on a serial cable that lost
 * characters; it cannot be configured. A 27.005 module answers when it is done and is waited for
 * anyway, so the rests only cost: 4 s a connect, 0.7 s a message. This definition takes the place
 * of the C library's for the whole process and cuts them short; rests of a millisecond between
 * characters stay.
 */
#include "daemon/base/base.h"

#include <time.h>
#include <unistd.h>

#define PACE_MAX_US 10000

int usleep(useconds_t useconds)
{
	struct timespec rest = {0};

	if (useconds > PACE_MAX_US)
		useconds = PACE_MAX_US;
	rest.tv_nsec = (long)useconds * 1000;
	return nanosleep(&rest, NULL);
}
