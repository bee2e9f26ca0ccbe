/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/zalo_content.h"

#include "config/phrases.h"
#include "daemon/base/str.h"
#include "gateway/sms_text.h"

#include <string.h>
#include <strings.h>

enum content_kind { CONTENT_TEXT, CONTENT_MEDIA, CONTENT_LINK, CONTENT_LOCATION };

/* As the lists and the events call them. */
static const struct {
	const char *type;
	enum content_kind content;
	enum attachment_kind kind; /* CONTENT_MEDIA */
} types[] = {
	{"text", CONTENT_TEXT, ATTACHMENT_FILE},
	{"", CONTENT_TEXT, ATTACHMENT_FILE},
	{"photo", CONTENT_MEDIA, ATTACHMENT_IMAGE},
	{"image", CONTENT_MEDIA, ATTACHMENT_IMAGE},
	{"gif", CONTENT_MEDIA, ATTACHMENT_GIF},
	{"sticker", CONTENT_MEDIA, ATTACHMENT_STICKER},
	{"voice", CONTENT_MEDIA, ATTACHMENT_VOICE},
	{"audio", CONTENT_MEDIA, ATTACHMENT_VOICE},
	{"video", CONTENT_MEDIA, ATTACHMENT_VIDEO},
	{"file", CONTENT_MEDIA, ATTACHMENT_FILE},
	{"link", CONTENT_LINK, ATTACHMENT_FILE},
	{"links", CONTENT_LINK, ATTACHMENT_FILE},
	{"business_card", CONTENT_LINK, ATTACHMENT_FILE},
	{"location", CONTENT_LOCATION, ATTACHMENT_FILE},
};

static int type_find(const char *type)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		if (strcasecmp(types[i].type, type) == 0)
			return (int)i;
	}
	return -1;
}

static const char *first_text(const json_t *object, const char *const *keys)
{
	for (; *keys; keys++) {
		const char *text = zalo_json_text(object, *keys);

		if (text[0])
			return text;
	}
	return "";
}

/* ---- things to fetch -------------------------------------------------------------------------
 */

/* 32 hexadecimal digits, or "": what is no MD5 is not checked. */
static const char *md5_of(const json_t *object)
{
	const char *text = zalo_json_text(object, "checksum");

	if (strlen(text) != ATTACHMENT_MD5_HEX - 1 ||
		strspn(text, "0123456789abcdefABCDEF") != ATTACHMENT_MD5_HEX - 1)
		return "";
	return text;
}

static const char *name_of(const json_t *object)
{
	static const char *const keys[] = {"name", "file_name", "title", NULL};
	const char *text = first_text(object, keys);

	return strlen(text) < ATTACHMENT_NAME_BYTES ? text : "";
}

static void add_item(struct zalo_content *c, const json_t *object, enum attachment_kind kind)
{
	static const char *const keys[] = {"url", "href", NULL};
	struct attachment_new *item = &c->item[c->item_count];
	int64_t bytes = 0;

	if (c->item_count == ATTACHMENTS_MAX)
		return;
	if (zalo_json_int(json_object_get(object, "size"), &bytes) || bytes < 0)
		bytes = 0;
	*item = (struct attachment_new){.kind = kind,
		.url = first_text(object, keys),
		.name = name_of(object),
		.md5 = md5_of(object),
		.bytes = bytes};
	/* A thumbnail is better than nothing. */
	if (!item->url[0] && kind != ATTACHMENT_VOICE && kind != ATTACHMENT_FILE) {
		static const char *const thumbs[] = {"thumb", "thumbnail", NULL};

		item->url = first_text(object, thumbs);
		if (item->url[0] && kind == ATTACHMENT_VIDEO)
			item->kind = ATTACHMENT_IMAGE;
	}
	if (!item->url[0] || strlen(item->url) > ATTACHMENT_URL_MAX) {
		item->url = "";
		item->reason = "no_url";
	}
	c->item_count++;
}

/* ---- things to say ---------------------------------------------------------------------------
 */

static void add_place(struct zalo_content *c, enum zalo_place_kind kind, const char *text)
{
	struct zalo_place *place = &c->place[c->place_count];

	if (!text[0] || c->place_count == ZALO_PLACES_MAX ||
		str_copy(place->text, sizeof(place->text), text))
		return;
	place->kind = kind;
	c->place_count++;
}

static bool is_coordinate(const char *text)
{
	size_t len = strlen(text);

	return len && len < 32 && strspn(text, "-.0123456789") == len;
}

/* A number or digits as text; "" when it is neither. */
static void coordinate(const json_t *value, char text[32])
{
	const char *given = json_string_value(value);

	text[0] = 0;
	if (json_is_number(value))
		snprintf(text, 32, "%.6f", json_number_value(value));
	else if (given && is_coordinate(given))
		snprintf(text, 32, "%s", given);
}

static bool add_coordinates(struct zalo_content *c, const json_t *object)
{
	char latitude[32], longitude[32], both[80];

	coordinate(json_object_get(object, "latitude"), latitude);
	coordinate(json_object_get(object, "longitude"), longitude);
	if (!latitude[0] || !longitude[0])
		return false;
	snprintf(both, sizeof(both), "%s, %s", latitude, longitude);
	add_place(c, ZALO_PLACE_LOCATION, both);
	return true;
}

