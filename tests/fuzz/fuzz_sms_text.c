/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The promises of sms_text.h for any text: segments are what was measured and add up to the text,
 * unaccented is GSM-7 and stays so, a number keeps its form. */
#include "gateway/sms_text.h"
#include "daemon/base/str.h"

#include <string.h>

#define OUT_MAX (64 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct cut {
	struct buf all;
	int calls;
	enum sms_coding coding;
};

static enum err take(void *arg, int seq, int total, const char *text)
{
	struct cut *cut = arg;
	struct sms_size size;

	CHECK(seq == ++cut->calls && seq <= total);
	CHECK(sms_text_size(text, &size) == ERR_OK);
	/* A segment without marks of a text that has some is measured alone as GSM-7. */
	CHECK(cut->coding == SMS_CODING_UCS2 || size.segments == 1);
	return buf_adds(&cut->all, text);
}

static void check_cut(const char *text)
{
	struct cut cut = {0};
	struct sms_size size;

	buf_init(&cut.all, OUT_MAX);
	if (sms_text_size(text, &size) == ERR_OK) {
		cut.coding = size.coding;
		CHECK(size.segments >= 1 && size.segments <= SMS_PARTS_MAX);
		CHECK(sms_text_split(text, take, &cut) == ERR_OK);
		CHECK(cut.calls == size.segments);
		CHECK(strcmp(buf_text(&cut.all), text) == 0);
	}
	buf_done(&cut.all);
}

static void check_forms(const char *text)
{
	CLEAN_BUF once;
	CLEAN_BUF twice;
	CLEAN_BUF fitted;
	struct sms_size size;

	buf_init(&once, OUT_MAX);
	buf_init(&twice, OUT_MAX);
	buf_init(&fitted, OUT_MAX);
	if (sms_text_normalize(text, &once) == ERR_OK) {
		CHECK(str_is_utf8(buf_text(&once), once.len));
		CHECK(sms_text_normalize(buf_text(&once), &twice) == ERR_OK);
		CHECK(strcmp(buf_text(&once), buf_text(&twice)) == 0);
	}
	buf_reset(&once);
	buf_reset(&twice);
	if (sms_text_unaccent(text, &once) == ERR_OK) {
		CHECK(sms_text_is_gsm7(buf_text(&once)));
		CHECK(sms_text_unaccent(buf_text(&once), &twice) == ERR_OK);
		CHECK(strcmp(buf_text(&once), buf_text(&twice)) == 0);
	}
	if (sms_text_fit(text, 2, &fitted, &size) == ERR_OK)
		CHECK(size.segments <= 2 || sms_text_is_gsm7(buf_text(&fitted)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char msisdn[MSISDN_BYTES], again[MSISDN_BYTES];
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = 0;
	if (size < OUT_MAX / 8) {
		check_cut(text);
		check_forms(text);
	}
	if (msisdn_normalize(text, msisdn) == ERR_OK) {
		CHECK(msisdn_normalize(msisdn, again) == ERR_OK);
		CHECK(strcmp(msisdn, again) == 0);
	}
	free(text);
	return 0;
}
