/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/gammu_log.h"
#include "daemon/base/str.h"

#include <string.h>

#define NUMBER_MAX 65535

static const struct {
	const char *head;
	enum gammu_log_what what;
	bool has_number;
} lines[] = {
	{"OK\"", GAMMU_LOG_OK, false},
	{"ERROR\"", GAMMU_LOG_ERROR, false},
	{"+CMS ERROR:", GAMMU_LOG_CMS, true},
	{"+CME ERROR:", GAMMU_LOG_CME, true},
	{"+CMGS:", GAMMU_LOG_CMGS, true},
};

static int number_of(const char *text)
{
	char *end;
	long number;

	number = strtol(text, &end, 10);
	return end != text && number >= 0 && number <= NUMBER_MAX ? (int)number : -1;
}

enum gammu_log_what gammu_log_read(const char *text, int *ret_number)
{
	size_t digits = strspn(text, "0123456789");
	const char *line = text + digits + 2;

	*ret_number = -1;
	if (!digits || !str_starts(text + digits, " \""))
		return GAMMU_LOG_OTHER;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		if (!str_starts(line, lines[i].head))
			continue;
		if (lines[i].has_number)
			*ret_number = number_of(line + strlen(lines[i].head));
		return lines[i].what;
	}
	return GAMMU_LOG_OTHER;
}
