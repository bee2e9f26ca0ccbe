/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The poster: lengths in millimetres of A4, the pen moves down. Nothing wraps by itself in SVG, and
 * which letters a printer has nobody knows: lines are broken for wide ones.
 */
#include "daemon/ctl/drawing.h"

#include "daemon/base/str.h"

#include <curl/curl.h>
#include <string.h>

#define LEFT	15.0
#define RIGHT	195.0
#define WORDS_X 62.0 /* beside the keyword */
#define QR_MM	42.0
#define BOTTOM	289.0
#define LINE_MM 1.32 /* from line to line, of the size of letters */

struct sheet {
	struct buf *out;
	double y;
	enum err err;
};

/* ---- what the commune says ------------------------------------------------------------------- */

static bool is_plain(const char *text, size_t max)
{
	size_t len = text ? strlen(text) : 0;

	if (!text)
		return true;
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] < ' ')
			return false;
	}
	return len > 0 && len <= max && str_is_utf8(text, len);
}

static bool is_number(const char *text)
{
	size_t digits;

	if (!text)
		return true;
	text += *text == '+';
	digits = strspn(text, "0123456789");
	return digits >= 3 && digits <= DRAWING_NUMBER_MAX && !text[digits];
}

const char *commune_check(const struct commune *commune)
{
	size_t len = commune->zalo ? strlen(commune->zalo) : 0;

	if (!is_number(commune->number))
		return "NUMBER is that of the box, as people dial it: digits";
	if (!is_plain(commune->name, DRAWING_NAME_BYTES - 1))
		return "name= has 1 to 60 bytes of UTF-8";
	if (commune->zalo && (!len || len > 31 || strspn(commune->zalo, "0123456789") != len))
		return "zalo= is the number of the Official Account: digits";
	if (!is_plain(commune->hamlet, DRAWING_HAMLET_MAX))
		return "hamlet= has 1 to 40 bytes of UTF-8";
	if (commune->url &&
		(!is_plain(commune->url, DRAWING_URL_MAX) || strpbrk(commune->url, " \"<>") ||
			(strncmp(commune->url, "https://", 8) != 0 &&
				strncmp(commune->url, "http://", 7) != 0)))
		return "url= is where the folder can be read: https://...";
	return NULL;
}

enum err sms_uri(const char *number, const char *words, char uri[DRAWING_URI_BYTES])
{
	char *escaped = words ? curl_easy_escape(NULL, words, 0) : NULL;
	int len;

	if (words && !escaped)
		return ERR_NOMEM;
	len = snprintf(uri, DRAWING_URI_BYTES, "sms:%s%s%s", number, words ? "?body=" : "",
		words ? escaped : "");
	curl_free(escaped);
	return len < 0 || len >= DRAWING_URI_BYTES ? ERR_TOO_BIG : ERR_OK;
}

/* ---- letters --------------------------------------------------------------------------------- */

/* Of the size, in DejaVu Sans, which is the widest of those that a printer may have. A letter with
 * marks is as wide as without. */
static double letter_width(unsigned char c)
{
	if (c >= 0x80)
		return 0.61;
	if (c == ' ' || strchr(".,:;!'|()[]/Iijlft", c))
		return 0.35;
	if (strchr("mwMW@%", c))
		return 1.0;
	return c >= 'A' && c <= 'Z' ? 0.73 : 0.59;
}

static double text_width(const char *text, size_t len, double size, bool is_bold)
{
	double width = 0;

	for (size_t i = 0; i < len; i++) {
		/* The rest of a letter of several bytes has no width. */
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			width += letter_width((unsigned char)text[i]);
	}
	return width * size * (is_bold ? 1.1 : 1.0);
}

/* How much of the text one line takes: up to a blank. */
static size_t line_len(const char *text, double width, double size, bool is_bold)
{
	size_t best = 0;

	for (size_t len = strcspn(text, " ");; len += strcspn(text + len, " ")) {
		if (best && text_width(text, len, size, is_bold) > width)
			return best;
		best = len;
		if (!text[len])
			return best;
		len += strspn(text + len, " ");
	}
}

struct style {
	double x, width, size;
	bool is_bold, is_middle;
	const char *colour;
};

