/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One-time codes of the registry: whoever asks from one address is told one, and sends it from
 * another, which shows that both are his. A phone asks when its number changes; a Zalo user when he
 * enrols, since Zalo tells nobody's number. On the side of the registry (store/resident.h), with
 * days instead of times. Guessing is slowed down by whoever asks here (report_code.h).
 */
#ifndef BINHYEN_STORE_ENROL_CODE_H
#define BINHYEN_STORE_ENROL_CODE_H

#include "daemon/base/buf.h"
#include "store/store.h"

#define ENROL_CODE_LEN	8
#define ENROL_CODE_DAYS 1 /* it holds until the evening so many days later */

enum enrol_code_kind { ENROL_CODE_PHONE, ENROL_CODE_ZALO };
struct enrol_code_new {
	enum enrol_code_kind kind;
	const char *address; /* E.164 or a Zalo user id: who asks */
	const char *words;   /* what he said with it; "" nothing */
	int version;	     /* of the wording he agreed to; 0 none */
};
/* In the place of an older one of that address. The only time that it is told. */
MUST_CHECK
enum err enrol_code_draw(
	struct store *store, const struct enrol_code_new *in, char ret_code[ENROL_CODE_LEN + 1]);

struct enrol_code {
	int64_t id;
	enum enrol_code_kind kind;
	int version;
	struct buf address, words;
};
/* ERR_NOT_FOUND: there is none, or its time is over. Freed by enrol_code_done(). */
MUST_CHECK
enum err enrol_code_find(struct store *store, const char *code, struct enrol_code *ret_code);
void enrol_code_done(struct enrol_code *code);
/* It was used. */
MUST_CHECK
enum err enrol_code_drop(struct store *store, int64_t id);
/* Forgets those whose time is over. */
MUST_CHECK
enum err enrol_code_prune(struct store *store);

#endif
