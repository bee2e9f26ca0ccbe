/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/bulletin_category.h"

#include "daemon/base/str.h"

#include <jansson.h>
#include <pthread.h>
#include <string.h>

/* categories.json, embedded at build. */
extern const char bulletin_categories[];
extern const unsigned long bulletin_categories_bytes;

static struct bulletin_category embedded[BULLETIN_CATEGORIES_MAX];
static int embedded_count;
static pthread_once_t embedded_once = PTHREAD_ONCE_INIT;

static bool is_code(const char *code)
{
	return code[0] && strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(code);
}

static enum err read_one(json_t *item, struct bulletin_category *ret, struct errbuf *eb)
{
	const char *code, *name, *urgency, *severity, *certainty;
	int is_sensitive, is_of_polls = 0;
	json_error_t where;

	if (json_unpack_ex(item, &where, JSON_STRICT,
		    "{s:s, s:s, s:i, s:b, s:i, s:s, s:s, s:s, s?b}", "code", &code, "name", &name,
		    "topic", &ret->topic, "is_sensitive", &is_sensitive, "days", &ret->days,
		    "urgency", &urgency, "severity", &severity, "certainty", &certainty, "polls",
		    &is_of_polls))
		return errbuf_set(eb, ERR_INVALID, "%s", where.text);
	if (!is_code(code) || str_copy(ret->code, sizeof(ret->code), code))
		return errbuf_set(eb, ERR_INVALID, "code \"%s\" must have 1 to %d of a-z 0-9 _",
			code, BULLETIN_CATEGORY_BYTES - 1);
	if (!name[0] || str_copy(ret->name, sizeof(ret->name), name))
		return errbuf_set(eb, ERR_INVALID, "%s: the name has 1 to %zu bytes", code,
			sizeof(ret->name) - 1);
	if (ret->topic < 1 || ret->topic > BULLETIN_TOPIC_MAX || ret->days < 1 ||
		ret->days > BULLETIN_DAYS_MAX)
		return errbuf_set(eb, ERR_INVALID, "%s: topic is 1 to %d, days 1 to %d", code,
			BULLETIN_TOPIC_MAX, BULLETIN_DAYS_MAX);
	if (bulletin_urgency_of(urgency, &ret->urgency) ||
		bulletin_severity_of(severity, &ret->severity) ||
		bulletin_certainty_of(certainty, &ret->certainty))
		return errbuf_set(eb, ERR_INVALID,
			"%s: urgency, severity or certainty is no word of CAP 1.2", code);
	ret->is_sensitive = is_sensitive;
	ret->is_of_polls = is_of_polls;
	return ERR_OK;
}

static bool is_repeated(const struct bulletin_category *categories, int count)
{
	const struct bulletin_category *last = &categories[count];

	for (int i = 0; i < count; i++) {
		if (str_eq(categories[i].code, last->code) || categories[i].topic == last->topic ||
			(categories[i].is_of_polls && last->is_of_polls))
			return true;
	}
	return false;
}

enum err bulletin_category_parse(const char *json, size_t bytes,
	struct bulletin_category categories[BULLETIN_CATEGORIES_MAX], int *ret_count,
	struct errbuf *eb)
{
	json_error_t where;
	json_t *list = json_loadb(json, bytes, JSON_REJECT_DUPLICATES, &where);
	enum err err = ERR_OK;
	int count = 0;

	if (!list)
		return errbuf_set(eb, ERR_INVALID, "line %d: %s", where.line, where.text);
	if (!json_is_array(list) || !json_array_size(list) ||
		json_array_size(list) > BULLETIN_CATEGORIES_MAX)
		err = errbuf_set(eb, ERR_INVALID, "it must be a list of 1 to %d categories",
			BULLETIN_CATEGORIES_MAX);
	for (size_t i = 0; !err && i < json_array_size(list); i++, count++) {
		categories[count] = (struct bulletin_category){.topic = 0};
		err = read_one(json_array_get(list, i), &categories[count], eb);
		if (!err && is_repeated(categories, count))
			err = errbuf_set(eb, ERR_INVALID,
				"%s: its code or topic was there before, or it is the second for polls",
				categories[count].code);
	}
	json_decref(list);
	if (!err)
		*ret_count = count;
	return err;
}

/* A file that does not parse can't leave the build: a test reads it. */
static void embedded_read(void)
{
	struct errbuf eb = {0};

	CHECK(bulletin_category_parse(bulletin_categories, bulletin_categories_bytes, embedded,
		      &embedded_count, &eb) == ERR_OK);
}

const struct bulletin_category *bulletin_category_at(int index)
{
	pthread_once(&embedded_once, embedded_read);
	return index >= 0 && index < embedded_count ? &embedded[index] : NULL;
}

const struct bulletin_category *bulletin_category_find(const char *code)
{
	const struct bulletin_category *category;

	for (int i = 0; (category = bulletin_category_at(i)); i++) {
		if (str_eq(category->code, code))
			return category;
	}
	return NULL;
}

const struct bulletin_category *bulletin_category_of_topic(int topic)
{
	const struct bulletin_category *category;

	for (int i = 0; (category = bulletin_category_at(i)); i++) {
		if (category->topic == topic)
			return category;
	}
	return NULL;
}

const struct bulletin_category *bulletin_category_of_polls(void)
{
	const struct bulletin_category *category;

	for (int i = 0; (category = bulletin_category_at(i)) != NULL; i++) {
		if (category->is_of_polls)
			return category;
	}
	return bulletin_category_at(0);
}
