/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What officers do with a report besides reading and answering it (desk/handling.h). */
#include "daemon/http/resources.h"

#include "daemon/base/str.h"
#include "daemon/desk/handling.h"
#include "daemon/desk/question.h"
#include "store/officer.h"

#include <string.h>

#define NEAR_MAX 50 /* more than the desk looks for */

/* One text member of a body that has nothing else, or null; "" for null. */
static enum err only_text(
	json_t *body, const char *name, bool may_be_null, const char **ret_text, struct errbuf *eb)
{
	const json_t *value = json_object_get(body, name);

	if (json_object_size(body) != 1 ||
		!(json_is_string(value) || (may_be_null && json_is_null(value))))
		return errbuf_set(eb, ERR_INVALID,
			may_be_null ? ERR_WORD("the body must be {\"%s\": \"...\"}, or null there")
				    : ERR_WORD("the body must be {\"%s\": \"...\"}"),
			name);
	*ret_text = json_is_null(value) ? "" : json_string_value(value);
	return ERR_OK;
}

typedef enum err (*text_act)(struct desk *desk, int64_t report_id, const char *text,
	const char *actor, struct errbuf *eb);

/* The report as it is afterwards. */
static void reply_report(
	struct http_request *req, const struct report *before, enum err err, struct errbuf *eb)
{
	if (err != ERR_OK)
		http_reply_err(req, err, eb);
	else
		http_reply_changed(req, before);
}

static void act_by_text(struct http_request *req, const char *name, bool may_be_null, text_act act)
{
	const char *text = "";
	struct errbuf eb = {0};
	struct report report = {0};
	json_t *body = NULL;
	enum err err;

	if (report_of_path(req, &report) != ERR_OK)
		return;
	err = http_body_object(req, &body, &eb);
	if (err == ERR_OK)
		err = only_text(body, name, may_be_null, &text, &eb);
	if (err == ERR_OK)
		err = act(req->http->options.desk, report.id, text, req->actor, &eb);
	json_decref(body);
	reply_report(req, &report, err, &eb);
}

void report_hamlet_post(struct http_request *req)
{
	act_by_text(req, "hamlet", true, desk_report_place);
}

void report_assignee_post(struct http_request *req)
{
	act_by_text(req, "officer", true, desk_report_assign);
}

void report_note_post(struct http_request *req)
{
	act_by_text(req, "text", false, desk_report_note);
}

void report_merge_post(struct http_request *req)
{
	struct http_options *options = &req->http->options;
	struct report report, main = {.id = 0};
	const char *name = "";
	struct errbuf eb = {0};
	json_t *body = NULL;
	enum err err;

	if (report_of_path(req, &report) != ERR_OK)
		return;
	err = http_body_object(req, &body, &eb);
	if (err == ERR_OK)
		err = only_text(body, "into", true, &name, &eb);
	if (err == ERR_OK && name[0])
		err = report_of_name(req, name, &main, &eb);
	if (err == ERR_OK)
		err = desk_report_merge(options->desk, report.id, main.id, req->actor, &eb);
	json_decref(body);
	reply_report(req, &report, err, &eb);
}

/* {"to": "2026-3", "linked": true} */
void report_link_post(struct http_request *req)
{
	struct http_options *options = &req->http->options;
	const json_t *to, *linked;
	struct report report, other;
	struct errbuf eb = {0};
	json_t *body = NULL;
	enum err err;

	if (report_of_path(req, &report) != ERR_OK)
		return;
	err = http_body_object(req, &body, &eb);
	to = json_object_get(body, "to");
	linked = json_object_get(body, "linked");
	if (err == ERR_OK &&
		(json_object_size(body) != 2 || !json_is_string(to) || !json_is_boolean(linked)))
		err = errbuf_set(&eb, ERR_INVALID,
			"the body must be {\"to\": \"2026-12\", \"linked\": true or false}");
	if (err == ERR_OK)
		err = report_of_name(req, json_string_value(to), &other, &eb);
	if (err == ERR_OK)
		err = desk_report_link(
			options->desk, report.id, other.id, json_is_true(linked), req->actor, &eb);
	json_decref(body);
	reply_report(req, &report, err, &eb);
}

