/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One item while its document is read: the raw words of its fields, and what becomes of them.
 * Within desk/feed_* only. */
#ifndef BINHYEN_DESK_FEED_ITEM_H
#define BINHYEN_DESK_FEED_ITEM_H

#include "daemon/base/buf.h"
#include "daemon/desk/feed_document.h"

/* Those of an alert's info come last: an alert may have several, of which one is chosen. */
enum feed_field {
	FEED_FIELD_ID,
	FEED_FIELD_CONTENT,
	FEED_FIELD_PUBLISHED,
	FEED_FIELD_UPDATED,
	FEED_FIELD_IDENTIFIER,
	FEED_FIELD_SENDER,
	FEED_FIELD_SENT,
	FEED_FIELD_STATUS,
	FEED_FIELD_TYPE,
	FEED_FIELD_SCOPE,
	FEED_FIELD_REFERENCES,
	FEED_FIELD_NOTE,
	FEED_FIELD_INFO, /* the first of them */
	FEED_FIELD_TITLE = FEED_FIELD_INFO,
	FEED_FIELD_SUMMARY,
	FEED_FIELD_LINK,
	FEED_FIELD_LANGUAGE,
	FEED_FIELD_EVENT,
	FEED_FIELD_URGENCY,
	FEED_FIELD_SEVERITY,
	FEED_FIELD_CERTAINTY,
	FEED_FIELD_EXPIRES,
	FEED_FIELD_INSTRUCTION,
	FEED_FIELD_AREA,
	FEED_FIELD_COUNT
};

struct feed_words {
	struct buf raw;
	bool is_markup;
	bool is_cut; /* longer than it may be */
	bool is_set; /* came once: the first one counts */
};

struct feed_draft {
	struct feed_words words[FEED_FIELD_COUNT];
	struct feed_words chosen[FEED_FIELD_COUNT - FEED_FIELD_INFO]; /* the info so far */
	bool has_chosen, is_chosen_vi;
	int link_rank; /* of the link so far; 0 none */
	enum err err;
};
void feed_draft_init(struct feed_draft *draft);
void feed_draft_done(struct feed_draft *draft);
void feed_draft_begin(struct feed_draft *draft);
void feed_draft_begin_info(struct feed_draft *draft);
/* In Vietnamese, if there is one; else the first. */
void feed_draft_end_info(struct feed_draft *draft);

void feed_draft_open(struct feed_draft *draft, enum feed_field field, bool is_markup);
void feed_draft_add(struct feed_draft *draft, enum feed_field field, const char *text, size_t len);
/* An element of XHTML begins or ends within the field. */
void feed_draft_break(struct feed_draft *draft, enum feed_field field);
void feed_draft_close(struct feed_draft *draft, enum feed_field field);
/* An atom:link: the best of several is kept. */
void feed_draft_link(struct feed_draft *draft, const char *rel, const char *type, const char *href);

/* ERR_INVALID: nothing to know it by, or an alert without what it must have. */
MUST_CHECK
enum err feed_draft_finish(struct feed_draft *draft, bool is_alert, struct feed_item *ret_item);
void feed_item_done(struct feed_item *item);

#endif
