/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a poll has come to, as it may be told. */
#include "daemon/desk/bulletin.h"
#include "daemon/desk/bulletin_figures.h"
#include "daemon/desk/poll_private.h"
#include "store/bulletin.h"
#include "store/event.h"

#include <stdlib.h>

#define AUDIENCE_MAX 8192

static void hide(struct desk_poll_figures *f)
{
	int64_t *votes[POLL_OPTIONS_MAX];

	for (int i = 0; i < f->option_count; i++)
		votes[i] = &f->options[i].votes;
	figures_hide(votes, f->option_count);
	if (f->answered > 0 && f->answered < FIGURES_SMALL)
		f->answered = FIGURES_HIDDEN;
}

enum err desk_poll_figures(
	struct desk *desk, const struct poll *poll, struct desk_poll_figures *ret_figures)
{
	struct desk_poll_figures *f = ret_figures;
	enum err err;

	*f = (struct desk_poll_figures){.option_count = 0};
	err = poll_options(desk->store, poll->id, f->options, &f->option_count);
	if (!err)
		err = poll_turnout(desk->store, poll->id, &f->answered, &f->unclear);
	if (err)
		return err;
	f->has_votes = poll->state == POLL_CLOSED || poll->state == POLL_DONE;
	f->has_quorum = poll->voices && f->answered * 100 >= poll->quorum * poll->voices;
	hide(f);
	return ERR_OK;
}

/* ---- in words --------------------------------------------------------------------------------
 */

/* "80 %": of those who answered; "" where that would tell what is hidden. */
static void percent(int64_t part, int64_t whole, char text[24])
{
	text[0] = 0;
	if (part >= 0 && whole > 0)
		snprintf(text, 24, " (%lld%%)", (long long)((part * 200 + whole) / (2 * whole)));
}

static enum err add_option(
	const struct desk_poll_figures *f, const struct poll_option *option, struct buf *out)
{
	char number[24], votes[48], share[24];
	const struct phrase_field fields[] = {
		{"number", number}, {"label", option->label}, {"votes", votes}, {NULL, NULL}};
	enum err err = out->len ? buf_adds(out, "\n") : ERR_OK;

	snprintf(number, sizeof(number), "%d", option->number);
	percent(option->votes, f->answered, share);
	snprintf(votes, sizeof(votes), "%lld%s", (long long)option->votes, share);
	return err ? err
		   : phrase(option->votes == FIGURES_HIDDEN ? "poll_votes_hidden" : "poll_votes",
			     PHRASE_FULL, fields, out);
}

static enum err count_text(
	const struct poll *poll, const struct desk_poll_figures *f, struct buf *out)
{
	char voices[24], answered[48], share[24];
	const struct phrase_field fields[] = {
		{"voices", voices}, {"answered", answered}, {NULL, NULL}};
	static const char *const keys[2][2] = {
		[POLL_PER_PHONE] = {"poll_turnout_phone", "poll_turnout_phone_hidden"},
		[POLL_PER_HOUSEHOLD] = {"poll_turnout_household", "poll_turnout_household_hidden"}};

	percent(f->answered, poll->voices, share);
	snprintf(voices, sizeof(voices), "%lld", (long long)poll->voices);
	snprintf(answered, sizeof(answered), "%lld%s", (long long)f->answered, share);
	return phrase(keys[poll->per][f->answered == FIGURES_HIDDEN], PHRASE_FULL, fields, out);
}

/* What stands below the figures, each where it is so. */
static enum err add_remarks(
	const struct poll *poll, const struct desk_poll_figures *f, struct buf *out)
{
	char quorum[24], unclear[24];
	bool is_hidden = f->answered == FIGURES_HIDDEN;
	enum err err = ERR_OK;

	snprintf(quorum, sizeof(quorum), "%d", poll->quorum);
	snprintf(unclear, sizeof(unclear), "%lld", (long long)f->unclear);
	for (int i = 0; i < f->option_count; i++)
		is_hidden = is_hidden || f->options[i].votes == FIGURES_HIDDEN;
	if (f->unclear >= FIGURES_SMALL)
		err = phrase("poll_unclear_count", PHRASE_FULL,
			(const struct phrase_field[]){{"count", unclear}, {NULL, NULL}}, out);
	if (!err && is_hidden)
		err = phrase("poll_hidden", PHRASE_FULL,
			(const struct phrase_field[]){{NULL, NULL}}, out);
	if (!err && poll->quorum)
		err = phrase(f->has_quorum ? "poll_quorum" : "poll_no_quorum", PHRASE_FULL,
			(const struct phrase_field[]){{"quorum", quorum}, {NULL, NULL}}, out);
	return err;
}

