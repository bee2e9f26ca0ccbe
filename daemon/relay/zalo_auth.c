/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The token pair (OA API, "Lấy access token từ refresh token"): an access token lives 25 hours, a
 * refresh token three months and once. A refresh that goes well:
 *
 *   mark the attempt → commit → POST → validate → save the new pair → commit → use it
 *
 * One that does not:
 *   the POST surely did not leave         the mark is cleared, tried again later
 *   it may have left and nothing came     DOUBTFUL: the access token is used as long as it works;
 *                                         then, or after a while, one more refresh
 *   the daemon died with the mark set     DOUBTFUL likewise
 *   the refresh token is refused          NEEDS_CONSENT: a person must act; the access token is
 *                                         still used until it is refused or expires; but when
 *                                         a person brought that pair and the one before was never
 *                                         spent, that is taken again
 *   the new pair can't be committed       it is kept in memory and saved again and again; the old
 *                                         one is spent
 *
 *   NO_TOKEN ──set──→ OK ←──────→ REFRESHING ──→ DOUBTFUL ──→ NEEDS_CONSENT ──set──→ OK
 *
 * There is one refresher because there is one daemon and one state.
 */
#include "daemon/relay/zalo_private.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "store/event.h"
#include "store/turn.h"

#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>

#define REFRESH_AGE_MS	(20 * HOUR_MS) /* of 25: five hours to try again in */
#define REFRESH_LIFE_MS (90 * DAY_MS)  /* of a refresh token: three months, unless told */
#define LIFE_UNTOLD_S	3600	       /* a pair typed in without expires_in is of unknown age */
#define REFUSED_AGAIN_MS \
	(5 * MINUTE_MS) /* a fresh token that is refused is no reason for another */
#define SAVE_AGAIN_MS (2 * SECOND_MS)

const char *zalo_auth_state_text(enum zalo_auth_state state)
{
	static const char *const text[] = {
#define X(name, text) [ZALO_AUTH_##name] = text,
		ZALO_AUTH_TABLE(X)
#undef X
	};

	return text[state];
}

void zalo_auth_move(struct zalo *z, enum zalo_auth_state to, enum err err, const char *why)
{
	struct zalo_auth *a = &z->auth;
	enum zalo_auth_state from = a->state;
	char data[128];

	a->err = err;
	a->text = why;
	a->state = to;
	if (from == to)
		return;
	log_line(to == ZALO_AUTH_NEEDS_CONSENT || to == ZALO_AUTH_DOUBTFUL ? LOG_LEVEL_WARN
									   : LOG_LEVEL_INFO,
		"zalo", "token=%s from=%s why=\"%s\"", zalo_auth_state_text(to),
		zalo_auth_state_text(from), why);
	if (to == ZALO_AUTH_REFRESHING || to == a->told)
		return;
	a->told = to;
	snprintf(data, sizeof(data), "{\"state\":\"%s\",\"error\":\"%s\"}",
		zalo_auth_state_text(to), err_name(err));
	if (event_add(z->store, "zalo.token", "", "system", data))
		log_error("zalo", "event=lost");
}

static bool is_expired(const struct zalo *z)
{
	return zalo_wall(z) >= z->auth.secrets->pair.expires_ms;
}

bool zalo_auth_works(const struct zalo *z)
{
	return z->auth.has_pair && !z->auth.is_access_dead && !is_expired(z);
}

bool zalo_auth_is_usable(const struct zalo *z)
{
	return zalo_auth_works(z) && z->auth.state != ZALO_AUTH_REFRESHING;
}

/* May the next refresh begin? A wait that only spares a doubtful chain ends with its access token.
 */
static bool may_try(const struct zalo *z)
{
	return zalo_mono(z) >= z->auth.next_try_ms ||
	       (z->auth.is_doubt_wait && !zalo_auth_works(z));
}

bool zalo_auth_is_pending(const struct zalo *z)
{
	const struct zalo_auth *a = &z->auth;

	if (a->state == ZALO_AUTH_REFRESHING)
		return true;
	return (a->state == ZALO_AUTH_OK || a->state == ZALO_AUTH_DOUBTFUL) && may_try(z) &&
	       a->secrets->app_secret[0];
}

void zalo_auth_refused(struct zalo *z, int64_t generation)
{
	struct zalo_auth *a = &z->auth;

	if (!a->has_pair || generation != a->secrets->pair.generation || a->is_access_dead)
		return;
	a->is_access_dead = true;
	if (a->refreshed_ms && zalo_mono(z) < a->refreshed_ms + REFUSED_AGAIN_MS)
		a->next_try_ms = a->refreshed_ms + REFUSED_AGAIN_MS;
	log_warn("zalo", "access=refused generation=%" PRId64, generation);
	zalo_wake(z);
}

/* ---- saving a pair ---------------------------------------------------------------------------
 */

