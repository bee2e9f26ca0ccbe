/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The time that the network told a module (NITZ, 3GPP TS 22.042), out of the lines in which modules
 * repeat it. Makers do not agree whether the time of such a line is local or universal; each of
 * these is known:
 *
 *   +CCLK: "26/11/22,19:34:56+28"          local     3GPP TS 27.007 §8.15
 *   +CTZE: "+28",0,"2026/11/22,19:34:56"   local     §8.41
 *   +CTZEU: "+28",0,"2026/11/22,12:34:56"  universal §8.41
 *   +QLTS: "2026/11/22,12:34:56+28,0"      universal Quectel, as the answer to AT+QLTS=1
 *   ^NWTIME: 26/11/22,12:34:56+28,00       universal Huawei
 *   *PSUTTZ: 2026,11,22,12,34,56,"+28",0   universal SIMCom
 *
 * Pure functions.
 */
#ifndef BINHYEN_GATEWAY_AT_CLOCK_H
#define BINHYEN_GATEWAY_AT_CLOCK_H

#include "daemon/base/err.h"

#include <stdint.h>

/*
 * UTC ms out of the whole line. ERR_PROTOCOL: it is none of these, or tells no time (+CTZV never
 * does). ERR_INVALID: a time that nobody was told: modules that were not begin in 1970, 1980, 1990,
 * 2000, 2004 and other years before this program was written, and two digits make some of them
 * look late.
 */
MUST_CHECK
enum err at_clock_parse(const char *line, int64_t *ret_utc_ms);

#endif
