/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who called lately: a phone that rings announces itself every few seconds and is one call. */
#ifndef BINHYEN_GATEWAY_CALLERS_H
#define BINHYEN_GATEWAY_CALLERS_H

#include <stdbool.h>
#include <stdint.h>

#define CALLERS_MAX	 8
#define CALLER_BYTES	 48
#define CALLERS_AGAIN_MS 30000 /* so long after a call the next of the same caller is one more */

struct caller {
	char from[CALLER_BYTES];
	int64_t at_ms;
	bool is_used;
};

struct callers {
	struct caller callers[CALLERS_MAX];
};

/* Is it a call that was not told yet? Then it is from now on; `from` is copied. "", a withheld
 * number, is one caller. */
bool callers_is_new(struct callers *callers, const char from[CALLER_BYTES], int64_t now_ms);

#endif
