/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/ctl/ctl.h"

#include "daemon/ctl/drawing.h"

#include <qrencode.h>

#define QUIET_ZONE 2 /* modules around it; phones make do with half of the four of the standard */

static bool is_dark(const QRcode *code, int x, int y)
{
	return x >= 0 && y >= 0 && x < code->width && y < code->width &&
	       code->data[y * code->width + x] & 1;
}

#define QR_QUIET_ZONE 4 /* on paper: what the standard wants */

/* Two modules a character, light on dark: whatever colours the terminal has, it is white on black.
 */
void qr_print(FILE *out, const char *text)
{
	static const char *const blocks[] = {"\u2588", "\u2580", "\u2584", " "};
	QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_L, QR_MODE_8, 1);

	if (!code)
		return;
	for (int y = -QUIET_ZONE; y < code->width + QUIET_ZONE; y += 2) {
		fputs("  \033[97;40m", out);
		for (int x = -QUIET_ZONE; x < code->width + QUIET_ZONE; x++)
			fputs(blocks[(is_dark(code, x, y) ? 2 : 0) |
				      (is_dark(code, x, y + 1) ? 1 : 0)],
				out);
		fputs("\033[0m\n", out);
	}
	QRcode_free(code);
}

/* A run of dark modules is one rectangle: at most some ten a line. */
static enum err draw_line(const QRcode *code, int y, struct buf *out)
{
	enum err err = ERR_OK;

	for (int x = 0; !err && x < code->width; x++) {
		int from = x;

		while (is_dark(code, x, y))
			x++;
		if (x > from)
			err = buf_addf(out, "M%d %dh%dv1h-%dz", from, y, x - from, x - from);
	}
	return err;
}

enum err qr_draw(const char *text, struct buf *out)
{
	/* A poster is dirty, torn and read from an angle: a seventh may be missing. */
	QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	int size = code ? code->width + 2 * QR_QUIET_ZONE : 0;
	enum err err;

	if (!code)
		return ERR_TOO_BIG;
	err = buf_addf(out,
		"viewBox=\"-%d -%d %d %d\" shape-rendering=\"crispEdges\">"
		"<path fill=\"#fff\" d=\"M-%d -%dh%dv%dh-%dz\"/><path d=\"",
		QR_QUIET_ZONE, QR_QUIET_ZONE, size, size, QR_QUIET_ZONE, QR_QUIET_ZONE, size, size,
		size);
	for (int y = 0; !err && y < code->width; y++)
		err = draw_line(code, y, out);
	QRcode_free(code);
	return err ? err : buf_adds(out, "\"/></svg>");
}
