/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/phrases.h"

#include "daemon/base/str.h"

#include <jansson.h>
#include <pthread.h>
#include <string.h>

/* vi.json, embedded at build. */
extern const char phrases_vi[];
extern const unsigned long phrases_vi_bytes;

static json_t *phrases;
static pthread_once_t phrases_once = PTHREAD_ONCE_INIT;

/* A file that does not parse can't leave the build: a test reads every phrase. */
static void phrases_read(void)
{
	phrases = json_loadb(phrases_vi, phrases_vi_bytes, JSON_REJECT_DUPLICATES, NULL);
	CHECK(json_is_object(phrases));
}

static const char *phrase_form_text(const json_t *entry, enum phrase_form form)
{
	static const char *const names[] = {
		[PHRASE_FULL] = "full", [PHRASE_SMS] = "sms", [PHRASE_SMS_MARKS] = "sms_marks"};
	const char *text = json_string_value(json_object_get(entry, names[form]));

	return text ? text : json_string_value(json_object_get(entry, names[PHRASE_FULL]));
}

static const char *field_value(
	const struct phrase_field *fields, const char *name, size_t name_bytes)
{
	for (; fields && fields->name; fields++) {
		if (strlen(fields->name) == name_bytes &&
			memcmp(fields->name, name, name_bytes) == 0)
			return fields->value;
	}
	return NULL;
}

/* A value goes out as it is: a brace that a resident wrote names no field. */
static enum err fill(const char *text, const struct phrase_field *fields, struct buf *out)
{
	enum err err = ERR_OK;

	while (!err && *text) {
		size_t plain = strcspn(text, "{"), name;
		const char *value;

		err = buf_add(out, text, plain);
		text += plain;
		if (err || !*text)
			break;
		name = strcspn(text + 1, "}");
		value = field_value(fields, text + 1, name);
		if (!value || text[1 + name] != '}')
			return ERR_INVALID;
		err = buf_adds(out, value);
		text += name + 2;
	}
	return err;
}

enum err phrase(
	const char *key, enum phrase_form form, const struct phrase_field *fields, struct buf *out)
{
	/* It may hold a resident's words. */
	CLEANUP(buf_wipe) struct buf filled;
	const char *text;
	enum err err;

	buf_init(&filled, out->max);
	pthread_once(&phrases_once, phrases_read);
	text = phrase_form_text(json_object_get(phrases, key), form);
	if (!text)
		return ERR_NOT_FOUND;
	err = fill(text, fields, &filled);
	if (err)
		return err;
	return buf_add(out, buf_text(&filled), filled.len);
}

const char *phrase_key(size_t index)
{
	void *iter;

	pthread_once(&phrases_once, phrases_read);
	for (iter = json_object_iter(phrases); iter && index; index--)
		iter = json_object_iter_next(phrases, iter);
	return iter ? json_object_iter_key(iter) : NULL;
}
