/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/at_clock.h"
#include "gateway/modem_at.h"
#include "daemon/base/clock.h"
#include "daemon/base/str.h"

#include <string.h>

#define CSQ_MAX		31
#define NUMBER_READINGS 4
#define TOLD_KEEP_MS	DAY_MS /* the crystal of any board is good to seconds for that long */

/* Some modules repeat the command's name, some say "Revision:". */
static enum err ask_word(struct at_modem *m, const char *command, char *text, size_t bytes)
{
	char answer[128];
	const char *word = answer;
	size_t len;
	enum err err = at_ask(m, command, "", AT_SIM_MS, answer, sizeof(answer));

	if (err)
		return at_is_fatal(err) ? err : ERR_OK;
	if (str_starts(word, "Revision:"))
		word += strlen("Revision:");
	while (*word == ' ' || *word == '"')
		word++;
	len = strcspn(word, "\"");
	if (len >= bytes)
		len = bytes - 1;
	while (len && !str_is_utf8(word, len))
		len--;
	memcpy(text, word, len);
	text[len] = 0;
	return ERR_OK;
}

/*
 * IMSI and IMEI name what lies in the slots: a card that is too slow to tell, and a late answer to
 * the command before, must not change them. Two readings that agree are believed, else none.
 */
static enum err ask_number(struct at_modem *m, const char *command, char *text, size_t bytes)
{
	char last[24] = "", now[24];
	enum err err;

	for (int i = 0; i < NUMBER_READINGS; i++) {
		now[0] = 0;
		err = ask_word(m, command, now, sizeof(now));
		if (err)
			return err;
		if (now[0] && str_eq(now, last)) {
			snprintf(text, bytes, "%s", now);
			return ERR_OK;
		}
		memcpy(last, now, sizeof(last));
	}
	return ERR_OK;
}

enum err at_identity(struct at_modem *m, struct line_hello *ret_hello)
{
	struct line_hello hello = {.version = LINE_VERSION, .driver = "at"};
	char text[80];
	enum err err = ask_word(m, "AT+CGMI", hello.maker, sizeof(hello.maker));

	if (!err)
		err = ask_word(m, "AT+CGMM", hello.model, sizeof(hello.model));
	if (!err)
		err = ask_word(m, "AT+CGMR", hello.firmware, sizeof(hello.firmware));
	if (!err)
		err = ask_number(m, "AT+CGSN", hello.imei, sizeof(hello.imei));
	if (!err)
		err = ask_number(m, "AT+CIMI", hello.imsi, sizeof(hello.imsi));
	if (err)
		return err;
	err = at_ask(m, "AT+CSCA?", "+CSCA:", AT_SIM_MS, text, sizeof(text));
	if (!err)
		at_text_field(text, 0, hello.smsc, sizeof(hello.smsc));
	if (at_is_fatal(err))
		return err;
	*ret_hello = hello;
	return ERR_OK;
}

/* <stat> of +CREG and +CEREG, 3GPP TS 27.007 §7.2 and §10.1.22. */
static const char *network_name(int stat)
{
	switch (stat) {
	case 1:
	case 6: /* for SMS only */
		return "home";
	case 5:
	case 7:
		return "roaming";
	case 2:
		return "searching";
	case 3:
		return "denied";
	case 0:
		return "none";
	default:
		return "unknown";
	}
}

static bool is_registered(int stat)
{
	return stat == 1 || stat == 5 || stat == 6 || stat == 7;
}

/* Circuit switched, or, where a module knows only LTE, packets. */
static enum err ask_network(struct at_modem *m, int *ret_stat)
{
	char text[64];
	int stat;
	enum err err = at_ask(m, "AT+CREG?", "+CREG:", AT_SIM_MS, text, sizeof(text));

	*ret_stat = err ? -1 : at_field(text, 1);
	if (at_is_fatal(err) || is_registered(*ret_stat))
		return err;
	err = at_ask(m, "AT+CEREG?", "+CEREG:", AT_SIM_MS, text, sizeof(text));
	stat = err ? -1 : at_field(text, 1);
	if (is_registered(stat))
		*ret_stat = stat;
	return at_is_fatal(err) ? err : ERR_OK;
}

static enum err ask_operator(struct at_modem *m, struct line_state *state)
{
	char text[96], code[16];
	enum err err = at_ask(m, "AT+COPS?", "+COPS:", AT_SIM_MS, text, sizeof(text));

