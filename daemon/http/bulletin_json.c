/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/http/bulletin_json.h"

#include "daemon/base/str.h"
#include "daemon/desk/bulletin_category.h"
#include "gateway/sms_text.h"
#include "store/bulletin_finding.h"
#include "store/enclosure.h"

#include <stdlib.h>
#include <string.h>

#define JUDGEMENTS_MAX 500 /* a version is judged a few times, and there are a hundred versions */

json_t *json_officer(struct store *store, int64_t officer_id)
{
	struct officer officer;

	if (!officer_id || officer_load(store, officer_id, &officer))
		return json_null();
	return json_string(officer.login);
}

static const char *speed_text(const struct bulletin *b)
{
	static const char *const texts[] = {[BULLETIN_NORMAL] = "normal",
		[BULLETIN_URGENT] = "urgent",
		[BULLETIN_EMERGENCY] = "emergency"};

	return texts[bulletin_speed(b)];
}

static json_t *id_or_null(int64_t id)
{
	return id ? json_integer(id) : json_null();
}

static int add_class(json_t *row, const struct bulletin *b)
{
	const struct bulletin_category *category = bulletin_category_find(b->category);
	json_t *part = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:b, s:b}", "category",
		b->category, "category_name", category ? category->name : b->category, "urgency",
		bulletin_urgency_text(b->urgency), "severity", bulletin_severity_text(b->severity),
		"certainty", bulletin_certainty_text(b->certainty), "speed", speed_text(b),
		"sensitive", (int)b->is_sensitive, "drill", (int)b->is_drill, "trial",
		(int)b->is_trial, "to_refusers", (int)b->to_refusers);
	int rc = json_object_update(row, part);

	json_decref(part);
	return rc;
}

static int add_times(json_t *row, const struct bulletin *b)
{
	json_t *part = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "created",
		json_time(b->created_ms), "changed", json_time(b->changed_ms), "submitted",
		json_time(b->submitted_ms), "approved", json_time(b->approved_ms), "started",
		json_time(b->started_ms), "ended", json_time(b->ended_ms), "from",
		json_time(b->from_ms), "expires", json_time(b->expires_ms), "review_due",
		json_time(b->review_due_ms), "reviewed", json_time(b->reviewed_ms));
	int rc = json_object_update(row, part);

	json_decref(part);
	return rc;
}

static int add_ties(json_t *row, struct store *store, const struct bulletin *b, int64_t open)
{
	json_t *part = json_pack("{s:o, s:o, s:o, s:o, s:s?, s:I}", "author",
		json_officer(store, b->author_id), "writer", json_officer(store, b->writer_id),
		"submitter", json_officer(store, b->submitter_id), "refers_to",
		id_or_null(b->refers_to), "refers_how",
		b->refers_to ? bulletin_refers_text(b->refers_how) : NULL, "unanswered",
		(json_int_t)open);
	int rc = json_object_update(row, part);

	json_decref(part);
	return rc;
}

/* words NULL: they were erased. */
static json_t *row_of(struct store *store, const struct bulletin *b,
	const struct bulletin_words *words, enum err *ret_err)
{
	int64_t open;
	enum err err = finding_open(store, b, &open);
	json_t *row;

	if (err) {
		*ret_err = err;
		return NULL;
	}
	row = json_pack("{s:I, s:s, s:s, s:i, s:o}", "id", (json_int_t)b->id, "state",
		bulletin_state_text(b->state), "origin", bulletin_origin_text(b->origin), "version",
		b->version, "title", words ? json_text(words->title) : json_null());
	if (row && !add_class(row, b) && !add_times(row, b) && !add_ties(row, store, b, open))
		return row;
	json_decref(row);
	*ret_err = ERR_NOMEM;
	return NULL;
}

json_t *json_bulletin_row(
	struct http_request *req, const struct bulletin *bulletin, enum err *ret_err)
{
	struct store *store = req->http->options.store;
	struct bulletin_words words;
	enum err err = bulletin_words(store, bulletin, &words);
	json_t *row;

