/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/ctl/roster_csv.h"

#include "daemon/base/str.h"

#include <csv.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define CELL_MAX 64 /* bytes; a login has 32 */

enum column {
	COLUMN_DAY,
	COLUMN_FROM,
	COLUMN_TO,
	COLUMN_RANK,
	COLUMN_OFFICER,
	COLUMN_INSTEAD_OF,
	COLUMN_COUNT
};

static const struct {
	const char *title;
	enum column column;
} titles[] = {
	{"day", COLUMN_DAY},
	{"ngay", COLUMN_DAY},
	{"ngày", COLUMN_DAY},
	{"from", COLUMN_FROM},
	{"tu", COLUMN_FROM},
	{"từ", COLUMN_FROM},
	{"to", COLUMN_TO},
	{"den", COLUMN_TO},
	{"đến", COLUMN_TO},
	{"rank", COLUMN_RANK},
	{"thu tu", COLUMN_RANK},
	{"thứ tự", COLUMN_RANK},
	{"officer", COLUMN_OFFICER},
	{"can bo", COLUMN_OFFICER},
	{"cán bộ", COLUMN_OFFICER},
	{"instead_of", COLUMN_INSTEAD_OF},
	{"thay cho", COLUMN_INSTEAD_OF},
	{"thay", COLUMN_INSTEAD_OF},
};
static const char *const names[] = {"day", "from", "to", "rank", "officer", "instead_of"};

struct reader {
	struct roster_csv *csv;
	int row, cell; /* the row from 1, as the spreadsheet numbers them */
	int at[COLUMN_COUNT];
	bool has_titles, has_text, is_bad;
	char cells[COLUMN_COUNT][CELL_MAX];
	enum err err;
};

static void fault(struct reader *r, int column, const char *message)
{
	json_t *text;

	r->is_bad = true;
	if (r->csv->fault_count++ >= ROSTER_FAULTS_MAX)
		return;
	text = column < 0 ? json_string(message) : json_sprintf("%s: %s", names[column], message);
	if (json_array_append_new(
		    r->csv->faults, json_pack("{s:i, s:o}", "row", r->row, "message", text)))
		r->err = ERR_NOMEM;
}

static void take_title(struct reader *r, const char *cell)
{
	cell += strspn(cell, " ");
	for (size_t i = 0; i < ARRAY_LEN(titles); i++) {
		if (strcasecmp(titles[i].title, cell) != 0)
			continue;
		if (r->at[titles[i].column] >= 0)
			fault(r, (int)titles[i].column, "there are two such columns");
		r->at[titles[i].column] = r->cell;
	}
}

static void end_titles(struct reader *r)
{
	r->has_titles = true;
	for (int c = 0; c < COLUMN_COUNT; c++) {
		if (r->at[c] < 0 && c != COLUMN_RANK && c != COLUMN_INSTEAD_OF)
			fault(r, c,
				"there is no such column; the first row names day, from, to, officer and, "
				"if wanted, rank, instead_of");
	}
}

static void trim(char *text)
{
	size_t start = strspn(text, " \t\n"), len = strlen(text);

	while (len > start && strchr(" \t\n", text[len - 1]))
		len--;
	memmove(text, text + start, len - start);
	text[len - start] = 0;
	/* "-" is nobody, which an export keeps from a spreadsheet's formulas. */
	if (str_eq(text, "'-"))
		memmove(text, "-", 2);
}

static void end_data(struct reader *r)
{
	json_t *row = NULL;

	if (!r->has_text || r->csv->fault_count > ROSTER_FAULTS_MAX)
		return;
	for (int c = 0; c < COLUMN_COUNT; c++)
		trim(r->cells[c]);
	if (json_array_size(r->csv->rows) >= ROSTER_CSV_ROWS_MAX)
		fault(r, -1, "a roster has at most 500 rows");
	if (r->is_bad)
		return;
	row = json_object();
	for (int c = 0; c < COLUMN_COUNT; c++)
		json_object_set_new(row, names[c], json_string(r->cells[c]));
	if (json_array_append_new(r->csv->rows, row) ||
		json_array_append_new(r->csv->lines, json_integer(r->row)))
		r->err = ERR_NOMEM;
}

