/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/settings.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "store/event.h"
#include "store/event_seal.h"
#include "store/setting.h"

#include <stdlib.h>
#include <string.h>

struct settings {
	struct store *store;
	const struct config *file;
	struct config now;
	bool is_stale; /* something was written since `now` was read */
};

const struct config *settings_now(const struct settings *settings)
{
	return &settings->now;
}

const struct config *settings_file(const struct settings *settings)
{
	return settings->file;
}

/* ---- what the database keeps ------------------------------------------------------------------
 */

struct kept {
	json_t *values; /* that fit by themselves, by path */
	struct settings_state *states;
	bool is_short; /* of memory */
};

static int index_of(const char *path)
{
	for (int i = 0; page_setting_at((size_t)i); i++) {
		if (str_eq(page_setting_at((size_t)i)->path, path))
			return i;
	}
	return -1;
}

static void keep(void *arg, const struct setting_change *change)
{
	struct kept *kept = arg;
	int i = index_of(change->path);
	struct settings_state *state = i < 0 ? NULL : &kept->states[i];
	json_t *value;

	/* It was one when it was changed. */
	if (!state)
		return;
	*state = (struct settings_state){
		.is_changed = true, .is_ignored = true, .changed_ms = change->changed_ms};
	snprintf(state->actor, sizeof(state->actor), "%s", change->actor);
	value = json_loads(change->value, JSON_DECODE_ANY, NULL);
	if (value && page_setting_fits(page_setting_at((size_t)i), value)) {
		kept->is_short = kept->is_short ||
				 json_object_set(kept->values, change->path, value);
		state->is_ignored = false;
	}
	json_decref(value);
}

/* Those that fit each by itself and don't fit together: one after the other, as far as it goes. */
static enum err apply_singly(struct settings *settings, struct kept *kept, struct config **config)
{
	enum err err = ERR_OK;

	for (int i = 0; !err && page_setting_at((size_t)i); i++) {
		const char *path = page_setting_at((size_t)i)->path;
		json_t *one = json_object_get(kept->values, path);
		json_t *values = one ? json_pack("{s:O}", path, one) : NULL;
		struct config *with = NULL;

		if (one && !values)
			return ERR_NOMEM;
		if (one)
			err = config_with(*config ? *config : settings->file, values, &with, NULL);
		json_decref(values);
		if (err == ERR_CONFIG) {
			kept->states[i].is_ignored = true;
			json_object_del(kept->values, path);
			err = ERR_OK;
		} else if (!err && with) {
			config_free(*config);
			*config = with;
		}
	}
	if (!err && !*config)
		err = config_with(settings->file, kept->values, config, NULL);
	return err;
}

/* The file with what is kept; *ret_values: the changes that count. */
static enum err derive(
	struct settings *settings, struct settings_view *ret_view, json_t **ret_values)
{
	struct settings_view view = {.config = NULL};
	struct kept kept = {.values = json_object(), .states = view.states};
	enum err err = kept.values ? setting_change_list(settings->store, keep, &kept) : ERR_NOMEM;

	if (!err && kept.is_short)
		err = ERR_NOMEM;
	if (!err)
		err = config_with(settings->file, kept.values, &view.config, NULL);
	if (err == ERR_CONFIG)
		err = apply_singly(settings, &kept, &view.config);
	if (err) {
		json_decref(kept.values);
		config_free(view.config);
		return err;
	}
	*ret_view = view;
	*ret_values = kept.values;
	return ERR_OK;
}

enum err settings_look(struct settings *settings, struct settings_view *ret_view)
{
	json_t *values;
	enum err err = derive(settings, ret_view, &values);

	if (!err)
		json_decref(values);
	return err;
}

void settings_view_done(struct settings_view *view)
{
	config_free(view->config);
	view->config = NULL;
}

static void tell_ignored(const struct settings_view *view)
{
	for (int i = 0; page_setting_at((size_t)i); i++) {
		if (view->states[i].is_ignored)
			log_warn("settings", "ignored=%s", page_setting_at((size_t)i)->path);
	}
}

enum err settings_new(
	struct store *store, const struct config *file, struct settings **ret_settings)
{
	struct settings *settings = calloc(1, sizeof(*settings));
	struct settings_view view;
	enum err err;

	if (!settings)
		return ERR_NOMEM;
	settings->store = store;
	settings->file = file;
	err = settings_look(settings, &view);
	if (err) {
		free(settings);
		return err;
	}
	tell_ignored(&view);
	settings->now = *view.config;
	settings_view_done(&view);
	*ret_settings = settings;
	return ERR_OK;
}

void settings_free(struct settings *settings)
{
	free(settings);
}

bool settings_refresh(struct settings *settings)
{
	struct settings_view view;
	enum err err;

	if (!settings->is_stale)
		return false;
	err = settings_look(settings, &view);
	/* What is in force stays so; the next turn looks again. */
	if (err) {
		log_error("settings", "read=%s", err_name(err));
		return false;
	}
	settings->is_stale = false;
	settings->now = *view.config;
	settings_view_done(&view);
	return true;
}

/* ---- changes ----------------------------------------------------------------------------------
 */

static void list_choices(const struct page_limits *limits, char text[160])
{
	size_t len = 0;

	text[0] = 0;
	for (size_t i = 0; limits->choices[i] && len < 120; i++)
		len += (size_t)snprintf(
			text + len, 160 - len, "%s%s", i ? ", " : "", limits->choices[i]);
}

