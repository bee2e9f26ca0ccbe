/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Somebody answers a poll: which one, with which voice, and what he is told. */
#include "daemon/desk/poll_private.h"

#include "config/phrases.h"
#include "daemon/desk/poll_words.h"
#include "daemon/desk/thread.h"
#include "store/resident.h"

#include <string.h>

#define POLL_SAID_MAX 12 /* answers to one sender within DESK_SAID_WINDOW_MS */
#define POLLS_TOLD    4	 /* numbers of polls in one sentence */

struct answering {
	struct desk *desk;
	const struct desk_poll_answer *in;
	struct poll poll; /* id 0: not known which */
	uint8_t voice[VAULT_HASH_BYTES];
	const char *words;
};

/* ---- who he is, and what is open to him ------------------------------------------------------
 */

static enum err find_resident(
	struct desk *desk, enum party_kind kind, const char *address, int64_t *ret_id)
{
	char phone[MSISDN_BYTES];

	if (kind == PARTY_ZALO_USER)
		return resident_of_zalo(desk->store, address, ret_id);
	if (kind != PARTY_PHONE || msisdn_normalize(address, phone))
		return ERR_NOT_FOUND;
	return resident_find(desk->store, phone, ret_id);
}

static bool is_open(struct desk *desk, const struct poll *poll)
{
	return poll->state == POLL_OPEN && poll->closes_ms > desk_now(desk);
}

static enum err next_of(
	struct desk *desk, int64_t resident_id, int64_t after_id, struct poll *ret_poll)
{
	struct poll poll = {.id = after_id};
	uint8_t voice[VAULT_HASH_BYTES];
	enum err err;

	while (!(err = poll_next(desk->store, POLL_OPEN, poll.id, &poll))) {
		if (!is_open(desk, &poll))
			continue;
		err = poll_voice_of(desk->store, &poll, resident_id, voice);
		if (!err)
			*ret_poll = poll;
		if (err != ERR_NOT_FOUND)
			return err;
	}
	return err;
}

enum err desk_poll_for(struct desk *desk, enum party_kind kind, const char *address,
	int64_t after_id, struct poll *ret_poll)
{
	int64_t resident_id;
	struct poll first;
	/* Most of the time there is none, and nobody is looked for. */
	enum err err = poll_next(desk->store, POLL_OPEN, 0, &first);

	if (!err)
		err = find_resident(desk, kind, address, &resident_id);
	return err ? err : next_of(desk, resident_id, after_id, ret_poll);
}

/* ---- what he is told -------------------------------------------------------------------------
 */

static enum err tell(struct answering *a, const char *key, const struct phrase_field *fields)
{
	return desk_reply_about(a->desk, a->in->party_id, key, fields, "poll", POLL_SAID_MAX);
}

static enum err tell_plain(struct answering *a, const char *key)
{
	return tell(a, key, (const struct phrase_field[]){{NULL, NULL}});
}

static enum err tell_options(struct answering *a, const char *key)
{
	struct poll_option options[POLL_OPTIONS_MAX];
	char number[24];
	CLEAN_BUF list = {0};
	int count = 0;
	enum err err = poll_options(a->desk->store, a->poll.id, options, &count);

	buf_init(&list, 1024);
	snprintf(number, sizeof(number), "%lld", (long long)a->poll.id);
	if (!err)
		err = poll_list_options(options, count, &list);
	return err ? err
		   : tell(a, key,
			     (const struct phrase_field[]){{"number", number},
				     {"question", a->poll.question}, {"options", buf_text(&list)},
				     {NULL, NULL}});
}

static enum err tell_which(struct answering *a, int64_t resident_id)
{
	struct poll poll = {.id = 0};
	CLEAN_BUF numbers = {0};
	enum err err = ERR_OK;
	int told = 0;

	buf_init(&numbers, 256);
	while (told < POLLS_TOLD && !(err = next_of(a->desk, resident_id, poll.id, &poll))) {
		err = buf_addf(&numbers, "%s%lld", told ? ", " : "", (long long)poll.id);
		if (err)
			return err;
		told++;
	}
	if (err && err != ERR_NOT_FOUND)
		return err;
	return tell(a, "poll_which",
		(const struct phrase_field[]){{"numbers", buf_text(&numbers)}, {NULL, NULL}});
}

