/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/session.h"

#include "daemon/base/str.h"
#include "store/vault.h"

#include <string.h>

struct session {
	struct sessions *sessions;
	int64_t id; /* 0: free */
	int64_t officer_id;
	uint8_t hash[VAULT_HASH_BYTES]; /* of the token */
	char csrf[SESSION_CSRF_BYTES];
	char peer[SESSION_PEER_BYTES];
	bool is_cookie;
	int64_t begun_ms, used_ms; /* monotonic */
	struct keypair *pair;
};

struct sessions {
	struct clock *clock;
	struct session_limits limits;
	int64_t next_id;
	struct session all[SESSIONS_MAX];
};

enum err sessions_new(
	struct clock *clock, const struct session_limits *limits, struct sessions **ret_sessions)
{
	struct sessions *sessions = calloc(1, sizeof(*sessions));

	if (!sessions)
		return ERR_NOMEM;
	sessions->clock = clock;
	sessions->limits = *limits;
	sessions->next_id = 1;
	*ret_sessions = sessions;
	return ERR_OK;
}

static void end(struct session *session)
{
	keypair_free(session->pair);
	explicit_bzero(session, sizeof(*session));
}

void sessions_set_limits(struct sessions *sessions, const struct session_limits *limits)
{
	sessions->limits = *limits;
}

void sessions_free(struct sessions *sessions)
{
	if (!sessions)
		return;
	for (size_t i = 0; i < SESSIONS_MAX; i++)
		end(&sessions->all[i]);
	free(sessions);
}

static void token_hash(const char *token, uint8_t ret_hash[VAULT_HASH_BYTES])
{
	vault_digest(&(struct vault_piece){token, strlen(token)}, 1, ret_hash);
}

/* By its use or its age, whichever comes first. */
static int64_t left_ms(const struct session *session)
{
	const struct session_limits *limits = &session->sessions->limits;
	int64_t now_ms = clock_mono_ms(session->sessions->clock);
	int64_t idle = session->used_ms + limits->idle_ms - now_ms;
	int64_t absolute = session->begun_ms + limits->absolute_ms - now_ms;

	return idle < absolute ? idle : absolute;
}

int sessions_expire(struct sessions *sessions)
{
	int count = 0;

	for (size_t i = 0; i < SESSIONS_MAX; i++) {
		struct session *session = &sessions->all[i];

		if (!session->id || left_ms(session) > 0)
			continue;
		end(session);
		count++;
	}
	return count;
}

static struct session *idlest_of(struct sessions *sessions, int64_t officer_id, int *ret_count)
{
	struct session *idlest = NULL;

	*ret_count = 0;
	for (size_t i = 0; i < SESSIONS_MAX; i++) {
		struct session *session = &sessions->all[i];

		if (!session->id || session->officer_id != officer_id)
			continue;
		++*ret_count;
		if (!idlest || session->used_ms < idlest->used_ms)
			idlest = session;
	}
	return idlest;
}

static struct session *room_for(struct sessions *sessions, int64_t officer_id)
{
	int count;
	struct session *idlest = idlest_of(sessions, officer_id, &count);

	if (count >= SESSIONS_EACH_MAX) {
		end(idlest);
		return idlest;
	}
	for (size_t i = 0; i < SESSIONS_MAX; i++) {
		if (!sessions->all[i].id)
			return &sessions->all[i];
	}
	return NULL;
}

enum err session_begin(struct sessions *sessions, int64_t officer_id, struct keypair *pair,
	const char *peer, bool is_cookie, char ret_token[SESSION_TOKEN_BYTES],
	struct session **ret_session)
{
	uint8_t random[(SESSION_TOKEN_BYTES - 1) / 2];
	struct session *session;

	sessions_expire(sessions);
	session = room_for(sessions, officer_id);
	if (!session)
		return ERR_BUSY;
	*session = (struct session){.sessions = sessions,
		.id = sessions->next_id++,
		.officer_id = officer_id,
		.is_cookie = is_cookie,
		.begun_ms = clock_mono_ms(sessions->clock),
		.pair = pair};
	session->used_ms = session->begun_ms;
	snprintf(session->peer, sizeof(session->peer), "%s", peer);
	vault_random(random, sizeof(random));
	str_hex(random, (SESSION_CSRF_BYTES - 1) / 2, session->csrf);
	vault_random(random, sizeof(random));
	str_hex(random, sizeof(random), ret_token);
	explicit_bzero(random, sizeof(random));
	token_hash(ret_token, session->hash);
	*ret_session = session;
	return ERR_OK;
}

