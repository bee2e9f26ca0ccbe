/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any text as a file of regimes. What is accepted is in order of its days, and each record reads
 * again from what is kept of it. */
#include "config/regime.h"
#include "daemon/base/str.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_record(const struct regime *regime)
{
	struct regime again;

	CHECK(regime->body && regime->from_day <= regime->to_day);
	CHECK(regime_parse_body(regime->body, &again) == ERR_OK);
	CHECK(str_eq(again.body, regime->body));
	CHECK(again.clock_count == regime->clock_count);
	CHECK(memcmp(again.clocks, regime->clocks, sizeof(again.clocks)) == 0);
	regime_done(&again);
	for (int i = 0; i < regime->clock_count; i++)
		CHECK(regime_clock_find(regime, regime->clocks[i].code) == &regime->clocks[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct regime_list list = {0};
	struct errbuf eb = {0};
	struct term term;
	char *text = strndup((const char *)data, size);

	if (!text)
		return 0;
	if (!term_parse(text, &term))
		term_format(&term, (char[TERM_BYTES]){0});
	free(text);
	if (regime_parse((const char *)data, size, "f", &list, &eb)) {
		CHECK(!list.count && eb.text[0]);
		CHECK(str_is_utf8(eb.text, strlen(eb.text)));
		return 0;
	}
	for (size_t i = 0; i < list.count; i++) {
		CHECK(!i || list.items[i - 1].to_day < list.items[i].from_day);
		check_record(&list.items[i]);
	}
	regime_list_free(&list);
	return 0;
}
