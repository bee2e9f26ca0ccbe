/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The driver over libgammu 1.42's own AT engine. What it does not forgive: callbacks may only
 * enqueue; every connect forgets them; a struct of 266 KB is wanted for one message; a listing
 * ends with the same code that an empty slot has; a timed-out command leaves half an answer behind
 * that the next one trips over.
 */
/* Four names of libgammu's error enum are also ours. */
#define ERR_BUG	      GAMMU_BUG
#define ERR_BUSY      GAMMU_BUSY
#define ERR_READ_ONLY GAMMU_READ_ONLY
#define ERR_TIMEOUT   GAMMU_TIMEOUT
#include <gammu.h>
#undef ERR_BUG
#undef ERR_BUSY
#undef ERR_READ_ONLY
#undef ERR_TIMEOUT

#include "gateway/gammu_log.h"
#include "gateway/modem.h"
#include "gateway/pdu.h"
#include "gateway/tty.h"
#include "gateway/utf16.h"
#include "gateway/watch.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"

#include <errno.h>
#include <locale.h>
#include <string.h>

#define CONNECTION "at115200"
/* The daemon kills after 60 s of silence; a whole SIM at 115,200 baud takes under ten. */
#define CALL_LIMIT_S   25
#define DIALOG_LIMIT_S 35 /* a prompt or a USSD request: libgammu waits 30 s */
#define OPEN_LIMIT_S   45

#define CMS_SMSC_UNKNOWN 330 /* 3GPP TS 27.005 §3.2.5 */
#define ERASE_WAIT_MS	 5000
#define FLUSH_ROUNDS	 10 /* of 50 ms: an idle modem answers AT within 100 */

struct gammu_modem {
	struct modem modem;
	GSM_StateMachine *sm;
	GSM_MultiSMSMessage *multi; /* one for all reading, too large for a stack */
	int fd;			    /* the tty, libgammu's own descriptor; -1 not found */
	bool has_sim, has_phone;    /* memories SM and ME */
	unsigned char smsc[(GSM_MAX_NUMBER_LENGTH + 1) * 2];
	enum gammu_log_what result; /* of the last command */
	bool has_logged_mr;	    /* its callback is still to come */
};

static struct gammu_modem *self(struct modem *modem)
{
	return container_of(modem, struct gammu_modem, modem);
}

static enum err err_of(GSM_Error error)
{
	switch (error) {
	case ERR_NONE:
		return ERR_OK;
	case ERR_DEVICEOPENERROR:
	case ERR_DEVICELOCKED:
	case ERR_DEVICENOTEXIST:
	case ERR_DEVICEBUSY:
	case ERR_DEVICENOPERMISSION:
	case ERR_DEVICENODRIVER:
	case ERR_DEVICENOTWORK:
	case ERR_DEVICEDTRRTSERROR:
	case ERR_DEVICECHANGESPEEDERROR:
	case ERR_DEVICEWRITEERROR:
	case ERR_DEVICEREADERROR:
	case ERR_DEVICEPARITYERROR:
	case ERR_NOTCONNECTED:
	case ERR_ABORTED:
		return ERR_UNREACHABLE;
	case GAMMU_TIMEOUT:
		return ERR_TIMEOUT;
	case ERR_EMPTY:
		return ERR_NOT_FOUND;
	case ERR_MOREMEMORY:
		return ERR_NOMEM;
	case ERR_NOTSUPPORTED:
	case ERR_NOTIMPLEMENTED:
		return ERR_UNSUPPORTED;
	case ERR_SECURITYERROR:
	case ERR_NOSIM:
		return ERR_SIM;
	default:
		return ERR_MODEM;
	}
}

static bool is_fatal(enum err err)
{
	return err == ERR_UNREACHABLE || err == ERR_TIMEOUT;
}

/* Callbacks: they run inside libgammu's dispatch and may do nothing but enqueue. */

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

