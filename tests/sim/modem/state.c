/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What outlives the modem's power and this program: the SIM's slots and the queue of the SMSC. */
#include "tests/sim/modem/sim.h"

#include "daemon/base/str.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define SAVE_DELAY_MS 100 /* a burst of messages is one write */

static json_t *slots_json(const struct sim *sim, int mem)
{
	json_t *list = json_array();
	for (int i = 0; i < sim->memory[mem].size; i++) {
		const struct slot *slot = &sim->memory[mem].slot[i];
		char hex[2 * PDU_MAX_BYTES + 1];
		if (!slot->is_used)
			continue;
		pdu_to_hex(slot->pdu, slot->len, hex);
		json_array_append_new(
			list, json_pack("{s:i,s:i,s:I,s:s}", "at", i, "status", slot->status, "id",
				      (json_int_t)slot->id, "pdu", hex));
	}
	return list;
}

static void add_waiting(json_t *list, const struct incoming *m)
{
	for (; m; m = m->next) {
		char hex[2 * PDU_MAX_BYTES + 1];
		pdu_to_hex(m->pdu, m->len, hex);
		json_array_append_new(
			list, json_pack("{s:I,s:b,s:s,s:i,s:i,s:s}", "id", (json_int_t)m->id,
				      "report", m->is_report, "how", m->how, "mr", m->mr, "class",
				      m->msg_class, "pdu", hex));
	}
}

static json_t *backlog_json(const struct sim *sim)
{
	json_t *list = json_array();
	add_waiting(list, sim->network.unconfirmed);
	add_waiting(list, sim->network.refused);
	add_waiting(list, sim->network.head);
	return list;
}

void state_save(struct sim *sim)
{
	char next[4096 + 8];
	timer_stop(sim, &sim->save);
	if (!sim->opt.state[0])
		return;
	json_t *root = json_pack("{s:i,s:I,s:o,s:o,s:o,s:o}", "mr", sim->radio.next_mr, "last_id",
		(json_int_t)sim->network.last_id, "SM", slots_json(sim, MEM_SM), "ME",
		slots_json(sim, MEM_ME), "SR", slots_json(sim, MEM_SR), "backlog",
		backlog_json(sim));
	snprintf(next, sizeof(next), "%s.next", sim->opt.state);
	if (json_dump_file(root, next, JSON_COMPACT) != 0 || rename(next, sim->opt.state) != 0)
		fprintf(stderr, "sim-modem: state not saved: %s\n", strerror(errno));
	json_decref(root);
}

static void save_due(struct sim *sim, void *arg)
{
	(void)arg;
	state_save(sim);
}

void state_changed(struct sim *sim)
{
	if (sim->opt.state[0] && sim->save.index == 0 && !sim->is_quitting)
		timer_set(sim, &sim->save, SAVE_DELAY_MS, save_due, NULL);
}

static enum err load_slots(struct sim *sim, const json_t *list, int mem)
{
	size_t i;
	json_t *row;
	json_array_foreach ((json_t *)list, i, row) {
		int at, status;
		json_int_t id;
		const char *hex;
		uint8_t pdu[PDU_MAX_BYTES];
		size_t len;
		if (json_unpack(row, "{s:i,s:i,s:I,s:s}", "at", &at, "status", &status, "id", &id,
			    "pdu", &hex) != 0 ||
			pdu_from_hex(hex, strlen(hex), pdu, sizeof(pdu), &len) != ERR_OK || at < 0)
			return ERR_CORRUPT;
		if (at < sim->memory[mem].size)
			(void)slot_put(sim, mem, at, pdu, len, status, (uint64_t)id);
	}
	return ERR_OK;
}

static enum err load_backlog(struct sim *sim, const json_t *list)
{
	size_t i;
	json_t *row;
	json_array_foreach ((json_t *)list, i, row) {
		struct incoming in = {0};
		json_int_t id;
		int is_report;
		const char *hex, *how;
		if (json_unpack(row, "{s:I,s:b,s:s,s:i,s:i,s:s}", "id", &id, "report", &is_report,
			    "how", &how, "mr", &in.mr, "class", &in.msg_class, "pdu", &hex) != 0 ||
			pdu_from_hex(hex, strlen(hex), in.pdu, sizeof(in.pdu), &in.len) != ERR_OK ||
			str_copy(in.how, sizeof(in.how), how) != ERR_OK)
			return ERR_CORRUPT;
		in.id = (uint64_t)id;
		in.is_report = is_report != 0;
		if (network_offer(sim, &in, NULL) != ERR_OK)
			return ERR_CORRUPT;
	}
	return ERR_OK;
}

enum err state_load(struct sim *sim, struct errbuf *eb)
{
	if (!sim->opt.state[0] || access(sim->opt.state, F_OK) != 0)
		return ERR_OK;
	json_t *root = json_load_file(sim->opt.state, 0, NULL);
	json_int_t last_id = 0;
	enum err err = ERR_CORRUPT;
	if (root &&
		json_unpack(root, "{s:i,s:I}", "mr", &sim->radio.next_mr, "last_id", &last_id) == 0)
		err = load_slots(sim, json_object_get(root, "SM"), MEM_SM);
	if (err == ERR_OK)
		err = load_slots(sim, json_object_get(root, "ME"), MEM_ME);
	if (err == ERR_OK)
		err = load_slots(sim, json_object_get(root, "SR"), MEM_SR);
	sim->network.last_id = (uint64_t)last_id;
	if (err == ERR_OK)
		err = load_backlog(sim, json_object_get(root, "backlog"));
	json_decref(root);
	return err == ERR_OK ? ERR_OK : errbuf_set(eb, err, "%s is no state file", sim->opt.state);
}
