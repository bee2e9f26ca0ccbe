/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/zalo/fault.h"

#include "daemon/base/str.h"

#include <string.h>

static const char *const names[] = {
	[FAULT_NONE] = "none",
	[FAULT_LOST_ANSWER] = "lost_answer",
	[FAULT_ERROR] = "error",
	[FAULT_HTTP] = "http_500",
	[FAULT_GARBAGE] = "garbage",
	[FAULT_SLOW] = "slow",
};

const char *fault_name(enum fault_kind kind)
{
	return names[kind];
}

enum err fault_add(struct fault_list *list, const struct fault *fault)
{
	if (list->count == FAULTS_MAX) {
		free(fault->body);
		return ERR_TOO_BIG;
	}
	list->items[list->count++] = *fault;
	return ERR_OK;
}

static void fault_drop(struct fault_list *list, size_t at)
{
	free(list->items[at].body);
	list->count--;
	memmove(list->items + at, list->items + at + 1,
		(list->count - at) * sizeof(list->items[0]));
}

struct fault fault_take(struct fault_list *list, const char *path)
{
	struct fault taken = {.kind = FAULT_NONE};

	for (size_t i = 0; i < list->count; i++) {
		struct fault *fault = &list->items[i];

		if (fault->path[0] && !strstr(path, fault->path))
			continue;
		taken = *fault;
		taken.body = str_dup(fault->body);
		if (fault->count > 0 && --fault->count == 0)
			fault_drop(list, i);
		break;
	}
	return taken;
}

void fault_clear(struct fault_list *list)
{
	while (list->count)
		fault_drop(list, list->count - 1);
}
