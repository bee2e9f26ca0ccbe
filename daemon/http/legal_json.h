/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the routes of legal.c show. Each is a new object, NULL when memory is short. */
#ifndef BINHYEN_HTTP_LEGAL_JSON_H
#define BINHYEN_HTTP_LEGAL_JSON_H

#include "daemon/desk/legal.h"
#include "daemon/http/resources.h"

json_t *json_regimes(const struct law *law);
json_t *json_calendar(const struct law *law);
json_t *json_clock(struct http_request *req, const struct report_clock *clock, int64_t now_ms);
/* Class, clocks, moments and outcomes of a report. */
json_t *json_report_law(struct http_request *req, const struct report *report, int64_t now_ms);

/* clocks.c: a year, 0 this one, and how its clocks were kept. */
struct clock_period;
MUST_CHECK
enum err http_clock_year(
	struct http_request *req, int64_t year, struct clock_period *ret_period, int64_t *ret_year);
json_t *json_clock_tally(
	struct http_request *req, const struct clock_period *period, enum err *ret_err);

#endif
