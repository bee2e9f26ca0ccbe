/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Coming in, going out, and what an officer does about himself. */
#include "daemon/http/auth_private.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/desk/keyring.h"
#include "store/event.h"

#include <string.h>

/* ---- coming in -------------------------------------------------------------------------------
 */

/* The code of the phone is compared whoever it is, with a secret of zeros for who has none. */
static bool totp_fits(struct auth_work *work, struct store *store, int64_t *ret_step)
{
	uint8_t secret[TOTP_SECRET_BYTES] = {0};
	struct login login = {0};
	bool fits = login_load(store, work->officer_id, &login) == ERR_OK && login.has_totp &&
		    login_totp(store, work->officer_id, secret) == ERR_OK;

	if (totp_check(secret, work->code, clock_wall_ms(store_clock(store)), login.totp_step,
		    ret_step))
		fits = false;
	explicit_bzero(secret, sizeof(secret));
	return fits;
}

/* May have been locked while his passphrase was tried. */
static bool is_active(struct auth_work *work, struct store *store, struct officer *ret_officer)
{
	return officer_load(store, work->officer_id, ret_officer) == ERR_OK &&
	       ret_officer->state == OFFICER_ACTIVE;
}

/* He may be the one who reads what the escrow wants the key of; a fault of that keeps nobody out.
 */
static void fill_escrow(struct auth_work *work, const struct officer *officer)
{
	const struct key_holder by = {.id = officer->id, .pair = work->pair};
	bool more;
	enum err err = keyring_fill(work->req->http->options.desk, &by, &more);

	if (err)
		log_warn("keyring", "officer=%lld err=%s", (long long)officer->id, err_name(err));
}

static enum err let_in(struct auth_work *work, const struct officer *officer, int64_t step)
{
	struct http_request *req = work->req;
	struct store *store = req->http->options.store;
	char subject[48], data[48];
	enum err err = login_used(store, officer->id, step);

	snprintf(req->actor, sizeof(req->actor), "officer:%s", officer->login);
	snprintf(subject, sizeof(subject), "officer/%lld", (long long)officer->id);
	snprintf(data, sizeof(data), "{\"refused\":%lld}", (long long)work->failures - 1);
	/* The costs of a passphrase have grown since he set it. */
	if (!err && work->fresh.len)
		err = login_set_key(store, officer->id, work->pair, work->rewrapped);
	if (!err)
		err = auth_forgive(req, officer->login);
	if (!err)
		err = event_add(store, "login", subject, req->actor, data);
	if (!err)
		fill_escrow(work, officer);
	return err ? err : auth_begin(req, officer, work->pair, work->is_cookie, "");
}

static void login_done(struct auth_work *work)
{
	struct http_request *req = work->req;
	struct store *store = req->http->options.store;
	struct officer officer;
	int64_t step = 0;
	bool has_totp = totp_fits(work, store, &step);
	bool is_he = !work->err && work->is_known && is_active(work, store, &officer);
	enum err err = work->err;

	if ((!err || err == ERR_WRONG_KEY) && (!has_totp || !is_he)) {
		auth_refuse(work);
		return;
	}
	if (!err)
		err = let_in(work, &officer, step);
	if (err) {
		auth_unbegin(req);
		http_reply_err(req, err, NULL);
		http_answer_end(req);
		return;
	}
	http_answer_commit(req);
}

/* Whose key is tried. Nobody's: somebody's with a bit turned, which costs as much and never opens.
 */
static enum err login_target(struct auth_work *work, struct store *store)
{
	struct officer officer;
	struct login login = {0};
	uint8_t hash[VAULT_HASH_BYTES];
	uint32_t pick;
	enum err err = officer_find(store, work->login, &officer);

	if (!err)
		err = login_load(store, officer.id, &login);
	if (err && err != ERR_NOT_FOUND)
		return err;
	work->has_wrapped = true;
	if (!err) {
		work->officer_id = officer.id;
		work->is_known = officer.state == OFFICER_ACTIVE && login.has_key;
	}
	if (!err && login.has_key) {
		memcpy(work->wrapped, login.wrapped, sizeof(work->wrapped));
		return ERR_OK;
	}
	/* The same one each time, or the one name would take longer today than yesterday. */
	vault_hash(store_vault(store), VAULT_HASH_CONTENT, work->login, strlen(work->login), hash);
	memcpy(&pick, hash, sizeof(pick));
	err = login_some(store, pick, work->wrapped);
	work->wrapped[sizeof(work->wrapped) - 1] ^= 1;
	return err == ERR_NOT_FOUND ? ERR_STATE : err;
}

