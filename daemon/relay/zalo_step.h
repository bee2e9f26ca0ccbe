/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A message as the calls that it takes: its text in pieces that Zalo accepts, marked "(2/3)" where
 * there are several; a picture with the last of them as its caption; a file by itself after them.
 * Which of them have gone is on disk (store/outbox.h), so that a message goes on where it was. Pure
 * functions.
 */
#ifndef BINHYEN_RELAY_ZALO_STEP_H
#define BINHYEN_RELAY_ZALO_STEP_H

#include "daemon/relay/zalo_text.h"
#include "store/enclosure.h"

#define ZALO_STEPS_MAX 40 /* pieces of the longest text that the outbox takes, and a file */

struct zalo_step {
	struct outbox_piece piece; /* as it is recorded once it has gone */
	int total;
	bool is_last;
	bool has_attachment;
	struct buf text; /* "" for a file */
};
/* Zero-initialise; zalo_step_done wipes. */
void zalo_step_done(struct zalo_step *step);

/*
 * The call after `gone`. attachment: of the message, NULL none. ERR_INVALID: the text is empty or
 * not UTF-8; ERR_STATE: nothing is left.
 */
MUST_CHECK
enum err zalo_step_next(enum channel_kind kind, const char *text,
	const struct enclosure *attachment, const struct outbox_piece *gone,
	struct zalo_step *ret_step);

/* The body of POST /v3.0/oa/message/cs, respectively /v3.0/oa/group/message. gif_size: width and
 * height, which Zalo wants to know of an animation. */
struct zalo_gif_size {
	int width, height;
};
MUST_CHECK
enum err zalo_step_body(enum channel_kind kind, const char *address, const struct zalo_step *step,
	const struct enclosure *attachment, const struct zalo_gif_size *gif_size, struct buf *out);
/* From the first bytes of a GIF file; ERR_INVALID when it is none. */
MUST_CHECK
enum err zalo_gif_size(const void *data, size_t bytes, struct zalo_gif_size *ret_size);

/* The body of POST /v2.0/oa/message that puts a thumb below a resident's message. */
MUST_CHECK
enum err zalo_tick_body(const char *user_id, const char *message_id, struct buf *out);

#endif
