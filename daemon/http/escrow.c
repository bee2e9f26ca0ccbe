/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words in the safe: drawn anew by a chief, and tried whether they are the right ones. */
#include "daemon/http/auth_private.h"

#include "daemon/desk/escrow.h"
#include "daemon/desk/keyring.h"
#include "store/escrow.h"
#include "store/event.h"

/* All of it or nothing: words that are shown must be those that count. */
static enum err renew(struct auth_work *work, struct buf *words, bool *ret_more)
{
	struct http_request *req = work->req;
	struct store *store = req->http->options.store;
	const struct key_holder by = {.id = work->officer_id, .pair = work->pair};
	enum err err = store_savepoint_begin(store);

	if (err)
		return err;
	err = keyring_renew(req->http->options.desk, req->actor, words);
	if (!err)
		err = keyring_fill(req->http->options.desk, &by, ret_more);
	if (!err)
		err = auth_forgive(req, work->login);
	if (!err)
		return store_savepoint_release(store);
	store_savepoint_rollback(store);
	return err;
}

static bool is_chief(struct auth_work *work)
{
	struct officer officer;

	return officer_load(work->req->http->options.store, work->officer_id, &officer) == ERR_OK &&
	       officer.state == OFFICER_ACTIVE && officer.role == OFFICER_CHIEF;
}

static void renew_done(struct auth_work *work)
{
	struct http_request *req = work->req;
	bool more = false;
	struct buf words;
	enum err err = work->err;

	if (err == ERR_WRONG_KEY || (!err && !is_chief(work))) {
		auth_refuse(work);
		return;
	}
	buf_init(&words, ESCROW_TEXT_MAX);
	if (!err)
		err = renew(work, &words, &more);
	if (!err)
		http_reply_json(req, MHD_HTTP_OK,
			json_pack("{s:s, s:b}", "words", buf_text(&words), "more", (int)more));
	buf_wipe(&words);
	if (err) {
		http_reply_err(req, err, NULL);
		http_answer_end(req);
		return;
	}
	http_answer_commit(req);
}

void escrow_post(struct http_request *req)
{
	auth_prove(req, renew_done, false);
}

void escrow_fill_post(struct http_request *req)
{
	struct reader reader = http_reader(req);
	struct key_holder by = reader_holder(&reader);
	struct errbuf eb = {0};
	bool more = false;
	enum err err = http_body_empty(req, &eb);

	if (!err && !by.pair)
		err = errbuf_set(&eb, ERR_STATE, "the box has no officers yet, and so no escrow");
	if (!err)
		err = keyring_fill(req->http->options.desk, &by, &more);
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK, json_pack("{s:b}", "more", (int)more));
}

static enum err check(struct http_request *req, const char *typed, struct errbuf *eb)
{
	struct store *store = req->http->options.store;
	uint8_t escrow[KEYPAIR_PUBLIC_BYTES];
	struct keypair *pair = NULL;
	int wrong;
	enum err err = escrow_public(store, escrow);

	if (err == ERR_NOT_FOUND)
		return errbuf_set(
			eb, ERR_STATE, "the box has no officers yet, and so no escrow words");
	if (!err)
		err = escrow_read(typed, &pair, &wrong, eb);
	if (!err && !vault_is_same(keypair_public(pair), escrow, sizeof(escrow)))
		err = errbuf_set(eb, ERR_DENIED,
			"these are words of another box, or of before they were drawn anew");
	keypair_free(pair);
	if (!err)
		err = escrow_set_checked(store);
	return err ? err : event_add(store, "escrow.checked", "", req->actor, "{}");
}

void escrow_check_post(struct http_request *req)
{
	struct errbuf eb = {0};
	json_t *body = NULL;
	enum err err = http_body_object(req, &body, &eb);

	if (!err && (json_object_size(body) != 1 || !auth_text(body, "words", ESCROW_TYPED_MAX)[0]))
		err = errbuf_set(&eb, ERR_INVALID, "the body must be {\"words\": \"...\"}");
	if (!err)
		err = check(req, auth_text(body, "words", ESCROW_TYPED_MAX), &eb);
	http_body_wipe(body);
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK, json_pack("{s:s}", "state", "checked"));
}
