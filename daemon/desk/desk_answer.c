/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What officers say to who reported: their words go back over the channel that his came by. Where
 * several told of one matter and one of their reports stands for all, all of them are told. Who
 * asked for silence is told nothing until he asks himself.
 */
#include "daemon/desk/alarm.h"
#include "daemon/desk/legal_private.h"
#include "daemon/desk/secrecy.h"
#include "gateway/sms_text.h"
#include "store/report_code.h"
#include "store/report_link.h"

#include <string.h>

/* Senders of one matter: a village that sees the same fire. */
#define ANSWER_MERGED_MAX 64

/* What will really be sent: normal form, and for a phone the alphabet that fits. */
static enum err fit_answer(
	enum channel_kind channel, const char *text, struct buf *out, struct errbuf *eb)
{
	CLEAN_BUF normal = {0};
	struct sms_size size;
	bool is_unaccented;
	enum err err;

	buf_init(&normal, OUTBOX_BODY_MAX);
	err = sms_text_normalize(text, &normal);
	if (err == ERR_TOO_BIG)
		return errbuf_set(eb, err, "the answer is longer than %d bytes", OUTBOX_BODY_MAX);
	if (err)
		return errbuf_set(eb, err, "the answer is not valid UTF-8 text");
	if (!normal.len)
		return errbuf_set(eb, ERR_INVALID, "the answer is empty");
	if (desk_is_sms(channel))
		return desk_sms_fit(LANE_ANSWER, buf_text(&normal), out, &size, &is_unaccented, eb);
	if (desk_code_points(buf_text(&normal)) > DESK_ZALO_ANSWER_MAX)
		return errbuf_set(eb, ERR_TOO_BIG, "the answer is longer than %d characters",
			DESK_ZALO_ANSWER_MAX);
	return buf_adds(out, buf_text(&normal));
}

struct answering {
	struct desk *desk;
	const char *key; /* of a template's phrase; NULL = the text itself */
	const char *text, *actor;
	struct report reports[1 + ANSWER_MERGED_MAX]; /* the one, and those merged into it */
	int count;
	int64_t told[1 + ANSWER_MERGED_MAX]; /* parties */
	int told_count;
	struct desk_answered done;
};

static void keep(void *arg, const struct report *report)
{
	struct answering *a = arg;

	if (a->count < (int)ARRAY_LEN(a->reports))
		a->reports[a->count++] = *report;
}

/* What this one is told, as this channel takes it. */
static enum err words_for(struct answering *a, const struct report *report,
	const struct desk_way *way, struct buf *fitted, struct errbuf *eb)
{
	enum phrase_form form = !desk_is_sms(way->channel) ? PHRASE_FULL
				: way->has_marks	   ? PHRASE_SMS_MARKS
							   : PHRASE_SMS;
	char number[REPORT_NUMBER_BYTES];
	const struct phrase_field fields[] = {{"number", number}, {"text", a->text}, {NULL, NULL}};
	CLEAN_BUF filled = {0};
	enum err err;

	if (!a->key)
		return fit_answer(way->channel, a->text, fitted, eb);
	buf_init(&filled, OUTBOX_BODY_MAX);
	report_number_text(report, number);
	err = phrase(a->key, form, fields, &filled);
	if (!err)
		err = fit_answer(way->channel, buf_text(&filled), fitted, eb);
	buf_wipe(&filled);
	return err;
}

static bool was_told(const struct answering *a, int64_t party_id)
{
	for (int i = 0; i < a->told_count; i++) {
		if (a->told[i] == party_id)
			return true;
	}
	return false;
}

static enum err note_answer(
	struct answering *a, const struct report *report, int64_t outbox_id, const char *text)
{
	struct desk *desk = a->desk;
	enum err err = report_entry_add(
		desk->store, report->id, REPORT_ENTRY_ANSWER, desk_now(desk), outbox_id, text);

	if (!err)
		err = report_set_told(desk->store, report->id, desk_now(desk));
	if (!err && str_eq(report->state, "open"))
		err = report_set_state(desk->store, report->id, "answered");
	if (!err)
		err = legal_answered(desk, report, a->actor);
	return err ? err
		   : desk_event(desk, "report.answered", report, a->actor, "outbox", outbox_id);
}

/* Nothing leaves: the words wait, and the register has them. */
static enum err hold(struct answering *a, const struct report *report, struct errbuf *eb)
{
	struct store *store = a->desk->store;
	CLEAN_BUF fitted = {0};
	int64_t count;
	enum err err = report_held_count(store, report->id, &count);

