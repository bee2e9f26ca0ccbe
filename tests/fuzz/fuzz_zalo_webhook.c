/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A call of the webhook: its signature header up to the first newline, then its body; and the same
 * body as a row of a list, with all that it holds. */
#include "daemon/base/str.h"
#include "daemon/desk/media_type.h"
#include "daemon/relay/media_url.h"
#include "daemon/relay/zalo_content.h"
#include "daemon/relay/zalo_event.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_item(const struct attachment_new *item)
{
	static const struct config_media config = {
		.hosts = "zdn.vn zadn.vn", .url = "http://127.0.0.1:1/media"};
	bool is_public = false;
	struct buf url;

	CHECK(strlen(item->url) <= ATTACHMENT_URL_MAX &&
		strlen(item->name) < ATTACHMENT_NAME_BYTES);
	CHECK(strlen(item->md5) == 0 || strlen(item->md5) == ATTACHMENT_MD5_HEX - 1);
	CHECK(item->bytes >= 0 && (item->url[0] || item->reason));
	buf_init(&url, ATTACHMENT_URL_MAX + 8);
	if (!media_url(&config, NULL, item->url, false, &url, &is_public))
		CHECK(str_starts(buf_text(&url), "https://") || !is_public);
	else
		CHECK(url.len == 0);
	buf_done(&url);
	CHECK(media_type(item->url, strlen(item->url)));
}

static void check_content(const struct zalo_content *content)
{
	struct buf words;

	CHECK(content->item_count <= ATTACHMENTS_MAX && content->place_count <= ZALO_PLACES_MAX);
	for (size_t i = 0; i < content->item_count; i++)
		check_item(&content->item[i]);
	buf_init(&words, 65536);
	if (!zalo_content_words(content, &words))
		CHECK(str_is_utf8(buf_text(&words), words.len));
	buf_done(&words);
}

static void read_event(const json_t *json, const char *body, size_t len, const char *signature)
{
	struct zalo_content content;
	struct zalo_event event;

	if (zalo_event_parse(json, &event))
		return;
	CHECK(event.app_id[0] && event.timestamp[0]);
	CHECK(!zalo_event_is_signed(
		&event, body, len, "a secret that is not in the corpus", signature));
	if (event.kind != ZALO_EVENT_MESSAGE)
		return;
	CHECK(event.message_id[0] && event.from_id[0] && event.message);
	zalo_content_of_event(event.message, event.type, &content);
	check_content(&content);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *line = memchr(data, '\n', size);
	size_t head = line ? (size_t)(line - data) : 0;
	const char *body = (const char *)data + head + (line != NULL);
	size_t len = size - head - (line != NULL);
	struct zalo_content content;
	char signature[256] = "";
	json_t *json = NULL;

	if (head >= sizeof(signature))
		head = sizeof(signature) - 1;
	memcpy(signature, data, head);
	signature[head] = 0;
	media_type(data, size);
	if (zalo_json_load(body, len, &json))
		return 0;
	read_event(json, body, len, signature);
	zalo_content_of_row(json, &content);
	check_content(&content);
	json_decref(json);
	return 0;
}
