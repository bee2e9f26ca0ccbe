/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "LT Nguyen Van A, 001090123456, ...": a stay notice, as the poster says. "Lưu trú ..." counts
 * only with a digit behind it: without one it asks how that is done. What tells of a danger is a
 * report, however it begins.
 */
#ifndef BINHYEN_INTAKE_STAY_WORD_H
#define BINHYEN_INTAKE_STAY_WORD_H

#include "daemon/base/err.h"

#include <stdint.h>

struct intake;

/* What follows the keyword, within the text; NULL: it does not begin with it. text: any bytes. */
const char *stay_keyword(const char *text);

/* ERR_NOT_FOUND: it is something else, and belongs into a report. sent_ms: 0 not known. */
MUST_CHECK
enum err intake_take_stay(
	struct intake *intake, int64_t party_id, const char *text, int64_t sent_ms);

#endif
