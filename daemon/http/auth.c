/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/http/auth_private.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/http/lan.h"
#include "daemon/http/resources.h"
#include "daemon/http/rights.h"
#include "store/place.h"
#include "store/turn.h"
#include "store/vault.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#define EXPIRE_EVERY_MS MINUTE_MS
#define COOKIE		"binhyen"
#define COOKIE_TLS	"__Host-binhyen" /* a browser takes it from this host and over TLS only */
#define HEADER_CSRF	"X-CSRF-Token"
#define HEADER_UNASKED	"X-Binhyen-Unasked"
#define WHO_EVERYTHING	(~0u)
#define LOG_IN_FIRST	"nobody is logged in here; binhyenctl login"
#define SESSION_ENDED \
	"this session has ended; log in again: binhyenctl login (or binhyenctl logout)"
#define NOT_FOR_ROLE "this is not for your role"
#define NO_CSRF	     "the header " HEADER_CSRF " is missing or wrong; GET /api/v1/me tells it"
#define NO_ORIGIN    "a browser says whose page asks (Origin), and this request does not"
#define NO_OFFICERS  "the box has no officers yet; binhyenctl setup"

/* ---- life ------------------------------------------------------------------------------------
 */

static void timer_done(uv_timer_t *timer)
{
	struct auth *auth = timer->data;

	sessions_expire(auth->sessions);
	enrolments_expire(auth);
	auth_tell_lockouts(auth);
}

enum err auth_open(const struct auth_options *options, struct auth **ret_auth, struct errbuf *eb)
{
	struct auth *auth = calloc(1, sizeof(*auth));
	enum err err;

	if (!auth)
		return errbuf_set(eb, ERR_NOMEM, "logins: out of memory");
	auth->options = *options;
	err = sessions_new(store_clock(options->store), &options->limits, &auth->sessions);
	if (err) {
		free(auth);
		return errbuf_set(eb, err, "logins");
	}
	/* The keys of who went home are wiped without anybody asking. */
	uv_timer_init(options->loop, &auth->timer);
	auth->timer.data = auth;
	uv_timer_start(
		&auth->timer, timer_done, (uint64_t)EXPIRE_EVERY_MS, (uint64_t)EXPIRE_EVERY_MS);
	uv_unref((uv_handle_t *)&auth->timer);
	auth_is_claimed(auth);
	*ret_auth = auth;
	return ERR_OK;
}

void auth_set_limits(struct auth *auth, const struct session_limits *limits)
{
	auth->options.limits = *limits;
	sessions_set_limits(auth->sessions, limits);
}

static void closed(struct auth *auth)
{
	void (*cb)(void *arg) = auth->close_cb;
	void *arg = auth->close_arg;

	if (!auth->is_timer_closed || auth->is_running)
		return;
	sessions_free(auth->sessions);
	free(auth);
	if (cb)
		cb(arg);
}

static void timer_closed(uv_handle_t *handle)
{
	struct auth *auth = handle->data;

	auth->is_timer_closed = true;
	closed(auth);
}

void auth_close(struct auth *auth, void (*cb)(void *arg), void *arg)
{
	auth->close_cb = cb;
	auth->close_arg = arg;
	auth->is_closing = true;
	for (size_t i = 0; i < AUTH_ENROL_MAX; i++)
		enrolment_end(&auth->enrolments[i]);
	explicit_bzero(&auth->setup, sizeof(auth->setup));
	auth_work_stop(auth);
	uv_close((uv_handle_t *)&auth->timer, timer_closed);
}

void auth_work_ended(struct auth *auth)
{
	closed(auth);
}

bool auth_is_claimed(struct auth *auth)
{
	bool any;

	if (auth->is_claimed)
		return true;
	if (officer_any(auth->options.store, &any) != ERR_OK)
		return true; /* in doubt nobody is let in */
	/* What this turn has written may yet be taken back. */
	auth->is_claimed = any && !turn_is_open(auth->options.store);
	return any;
}

void auth_sessions(struct auth *auth, session_fn fn, void *arg)
{
	sessions_list(auth->sessions, 0, fn, arg);
}

