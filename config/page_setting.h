/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The settings that officers may change while the daemon runs, in their words. Those of what
 * residents and officers get are the chief's; those of the machine are the IT officer's, too.
 * Everything else stays in the file: what needs a hand at the box anyway (devices, addresses,
 * paths), what guards somebody against those who could change it (the second person who is told
 * the head of the log), and what others have agreed with (Zalo, an SMS gateway).
 */
#ifndef BINHYEN_CONFIG_PAGE_SETTING_H
#define BINHYEN_CONFIG_PAGE_SETTING_H

#include "config/config.h"

#include <jansson.h>

#define PAGE_CHOICES_MAX 4
struct page_setting {
	const char *path;
	const char *group;   /* "duty" */
	const char *title;   /* Vietnamese, as the others below */
	const char *meaning; /* in plain words */
	const char *unit;    /* "" none */
	const char *choice_titles[PAGE_CHOICES_MAX];
	const char *allowed; /* of a text; NULL: it is none */
	bool is_machine;     /* the IT officer's, too */
};
/* In the order of the page; NULL past the end. */
const struct page_setting *page_setting_at(size_t index);
const struct page_setting *page_setting_find(const char *path);

/* What it may be, of the table of settings. */
enum page_type { PAGE_INTEGER, PAGE_CHOICE, PAGE_TEXT };
struct page_limits {
	enum page_type type;
	int min, max;		    /* PAGE_INTEGER */
	const char *const *choices; /* PAGE_CHOICE: ends with NULL */
};
struct page_limits page_setting_limits(const struct page_setting *setting);

/* New objects; NULL: out of memory. */
json_t *page_setting_default(const struct page_setting *setting);
json_t *page_setting_value(const struct page_setting *setting, const struct config *config);
/* Is it of the right type and within the limits? */
bool page_setting_fits(const struct page_setting *setting, const json_t *value);

/* `config` with these values by path, {"duty.climb_first_s": 60}, checked like a file; config_free
 * it. ERR_CONFIG: `eb` says what is wrong. */
MUST_CHECK
enum err config_with(const struct config *config, const json_t *values, struct config **ret_config,
	struct errbuf *eb);

#endif
