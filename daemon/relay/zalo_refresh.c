/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One refresh of the token pair: what zalo_auth.c decided to begin, and where each way that it can
 * go leaves the chain (the table is there). */
#include "daemon/relay/zalo_private.h"

#include "daemon/base/log.h"
#include "store/turn.h"

#include <inttypes.h>

#define FAULT_MS HOUR_MS /* a configuration fault mends only by hand */

/* Nothing was spent: the mark goes, unless it stands for an earlier doubt. */
static void refresh_undo(struct zalo *z, int64_t wait_ms, enum err err, const char *why)
{
	struct zalo_auth *a = &z->auth;
	enum err failed = ERR_OK;

	a->next_try_ms = zalo_mono(z) + wait_ms;
	if (a->before == ZALO_AUTH_OK)
		failed = zalo_token_attempt(z->store, z->config->app_id, z->config->oa_id, 0);
	if (failed)
		log_error("zalo", "mark=kept error=%s", err_name(failed));
	log_warn("zalo", "refresh=failed error=%s why=\"%s\" again_s=%" PRId64, err_name(err), why,
		wait_ms / SECOND_MS);
	zalo_auth_move(z, a->before, err, why);
}

static void refresh_doubt(struct zalo *z, enum err err, const char *why)
{
	struct zalo_auth *a = &z->auth;

	a->is_doubt_wait = zalo_auth_works(z);
	a->next_try_ms = zalo_mono(z) +
			 (a->is_doubt_wait ? ZALO_DOUBT_MS : zalo_backoff_ms(a->failures, &z->rng));
	log_warn("zalo", "refresh=in_doubt error=%s why=\"%s\"", err_name(err), why);
	zalo_auth_move(z, ZALO_AUTH_DOUBTFUL, err, why);
}

static void consent_needed(struct zalo *z)
{
	zalo_auth_move(z, ZALO_AUTH_NEEDS_CONSENT, ERR_CONSENT,
		"the refresh token is spent or expired: an OA administrator must grant "
		"anew (binhyenctl zalo login, or set-token)");
}

static void back_done(void *arg, enum err committed)
{
	struct zalo *z = container_of((bool *)arg, struct zalo, auth.is_going_back);
	struct zalo_auth *a = &z->auth;

	a->is_going_back = false;
	zalo_wake(z);
	if (committed ||
		zalo_token_load(z->store, z->config->app_id, z->config->oa_id, &a->secrets->pair)) {
		consent_needed(z);
		return;
	}
	a->is_access_dead = false;
	a->failures = 0;
	a->next_try_ms = 0;
	zalo_auth_move(z, ZALO_AUTH_OK, ERR_OK,
		"the pair that a person brought is no good: back to the one before");
}

/* Nobody spends a refresh token without marking it, so a pair before that is unmarked still holds.
 */
static bool go_back(struct zalo *z)
{
	enum err err = zalo_token_back(z->store, z->config->app_id, z->config->oa_id);

	if (!err)
		err = turn_defer(z->store, back_done, &z->auth.is_going_back);
	z->auth.is_going_back = !err;
	return !err;
}

static void refresh_reply(struct zalo *z, const struct http_result *result)
{
	struct zalo_auth *a = &z->auth;
	struct zalo_pair pair;
	CLEAN_JSON *root = NULL;
	int64_t code = 0;
	enum zalo_grant grant = ZALO_GRANT_UNCLEAR;

	if (!zalo_json_load(result->body, result->body_bytes, &root))
		grant = zalo_grant_classify(result->status, root, &pair, &code);
	switch (grant) {
	case ZALO_GRANT_PAIR:
		a->is_from_person = false;
		if (zalo_auth_set_fresh(z, &pair) || zalo_auth_save(z))
			log_warn("zalo", "token=unsaved");
		break;
	case ZALO_GRANT_CONSENT:
		log_error("zalo", "refresh=refused code=%" PRId64, code);
		if (!go_back(z))
			consent_needed(z);
		break;
	case ZALO_GRANT_FAULT:
		log_error("zalo", "refresh=refused code=%" PRId64, code);
		refresh_undo(z, FAULT_MS, ERR_CONFIG,
			"the token endpoint refused: check app_id, oa_id and zalo.app_secret");
		break;
	case ZALO_GRANT_UNCLEAR:
		refresh_doubt(z, ERR_PROTOCOL, "the token endpoint's reply holds no pair");
		break;
	}
	zalo_json_wipe(root);
}

static void refresh_done(void *arg, const struct http_result *result)
{
	struct zalo *z = arg;
	struct zalo_auth *a = &z->auth;

	a->transfer = NULL;
	if (result->is_cancelled)
		return; /* closing, or replaced by a person; the mark tells the next start */
	if (result->err)
		zalo_probe_soon(z);
	if (!result->err)
		refresh_reply(z, result);
	else if (result->may_have_left)
		refresh_doubt(z, result->err, result->reason);
	else
		refresh_undo(z, zalo_backoff_ms(a->failures, &z->rng), result->err, result->reason);
	zalo_wake(z);
}

static void refresh_marked(void *arg, enum err committed)
{
	/* Distinct from &z->auth, which stands for a pair being saved. */
	struct zalo *z = container_of((bool *)arg, struct zalo, auth.is_marking);
	struct zalo_auth *a = &z->auth;
	enum err err = committed;

	a->is_marking = false;
	if (a->state != ZALO_AUTH_REFRESHING)
		return;
	a->failures++;
	if (err) {
		/* The mark was rolled back with the rest of the turn. */
		a->next_try_ms = zalo_mono(z) + zalo_backoff_ms(a->failures, &z->rng);
		zalo_auth_move(z, a->before, err, "the attempt could not be marked");
	} else {
		err = zalo_grant_post(z,
			(const struct zalo_field[]){{"grant_type", "refresh_token"},
				{"refresh_token", a->secrets->pair.refresh}, {NULL, NULL}},
			refresh_done, &a->transfer);
		if (err)
			refresh_undo(
				z, zalo_backoff_ms(a->failures, &z->rng), err, "could not begin");
	}
	zalo_wake(z);
}

void zalo_refresh_begin(struct zalo *z)
{
	struct zalo_auth *a = &z->auth;
	enum err err = zalo_token_attempt(
		z->store, z->config->app_id, z->config->oa_id, zalo_wall(z));

	if (!err)
		err = turn_defer(z->store, refresh_marked, &a->is_marking);
	if (err) {
		a->failures++;
		a->next_try_ms = zalo_mono(z) + zalo_backoff_ms(a->failures, &z->rng);
		log_error("zalo", "refresh=unmarked error=%s", err_name(err));
		return;
	}
	a->is_marking = true;
	a->before = a->state;
	zalo_auth_move(z, ZALO_AUTH_REFRESHING, ERR_OK, "refresh begun");
}