static enum err tell_taken(struct answering *a, const struct poll_option *option, bool is_changed)
{
	static const char *const keys[2][2] = {
		[POLL_PER_PHONE] = {"poll_taken_phone", "poll_changed_phone"},
		[POLL_PER_HOUSEHOLD] = {"poll_taken_household", "poll_changed_household"}};
	char number[24], choice[24], end[POLL_END_BYTES];

	snprintf(number, sizeof(number), "%lld", (long long)a->poll.id);
	snprintf(choice, sizeof(choice), "%d", option->number);
	desk_poll_end_text(a->poll.closes_ms, end);
	return tell(a, keys[a->poll.per][is_changed],
		(const struct phrase_field[]){{"number", number}, {"choice", choice},
			{"label", option->label}, {"end", end}, {NULL, NULL}});
}

/* Many answer the same poll, one after the other, and its options never change. */
static enum err hear_poll(struct desk *desk, int64_t poll_id, const struct poll_option *options,
	int count, const char *words, struct poll_heard *ret_heard)
{
	struct poll_ear *ear;
	enum err err;

	if (!desk->poll_ear || desk->poll_ear_id != poll_id) {
		err = poll_ear_new(options, count, &ear);
		if (err)
			return err;
		poll_ear_free(desk->poll_ear);
		desk->poll_ear = ear;
		desk->poll_ear_id = poll_id;
	}
	poll_ear_hear(desk->poll_ear, words, ret_heard);
	return ERR_OK;
}

/* ---- what he says ----------------------------------------------------------------------------
 */

/* Clear, or into the pile; what counted before counts until somebody has looked. */
static enum err hear(
	struct answering *a, const struct poll_heard *heard, const struct poll_option *options)
{
	bool is_clear = heard->clarity != POLL_UNCLEAR_WORDS;
	int before = 0;
	enum err err = poll_say(a->desk->store, a->poll.id, a->voice, heard->number,
		heard->clarity == POLL_CLEAR ? NULL : a->words, &before);

	if (err)
		return err;
	return is_clear ? tell_taken(
				  a, &options[heard->number - 1], before && before != heard->number)
			: tell_options(a, "poll_unclear");
}

static enum err listen(struct answering *a, bool is_exact_only)
{
	struct poll_option options[POLL_OPTIONS_MAX];
	struct poll_heard heard;
	int count = 0;
	enum err err = poll_options(a->desk->store, a->poll.id, options, &count);

	if (!err)
		err = hear_poll(a->desk, a->poll.id, options, count, a->words, &heard);
	if (err)
		return err;
	if (is_exact_only && !(heard.clarity == POLL_CLEAR && heard.is_exact))
		return ERR_NOT_FOUND;
	return hear(a, &heard, options);
}

/* ---- with the keyword ------------------------------------------------------------------------
 */

static const char *skip(const char *text)
{
	return text + strspn(text, " \t\r\n:;,.-/#");
}

/* "11 2": the poll that its first number names; options have numbers below POLL_NUMBER_FIRST. */
static enum err find_named(struct answering *a)
{
	const char *words = skip(a->words);
	size_t len = strspn(words, "0123456789");
	char digits[8];
	int64_t id;
	enum err err;

	if (!len || len >= sizeof(digits))
		return ERR_OK;
	memcpy(digits, words, len);
	digits[len] = 0;
	if (str_to_int64(digits, POLL_NUMBER_FIRST, INT32_MAX, &id))
		return ERR_OK;
	err = poll_load(a->desk->store, id, &a->poll);
	if (err == ERR_NOT_FOUND || (!err && a->poll.state == POLL_DRAFT)) {
		a->poll.id = 0;
		return ERR_OK;
	}
	a->words = skip(words + len);
	return err;
}

static bool has_letters(const char *words)
{
	return words[strspn(words, " \t\r\n0123456789.,:;-/#")] != 0;
}

static enum err answer_named(struct answering *a, int64_t resident_id)
{
	enum err err = resident_id ? poll_voice_of(a->desk->store, &a->poll, resident_id, a->voice)
				   : ERR_NOT_FOUND;

	if (!is_open(a->desk, &a->poll))
		return tell_options(a, "poll_over");
	if (err == ERR_NOT_FOUND)
		return has_letters(a->words) ? err : tell_plain(a, "poll_not_asked");
	if (err)
		return err;
	return a->words[0] ? listen(a, false) : tell_options(a, "poll_how");
}

