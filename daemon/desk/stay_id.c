/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/stay_id.h"

#include "daemon/base/date.h"

#include <string.h>

bool stay_is_id(const char *digits, int64_t today)
{
	/* Codes of provinces as they were when numbers began; the mergers of 2025 changed no number
	 * that is in use. */
	static const uint8_t provinces[] = {1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24,
		25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38, 40, 42, 44, 45, 46, 48, 49, 51, 52, 54,
		56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89,
		91, 92, 93, 94, 95, 96};
	int province, century, year;

	if (strlen(digits) != STAY_ID_DIGITS || strspn(digits, "0123456789") != STAY_ID_DIGITS)
		return false;
	province = 100 * (digits[0] - '0') + 10 * (digits[1] - '0') + digits[2] - '0';
	century = (digits[3] - '0') / 2;
	year = 1900 + 100 * century + 10 * (digits[4] - '0') + digits[5] - '0';
	if (year > date_of_day(today).year)
		return false;
	for (size_t i = 0; i < sizeof(provinces); i++) {
		if (provinces[i] == province)
			return true;
	}
	return false;
}

#define MARK_ZEROS "0000000000"

void stay_mark(int number, char ret_mark[STAY_ID_DIGITS + 1])
{
	memcpy(ret_mark, MARK_ZEROS "00", STAY_ID_DIGITS + 1);
	ret_mark[STAY_ID_DIGITS - 2] = (char)('0' + number / 10 % 10);
	ret_mark[STAY_ID_DIGITS - 1] = (char)('0' + number % 10);
}

int stay_mark_number(const char *digits)
{
	size_t zeros = strlen(MARK_ZEROS);

	if (strlen(digits) != STAY_ID_DIGITS || strncmp(digits, MARK_ZEROS, zeros) != 0 ||
		strspn(digits, "0123456789") != STAY_ID_DIGITS)
		return 0;
	return 10 * (digits[zeros] - '0') + digits[zeros + 1] - '0';
}
