/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The officers as their chief keeps them. What is changed about somebody ends his sessions where it
 * changes what he may do. */
#include "daemon/http/auth_private.h"

#include "daemon/base/str.h"
#include "daemon/desk/officer.h"

#include <string.h>

static void officer_add_row(void *arg, const struct officer *officer)
{
	struct http_list *list = arg;

	http_list_add(list, officer->id, auth_officer_json(list->store, officer));
}

void officers_get(struct http_request *req)
{
	struct http_list list;

	if (http_list_begin(&list, req, "officers"))
		http_list_end(&list, officer_list(list.store, list.page.before, list.page.limit,
					     officer_add_row, &list));
}

void officer_get(struct http_request *req)
{
	struct store *store = req->http->options.store;
	struct officer officer;
	enum err err = officer_find(store, req->param, &officer);

	if (err)
		http_reply_err(req, err, NULL);
	else
		http_reply_json(req, MHD_HTTP_OK, auth_officer_json(store, &officer));
}

static enum err text_of(
	const json_t *body, const char *key, const char **ret_text, struct errbuf *eb)
{
	const json_t *value = json_object_get(body, key);

	if (!value)
		return ERR_OK;
	if (!json_is_string(value))
		return errbuf_set(eb, ERR_INVALID, "\"%s\" must be a text", key);
	*ret_text = json_string_value(value);
	return ERR_OK;
}

static enum err places_of(const json_t *body, struct desk_officer_in *in, struct errbuf *eb)
{
	const json_t *places = json_object_get(body, "places");
	const json_t *place;
	size_t i;

	in->place_count = places ? 0 : -1;
	if (!places)
		return ERR_OK;
	if (!json_is_array(places) || json_array_size(places) > DESK_OFFICER_PLACES_MAX)
		return errbuf_set(eb, ERR_INVALID, "\"places\" is a list of at most %d codes",
			DESK_OFFICER_PLACES_MAX);
	json_array_foreach (places, i, place) {
		if (!json_is_string(place))
			return errbuf_set(eb, ERR_INVALID, "\"places\" is a list of codes");
		in->places[in->place_count++] = json_string_value(place);
	}
	return ERR_OK;
}

/* Borrows from the body. */
static enum err take(const json_t *body, bool is_new, struct desk_officer_in *in, struct errbuf *eb)
{
	static const char *const keys[] = {"login", "name", "role", "phone", "superior", "places"};
	size_t known = 0;
	enum err err = ERR_OK;

	for (size_t i = is_new ? 0 : 1; i < ARRAY_LEN(keys); i++)
		known += json_object_get(body, keys[i]) != NULL;
	if (known != json_object_size(body) || !known)
		return errbuf_set(eb, ERR_INVALID,
			is_new ? ERR_WORD("the body may have login, name, role, phone, superior, "
					  "places and nothing else")
			       : ERR_WORD("the body may have name, role, phone, superior, places "
					  "and nothing else"));
	if (is_new)
		err = text_of(body, ERR_WORD("login"), &in->login, eb);
	if (!err)
		err = text_of(body, ERR_WORD("name"), &in->name, eb);
	if (!err)
		err = text_of(body, ERR_WORD("role"), &in->role, eb);
	if (!err)
		err = text_of(body, ERR_WORD("phone"), &in->phone, eb);
	if (!err)
		err = text_of(body, ERR_WORD("superior"), &in->superior, eb);
	return err ? err : places_of(body, in, eb);
}

void auth_reply_code(
	struct http_request *req, const struct officer *officer, char code[LOGIN_CODE_BYTES])
{
	http_reply_json(req, MHD_HTTP_OK,
		json_pack("{s:o, s:s, s:I}", "officer",
			auth_officer_json(req->http->options.store, officer), "code", code,
			"left_s", (json_int_t)(DESK_CODE_LIFE_MS / SECOND_MS)));
	explicit_bzero(code, LOGIN_CODE_BYTES);
}

void officers_post(struct http_request *req)
{
	struct desk_officer_in in = {.login = NULL};
	struct desk_actor actor = http_desk_actor(req);
	char code[LOGIN_CODE_BYTES];
	struct officer officer;
	struct errbuf eb = {0};
	json_t *body = NULL;
	enum err err;

	if (!auth_of(req))
		return;
	err = http_body_object(req, &body, &eb);
	if (!err)
		err = take(body, true, &in, &eb);
	if (!err)
		err = desk_officer_add(req->http->options.desk, &in, &actor, &officer, code, &eb);
	http_body_wipe(body);
	if (err)
		http_reply_err(req, err, &eb);
	else
		auth_reply_code(req, &officer, code);
}

/* A session knows its officer's role by his row: a new role needs no new login. */
void officer_post(struct http_request *req)
{
	struct desk_officer_in in = {.login = req->param};
	struct desk_actor actor = http_desk_actor(req);
	struct officer officer;
	struct errbuf eb = {0};
	json_t *body = NULL;
	enum err err;

	if (!auth_of(req))
		return;
	err = http_body_object(req, &body, &eb);
	if (!err)
		err = take(body, false, &in, &eb);
	if (!err)
		err = desk_officer_change(req->http->options.desk, &in, &actor, &officer, &eb);
	http_body_wipe(body);
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(
			req, MHD_HTTP_OK, auth_officer_json(req->http->options.store, &officer));
}

/* {"do": "lock"}: the one member of the body, into word. */
static enum err word_of(
	struct http_request *req, const char *key, char *word, size_t bytes, struct errbuf *eb)
{
	json_t *body = NULL;
	enum err err = http_body_object(req, &body, eb);

	if (!err && (json_object_size(body) != 1 ||
			    str_copy(word, bytes, auth_text(body, key, bytes - 1)) || !word[0]))
		err = errbuf_set(eb, ERR_INVALID, "the body must be {\"%s\": \"...\"}", key);
	json_decref(body);
	return err;
}

void officer_state_post(struct http_request *req)
{
	struct desk_actor actor = http_desk_actor(req);
	struct officer officer;
	struct errbuf eb = {0};
	char word[16];
	enum err err;

	if (!auth_of(req))
		return;
	err = word_of(req, "do", word, sizeof(word), &eb);
	if (!err)
		err = desk_officer_do(
			req->http->options.desk, req->param, word, &actor, &officer, &eb);
	if (err) {
		http_reply_err(req, err, &eb);
		return;
	}
	if (officer.state != OFFICER_ACTIVE)
		auth_end_of(req, officer.id);
	http_reply_json(req, MHD_HTTP_OK, auth_officer_json(req->http->options.store, &officer));
}

void officer_reset_post(struct http_request *req)
{
	struct desk_actor actor = http_desk_actor(req);
	char code[LOGIN_CODE_BYTES];
	struct officer officer;
	struct errbuf eb = {0};
	char word[16];
	enum err err;

	if (!auth_of(req))
		return;
	err = word_of(req, "what", word, sizeof(word), &eb);
	if (!err)
		err = desk_officer_reset(
			req->http->options.desk, req->param, word, &actor, &officer, code, &eb);
	if (err) {
		http_reply_err(req, err, &eb);
		return;
	}
	auth_end_of(req, officer.id);
	auth_reply_code(req, &officer, code);
}
