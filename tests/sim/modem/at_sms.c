/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages in PDU mode (3GPP TS 27.005 §3 and §4). */
#include "tests/sim/modem/sim.h"

#include "daemon/base/str.h"

#include <string.h>

enum {
	CMS_NOT_ALLOWED = 302,
	CMS_NOT_SUPPORTED = 303,
	CMS_BAD_PDU = 304,
	CMS_SIM_MISSING = 310,
	CMS_SIM_BUSY = 314,
	CMS_BAD_INDEX = 321,
	CMS_FULL = 322,
	CMS_NO_NETWORK = 331,
	CMS_NOTHING_TO_CONFIRM = 340,
};

static const struct at_answer ok = {AT_OK, 0}, bad = {AT_CMS, CMS_NOT_SUPPORTED};

static struct at_answer cms(int code)
{
	return (struct at_answer){AT_CMS, code};
}

/* OK, or why the SIM cannot be read now. */
static struct at_answer sim_state(const struct sim *sim)
{
	const char *state = sim->network.sim_state;
	if (str_eq(state, "READY"))
		return ok;
	return cms(str_eq(state, "absent") ? CMS_SIM_MISSING : CMS_SIM_BUSY);
}

static struct at_answer run_cmgf(const struct at_call *c)
{
	int mode = 0;
	if (c->kind == AT_TEST)
		at_say(c->sim, "+CMGF: (0)");
	else if (c->kind == AT_READ)
		at_say(c->sim, "+CMGF: %d", c->sim->at.set.cmgf);
	else if (c->kind == AT_SET && (at_ints(c->args, &mode, 1) != 1 || mode != 0))
		return bad; /* text mode cannot carry what residents write */
	return ok;
}

static void say_memories(struct sim *sim)
{
	const int *mem = sim->at.set.mem;
	CLEAN_BUF line;
	buf_init(&line, 256);
	for (int i = 0; i < 3; i++) {
		const struct memory *m = &sim->memory[mem[i]];
		(void)!buf_addf(&line, "%s\"%s\",%d,%d", i ? "," : "", memory_name(mem[i]), m->used,
			m->size);
	}
	at_say(sim, "+CPMS: %s", buf_text(&line));
}

static struct at_answer run_cpms(const struct at_call *c)
{
	struct sim *sim = c->sim;
	struct at_answer state = sim_state(sim);
	if (state.result != AT_OK)
		return state;
	bool has_me = sim->opt.me_slots > 0;
	if (c->kind == AT_TEST) {
		const char *two = has_me ? "\"SM\",\"ME\"" : "\"SM\"";
		const char *sr = sim->opt.sr_slots > 0 ? ",\"SR\"" : "";
		at_say(sim, "+CPMS: (%s%s),(%s),(%s)", two, sr, two, two);
		return ok;
	}
	if (c->kind == AT_READ) {
		say_memories(sim);
		return ok;
	}
	int mem[3];
	memcpy(mem, sim->at.set.mem, sizeof(mem));
	const char *at = c->args;
	for (int i = 0; i < 3 && *at; i++) {
		char name[8] = "";
		size_t len = strcspn(at, ",");
		if (len != 4 || at[0] != '"' || at[3] != '"')
			return cms(CMS_NOT_ALLOWED);
		memcpy(name, at + 1, 2);
		mem[i] = memory_of(name);
		if (mem[i] < 0 || (mem[i] == MEM_ME && !has_me) ||
			(mem[i] == MEM_SR && (i > 0 || !sim->opt.sr_slots)))
			return cms(CMS_NOT_ALLOWED);
		at += len + (at[len] == ',');
	}
	memcpy(sim->at.set.mem, mem, sizeof(mem));
	const struct memory *m0 = &sim->memory[mem[0]], *m1 = &sim->memory[mem[1]],
			    *m2 = &sim->memory[mem[2]];
	at_say(sim, "+CPMS: %d,%d,%d,%d,%d,%d", m0->used, m0->size, m1->used, m1->size, m2->used,
		m2->size);
	network_pump(sim); /* the other memory may have room */
	return ok;
}

