/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Consent without a public address (OA API, "Xác thực và ủy quyền cho Official Account"): an
 * administrator of the OA opens our address in his browser, consents, and brings back what its
 * address bar shows; the code in it is exchanged for a pair.
 *
 *   begin: verifier and state are made and remembered ─→ person ─→ code: state checked ─→ POST ─→
 *   pair validated ─→ committed ─→ used, and the person is told
 *
 * A code lives ten minutes and once. What is lost here costs a second look at the consent page,
 * never the chain that is in use: that is replaced only by a pair that is committed.
 */
#include "daemon/relay/zalo_private.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/relay/zalo_consent.h"
#include "store/event.h"

#include <inttypes.h>
#include <string.h>

#define LOGIN_MS (30 * MINUTE_MS) /* to find the password, and to come back from the browser */

static void login_forget(struct zalo *z)
{
	struct zalo_login *l = &z->login;

	l->until_ms = 0;
	explicit_bzero(z->auth.secrets->verifier, sizeof(z->auth.secrets->verifier));
	explicit_bzero(l->state, sizeof(l->state));
}

static void login_end(struct zalo *z, enum err err, const char *message)
{
	struct zalo_login *l = &z->login;
	zalo_login_fn done = l->done;
	struct errbuf eb = {0};

	l->done = NULL;
	l->is_saving = false;
	login_forget(z);
	if (err)
		log_warn("zalo", "login=failed error=%s why=\"%s\"", err_name(err), message);
	else
		log_info("zalo", "login=done");
	if (err)
		errbuf_say(&eb, err, message);
	if (done)
		done(l->done_arg, err, &eb);
	zalo_wake(z);
}

enum err zalo_login_begin(struct zalo *z, const char *actor, struct buf *ret_url, struct errbuf *eb)
{
	struct zalo_login *l = &z->login;
	char *verifier = z->auth.secrets->verifier;
	enum err err;

	if (!z->config->callback_url[0])
		return errbuf_set(eb, ERR_STATE,
			"set zalo.callback_url to the callback address registered at "
			"developers.zalo.me and restart binhyend; or take a token pair from Zalo's "
			"API Explorer: binhyenctl zalo set-token");
	if (!z->auth.secrets->app_secret[0])
		return errbuf_set(eb, ERR_STATE,
			"the secret file zalo.app_secret is missing: without it no code can be "
			"exchanged");
	if (l->done)
		return errbuf_set(eb, ERR_BUSY, "a code is being exchanged; try again in a minute");
	zalo_consent_verifier(verifier);
	zalo_consent_state(l->state);
	l->until_ms = zalo_mono(z) + LOGIN_MS;
	err = zalo_consent_url(&(struct zalo_consent_request){.oauth_url = z->config->oauth_url,
				       .app_id = z->config->app_id,
				       .callback_url = z->config->callback_url,
				       .verifier = verifier,
				       .state = l->state},
		ret_url);
	if (!err)
		err = event_add(z->store, "zalo.login", "", actor, "{}");
	return err ? errbuf_set(eb, err, "the address could not be made") : ERR_OK;
}

void zalo_login_saved(struct zalo *z, enum err committed)
{
	if (z->login.is_saving)
		login_end(z, committed,
			ERR_WORD("the token pair could not be saved: repeat the login"));
}

static void login_reply(struct zalo *z, const struct http_result *result)
{
	struct zalo_pair pair;
	CLEAN_JSON *root = NULL;
	enum zalo_grant grant = ZALO_GRANT_UNCLEAR;
	int64_t code = 0;
	char words[160];

	if (!zalo_json_load(result->body, result->body_bytes, &root))
		grant = zalo_grant_classify(result->status, root, &pair, &code);
	switch (grant) {
	case ZALO_GRANT_PAIR:
		if (zalo_auth_take(z, &pair))
			login_end(z, ERR_IO,
				ERR_WORD("the token pair could not be saved: repeat the login"));
		else
			z->login.is_saving = true;
		break;
	case ZALO_GRANT_CONSENT:
		login_end(z, ERR_CONSENT,
			ERR_WORD("Zalo does not know the code: it lives ten minutes and once; "
				 "repeat the login"));
		break;
	case ZALO_GRANT_FAULT:
		snprintf(words, sizeof(words),
			code == -14003 ? "Zalo says %" PRId64 ": zalo.callback_url is not the "
					 "registered callback"
				       : "Zalo says %" PRId64 ": check zalo.app_id and the secret "
					 "file zalo.app_secret",
			code);
		login_end(z, ERR_CONFIG, words);
		break;
	case ZALO_GRANT_UNCLEAR:
		login_end(z, ERR_PROTOCOL,
			ERR_WORD("Zalo's answer holds no token pair; repeat the login"));
		break;
	}
	zalo_json_wipe(root);
}

static void login_done(void *arg, const struct http_result *result)
{
	struct zalo *z = arg;

	z->login.transfer = NULL;
	if (result->is_cancelled)
		login_end(z, ERR_STATE, ERR_WORD("binhyend is ending; repeat the login later"));
	else if (result->err)
		login_end(z, result->err, result->reason);
	else
		login_reply(z, result);
}

static enum err consent_check(
	const struct zalo *z, const struct zalo_consent *consent, struct errbuf *eb)
{
	const struct zalo_login *l = &z->login;

	if (!l->until_ms || zalo_mono(z) >= l->until_ms)
		return errbuf_set(eb, ERR_STATE, "no login is under way: begin a new one");
	if (consent->state[0] && !str_eq(consent->state, l->state))
		return errbuf_set(eb, ERR_DENIED,
			"this address belongs to another login (state differs): use the last one "
			"that was shown");
	if (consent->oa_id[0] && !str_eq(consent->oa_id, z->config->oa_id))
		return errbuf_set(eb, ERR_DENIED,
			"consent was given for another Official Account than zalo.oa_id");
	return ERR_OK;
}

enum err zalo_login_code(
	struct zalo *z, const char *pasted, zalo_login_fn done, void *arg, struct errbuf *eb)
{
	struct zalo_login *l = &z->login;
	struct zalo_consent consent;
	enum err err;

	if (l->done || zalo_auth_is_busy(z))
		return errbuf_set(eb, ERR_BUSY, "a token is being renewed; try again in a minute");
	err = zalo_consent_parse(pasted, &consent, eb);
	if (!err)
		err = consent_check(z, &consent, eb);
	if (!err) {
		err = zalo_grant_post(z,
			(const struct zalo_field[]){{"grant_type", "authorization_code"},
				{"code", consent.code},
				{"code_verifier", z->auth.secrets->verifier}, {NULL, NULL}},
			login_done, &l->transfer);
		if (err)
			errbuf_set(eb, err, "the code could not be sent");
	}
	explicit_bzero(&consent, sizeof(consent));
	if (err)
		return err;
	l->done = done;
	l->done_arg = arg;
	return ERR_OK;
}

static void nobody(void *arg, enum err err, const struct errbuf *eb)
{
	(void)arg;
	(void)err;
	(void)eb;
}

void zalo_login_forget(struct zalo *z, const void *arg)
{
	if (z->login.done && z->login.done_arg == arg) {
		z->login.done = nobody;
		z->login.done_arg = NULL;
	}
}