static void put_line(struct sheet *sheet, const struct style *style, const char *text, size_t len)
{
	double long_mm = text_width(text, len, style->size, style->is_bold);
	char line[512];

	if (sheet->err || len >= sizeof(line))
		return;
	memcpy(line, text, len);
	line[len] = 0;
	sheet->y += style->size;
	sheet->err = buf_addf(sheet->out,
		"<text x=\"%.1f\" y=\"%.1f\" font-size=\"%.1f\" fill=\"%s\"%s%s",
		style->is_middle ? style->x + style->width / 2 : style->x, sheet->y, style->size,
		style->colour, style->is_bold ? " font-weight=\"bold\"" : "",
		style->is_middle ? " text-anchor=\"middle\"" : "");
	/* A single word that is too long for its line. */
	if (!sheet->err && long_mm > style->width)
		sheet->err = buf_addf(sheet->out,
			" textLength=\"%.1f\" lengthAdjust=\"spacingAndGlyphs\"", style->width);
	if (!sheet->err)
		sheet->err = buf_adds(sheet->out, ">");
	if (!sheet->err)
		sheet->err = buf_add_markup(sheet->out, line);
	if (!sheet->err)
		sheet->err = buf_adds(sheet->out, "</text>\n");
	sheet->y += style->size * (LINE_MM - 1);
}

static void put_text(struct sheet *sheet, const struct style *style, const char *text)
{
	while (*text && !sheet->err) {
		size_t len = line_len(text, style->width, style->size, style->is_bold);

		put_line(sheet, style, text, len);
		text += len;
		text += strspn(text, " ");
	}
}

static double text_height(const struct style *style, const char *text)
{
	double height = 0;

	while (*text) {
		text += line_len(text, style->width, style->size, style->is_bold);
		text += strspn(text, " ");
		height += style->size * LINE_MM;
	}
	return height;
}

/* Words in a box as high as they need. */
static void put_box(
	struct sheet *sheet, const struct style *style, const char *fill, const char *text)
{
	struct style inner = *style;
	double height;

	inner.x += 4;
	inner.width -= 8;
	height = text_height(&inner, text) + 4;
	if (!sheet->err)
		sheet->err = buf_addf(sheet->out,
			"<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\" fill=\"%s\"/>\n",
			style->x, sheet->y, style->width, height, fill);
	sheet->y += 2;
	put_text(sheet, &inner, text);
	sheet->y += 4;
}

/* ---- the parts ------------------------------------------------------------------------------- */

static const struct style head = {LEFT, RIGHT - LEFT, 9, true, true, "#0b3d2e"};
static const struct style number = {LEFT, RIGHT - LEFT, 21, true, true, "#b00020"};
static const struct style danger = {LEFT, RIGHT - LEFT, 4.8, true, true, "#fff"};
static const struct style keyword = {LEFT, WORDS_X - LEFT - 2, 4.9, true, false, "#0b3d2e"};
static const struct style words = {WORDS_X, RIGHT - WORDS_X, 4.2, false, false, "#000"};
static const struct style kept = {LEFT, RIGHT - LEFT, 3.9, false, false, "#000"};
static const struct style small = {LEFT, RIGHT - LEFT, 3, false, false, "#333"};

static const char *const keywords[][2] = {
	{"Báo tin",
		"Nhắn bằng lời của mình, có dấu hay không dấu, không cần cú pháp: việc gì, ở đâu, khi nào. Máy trả lời số và mã của tin."},
	{"MENU", "Xem các mục rồi trả lời bằng chữ số. Chưa rõ cách nhắn gì, xin nhắn MENU."},
	{"TT điều cần hỏi", "Hỏi thủ tục, giấy tờ, giờ làm việc. Ví dụ: TT mat can cuoc"},
	{"TC mã của tin", "Xem tin của mình đến đâu. Ví dụ: TC ACD234"},
	{"AN nội dung", "Báo tin giấu tên: không ai xem được số điện thoại của người báo."},
	{"IM nội dung",
		"Báo tin mà không có tin nào gửi lại máy này, kể cả tin báo đã nhận. Xin đến hoặc gọi trụ sở để lấy mã và PIN, rồi xem trả lời từ máy khác."},
	{"LT khách, ngày", "Báo khách lưu trú. Nhắn LT để xem cách viết."},
	{"HS mã hồ sơ", "Xem hồ sơ đã nộp đến đâu; mã ghi trên giấy hẹn."},
	{"DK thôn, họ tên", "Đăng ký nhận bản tin của Công an xã. Ví dụ: DK thon 3 Nguyen Van A"},
	{"TU CHOI", "Thôi nhận bản tin. Tin mình báo vẫn được tiếp nhận như trước."},
};

