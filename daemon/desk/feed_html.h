/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of a piece of HTML, as a feed carries them in its summaries: tags, scripts, comments
 * and pictures are left out, entities are their characters, blocks become lines. It is read to be
 * shown to an officer as plain text and never handed on as HTML. Pure.
 */
#ifndef BINHYEN_DESK_FEED_HTML_H
#define BINHYEN_DESK_FEED_HTML_H

#include "daemon/base/buf.h"

/* html: UTF-8. Appends NFC text without control characters other than newlines, at most `max`
 * bytes: what is longer is cut at a word and ends in "…". */
MUST_CHECK
enum err feed_html_text(const char *html, size_t max, struct buf *out);

#endif
