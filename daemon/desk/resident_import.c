/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/resident_import.h"

#include "daemon/base/str.h"
#include "daemon/desk/audience.h"
#include "daemon/desk/desk_private.h"

#include <stdlib.h>
#include <string.h>

#define PLACES_MAX 1000	  /* hamlets, agencies, schools of a commune are some hundred */
#define SLOTS	   131072 /* more than twice the rows; a power of two */

enum column {
	COLUMN_PHONE,
	COLUMN_NAME,
	COLUMN_PLACE,
	COLUMN_ROLE,
	COLUMN_HOUSEHOLD,
	COLUMN_LIST,
	COLUMN_COUNT
};

static const struct csv_column columns[COLUMN_COUNT] = {
	[COLUMN_PHONE] = {"phone",
		{"phone", "sodienthoai", "dienthoai", "sdt", "dtdd", "didong", "mobile"}, true},
	[COLUMN_NAME] = {"name", {"name", "hoten", "hovaten", "ten", "hotendem", "fullname"}, true},
	[COLUMN_PLACE] = {"place",
		{"place", "madiaban", "diaban", "thon", "thonxom", "donvi", "hamlet"}, true},
	[COLUMN_ROLE] = {"role", {"role", "vaitro", "chucvu", "chucdanh"}, false},
	[COLUMN_HOUSEHOLD] = {"household",
		{"household", "ho", "maho", "hogiadinh", "sohokhau", "mahogiadinh"}, false},
	[COLUMN_LIST] = {"list", {"list", "danhsach", "nhom", "lists"}, false},
};

struct known_place {
	char code[PLACE_CODE_BYTES];
	char folded[PLACE_NAME_BYTES]; /* of its name */
};

struct seen {
	uint64_t hash; /* of phone and place; 0 free */
	int row;
};

struct importing {
	struct desk *desk;
	struct resident_import *import;
	struct csv_table table;
	struct known_place *places;
	int place_count;
	struct seen *seen;
};

PRINTF_LIKE(3, 4)
static void cell_fault(struct importing *im, enum column column, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	csv_vfault(&im->import->faults, columns[column].name, fmt, ap);
	va_end(ap);
}

/* ---- cells -----------------------------------------------------------------------------------
 */

/* What a spreadsheet would take for a formula is kept from it by a ' before it. */
static void unguard(struct importing *im, enum column column, char *cell)
{
	bool is_guarded = cell[0] == '\'' && cell[1] && strchr("=+-@", cell[1]);

	if (is_guarded)
		memmove(cell, cell + 1, strlen(cell));
	if (cell[0] == '=' || cell[0] == '@' ||
		(column != COLUMN_PHONE && !is_guarded && (cell[0] == '+' || cell[0] == '-')))
		cell_fault(im, column, "begins like a formula; write the text itself");
}

static void read_phone(struct importing *im, const char *cell, char phone[MSISDN_BYTES])
{
	bool is_mended = false;

	if (!cell[0])
		cell_fault(im, COLUMN_PHONE, "is empty");
	else if (strpbrk(cell, "eE") && strpbrk(cell, "0123456789"))
		cell_fault(im, COLUMN_PHONE,
			"the spreadsheet made a computed number of it (9,0E+08), whose last digits are "
			"lost; format the column as text and enter it again");
	else if (strpbrk(cell, ",;\n") || strstr(cell, " - 0"))
		cell_fault(im, COLUMN_PHONE, "more than one number; a row has one");
	else if (resident_phone(cell, phone, &is_mended))
		cell_fault(im, COLUMN_PHONE,
			"is no phone number of Vietnam, or lacks digits; write it with its leading 0, "
			"as text");
	else
		im->import->mended += is_mended;
}

/* By its code, or by its name if no other has the same. */
static const char *find_place(struct importing *im, const char *cell)
{
	const char *found = NULL;
	char folded[PLACE_NAME_BYTES];

	csv_fold(cell, folded, sizeof(folded));
	for (int i = 0; i < im->place_count; i++) {
		if (str_eq(im->places[i].code, cell))
			return im->places[i].code;
	}
	for (int i = 0; i < im->place_count; i++) {
		if (!folded[0] || !str_eq(im->places[i].folded, folded))
			continue;
		if (found)
			return NULL;
		found = im->places[i].code;
	}
	return found;
}

static uint64_t hash_of(const char *phone, const char *place)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (const char *at = phone; *at; at++)
		hash = (hash ^ (unsigned char)*at) * UINT64_C(1099511628211);
	for (const char *at = place; *at; at++)
		hash = (hash ^ (unsigned char)*at) * UINT64_C(1099511628211);
	return hash ? hash : 1;
}

/* FNV-1a of 64 bits: by chance two of 50,000 rows have the same once in some ten thousand million
 * lists. */
