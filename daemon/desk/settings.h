/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The settings in force: those of the file, and before them what officers changed from the page
 * (config/page_setting.h), which the database keeps. A change counts once its turn is committed;
 * one that does not fit any more, since the file or the program is another one, is left out and
 * told, and the file holds.
 */
#ifndef BINHYEN_DESK_SETTINGS_H
#define BINHYEN_DESK_SETTINGS_H

#include "config/page_setting.h"

struct settings;
struct store;

/* Both are borrowed. */
MUST_CHECK
enum err settings_new(
	struct store *store, const struct config *file, struct settings **ret_settings);
void settings_free(struct settings *settings); /* NULL is fine */
/* In force. The same struct as long as `settings` lives; settings_refresh() writes to it. */
const struct config *settings_now(const struct settings *settings);
const struct config *settings_file(const struct settings *settings);
/* After a turn that may have changed them, kept or not: what is in force is read again. True: it is
 * not what it was. */
bool settings_refresh(struct settings *settings);

/* As they will be in force when this turn is committed. */
#define SETTINGS_MAX 32
struct settings_state {
	bool is_changed; /* from the page */
	bool is_ignored; /* and does not fit any more */
	int64_t changed_ms;
	char actor[64];
};
struct settings_view {
	struct config *config;			    /* owned */
	struct settings_state states[SETTINGS_MAX]; /* as page_setting_at() */
};
MUST_CHECK
enum err settings_look(struct settings *settings, struct settings_view *ret_view);
void settings_view_done(struct settings_view *view);

struct settings_ask {
	const json_t *values; /* by path; null: the file holds again */
	const char *actor;
	bool is_all; /* may change all of them, not only those of the machine */
};
/* All of them or none. ERR_NOT_FOUND: no such setting; ERR_DENIED: not his; ERR_INVALID: a value
 * does not fit, or not beside the others. */
MUST_CHECK
enum err settings_change(
	struct settings *settings, const struct settings_ask *ask, struct errbuf *eb);

#endif
