/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/csv_table.h"

#include "daemon/base/buf.h"
#include "daemon/base/str.h"
#include "daemon/desk/charset.h"
#include "gateway/sms_text.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

#define CELL_RAW_MAX 1024 /* before blanks and decomposed marks are gone */

struct reader {
	struct csv_table *table;
	struct csv_faults *faults;
	int cell;		 /* of the row */
	int rows;		 /* given out */
	int at[CSV_COLUMNS_MAX]; /* which cell; -1 none */
	bool has_titles;
	bool has_text; /* in this row */
	bool is_over;  /* a fault of the first row: all the others would be told about */
	char cells[CSV_COLUMNS_MAX][CSV_CELL_BYTES];
	enum err err;
};

/* ---- faults ----------------------------------------------------------------------------------
 */

enum err csv_faults_init(struct csv_faults *faults)
{
	*faults = (struct csv_faults){.list = json_array(), .row = 1};
	return faults->list ? ERR_OK : ERR_NOMEM;
}

void csv_faults_done(struct csv_faults *faults)
{
	json_decref(faults->list);
	*faults = (struct csv_faults){0};
}

void csv_vfault(struct csv_faults *faults, const char *column, const char *fmt, va_list ap)
{
	struct errbuf eb = {0};
	json_t *fault;

	faults->is_row_bad = true;
	if (faults->count++ >= CSV_FAULTS_MAX)
		return;
	errbuf_vset(&eb, ERR_INVALID, fmt, ap);
	fault = json_pack("{s:i, s:s, s:s}", "row", faults->row, "message", eb.text, "message_vi",
		errbuf_vi(&eb, ERR_INVALID));
	if (!fault || (column && json_object_set_new(fault, "column", json_string(column))) ||
		json_array_append_new(faults->list, fault))
		faults->err = ERR_NOMEM;
}

void csv_fault(struct csv_faults *faults, const char *column, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	csv_vfault(faults, column, fmt, ap);
	va_end(ap);
}

/* ---- titles ----------------------------------------------------------------------------------
 */

void csv_fold(const char *text, char *folded, size_t bytes)
{
	CLEAN_BUF plain = {0};
	size_t len = 0;

	buf_init(&plain, 4 * CELL_RAW_MAX);
	if (sms_text_unaccent(text, &plain))
		buf_reset(&plain);
	for (const char *at = buf_text(&plain); *at && len + 1 < bytes; at++) {
		if (*at >= 'A' && *at <= 'Z')
			folded[len++] = (char)(*at + 32);
		else if ((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9'))
			folded[len++] = *at;
	}
	folded[len] = 0;
}

static int column_of(const struct csv_table *table, const char *title)
{
	for (int c = 0; c < table->count; c++) {
		for (int t = 0; t < CSV_TITLES_MAX && table->columns[c].titles[t]; t++) {
			if (str_eq(table->columns[c].titles[t], title))
				return c;
		}
	}
	return -1;
}

static void take_title(struct reader *r, const char *cell)
{
	char title[64];
	int column;

	csv_fold(cell, title, sizeof(title));
	column = column_of(r->table, title);
	if (column < 0)
		return;
	if (r->at[column] >= 0) {
		csv_fault(r->faults, r->table->columns[column].name, "there are two such columns");
		r->is_over = true;
		return;
	}
	r->at[column] = r->cell;
	r->table->has[column] = true;
}

static void end_titles(struct reader *r)
{
	r->has_titles = true;
	for (int c = 0; c < r->table->count; c++) {
		if (r->at[c] >= 0 || !r->table->columns[c].is_required)
			continue;
		csv_fault(r->faults, r->table->columns[c].name,
			"there is no such column: the first row must name it");
		r->is_over = true;
	}
}

/* ---- cells -----------------------------------------------------------------------------------
 */

static void trim(char *text)
{
	size_t start = strspn(text, " \n"), len = strlen(text);

	while (len > start && strchr(" \n", text[len - 1]))
		len--;
	memmove(text, text + start, len - start);
	text[len - start] = 0;
}

/* NFC, a no-break space as any other. */
static enum err clean_cell(const char *cell, char clean[CSV_CELL_BYTES])
{
	CLEAN_BUF text = {0};
	char *at;
	enum err err;

	buf_init(&text, 2 * CELL_RAW_MAX);
	err = sms_text_normalize(cell, &text);
	if (err)
		return err;
	while (text.len && (at = strstr(text.data, "\xc2\xa0"))) {
		*at = ' ';
		memmove(at + 1, at + 2, strlen(at + 2) + 1);
	}
	if (text.len)
		trim(text.data);
	err = str_copy(clean, CSV_CELL_BYTES, buf_text(&text));
	explicit_bzero(text.data, text.len);
	return err;
}

static void take_cell(struct reader *r, int column, const char *cell, size_t len)
{
	enum err err = len < CELL_RAW_MAX ? clean_cell(cell, r->cells[column]) : ERR_TOO_BIG;

	if (err)
		csv_fault(r->faults, r->table->columns[column].name, "is too long");
}

static void field_read(void *data, size_t len, void *arg)
{
	struct reader *r = arg;
	const char *cell = data;

	if (r->is_over || r->err)
		return;
	if (len && cell[strspn(cell, " \t\n")])
		r->has_text = true;
	if (!r->has_titles) {
		take_title(r, len < CELL_RAW_MAX ? cell : "");
	} else {
		for (int c = 0; c < r->table->count; c++) {
			if (r->at[c] == r->cell)
				take_cell(r, c, cell, len);
		}
	}
	r->cell++;
}

static void end_data(struct reader *r)
{
	char *cells[CSV_COLUMNS_MAX];

	if (!r->has_text || r->faults->is_row_bad)
		return;
	if (++r->rows > r->table->rows_max) {
		csv_fault(r->faults, NULL, "the table has too many rows; cut it in two");
		r->is_over = true;
		return;
	}
	for (int c = 0; c < CSV_COLUMNS_MAX; c++)
		cells[c] = r->cells[c];
	r->err = r->table->row(r->table->arg, cells);
	if (!r->err)
		r->err = r->faults->err;
}

static void row_read(int terminator, void *arg)
{
	struct reader *r = arg;

	(void)terminator;
	if (r->is_over || r->err)
		return;
	if (!r->has_titles && r->has_text)
		end_titles(r);
	else if (r->has_titles)
		end_data(r);
	r->faults->row++;
	r->faults->is_row_bad = false;
	r->cell = 0;
	r->has_text = false;
	memset(r->cells, 0, sizeof(r->cells));
}

/* ---- the file --------------------------------------------------------------------------------
 */

/* One kind of line end, so that rows are counted as the spreadsheet does. */
static size_t one_line_end(char *text, size_t len)
{
	size_t to = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\r' && i + 1 < len && text[i + 1] == '\n')
			continue;
		text[to++] = text[i] == '\r' ? '\n' : text[i];
	}
	return to;
}

/* The sign that is most frequent in the first row that has text, outside of quotes. */
static unsigned char find_delimiter(const char *text, size_t len)
{
	static const char signs[] = ",;\t";
	size_t counts[3] = {0}, best = 0;
	bool is_quoted = false, has_text = false;

	for (size_t i = 0; i < len && !(text[i] == '\n' && has_text && !is_quoted); i++) {
		const char *at = text[i] ? strchr(signs, text[i]) : NULL;

		if (text[i] == '"')
			is_quoted = !is_quoted;
		else if (at && !is_quoted)
			counts[at - signs]++;
		has_text = has_text || !strchr(" \n,;\t", text[i]);
	}
	for (size_t i = 1; i < 3; i++) {
		if (counts[i] > counts[best])
			best = i;
	}
	return (unsigned char)signs[best];
}

/* "sep=;", by which Excel is told what separates: the row counts, but is none of the table. */
static size_t skip_separator_row(struct reader *r, const char *text, size_t len)
{
	if (len < 6 || strncasecmp(text, "sep=", 4) != 0 || text[5] != '\n' ||
		!strchr(",;\t", text[4]))
		return 0;
	r->faults->row++;
	return 6;
}

static void parse(struct reader *r, const char *text, size_t len)
{
	size_t skip = skip_separator_row(r, text, len);
	struct csv_parser parser;

	if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL | CSV_APPEND_NULL)) {
		r->err = ERR_NOMEM;
		return;
	}
	csv_set_delim(&parser, find_delimiter(text + skip, len - skip));
	if (csv_parse(&parser, text + skip, len - skip, field_read, row_read, r) != len - skip ||
		csv_fini(&parser, field_read, row_read, r)) {
		if (csv_error(&parser) == CSV_ENOMEM)
			r->err = ERR_NOMEM;
		else if (!r->is_over)
			csv_fault(r->faults, NULL,
				"a quotation mark is missing or too many: \" in a cell is written "
				"\"\"");
	}
	csv_free(&parser);
}

