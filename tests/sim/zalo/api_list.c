/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lists of messages. One row per message, newest first, both directions, all users mixed; an
 * offset counts from the newest row, so pages shift when something arrives between two calls.
 * One-to-one lists take their parameters as JSON in `data`, group lists as ordinary ones.
 */
#include "tests/sim/zalo/api.h"

#include "daemon/base/str.h"

#include <string.h>

#define SHORT_ROWS  120			  /* with the option is_short */
#define FILLER_USER "9007199254740993777" /* writes when a test wants pages to shift */

struct page {
	int64_t offset;
	int64_t count;
	char of[WORLD_ID_BYTES]; /* user or group, "" = all */
	bool is_group;
};

static int page_check(const struct page *page)
{
	if (page->count > API_COUNT_MAX)
		return -210;
	return page->offset < 0 || page->offset > INT32_MAX || page->count < 1 ? -201 : 0;
}

static int page_from_data(const struct call *call, bool has_user, struct page *page)
{
	const char *data = call_query(call, "data");
	json_int_t offset = 0, count = API_COUNT_MAX;
	json_t *json = data ? json_loads(data, 0, NULL) : NULL;
	int error = 0;

	if (json_unpack(json, "{s?I, s?I}", "offset", &offset, "count", &count) ||
		(has_user && !api_id(json_object_get(json, "user_id"), page->of)))
		error = -201;
	json_decref(json);
	page->offset = offset;
	page->count = count;
	return error ? error : page_check(page);
}

static int page_from_query(const struct call *call, bool has_group, struct page *page)
{
	const char *group = call_query(call, "group_id");

	page->is_group = true;
	page->offset = call_query_number(call, "offset", 0);
	page->count = call_query_number(call, "count", 5);
	if (has_group && (!group || !group[0] || str_copy(page->of, sizeof(page->of), group)))
		return -201;
	return page_check(page);
}

static json_t *row_json(struct world *world, const struct world_message *m)
{
	const struct world_user *user = world_user(world, m->user);
	const char *name = user ? user->name : "";
	json_t *oa = json_string(world->options.oa_id);
	json_t *row, *from;

	if (m->group[0]) {
		from = m->is_from_oa ? json_incref(oa) : api_user_id(world, m->user);
		row = json_pack("{s:i, s:I, s:s, s:s, s:o, s:s, s:s, s:s}", "src",
			m->is_from_oa ? 0 : 1, "time", (json_int_t)m->time_ms, "type", m->type,
			"message_id", m->id, "from_id", from, "from_display_name",
			m->is_from_oa ? "OA" : name, "from_avatar", "", "group_id", m->group);
	} else {
		from = api_user_id(world, m->user);
		row = json_pack("{s:i, s:I, s:s, s:s, s:O, s:O, s:s, s:s, s:s, s:s}", "src",
			m->is_from_oa ? 0 : 1, "time", (json_int_t)m->time_ms, "type", m->type,
			"message_id", m->id, "from_id", m->is_from_oa ? oa : from, "to_id",
			m->is_from_oa ? from : oa, "from_display_name", m->is_from_oa ? "OA" : name,
			"to_display_name", m->is_from_oa ? name : "OA", "from_avatar", "",
			"to_avatar", "");
		json_decref(from);
	}
	json_decref(oa);
	MUST_HAVE(row);
	CHECK(json_object_update(row, m->content) == 0);
	/* Only events tell what a message answers. */
	json_object_del(row, "quote_msg_id");
	json_object_del(row, "sim_file");
	return row;
}

static bool is_listed(
	const struct world *world, const struct world_message *m, const struct page *page)
{
	const char *of = page->is_group ? m->group : m->user;

	return (m->group[0] != '\0') == page->is_group && (!page->of[0] || str_eq(of, page->of)) &&
	       m->time_ms > world_now_ms(world) - world->options.retention_ms;
}

/* The order across conversations is not guaranteed: every other pair of rows of two users is
 * handed out the wrong way round. Pairs are counted from the oldest, so a row keeps its place. */
static void jumble(const struct world_message **listed, size_t count)
{
	for (size_t i = 0; i + 1 < count; i += 2) {
		const struct world_message *first = listed[i];

		if (!str_eq(first->user, listed[i + 1]->user)) {
			listed[i] = listed[i + 1];
			listed[i + 1] = first;
		}
	}
}

static void list(struct world *world, const struct page *page, struct reply *reply)
{
	const struct world_message **listed = calloc(world->message_count + 1, sizeof(void *));
	json_t *rows = json_array();
	size_t count = 0;

	MUST_HAVE(listed);
	for (size_t i = 0; i < world->message_count; i++) {
		if (is_listed(world, world->messages[i], page))
			listed[count++] = world->messages[i];
	}
	if (world->options.is_jumbled)
		jumble(listed, count);
	if (world->options.is_short && count > SHORT_ROWS) {
		memmove(listed, listed + count - SHORT_ROWS, SHORT_ROWS * sizeof(void *));
		count = SHORT_ROWS;
	}
	for (int64_t i = page->offset; i < page->offset + page->count && i < (int64_t)count; i++)
		json_array_append_new(rows, row_json(world, listed[count - 1 - (size_t)i]));
	free(listed);
	api_answer(reply, rows);
	if (world->shift_count > 0 && !page->is_group) {
		world->shift_count--;
		world_post(world, &(struct world_post){.user = FILLER_USER, .text = "tin xen vào"});
	}
}

void api_list_recent(struct world *world, const struct call *call, struct reply *reply)
{
	struct page page = {0};
	int error = page_from_data(call, false, &page);

	if (error)
		api_fail(reply, error);
	else
		list(world, &page, reply);
}

void api_conversation(struct world *world, const struct call *call, struct reply *reply)
{
	struct page page = {0};
	int error = page_from_data(call, true, &page);

	if (error)
		api_fail(reply, error);
	else
		list(world, &page, reply);
}

void api_group_list_recent(struct world *world, const struct call *call, struct reply *reply)
{
	struct page page = {0};
	int error = page_from_query(call, false, &page);

	if (error)
		api_fail(reply, error);
	else
		list(world, &page, reply);
}

void api_group_conversation(struct world *world, const struct call *call, struct reply *reply)
{
	struct page page = {0};
	int error = page_from_query(call, true, &page);

	if (!error && !world_group(world, page.of))
		error = -403;
	if (error)
		api_fail(reply, error);
	else
		list(world, &page, reply);
}
