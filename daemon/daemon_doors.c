/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/daemon_private.h"

#define ZALO_OFF "Zalo is off: add a \"zalo\" object to the configuration and restart binhyend"

static enum err feed_check(void *arg, const char *name, struct errbuf *eb)
{
	struct daemon *d = arg;

	return d->feeds ? feeds_check(d->feeds, name, eb) : ERR_STATE;
}

static enum err sms_report(void *arg, const json_t *fields, struct errbuf *eb)
{
	struct daemon *d = arg;

	return d->http_sms ? http_sms_report(d->http_sms, fields, eb) : ERR_STATE;
}

static enum err sms_message(void *arg, const json_t *fields, struct errbuf *eb)
{
	struct daemon *d = arg;

	return d->http_sms ? http_sms_message(d->http_sms, fields, eb) : ERR_STATE;
}

static json_t *clock_status(struct daemon *d)
{
	struct clock *clock = clock_system();
	struct dispatch_jumps jumps = dispatch_jumps(d->dispatch);
	bool is_recent = jumps.count && clock_mono_ms(clock) - jumps.at_ms < DAY_MS;
	enum clock_trust_level level = clock_trust_level(&d->clock_trust, clock, clock_is_ntp());
	int64_t drift_ms;
	bool is_known = clock_trust_drift(&d->clock_trust, clock, &drift_ms);

	return json_pack("{s:s, s:o, s:i, s:o}", "trust", clock_trust_text(level), "drift_s",
		is_known ? json_integer(drift_ms / SECOND_MS) : json_null(), "jumps", jumps.count,
		"recent_jump_s", is_recent ? json_integer(jumps.last_ms / SECOND_MS) : json_null());
}

static json_t *daemon_status(void *arg)
{
	struct daemon *d = arg;
	json_t *status = json_pack("{s:s, s:I, s:I}", "version", BINHYEN_VERSION, "started",
		(json_int_t)d->started_ms, "in_flight",
		(json_int_t)dispatch_in_flight(d->dispatch));

	if (!status)
		return NULL;
	json_object_set_new(status, "modems", modem_pool_status(d->modems));
	json_object_set_new(status, "clock", clock_status(d));
	json_object_set_new(status, "audit", audit_loop_status(&d->audit));
	json_object_set_new(status, "backup", backup_loop_status(&d->backup));
	json_object_set_new(status, "caps", modem_pool_caps(d->modems));
	json_object_set_new(status, "zalo", d->zalo ? zalo_status(d->zalo) : json_null());
	json_object_set_new(status, "lan", lan_doors_status(&d->doors));
	json_object_set_new(
		status, "http_sms", d->http_sms ? http_sms_status(d->http_sms) : json_null());
	if (d->feeds)
		json_object_set_new(status, "feed_traffic", feeds_status(d->feeds));
	return status;
}

static enum err set_token(void *arg, const json_t *token, struct errbuf *eb)
{
	struct daemon *d = arg;

	if (!d->zalo)
		return errbuf_set(eb, ERR_STATE, ZALO_OFF);
	return zalo_set_token(d->zalo, token, eb);
}

static enum err login(void *arg, const char *actor, struct buf *ret_url, struct errbuf *eb)
{
	struct daemon *d = arg;

	return d->zalo ? zalo_login_begin(d->zalo, actor, ret_url, eb)
		       : errbuf_set(eb, ERR_STATE, ZALO_OFF);
}

static enum err login_code(
	void *arg, const char *pasted, zalo_login_fn done, void *done_arg, struct errbuf *eb)
{
	struct daemon *d = arg;

	return d->zalo ? zalo_login_code(d->zalo, pasted, done, done_arg, eb)
		       : errbuf_set(eb, ERR_STATE, ZALO_OFF);
}

static enum err doctor(void *arg, zalo_doctor_fn done, void *done_arg, struct errbuf *eb)
{
	struct daemon *d = arg;

	return d->zalo ? zalo_doctor(d->zalo, done, done_arg, eb)
		       : errbuf_set(eb, ERR_STATE, ZALO_OFF);
}

static void zalo_forget(void *arg, const void *done_arg)
{
	struct daemon *d = arg;

	if (!d->zalo)
		return;
	zalo_login_forget(d->zalo, done_arg);
	zalo_doctor_forget(d->zalo, done_arg);
}

static enum err sms_preview_json(
	void *arg, const json_t *ask, json_t **ret_answer, struct errbuf *eb)
{
	struct daemon *d = arg;

	return modem_pool_preview(d->modems, ask, ret_answer, eb);
}

static enum err modem_accept(void *arg, const char *name, const char *actor, struct errbuf *eb)
{
	struct daemon *d = arg;

	return modem_pool_accept(d->modems, name, actor, eb);
}

static enum err modem_ussd(void *arg, const char *name, const char *code, modem_ussd_fn done,
	void *done_arg, struct errbuf *eb)
{
	struct daemon *d = arg;

	return modem_pool_ussd(d->modems, name, code, done, done_arg, eb);
}

static enum err modem_journal(
	void *arg, const char *name, modem_journal_fn done, void *done_arg, struct errbuf *eb)
{
	struct daemon *d = arg;

	return modem_pool_journal(d->modems, name, done, done_arg, eb);
}

static void modem_ussd_forget(void *arg, const void *done_arg)
{
	struct daemon *d = arg;

	if (!d->modems)
		return;
	modem_pool_ussd_forget(d->modems, done_arg);
	modem_pool_journal_forget(d->modems, done_arg);
}