int auth_logged_in(struct auth *auth)
{
	sessions_expire(auth->sessions);
	return sessions_count(auth->sessions);
}

/* ---- who asks --------------------------------------------------------------------------------
 */

static void peer_of_address(struct http_request *req, char *peer, size_t bytes)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		req->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *address = info ? info->client_addr : NULL;
	char text[INET6_ADDRSTRLEN] = "unknown";

	if (address && address->sa_family == AF_INET)
		inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr,
			text, sizeof(text));
	else if (address && address->sa_family == AF_INET6)
		inet_ntop(AF_INET6,
			&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, text,
			sizeof(text));
	snprintf(peer, bytes, "%s", text);
}

static bool is_unix(const struct http_request *req)
{
	return req->http->listener.path[0] != 0;
}

static void peer_of(struct http_request *req, char *peer, size_t bytes)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		req->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct ucred ucred;
	socklen_t len = sizeof(ucred);

	if (!is_unix(req))
		peer_of_address(req, peer, bytes);
	else if (info && getsockopt(info->connect_fd, SOL_SOCKET, SO_PEERCRED, &ucred, &len) == 0)
		snprintf(peer, bytes, "uid%lu", (unsigned long)ucred.uid);
	else
		snprintf(peer, bytes, "unknown");
}

static bool is_tls(struct http_request *req)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		req->connection, MHD_CONNECTION_INFO_PROTOCOL);

	return info && info->protocol != 0;
}

static const char *header_of(struct http_request *req, const char *name)
{
	return MHD_lookup_connection_value(req->connection, MHD_HEADER_KIND, name);
}

/* A page that keeps itself up to date says so: its reads are no sign that somebody is at it. */
static bool is_unasked(struct http_request *req)
{
	return req->route && !req->route->is_write &&
	       (header_of(req, HEADER_UNASKED) || req->route->handle == events_get);
}

/* Its session, NULL none; *ret_has_token: one was shown, good or not. */
static struct session *session_of(struct http_request *req, struct auth *auth, bool *ret_has_token)
{
	static const char bearer[] = "Bearer ";
	const char *text = header_of(req, MHD_HTTP_HEADER_AUTHORIZATION);
	struct session *(*find)(struct sessions *, const char *) = is_unasked(req) ? session_peek
										   : session_find;
	struct session_view view;
	struct session *session;
	const char *cookie;

	*ret_has_token = true;
	if (text && strncasecmp(text, bearer, sizeof(bearer) - 1) == 0)
		return find(auth->sessions, text + sizeof(bearer) - 1);
	cookie = MHD_lookup_connection_value(
		req->connection, MHD_COOKIE_KIND, is_tls(req) ? COOKIE_TLS : COOKIE);
	*ret_has_token = cookie != NULL;
	session = cookie ? find(auth->sessions, cookie) : NULL;
	if (!session)
		return NULL;
	/* A token that was given to be a bearer's is no cookie: it would need no second proof. */
	session_view(session, &view);
	return view.is_cookie ? session : NULL;
}

/* An officer who was locked or removed has no sessions; his row is asked all the same. */
static void caller_set(struct http_request *req, struct auth *auth, struct session *session)
{
	struct http_caller *caller = &req->caller;
	struct officer officer;

	caller->officer_id = 0;
	caller->session = NULL;
	caller->who = WHO_ANYBODY | (is_unix(req) ? WHO_BOX : 0);
	snprintf(req->actor, sizeof(req->actor), "%s:%.40s", is_unix(req) ? "box" : "lan",
		caller->peer);
	if (!session || officer_load(auth->options.store, session_officer(session), &officer) ||
		officer.state != OFFICER_ACTIVE)
		return;
	caller->who |= 1u << officer.role;
	caller->officer_id = officer.id;
	caller->session = session;
	snprintf(req->actor, sizeof(req->actor), "officer:%s", officer.login);
}

/* A browser sends its cookie with whatever a foreign page makes it send. */
static bool needs_csrf(const struct http_request *req)
{
	struct session_view view;

	if (!req->caller.session || !req->route->is_write || req->route->who & WHO_ANYBODY)
		return false;
	session_view(req->caller.session, &view);
	return view.is_cookie;
}

