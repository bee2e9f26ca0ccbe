/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/confinement.h"

#include "daemon/desk/alarm.h"
#include "daemon/desk/category.h"
#include "daemon/desk/desk_private.h"
#include "daemon/desk/entitlement.h"
#include "gateway/sms_text.h"
#include "store/escrow.h"
#include "store/event.h"
#include "store/report_link.h"

#include <string.h>

#define NAME_MAX_BYTES 512
#define MERGED_A_LOOK  32

/* ---- does it name the chief? -----------------------------------------------------------------
 */

/* Words in small letters without marks, a blank around each: " truong cong an xa ". */
static enum err plain_words(const char *text, struct buf *out)
{
	CLEAN_BUF plain = {0};
	enum err err;

	buf_init(&plain, 4 * OUTBOX_BODY_MAX);
	err = sms_text_unaccent(text, &plain);
	if (!err)
		err = buf_adds(out, " ");
	for (size_t i = 0; !err && i < plain.len; i++) {
		char c = plain.data[i];
		bool is_word;

		c = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
		is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		if (is_word || out->data[out->len - 1] != ' ')
			err = buf_add(out, is_word ? &c : " ", 1);
	}
	if (!err && out->len && out->data[out->len - 1] != ' ')
		err = buf_adds(out, " ");
	buf_wipe(&plain);
	return err;
}

/* His office, unless it is that of his deputy. */
static bool names_office(const char *words)
{
	static const char *const offices[] = {" truong cong an ", " truong ca ", " truong cax ",
		" sep cong an ", " sep ca ", " thu truong cong an ", " chi huy truong cong an "};

	for (size_t i = 0; i < ARRAY_LEN(offices); i++) {
		for (const char *at = words; (at = strstr(at, offices[i])); at++) {
			if (at - words < 4 || strncmp(at - 4, " pho", 4) != 0)
				return true;
		}
	}
	return false;
}

struct chief_search {
	const char *words;
	bool is_named;
	enum err err;
};

static void look_for(void *arg, const struct officer *officer)
{
	struct chief_search *search = arg;
	struct buf name;

	if (officer->role != OFFICER_CHIEF || officer->state == OFFICER_REMOVED || search->err)
		return;
	buf_init(&name, NAME_MAX_BYTES);
	search->err = plain_words(officer->name, &name);
	/* A given name alone is half of the commune's. */
	if (!search->err && name.len > 2 &&
		strchr(buf_text(&name) + 1, ' ') != name.data + name.len - 1)
		search->is_named |= strstr(search->words, buf_text(&name)) != NULL;
	buf_done(&name);
}

static enum err names_chief(struct desk *desk, const char *text, bool *ret_is)
{
	struct chief_search search = {0};
	struct buf words;
	enum err err;

	buf_init(&words, 4 * OUTBOX_BODY_MAX);
	err = plain_words(text, &words);
	search.words = buf_text(&words);
	if (!err && !names_office(search.words))
		err = officer_list(desk->store, 0, INT32_MAX, look_for, &search);
	else
		search.is_named = !err;
	buf_wipe(&words);
	/* What can't be read is not what he is named in. */
	*ret_is = search.is_named;
	return err == ERR_INVALID || err == ERR_TOO_BIG ? ERR_OK : err ? err : search.err;
}

enum err confinement_book(
	struct desk *desk, const struct report_new *in, enum report_book *ret_book)
{
	uint8_t escrow[KEYPAIR_PUBLIC_BYTES];
	bool is_about_chief = false;
	enum err err = escrow_public(desk->store, escrow);

	*ret_book = REPORT_BOOK_REGISTER;
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	if (!in->guess || !str_eq(in->guess->category, category_code(CATEGORY_CONDUCT)))
		return ERR_OK;
	err = names_chief(desk, in->text, &is_about_chief);
	if (!err)
		*ret_book = is_about_chief ? REPORT_BOOK_CHAIRMAN : REPORT_BOOK_CHIEF;
	return err;
}

enum err confinement_is_beyond(
	struct desk *desk, const struct report_new *in, const struct report *report, bool *ret_is)
{
	enum report_book book;
	enum err err = confinement_book(desk, in, &book);

	if (!err)
		*ret_is = book == REPORT_BOOK_CHAIRMAN && report->book != REPORT_BOOK_CHAIRMAN;
	return err;
}

/* ---- what is decided -------------------------------------------------------------------------
 */

static enum err rebook(
	struct desk *desk, struct report *report, enum report_book book, const char *actor)
{
	enum err err = report_rebook(desk->store, report->id, book);

	if (!err)
		err = report_load(desk->store, report->id, report);
	return err ? err
		   : desk_event(desk, "report.rebooked", report, actor, "number", report->number);
}

static enum err stand_alone(
	struct desk *desk, const struct report *report, int64_t main_id, const char *actor)
{
	enum err err = report_merge(desk->store, report->id, 0);

	return err ? err : desk_event(desk, "report.unmerged", report, actor, "main", main_id);
}

struct merged {
	struct report rows[MERGED_A_LOOK];
	int count;
	bool is_confined; /* those that are not are kept */
};

