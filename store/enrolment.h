/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who asks to be in the registry of residents, until an officer has looked, and what those who are
 * in it agreed to. It is on the side of the registry (store/resident.h): hashes by its key, and
 * days instead of times, so that nothing here can be compared with the messages of correspondents.
 */
#ifndef BINHYEN_STORE_ENROLMENT_H
#define BINHYEN_STORE_ENROLMENT_H

#include "daemon/base/buf.h"
#include "store/store.h"

#define ENROLMENT_SAID_MAX 64 /* bytes of a hamlet that was not understood */

enum consent_way { CONSENT_PHONE, CONSENT_OFFICE };
/* Agreed today to this version of the wording; once is enough. */
MUST_CHECK
enum err consent_put(struct store *store, int64_t resident_id, int version, enum consent_way way);
/* The newest that he agreed to; ERR_NOT_FOUND: none (a list of the commune has him). */
MUST_CHECK
enum err consent_of(struct store *store, int64_t resident_id, int *ret_version);

enum enrolment_state { ENROLMENT_WAITING, ENROLMENT_ACCEPTED, ENROLMENT_DECLINED };
const char *enrolment_state_text(enum enrolment_state state);
struct enrolment {
	int64_t id;
	enum enrolment_state state;
	int64_t place_id; /* 0: his hamlet was not understood */
	int version;	  /* of the wording he agreed to */
	int64_t day;
	bool is_move;	   /* he says that he is in the registry with another number */
	int64_t asked_day; /* on which he was asked for what he left out; 0 never */
};
struct enrolment_new {
	const char *phone; /* E.164 */
	const char *name;  /* UTF-8 NFC */
	int64_t place_id;  /* 0 */
	const char *said;  /* the hamlet in his words; "" when place_id says it */
	const char *zalo;  /* user id that was shown to be his; NULL, "" none */
	int version;
	bool is_move;
};
/* Waits, or what waits already is put right. *ret_is_new: the first. */
MUST_CHECK
enum err enrolment_put(
	struct store *store, const struct enrolment_new *in, int64_t *ret_id, bool *ret_is_new);
MUST_CHECK
enum err enrolment_load(struct store *store, int64_t id, struct enrolment *ret_enrolment);
/* The next that waits, above after_id; ERR_NOT_FOUND. */
MUST_CHECK
enum err enrolment_next(struct store *store, int64_t after_id, struct enrolment *ret_enrolment);
/* He was asked today. ERR_NOT_FOUND: nothing waits under that number. */
MUST_CHECK
enum err enrolment_asked(struct store *store, int64_t id);
/* Those who wait at one place wait at another. */
MUST_CHECK
enum err enrolment_move(struct store *store, int64_t from_id, int64_t to_id, int64_t *ret_count);
MUST_CHECK
enum err enrolment_count(struct store *store, int64_t *ret_waiting);
/* Of one that waits, appended; ERR_NOT_FOUND: it was decided. said is "" when it was understood,
 * zalo when none is known. */
struct enrolment_words {
	struct buf phone, name, said, zalo;
};
MUST_CHECK
enum err enrolment_words(struct store *store, int64_t id, struct enrolment_words *ret_words);
void enrolment_words_free(struct enrolment_words *words);
/* ERR_NOT_FOUND: nothing waits under that number. */
MUST_CHECK
enum err enrolment_decide(
	struct store *store, int64_t id, enum enrolment_state state, int64_t officer_id);
/* All that this phone asked for. */
MUST_CHECK
enum err enrolment_forget(struct store *store, const char *phone);

#endif
