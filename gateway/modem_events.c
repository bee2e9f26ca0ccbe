/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/modem.h"

#include <string.h>

struct modem_event *modem_events_push(struct modem_events *events, enum modem_event_type type)
{
	struct modem_event *event;

	if (events->count == MODEM_EVENTS_MAX) {
		events->has_lost = true;
		return NULL;
	}
	event = &events->ring[(events->first + events->count++) % MODEM_EVENTS_MAX];
	memset(event, 0, sizeof(*event));
	event->type = type;
	return event;
}

bool modem_events_pop(struct modem_events *events, struct modem_event *ret_event)
{
	if (!events->count)
		return false;
	*ret_event = events->ring[events->first];
	events->first = (events->first + 1) % MODEM_EVENTS_MAX;
	events->count--;
	return true;
}

bool modem_events_take(
	struct modem_events *events, enum modem_event_type type, struct modem_event *ret_event)
{
	for (size_t i = 0; i < events->count; i++) {
		size_t at = (events->first + i) % MODEM_EVENTS_MAX;

		if (events->ring[at].type != type)
			continue;
		*ret_event = events->ring[at];
		for (; i + 1 < events->count; i++) {
			size_t next = (at + 1) % MODEM_EVENTS_MAX;

			events->ring[at] = events->ring[next];
			at = next;
		}
		events->count--;
		return true;
	}
	return false;
}
