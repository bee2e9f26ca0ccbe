/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a text will be by SMS before it is sent: its words and alphabet as its lane sends them, its
 * segments, what it costs and how long it takes with the modems and caps that there are. Made of
 * the same parts that send: desk_sms_fit() chooses the alphabet, modem_price() is what
 * modem_choose() compares, and the caps are those of caps.h.
 */
#ifndef BINHYEN_RELAY_SMS_PREVIEW_H
#define BINHYEN_RELAY_SMS_PREVIEW_H

#include "daemon/relay/modem_choice.h"
#include "gateway/sms_text.h"

#define PREVIEW_SEGMENT_MS (3 * SECOND_MS) /* of radio, with the link held between messages */
#define PREVIEW_NEVER	   INT64_MAX	   /* not within a year */

struct preview_ask {
	const char *text; /* UTF-8 */
	enum lane lane;
	const char *const *to; /* "+84..."; NULL: the operators are not known */
	int64_t count;	       /* of recipients */
	const struct modem_candidate *modems;
	int modem_count;
};

struct preview {
	struct sms_size size;
	bool is_unaccented; /* to fit the segments of its lane */
	int ready;	    /* modems that may send now */
	bool has_price;	    /* is the price of every segment known? */
	int64_t price;	    /* đồng for all; where an operator is not known the dearer one */
	int64_t takes_ms;   /* until the last one is out, if nothing else is sent meanwhile */
	int64_t expires_ms; /* how long the lane keeps trying */
	int64_t too_late;   /* recipients that caps and radio would not let have it by then */
};

/* out: the text as it will be sent. INVALID: no UTF-8, or empty; TOO_BIG for its lane. */
MUST_CHECK
enum err sms_preview(struct store *store, const struct preview_ask *ask, struct buf *out,
	struct preview *ret_preview, struct errbuf *eb);

#endif
