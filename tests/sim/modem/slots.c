/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/modem/sim.h"

#include "daemon/base/str.h"

#include <string.h>

static const char *const names[MEM_COUNT] = {[MEM_SM] = "SM", [MEM_ME] = "ME", [MEM_SR] = "SR"};

const char *memory_name(int mem)
{
	return names[mem];
}

int memory_of(const char *name)
{
	for (int i = 0; i < MEM_COUNT; i++) {
		if (str_eq(name, names[i]))
			return i;
	}
	return -1;
}

int slot_put(
	struct sim *sim, int mem, int at, const uint8_t *pdu, size_t len, int status, uint64_t id)
{
	struct memory *m = &sim->memory[mem];
	if (at < 0) {
		if (m->used == m->size)
			return -1;
		for (at = 0; m->slot[at].is_used;)
			at++;
	}
	if (at >= m->size || len > PDU_MAX_BYTES)
		return -1;
	struct slot *slot = &m->slot[at];
	if (!slot->is_used)
		m->used++;
	*slot = (struct slot){.is_used = true, .status = status, .len = len, .id = id};
	memcpy(slot->pdu, pdu, len);
	journal(sim, "stored",
		json_pack("{s:s,s:i,s:I}", "memory", names[mem], "slot", at + sim->opt.first_slot,
			"id", (json_int_t)id));
	state_changed(sim);
	return at;
}

void slot_free(struct sim *sim, int mem, int at)
{
	struct memory *m = &sim->memory[mem];
	struct slot *slot = &m->slot[at];
	if (!slot->is_used)
		return;
	slot->is_used = false;
	m->used--;
	journal(sim, "deleted",
		json_pack("{s:s,s:i,s:I}", "memory", names[mem], "slot", at + sim->opt.first_slot,
			"id", (json_int_t)slot->id));
	state_changed(sim);
	network_slot_freed(sim);
}
