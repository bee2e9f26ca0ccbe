/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file of a class:
 *
 *   {"class": "to_giac", "name": "Tố giác về tội phạm",
 *    "records": [
 *      {"from": "2025-03-01", "to": null, "source": "...", "confirmed": true,
 *       "addressee": "...", "told": "told_received",
 *       "retention": {"class": "crime", "keep": "60 months", "sender": "60 months",
 *          "on_request": false, "source": "...", "confirmed": false},
 *       "clocks": [
 *         {"code": "notice", "name": "...", "source": "...", "confirmed": true,
 *          "starts": "received", "when": "always", "ends": "notice", "watched": false,
 *          "limit": "3 working days", "remote_limit": "...", "warn": ["1 working day"],
 *          "freeze": ["chief"],
 *          "extensions": [{"code": "complex", "name": "...", "granted_by": "...", "by": ["chief"],
 *             "limit": "2 months", "counts_from": "start", "first": 1, "last": 1,
 *             "source": "...", "confirmed": true}]}]}]}
 *
 * Without "to" a record holds until the next one begins. What is kept with running clocks is the
 * record together with class and name, which reads as a file of one record.
 */
#include "config/regime.h"

#include "config/json_read.h"
#include "config/phrases.h"
#include "daemon/base/date.h"
#include "daemon/base/str.h"

#include <stdlib.h>
#include <string.h>

#define RECORDS_MAX 32
#define CODE_MAX    (REGIME_CODE_BYTES - 1)
#define TOLD_PREFIX "told_"

#define X(name, text) text,
static const char *const class_words[] = {LEGAL_CLASS_TABLE(X)};
static const char *const moment_words[] = {REGIME_MOMENT_TABLE(X)};
static const char *const end_words[] = {REGIME_END_TABLE(X)};
#undef X

static void read_code(struct json_read *r, const json_t *object, const char *key, char *dst)
{
	json_read_text(r, object, key, 1, dst, CODE_MAX);
	if (!r->err && dst[strspn(dst, "abcdefghijklmnopqrstuvwxyz0123456789_")])
		json_read_fault(r, key, "is no code; allowed: a-z 0-9 and _");
}

static void read_term(
	struct json_read *r, const json_t *object, const char *key, struct term *ret_term)
{
	char text[24];

	json_read_text(r, object, key, 1, text, sizeof(text) - 1);
	if (!r->err && term_parse(text, ret_term))
		json_read_fault(r, key, "is no term; allowed: " TERM_ALLOWED);
}

static unsigned read_roles(struct json_read *r, const json_t *object, const char *key, size_t min)
{
	const json_t *list = json_read_list(r, object, key, min, REGIME_ROLES);
	unsigned roles = 0;

	for (size_t i = 0; i < json_array_size(list) && !r->err; i++) {
		const char *text = json_string_value(json_array_get(list, i));
		unsigned bit = text ? regime_role_bit(text) : 0;

		if (!bit)
			json_read_fault(r, key,
				"entry %zu is no role; allowed: chief, deputy, area, duty, clerk, chairman, it",
				i + 1);
		roles |= bit;
	}
	return roles;
}

static void read_source(
	struct json_read *r, const json_t *object, char *source, bool *ret_is_confirmed)
{
	json_read_text(r, object, "source", 1, source, REGIME_SOURCE_BYTES - 1);
	json_read_bool(r, object, "confirmed", ret_is_confirmed);
}

static void read_extension(struct json_read *r, const json_t *object, struct regime_extension *e)
{
	static const char *const keys[] = {"code", "name", "granted_by", "by", "limit",
		"counts_from", "first", "last", "source", "confirmed", NULL};
	static const char *const counts[] = {"end", "start"};
	int from = 0;

	json_read_keys(r, object, keys);
	read_code(r, object, "code", e->code);
	json_read_text(r, object, "name", 1, e->name, sizeof(e->name) - 1);
	json_read_text(r, object, "granted_by", 0, e->granted_by, sizeof(e->granted_by) - 1);
	e->roles = read_roles(r, object, "by", 1);
	read_term(r, object, "limit", &e->term);
	json_read_word(r, object, "counts_from", counts, 2, &from);
	e->is_total = from == 1;
	e->first = e->last = 1;
	json_read_int(r, object, "first", 1, REGIME_EXTENSION_LAST, &e->first);
	e->last = e->first;
	json_read_int(r, object, "last", 1, REGIME_EXTENSION_LAST, &e->last);
	read_source(r, object, e->source, &e->is_confirmed);
	if (!r->err && e->last < e->first)
		json_read_fault(r, "last", "is less than \"first\"");
	if (!r->err && (e->term.unit == TERM_BY || !e->term.count))
		json_read_fault(r, "limit", "lengthens nothing");
}

