/* SPDX-License-Identifier: GPL-2.0-or-later */
/* They run inside libgammu's dispatch and may do nothing but enqueue. */
#include "gateway/modem_gammu.h"
#include "gateway/pdu.h"
#include "gateway/utf16.h"
#include "daemon/base/str.h"

static const char *memory_name(GSM_MemoryType type)
{
	switch (type) {
	case MEM_ME:
		return "ME";
	case MEM_SM:
		return "SM";
	case MEM_SR:
		return "SR";
	case MEM_MT:
		return "MT";
	default:
		return NULL;
	}
}

static void on_sms(GSM_StateMachine *sm, GSM_SMSMessage *sms, void *arg)
{
	struct gammu_modem *g = arg;
	const char *mem = memory_name(sms->Memory);
	struct modem_event *event;
	struct line line;

	(void)sm;
	if (sms->PDU == SMS_Status_Report && sms->Memory == 0) {
		event = modem_events_push(&g->modem.events, MODEM_REPORT);
		if (event && pdu_to_line(sms, true, &line) == ERR_OK)
			event->report = line.report;
		/* libgammu answers for it by itself. */
		if (event)
			event->report.slot = -1;
		return;
	}
	/* Routed past the store (+CMT): we never ask for that, and it can't be read again. */
	if (sms->PDU == SMS_Deliver || !mem)
		return;
	event = modem_events_push(&g->modem.events, MODEM_ARRIVED);
	if (!event)
		return;
	snprintf(event->arrived.mem, sizeof(event->arrived.mem), "%s", mem);
	event->arrived.slot = sms->Location;
}

static void on_call(GSM_StateMachine *sm, GSM_Call *call, void *arg)
{
	struct gammu_modem *g = arg;
	struct modem_event *event;

	(void)sm;
	/* In events of other kinds the number is uninitialised memory. */
	if (call->Status != GSM_CALL_IncomingCall)
		return;
	event = modem_events_push(&g->modem.events, MODEM_CALL);
	if (event)
		utf16_to_utf8(call->PhoneNumber,
			utf16_len(call->PhoneNumber, GSM_MAX_NUMBER_LENGTH), event->call.from,
			sizeof(event->call.from));
}

static void on_ussd(GSM_StateMachine *sm, GSM_USSDMessage *ussd, void *arg)
{
	static const int codes[] = {[USSD_NoActionNeeded] = 0,
		[USSD_ActionNeeded] = 1,
		[USSD_Terminated] = 2,
		[USSD_AnotherClient] = 3,
		[USSD_NotSupported] = 4,
		[USSD_Timeout] = 5};
	struct gammu_modem *g = arg;
	struct modem_event *event = modem_events_push(&g->modem.events, MODEM_USSD);

	(void)sm;
	if (!event)
		return;
	event->ussd.status = (size_t)ussd->Status < ARRAY_LEN(codes) ? codes[ussd->Status] : 2;
	utf16_to_utf8(ussd->Text, utf16_len(ussd->Text, GSM_MAX_USSD_LENGTH), event->ussd.text,
		sizeof(event->ussd.text));
}

static void push_answer(struct gammu_modem *g, int status, int mr)
{
	struct modem_event *event = modem_events_push(&g->modem.events, MODEM_SUBMITTED);

	if (!event)
		return;
	event->submitted.status = status;
	event->submitted.mr = mr >= 0 && mr <= 255 ? mr : -1;
	snprintf(event->submitted.kind, sizeof(event->submitted.kind), "%s",
		status <= 0		     ? "modem"
		: g->result == GAMMU_LOG_CME ? "cme"
					     : "cms");
}

static void on_submitted(GSM_StateMachine *sm, int status, int reference, void *arg)
{
	struct gammu_modem *g = arg;

	(void)sm;
	if (status == 0 && g->has_logged_mr)
		g->has_logged_mr = false; /* the log was first */
	else
		push_answer(g, status, reference);
}

static void on_log(const char *text, void *arg)
{
	struct gammu_modem *g = arg;
	int number;
	enum gammu_log_what what = gammu_log_read(text, &number);

	if (what == GAMMU_LOG_CMGS) {
		g->has_logged_mr = true;
		push_answer(g, 0, number);
	} else if (what != GAMMU_LOG_OTHER) {
		g->result = what;
	}
}

void gammu_events_on(struct gammu_modem *g)
{
	GSM_SetDebugFunction(on_log, g, GSM_GetDebug(g->sm));
	GSM_SetDebugLevel("text", GSM_GetDebug(g->sm));
	GSM_SetIncomingSMSCallback(g->sm, on_sms, g);
	GSM_SetIncomingCallCallback(g->sm, on_call, g);
	GSM_SetIncomingUSSDCallback(g->sm, on_ussd, g);
	GSM_SetSendSMSStatusCallback(g->sm, on_submitted, g);
}
