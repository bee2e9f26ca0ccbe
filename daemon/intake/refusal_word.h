/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who wants no bulletins, or wants them again:
 *
 *     TU CHOI          none at all          "từ chối nhận tin", "STOP"
 *     TU CHOI 3        none of this topic   "từ chối bản tin số 3"
 *     NHAN LAI         all again            "nhận lại tin"
 *     NHAN LAI 3       of this topic again
 *
 * Only a text that is nothing else: "từ chối cấp căn cước cho tôi" is a report. Pure.
 */
#ifndef BINHYEN_INTAKE_REFUSAL_WORD_H
#define BINHYEN_INTAKE_REFUSAL_WORD_H

#include "daemon/base/err.h"

#include <stdbool.h>

struct refusal_word {
	bool is_back; /* wants them again */
	int topic;    /* 1..99; 0 all */
};
/* ERR_NOT_FOUND: something else. text: any bytes. */
MUST_CHECK
enum err refusal_word_parse(const char *text, struct refusal_word *ret_word);

#endif
