/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The network towards the modem. Happy path: a message is offered to the SMSC's queue, put into the
 * receiving memory and announced as +CNMI says. When the memory is full, the SIM gone or the signal
 * lost, the queue waits; a freed slot wakes it a moment later (RP-SMMA). The order never changes.
 */
#include "tests/sim/modem/sim.h"

#include "daemon/base/str.h"

#include <string.h>

const char *registration_name(enum registration r)
{
	static const char *const names[] = {
		"none", "home", "searching", "denied", "unknown", "roaming"};
	return names[r];
}

bool network_is_up(const struct sim *sim)
{
	enum registration r = sim->network.registration;
	return (r == REG_HOME || r == REG_ROAMING) && str_eq(sim->network.sim_state, "READY");
}

static void back_home(struct sim *sim, void *arg)
{
	(void)arg;
	network_register(sim, REG_HOME, 0);
}

void network_register(struct sim *sim, enum registration r, int64_t back_after_ms)
{
	struct network *n = &sim->network;
	timer_stop(sim, &n->back);
	if (back_after_ms > 0)
		timer_set(sim, &n->back, back_after_ms, back_home, NULL);
	if (n->registration == r)
		return;
	n->registration = r;
	journal(sim, "network", json_pack("{s:s}", "state", registration_name(r)));
	if (sim->at.set.creg)
		at_urc(sim, "+CREG: %d", r);
	if (sim->at.set.cgreg)
		at_urc(sim, "+CGREG: %d", r);
	if (sim->at.set.cereg)
		at_urc(sim, "+CEREG: %d", r);
	if (network_is_up(sim))
		at_clock_tell(sim);
	network_pump(sim);
}

/* ---- messages ---- */

static void say_direct(struct sim *sim, const char *code, const struct incoming *m)
{
	char hex[2 * PDU_MAX_BYTES + 1];
	pdu_to_hex(m->pdu, m->len, hex);
	at_urc(sim, "%s%zu\r\n%s", code, pdu_tpdu_bytes(m->pdu, m->len), hex);
}

static void journal_report(struct sim *sim, const struct incoming *m, const char *how)
{
	journal(sim, "report",
		json_pack("{s:I,s:i,s:s}", "id", (json_int_t)m->id, "mr", m->mr, "how", how));
}

/* False: no room now. */
static bool give_report(struct sim *sim, const struct incoming *m)
{
	int ds = sim->at.set.cnmi[3];
	bool is_wrong = str_eq(m->how, "cdsi_wrong_memory");
	if (str_eq(m->how, "cds") || (m->how[0] == 0 && ds == 1)) {
		if (sim->network.unconfirmed)
			return false;
		journal_report(sim, m, "cds");
		say_direct(sim, "+CDS: ", m);
		confirm_wait(sim, m);
		return true;
	}
	if (m->how[0] == 0 && ds == 0) {
		journal_report(sim, m, "none");
		return true;
	}
	if (str_eq(m->how, "cdsi_unkept")) {
		journal_report(sim, m, m->how);
		at_urc(sim, "+CDSI: \"SR\",0");
		return true;
	}
	bool is_own = str_eq(m->how, "cdsi_sr");
	int mem = is_wrong || is_own ? MEM_SR : MEM_SM;
	int at = slot_put(sim, mem, -1, m->pdu, m->len, 0, m->id);
	if (at < 0 && !is_wrong)
		return false;
	journal_report(sim, m, is_wrong || is_own ? m->how : "cdsi");
	if (at >= 0) /* EC25: kept in SR, told as SM, counted from 0 */
		at_urc(sim, "+CDSI: \"%s\",%d", is_own ? "SR" : "SM",
			is_wrong ? at : at + sim->opt.first_slot);
	return true;
}

static bool give_message(struct sim *sim, const struct incoming *m)
{
	int mt = sim->at.set.cnmi[1];
	if (mt == 2 && m->msg_class != 2) {
		journal(sim, "direct", json_pack("{s:I}", "id", (json_int_t)m->id));
		say_direct(sim, "+CMT: ,", m);
		return true;
	}
	int mem = m->msg_class == 2 ? MEM_SM : sim->at.set.mem[2];
	int at = slot_put(sim, mem, -1, m->pdu, m->len, 0, m->id);
	if (at < 0)
		return false;
	if (mt != 0)
		at_urc(sim, "+CMTI: \"%s\",%d", memory_name(mem), at + sim->opt.first_slot);
	return true;
}

void network_pump(struct sim *sim)
{
	struct network *n = &sim->network;
	while (n->head && network_is_up(sim) && tty_is_plugged(sim)) {
		struct incoming *m = n->head;
		if (!(m->is_report ? give_report(sim, m) : give_message(sim, m)))
			break;
		n->head = m->next;
		if (!n->head)
			n->tail = NULL;
		n->waiting--;
		free(m);
	}
	control_check_waits(sim);
}

static void pump_due(struct sim *sim, void *arg)
{
	(void)arg;
	network_pump(sim);
}

void network_slot_freed(struct sim *sim)
{
	struct network *n = &sim->network;
	if (n->head && n->pump.index == 0)
		timer_set(sim, &n->pump, sim->opt.backlog_ms, pump_due, NULL);
	control_check_waits(sim);
}

enum err network_offer(struct sim *sim, const struct incoming *message, json_t *about)
{
	struct network *n = &sim->network;
	if (n->waiting == SIM_BACKLOG_MAX) {
		json_decref(about);
		return ERR_TOO_BIG;
	}
	struct incoming *m = sim_alloc(sizeof(*m));
	*m = *message;
	m->next = NULL;
	if (m->id == 0)
		m->id = ++n->last_id;
	bool was_empty = !n->head;
	if (n->tail)
		n->tail->next = m;
	else
		n->head = m;
	n->tail = m;
	n->waiting++;
	if (about) {
		json_object_set_new(about, "id", json_integer((json_int_t)m->id));
		journal(sim, m->is_report ? "report_due" : "deliver", about);
	}
	state_changed(sim);
	if (was_empty)
		network_pump(sim);
	return ERR_OK;
}

