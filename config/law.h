/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calendar and regimes together, as this box goes by them: those that ship with it, in whose place
 * the files of the commune stand where the configuration names some. Read once at start.
 */
#ifndef BINHYEN_CONFIG_LAW_H
#define BINHYEN_CONFIG_LAW_H

#include "config/regime.h"

struct law {
	struct calendar *calendar;
	bool is_own_calendar; /* the commune's file */
	struct regime_list classes[LEGAL_CLASS_COUNT];
	bool is_own[LEGAL_CLASS_COUNT];
	bool is_remote; /* remote, mountainous or island: the longer terms */
};

struct law_options {
	const char *calendar_file;     /* "" the one that ships */
	const char *regimes_directory; /* "" those that ship; a class without a file there too */
	bool is_remote;
};
/* `eb` names file and place of what is wrong. */
MUST_CHECK
enum err law_load(const struct law_options *options, struct law **ret_law, struct errbuf *eb);
void law_free(struct law *law);

/* The record of a class that is in force on a day; NULL when the data has none. */
const struct regime *law_regime(const struct law *law, enum legal_class class, int64_t day);

#endif
