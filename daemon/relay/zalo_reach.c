/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is Zalo there? Learned from the outcome of whatever was sent anyway, never from pings. While it
 * is away one thing is tried at a time, by the back-off of zalo_rate.h: the poll, or without a
 * token to poll with a call that needs none. The refresh waits until that is answered: its token
 * can be spent once, and an answer that gets lost costs a consent.
 *
 * And what it costs: bytes by day, saved every now and then and at the end. A crash forgets those
 * of the last minutes.
 */
#include "daemon/relay/zalo_private.h"

#include "daemon/base/log.h"
#include "store/turn.h"

#define TRAFFIC_NAME	"zalo"
#define TRAFFIC_SAVE_MS (10 * MINUTE_MS) /* a write each time: the disk may be an SD card */

static void link_down(struct zalo *z, enum err err, enum net_fault fault, int status)
{
	struct zalo_reach *r = &z->reach;
	const char *text = net_fault_text(fault)->en;
	bool is_news = zalo_link_failed(&z->link, zalo_mono(z), &z->rng);

	if (is_news)
		r->since_ms = zalo_wall(z);
	if (is_news || r->fault != fault)
		log_warn("zalo", "reachable=no error=%s http=%d fault=%s why=\"%s\"", err_name(err),
			status, net_fault_text(fault)->code, text);
	r->fault = fault;
}

void zalo_link_note(struct zalo *z, const struct zalo_answer *answer)
{
	if (zalo_answer_is_reply(answer)) {
		if (zalo_link_worked(&z->link)) {
			log_info("zalo", "reachable=yes");
			z->reach.fault = NET_NONE;
			z->reach.since_ms = zalo_wall(z);
			zalo_poll_soon(z);
			zalo_media_back(z);
		}
	} else if (answer->transport || answer->status != 429) {
		link_down(z, zalo_answer_err(answer), answer->fault ? answer->fault : NET_LOCAL,
			answer->status);
	}
	zalo_channels_update(z);
}

/* ---- the probe without a token ---------------------------------------------------------------
 */

static bool wants_probe(const struct zalo *z)
{
	return z->auth.has_pair && !zalo_auth_works(z) && z->auth.state != ZALO_AUTH_REFRESHING &&
	       (!z->link.is_up || z->reach.is_probe_wanted);
}

static void probe_done(void *arg, const struct http_result *result)
{
	struct zalo *z = arg;
	struct zalo_answer answer = {.transport = result->err,
		.reason = result->reason,
		.fault = result->fault,
		.status = result->status};

	z->reach.probe = NULL;
	if (result->is_cancelled)
		return;
	z->reach.is_probe_wanted = false;
	/* Any envelope will do; it says that the token is missing. */
	if (!result->err)
		zalo_answer_parse(&answer, result->body, result->body_bytes);
	zalo_link_note(z, &answer);
	zalo_answer_done(&answer);
	zalo_wake(z);
}

static void probe_start(struct zalo *z)
{
	char url[ZALO_URL_MAX];

	snprintf(url, sizeof(url), "%s/v2.0/oa/getoa", z->config->api_url);
	if (http_client_start(z->http,
		    &(struct http_client_request){.method = HTTP_GET,
			    .url = url,
			    .deadline_ms = ZALO_GET_MS,
			    .reply_max = ZALO_REPLY_MAX,
			    .done = probe_done,
			    .arg = z},
		    &z->reach.probe))
		zalo_link_failed(&z->link, zalo_mono(z), &z->rng);
}

/* When it is due next. */
static int64_t probe_tick(struct zalo *z)
{
	int64_t due_ms = z->link.is_up ? 0 : z->link.next_probe_ms;

	if (z->is_closing || z->reach.probe || !wants_probe(z))
		return INT64_MAX;
	if (zalo_mono(z) < due_ms)
		return due_ms;
	probe_start(z);
	return INT64_MAX;
}

void zalo_probe_soon(struct zalo *z)
{
	z->reach.is_probe_wanted = true;
	zalo_wake(z);
}

/* ---- traffic ---------------------------------------------------------------------------------
 */

static struct traffic unsaved(struct zalo *z)
{
	struct http_traffic now = http_client_traffic(z->http);

