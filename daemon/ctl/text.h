/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What residents wrote, made safe for a terminal. A report is free text from anybody: an escape
 * sequence in it could rewrite the officer's screen or type into his shell, a direction mark could
 * turn its meaning round.
 */
#ifndef BINHYEN_CTL_TEXT_H
#define BINHYEN_CTL_TEXT_H

#include "daemon/base/buf.h"

#include <stdbool.h>

/*
 * Appends `text` with every control character (C0, DEL, C1, direction and line marks, bytes that
 * are no UTF-8) written as \uXXXX, which is what JSON calls it too. Newlines stay when keeps_lines.
 */
MUST_CHECK
enum err text_escape(const char *text, bool keeps_lines, struct buf *out);

/* Columns it takes on a terminal: Vietnamese in NFC has one a character. */
size_t text_columns(const char *text);

#endif
