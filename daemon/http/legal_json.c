/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Regimes, the calendar, and what of a report the law asks, as JSON. */
#include "daemon/http/legal_json.h"

#include "daemon/base/date.h"
#include "daemon/base/str.h"
#include "store/legal_time.h"

#define BODY_MAX (256 * 1024) /* a file of regimes is no longer */

static json_t *json_day(int64_t day)
{
	char text[DATE_BYTES];

	if (day == INT64_MAX)
		return json_null();
	date_format(day, text);
	return json_string(text);
}

static json_t *json_roles(unsigned roles)
{
	json_t *list = json_array();

	for (int i = 0; i < REGIME_ROLES; i++) {
		if (roles & 1u << i)
			json_array_append_new(
				list, json_string(regime_role_text((enum regime_role)i)));
	}
	return list;
}

static json_t *json_term(const struct term *term)
{
	char text[TERM_BYTES];

	term_format(term, text);
	return json_string(text);
}

static json_t *json_extension(const struct regime_extension *e)
{
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:b, s:i, s:i, s:s, s:b}", "code", e->code,
		"name", e->name, "granted_by", e->granted_by, "by", json_roles(e->roles), "limit",
		json_term(&e->term), "is_total", (int)e->is_total, "first", e->first, "last",
		e->last, "source", e->source, "is_confirmed", (int)e->is_confirmed);
}

static json_t *json_regime_clock(const struct regime_clock *clock, bool is_remote)
{
	static const char *const whens[] = {"always", "urgent", "ordinary"};
	json_t *warnings = json_array(), *extensions = json_array();

	for (int i = 0; i < clock->warning_count; i++)
		json_array_append_new(warnings, json_term(&clock->warnings[i]));
	for (int i = 0; i < clock->extension_count; i++)
		json_array_append_new(extensions, json_extension(&clock->extensions[i]));
	return json_pack("{s:s, s:s, s:s, s:b, s:s, s:s, s:s, s:b, s:o, s:o, s:o, s:o}", "code",
		clock->code, "name", clock->name, "source", clock->source, "is_confirmed",
		(int)clock->is_confirmed, "starts", regime_moment_text(clock->starts), "when",
		whens[clock->when], "ends", regime_end_text(clock->ends), "is_watched",
		(int)clock->is_watched, "limit", json_term(regime_clock_limit(clock, is_remote)),
		"warn", warnings, "freeze", json_roles(clock->freeze_roles), "extensions",
		extensions);
}

static json_t *json_record(const struct regime *regime, bool is_remote)
{
	json_t *clocks = json_array();

	for (int i = 0; i < regime->clock_count; i++)
		json_array_append_new(clocks, json_regime_clock(&regime->clocks[i], is_remote));
	return json_pack("{s:o, s:o, s:s, s:b, s:s, s:s, s:o, s:o}", "from",
		json_day(regime->from_day), "to", json_day(regime->to_day), "source",
		regime->source, "is_confirmed", (int)regime->is_confirmed, "addressee",
		regime->addressee, "told", regime->told, "retention",
		json_pack("{s:s, s:o, s:o, s:s, s:b}", "class", regime->retention.class, "keep",
			json_term(&regime->retention.keep), "sender",
			json_term(&regime->retention.sender), "source", regime->retention.source,
			"is_confirmed", (int)regime->retention.is_confirmed),
		"clocks", clocks);
}

json_t *json_regimes(const struct law *law)
{
	json_t *classes = json_array();

	for (int i = 0; i < LEGAL_CLASS_COUNT; i++) {
		const struct regime_list *list = &law->classes[i];
		json_t *records = json_array();

		for (size_t j = 0; j < list->count; j++)
			json_array_append_new(
				records, json_record(&list->items[j], law->is_remote));
		json_array_append_new(
			classes, json_pack("{s:s, s:s, s:b, s:o}", "class",
					 legal_class_text((enum legal_class)i), "name",
					 list->count ? list->items[0].name : "", "is_own",
					 (int)law->is_own[i], "records", records));
	}
	return json_pack("{s:b, s:o}", "is_remote", (int)law->is_remote, "classes", classes);
}

json_t *json_calendar(const struct law *law)
{
	const struct calendar_entry *entry;
	json_t *days = json_array();

	for (size_t i = 0; (entry = calendar_entry(law->calendar, i)); i++)
		json_array_append_new(days,
			json_pack("{s:o, s:o, s:s, s:s, s:b, s:s}", "from", json_day(entry->from),
				"to", json_day(entry->to), "kind", entry->is_work ? "work" : "off",
				"name", entry->name, "is_confirmed", (int)entry->is_confirmed,
				"source", entry->source));
	return json_pack("{s:b, s:i, s:i, s:o}", "is_own", (int)law->is_own_calendar, "first_year",
		calendar_first_year(law->calendar), "last_year", calendar_last_year(law->calendar),
		"days", days);
}

/* Name and article, as they were when the clock began. */
static enum err read_record(struct store *store, int64_t regime_id, struct regime *ret_regime)
{
	CLEAN_BUF body = {0};
	enum err err;

	buf_init(&body, BODY_MAX);
	err = regime_record_body(store, regime_id, &body);
	return err ? err : regime_parse_body(buf_text(&body), ret_regime);
}

