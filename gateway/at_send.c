/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/modem_at.h"
#include "gateway/pdu_code.h"
#include "gateway/ussd.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"

#include <string.h>

#define CTRL_Z	   '\x1a'
#define ESCAPE	   "\x1b"
#define CODE_MAX   63
#define CODE_BYTES (4 * CODE_MAX + 1)

static void fault_of(const struct at_result *result, struct modem_fault *ret_fault)
{
	bool is_coded = result->code >= 0;

	ret_fault->code = result->code;
	snprintf(ret_fault->kind, sizeof(ret_fault->kind), "%s",
		!is_coded		  ? "modem"
		: result->final == AT_CMS ? "cms"
					  : "cme");
}

/* ERR_OK: the modem waits for the PDU. */
static enum err ask_prompt(struct at_modem *m, size_t octets, struct modem_fault *ret_fault)
{
	char command[32];
	struct at_request request = {.command = command,
		.wants_prompt = true,
		.quiet_ms = AT_PROMPT_MS,
		.total_ms = AT_PROMPT_MS};
	struct at_result result;
	enum err err;

	snprintf(command, sizeof(command), "AT+CMGS=%zu", octets);
	*ret_fault = (struct modem_fault){.kind = "modem", .code = -1};
	err = at_line_command(&m->line, &request, &result);
	if (err) {
		/* Should the prompt come after all, it closes again: nothing goes out. */
		if (err == ERR_TIMEOUT && at_line_write(&m->line, ESCAPE, 1) == ERR_UNREACHABLE)
			err = ERR_UNREACHABLE;
		return err;
	}
	if (result.final == AT_PROMPT)
		return ERR_OK;
	fault_of(&result, ret_fault);
	err = at_err_of(&result);
	return err ? err : ERR_MODEM;
}

enum err at_submit(struct modem *modem, const struct line_send *send, struct modem_fault *ret_fault)
{
	struct at_modem *m = at_self(modem);
	uint8_t pdu[PDU_OCTETS_MAX];
	char hex[2 * PDU_OCTETS_MAX + 2];
	struct errbuf eb = {0};
	size_t len;
	enum err err;

	*ret_fault = (struct modem_fault){.kind = "local", .code = -1};
	err = pdu_encode(send, pdu, &len, &eb);
	if (err) {
		log_warn("modem", "unsendable=\"%s\"", eb.text);
		return err;
	}
	/* TP octets: without the length of the SMSC's address. */
	err = ask_prompt(m, len - 1, ret_fault);
	if (!err) {
		str_hex(pdu, len, hex);
		hex[2 * len] = CTRL_Z;
		at_ring_add(&m->line.talk.ring, '>', "(PDU)");
		at_talk_submitting(&m->line.talk);
		m->may_be_in_text = true;
		err = at_line_write(&m->line, hex, 2 * len + 1);
		/* What part of it arrived, the end included, nobody knows. */
		err = err ? ERR_UNREACHABLE : ERR_OK;
	}
	explicit_bzero(pdu, sizeof(pdu));
	explicit_bzero(hex, sizeof(hex));
	return err;
}

enum err at_hang_up(struct modem *modem)
{
	struct at_modem *m = at_self(modem);
	enum err err = at_do(m, "AT+CHUP", AT_SIM_MS, NULL);

	return err && !at_is_fatal(err) ? at_do(m, "ATH", AT_SIM_MS, NULL) : err;
}

/* In which numbers and most answers are what they look like. */
enum err at_plain_charset(struct at_modem *m)
{
	enum err err = at_do(m, "AT+CSCS=\"GSM\"", AT_QUICK_MS, NULL);

	if (err && !at_is_fatal(err))
		err = at_do(m, "AT+CSCS=\"IRA\"", AT_QUICK_MS, NULL);
	m->is_ucs2 = false;
	return at_is_fatal(err) ? err : ERR_OK;
}

static enum err dial_as(struct at_modem *m, const char *code, struct at_result *ret_result)
{
	char command[CODE_BYTES + 24];

	snprintf(command, sizeof(command), "AT+CUSD=1,\"%s\",15", code);
	return at_do(m, command, AT_RADIO_MS, ret_result);
}

/* Another way of writing the code helps only where the code was not understood. */
static bool is_worth_another_way(enum err err)
{
	return err && !at_is_fatal(err) && err != ERR_SIM && err != ERR_NETWORK;
}

/*
 * In UCS-2, in which no letter of the answer is lost; in the plain set, where a module has no
 * other; packed, for the Huawei sticks that take nothing else.
 */
enum err at_dial(struct modem *modem, const char *code)
{
	struct at_modem *m = at_self(modem);
	char hex[CODE_BYTES];
	struct at_result result;
	enum err err;

	if (!code[0] || strlen(code) > CODE_MAX || strspn(code, "0123456789*#+") != strlen(code))
		return ERR_INVALID;
	err = at_do(m, "AT+CSCS=\"UCS2\"", AT_QUICK_MS, NULL);
	if (!err) {
		m->is_ucs2 = true;
		ussd_ucs2_hex(code, hex);
		err = dial_as(m, hex, &result);
	}
	if (is_worth_another_way(err)) {
		err = at_plain_charset(m);
		if (!err)
			err = dial_as(m, code, &result);
	}
	if (is_worth_another_way(err)) {
		ussd_packed_hex(code, hex);
		err = dial_as(m, hex, &result);
	}
	return err;
}
