/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "OK 123" and "HUY 123", as people type them: in capitals or not, with or without blanks, signs
 * and marks ("ok123.", "Ok: 123", "hủy 123"), and what they add ("OK 123 dang den").
 */
#ifndef BINHYEN_INTAKE_ALARM_ANSWER_H
#define BINHYEN_INTAKE_ALARM_ANSWER_H

#include "daemon/desk/alarm.h"

/* ERR_NOT_FOUND: it is none. The note points into `text`. */
MUST_CHECK
enum err alarm_answer_parse(const char *text, struct alarm_answer *ret_answer);

#endif
