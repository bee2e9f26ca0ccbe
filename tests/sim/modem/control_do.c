/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The requests of the control socket, apart from those that make messages (control_sms.c). */
#include "tests/sim/modem/sim.h"

#include "daemon/base/str.h"

#include <string.h>

static const char *text_of(const json_t *request, const char *key, const char *otherwise)
{
	const char *text = json_string_value(json_object_get(request, key));
	return text ? text : otherwise;
}

static int64_t int_of(const json_t *request, const char *key, int64_t otherwise)
{
	const json_t *v = json_object_get(request, key);
	return json_is_integer(v) ? json_integer_value(v) : otherwise;
}

static json_t *done(void)
{
	return json_pack("{s:b}", "ok", true);
}

static json_t *do_call(struct sim *sim, const json_t *request)
{
	const char *from = text_of(request, "from", "");
	if (!tty_is_plugged(sim) || !network_is_up(sim))
		return control_refuse("the modem is not reachable");
	if (strlen(from) >= PDU_ADDRESS_BYTES)
		return control_refuse("from is too long");
	network_call(sim, from, (int)int_of(request, "rings", 3), int_of(request, "ring_ms", 1000));
	return done();
}

static json_t *do_ussd(struct sim *sim, const json_t *request)
{
	const char *code = text_of(request, "code", NULL);
	if (code)
		json_object_set(sim->network.ussd_codes, code, (json_t *)request);
	else
		network_ussd_show(sim, request);
	return done();
}

static json_t *do_network(struct sim *sim, const json_t *request)
{
	static const enum registration all[] = {
		REG_NONE, REG_HOME, REG_SEARCHING, REG_DENIED, REG_UNKNOWN, REG_ROAMING};
	const char *state = text_of(request, "state", NULL);
	int64_t signal = int_of(request, "signal", sim->network.signal);
	if (signal != 99 && (signal < 0 || signal > 31))
		return control_refuse("signal is 0..31 or 99");
	sim->network.signal = (int)signal;
	if (!state)
		return done();
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		if (str_eq(state, registration_name(all[i]))) {
			network_register(sim, all[i], int_of(request, "ms", 0));
			return done();
		}
	}
	return control_refuse("state is one of home roaming searching denied none unknown");
}

static json_t *do_clock(struct sim *sim, const json_t *request)
{
	const char *raw = text_of(request, "raw", NULL);
	if (str_copy(sim->network.cclk, sizeof(sim->network.cclk),
		    text_of(request, "cclk", sim->network.cclk)))
		return control_refuse("cclk is too long");
	sim->network.clock_ms = int_of(request, "ahead_ms", sim->network.clock_ms);
	if (raw)
		at_urc(sim, "%s", raw);
	else if (json_is_true(json_object_get(request, "tell")))
		at_clock_tell(sim);
	return done();
}

static json_t *do_sim(struct sim *sim, const json_t *request)
{
	const char *state = text_of(request, "state", "");
	const char *imsi = text_of(request, "imsi", NULL);
	if (imsi && (tty_is_plugged(sim) || strlen(imsi) >= sizeof(sim->opt.imsi)))
		return control_refuse("a card is changed while the modem is unplugged");
	if (imsi) {
		network_swap_card(sim, imsi);
		return done();
	}
	const char *known[] = {"READY", "SIM PIN", "SIM PUK", "absent", "busy"};
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		if (strcasecmp(state, known[i]) == 0) {
			(void)!str_copy(
				sim->network.sim_state, sizeof(sim->network.sim_state), known[i]);
			network_pump(sim);
			return done();
		}
	}
	return control_refuse("state is one of ready, SIM PIN, SIM PUK, absent, busy");
}

static json_t *do_sent(struct sim *sim, const json_t *request)
{
	const struct radio *r = &sim->radio;
	size_t since = (size_t)int_of(request, "since", 0);
	const char *to = text_of(request, "to", NULL);
	json_t *sent = json_array(), *segments = json_array();
	for (size_t i = since; i < r->sent_count; i++) {
		if (!to || str_eq(to, r->sent[i].to))
			json_array_append_new(sent, radio_sent_json(sim, &r->sent[i]));
	}
	for (size_t i = 0;
		i < r->segment_count && !json_is_false(json_object_get(request, "segments")); i++)
		json_array_append_new(segments, radio_segment_json(r->segments[i]));
	return json_pack("{s:b,s:o,s:o}", "ok", true, "sent", sent, "segments", segments);
}

