/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages of entries on procedures. */
#include "daemon/ctl/drawing.h"

#include "daemon/base/str.h"
#include "daemon/ctl/show.h"

#include <string.h>

/* Nothing is fetched, nothing runs, and who follows a link does not say from where. */
static const char page_head[] =
	"<!DOCTYPE html>\n<html lang=\"vi\"><head><meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<meta name=\"referrer\" content=\"no-referrer\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	"<style>\n"
	"body{font:1.1rem/1.5 Arial,\"Liberation Sans\",sans-serif;max-width:42rem;margin:1rem auto;padding:0 1rem;color:#111}\n"
	"h1{font-size:1.5rem;color:#0b3d2e}h2{font-size:1.1rem;margin:1.2rem 0 .3rem}a{color:#0b3d2e}\n"
	".w{background:#fff3cd;border-left:.4rem solid #b07b00;padding:.5rem .8rem}\n"
	".b,footer{font-size:.9rem;color:#444}.q{display:flex;flex-wrap:wrap;gap:1rem}\n"
	"figure{margin:0;text-align:center;font-size:.9rem;max-width:11rem}figure svg{width:9rem;height:9rem}\n"
	"@page{size:A4;margin:15mm}@media print{a{color:#000;text-decoration:none}}\n"
	"</style>\n<title>";

static enum err put(struct buf *out, const char *before, const char *text, const char *after)
{
	enum err err = buf_adds(out, before);

	if (!err)
		err = buf_add_markup(out, text);
	return err ? err : buf_adds(out, after);
}

static enum err begin(const struct commune *commune, const char *title, struct buf *out)
{
	enum err err = put(out, page_head, title, "</title></head><body>\n");

	if (!err)
		err = put(out, "<p class=\"b\">", commune->name ? commune->name : "Công an xã",
			"</p>\n");
	return err ? err : put(out, "<h1>", title, "</h1>\n");
}

static enum err end(const struct commune *commune, struct buf *out)
{
	enum err err = buf_adds(out,
		"<footer><p>Đang nguy hiểm, xin gọi ngay 113 (công an), 114 (chữa cháy, cứu nạn), 115 (cấp cứu), 112 (thiên tai, tìm kiếm cứu nạn).");

	if (!err && commune->number)
		err = put(out, " Hỏi thêm: nhắn TT và điều cần hỏi đến số ", commune->number, ".");
	return err ? err : buf_adds(out, "</p></footer>\n</body></html>\n");
}

/* What somebody has to know before he goes. */
static enum err warn(const json_t *entry, struct buf *out)
{
	if (json_is_true(json_object_get(entry, "is_expired")))
		return buf_adds(out,
			"<p class=\"w\">Nội dung này có thể đã cũ, xin hỏi lại Công an xã trước khi đi làm thủ tục.</p>\n");
	if (!json_is_true(json_object_get(entry, "is_confirmed")))
		return buf_adds(out,
			"<p class=\"w\">Nội dung để tham khảo, Công an xã chưa xác nhận; xin hỏi lại trước khi đi làm thủ tục.</p>\n");
	return ERR_OK;
}

static enum err paragraphs(const char *text, struct buf *out)
{
	enum err err = ERR_OK;

	while (!err && *text) {
		size_t len = strcspn(text, "\n");
		CLEAN_BUF line = {0};

		buf_init(&line, DRAWING_BYTES_MAX);
		err = buf_add(&line, text, len);
		if (!err && len)
			err = put(out, "<p>", buf_text(&line), "</p>\n");
		text += len + (text[len] == '\n');
	}
	return err;
}

/* 2026-11-01 as people write it. */
static void put_date(const char *iso, char date[16])
{
	if (strlen(iso) == 10)
		snprintf(date, 16, "%.2s/%.2s/%.4s", iso + 8, iso + 5, iso);
	else
		date[0] = 0;
}

