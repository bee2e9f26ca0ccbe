/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The settings in force as JSON, in the order of the table. */
#include "config/config.h"

#include "config/settings.h"

#include <jansson.h>
#include <string.h>

static json_t *dump_leaf(const struct setting *setting, const char *base)
{
	const void *value = base + setting->offset;

	switch (setting->type) {
	case SETTING_INTEGER:
		return json_integer(*(const int *)value);
	case SETTING_CHOICE:
		return json_string(
			setting->choices[setting->bytes == sizeof(int) ? *(const int *)value
								       : *(const bool *)value]);
	case SETTING_STRING:
		break;
	}
	return json_string(value);
}

static json_t *dump_object(
	const char *config, const char *pattern, size_t pattern_bytes, const char *base);

static json_t *dump_list(const char *config, const char *pattern, size_t pattern_bytes)
{
	const struct setting_list *list = setting_list_find(pattern, pattern_bytes);
	const struct setting *setting = setting_of_element(pattern, pattern_bytes + 2);
	json_t *array = json_array(), *value;
	const char *element;
	int count;

	CHECK(list);
	count = *(const int *)(const void *)(config + list->count_offset);
	for (int i = 0; array && i < count; i++) {
		element = config + list->offset + (size_t)i * list->stride;
		value = setting ? dump_leaf(setting, element)
				: dump_object(config, pattern, pattern_bytes + 2, element);
		/* It takes the value over, also when it fails. */
		if (json_array_append_new(array, value)) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static bool is_left_out(const char *config, const char *pattern, size_t pattern_bytes)
{
	const struct setting_section *section = setting_section_find(pattern, pattern_bytes);

	return section && !*(const bool *)(const void *)(config + section->is_set_offset);
}

/* NULL when memory ran out. */
static json_t *dump_object(
	const char *config, const char *pattern, size_t pattern_bytes, const char *base)
{
	struct setting_child children[SETTING_CHILDREN_MAX];
	size_t count = setting_children(pattern, pattern_bytes, children);
	json_t *object = json_object(), *value;

	for (size_t i = 0; object && i < count; i++) {
		const char *path = children[i].setting->doc.path;
		size_t path_bytes = children[i].pattern_bytes;

		if (is_left_out(config, path, path_bytes))
			continue;
		if (children[i].kind == SETTING_CHILD_LEAF)
			value = dump_leaf(children[i].setting, base);
		else if (children[i].kind == SETTING_CHILD_LIST)
			value = dump_list(config, path, path_bytes);
		else
			value = dump_object(config, path, path_bytes, base);
		if (json_object_set_new(object, children[i].key, value)) {
			json_decref(object);
			return NULL;
		}
	}
	return object;
}

enum err config_dump(const struct config *config, struct buf *out)
{
	json_t *json = dump_object((const char *)config, "", 0, (const char *)config);
	char *text;
	enum err err;

	if (!json)
		return ERR_NOMEM;
	text = json_dumps(json, JSON_INDENT(2));
	json_decref(json);
	if (!text)
		return ERR_NOMEM;
	err = buf_addf(out, "%s\n", text);
	free(text);
	return err;
}