json_t *json_clock(struct http_request *req, const struct report_clock *clock, int64_t now_ms)
{
	struct store *store = req->http->options.store;
	bool is_open = clock->state == CLOCK_STATE_RUNNING || clock->state == CLOCK_STATE_FROZEN;
	bool is_late = clock->state == CLOCK_STATE_LATE ||
		       (clock->state == CLOCK_STATE_RUNNING && clock->due_ms < now_ms);
	const struct regime_clock *def;
	struct regime regime = {0};
	json_t *object;

	if (read_record(store, clock->regime_id, &regime))
		return NULL;
	def = regime_clock_find(&regime, clock->code);
	object = json_pack("{s:o, s:o, s:s, s:s, s:s, s:s, s:b, s:s, s:b, s:b}", "id",
		json_id(req, READING_CLOCK, clock->id), "report",
		json_report_name(req, clock->report_id), "class", legal_class_text(regime.class),
		"code", clock->code, "name", def ? def->name : "", "source", def ? def->source : "",
		"is_confirmed", (int)(def && def->is_confirmed), "state",
		clock_state_text(clock->state), "is_late", (int)is_late, "is_watched",
		(int)clock->is_watched);
	regime_done(&regime);
	if (!object)
		return NULL;
	json_object_set_new(object, "started", json_time(clock->started_ms));
	json_object_set_new(object, "due", json_time(clock->due_ms));
	json_object_set_new(object, "left_s",
		is_open ? json_integer((clock->due_ms - now_ms) / SECOND_MS) : json_null());
	json_object_set_new(object, "certainty", json_string(clock->certainty));
	json_object_set_new(object, "extensions", json_integer(clock->stage));
	json_object_set_new(object, "frozen", json_time(clock->frozen_ms));
	json_object_set_new(object, "ended", json_time(clock->ended_ms));
	json_object_set_new(object, "ended_by", json_string(clock->ended_by));
	return object;
}

/* What the callbacks of one report gather; JSON is made when no statement runs any more. */
#define GATHER_MAX DESK_CLOCKS_MAX
struct gathered {
	struct report_clock clocks[GATHER_MAX];
	int clock_count;
	json_t *decisions, *outcomes;
};

static void gather_clock(void *arg, const struct report_clock *clock)
{
	struct gathered *all = arg;

	if (all->clock_count < GATHER_MAX)
		all->clocks[all->clock_count++] = *clock;
}

static void gather_class(void *arg, const struct report_class *class)
{
	struct gathered *all = arg;

	json_array_append_new(
		all->decisions, json_pack("{s:s, s:b, s:s, s:o, s:s}", "class", class->class,
					"is_urgent", (int)class->is_urgent, "by", class->actor,
					"at", json_time(class->at_ms), "trust", class->trust));
}

static void gather_outcome(void *arg, const struct report_outcome *outcome)
{
	struct gathered *all = arg;

	json_array_append_new(all->outcomes,
		json_pack("{s:s, s:s, s:s, s:o, s:s}", "kind", report_outcome_text(outcome->kind),
			"addressee", outcome->addressee, "receipt", outcome->receipt, "at",
			json_time(outcome->at_ms), "by", outcome->actor));
}

static json_t *json_moments(struct store *store, int64_t report_id)
{
	json_t *list = json_array();

	for (int i = 0; i < REGIME_MOMENTS; i++) {
		const char *word = regime_moment_text((enum regime_moment)i);
		struct report_moment moment;

		if (report_moment_load(store, report_id, word, &moment) == ERR_OK)
			json_array_append_new(list,
				json_pack("{s:s, s:o, s:o, s:o, s:s, s:b}", "moment", word, "at",
					json_time(moment.at_ms), "clock", json_time(moment.box_ms),
					"stamp", json_time(moment.stamp_ms), "trust", moment.trust,
					"is_settled", (int)moment.is_settled));
	}
	return list;
}

json_t *json_report_law(struct http_request *req, const struct report *report, int64_t now_ms)
{
	struct store *store = req->http->options.store;
	struct gathered *all = calloc(1, sizeof(*all));
	struct report_class class = {0};
	json_t *clocks = json_array(), *object = NULL;
	enum err err = all ? ERR_OK : ERR_NOMEM;

	if (all) {
		all->decisions = json_array();
		all->outcomes = json_array();
		err = report_clock_of(store, report->id, gather_clock, all);
	}
	if (!err)
		err = report_class_list(store, report->id, gather_class, all);
	if (!err)
		err = report_outcome_list(store, report->id, gather_outcome, all);
	for (int i = 0; !err && i < all->clock_count; i++)
		json_array_append_new(clocks, json_clock(req, &all->clocks[i], now_ms));
	if (!err && report_class_load(store, report->id, &class) == ERR_NOT_FOUND)
		class.class[0] = 0;
	if (!err)
		object = json_pack("{s:o, s:o, s:b, s:O, s:O, s:o, s:O}", "report",
			json_report_named(report), "class",
			class.class[0] ? json_string(class.class) : json_null(), "is_urgent",
			(int)class.is_urgent, "decisions", all->decisions, "clocks", clocks,
			"moments", json_moments(store, report->id), "outcomes", all->outcomes);
	json_decref(clocks);
	if (all) {
		json_decref(all->decisions);
		json_decref(all->outcomes);
	}
	free(all);
	return object;
}