static void abort_call(void *arg)
{
	struct gammu_modem *g = arg;

	/* It only sets a flag, which no call clears again: the state machine has to go. */
	GSM_AbortOperation(g->sm);
}

/* Each operation begins with this and ends with its scope. */
static struct gammu_modem *begin(struct gammu_modem *g, int limit_s)
{
	g->has_logged_mr = false;
	g->result = GAMMU_LOG_OTHER;
	watch_start(g->fd, limit_s, abort_call, g);
	return g;
}

static void end(struct gammu_modem **g)
{
	(void)g;
	watch_stop();
}

/* Did the last command fail, whatever libgammu made of it? */
static bool has_failed(const struct gammu_modem *g)
{
	return g->result == GAMMU_LOG_ERROR || g->result == GAMMU_LOG_CMS ||
	       g->result == GAMMU_LOG_CME;
}

#define BEGIN(g, limit_s) \
	__attribute__((unused)) CLEANUP(end) struct gammu_modem *call = begin(g, limit_s)

/* For the slots whose content libgammu can't decode: it refuses to delete what it can't read. */
static enum err erase_raw(struct gammu_modem *g, int slot)
{
	char command[32];

	snprintf(command, sizeof(command), "AT+CMGD=%d\r", slot);
	return tty_command(g->fd, command, ERASE_WAIT_MS, &g->modem.events.has_lost);
}

/* Connecting. */

static void gammu_close(struct modem *modem)
{
	struct gammu_modem *g = self(modem);

	if (!g->sm)
		return;
	GSM_TerminateConnection(g->sm);
	GSM_FreeStateMachine(g->sm);
	g->sm = NULL;
	g->fd = -1;
}

static enum err configure(struct gammu_modem *g)
{
	GSM_Config *config = GSM_GetConfig(g->sm, 0);

	memset(config, 0, sizeof(*config));
	/* GSM_FreeStateMachine frees these. */
	config->Device = strdup(g->modem.device);
	config->Connection = strdup(CONNECTION);
	config->DebugFile = strdup("");
	if (!config->Device || !config->Connection || !config->DebugFile)
		return ERR_NOMEM;
	snprintf(config->Model, sizeof(config->Model), "at");
	snprintf(config->DebugLevel, sizeof(config->DebugLevel), "nothing");
	/* Its lock file is named after the last part of the path, wants a writable /run/lock and
	 * outlives a SIGKILL; flock and TIOCEXCL are taken on the tty in any case. */
	config->LockDevice = FALSE;
	config->UseGlobalDebugFile = FALSE;
	for (size_t i = 0; i < ARRAY_LEN(config->CNMIParams); i++)
		config->CNMIParams[i] = -1; /* zero would ask for no indications at all */
	GSM_SetConfigNum(g->sm, 1);
	return ERR_OK;
}

static void copy_info(char *dst, size_t bytes, const char *src)
{
	size_t len = strnlen(src, bytes - 1);

	while (len && !str_is_utf8(src, len))
		len--;
	memcpy(dst, src, len);
	dst[len] = 0;
}

static void read_identity(struct gammu_modem *g, struct line_hello *hello)
{
	char text[GSM_MAX_INFO_LENGTH + 1] = "", date[GSM_MAX_VERSION_DATE_LENGTH + 1] = "";
	GSM_SMSC smsc = {.Location = 1};
	double number;

	hello->version = LINE_VERSION;
	copy_info(hello->driver, sizeof(hello->driver), g->modem.ops->driver);
	if (GSM_GetManufacturer(g->sm, text) == ERR_NONE)
		copy_info(hello->maker, sizeof(hello->maker), text);
	if (GSM_GetModel(g->sm, text) == ERR_NONE)
		copy_info(hello->model, sizeof(hello->model), text);
	if (GSM_GetFirmware(g->sm, text, date, &number) == ERR_NONE)
		copy_info(hello->firmware, sizeof(hello->firmware), text);
	if (GSM_GetIMEI(g->sm, text) == ERR_NONE)
		copy_info(hello->imei, sizeof(hello->imei), text);
	if (GSM_GetSIMIMSI(g->sm, text) == ERR_NONE)
		copy_info(hello->imsi, sizeof(hello->imsi), text);
	memset(g->smsc, 0, sizeof(g->smsc));
	if (GSM_GetSMSC(g->sm, &smsc) == ERR_NONE) {
		memcpy(g->smsc, smsc.Number, 2 * utf16_len(smsc.Number, GSM_MAX_NUMBER_LENGTH));
		utf16_to_utf8(g->smsc, utf16_len(g->smsc, GSM_MAX_NUMBER_LENGTH), hello->smsc,
			sizeof(hello->smsc));
	}
}

