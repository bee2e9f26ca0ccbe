/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mobile operators of Vietnam as data: what their SIMs may send, what it costs, and whose
 * number it is. All of it is hearsay, not a contract: binhyen.json(5) says so.
 */
#ifndef BINHYEN_CONFIG_OPERATORS_H
#define BINHYEN_CONFIG_OPERATORS_H

enum phone_operator {
	OPERATOR_OTHER,
	OPERATOR_VIETTEL,
	OPERATOR_VINAPHONE,
	OPERATOR_MOBIFONE,
	OPERATOR_VIETNAMOBILE,
	OPERATOR_COUNT
};
#define OPERATOR_NAMES "other", "viettel", "vinaphone", "mobifone", "vietnamobile"

const char *operator_name(enum phone_operator operator);

/* What one SIM may send in any window of that length, 0 = no limit: segments, and messages with the
 * same words. Of each minute, hour and day alarm_reserve segments, but at most half, are for
 * alarms.
 */
struct caps {
	int per_minute, per_hour, per_day;
	int same_per_5min, same_per_hour, same_per_day;
	int alarm_reserve;
};
/* Đồng for a segment to a number of the SIM's own network, and to any other. */
#define SMS_PRICE_UNKNOWN (-1)
struct sms_price {
	int own, other;
};
const struct sms_price *operator_price(enum phone_operator operator);

const struct caps *operator_caps(enum phone_operator operator);

/* By the prefix of "+84...": OPERATOR_OTHER when it is none of the four. A number that was ported
 * is with another one: a guess that saves money, nothing more. */
enum phone_operator operator_of_number(const char *msisdn);

#endif