	if (err && err != ERR_NOT_FOUND) {
		*ret_err = err;
		return NULL;
	}
	row = row_of(store, bulletin, err ? NULL : &words, ret_err);
	if (!err)
		bulletin_words_free(&words);
	return row;
}

/* ---- all of it -------------------------------------------------------------------------------
 */

static json_t *sms_json(const struct bulletin *b, const struct bulletin_words *words)
{
	enum lane lane = bulletin_speed(b) == BULLETIN_NORMAL ? LANE_BULLETIN : LANE_URGENT;
	struct sms_size size;
	bool is_unaccented;
	CLEAN_BUF text = {0};
	CLEAN_BUF fitted = {0};

	buf_init(&text, OUTBOX_BODY_MAX);
	buf_init(&fitted, OUTBOX_BODY_MAX);
	if (desk_bulletin_text(b, words, BULLETIN_FORM_SMS, &text) ||
		desk_sms_fit(lane, buf_text(&text), &fitted, &size, &is_unaccented, NULL))
		return json_null();
	return json_pack("{s:o, s:s, s:i, s:i, s:b}", "text", json_text(buf_text(&fitted)),
		"coding", size.coding == SMS_CODING_GSM7 ? "gsm7" : "ucs2", "units", size.units,
		"segments", size.segments, "unaccented", (int)is_unaccented);
}

static json_t *zalo_json(const struct bulletin *b, const struct bulletin_words *words)
{
	CLEAN_BUF text = {0};

	buf_init(&text, OUTBOX_BODY_MAX);
	if (desk_bulletin_text(b, words, BULLETIN_FORM_ZALO, &text))
		return json_null();
	return json_text(buf_text(&text));
}

static int add_words(json_t *json, const struct bulletin *b, const struct bulletin_words *words)
{
	json_t *part = words ? json_pack("{s:o, s:o, s:o, s:o, s:o}", "text",
				       json_text(words->text), "sms", json_text(words->sms),
				       "source", json_text(words->source), "as_zalo",
				       zalo_json(b, words), "as_sms", sms_json(b, words))
			     : json_pack("{s:n, s:n, s:n, s:n, s:n}", "text", "sms", "source",
				       "as_zalo", "as_sms");
	int rc = json_object_update(json, part);

	json_decref(part);
	return rc;
}

static enum err add_audience(json_t *json, struct store *store, const struct bulletin *b)
{
	CLEAN_BUF rule = {0};
	json_t *audience;
	enum err err;

	buf_init(&rule, BULLETIN_AUDIENCE_MAX + 1);
	err = bulletin_audience(store, b, &rule);
	if (err)
		return err;
	audience = json_loads(buf_text(&rule), 0, NULL);
	return json_object_set_new(json, "audience", audience ? audience : json_null()) ? ERR_NOMEM
											: ERR_OK;
}

static enum err add_file(json_t *json, struct store *store, const struct bulletin *b)
{
	struct enclosure *enclosure;
	json_t *file = json_null();
	enum err err = ERR_OK;

	if (b->enclosure_id) {
		enclosure = calloc(1, sizeof(*enclosure));
		err = enclosure ? enclosure_load(store, b->enclosure_id, enclosure) : ERR_NOMEM;
		if (!err)
			file = json_pack("{s:s, s:o}", "kind", enclosure_kind_text(enclosure->kind),
				"name", json_text(enclosure->name));
		free(enclosure);
	}
	if (err)
		return err;
	return json_object_set_new(json, "file", file) ? ERR_NOMEM : ERR_OK;
}

/* What a callback keeps until no statement is open any more. */
struct kept {
	struct store *store;
	const struct bulletin_words *words;
	json_t *list;
};

static const char *field_of(const struct bulletin_words *words, enum finding_field field)
{
	const char *const fields[FINDING_FIELD_COUNT] = {
		words->title, words->text, words->sms, words->source};

	return fields[field];
}

