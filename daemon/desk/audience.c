/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/audience.h"

#include "daemon/desk/desk_private.h"
#include "gateway/sms_text.h"
#include "store/event.h"
#include "store/place.h"
#include "store/resident.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define AUDIENCE_HELP \
	"an audience is {\"all\": true}, or some of \"places\", \"kinds\", \"lists\", narrowed by " \
	"\"roles\" and \"not_on_zalo\", or {\"reached\": NUMBER}"

/* ---- reading ---------------------------------------------------------------------------------
 */

enum name_kind { NAME_PLACE, NAME_KIND, NAME_ROLE, NAME_LIST, NAME_KINDS };
static const char *const name_keys[NAME_KINDS] = {
	ERR_WORD("places"), ERR_WORD("kinds"), ERR_WORD("roles"), ERR_WORD("lists")};

struct reader {
	struct desk *desk;
	struct errbuf *eb;
	const char *names[NAME_KINDS][AUDIENCE_NAMES_MAX]; /* borrowed */
	int counts[NAME_KINDS];
	bool is_all, not_on_zalo;
	int64_t reached;
	json_t *rules[AUDIENCE_NAMES_MAX + 1]; /* what the names point into */
	int rule_count;
};

static bool is_role(const char *role)
{
	size_t len = strlen(role);

	return len && len < RESIDENT_ROLE_BYTES &&
	       strspn(role, "abcdefghijklmnopqrstuvwxyz_") == len;
}

static enum err read_rule(struct reader *r, const char *json, bool is_saved);

/* A saved rule comes in place of its name; *ret_is_people false then. */
static enum err read_saved(struct reader *r, const char *code, bool is_saved, bool *ret_is_people)
{
	struct audience *saved = calloc(1, sizeof(*saved));
	enum err err = saved ? audience_find(r->desk->store, code, saved) : ERR_NOMEM;

	if (err == ERR_NOT_FOUND)
		errbuf_set(r->eb, err, "there is no saved audience \"%.31s\"", code);
	if (!err && saved->rule[0] && is_saved)
		err = errbuf_set(r->eb, ERR_INVALID,
			"a saved rule names lists of people, not another rule (\"%.31s\")", code);
	if (!err) {
		*ret_is_people = !saved->rule[0];
		if (saved->rule[0])
			err = read_rule(r, saved->rule, true);
	}
	free(saved);
	return err;
}

static enum err check_name(
	struct reader *r, enum name_kind kind, const char *name, bool is_saved, bool *ret_is_kept)
{
	enum place_kind place_kind;
	struct place place;
	enum err err;

	*ret_is_kept = true;
	switch (kind) {
	case NAME_PLACE:
		err = place_find_open(r->desk->store, name, &place);
		return err == ERR_NOT_FOUND
			       ? errbuf_set(r->eb, err,
					 "there is no place \"%.31s\"; see binhyenctl places", name)
			       : err;
	case NAME_KIND:
		return place_kind_of(name, &place_kind)
			       ? errbuf_set(r->eb, ERR_INVALID,
					 "\"%.31s\" is no kind of place: hamlet, subunit, "
					 "committee, agency, school, enterprise, commune",
					 name)
			       : ERR_OK;
	case NAME_ROLE:
		return is_role(name) ? ERR_OK
				     : errbuf_set(r->eb, ERR_INVALID,
					       "a role has 1 to %d of a-z and _: head, member",
					       RESIDENT_ROLE_BYTES - 1);
	default:
		return read_saved(r, name, is_saved, ret_is_kept);
	}
}

static enum err add_name(struct reader *r, enum name_kind kind, const char *name)
{
	for (int i = 0; i < r->counts[kind]; i++) {
		if (str_eq(r->names[kind][i], name))
			return ERR_OK;
	}
	if (r->counts[kind] == AUDIENCE_NAMES_MAX)
		return errbuf_set(r->eb, ERR_TOO_BIG, "more than %d %s in one audience",
			AUDIENCE_NAMES_MAX, name_keys[kind]);
	r->names[kind][r->counts[kind]++] = name;
	return ERR_OK;
}

static enum err read_names(
	struct reader *r, enum name_kind kind, const json_t *names, bool is_saved)
{
	enum err err = ERR_OK;

	if (!json_is_array(names))
		return errbuf_set(r->eb, ERR_INVALID, "\"%s\" must be a list; %s", name_keys[kind],
			AUDIENCE_HELP);
	if (json_array_size(names) > AUDIENCE_NAMES_MAX)
		return errbuf_set(r->eb, ERR_TOO_BIG, "more than %d %s in one audience",
			AUDIENCE_NAMES_MAX, name_keys[kind]);
	for (size_t i = 0; !err && i < json_array_size(names); i++) {
		const char *name = json_string_value(json_array_get(names, i));
		bool is_kept;

		if (!name)
			return errbuf_set(r->eb, ERR_INVALID, "\"%s\" must be a list of words",
				name_keys[kind]);
		err = check_name(r, kind, name, is_saved, &is_kept);
		if (!err && is_kept)
			err = add_name(r, kind, name);
	}
	return err;
}

