/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/dossier.h"

#include "config/phrases.h"
#include "daemon/base/date.h"
#include "daemon/desk/desk_private.h"

#include <ctype.h>
#include <string.h>

#define DOSSIER_SAID_MAX 12 /* answers to one sender within DESK_SAID_WINDOW_MS */

enum column { COLUMN_CODE, COLUMN_STATE, COLUMN_DUE, COLUMN_CHANGED, COLUMN_COUNT };

static const struct csv_column columns[COLUMN_COUNT] = {
	[COLUMN_CODE] = {"code", {"code", "mahoso", "sohoso", "ma", "mahs", "sobiennhan"}, true},
	[COLUMN_STATE] = {"state",
		{"state", "trangthai", "tinhtrang", "tinhtranghoso", "trangthaihoso"}, true},
	[COLUMN_DUE] = {"due", {"due", "ngayhentra", "hentra", "ngayhen", "hantra", "ngaytra"},
		false},
	[COLUMN_CHANGED] = {"changed", {"changed", "ngaycapnhat", "capnhat"}, false},
};

/* ---- cells -----------------------------------------------------------------------------------
 */

/* In the words of the offices' programs, folded. */
static const struct {
	const char *words;
	enum dossier_state state;
} words[] = {{"received", DOSSIER_RECEIVED}, {"moitiepnhan", DOSSIER_RECEIVED},
	{"datiepnhan", DOSSIER_RECEIVED}, {"tiepnhan", DOSSIER_RECEIVED},
	{"moidangky", DOSSIER_RECEIVED}, {"chotiepnhan", DOSSIER_RECEIVED},
	{"working", DOSSIER_WORKING}, {"dangxuly", DOSSIER_WORKING},
	{"danggiaiquyet", DOSSIER_WORKING}, {"choxuly", DOSSIER_WORKING},
	{"dangthamdinh", DOSSIER_WORKING}, {"chopheduyet", DOSSIER_WORKING},
	{"quahan", DOSSIER_WORKING}, {"dangxulyquahan", DOSSIER_WORKING},
	{"lacking", DOSSIER_LACKING}, {"bosung", DOSSIER_LACKING}, {"chobosung", DOSSIER_LACKING},
	{"yeucaubosung", DOSSIER_LACKING}, {"canbosung", DOSSIER_LACKING},
	{"chobosunghoso", DOSSIER_LACKING}, {"yeucaubosunggiayto", DOSSIER_LACKING},
	{"ready", DOSSIER_READY}, {"coketqua", DOSSIER_READY}, {"dacoketqua", DOSSIER_READY},
	{"chotraketqua", DOSSIER_READY}, {"chotra", DOSSIER_READY}, {"daxuly", DOSSIER_READY},
	{"daxulyxong", DOSSIER_READY}, {"dagiaiquyet", DOSSIER_READY}, {"hoanthanh", DOSSIER_READY},
	{"dahoanthanh", DOSSIER_READY}, {"returned", DOSSIER_RETURNED}, {"datra", DOSSIER_RETURNED},
	{"datraketqua", DOSSIER_RETURNED}, {"traketqua", DOSSIER_RETURNED},
	{"refused", DOSSIER_REFUSED}, {"tuchoi", DOSSIER_REFUSED},
	{"khongtiepnhan", DOSSIER_REFUSED}, {"khonggiaiquyet", DOSSIER_REFUSED},
	{"tralai", DOSSIER_REFUSED}, {"tralaihoso", DOSSIER_REFUSED}, {"dungxuly", DOSSIER_REFUSED},
	{"rut", DOSSIER_REFUSED}, {"congdanrut", DOSSIER_REFUSED}, {"forwarded", DOSSIER_FORWARDED},
	{"dachuyen", DOSSIER_FORWARDED}, {"chuyencaptren", DOSSIER_FORWARDED},
	{"chuyencoquankhac", DOSSIER_FORWARDED}};

static bool state_of(const char *cell, enum dossier_state *ret_state)
{
	char folded[64];

	csv_fold(cell, folded, sizeof(folded));
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (str_eq(words[i].words, folded)) {
			*ret_state = words[i].state;
			return true;
		}
	}
	return false;
}

/* "25/11/2026 17:00", "25-11-2026", "2026-11-25": the day; 0 for "". */
static bool day_of(const char *cell, int64_t *ret_day)
{
	int a = 0, b = 0, c = 0;
	char text[24];

	*ret_day = 0;
	if (!cell[0])
		return true;
	if (strspn(cell, "0123456789") == 0 || strlen(cell) > 40)
		return false;
	/* NOLINTNEXTLINE(cert-err34-c): the numbers are checked as a date below */
	if (sscanf(cell, "%4d%*1[-/.]%2d%*1[-/.]%4d", &a, &b, &c) != 3)
		return false;
	if (a < 1000)
		snprintf(text, sizeof(text), "%04d-%02d-%02d", c, b, a);
	else
		snprintf(text, sizeof(text), "%04d-%02d-%02d", a, b, c);
	return date_parse(text, ret_day) == ERR_OK;
}

enum err dossier_code(const char *text, char ret_code[DOSSIER_CODE_BYTES])
{
	char code[DOSSIER_CODE_BYTES];
	size_t len = 0;
	int digits = 0;

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (strchr(" .-/_:#", c))
			continue;
		if (!isascii(c) || !isalnum(c) || len + 1 == sizeof(code))
			return ERR_INVALID;
		digits += isdigit(c) != 0;
		code[len++] = (char)toupper(c);
	}
	code[len] = 0;
	if (digits < DOSSIER_CODE_DIGITS)
		return ERR_INVALID;
	memcpy(ret_code, code, len + 1);
	return ERR_OK;
}

