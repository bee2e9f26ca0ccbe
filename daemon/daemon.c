/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/daemon.h"

#include "config/phrases.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/desk/delivery.h"
#include "daemon/setting_changes.h"
#include "store/event.h"
#include "store/outbox.h"
#include "store/vault.h"

#include <signal.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#define ZALO_OFF      "Zalo is off: add a \"zalo\" object to the configuration and restart binhyend"
#define STOP_LIMIT_MS (10 * SECOND_MS)
#define EXIT_IO	      74 /* EX_IOERR of sysexits(3): systemd restarts, start-up recovers */

static enum err open_store(struct daemon *d, struct errbuf *eb)
{
	struct store_options options = {.path = d->config->store_path, .clock = clock_system()};
	CLEAN_BUF key_path = {0};
	enum err err;

	buf_init(&key_path, 512);
	err = config_secret_path(d->config, "box.key", &key_path, eb);
	if (!err)
		err = vault_open(buf_text(&key_path), &d->vault, eb);
	if (err)
		return err;
	options.vault = d->vault;
	return store_open(&options, &d->store, eb);
}

/* What the last life left half-way can't be known: it is in doubt from now on. */
static enum err recover(struct daemon *d, struct errbuf *eb)
{
	int64_t in_doubt = 0;
	char data[64];
	enum err err = outbox_recover(d->store, &in_doubt);

	if (err)
		return errbuf_set(eb, err, "recovering the outbox");
	snprintf(data, sizeof(data), "{\"in_doubt\":%lld}", (long long)in_doubt);
	err = event_add(d->store, "daemon.started", "", "system", data);
	if (err)
		return errbuf_set(eb, err, "writing the event log");
	log_info("daemon", "started version=%s schema=%d in_doubt=%lld", BINHYEN_VERSION,
		store_schema_version(d->store), (long long)in_doubt);
	return ERR_OK;
}

/* The cheapest SIM to each operator; where there is none, the gateway. */
static void set_prices(const struct config *config, int price[OPERATOR_COUNT])
{
	for (int to = 0; to < OPERATOR_COUNT; to++) {
		price[to] = config->modem_count ? SMS_PRICE_UNKNOWN : config->http_sms.price;
		for (int i = 0; i < config->modem_count; i++) {
			const struct config_modem *modem = &config->modems[i];
			bool is_own = to != OPERATOR_OTHER && modem->phone_operator == to;
			int cost = is_own ? modem->price.own : modem->price.other;

			if (cost != SMS_PRICE_UNKNOWN &&
				(price[to] == SMS_PRICE_UNKNOWN || cost < price[to]))
				price[to] = cost;
		}
	}
}

static struct delivery_rules delivery_rules_of(const struct config *config)
{
	const struct config_bulletins *bulletins = &config->bulletins;
	struct delivery_rules rules = {.quiet = {bulletins->quiet_from_h, bulletins->quiet_until_h},
		.normal_sms = (enum plan_sms)bulletins->normal_sms,
		.digest_day = bulletins->digest_day,
		.budget = bulletins->budget,
		.reserve = bulletins->reserve,
		.zalo_window_ms = config->zalo.window_h * HOUR_MS};

	set_prices(config, rules.price);
	return rules;
}

static enum err open_desk(struct daemon *d, struct errbuf *eb)
{
	struct delivery_rules rules = delivery_rules_of(d->config);
	const char *phones[CONFIG_DUTY_PHONES_MAX], *params[CONFIG_RECEIPT_PARAMS_MAX];
	struct desk_options options = {.store = d->store,
		.has_modem = d->config->modem_count > 0,
		.has_http_sms = d->config->http_sms.is_set,
		.has_zalo = d->config->zalo.is_set,
		.duty_group = d->config->zalo.duty_group,
		.relay_text = d->config->zalo.relay_text,
		.dialogue_minutes = d->config->dialogue_minutes,
		.has_tick = d->config->zalo.has_tick,
		.receipt_template = d->config->zalo.receipt_template,
		.receipt_params = params,
		.receipt_param_count = d->config->zalo.receipt_param_count,
		.duty_phones = phones,
		.duty_phone_count = d->config->duty_phone_count,
		.it_phone = d->config->it_phone,
		.law = d->law,
		.trust = &d->clock_trust,
		.witness_phone = d->config->witness_phone,
		.witness_hour = d->config->witness_hour,
		.climb_s = {d->config->climb_s[0], d->config->climb_s[1], d->config->climb_s[2]},
		.alarm_has_category = d->config->alarm_has_category,
		.bulletins = &rules};
	enum err err;

