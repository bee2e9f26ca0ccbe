/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/ctl/ctl.h"

#include <qrencode.h>

#define QUIET_ZONE 2 /* modules around it; phones make do with half of the four of the standard */

static bool is_dark(const QRcode *code, int x, int y)
{
	return x >= 0 && y >= 0 && x < code->width && y < code->width &&
	       code->data[y * code->width + x] & 1;
}

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
