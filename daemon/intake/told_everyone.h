/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "ROI 45": the head of a hamlet has told everyone of bulletin 45. As people type it: with accents
 * or not, in capitals or not, with signs ("Rồi: 45."), and with what they add ("roi 45, ca thon").
 */
#ifndef BINHYEN_INTAKE_TOLD_EVERYONE_H
#define BINHYEN_INTAKE_TOLD_EVERYONE_H

#include "daemon/base/err.h"

#include <stdint.h>

/* ERR_NOT_FOUND: it is something else. */
MUST_CHECK
enum err told_everyone_parse(const char *text, int64_t *ret_bulletin);

#endif
