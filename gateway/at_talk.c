/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/at_talk.h"
#include "daemon/base/str.h"

#include <string.h>

#define SUBMITS_MAX 2 /* the one in flight and one given up */

/* What comes by itself and matters; everything else that nobody asked for is noise. */
static const struct {
	const char *begin;
	bool has_pdu;
} unasked[] = {
	{"+CMTI:", false},
	{"+CDSI:", false},
	{"+CMT:", true},
	{"+CDS:", true},
	{"+CBM:", true},
	{"+CUSD:", false},
	{"+CLIP:", false},
	{"+CRING:", false},
	{"RING", false},
	{"+CTZE:", false},
	{"+CTZEU:", false},
	{"^NWTIME:", false},
	{"*PSUTTZ:", false},
};

/* Words that modules say without being asked and without a mark in front. */
static const char *const chatter[] = {"NO CARRIER", "Call Ready", "SMS Ready", "SMS DONE",
	"PB DONE", "RDY", "NORMAL POWER DOWN", "POWERED DOWN", "BUSY", "DST:"};

void at_talk_init(struct at_talk *talk, const struct at_talk_ops *ops, void *arg)
{
	*talk = (struct at_talk){.ops = ops, .arg = arg};
}

void at_talk_begin(struct at_talk *talk, const struct at_request *request)
{
	talk->request = request;
	talk->is_done = false;
	talk->has_answer = false;
}

void at_talk_end(struct at_talk *talk)
{
	talk->request = NULL;
}

void at_talk_submitting(struct at_talk *talk)
{
	if (talk->submits < SUBMITS_MAX)
		talk->submits++;
}

static void settle_submit(struct at_talk *talk, const struct at_result *result, int mr)
{
	if (talk->submits)
		talk->submits--;
	talk->ops->submitted(talk->arg, result, mr);
}

static int number_of(const char *text)
{
	char *end;
	long value;

	while (*text == ' ')
		text++;
	value = strtol(text, &end, 10);
	return end == text || value < 0 || value > 65535 ? -1 : (int)value;
}

static bool final_of(const char *line, struct at_result *ret_result)
{
	*ret_result = (struct at_result){.code = -1};
	if (str_eq(line, "OK"))
		ret_result->final = AT_OK;
	else if (str_eq(line, "ERROR") || str_starts(line, "COMMAND NOT SUPPORT") ||
		 str_starts(line, "TOO MANY PARAMETERS"))
		ret_result->final = AT_ERROR;
	else if (str_starts(line, "+CMS ERROR"))
		ret_result->final = AT_CMS;
	else if (str_starts(line, "+CME ERROR"))
		ret_result->final = AT_CME;
	else
		return false;
	if (ret_result->final == AT_CMS || ret_result->final == AT_CME)
		ret_result->code = number_of(
			line + strcspn(line, ":") + (strchr(line, ':') != NULL));
	return true;
}

/* Only commands about messages are answered with a CMS code. */
static bool may_be_cms(const struct at_request *request)
{
	return request &&
	       (strstr(request->command, "+CMG") || strstr(request->command, "+CPMS") ||
		       strstr(request->command, "+CNMI") || strstr(request->command, "+CMMS") ||
		       strstr(request->command, "+CSCA"));
}

static void take_final(struct at_talk *talk, const struct at_result *result)
{
	const struct at_request *request = talk->request;

	if (talk->owes_final && result->final == AT_OK) {
		talk->owes_final = false;
		return;
	}
	if (talk->submits && (!request || (result->final == AT_CMS && !may_be_cms(request)))) {
		settle_submit(talk, result, -1);
		return;
	}
	if (!request || talk->is_done)
		return;
	if (request->must_answer && !talk->has_answer && result->final == AT_OK)
		return;
	talk->result = *result;
	talk->is_done = true;
}

static void take_submitted(struct at_talk *talk, const char *line)
{
	struct at_result result = {.final = AT_OK, .code = -1};
	int mr = number_of(line + strlen("+CMGS:"));

	talk->owes_final = true;
	settle_submit(talk, &result, mr <= 255 ? mr : -1);
}

static bool is_hex(const char *line)
{
	size_t len = strlen(line);

	return len >= 2 && strspn(line, "0123456789ABCDEFabcdef") == len;
}

/* The address of a report or message may stand in it: it stays in the ring's care. */
static bool take_unasked(struct at_talk *talk, const char *line)
{
	for (size_t i = 0; i < ARRAY_LEN(unasked); i++) {
		if (!str_starts(line, unasked[i].begin))
			continue;
		if (unasked[i].has_pdu)
			snprintf(talk->head, sizeof(talk->head), "%.63s", line);
		else
			talk->ops->unasked(talk->arg, line, NULL);
		return true;
	}
	return false;
}

static bool is_chatter(const char *line)
{
	if (strchr("+^*%$#&", line[0]))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(chatter); i++) {
		if (str_starts(line, chatter[i]))
			return true;
	}
	return false;
}

static bool is_echo(const char *line)
{
	return (line[0] | 0x20) == 'a' && (line[1] | 0x20) == 't';
}

static void take_line(struct at_talk *talk, const char *line)
{
	const struct at_request *request = talk->is_done ? NULL : talk->request;
	const char *prefix = request ? request->prefix : NULL;
	struct at_result result;

	if (final_of(line, &result)) {
		take_final(talk, &result);
		return;
	}
	if (talk->head[0] && is_hex(line)) {
		talk->ops->unasked(talk->arg, talk->head, line);
		talk->head[0] = 0;
		return;
	}
	if (str_starts(line, "+CMGS:")) {
		take_submitted(talk, line);
		return;
	}
	if (prefix && prefix[0] && str_starts(line, prefix)) {
		talk->has_answer = true;
		request->answer(request->arg, line);
		return;
	}
	if (take_unasked(talk, line))
		return;
	if (!prefix || is_echo(line))
		return;
	if (prefix[0] ? request->has_pdus && is_hex(line) : !is_chatter(line)) {
		talk->has_answer = true;
		request->answer(request->arg, line);
	}
}

static void take_token(void *arg, enum at_token token, const char *line)
{
	struct at_talk *talk = arg;

	talk->heard++;
	at_ring_add(&talk->ring, '<', line);
	if (token == AT_TOKEN_LINE) {
		take_line(talk, line);
	} else if (talk->request && talk->request->wants_prompt && !talk->is_done) {
		talk->result = (struct at_result){.final = AT_PROMPT, .code = -1};
		talk->is_done = true;
	} else {
		talk->has_stray_prompt = true;
	}
}

void at_talk_feed(struct at_talk *talk, const char *bytes, size_t len)
{
	at_reader_feed(&talk->reader, bytes, len, take_token, talk);
}