	return (struct traffic){
		now.up_bytes - z->reach.saved.up_bytes, now.down_bytes - z->reach.saved.down_bytes};
}

static void traffic_saved(void *arg, enum err committed)
{
	struct zalo *z = container_of((struct zalo_reach *)arg, struct zalo, reach);
	struct zalo_reach *r = &z->reach;

	r->is_saving = false;
	if (!committed) {
		r->saved.up_bytes += r->saving.up_bytes;
		r->saved.down_bytes += r->saving.down_bytes;
	}
	r->saving = (struct traffic){0};
}

static void traffic_save(struct zalo *z)
{
	struct zalo_reach *r = &z->reach;
	struct traffic more = unsaved(z);
	enum err err;

	r->save_due_ms = zalo_mono(z) + TRAFFIC_SAVE_MS;
	if (r->is_saving || (!more.up_bytes && !more.down_bytes))
		return;
	err = traffic_add(z->store, TRAFFIC_NAME, &more);
	if (!err)
		err = turn_defer(z->store, traffic_saved, r);
	if (err) {
		log_warn("zalo", "traffic=unsaved error=%s", err_name(err));
		return;
	}
	r->saving = more;
	r->is_saving = true;
}

int64_t zalo_reach_tick(struct zalo *z)
{
	if (zalo_mono(z) >= z->reach.save_due_ms)
		traffic_save(z);
	return zalo_sooner(z->reach.save_due_ms, probe_tick(z));
}

void zalo_reach_open(struct zalo *z)
{
	z->reach.save_due_ms = zalo_mono(z) + TRAFFIC_SAVE_MS;
	z->reach.since_ms = zalo_wall(z);
}

void zalo_reach_close(struct zalo *z)
{
	if (z->reach.probe)
		http_transfer_cancel(z->reach.probe);
	/* What is being saved is in this turn already. */
	traffic_save(z);
	turn_forget(z->store, &z->reach);
}

/* ---- status ----------------------------------------------------------------------------------
 */

json_t *zalo_reach_status(const struct zalo *z)
{
	const struct zalo_reach *r = &z->reach;
	const struct net_fault_text *text = net_fault_text(z->link.is_up ? NET_NONE : r->fault);
	int64_t wait_ms = z->link.is_up ? 0 : z->link.next_probe_ms - zalo_mono(z);

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:i, s:I, s:b, s:i}", "fault", text->code,
		"message", text->en, "message_vi", text->vi, "advice", text->advice_en, "advice_vi",
		text->advice_vi, "since", (json_int_t)r->since_ms, "failures",
		(int)z->link.failures, "probe_in_s",
		(json_int_t)(wait_ms > 0 ? wait_ms / SECOND_MS : 0), "ipv6_broken",
		http_client_is_ipv6_broken(z->http), "connections_most",
		(int)http_client_connections(z->http));
}

static bool add_sum(json_t *object, const struct zalo *z, int64_t day, const char *up,
	const char *down, const struct traffic *more)
{
	struct traffic sum = {0};

	if (traffic_since(z->store, TRAFFIC_NAME, day, &sum))
		return false;
	json_object_set_new(object, up, json_integer(sum.up_bytes + more->up_bytes));
	json_object_set_new(object, down, json_integer(sum.down_bytes + more->down_bytes));
	return true;
}

json_t *zalo_traffic_status(struct zalo *z)
{
	struct http_traffic now = http_client_traffic(z->http);
	/* What is being saved is in the sums already: this connection reads its own turn. */
	struct traffic more = {now.up_bytes - z->reach.saved.up_bytes - z->reach.saving.up_bytes,
		now.down_bytes - z->reach.saved.down_bytes - z->reach.saving.down_bytes};
	json_t *object = json_pack("{s:I, s:I}", "start_up", (json_int_t)now.up_bytes, "start_down",
		(json_int_t)now.down_bytes);
	int64_t wall_ms = zalo_wall(z);

	if (!object || !add_sum(object, z, clock_local_day(wall_ms), "day_up", "day_down", &more) ||
		!add_sum(object, z, clock_local_month(wall_ms), "month_up", "month_down", &more)) {
		json_decref(object);
		return json_null();
	}
	return object;
}
