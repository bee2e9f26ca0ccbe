/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What officers do with a poll. */
#include "daemon/desk/poll_private.h"

#include "daemon/base/date.h"
#include "daemon/desk/audience.h"
#include "daemon/desk/bulletin.h"
#include "daemon/desk/bulletin_category.h"
#include "daemon/desk/csv_table.h"
#include "daemon/desk/poll_words.h"
#include "store/event.h"

#include <string.h>

#define AUDIENCE_MAX 8192

static const struct desk_actor the_machine = {.name = "system"};

static enum err note(struct desk *desk, const char *act, int64_t id, const char *actor)
{
	char kind[32], subject[32];

	snprintf(kind, sizeof(kind), "poll.%s", act);
	snprintf(subject, sizeof(subject), "poll/%lld", (long long)id);
	return event_add(desk->store, kind, subject, actor, "{}");
}

enum err poll_find(struct desk *desk, int64_t id, struct poll *ret_poll, struct errbuf *eb)
{
	enum err err = poll_load(desk->store, id, ret_poll);

	return err == ERR_NOT_FOUND ? errbuf_set(eb, err, "there is no poll %lld", (long long)id)
				    : err;
}

/* ---- writing one -----------------------------------------------------------------------------
 */

struct draft {
	struct poll_option options[POLL_OPTIONS_MAX];
	char question[POLL_QUESTION_BYTES];
	struct buf audience;
};

static enum err clean(const char *from, char *to, size_t bytes, int letters_max, const char *what,
	struct errbuf *eb)
{
	if (!from || desk_clean_name(from, to, bytes) || !desk_letters(to))
		return errbuf_set(eb, ERR_INVALID, "the %s is words in one line", what);
	if (desk_code_points(to) > (size_t)letters_max)
		return errbuf_set(
			eb, ERR_TOO_BIG, "the %s has at most %d letters", what, letters_max);
	return ERR_OK;
}

static enum err read_options(
	const struct desk_poll_in *in, struct poll_option *options, struct errbuf *eb)
{
	size_t letters = 0;
	int one, other;

	if (in->option_count < 2 || in->option_count > POLL_OPTIONS_MAX)
		return errbuf_set(eb, ERR_INVALID, "a poll has 2 to %d options", POLL_OPTIONS_MAX);
	for (int i = 0; i < in->option_count; i++) {
		const char *aliases = in->options[i].aliases;
		enum err err = clean(in->options[i].label, options[i].label, POLL_LABEL_BYTES,
			POLL_LABEL_BYTES, ERR_WORD("label of an option"), eb);

		options[i].number = i + 1;
		if (err)
			return err;
		letters += desk_code_points(options[i].label);
		err = poll_aliases_read(aliases ? aliases : "", options[i].aliases);
		if (err)
			return errbuf_set(eb, err,
				"other words for option %d: at most %d, with commas between them, "
				"none of them a number",
				i + 1, POLL_ALIASES_MAX);
	}
	if (letters > DESK_POLL_LABELS_MAX)
		return errbuf_set(eb, ERR_TOO_BIG,
			"the options have %zu letters together; an SMS takes %d", letters,
			DESK_POLL_LABELS_MAX);
	if (poll_options_clash(options, in->option_count, &one, &other))
		return errbuf_set(eb, ERR_INVALID,
			"options %d and %d have the same words: nobody could tell them apart", one,
			other);
	return ERR_OK;
}

static enum err read_draft(
	struct desk *desk, const struct desk_poll_in *in, struct draft *draft, struct errbuf *eb)
{
	int64_t now_ms = desk_now(desk);
	enum err err = clean(in->question, draft->question, sizeof(draft->question),
		DESK_POLL_QUESTION_MAX, ERR_WORD("question"), eb);

	if (!err)
		err = read_options(in, draft->options, eb);
	if (err)
		return err;
	if (in->quorum < 0 || in->quorum > 100)
		return errbuf_set(eb, ERR_INVALID, "the quorum is 0 to 100 percent");
	if (in->closes_ms <= now_ms || in->closes_ms > now_ms + DESK_POLL_LENGTH_MAX)
		return errbuf_set(eb, ERR_INVALID, "it closes within the next %d days",
			(int)(DESK_POLL_LENGTH_MAX / DAY_MS));
	return desk_audience_read(desk, in->audience ? in->audience : "", &draft->audience, eb);
}

static enum err add_list(
	const struct poll_option *options, int count, const char *between, struct buf *out)
{
	enum err err = ERR_OK;

	for (int i = 0; !err && i < count; i++)
		err = buf_addf(
			out, "%s%d %s", i ? between : "", options[i].number, options[i].label);
	return err;
}

