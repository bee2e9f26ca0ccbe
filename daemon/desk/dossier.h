/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far a file (hồ sơ) at the one-stop office is, by its code: "HS H56.12-261120-0004" by SMS,
 * Zalo or the menu. The office exports its list as a CSV file, all rows of which are taken over or
 * none; of each row only code, state and dates are looked at, and no column with a name or a number
 * of a person is kept. The answer has nothing else in it either, so whoever holds the paper with
 * the code may ask, from any phone. A code that there is not is told like any other: nothing is
 * learnt by guessing, and answers to one sender are limited.
 */
#ifndef BINHYEN_DESK_DOSSIER_H
#define BINHYEN_DESK_DOSSIER_H

#include "daemon/desk/csv_table.h"
#include "store/dossier.h"

struct buf;
struct desk;

#define DOSSIER_IMPORT_BYTES_MAX (2 * 1024 * 1024)
#define DOSSIER_IMPORT_ROWS_MAX	 20000
#define DOSSIER_CODE_BYTES	 40
#define DOSSIER_CODE_DIGITS	 4		/* at least: fewer are words of a sentence */
#define DESK_DOSSIER_KEPT_MS	 (180 * DAY_MS) /* after the last export that had it */

struct dossier_import {
	int64_t counts[3]; /* by enum dossier_change */
	struct csv_faults faults;
};
/*
 *     code     mã hồ sơ, số hồ sơ
 *     state    trạng thái, tình trạng: in the words of the office ("Đang xử lý")
 *     due      ngày hẹn trả: 25/11/2026 or 2026-11-25, with a time behind it or not
 *     changed  ngày cập nhật
 *
 * Writes what it reads: within a savepoint of the caller's, who undoes it after a trial, and when
 * there are faults. Free with dossier_import_done(). */
MUST_CHECK
enum err dossier_import_read(
	struct desk *desk, const char *data, size_t len, struct dossier_import *ret_import);
void dossier_import_done(struct dossier_import *import);

/* A code as people type it, in the one spelling that is looked for. ERR_INVALID: it can't be one.
 */
MUST_CHECK
enum err dossier_code(const char *text, char ret_code[DOSSIER_CODE_BYTES]);

struct desk_dossier_question {
	int64_t party_id;
	const char *words; /* what follows "HS", NFC; "" nothing */
	struct buf *said;  /* the answer is appended here instead of being sent; NULL sent */
};
/* ERR_NOT_FOUND: the words are something else, and belong into a report. */
MUST_CHECK
enum err desk_dossier_ask(struct desk *desk, const struct desk_dossier_question *question);

/* Forgets what the office does not export any more. */
MUST_CHECK
enum err desk_dossiers_tick(struct desk *desk);

#endif