static enum err result_text(
	const struct poll *poll, const struct desk_poll_figures *f, struct buf *out)
{
	CLEAN_BUF rows = {0};
	CLEAN_BUF turnout = {0};
	CLEAN_BUF remarks = {0};
	enum err err = ERR_OK;

	buf_init(&rows, 4096);
	buf_init(&turnout, 512);
	buf_init(&remarks, 1024);
	for (int i = 0; !err && i < f->option_count; i++)
		err = add_option(f, &f->options[i], &rows);
	if (!err)
		err = count_text(poll, f, &turnout);
	if (!err)
		err = add_remarks(poll, f, &remarks);
	return err ? err
		   : phrase("poll_result", PHRASE_FULL,
			     (const struct phrase_field[]){{"question", poll->question},
				     {"turnout", buf_text(&turnout)}, {"rows", buf_text(&rows)},
				     {"remarks", buf_text(&remarks)}, {NULL, NULL}},
			     out);
}

static enum err result_bulletin(struct desk *desk, const struct poll *poll,
	const struct desk_actor *actor, int64_t *ret_id, struct errbuf *eb)
{
	struct desk_bulletin_in in = DESK_BULLETIN_AS_IS;
	struct desk_poll_figures figures;
	char number[24];
	CLEAN_BUF title = {0};
	CLEAN_BUF text = {0};
	CLEAN_BUF audience = {0};
	struct bulletin question;
	enum err err = desk_poll_figures(desk, poll, &figures);

	/* About the same as its question, which its author has chosen. */
	if (!err)
		err = bulletin_load(desk->store, poll->bulletin_id, &question);
	buf_init(&title, 512);
	buf_init(&text, 8192);
	buf_init(&audience, AUDIENCE_MAX);
	snprintf(number, sizeof(number), "%lld", (long long)poll->id);
	if (!err)
		err = phrase("poll_result_title", PHRASE_FULL,
			(const struct phrase_field[]){{"number", number}, {NULL, NULL}}, &title);
	if (!err)
		err = result_text(poll, &figures, &text);
	if (!err)
		err = poll_audience(desk->store, poll->id, &audience);
	in.category = question.category;
	in.title = buf_text(&title);
	in.text = buf_text(&text);
	in.sms = "";
	in.audience = buf_text(&audience);
	return err ? err : desk_bulletin_new(desk, BULLETIN_ORIGIN_OFFICER, &in, actor, ret_id, eb);
}

enum err desk_poll_result(struct desk *desk, int64_t id, const struct desk_actor *actor,
	int64_t *ret_bulletin_id, struct errbuf *eb)
{
	char subject[32];
	struct poll poll;
	int64_t bulletin_id = 0;
	enum err err = poll_find(desk, id, &poll, eb);

	if (!err && poll.result_id)
		return errbuf_set(
			eb, ERR_EXISTS, "its result is bulletin %lld", (long long)poll.result_id);
	if (!err && poll.state != POLL_CLOSED && poll.state != POLL_DONE)
		return errbuf_set(eb, ERR_STATE,
			"the result is counted once the poll is closed; it is %s",
			poll_state_text(poll.state));
	if (!err && poll.state == POLL_CLOSED)
		err = poll_finish(desk->store, id);
	if (!err)
		err = poll_load(desk->store, id, &poll);
	if (!err)
		err = result_bulletin(desk, &poll, actor, &bulletin_id, eb);
	if (!err)
		err = poll_set_result(desk->store, id, bulletin_id);
	snprintf(subject, sizeof(subject), "poll/%lld", (long long)id);
	if (!err)
		err = event_add(desk->store, "poll.counted", subject, actor->name, "{}");
	if (!err)
		*ret_bulletin_id = bulletin_id;
	return err;
}
