/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When no chief can log in any more, whoever brings the words from the safe of the commune to the
 * box may give one of them a new passphrase and phone. The words of the escrow prove it: they could
 * open every report anyway.
 */
#include "daemon/http/auth_private.h"

#include "daemon/desk/escrow.h"
#include "daemon/desk/officer.h"
#include "store/escrow.h"
#include "store/vault.h"

#include <string.h>

#define OTHER_WORDS "these are the words of another box"

/* ERR_DENIED: words, but not of this box; ERR_STATE: it has no escrow. */
static enum err check_words(struct store *store, const char *typed, struct errbuf *eb)
{
	uint8_t escrow[KEYPAIR_PUBLIC_BYTES];
	struct keypair *pair = NULL;
	int wrong;
	enum err err = escrow_public(store, escrow);

	if (err == ERR_NOT_FOUND)
		return errbuf_set(eb, ERR_STATE, "this box has no escrow words");
	if (!err)
		err = escrow_read(typed, &pair, &wrong, eb);
	if (!err && !vault_is_same(keypair_public(pair), escrow, sizeof(escrow)))
		err = ERR_DENIED;
	keypair_free(pair);
	return err;
}

static enum err check_chief(struct http_request *req, struct errbuf *eb)
{
	struct officer officer;
	enum err err = officer_find(req->http->options.store, req->param, &officer);

	if (!err && officer.role != OFFICER_CHIEF)
		return errbuf_set(eb, ERR_STATE,
			"only a chief is brought back by the words; he resets the others");
	return err;
}

void officer_recover_post(struct http_request *req)
{
	const struct desk_actor actor = {.officer_id = 0, .name = "escrow"};
	char code[LOGIN_CODE_BYTES];
	struct officer officer;
	struct errbuf eb = {0};
	json_t *body = NULL;
	enum err err;

	if (!auth_of(req))
		return;
	err = http_body_object(req, &body, &eb);
	if (!err && (json_object_size(body) != 1 || !auth_text(body, "words", ESCROW_TYPED_MAX)[0]))
		err = errbuf_set(&eb, ERR_INVALID, "the body must be {\"words\": \"...\"}");
	if (!err)
		err = check_words(
			req->http->options.store, auth_text(body, "words", ESCROW_TYPED_MAX), &eb);
	http_body_wipe(body);
	if (err == ERR_DENIED) {
		http_reply_fail(req, MHD_HTTP_FORBIDDEN, err, OTHER_WORDS);
		return;
	}
	if (!err)
		err = check_chief(req, &eb);
	if (!err)
		err = desk_officer_reset(req->http->options.desk, req->param, "passphrase", &actor,
			&officer, code, &eb);
	if (err) {
		http_reply_err(req, err, &eb);
		return;
	}
	auth_end_of(req, officer.id);
	auth_reply_code(req, &officer, code);
}
