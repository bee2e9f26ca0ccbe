/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The driver for modules that speak 3GPP TS 27.005 and 27.007, over the tty itself. Happy path:
 * open, synchronise, switch indications on; from then on one command at a time, and whatever comes
 * in between becomes an event. When the modem stops answering the session probes, closes and opens
 * again, and each open that follows a failure climbs a rung: nothing, radio off and on, restart of
 * the module, and round again.
 */
#include "gateway/modem_at.h"
#include "gateway/pdu_code.h"
#include "gateway/utf16.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"

#include <string.h>

#define SYNC_TRIES	5
#define SYNC_MS		500
#define SETTLE_MS	50
#define ESCAPE_MS	300 /* a prompt closes at once */
#define RADIO_RUNG	2   /* of FAILURE_RUNGS failures */
#define FAILURE_RUNGS	4
#define SOUND_MS	(60 * SECOND_MS) /* so long without a failure: the count begins anew */
#define SIM_TRIES	8
#define SIM_WAIT_MS	1000
#define CME_SIM_MISSING 10
#define ESCAPE		"\x1b"

#define DOUBT_MS (60 * SECOND_MS) /* no answer comes later than that */

static int64_t now_ms(void)
{
	return clock_mono_ms(clock_system());
}

/* Answers. */

enum err at_err_of(const struct at_result *result)
{
	if (result->final == AT_OK)
		return ERR_OK;
	if (result->final == AT_CME && result->code >= 5 && result->code <= 18)
		return ERR_SIM;
	if (result->final == AT_CMS && result->code >= 310 && result->code <= 318)
		return ERR_SIM;
	if (result->final == AT_CME && result->code >= 30 && result->code <= 32)
		return ERR_NETWORK;
	return ERR_MODEM;
}

enum err at_do(struct at_modem *m, const char *command, int ms, struct at_result *ret_result)
{
	struct at_request request = {.command = command, .quiet_ms = ms, .total_ms = 2 * ms};
	struct at_result result = {.final = AT_ERROR, .code = -1};
	enum err err = at_line_command(&m->line, &request, &result);

	if (ret_result)
		*ret_result = result;
	return err ? err : at_err_of(&result);
}

bool at_is_doubtful(const struct at_modem *m)
{
	return m->line.timed_out_ms && now_ms() - m->line.timed_out_ms < DOUBT_MS;
}

struct first_answer {
	const char *prefix;
	char *text;
	size_t bytes;
	bool is_there;
};

static void keep_first(void *arg, const char *line)
{
	struct first_answer *first = arg;
	size_t len;

	if (first->is_there)
		return;
	first->is_there = true;
	line += strlen(first->prefix);
	while (*line == ' ')
		line++;
	len = strnlen(line, first->bytes - 1);
	while (len && !str_is_utf8(line, len))
		len--;
	memcpy(first->text, line, len);
	first->text[len] = 0;
}

enum err at_ask(struct at_modem *m, const char *command, const char *prefix, int ms, char *text,
	size_t text_bytes)
{
	struct first_answer first = {.prefix = prefix, .text = text, .bytes = text_bytes};
	struct at_request request = {.command = command,
		.prefix = prefix,
		.must_answer = true,
		.quiet_ms = ms,
		.total_ms = 2 * ms,
		.answer = keep_first,
		.arg = &first};
	struct at_result result;
	enum err err;

	text[0] = 0;
	err = at_line_command(&m->line, &request, &result);
	if (!err)
		err = at_err_of(&result);
	return !err && !first.is_there ? ERR_PROTOCOL : err;
}

static const char *field_at(const char *text, int n)
{
	bool is_quoted = false;

	for (; *text && n; text++) {
		if (*text == '"')
			is_quoted = !is_quoted;
		else if (*text == ',' && !is_quoted)
			n--;
	}
	while (*text == ' ')
		text++;
	return n ? "" : text;
}

int at_field(const char *text, int n)
{
	const char *field = field_at(text, n);
	char *end;
	long value = strtol(field, &end, 10);

	return end == field || value < 0 || value > 1000000 ? -1 : (int)value;
}

/* While USSD is asked for in UCS-2, numbers come so as well. */
static void decode_number(char *field, size_t bytes)
{
	uint8_t units[128];
	size_t len;

	if (!str_starts(field, "00") || strlen(field) % 4 || strlen(field) < 12)
		return;
	if (pdu_from_hex(field, units, sizeof(units), &len) == ERR_OK)
		utf16_to_utf8(units, len / 2, field, bytes);
}

void at_text_field(const char *text, int n, char *field, size_t field_bytes)
{
	const char *at = field_at(text, n);
	size_t len;

	if (*at == '"')
		at++;
	len = strcspn(at, "\",");
	if (len >= field_bytes)
		len = field_bytes - 1;
	while (len && !str_is_utf8(at, len))
		len--;
	memcpy(field, at, len);
	field[len] = 0;
	decode_number(field, field_bytes);
}

/* Connecting. */

/* Out of whatever an earlier process or a noise left it in, an open prompt for example. */
static enum err synchronise(struct at_modem *m)
{
	enum err err = at_line_write(&m->line, ESCAPE, 1);

