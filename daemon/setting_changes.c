/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/setting_changes.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "store/event_seal.h"

#include <jansson.h>

#define DUMP_MAX   (64 * 1024)
#define NAME_BYTES 96
#define DEPTH_MAX  4

struct changes {
	struct store *store;
	struct buf names; /* "a","b" */
	int count;
};

static enum err look_at(struct changes *c, const char *path, const json_t *value)
{
	CLEANUP(cleanup_free) char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
	bool is_changed = false;
	enum err err = text ? setting_seen(c->store, path, text, &is_changed) : ERR_NOMEM;

	if (err || !is_changed)
		return err;
	c->count++;
	err = buf_addf(&c->names, "%s\"%s\"", c->names.len ? "," : "", path);
	/* Past the room for names only the count goes on. */
	return err == ERR_TOO_BIG ? ERR_OK : err;
}

/* An object by its members; a list is one value. */
static enum err look_below(struct changes *c, const char *path, const json_t *object, int depth)
{
	const char *key;
	json_t *value;
	enum err err = ERR_OK;

	json_object_foreach ((json_t *)object, key, value) {
		char name[NAME_BYTES];

		snprintf(name, sizeof(name), "%s%s%s", path, path[0] ? "." : "", key);
		err = json_is_object(value) && depth < DEPTH_MAX
			      ? look_below(c, name, value, depth + 1)
			      : look_at(c, name, value);
		if (err)
			return err;
	}
	return err;
}

/* Parts that may be left out as a whole: that they are there is a setting, too. */
static enum err look_at_parts(struct changes *c, const json_t *all)
{
	static const char *const parts[] = {"zalo", "http_sms"};
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < ARRAY_LEN(parts); i++) {
		json_t *is_there = json_boolean(json_object_get(all, parts[i]) != NULL);

		err = look_at(c, parts[i], is_there);
		json_decref(is_there);
	}
	return err;
}

enum err setting_changes_note(struct store *store, const struct config *config)
{
	struct changes c = {.store = store};
	CLEAN_BUF text = {0};
	CLEAN_BUF data = {0};
	json_t *all = NULL;
	enum err err;

	buf_init(&text, DUMP_MAX);
	buf_init(&data, EVENT_DATA_MAX);
	buf_init(&c.names, EVENT_DATA_MAX - 64);
	err = config_dump(config, &text);
	if (!err) {
		all = json_loads(buf_text(&text), 0, NULL);
		err = all ? look_at_parts(&c, all) : ERR_NOMEM;
	}
	if (!err)
		err = look_below(&c, "", all, 0);
	json_decref(all);
	buf_wipe(&text);
	if (!err && c.count)
		err = buf_addf(
			&data, "{\"count\":%d,\"settings\":[%s]}", c.count, buf_text(&c.names));
	if (!err && c.count)
		err = event_add(store, "config.changed", "", "system", buf_text(&data));
	if (!err && c.count)
		log_info("daemon", "settings_changed=%d", c.count);
	buf_done(&c.names);
	return err;
}
