/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a modem says by itself, also in the middle of an answer: each line becomes an event that the
 * session takes when no command is under way. */
#include "gateway/modem_at.h"
#include "gateway/ussd.h"
#include "daemon/base/str.h"

#include <string.h>

#define RINGS_WITHHELD 2 /* that many without +CLIP: there will be none */

static void take_arrived(struct at_modem *m, const char *text)
{
	struct modem_event *event = modem_events_push(&m->modem.events, MODEM_ARRIVED);

	if (!event)
		return;
	at_text_field(text, 0, event->arrived.mem, sizeof(event->arrived.mem));
	event->arrived.slot = at_field(text, 1);
}

static void take_call(struct at_modem *m, const char *number)
{
	struct modem_event *event = modem_events_push(&m->modem.events, MODEM_CALL);

	m->rings = 0;
	if (event)
		snprintf(event->call.from, sizeof(event->call.from), "%s", number);
}

static void take_clip(struct at_modem *m, const char *text)
{
	char number[40], from[48];
	bool needs_plus;

	at_text_field(text, 0, number, sizeof(number));
	needs_plus = number[0] && number[0] != '+' && at_field(text, 1) == 145;
	snprintf(from, sizeof(from), "%s%s", needs_plus ? "+" : "", number);
	take_call(m, from);
}

static void take_ring(struct at_modem *m)
{
	if (++m->rings >= RINGS_WITHHELD || !m->has_clip)
		take_call(m, "");
}

static void take_ussd(struct at_modem *m, const char *line)
{
	struct modem_event *event = modem_events_push(&m->modem.events, MODEM_USSD);

	if (event && ussd_parse(line, &event->ussd))
		event->ussd.status = 2;
}

static void unasked(void *arg, const char *line, const char *pdu)
{
	struct at_modem *m = arg;
	const char *text = line + strcspn(line, ":") + (strchr(line, ':') != NULL);

	while (*text == ' ')
		text++;
	if (str_starts(line, "+CDSI:"))
		m->reports_announced++;
	if (str_starts(line, "+CMTI:") || str_starts(line, "+CDSI:"))
		take_arrived(m, text);
	else if (pdu && !str_starts(line, "+CBM:"))
		at_report_direct(m, pdu);
	else if (str_starts(line, "+CUSD:"))
		take_ussd(m, line);
	else if (str_starts(line, "+CLIP:"))
		take_clip(m, text);
	else if (str_starts(line, "RING") || str_starts(line, "+CRING:"))
		take_ring(m);
	else
		at_clock_told(m, line);
}

static void submitted(void *arg, const struct at_result *result, int mr)
{
	struct at_modem *m = arg;
	struct modem_event *event = modem_events_push(&m->modem.events, MODEM_SUBMITTED);
	bool is_coded = result->code > 0;

	m->may_be_in_text = false;
	if (!event)
		return;
	/* To a segment that it took it would say +CMGS. */
	if (m->is_escaping && result->final == AT_OK && mr < 0) {
		event->type = MODEM_UNSENT;
		return;
	}
	event->submitted.mr = mr;
	event->submitted.status = result->final == AT_OK ? 0 : is_coded ? result->code : -1;
	snprintf(event->submitted.kind, sizeof(event->submitted.kind), "%s",
		!is_coded		  ? "modem"
		: result->final == AT_CMS ? "cms"
					  : "cme");
}

const struct at_talk_ops at_unasked = {unasked, submitted};