/* GSM_InitConnection has forgotten all of it. */
static enum err switch_on(struct gammu_modem *g, const struct line_hello *hello)
{
	GSM_SMSMemoryStatus status = {0};
	GSM_Error error;
	enum err err;

	GSM_SetDebugFunction(on_log, g, GSM_GetDebug(g->sm));
	GSM_SetDebugLevel("text", GSM_GetDebug(g->sm));
	GSM_SetIncomingSMSCallback(g->sm, on_sms, g);
	GSM_SetIncomingCallCallback(g->sm, on_call, g);
	GSM_SetIncomingUSSDCallback(g->sm, on_ussd, g);
	GSM_SetSendSMSStatusCallback(g->sm, on_submitted, g);
	/* Quectel stores a report in SR and announces it in SM: have it sent directly. */
	if (strcasestr(hello->maker, "quectel"))
		GSM_GetConfig(g->sm, 0)->CNMIParams[3] = 1;
	error = GSM_GetSMSStatus(g->sm, &status);
	if (error == ERR_NONE) {
		g->has_sim = status.SIMSize > 0;
		g->has_phone = status.PhoneSize > 0;
	}
	if (is_fatal(err_of(error)))
		return err_of(error);
	error = GSM_SetIncomingSMS(g->sm, TRUE);
	err = err_of(error);
	if (err && !is_fatal(err))
		log_warn("modem", "indications=no gammu=%d", (int)error);
	/* Without the rest messages still flow. */
	if (!is_fatal(err))
		err = err_of(GSM_SetIncomingCall(g->sm, TRUE));
	if (!is_fatal(err))
		err = err_of(GSM_SetIncomingUSSD(g->sm, TRUE));
	if (!is_fatal(err))
		err = err_of(GSM_SetFastSMSSending(g->sm, TRUE));
	return is_fatal(err) ? err : ERR_OK;
}

static enum err gammu_open(struct modem *modem, struct line_hello *ret_hello, struct errbuf *eb)
{
	struct gammu_modem *g = self(modem);
	struct line_hello hello = {0};
	GSM_Error error;
	enum err err;

	gammu_close(modem);
	g->modem.events = (struct modem_events){0};
	g->sm = GSM_AllocStateMachine();
	if (!g->sm || configure(g))
		return errbuf_set(eb, ERR_NOMEM, "no memory for libgammu");
	BEGIN(g, OPEN_LIMIT_S);
	error = GSM_InitConnection(g->sm, 1);
	if (error != ERR_NONE)
		return errbuf_set(eb, err_of(error) ? err_of(error) : ERR_MODEM,
			"connect: gammu error %d", (int)error);
	g->fd = tty_find_fd(modem->device);
	read_identity(g, &hello);
	err = switch_on(g, &hello);
	if (err)
		return errbuf_set(eb, err, "connect: %s", err_en(err));
	*ret_hello = hello;
	return ERR_OK;
}

static int gammu_fd(const struct modem *modem)
{
	return container_of(modem, const struct gammu_modem, modem)->fd;
}

static enum err gammu_pump(struct modem *modem)
{
	struct gammu_modem *g = self(modem);
	int n;