/* ---- the list --------------------------------------------------------------------------------
 */

struct importing {
	struct desk *desk;
	struct dossier_import *import;
};

PRINTF_LIKE(3, 4)
static void cell_fault(struct importing *im, enum column column, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	csv_vfault(&im->import->faults, columns[column].name, fmt, ap);
	va_end(ap);
}

static enum err take_row(void *arg, char *cells[CSV_COLUMNS_MAX])
{
	struct importing *im = arg;
	struct dossier dossier = {.seen_ms = desk_now(im->desk)};
	enum dossier_change change = DOSSIER_SAME;
	char code[DOSSIER_CODE_BYTES];
	enum err err;

	if (dossier_code(cells[COLUMN_CODE], code))
		cell_fault(
			im, COLUMN_CODE, "is no code of a file: letters and at least four digits");
	if (!state_of(cells[COLUMN_STATE], &dossier.state))
		cell_fault(im, COLUMN_STATE,
			"is no state: received, working, lacking, ready, returned, refused, forwarded");
	if (!day_of(cells[COLUMN_DUE], &dossier.due_day))
		cell_fault(im, COLUMN_DUE, "is no date such as 25/11/2026");
	if (!day_of(cells[COLUMN_CHANGED], &dossier.changed_day))
		cell_fault(im, COLUMN_CHANGED, "is no date such as 25/11/2026");
	if (im->import->faults.is_row_bad)
		return ERR_OK;
	err = dossier_put(im->desk->store, code, &dossier, &change);
	if (!err)
		im->import->counts[change]++;
	return err;
}

enum err dossier_import_read(
	struct desk *desk, const char *data, size_t len, struct dossier_import *ret_import)
{
	struct dossier_import import = {.counts = {0}};
	struct importing im = {.desk = desk, .import = &import};
	struct csv_table table = {.columns = columns,
		.count = COLUMN_COUNT,
		.rows_max = DOSSIER_IMPORT_ROWS_MAX,
		.row = take_row,
		.arg = &im,
		.faults = &import.faults};
	enum err err = csv_faults_init(&import.faults);

	if (!err)
		err = csv_table_read(&table, data, len);
	if (err) {
		dossier_import_done(&import);
		return err;
	}
	*ret_import = import;
	return ERR_OK;
}

void dossier_import_done(struct dossier_import *import)
{
	csv_faults_done(&import->faults);
}

/* ---- who asks --------------------------------------------------------------------------------
 */

static enum err tell(struct desk *desk, const struct desk_dossier_question *q, const char *key,
	const struct phrase_field *fields)
{
	if (q->said)
		return desk_phrase(&desk_way_shown, key, fields, q->said);
	return desk_reply_about(desk, q->party_id, key, fields, "dossier", DOSSIER_SAID_MAX);
}

static void day_text(int64_t day, char text[24])
{
	struct date date = date_of_day(day);

	snprintf(text, 24, "%d/%d/%d", date.day, date.month, date.year);
}

static enum err tell_state(struct desk *desk, const struct desk_dossier_question *q,
	const char *code, const struct dossier *dossier)
{
	static const char *const keys[DOSSIER_STATES] = {[DOSSIER_RECEIVED] = "dossier_received",
		[DOSSIER_WORKING] = "dossier_working",
		[DOSSIER_LACKING] = "dossier_lacking",
		[DOSSIER_READY] = "dossier_ready",
		[DOSSIER_RETURNED] = "dossier_returned",
		[DOSSIER_REFUSED] = "dossier_refused",
		[DOSSIER_FORWARDED] = "dossier_forwarded"};
	bool has_due = dossier->due_day &&
		       (dossier->state == DOSSIER_RECEIVED || dossier->state == DOSSIER_WORKING);
	char due[24], day[24];
	CLEAN_BUF when = {0};
	enum err err = ERR_OK;

	buf_init(&when, 256);
	day_text(dossier->due_day, due);
	day_text(clock_local_day(dossier->seen_ms), day);
	if (has_due)
		err = phrase("dossier_due", PHRASE_FULL,
			(const struct phrase_field[]){{"due", due}, {NULL, NULL}}, &when);
	return err ? err
		   : tell(desk, q, keys[dossier->state],
			     (const struct phrase_field[]){{"code", code},
				     {"when", buf_text(&when)}, {"day", day}, {NULL, NULL}});
}

enum err desk_dossier_ask(struct desk *desk, const struct desk_dossier_question *question)
{
	const struct phrase_field none[] = {{NULL, NULL}};
	char code[DOSSIER_CODE_BYTES];
	struct dossier dossier;
	enum err err;

	if (!question->words[strspn(question->words, " \t\r\n.,:;")])
		return tell(desk, question, "dossier_how", none);
	if (dossier_code(question->words, code))
		return ERR_NOT_FOUND;
	err = dossier_find(desk->store, code, &dossier);
	if (err == ERR_NOT_FOUND)
		return tell(desk, question, "dossier_unknown",
			(const struct phrase_field[]){{"code", code}, {NULL, NULL}});
	return err ? err : tell_state(desk, question, code, &dossier);
}

/* Not by a clock that nobody confirms. */
enum err desk_dossiers_tick(struct desk *desk)
{
	return desk_trust(desk) >= CLOCK_NETWORK
		       ? dossier_forget(desk->store, desk_now(desk) - DESK_DOSSIER_KEPT_MS)
		       : ERR_OK;
}
