/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A modem says anything at all, to commands of each kind: nothing is read or written out of bounds,
 * no time before this year is believed, and a command that is asked right afterwards and answered
 * well is understood. */
#include "gateway/at_clock.h"
#include "gateway/at_talk.h"
#include "daemon/base/clock_trust.h"
#include "gateway/ussd.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_unasked(void *arg, const char *line, const char *pdu)
{
	struct line_ussd ussd;
	int64_t utc_ms;

	(void)arg;
	CHECK(strlen(line) < AT_LINE_BYTES && (!pdu || strlen(pdu) < AT_LINE_BYTES));
	if (ussd_parse(line, &ussd) == ERR_OK)
		CHECK(ussd.status >= 0);
	if (at_clock_parse(line, &utc_ms) == ERR_OK)
		CHECK(utc_ms >= CLOCK_FLOOR_MS && utc_ms < 70 * 366 * DAY_MS + CLOCK_FLOOR_MS);
}

static void on_submitted(void *arg, const struct at_result *result, int mr)
{
	(void)arg;
	CHECK(result->code >= -1 && mr >= -1 && mr <= 255);
}

static void on_answer(void *arg, const char *line)
{
	(void)arg;
	CHECK(strlen(line) < AT_LINE_BYTES);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct at_talk_ops ops = {on_unasked, on_submitted};
	static const struct at_request requests[] = {
		{.command = "AT+CMGL=4", .prefix = "+CMGL:", .has_pdus = true, .answer = on_answer},
		{.command = "AT+CGSN", .prefix = "", .must_answer = true, .answer = on_answer},
		{.command = "AT+CMGS=20", .wants_prompt = true},
		{.command = "AT+CSQ", .prefix = "+CSQ:", .must_answer = true, .answer = on_answer}};
	static struct at_talk talk;
	static const char quiet[] = "\r\n\"\r\n\",1\r\nOK\r\nOK\r\n",
			  answer[] = "+CSQ: 1,99\r\nOK\r\n";

	if (!size)
		return 0;
	at_talk_init(&talk, &ops, NULL);
	if (data[0] & 4)
		at_talk_submitting(&talk);
	at_talk_begin(&talk, &requests[data[0] & 3]);
	at_talk_feed(&talk, (const char *)data + 1, size - 1);
	at_talk_end(&talk);
	/* As the barrier does: whatever was half said ends. */
	at_talk_feed(&talk, quiet, sizeof(quiet) - 1);
	talk.owes_final = false;
	at_talk_begin(&talk, &requests[3]);
	at_talk_feed(&talk, answer, sizeof(answer) - 1);
	CHECK(talk.is_done && talk.result.final == AT_OK);
	for (size_t n = 0; at_ring_line(&talk.ring, n); n++)
		CHECK(strlen(at_ring_line(&talk.ring, n)) < AT_RING_BYTES);
	return 0;
}