	if (!err)
		err = at_line_pump(&m->line, SETTLE_MS);
	for (int i = 0; i < SYNC_TRIES && err != ERR_UNREACHABLE; i++) {
		err = at_do(m, "AT", SYNC_MS, NULL);
		if (!err)
			break;
	}
	return err == ERR_MODEM ? ERR_TIMEOUT : err;
}

/* *ret_is_hopeless: no restart of the module mends it. */
static enum err wait_sim(struct at_modem *m, struct errbuf *eb, bool *ret_is_hopeless)
{
	struct at_result result = {0};
	char text[32];
	enum err err = ERR_OK;

	for (int i = 0; i < SIM_TRIES; i++) {
		struct first_answer first = {
			.prefix = "+CPIN:", .text = text, .bytes = sizeof(text)};
		struct at_request request = {.command = "AT+CPIN?",
			.prefix = "+CPIN:",
			.quiet_ms = AT_SIM_MS,
			.total_ms = AT_SIM_MS,
			.answer = keep_first,
			.arg = &first};

		text[0] = 0;
		err = at_line_command(&m->line, &request, &result);
		if (err)
			return errbuf_set(eb, err, "AT+CPIN?: %s", err_en(err));
		if (result.final == AT_OK && str_eq(text, "READY"))
			return ERR_OK;
		*ret_is_hopeless = (result.final == AT_OK && text[0]) ||
				   (result.final == AT_CME && result.code == CME_SIM_MISSING);
		if (*ret_is_hopeless)
			break;
		err = at_line_pump(&m->line, SIM_WAIT_MS);
		if (err)
			return err;
	}
	if (result.final == AT_CME && result.code == CME_SIM_MISSING)
		return errbuf_set(eb, ERR_SIM, LINE_ERROR_NO_SIM);
	return errbuf_set(
		eb, ERR_SIM, text[0] ? LINE_ERROR_SIM_CODE ": %s" : "SIM does not answer%s", text);
}

enum err at_first_of(struct at_modem *m, const char *const *commands, size_t count)
{
	enum err err = ERR_MODEM;

	for (size_t i = 0; i < count; i++) {
		err = at_do(m, commands[i], AT_SIM_MS, NULL);
		if (!err || at_is_fatal(err))
			return err;
	}
	return err;
}

static enum err switch_on(struct at_modem *m)
{
	static const char *const must[] = {"ATE0V1", "AT+CMGF=0"};
	/* CMMS=2 holds the link between segments. */
	static const char *const may[] = {"AT+CMEE=1", "AT+COPS=3,2", "AT+CUSD=1", "AT+CMMS=2"};
	enum err err = ERR_OK;

	for (size_t i = 0; i < ARRAY_LEN(must) && !err; i++)
		err = at_do(m, must[i], AT_SIM_MS, NULL);
	for (size_t i = 0; i < ARRAY_LEN(may) && !err; i++) {
		err = at_do(m, may[i], AT_SIM_MS, NULL);
		err = at_is_fatal(err) ? err : ERR_OK;
	}
	if (!err)
		err = at_plain_charset(m);
	if (!err)
		err = at_memories_open(m);
	if (err)
		return err;
	err = at_do(m, "AT+CLIP=1", AT_SIM_MS, NULL);
	m->has_clip = !err;
	return at_is_fatal(err) ? err : ERR_OK;
}

/* The rungs above closing and opening. A module that restarts leaves the bus: then ERR_UNREACHABLE,
 * and the next open finds it or not. */
static enum err recover(struct at_modem *m, bool is_in_step)
{
	int rung = m->failures % FAILURE_RUNGS;
	enum err err;

	if (!m->failures || (rung && rung != RADIO_RUNG))
		return ERR_OK;
	log_warn("modem", "recovery=%s failures=%d", rung ? "radio" : "restart", m->failures);
	if (!rung) {
		err = is_in_step ? at_do(m, "AT+CFUN=1,1", AT_RADIO_MS, NULL)
				 : at_line_write(&m->line, "AT+CFUN=1,1\r", 12);
		return at_is_fatal(err) || !err ? ERR_UNREACHABLE : ERR_OK;
	}
	if (!is_in_step)
		return ERR_OK;
	err = at_do(m, "AT+CFUN=4", AT_RADIO_MS, NULL);
	if (!at_is_fatal(err))
		err = at_do(m, "AT+CFUN=1", AT_RADIO_MS, NULL);
	return at_is_fatal(err) ? err : ERR_OK;
}

/* Who was killed between the two halves of that rung left the radio off, and nothing else would
 * ever switch it on again. */
static enum err radio_on(struct at_modem *m)
{
	char text[16];
	enum err err = at_ask(m, "AT+CFUN?", "+CFUN:", AT_SIM_MS, text, sizeof(text));

	if (err || at_field(text, 0) == 1)
		return at_is_fatal(err) ? err : ERR_OK;
	log_warn("modem", "recovery=radio was_off=%.2s", text);
	err = at_do(m, "AT+CFUN=1", AT_RADIO_MS, NULL);
	return at_is_fatal(err) ? err : ERR_OK;
}