static void finding_add(void *arg, const struct finding *finding, const char *reason)
{
	struct kept *kept = arg;
	const char *text = kept->words ? field_of(kept->words, finding->field) : "";
	json_t *what = json_null();

	if ((size_t)finding->at + (size_t)finding->bytes <= strlen(text))
		what = json_stringn(text + finding->at, (size_t)finding->bytes);
	json_array_append_new(kept->list,
		json_pack("{s:I, s:s, s:s, s:i, s:i, s:s, s:o, s:I, s:o, s:o}", "id",
			(json_int_t)finding->id, "kind", finding_kind_text(finding->kind), "field",
			finding_field_text(finding->field), "at", finding->at, "bytes",
			finding->bytes, "word", finding->word, "what", what ? what : json_null(),
			"officer", (json_int_t)finding->officer_id, "answered",
			json_time(finding->answered_ms), "reason",
			reason[0] ? json_text(reason) : json_null()));
}

static void judgement_add(void *arg, const struct bulletin_judgement *judgement)
{
	struct kept *kept = arg;

	if (json_array_size(kept->list) == JUDGEMENTS_MAX)
		return;
	json_array_append_new(kept->list,
		json_pack("{s:i, s:s, s:I, s:s, s:o, s:o}", "version", judgement->version,
			"verdict", bulletin_verdict_text(judgement->verdict), "officer",
			(json_int_t)judgement->officer_id, "role",
			officer_role_text(judgement->role), "at", json_time(judgement->at_ms),
			"note", judgement->note[0] ? json_text(judgement->note) : json_null()));
}

/* The numbers of officers become their names, once the list was read. */
static void name_officers(struct store *store, json_t *list)
{
	json_t *row;
	size_t i;

	json_array_foreach (list, i, row)
		json_object_set_new(row, "officer",
			json_officer(store, json_integer_value(json_object_get(row, "officer"))));
}

static enum err add_lists(json_t *json, struct store *store, const struct bulletin *b,
	const struct bulletin_words *words)
{
	struct kept findings = {store, words, json_array()},
		    opinions = {store, words, json_array()};
	enum err err = finding_list(store, b, finding_add, &findings);

	if (!err)
		err = bulletin_judgements(store, b->id, judgement_add, &opinions);
	name_officers(store, findings.list);
	name_officers(store, opinions.list);
	if (json_object_set_new(json, "findings", findings.list) ||
		json_object_set_new(json, "judgements", opinions.list))
		return ERR_NOMEM;
	return err;
}

json_t *json_bulletin(struct http_request *req, const struct bulletin *bulletin, enum err *ret_err)
{
	struct store *store = req->http->options.store;
	struct bulletin_words words = {.title = ""};
	enum err err = bulletin_words(store, bulletin, &words), failure = ERR_OK;
	const struct bulletin_words *shown = err ? NULL : &words;
	json_t *json = NULL;

	if (!err || err == ERR_NOT_FOUND)
		json = row_of(store, bulletin, shown, &failure);
	else
		failure = err;
	if (json && add_words(json, bulletin, shown))
		failure = ERR_NOMEM;
	if (json && !failure)
		failure = add_audience(json, store, bulletin);
	if (json && !failure)
		failure = add_file(json, store, bulletin);
	if (json && !failure)
		failure = add_lists(json, store, bulletin, shown);
	if (shown)
		bulletin_words_free(&words);
	if (!failure)
		return json;
	json_decref(json);
	*ret_err = failure;
	return NULL;
}

/* ---- what is taken ---------------------------------------------------------------------------
 */

/* "2026-11-22 14:05" in Vietnam; "" or null: 0. */
static enum err time_of(const char *key, const json_t *value, int64_t *ret_ms, struct errbuf *eb)
{
	const char *text = json_string_value(value);

	if (json_is_null(value) || (text && !text[0])) {
		*ret_ms = 0;
		return ERR_OK;
	}
	return text && http_moment(text, ret_ms)
		       ? ERR_OK
		       : errbuf_set(eb, ERR_INVALID,
				 "\"%s\" is a time in Vietnam such as \"2026-11-22 14:05\"", key);
}