/* ---- calls ---- */

static void ring(struct sim *sim, void *arg)
{
	struct network *n = &sim->network;
	(void)arg;
	if (n->rings_left-- <= 0) {
		network_hang_up(sim, "caller");
		return;
	}
	at_urc(sim, "%s", sim->at.set.crc ? "+CRING: VOICE" : "RING");
	if (sim->at.set.clip && n->caller[0])
		at_urc(sim, "+CLIP: \"%s\",%d,,,,0", n->caller, n->caller[0] == '+' ? 145 : 129);
	else if (sim->at.set.clip)
		at_urc(sim, "+CLIP: \"\",128,,,,1");
	timer_set(sim, &n->ring, n->ring_ms, ring, NULL);
}

void network_call(struct sim *sim, const char *from, int rings, int64_t ring_ms)
{
	struct network *n = &sim->network;
	if (n->ring.index)
		network_hang_up(sim, "caller");
	(void)!str_copy(n->caller, sizeof(n->caller), from);
	n->rings_left = rings;
	n->ring_ms = ring_ms;
	journal(sim, "call", json_pack("{s:s,s:s}", "from", from, "phase", "ringing"));
	ring(sim, NULL);
}

void network_hang_up(struct sim *sim, const char *by)
{
	struct network *n = &sim->network;
	if (!n->ring.index && n->rings_left >= 0)
		return;
	timer_stop(sim, &n->ring);
	n->rings_left = 0;
	journal(sim, "call",
		json_pack("{s:s,s:s,s:s}", "from", n->caller, "phase", "ended", "by", by));
	if (str_eq(by, "caller"))
		at_urc(sim, "NO CARRIER");
}

/* ---- USSD ---- */

void network_ussd_show(struct sim *sim, const json_t *reply)
{
	const char *raw = json_string_value(json_object_get(reply, "raw"));
	const char *text = json_string_value(json_object_get(reply, "text"));
	const json_t *status = json_object_get(reply, "status"),
		     *dcs = json_object_get(reply, "dcs");
	int s = json_is_integer(status) ? (int)json_integer_value(status) : 0;
	text = text ? text : "";
	journal(sim, "ussd", json_pack("{s:s,s:i}", "text", raw ? raw : text, "status", s));
	if (raw) {
		at_urc(sim, "%s", raw);
		return;
	}
	if (!sim->at.set.cusd)
		return;
	CLEAN_BUF coded;
	buf_init(&coded, 2048);
	at_charset_encode(sim, text, &coded);
	int otherwise = sim->at.set.charset == CHARSET_UCS2 || !pdu_is_gsm7(text) ? 72 : 15;
	at_urc(sim, "+CUSD: %d,\"%s\",%d", s, buf_text(&coded),
		json_is_integer(dcs) ? (int)json_integer_value(dcs) : otherwise);
}

static void ussd_due(struct sim *sim, void *arg)
{
	json_t *reply = sim->network.ussd_reply;
	(void)arg;
	sim->network.ussd_reply = NULL;
	network_ussd_show(sim, reply);
	json_decref(reply);
}

void network_ussd_dial(struct sim *sim, const char *code)
{
	struct network *n = &sim->network;
	json_t *reply = json_object_get(n->ussd_codes, code);
	network_ussd_cancel(sim);
	journal(sim, "ussd_dialled", json_pack("{s:s}", "code", code));
	n->ussd_reply = reply ? json_incref(reply)
			      : json_pack("{s:s}", "text", "Tai khoan goc: 50000d. HSD 31/12.");
	const json_t *delay = json_object_get(n->ussd_reply, "delay_ms");
	timer_set(sim, &n->ussd, json_is_integer(delay) ? json_integer_value(delay) : 100, ussd_due,
		NULL);
}

void network_ussd_cancel(struct sim *sim)
{
	timer_stop(sim, &sim->network.ussd);
	json_decref(sim->network.ussd_reply);
	sim->network.ussd_reply = NULL;
}

void network_power_off(struct sim *sim)
{
	timer_stop(sim, &sim->network.ring);
	sim->network.rings_left = 0;
	network_ussd_cancel(sim);
	confirm_power_off(sim);
}

void network_swap_card(struct sim *sim, const char *imsi)
{
	struct network *n = &sim->network;
	struct card in = n->other;
	/* The same one was put in again. */
	if (str_eq(sim->opt.imsi, imsi))
		return;
	if (!in.sm.size)
		in.sm.size = sim->memory[MEM_SM].size;
	n->other.sm = sim->memory[MEM_SM];
	n->other.head = n->head;
	n->other.tail = n->tail;
	n->other.waiting = n->waiting;
	memcpy(n->other.imsi, sim->opt.imsi, sizeof(n->other.imsi));
	sim->memory[MEM_SM] = in.sm;
	n->head = in.head;
	n->tail = in.tail;
	n->waiting = in.waiting;
	(void)!str_copy(sim->opt.imsi, sizeof(sim->opt.imsi), imsi);
	journal(sim, "card", json_pack("{s:s}", "imsi", imsi));
	state_changed(sim);
}

static void free_queue(struct incoming *head)
{
	while (head) {
		struct incoming *m = head;
		head = m->next;
		free(m);
	}
}

void network_done(struct sim *sim)
{
	struct network *n = &sim->network;
	json_decref(n->ussd_reply);
	json_decref(n->ussd_codes);
	confirm_done(sim);
	free_queue(n->head);
	free_queue(n->other.head);
}
