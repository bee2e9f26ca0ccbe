/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The register as an officer reads it. A report shows its dialogue, but of who wrote only an alias:
 * the address behind it opens nowhere in this API.
 */
#include "daemon/http/resources.h"

#include "daemon/base/str.h"
#include "daemon/desk/category.h"
#include "daemon/desk/confinement.h"
#include "gateway/sms_text.h"
#include "store/outbox.h"

#include <string.h>

#define ANSWER_MAX 16000 /* bytes; the channels' own limits are smaller or the desk's to know */

/* Nobody but the office may count correspondents. */
static json_t *json_alias(struct http_request *req, int64_t party_id)
{
	struct reader reader = http_reader(req);

	return json_sprintf("người gửi #%lld",
		(long long)reading_mask(req->http->options.desk, &reader, READING_PARTY, party_id));
}

static const char *const sights[] = {
	[SIGHT_NONE] = "", [SIGHT_BLANK] = "blank", [SIGHT_LINE] = "line", [SIGHT_WORDS] = "words"};

json_t *json_report(struct http_request *req, const struct report *report, enum sight sight)
{
	return json_pack(
		"{s:o, s:o, s:s, s:s, s:i, s:i, s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:o, s:o, s:b, s:o, s:o, s:b, s:b, s:b, s:o}",
		"id", json_id(req, READING_REPORT, report->id), "report", json_report_named(report),
		"sight", sights[sight], "book", report_book_letter(report->book), "year",
		report->year, "number", report->number, "code", report->code, "state",
		report->state, "source", report->source, "category", report->category, "urgency",
		report->urgency, "decided", json_time(report->decided_ms), "hamlet", report->hamlet,
		"received", json_time(report->received_ms), "sent", json_time(report->sent_ms),
		"is_incomplete", (int)report->is_incomplete, "from",
		json_alias(req, report->party_id), "receiver", json_text(report->receiver),
		"is_quiet", (int)report->is_quiet, "is_anonymous", (int)report->is_anonymous,
		"is_merged", report->merged_into != 0, "heard", json_time(report->heard_ms));
}

static void row_add(void *arg, const struct report *row, enum sight sight)
{
	struct http_list *list = arg;

	http_list_add(list, row->id, json_report(list->req, row, sight));
}

/* {"reports": [...], "next_before": id} of a page that may be short of rows: what fits is further
 * back. */
static void reply_page(struct http_list *list, int64_t next)
{
	struct desk *desk = list->req->http->options.desk;
	json_t *before = next ? json_integer(
					reading_mask(desk, &list->reader, READING_REPORT, next))
			      : json_null();

	http_reply_json(list->req, MHD_HTTP_OK,
		json_pack("{s:o, s:o}", "reports", list->rows, "next_before", before));
}

static bool is_word_of(const char *word, const char *const *words)
{
	while (*words && !str_eq(*words, word))
		words++;
	return *words != NULL;
}

/* Which rows are wanted; a word that no row has is a mistake and not an empty list. */
static enum err filter_of_query(
	struct http_request *req, struct reading_filter *ret_filter, struct errbuf *eb)
{
	static const char *const states[] = {"open", "answered", "closed", "moved", NULL};
	static const char *const urgencies[] = {"normal", "urgent", "danger", NULL};
	struct reading_filter filter = {.state = http_argument(req, "state"),
		.urgency = http_argument(req, "urgency"),
		.category = http_argument(req, "category"),
		.hamlet = http_argument(req, "hamlet")};
	enum category category;

	if (filter.state && !is_word_of(filter.state, states))
		return errbuf_set(eb, ERR_INVALID, "state is open, answered, closed or moved");
	if (filter.urgency && !is_word_of(filter.urgency, urgencies))
		return errbuf_set(eb, ERR_INVALID, "urgency is normal, urgent or danger");
	if (filter.category && category_from_code(filter.category, &category))
		return errbuf_set(eb, ERR_INVALID, "there is no category %.31s", filter.category);
	*ret_filter = filter;
	return ERR_OK;
}