	for (int i = 0; i < d->config->duty_phone_count; i++)
		phones[i] = d->config->duty_phones[i];
	for (int i = 0; i < d->config->zalo.receipt_param_count; i++)
		params[i] = d->config->zalo.receipt_params[i];
	err = desk_new(&options, &d->desk);
	if (!err)
		err = intake_new(&(struct intake_options){.store = d->store,
					 .desk = d->desk,
					 .procedures = d->procedures,
					 .menus = d->menus,
					 .menu_phone = d->config->menu_phone},
			&d->intake);
	return err ? errbuf_set(eb, err, "desk") : ERR_OK;
}

/* A failed commit on a failing disk: nothing in memory can be trusted to match it any more. */
static void disk_failed(void *arg)
{
	(void)arg;
	log_error("daemon", "exit=disk_failed");
	_exit(EXIT_IO);
}

static enum err hold_bulletin(void *arg, const struct outbox_row *row, int64_t *ret_until_ms)
{
	struct daemon *d = arg;

	return delivery_quiet_until(d->desk, row, ret_until_ms);
}

/* Before anything is written: the first turn looks whether the clock went back while we were off.
 */
static enum err open_dispatch(struct daemon *d, struct errbuf *eb)
{
	struct dispatch_options options = {.store = d->store,
		.wake = turn_loop_wake,
		.wake_arg = &d->turn_loop,
		.hold = hold_bulletin,
		.hold_arg = d,
		.trust = &d->clock_trust};
	enum err err;

	vault_random(&options.seed, sizeof(options.seed));
	err = dispatch_new(&options, &d->dispatch);
	return err ? errbuf_set(eb, err, "dispatch") : ERR_OK;
}

static enum err open_turns(struct daemon *d)
{
	d->turn_loop = (struct turn_loop){.store = d->store,
		.intake = d->intake,
		.dispatch = d->dispatch,
		.desk = d->desk,
		.failed = disk_failed};
	return turn_loop_start(&d->turn_loop, &d->loop);
}

/* In the turn in which the start is noted. */
static enum err open_audit(struct daemon *d, struct errbuf *eb)
{
	enum err err = setting_changes_note(d->store, d->config);

	d->audit = (struct audit_loop){.store = d->store,
		.desk = d->desk,
		.vault = d->vault,
		.path = d->config->store_path,
		.wake = turn_loop_wake,
		.wake_arg = &d->turn_loop};
	if (!err)
		err = audit_loop_start(&d->audit, &d->loop);
	return err ? errbuf_set(eb, err, "looking at the log of events") : ERR_OK;
}

/* A secret that may be missing: then the part says what it can't do. */
static enum err optional_secret(
	struct daemon *d, const char *part, const char *name, struct buf *out, struct errbuf *eb)
{
	enum err err = config_secret_text(d->config, name, out, eb);

	if (err != ERR_NOT_FOUND)
		return err;
	log_warn(part, "missing=%s detail=\"%s\"", name, eb->text);
	return ERR_OK;
}

static enum err it_alarm(void *arg, const char *key, const struct phrase_field *fields)
{
	struct daemon *d = arg;

	return desk_it_alarm(d->desk, key, fields);
}