static enum err text_of(
	const char *key, const json_t *value, const char **ret_text, struct errbuf *eb)
{
	*ret_text = json_string_value(value);
	return *ret_text ? ERR_OK : errbuf_set(eb, ERR_INVALID, "\"%s\" must be a text", key);
}

static enum err flag_of(const char *key, const json_t *value, int *ret_flag, struct errbuf *eb)
{
	*ret_flag = json_is_true(value);
	return json_is_boolean(value)
		       ? ERR_OK
		       : errbuf_set(eb, ERR_INVALID, "\"%s\" must be true or false", key);
}

/* Another bulletin, or null; "file" is only taken away here. */
static enum err number_of(
	const char *key, const json_t *value, int64_t *ret_number, struct errbuf *eb)
{
	*ret_number = json_integer_value(value);
	if (json_is_null(value))
		return ERR_OK;
	return json_is_integer(value) && *ret_number > 0 && !str_eq(key, "file")
		       ? ERR_OK
		       : errbuf_set(eb, ERR_INVALID, "\"%s\" must be %s", key,
				 str_eq(key, "file")
					 ? ERR_WORD("null: a file has a path of its own")
					 : ERR_WORD("the number of a bulletin, or null"));
}

static enum err audience_of(
	const json_t *value, struct desk_bulletin_in *in, struct buf *audience, struct errbuf *eb)
{
	CLEANUP(cleanup_free) char *text = NULL;

	if (!json_is_object(value))
		return errbuf_set(
			eb, ERR_INVALID, "\"audience\" must be an object such as {\"all\": true}");
	text = json_dumps(value, JSON_COMPACT);
	if (!text)
		return ERR_NOMEM;
	if (buf_adds(audience, text))
		return errbuf_set(eb, ERR_TOO_BIG, "the audience is too long");
	in->audience = buf_text(audience);
	return ERR_OK;
}

static enum err member_of(const char *key, const json_t *value, struct desk_bulletin_in *in,
	struct buf *audience, struct errbuf *eb)
{
	const struct {
		const char *key;
		const char **text;
	} texts[] = {{"category", &in->category}, {"urgency", &in->urgency},
		{"severity", &in->severity}, {"certainty", &in->certainty}, {"title", &in->title},
		{"text", &in->text}, {"sms", &in->sms}, {"source", &in->source},
		{"refers_how", &in->refers_how}};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		if (str_eq(texts[i].key, key))
			return text_of(key, value, texts[i].text, eb);
	}
	if (str_eq(key, "audience"))
		return audience_of(value, in, audience, eb);
	if (str_eq(key, "from"))
		return time_of(key, value, &in->from_ms, eb);
	if (str_eq(key, "expires"))
		return time_of(key, value, &in->expires_ms, eb);
	if (str_eq(key, "drill"))
		return flag_of(key, value, &in->is_drill, eb);
	if (str_eq(key, "to_refusers"))
		return flag_of(key, value, &in->to_refusers, eb);
	if (str_eq(key, "refers_to"))
		return number_of(key, value, &in->refers_to, eb);
	if (str_eq(key, "file"))
		return number_of(key, value, &in->enclosure_id, eb);
	return errbuf_set(
		eb, ERR_INVALID, "\"%.32s\" is not known; openapi.json lists the members", key);
}

enum err bulletin_in_of(const json_t *body, struct desk_bulletin_in *ret_in, struct buf *audience,
	struct errbuf *eb)
{
	struct desk_bulletin_in in = DESK_BULLETIN_AS_IS;
	const char *key;
	json_t *value;
	enum err err = json_object_size(body)
			       ? ERR_OK
			       : errbuf_set(eb, ERR_INVALID, "the body says nothing");

	json_object_foreach ((json_t *)(uintptr_t)body, key, value) {
		if (!err)
			err = member_of(key, value, &in, audience, eb);
	}
	if (!err)
		*ret_in = in;
	return err;
}
