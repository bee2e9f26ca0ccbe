/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The people of one place, one page at a time (desk/resident_list.h), and what may be done about
 * one of them. */
#include "daemon/http/resources.h"

#include "daemon/base/str.h"
#include "daemon/desk/resident_list.h"
#include "daemon/desk/reading.h"

#include <string.h>

static json_t *row_json(struct http_request *req, const struct resident_row *row)
{
	return json_pack("{s:o, s:o, s:o, s:s, s:o, s:b, s:s}", "id",
		json_id(req, READING_RESIDENT, row->id), "name", json_text(row->name), "household",
		json_text(row->household), "role", row->role, "phone",
		json_sprintf("…%s", row->tail), "on_zalo", (int)row->on_zalo, "consent",
		row->consent);
}

/* ---- the list ---------------------------------------------------------------------------------
 */

struct page {
	struct http_request *req;
	json_t *rows;
	int64_t last_id;
};

static void row_add(void *arg, const struct resident_row *row)
{
	struct page *page = arg;

	json_array_append_new(page->rows, row_json(page->req, row));
	page->last_id = row->id;
}

static enum err after_of(
	struct http_request *req, const json_t *body, int64_t *ret_after_id, struct errbuf *eb)
{
	const json_t *after = json_object_get(body, "after");
	struct reader reader = http_reader(req);

	if (json_object_size(body) > (after ? 1 : 0) ||
		(after && (!json_is_integer(after) || json_integer_value(after) < 0)))
		return errbuf_set(eb, ERR_INVALID,
			"the body must be {} or {\"after\": the last id of the page before}");
	*ret_after_id = after && json_integer_value(after)
				? reading_unmask(req->http->options.desk, &reader, READING_RESIDENT,
					  json_integer_value(after))
				: 0;
	return ERR_OK;
}

static void reply_page(struct http_request *req, const struct place *place, struct page *page)
{
	bool is_full = json_array_size(page->rows) == RESIDENT_PAGE_MAX;
	int64_t residents = 0, on_zalo = 0;
	enum err err = place_counts(req->http->options.store, place->id, &residents, &on_zalo);

	if (err)
		http_reply_err(req, err, NULL);
	else
		http_reply_json(req, MHD_HTTP_OK,
			json_pack("{s:s, s:O, s:o, s:I}", "place", place->code, "residents",
				page->rows, "next_after",
				is_full ? json_id(req, READING_RESIDENT, page->last_id)
					: json_null(),
				"total", (json_int_t)residents));
}

void place_residents_post(struct http_request *req)
{
	struct page page = {.req = req, .rows = json_array()};
	struct desk *desk = req->http->options.desk;
	struct desk_actor actor = http_desk_actor(req);
	struct place place = {0};
	struct errbuf eb = {0};
	json_t *body = NULL;
	int64_t after_id = 0;
	enum err err = page.rows ? http_body_object(req, &body, &eb) : ERR_NOMEM;

	if (!err)
		err = after_of(req, body, &after_id, &eb);
	if (!err)
		err = desk_residents_place(desk, req->param, &actor, &place, &eb);
	if (!err)
		err = desk_residents_look(desk, &place, after_id, &actor, row_add, &page);
	json_decref(body);
	if (err)
		http_reply_err(req, err, &eb);
	else
		reply_page(req, &place, &page);
	json_decref(page.rows);
}

/* ---- one of them ------------------------------------------------------------------------------
 */

/* What each act needs: who, on which list, and the texts of the body. */
struct act {
	struct desk_actor actor;
	struct place place;
	struct resident_at at;
	json_t *body; /* owned; wiped */
	struct errbuf eb;
};

static const char *text_of(const struct act *act, const char *key)
{
	return json_string_value(json_object_get(act->body, key));
}

/* The body has these texts and no other member. */
static enum err check_keys(struct act *act, const char *const *keys)
{
	const char *key;
	json_t *value;

	json_object_foreach (act->body, key, value) {
		bool is_known = str_eq(key, "place");

		for (const char *const *k = keys; *k; k++)
			is_known = is_known || str_eq(*k, key);
		if (!is_known || !json_is_string(value))
			return errbuf_set(&act->eb, ERR_INVALID,
				"the body takes texts under place and what the act needs");
	}
	return ERR_OK;
}

