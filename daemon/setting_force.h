/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts settings in force, at the start and when officers have changed some (desk/settings.h). */
#ifndef BINHYEN_DAEMON_SETTING_FORCE_H
#define BINHYEN_DAEMON_SETTING_FORCE_H

#include "daemon/desk/desk.h"
#include "daemon/http/auth.h"
#include "daemon/intake/intake.h"

struct config;
struct delivery_rules;

/* Fills in what desk_adjust() takes; `ret_rules` is what options->bulletins points to. */
void desk_options_adjust(const struct config *config, struct desk_options *options,
	struct delivery_rules *ret_rules);

struct setting_force {
	struct desk *desk;
	struct intake *intake;
	struct auth *auth; /* NULL: it was closed */
};
void setting_force_apply(const struct config *config, const struct setting_force *parts);

#endif