static enum err outbox_settle(
	void *arg, int64_t outbox_id, const char *how, const char *actor, struct errbuf *eb)
{
	struct daemon *d = arg;

	return dispatch_settle_by_hand(d->store, outbox_id, how, actor, eb);
}

static enum err audit_verify(void *arg, audit_done_fn done, void *done_arg, struct errbuf *eb)
{
	struct daemon *d = arg;

	return audit_loop_verify(&d->audit, done, done_arg, eb);
}

static void audit_forget(void *arg, const void *done_arg)
{
	struct daemon *d = arg;

	audit_loop_forget(&d->audit, done_arg);
}

static json_t *backups(void *arg, enum err *ret_err)
{
	struct daemon *d = arg;

	return backup_loop_list(&d->backup, ret_err);
}

static enum err backup_make(void *arg, const char *actor, struct errbuf *eb)
{
	struct daemon *d = arg;

	return backup_loop_ask(&d->backup, actor, eb);
}

static void http_wake(void *arg)
{
	struct daemon *d = arg;

	dispatch_wake(d->dispatch);
	if (d->zalo)
		zalo_soon(d->zalo);
}

enum err daemon_open_http(struct daemon *d, struct errbuf *eb)
{
	struct http_options options = {.loop = &d->loop,
		.store = d->store,
		.desk = d->desk,
		.intake = d->intake,
		.auth = d->auth,
		.settings = d->settings,
		.socket_path = d->config->http_socket,
		.status = daemon_status,
		.zalo_set_token = set_token,
		.zalo_login = login,
		.zalo_login_code = login_code,
		.zalo_doctor = doctor,
		.zalo_forget = zalo_forget,
		.modem_accept = modem_accept,
		.feed_check = feed_check,
		.sms_preview = sms_preview_json,
		.outbox_settle = outbox_settle,
		.modem_ussd = modem_ussd,
		.modem_journal = modem_journal,
		.modem_ussd_forget = modem_ussd_forget,
		.audit_verify = audit_verify,
		.audit_forget = audit_forget,
		.backups = backups,
		.backup_make = backup_make,
		.wake = http_wake,
		.arg = d};

	enum err err = http_open(&options, &d->http, eb);

	return err ? err : lan_doors_open(&d->doors, &options, d->config, eb);
}

/* Where nobody could prove himself, nobody is listened to. */
enum err daemon_open_callbacks(struct daemon *d, struct errbuf *eb)
{
	const struct config_http_sms *config = &d->config->http_sms;
	struct http_options options = {.loop = &d->loop,
		.store = d->store,
		.desk = d->desk,
		.socket_path = "",
		.callback_port = config->callback_port,
		.callback_address = config->callback_address,
		.sms_report = sms_report,
		.sms_message = sms_message,
		.wake = http_wake,
		.arg = d};

	if (!d->http_sms || !config->callback_port || !http_sms_has_token(d->http_sms))
		return ERR_OK;
	return http_open(&options, &d->callbacks, eb);
}

static enum err webhook_call(
	void *arg, const char *body, size_t bytes, const char *signature, struct errbuf *eb)
{
	struct daemon *d = arg;

	return d->zalo ? zalo_webhook(d->zalo,
				 &(struct zalo_webhook_call){
					 .body = body, .bytes = bytes, .signature = signature},
				 eb)
		       : ERR_STATE;
}

enum err daemon_open_webhook(struct daemon *d, struct errbuf *eb)
{
	const struct config_zalo *config = &d->config->zalo;
	struct http_options options = {.loop = &d->loop,
		.store = d->store,
		.desk = d->desk,
		.socket_path = "",
		.callback_port = config->webhook_port,
		.callback_address = config->webhook_address,
		.is_webhook = true,
		.zalo_webhook = webhook_call,
		.wake = http_wake,
		.arg = d};

	return d->zalo && config->webhook_port ? http_open(&options, &d->webhook, eb) : ERR_OK;
}

static enum err ussd_call(void *arg, const json_t *fields, const char *forwarded,
	struct buf *ret_answer, bool *ret_is_json, struct errbuf *eb)
{
	struct daemon *d = arg;

	return ussd_gateway_call(d->ussd, fields, forwarded, ret_answer, ret_is_json, eb);
}

/* Where nobody could prove himself, nobody is listened to. */
enum err daemon_open_ussd(struct daemon *d, struct errbuf *eb)
{
	const struct config_ussd *config = &d->config->ussd;
	struct http_options options = {.loop = &d->loop,
		.store = d->store,
		.desk = d->desk,
		.socket_path = "",
		.callback_port = config->port,
		.callback_address = config->address,
		.ussd = ussd_call,
		.wake = http_wake,
		.arg = d};
	struct buf token;
	enum err err;

	if (!config->is_set || !config->port)
		return ERR_OK;
	buf_init(&token, 4096);
	err = daemon_optional_secret(d, "ussd", "ussd.token", &token, eb);
	if (!err)
		err = ussd_gateway_new(
			&(struct ussd_gateway_options){
				.intake = d->intake, .config = config, .token = buf_text(&token)},
			&d->ussd);
	buf_wipe(&token);
	if (err)
		return errbuf_set(eb, err, "ussd: the token is too long");
	return ussd_gateway_has_token(d->ussd) ? http_open(&options, &d->dial, eb) : ERR_OK;
}