/* Letters that a Vietnamese spreadsheet writes in its own code page; what a number or a picture
 * would be in it is none. */
static bool is_plain_text(const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)data[i];

		if (c < ' ' && c != '\t' && c != '\n' && c != '\r')
			return false;
	}
	return true;
}

static enum err decode(struct reader *r, const char *data, size_t len, struct buf *out)
{
	enum charset charset = CHARSET_UTF8;
	size_t skip = 0;
	enum err err;

	if (!charset_of_mark(data, len, &charset, &skip) && !str_is_utf8(data, len)) {
		/* Without a mark ASCII in two bytes shows it. */
		if (len >= 4 && data[0] && !data[1] && data[2] && !data[3])
			charset = CHARSET_UTF16LE;
		else
			charset = CHARSET_WINDOWS_1258;
	}
	err = charset == CHARSET_WINDOWS_1258 && !is_plain_text(data, len)
		      ? ERR_INVALID
		      : charset_to_utf8(charset, data + skip, len - skip, out);
	if (!err && memchr(buf_text(out), 0, out->len))
		err = ERR_INVALID;
	if (err == ERR_INVALID)
		csv_fault(r->faults, NULL,
			"this is no CSV file; save the table as \"CSV UTF-8\" and send that file");
	else if (err == ERR_TOO_BIG)
		csv_fault(r->faults, NULL, "the file is too long; cut it in two");
	else
		return err;
	r->is_over = true;
	return ERR_OK;
}

enum err csv_table_read(struct csv_table *table, const char *data, size_t len)
{
	struct reader r = {.table = table, .faults = table->faults};
	struct buf text;
	enum err err;

	CHECK(table->count <= CSV_COLUMNS_MAX);
	for (int c = 0; c < CSV_COLUMNS_MAX; c++)
		r.at[c] = -1;
	buf_init(&text, 2 * len + 16); /* a letter of two bytes has three at most in UTF-8 */
	err = decode(&r, data, len, &text);
	if (!err && !r.is_over) {
		if (text.len)
			text.len = one_line_end(text.data, text.len);
		parse(&r, buf_text(&text), text.len);
		if (!r.has_titles && !table->faults->count)
			csv_fault(table->faults, NULL, "the file is empty");
	}
	buf_wipe(&text);
	explicit_bzero(r.cells, sizeof(r.cells));
	if (!err)
		err = r.err ? r.err : table->faults->err;
	return err;
}