/* "location" is one string: coordinates, or JSON with them, or whatever it will be. */
static void add_location(struct zalo_content *c, const json_t *value)
{
	const char *text = json_string_value(value);
	json_t *inner = NULL;

	if (json_is_object(value)) {
		add_coordinates(c, value);
		return;
	}
	if (!text)
		return;
	if (text[0] == '{' && !zalo_json_load(text, strlen(text), &inner) &&
		add_coordinates(c, inner)) {
		json_decref(inner);
		return;
	}
	json_decref(inner);
	add_place(c, ZALO_PLACE_LOCATION, text);
}

/* A card is a link whose description is JSON with a phone. */
static bool add_card(struct zalo_content *c, const json_t *object)
{
	const char *text = zalo_json_text(object, "description");
	char phone[ATTACHMENT_MD5_HEX];
	json_t *card = NULL;
	bool is_card = false;

	if (text[0] != '{' || zalo_json_load(text, strlen(text), &card))
		return false;
	if (!zalo_json_id(json_object_get(card, "phone"), phone, sizeof(phone))) {
		add_place(c, ZALO_PLACE_CARD, phone);
		is_card = true;
	} else if (zalo_json_text(card, "phone")[0]) {
		add_place(c, ZALO_PLACE_CARD, zalo_json_text(card, "phone"));
		is_card = true;
	}
	json_decref(card);
	return is_card;
}

static void add_link(struct zalo_content *c, const json_t *object)
{
	static const char *const keys[] = {"url", "href", "link", NULL};

	if (!add_card(c, object))
		add_place(c, ZALO_PLACE_LINK, first_text(object, keys));
}

static void add_links(struct zalo_content *c, const json_t *row)
{
	const json_t *links = json_object_get(row, "links"), *link;
	size_t i;

	if (json_is_string(links))
		add_place(c, ZALO_PLACE_LINK, json_string_value(links));
	json_array_foreach (links, i, link) {
		if (json_is_object(link))
			add_link(c, link);
		else if (json_is_string(link))
			add_place(c, ZALO_PLACE_LINK, json_string_value(link));
	}
	if (!c->place_count)
		add_link(c, row);
}

/* ---- rows and events -------------------------------------------------------------------------
 */

void zalo_content_of_row(const json_t *row, struct zalo_content *ret_content)
{
	static const char *const words[] = {"message", "description", NULL};
	int type = type_find(zalo_json_text(row, "type"));
	struct zalo_content *c = ret_content;

	*c = (struct zalo_content){.text = first_text(row, words), .is_known = type >= 0};
	if (type < 0) {
		/* A type that the documents don't name; what has an address can be fetched. */
		if (zalo_json_text(row, "url")[0])
			add_item(c, row, ATTACHMENT_FILE);
		return;
	}
	switch (types[type].content) {
	case CONTENT_MEDIA:
		add_item(c, row, types[type].kind);
		break;
	case CONTENT_LINK:
		add_links(c, row);
		break;
	case CONTENT_LOCATION:
		add_location(c, json_object_get(row, "location"));
		break;
	case CONTENT_TEXT:
		break;
	}
	/* The JSON of a card is not what somebody wrote. */
	if (c->place_count && c->place[0].kind == ZALO_PLACE_CARD)
		c->text = zalo_json_text(row, "message");
}

static void event_part(struct zalo_content *c, const json_t *part)
{
	const json_t *payload = json_object_get(part, "payload");
	int type = type_find(zalo_json_text(part, "type"));

	if (type < 0 || !zalo_json_text(part, "type")[0]) {
		if (zalo_json_text(payload, "url")[0])
			add_item(c, payload, ATTACHMENT_FILE);
		c->is_known = false;
		return;
	}
	switch (types[type].content) {
	case CONTENT_MEDIA:
		add_item(c, payload, types[type].kind);
		break;
	case CONTENT_LINK:
		add_link(c, payload);
		break;
	case CONTENT_LOCATION:
		add_location(c, json_object_get(payload, "coordinates"));
		break;
	case CONTENT_TEXT:
		break;
	}
}

void zalo_content_of_event(
	const json_t *message, const char *type, struct zalo_content *ret_content)
{
	const json_t *parts = json_object_get(message, "attachments"), *part;
	struct zalo_content *c = ret_content;
	size_t i;

	*c = (struct zalo_content){
		.text = zalo_json_text(message, "text"), .is_known = type_find(type) >= 0};
	json_array_foreach (parts, i, part)
		event_part(c, part);
}

enum err zalo_content_words(const struct zalo_content *content, struct buf *out)
{
	static const char *const keys[] = {[ZALO_PLACE_LOCATION] = "content_location",
		[ZALO_PLACE_LINK] = "content_link",
		[ZALO_PLACE_CARD] = "content_card"};
	enum err err = sms_text_normalize(content->text, out);

	for (size_t i = 0; !err && i < content->place_count; i++) {
		const struct zalo_place *place = &content->place[i];
		const struct phrase_field fields[] = {{"place", place->text}, {NULL, NULL}};

		if (strstr(content->text, place->text))
			continue;
		if (out->len)
			err = buf_adds(out, "\n");
		if (!err)
			err = phrase(keys[place->kind], PHRASE_FULL, fields, out);
	}
	return err;
}
