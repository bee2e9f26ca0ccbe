/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How somebody comes by a passphrase and a phone that shows codes. What he chose waits in memory
 * until a code of his phone has shown that the phone has its secret; only then anything is written:
 *
 *     POST setup    code of the console, name, passphrase   ──┐
 *     POST enrol    one-time code of the chief, passphrase  ──┼─→ enrolment, QR code
 *     POST me/totp  passphrase, from a session              ──┘        │
 *                                    POST enrol/confirm, code of the phone ─→ stored, logged in
 */
#include "daemon/http/auth_private.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/desk/escrow.h"
#include "daemon/desk/keyring.h"
#include "daemon/desk/officer.h"
#include "store/event.h"

#include <string.h>
#include <unistd.h>

#define NO_LOGINS  "this binhyend knows no officers"
#define IS_CLAIMED "the box has its officers already; binhyenctl login"
#define BAD_SETUP  "the code is wrong or no longer good; as root: binhyenctl setup-code"
#define ONLY_ROOT  "only root gets the code, at the box itself: sudo binhyenctl setup-code"
#define BAD_CONFIRM \
	"the code of the phone is wrong, or the QR code was made more than 10 minutes ago; is the " \
	"clock of phone and box right?"

/* ---- what is under way -----------------------------------------------------------------------
 */

static int64_t now_ms(struct auth *auth)
{
	return clock_mono_ms(store_clock(auth->options.store));
}

void enrolment_end(struct enrolment *enrolment)
{
	if (!enrolment)
		return;
	keypair_free(enrolment->pair);
	explicit_bzero(enrolment, sizeof(*enrolment));
}

void enrolments_expire(struct auth *auth)
{
	for (size_t i = 0; i < AUTH_ENROL_MAX; i++) {
		if (auth->enrolments[i].is_used && auth->enrolments[i].ends_ms <= now_ms(auth))
			enrolment_end(&auth->enrolments[i]);
	}
}

static void token_hash(const char *token, uint8_t ret_hash[VAULT_HASH_BYTES])
{
	vault_digest(&(struct vault_piece){token, strlen(token)}, 1, ret_hash);
}

struct enrolment *enrolment_new(
	struct auth *auth, enum enrol_kind kind, char ret_token[AUTH_TOKEN_BYTES])
{
	struct enrolment *enrolment = NULL;
	uint8_t random[(AUTH_TOKEN_BYTES - 1) / 2];

	enrolments_expire(auth);
	for (size_t i = 0; i < AUTH_ENROL_MAX && !enrolment; i++) {
		if (!auth->enrolments[i].is_used)
			enrolment = &auth->enrolments[i];
	}
	if (!enrolment)
		return NULL;
	*enrolment = (struct enrolment){
		.is_used = true, .kind = kind, .ends_ms = now_ms(auth) + AUTH_ENROL_LIFE_MS};
	totp_secret_new(enrolment->totp);
	vault_random(random, sizeof(random));
	str_hex(random, sizeof(random), ret_token);
	explicit_bzero(random, sizeof(random));
	token_hash(ret_token, enrolment->hash);
	return enrolment;
}

static struct enrolment *enrolment_find(struct auth *auth, const char *token)
{
	struct enrolment *found = NULL;
	uint8_t hash[VAULT_HASH_BYTES];

	enrolments_expire(auth);
	token_hash(token, hash);
	for (size_t i = 0; i < AUTH_ENROL_MAX; i++) {
		struct enrolment *enrolment = &auth->enrolments[i];

		if (enrolment->is_used && vault_is_same(hash, enrolment->hash, sizeof(hash)))
			found = enrolment;
	}
	return found;
}

json_t *enrolment_json(struct auth *auth, const struct enrolment *enrolment, const char *token)
{
	struct buf uri;
	json_t *object = NULL;

	buf_init(&uri, 512);
	if (totp_uri(enrolment->totp, enrolment->login, &uri) == ERR_OK)
		object = json_pack("{s:s, s:s, s:I}", "enrolment", token, "otpauth", buf_text(&uri),
			"left_s", (json_int_t)((enrolment->ends_ms - now_ms(auth)) / SECOND_MS));
	buf_wipe(&uri);
	return object;
}