static enum err open_zalo(struct daemon *d, struct errbuf *eb)
{
	struct zalo_options options = {.loop = &d->loop,
		.store = d->store,
		.intake = d->intake,
		.desk = d->desk,
		.keeps_groups = true,
		.dispatch = d->dispatch,
		.config = &d->config->zalo,
		.alarm = it_alarm,
		.alarm_arg = d,
		.user_agent = "binhyen/" BINHYEN_VERSION};
	CLEAN_BUF secret = {0};
	CLEAN_BUF oa_secret = {0};
	enum err err;

	if (!d->config->zalo.is_set)
		return ERR_OK;
	buf_init(&secret, 4096);
	buf_init(&oa_secret, 4096);
	err = config_secret_text(d->config, "zalo.app_secret", &secret, eb);
	if (err == ERR_NOT_FOUND) {
		log_warn("zalo", "app_secret=missing detail=\"%s\"", eb->text);
		err = ERR_OK;
	}
	options.app_secret = buf_text(&secret);
	if (!err && options.config->webhook_port)
		err = optional_secret(d, "zalo_webhook", "zalo.oa_secret", &oa_secret, eb);
	options.oa_secret = buf_text(&oa_secret);
	if (!err)
		err = zalo_open(&options, &d->zalo, eb);
	buf_wipe(&secret);
	buf_wipe(&oa_secret);
	return err;
}

static enum err open_http_sms(struct daemon *d, struct errbuf *eb)
{
	struct http_sms_options options = {.loop = &d->loop,
		.store = d->store,
		.intake = d->intake,
		.dispatch = d->dispatch,
		.config = &d->config->http_sms,
		.user_agent = "binhyen/" BINHYEN_VERSION};
	struct buf password, token;
	enum err err;

	if (!d->config->http_sms.is_set)
		return ERR_OK;
	buf_init(&password, 4096);
	buf_init(&token, 4096);
	err = optional_secret(d, "http_sms", "http_sms.password", &password, eb);
	if (!err && options.config->callback_port)
		err = optional_secret(d, "http_sms", "http_sms.token", &token, eb);
	options.password = buf_text(&password);
	options.token = buf_text(&token);
	if (!err)
		err = http_sms_open(&options, &d->http_sms, eb);
	buf_wipe(&password);
	buf_wipe(&token);
	return err;
}

static enum err open_feeds(struct daemon *d, struct errbuf *eb)
{
	return feeds_open(&(struct feeds_options){.loop = &d->loop,
				  .store = d->store,
				  .desk = d->desk,
				  .config = d->config->feeds,
				  .count = d->config->feed_count,
				  .user_agent = "binhyen/" BINHYEN_VERSION},
		&d->feeds, eb);
}

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

static enum err modem_alarm(void *arg, const char *key, const char *modem)
{
	struct daemon *d = arg;
	const struct phrase_field fields[] = {{"modem", modem}, {NULL, NULL}};

	return desk_alarm(d->desk, key, fields);
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

static void http_wake(void *arg)
{
	struct daemon *d = arg;

	dispatch_wake(d->dispatch);
	if (d->zalo)
		zalo_soon(d->zalo);
}

/* Who may make the first officer has to stand at the box: the code is shown on its terminal and
 * never in a log, which others read. */
static void show_setup_code(struct daemon *d)
{
	char code[LOGIN_CODE_BYTES];
	bool is_terminal = isatty(STDERR_FILENO);

	if (is_terminal && auth_setup_code(d->auth, code) == ERR_OK)
		fprintf(stderr,
			"\n  Mã khởi tạo (dùng một lần, trong 1 giờ) / setup code, good once, for 1 hour:"
			"\n\n      %.4s-%.4s-%.4s\n\n  binhyenctl setup\n\n",
			code, code + 4, code + 8);
	explicit_bzero(code, sizeof(code));
	log_info("setup", "state=unclaimed code=%s", is_terminal ? "shown" : "on_demand");
}

static enum err open_auth(struct daemon *d, struct errbuf *eb)
{
	struct auth_options options = {.loop = &d->loop,
		.store = d->store,
		.desk = d->desk,
		.limits = {d->config->http_idle_min * MINUTE_MS,
			d->config->http_session_h * HOUR_MS},
		.cost = KEYPAIR_COST_DEFAULT};
	enum err err = auth_open(&options, &d->auth, eb);

