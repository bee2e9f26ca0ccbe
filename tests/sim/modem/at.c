/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From characters to command lines and back (ITU-T V.250 §5). Happy path: a line ends with CR, its
 * commands run one after the other, their answers gather in `resp` and leave with one result code.
 * A command that takes time says AT_LATER and ends by at_finish(); what the host writes meanwhile
 * waits in `input`, what the network wants to say waits in `urc`.
 */
#include "tests/sim/modem/sim.h"

#include "daemon/base/str.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#define CTRL_Z	0x1A
#define ESC	0x1B
#define MUST(e) CHECK((e) == ERR_OK)

void at_init(struct sim *sim)
{
	struct at *at = &sim->at;
	buf_init(&at->input, SIM_INPUT_BYTES);
	buf_init(&at->line, SIM_LINE_BYTES);
	buf_init(&at->pdu, SIM_LINE_BYTES);
	buf_init(&at->resp, SIM_OUTPUT_BYTES);
	buf_init(&at->urc, SIM_URC_BYTES);
	at_reset_settings(sim);
}

void at_reset_settings(struct sim *sim)
{
	sim->at.set = (struct at_settings){.echo = true, .cnmi = {2, 0, 0, 0, 0}, .csms = 0};
}

static void forget_command(struct at *at)
{
	buf_reset(&at->line);
	buf_reset(&at->pdu);
	buf_reset(&at->resp);
	at->is_prompt = false;
	at->is_busy = false;
	at->effects = (struct effects){0};
}

/* A killed host leaves half a line or an open prompt behind; one on the air goes on. */
void at_host_gone(struct sim *sim)
{
	struct at *at = &sim->at;
	buf_reset(&at->input);
	buf_reset(&at->urc);
	if (!at->is_busy)
		forget_command(at);
}

void at_power_off(struct sim *sim)
{
	struct at *at = &sim->at;
	timer_stop(sim, &at->command);
	timer_stop(sim, &at->radio);
	timer_stop(sim, &at->deaf);
	at->is_deaf = false;
	buf_reset(&at->input);
	buf_reset(&at->urc);
	forget_command(at);
	at_reset_settings(sim);
}

static void deaf_over(struct sim *sim, void *arg)
{
	(void)arg;
	sim->at.is_deaf = false;
}

void at_hang(struct sim *sim, int64_t ms)
{
	struct at *at = &sim->at;
	at->is_deaf = true;
	timer_stop(sim, &at->command);
	timer_stop(sim, &at->radio);
	buf_reset(&at->input);
	buf_reset(&at->urc);
	forget_command(at);
	tty_flush(sim);
	if (ms > 0)
		timer_set(sim, &at->deaf, ms, deaf_over, NULL);
}

void at_say(struct sim *sim, const char *fmt, ...)
{
	char line[2048];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	(void)!buf_addf(&sim->at.resp, "\r\n%s\r\n", line); /* past the limit: lost */
}

static void flush_urc(struct sim *sim)
{
	struct at *at = &sim->at;
	if (at->is_busy || at->is_prompt || at->resp.len > 0 || at->urc.len == 0)
		return;
	tty_write(sim, at->urc.data, at->urc.len);
	buf_reset(&at->urc);
}

/* Counts down; -1 is for ever. */
static bool is_one_of(int *left)
{
	if (*left > 0)
		(*left)--;
	else if (*left == 0)
		return false;
	return true;
}

void at_noise(struct sim *sim, int bytes)
{
	for (int i = 0; i < bytes; i++) {
		char c = (char)rng_below(&sim->rng, 256);
		tty_write(sim, &c, 1);
	}
}

void at_urc(struct sim *sim, const char *fmt, ...)
{
	char line[2048];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (sim->at.is_deaf || !tty_is_plugged(sim))
		return;
	if (is_one_of(&sim->at.urcs_to_drop))
		return;
	for (int i = is_one_of(&sim->at.urcs_to_double) ? 2 : 1; i > 0; i--) {
		if (buf_addf(&sim->at.urc, "\r\n%s\r\n", line) != ERR_OK)
			return; /* the buffer of a modem is small too: the oldest stay, the newest
				   is lost */
	}
	flush_urc(sim);
}