/* The answer of the three that begin one; takes the pair over. */
static void reply_enrolment(struct auth_work *work, enum enrol_kind kind)
{
	struct http_request *req = work->req;
	char token[AUTH_TOKEN_BYTES];
	struct enrolment *enrolment = enrolment_new(work->auth, kind, token);

	if (!enrolment) {
		http_reply_err(req, ERR_BUSY, NULL);
		http_answer_end(req);
		return;
	}
	enrolment->officer_id = work->officer_id;
	memcpy(enrolment->login, work->login, sizeof(enrolment->login));
	memcpy(enrolment->name, work->name, sizeof(enrolment->name));
	memcpy(enrolment->wrapped, work->rewrapped, sizeof(enrolment->wrapped));
	enrolment->pair = work->pair;
	work->pair = NULL;
	http_reply_json(req, MHD_HTTP_OK, enrolment_json(work->auth, enrolment, token));
	explicit_bzero(token, sizeof(token));
	http_answer_commit(req);
}

/* ---- the first officer -----------------------------------------------------------------------
 */

/* NULL: the box has officers, and the refusal is in the answer. */
static struct auth *unclaimed(struct http_request *req)
{
	struct auth *auth = req->http->options.auth;
	struct errbuf eb = {0};

	if (!auth)
		http_reply_err(req, errbuf_set(&eb, ERR_UNSUPPORTED, NO_LOGINS), &eb);
	else if (auth_is_claimed(auth))
		http_reply_fail(req, MHD_HTTP_CONFLICT, ERR_STATE, IS_CLAIMED);
	else
		return auth;
	return NULL;
}

/* Root could read the memory of binhyend as well, and so could its own user. */
static bool is_at_the_box(const struct http_request *req)
{
	char own[48];

	snprintf(own, sizeof(own), "uid%lu", (unsigned long)geteuid());
	return str_eq(req->caller.peer, "uid0") || str_eq(req->caller.peer, own);
}

void setup_code_post(struct http_request *req)
{
	struct auth *auth = unclaimed(req);
	char code[LOGIN_CODE_BYTES];
	struct errbuf eb = {0};
	enum err err;

	if (!auth)
		return;
	if (!is_at_the_box(req)) {
		http_reply_fail(req, MHD_HTTP_FORBIDDEN, ERR_DENIED, ONLY_ROOT);
		return;
	}
	err = http_body_empty(req, &eb);
	if (!err)
		err = auth_setup_code(auth, code);
	if (err) {
		http_reply_err(req, err, &eb);
		return;
	}
	http_reply_json(req, MHD_HTTP_OK,
		json_pack("{s:s, s:I}", "code", code, "left_s",
			(json_int_t)(AUTH_SETUP_LIFE_MS / SECOND_MS)));
	explicit_bzero(code, sizeof(code));
}

static bool setup_code_fits(struct auth *auth, const char *typed)
{
	struct auth_setup *setup = &auth->setup;
	char code[LOGIN_CODE_BYTES] = {0};
	bool is_good = setup->code[0] && setup->ends_ms > now_ms(auth) &&
		       setup->tries < AUTH_SETUP_TRIES;
	bool fits;

	login_code_clean(typed, code);
	fits = vault_is_same(code, setup->code, sizeof(code)) && is_good;
	explicit_bzero(code, sizeof(code));
	if (!fits)
		setup->tries++;
	return fits;
}

static void setup_done(struct auth_work *work)
{
	if (work->err) {
		http_reply_err(work->req, work->err, NULL);
		http_answer_end(work->req);
		return;
	}
	reply_enrolment(work, ENROL_SETUP);
}

/* A new passphrase, in normal form and good enough. */
static enum err take_fresh(
	const json_t *body, const char *key, const char *login, struct buf *out, struct errbuf *eb)
{
	enum err err = auth_passphrase(auth_text(body, key, AUTH_PASSPHRASE_MAX), out);

	if (err)
		return errbuf_set(eb, ERR_INVALID, "\"%s\" is missing or longer than %d bytes", key,
			AUTH_PASSPHRASE_MAX);
	return auth_passphrase_fit(out, login, eb);
}

static enum err setup_take(struct auth_work *work, const json_t *body, struct errbuf *eb)
{
	const char *login = auth_text(body, "login", OFFICER_LOGIN_BYTES - 1);
	const char *name = auth_text(body, "name", OFFICER_NAME_BYTES - 1);

	if (json_object_size(body) != 4 || !officer_is_login(login) || !name[0])
		return errbuf_set(eb, ERR_INVALID,
			"the body must be {\"code\", \"login\", \"name\", \"passphrase\"}; a login "
			"name has 1 to 32 of a-z 0-9 . _ -");
	snprintf(work->login, sizeof(work->login), "%s", login);
	snprintf(work->name, sizeof(work->name), "%s", name);
	return take_fresh(body, ERR_WORD("passphrase"), login, &work->fresh, eb);
}