enum err poll_list_options(const struct poll_option *options, int count, struct buf *out)
{
	return add_list(options, count, "; ", out);
}

/* "18 giờ 25/11" */
void desk_poll_end_text(int64_t ms, char text[POLL_END_BYTES])
{
	int64_t local_ms = ms + VIETNAM_OFFSET_MS;
	struct date date = date_of_day(local_ms / DAY_MS);
	int minutes = (int)(local_ms % DAY_MS / MINUTE_MS);

	if (minutes % 60)
		snprintf(text, POLL_END_BYTES, "%d giờ %02d ngày %d/%d", minutes / 60, minutes % 60,
			date.day, date.month);
	else
		snprintf(text, POLL_END_BYTES, "%d giờ ngày %d/%d", minutes / 60, date.day,
			date.month);
}

struct question {
	struct buf title, text, sms;
};

static void question_done(struct question *q)
{
	buf_done(&q->title);
	buf_done(&q->text);
	buf_done(&q->sms);
}

static enum err write_question(
	const struct desk_poll_in *in, const struct draft *draft, int64_t id, struct question *q)
{
	char number[24], end[POLL_END_BYTES];
	CLEAN_BUF lines = {0};
	CLEAN_BUF row = {0};
	const char *per = in->per == POLL_PER_HOUSEHOLD ? "poll_per_household" : "poll_per_phone";
	const struct phrase_field none[] = {{NULL, NULL}};
	CLEAN_BUF whose = {0};
	enum err err;

	buf_init(&lines, 2048);
	buf_init(&row, 2048);
	buf_init(&whose, 256);
	snprintf(number, sizeof(number), "%lld", (long long)id);
	desk_poll_end_text(in->closes_ms, end);
	err = add_list(draft->options, in->option_count, "\n", &lines);
	if (!err)
		err = add_list(draft->options, in->option_count, "; ", &row);
	if (!err)
		err = phrase(per, PHRASE_FULL, none, &whose);
	if (!err)
		err = phrase("poll_title", PHRASE_FULL,
			(const struct phrase_field[]){{"number", number}, {NULL, NULL}}, &q->title);
	if (!err)
		err = phrase("poll_question", PHRASE_FULL,
			(const struct phrase_field[]){{"question", draft->question},
				{"options", buf_text(&lines)}, {"number", number}, {"end", end},
				{"whose", buf_text(&whose)}, {NULL, NULL}},
			&q->text);
	return err ? err
		   : phrase("poll_question_sms", PHRASE_FULL,
			     (const struct phrase_field[]){{"question", draft->question},
				     {"options", buf_text(&row)}, {"number", number}, {"end", end},
				     {NULL, NULL}},
			     &q->sms);
}

static enum err draft_bulletin(struct desk *desk, const struct desk_poll_in *in,
	const struct draft *draft, int64_t id, const struct desk_actor *actor, struct errbuf *eb)
{
	struct desk_bulletin_in bulletin = DESK_BULLETIN_AS_IS;
	struct question q = {0};
	int64_t bulletin_id;
	enum err err;

	buf_init(&q.title, 512);
	buf_init(&q.text, 8192);
	buf_init(&q.sms, 4096);
	err = write_question(in, draft, id, &q);
	bulletin.category = in->category ? in->category : bulletin_category_of_polls()->code;
	bulletin.title = buf_text(&q.title);
	bulletin.text = buf_text(&q.text);
	bulletin.sms = buf_text(&q.sms);
	bulletin.audience = buf_text(&draft->audience);
	bulletin.expires_ms = in->closes_ms;
	if (!err)
		err = desk_bulletin_new(
			desk, BULLETIN_ORIGIN_OFFICER, &bulletin, actor, &bulletin_id, eb);
	if (!err)
		err = poll_set_bulletin(desk->store, id, bulletin_id);
	question_done(&q);
	return err;
}

enum err desk_poll_new(struct desk *desk, const struct desk_poll_in *in,
	const struct desk_actor *actor, int64_t *ret_id, struct errbuf *eb)
{
	struct draft *draft = calloc(1, sizeof(*draft));
	int64_t id = 0;
	enum err err;

	if (!draft)
		return ERR_NOMEM;
	buf_init(&draft->audience, AUDIENCE_MAX);
	err = read_draft(desk, in, draft, eb);
	if (!err)
		err = poll_add(desk->store,
			&(struct poll_new){.per = in->per,
				.question = draft->question,
				.audience = buf_text(&draft->audience),
				.quorum = in->quorum,
				.author_id = actor->officer_id,
				.closes_ms = in->closes_ms,
				.options = draft->options,
				.option_count = in->option_count},
			&id);
	if (!err)
		err = draft_bulletin(desk, in, draft, id, actor, eb);
	if (!err)
		err = note(desk, "written", id, actor->name);
	if (!err)
		*ret_id = id;
	buf_done(&draft->audience);
	free(draft);
	return err;
}

