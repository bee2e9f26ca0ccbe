/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is Zalo there? Learned from the outcome of whatever was sent anyway, never from pings. While it
 * is away one thing is tried at a time: the poll, or the refresh when there is no token to poll
 * with; each waits by the back-off of zalo_rate.h.
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
		}
	} else if (answer->transport || answer->status != 429) {
		link_down(z, zalo_answer_err(answer), answer->fault ? answer->fault : NET_LOCAL,
			answer->status);
	}
	zalo_channels_update(z);
}

void zalo_link_fault(struct zalo *z, enum err err, enum net_fault fault, int status)
{
	link_down(z, err, fault, status);
	zalo_channels_update(z);
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
	return z->reach.save_due_ms;
}

void zalo_reach_open(struct zalo *z)
{
	z->reach.save_due_ms = zalo_mono(z) + TRAFFIC_SAVE_MS;
	z->reach.since_ms = zalo_wall(z);
}

void zalo_reach_close(struct zalo *z)
{
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

	if (!object || !add_sum(object, z, traffic_day(wall_ms), "day_up", "day_down", &more) ||
		!add_sum(object, z, traffic_month(wall_ms), "month_up", "month_down", &more)) {
		json_decref(object);
		return json_null();
	}
	return object;
}
