/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Residents of the simulated commune: some with a telephone, some with Zalo, and a sender that
 * nobody can answer. */
#ifndef BINHYEN_TESTS_SIM_DESK_PEOPLE_H
#define BINHYEN_TESTS_SIM_DESK_PEOPLE_H

#include "store/party.h"

enum party_kind people_kind(int person);
const char *people_address(int person);

#endif
