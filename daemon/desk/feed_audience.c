/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The areas of an alert as an audience. In doubt everybody: a warning that goes too far does less
 * harm than one that leaves somebody out. */
#include "daemon/desk/feed_private.h"

#include "daemon/base/str.h"
#include "daemon/desk/audience.h"
#include "daemon/desk/csv_table.h"
#include "store/place.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define EVERYBODY  "{\"all\":true}"
#define PLACES_MAX 1000 /* hamlets, agencies, schools of a commune are some hundred */

struct known {
	char code[PLACE_CODE_BYTES];
	char folded[PLACE_NAME_BYTES];
	bool is_part; /* of the commune, not all of it */
};

struct search {
	struct known *places;
	int count;
	json_t *codes;
};

static void keep_place(void *arg, const struct place *place)
{
	struct search *search = arg;
	struct known *known = &search->places[search->count];

	if (search->count == PLACES_MAX || place->closed_ms)
		return;
	memcpy(known->code, place->code, sizeof(known->code));
	csv_fold(place->name, known->folded, sizeof(known->folded));
	known->is_part = place->kind == PLACE_HAMLET || place->kind == PLACE_SUBUNIT;
	search->count++;
}

/* False: it is none of ours, or more than one has that name. */
static bool add_area(struct search *search, const char *area)
{
	const struct known *found = NULL;
	char folded[PLACE_NAME_BYTES];

	csv_fold(area, folded, sizeof(folded));
	for (int i = 0; folded[0] && i < search->count; i++) {
		const struct known *known = &search->places[i];

		if (!str_eq(known->folded, folded))
			continue;
		if (found)
			return false;
		found = known;
	}
	if (!found || !found->is_part || json_array_size(search->codes) == AUDIENCE_NAMES_MAX)
		return false;
	return json_array_append_new(search->codes, json_string(found->code)) == 0;
}

/* areas is cut to pieces. */
static bool add_areas(struct search *search, char *areas)
{
	char *rest = areas, *area;
	int count = 0;

	while ((area = strsep(&rest, ";,"))) {
		area += strspn(area, " ");
		if (!*area)
			continue;
		if (!add_area(search, area))
			return false;
		count++;
	}
	return count > 0;
}

static enum err write_audience(const struct search *search, struct buf *out)
{
	json_t *rule = json_pack("{s:O}", "places", search->codes);
	char *text = rule ? json_dumps(rule, JSON_COMPACT) : NULL;
	enum err err = text ? buf_adds(out, text) : ERR_NOMEM;

	free(text);
	json_decref(rule);
	return err;
}

enum err feed_audience(struct store *store, const char *areas, struct buf *out)
{
	struct search search = {
		.places = calloc(PLACES_MAX, sizeof(*search.places)), .codes = json_array()};
	char *pieces = strdup(areas);
	enum err err = ERR_NOMEM;

	if (search.places && search.codes && pieces)
		err = place_list(store, 0, PLACES_MAX, keep_place, &search);
	if (!err)
		err = add_areas(&search, pieces) ? write_audience(&search, out)
						 : buf_adds(out, EVERYBODY);
	free(pieces);
	free(search.places);
	json_decref(search.codes);
	return err;
}