static void auth_adopt(struct zalo *z)
{
	struct zalo_auth *a = &z->auth;
	struct zalo_token *stored = &a->secrets->pair;

	a->is_fresh = false;
	a->secrets->pair = a->secrets->fresh;
	/* The store chose its number. */
	if (zalo_token_load(z->store, z->config->app_id, z->config->oa_id, stored))
		*stored = a->secrets->fresh;
	explicit_bzero(&a->secrets->fresh, sizeof(a->secrets->fresh));
	a->has_pair = true;
	a->is_access_dead = false;
	a->failures = 0;
	a->next_try_ms = 0;
	a->refreshed_ms = a->is_from_person ? 0 : zalo_mono(z);
	zalo_auth_move(
		z, ZALO_AUTH_OK, ERR_OK, a->is_from_person ? "given by a person" : "refreshed");
	zalo_poll_soon(z);
}

static void auth_saved(void *arg, enum err committed)
{
	struct zalo *z = container_of((struct zalo_auth *)arg, struct zalo, auth);
	struct zalo_auth *a = &z->auth;

	a->is_saving = false;
	zalo_wake(z);
	if (!committed)
		auth_adopt(z);
	zalo_login_saved(z, committed);
	if (!committed)
		return;
	log_error("zalo", "token=unsaved error=%s", err_name(committed));
	/* A person is told by the answer to his request and keeps what he has. */
	if (a->is_from_person) {
		a->is_fresh = false;
		explicit_bzero(&a->secrets->fresh, sizeof(a->secrets->fresh));
	}
	a->next_try_ms = zalo_mono(z) + SAVE_AGAIN_MS;
}

enum err zalo_auth_save(struct zalo *z)
{
	struct zalo_auth *a = &z->auth;
	enum err err = zalo_token_save(
		z->store, z->config->app_id, z->config->oa_id, &a->secrets->fresh);

	if (!err)
		err = turn_defer(z->store, auth_saved, a);
	a->is_saving = !err;
	if (err) {
		log_error("zalo", "token=unsaved error=%s", err_name(err));
		a->next_try_ms = zalo_mono(z) + SAVE_AGAIN_MS;
	}
	return err;
}

enum err zalo_auth_set_fresh(struct zalo *z, const struct zalo_pair *pair)
{
	struct zalo_token *fresh = &z->auth.secrets->fresh;
	int64_t life_s = pair->life_s ? pair->life_s : LIFE_UNTOLD_S;

	*fresh = (struct zalo_token){.issued_ms = zalo_wall(z)};
	fresh->expires_ms = fresh->issued_ms + life_s * SECOND_MS;
	fresh->refresh_expires_ms = fresh->issued_ms +
				    (pair->refresh_life_s ? pair->refresh_life_s * SECOND_MS
							  : REFRESH_LIFE_MS);
	if (str_copy(fresh->access, sizeof(fresh->access), pair->access) ||
		str_copy(fresh->refresh, sizeof(fresh->refresh), pair->refresh))
		return ERR_TOO_BIG;
	z->auth.is_fresh = true;
	return ERR_OK;
}

bool zalo_auth_is_busy(const struct zalo *z)
{
	const struct zalo_auth *a = &z->auth;

	return a->transfer || a->is_marking || a->is_going_back || a->is_fresh || z->login.done;
}

enum err zalo_auth_take(struct zalo *z, const struct zalo_pair *pair)
{
	struct zalo_auth *a = &z->auth;
	enum err err;

	a->is_from_person = true;
	err = zalo_auth_set_fresh(z, pair);
	if (!err)
		err = zalo_auth_save(z);
	if (err)
		a->is_fresh = false;
	return err;
}

enum err zalo_set_token(struct zalo *z, const json_t *token, struct errbuf *eb)
{
	struct zalo_auth *a = &z->auth;
	struct zalo_pair pair;
	enum err err;

	if (zalo_pair_parse(token, true, &pair))
		return errbuf_set(eb, ERR_INVALID,
			"needed: access_token and refresh_token as strings, expires_in in seconds "
			"(90000 when Zalo's page does not say)");
	if (a->is_fresh || a->is_going_back || z->login.done)
		return errbuf_set(
			eb, ERR_BUSY, "another token is being saved; try again in some seconds");
	/* A refresh under way belongs to the old chain. */
	if (a->transfer)
		http_transfer_cancel(a->transfer);
	if (a->state == ZALO_AUTH_REFRESHING)
		zalo_auth_move(z, a->before, ERR_OK, "replaced by a person");
	err = zalo_auth_take(z, &pair);
	return err ? errbuf_set(eb, err, "the token could not be saved") : ERR_OK;
}

/* ---- the clockwork ---------------------------------------------------------------------------
 */