static struct at_answer run_cnmi(const struct at_call *c)
{
	int *set = c->sim->at.set.cnmi;
	if (c->kind == AT_TEST) {
		at_say(c->sim, "+CNMI: (0-2),(0-2),(0,2),(0-2),(0,1)");
		return ok;
	}
	if (c->kind == AT_READ) {
		at_say(c->sim, "+CNMI: %d,%d,%d,%d,%d", set[0], set[1], set[2], set[3], set[4]);
		return ok;
	}
	static const int limit[5] = {2, 2, 2, 2, 1};
	int value[5];
	memcpy(value, set, sizeof(value));
	if (at_ints(c->args, value, 5) < 1)
		return cms(CMS_NOT_ALLOWED);
	for (int i = 0; i < 5; i++) {
		if (value[i] < 0 || value[i] > limit[i])
			return cms(CMS_NOT_ALLOWED);
	}
	memcpy(set, value, sizeof(value));
	network_pump(c->sim);
	return ok;
}

static struct at_answer run_csms(const struct at_call *c)
{
	int *set = &c->sim->at.set.csms;
	if (c->kind == AT_TEST)
		at_say(c->sim, "+CSMS: (0,1)");
	else if (c->kind == AT_READ)
		at_say(c->sim, "+CSMS: %d,1,1,1", *set);
	else if (c->kind == AT_SET && (at_ints(c->args, set, 1) != 1 || *set < 0 || *set > 1))
		return bad;
	else if (c->kind == AT_SET)
		at_say(c->sim, "+CSMS: 1,1,1");
	return ok;
}

static struct at_answer run_cnma(const struct at_call *c)
{
	if (c->kind == AT_TEST)
		return ok;
	return confirm_take(c->sim) ? ok : cms(CMS_NOTHING_TO_CONFIRM);
}

static struct at_answer run_cmms(const struct at_call *c)
{
	int *set = &c->sim->at.set.cmms;
	if (c->kind == AT_TEST)
		at_say(c->sim, "+CMMS: (0-2)");
	else if (c->kind == AT_READ)
		at_say(c->sim, "+CMMS: %d", *set);
	else if (c->kind == AT_SET && (at_ints(c->args, set, 1) != 1 || *set < 0 || *set > 2))
		return bad;
	return ok;
}

static struct at_answer run_csca(const struct at_call *c)
{
	struct options *opt = &c->sim->opt;
	if (c->kind == AT_READ) {
		at_say(c->sim, "+CSCA: \"%s\",145", opt->smsc);
	} else if (c->kind == AT_SET) {
		char number[20] = "";
		if (sscanf(c->args, "\"%19[+0-9]\"", number) != 1)
			return cms(CMS_NOT_ALLOWED);
		memcpy(opt->smsc, number, sizeof(number));
	}
	return ok;
}

/* +CSMP and +CSDH matter in text mode only; +CSAS and +CRES have nothing to save. */
static struct at_answer run_ignored(const struct at_call *c)
{
	if (c->kind == AT_READ && str_eq(c->name, "+CSMP"))
		at_say(c->sim, "+CSMP: 17,167,0,0");
	return ok;
}

static void say_slot(struct sim *sim, const char *command, int index, struct slot *slot)
{
	char hex[2 * PDU_MAX_BYTES + 1];
	pdu_to_hex(slot->pdu, slot->len, hex);
	size_t bytes = pdu_tpdu_bytes(slot->pdu, slot->len);
	if (index >= 0)
		at_say(sim, "%s: %d,%d,,%zu\r\n%s", command, index, slot->status, bytes, hex);
	else
		at_say(sim, "%s: %d,,%zu\r\n%s", command, slot->status, bytes, hex);
	if (slot->status == 0) {
		slot->status = 1;
		state_changed(sim);
	}
	if (!slot->is_read) {
		slot->is_read = true;
		int mem = sim->at.set.mem[0], at = (int)(slot - sim->memory[mem].slot);
		journal(sim, "read",
			json_pack("{s:s,s:i,s:I}", "memory", memory_name(mem), "slot",
				at + sim->opt.first_slot, "id", (json_int_t)slot->id));
	}
}

