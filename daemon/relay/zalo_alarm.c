/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Nobody notices a dead token chain for days, unless he is told: by SMS, to the person who looks
 * after the machine, each thing once a pair and in the turn that remembers it.
 *
 *   a refresh had no answer or was refused for the configuration; the access token ended while
 *   Zalo could not be reached                                               ZALO_TOLD_FAILED
 *   a person must consent anew                                              ZALO_TOLD_CONSENT
 *   the refresh token ends within two weeks                                 ZALO_TOLD_END
 *
 * What is wrong is read off the state, so that a crash before the commit tells it anew.
 */
#include "daemon/relay/zalo_private.h"

#include "config/phrases.h"
#include "daemon/base/log.h"
#include "store/turn.h"

#define END_NEAR_MS  (14 * DAY_MS)
#define TELL_WAIT_MS MINUTE_MS /* until it is tried again when it could not be saved */

bool zalo_alarm_ends_soon(const struct zalo *z)
{
	const struct zalo_auth *a = &z->auth;

	return a->has_pair && zalo_wall(z) >= a->secrets->pair.refresh_expires_ms - END_NEAR_MS;
}

static bool needs_consent(const struct zalo *z)
{
	return z->auth.state == ZALO_AUTH_NEEDS_CONSENT && z->auth.err != ERR_CONFIG;
}

static bool is_faulty(const struct zalo *z)
{
	return z->auth.err == ERR_CONFIG;
}

/* A doubt that was loaded at the start is most often a power cut, and soon resolved. */
static bool is_doubtful(const struct zalo *z)
{
	return z->auth.state == ZALO_AUTH_DOUBTFUL && z->auth.failures;
}

static bool is_cut_off(const struct zalo *z)
{
	return !z->link.is_up && zalo_wall(z) >= z->auth.secrets->pair.expires_ms;
}

static const struct trouble {
	int bit;
	const char *key; /* of its phrase */
	bool (*is_so)(const struct zalo *z);
} troubles[] = {
	{ZALO_TOLD_CONSENT, "zalo_consent", needs_consent},
	{ZALO_TOLD_FAILED, "zalo_fault", is_faulty},
	{ZALO_TOLD_FAILED, "zalo_doubtful", is_doubtful},
	{ZALO_TOLD_FAILED, "zalo_offline", is_cut_off},
	{ZALO_TOLD_END, "zalo_end", zalo_alarm_ends_soon},
};

/* The first that was not told yet; NULL none. */
static const struct trouble *untold(const struct zalo *z)
{
	for (size_t i = 0; i < ARRAY_LEN(troubles); i++) {
		if (!(z->auth.secrets->pair.told & troubles[i].bit) && troubles[i].is_so(z))
			return &troubles[i];
	}
	return NULL;
}

static void alarm_told(void *arg, enum err committed)
{
	struct zalo *z = container_of((struct zalo_alarm *)arg, struct zalo, alarm);
	struct zalo_alarm *al = &z->alarm;

	al->is_telling = false;
	zalo_wake(z);
	if (committed)
		al->wait_ms = zalo_mono(z) + TELL_WAIT_MS;
	else if (al->generation == z->auth.secrets->pair.generation)
		z->auth.secrets->pair.told |= al->bit;
}

static enum err tell(struct zalo *z, const char *key, int bit)
{
	const struct zalo_token *pair = &z->auth.secrets->pair;
	char date[CLOCK_DATE_BYTES];
	const struct phrase_field fields[] = {{"date", date}, {NULL, NULL}};
	const struct phrase_field none[] = {{NULL, NULL}};
	enum err err;

	clock_format_date(pair->refresh_expires_ms, date);
	err = z->alarm.fn(z->alarm.arg, key, bit == ZALO_TOLD_END ? fields : none);
	if (!err)
		err = zalo_token_told(
			z->store, z->config->app_id, z->config->oa_id, pair->told | bit);
	if (!err)
		err = turn_defer(z->store, alarm_told, &z->alarm);
	return err;
}

int64_t zalo_alarm_tick(struct zalo *z)
{
	struct zalo_alarm *al = &z->alarm;
	const struct trouble *trouble;
	enum err err;

	if (!al->fn || al->is_telling || !z->auth.has_pair || z->auth.state == ZALO_AUTH_REFRESHING)
		return INT64_MAX;
	if (zalo_mono(z) < al->wait_ms)
		return al->wait_ms;
	trouble = untold(z);
	if (!trouble)
		return INT64_MAX;
	err = tell(z, trouble->key, trouble->bit);
	log_warn("zalo", "alarm=%s error=%s", trouble->key, err_name(err));
	if (err) {
		al->wait_ms = zalo_mono(z) + TELL_WAIT_MS;
		return al->wait_ms;
	}
	al->bit = trouble->bit;
	al->generation = z->auth.secrets->pair.generation;
	al->is_telling = true;
	if (z->dispatch)
		dispatch_wake(z->dispatch);
	return INT64_MAX;
}
