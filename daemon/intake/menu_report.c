/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reports by the menu. Where, what, and how he wants to be answered; then it is a report like any
 * other, but always one of its own and of the category that he chose. A text that tells of a danger
 * is sent without another question.
 */
#include "daemon/intake/menu_report.h"

#include "config/phrases.h"
#include "daemon/base/str.h"
#include "daemon/desk/question.h"
#include "daemon/intake/guess.h"
#include "daemon/intake/menu_act.h"
#include "daemon/intake/menu_screen.h"
#include "daemon/intake/menu_state.h"
#include "store/place.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* ---- a report from a conversation ---------------------------------------------------------- */

static bool is_danger(const char *text)
{
	struct guess guess;

	guess_text(text, &guess);
	return guess.is_danger;
}

/* Nothing of the conversation may lead from who is hidden to who he is. */
static enum err hide(struct menu_talk *talk, int64_t *ret_party)
{
	struct store *store = talk->intake->store;
	struct party hidden;
	enum err err = party_get_anonymous(store, talk->kind, talk->address, &hidden);

	if (!err && hidden.id != talk->party_id)
		err = menu_session_hide(store, &talk->state->mark, talk->party_id, hidden.id);
	if (err)
		return err;
	/* Whether this phone wants silence is asked of both. */
	desk_listen(talk->intake->desk, hidden.id, talk->party_id);
	*ret_party = hidden.id;
	return ERR_OK;
}

enum err menu_report_open(
	struct menu_talk *talk, const struct menu_report *in, struct report *ret_report)
{
	struct command command = {
		.kind = in->is_question ? COMMAND_PROCEDURE : COMMAND_NONE, .words = in->text};
	struct party party;
	enum err err = party_load(talk->intake->store, talk->party_id, &party);

	if (!err && in->is_anonymous && !party.is_anonymous)
		err = hide(talk, &party.id);
	if (err)
		return err;
	return intake_take_report(talk->intake,
		&(struct report_message){
			.report = {.party_id = party.id,
				.source = talk->channel,
				.received_ms = intake_now(talk->intake),
				.sent_ms = talk->sent_ms,
				.text = in->text,
				.hamlet = in->hamlet && in->hamlet[0] ? in->hamlet : NULL,
				.is_quiet = in->is_quiet,
				.is_told = talk->door == SERVICE_USSD,
				.is_anonymous = in->is_anonymous || party.is_anonymous},
			.kind = INBOX_KIND_TEXT,
			.command = &command,
			.category = in->category && in->category[0] ? in->category : NULL,
			.is_danger = in->is_danger,
			.is_new = true},
		ret_report);
}

/* By USSD he reads number and code once and nothing stays on his phone, if he wants it so: then
 * with the PIN, without which they are worth nothing. */
enum err menu_report_told(struct menu_talk *talk, const struct report *report)
{
	char number[REPORT_NUMBER_BYTES], pin[8] = "";
	const struct phrase_field fields[] = {
		{"number", number}, {"code", report->code}, {"pin", pin}, {NULL, NULL}};
	struct errbuf eb = {0};
	enum err err = ERR_OK;

	talk->outcome = SERVICE_PERSON;
	talk->is_said = talk->door != SERVICE_USSD;
	if (talk->is_said)
		return ERR_OK;
	report_number_text(report, number);
	if (report->is_quiet)
		err = desk_report_pin(talk->intake->desk, report->id, "system", pin, &eb);
	if (!err)
		err = phrase(str_eq(report->urgency, "danger") ? "menu_taken_danger"
			     : report->is_quiet		       ? "menu_taken_quiet"
							       : "menu_taken",
			PHRASE_FULL, fields, talk->said);
	explicit_bzero(pin, sizeof(pin));
	return err;
}

/* ---- the form ------------------------------------------------------------------------------ */

static void add_hamlet(void *arg, const struct place *place)
{
	struct menu_choices *choices = arg;

	if (place->kind == PLACE_HAMLET && !place->closed_ms &&
		choices->count < MENU_CHOICES_MAX - 1)
		(void)!menu_choice_add(choices, place->name, place->code);
}

struct sorted {
	char key[4 * MENU_LABEL_BYTES]; /* the label without marks */
	int at;
};

/* "Thôn 2" before "Thôn 10", "Bản Đông" before "Bản Nà". */
static int is_before(const void *a, const void *b)
{
	return strverscmp(((const struct sorted *)a)->key, ((const struct sorted *)b)->key);
}

static enum err sort_keys(const struct menu_choices *choices, struct sorted *keys)
{
	enum err err = ERR_OK;