static void keep_other(void *arg, const struct report *report)
{
	struct merged *merged = arg;

	if (report->is_confined != merged->is_confined && merged->count < MERGED_A_LOOK)
		merged->rows[merged->count++] = *report;
}

static enum err part(struct desk *desk, const struct report *report, const char *actor)
{
	struct merged merged = {.is_confined = report->is_confined};
	struct report main = {.id = 0};
	enum err err = ERR_OK;

	if (report->merged_into)
		err = report_load(desk->store, report->merged_into, &main);
	if (!err && main.id && main.is_confined != report->is_confined)
		err = stand_alone(desk, report, main.number, actor);
	do {
		merged.count = 0;
		if (!err)
			err = report_merged(desk->store, report->id, keep_other, &merged);
		for (int i = 0; !err && i < merged.count; i++)
			err = stand_alone(desk, &merged.rows[i], report->number, actor);
	} while (!err && merged.count == MERGED_A_LOOK);
	return err;
}

enum err confinement_turn(struct desk *desk, struct report *report, bool is_confined,
	const char *actor, bool *ret_rang)
{
	enum err err = report_confine(desk->store, report->id, is_confined);

	report->is_confined = is_confined;
	if (!err)
		err = part(desk, report, actor);
	if (!err && is_confined)
		err = alarm_let_go(desk, report->id, ret_rang);
	return err || !is_confined ? err : report_cancel_duty(desk->store, report->id);
}

static enum err confine(struct desk *desk, struct report *report, const struct entitlement *e,
	bool is_confined, const char *actor)
{
	enum err err = ERR_OK;

	if (!err && !is_confined && report->book != REPORT_BOOK_REGISTER)
		err = rebook(desk, report, REPORT_BOOK_REGISTER, actor);
	/* Whom it is about is decided: the guess that put it into a book counts no more. */
	else if (!err && is_confined && report->book != REPORT_BOOK_REGISTER && e->subject_count)
		err = rebook(desk, report,
			e->is_about_chief ? REPORT_BOOK_CHAIRMAN : REPORT_BOOK_CHIEF, actor);
	return err;
}

enum err confinement_settle(
	struct desk *desk, int64_t report_id, bool may_release, const char *actor)
{
	uint8_t escrow[KEYPAIR_PUBLIC_BYTES];
	struct report report = {0};
	struct entitlement e;
	bool is_confined, rang = false;
	enum err err = escrow_public(desk->store, escrow);

	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	err = report_load(desk->store, report_id, &report);
	if (!err)
		err = entitlement_of(desk, &report, &e);
	if (err)
		return err;
	is_confined = str_eq(report.category, category_code(CATEGORY_CONDUCT)) || e.subject_count ||
		      (report.is_confined && !may_release);
	if (is_confined != report.is_confined)
		err = confinement_turn(desk, &report, is_confined, actor, &rang);
	if (!err)
		err = confine(desk, &report, &e, is_confined, actor);
	if (!err)
		err = entitlement_changed(desk, report_id, actor);
	/* Nobody has taken it on: those who may still know of it must. */
	return err || !rang ? err : desk_notify_confined(desk, &report);
}

enum err confinement_settle_all(struct desk *desk, const char *actor)
{
	int64_t id = 0;
	enum err err;

	while (!(err = report_with_subject_next(desk->store, id, &id))) {
		err = confinement_settle(desk, id, false, actor);
		if (err)
			return err;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err subject_of(struct desk *desk, const char *login, int64_t *ret_id, struct errbuf *eb)
{
	struct officer officer;
	enum err err = officer_find(desk->store, login, &officer);

	if (err == ERR_NOT_FOUND)
		return errbuf_set(eb, err, "there is no officer %.32s", login);
	if (!err)
		*ret_id = officer.id;
	return err;
}

enum err confinement_set_subjects(struct desk *desk, int64_t report_id, const char *const *logins,
	size_t count, const char *actor, struct errbuf *eb)
{
	int64_t was[REPORT_SUBJECTS_MAX] = {0}, ids[REPORT_SUBJECTS_MAX] = {0};
	int was_count = 0;
	struct report report = {0};
	enum err err = ERR_OK;

	if (count > REPORT_SUBJECTS_MAX)
		return errbuf_set(eb, ERR_TOO_BIG, "a report is about %d officers at most",
			REPORT_SUBJECTS_MAX);
	for (size_t i = 0; !err && i < count; i++)
		err = subject_of(desk, logins[i], &ids[i], eb);
	if (!err)
		err = report_load(desk->store, report_id, &report);
	if (!err)
		err = report_subjects(desk->store, report_id, was, &was_count);
	for (int i = 0; !err && i < was_count; i++)
		err = report_subject_set(desk->store, report_id, was[i], false);
	for (size_t i = 0; !err && i < count; i++)
		err = report_subject_set(desk->store, report_id, ids[i], true);
	if (!err)
		err = desk_event(
			desk, "report.subjects", &report, actor, "officers", (int64_t)count);
	return err ? err : confinement_settle(desk, report_id, true, actor);
}