static enum err read_member(struct reader *r, const char *key, const json_t *value, bool is_saved)
{
	struct bulletin bulletin;
	enum err err;

	for (int k = 0; k < NAME_KINDS; k++) {
		if (str_eq(key, name_keys[k]))
			return read_names(r, (enum name_kind)k, value, is_saved);
	}
	if ((str_eq(key, "all") || str_eq(key, "not_on_zalo")) && json_is_boolean(value)) {
		if (str_eq(key, "all"))
			r->is_all |= json_is_true(value);
		else
			r->not_on_zalo |= json_is_true(value);
		return ERR_OK;
	}
	if (!str_eq(key, "reached") || !json_is_integer(value) || is_saved)
		return errbuf_set(
			r->eb, ERR_INVALID, "\"%.20s\" is wrong here; %s", key, AUDIENCE_HELP);
	r->reached = json_integer_value(value);
	err = bulletin_load(r->desk->store, r->reached, &bulletin);
	return err == ERR_NOT_FOUND
		       ? errbuf_set(r->eb, err, "there is no bulletin %lld", (long long)r->reached)
		       : err;
}

static enum err read_rule(struct reader *r, const char *json, bool is_saved)
{
	json_t *rule = json_loads(json, JSON_REJECT_DUPLICATES, NULL), *value;
	const char *key;
	enum err err = ERR_OK;

	if (rule && r->rule_count <= AUDIENCE_NAMES_MAX)
		r->rules[r->rule_count++] = rule;
	else
		json_decref(rule);
	if (!json_is_object(rule))
		return errbuf_set(r->eb, ERR_INVALID, AUDIENCE_HELP);
	json_object_foreach (rule, key, value) {
		err = read_member(r, key, value, is_saved);
		if (err)
			break;
	}
	return err;
}

static enum err check_whole(const struct reader *r)
{
	bool has_base = r->is_all || r->counts[NAME_PLACE] || r->counts[NAME_KIND];

	if (r->reached && (has_base || r->counts[NAME_LIST] || r->counts[NAME_ROLE]))
		return errbuf_set(r->eb, ERR_INVALID,
			"whom another bulletin reached is an audience of its own");
	if (!r->reached && !has_base && !r->counts[NAME_LIST])
		return errbuf_set(r->eb, ERR_INVALID, "the audience is empty; %s", AUDIENCE_HELP);
	if (r->counts[NAME_ROLE] && !has_base)
		return errbuf_set(r->eb, ERR_INVALID,
			"roles are of places: add \"all\", \"places\" or \"kinds\"");
	return ERR_OK;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Nothing to choose from beside "all": it has the other places in it. */
static enum err write_rule(struct reader *r, struct buf *out)
{
	json_t *rule = json_object();
	char *text;
	enum err err;

	if (r->is_all)
		json_object_set_new(rule, "all", json_true());
	if (r->not_on_zalo)
		json_object_set_new(rule, "not_on_zalo", json_true());
	if (r->reached)
		json_object_set_new(rule, "reached", json_integer(r->reached));
	for (int k = 0; k < NAME_KINDS; k++) {
		json_t *names = json_array();

		qsort(r->names[k], (size_t)r->counts[k], sizeof(r->names[k][0]), compare);
		for (int i = 0; i < r->counts[k]; i++)
			json_array_append_new(names, json_string(r->names[k][i]));
		if (!r->counts[k] || (r->is_all && (k == NAME_PLACE || k == NAME_KIND)))
			json_decref(names);
		else
			json_object_set_new(rule, name_keys[k], names);
	}
	text = json_dumps(rule, JSON_COMPACT | JSON_SORT_KEYS);
	err = text ? buf_adds(out, text) : ERR_NOMEM;
	free(text);
	json_decref(rule);
	return err;
}

enum err desk_audience_read(struct desk *desk, const char *json, struct buf *out, struct errbuf *eb)
{
	struct reader *r = calloc(1, sizeof(*r));
	enum err err;

	if (!r)
		return ERR_NOMEM;
	r->desk = desk;
	r->eb = eb;
	err = read_rule(r, json, false);
	if (!err)
		err = check_whole(r);
	if (!err)
		err = write_rule(r, out);
	for (int i = 0; i < r->rule_count; i++)
		json_decref(r->rules[i]);
	free(r);
	return err;
}

enum err desk_audience_draw(struct desk *desk, const struct bulletin *bulletin,
	struct audience_counts *ret_counts, struct errbuf *eb)
{
	CLEAN_BUF rule = {0};
	enum err err;

	buf_init(&rule, BULLETIN_AUDIENCE_MAX + 1);
	err = bulletin_audience(desk->store, bulletin, &rule);
	if (!err)
		err = audience_draw(desk->store,
			&(struct audience_drawing){.rule = buf_text(&rule),
				.topic = bulletin->category,
				.to_refusers = bulletin->to_refusers,
				.heads_only = bulletin->is_drill},
			ret_counts);
	return err == ERR_NOT_FOUND
		       ? errbuf_set(eb, ERR_STATE,
				 "a place or a list of its audience is not there any more")
		       : err;
}

/* ---- saved audiences -------------------------------------------------------------------------
 */

static enum err note(struct desk *desk, const char *kind, const struct audience *audience,
	const struct desk_actor *actor)
{
	char data[64];

	snprintf(data, sizeof(data), "{\"code\":\"%s\"}", audience->code);
	return event_add(desk->store, kind, "", actor->name, data);
}

/* What is saved as a rule is in its canonical form, and names no other rule. */
static enum err take_rule(
	struct desk *desk, const char *rule, struct audience *audience, struct errbuf *eb)
{
	CLEAN_BUF canonical = {0};
	enum err err;

