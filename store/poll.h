/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Polls:
 *
 *     DRAFT ──its question goes out──→ OPEN ──its time is over──→ CLOSED ──counted──→ DONE
 *       └──────────── CANCELLED ←───────┴────────────────────────────┘
 *
 * A voice is a household or a resident that is asked. It stands on the side of the registry
 * (resident.h): a hash by its key, of this poll only, without any time. What somebody said is
 * deleted once the poll is counted; then only the numbers are left.
 */
#ifndef BINHYEN_STORE_POLL_H
#define BINHYEN_STORE_POLL_H

#include "daemon/base/buf.h"
#include "store/vault.h"

struct store;

#define POLL_OPTIONS_MAX    8
#define POLL_LABEL_BYTES    96
#define POLL_ALIASES_BYTES  1024 /* JSON list */
#define POLL_QUESTION_BYTES 600
#define POLL_NUMBER_FIRST   11
#define POLL_WORDS_MAX	    2000 /* bytes of an answer that are kept */

#define POLL_STATE_TABLE(X) \
	X(DRAFT, "DRAFT") \
	X(OPEN, "OPEN") X(CLOSED, "CLOSED") X(DONE, "DONE") X(CANCELLED, "CANCELLED")
enum poll_state {
#define X(name, text) POLL_##name,
	POLL_STATE_TABLE(X)
#undef X
};
const char *poll_state_text(enum poll_state state);
enum poll_per { POLL_PER_PHONE, POLL_PER_HOUSEHOLD };
const char *poll_per_text(enum poll_per per);

struct poll {
	int64_t id;
	enum poll_state state;
	enum poll_per per;
	int quorum;					    /* percent of the voices; 0 none */
	int64_t author_id;				    /* 0: the box had no officers */
	int64_t created_ms, opened_ms, closes_ms, ended_ms; /* 0 not yet */
	int64_t bulletin_id, result_id;			    /* 0 none */
	int64_t voices;					    /* asked; 0 until it is open */
	char question[POLL_QUESTION_BYTES];
};
struct poll_option {
	int number; /* 1.. */
	char label[POLL_LABEL_BYTES];
	char aliases[POLL_ALIASES_BYTES];
	int64_t votes;
};
struct poll_new {
	enum poll_per per;
	const char *question, *audience; /* NFC; canonical JSON (desk/audience.h) */
	int quorum;
	int64_t author_id, closes_ms, bulletin_id;
	const struct poll_option *options;
	int option_count;
};
MUST_CHECK
enum err poll_add(struct store *store, const struct poll_new *in, int64_t *ret_id);
/* The question's bulletin, resp. that of the result. */
MUST_CHECK
enum err poll_set_bulletin(struct store *store, int64_t id, int64_t bulletin_id);
MUST_CHECK
enum err poll_set_result(struct store *store, int64_t id, int64_t bulletin_id);
MUST_CHECK
enum err poll_load(struct store *store, int64_t id, struct poll *ret_poll);
MUST_CHECK
enum err poll_audience(struct store *store, int64_t id, struct buf *out); /* appended */
typedef void (*poll_fn)(void *arg, const struct poll *poll);
/* The newest first. */
MUST_CHECK
enum err poll_list(struct store *store, int64_t before_id, int limit, poll_fn fn, void *arg);
/* Of a state, the next above after_id. ERR_NOT_FOUND. */
MUST_CHECK
enum err poll_next(
	struct store *store, enum poll_state state, int64_t after_id, struct poll *ret_poll);
/* In that state, whose question this bulletin is. ERR_NOT_FOUND. */
MUST_CHECK
enum err poll_of_bulletin(
	struct store *store, int64_t bulletin_id, enum poll_state state, struct poll *ret_poll);
/* votes: of one that is open or closed as they stand, of one that is done as they were counted. */
MUST_CHECK
enum err poll_options(struct store *store, int64_t id,
	struct poll_option ret_options[POLL_OPTIONS_MAX], int *ret_count);

/* ---- voices ---- */

/* DRAFT → OPEN: whoever was drawn (audience.h), but for blocked numbers, has a voice. ERR_STATE. */
MUST_CHECK
enum err poll_open(struct store *store, int64_t id, int64_t *ret_voices);
/* → CLOSED or CANCELLED. ERR_STATE: from there it does not go. */
MUST_CHECK
enum err poll_move(struct store *store, int64_t id, enum poll_state to);
/* CLOSED → DONE: the numbers are kept, the voices deleted. ERR_STATE. */
MUST_CHECK
enum err poll_finish(struct store *store, int64_t id);

/* His voice in this poll. ERR_NOT_FOUND: he was not asked. */
MUST_CHECK
enum err poll_voice_of(struct store *store, const struct poll *poll, int64_t resident_id,
	uint8_t ret_voice[VAULT_HASH_BYTES]);
/* choice 0: as it was; words NULL: nothing for an officer to look at (any more). *ret_before: what
 * it said before, 0 nothing. ERR_NOT_FOUND: there is no such voice. */
MUST_CHECK
enum err poll_say(struct store *store, int64_t id, const uint8_t voice[VAULT_HASH_BYTES],
	int choice, const char *words, int *ret_before);
struct poll_unclear {
	uint8_t voice[VAULT_HASH_BYTES];
	int choice; /* what counts for now; 0 nothing */
	struct buf words;
};
/* The next above `after`, NULL the first. words: to be initialised, appended. ERR_NOT_FOUND. */
MUST_CHECK
enum err poll_unclear_next(struct store *store, int64_t id, const uint8_t after[VAULT_HASH_BYTES],
	struct poll_unclear *unclear);
/* answered: with a choice that counts; unclear: waits for an officer. */
MUST_CHECK
enum err poll_turnout(struct store *store, int64_t id, int64_t *ret_answered, int64_t *ret_unclear);
/* Unclear answers of all polls. */
MUST_CHECK
enum err poll_waiting(struct store *store, int64_t *ret_count);
/* Answers to all polls that run and have at least so many, together: whether there are new ones. */
MUST_CHECK
enum err poll_heard(struct store *store, int64_t fewest, int64_t *ret_count);

#endif