void setup_post(struct http_request *req)
{
	struct auth *auth = unclaimed(req);
	struct auth_work *work;
	struct errbuf eb = {0};
	json_t *body = NULL;
	enum err err;

	if (!auth)
		return;
	work = auth_work_new(req, setup_done);
	err = work ? http_body_object(req, &body, &eb) : ERR_NOMEM;
	if (!err)
		err = setup_take(work, body, &eb);
	if (!err && !setup_code_fits(auth, auth_text(body, "code", 64))) {
		http_reply_fail(req, MHD_HTTP_FORBIDDEN, ERR_DENIED, BAD_SETUP);
		goto done;
	}
	if (!err)
		err = auth_work_queue(work);
	if (!err)
		work = NULL;
	else
		http_reply_err(req, err, &eb);
done:
	http_body_wipe(body);
	auth_work_free(work);
}

/* ---- by a code of the chief ------------------------------------------------------------------
 */

static void enrol_done(struct auth_work *work)
{
	struct http_request *req = work->req;
	enum err err = login_code_check(req->http->options.store, work->officer_id, work->code);

	if (err == ERR_DENIED || work->err == ERR_WRONG_KEY || (!err && !work->is_known)) {
		auth_refuse(work);
		return;
	}
	if (!err)
		err = work->err;
	if (!err)
		err = auth_forgive(req, work->login);
	if (err) {
		http_reply_err(req, err, NULL);
		http_answer_end(req);
		return;
	}
	reply_enrolment(work, work->has_wrapped ? ENROL_TOTP : ENROL_KEY);
}

/* Whose it is; nobody's is tried in the same way. */
static enum err enrol_target(struct auth_work *work, struct store *store)
{
	struct officer officer;
	struct login login;
	enum err err = officer_find(store, work->login, &officer);

	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	err = login_load(store, officer.id, &login);
	if (err)
		return err;
	work->officer_id = officer.id;
	work->is_known = officer.state == OFFICER_ACTIVE && login.has_code;
	work->has_wrapped = login.has_key;
	memcpy(work->wrapped, login.wrapped, sizeof(work->wrapped));
	return ERR_OK;
}

static enum err enrol_take(struct auth_work *work, const json_t *body, struct errbuf *eb)
{
	const char *login = auth_text(body, "login", OFFICER_LOGIN_BYTES - 1);
	enum err err;

	if (json_object_size(body) != 3 || !login[0] || !json_object_get(body, "code"))
		return errbuf_set(
			eb, ERR_INVALID, "the body must be {\"login\", \"code\", \"passphrase\"}");
	snprintf(work->login, sizeof(work->login), "%s", login);
	snprintf(work->code, sizeof(work->code), "%s",
		auth_text(body, "code", sizeof(work->code) - 1));
	/* A passphrase that was good enough once still is: this tells nothing of who has one. */
	err = take_fresh(body, ERR_WORD("passphrase"), login, &work->passphrase, eb);
	return err ? err : buf_add(&work->fresh, work->passphrase.data, work->passphrase.len);
}

void enrol_post(struct http_request *req)
{
	struct auth *auth = auth_of(req);
	struct auth_work *work;
	struct errbuf eb = {0};
	json_t *body = NULL;
	enum err err;

	if (!auth)
		return;
	work = auth_work_new(req, enrol_done);
	err = work ? http_body_object(req, &body, &eb) : ERR_NOMEM;
	if (!err)
		err = enrol_take(work, body, &eb);
	http_body_wipe(body);
	if (!err && !auth_try(req, work->login, &work->failures)) {
		auth_work_free(work);
		return;
	}
	if (!err)
		err = enrol_target(work, req->http->options.store);
	if (!err && work->has_wrapped)
		buf_wipe(&work->fresh); /* it stays wrapped as it is */
	if (!err)
		err = auth_work_queue(work);
	if (!err)
		return;
	auth_work_free(work);
	http_reply_err(req, err, &eb);
}

/* ---- another phone, from a session -----------------------------------------------------------
 */

static void totp_done(struct auth_work *work)
{
	struct http_request *req = work->req;
	enum err err;

	if (work->err == ERR_WRONG_KEY) {
		auth_refuse(work);
		return;
	}
	err = work->err ? work->err : auth_forgive(req, work->login);
	if (err) {
		http_reply_err(req, err, NULL);
		http_answer_end(req);
		return;
	}
	reply_enrolment(work, ENROL_TOTP);
}

void me_totp_post(struct http_request *req)
{
	auth_prove(req, totp_done, false);
}

/* ---- the phone has shown its code ------------------------------------------------------------
 */

