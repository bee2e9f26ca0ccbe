/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/modem_fill.h"

bool modem_fill_tells(struct modem_fill *fill, int used, int size, int64_t after_ms, int64_t now_ms)
{
	if (size <= 0 || used < 0)
		return false;
	if ((int64_t)used * 100 < (int64_t)size * MODEM_FULL_PERCENT) {
		*fill = (struct modem_fill){0};
		return false;
	}
	if (!fill->since_ms)
		fill->since_ms = now_ms > 0 ? now_ms : 1;
	if (fill->is_told || now_ms - fill->since_ms < after_ms)
		return false;
	fill->is_told = true;
	return true;
}
