/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A sheet: a page of HTML that needs nothing else, for A4 across, or CSV. */
#include "daemon/base/clock.h"
#include "daemon/base/str.h"
#include "daemon/desk/register.h"
#include "daemon/desk/register_private.h"

#include <string.h>

static const char page_head[] =
	"<!DOCTYPE html>\n<html lang=\"vi\"><head><meta charset=\"utf-8\">"
	"<title>Sổ tiếp nhận nguồn tin</title>\n<style>\n"
	"@page{size:A4 landscape;margin:12mm;@bottom-right{content:\"Trang \" counter(page) \"/\" counter(pages)}}\n"
	"body{font:11pt \"Times New Roman\",serif;margin:0}\n"
	"h1{font-size:14pt;text-align:center;margin:0 0 2mm}p{margin:1mm 0}\n"
	"table{border-collapse:collapse;width:100%}thead{display:table-header-group}\n"
	"tr{break-inside:avoid}th,td{border:1px solid #000;padding:1mm;vertical-align:top;text-align:left}\n"
	"th{text-align:center}.c td{font-style:italic;color:#333}.c td:first-child{padding-left:4mm}\n"
	"footer{font-size:9pt;margin-top:3mm;word-break:break-all}.s{display:flex;justify-content:space-around;margin-top:6mm}\n"
	"</style></head><body>\n";

static const char *const titles[REGISTER_COLUMNS] = {"STT", "Số tin", "Thời gian tiếp nhận",
	"Nguồn", "Người tiếp nhận", "Phân loại", "Loại nguồn tin", "Địa bàn", "Cán bộ thụ lý",
	"Trạng thái", "Thời hạn", "Kết quả", "Ghi chú"};

enum err desk_csv_cell(const char *text, struct buf *out)
{
	enum err err = buf_adds(out, "\"");

	if (!err && *text && strchr("=+-@\t\r\n", *text))
		err = buf_adds(out, "'");
	for (; !err && *text; text++)
		err = *text == '"' ? buf_adds(out, "\"\"") : buf_add(out, text, 1);
	return err ? err : buf_adds(out, "\"");
}

static enum err cells(struct register_sheet *sheet, const char *const text[REGISTER_COLUMNS],
	const char *tag, int columns)
{
	enum err err = ERR_OK;

	for (int i = 0; !err && i < columns; i++) {
		if (!sheet->is_html) {
			err = buf_adds(sheet->out, i ? "," : "");
			if (!err)
				err = desk_csv_cell(text[i], sheet->out);
			continue;
		}
		/* What was changed takes the room of what the others have. */
		err = columns < REGISTER_COLUMNS && i == columns - 1
			      ? buf_addf(sheet->out, "<%s colspan=\"%d\">", tag,
					REGISTER_COLUMNS - columns + 1)
			      : buf_addf(sheet->out, "<%s>", tag);
		if (!err)
			err = buf_add_markup(sheet->out, text[i]);
		if (!err)
			err = buf_addf(sheet->out, "</%s>", tag);
	}
	return err;
}

enum err register_sheet_begin(struct register_sheet *sheet)
{
	char from[CLOCK_DATE_BYTES], to[CLOCK_DATE_BYTES], made[CLOCK_TEXT_BYTES];
	enum err err = ERR_OK;

	clock_format_date(sheet->from_ms, from);
	clock_format_date(sheet->to_ms - 1, to);
	clock_format(sheet->made_ms, made);
	if (!sheet->is_html) {
		/* The mark by which spreadsheets know UTF-8. */
		err = buf_adds(sheet->out, "\xef\xbb\xbf");
		if (!err)
			err = cells(sheet, titles, "", REGISTER_COLUMNS);
		if (!err)
			err = buf_adds(sheet->out, ",\"Dòng\"\r\n");
	} else {
		err = buf_adds(sheet->out, page_head);
		if (!err)
			err = buf_addf(sheet->out,
				"<h1>SỔ TIẾP NHẬN NGUỒN TIN</h1>\n<p>Từ ngày %s đến ngày %s. In lúc %s.</p>\n"
				"<p>Hệ thống này không phải hệ thống lưu giữ bí mật nhà nước.</p>\n<table><thead><tr>",
				from, to, made);
		if (!err)
			err = cells(sheet, titles, "th", REGISTER_COLUMNS);
		if (!err)
			err = buf_adds(sheet->out, "</tr></thead><tbody>\n");
	}
	sheet->first_byte = sheet->out->len;
	return err;
}

enum err register_sheet_line(struct register_sheet *sheet, const struct register_line *line)
{
	const char *text[REGISTER_COLUMNS];
	int columns = sheet->is_html && line->is_change ? REGISTER_CHANGE_COLUMNS
							: REGISTER_COLUMNS;
	enum err err = ERR_OK;

	for (int i = 0; i < REGISTER_COLUMNS; i++)
		text[i] = buf_text(&line->cells[i]);
	sheet->lines++;
	if (!sheet->is_html) {
		err = cells(sheet, text, "", REGISTER_COLUMNS);
		return err ? err
			   : buf_adds(sheet->out,
				     line->is_change ? ",\"bổ sung\"\r\n" : ",\"tin\"\r\n");
	}
	err = buf_adds(sheet->out, line->is_change ? "<tr class=\"c\">" : "<tr>");
	if (!err)
		err = cells(sheet, text, "td", columns);
	return err ? err : buf_adds(sheet->out, "</tr>\n");
}

void register_sheet_hash(
	const struct register_sheet *sheet, uint8_t hash[VAULT_HASH_BYTES], char *hex)
{
	const struct vault_piece piece = {
		buf_text(sheet->out) + sheet->first_byte, sheet->out->len - sheet->first_byte};

	vault_digest(&piece, 1, hash);
	str_hex(hash, VAULT_HASH_BYTES, hex);
}

enum err register_sheet_end(struct register_sheet *sheet)
{
	/* A table for a machine ends with its last row; its hash is in the log. */
	if (!sheet->is_html)
		return ERR_OK;
	return buf_addf(sheet->out,
		"</tbody></table>\n<p>Cộng: %zu tin, %zu dòng.</p>\n"
		"<div class=\"s\"><p>Người lập</p><p>Trưởng Công an xã</p></div>\n"
		"<footer>Mã băm của các dòng (BLAKE2b-256), ghi trong nhật ký sự kiện, mục register.printed: %s</footer>\n"
		"</body></html>\n",
		sheet->reports, sheet->lines, sheet->hash);
}
