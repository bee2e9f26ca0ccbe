/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any text as the file of an entry, and as a question to the entries that ship. */
#include "config/procedure.h"
#include "daemon/base/str.h"
#include "daemon/intake/procedure_find.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct procedure_index *index_of_all(void)
{
	static struct procedure_index *index;
	static struct procedures *procedures;

	if (!index) {
		CHECK(procedures_load("", &procedures, NULL) == ERR_OK);
		CHECK(procedure_index_new(procedures, &index) == ERR_OK);
	}
	return index;
}

static void ask(const char *text)
{
	struct procedure_hit hits[PROCEDURE_HITS_MAX];
	int count = procedure_find(index_of_all(), text, hits);

	CHECK(count >= 0 && count <= PROCEDURE_HITS_MAX);
	for (int i = 0; i < count; i++) {
		CHECK(hits[i].worth >= PROCEDURE_WORTH_A_LOOK && hits[i].worth <= 1000);
		CHECK(!i || hits[i - 1].worth >= hits[i].worth);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct procedure *p = calloc(1, sizeof(*p));
	struct errbuf eb = {0};
	char *text = strndup((const char *)data, size);

	if (!p || !text) {
		free(p);
		free(text);
		return 0;
	}
	if (procedure_parse((const char *)data, size, "f", p, &eb)) {
		CHECK(eb.text[0] && str_is_utf8(eb.text, strlen(eb.text)));
	} else {
		CHECK(strlen(p->short_text) <= PROCEDURE_SHORT_MAX && p->ask_count > 0);
		CHECK(p->expires_day >= p->checked_day);
	}
	ask(text);
	free(text);
	free(p);
	return 0;
}