static enum err act_begin(struct http_request *req, struct act *act, const char *const *keys)
{
	struct reader reader = http_reader(req);
	int64_t id = 0;
	enum err err = http_body_object(req, &act->body, &act->eb);

	act->actor = http_desk_actor(req);
	if (!err)
		err = check_keys(act, keys);
	if (!err && str_to_int64(req->param, 1, INT64_MAX, &id))
		err = errbuf_set(&act->eb, ERR_INVALID, "he is named by his id in the list");
	if (!err && !text_of(act, "place"))
		err = errbuf_set(&act->eb, ERR_INVALID, "place: the code of the list he is on");
	if (!err)
		err = desk_residents_place(req->http->options.desk, text_of(act, "place"),
			&act->actor, &act->place, &act->eb);
	act->at = (struct resident_at){.place = &act->place,
		.id = err ? 0
			  : reading_unmask(req->http->options.desk, &reader, READING_RESIDENT, id)};
	return err;
}

static void act_end(struct http_request *req, struct act *act, enum err err, json_t *answer)
{
	http_body_wipe(act->body);
	if (!err) {
		http_reply_json(req, MHD_HTTP_OK, answer);
		return;
	}
	json_decref(answer);
	http_reply_err(req, err, &act->eb);
}

void resident_change_post(struct http_request *req)
{
	static const char *const keys[] = {"name", "role", "household", NULL};
	struct http_options *options = &req->http->options;
	struct act act = {.body = NULL};
	struct resident_row row = {0};
	enum err err = act_begin(req, &act, keys);

	if (!err)
		err = desk_resident_edit(options->desk, &act.at,
			&(struct resident_edit){.name = text_of(&act, "name"),
				.role = text_of(&act, "role"),
				.household = text_of(&act, "household")},
			&act.actor, &act.eb);
	if (!err)
		err = resident_row_load(options->store, act.place.id, act.at.id, &row);
	act_end(req, &act, err, err ? NULL : json_pack("{s:o}", "resident", row_json(req, &row)));
	explicit_bzero(&row, sizeof(row));
}

void resident_leave_post(struct http_request *req)
{
	static const char *const keys[] = {"why", NULL};
	struct act act = {.body = NULL};
	bool is_forgotten = false;
	enum err err = act_begin(req, &act, keys);

	if (!err)
		err = desk_resident_leave(req->http->options.desk, &act.at,
			text_of(&act, "why") ? text_of(&act, "why") : "", &act.actor, &is_forgotten,
			&act.eb);
	act_end(req, &act, err, err ? NULL : json_pack("{s:b}", "is_forgotten", (int)is_forgotten));
}

void resident_phone_post(struct http_request *req)
{
	static const char *const keys[] = {"reason", NULL};
	struct act act = {.body = NULL};
	char phone[MSISDN_BYTES] = "";
	enum err err = act_begin(req, &act, keys);

	if (!err)
		err = desk_resident_phone(req->http->options.desk, &act.at,
			text_of(&act, "reason") ? text_of(&act, "reason") : "", &act.actor, phone,
			&act.eb);
	act_end(req, &act, err, err ? NULL : json_pack("{s:s}", "phone", phone));
	explicit_bzero(phone, sizeof(phone));
}

/* ---- who had numbers shown --------------------------------------------------------------------
 */

static void shown_add(void *arg, const struct resident_shown *shown)
{
	struct http_list *list = arg;
	struct place place = {.code = ""};

	if (place_load(list->store, shown->place_id, &place))
		place.code[0] = 0;
	http_list_add(list, shown->id,
		json_pack("{s:I, s:s, s:s, s:o, s:o}", "id", (json_int_t)shown->id, "place",
			place.code, "by", shown->actor, "at", json_time(shown->at_ms), "reason",
			shown->is_forgotten ? json_null() : json_text(shown->reason)));
}

void resident_reveals_get(struct http_request *req)
{
	struct http_list list;

	if (http_list_begin(&list, req, "reveals"))
		http_list_end(&list, resident_shown_list(list.store, list.page.before,
					     list.page.limit, shown_add, &list));
}
