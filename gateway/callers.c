/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/callers.h"
#include "daemon/base/str.h"

#include <string.h>

static bool is_of(const struct caller *caller, const char *from)
{
	return caller->is_used && str_eq(caller->from, from);
}

/* His place, else a free one, else that of whose call is the longest ago. */
static struct caller *place_of(struct callers *callers, const char *from)
{
	struct caller *place = &callers->callers[0];

	for (int i = 0; i < CALLERS_MAX; i++) {
		struct caller *caller = &callers->callers[i];

		if (is_of(caller, from))
			return caller;
		if (place->is_used && (!caller->is_used || caller->at_ms < place->at_ms))
			place = caller;
	}
	return place;
}

bool callers_is_new(struct callers *callers, const char from[CALLER_BYTES], int64_t now_ms)
{
	struct caller *place = place_of(callers, from);

	if (is_of(place, from) && now_ms - place->at_ms < CALLERS_AGAIN_MS)
		return false;
	*place = (struct caller){.at_ms = now_ms, .is_used = true};
	memcpy(place->from, from, sizeof(place->from));
	return true;
}