static struct at_answer run_cmgl(const struct at_call *c)
{
	struct sim *sim = c->sim;
	struct memory *m = &sim->memory[sim->at.set.mem[0]];
	struct at_answer state = sim_state(sim);
	int status = 0;
	if (c->kind == AT_TEST) {
		at_say(sim, "+CMGL: (0-4)");
		return ok;
	}
	if (state.result != AT_OK)
		return state;
	if (c->kind == AT_SET && (at_ints(c->args, &status, 1) != 1 || status < 0 || status > 4))
		return cms(CMS_NOT_ALLOWED);
	for (int i = 0; i < m->size; i++) {
		struct slot *slot = &m->slot[i];
		if (slot->is_used && (status == 4 || slot->status == status))
			say_slot(sim, "+CMGL", i + sim->opt.first_slot, slot);
	}
	return ok;
}

/* The slot that the first parameter names; NULL when there is none of that number. */
static struct slot *slot_of(const struct at_call *c, int *ret_at)
{
	struct sim *sim = c->sim;
	struct memory *m = &sim->memory[sim->at.set.mem[0]];
	int value[2] = {-1, 0};
	if (c->kind != AT_SET || at_ints(c->args, value, 2) < 1)
		return NULL;
	int at = value[0] - sim->opt.first_slot;
	if (at < 0 || at >= m->size)
		return NULL;
	*ret_at = at;
	return &m->slot[at];
}

static struct at_answer run_cmgr(const struct at_call *c)
{
	int at;
	struct at_answer state = sim_state(c->sim);
	if (state.result != AT_OK)
		return state;
	struct slot *slot = slot_of(c, &at);
	if (!slot || !slot->is_used)
		return cms(CMS_BAD_INDEX);
	say_slot(c->sim, "+CMGR", -1, slot);
	return ok;
}

static struct at_answer run_cmgd(const struct at_call *c)
{
	struct sim *sim = c->sim;
	int mem = sim->at.set.mem[0], at = 0, value[2] = {0, 0};
	struct memory *m = &sim->memory[mem];
	struct at_answer state = sim_state(sim);
	if (c->kind == AT_TEST) {
		at_say(sim, "+CMGD: (%d-%d),(0-4)", sim->opt.first_slot,
			m->size - 1 + sim->opt.first_slot);
		return ok;
	}
	if (state.result != AT_OK)
		return state;
	if (c->kind != AT_SET || at_ints(c->args, value, 2) < 1 || value[1] < 0 || value[1] > 4)
		return cms(CMS_NOT_ALLOWED);
	if (value[1] == 0) {
		if (!slot_of(c, &at))
			return cms(CMS_BAD_INDEX);
		slot_free(sim, mem, at);
		return ok;
	}
	/* delflag: 1 read, 2 and sent, 3 and unsent, 4 all */
	for (at = 0; at < m->size; at++) {
		int status = m->slot[at].status;
		if (value[1] == 4 || status == 1 || (status == 3 && value[1] >= 2) ||
			(status == 2 && value[1] >= 3))
			slot_free(sim, mem, at);
	}
	return ok;
}

static struct at_answer run_cmgs(const struct at_call *c)
{
	int bytes = 0;
	if (c->kind == AT_TEST)
		return ok;
	if (c->kind != AT_SET || at_ints(c->args, &bytes, 1) != 1 || bytes < 7 || bytes > 164)
		return cms(CMS_BAD_PDU);
	if (c->sim->at.effects.is[FAULT_NO_PROMPT])
		return (struct at_answer){AT_SILENT, 0};
	at_prompt(c->sim, "CMGS", bytes);
	return (struct at_answer){AT_LATER, 0};
}