void reports_get(struct http_request *req)
{
	struct reading_list ask = {.fn = row_add};
	struct http_list list;
	struct errbuf eb = {0};
	int64_t next = 0;
	enum err err = filter_of_query(req, &ask.filter, &eb);

	if (err) {
		http_reply_err(req, err, &eb);
		return;
	}
	if (!http_list_masked(&list, req, "reports", READING_REPORT))
		return;
	ask.before_id = list.page.before;
	ask.limit = list.page.limit;
	ask.arg = &list;
	err = reading_list(req->http->options.desk, &list.reader, &ask, &next);
	if (err)
		http_list_end(&list, err);
	else
		reply_page(&list, next);
}

struct report_name {
	enum report_book book;
	int year; /* 0: the newest that has it */
	int number;
};

/* The letter of a book before the number; *number is what follows it. */
static enum report_book book_of(const char *text, const char **number)
{
	for (int book = 1; book < REPORT_BOOK_COUNT; book++) {
		if (text[0] != report_book_letter((enum report_book)book)[0])
			continue;
		*number = text + 1;
		return (enum report_book)book;
	}
	*number = text;
	return REPORT_BOOK_REGISTER;
}

/* "12" (of the newest year that has it), "2026-12", "R3" or "2026-R3". */
static enum err name_parse(const char *name, struct report_name *ret_name, struct errbuf *eb)
{
	const char *dash = strchr(name, '-'), *digits;
	char year[8] = "0";
	int64_t y = 0, n = 0;

	if (dash) {
		if (dash - name != 4)
			goto bad;
		memcpy(year, name, 4);
		year[4] = 0;
		if (str_to_int64(year, 1000, 9999, &y) != ERR_OK)
			goto bad;
	}
	ret_name->book = book_of(dash ? dash + 1 : name, &digits);
	if (str_to_int64(digits, 1, INT32_MAX, &n) != ERR_OK)
		goto bad;
	ret_name->year = (int)y;
	ret_name->number = (int)n;
	return ERR_OK;
bad:
	return errbuf_set(
		eb, ERR_INVALID, "a report is named by its number, 12, or with its year, 2026-12");
}

static enum err find_seen(struct http_request *req, const char *name, struct report *ret_report,
	enum sight *ret_sight, struct errbuf *eb)
{
	struct reader reader = http_reader(req);
	struct report_name parsed = {.number = 0};
	enum err err = name_parse(name, &parsed, eb);

	if (err == ERR_OK)
		err = reading_find(req->http->options.desk, &reader, parsed.book, parsed.year,
			parsed.number, ret_report, ret_sight);
	return err == ERR_NOT_FOUND ? errbuf_set(eb, err, "there is no report %.31s", name) : err;
}

enum err report_of_name(
	struct http_request *req, const char *name, struct report *ret_report, struct errbuf *eb)
{
	enum sight sight = SIGHT_NONE;
	enum err err = find_seen(req, name, ret_report, &sight, eb);

	if (err == ERR_OK && sight != SIGHT_WORDS)
		err = errbuf_set(eb, ERR_DENIED,
			"you see the line of report %.31s, not its words; who reads it can admit you",
			name);
	return err;
}

enum err report_of_path(struct http_request *req, struct report *ret_report)
{
	struct errbuf eb = {0};
	enum err err = report_of_name(req, req->param, ret_report, &eb);

	if (err != ERR_OK)
		http_reply_err(req, err, &eb);
	return err;
}

enum err report_seen_of_path(
	struct http_request *req, struct report *ret_report, enum sight *ret_sight)
{
	struct errbuf eb = {0};
	enum err err = find_seen(req, req->param, ret_report, ret_sight, &eb);

	if (err != ERR_OK)
		http_reply_err(req, err, &eb);
	return err;
}

