/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What residents and officers read, in Vietnamese, from config/phrases/vi.json (embedded at build).
 * Each phrase has a form with marks and may have an unaccented one for SMS ("sms"), and one with
 * marks that is short enough for SMS ("sms_marks") where the first is not. Fields are {name}.
 */
#ifndef BINHYEN_CONFIG_PHRASES_H
#define BINHYEN_CONFIG_PHRASES_H

#include "daemon/base/buf.h"

enum phrase_form { PHRASE_FULL, PHRASE_SMS, PHRASE_SMS_MARKS };

struct phrase_field {
	const char *name;
	const char *value;
};

/* Appends phrase `key` with its fields filled in; fields ends with {NULL, NULL}. The others
 * fall back to the full form. ERR_NOT_FOUND for an unknown key, ERR_INVALID when a field of the
 * phrase is not given: both our bugs, found by a test. */
MUST_CHECK
enum err phrase(
	const char *key, enum phrase_form form, const struct phrase_field *fields, struct buf *out);

/* Every key, for the test that fills each of them; NULL past the end. */
const char *phrase_key(size_t index);

#endif