/* ---- its states ------------------------------------------------------------------------------
 */

static enum err ask_voices(struct desk *desk, const struct poll *poll, const char *actor)
{
	struct audience_counts counts;
	CLEAN_BUF rule = {0};
	int64_t voices;
	enum err err;

	buf_init(&rule, AUDIENCE_MAX);
	err = poll_audience(desk->store, poll->id, &rule);
	/* Who does not want bulletins is asked all the same. */
	if (!err)
		err = audience_draw(desk->store,
			&(struct audience_drawing){
				.rule = buf_text(&rule), .topic = "", .to_refusers = true},
			&counts);
	if (!err)
		err = poll_open(desk->store, poll->id, &voices);
	return err ? err : note(desk, "opened", poll->id, actor);
}

static enum err wrong_state(const struct poll *poll, const char *what, struct errbuf *eb)
{
	return errbuf_set(eb, ERR_STATE, "%s; poll %lld is %s", what, (long long)poll->id,
		poll_state_text(poll->state));
}

enum err desk_poll_open(
	struct desk *desk, int64_t id, const struct desk_actor *actor, struct errbuf *eb)
{
	struct poll poll;
	enum err err = poll_find(desk, id, &poll, eb);

	if (err)
		return err;
	if (poll.state != POLL_DRAFT)
		return wrong_state(&poll, ERR_WORD("only a draft is opened"), eb);
	if (poll.closes_ms <= desk_now(desk))
		return errbuf_set(eb, ERR_STATE, "its end is over: write a new one");
	err = ask_voices(desk, &poll, actor->name);
	return err == ERR_NOT_FOUND
		       ? errbuf_set(eb, ERR_STATE,
				 "a place or a list of its audience is not there any more")
		       : err;
}

enum err desk_poll_asked(struct desk *desk, int64_t bulletin_id, const char *actor)
{
	struct poll poll;
	enum err err = poll_of_bulletin(desk->store, bulletin_id, POLL_DRAFT, &poll);

	if (err == ERR_NOT_FOUND || (!err && poll.closes_ms <= desk_now(desk)))
		return ERR_OK;
	return err ? err : ask_voices(desk, &poll, actor);
}

enum err desk_poll_close(
	struct desk *desk, int64_t id, const struct desk_actor *actor, struct errbuf *eb)
{
	struct poll poll;
	enum err err = poll_find(desk, id, &poll, eb);

	if (!err)
		err = poll_move(desk->store, id, POLL_CLOSED);
	if (err == ERR_STATE)
		return wrong_state(&poll, ERR_WORD("only one that is open is closed"), eb);
	return err ? err : note(desk, "closed", id, actor->name);
}

enum err desk_poll_cancel(
	struct desk *desk, int64_t id, const struct desk_actor *actor, struct errbuf *eb)
{
	struct poll poll;
	enum err err = poll_find(desk, id, &poll, eb);

	if (!err)
		err = poll_move(desk->store, id, POLL_CANCELLED);
	if (err == ERR_STATE)
		return wrong_state(
			&poll, ERR_WORD("its result is there, or it was cancelled before"), eb);
	return err ? err : note(desk, "cancelled", id, actor->name);
}

/* ---- the pile --------------------------------------------------------------------------------
 */

static enum err say(struct desk *desk, int64_t id, const uint8_t voice[VAULT_HASH_BYTES],
	int number, int64_t *count)
{
	int before;
	enum err err = poll_say(desk->store, id, voice, number, NULL, &before);

	*count += !err;
	return err;
}

static enum err find_unclear(
	struct desk *desk, int64_t id, const uint8_t voice[VAULT_HASH_BYTES], struct buf *words)
{
	struct poll_unclear unclear;
	const uint8_t *after = NULL;
	uint8_t last[VAULT_HASH_BYTES];
	enum err err;

	for (;;) {
		buf_init(&unclear.words, POLL_WORDS_MAX + 1);
		err = poll_unclear_next(desk->store, id, after, &unclear);
		if (!err && memcmp(unclear.voice, voice, VAULT_HASH_BYTES) == 0)
			err = buf_adds(words, buf_text(&unclear.words));
		else if (!err)
			err = ERR_STATE;
		buf_wipe(&unclear.words);
		if (err != ERR_STATE)
			return err;
		memcpy(last, unclear.voice, sizeof(last));
		after = last;
	}
}

