/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/ctl/resident_csv.h"

#include "daemon/base/str.h"

#include <csv.h>
#include <stdbool.h>
#include <string.h>

#define CELL_MAX    256 /* bytes; a longer one is a fault */
#define COLUMNS_MAX 32	/* more are read and not looked at */

enum column { COLUMN_PHONE, COLUMN_NAME, COLUMN_PLACE, COLUMN_ROLE, COLUMN_COUNT };

/* As people title them; letters only, without marks and capitals. */
static const struct {
	const char *title;
	enum column column;
} titles[] = {
	{"phone", COLUMN_PHONE},
	{"sodienthoai", COLUMN_PHONE},
	{"dienthoai", COLUMN_PHONE},
	{"sdt", COLUMN_PHONE},
	{"name", COLUMN_NAME},
	{"hoten", COLUMN_NAME},
	{"hovaten", COLUMN_NAME},
	{"place", COLUMN_PLACE},
	{"madiaban", COLUMN_PLACE},
	{"diaban", COLUMN_PLACE},
	{"role", COLUMN_ROLE},
	{"vaitro", COLUMN_ROLE},
};
static const char *const column_names[] = {"phone", "name", "place", "role"};

struct reader {
	struct resident_csv *csv;
	json_t *seen;	      /* "phone place" → row */
	int row;	      /* from 1, as the spreadsheet numbers them */
	int cell;	      /* of the row */
	int at[COLUMN_COUNT]; /* which cell; -1 none */
	bool has_titles;
	bool has_text; /* in this row */
	bool is_bad;   /* this row was told about */
	char cells[COLUMN_COUNT][CELL_MAX];
	enum err err;
};

static void fault(struct reader *r, int column, const char *message)
{
	json_t *text;

	r->is_bad = true;
	if (r->csv->fault_count++ >= RESIDENT_FAULTS_MAX)
		return;
	text = column < 0 ? json_string(message)
			  : json_sprintf("%s: %s", column_names[column], message);
	if (json_array_append_new(
		    r->csv->faults, json_pack("{s:i, s:o}", "row", r->row, "message", text)))
		r->err = ERR_NOMEM;
}

/* ---- titles ----------------------------------------------------------------------------------
 */

/* The letters of Vietnamese that titles are written with, by their first code units. Enough for the
 * titles above; anything else makes the title an unknown one. */
static size_t plain_letter(const char *text, char *ret_letter)
{
	static const struct {
		const char *letters;
		char plain;
	} marks[] = {
		{"ọốổộồỗơớờởợòóỏõôỌỐỔỘƠÓÒÔ", 'o'},
		{"ạảãáàâấầẩẫậăắằẳẵặÀÁẢÃẠÂĂ", 'a'},
		{"êếềểễệéèẻẽẹÊÉÈ", 'e'},
		{"íìỉĩịÍÌ", 'i'},
		{"đĐ", 'd'},
		{"úùủũụưứừửữựÚÙƯ", 'u'},
	};
	unsigned char c = (unsigned char)text[0];
	size_t len = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

	*ret_letter = 0;
	if (len == 1) {
		if (c >= 'A' && c <= 'Z')
			*ret_letter = (char)(c + 32);
		else if (c >= 'a' && c <= 'z')
			*ret_letter = (char)c;
		return 1;
	}
	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		for (const char *m = marks[i].letters; *m;) {
			size_t size = (unsigned char)*m < 0xe0 ? 2 : 3;

			if (size == len && memcmp(m, text, len) == 0)
				*ret_letter = marks[i].plain;
			m += size;
		}
	}
	return len;
}

/* cell: NUL-terminated UTF-8. */
static void take_title(struct reader *r, const char *cell)
{
	char plain[32];
	size_t len = 0;

	while (*cell && len + 1 < sizeof(plain)) {
		cell += plain_letter(cell, &plain[len]);
		len += plain[len] != 0;
	}
	plain[len] = 0;
	for (size_t i = 0; i < ARRAY_LEN(titles); i++) {
		if (!str_eq(titles[i].title, plain))
			continue;
		if (r->at[titles[i].column] >= 0)
			fault(r, (int)titles[i].column, "there are two such columns");
		r->at[titles[i].column] = r->cell;
	}
}

static void end_titles(struct reader *r)
{
	r->has_titles = true;
	for (int c = 0; c < COLUMN_ROLE; c++) {
		if (r->at[c] < 0)
			fault(r, c,
				"the first row must name this column; it names phone, name, place and, "
				"if wanted, role");
	}
}

/* ---- rows ------------------------------------------------------------------------------------
 */

static void trim(char *text)
{
	size_t start = strspn(text, " \t\n"), len = strlen(text);

	while (len > start && strchr(" \t\n", text[len - 1]))
		len--;
	memmove(text, text + start, len - start);
	text[len - start] = 0;
}

/* What a spreadsheet would take for a formula is kept from it by a ' before it. */
static void unguard(struct reader *r, int column)
{
	char *cell = r->cells[column];

	if (cell[0] == '\'' && cell[1] && strchr("=+-@", cell[1])) {
		memmove(cell, cell + 1, strlen(cell));
		if (cell[0] == '+')
			return;
	}
	if (cell[0] == '=' || cell[0] == '@' ||
		(column != COLUMN_PHONE && (cell[0] == '+' || cell[0] == '-')))
		fault(r, column, "begins like a formula; write the text itself");
}