	errno = 0;
	n = GSM_ReadDevice(g->sm, FALSE);
	/* A read that fails says -1; a device that is gone may also say nothing at all. */
	return n < 0 && errno != EAGAIN && errno != EINTR ? ERR_UNREACHABLE : ERR_OK;
}

static enum err gammu_probe(struct modem *modem)
{
	struct gammu_modem *g = self(modem);
	GSM_SignalQuality signal;

	BEGIN(g, CALL_LIMIT_S);
	/* The rest of a timed-out answer still lies in libgammu's buffer and would be taken for the
	 * beginning of the next: a bare AT flushes it. */
	if (tty_write(g->fd, "AT\r") == ERR_UNREACHABLE)
		return ERR_UNREACHABLE;
	for (int i = 0; i < FLUSH_ROUNDS && GSM_ReadDevice(g->sm, FALSE) <= 0; i++)
		;
	GSM_ReadDevice(g->sm, FALSE);
	return err_of(GSM_GetSignalQuality(g->sm, &signal));
}

/* Messages. */

/* libgammu numbers slots through all memories: folder x 100,000 + slot. */
static int flat_location(const struct gammu_modem *g, const char *mem, int slot)
{
	return str_eq(mem, "ME") && g->has_sim ? GSM_PHONE_MAXSMSINFOLDER + slot : slot;
}

/* With Memory left at 0 libgammu selects the memory only when it is another: one command instead of
 * two for each access. The report memory has no folder and must be named. */
static void set_place(
	const struct gammu_modem *g, const char *mem, int slot, GSM_SMSMessage *ret_sms)
{
	bool is_report = str_eq(mem, "SR");

	ret_sms->Memory = is_report ? MEM_SR : 0;
	ret_sms->Folder = is_report ? 1 : 0;
	ret_sms->Location = is_report ? slot : flat_location(g, mem, slot);
}

static void emit_item(struct gammu_modem *g, bool is_decoded, modem_item_fn fn, void *arg)
{
	const GSM_SMSMessage *sms = &g->multi->SMS[0];
	bool is_second = sms->Location >= GSM_PHONE_MAXSMSINFOLDER;
	const char *mem = is_second || !g->has_sim ? "ME" : "SM";
	int slot = sms->Location - (is_second ? GSM_PHONE_MAXSMSINFOLDER : 0);
	struct line line;

	if (slot < 0)
		return;
	if (pdu_to_line(sms, is_decoded, &line)) {
		fn(arg, mem, slot, NULL);
		return;
	}
	if (line.type == LINE_SMS) {
		snprintf(line.sms.mem, sizeof(line.sms.mem), "%s", mem);
		line.sms.slot = slot;
	} else {
		snprintf(line.report.mem, sizeof(line.report.mem), "%s", mem);
		line.report.slot = slot;
	}
	fn(arg, mem, slot, &line);
}

static enum err gammu_list(struct modem *modem, const char *only, modem_item_fn fn, void *arg)
{
	struct gammu_modem *g = self(modem);
	GSM_SMSMessage *sms = &g->multi->SMS[0];
	bool is_start = true, was_empty = false;
	int last = -1;

	(void)only; /* it knows one listing, of all */
	BEGIN(g, CALL_LIMIT_S);
	g->multi->Number = 0;
	for (int i = 0; i < 2 * LINE_SLOTS_MAX; i++) {
		GSM_Error error;
		enum err err;

		g->result = GAMMU_LOG_OTHER;
		error = GSM_GetNextSMS(g->sm, g->multi, is_start);
		err = err_of(error);
		if (is_fatal(err) || error == ERR_INVALIDLOCATION)
			return is_fatal(err) ? err : ERR_OK;
		if ((!err || error == ERR_EMPTY) && has_failed(g))
			return ERR_MODEM;
		if (error == ERR_EMPTY && (sms->Location == last || was_empty))
			return ERR_OK;
		/* The first slot may be 0 and hold nothing, which looks like the end: ask on. */
		was_empty = error == ERR_EMPTY && is_start;
		if (error != ERR_EMPTY) {
			if (err && sms->Location == last)
				return err;
			if (err && is_start && sms->Location == 0 && g->multi->Number == 0)
				return err;
			emit_item(g, !err, fn, arg);
		}
		last = sms->Location;
		is_start = false;
	}
	return ERR_OK;
}

