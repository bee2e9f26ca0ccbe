/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/zalo_private.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "store/turn.h"
#include "store/vault.h"

#include <inttypes.h>

#define TICK_MAX_MS MINUTE_MS /* wall time may jump: look again at least this often */

static void timer_fired(uv_timer_t *timer)
{
	struct zalo *z = container_of(timer, struct zalo, timer);
	int64_t mono = zalo_mono(z), due_ms = mono + TICK_MAX_MS, wait_ms;

	/* The parts may arm the timer anew by zalo_wake(). */
	due_ms = zalo_sooner(due_ms, zalo_auth_tick(z));
	due_ms = zalo_sooner(due_ms, zalo_alarm_tick(z));
	due_ms = zalo_sooner(due_ms, zalo_call_tick(z));
	due_ms = zalo_sooner(due_ms, zalo_poll_tick(z));
	due_ms = zalo_sooner(due_ms, zalo_media_tick(z));
	due_ms = zalo_sooner(due_ms, zalo_settle_tick(z));
	due_ms = zalo_sooner(due_ms, zalo_groups_tick(z->groups));
	due_ms = zalo_sooner(due_ms, zalo_send_tick(z));
	due_ms = zalo_sooner(due_ms, zalo_zns_tick(z));
	due_ms = zalo_sooner(due_ms, zalo_reach_tick(z));
	zalo_doctor_tick(z);
	zalo_channels_update(z);
	if (z->is_closing || uv_is_active((uv_handle_t *)&z->timer))
		return;
	wait_ms = due_ms - mono;
	uv_timer_start(&z->timer, timer_fired, wait_ms < 1 ? 1 : (uint64_t)wait_ms, 0);
}

void zalo_wake(struct zalo *z)
{
	if (!z->is_closing)
		uv_timer_start(&z->timer, timer_fired, 1, 0);
}

/* ---- life ------------------------------------------------------------------------------------
 */

struct channel *zalo_user_channel(struct zalo *z)
{
	return &z->user.channel;
}

struct channel *zalo_group_channel(struct zalo *z)
{
	return &z->group.channel;
}

static void zalo_free(void *arg)
{
	struct zalo *z = arg;
	void (*cb)(void *) = z->close_cb;
	void *cb_arg = z->close_arg;

	free(z);
	if (cb)
		cb(cb_arg);
}

static void timer_closed(uv_handle_t *handle)
{
	struct zalo *z = container_of((uv_timer_t *)handle, struct zalo, timer);

	http_client_close(z->http, zalo_free, z);
}

void zalo_close(struct zalo *z, void (*cb)(void *arg), void *arg)
{
	z->close_cb = cb;
	z->close_arg = arg;
	z->is_closing = true;
	if (z->auth.transfer)
		http_transfer_cancel(z->auth.transfer);
	zalo_upload_close(z);
	zalo_zns_close(z);
	if (z->login.transfer)
		http_transfer_cancel(z->login.transfer);
	else if (z->login.done)
		zalo_login_saved(z, ERR_STATE);
	zalo_doctor_close(z);
	zalo_send_close(z);
	zalo_groups_close(z->groups);
	z->groups = NULL;
	zalo_settle_close(z);
	zalo_poll_close(z);
	zalo_media_close(z);
	zalo_auth_close(z);
	zalo_reach_close(z);
	uv_close((uv_handle_t *)&z->timer, timer_closed);
}

enum err zalo_open(const struct zalo_options *options, struct zalo **ret_zalo, struct errbuf *eb)
{
	struct http_client_options http = {.loop = options->loop,
		.user_agent = options->user_agent,
		.ca_file = options->ca_file,
		.connect_ms = options->connect_ms};
	struct zalo *z = calloc(1, sizeof(*z));
	uint64_t seed = options->seed;
	enum err err;

