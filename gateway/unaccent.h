/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of sms_text share. Pure. */
#ifndef BINHYEN_GATEWAY_UNACCENT_H
#define BINHYEN_GATEWAY_UNACCENT_H

#include <stdbool.h>

/* Nothing but printable ASCII, line ends and composed Vietnamese letters, as nearly every text that
 * people write here: it is UTF-8 in canonical form (NFC) without controls already. Others may be,
 * too. */
bool unaccent_is_bare(const char *utf8);

#endif
