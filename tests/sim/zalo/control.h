/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the two files of the control face. */
#ifndef BINHYEN_SIM_ZALO_CONTROL_H
#define BINHYEN_SIM_ZALO_CONTROL_H

#include "tests/sim/zalo/server.h"

/* {"what":…}: outages, faults, tokens, clock, people. */
void control_do(struct server *server, const struct call *call, struct reply *reply);

void control_answer(struct reply *reply, json_t *json); /* takes json over */
void control_refuse(struct reply *reply, const char *why);
void control_show_token(struct server *server, struct reply *reply);
bool control_is_id(const char *id);

#endif