static struct at_answer run_cmgw(const struct at_call *c)
{
	int value[2] = {0, 0};
	if (c->kind == AT_TEST)
		return ok;
	if (c->kind != AT_SET || at_ints(c->args, value, 2) < 1 || value[0] < 7 || value[0] > 164)
		return cms(CMS_BAD_PDU);
	at_prompt(c->sim, "CMGW", value[0]);
	return (struct at_answer){AT_LATER, 0};
}

/* The radio time is over: now the network takes the segment or does not. */
static void radio_over(struct sim *sim, void *arg)
{
	struct at *at = &sim->at;
	struct effects e = at->effects;
	struct pdu_message m;
	(void)arg;
	if (e.is[FAULT_CMS] || e.is[FAULT_CME]) {
		at_finish(sim, (struct at_answer){e.is[FAULT_CMS] ? AT_CMS : AT_CME, e.code});
		return;
	}
	if (!network_is_up(sim)) {
		at_finish(sim, cms(CMS_NO_NETWORK));
		return;
	}
	CHECK(pdu_decode_submit(at->sending, at->sending_len, &m) == ERR_OK);
	int mr = radio_accept(sim, at->sending, at->sending_len, &m);
	if (e.is[FAULT_HANG]) {
		at_hang(sim, e.hang_ms);
		return;
	}
	if (e.is[FAULT_ERROR_BUT_SENT]) {
		at_finish(sim, cms(e.code));
		return;
	}
	at_say(sim, "+CMGS: %d", mr);
	at_finish(sim, ok);
}

static void store_written(struct sim *sim, const uint8_t *pdu, size_t len)
{
	int at = slot_put(sim, sim->at.set.mem[1], -1, pdu, len, 2, 0);
	if (at < 0) {
		at_finish(sim, cms(CMS_FULL));
		return;
	}
	at_say(sim, "+CMGW: %d", at + sim->opt.first_slot);
	at_finish(sim, ok);
}

void at_sms_pdu(struct sim *sim)
{
	struct at *at = &sim->at;
	struct pdu_message m;
	size_t len = 0;
	struct at_answer state = sim_state(sim);
	if (state.result != AT_OK) {
		at_finish(sim, state);
		return;
	}
	if (pdu_from_hex(buf_text(&at->pdu), at->pdu.len, at->sending, PDU_MAX_BYTES, &len) !=
			ERR_OK ||
		pdu_tpdu_bytes(at->sending, len) != (size_t)at->prompt_bytes) {
		at_finish(sim, cms(CMS_BAD_PDU));
		return;
	}
	at->sending_len = len;
	if (str_eq(at->prompt_name, "CMGW")) {
		store_written(sim, at->sending, len);
		return;
	}
	if (pdu_decode_submit(at->sending, len, &m) != ERR_OK || m.address[0] == 0) {
		journal(sim, "refused", json_pack("{s:s}", "pdu", buf_text(&at->pdu)));
		at_finish(sim, cms(CMS_BAD_PDU));
		return;
	}
	journal(sim, "submit", json_pack("{s:s,s:s}", "to", m.address, "pdu", buf_text(&at->pdu)));
	if (sim->opt.radio_ms > 0)
		timer_set(sim, &at->radio, sim->opt.radio_ms, radio_over, NULL);
	else
		radio_over(sim, NULL);
}

static const struct at_command commands[] = {
	{"+CMGF", run_cmgf},
	{"+CPMS", run_cpms},
	{"+CNMI", run_cnmi},
	{"+CSMS", run_csms},
	{"+CMMS", run_cmms},
	{"+CSCA", run_csca},
	{"+CSMP", run_ignored},
	{"+CSDH", run_ignored},
	{"+CSAS", run_ignored},
	{"+CRES", run_ignored},
	{"+CMGL", run_cmgl},
	{"+CMGR", run_cmgr},
	{"+CMGD", run_cmgd},
	{"+CMGS", run_cmgs},
	{"+CMGW", run_cmgw},
	{"+CNMA", run_cnma},
};

const struct at_command *at_sms_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (str_eq(commands[i].name, name))
			return &commands[i];
	}
	return NULL;
}
