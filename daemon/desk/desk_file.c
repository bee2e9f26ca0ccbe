/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A picture or a file that an officer sends to a reporter. Only Zalo carries one, and only some
 * kinds; what a file is, is told from its bytes, and its name has to agree: the reporter's phone
 * goes by the name. It lies sealed in the store until its message is final.
 */
#include "daemon/desk/desk_private.h"

#include "daemon/desk/media_type.h"
#include "store/enclosure.h"

#include <string.h>
#include <strings.h>

#define IMAGE_MAX (1024 * 1024) /* bytes; of the others ENCLOSURE_MAX */

/* What Zalo takes (OA API, "Upload hình ảnh", "Upload ảnh GIF", "Upload file"). */
static const struct file_type {
	const char *extension;
	const char *mime; /* as the bytes say it; NULL: a text */
	enum enclosure_kind kind;
	size_t most_bytes;
} types[] = {
	{".jpg", "image/jpeg", ENCLOSURE_IMAGE, IMAGE_MAX},
	{".jpeg", "image/jpeg", ENCLOSURE_IMAGE, IMAGE_MAX},
	{".png", "image/png", ENCLOSURE_IMAGE, IMAGE_MAX},
	{".gif", "image/gif", ENCLOSURE_GIF, ENCLOSURE_MAX},
	{".pdf", "application/pdf", ENCLOSURE_FILE, ENCLOSURE_MAX},
	{".docx", "application/zip", ENCLOSURE_FILE, ENCLOSURE_MAX},
	{".doc", "application/x-ole-storage", ENCLOSURE_FILE, ENCLOSURE_MAX},
	{".csv", NULL, ENCLOSURE_FILE, ENCLOSURE_MAX},
};

static bool is_of_type(const struct file_type *type, const struct desk_file *file)
{
	const char *mime = media_type(file->data, file->bytes);

	if (type->mime)
		return str_eq(mime, type->mime);
	return str_eq(mime, "application/octet-stream") && !memchr(file->data, 0, file->bytes) &&
	       str_is_utf8(file->data, file->bytes);
}

static enum err find_type(
	const struct desk_file *file, const struct file_type **ret_type, struct errbuf *eb)
{
	const char *extension = strrchr(file->name, '.');

	for (size_t i = 0; extension && i < ARRAY_LEN(types); i++) {
		if (strcasecmp(extension, types[i].extension) != 0)
			continue;
		if (file->bytes > types[i].most_bytes)
			return errbuf_set(eb, ERR_TOO_BIG, "of a %s Zalo takes at most %zu KB",
				types[i].extension + 1, types[i].most_bytes / 1024);
		if (!is_of_type(&types[i], file))
			return errbuf_set(eb, ERR_INVALID,
				"the content is not that of a %s: name the file as what it is",
				types[i].extension + 1);
		*ret_type = &types[i];
		return ERR_OK;
	}
	return errbuf_set(eb, ERR_INVALID,
		"Zalo takes jpg and png up to 1 MB, gif, pdf, doc, docx and csv up to 5 MB");
}

static enum err check_reader(struct desk *desk, const struct report *report, struct errbuf *eb)
{
	struct desk_way way = {.is_open = false};
	enum err err = desk_gate(desk, report->party_id, &way);

	if (err)
		return err;
	if (way.is_open && way.channel == CHANNEL_ZALO_USER && !report->is_quiet)
		return ERR_OK;
	return errbuf_set(eb, ERR_STATE,
		"the sender of report %d/%d can't be sent a file: he didn't write by Zalo, he asked for silence, or Zalo is off",
		report->number, report->year);
}

static enum err queue_file(struct desk *desk, const struct report *report,
	const struct file_type *type, const struct desk_file *file, int64_t *ret_outbox_id)
{
	char number[REPORT_NUMBER_BYTES], year[16];
	const struct phrase_field fields[] = {
		{"number", number}, {"year", year}, {"name", file->name}, {NULL, NULL}};
	int64_t enclosure_id = 0;
	CLEAN_BUF text = {0};
	enum err err;

	buf_init(&text, OUTBOX_BODY_MAX);
	report_number_text(report, number);
	snprintf(year, sizeof(year), "%d", report->year);
	err = enclosure_add(desk->store,
		&(struct enclosure_new){.kind = type->kind,
			.name = file->name,
			.data = file->data,
			.bytes = file->bytes},
		&enclosure_id);
	if (!err)
		err = phrase("answer_file", PHRASE_FULL, fields, &text);
	if (!err)
		err = outbox_add(desk->store,
			&(struct outbox_new){.channel = CHANNEL_ZALO_USER,
				.lane = LANE_ANSWER,
				.kind = OUTBOX_KIND_ANSWER,
				.party_id = report->party_id,
				.report_id = report->id,
				.due_ms = desk_now(desk),
				.expires_ms = desk_now(desk) + desk_expires_ms(LANE_ANSWER),
				.text = buf_text(&text),
				.enclosure_id = enclosure_id},
			ret_outbox_id);
	if (!err)
		err = report_entry_add(desk->store, report->id, REPORT_ENTRY_ANSWER, desk_now(desk),
			*ret_outbox_id, buf_text(&text));
	return err;
}

enum err desk_bulletin_file(struct desk *desk, const struct desk_file *file,
	int64_t *ret_enclosure_id, struct errbuf *eb)
{
	const struct file_type *type = NULL;
	enum err err;

	if (!enclosure_is_name(file->name))
		return errbuf_set(eb, ERR_INVALID, "the file needs a name such as canh-bao.jpg");
	err = find_type(file, &type, eb);
	if (err)
		return err;
	if (type->kind == ENCLOSURE_FILE && !str_eq(type->extension, ".pdf"))
		return errbuf_set(
			eb, ERR_INVALID, "with a bulletin goes a picture (jpg, png, gif) or a pdf");
	return enclosure_add(desk->store,
		&(struct enclosure_new){.kind = type->kind,
			.name = file->name,
			.data = file->data,
			.bytes = file->bytes},
		ret_enclosure_id);
}

enum err desk_report_file(struct desk *desk, int64_t report_id, const struct desk_file *file,
	const char *actor, int64_t *ret_outbox_id, struct errbuf *eb)
{
	const struct file_type *type = NULL;
	struct report report;
	int64_t id = 0;
	enum err err = report_load(desk->store, report_id, &report);

	if (!err && !file->bytes)
		err = errbuf_set(eb, ERR_INVALID, "the file is empty");
	if (!err && !enclosure_is_name(file->name))
		err = errbuf_set(eb, ERR_INVALID,
			"a file has a name such as giay-hen.pdf, of at most %d bytes and without a "
			"path",
			ENCLOSURE_NAME_MAX - 1);
	if (!err)
		err = find_type(file, &type, eb);
	if (!err)
		err = check_reader(desk, &report, eb);
	if (!err && type)
		err = queue_file(desk, &report, type, file, &id);
	if (!err)
		err = report_set_state(desk->store, report.id, "answered");
	if (!err)
		err = desk_event(desk, "report.answered", &report, actor, "outbox", id);
	if (!err)
		*ret_outbox_id = id;
	return err;
}