static enum err login_take(struct auth_work *work, const json_t *body, struct errbuf *eb)
{
	const char *login = auth_text(body, "login", OFFICER_LOGIN_BYTES - 1);
	const char *passphrase = auth_text(body, "passphrase", AUTH_PASSPHRASE_MAX);
	const char *totp = auth_text(body, "totp", sizeof(work->code) - 1);
	const json_t *cookie = json_object_get(body, "cookie");

	if (!login[0] || !passphrase[0] || !totp[0] || (cookie && !json_is_boolean(cookie)) ||
		json_object_size(body) != (cookie ? 4 : 3))
		return errbuf_set(eb, ERR_INVALID,
			"the body must be {\"login\", \"passphrase\", \"totp\"} and may have "
			"\"cookie\": true");
	snprintf(work->login, sizeof(work->login), "%s", login);
	snprintf(work->code, sizeof(work->code), "%s", totp);
	work->is_cookie = json_is_true(cookie);
	return auth_passphrase(passphrase, &work->passphrase)
		       ? errbuf_set(eb, ERR_INVALID,
				 "the passphrase is no text of %d bytes at most",
				 AUTH_PASSPHRASE_MAX)
		       : ERR_OK;
}

/* With costs that are not today's it is wrapped anew while it is here. */
static enum err login_renew(struct auth_work *work)
{
	const struct keypair_cost *now = &work->auth->options.cost;
	struct keypair_cost cost;

	if (!work->is_known ||
		keypair_cost_of(work->wrapped, sizeof(work->wrapped), &cost) != ERR_OK ||
		(cost.passes == now->passes && cost.memory_kib == now->memory_kib))
		return ERR_OK;
	return buf_add(&work->fresh, work->passphrase.data, work->passphrase.len);
}

void login_post(struct http_request *req)
{
	struct auth *auth = auth_of(req);
	struct auth_work *work;
	struct errbuf eb = {0};
	json_t *body = NULL;
	enum err err;

	if (!auth)
		return;
	work = auth_work_new(req, login_done);
	err = work ? http_body_object(req, &body, &eb) : ERR_NOMEM;
	if (!err)
		err = login_take(work, body, &eb);
	http_body_wipe(body);
	if (!err && !auth_try(req, work->login, &work->failures)) {
		auth_work_free(work);
		return;
	}
	if (!err)
		err = login_target(work, req->http->options.store);
	if (!err)
		err = login_renew(work);
	if (!err)
		err = auth_work_queue(work);
	if (!err)
		return;
	auth_work_free(work);
	http_reply_err(req, err, &eb);
}

/* ---- going out -------------------------------------------------------------------------------
 */

static bool is_body_empty(struct http_request *req)
{
	struct errbuf eb = {0};
	enum err err = http_body_empty(req, &eb);

	if (err)
		http_reply_err(req, err, &eb);
	return !err;
}

static enum err note(struct http_request *req, const char *kind)
{
	char subject[48];

	snprintf(subject, sizeof(subject), "officer/%lld", (long long)req->caller.officer_id);
	return event_add(req->http->options.store, kind, subject, req->actor, "{}");
}

static void session_over(struct http_request *req, int64_t id)
{
	struct auth *auth = req->http->options.auth;

	if (req->caller.session && session_id(req->caller.session) == id)
		req->caller.session = NULL;
	sessions_end(auth->sessions, id);
}

void logout_post(struct http_request *req)
{
	struct session_view view;
	enum err err;

	if (!auth_of(req) || !is_body_empty(req))
		return;
	err = note(req, "logout");
	if (err) {
		http_reply_err(req, err, NULL);
		return;
	}
	session_view(req->caller.session, &view);
	session_over(req, view.id);
	if (view.is_cookie)
		auth_cookie_drop(req);
	http_reply_json(req, MHD_HTTP_OK, json_pack("{s:s}", "state", "logged_out"));
}

/* ---- himself ---------------------------------------------------------------------------------
 */

void me_get(struct http_request *req)
{
	struct store *store = req->http->options.store;
	struct officer officer;
	enum err err;

	if (!auth_of(req))
		return;
	err = officer_load(store, req->caller.officer_id, &officer);
	if (err) {
		http_reply_err(req, err, NULL);
		return;
	}
	http_reply_json(req, MHD_HTTP_OK,
		json_pack("{s:o, s:o, s:s}", "officer", auth_officer_json(store, &officer),
			"session", auth_session_json(req->caller.session, true), "csrf",
			session_csrf(req->caller.session)));
}

static enum err prove_take(
	struct auth_work *work, const json_t *body, bool has_new, struct errbuf *eb)
{
	const char *passphrase = auth_text(body, "passphrase", AUTH_PASSPHRASE_MAX);

