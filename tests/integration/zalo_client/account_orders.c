/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/integration/zalo_client/driver.h"

#include "daemon/base/str.h"
#include "store/turn.h"
#include "tests/integration/zalo_client/group_orders.h"
#include "tests/lib/crash_points.h"

void do_status(struct driver *d, const json_t *order)
{
	struct turn_stats stats = turn_stats(d->store);
	json_t *json = zalo_status(d->zalo);
	int64_t bad = 0;

	(void)order;
	CHECK(!quarantine_count(d->store, &bad));
	json_object_set_new(json, "commits", json_integer(stats.commits));
	json_object_set_new(json, "quarantine", json_integer(bad));
	json_object_set_new(
		json, "user_capacity", json_integer(zalo_user_channel(d->zalo)->capacity));
	json_object_set_new(
		json, "user_reachable", json_boolean(zalo_user_channel(d->zalo)->is_reachable));
	json_object_set_new(
		json, "group_reachable", json_boolean(zalo_group_channel(d->zalo)->is_reachable));
	answer(json);
}

void do_token(struct driver *d, const json_t *order)
{
	struct zalo_token token = {0};
	enum err err = zalo_token_load(d->store, d->config.app_id, d->config.oa_id, &token);

	(void)order;
	answer(json_pack("{s:s,s:I,s:b}", "err", err_name(err), "generation",
		(json_int_t)token.generation, "is_marked", token.attempt_ms != 0));
}

void do_set_token(struct driver *d, const json_t *order)
{
	struct errbuf eb = {0};

	answer_after_commit(d, zalo_set_token(d->zalo, json_object_get(order, "token"), &eb));
}

void do_clock(struct driver *d, const json_t *order)
{
	d->clock.ms += json_integer_value(json_object_get(order, "ms"));
	zalo_wake(d->zalo);
	dispatch_wake(d->dispatch);
	answer_err(ERR_OK);
}

static void doctor_done(void *arg, enum err err, const json_t *findings)
{
	(void)arg;
	answer(err ? json_pack("{s:s}", "err", err_name(err)) : json_deep_copy(findings));
}

void do_doctor(struct driver *d, const json_t *order)
{
	struct errbuf eb = {0};
	enum err err = zalo_doctor(d->zalo, doctor_done, d, &eb);

	(void)order;
	if (err)
		answer_err(err);
}

/* So many requests at the same time by the account's HTTP client; answers when all have ended. */
struct fetch {
	json_int_t left, good;
	const char *reason;
};

static void fetched(void *arg, const struct http_result *result)
{
	struct fetch *fetch = arg;

	fetch->good += !result->err && result->status == 200;
	if (result->err)
		fetch->reason = result->reason;
	if (--fetch->left)
		return;
	answer(json_pack("{s:I,s:s}", "good", fetch->good, "reason", fetch->reason));
	free(fetch);
}

void do_fetch(struct driver *d, const json_t *order)
{
	struct fetch *fetch = calloc(1, sizeof(*fetch));
	json_int_t count = json_integer_value(json_object_get(order, "count"));

	CHECK(fetch && count > 0);
	fetch->left = count;
	fetch->reason = "";
	for (json_int_t i = 0; i < count; i++)
		CHECK(!http_client_start(d->zalo->http,
			&(struct http_client_request){.url = zalo_json_text(order, "url"),
				.deadline_ms = 60000,
				.reply_max = 4 << 20,
				.done = fetched,
				.arg = fetch},
			NULL));
}

static void login_done(void *arg, enum err err, const struct errbuf *eb)
{
	(void)arg;
	answer(json_pack("{s:s,s:s}", "err", err_name(err), "why", eb->text));
}

void do_login(struct driver *d, const json_t *order)
{
	const char *pasted = json_string_value(json_object_get(order, "pasted"));
	struct errbuf eb = {0};
	struct buf url;
	enum err err;

	if (pasted) {
		err = zalo_login_code(d->zalo, pasted, login_done, d, &eb);
		if (err)
			login_done(d, err, &eb);
		return;
	}
	buf_init(&url, 2048);
	err = zalo_login_begin(d->zalo, "test", &url, &eb);
	answer(json_pack(
		"{s:s,s:s,s:s}", "err", err_name(err), "url", buf_text(&url), "why", eb.text));
	buf_done(&url);
}

/* Nobody reads what would be answered. */
static void login_unheard(void *arg, enum err err, const struct errbuf *eb)
{
	(void)arg;
	(void)err;
	(void)eb;
}

static void obey_unheard(struct driver *d, const json_t *order)
{
	const char *pasted = json_string_value(json_object_get(order, "pasted"));
	json_t *json = NULL;
	struct errbuf eb;

	if (str_eq(zalo_json_text(order, "do"), "login"))
		CHECK(!zalo_login_code(d->zalo, pasted, login_unheard, d, &eb));
	else
		CHECK(!obey_group(d->store, d->desk, order, &json) && !json);
}

/* The clock moves, or an order about groups or a login is obeyed, and whatever that sets off ends
 * at the step `at` (tests/lib/crash_points.h). */
void do_crash(struct driver *d, const json_t *order)
{
	const json_t *then = json_object_get(order, "then");

	crash_points_arm((long)json_integer_value(json_object_get(order, "at")));
	if (then)
		obey_unheard(d, then);
	zalo_soon(d->zalo);
	do_clock(d, order);
}

void do_steps(struct driver *d, const json_t *order)
{
	(void)d;
	(void)order;
	answer(json_pack("{s:I}", "steps", (json_int_t)crash_points_count()));
}
