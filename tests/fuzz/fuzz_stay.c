/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any text as a stay notice. */
#include "daemon/base/str.h"
#include "daemon/desk/stay_words.h"
#include "daemon/intake/stay_word.h"

#include <stdlib.h>
#include <string.h>

#define TODAY 20779

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *text, const struct stay_words *words)
{
	bool is_whole = !words->faults;

	CHECK(words->guest_count >= 0 && words->guest_count <= STAY_GUESTS_MAX);
	CHECK(!words->guest_count == !!(words->faults & STAY_NO_ID));
	for (int i = 0; i < words->guest_count; i++) {
		const char *name = words->guests[i].name;

		CHECK(stay_is_id(words->guests[i].id, TODAY) ||
			stay_mark_number(words->guests[i].id));
		CHECK(!is_whole || name[0]);
		/* Nothing is said that was not written. */
		CHECK(strlen(name) == STAY_NAME_BYTES - 1 || strstr(text, name));
		CHECK(!str_is_utf8(text, strlen(text)) || str_is_utf8(name, strlen(name)));
	}
	if (!is_whole)
		return;
	CHECK(words->reason[0] && words->address[0]);
	CHECK(words->to_day >= words->from_day && words->to_day - words->from_day <= STAY_DAYS_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);
	struct stay_words words, again;
	size_t len;

	if (!text)
		return 0;
	(void)!stay_keyword(text);
	len = strlen(text);
	CHECK(stay_words_read(text, TODAY, &words) == ERR_OK);
	check(text, &words);
	CHECK(stay_words_forget(text, TODAY, words.faults) == ERR_OK && strlen(text) == len);
	/* What was wrong can't be wrong again. */
	CHECK(stay_words_read(text, TODAY, &again) == ERR_OK);
	CHECK(!(again.faults & (STAY_OLD_ID | STAY_BAD_ID)));
	free(text);
	return 0;
}
