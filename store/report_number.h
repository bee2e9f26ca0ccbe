/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a report is called, for the files of store/; the rest of it is in report.h. */
#ifndef BINHYEN_STORE_REPORT_NUMBER_H
#define BINHYEN_STORE_REPORT_NUMBER_H

#include "store/report.h"

/* A year of a book as the column `year` has it, and back. */
int report_year_in(enum report_book book, int year);
void report_year_read(int year_in, enum report_book *ret_book, int *ret_year);

/* The next number of that year; drawn at random once there are officers, for then there is somebody
 * whom a gap would tell something. */
MUST_CHECK
enum err report_number_take(struct store *store, enum report_book book, int year, int *ret_number,
	bool *ret_is_running);

#endif