static json_t *wait_sent(struct sim *sim, const json_t *request, bool is_over)
{
	const struct radio *r = &sim->radio;
	const char *to = text_of(request, "to", NULL),
		   *contains = text_of(request, "contains", NULL);
	int64_t wanted = int_of(request, "count", 1), count = 0;
	bool is_plain = !to && !contains;
	json_t *rows = is_plain ? NULL : json_array();
	for (size_t i = (size_t)int_of(request, "since", 0); i < r->sent_count; i++) {
		const struct sent *s = &r->sent[i];
		if (!radio_is_complete(s) || (to && !str_eq(to, s->to)))
			continue;
		CLEAN_BUF text;
		buf_init(&text, SIM_OUTPUT_BYTES);
		if (contains)
			radio_text(sim, s, &text);
		if (contains && !strstr(buf_text(&text), contains))
			continue;
		count++;
		if (rows)
			json_array_append_new(rows, radio_sent_json(sim, s));
	}
	bool is_met = count >= wanted;
	if (!is_met && !is_over) {
		json_decref(rows);
		return NULL;
	}
	json_t *line = is_met ? done() : control_refuse("timeout");
	json_object_set_new(line, "count", json_integer(count));
	if (rows)
		json_object_set_new(line, "sent", rows);
	return line;
}

static json_t *wait_drained(struct sim *sim, bool is_over)
{
	int used = 0;
	for (int i = 0; i < MEM_COUNT; i++)
		used += sim->memory[i].used;
	bool is_met = used == 0 && sim->network.waiting == 0;
	if (!is_met && !is_over)
		return NULL;
	json_t *line = is_met ? done() : control_refuse("timeout");
	json_object_set_new(line, "used", json_integer(used));
	json_object_set_new(line, "backlog", json_integer((json_int_t)sim->network.waiting));
	return line;
}

static json_t *wait_host(struct sim *sim, const json_t *request, bool is_over)
{
	bool is_met = sim->tty.host_count > 0 &&
		      (int64_t)sim->at.commands >= int_of(request, "commands", 1) &&
		      sim->at.set.cnmi[1] >=
			      (json_is_true(json_object_get(request, "cnmi")) ? 1 : 0);
	return is_met ? done() : is_over ? control_refuse("timeout") : NULL;
}

json_t *control_wait_result(struct sim *sim, const json_t *request, bool is_over)
{
	const char *what = text_of(request, "do", "");
	if (str_eq(what, "wait_drained"))
		return wait_drained(sim, is_over);
	if (str_eq(what, "wait_host"))
		return wait_host(sim, request, is_over);
	return wait_sent(sim, request, is_over);
}

static json_t *do_wait(struct sim *sim, const json_t *request)
{
	return control_wait_result(sim, request, false);
}

static json_t *do_status(struct sim *sim, const json_t *request)
{
	json_t *memories = json_object();
	int clients = 0, watchers = 0;
	(void)request;
	for (int i = 0; i < MEM_COUNT; i++) {
		json_object_set_new(memories, memory_name(i),
			json_pack("{s:i,s:i}", "used", sim->memory[i].used, "size",
				sim->memory[i].size));
	}
	for (int i = 0; i < SIM_CLIENTS_MAX; i++) {
		clients += sim->client[i] != NULL;
		watchers += sim->client[i] && sim->client[i]->is_watching;
	}
	const int *cnmi = sim->at.set.cnmi, *mem = sim->at.set.mem;
	return json_pack(
		"{s:b,s:o,s:I,s:i,s:i,s:I,s:b,s:i,s:b,s:I,s:I,s:s,s:i,s:[iiiii],s:[sss],s:o}", "ok",
		true, "memories", memories, "backlog", (json_int_t)sim->network.waiting, "clients",
		clients, "watchers", watchers, "commands", (json_int_t)sim->at.commands, "plugged",
		tty_is_plugged(sim), "hosts", sim->tty.host_count, "deaf", sim->at.is_deaf,
		"segments", (json_int_t)sim->radio.segment_count, "messages",
		(json_int_t)sim->radio.sent_count, "network",
		registration_name(sim->network.registration), "signal", sim->network.signal, "cnmi",
		cnmi[0], cnmi[1], cnmi[2], cnmi[3], cnmi[4], "cpms", memory_name(mem[0]),
		memory_name(mem[1]), memory_name(mem[2]), "faults", fault_list(sim));
}

static json_t *do_report(struct sim *sim, const json_t *request)
{
	const json_t *status = json_object_get(request, "status");
	int st = status ? radio_status_of(status) : 0;
	if (st < 0)
		return control_refuse(
			"status is delivered, failed, expired, pending, temporary or a number");
	int64_t n = int_of(request, "n", 0);
	enum err err = radio_report(sim, n < 0 ? 0 : (uint64_t)n, st, text_of(request, "how", ""));
	return err == ERR_OK ? done() : control_refuse("segment: %s", err_en(err));
}

