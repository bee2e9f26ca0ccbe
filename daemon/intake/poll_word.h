/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "YK 2", "YK: dong y", "Ý kiến 11 2": an answer to a poll. Words that only begin so are a report.
 * Pure. */
#ifndef BINHYEN_INTAKE_POLL_WORD_H
#define BINHYEN_INTAKE_POLL_WORD_H

/* What follows the keyword, within text; NULL: it does not begin with it. */
const char *poll_keyword(const char *text);

#endif