static const char *error_text(bool is_cms, int code)
{
	static const struct {
		bool is_cms;
		int code;
		const char *text;
	} table[] = {{false, 3, "operation not allowed"}, {false, 4, "operation not supported"},
		{false, 10, "SIM not inserted"}, {false, 11, "SIM PIN required"},
		{false, 14, "SIM busy"}, {false, 30, "no network service"},
		{true, 38, "Network out of order"}, {true, 302, "operation not allowed"},
		{true, 304, "Invalid PDU mode parameter"}, {true, 321, "Invalid memory index"},
		{true, 322, "Memory full"}, {true, 331, "no network service"}};
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		if (table[i].is_cms == is_cms && table[i].code == code)
			return table[i].text;
	}
	return is_cms ? "unknown error" : "unknown";
}

static void say_result(struct sim *sim, struct at_answer answer)
{
	int cmee = sim->at.set.cmee;
	bool is_cms = answer.result == AT_CMS;
	switch (answer.result) {
	case AT_OK:
		at_say(sim, "OK");
		return;
	case AT_NO_CARRIER:
		at_say(sim, "NO CARRIER");
		return;
	case AT_CME:
	case AT_CMS:
		if (answer.code < 0 || (!is_cms && cmee == 0))
			break;
		if (cmee == 2)
			at_say(sim, "+CM%c ERROR: %s", is_cms ? 'S' : 'E',
				error_text(is_cms, answer.code));
		else
			at_say(sim, "+CM%c ERROR: %d", is_cms ? 'S' : 'E', answer.code);
		return;
	default:
		break;
	}
	at_say(sim, "ERROR");
}

/* ---- faults of an answer ---- */

struct at_late {
	struct at_late *next;
	struct sim_timer timer;
	bool is_blocking;
	size_t len;
	char data[];
};

static void command_over(struct sim *sim)
{
	struct at *at = &sim->at;
	buf_reset(&at->line);
	buf_reset(&at->resp);
	at->effects = (struct effects){0};
	at->is_busy = false;
	flush_urc(sim);
	at_process(sim);
}

static void late_due(struct sim *sim, void *arg)
{
	struct at_late *late = arg;
	for (struct at_late **p = &sim->at.late; *p; p = &(*p)->next) {
		if (*p == late) {
			*p = late->next;
			break;
		}
	}
	if (!sim->at.is_deaf)
		tty_write(sim, late->data, late->len);
	if (late->is_blocking)
		command_over(sim);
	free(late);
}

static void send_late(struct sim *sim, const struct effects *e)
{
	const struct buf *resp = &sim->at.resp;
	struct at_late *late = sim_alloc(sizeof(*late) + resp->len);
	memcpy(late->data, buf_text(resp), resp->len);
	late->len = resp->len;
	late->is_blocking = e->is_late_blocking;
	late->next = sim->at.late;
	sim->at.late = late;
	timer_set(sim, &late->timer, e->late_ms, late_due, late);
}

/* One printable character in eight is another afterwards; line ends stay, as noise is not so kind.
 */
static void garble(struct sim *sim, struct buf *resp)
{
	for (size_t i = 0; i < resp->len; i++) {
		if (resp->data[i] > ' ' && (i == 2 || rng_below(&sim->rng, 8) == 0))
			resp->data[i] = (char)('!' + rng_below(&sim->rng, 94));
	}
}

/* Behind the first line of an answer of several lines, else in front of it. */
static void insert_urc(struct buf *resp, const char *urc)
{
	CLEAN_BUF whole;
	buf_init(&whole, SIM_OUTPUT_BYTES + SIM_URC_BYTES);
	const char *text = buf_text(resp);
	const char *end = resp->len > 2 ? strstr(text + 2, "\r\n") : NULL;
	size_t cut = end && end[2] ? (size_t)(end + 2 - text) : 0;
	MUST(buf_add(&whole, text, cut));
	MUST(buf_addf(&whole, "\r\n%s\r\n", urc));
	MUST(buf_adds(&whole, text + cut));
	buf_reset(resp);
	MUST(buf_add(resp, whole.data, whole.len));
}

static void send_split(struct sim *sim, const struct effects *e)
{
	const struct buf *resp = &sim->at.resp;
	size_t step = (size_t)e->split_bytes;
	for (size_t off = 0; off < resp->len; off += step) {
		size_t left = resp->len - off;
		tty_write_after(
			sim, resp->data + off, left < step ? left : step, off ? e->split_ms : 0);
	}
}

