/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reader walks the table (settings.c) and the file side by side: at each object it first
 * refuses the keys that the table does not have, then takes the table's settings one by one, given
 * or not. The first fault ends it, with the path of the key and what is allowed. The dump walks the
 * same way.
 */
#include "config/config.h"

#include "config/cross.h"
#include "config/fault.h"
#include "config/quote.h"
#include "config/settings.h"
#include "daemon/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define CONFIG_FILE_MAX_BYTES (64 * 1024) /* every setting in use takes less than 8 KB */
#define PATH_BYTES	      96	  /* of known keys and list indices */

struct reader {
	struct config *config;
	const char *name; /* of the file */
	struct errbuf *eb;
};

/* A place of the table, pattern[0..pattern_bytes), and the same place of the file. */
struct node {
	const char *pattern; /* "modems[]" */
	size_t pattern_bytes;
	char path[PATH_BYTES]; /* "modems[2]" */
	char *base;	       /* offsets of its settings count from here */
};

static void node_below(
	const struct node *node, const struct setting_child *child, char *base, struct node *below)
{
	below->pattern = child->setting->doc.path;
	below->pattern_bytes = child->pattern_bytes;
	below->base = base;
	snprintf(below->path, sizeof(below->path), "%.60s%s%s", node->path,
		node->path[0] ? "." : "", child->key);
}

static const char *kind_text(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return "is an object";
	case JSON_ARRAY:
		return "is a list";
	case JSON_STRING:
		return "is a string";
	case JSON_INTEGER:
		return "is a number";
	case JSON_REAL:
		return "is a number with a fraction";
	case JSON_TRUE:
	case JSON_FALSE:
		return "is true or false";
	case JSON_NULL:
		break;
	}
	return "is null";
}

static enum err refuse(
	const struct reader *r, const char *path, const char *what, const char *allowed)
{
	return errbuf_set(r->eb, ERR_CONFIG, "%.200s: %s%s%s; allowed: %s", r->name, path,
		path[0] ? ": " : "", what, allowed);
}

static enum err read_string(const struct reader *r, const struct node *node,
	const struct setting *setting, const char *text)
{
	char quote[QUOTE_BYTES];
	char what[QUOTE_BYTES + 96];
	const char *problem;

	if (!text[0] && setting_may_be_empty(setting)) {
		text = setting_default(setting);
		if (!text[0]) {
			node->base[setting->offset] = 0;
			return ERR_OK;
		}
	}
	problem = setting->check(text, node->base + setting->offset, setting->bytes);
	if (!problem)
		return ERR_OK;
	if (setting->is_phone)
		snprintf(what, sizeof(what), "\"%s\" %s", quote_phone(text, quote), problem);
	else
		snprintf(what, sizeof(what), "\"%s\" %s", quote_text(text, strlen(text), quote),
			problem);
	return refuse(r, node->path, what, setting->doc.allowed);
}

static enum err read_choice(const struct reader *r, const struct node *node,
	const struct setting *setting, const char *text)
{
	char quote[QUOTE_BYTES];
	char what[QUOTE_BYTES + 32];

	for (size_t i = 0; setting->choices[i]; i++) {
		if (str_eq(setting->choices[i], text)) {
			if (setting->bytes == sizeof(int))
				*(int *)(void *)(node->base + setting->offset) = (int)i;
			else
				*(bool *)(void *)(node->base + setting->offset) = i == 1;
			return ERR_OK;
		}
	}
	snprintf(what, sizeof(what), "\"%s\" is not known", quote_text(text, strlen(text), quote));
	return refuse(r, node->path, what, setting->doc.allowed);
}

static enum err read_integer(const struct reader *r, const struct node *node,
	const struct setting *setting, json_int_t value)
{
	char quote[QUOTE_BYTES];
	char digits[24], what[QUOTE_BYTES + 32];
	int len;

	if (value < setting->min || value > setting->max) {
		len = snprintf(digits, sizeof(digits), "%" JSON_INTEGER_FORMAT, value);
		snprintf(what, sizeof(what), "%s is out of range",
			quote_text(digits, (size_t)len, quote));
		return refuse(r, node->path, what, setting->doc.allowed);
	}
	*(int *)(void *)(node->base + setting->offset) = (int)value;
	return ERR_OK;
}

