/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/zalo/media.h"

#include "daemon/base/str.h"

#include <string.h>

#define FILL_MAX (64 * 1024 * 1024)

struct media_item {
	struct media_item *next;
	char name[64];
	char type[64];
	char redirect[512];
	char *data;
	size_t len;
	int64_t cut;	    /* -1 = whole */
	int64_t expires_ms; /* 0 = never */
};

static void item_free(struct media_item *item)
{
	free(item->data);
	free(item);
}

static struct media_item **find(struct media_shelf *shelf, const char *name)
{
	struct media_item **link = &shelf->items;

	while (*link && !str_eq((*link)->name, name))
		link = &(*link)->next;
	return link;
}

static int digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

static bool fill_data(struct media_item *item, const char *hex, json_int_t fill)
{
	size_t bytes = strlen(hex) / 2;

	item->len = (size_t)fill > bytes ? (size_t)fill : bytes;
	item->data = calloc(1, item->len + 1);
	MUST_HAVE(item->data);
	for (size_t i = 0; i < bytes; i++) {
		int high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		item->data[i] = (char)(high * 16 + low);
	}
	return strlen(hex) % 2 == 0;
}

const char *media_put(struct media_shelf *shelf, const struct world *world, json_t *order)
{
	const char *what, *name, *hex = "", *type = "application/octet-stream", *redirect = "";
	json_int_t fill = 0, expires_ms = 0, cut = -1;
	struct media_item *item, **link;

	if (json_unpack(order, "{s:s, s:s, s?s, s?I, s?s, s?I, s?I, s?s !}", "what", &what, "name",
		    &name, "hex", &hex, "fill", &fill, "type", &type, "expires_ms", &expires_ms,
		    "cut", &cut, "redirect", &redirect))
		return "a key is unknown, missing or of the wrong type";
	if (fill < 0 || fill > FILL_MAX)
		return "fill is out of range";
	item = calloc(1, sizeof(*item));
	MUST_HAVE(item);
	item->cut = cut;
	item->expires_ms = expires_ms ? world_now_ms(world) + expires_ms : 0;
	if (str_copy(item->name, sizeof(item->name), name) ||
		str_copy(item->type, sizeof(item->type), type) ||
		str_copy(item->redirect, sizeof(item->redirect), redirect) ||
		!fill_data(item, hex, fill)) {
		item_free(item);
		return "name, type, redirect or hex is no good";
	}
	link = find(shelf, name);
	if (*link) {
		struct media_item *old = *link;

		*link = old->next;
		item_free(old);
	}
	item->next = shelf->items;
	shelf->items = item;
	return NULL;
}

void media_call(struct media_shelf *shelf, const struct world *world, const struct call *call,
	struct reply *reply)
{
	const struct media_item *item = *find(shelf, call->path + strlen(MEDIA_PATH));

	reply->has_acted = true;
	if (!item || !str_eq(call->method, "GET") || call_header(call, "access_token") ||
		(item->expires_ms && world_now_ms(world) >= item->expires_ms)) {
		reply->status = 404;
		reply->raw = str_dup("<html><body>Not Found</body></html>");
		return;
	}
	if (item->redirect[0]) {
		reply->status = 302;
		reply->location = item->redirect;
		reply->raw = str_dup("");
		return;
	}
	reply->status = 200;
	reply->type = item->type;
	reply->raw = malloc(item->len + 1);
	MUST_HAVE(reply->raw);
	memcpy(reply->raw, item->data, item->len + 1);
	reply->raw_len = item->len;
	reply->is_binary = true;
	reply->cut = item->cut;
}

void media_done(struct media_shelf *shelf)
{
	while (shelf->items) {
		struct media_item *item = shelf->items;

		shelf->items = item->next;
		item_free(item);
	}
}