	if (err)
		return at_is_fatal(err) ? err : ERR_OK;
	at_text_field(text, 2, code, sizeof(code));
	/* 5 or 6 digits; a module that went back to names is not believed. */
	if (strspn(code, "0123456789") == strlen(code) && strlen(code) < 7)
		snprintf(state->operator_code, sizeof(state->operator_code), "%.7s", code);
	return ERR_OK;
}

/* Selecting a memory tells how full it is. */
static enum err ask_memories(struct at_modem *m, struct line_state *state)
{
	enum err err = m->phone.is_there ? at_select(m, "ME", true) : ERR_OK;

	if (!at_is_fatal(err) && m->sim.is_there)
		err = at_select(m, "SM", true);
	state->sim_used = m->sim.used;
	state->sim_size = m->sim.size;
	state->me_used = m->phone.used;
	state->me_size = m->phone.size;
	return at_is_fatal(err) ? err : ERR_OK;
}

/* The network's time. Its own words go before the clock of a module, which was set by them some
 * time. */

static int64_t mono_ms(void)
{
	return clock_mono_ms(clock_system());
}

enum err at_clock_on(struct at_modem *m, const char *maker)
{
	/* Quectel's clock would run in universal time with 1; others refuse 3. */
	static const char *const local[] = {"AT+CTZU=3", "AT+CTZU=1"};
	static const char *const told[] = {"AT+CTZR=3", "AT+CTZR=2"};
	bool is_quectel = str_starts(maker, "Quectel");
	enum err err = at_first_of(m, is_quectel ? local : local + 1, is_quectel ? 2 : 1);

	/* A clock that the network does not set is nobody's time. */
	m->has_clock = !err;
	m->has_qlts = is_quectel;
	if (!at_is_fatal(err))
		err = at_first_of(m, told, ARRAY_LEN(told));
	return at_is_fatal(err) ? err : ERR_OK;
}

void at_clock_told(struct at_modem *m, const char *line)
{
	int64_t utc_ms;

	if (at_clock_parse(line, &utc_ms))
		return;
	m->network_ms = utc_ms;
	m->network_at_ms = mono_ms();
}

static enum err ask_clock(
	struct at_modem *m, const char *command, const char *prefix, int64_t *ret_ms)
{
	char text[64], line[80];
	enum err err = at_ask(m, command, prefix, AT_QUICK_MS, text, sizeof(text));

	if (err)
		return err;
	snprintf(line, sizeof(line), "%s%s", prefix, text);
	return at_clock_parse(line, ret_ms);
}

static enum err ask_time(struct at_modem *m, int64_t *ret_ms)
{
	enum err err = ERR_OK;

	*ret_ms = 0;
	if (m->network_ms && mono_ms() - m->network_at_ms < TOLD_KEEP_MS) {
		*ret_ms = m->network_ms + mono_ms() - m->network_at_ms;
		return ERR_OK;
	}
	if (m->has_qlts) {
		err = ask_clock(m, "AT+QLTS=1", "+QLTS:", ret_ms);
		/* It knows the command and was told nothing: then its clock was not either. */
		m->has_qlts = err != ERR_MODEM;
	}
	if (m->has_clock && !m->has_qlts && !at_is_fatal(err))
		err = ask_clock(m, "AT+CCLK?", "+CCLK:", ret_ms);
	return at_is_fatal(err) ? err : ERR_OK;
}

enum err at_status(struct modem *modem, struct line_state *ret_state)
{
	struct at_modem *m = at_self(modem);
	struct line_state state = {.signal_percent = -1, .network = "unknown"};
	char text[32];
	int signal, stat = -1;
	enum err err = at_plain_charset(m);

	if (!err)
		err = at_ask(m, "AT+CSQ", "+CSQ:", AT_QUICK_MS, text, sizeof(text));
	if (at_is_fatal(err))
		return err;
	signal = err ? -1 : at_field(text, 0);
	if (signal >= 0 && signal <= CSQ_MAX)
		state.signal_percent = signal * 100 / CSQ_MAX;
	err = ask_network(m, &stat);
	if (!at_is_fatal(err))
		err = ask_operator(m, &state);
	if (!at_is_fatal(err))
		err = ask_time(m, &state.time_ms);
	if (!at_is_fatal(err))
		err = ask_memories(m, &state);
	if (at_is_fatal(err))
		return err;
	snprintf(state.network, sizeof(state.network), "%s", network_name(stat));
	*ret_state = state;
	return ERR_OK;
}
