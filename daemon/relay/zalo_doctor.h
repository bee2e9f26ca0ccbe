/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the doctor found out: a list of
 *   {"check":name, "level":"ok|note|warning|alarm", "code":Zalo's error or 0,
 *    "message_vi":text, "advice_vi":text or ""}
 * and how Zalo's answers become such findings. Pure functions of an answer and a few facts.
 */
#ifndef BINHYEN_RELAY_ZALO_DOCTOR_H
#define BINHYEN_RELAY_ZALO_DOCTOR_H

#include "daemon/base/base.h"
#include "daemon/relay/zalo_codes.h"

enum zalo_level { ZALO_LEVEL_OK, ZALO_LEVEL_NOTE, ZALO_LEVEL_WARNING, ZALO_LEVEL_ALARM };

/* advice NULL: nothing to do. */
PRINTF_LIKE(6, 7)
void zalo_finding(json_t *findings, const char *check, enum zalo_level level, int64_t code,
	const char *advice, const char *format, ...);

/* Zalo refused; `what` is what can't be done then ("đọc thông tin OA"). */
void zalo_finding_refused(json_t *findings, const char *check, const char *what,
	enum zalo_level level, const struct zalo_answer *answer);

/* The data of getoa; user/getlist of the last seven days; quota/message and quota/group of the OA;
 * group/getgroup; message/quota of ZNS. */
void zalo_finding_account(json_t *findings, const json_t *data, const char *oa_id);
void zalo_finding_people(json_t *findings, const json_t *data);
void zalo_finding_quota(json_t *findings, const json_t *data);
void zalo_finding_assets(json_t *findings, const json_t *data, int64_t now_ms);
void zalo_finding_group(json_t *findings, const json_t *data, int64_t now_ms);
void zalo_finding_zns(json_t *findings, const json_t *data);

#endif
