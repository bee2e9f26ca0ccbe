/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wrong codes, counted by who asks, by what he asks for and for all: each scope has some free, and
 * then a delay that grows (question.h says how much). Part of one question, on the stack. */
#ifndef BINHYEN_DESK_CODE_TRIES_H
#define BINHYEN_DESK_CODE_TRIES_H

#include "store/report_code.h"

struct desk;

struct code_tries {
	const char *keys[CODE_SCOPE_COUNT]; /* borrowed: whose tries these are */
	int64_t now_ms;
	struct code_guard guards[CODE_SCOPE_COUNT];
	bool is_locked; /* nothing is looked up now */
};
/* keys and now_ms are set by the caller. */
MUST_CHECK
enum err code_tries_load(struct desk *desk, struct code_tries *tries);
/* Every row is written, whatever came of it. */
MUST_CHECK
enum err code_tries_save(struct desk *desk, struct code_tries *tries, bool is_known);

#endif
