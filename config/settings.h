/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of settings and the checks of their values: private to config/. A path names a place in
 * the file: "zalo.poll_s" a key of an object, "modems[].name" a key of every object of a list,
 * "duty.phones[]" every value of a list. The settings of one object stand together in the table.
 */
#ifndef BINHYEN_CONFIG_SETTINGS_H
#define BINHYEN_CONFIG_SETTINGS_H

#include "config/config.h"

enum setting_type { SETTING_STRING, SETTING_INTEGER, SETTING_CHOICE };

/* Writes the canonical form of `value` to dst, or returns what is wrong with it ("is not ..."). */
typedef const char *(*setting_check)(const char *value, char *dst, size_t dst_bytes);

struct setting {
	enum setting_type type;
	size_t offset; /* in struct config; for "x[]..." in an element of list x */
	size_t bytes;  /* of the array, for SETTING_STRING */
	setting_check check;
	int min, max;		/* SETTING_INTEGER, stored as int */
	const char *choices[6]; /* SETTING_CHOICE: of two stored as bool, is it choices[1]? Of more
				   (bytes is sizeof(int)) as int */
	bool is_unique;		/* no two elements of the list may have the same */
	bool is_phone;		/* a message shows its last three digits only */
	struct config_setting doc;
};

/* A list in the file and the array that holds it. */
struct setting_list {
	const char *path; /* "modems" */
	size_t offset, stride, count_offset;
	int max;
};

/* An object that may be left out as a whole, and the bool that says so. */
struct setting_section {
	const char *path;
	size_t is_set_offset;
};

/* NULL past the end. */
const struct setting *setting_at(size_t index);
const struct setting_list *setting_list_find(const char *path, size_t path_bytes);
const struct setting_section *setting_section_find(const char *path, size_t path_bytes);

/* Value that stands for one that is not given: NULL = required, "" = none. */
const char *setting_default(const struct setting *setting);

/* Is it one that stays SETTING_BY_OPERATOR when it is not given, until config_resolve? */
#define SETTING_BY_OPERATOR (-1)
bool setting_is_by_operator(const struct setting *setting);

/* May "" be written, which stands for the default? */
bool setting_may_be_empty(const struct setting *setting);

/*
 * The table as a tree. A pattern is the first bytes of a path: "" the whole file, "zalo",
 * "modems[]". Its children are the keys of that object, in the order of the table.
 */
#define SETTING_CHILDREN_MAX 24
enum setting_child_kind { SETTING_CHILD_LEAF, SETTING_CHILD_OBJECT, SETTING_CHILD_LIST };
struct setting_child {
	const struct setting *setting; /* the leaf, or the first below it */
	size_t pattern_bytes;	       /* of the setting's path: the child's own pattern */
	enum setting_child_kind kind;
	char key[32];
};
size_t setting_children(const char *pattern, size_t pattern_bytes,
	struct setting_child ret_children[SETTING_CHILDREN_MAX]);
/* The setting that is each value of a list ("duty.phones[]"); NULL for a list of objects. */
const struct setting *setting_of_element(const char *pattern, size_t pattern_bytes);

#endif
