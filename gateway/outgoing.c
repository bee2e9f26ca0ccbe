/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/outgoing.h"
#include "daemon/base/str.h"

#include <string.h>

#define MR_NUMBERS 256 /* TP-MR is one octet (3GPP TS 23.040 §9.2.3.6) */

void outgoing_init(struct outgoing *o, struct wire *wire, int64_t timeout_ms)
{
	*o = (struct outgoing){
		.wire = wire, .timeout_ms = timeout_ms, .last_mr = -1, .held_mr = -1};
}

static void tell_sent(struct outgoing *o, enum line_type type, const struct line_sent *sent)
{
	struct line line = {.type = type, .sent = *sent};

	wire_send(o->wire, &line);
	o->last_mr = sent->mr;
}

static void tell_failed(struct outgoing *o, const struct line_send *send, const char *kind,
	int code, bool is_in_doubt)
{
	struct line line = {.type = LINE_FAILED};

	line.failed.id = send->id;
	line.failed.part = send->part;
	snprintf(line.failed.kind, sizeof(line.failed.kind), "%s", kind);
	line.failed.code = code;
	line.failed.is_in_doubt = is_in_doubt;
	wire_send(o->wire, &line);
}

static void tell_late(struct outgoing *o, int mr)
{
	struct line_sent late = o->doubt;
	int last_mr = o->last_mr;

	late.mr = mr;
	tell_sent(o, LINE_LATE, &late);
	/* What was submitted after it has a higher number already. */
	if (o->doubt.mr >= 0)
		o->last_mr = last_mr;
	o->has_doubt = false;
	o->held_mr = -1;
}

static void land(struct outgoing *o)
{
	o->is_flying = false;
	o->held_mr = -1;
	explicit_bzero(&o->current, sizeof(o->current));
}

static void doubt_current(struct outgoing *o, int64_t now_ms)
{
	o->has_doubt = true;
	o->doubt = (struct line_sent){.id = o->current.id, .part = o->current.part, .mr = -1};
	o->doubt_until_ms = now_ms + OUTGOING_DOUBT_MS;
}

void outgoing_take(struct outgoing *o, const struct line_send *send, bool is_ready)
{
	if (!is_ready || o->count == OUTGOING_QUEUE_MAX) {
		tell_failed(o, send, is_ready ? "local" : "modem", -1, false);
		return;
	}
	o->queue[o->count++] = *send;
}

bool outgoing_is_due(const struct outgoing *o, int64_t now_ms)
{
	return !o->is_flying && o->count && now_ms >= o->quiet_until_ms;
}

/*
 * What the network said before the modem had the whole segment can't be its answer, unless the
 * modem refused it; then the first error is.
 */
static void settle_early(
	struct outgoing *o, struct modem *modem, bool is_refused, struct modem_fault *fault)
{
	struct modem_event event;

	while (modem_events_take(&modem->events, MODEM_SUBMITTED, &event)) {
		int status = event.submitted.status;

		if (status == 0) {
			if (event.submitted.mr >= 0 && o->has_doubt)
				tell_late(o, event.submitted.mr);
		} else if (is_refused) {
			memcpy(fault->kind, event.submitted.kind, sizeof(fault->kind));
			fault->code = status > 0 ? status : -1;
			is_refused = false;
		}
	}
}

enum err outgoing_submit(struct outgoing *o, struct modem *modem, int64_t (*now)(void))
{
	struct modem_fault fault = {0};
	enum err err;

	CHECK(!o->is_flying && o->count);
	o->current = o->queue[0];
	o->count--;
	memmove(&o->queue[0], &o->queue[1], sizeof(o->queue[0]) * (size_t)o->count);
	explicit_bzero(&o->queue[o->count], sizeof(o->queue[0]));
	if (o->has_doubt && now() >= o->doubt_until_ms)
		o->has_doubt = false;
	err = modem->ops->submit(modem, &o->current, &fault);
	settle_early(o, modem, err != ERR_OK, &fault);
	if (!err) {
		o->is_flying = true;
		o->deadline_ms = now() + o->timeout_ms;
		return ERR_OK;
	}
	/* When writing failed nobody knows how much of it went through. */
	tell_failed(o, &o->current, fault.kind, fault.code, err == ERR_UNREACHABLE);
	land(o);
	return err;
}

/* While a doubt is open: is this answer surely the current segment's? The one after the doubt has
 * skipped a number. */