struct dialogue {
	json_t *list;
	bool has_failed;
};

static void entry_add(void *arg, const struct report_entry *entry)
{
	struct dialogue *dialogue = arg;
	json_t *row = json_pack("{s:s, s:o, s:o, s:I}", "kind", report_entry_text(entry->kind),
		"at", json_time(entry->at_ms), "text", json_text(entry->text), "outbox_id",
		(json_int_t)entry->outbox_id);

	if (json_array_append_new(dialogue->list, row) != 0)
		dialogue->has_failed = true;
}

/* How far an outgoing entry is: asked after the dialogue was read, one statement at a time. */
static void entry_add_state(struct http_request *req, json_t *entry)
{
	int64_t id = json_integer_value(json_object_get(entry, "outbox_id"));
	struct outbox_row row;

	json_object_set_new(entry, "outbox_id", json_id(req, READING_OUTBOX, id));
	if (id == 0 || outbox_load(req->http->options.store, id, &row) != ERR_OK) {
		json_object_set_new(entry, "outbox_state", json_null());
		json_object_set_new(entry, "channel", json_null());
		return;
	}
	json_object_set_new(entry, "channel", json_string(channel_kind_text(row.channel)));
	json_object_set_new(entry, "outbox_state", json_string(outbox_state_text(row.state)));
}

/* What the words made Binhyen think, and which words; null for a report that nobody guessed. */
static json_t *json_guess(struct http_request *req, int64_t report_id)
{
	struct reader reader = http_reader(req);
	struct report_guess guess;
	json_t *object = NULL;
	CLEAN_BUF words = {0};

	buf_init(&words, REPORT_GUESS_WORDS_MAX);
	if (reading_guess(req->http->options.desk, &reader, report_id, &guess, &words) == ERR_OK)
		object = json_pack("{s:s, s:b, s:o}", "category", guess.category, "is_danger",
			(int)guess.is_danger, "words", json_text(buf_text(&words)));
	buf_wipe(&words);
	return object ? object : json_null();
}

static enum err add_dialogue(struct http_request *req, const struct report *report, json_t *object)
{
	struct reader reader = http_reader(req);
	struct dialogue dialogue = {.list = json_array()};
	json_t *entry;
	size_t i;
	enum err err = dialogue.list ? reading_entries(req->http->options.desk, &reader, report->id,
					       entry_add, &dialogue)
				     : ERR_NOMEM;

	if (err == ERR_OK && dialogue.has_failed)
		err = ERR_NOMEM;
	if (err != ERR_OK) {
		json_decref(dialogue.list);
		return err;
	}
	json_array_foreach (dialogue.list, i, entry)
		entry_add_state(req, entry);
	if (json_object_set_new(object, "dialogue", dialogue.list) != 0)
		return ERR_NOMEM;
	json_object_set_new(object, "guess", json_guess(req, report->id));
	json_object_set_new(object, "secrecy", json_secrecy(req->http->options.desk, report->id));
	json_object_set_new(object, "attachments", json_attachments(req, report->id, &err));
	if (!err && json_report_ties(req, report, object) != 0)
		err = ERR_NOMEM;
	return err;
}

/* Of a line there is nothing to add. */
static void add_nothing(json_t *object)
{
	json_object_set_new(object, "dialogue", json_array());
	json_object_set_new(object, "guess", json_null());
	json_object_set_new(object, "secrecy", json_null());
	json_object_set_new(object, "attachments", json_array());
	json_object_set_new(object, "links", json_array());
	json_object_set_new(object, "merged", json_array());
	json_object_set_new(object, "merged_into", json_null());
	json_object_set_new(object, "assignee", json_null());
}