static void read_extensions(struct json_read *r, const json_t *object, struct regime_clock *clock)
{
	const json_t *list = json_read_list(r, object, "extensions", 0, REGIME_EXTENSIONS_MAX);
	size_t mark = json_read_enter(r, "extensions");

	for (size_t i = 0; i < json_array_size(list) && !r->err; i++) {
		size_t inner = json_read_element(r, i);

		read_extension(
			r, json_array_get(list, i), &clock->extensions[clock->extension_count++]);
		for (size_t j = 0; j < i && !r->err; j++) {
			if (str_eq(clock->extensions[i].code, clock->extensions[j].code))
				json_read_fault(r, "code", "is that of another one");
		}
		json_read_leave(r, inner);
	}
	json_read_leave(r, mark);
}

static void read_warnings(struct json_read *r, const json_t *object, struct regime_clock *clock)
{
	const json_t *list = json_read_list(r, object, "warn", 0, REGIME_WARNINGS_MAX);

	for (size_t i = 0; i < json_array_size(list) && !r->err; i++) {
		const char *text = json_string_value(json_array_get(list, i));
		struct term *term = &clock->warnings[clock->warning_count++];

		if (!text || term_parse(text, term) || term->unit == TERM_BY || !term->count)
			json_read_fault(r, "warn",
				"entry %zu is no time before; allowed: as \"1 working day\", \"2 hours\"",
				i + 1);
	}
}

static void read_limits(struct json_read *r, const json_t *object, struct regime_clock *clock)
{
	read_term(r, object, "limit", &clock->limit);
	clock->remote_limit = clock->limit;
	clock->has_remote_limit = json_object_get(object, "remote_limit") != NULL;
	if (clock->has_remote_limit)
		read_term(r, object, "remote_limit", &clock->remote_limit);
}

static void read_clock(struct json_read *r, const json_t *object, struct regime_clock *clock)
{
	static const char *const keys[] = {"code", "name", "source", "confirmed", "starts", "when",
		"ends", "watched", "limit", "remote_limit", "warn", "freeze", "extensions", NULL};
	static const char *const whens[] = {"always", "urgent", "ordinary"};
	int starts = 0, when = 0, ends = 0;

	json_read_keys(r, object, keys);
	read_code(r, object, "code", clock->code);
	json_read_text(r, object, "name", 1, clock->name, sizeof(clock->name) - 1);
	read_source(r, object, clock->source, &clock->is_confirmed);
	json_read_word(r, object, "starts", moment_words, REGIME_MOMENTS, &starts);
	json_read_word(r, object, "ends", end_words, REGIME_ENDS, &ends);
	if (json_object_get(object, "when"))
		json_read_word(r, object, "when", whens, 3, &when);
	if (json_object_get(object, "watched"))
		json_read_bool(r, object, "watched", &clock->is_watched);
	clock->starts = (enum regime_moment)starts;
	clock->ends = (enum regime_end)ends;
	clock->when = (enum regime_when)when;
	read_limits(r, object, clock);
	read_warnings(r, object, clock);
	clock->freeze_roles = read_roles(r, object, "freeze", 0);
	read_extensions(r, object, clock);
}

static void read_clocks(struct json_read *r, const json_t *object, struct regime *regime)
{
	const json_t *list = json_read_list(r, object, "clocks", 0, REGIME_CLOCKS_MAX);
	size_t mark = json_read_enter(r, "clocks");

	for (size_t i = 0; i < json_array_size(list) && !r->err; i++) {
		size_t inner = json_read_element(r, i);

		read_clock(r, json_array_get(list, i), &regime->clocks[regime->clock_count++]);
		for (size_t j = 0; j < i && !r->err; j++) {
			if (str_eq(regime->clocks[i].code, regime->clocks[j].code))
				json_read_fault(r, "code", "is that of another clock");
		}
		json_read_leave(r, inner);
	}
	json_read_leave(r, mark);
}

/* The phrase must be one that was written to be told. */
static void check_told(struct json_read *r, const char *told)
{
	const char *key;

	if (r->err || !told[0])
		return;
	for (size_t i = 0; (key = phrase_key(i)); i++) {
		if (str_eq(key, told) && str_starts(key, TOLD_PREFIX))
			return;
	}
	json_read_fault(r, "told",
		"is no phrase that can be told; allowed: told_received, "
		"told_letter, told_record, told_request, or left out");
}