void at_finish(struct sim *sim, struct at_answer answer)
{
	struct at *at = &sim->at;
	struct effects e = at->effects;
	if (at->is_deaf)
		return;
	if (answer.result != AT_SILENT)
		say_result(sim, answer);
	if (e.is[FAULT_GARBLE])
		garble(sim, &at->resp);
	if (e.is[FAULT_URC_INSIDE])
		insert_urc(&at->resp, e.urc);
	if (e.is[FAULT_LATE] && !e.is[FAULT_MISSING]) {
		send_late(sim, &e);
		if (e.is_late_blocking) {
			at->is_busy = true;
			return;
		}
	} else if (e.is[FAULT_SPLIT] && !e.is[FAULT_MISSING]) {
		send_split(sim, &e);
	} else if (!e.is[FAULT_MISSING]) {
		tty_write(sim, buf_text(&at->resp), at->resp.len);
	}
	command_over(sim);
}

void at_done(struct sim *sim)
{
	struct at *at = &sim->at;
	while (at->late) {
		struct at_late *late = at->late;
		at->late = late->next;
		free(late);
	}
	buf_done(&at->input);
	buf_done(&at->line);
	buf_done(&at->pdu);
	buf_done(&at->resp);
	buf_done(&at->urc);
}

/* ---- command lines ---- */

static struct at_answer run_one(
	struct sim *sim, const char *name, enum at_kind kind, const char *args)
{
	struct at *at = &sim->at;
	const struct at_command *command = at_sms_find(name);
	if (!command)
		command = at_info_find(name);
	if (!command)
		command = at_clock_find(name);
	const char *bare = name + (name[0] == '+');
	bool has_prompt = str_eq(bare, "CMGS") && kind == AT_SET;
	struct effects e;
	fault_take(sim, bare, &e);
	at->effects = e;
	if (e.is[FAULT_ECHO])
		at->set.echo = true;
	if (e.is[FAULT_NOISE])
		at_noise(sim, e.noise_bytes);
	if (e.is[FAULT_DROP_REGISTRATION])
		network_register(sim, REG_SEARCHING, e.drop_ms);
	if (e.is[FAULT_HANG] && (!has_prompt || e.is_at_prompt)) {
		at_hang(sim, e.hang_ms);
		return (struct at_answer){AT_LATER, 0};
	}
	if ((e.is[FAULT_CMS] || e.is[FAULT_CME]) && (!has_prompt || e.is_at_prompt))
		return (struct at_answer){e.is[FAULT_CMS] ? AT_CMS : AT_CME, e.code};
	if (!command)
		return (struct at_answer){AT_CME, 4};
	struct at_call call = {.sim = sim, .name = name, .kind = kind, .args = args};
	return command->run(&call);
}

/* Up to the next ';' that is not within quotes. */
static size_t args_length(const char *text)
{
	bool is_quoted = false;
	size_t i = 0;
	for (; text[i] && (is_quoted || text[i] != ';'); i++) {
		if (text[i] == '"')
			is_quoted = !is_quoted;
	}
	return i;
}

/* Cuts the next command out of the line and runs it. */
static struct at_answer run_next(struct sim *sim)
{
	struct at *at = &sim->at;
	const char *text = buf_text(&at->line) + at->line_at;
	char name[32], args[SIM_LINE_BYTES + 1];
	size_t name_len, args_at, args_len;
	enum at_kind kind = AT_EXEC;
	if (strchr("+^$*%#", text[0])) {
		name_len = strcspn(text, "=?;");
		args_at = name_len + (text[name_len] == '=' || text[name_len] == '?');
		args_len = args_length(text + args_at);
		if (text[name_len] == '?')
			kind = AT_READ;
		else if (text[name_len] == '=')
			kind = text[args_at] == '?' && args_len == 1 ? AT_TEST : AT_SET;
	} else {
		bool is_dial = toupper((unsigned char)text[0]) == 'D';
		name_len = text[0] == '&' && text[1] ? 2 : 1;
		args_at = name_len;
		args_len = is_dial ? strlen(text + 1) : strspn(text + args_at, "0123456789=?");
	}
	if (name_len >= sizeof(name))
		return (struct at_answer){AT_ERROR, 0};
	for (size_t i = 0; i < name_len; i++)
		name[i] = (char)toupper((unsigned char)text[i]);
	name[name_len] = 0;
	memcpy(args, text + args_at, args_len);
	args[args_len] = 0;
	at->line_at += args_at + args_len;
	return run_one(sim, name, kind, args);
}

static void run_line(struct sim *sim)
{
	struct at *at = &sim->at;
	struct at_answer answer = {AT_OK, 0};
	at->is_busy = true;
	while (answer.result == AT_OK) {
		const char *text = buf_text(&at->line);
		at->line_at += strspn(text + at->line_at, " ;");
		if (!text[at->line_at])
			break;
		answer = run_next(sim);
	}
	if (answer.result != AT_LATER)
		at_finish(sim, answer);
	else if (at->is_prompt || at->is_deaf)
		at->is_busy = false;
}

