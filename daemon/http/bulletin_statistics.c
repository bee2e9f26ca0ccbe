/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of a bulletin, in numbers from which nobody can be told. */
#include "daemon/http/bulletin_json.h"

#include "daemon/desk/bulletin_figures.h"
#include "store/place.h"

#include <stdlib.h>

static json_t *seconds_json(int64_t ms)
{
	return ms == FIGURES_NOT_REACHED ? json_null() : json_integer(ms / SECOND_MS);
}

static json_t *channels_json(const struct bulletin_figures *f)
{
	json_t *list = json_array();

	for (int i = 0; i < f->channel_count; i++)
		json_array_append_new(
			list, json_pack("{s:s, s:o, s:o}", "channel", f->channels[i].channel,
				      "told", json_figure(f->channels[i].told), "cost",
				      json_figure(f->channels[i].cost)));
	return list;
}

static json_t *reasons_json(const struct bulletin_figures *f)
{
	json_t *list = json_array();

	for (int i = 0; i < f->reason_count; i++)
		json_array_append_new(list, json_pack("{s:s, s:o}", "reason", f->reasons[i].reason,
						    "people", json_figure(f->reasons[i].people)));
	return list;
}

static json_t *places_json(struct store *store, const struct bulletin_figures *f)
{
	json_t *list = json_array();

	for (int i = 0; i < f->place_count; i++) {
		const struct figures_place *figures = &f->places[i];
		struct place place = {.id = 0};

		/* Who is on a saved list only belongs to none. */
		if (figures->place_id && place_load(store, figures->place_id, &place))
			place = (struct place){.id = 0};
		json_array_append_new(list,
			json_pack("{s:o, s:o, s:o, s:o}", "place",
				place.id ? json_text(place.code) : json_null(), "name",
				place.id ? json_text(place.name) : json_null(), "people",
				json_figure(figures->people), "told", json_figure(figures->told)));
	}
	return list;
}

static json_t *figures_json(
	struct store *store, const struct bulletin *bulletin, const struct bulletin_figures *f)
{
	return json_pack("{s:I, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o, "
			 "s:o, s:o, s:o}",
		"id", (json_int_t)bulletin->id, "began", json_time(bulletin->started_ms), "people",
		(json_int_t)f->people, "told", (json_int_t)f->told, "under_way",
		(json_int_t)f->under_way, "in_doubt", (json_int_t)f->in_doubt, "not_told",
		(json_int_t)f->not_told, "skipped", (json_int_t)f->skipped, "heads",
		(json_int_t)f->heads, "heads_confirmed", (json_int_t)f->heads_confirmed, "cost",
		(json_int_t)f->cost, "half_s", seconds_json(f->half_ms), "most_s",
		seconds_json(f->most_ms), "all_s", seconds_json(f->all_ms), "channels",
		channels_json(f), "reasons", reasons_json(f), "places", places_json(store, f));
}

void bulletin_statistics_get(struct http_request *req)
{
	struct http_options *options = &req->http->options;
	struct bulletin_figures *f;
	struct bulletin bulletin;
	enum err err;

	if (bulletin_of_path(req, &bulletin) != ERR_OK)
		return;
	f = calloc(1, sizeof(*f));
	err = f ? desk_bulletin_figures(options->desk, bulletin.id, f) : ERR_NOMEM;
	/* It was not sent yet. */
	if (f && err == ERR_NOT_FOUND) {
		*f = (struct bulletin_figures){.half_ms = FIGURES_NOT_REACHED,
			.most_ms = FIGURES_NOT_REACHED,
			.all_ms = FIGURES_NOT_REACHED};
		err = ERR_OK;
	}
	if (err)
		http_reply_err(req, err, NULL);
	else
		http_reply_json(req, MHD_HTTP_OK, figures_json(options->store, &bulletin, f));
	free(f);
}