/* The technician knows a setting by its path, the officer by its title on the page. */
static enum err misfit(const struct page_setting *setting, struct errbuf *eb)
{
	struct page_limits limits = page_setting_limits(setting);
	char choices[160];

	switch (limits.type) {
	case PAGE_INTEGER:
		return errbuf_set(eb, ERR_INVALID, "%s (%s) must be a number from %d to %d %s",
			setting->path, setting->title, limits.min, limits.max, setting->unit);
	case PAGE_CHOICE:
		list_choices(&limits, choices);
		return errbuf_set(eb, ERR_INVALID, "%s (%s) must be one of %s", setting->path,
			setting->title, choices);
	default:
		return errbuf_set(eb, ERR_INVALID, "%s (%s): %s", setting->path, setting->title,
			setting->allowed);
	}
}

static enum err check_one(
	const struct settings_ask *ask, const char *path, const json_t *value, struct errbuf *eb)
{
	const struct page_setting *setting = page_setting_find(path);

	if (!setting)
		return errbuf_set(eb, ERR_NOT_FOUND,
			"that is no setting that can be changed here: see binhyenctl settings; "
			"the others stand in the configuration file");
	if (!ask->is_all && !setting->is_machine)
		return errbuf_set(
			eb, ERR_DENIED, "%s (%s) is the chief's to change", path, setting->title);
	if (json_is_null(value) || page_setting_fits(setting, value))
		return ERR_OK;
	return misfit(setting, eb);
}

static enum err check_all(const struct settings_ask *ask, struct errbuf *eb)
{
	const char *path;
	json_t *value;

	if (!json_object_size(ask->values))
		return errbuf_set(eb, ERR_INVALID, "values must name at least one setting");
	json_object_foreach ((json_t *)(uintptr_t)ask->values, path, value) {
		enum err err = check_one(ask, path, value, eb);

		if (err)
			return err;
	}
	return ERR_OK;
}

/* Those of the limits are checked before: what is left is that two don't go together. */
static enum err check_together(struct settings *settings, json_t *values,
	const struct settings_ask *ask, struct config **ret_config, struct errbuf *eb)
{
	const char *path;
	json_t *value;
	enum err err;

	json_object_foreach ((json_t *)(uintptr_t)ask->values, path, value) {
		if (json_is_null(value))
			json_object_del(values, path);
		else if (json_object_set(values, path, value))
			return ERR_NOMEM;
	}
	err = config_with(settings->file, values, ret_config, eb);
	if (err != ERR_CONFIG)
		return err;
	return errbuf_wrap(eb, ERR_INVALID,
		"these values do not go together, each step of an alarm must be later than the one "
		"before it");
}

static char *text_of(const json_t *value)
{
	return json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
}

static enum err note(struct settings *settings, const char *path, const char *actor,
	const json_t *before, const json_t *after)
{
	CLEANUP(cleanup_free) char *old_text = text_of(before);
	CLEANUP(cleanup_free) char *new_text = text_of(after);
	char subject[SETTING_PATH_BYTES + 16];
	bool is_changed;
	CLEAN_BUF data = {0};
	enum err err;

	if (!old_text || !new_text)
		return ERR_NOMEM;
	buf_init(&data, EVENT_DATA_MAX);
	snprintf(subject, sizeof(subject), "setting/%s", path);
	err = buf_addf(&data, "{\"old\":%s,\"new\":%s}", old_text, new_text);
	if (!err)
		err = event_add(
			settings->store, "setting.changed", subject, actor, buf_text(&data));
	/* The next start does not tell of it again. */
	return err ? err : setting_seen(settings->store, path, new_text, &is_changed);
}

static enum err write_row(
	struct settings *settings, const char *path, const char *actor, const json_t *value)
{
	CLEANUP(cleanup_free) char *text = json_is_null(value) ? NULL : text_of(value);
	enum err err;

	if (text)
		return setting_change_put(settings->store, path, text, actor);
	if (!json_is_null(value))
		return ERR_NOMEM;
	err = setting_change_drop(settings->store, path);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err write_one(struct settings *settings, const struct settings_ask *ask,
	const struct page_setting *setting, const struct settings_view *before,
	const struct config *after)
{
	const json_t *asked = json_object_get(ask->values, setting->path);
	const struct settings_state *state = &before->states[index_of(setting->path)];
	json_t *was = page_setting_value(setting, before->config);
	json_t *is = page_setting_value(setting, after);
	bool is_same = json_equal(was, is);
	enum err err = was && is ? ERR_OK : ERR_NOMEM;

	if (!err && (!is_same || state->is_ignored || (state->is_changed && json_is_null(asked))))
		err = write_row(settings, setting->path, ask->actor, asked);
	if (!err && !is_same)
		err = note(settings, setting->path, ask->actor, was, is);
	json_decref(was);
	json_decref(is);
	return err;
}

enum err settings_change(
	struct settings *settings, const struct settings_ask *ask, struct errbuf *eb)
{
	struct settings_view before = {.config = NULL};
	struct config *after = NULL;
	json_t *values = NULL;
	enum err err = check_all(ask, eb);

	if (!err)
		err = derive(settings, &before, &values);
	if (!err)
		err = check_together(settings, values, ask, &after, eb);
	if (!err)
		settings->is_stale = true;
	for (size_t i = 0; !err && page_setting_at(i); i++) {
		const struct page_setting *setting = page_setting_at(i);

		if (json_object_get(ask->values, setting->path))
			err = write_one(settings, ask, setting, &before, after);
	}
	json_decref(values);
	config_free(after);
	settings_view_done(&before);
	return err;
}