static json_t *do_auto_report(struct sim *sim, const json_t *request)
{
	struct auto_report a = {.is_on = true, .delay_ms = int_of(request, "delay_ms", 50)};
	const json_t *status = json_object_get(request, "status");
	const char *how = text_of(request, "how", "");
	a.status = status && !str_eq(json_string_value(status), "off") ? radio_status_of(status)
								       : 0;
	if (str_eq(how, "off") || str_eq(json_string_value(status), "off"))
		a.is_on = false;
	else if (*how && !str_eq(how, "cds") && !str_eq(how, "cdsi") && !str_eq(how, "cdsi_sr") &&
		 !str_eq(how, "cdsi_unkept") && !str_eq(how, "cdsi_wrong_memory"))
		return control_refuse(
			"how is cds, cdsi, cdsi_sr, cdsi_unkept, cdsi_wrong_memory or off");
	if (a.status < 0 || a.delay_ms < 0 || str_copy(a.how, sizeof(a.how), how) != ERR_OK)
		return control_refuse("status or delay_ms is wrong");
	sim->radio.report = a;
	return done();
}

static json_t *do_retry(struct sim *sim, const json_t *request)
{
	(void)request;
	confirm_retry(sim, NULL);
	return done();
}

static json_t *do_fault(struct sim *sim, const json_t *request)
{
	struct errbuf eb = {0};
	return fault_add(sim, request, &eb) == ERR_OK ? done() : control_refuse("%s", eb.text);
}

static json_t *do_clear_faults(struct sim *sim, const json_t *request)
{
	(void)request;
	fault_clear(sim);
	return done();
}

static json_t *do_unplug(struct sim *sim, const json_t *request)
{
	(void)request;
	if (!tty_is_plugged(sim))
		return control_refuse("already unplugged");
	sim_power_off(sim);
	journal(sim, "unplug", NULL);
	return done();
}

static json_t *do_plug(struct sim *sim, const json_t *request)
{
	struct errbuf eb = {0};
	(void)request;
	if (tty_is_plugged(sim))
		return control_refuse("already plugged");
	return sim_power_on(sim, &eb) == ERR_OK ? done() : control_refuse("%s", eb.text);
}

static json_t *do_reboot(struct sim *sim, const json_t *request)
{
	sim_reboot(sim, int_of(request, "ms", 1000));
	return done();
}

/* Old messages that nobody has deleted: the state in which many a SIM is found. */
static json_t *do_fill(struct sim *sim, const json_t *request)
{
	int64_t left = int_of(request, "leave", 0);
	int count = 0;
	struct pdu_units *units = sim_alloc(sizeof(*units));
	while (sim->memory[MEM_SM].size - sim->memory[MEM_SM].used > left) {
		char text[32];
		uint8_t pdu[PDU_MAX_BYTES];
		size_t len = 0;
		snprintf(text, sizeof(text), "tin cu %d", ++count);
		CHECK(pdu_units_from(text, PDU_GSM7, units) == ERR_OK);
		struct pdu_body body = {
			.msg_class = -1, .unit = units->unit, .count = units->count};
		CHECK(pdu_encode_deliver(sim->opt.smsc, "+84900009999", sim_wall_ms(), &body, pdu,
			      &len) == ERR_OK);
		if (slot_put(sim, MEM_SM, -1, pdu, len, 1, ++sim->network.last_id) < 0)
			break;
	}
	free(units);
	return json_pack("{s:b,s:i}", "ok", true, "count", count);
}

static json_t *do_quit(struct sim *sim, const json_t *request)
{
	(void)request;
	sim->is_quitting = true;
	return done();
}

json_t *control_do(struct sim *sim, const json_t *request)
{
	static const struct {
		const char *name;
		json_t *(*run)(struct sim *sim, const json_t *request);
	} table[] = {{"sms", control_sms}, {"pdu", control_pdu}, {"call", do_call},
		{"ussd", do_ussd}, {"network", do_network}, {"clock", do_clock}, {"sim", do_sim},
		{"sent", do_sent}, {"wait_sent", do_wait}, {"wait_drained", do_wait},
		{"wait_host", do_wait}, {"status", do_status}, {"report", do_report},
		{"retry", do_retry}, {"auto_report", do_auto_report}, {"fault", do_fault},
		{"clear_faults", do_clear_faults}, {"unplug", do_unplug}, {"plug", do_plug},
		{"reboot", do_reboot}, {"fill", do_fill}, {"quit", do_quit}};
	const char *what = text_of(request, "do", "");
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		if (str_eq(what, table[i].name))
			return table[i].run(sim, request);
	}
	return control_refuse("unknown request");
}
