/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys of reports handed round: an officer is admitted to old ones, a place changes hands. */
#include "daemon/http/resources.h"

#include "daemon/base/str.h"
#include "daemon/desk/escrow.h"
#include "daemon/desk/keyring.h"
#include "store/escrow.h"
#include "store/place.h"

#include <string.h>

#define NO_KEY "nobody is logged in who could read reports; log in, or give the escrow words"

static enum err officer_named(
	struct store *store, const char *login, struct officer *ret_officer, struct errbuf *eb)
{
	enum err err = officer_find(store, login, ret_officer);

	return err == ERR_NOT_FOUND ? errbuf_set(eb, err, "there is no officer %.32s", login) : err;
}

/* {"words": "...", "after": id}: both may be missing. */
static enum err admission_of_body(struct http_request *req, const json_t *body,
	struct keypair **ret_escrow, int64_t *ret_after, struct errbuf *eb)
{
	const json_t *words = json_object_get(body, "words"),
		     *after = json_object_get(body, "after");
	struct reader reader = http_reader(req);
	bool is_known = false;
	int wrong;
	enum err err;

	if (json_object_size(body) != (size_t) !!words + (size_t) !!after ||
		(words && !json_is_string(words)) || (after && !json_is_integer(after)))
		return errbuf_set(eb, ERR_INVALID,
			"the body may have {\"words\": \"...\", \"after\": id} and nothing else");
	*ret_after = reading_unmask(
		req->http->options.desk, &reader, READING_REPORT, json_integer_value(after));
	if (!words)
		return ERR_OK;
	err = escrow_read(json_string_value(words), ret_escrow, &wrong, eb);
	if (!err)
		err = escrow_is_known(
			req->http->options.store, keypair_public(*ret_escrow), &is_known);
	if (!err && !is_known)
		err = errbuf_set(eb, ERR_DENIED, "these are the words of another box");
	return err == ERR_NOT_FOUND
		       ? errbuf_set(eb, ERR_STATE, "this box has no escrow: it has no officers yet")
		       : err;
}

static enum err admit(struct http_request *req, const json_t *body, struct officer *officer,
	struct keyring_batch *ret_batch, struct errbuf *eb)
{
	struct reader reader = http_reader(req);
	struct key_holder by = reader_holder(&reader);
	struct keypair *escrow = NULL;
	int64_t after = 0;
	enum err err = officer_named(req->http->options.store, req->param, officer, eb);

	if (!err)
		err = admission_of_body(req, body, &escrow, &after, eb);
	if (!err && escrow)
		by = (struct key_holder){.id = KEY_HOLDER_ESCROW, .pair = escrow};
	if (!err && !by.pair)
		err = errbuf_set(eb, ERR_DENIED, NO_KEY);
	if (!err && !officer->has_key)
		err = errbuf_set(
			eb, ERR_STATE, "%s has not set his passphrase yet", officer->login);
	if (!err)
		err = keyring_admit(req->http->options.desk,
			&(struct keyring_admission){
				officer->id, req->caller.officer_id, &by, after, req->actor},
			ret_batch);
	keypair_free(escrow);
	return err;
}

void officer_admission_post(struct http_request *req)
{
	struct keyring_batch batch = {0};
	struct errbuf eb = {0};
	struct officer officer;
	json_t *body = NULL;
	enum err err = http_body_object(req, &body, &eb);

	if (!err)
		err = admit(req, body, &officer, &batch, &eb);
	http_body_wipe(body);
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK,
			json_pack("{s:s, s:I, s:o}", "officer", officer.login, "shared",
				(json_int_t)batch.shared, "next",
				batch.next_id ? json_id(req, READING_REPORT, batch.next_id)
					      : json_null()));
}

static void name_add(void *arg, const struct report *report)
{
	json_array_append_new(arg, json_report_named(report));
}

static enum err handover_of_body(struct http_request *req, const json_t *body,
	struct keyring_handover *handover, struct errbuf *eb)
{
	const json_t *from = json_object_get(body, "from"), *to = json_object_get(body, "to");
	struct store *store = req->http->options.store;
	struct officer officer;
	struct place place;
	enum err err;

	if (!json_is_string(from) || !json_is_string(to) || json_object_size(body) != 2)
		return errbuf_set(eb, ERR_INVALID,
			"the body must be {\"from\": \"login\", \"to\": \"login\"}");
	err = place_find_open(store, req->param, &place);
	if (err == ERR_NOT_FOUND)
		return errbuf_set(eb, err, "there is no place %s", req->param);
	handover->place_id = err ? 0 : place.id;
	if (!err)
		err = officer_named(store, json_string_value(from), &officer, eb);
	handover->from_id = err ? 0 : officer.id;
	if (!err)
		err = officer_named(store, json_string_value(to), &officer, eb);
	handover->to_id = err ? 0 : officer.id;
	return err;
}

void place_handover_post(struct http_request *req)
{
	struct reader reader = http_reader(req);
	struct key_holder by = reader_holder(&reader);
	json_t *reports = json_array(), *body = NULL;
	struct keyring_handover handover = {
		.by = &by, .actor = req->actor, .fn = name_add, .arg = reports};
	struct errbuf eb = {0};
	int64_t open = 0;
	enum err err = reports ? http_body_object(req, &body, &eb) : ERR_NOMEM;

	if (!err)
		err = handover_of_body(req, body, &handover, &eb);
	if (!err)
		err = keyring_hand_over(req->http->options.desk, &handover, &open, &eb);
	json_decref(body);
	if (err) {
		json_decref(reports);
		http_reply_err(req, err, &eb);
		return;
	}
	http_reply_json(
		req, MHD_HTTP_OK, json_pack("{s:s, s:o}", "place", req->param, "open", reports));
}