	if (!err && !auth_is_claimed(d->auth))
		show_setup_code(d);
	return err;
}

static enum err open_http(struct daemon *d, struct errbuf *eb)
{
	struct http_options options = {.loop = &d->loop,
		.store = d->store,
		.desk = d->desk,
		.intake = d->intake,
		.auth = d->auth,
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
		.wake = http_wake,
		.arg = d};

	enum err err = http_open(&options, &d->http, eb);

	return err ? err : lan_doors_open(&d->doors, &options, d->config, eb);
}

/* Where nobody could prove himself, nobody is listened to. */
static enum err open_callbacks(struct daemon *d, struct errbuf *eb)
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

static enum err open_webhook(struct daemon *d, struct errbuf *eb)
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
static enum err open_ussd(struct daemon *d, struct errbuf *eb)
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
	err = optional_secret(d, "ussd", "ussd.token", &token, eb);
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

static void part_closed(void *arg)
{
	struct daemon *d = arg;

	if (--d->closing)
		return;
	turn_loop_stop(&d->turn_loop);
	uv_close((uv_handle_t *)&d->sigterm, NULL);
	uv_close((uv_handle_t *)&d->sigint, NULL);
	uv_close((uv_handle_t *)&d->watchdog, NULL);
	uv_close((uv_handle_t *)&d->stop_limit, NULL);
}

static void stop_limit_passed(uv_timer_t *timer)
{
	(void)timer;
	/* Everything that was acknowledged is committed; the next start recovers the rest. */
	log_warn("daemon", "exit=stop_took_too_long");
	_exit(0);
}

static void stop(struct daemon *d)
{
	if (d->is_stopping)
		return;
	d->is_stopping = true;
	log_info("daemon", "stopping");
	if (event_add(d->store, "daemon.stopped", "", "system", "{}"))
		log_warn("daemon", "stop=not_noted");
	/* What was asked in this turn gets its answer before the doors close. */
	turn_loop_flush(&d->turn_loop);
	sd_notify(0, "STOPPING=1");
	uv_timer_start(&d->stop_limit, stop_limit_passed, (uint64_t)STOP_LIMIT_MS, 0);
	/* The dispatcher borrows channels that are freed one after the other from here on. */
	d->turn_loop.is_draining = true;
	d->closing = 1 + d->doors.is_open + (d->audit.loop != NULL) + (d->http != NULL) +
		     (d->callbacks != NULL) + (d->dial != NULL) + (d->webhook != NULL) +
		     (d->zalo != NULL) + (d->http_sms != NULL) + (d->modems != NULL) +
		     (d->auth != NULL) + (d->feeds != NULL);
	if (d->audit.loop)
		audit_loop_close(&d->audit, part_closed, d);
	if (d->http)
		http_close(d->http, part_closed, d);
	if (d->doors.is_open)
		lan_doors_close(&d->doors, part_closed, d);
	if (d->callbacks)
		http_close(d->callbacks, part_closed, d);
	if (d->webhook)
		http_close(d->webhook, part_closed, d);
	if (d->dial)
		http_close(d->dial, part_closed, d);
	if (d->auth)
		auth_close(d->auth, part_closed, d);
	if (d->http_sms)
		http_sms_close(d->http_sms, part_closed, d);
	if (d->feeds)
		feeds_close(d->feeds, part_closed, d);
	if (d->zalo)
		zalo_close(d->zalo, part_closed, d);
	if (d->modems)
		modem_pool_close(d->modems, part_closed, d);
	d->http = NULL;
	d->callbacks = NULL;
	d->webhook = NULL;
	d->dial = NULL;
	d->auth = NULL;
	d->http_sms = NULL;
	d->feeds = NULL;
	d->zalo = NULL;
	d->modems = NULL;
	part_closed(d);
}

static void on_signal(uv_signal_t *handle, int signum)
{
	(void)signum;
	stop(handle->data);
}

static void on_watchdog(uv_timer_t *timer)
{
	(void)timer;
	sd_notify(0, "WATCHDOG=1");
}

static enum err open_signals(struct daemon *d)
{
	uint64_t watchdog_us = 0;