static enum err store_totp(
	struct http_request *req, struct enrolment *enrolment, int64_t officer_id, int64_t step)
{
	struct store *store = req->http->options.store;
	char subject[48];
	enum err err = login_set_totp(store, officer_id, enrolment->totp, step);

	snprintf(subject, sizeof(subject), "officer/%lld", (long long)officer_id);
	if (!err)
		err = login_code_drop(store, officer_id);
	if (!err)
		err = login_used(store, officer_id, step);
	if (!err)
		err = event_add(store, "officer.enrolled", subject, req->actor,
			enrolment->kind == ENROL_TOTP ? "{\"what\":\"totp\"}"
						      : "{\"what\":\"passphrase\"}");
	return err;
}

static enum err store_enrolment(struct http_request *req, struct enrolment *enrolment, int64_t step,
	struct officer *ret_officer, struct errbuf *eb)
{
	struct store *store = req->http->options.store;
	enum err err;

	if (enrolment->kind == ENROL_SETUP)
		err = desk_officer_claim(req->http->options.desk, enrolment->login, enrolment->name,
			req->actor, ret_officer, eb);
	else
		err = officer_load(store, enrolment->officer_id, ret_officer);
	if (!err && ret_officer->state != OFFICER_ACTIVE)
		err = errbuf_set(
			eb, ERR_DENIED, "this account is locked or was removed; ask a chief");
	if (!err)
		snprintf(req->actor, sizeof(req->actor), "officer:%s", ret_officer->login);
	if (!err && enrolment->kind != ENROL_TOTP)
		err = login_set_key(store, ret_officer->id, enrolment->pair, enrolment->wrapped);
	if (!err)
		err = store_totp(req, enrolment, ret_officer->id, step);
	return err;
}

/* The first officer is in: his answer is the only place where the escrow words are ever said. */
static enum err store_claim(struct http_request *req, const struct enrolment *enrolment,
	struct buf *words, struct errbuf *eb)
{
	enum err err;

	if (enrolment->kind != ENROL_SETUP)
		return ERR_OK;
	err = keyring_claim(req->http->options.desk, req->actor, words);
	return err ? errbuf_wrap(eb, errbuf_kind(eb, err), "the escrow could not be made") : ERR_OK;
}

static void confirm(struct http_request *req, struct auth *auth, const json_t *body)
{
	struct enrolment *enrolment = enrolment_find(
		auth, auth_text(body, "enrolment", AUTH_TOKEN_BYTES - 1));
	bool is_cookie = json_is_true(json_object_get(body, "cookie"));
	struct errbuf eb = {0};
	struct officer officer;
	struct buf words;
	int64_t step;
	enum err err = ERR_DENIED;

	buf_init(&words, ESCROW_TEXT_MAX);
	if (enrolment)
		err = totp_check(enrolment->totp, auth_text(body, "totp", TOTP_DIGITS),
			clock_wall_ms(store_clock(auth->options.store)), 0, &step);
	if (err == ERR_DENIED) {
		if (enrolment && ++enrolment->tries >= AUTH_ENROL_TRIES)
			enrolment_end(enrolment);
		http_reply_fail(req, MHD_HTTP_FORBIDDEN, err, BAD_CONFIRM);
		return;
	}
	if (!err)
		err = store_enrolment(req, enrolment, step, &officer, &eb);
	if (!err)
		err = store_claim(req, enrolment, &words, &eb);
	/* Whoever was in with the old passphrase or phone has to prove the new ones. */
	if (!err)
		auth_end_of(req, officer.id);
	if (!err)
		err = auth_begin(req, &officer, enrolment->pair, is_cookie, buf_text(&words));
	buf_wipe(&words);
	if (err)
		http_reply_err(req, err, &eb);
	if (!err || err == ERR_STATE)
		enrolment_end(enrolment);
	if (!err)
		explicit_bzero(&auth->setup, sizeof(auth->setup));
}

void enrol_confirm_post(struct http_request *req)
{
	struct auth *auth = req->http->options.auth;
	struct errbuf eb = {0};
	json_t *body = NULL;
	enum err err;

	if (!auth) {
		http_reply_err(req, errbuf_set(&eb, ERR_UNSUPPORTED, NO_LOGINS), &eb);
		return;
	}
	err = http_body_object(req, &body, &eb);
	if (!err && (!json_is_string(json_object_get(body, "enrolment")) ||
			    !json_is_string(json_object_get(body, "totp"))))
		err = errbuf_set(&eb, ERR_INVALID,
			"the body must be {\"enrolment\", \"totp\"} and may have \"cookie\": true");
	if (err)
		http_reply_err(req, err, &eb);
	else
		confirm(req, auth, body);
	http_body_wipe(body);
}