/* value NULL: not given. */
static enum err read_leaf(const struct reader *r, const struct node *node,
	const struct setting *setting, const json_t *value)
{
	const char *text = value ? json_string_value(value) : setting_default(setting);
	char allowed[160];
	int64_t number;

	if (!value && !text)
		return refuse(r, node->path, "is required", setting->doc.allowed);
	snprintf(allowed, sizeof(allowed), "%s, %s",
		setting->type == SETTING_INTEGER ? "a number" : "a string", setting->doc.allowed);
	if (setting->type != SETTING_INTEGER && !text)
		return refuse(r, node->path, kind_text(value), allowed);
	switch (setting->type) {
	case SETTING_STRING:
		return read_string(r, node, setting, text);
	case SETTING_CHOICE:
		return read_choice(r, node, setting, text);
	case SETTING_INTEGER:
		break;
	}
	if (!value && setting_is_by_operator(setting)) {
		*(int *)(void *)(node->base + setting->offset) = SETTING_BY_OPERATOR;
		return ERR_OK;
	}
	if (!value) {
		CHECK(str_to_int64(text, setting->min, setting->max, &number) == ERR_OK);
		return read_integer(r, node, setting, number);
	}
	if (!json_is_integer(value))
		return refuse(r, node->path, kind_text(value), allowed);
	return read_integer(r, node, setting, json_integer_value(value));
}

static enum err refuse_key(const struct reader *r, const struct node *node, const char *key,
	const struct setting_child *children, size_t count)
{
	char quote[QUOTE_BYTES];
	char path[PATH_BYTES + QUOTE_BYTES];
	char allowed[SETTING_CHILDREN_MAX * 34] = "";
	const char *keys[SETTING_CHILDREN_MAX];
	const char *nearest;
	size_t len = 0;

	for (size_t i = 0; i < count; i++) {
		keys[i] = children[i].key;
		len += (size_t)snprintf(
			allowed + len, sizeof(allowed) - len, "%s%s", i ? ", " : "", keys[i]);
	}
	snprintf(path, sizeof(path), "%s%s%s", node->path, node->path[0] ? "." : "",
		key[0] ? quote_text(key, strlen(key), quote) : "\"\"");
	if (strstr(key, "secret") || strstr(key, "token") || strstr(key, "password") ||
		str_eq(key, "box.key"))
		return refuse(r, path,
			"secrets stay out of this file (they are files in secrets.dir, tokens go in by "
			"binhyenctl zalo set-token)",
			allowed);
	nearest = quote_nearest(key, keys, count);
	if (nearest)
		return errbuf_set(r->eb, ERR_CONFIG,
			"%.200s: %s: unknown key, did you mean %s? allowed: %s", r->name, path,
			nearest, allowed);
	return refuse(r, path, "unknown key", allowed);
}

static enum err read_object(const struct reader *r, const struct node *node, json_t *object);

static enum err read_element(const struct reader *r, const struct node *node, json_t *value)
{
	const struct setting *setting = setting_of_element(node->pattern, node->pattern_bytes);

	return setting ? read_leaf(r, node, setting, value) : read_object(r, node, value);
}

/* Refuses an element that repeats what an earlier one of its list says. */
static enum err check_unique(const struct reader *r, const struct node *node,
	const struct setting_list *list, const char *first, int index)
{
	const struct setting *setting;
	const char *mine, *other, *key;
	char what[128];
	char path[PATH_BYTES + 32];

	for (size_t i = 0; (setting = setting_at(i)); i++) {
		if (!setting->is_unique ||
			strncmp(setting->doc.path, node->pattern, node->pattern_bytes) != 0)
			continue;
		key = setting->doc.path + node->pattern_bytes;
		mine = node->base + setting->offset;
		for (int j = 0; j < index; j++) {
			other = first + (size_t)j * list->stride + setting->offset;
			if (!str_eq(mine, other))
				continue;
			snprintf(path, sizeof(path), "%s%s", node->path, key);
			snprintf(what, sizeof(what), "is the same as %s[%d]%s", list->path, j, key);
			return refuse(r, path, what, "different values");
		}
	}
	return ERR_OK;
}

static enum err read_list(const struct reader *r, const struct node *node, json_t *array)
{
	const struct setting_list *list = setting_list_find(node->pattern, node->pattern_bytes);
	char *config = (char *)r->config;
	struct node element = {.pattern = node->pattern, .pattern_bytes = node->pattern_bytes + 2};
	char what[64], allowed[64];
	size_t index;
	json_t *value;
	enum err err;

	CHECK(list);
	if (!array)
		return ERR_OK;
	snprintf(allowed, sizeof(allowed), "a list of at most %d", list->max);
	if (!json_is_array(array))
		return refuse(r, node->path, kind_text(array), allowed);
	if (json_array_size(array) > (size_t)list->max) {
		snprintf(what, sizeof(what), "has %zu entries", json_array_size(array));
		return refuse(r, node->path, what, allowed);
	}
	json_array_foreach (array, index, value) {
		element.base = config + list->offset + index * list->stride;
		snprintf(element.path, sizeof(element.path), "%.60s[%zu]", node->path, index);
		err = read_element(r, &element, value);
		if (err)
			return err;
		err = check_unique(r, &element, list, config + list->offset, (int)index);
		if (err)
			return err;
	}
	*(int *)(void *)(config + list->count_offset) = (int)json_array_size(array);
	return ERR_OK;
}