	for (int i = 0; !err && i < choices->count; i++) {
		CLEAN_BUF plain = {0};

		buf_init(&plain, sizeof(keys[i].key) - 1);
		err = sms_text_unaccent(choices->items[i].label, &plain);
		if (!err)
			err = str_copy(keys[i].key, sizeof(keys[i].key), buf_text(&plain));
		keys[i].at = i;
	}
	if (!err)
		qsort(keys, (size_t)choices->count, sizeof(*keys), is_before);
	return err;
}

static enum err sort(const struct menu_choices *from, struct menu_choices *to)
{
	struct sorted *keys = calloc((size_t)from->count + 1, sizeof(*keys));
	enum err err = keys ? sort_keys(from, keys) : ERR_NOMEM;

	for (int i = 0; !err && i < from->count; i++)
		to->items[i] = from->items[keys[i].at];
	free(keys);
	if (!err)
		to->count = from->count;
	return err;
}

static enum err read_hamlets(struct menu_talk *talk, struct menu_choices *out)
{
	struct menu_choices *read = calloc(1, sizeof(*read));
	enum err err = read ? place_list(talk->intake->store, 0, INT_MAX, add_hamlet, read)
			    : ERR_NOMEM;

	if (!err && read->count)
		err = sort(read, out);
	if (!err && read->count)
		err = menu_choice_phrase(out, "menu_hamlet_other", "");
	free(read);
	return err;
}

/* An answer asks for them two times and more. */
enum err menu_report_hamlets(struct menu_talk *talk, struct menu_choices *out)
{
	enum err err = ERR_OK;

	if (!talk->hamlets) {
		talk->hamlets = calloc(1, sizeof(*talk->hamlets));
		err = talk->hamlets ? read_hamlets(talk, talk->hamlets) : ERR_NOMEM;
	}
	if (!err)
		*out = *talk->hamlets;
	return err;
}

static enum err take_text(struct menu_talk *talk, const char *answer)
{
	if (is_danger(answer))
		talk->next = MENU_DONE;
	return ERR_OK;
}

static enum err confirm_title(struct menu_talk *talk, struct buf *out)
{
	const struct phrase_field fields[] = {{"text", menu_field(talk, "text")}, {NULL, NULL}};

	return phrase("menu_confirm", PHRASE_FULL, fields, out);
}

static enum err ways(struct menu_talk *talk, struct menu_choices *out)
{
	enum err err = menu_choice_phrase(out, "menu_send", "answer");

	(void)talk;
	if (!err)
		err = menu_choice_phrase(out, "menu_send_hidden", "hidden");
	return err ? err : menu_choice_phrase(out, "menu_send_quiet", "quiet");
}

static enum err send(struct menu_talk *talk)
{
	const char *way = menu_field(talk, "way");
	struct report report;
	enum err err = menu_report_open(talk,
		&(struct menu_report){.text = menu_field(talk, "text"),
			.category = menu_field(talk, "category"),
			.hamlet = menu_field(talk, "hamlet"),
			.is_anonymous = str_eq(way, "hidden"),
			.is_quiet = str_eq(way, "quiet")},
		&report);

	return err ? err : menu_report_told(talk, &report);
}

static const struct menu_step report_steps[] = {
	{MENU_CHOICE, "hamlet", .ask = "menu_hamlet", .choices = menu_report_hamlets},
	{MENU_TEXT, "text", .ask = "menu_text", .letters_min = 4, .take = take_text},
	{MENU_CHOICE, "way", .title = confirm_title, .choices = ways},
};

const struct menu_act menu_act_report = {.name = "report",
	.steps = report_steps,
	.step_count = ARRAY_LEN(report_steps),
	.keeps_draft = true,
	.finish = send};

/* ---- a danger ------------------------------------------------------------------------------ */

/* It rings before a word is written: like a missed call, who chooses it may not get further. What
 * he writes then is more of the same report. */
static enum err ring(struct menu_talk *talk)
{
	const struct phrase_field none[] = {{NULL, NULL}};
	struct report report;
	CLEAN_BUF text = {0};
	enum err err;

	buf_init(&text, 512);
	err = phrase("menu_emergency_text", PHRASE_FULL, none, &text);
	if (!err)
		err = menu_report_open(talk,
			&(struct menu_report){.text = buf_text(&text),
				.category = menu_field(talk, "category"),
				.is_danger = true},
			&report);
	talk->next = MENU_DONE;
	return err ? err : menu_report_told(talk, &report);
}

const struct menu_act menu_act_emergency = {.name = "emergency", .begin = ring};
