/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sizes, segments and canonical form of a text message; unaccent.c holds the letters. */
#include "gateway/sms_text.h"
#include "gateway/gsm7.h"
#include "gateway/unaccent.h"
#include "daemon/base/str.h"

#include <string.h>
#include <utf8proc.h>

/* One character of a text that is known to be UTF-8; its length in bytes, 0 at the end. */
static size_t next_code(const char *text, uint32_t *ret_code)
{
	utf8proc_int32_t code;
	utf8proc_ssize_t len;

	if (!*text)
		return 0;
	len = utf8proc_iterate((const utf8proc_uint8_t *)text, -1, &code);
	CHECK(len > 0);
	*ret_code = (uint32_t)code;
	return (size_t)len;
}

static int units_of(uint32_t code, enum sms_coding coding)
{
	if (coding == SMS_CODING_GSM7)
		return gsm7_septets(code);
	return code > 0xffff ? 2 : 1;
}

static bool is_gsm7(const char *utf8)
{
	uint32_t code;
	size_t len;

	for (; (len = next_code(utf8, &code)); utf8 += len) {
		if (!gsm7_septets(code))
			return false;
	}
	return true;
}

bool sms_text_is_gsm7(const char *utf8)
{
	return str_is_utf8(utf8, strlen(utf8)) && is_gsm7(utf8);
}

/* Bytes that fit into `room` units, never half a character. */
static size_t fill_segment(const char *utf8, enum sms_coding coding, int room, int *ret_units)
{
	size_t bytes = 0, len;
	int units = 0;
	uint32_t code;

	for (; (len = next_code(utf8 + bytes, &code)); bytes += len) {
		int more = units_of(code, coding);

		if (units + more > room)
			break;
		units += more;
	}
	*ret_units = units;
	return bytes;
}

static enum err measure(const char *utf8, struct sms_size *ret_size)
{
	struct sms_size size = {SMS_CODING_UCS2, 0, 0};
	int part, single, units;
	size_t bytes;

	if (!str_is_utf8(utf8, strlen(utf8)))
		return ERR_INVALID;
	if (is_gsm7(utf8))
		size.coding = SMS_CODING_GSM7;
	part = size.coding == SMS_CODING_GSM7 ? SMS_GSM7_PART : SMS_UCS2_PART;
	single = size.coding == SMS_CODING_GSM7 ? SMS_GSM7_SINGLE : SMS_UCS2_SINGLE;
	bytes = fill_segment(utf8, size.coding, single, &units);
	if (!utf8[bytes]) {
		*ret_size = (struct sms_size){size.coding, units, 1};
		return ERR_OK;
	}
	while (*utf8) {
		if (++size.segments > SMS_PARTS_MAX)
			return ERR_TOO_BIG;
		utf8 += fill_segment(utf8, size.coding, part, &units);
		size.units += units;
	}
	*ret_size = size;
	return ERR_OK;
}

enum err sms_text_size(const char *utf8, struct sms_size *ret_size)
{
	return measure(utf8, ret_size);
}

enum err sms_text_split(const char *utf8, sms_segment_fn fn, void *arg)
{
	char segment[SMS_GSM7_SINGLE * 4 + 1];
	struct sms_size size;
	enum err err;
	int room, units;

	err = measure(utf8, &size);
	if (err)
		return err;
	if (size.coding == SMS_CODING_GSM7)
		room = size.segments == 1 ? SMS_GSM7_SINGLE : SMS_GSM7_PART;
	else
		room = size.segments == 1 ? SMS_UCS2_SINGLE : SMS_UCS2_PART;
	for (int seq = 1; seq <= size.segments; seq++) {
		size_t bytes = fill_segment(utf8, size.coding, room, &units);

		CHECK(bytes < sizeof(segment));
		memcpy(segment, utf8, bytes);
		segment[bytes] = 0;
		err = fn(arg, seq, size.segments, segment);
		if (err)
			return err;
		utf8 += bytes;
	}
	return ERR_OK;
}

/* Cc goes; a tab parts words, so it stays as a space. */
static enum err drop_controls(const char *utf8, struct buf *out)
{
	enum err err = ERR_OK;
	uint32_t code;
	size_t len;

	for (; !err && (len = next_code(utf8, &code)); utf8 += len) {
		if (code == '\t')
			err = buf_adds(out, " ");
		else if (code == '\n' || (code >= 0x20 && code < 0x7f) || code >= 0xa0)
			err = buf_add(out, utf8, len);
	}
	return err;
}

enum err sms_text_normalize(const char *utf8, struct buf *out)
{
	size_t len = strlen(utf8);
	utf8proc_uint8_t *composed = NULL;
	CLEAN_BUF plain;
	utf8proc_ssize_t n;
	enum err err;

	buf_init(&plain, len);
	if (unaccent_is_bare(utf8))
		return buf_add(out, utf8, len);
	if (!str_is_utf8(utf8, len))
		return ERR_INVALID;
	err = drop_controls(utf8, &plain);
	if (err)
		return err;
	n = utf8proc_map((const utf8proc_uint8_t *)buf_text(&plain), (utf8proc_ssize_t)plain.len,
		&composed, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	if (n < 0)
		return n == UTF8PROC_ERROR_NOMEM ? ERR_NOMEM : ERR_INVALID;
	err = buf_add(out, composed, (size_t)n);
	free(composed);
	return err;
}

enum err sms_text_fit(
	const char *utf8, int max_segments, struct buf *out, struct sms_size *ret_size)
{
	struct sms_size size;
	CLEAN_BUF text;
	enum err err;

	buf_init(&text, out->max);
	err = sms_text_normalize(utf8, &text);
	if (err)
		return err;
	err = measure(buf_text(&text), &size);
	if (err == ERR_TOO_BIG || (!err && size.segments > max_segments)) {
		CLEAN_BUF plain;

		buf_init(&plain, out->max);
		err = sms_text_unaccent(buf_text(&text), &plain);
		if (!err)
			err = measure(buf_text(&plain), &size);
		if (!err)
			err = buf_add(out, buf_text(&plain), plain.len);
	} else if (!err) {
		err = buf_add(out, buf_text(&text), text.len);
	}
	if (!err)
		*ret_size = size;
	return err;
}
