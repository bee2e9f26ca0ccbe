/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A feed from a server that may be anybody's: whatever is read of RSS, Atom or CAP is plain text
 * within its limits. A reader of alerts takes all three. */
#include "daemon/base/buf.h"
#include "daemon/base/str.h"
#include "daemon/desk/feed_document.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text, size_t max)
{
	size_t len = strlen(text);

	CHECK(len <= max);
	CHECK(str_is_utf8(text, len));
	for (size_t i = 0; i < len; i++)
		CHECK((unsigned char)text[i] >= ' ' || text[i] == '\n');
}

static void check_item(const struct feed_item *item)
{
	const char *references = item->references;
	size_t len;

	CHECK(item->id[0] && strlen(item->id) <= FEED_ID_MAX);
	CHECK(strlen(item->link) <= FEED_LINK_MAX);
	check_text(item->title, FEED_TITLE_MAX);
	check_text(item->text, FEED_TEXT_MAX + 8);
	check_text(item->area, FEED_TITLE_MAX);
	while (feed_reference_next(&references, &len))
		CHECK(len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const charsets[] = {"", "windows-1258", "utf-16"};
	struct feed_document document;
	struct errbuf eb = {0};

	if (feed_document_read(
		    FEED_CAP, (const char *)data, size, charsets[size % 3], &document, &eb)) {
		CHECK(eb.text[0]);
		return 0;
	}
	CHECK(document.count <= FEED_ITEMS_MAX);
	for (int i = 0; i < document.count; i++)
		check_item(&document.items[i]);
	feed_document_done(&document);
	return 0;
}