static enum err basis(const json_t *entry, struct buf *out)
{
	char checked[16], expires[16];
	const json_t *line;
	size_t i;
	enum err err = buf_adds(out, "<h2>Căn cứ</h2>\n<ul class=\"b\">\n");

	json_array_foreach (json_object_get(entry, "basis"), i, line) {
		if (!err)
			err = put(out, "<li>", json_is_string(line) ? json_string_value(line) : "",
				"</li>\n");
	}
	put_date(show_member(entry, "checked"), checked);
	put_date(show_member(entry, "expires"), expires);
	return err ? err
		   : buf_addf(out,
			     "</ul>\n<p class=\"b\">Kiểm tra ngày %s; dùng đến hết ngày %s, sau đó xin hỏi lại.</p>\n",
			     checked, expires);
}

static enum err code(const char *text, const char *caption, struct buf *out)
{
	enum err err = buf_adds(out, "<figure><svg role=\"img\" ");

	if (!err)
		err = qr_draw(text, out);
	return err ? err : put(out, "<figcaption>", caption, "</figcaption></figure>\n");
}

static enum err codes(const struct commune *commune, const json_t *entry, struct buf *out)
{
	char uri[DRAWING_URI_BYTES], ask[256];
	enum err err = buf_adds(out, "<div class=\"q\">\n");

	if (!err && commune->url) {
		snprintf(uri, sizeof(uri), "%s/%s.html", commune->url, show_member(entry, "code"));
		err = code(uri, "Trang này", out);
	}
	if (!err && commune->number) {
		snprintf(ask, sizeof(ask), "TT %s", show_member(entry, "title"));
		err = sms_uri(commune->number, ask, uri);
		if (!err)
			err = code(uri, "Hỏi bằng tin nhắn SMS", out);
	}
	if (!err && commune->zalo) {
		snprintf(uri, sizeof(uri), "https://zalo.me/%s", commune->zalo);
		err = code(uri, "Hỏi bằng Zalo", out);
	}
	return err ? err : buf_adds(out, "</div>\n");
}

/* It becomes the name of a file and part of an address. */
static bool is_code(const char *text)
{
	size_t len = strlen(text);

	return len && len < 64 && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

enum err page_entry(const struct commune *commune, const json_t *entry, struct buf *out)
{
	enum err err;

	if (!is_code(show_member(entry, "code")) ||
		!json_is_string(json_object_get(entry, "text")) ||
		!json_is_array(json_object_get(entry, "basis")))
		return ERR_PROTOCOL;
	err = begin(commune, show_member(entry, "title"), out);
	if (!err)
		err = warn(entry, out);
	if (!err)
		err = paragraphs(show_member(entry, "text"), out);
	if (!err)
		err = basis(entry, out);
	if (!err)
		err = codes(commune, entry, out);
	if (!err)
		err = buf_adds(out, "<p><a href=\"index.html\">Các thủ tục khác</a></p>\n");
	return err ? err : end(commune, out);
}

static enum err list_entry(const json_t *entry, struct buf *out)
{
	enum err err;

	if (!is_code(show_member(entry, "code")))
		return ERR_PROTOCOL;
	err = buf_addf(out, "<li><a href=\"%s.html\">", show_member(entry, "code"));
	return err ? err : put(out, "", show_member(entry, "title"), "</a></li>\n");
}

enum err page_index(const struct commune *commune, const json_t *list, struct buf *out)
{
	enum err err = begin(commune, "Thủ tục và hỏi đáp pháp luật", out);
	const char *branch = "";
	const json_t *entry;
	size_t i;

	json_array_foreach (json_object_get(list, "procedures"), i, entry) {
		const char *title = show_member(entry, "branch_title");

		if (!err && !str_eq(title, branch)) {
			err = put(out, *branch ? "</ul>\n<h2>" : "<h2>", title, "</h2>\n<ul>\n");
			branch = title;
		}
		if (!err)
			err = list_entry(entry, out);
	}
	if (!err && *branch)
		err = buf_adds(out, "</ul>\n");
	return err ? err : end(commune, out);
}