static void check_twice(struct importing *im, const char *phone, const char *place)
{
	uint64_t hash = hash_of(phone, place);
	size_t at = hash & (SLOTS - 1);

	while (im->seen[at].hash && im->seen[at].hash != hash)
		at = (at + 1) & (SLOTS - 1);
	if (!im->seen[at].hash) {
		im->seen[at] = (struct seen){hash, im->import->faults.row};
		return;
	}
	cell_fault(im, COLUMN_PHONE, "the same phone and place as in row %d", im->seen[at].row);
}

/* ---- rows ------------------------------------------------------------------------------------
 */

static bool is_our_fault(enum err err)
{
	return err != ERR_INVALID && err != ERR_NOT_FOUND && err != ERR_TOO_BIG;
}

/* Saved lists, by their codes. */
static enum err join_lists(struct importing *im, const char *phone, char *cell)
{
	char *rest = cell, *code;

	while ((code = strsep(&rest, " ,;\n"))) {
		enum err err;

		if (!*code)
			continue;
		err = desk_audience_member(im->desk, code, phone, true, NULL);
		if (err && is_our_fault(err))
			return err;
		if (err) {
			cell_fault(im, COLUMN_LIST,
				"there is no saved list of people with that code; see binhyenctl "
				"audiences");
			return ERR_OK;
		}
		im->import->listed++;
	}
	return ERR_OK;
}

static enum err put(struct importing *im, const struct desk_resident_row *row, char *lists)
{
	enum desk_resident_change change = DESK_RESIDENT_SAME;
	enum err err = desk_resident_put(im->desk, row, &change, NULL);

	if (err && is_our_fault(err))
		return err;
	if (err) {
		cell_fault(im, COLUMN_NAME, "is no name in one line of at most 127 bytes");
		return ERR_OK;
	}
	im->import->counts[change]++;
	return str_eq(row->role, DESK_ROLE_LEFT) ? ERR_OK : join_lists(im, row->phone, lists);
}

static enum err take_row(void *arg, char *cells[CSV_COLUMNS_MAX])
{
	struct importing *im = arg;
	char phone[MSISDN_BYTES] = "", role[RESIDENT_ROLE_BYTES] = "";
	const char *place;

	for (int c = 0; c < COLUMN_COUNT; c++)
		unguard(im, (enum column)c, cells[c]);
	read_phone(im, cells[COLUMN_PHONE], phone);
	if (!cells[COLUMN_NAME][0])
		cell_fault(im, COLUMN_NAME, "is empty");
	place = find_place(im, cells[COLUMN_PLACE]);
	if (!place)
		cell_fault(im, COLUMN_PLACE,
			"there is no place with that code or name; see binhyenctl places, add one with "
			"binhyenctl place");
	if (resident_role(cells[COLUMN_ROLE], role))
		cell_fault(im, COLUMN_ROLE,
			"is no role: member, household_head, head, deputy, secretary, security, front, "
			"manager, or left");
	if (strlen(cells[COLUMN_HOUSEHOLD]) >= RESIDENT_HOUSEHOLD_BYTES)
		cell_fault(im, COLUMN_HOUSEHOLD, "is too long");
	if (!im->import->faults.is_row_bad)
		check_twice(im, phone, place);
	if (im->import->faults.is_row_bad)
		return ERR_OK;
	return put(im,
		&(struct desk_resident_row){.phone = phone,
			.name = cells[COLUMN_NAME],
			.place = place,
			.role = role,
			.household = im->table.has[COLUMN_HOUSEHOLD] ? cells[COLUMN_HOUSEHOLD]
								     : NULL},
		cells[COLUMN_LIST]);
}

/* ---- the list --------------------------------------------------------------------------------
 */

static void keep_place(void *arg, const struct place *place)
{
	struct importing *im = arg;
	struct known_place *known = &im->places[im->place_count];

	if (im->place_count == PLACES_MAX || place->closed_ms)
		return;
	memcpy(known->code, place->code, sizeof(known->code));
	csv_fold(place->name, known->folded, sizeof(known->folded));
	im->place_count++;
}

enum err resident_import_read(
	struct desk *desk, const char *data, size_t len, struct resident_import *ret_import)
{
	struct resident_import import = {.listed = 0};
	struct importing im = {.desk = desk, .import = &import};
	enum err err = csv_faults_init(&import.faults);

	im.places = calloc(PLACES_MAX, sizeof(*im.places));
	im.seen = calloc(SLOTS, sizeof(*im.seen));
	if (!im.places || !im.seen)
		err = ERR_NOMEM;
	if (!err)
		err = place_list(desk->store, 0, PLACES_MAX, keep_place, &im);
	im.table = (struct csv_table){.columns = columns,
		.count = COLUMN_COUNT,
		.rows_max = RESIDENT_IMPORT_ROWS_MAX,
		.row = take_row,
		.arg = &im,
		.faults = &import.faults};
	if (!err)
		err = csv_table_read(&im.table, data, len);
	free(im.places);
	free(im.seen);
	if (err) {
		resident_import_done(&import);
		return err;
	}
	*ret_import = import;
	return ERR_OK;
}

void resident_import_done(struct resident_import *import)
{
	csv_faults_done(&import->faults);
}