static const char danger_words[] =
	"ĐANG NGUY HIỂM, GỌI NGAY: 113 (công an), 114 (chữa cháy, cứu nạn), 115 (cấp cứu), 112 (thiên tai, tìm kiếm cứu nạn)";

static const char kept_words[] =
	"Người báo tin được giữ bí mật: cán bộ chỉ thấy bí danh; muốn xem số điện thoại phải có lý do và bị ghi lại. Tin nhắn SMS đi qua nhà mạng và còn lưu trong máy: nếu dùng chung điện thoại, xin xóa tin đã gửi; việc rất kín xin gọi điện hoặc đến gặp. Không gửi bí mật nhà nước đến số này. Công an xã không nhắn đường dẫn (link), không hỏi tiền, mật khẩu hay mã OTP: ai nhắn như vậy là giả mạo.";

static void put_keywords(struct sheet *sheet)
{
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		double top = sheet->y, below;

		put_text(sheet, &keyword, keywords[i][0]);
		below = sheet->y;
		sheet->y = top;
		put_text(sheet, &words, keywords[i][1]);
		sheet->y = (sheet->y > below ? sheet->y : below) + 1.4;
	}
}

struct code {
	const char *text, *caption;
};

static void put_code(struct sheet *sheet, const struct code *code, double x)
{
	const struct style caption = {x - 7, QR_MM + 14, 3.8, true, true, "#000"};
	double top = sheet->y;

	if (!sheet->err)
		sheet->err = buf_addf(sheet->out,
			"<svg x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" ", x, top, QR_MM,
			QR_MM);
	if (!sheet->err)
		sheet->err = qr_draw(code->text, sheet->out);
	sheet->y = top + QR_MM + 0.5;
	put_text(sheet, &caption, code->caption);
	sheet->y = top;
}

static void put_codes(struct sheet *sheet, const struct commune *commune)
{
	char report[DRAWING_URI_BYTES], enrol[DRAWING_URI_BYTES], zalo[64], dk[64];
	struct code codes[3] = {{report, "Nhắn SMS"}, {enrol, "Đăng ký nhận tin (DK)"}};
	int count = 2;

	snprintf(dk, sizeof(dk), "DK %s%s", commune->hamlet ? commune->hamlet : "",
		commune->hamlet ? " " : "");
	if (!sheet->err)
		sheet->err = sms_uri(commune->number, NULL, report);
	if (!sheet->err)
		sheet->err = sms_uri(commune->number, dk, enrol);
	if (commune->zalo) {
		snprintf(zalo, sizeof(zalo), "https://zalo.me/%s", commune->zalo);
		codes[count++] = (struct code){zalo, "Zalo của Công an xã"};
	}
	for (int i = 0; i < count; i++) {
		double step = (RIGHT - LEFT) / count;

		put_code(sheet, &codes[i], LEFT + step * i + (step - QR_MM) / 2);
	}
	sheet->y += QR_MM + 8;
}

enum err poster_draw(const struct commune *commune, struct buf *out)
{
	struct sheet sheet = {.out = out, .y = 11};

	sheet.err = buf_adds(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"210mm\" height=\"297mm\" "
		"viewBox=\"0 0 210 297\" font-family=\"Arial,'Liberation Sans',Helvetica,sans-serif\">\n"
		"<title>Công an xã: báo tin và hỏi thủ tục bằng tin nhắn</title>\n"
		"<rect width=\"210\" height=\"297\" fill=\"#fff\"/>\n");
	put_text(&sheet, &head, commune->name ? commune->name : "CÔNG AN XÃ");
	put_text(&sheet, &(struct style){LEFT, RIGHT - LEFT, 5.6, true, true, "#000"},
		"Báo tin và hỏi thủ tục bằng tin nhắn, bất cứ giờ nào");
	put_text(&sheet, &number, commune->number);
	put_box(&sheet, &danger, "#b00020", danger_words);
	sheet.y += 1;
	put_keywords(&sheet);
	sheet.y += 1;
	put_codes(&sheet, commune);
	put_box(&sheet, &kept, "#e8f1ec", kept_words);
	put_text(&sheet, &small, commune->wording);
	if (!sheet.err && sheet.y > BOTTOM)
		sheet.err = ERR_TOO_BIG;
	return sheet.err ? sheet.err : buf_adds(out, "</svg>\n");
}