struct session *session_peek(struct sessions *sessions, const char *token)
{
	struct session *found = NULL;
	uint8_t hash[VAULT_HASH_BYTES];

	if (strlen(token) != SESSION_TOKEN_BYTES - 1)
		return NULL;
	token_hash(token, hash);
	for (size_t i = 0; i < SESSIONS_MAX; i++) {
		struct session *session = &sessions->all[i];

		if (session->id && vault_is_same(hash, session->hash, sizeof(hash)))
			found = session;
	}
	if (found && left_ms(found) <= 0) {
		end(found);
		found = NULL;
	}
	return found;
}

struct session *session_recall(struct sessions *sessions, int64_t id)
{
	struct session *session;

	for (size_t i = 0; id && i < SESSIONS_MAX; i++) {
		session = &sessions->all[i];
		if (session->id != id)
			continue;
		if (left_ms(session) > 0)
			return session;
		end(session);
	}
	return NULL;
}

struct session *session_find(struct sessions *sessions, const char *token)
{
	struct session *found = session_peek(sessions, token);

	if (found)
		found->used_ms = clock_mono_ms(sessions->clock);
	return found;
}

void session_view(const struct session *session, struct session_view *ret_view)
{
	int64_t now_ms = clock_mono_ms(session->sessions->clock);

	*ret_view = (struct session_view){.id = session->id,
		.officer_id = session->officer_id,
		.is_cookie = session->is_cookie,
		.age_ms = now_ms - session->begun_ms,
		.idle_ms = now_ms - session->used_ms,
		.left_ms = left_ms(session)};
	memcpy(ret_view->peer, session->peer, sizeof(ret_view->peer));
}

int64_t session_id(const struct session *session)
{
	return session->id;
}

int64_t session_officer(const struct session *session)
{
	return session->officer_id;
}

const struct keypair *session_pair(const struct session *session)
{
	return session->pair;
}

const char *session_csrf(const struct session *session)
{
	return session->csrf;
}

bool session_has_csrf(const struct session *session, const char *csrf)
{
	char given[SESSION_CSRF_BYTES] = "";

	return csrf && str_copy(given, sizeof(given), csrf) == ERR_OK &&
	       vault_is_same(given, session->csrf, sizeof(given));
}

int sessions_end(struct sessions *sessions, int64_t id)
{
	for (size_t i = 0; i < SESSIONS_MAX; i++) {
		if (id && sessions->all[i].id == id) {
			end(&sessions->all[i]);
			return 1;
		}
	}
	return 0;
}

int sessions_end_of(struct sessions *sessions, int64_t officer_id)
{
	int count = 0;

	for (size_t i = 0; i < SESSIONS_MAX; i++) {
		if (sessions->all[i].id && sessions->all[i].officer_id == officer_id) {
			end(&sessions->all[i]);
			count++;
		}
	}
	return count;
}

/* The one that began next after `after_id`. */
static const struct session *next_of(
	const struct sessions *sessions, int64_t officer_id, int64_t after_id)
{
	const struct session *next = NULL;

	for (size_t i = 0; i < SESSIONS_MAX; i++) {
		const struct session *session = &sessions->all[i];

		if (session->id <= after_id || (officer_id && session->officer_id != officer_id))
			continue;
		if (!next || session->id < next->id)
			next = session;
	}
	return next;
}

void sessions_list(struct sessions *sessions, int64_t officer_id, session_fn fn, void *arg)
{
	const struct session *session;
	int64_t id = 0;

	sessions_expire(sessions);
	while ((session = next_of(sessions, officer_id, id))) {
		id = session->id;
		fn(arg, session);
	}
}

int sessions_count(const struct sessions *sessions)
{
	int count = 0;

	for (size_t i = 0; i < SESSIONS_MAX; i++)
		count += sessions->all[i].id != 0;
	return count;
}
