/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The groups of the Zalo in memory: as much of GMF as the client calls. Whoever is invited has come
 * at once; one of them is a resident who asks to be let in as soon as there is a group. */
#ifndef BINHYEN_SIM_ZALO_LINK_CLOUD_GROUP_H
#define BINHYEN_SIM_ZALO_LINK_CLOUD_GROUP_H

#include "store/zalo_group.h"
#include "tests/sim/zalo_link/cloud.h"

#define CLOUD_ADMIN "9001"
#define CLOUD_ANNA  "9002" /* a founder */
#define CLOUD_BINH  "9003" /* asks */
#define CLOUD_CHI   "9004" /* is invited */
#define CLOUD_ASSET "a50"

/* NULL: no such call. The answer's data, with *ret_error 0, or nothing. */
bool cloud_group_call(
	const char *url, const json_t *body, int *ret_error, json_t **ret_data, bool *ret_acted);
const struct cloud_person *cloud_group_person(const char *user);
/* "" there is none. */
const char *cloud_group_id(void);

/* What people do in the app. */
void cloud_group_ask(const char *user);
void cloud_group_leave(const char *user);
void cloud_group_rename(const char *name);
void cloud_group_toggle(enum zalo_switch which);

#endif
