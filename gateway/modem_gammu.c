/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The driver over libgammu 1.42's own AT engine, for what only that knows. */
#include "gateway/modem_gammu.h"
#include "gateway/pdu.h"
#include "gateway/tty.h"
#include "gateway/utf16.h"
#include "gateway/watch.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"

#include <errno.h>
#include <locale.h>
#include <string.h>

#define CONNECTION	 "at115200"
#define CMS_SMSC_UNKNOWN 330 /* 3GPP TS 27.005 §3.2.5 */
#define FLUSH_ROUNDS	 10  /* of 50 ms: an idle modem answers AT within 100 */

enum err gammu_err_of(GSM_Error error)
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

static void abort_call(void *arg)
{
	struct gammu_modem *g = arg;

	/* It only sets a flag, which no call clears again: the state machine has to go. */
	GSM_AbortOperation(g->sm);
}

struct gammu_modem *gammu_begin(struct gammu_modem *g, int limit_s)
{
	g->has_logged_mr = false;
	g->result = GAMMU_LOG_OTHER;
	watch_start(g->fd, limit_s, abort_call, g);
	return g;
}

void gammu_end(struct gammu_modem **g)
{
	(void)g;
	watch_stop();
}

bool gammu_has_failed(const struct gammu_modem *g)
{
	return g->result == GAMMU_LOG_ERROR || g->result == GAMMU_LOG_CMS ||
	       g->result == GAMMU_LOG_CME;
}

/* Connecting. */

static void gammu_close(struct modem *modem)
{
	struct gammu_modem *g = gammu_self(modem);

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

	gammu_events_on(g);
	/* Quectel stores a report in SR and announces it in SM: have it sent directly. */
	if (strcasestr(hello->maker, "quectel"))
		GSM_GetConfig(g->sm, 0)->CNMIParams[3] = 1;
	error = GSM_GetSMSStatus(g->sm, &status);
	if (error == ERR_NONE) {
		g->has_sim = status.SIMSize > 0;
		g->has_phone = status.PhoneSize > 0;
	}
	if (gammu_is_fatal(gammu_err_of(error)))
		return gammu_err_of(error);
	error = GSM_SetIncomingSMS(g->sm, TRUE);
	err = gammu_err_of(error);
	if (err && !gammu_is_fatal(err))
		log_warn("modem", "indications=no gammu=%d", (int)error);
	/* Without the rest messages still flow. */
	if (!gammu_is_fatal(err))
		err = gammu_err_of(GSM_SetIncomingCall(g->sm, TRUE));
	if (!gammu_is_fatal(err))
		err = gammu_err_of(GSM_SetIncomingUSSD(g->sm, TRUE));
	if (!gammu_is_fatal(err))
		err = gammu_err_of(GSM_SetFastSMSSending(g->sm, TRUE));
	return gammu_is_fatal(err) ? err : ERR_OK;
}

static enum err gammu_open(struct modem *modem, struct line_hello *ret_hello, struct errbuf *eb)
{
	struct gammu_modem *g = gammu_self(modem);
	struct line_hello hello = {0};
	GSM_Error error;
	enum err err;

	gammu_close(modem);
	g->modem.events = (struct modem_events){0};
	g->sm = GSM_AllocStateMachine();
	if (!g->sm || configure(g))
		return errbuf_set(eb, ERR_NOMEM, "no memory for libgammu");
	GAMMU_BEGIN(g, GAMMU_OPEN_S);
	error = GSM_InitConnection(g->sm, 1);
	if (error != ERR_NONE)
		return errbuf_set(eb, gammu_err_of(error) ? gammu_err_of(error) : ERR_MODEM,
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
	struct gammu_modem *g = gammu_self(modem);
	int n;

	errno = 0;
	n = GSM_ReadDevice(g->sm, FALSE);
	/* A read that fails says -1; a device that is gone may also say nothing at all. */
	return n < 0 && errno != EAGAIN && errno != EINTR ? ERR_UNREACHABLE : ERR_OK;
}

static enum err gammu_probe(struct modem *modem)
{
	struct gammu_modem *g = gammu_self(modem);
	GSM_SignalQuality signal;

	GAMMU_BEGIN(g, GAMMU_CALL_S);
	/* The rest of a timed-out answer still lies in libgammu's buffer and would be taken for the
	 * beginning of the next: a bare AT flushes it. */
	if (tty_write(g->fd, "AT\r") == ERR_UNREACHABLE)
		return ERR_UNREACHABLE;
	for (int i = 0; i < FLUSH_ROUNDS && GSM_ReadDevice(g->sm, FALSE) <= 0; i++)
		;
	GSM_ReadDevice(g->sm, FALSE);
	return gammu_err_of(GSM_GetSignalQuality(g->sm, &signal));
}

/* Sending. */

static enum err gammu_submit(
	struct modem *modem, const struct line_send *send, struct modem_fault *ret_fault)
{
	struct gammu_modem *g = gammu_self(modem);
	struct errbuf eb = {0};
	GSM_SMSMessage sms;
	GSM_Error error;
	enum err err;

	GAMMU_BEGIN(g, GAMMU_DIALOG_S);
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
	if (error == ERR_NONE && !gammu_has_failed(g))
		return ERR_OK;
	if (error == ERR_EMPTYSMSC || error == ERR_GETTING_SMSC)
		*ret_fault = (struct modem_fault){.kind = "cms", .code = CMS_SMSC_UNKNOWN};
	else
		snprintf(ret_fault->kind, sizeof(ret_fault->kind), "modem");
	/* Refused at the prompt, unseen: the text went to no prompt and has to be flushed. */
	return error == ERR_NONE ? ERR_TIMEOUT : gammu_err_of(error);
}

static enum err gammu_hang_up(struct modem *modem)
{
	struct gammu_modem *g = gammu_self(modem);

	GAMMU_BEGIN(g, GAMMU_CALL_S);
	return gammu_err_of(GSM_CancelCall(g->sm, 0, TRUE));
}

static enum err gammu_dial(struct modem *modem, const char *code)
{
	struct gammu_modem *g = gammu_self(modem);
	char copy[64];

	GAMMU_BEGIN(g, GAMMU_DIALOG_S);
	/* It goes into a quoted argument of a command. */
	if (!code[0] || strspn(code, "0123456789*#+") != strlen(code) ||
		str_copy(copy, sizeof(copy), code))
		return ERR_INVALID;
	return gammu_err_of(GSM_DialService(g->sm, copy));
}

static void gammu_free(struct modem *modem)
{
	struct gammu_modem *g = gammu_self(modem);

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