static void read_retention(struct json_read *r, const json_t *object, struct regime *regime)
{
	static const char *const keys[] = {
		"class", "keep", "sender", "on_request", "source", "confirmed", NULL};
	const json_t *retention = json_object_get(object, "retention");
	size_t mark = json_read_enter(r, "retention");

	json_read_keys(r, retention, keys);
	read_code(r, retention, "class", regime->retention.class);
	read_term(r, retention, "keep", &regime->retention.keep);
	read_term(r, retention, "sender", &regime->retention.sender);
	json_read_bool(r, retention, "on_request", &regime->retention.is_on_request);
	read_source(r, retention, regime->retention.source, &regime->retention.is_confirmed);
	if (!r->err && !term_is_days(&regime->retention.keep))
		json_read_fault(r, "keep", "must be days or months");
	if (!r->err && !term_is_days(&regime->retention.sender))
		json_read_fault(r, "sender", "must be days or months");
	json_read_leave(r, mark);
}

/* The record as a file of its own, in one spelling. */
static void keep_body(
	struct json_read *r, const json_t *file, json_t *record, struct regime *regime)
{
	json_t *whole;

	if (r->err)
		return;
	whole = json_pack("{s:O, s:O, s:[O]}", "class", json_object_get(file, "class"), "name",
		json_object_get(file, "name"), "records", record);
	regime->body = whole ? json_dumps(whole, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	json_decref(whole);
	if (!regime->body)
		r->err = ERR_NOMEM;
}

static void read_record(struct json_read *r, const json_t *file, json_t *record,
	const struct regime *model, struct regime *regime)
{
	static const char *const keys[] = {"from", "to", "source", "confirmed", "addressee", "told",
		"retention", "clocks", NULL};

	*regime = *model;
	regime->to_day = INT64_MAX;
	json_read_keys(r, record, keys);
	json_read_date(r, record, "from", false, &regime->from_day);
	json_read_date(r, record, "to", true, &regime->to_day);
	read_source(r, record, regime->source, &regime->is_confirmed);
	json_read_text(r, record, "addressee", 0, regime->addressee, sizeof(regime->addressee) - 1);
	json_read_text(r, record, "told", 0, regime->told, CODE_MAX);
	check_told(r, regime->told);
	read_retention(r, record, regime);
	read_clocks(r, record, regime);
	if (!r->err && regime->to_day < regime->from_day)
		json_read_fault(r, "to", "is before \"from\"");
	keep_body(r, file, record, regime);
}

/* The one before ends where this one begins, unless it says an earlier day itself. */
static void join(struct json_read *r, struct regime *before, const struct regime *regime)
{
	if (r->err)
		return;
	if (before->from_day >= regime->from_day)
		json_read_fault(r, "from", "is not after that of the record before");
	else if (before->to_day == INT64_MAX)
		before->to_day = regime->from_day - 1;
	else if (before->to_day >= regime->from_day)
		json_read_fault(r, "from", "lies within the record before, which ends later");
}

static void read_records(struct json_read *r, const json_t *root, const struct regime *model,
	struct regime_list *out)
{
	const json_t *list = json_read_list(r, root, "records", 1, RECORDS_MAX);
	size_t count = json_array_size(list), mark = json_read_enter(r, "records");

	out->items = count ? calloc(count, sizeof(*out->items)) : NULL;
	if (count && !out->items)
		r->err = ERR_NOMEM;
	for (size_t i = 0; i < count && !r->err; i++) {
		size_t inner = json_read_element(r, i);

		read_record(r, root, json_array_get(list, i), model, &out->items[out->count++]);
		if (i)
			join(r, &out->items[i - 1], &out->items[i]);
		json_read_leave(r, inner);
	}
	json_read_leave(r, mark);
}

enum err regime_parse(const char *text, size_t len, const char *name, struct regime_list *ret_list,
	struct errbuf *eb)
{
	static const char *const keys[] = {"class", "name", "records", NULL};
	struct json_read r = {.name = name, .eb = eb};
	json_t *root = json_read_begin(&r, text, len);
	struct regime_list list = {0};
	struct regime model = {0};
	int class = 0;

	if (!root)
		return r.err;
	json_read_keys(&r, root, keys);
	json_read_word(&r, root, "class", class_words, LEGAL_CLASS_COUNT, &class);
	model.class = (enum legal_class) class;
	json_read_text(&r, root, "name", 1, model.name, sizeof(model.name) - 1);
	read_records(&r, root, &model, &list);
	json_decref(root);
	if (r.err) {
		regime_list_free(&list);
		return r.err;
	}
	*ret_list = list;
	return ERR_OK;
}

enum err regime_parse_body(const char *body, struct regime *ret_regime)
{
	struct regime_list list = {0};
	enum err err = regime_parse(body, strlen(body), "kept record", &list, NULL);

	if (err)
		return err;
	CHECK(list.count && list.items);
	*ret_regime = list.items[0];
	list.items[0].body = NULL;
	regime_list_free(&list);
	return ERR_OK;
}