static enum err read_child(const struct reader *r, const struct node *node,
	const struct setting_child *child, json_t *value)
{
	const struct setting_section *section;
	struct node below;

	node_below(node, child, node->base, &below);
	if (child->kind == SETTING_CHILD_LEAF)
		return read_leaf(r, &below, child->setting, value);
	if (child->kind == SETTING_CHILD_LIST)
		return read_list(r, &below, value);
	section = setting_section_find(below.pattern, below.pattern_bytes);
	if (section && !value)
		return ERR_OK;
	if (section)
		*(bool *)(void *)((char *)r->config + section->is_set_offset) = true;
	return read_object(r, &below, value);
}

/* object NULL: not given, so that everything has its default. */
static enum err read_object(const struct reader *r, const struct node *node, json_t *object)
{
	struct setting_child children[SETTING_CHILDREN_MAX];
	size_t count = setting_children(node->pattern, node->pattern_bytes, children), i;
	const char *key;
	json_t *value;
	enum err err;

	if (object && !json_is_object(object))
		return refuse(r, node->path, kind_text(object), "an object");
	json_object_foreach (object, key, value) {
		for (i = 0; i < count && !str_eq(children[i].key, key); i++)
			;
		if (i == count)
			return refuse_key(r, node, key, children, count);
	}
	for (i = 0; i < count; i++) {
		err = read_child(r, node, &children[i], json_object_get(object, children[i].key));
		if (err)
			return err;
	}
	return ERR_OK;
}

/* What was not given is the operator's. */
static void resolve_by_operator(struct config_modem *modem)
{
	const struct sms_price *price = operator_price((enum phone_operator)modem->phone_operator);
	const struct caps *of = operator_caps((enum phone_operator)modem->phone_operator);
	const struct {
		int *value;
		int preset;
	} values[] = {{&modem->price.own, price->own}, {&modem->price.other, price->other},
		{&modem->caps.per_minute, of->per_minute}, {&modem->caps.per_hour, of->per_hour},
		{&modem->caps.per_day, of->per_day},
		{&modem->caps.same_per_5min, of->same_per_5min},
		{&modem->caps.same_per_hour, of->same_per_hour},
		{&modem->caps.same_per_day, of->same_per_day},
		{&modem->caps.alarm_reserve, of->alarm_reserve}};

	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		if (*values[i].value == SETTING_BY_OPERATOR)
			*values[i].value = values[i].preset;
	}
}

static void cleanup_json(json_t **json)
{
	json_decref(*json);
}

enum err config_parse(const char *text, size_t len, const char *name, struct config **ret_config,
	struct errbuf *eb)
{
	CLEANUP(cleanup_json) json_t *json = NULL;
	struct config *config;
	struct reader reader = {.name = name, .eb = eb};
	struct node root = {.pattern = ""};
	const char *problem, *where = "";
	json_error_t error;
	enum err err;

	if (len > CONFIG_FILE_MAX_BYTES)
		return errbuf_set(eb, ERR_TOO_BIG,
			"%.200s: is longer than %d bytes; is it the right file?", name,
			CONFIG_FILE_MAX_BYTES);
	json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	if (!json && json_error_code(&error) == json_error_out_of_memory)
		return ERR_NOMEM;
	if (!json)
		return json_fault(text, len, name, &error, eb);
	config = calloc(1, sizeof(*config));
	if (!config)
		return ERR_NOMEM;
	reader.config = config;
	root.base = (char *)config;
	err = read_object(&reader, &root, json);
	problem = err ? NULL : cross_check(config, &where);
	if (problem)
		err = errbuf_set(eb, ERR_CONFIG, "%.200s: %s: %s", name, where, problem);
	if (err) {
		free(config);
		return err;
	}
	for (int i = 0; i < config->modem_count; i++)
		resolve_by_operator(&config->modems[i]);
	*ret_config = config;
	return ERR_OK;
}

static void cleanup_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static enum err open_fault(const char *path, int errnum, struct errbuf *eb)
{
	const char *advice = "";

	if (errnum == ENOENT)
		advice = "; binhyen.json(5) says what to write";
	else if (errnum == EACCES)
		advice = "; the user of binhyend must be able to read it";
	return errbuf_set(
		eb, err_from_errno(errnum), "%.200s: %s%s", path, strerrordesc_np(errnum), advice);
}

enum err config_load(const char *path, struct config **ret_config, struct errbuf *eb)
{
	CLEANUP(cleanup_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	CLEAN_BUF text = {0};
	char chunk[4096];
	ssize_t n;
	enum err err;

	buf_init(&text, CONFIG_FILE_MAX_BYTES + sizeof(chunk));
	if (fd < 0)
		return open_fault(path, errno, eb);
	while (text.len <= CONFIG_FILE_MAX_BYTES) {
		n = read(fd, chunk, sizeof(chunk));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return open_fault(path, errno, eb);
		if (!n)
			break;
		err = buf_add(&text, chunk, (size_t)n);
		if (err)
			return err;
	}
	return config_parse(buf_text(&text), text.len, path, ret_config, eb);
}

void config_free(struct config *config)
{
	free(config);
}