static bool is_surely_current(const struct outgoing *o, int mr)
{
	if (o->doubt.mr >= 0)
		return true; /* not the doubt's, or it would have been told */
	return o->last_mr >= 0 && mr == (o->last_mr + 2) % MR_NUMBERS;
}

/* Both answers are there, perhaps in the wrong order: the doubt was submitted first. Returns the
 * other one. */
static int settle_doubt(struct outgoing *o, int mr)
{
	int first = o->held_mr, second = mr;

	if (first != second && (first - second + MR_NUMBERS) % MR_NUMBERS < MR_NUMBERS / 2) {
		first = mr;
		second = o->held_mr;
	}
	tell_late(o, first);
	return second;
}

static void take_sent(struct outgoing *o, int mr, bool is_doubt_open)
{
	struct line_sent sent = {.id = o->current.id, .part = o->current.part, .mr = mr};

	tell_sent(o, LINE_SENT, &sent);
	if (is_doubt_open)
		o->doubt.mr = (mr + MR_NUMBERS - 1) % MR_NUMBERS;
	land(o);
}

/*
 * Errors that leave open whether the network has the segment, which the modem has whole: network
 * time-out, unknown error, and no code at all (3GPP TS 27.005 §3.2.5, TS 27.007 §9.2). All others
 * say who refused it.
 */
static bool is_unclear(const char *kind, int status)
{
	if (str_eq(kind, "cme"))
		return status == 31 || status == 100;
	return status < 0 || status == 332 || status == 500;
}

static void take_error(
	struct outgoing *o, const struct modem_event *event, bool is_doubt_open, int64_t now_ms)
{
	const char *kind = event->submitted.kind;
	int status = event->submitted.status;
	/* Whose error it was can't be told; or the network took it without a reference. */
	bool is_in_doubt = status == 0 || is_doubt_open;

	tell_failed(o, &o->current, kind, status > 0 ? status : -1,
		is_in_doubt || is_unclear(kind, status));
	if (is_in_doubt)
		doubt_current(o, now_ms);
	else if (is_unclear(kind, status))
		o->last_mr = -1; /* it may have been counted */
	land(o);
}

void outgoing_answer(struct outgoing *o, const struct modem_event *event, int64_t now_ms)
{
	int mr = event->submitted.status == 0 ? event->submitted.mr : -1;

	if (o->has_doubt && now_ms >= o->doubt_until_ms) {
		o->has_doubt = false;
		o->held_mr = -1;
	}
	if (o->has_doubt && mr >= 0 && (!o->is_flying || o->doubt.mr == mr)) {
		tell_late(o, mr);
		return;
	}
	if (!o->is_flying)
		return;
	if (o->held_mr >= 0 && mr >= 0) {
		take_sent(o, settle_doubt(o, mr), false);
	} else if (o->held_mr >= 0) {
		tell_late(o, o->held_mr);
		take_error(o, event, false, now_ms);
	} else if (mr < 0) {
		take_error(o, event, o->has_doubt, now_ms);
	} else if (!o->has_doubt || is_surely_current(o, mr)) {
		take_sent(o, mr, o->has_doubt);
	} else {
		o->held_mr = mr;
	}
}

/* What the daemon was told stands: it is cautious, and the modem may err. */
void outgoing_unsent(struct outgoing *o)
{
	if (o->is_flying)
		return;
	o->has_doubt = false;
	o->held_mr = -1;
}

bool outgoing_check(struct outgoing *o, int64_t now_ms)
{
	if (!o->is_flying || now_ms < o->deadline_ms)
		return false;
	tell_failed(o, &o->current, "modem", -1, true);
	if (o->held_mr >= 0) {
		/* Two submissions, one answer, and no more to come: neither is credited. */
		o->last_mr = o->held_mr;
		o->has_doubt = false;
	} else {
		doubt_current(o, now_ms);
	}
	o->quiet_until_ms = now_ms + OUTGOING_QUIET_MS;
	land(o);
	return true;
}

void outgoing_lost(struct outgoing *o)
{
	if (o->is_flying)
		tell_failed(o, &o->current, "modem", -1, true);
	land(o);
	for (int i = 0; i < o->count; i++)
		tell_failed(o, &o->queue[i], "modem", -1, false);
	explicit_bzero(o->queue, sizeof(o->queue));
	o->count = 0;
	o->has_doubt = false;
	o->last_mr = -1;
}