	if (!passphrase[0] || json_object_size(body) != (has_new ? 2 : 1) ||
		auth_passphrase(passphrase, &work->passphrase))
		return errbuf_set(eb, ERR_INVALID,
			has_new ? ERR_WORD("the body must be {\"passphrase\", \"new\"}")
				: ERR_WORD("the body must be {\"passphrase\"}"));
	if (!has_new)
		return ERR_OK;
	if (auth_passphrase(auth_text(body, "new", AUTH_PASSPHRASE_MAX), &work->fresh))
		return errbuf_set(eb, ERR_INVALID, "\"new\" is missing or longer than %d bytes",
			AUTH_PASSPHRASE_MAX);
	return auth_passphrase_fit(&work->fresh, work->login, eb);
}

/* His own row; he is logged in, so he has a key. */
static enum err prove_target(struct auth_work *work, struct http_request *req)
{
	struct store *store = req->http->options.store;
	struct officer officer;
	struct login login;
	enum err err = officer_load(store, req->caller.officer_id, &officer);

	if (!err)
		err = login_load(store, officer.id, &login);
	if (err)
		return err;
	work->officer_id = officer.id;
	work->is_known = true;
	memcpy(work->login, officer.login, sizeof(work->login));
	work->has_wrapped = true;
	memcpy(work->wrapped, login.wrapped, sizeof(work->wrapped));
	return login.has_key ? ERR_OK : ERR_STATE;
}

void auth_prove(struct http_request *req, void (*done)(struct auth_work *work), bool has_new)
{
	struct auth_work *work = auth_of(req) ? auth_work_new(req, done) : NULL;
	struct errbuf eb = {0};
	json_t *body = NULL;
	enum err err;

	if (!work)
		return;
	err = prove_target(work, req);
	if (!err)
		err = http_body_object(req, &body, &eb);
	if (!err)
		err = prove_take(work, body, has_new, &eb);
	http_body_wipe(body);
	if (!err && !auth_try(req, work->login, &work->failures)) {
		auth_work_free(work);
		return;
	}
	if (!err)
		err = auth_work_queue(work);
	if (!err)
		return;
	auth_work_free(work);
	http_reply_err(req, err, &eb);
}

static void passphrase_done(struct auth_work *work)
{
	struct http_request *req = work->req;
	struct officer officer;
	enum err err = work->err;

	if (err == ERR_WRONG_KEY ||
		(!err && !is_active(work, req->http->options.store, &officer))) {
		auth_refuse(work);
		return;
	}
	if (!err)
		err = login_set_key(
			req->http->options.store, officer.id, work->pair, work->rewrapped);
	if (!err)
		err = auth_forgive(req, officer.login);
	if (!err)
		err = note(req, "officer.passphrase");
	if (err) {
		http_reply_err(req, err, NULL);
		http_answer_end(req);
		return;
	}
	auth_end_of(req, officer.id);
	http_reply_json(req, MHD_HTTP_OK, json_pack("{s:s}", "state", "changed"));
	http_answer_commit(req);
}

void me_passphrase_post(struct http_request *req)
{
	auth_prove(req, passphrase_done, true);
}

struct session_rows {
	json_t *list;
	const struct session *own;
};

static void session_add(void *arg, const struct session *session)
{
	struct session_rows *rows = arg;

	json_array_append_new(rows->list, auth_session_json(session, session == rows->own));
}

void me_sessions_get(struct http_request *req)
{
	struct auth *auth = auth_of(req);
	struct session_rows rows = {.own = req->caller.session};

	if (!auth)
		return;
	rows.list = json_array();
	sessions_list(auth->sessions, req->caller.officer_id, session_add, &rows);
	http_reply_json(req, MHD_HTTP_OK, json_pack("{s:o}", "sessions", rows.list));
}

struct wanted {
	int64_t id;
	bool is_his;
};

static void session_look(void *arg, const struct session *session)
{
	struct wanted *wanted = arg;

	wanted->is_his |= session_id(session) == wanted->id;
}

void me_session_end_post(struct http_request *req)
{
	struct auth *auth = auth_of(req);
	struct wanted wanted = {0};
	struct errbuf eb = {0};
	enum err err;

	if (!auth || !is_body_empty(req))
		return;
	err = str_to_int64(req->param, 1, INT64_MAX, &wanted.id);
	if (!err)
		sessions_list(auth->sessions, req->caller.officer_id, session_look, &wanted);
	if (!err && !wanted.is_his)
		err = errbuf_set(&eb, ERR_NOT_FOUND, "you have no such session");
	if (!err)
		err = note(req, "logout");
	if (err) {
		http_reply_err(req, err, &eb);
		return;
	}
	session_over(req, wanted.id);
	http_reply_json(req, MHD_HTTP_OK, json_pack("{s:s}", "state", "ended"));
}
