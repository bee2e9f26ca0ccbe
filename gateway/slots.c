/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/slots.h"
#include "daemon/base/str.h"

#include <string.h>

enum err slots_init(struct slots *slots)
{
	*slots = (struct slots){.table = calloc(SLOTS_MAX, sizeof(*slots->table))};
	return slots->table ? ERR_OK : ERR_NOMEM;
}

void slots_done(struct slots *slots)
{
	free(slots->table);
	*slots = (struct slots){0};
}

static struct slot *find(struct slots *slots, const char *mem, int number)
{
	for (int i = 0; i < slots->count; i++) {
		if (slots->table[i].slot == number && str_eq(slots->table[i].mem, mem))
			return &slots->table[i];
	}
	return NULL;
}

static bool is_held(const struct slot *slot)
{
	return slot->told != slot->freed_at;
}

/* Answers that will never come (a commit that failed) must not be waited for for ever. */
static void heal(struct slot *slot, int64_t now_ms)
{
	if (!is_held(slot) && slot->answered != slot->told &&
		now_ms - slot->freed_ms >= SLOTS_ANSWER_MS)
		slot->answered = slot->told;
}

static struct slot *add(struct slots *slots, const char *mem, int number)
{
	struct slot *slot = NULL;

	if (slots->count < SLOTS_MAX) {
		slot = &slots->table[slots->count++];
	} else {
		for (int i = 0; i < SLOTS_MAX && !slot; i++) {
			struct slot *old = &slots->table[i];

			if (!is_held(old) && old->answered == old->told)
				slot = old;
		}
	}
	if (!slot)
		return NULL;
	*slot = (struct slot){.slot = number};
	if (str_copy(slot->mem, sizeof(slot->mem), mem))
		slot->slot = -1; /* no such memory: never found again */
	return slot;
}

bool slots_tell(struct slots *slots, const char *mem, int number, int64_t now_ms, int64_t again_ms)
{
	struct slot *slot = find(slots, mem, number);

	if (!slot)
		slot = add(slots, mem, number);
	if (!slot || slot->is_deletable)
		return false;
	heal(slot, now_ms);
	if (is_held(slot) && now_ms - slot->told_ms < again_ms)
		return false;
	slot->told++;
	slot->told_ms = now_ms;
	return true;
}

bool slots_answer(struct slots *slots, const char *mem, int number, int64_t now_ms)
{
	struct slot *slot = find(slots, mem, number);

	if (!slot)
		return false;
	heal(slot, now_ms);
	if (slot->answered == slot->told)
		return false;
	slot->answered++;
	/* Counters wrap after four thousand million tellings of one slot; the difference does not
	 * mind. */
	if ((int32_t)(slot->answered - slot->freed_at) <= 0 || slot->is_deletable)
		return false;
	slot->is_deletable = true;
	slots->deletable++;
	return true;
}

bool slots_is_held(struct slots *slots, const char *mem, int number)
{
	const struct slot *slot = find(slots, mem, number);

	return slot && is_held(slot);
}

int slots_held(const struct slots *slots, const char *mem)
{
	int count = 0;

	for (int i = 0; i < slots->count; i++)
		count += str_eq(slots->table[i].mem, mem) && is_held(&slots->table[i]);
	return count;
}

struct slot *slots_next_deletable(struct slots *slots)
{
	for (int i = 0; slots->deletable && i < slots->count; i++) {
		if (slots->table[i].is_deletable)
			return &slots->table[i];
	}
	return NULL;
}

void slots_freed(struct slots *slots, struct slot *slot, bool is_freed, int64_t now_ms)
{
	CHECK(slot->is_deletable);
	slot->is_deletable = false;
	slots->deletable--;
	if (is_freed) {
		slot->freed_at = slot->told;
		slot->freed_ms = now_ms;
	}
}

void slots_forget(struct slots *slots, int64_t now_ms)
{
	for (int i = 0; i < slots->count; i++) {
		struct slot *slot = &slots->table[i];

		slot->is_deletable = false;
		slot->freed_at = slot->told;
		slot->freed_ms = now_ms;
	}
	slots->deletable = 0;
}
