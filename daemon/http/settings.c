/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The settings that officers may change, and changing them. */
#include "daemon/http/resources.h"

#include "daemon/base/str.h"
#include "daemon/desk/settings.h"
#include "daemon/http/rights.h"

/* While there are no officers whoever is at the box is the office. */
static bool may_all(const struct http_request *req)
{
	return req->caller.who & WHO(CHIEF);
}

static struct settings *settings_of(struct http_request *req)
{
	struct settings *settings = req->http->options.settings;
	struct errbuf eb = {0};

	if (!settings)
		http_reply_err(req,
			errbuf_set(&eb, ERR_STATE, "this desk was started without settings"), &eb);
	return settings;
}

static json_t *choices_json(const struct page_setting *setting, const struct page_limits *limits)
{
	json_t *choices = json_array();

	for (size_t i = 0; limits->type == PAGE_CHOICE && limits->choices[i]; i++)
		json_array_append_new(choices, json_pack("{s:s, s:s}", "value", limits->choices[i],
						       "title", setting->choice_titles[i]));
	return choices;
}

static json_t *row_json(struct http_request *req, const struct page_setting *setting,
	const struct settings_state *state, const struct config *now)
{
	static const char *const types[] = {
		[PAGE_INTEGER] = "integer", [PAGE_CHOICE] = "choice", [PAGE_TEXT] = "string"};
	const struct page_limits limits = page_setting_limits(setting);
	const struct config *file = settings_file(req->http->options.settings);
	bool is_number = limits.type == PAGE_INTEGER;

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:s, s:b,"
			 " s:b, s:b, s:s, s:o, s:s?}",
		"name", setting->path, "group", setting->group, "title", setting->title, "meaning",
		setting->meaning, "type", types[limits.type], "value",
		page_setting_value(setting, now), "value_file", page_setting_value(setting, file),
		"value_default", page_setting_default(setting), "unit", setting->unit, "min",
		is_number ? json_integer(limits.min) : json_null(), "max",
		is_number ? json_integer(limits.max) : json_null(), "choices",
		choices_json(setting, &limits), "allowed", setting->allowed ? setting->allowed : "",
		"is_changed", (int)state->is_changed, "is_ignored", (int)state->is_ignored,
		"may_change",
		may_all(req) || (setting->is_machine && (req->caller.who & (WHO(IT) | WHO_BOX))),
		"who", setting->is_machine ? "it" : "chief", "changed",
		json_time(state->changed_ms), "changed_by",
		state->is_changed ? state->actor : NULL);
}

static void reply(struct http_request *req, struct settings *settings)
{
	struct settings_view view;
	enum err err = settings_look(settings, &view);
	json_t *rows;

	if (err) {
		http_reply_err(req, err, NULL);
		return;
	}
	rows = json_array();
	for (size_t i = 0; page_setting_at(i); i++)
		json_array_append_new(
			rows, row_json(req, page_setting_at(i), &view.states[i], view.config));
	settings_view_done(&view);
	http_reply_json(req, MHD_HTTP_OK, json_pack("{s:o}", "settings", rows));
}

void settings_get(struct http_request *req)
{
	struct settings *settings = settings_of(req);

	if (settings)
		reply(req, settings);
}

void settings_post(struct http_request *req)
{
	struct settings *settings = settings_of(req);
	struct errbuf eb = {0};
	json_t *body = NULL;
	const json_t *values;
	enum err err;

	if (!settings)
		return;
	err = http_body_object(req, &body, &eb);
	values = json_object_get(body, "values");
	if (!err && (!json_is_object(values) || json_object_size(body) != 1))
		err = errbuf_set(
			&eb, ERR_INVALID, "the body must be {\"values\": {NAME: value or null}}");
	if (!err)
		err = settings_change(settings,
			&(struct settings_ask){
				.values = values, .actor = req->actor, .is_all = may_all(req)},
			&eb);
	json_decref(body);
	if (err)
		http_reply_err(req, err, &eb);
	else
		reply(req, settings);
}