static enum err answer_by_keyword(struct answering *a)
{
	struct poll other;
	int64_t resident_id = 0;
	enum err err = find_resident(a->desk, a->in->kind, a->in->address, &resident_id);

	if (!err || err == ERR_NOT_FOUND)
		err = find_named(a);
	if (err)
		return err;
	if (a->poll.id)
		return answer_named(a, resident_id);
	a->words = skip(a->words);
	err = resident_id ? next_of(a->desk, resident_id, 0, &a->poll) : ERR_NOT_FOUND;
	if (err == ERR_NOT_FOUND)
		return has_letters(a->words) ? err : tell_plain(a, "poll_not_asked");
	if (!err)
		err = next_of(a->desk, resident_id, a->poll.id, &other);
	if (!err)
		return tell_which(a, resident_id);
	return err == ERR_NOT_FOUND ? answer_named(a, resident_id) : err;
}

/* ---- without it ------------------------------------------------------------------------------
 */

static enum err is_in_dialogue(struct answering *a, bool *ret_is)
{
	bool other = false;
	enum err err = desk_is_private_dialogue(a->desk, a->in->party_id, ret_is);

	if (!err && a->in->other_id)
		err = desk_is_private_dialogue(a->desk, a->in->other_id, &other);
	*ret_is = *ret_is || other;
	return err;
}

/* Only what can't be meant otherwise. */
static enum err answer_plainly(struct answering *a)
{
	struct poll other;
	int64_t resident_id = 0;
	bool is_talking = false;
	enum err err = desk_poll_for(a->desk, a->in->kind, a->in->address, 0, &a->poll);

	if (!err)
		err = find_resident(a->desk, a->in->kind, a->in->address, &resident_id);
	if (!err && (err = next_of(a->desk, resident_id, a->poll.id, &other)) != ERR_NOT_FOUND)
		return err ? err : ERR_NOT_FOUND;
	if (err == ERR_NOT_FOUND && a->poll.id)
		err = is_in_dialogue(a, &is_talking);
	if (!err && is_talking)
		err = ERR_NOT_FOUND;
	if (!err)
		err = poll_voice_of(a->desk->store, &a->poll, resident_id, a->voice);
	return err ? err : listen(a, true);
}

enum err desk_poll_answer(struct desk *desk, const struct desk_poll_answer *in)
{
	struct answering a = {.desk = desk, .in = in, .words = in->words};
	struct poll first;
	enum err err;

	if (in->has_keyword)
		return answer_by_keyword(&a);
	err = poll_next(desk->store, POLL_OPEN, 0, &first);
	return err ? err : answer_plainly(&a);
}

/* ---- from a menu -----------------------------------------------------------------------------
 */

enum err desk_poll_choose(
	struct desk *desk, const struct desk_poll_choice *in, struct desk_poll_chosen *ret_chosen)
{
	struct poll_option options[POLL_OPTIONS_MAX];
	uint8_t voice[VAULT_HASH_BYTES];
	struct poll_heard heard;
	struct poll poll;
	int64_t resident_id;
	int before = 0, count = 0;
	enum err err = find_resident(desk, in->kind, in->address, &resident_id);

	if (!err)
		err = poll_load(desk->store, in->poll_id, &poll);
	if (!err && !is_open(desk, &poll))
		return ERR_STATE;
	if (!err)
		err = poll_voice_of(desk->store, &poll, resident_id, voice);
	if (!err)
		err = poll_options(desk->store, poll.id, options, &count);
	if (!err)
		err = hear_poll(desk, poll.id, options, count, in->words, &heard);
	if (err)
		return err;
	if (heard.clarity == POLL_UNCLEAR_WORDS)
		return ERR_INVALID;
	err = poll_say(desk->store, poll.id, voice, heard.number,
		heard.clarity == POLL_CLEAR ? NULL : in->words, &before);
	if (err)
		return err;
	ret_chosen->per = poll.per;
	ret_chosen->option = options[heard.number - 1];
	ret_chosen->is_changed = before && before != heard.number;
	desk_poll_end_text(poll.closes_ms, ret_chosen->end);
	return ERR_OK;
}