static enum err gammu_read(struct modem *modem, const char *mem, int slot, struct line *ret_line)
{
	struct gammu_modem *g = self(modem);
	GSM_Error error;
	enum err err;

	BEGIN(g, CALL_LIMIT_S);
	g->multi->Number = 0;
	set_place(g, mem, slot, &g->multi->SMS[0]);
	g->multi->SMS[0].PDU = 0;
	error = GSM_GetSMS(g->sm, g->multi);
	err = error == ERR_CORRUPTED ? ERR_OK : err_of(error);
	if (!err && (has_failed(g) || (error == ERR_NONE && g->multi->SMS[0].PDU == 0)))
		err = ERR_PROTOCOL;
	if (err)
		return err;
	err = pdu_to_line(&g->multi->SMS[0], error == ERR_NONE, ret_line);
	if (err)
		return err;
	if (ret_line->type == LINE_SMS) {
		snprintf(ret_line->sms.mem, sizeof(ret_line->sms.mem), "%s", mem);
		ret_line->sms.slot = slot;
	} else {
		snprintf(ret_line->report.mem, sizeof(ret_line->report.mem), "%s", mem);
		ret_line->report.slot = slot;
	}
	return ERR_OK;
}

static enum err gammu_erase(struct modem *modem, const char *mem, int slot)
{
	struct gammu_modem *g = self(modem);
	GSM_SMSMessage sms;
	GSM_Error error;
	enum err err;

	BEGIN(g, CALL_LIMIT_S);
	memset(&sms, 0, sizeof(sms));
	set_place(g, mem, slot, &sms);
	error = GSM_DeleteSMS(g->sm, &sms);
	err = err_of(error);
	if (is_fatal(err) || (!err && !has_failed(g)))
		return err;
	/* Nothing there any more is what was wanted. */
	return error == ERR_EMPTY ? ERR_OK : erase_raw(g, slot);
}

static enum err gammu_submit(
	struct modem *modem, const struct line_send *send, struct modem_fault *ret_fault)
{
	struct gammu_modem *g = self(modem);
	struct errbuf eb = {0};
	GSM_SMSMessage sms;
	GSM_Error error;
	enum err err;

	BEGIN(g, DIALOG_LIMIT_S);
	*ret_fault = (struct modem_fault){.kind = "local", .code = -1};
	err = pdu_from_send(send, g->smsc, &sms, &eb);
	if (err) {
		log_warn("modem", "unsendable=\"%s\"", eb.text);
		return err;
	}
	if (!utf16_len(g->smsc, GSM_MAX_NUMBER_LENGTH))
		sms.SMSC.Location = 1; /* it was not there at the start: ask again */
	error = GSM_SendSMS(g->sm, &sms);
	explicit_bzero(&sms, sizeof(sms));
	if (error == ERR_NONE && !has_failed(g))
		return ERR_OK;
	if (error == ERR_EMPTYSMSC || error == ERR_GETTING_SMSC)
		*ret_fault = (struct modem_fault){.kind = "cms", .code = CMS_SMSC_UNKNOWN};
	else
		snprintf(ret_fault->kind, sizeof(ret_fault->kind), "modem");
	/* Refused at the prompt, unseen: the text went to no prompt and has to be flushed. */
	return error == ERR_NONE ? ERR_TIMEOUT : err_of(error);
}

static enum err gammu_hang_up(struct modem *modem)
{
	struct gammu_modem *g = self(modem);

	BEGIN(g, CALL_LIMIT_S);
	return err_of(GSM_CancelCall(g->sm, 0, TRUE));
}