	audience->rule[0] = 0;
	if (!rule || !rule[0])
		return ERR_OK;
	buf_init(&canonical, AUDIENCE_RULE_BYTES);
	err = desk_audience_read(desk, rule, &canonical, eb);
	if (!err && strstr(buf_text(&canonical), "\"reached\""))
		return errbuf_set(eb, ERR_INVALID, "whom a bulletin reached can't be saved");
	if (!err)
		err = str_copy(audience->rule, sizeof(audience->rule), buf_text(&canonical));
	return err == ERR_TOO_BIG ? errbuf_set(eb, err, "the rule is too long") : err;
}

static enum err put(struct desk *desk, const char *code, const char *name, const char *rule,
	struct audience *audience, struct errbuf *eb)
{
	enum err err = audience_find(desk->store, code, audience);

	if (err == ERR_NOT_FOUND) {
		*audience = (struct audience){.id = 0};
		err = str_copy(audience->code, sizeof(audience->code), code);
		if (err)
			return errbuf_set(eb, ERR_INVALID, "the code has 1 to %d of a-z 0-9 -",
				AUDIENCE_CODE_BYTES - 1);
	}
	if (!err && desk_clean_name(name, audience->name, sizeof(audience->name)))
		return errbuf_set(eb, ERR_INVALID, "the name has 1 to %d bytes in one line",
			AUDIENCE_NAME_BYTES - 1);
	if (!err && rule && rule[0] && audience->members)
		return errbuf_set(eb, ERR_STATE,
			"it is a list of %lld people; a rule needs a code of its own",
			(long long)audience->members);
	if (!err && rule && rule[0] && str_eq(audience->code, BULLETIN_TRIAL_LIST))
		return errbuf_set(eb, ERR_INVALID,
			"\"" BULLETIN_TRIAL_LIST
			"\" is the test audience: a list of people, no rule");
	if (!err)
		err = take_rule(desk, rule, audience, eb);
	if (err)
		return err;
	err = audience_save(desk->store, audience, &audience->id);
	return err == ERR_INVALID ? errbuf_set(eb, err, "the code has 1 to %d of a-z 0-9 -",
					    AUDIENCE_CODE_BYTES - 1)
				  : err;
}

enum err desk_audience_put(struct desk *desk, const char *code, const char *name, const char *rule,
	const struct desk_actor *actor, struct audience *ret_audience, struct errbuf *eb)
{
	struct audience *audience = calloc(1, sizeof(*audience));
	enum err err = audience ? put(desk, code, name, rule, audience, eb) : ERR_NOMEM;

	if (!err)
		err = note(desk, "audience.saved", audience, actor);
	if (!err)
		err = audience_find(desk->store, audience->code, ret_audience);
	free(audience);
	return err;
}

static enum err find(
	struct desk *desk, const char *code, struct audience *ret_audience, struct errbuf *eb)
{
	enum err err = audience_find(desk->store, code, ret_audience);

	return err == ERR_NOT_FOUND
		       ? errbuf_set(eb, err, "there is no saved audience \"%.31s\"", code)
		       : err;
}

enum err desk_audience_remove(
	struct desk *desk, const char *code, const struct desk_actor *actor, struct errbuf *eb)
{
	struct audience *audience = calloc(1, sizeof(*audience));
	enum err err = audience ? find(desk, code, audience, eb) : ERR_NOMEM;

	if (!err)
		err = audience_remove(desk->store, audience->id);
	if (!err)
		err = note(desk, "audience.removed", audience, actor);
	free(audience);
	return err;
}

enum err desk_audience_member(
	struct desk *desk, const char *code, const char *phone, bool is_member, struct errbuf *eb)
{
	struct audience *audience = calloc(1, sizeof(*audience));
	char number[MSISDN_BYTES];
	int64_t resident_id;
	bool is_new;
	enum err err = audience ? find(desk, code, audience, eb) : ERR_NOMEM;

	if (!err && audience->rule[0])
		err = errbuf_set(eb, ERR_STATE, "\"%s\" is a rule, not a list of people", code);
	if (!err && msisdn_normalize(phone, number))
		err = errbuf_set(eb, ERR_INVALID, "the phone is no number of a mobile phone");
	if (!err) {
		err = resident_find(desk->store, number, &resident_id);
		if (err == ERR_NOT_FOUND)
			errbuf_set(eb, err, "nobody in the registry has this phone");
	}
	if (!err)
		err = is_member ? audience_join(desk->store, audience->id, resident_id, &is_new)
				: audience_leave(desk->store, audience->id, resident_id);
	free(audience);
	return err;
}