/*
 * Whoever shows a token means to be that officer. Once it is good for nothing he is told so: what
 * the box says to whoever is at its socket would look to him like his own view, with gaps in it.
 * The ways in are for everybody, and what only the box's own keyboard may do nobody's session does.
 */
static bool takes_any_token(const struct http_route *route)
{
	return route->who & WHO_ANYBODY || route->who == WHO_BOX;
}

static void refuse_token(struct http_request *req)
{
	http_reply_header(req, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
	http_reply_fail(req, MHD_HTTP_UNAUTHORIZED, ERR_AUTH, SESSION_ENDED);
}

static void refuse(struct http_request *req)
{
	if (req->caller.session) {
		http_reply_fail(req, MHD_HTTP_FORBIDDEN, ERR_DENIED, NOT_FOR_ROLE);
		return;
	}
	http_reply_header(req, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer");
	http_reply_fail(req, MHD_HTTP_UNAUTHORIZED, ERR_AUTH, LOG_IN_FIRST);
}

void auth_check(struct http_request *req)
{
	struct auth *auth = req->http->options.auth;
	bool has_token = false;

	if (req->http->door != HTTP_DOOR_API) {
		req->caller.who = WHO_ANYBODY;
		snprintf(req->actor, sizeof(req->actor), "%s",
			req->http->door == HTTP_DOOR_WEBHOOK ? "zalo" : "gateway");
		return;
	}
	peer_of(req, req->caller.peer, sizeof(req->caller.peer));
	if (!auth || !auth_is_claimed(auth)) {
		req->caller.who = is_unix(req) ? WHO_EVERYTHING : WHO_ANYBODY;
		snprintf(req->actor, sizeof(req->actor), "%s:%.36s",
			is_unix(req) ? "officer" : "lan", req->caller.peer);
	} else {
		caller_set(req, auth, session_of(req, auth, &has_token));
	}
	if (req->status)
		return; /* no such path: that is no secret */
	if (has_token && !req->caller.session && !takes_any_token(req->route))
		refuse_token(req);
	else if (!(req->route->who & req->caller.who))
		refuse(req);
	else if (needs_csrf(req) && req->http->is_lan && !lan_is_our_page(req))
		http_reply_fail(req, MHD_HTTP_FORBIDDEN, ERR_DENIED, NO_ORIGIN);
	else if (needs_csrf(req) &&
		 !session_has_csrf(req->caller.session, header_of(req, HEADER_CSRF)))
		http_reply_fail(req, MHD_HTTP_FORBIDDEN, ERR_DENIED, NO_CSRF);
}

bool auth_recall(struct http_request *req, int64_t id)
{
	struct auth *auth = req->http->options.auth;

	if (!id)
		return !auth || !auth_is_claimed(auth);
	caller_set(req, auth, session_recall(auth->sessions, id));
	return req->caller.session && (req->route->who & req->caller.who);
}

struct auth *auth_of(struct http_request *req)
{
	struct auth *auth = req->http->options.auth;

	if (auth && auth_is_claimed(auth))
		return auth;
	http_reply_fail(req, MHD_HTTP_CONFLICT, ERR_STATE, NO_OFFICERS);
	return NULL;
}

/* ---- sessions of a request -------------------------------------------------------------------
 */

static void cookie_set(struct http_request *req, const char *token, const char *more)
{
	bool tls = is_tls(req);
	char value[192];

	snprintf(value, sizeof(value), "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s",
		tls ? COOKIE_TLS : COOKIE, token, tls ? "; Secure" : "", more);
	http_reply_header(req, MHD_HTTP_HEADER_SET_COOKIE, value);
	explicit_bzero(value, sizeof(value));
}

void auth_cookie_drop(struct http_request *req)
{
	cookie_set(req, "", "; Max-Age=0");
}

json_t *auth_session_json(const struct session *session, bool is_own)
{
	struct session_view view;

	session_view(session, &view);
	return json_pack("{s:I, s:s, s:s, s:b, s:I, s:I, s:I}", "id", (json_int_t)view.id, "peer",
		view.peer, "by", view.is_cookie ? "cookie" : "bearer", "is_own", (int)is_own,
		"age_s", (json_int_t)(view.age_ms / SECOND_MS), "idle_s",
		(json_int_t)(view.idle_ms / SECOND_MS), "left_s",
		(json_int_t)(view.left_ms / SECOND_MS));
}

struct place_codes {
	struct store *store;
	json_t *list;
};

static void place_add(void *arg, int64_t id)
{
	struct place_codes *codes = arg;
	struct place place;

	if (place_load(codes->store, id, &place) == ERR_OK)
		json_array_append_new(codes->list, json_string(place.code));
}

json_t *auth_officer_json(struct store *store, const struct officer *officer)
{
	struct place_codes codes = {.store = store, .list = json_array()};
	struct officer superior = {0};
	struct login login;

	if (officer_places(store, officer->id, place_add, &codes) ||
		login_load(store, officer->id, &login)) {
		json_decref(codes.list);
		return NULL;
	}
	if (officer->superior_id && officer_load(store, officer->superior_id, &superior))
		superior.login[0] = 0;
	return json_pack("{s:I, s:s, s:s, s:s, s:s, s:s?, s:b, s:b, s:b, s:o, s:o, s:o}", "id",
		(json_int_t)officer->id, "login", officer->login, "name", officer->name, "role",
		officer_role_text(officer->role), "state", officer_state_text(officer->state),
		"superior", superior.login[0] ? superior.login : NULL, "has_phone",
		(int)officer->has_phone, "is_ready", (int)(login.has_key && login.has_totp),
		"has_code", (int)login.has_code, "places", codes.list, "last_login",
		json_time(login.last_ms), "created", json_time(officer->created_ms));
}

enum err auth_begin(struct http_request *req, const struct officer *officer,
	const struct keypair *pair, bool is_cookie, const char *escrow)
{
	struct auth *auth = req->http->options.auth;
	char token[SESSION_TOKEN_BYTES];
	struct session *session;
	struct keypair *own;
	enum err err = keypair_copy(pair, &own);

	if (err)
		return err;
	err = session_begin(
		auth->sessions, officer->id, own, req->caller.peer, is_cookie, token, &session);
	if (err) {
		keypair_free(own);
		return err;
	}
	req->begun_session = session_id(session);
	http_reply_json(req, MHD_HTTP_OK,
		json_pack("{s:s?, s:s, s:o, s:o, s:s*}", "token", is_cookie ? NULL : token, "csrf",
			session_csrf(session), "session", auth_session_json(session, true),
			"officer", auth_officer_json(auth->options.store, officer), "escrow",
			escrow[0] ? escrow : NULL));
	if (is_cookie)
		cookie_set(req, token, "");
	explicit_bzero(token, sizeof(token));
	return ERR_OK;
}

void auth_unbegin(struct http_request *req)
{
	struct auth *auth = req->http->options.auth;

	if (auth && req->begun_session)
		sessions_end(auth->sessions, req->begun_session);
	req->begun_session = 0;
}

void auth_end_of(struct http_request *req, int64_t officer_id)
{
	struct auth *auth = req->http->options.auth;

	if (sessions_end_of(auth->sessions, officer_id) && req->caller.officer_id == officer_id)
		req->caller.session = NULL;
}

/* ---- the first start -------------------------------------------------------------------------
 */

enum err auth_setup_code(struct auth *auth, char ret_code[LOGIN_CODE_BYTES])
{
	if (auth_is_claimed(auth))
		return ERR_STATE;
	vault_random_code(auth->setup.code, LOGIN_CODE_BYTES - 1);
	auth->setup.ends_ms = clock_mono_ms(store_clock(auth->options.store)) + AUTH_SETUP_LIFE_MS;
	auth->setup.tries = 0;
	memcpy(ret_code, auth->setup.code, LOGIN_CODE_BYTES);
	return ERR_OK;
}

const char *auth_text(const json_t *body, const char *key, size_t max_bytes)
{
	const json_t *value = json_object_get(body, key);

	return json_is_string(value) && json_string_length(value) <= max_bytes
		       ? json_string_value(value)
		       : "";
}