void report_get(struct http_request *req)
{
	enum sight sight = SIGHT_NONE;
	struct report report = {0};
	json_t *object;
	enum err err = ERR_OK;

	if (report_seen_of_path(req, &report, &sight) != ERR_OK)
		return;
	object = json_report(req, &report, sight);
	if (!object)
		err = ERR_NOMEM;
	else if (sight == SIGHT_WORDS)
		err = add_dialogue(req, &report, object);
	else
		add_nothing(object);
	if (err != ERR_OK) {
		json_decref(object);
		http_reply_err(req, err, NULL);
		return;
	}
	http_reply_json(req, MHD_HTTP_OK, object);
}

/* An officer's words: NFC, no control characters. */
static enum err clean_text(const json_t *text, struct buf *out, struct errbuf *eb)
{
	if (json_string_length(text) > ANSWER_MAX)
		return errbuf_set(eb, ERR_TOO_BIG, "the text is longer than %d bytes", ANSWER_MAX);
	return text ? sms_text_normalize(json_string_value(text), out) : ERR_OK;
}

/* {"text":...}, not only blanks, or {"template":..., "text":...} */
static enum err answer_body(
	const json_t *body, const char **ret_template, struct buf *text, struct errbuf *eb)
{
	const json_t *words = json_object_get(body, "text");
	const json_t *template = json_object_get(body, "template");
	enum err err;

	if (json_object_size(body) != (size_t) !!words + (size_t) !!template ||
		(!words && !template) || (words && !json_is_string(words)) ||
		(template && !json_is_string(template)))
		return errbuf_set(eb, ERR_INVALID,
			"the body must be {\"text\": \"...\"} or {\"template\": \"...\", \"text\": \"...\"}");
	err = clean_text(words, text, eb);
	if (err)
		return err;
	if (!template && !buf_text(text)[strspn(buf_text(text), " \t\r\n")])
		return errbuf_set(eb, ERR_INVALID, "the text is empty");
	*ret_template = json_string_value(template);
	return ERR_OK;
}

void report_answer_post(struct http_request *req)
{
	struct http_options *options = &req->http->options;
	struct desk_answered answered = {0};
	const char *template = NULL;
	struct errbuf eb = {0};
	struct report report = {0};
	json_t *body = NULL;
	struct buf text;
	enum err err;

	if (report_of_path(req, &report) != ERR_OK)
		return;
	buf_init(&text, ANSWER_MAX);
	err = http_body_object(req, &body, &eb);
	if (err == ERR_OK)
		err = answer_body(body, &template, &text, &eb);
	if (err == ERR_OK && template)
		err = desk_report_answer_by(options->desk, report.id, template, buf_text(&text),
			req->actor, &answered, &eb);
	else if (err == ERR_OK)
		err = desk_report_answer(
			options->desk, report.id, buf_text(&text), req->actor, &answered, &eb);
	json_decref(body);
	buf_wipe(&text);
	if (err != ERR_OK) {
		http_reply_err(req, err, &eb);
		return;
	}
	http_reply_json(req, MHD_HTTP_OK,
		json_pack("{s:o, s:o, s:s, s:i, s:i}", "report", json_report_named(&report),
			"outbox_id", json_id(req, READING_OUTBOX, answered.outbox_id), "state",
			outbox_state_text(OUTBOX_QUEUED), "sent", answered.sent, "held",
			answered.held));
}

static void template_add(void *arg, const struct desk_answer_template *template)
{
	json_array_append_new(arg,
		json_pack("{s:s, s:s, s:b, s:s}", "name", template->name, "state", template->state,
			"has_text", (int)template->has_text, "words", template->words));
}

void answer_templates_get(struct http_request *req)
{
	json_t *rows = json_array();
	enum err err = rows ? desk_answer_templates(template_add, rows) : ERR_NOMEM;

	if (err != ERR_OK) {
		json_decref(rows);
		http_reply_err(req, err, NULL);
		return;
	}
	http_reply_json(req, MHD_HTTP_OK, json_pack("{s:o}", "templates", rows));
}

