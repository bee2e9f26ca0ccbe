/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state of modem_power.c, part of each struct modem. */
#ifndef BINHYEN_RELAY_MODEM_POWER_H
#define BINHYEN_RELAY_MODEM_POWER_H

#include "daemon/relay/modem_ladder.h"
#include "daemon/relay/usb_device.h"

#include <uv.h>

enum power_state {
	POWER_IDLE,
	POWER_NOTING,	  /* that it will be off is not committed yet */
	POWER_TAKING_OFF, /* in the thread pool */
	POWER_RESTING,
	POWER_PUTTING_ON, /* in the thread pool */
	POWER_COMMAND,	  /* the configured program runs */
};

enum power_way {
	POWER_WAY_UNKNOWN, /* the tty was never there */
	POWER_WAY_NONE,	   /* no USB and no program */
	POWER_WAY_USB,
	POWER_WAY_DENIED, /* USB, but its `authorized` may not be written */
	POWER_WAY_COMMAND,
};

struct modem_power {
	struct ladder ladder;
	uv_timer_t timer; /* while it is down: the clock of the ladder, or of the step under way */
	enum power_state state;
	enum power_way way;
	bool is_dead;		     /* a person was told */
	bool is_stopped;	     /* the daemon ends */
	char usb_path[USB_PATH_MAX]; /* "" = not seen yet */
	uv_work_t work;
	bool work_is_on; /* what the work under way writes */
	enum err work_err;
	int tries;
	uv_process_t command;
	bool has_command, is_late;
	/* for status */
	int64_t cycles, cycled_ms; /* since the start, and the last (wall; 0 = never) */
	char error[96];
};

#endif