static void command_due(struct sim *sim, void *arg)
{
	(void)arg;
	run_line(sim);
	at_process(sim);
}

static void line_complete(struct sim *sim)
{
	struct at *at = &sim->at;
	const char *text = buf_text(&at->line);
	at->line_at = strspn(text, " ");
	if (strncasecmp(text + at->line_at, "AT", 2) != 0)
		return; /* noise: a modem wakes up at "AT" only */
	at->line_at += 2;
	at->commands++;
	journal(sim, "cmd", json_pack("{s:s}", "text", text));
	control_check_waits(sim);
	if (sim->opt.command_ms > 0) {
		at->is_busy = true;
		timer_set(sim, &at->command, sim->opt.command_ms, command_due, NULL);
	} else {
		run_line(sim);
	}
}

void at_prompt(struct sim *sim, const char *name, int tpdu_bytes)
{
	struct at *at = &sim->at;
	snprintf(at->prompt_name, sizeof(at->prompt_name), "%s", name);
	at->prompt_bytes = tpdu_bytes;
	at->is_prompt = true;
	buf_reset(&at->pdu);
	(void)!buf_adds(&at->resp, "\r\n> ");
	tty_write(sim, at->resp.data, at->resp.len);
	buf_reset(&at->resp);
}

/* Adds what fits and is text; what does not fit makes the line one that no command matches. */
static void gather(struct buf *to, const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = data[i];
		if (c == ESC)
			buf_reset(to);
		else if (c == '\b' && to->len > 0)
			to->data[--to->len] = 0;
		else if (c >= ' ' && c < 0x7F && buf_add(to, &c, 1) != ERR_OK)
			buf_reset(to);
	}
}

static void echo(struct sim *sim, const char *data, size_t len)
{
	if (sim->at.set.echo)
		tty_write(sim, data, len);
}

static void feed_line(struct sim *sim)
{
	struct at *at = &sim->at;
	const char *end = memchr(at->input.data, '\r', at->input.len);
	size_t used = end ? (size_t)(end - at->input.data) + 1 : at->input.len;
	echo(sim, at->input.data, used);
	gather(&at->line, at->input.data, used);
	buf_drop(&at->input, used);
	if (end) {
		line_complete(sim);
		if (!at->is_busy)
			buf_reset(&at->line);
	}
}

/* A serial line may lose anything. True: the end got lost as well, and the modem waits on. */
static bool lose(struct at *at)
{
	struct effects *e = &at->effects;
	if (!e->is[FAULT_LOSE])
		return false;
	e->is[FAULT_LOSE] = false;
	if (e->lost_bytes) {
		buf_drop(&at->pdu, (size_t)e->lost_bytes < at->pdu.len ? (size_t)e->lost_bytes : 0);
		return false;
	}
	buf_reset(&at->pdu);
	return true;
}

static void feed_prompt(struct sim *sim)
{
	struct at *at = &sim->at;
	size_t len = 0;
	while (len < at->input.len && at->input.data[len] != CTRL_Z && at->input.data[len] != ESC)
		len++;
	bool is_end = len < at->input.len, is_sent = is_end && at->input.data[len] == CTRL_Z;
	echo(sim, at->input.data, len);
	gather(&at->pdu, at->input.data, len);
	buf_drop(&at->input, len + is_end);
	if (!is_end || (is_sent && lose(at)))
		return;
	if (is_sent && at->effects.is[FAULT_LOST_CTRL_Z]) {
		at->effects.is[FAULT_LOST_CTRL_Z] = false;
		return; /* the prompt stays open */
	}
	at->is_prompt = false;
	if (is_sent) {
		at->is_busy = true;
		at_sms_pdu(sim);
	} else {
		at_finish(sim, (struct at_answer){AT_OK, 0});
	}
}

void at_process(struct sim *sim)
{
	struct at *at = &sim->at;
	if (at->is_running)
		return;
	at->is_running = true;
	while (!at->is_busy && !at->is_deaf && at->input.len > 0) {
		if (at->is_prompt)
			feed_prompt(sim);
		else
			feed_line(sim);
	}
	at->is_running = false;
}

void at_input(struct sim *sim, const char *data, size_t len)
{
	if (sim->at.is_deaf || buf_add(&sim->at.input, data, len) != ERR_OK)
		return; /* a serial line without flow control loses what nobody takes */
	at_process(sim);
}