static void field_read(void *data, size_t len, void *arg)
{
	struct reader *r = arg;
	const char *cell = data;

	if (len && cell[strspn(cell, " \t\n")])
		r->has_text = true;
	if (!r->has_titles) {
		take_title(r, cell);
	} else {
		for (int c = 0; c < COLUMN_COUNT; c++) {
			if (r->at[c] == r->cell && str_copy(r->cells[c], CELL_MAX, cell))
				fault(r, c, "is too long");
		}
	}
	r->cell++;
}

static void row_read(int terminator, void *arg)
{
	struct reader *r = arg;

	(void)terminator;
	if (!r->has_titles && r->has_text)
		end_titles(r);
	else if (r->has_titles && !r->is_bad)
		end_data(r);
	r->row++;
	r->cell = 0;
	r->has_text = false;
	r->is_bad = false;
	memset(r->cells, 0, sizeof(r->cells));
}

/* The sign that is most frequent in the first row. */
static unsigned char find_delimiter(const char *text, size_t len)
{
	static const char signs[] = ",;\t";
	size_t counts[3] = {0}, best = 0;

	for (size_t i = 0; i < len && text[i] != '\n'; i++) {
		for (size_t k = 0; k < 3; k++)
			counts[k] += text[i] == signs[k];
	}
	for (size_t i = 1; i < 3; i++) {
		if (counts[i] > counts[best])
			best = i;
	}
	return (unsigned char)signs[best];
}

static void parse(struct reader *r, const char *text, size_t len)
{
	struct csv_parser parser;

	if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL | CSV_APPEND_NULL)) {
		r->err = ERR_NOMEM;
		return;
	}
	csv_set_delim(&parser, find_delimiter(text, len));
	if (csv_parse(&parser, text, len, field_read, row_read, r) != len ||
		csv_fini(&parser, field_read, row_read, r)) {
		if (csv_error(&parser) == CSV_ENOMEM)
			r->err = ERR_NOMEM;
		else
			fault(r, -1,
				"a quotation mark is missing or too many: \" in a cell is written \"\"");
	}
	csv_free(&parser);
}

/* One kind of line end, so that rows are counted as the spreadsheet does. */
static size_t one_line_end(const char *data, size_t len, char *text)
{
	size_t to = 0;

	for (size_t i = 0; i < len; i++) {
		if (data[i] == '\r' && i + 1 < len && data[i + 1] == '\n')
			continue;
		text[to++] = data[i] == '\r' ? '\n' : data[i];
	}
	return to;
}

enum err roster_csv_read(const char *data, size_t len, struct roster_csv *ret_csv)
{
	struct roster_csv csv = {
		.rows = json_array(), .lines = json_array(), .faults = json_array()};
	struct reader r = {.csv = &csv, .row = 1, .at = {-1, -1, -1, -1, -1, -1}};
	char *text = malloc(len + 1);

	if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
		data += 3;
		len -= 3;
	}
	if (!csv.rows || !csv.lines || !csv.faults || !text)
		r.err = ERR_NOMEM;
	else if (memchr(data, 0, len) || !str_is_utf8(data, len))
		fault(&r, -1, "the file is no CSV in UTF-8; save the table as \"CSV UTF-8\"");
	else {
		parse(&r, text, one_line_end(data, len, text));
		if (!r.has_titles && !csv.fault_count)
			fault(&r, -1, "the file is empty");
	}
	free(text);
	if (r.err) {
		roster_csv_done(&csv);
		return r.err;
	}
	*ret_csv = csv;
	return ERR_OK;
}

void roster_csv_done(struct roster_csv *csv)
{
	json_decref(csv->rows);
	json_decref(csv->lines);
	json_decref(csv->faults);
	*csv = (struct roster_csv){0};
}
