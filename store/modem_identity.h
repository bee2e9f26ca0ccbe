/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which SIM and which device stand behind each configured modem: kept at first sight, compared
 * whenever it connects. Another one stays unaccepted until a person says that it is meant to be
 * there, or the first one is back.
 */
#ifndef BINHYEN_STORE_MODEM_IDENTITY_H
#define BINHYEN_STORE_MODEM_IDENTITY_H

#include "store/store.h"

enum { MODEM_OTHER_DEVICE = 1, MODEM_OTHER_SIM = 2 };

struct modem_seen {
	unsigned differs; /* MODEM_OTHER_*; 0 = as accepted, or the first */
	bool is_news;	  /* it was not so when it was seen last */
};
/* "" = the modem does not say: then nothing is compared. */
MUST_CHECK
enum err modem_identity_see(struct store *store, const char *name, const char *imei,
	const char *imsi, struct modem_seen *ret_seen);
/* Both numbers as they were seen last; "" = never. */
MUST_CHECK
enum err modem_identity_last(
	struct store *store, const char *name, char ret_imei[24], char ret_imsi[24]);
/* What was seen last is right from now on. NOT_FOUND: never seen; STATE: nothing differs. */
MUST_CHECK
enum err modem_identity_accept(struct store *store, const char *name);

#endif