void report_pin_post(struct http_request *req)
{
	char pin[8] = "";
	struct errbuf eb = {0};
	struct report report = {0};
	enum err err;

	if (report_of_path(req, &report) != ERR_OK)
		return;
	err = http_body_empty(req, &eb);
	if (err == ERR_OK)
		err = desk_report_pin(req->http->options.desk, report.id, req->actor, pin, &eb);
	if (err != ERR_OK)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK,
			json_pack("{s:o, s:s, s:s}", "report", json_report_named(&report), "code",
				report.code, "pin", pin));
	explicit_bzero(pin, sizeof(pin));
}

struct near {
	struct report rows[NEAR_MAX];
	int count;
};

static void near_keep(void *arg, const struct report *report)
{
	struct near *near = arg;

	if (near->count < NEAR_MAX)
		near->rows[near->count++] = *report;
}

/* Those that he may read. */
static enum err near_rows(struct http_request *req, const struct near *near, json_t *rows)
{
	struct reader reader = http_reader(req);
	enum err err = ERR_OK;

	for (int i = 0; !err && i < near->count; i++) {
		enum sight sight;

		err = reading_sight(req->http->options.desk, &reader, &near->rows[i], &sight);
		if (!err && sight == SIGHT_WORDS)
			json_array_append_new(rows, json_report(req, &near->rows[i], sight));
	}
	return err;
}

void report_near_get(struct http_request *req)
{
	struct near near = {.count = 0};
	struct report report = {0};
	json_t *rows;
	enum err err;

	if (report_of_path(req, &report) != ERR_OK)
		return;
	rows = json_array();
	err = rows ? desk_report_near(req->http->options.desk, &report, near_keep, &near)
		   : ERR_NOMEM;
	if (err == ERR_OK)
		err = near_rows(req, &near, rows);
	if (err != ERR_OK) {
		json_decref(rows);
		http_reply_err(req, err, NULL);
		return;
	}
	http_reply_json(req, MHD_HTTP_OK, json_pack("{s:o}", "reports", rows));
}

static void link_add(void *arg, const struct report_link *link)
{
	json_array_append_new(
		arg, json_pack("{s:I, s:s, s:b, s:o}", "id", (json_int_t)link->other_id, "kind",
			     report_link_text(link->kind), "is_back", (int)link->is_back, "at",
			     json_time(link->at_ms)));
}

#define MERGED_MAX 64 /* named; a flood of equal reports has more */

struct merged {
	int64_t ids[MERGED_MAX];
	int count;
};

static void merged_keep(void *arg, const struct report *report)
{
	struct merged *merged = arg;

	if (merged->count < MERGED_MAX)
		merged->ids[merged->count++] = report->id;
}

/* Each statement is asked after the other; what he does not know of has no name. */
static void links_name(struct http_request *req, json_t *links)
{
	json_t *link;
	size_t i = 0;

	while ((link = json_array_get(links, i))) {
		json_t *name = json_report_name(
			req, json_integer_value(json_object_get(link, "id")));

		json_object_set(link, "report", name);
		json_object_del(link, "id");
		if (json_is_null(name))
			json_array_remove(links, i);
		else
			i++;
		json_decref(name);
	}
}

static void merged_name(struct http_request *req, const struct merged *merged, json_t *names)
{
	for (int i = 0; i < merged->count; i++) {
		json_t *name = json_report_name(req, merged->ids[i]);

		if (json_is_null(name))
			json_decref(name);
		else
			json_array_append_new(names, name);
	}
}

int json_report_ties(struct http_request *req, const struct report *report, json_t *object)
{
	struct store *store = req->http->options.store;
	json_t *links = json_array(), *names = json_array();
	struct merged merged = {.count = 0};
	struct officer officer;
	bool has_officer = report->assignee_id &&
			   officer_load(store, report->assignee_id, &officer) == ERR_OK;

	if (!links || !names || report_links(store, report->id, link_add, links) != ERR_OK ||
		report_merged(store, report->id, merged_keep, &merged) != ERR_OK) {
		json_decref(links);
		json_decref(names);
		return -1;
	}
	links_name(req, links);
	merged_name(req, &merged, names);
	return json_object_set_new(object, "links", links) |
	       json_object_set_new(object, "merged", names) |
	       json_object_set_new(
		       object, "merged_into", json_report_name(req, report->merged_into)) |
	       json_object_set_new(
		       object, "assignee", has_officer ? json_string(officer.login) : json_null());
}
