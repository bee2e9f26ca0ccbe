/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Polls (lấy ý kiến): an officer writes question, options and end; the question becomes a bulletin
 * draft, which is approved and sent as any other (desk/bulletin.h). When it goes out the poll is
 * open, and whoever is in its audience then has a voice: one a household, or one a phone. He
 * answers
 *
 *     YK 2      YK dong y      YK 11 2 (poll 11, option 2)      2, dong y
 *
 * by SMS or Zalo, the last without the keyword when only one poll waits for him, the words are an
 * option's and he is in no dialogue; otherwise it is a report like any other. The last answer of a
 * voice counts. What is not clear lies in a pile, and an officer says what it means. At its end the
 * poll is closed; officers finish the pile and have the result written: a bulletin draft again,
 * without cells so small that one could tell who it was (bulletin_figures.h).
 *
 * Nothing ties a voice to what else its phone writes: it is found by the registry's key while the
 * message is handled; afterwards there is no event, log line or time of it.
 */
#ifndef BINHYEN_DESK_POLL_H
#define BINHYEN_DESK_POLL_H

#include "daemon/desk/bulletin_figures.h"
#include "daemon/desk/officer.h"
#include "store/party.h"
#include "store/poll.h"

#define DESK_POLL_LABELS_MAX   220 /* letters of all options: they go by SMS */
#define DESK_POLL_QUESTION_MAX 250 /* letters */
#define DESK_POLL_LENGTH_MAX   (60 * DAY_MS)
#define POLL_END_BYTES	       48
#define DESK_POLL_KEPT_MS      (30 * DAY_MS) /* closed and not counted: then it is, as it is */

struct desk_poll_option {
	const char *label;
	const char *aliases; /* with commas between them; NULL none */
};
struct desk_poll_in {
	const char *question;
	const struct desk_poll_option *options;
	int option_count;
	enum poll_per per;
	int quorum; /* percent; 0 none */
	int64_t closes_ms;
	const char *audience; /* JSON, desk/audience.h */
	const char *category; /* of both its bulletins; NULL: bulletin_category_of_polls() */
};
/* With the draft of its question. ERR_INVALID, ERR_TOO_BIG with the reason. */
MUST_CHECK
enum err desk_poll_new(struct desk *desk, const struct desk_poll_in *in,
	const struct desk_actor *actor, int64_t *ret_id, struct errbuf *eb);
/* Its question was asked otherwise (loudspeaker, a meeting): open without its bulletin. */
MUST_CHECK
enum err desk_poll_open(
	struct desk *desk, int64_t id, const struct desk_actor *actor, struct errbuf *eb);
/* A bulletin has begun to go out; if it is the question of a poll, that is open. */
MUST_CHECK
enum err desk_poll_asked(struct desk *desk, int64_t bulletin_id, const char *actor);
/* The question is recalled: nothing that was said counts, it is deleted, and a bulletin is drafted
 * that tells so whom the question has reached. */
MUST_CHECK
enum err desk_poll_recalled(
	struct desk *desk, int64_t bulletin_id, const struct desk_actor *actor, struct errbuf *eb);
/* Before its time; resp. nothing of it counts. */
MUST_CHECK
enum err desk_poll_close(
	struct desk *desk, int64_t id, const struct desk_actor *actor, struct errbuf *eb);
MUST_CHECK
enum err desk_poll_cancel(
	struct desk *desk, int64_t id, const struct desk_actor *actor, struct errbuf *eb);
/* An officer says what an unclear answer means: an option, or 0 nothing. is_all: every one in the
 * pile with the same words. ERR_NOT_FOUND: that one is not in the pile any more. *ret_count: how
 * many were put right. */
MUST_CHECK
enum err desk_poll_assign(struct desk *desk, int64_t id, const uint8_t voice[VAULT_HASH_BYTES],
	int number, bool is_all, const struct desk_actor *actor, int64_t *ret_count,
	struct errbuf *eb);
/* Counts what is closed, deletes who said what, and writes the result as a bulletin draft. What
 * lies in the pile still is "not clear". ERR_STATE. */
MUST_CHECK
enum err desk_poll_result(struct desk *desk, int64_t id, const struct desk_actor *actor,
	int64_t *ret_bulletin_id, struct errbuf *eb);
/* Opens nothing; closes what is over and tells who wrote it, counts what nobody counted. */
MUST_CHECK
enum err desk_polls_tick(struct desk *desk);

/* ---- figures ---- */

struct desk_poll_figures {
	struct poll_option options[POLL_OPTIONS_MAX]; /* votes: FIGURES_HIDDEN too few to tell */
	int option_count;
	bool has_votes;	  /* of one that is open nobody sees more than how many have answered */
	int64_t answered; /* FIGURES_HIDDEN */
	int64_t unclear;
	bool has_quorum;
};
MUST_CHECK
enum err desk_poll_figures(
	struct desk *desk, const struct poll *poll, struct desk_poll_figures *ret_figures);

/* ---- who answers ---- */

struct desk_poll_answer {
	int64_t party_id; /* who is answered */
	int64_t other_id; /* the same sender as an anonymous one, or named; 0 none */
	enum party_kind kind;
	const char *address; /* canonical */
	const char *words;   /* behind the keyword; all of it when there is none */
	bool has_keyword;
};
/* ERR_NOT_FOUND: it is no answer to a poll, but a report. */
MUST_CHECK
enum err desk_poll_answer(struct desk *desk, const struct desk_poll_answer *in);
/* The same from a menu, which shows the options and says itself what became of it. */
struct desk_poll_choice {
	int64_t poll_id;
	enum party_kind kind;
	const char *address; /* canonical */
	const char *words;   /* a number or words, NFC */
};
struct desk_poll_chosen {
	enum poll_per per;
	struct poll_option option;
	bool is_changed;
	char end[POLL_END_BYTES]; /* until when he may say otherwise */
};
/* ERR_NOT_FOUND: he is not asked. ERR_STATE: it is over. ERR_INVALID: the words are not clear, and
 * were not kept. */
MUST_CHECK
enum err desk_poll_choose(
	struct desk *desk, const struct desk_poll_choice *in, struct desk_poll_chosen *ret_chosen);
/* When it closes, as people read it: "18 giờ ngày 25/11". */
void desk_poll_end_text(int64_t ms, char text[POLL_END_BYTES]);
/* Is one open that asks him? The first of them, by number. ERR_NOT_FOUND. */
MUST_CHECK
enum err desk_poll_for(struct desk *desk, enum party_kind kind, const char *address,
	int64_t after_id, struct poll *ret_poll);

#endif