/* {"category":..., "urgency":...}: either or both. */
static enum err rating_of_body(
	json_t *body, const char **ret_category, const char **ret_urgency, struct errbuf *eb)
{
	const json_t *category = json_object_get(body, "category");
	const json_t *urgency = json_object_get(body, "urgency");
	size_t known = (size_t) !!category + !!urgency;

	if (!known || json_object_size(body) != known || (category && !json_is_string(category)) ||
		(urgency && !json_is_string(urgency)))
		return errbuf_set(eb, ERR_INVALID,
			"the body must be {\"category\": \"...\", \"urgency\": \"...\"}, one or both");
	*ret_category = json_string_value(category);
	*ret_urgency = json_string_value(urgency);
	return ERR_OK;
}

/* It may not be his to see any more: then it is shown as he saw it last, as a blank line. */
void http_reply_changed(struct http_request *req, const struct report *before)
{
	struct reader reader = http_reader(req);
	struct report report = {0};
	enum sight sight = SIGHT_BLANK;
	enum err err = reading_load(req->http->options.desk, &reader, before->id, &report, &sight);

	if (err != ERR_OK && err != ERR_NOT_FOUND) {
		http_reply_err(req, err, NULL);
		return;
	}
	http_reply_json(req, MHD_HTTP_OK,
		json_report(req, err ? before : &report, err ? SIGHT_BLANK : sight));
}

void report_rate_post(struct http_request *req)
{
	const char *category = NULL, *urgency = NULL;
	struct errbuf eb = {0};
	struct report report = {0};
	json_t *body = NULL;
	enum err err;

	if (report_of_path(req, &report) != ERR_OK)
		return;
	err = http_body_object(req, &body, &eb);
	if (err == ERR_OK)
		err = rating_of_body(body, &category, &urgency, &eb);
	if (err == ERR_OK)
		err = desk_report_rate(
			req->http->options.desk, report.id, category, urgency, req->actor, &eb);
	json_decref(body);
	if (err != ERR_OK)
		http_reply_err(req, err, &eb);
	else
		http_reply_changed(req, &report);
}

#define SUBJECTS_HELP "the body must be {\"officers\": [\"login\", ...]}"

/* {"officers": [...]}: whom a report is about; an empty list: nobody who works here. */
static enum err subjects_of_body(const json_t *body, const char *logins[REPORT_SUBJECTS_MAX],
	size_t *ret_count, struct errbuf *eb)
{
	const json_t *officers = json_object_get(body, "officers"), *login;
	size_t i;

	if (!json_is_array(officers) || json_object_size(body) != 1)
		return errbuf_set(eb, ERR_INVALID, SUBJECTS_HELP);
	if (json_array_size(officers) > REPORT_SUBJECTS_MAX)
		return errbuf_set(eb, ERR_TOO_BIG, "a report is about %d officers at most",
			REPORT_SUBJECTS_MAX);
	json_array_foreach (officers, i, login) {
		if (!json_is_string(login))
			return errbuf_set(eb, ERR_INVALID, SUBJECTS_HELP);
		logins[i] = json_string_value(login);
	}
	*ret_count = json_array_size(officers);
	return ERR_OK;
}

void report_subjects_post(struct http_request *req)
{
	const char *logins[REPORT_SUBJECTS_MAX];
	struct errbuf eb = {0};
	struct report report = {0};
	json_t *body = NULL;
	size_t count = 0;
	enum err err;

	if (report_of_path(req, &report) != ERR_OK)
		return;
	err = http_body_object(req, &body, &eb);
	if (err == ERR_OK)
		err = subjects_of_body(body, logins, &count, &eb);
	if (err == ERR_OK)
		err = confinement_set_subjects(
			req->http->options.desk, report.id, logins, count, req->actor, &eb);
	json_decref(body);
	if (err != ERR_OK)
		http_reply_err(req, err, &eb);
	else
		http_reply_changed(req, &report);
}