	if (uv_signal_init(&d->loop, &d->sigterm) || uv_signal_init(&d->loop, &d->sigint) ||
		uv_timer_init(&d->loop, &d->watchdog) || uv_timer_init(&d->loop, &d->stop_limit))
		return ERR_NOMEM;
	d->sigterm.data = d;
	d->sigint.data = d;
	uv_signal_start(&d->sigterm, on_signal, SIGTERM);
	uv_signal_start(&d->sigint, on_signal, SIGINT);
	if (sd_watchdog_enabled(0, &watchdog_us) > 0)
		uv_timer_start(&d->watchdog, on_watchdog, 0, watchdog_us / 2000);
	signal(SIGPIPE, SIG_IGN);
	return ERR_OK;
}

static enum err open_modems(struct daemon *d, struct errbuf *eb)
{
	return modem_pool_open(&(struct modem_pool_options){.loop = &d->loop,
				       .store = d->store,
				       .intake = d->intake,
				       .dispatch = d->dispatch,
				       .config = d->config,
				       .program = d->modem_program,
				       .has_http_sms = d->config->http_sms.is_set,
				       .has_zalo = d->config->zalo.is_set,
				       .sysfs = d->sysfs,
				       .alarm = modem_alarm,
				       .alarm_arg = d,
				       .trust = &d->clock_trust},
		&d->modems, eb);
}

enum err daemon_init(struct daemon *d, const struct daemon_options *options, struct errbuf *eb)
{
	enum err err;

	*d = (struct daemon){.config = options->config,
		.law = options->law,
		.procedures = options->procedures,
		.menus = options->menus,
		.modem_program = options->modem_program,
		.sysfs = options->sysfs};
	d->started_ms = clock_wall_ms(clock_system());
	if (uv_loop_init(&d->loop))
		return errbuf_set(eb, ERR_NOMEM, "event loop");
	d->has_loop = true;
	err = open_store(d, eb);
	if (!err)
		err = open_dispatch(d, eb);
	if (!err)
		err = recover(d, eb);
	if (!err)
		err = open_desk(d, eb);
	if (!err)
		err = open_signals(d);
	if (!err)
		err = open_turns(d);
	if (!err)
		err = open_audit(d, eb);
	if (!err)
		err = open_auth(d, eb);
	if (!err)
		err = open_http(d, eb);
	if (!err)
		err = open_zalo(d, eb);
	if (!err)
		err = open_http_sms(d, eb);
	if (!err)
		err = open_feeds(d, eb);
	if (!err)
		err = open_callbacks(d, eb);
	if (!err)
		err = open_webhook(d, eb);
	if (!err)
		err = open_ussd(d, eb);
	if (!err)
		err = open_modems(d, eb);
	return err;
}

void daemon_run(struct daemon *d)
{
	sd_notify(0, "READY=1");
	uv_run(&d->loop, UV_RUN_DEFAULT);
}

void daemon_done(struct daemon *d)
{
	/* A start that failed half-way ends like a running daemon. */
	if (d->turn_loop.store && !d->is_stopping) {
		stop(d);
		uv_run(&d->loop, UV_RUN_DEFAULT);
	}
	if (d->has_loop)
		uv_loop_close(&d->loop);
	dispatch_free(d->dispatch);
	ussd_gateway_free(d->ussd);
	intake_free(d->intake);
	desk_free(d->desk);
	store_close(d->store);
	vault_free(d->vault);
}