static enum err gammu_dial(struct modem *modem, const char *code)
{
	struct gammu_modem *g = self(modem);
	char copy[64];

	BEGIN(g, DIALOG_LIMIT_S);
	/* It goes into a quoted argument of a command. */
	if (!code[0] || strspn(code, "0123456789*#+") != strlen(code) ||
		str_copy(copy, sizeof(copy), code))
		return ERR_INVALID;
	return err_of(GSM_DialService(g->sm, copy));
}

static const char *network_name(const GSM_NetworkInfo *info)
{
	GSM_NetworkInfo_State state = info->State;

	if (state != GSM_HomeNetwork && state != GSM_RoamingNetwork &&
		(info->PacketState == GSM_HomeNetwork || info->PacketState == GSM_RoamingNetwork))
		state = info->PacketState;
	switch (state) {
	case GSM_HomeNetwork:
		return "home";
	case GSM_RoamingNetwork:
		return "roaming";
	case GSM_RequestingNetwork:
		return "searching";
	case GSM_RegistrationDenied:
		return "denied";
	case GSM_NoNetwork:
		return "none";
	default:
		return "unknown";
	}
}

static enum err gammu_status(struct modem *modem, struct line_state *ret_state)
{
	struct gammu_modem *g = self(modem);
	struct line_state state = {.signal_percent = -1,
		.sim_used = -1,
		.sim_size = -1,
		.me_used = -1,
		.me_size = -1,
		.network = "unknown"};
	GSM_SMSMemoryStatus memory = {0};
	GSM_SignalQuality signal = {0};
	GSM_NetworkInfo info = {0};
	enum err err;
	size_t at = 0;

	BEGIN(g, CALL_LIMIT_S);
	err = err_of(GSM_GetSignalQuality(g->sm, &signal));
	if (!err && signal.SignalPercent >= 0 && signal.SignalPercent <= 100)
		state.signal_percent = signal.SignalPercent;
	if (!is_fatal(err))
		err = err_of(GSM_GetNetworkInfo(g->sm, &info));
	snprintf(state.network, sizeof(state.network), "%s", network_name(&info));
	for (const char *p = info.NetworkCode; *p && at < sizeof(state.operator_code) - 1; p++) {
		if (*p >= '0' && *p <= '9')
			state.operator_code[at++] = *p;
	}
	if (!is_fatal(err))
		err = err_of(GSM_GetSMSStatus(g->sm, &memory));
	if (is_fatal(err))
		return err;
	if (!err && g->has_sim) {
		state.sim_used = memory.SIMUsed;
		state.sim_size = memory.SIMSize;
	}
	if (!err && g->has_phone) {
		state.me_used = memory.PhoneUsed;
		state.me_size = memory.PhoneSize;
	}
	*ret_state = state;
	return ERR_OK;
}

static void gammu_free(struct modem *modem)
{
	struct gammu_modem *g = self(modem);

	gammu_close(modem);
	free(g->multi);
	free(g);
}

struct modem *modem_gammu_new(const char *device)
{
	static const struct modem_ops ops = {
		.driver = "gammu",
		.open = gammu_open,
		.close = gammu_close,
		.fd = gammu_fd,
		.pump = gammu_pump,
		.probe = gammu_probe,
		.list = gammu_list,
		.read = gammu_read,
		.erase = gammu_erase,
		.submit = gammu_submit,
		.hang_up = gammu_hang_up,
		.dial = gammu_dial,
		.status = gammu_status,
		.free = gammu_free,
	};
	struct gammu_modem *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	/* Sets LC_ALL from the environment; a decimal comma would break what is read and written
	 * elsewhere. */
	GSM_InitLocales(NULL);
	setlocale(LC_NUMERIC, "C");
	g->multi = calloc(1, sizeof(*g->multi));
	if (!g->multi) {
		free(g);
		return NULL;
	}
	g->fd = -1;
	g->modem.ops = &ops;
	g->modem.device = device;
	return &g->modem;
}