/* Numbers lose their leading 0 in a spreadsheet, or worse. */
static void mend_phone(struct reader *r)
{
	char *phone = r->cells[COLUMN_PHONE];
	size_t len = strlen(phone);

	if (!len) {
		fault(r, COLUMN_PHONE, "is empty");
	} else if (strpbrk(phone, "eE")) {
		fault(r, COLUMN_PHONE,
			"the spreadsheet made a computed number of it (9,0E+08); format the column as "
			"text and enter it again");
	} else if (len == 9 && strspn(phone, "0123456789") == 9 && strchr("35789", phone[0])) {
		memmove(phone + 1, phone, len + 1);
		phone[0] = '0';
		r->csv->mended++;
	}
}

static void check_twice(struct reader *r)
{
	char key[2 * CELL_MAX], message[64];
	const json_t *first;

	snprintf(key, sizeof(key), "%s %s", r->cells[COLUMN_PHONE], r->cells[COLUMN_PLACE]);
	first = json_object_get(r->seen, key);
	if (first) {
		snprintf(message, sizeof(message), "the same person and place as in row %d",
			(int)json_integer_value(first));
		fault(r, COLUMN_PHONE, message);
	} else if (json_object_set_new(r->seen, key, json_integer(r->row))) {
		r->err = ERR_NOMEM;
	}
}

static void add_row(struct reader *r)
{
	json_t *row = json_pack("{s:i, s:s, s:s, s:s, s:s}", "row", r->row, "phone",
		r->cells[COLUMN_PHONE], "name", r->cells[COLUMN_NAME], "place",
		r->cells[COLUMN_PLACE], "role",
		r->cells[COLUMN_ROLE][0] ? r->cells[COLUMN_ROLE] : "member");

	if (!row || json_array_append_new(r->csv->rows, row))
		r->err = ERR_NOMEM;
}

static void end_data(struct reader *r)
{
	/* Without its columns every row would be told about. */
	if (!r->has_text || r->at[COLUMN_PHONE] < 0 || r->at[COLUMN_NAME] < 0 ||
		r->at[COLUMN_PLACE] < 0)
		return;
	for (int c = 0; c < COLUMN_COUNT; c++) {
		trim(r->cells[c]);
		unguard(r, c);
	}
	mend_phone(r);
	if (!r->cells[COLUMN_NAME][0])
		fault(r, COLUMN_NAME, "is empty");
	if (!r->cells[COLUMN_PLACE][0])
		fault(r, COLUMN_PLACE, "is empty");
	if (!r->is_bad)
		check_twice(r);
	if (!r->is_bad && json_array_size(r->csv->rows) >= RESIDENT_CSV_ROWS_MAX)
		fault(r, -1, "the list is too long; cut it in two");
	if (!r->is_bad)
		add_row(r);
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
			if (r->at[c] != r->cell)
				continue;
			if (str_copy(r->cells[c], CELL_MAX, cell))
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
	else if (r->has_titles)
		end_data(r);
	r->row++;
	r->cell = 0;
	r->has_text = false;
	r->is_bad = false;
	memset(r->cells, 0, sizeof(r->cells));
}

/* ---- the file --------------------------------------------------------------------------------
 */

/* The sign that is most frequent in the first row. */
static unsigned char find_delimiter(const char *text, size_t len)
{
	static const char signs[] = ",;\t";
	size_t counts[3] = {0}, best = 0;

	for (size_t i = 0; i < len && text[i] != '\n'; i++) {
		const char *at = strchr(signs, text[i]);

		if (at && *at)
			counts[at - signs]++;
	}
	for (size_t i = 1; i < 3; i++) {
		if (counts[i] > counts[best])
			best = i;
	}
	return (unsigned char)signs[best];
}

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

static const char *wrong_coding(const char *data, size_t len)
{
	if (len >= 2 && (memcmp(data, "\xff\xfe", 2) == 0 || memcmp(data, "\xfe\xff", 2) == 0))
		return "the file is UTF-16; save it as \"CSV UTF-8\"";
	if (memchr(data, 0, len))
		return "this is no CSV file (a NUL byte); save the table as \"CSV UTF-8\"";
	if (!str_is_utf8(data, len))
		return "the letters are not UTF-8; save the table as \"CSV UTF-8\"";
	return NULL;
}

enum err resident_csv_read(const char *data, size_t len, struct resident_csv *ret_csv)
{
	struct resident_csv csv = {.rows = json_array(), .faults = json_array()};
	struct reader r = {.csv = &csv, .seen = json_object(), .row = 1, .at = {-1, -1, -1, -1}};
	char *text = NULL;
	const char *why;

	if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
		data += 3;
		len -= 3;
	}
	text = malloc(len + 1);
	if (!csv.rows || !csv.faults || !r.seen || !text)
		r.err = ERR_NOMEM;
	why = r.err ? NULL : wrong_coding(data, len);
	if (why) {
		fault(&r, -1, why);
	} else if (!r.err) {
		memcpy(text, data, len);
		len = one_line_end(text, len);
		parse(&r, text, len);
		if (!r.has_titles && !csv.fault_count)
			fault(&r, -1, "the file is empty");
	}
	if (text)
		explicit_bzero(text, len);
	free(text);
	explicit_bzero(r.cells, sizeof(r.cells));
	json_decref(r.seen);
	if (r.err) {
		resident_csv_done(&csv);
		return r.err;
	}
	*ret_csv = csv;
	return ERR_OK;
}

void resident_csv_done(struct resident_csv *csv)
{
	json_decref(csv->rows);
	json_decref(csv->faults);
	*csv = (struct resident_csv){0};
}