static enum err connect_modem(
	struct at_modem *m, struct line_hello *ret_hello, struct errbuf *eb, bool *ret_is_hopeless)
{
	enum err err = synchronise(m);

	if (recover(m, !err) || err)
		return errbuf_set(eb, err ? err : ERR_UNREACHABLE,
			err ? "no answer to AT" : "module restarts");
	err = at_do(m, "AT+CMEE=1", AT_QUICK_MS, NULL);
	if (!at_is_fatal(err))
		err = radio_on(m);
	if (!err)
		err = wait_sim(m, eb, ret_is_hopeless);
	if (err)
		return eb->text[0] ? err : errbuf_set(eb, err, "AT+CFUN?: %s", err_en(err));
	err = switch_on(m);
	if (!err)
		err = at_identity(m, ret_hello);
	if (!err)
		err = at_reports_on(m, ret_hello->maker);
	if (!err)
		err = at_clock_on(m, ret_hello->maker);
	return err ? errbuf_set(eb, err, "set-up: %s", err_en(err)) : ERR_OK;
}

static void at_close(struct modem *modem)
{
	at_line_close(&at_self(modem)->line);
}

static enum err at_open(struct modem *modem, struct line_hello *ret_hello, struct errbuf *eb)
{
	struct at_modem *m = at_self(modem);
	bool is_hopeless = false;
	enum err err;

	m->modem.events = (struct modem_events){0};
	m->memory[0] = 0;
	m->rings = 0;
	m->is_ucs2 = false;
	m->network_ms = 0;
	eb->text[0] = 0;
	err = at_line_open(&m->line, modem->device, eb);
	if (err)
		return err;
	err = connect_modem(m, ret_hello, eb, &is_hopeless);
	if (err && !is_hopeless)
		m->failures++;
	m->opened_ms = now_ms();
	return err;
}

static int at_fd(const struct modem *modem)
{
	return container_of(modem, const struct at_modem, modem)->line.fd;
}

/* "> " that nobody asked for: what is sent next would be taken for the text of a message. */
static enum err leave_prompt(struct at_modem *m)
{
	if (!m->line.talk.has_stray_prompt)
		return ERR_OK;
	m->line.talk.has_stray_prompt = false;
	return at_line_write(&m->line, ESCAPE, 1);
}

static enum err at_pump(struct modem *modem)
{
	struct at_modem *m = at_self(modem);
	enum err err = at_line_pump(&m->line, 0);

	return err ? err : leave_prompt(m);
}

/* When the end of a text was lost on the line, the modem waits for it still, and whatever comes
 * next would become part of the text. On the air it does not mind. */
static enum err leave_text(struct at_modem *m)
{
	enum err err;

	if (!m->may_be_in_text)
		return ERR_OK;
	m->may_be_in_text = false;
	m->is_escaping = true;
	err = at_line_write(&m->line, ESCAPE, 1);
	if (!err)
		err = at_line_pump(&m->line, ESCAPE_MS);
	m->is_escaping = false;
	return err;
}

/*
 * The barrier after a command that was not answered: what is still on its way is taken first, and
 * an OK that comes before the signal is not the probe's.
 */
static enum err at_probe(struct modem *modem)
{
	struct at_modem *m = at_self(modem);
	char text[32];
	enum err err = at_line_pump(&m->line, SETTLE_MS);

	if (!err)
		err = leave_prompt(m);
	if (!err)
		err = leave_text(m);
	if (!err)
		err = at_do(m, "AT", AT_QUICK_MS, NULL);
	if (!at_is_fatal(err))
		err = at_ask(m, "AT+CSQ", "+CSQ:", AT_QUICK_MS, text, sizeof(text));
	/* It forgets its memory when it restarts by itself. */
	m->memory[0] = 0;
	if (at_is_fatal(err))
		m->failures++;
	else if (now_ms() - m->opened_ms > SOUND_MS)
		m->failures = 0;
	return at_is_fatal(err) ? err : ERR_OK;
}

static const char *at_trace(const struct modem *modem, size_t n)
{
	return at_ring_line(&container_of(modem, const struct at_modem, modem)->line.talk.ring, n);
}

static void at_free(struct modem *modem)
{
	struct at_modem *m = at_self(modem);

	at_line_close(&m->line);
	explicit_bzero(m, sizeof(*m));
	free(m);
}

struct modem *modem_at_new(const char *device)
{
	static const struct modem_ops ops = {
		.driver = "at",
		.open = at_open,
		.close = at_close,
		.fd = at_fd,
		.pump = at_pump,
		.probe = at_probe,
		.list = at_list,
		.read = at_read,
		.erase = at_erase,
		.confirm = at_confirm,
		.submit = at_submit,
		.hang_up = at_hang_up,
		.dial = at_dial,
		.status = at_status,
		.trace = at_trace,
		.free = at_free,
	};
	struct at_modem *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	at_line_init(&m->line, &at_unasked, m);
	m->modem.ops = &ops;
	m->modem.device = device;
	return &m->modem;
}
