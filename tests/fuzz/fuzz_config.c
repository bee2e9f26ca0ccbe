/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any text as configuration. What is accepted says the same after a dump; what is refused says so
 * in UTF-8, leaves the output alone, and never shows a number that could be a phone's.
 */
#include "config/config.h"
#include "daemon/base/str.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_message(const char *text)
{
	size_t digits = 0;

	CHECK(text[0]);
	CHECK(str_is_utf8(text, strlen(text)));
	for (; *text; text++) {
		digits = *text >= '0' && *text <= '9' ? digits + 1 : 0;
		CHECK(digits < 6);
	}
}

static void check_round_trip(const struct config *config)
{
	struct config *again = NULL;
	struct errbuf eb = {0};
	CLEAN_BUF dump;

	buf_init(&dump, 256 * 1024);
	CHECK(config_dump(config, &dump) == ERR_OK);
	CHECK(config_parse(buf_text(&dump), dump.len, "dump", &again, &eb) == ERR_OK);
	CHECK(memcmp(config, again, sizeof(*config)) == 0);
	config_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config *config = NULL;
	struct errbuf eb = {0};

	if (config_parse((const char *)data, size, "f", &config, &eb)) {
		CHECK(!config);
		check_message(eb.text);
		return 0;
	}
	check_round_trip(config);
	config_free(config);
	return 0;
}
