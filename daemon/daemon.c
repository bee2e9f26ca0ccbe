/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/daemon.h"

#include "daemon/base/log.h"
#include "daemon/daemon_private.h"
#include "daemon/desk/delivery.h"
#include "daemon/setting_changes.h"
#include "daemon/setting_force.h"
#include "store/event.h"
#include "store/vault.h"

#include <signal.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#define STOP_LIMIT_MS (10 * SECOND_MS)
#define EXIT_IO	      74 /* EX_IOERR of sysexits(3): systemd restarts, start-up recovers */

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

static void turn_ended(void *arg)
{
	struct daemon *d = arg;

	if (settings_refresh(d->settings))
		setting_force_apply(
			d->config, &(struct setting_force){
					   .desk = d->desk, .intake = d->intake, .auth = d->auth});
}

static enum err open_turns(struct daemon *d)
{
	d->turn_loop = (struct turn_loop){.store = d->store,
		.intake = d->intake,
		.dispatch = d->dispatch,
		.desk = d->desk,
		.failed = disk_failed,
		.ended = turn_ended,
		.ended_arg = d};
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

static enum err open_backup(struct daemon *d, struct errbuf *eb)
{
	enum err err;

	d->backup = (struct backup_loop){.store = d->store,
		.config = &d->config,
		.wake = turn_loop_wake,
		.wake_arg = &d->turn_loop,
		.failed = disk_failed};
	err = backup_loop_start(&d->backup, &d->loop);
	return err ? errbuf_set(eb, err, "looking at the backups") : ERR_OK;
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
	d->closing = 1 + d->doors.is_open + (d->audit.loop != NULL) + (d->backup.loop != NULL) +
		     (d->http != NULL) + (d->callbacks != NULL) + (d->dial != NULL) +
		     (d->webhook != NULL) + (d->zalo != NULL) + (d->http_sms != NULL) +
		     (d->modems != NULL) + (d->auth != NULL) + (d->feeds != NULL);
	if (d->audit.loop)
		audit_loop_close(&d->audit, part_closed, d);
	if (d->backup.loop)
		backup_loop_close(&d->backup, part_closed, d);
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
	err = daemon_open_store(d, eb);
	if (!err)
		err = daemon_open_settings(d, eb);
	if (!err)
		err = open_dispatch(d, eb);
	if (!err)
		err = daemon_recover(d, eb);
	if (!err)
		err = daemon_open_desk(d, eb);
	if (!err)
		err = open_signals(d);
	if (!err)
		err = open_turns(d);
	if (!err)
		err = open_audit(d, eb);
	if (!err)
		err = open_backup(d, eb);
	if (!err)
		err = open_auth(d, eb);
	if (!err)
		err = daemon_open_http(d, eb);
	if (!err)
		err = daemon_open_zalo(d, eb);
	if (!err)
		err = daemon_open_http_sms(d, eb);
	if (!err)
		err = daemon_open_feeds(d, eb);
	if (!err)
		err = daemon_open_callbacks(d, eb);
	if (!err)
		err = daemon_open_webhook(d, eb);
	if (!err)
		err = daemon_open_ussd(d, eb);
	if (!err)
		err = daemon_open_modems(d, eb);
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
	settings_free(d->settings);
	store_close(d->store);
	vault_free(d->vault);
}
