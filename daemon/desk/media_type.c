/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/media_type.h"

#include "daemon/base/str.h"

#include <string.h>
#include <strings.h>

static const char unknown[] = "application/octet-stream";

/* Bytes at the beginning. */
static const struct {
	size_t len;
	const char *bytes;
	const char *mime;
} marks[] = {
	{3, "\xff\xd8\xff", "image/jpeg"},
	{8, "\x89PNG\r\n\x1a\n", "image/png"},
	{6, "GIF87a", "image/gif"},
	{6, "GIF89a", "image/gif"},
	{2, "BM", "image/bmp"},
	{6, "#!AMR\n", "audio/amr"},
	{9, "#!AMR-WB\n", "audio/amr-wb"},
	{3, "ID3", "audio/mpeg"},
	{4, "OggS", "audio/ogg"},
	{4, "fLaC", "audio/flac"},
	{5, "%PDF-", "application/pdf"},
	{4, "PK\x03\x04", "application/zip"},
	{8, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"},
	{4, "\x1a\x45\xdf\xa3", "video/webm"},
	{6, "7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"},
	{6, "Rar!\x1a\x07", "application/vnd.rar"},
};

/* Four letters behind "RIFF" and a size, respectively behind a size and "ftyp". */
static const struct {
	const char *form, *brand, *mime;
} boxes[] = {
	{"RIFF", "WEBP", "image/webp"},
	{"RIFF", "WAVE", "audio/wav"},
	{"RIFF", "AVI ", "video/x-msvideo"},
	{"ftyp", "M4A ", "audio/mp4"},
	{"ftyp", "M4B ", "audio/mp4"},
	{"ftyp", "heic", "image/heic"},
	{"ftyp", "heix", "image/heic"},
	{"ftyp", "mif1", "image/heic"},
	{"ftyp", "avif", "image/avif"},
	{"ftyp", "qt  ", "video/quicktime"},
	{"ftyp", "3gp4", "video/3gpp"},
	{"ftyp", "3gp5", "video/3gpp"},
	{"ftyp", "", "video/mp4"},
};

static const char *box_type(const char *head, size_t len)
{
	if (len < 12)
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(boxes); i++) {
		bool is_riff = boxes[i].form[0] == 'R';

		if (memcmp(head + (is_riff ? 0 : 4), boxes[i].form, 4) == 0 &&
			memcmp(head + 8, boxes[i].brand, strlen(boxes[i].brand)) == 0)
			return boxes[i].mime;
	}
	return NULL;
}

/* MPEG audio: 11 bits of one; layer 0 is AAC in ADTS. */
static const char *frame_type(const unsigned char *head, size_t len)
{
	if (len < 2 || head[0] != 0xff || (head[1] & 0xe0) != 0xe0)
		return NULL;
	if ((head[1] & 0xf6) == 0xf0)
		return "audio/aac";
	return head[1] & 0x06 ? "audio/mpeg" : NULL;
}

static bool is_page(const char *head, size_t len)
{
	static const char *const begins[] = {"<!doctype", "<html", "<head", "<?xml", "<body"};
	size_t at = 0;

	if (len >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0)
		at = 3;
	while (at < len && strchr(" \t\r\n", head[at]) && head[at])
		at++;
	for (size_t i = 0; i < ARRAY_LEN(begins); i++) {
		size_t n = strlen(begins[i]);

		if (len - at >= n && strncasecmp(head + at, begins[i], n) == 0)
			return true;
	}
	return false;
}

const char *media_type(const void *head, size_t len)
{
	const char *mime;

	if (len > MEDIA_HEAD_BYTES)
		len = MEDIA_HEAD_BYTES;
	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		if (len >= marks[i].len && memcmp(head, marks[i].bytes, marks[i].len) == 0)
			return marks[i].mime;
	}
	mime = box_type(head, len);
	if (!mime)
		mime = frame_type(head, len);
	if (!mime && is_page(head, len))
		mime = "text/html";
	return mime ? mime : unknown;
}

bool media_type_fits(enum attachment_kind kind, const char *mime)
{
	switch (kind) {
	case ATTACHMENT_IMAGE:
	case ATTACHMENT_GIF:
	case ATTACHMENT_STICKER:
		return str_starts(mime, "image/");
	case ATTACHMENT_VOICE:
		/* 3GPP and MPEG-4 boxes hold voice as well as pictures. */
		return str_starts(mime, "audio/") || str_eq(mime, "video/mp4") ||
		       str_eq(mime, "video/3gpp") || str_eq(mime, "video/webm");
	case ATTACHMENT_VIDEO:
		return str_starts(mime, "video/");
	case ATTACHMENT_FILE:
		return !str_eq(mime, "text/html");
	}
	return false;
}
