/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by bulletin*.c only. */
#ifndef BINHYEN_STORE_BULLETIN_PRIVATE_H
#define BINHYEN_STORE_BULLETIN_PRIVATE_H

#include "store/bulletin.h"
#include "store/internal.h"

/* May it go from one state to the other? */
bool bulletin_may_move(enum bulletin_state from, enum bulletin_state to);

#endif