	if (!z)
		return errbuf_set(eb, ERR_NOMEM, "Zalo");
	z->loop = options->loop;
	z->store = options->store;
	z->intake = options->intake;
	z->desk = options->desk;
	z->dispatch = options->dispatch;
	z->clock = store_clock(options->store);
	z->config = options->config;
	z->alarm.fn = options->alarm;
	z->alarm.arg = options->alarm_arg;
	if (!seed)
		vault_random(&seed, sizeof(seed));
	rng_init(&z->rng, seed);
	zalo_rate_init(&z->rate, z->config->calls_per_minute);
	zalo_link_init(&z->link);
	err = http_client_new(&http, &z->http);
	if (err) {
		free(z);
		return errbuf_set(eb, err, "HTTP client");
	}
	uv_timer_init(z->loop, &z->timer);
	zalo_send_open(z);
	zalo_upload_open(z);
	zalo_zns_open(z);
	zalo_reach_open(z);
	zalo_doctor_open(z);
	err = zalo_auth_open(z, options->app_secret ? options->app_secret : "", eb);
	if (!err && options->oa_secret)
		err = str_copy(z->auth.secrets->oa_secret, ZALO_SECRET_MAX, options->oa_secret);
	if (!err)
		err = zalo_poll_open(z, eb);
	if (!err)
		err = zalo_media_open(z, eb);
	if (!err)
		err = zalo_settle_open(z);
	if (!err)
		err = zalo_groups_open(z, options->keeps_groups ? options->desk : NULL, &z->groups);
	if (err) {
		/* Never added to the dispatcher; frees itself with the loop. */
		zalo_close(z, NULL, NULL);
		return err;
	}
	zalo_channels_update(z);
	if (z->dispatch) {
		dispatch_add(z->dispatch, &z->user.channel);
		dispatch_add(z->dispatch, &z->group.channel);
		dispatch_add(z->dispatch, &z->zns.channel);
	}
	log_info("zalo", "token=%s interval_s=%d", zalo_auth_state_text(z->auth.state),
		z->config->poll_s);
	zalo_wake(z);
	*ret_zalo = z;
	return ERR_OK;
}

/* What an officer has to know first. */
static const char *trouble(const struct zalo *z)
{
	if (z->auth.err)
		return z->auth.text;
	if (!z->link.is_up)
		return net_fault_text(z->reach.fault)->en;
	return z->poll.err ? z->poll.text : "";
}

void zalo_soon(struct zalo *z)
{
	zalo_groups_soon(z->groups);
	zalo_wake(z);
}

json_t *zalo_status(struct zalo *z)
{
	const struct zalo_auth *a = &z->auth;
	json_t *status = json_pack("{s:s,s:b,s:b,s:s,s:I,s:I,s:I,s:I,s:I,s:I}", "state",
		zalo_auth_state_text(a->state), "reachable", z->link.is_up, "usable",
		zalo_auth_is_usable(z), "error", trouble(z), "token_expires",
		(json_int_t)(a->has_pair ? a->secrets->pair.expires_ms : 0), "token_generation",
		(json_int_t)(a->has_pair ? a->secrets->pair.generation : 0), "last_poll",
		(json_int_t)z->poll.last_ms, "floor", (json_int_t)z->poll.cursor.floor_ms,
		"rate_remain", (json_int_t)z->rate.told, "poll_offset",
		(json_int_t)z->poll.cursor.offset);

	if (status) {
		char date[CLOCK_DATE_BYTES];

		clock_format_date(a->has_pair ? a->secrets->pair.refresh_expires_ms : 0, date);
		json_object_set_new(status, "ends_soon", json_boolean(zalo_alarm_ends_soon(z)));
		json_object_set_new(
			status, "refresh_expires_text", json_string(a->has_pair ? date : ""));
		json_object_set_new(status, "link", zalo_reach_status(z));
		json_object_set_new(status, "receive", zalo_receive_status(z));
		json_object_set_new(status, "traffic", zalo_traffic_status(z));
	}
	return status;
}