/* As people write the same: marks, capitals and signs make no difference. */
static bool is_same(const char *one, const char *other)
{
	char a[POLL_WORDS_MAX], b[POLL_WORDS_MAX];

	csv_fold(one, a, sizeof(a));
	csv_fold(other, b, sizeof(b));
	return a[0] && str_eq(a, b);
}

static enum err assign_alike(
	struct desk *desk, int64_t id, const char *words, int number, int64_t *count)
{
	uint8_t last[VAULT_HASH_BYTES];
	const uint8_t *after = NULL;
	enum err err = ERR_OK;

	while (!err) {
		struct poll_unclear unclear;
		bool is = false;

		buf_init(&unclear.words, POLL_WORDS_MAX + 1);
		err = poll_unclear_next(desk->store, id, after, &unclear);
		if (!err)
			is = is_same(words, buf_text(&unclear.words));
		buf_wipe(&unclear.words);
		if (is)
			err = say(desk, id, unclear.voice, number, count);
		memcpy(last, unclear.voice, sizeof(last));
		after = last;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err desk_poll_assign(struct desk *desk, int64_t id, const uint8_t voice[VAULT_HASH_BYTES],
	int number, bool is_all, const struct desk_actor *actor, int64_t *ret_count,
	struct errbuf *eb)
{
	struct poll_option options[POLL_OPTIONS_MAX];
	CLEAN_BUF words = {0};
	struct poll poll;
	int64_t count = 0;
	int options_count = 0;
	enum err err = poll_find(desk, id, &poll, eb);

	buf_init(&words, POLL_WORDS_MAX + 1);
	if (!err && poll.state != POLL_OPEN && poll.state != POLL_CLOSED)
		return wrong_state(
			&poll, ERR_WORD("answers are sorted until the result is counted"), eb);
	if (!err)
		err = poll_options(desk->store, id, options, &options_count);
	if (!err && (number < 0 || number > options_count))
		return errbuf_set(
			eb, ERR_INVALID, "it has options 1 to %d; 0: none of them", options_count);
	if (!err)
		err = find_unclear(desk, id, voice, &words);
	if (err == ERR_NOT_FOUND)
		errbuf_set(eb, err, "that answer is not in the pile any more");
	if (!err)
		err = say(desk, id, voice, number, &count);
	if (!err && is_all)
		err = assign_alike(desk, id, buf_text(&words), number, &count);
	buf_wipe(&words);
	if (!err)
		err = note(desk, "sorted", id, actor->name);
	if (!err)
		*ret_count = count;
	return err;
}

/* ---- the minute ------------------------------------------------------------------------------
 */

static enum err tell_author(struct desk *desk, const struct poll *poll)
{
	char number[24];
	const struct phrase_field fields[] = {{"number", number}, {NULL, NULL}};

	if (!poll->author_id)
		return ERR_OK;
	snprintf(number, sizeof(number), "%lld", (long long)poll->id);
	return desk_tell_officer(desk, poll->author_id, LANE_ANSWER, "poll_over_officer", fields);
}

static enum err end(struct desk *desk, const struct poll *poll)
{
	struct errbuf eb = {0};
	enum err err = desk_poll_close(desk, poll->id, &the_machine, &eb);

	return err ? err : tell_author(desk, poll);
}

static enum err count_forgotten(struct desk *desk, const struct poll *poll)
{
	enum err err = poll_finish(desk->store, poll->id);

	return err ? err : note(desk, "counted", poll->id, the_machine.name);
}

/* Its question never went out. */
static enum err drop(struct desk *desk, const struct poll *poll)
{
	struct errbuf eb = {0};

	return desk_poll_cancel(desk, poll->id, &the_machine, &eb);
}

static enum err each(struct desk *desk, enum poll_state state, int64_t until_ms,
	enum err (*fn)(struct desk *desk, const struct poll *poll))
{
	struct poll poll = {.id = 0};
	enum err err;

	while (!(err = poll_next(desk->store, state, poll.id, &poll))) {
		int64_t since_ms = state == POLL_CLOSED ? poll.ended_ms : poll.closes_ms;

		err = since_ms <= until_ms ? fn(desk, &poll) : ERR_OK;
		if (err)
			return err;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err desk_polls_tick(struct desk *desk)
{
	int64_t now_ms = desk_now(desk);
	enum err err = each(desk, POLL_OPEN, now_ms, end);

	if (!err)
		err = each(desk, POLL_DRAFT, now_ms, drop);
	/* Deleting can't be undone: not by a clock that nobody confirms. */
	if (!err && desk_trust(desk) >= CLOCK_NETWORK)
		err = each(desk, POLL_CLOSED, now_ms - DESK_POLL_KEPT_MS, count_forgotten);
	return err;
}