/* 20 hours of 25, or the same share of another life time. */
static int64_t refresh_due_ms(const struct zalo_token *pair)
{
	int64_t share = (pair->expires_ms - pair->issued_ms) / 5 * 4;

	return pair->issued_ms + zalo_sooner(share, REFRESH_AGE_MS);
}

static bool wants_refresh(const struct zalo *z)
{
	const struct zalo_auth *a = &z->auth;

	if (a->is_access_dead || is_expired(z))
		return true;
	/* While its access works a doubtful chain is left alone for a while, not for ever. */
	return a->state == ZALO_AUTH_DOUBTFUL || zalo_wall(z) >= refresh_due_ms(&a->secrets->pair);
}

int64_t zalo_auth_tick(struct zalo *z)
{
	struct zalo_auth *a = &z->auth;
	int64_t mono = zalo_mono(z), wait_ms;

	if (a->is_saving || a->is_marking || a->is_going_back || a->transfer || z->login.transfer)
		return INT64_MAX;
	if (a->is_fresh) {
		if (mono < a->next_try_ms)
			return a->next_try_ms;
		/* The old pair is spent: this one must not be lost for a busy disk. */
		return zalo_auth_save(z) ? a->next_try_ms : INT64_MAX;
	}
	if (!a->has_pair || a->state == ZALO_AUTH_NEEDS_CONSENT)
		return INT64_MAX;
	if (!wants_refresh(z)) {
		wait_ms = refresh_due_ms(&a->secrets->pair) - zalo_wall(z);
		return mono + zalo_sooner(wait_ms, MINUTE_MS);
	}
	if (!a->secrets->app_secret[0]) {
		if (!zalo_auth_works(z))
			zalo_auth_move(z, ZALO_AUTH_NEEDS_CONSENT, ERR_CONFIG,
				"the token is over and zalo.app_secret is missing: no refresh");
		return mono + MINUTE_MS;
	}
	/* A token that can be spent once is not risked on a line that is known to be broken. */
	if (!z->link.is_up)
		return mono + MINUTE_MS;
	if (!may_try(z))
		return a->next_try_ms;
	a->is_doubt_wait = false;
	zalo_refresh_begin(z);
	return a->is_marking ? INT64_MAX : a->next_try_ms;
}

enum err zalo_auth_open(struct zalo *z, const char *app_secret, struct errbuf *eb)
{
	struct zalo_auth *a = &z->auth;
	enum err err;

	a->told = ZALO_AUTH_OK;
	a->text = "no token yet: binhyenctl zalo login, or set-token";
	a->err = ERR_CONSENT;
	a->secrets = mmap(NULL, sizeof(*a->secrets), PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (a->secrets == MAP_FAILED) {
		a->secrets = NULL;
		return errbuf_set(eb, ERR_NOMEM, "memory for the Zalo token");
	}
	madvise(a->secrets, sizeof(*a->secrets), MADV_DONTDUMP);
	if (mlock(a->secrets, sizeof(*a->secrets)))
		log_warn("zalo", "memory=unlocked");
	if (str_copy(a->secrets->app_secret, sizeof(a->secrets->app_secret), app_secret))
		return errbuf_set(eb, ERR_TOO_BIG, "zalo.app_secret is longer than %d bytes",
			ZALO_SECRET_MAX - 1);
	for (const char *p = app_secret; *p; p++) {
		if (*p <= 0x20 || *p >= 0x7f)
			return errbuf_set(eb, ERR_INVALID,
				"zalo.app_secret holds a character that is not visible ASCII");
	}
	err = zalo_token_load(z->store, z->config->app_id, z->config->oa_id, &a->secrets->pair);
	if (err == ERR_NOT_FOUND)
		return ERR_OK;
	if (err)
		return errbuf_set(eb, err, "the stored Zalo token");
	a->has_pair = true;
	if (!a->secrets->pair.attempt_ms) {
		zalo_auth_move(z, ZALO_AUTH_OK, ERR_OK, "loaded");
		return ERR_OK;
	}
	/* Died between the mark and the new pair: the access token is tried first. */
	a->next_try_ms = zalo_mono(z) + ZALO_DOUBT_MS;
	a->is_doubt_wait = true;
	zalo_auth_move(z, ZALO_AUTH_DOUBTFUL, ERR_IN_DOUBT, "a refresh was cut off");
	return ERR_OK;
}

void zalo_auth_close(struct zalo *z)
{
	struct zalo_auth *a = &z->auth;

	turn_forget(z->store, a);
	turn_forget(z->store, &a->is_marking);
	turn_forget(z->store, &a->is_going_back);
	turn_forget(z->store, &z->alarm);
	if (!a->secrets)
		return;
	explicit_bzero(a->secrets, sizeof(*a->secrets));
	munmap(a->secrets, sizeof(*a->secrets));
	a->secrets = NULL;
}
