/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a message holds beside its text, from a row of the lists (type, url, links, location...) or
 * from a webhook event (attachments[]): what is to be fetched, and what is put into words. Pure
 * functions.
 */
#ifndef BINHYEN_RELAY_ZALO_CONTENT_H
#define BINHYEN_RELAY_ZALO_CONTENT_H

#include "daemon/relay/zalo_json.h"
#include "store/attachment.h"

#define ZALO_PLACES_MAX 10

enum zalo_place_kind { ZALO_PLACE_LOCATION, ZALO_PLACE_LINK, ZALO_PLACE_CARD };

/* Something that words can carry: coordinates, an address, a phone number. */
struct zalo_place {
	enum zalo_place_kind kind;
	char text[512];
};

/* Strings are borrowed from the JSON. */
struct zalo_content {
	struct attachment_new item[ATTACHMENTS_MAX];
	size_t item_count;
	struct zalo_place place[ZALO_PLACES_MAX];
	size_t place_count;
	const char *text; /* "" none */
	bool is_known;	  /* the type is one that we know */
};

void zalo_content_of_row(const json_t *row, struct zalo_content *ret_content);
/* `message` of a webhook event; event_name without its "user_send_" ("text", "image"...). */
void zalo_content_of_event(
	const json_t *message, const char *type, struct zalo_content *ret_content);

/* The text, and a line of words for each place. */
MUST_CHECK
enum err zalo_content_words(const struct zalo_content *content, struct buf *out);

#endif