	if (!err && count >= DESK_HELD_MAX)
		return errbuf_set(eb, ERR_STATE,
			"%d answers wait for the sender of report %d/%d already, who asked for silence",
			DESK_HELD_MAX, report->number, report->year);
	buf_init(&fitted, OUTBOX_BODY_MAX);
	/* He asks from another phone: what no SMS could carry would never reach him. */
	if (!err)
		err = words_for(
			a, report, &(struct desk_way){.channel = CHANNEL_MODEM}, &fitted, eb);
	if (!err)
		err = report_held_add(store, report->id, buf_text(&fitted));
	if (!err)
		err = note_answer(a, report, 0, buf_text(&fitted));
	if (!err)
		a->done.held++;
	buf_wipe(&fitted);
	return err;
}

/* *ret_is_reached false: he can't be answered. */
static enum err answer_one(
	struct answering *a, const struct report *report, bool *ret_is_reached, struct errbuf *eb)
{
	struct desk_way way = {.is_open = false};
	CLEAN_BUF fitted = {0};
	int64_t id;
	enum err err = desk_gate(a->desk, report->party_id, &way);

	*ret_is_reached = true;
	if (err)
		return err;
	/* Also of a matter that he spoke of aloud before: the phone is the same. */
	if (report->is_quiet || (way.is_hushed && way.is_reachable))
		return hold(a, report, eb);
	*ret_is_reached = way.is_open;
	if (!way.is_open || was_told(a, report->party_id))
		return ERR_OK;
	buf_init(&fitted, OUTBOX_BODY_MAX);
	err = words_for(a, report, &way, &fitted, eb);
	if (!err)
		err = desk_say(a->desk, report->party_id, way.channel, OUTBOX_KIND_ANSWER,
			report->id, buf_text(&fitted), &id);
	if (!err)
		err = note_answer(a, report, id, buf_text(&fitted));
	if (err)
		return err;
	a->told[a->told_count++] = report->party_id;
	a->done.sent++;
	if (report == &a->reports[0])
		a->done.outbox_id = id;
	return ERR_OK;
}

static enum err answer_all(struct desk *desk, int64_t report_id, const char *key, const char *text,
	const char *actor, struct desk_answered *ret_answered, struct errbuf *eb)
{
	struct answering *a = calloc(1, sizeof(*a));
	bool is_reached;
	enum err err;

	if (!a)
		return ERR_NOMEM;
	*a = (struct answering){.desk = desk, .key = key, .text = text, .actor = actor, .count = 1};
	err = report_load(desk->store, report_id, &a->reports[0]);
	if (!err)
		err = desk_secrecy_outgoing(desk, report_id, text, eb);
	if (!err)
		err = report_merged(desk->store, report_id, keep, a);
	for (int i = 0; !err && i < a->count; i++)
		err = answer_one(a, &a->reports[i], &is_reached, eb);
	if (!err && !a->done.sent && !a->done.held)
		err = errbuf_set(eb, ERR_STATE,
			"the sender of report %d/%d can't be answered: no number that takes messages, he asked for silence, or his channel is off",
			a->reports[0].number, a->reports[0].year);
	/* Who answers has it in hand. */
	if (!err)
		err = alarm_in_hand(desk, report_id, actor);
	if (!err)
		*ret_answered = a->done;
	free(a);
	return err;
}

enum err desk_report_answer(struct desk *desk, int64_t report_id, const char *text,
	const char *actor, struct desk_answered *ret_answered, struct errbuf *eb)
{
	return answer_all(desk, report_id, NULL, text, actor, ret_answered, eb);
}

enum err desk_report_answer_by(struct desk *desk, int64_t report_id, const char *name,
	const char *text, const char *actor, struct desk_answered *ret_answered, struct errbuf *eb)
{
	const char *key = NULL;
	bool has_text = false;
	enum err err = desk_find_template(name, &key, &has_text, eb);

	if (err)
		return err;
	if (has_text && !text[0])
		return errbuf_set(eb, ERR_INVALID, "the template %.31s needs a text", name);
	if (!has_text && text[0])
		return errbuf_set(eb, ERR_INVALID, "the template %.31s takes no text", name);
	return answer_all(desk, report_id, key, text, actor, ret_answered, eb);
}
