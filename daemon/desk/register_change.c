/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an event says of a change, in the words of the sheet. */
#include "daemon/base/str.h"
#include "daemon/desk/register_private.h"

#include <jansson.h>

/* How a member of an event's data is printed. What has no row is the program's own: a number of a
 * message, or of the report itself. */
enum show { SHOW_WORDS, SHOW_PLACE, SHOW_OFFICER, SHOW_REPORT };

static const struct member {
	const char *name;
	enum show show;
	const char *group; /* of the phrases of its codes */
} members[] = {
	{"category", SHOW_WORDS, "category"},
	{"urgency", SHOW_WORDS, "urgency"},
	{"hamlet", SHOW_PLACE, NULL},
	{"officer", SHOW_OFFICER, NULL},
	{"class", SHOW_WORDS, "legal"},
	{"main", SHOW_REPORT, NULL},
	{"other", SHOW_REPORT, NULL},
};

/* "code" is of another kind in each of the events that have one. */
static const char *code_group(const char *kind)
{
	if (str_eq(kind, "report.outcome"))
		return "outcome";
	return str_eq(kind, "report.moment") ? "moment" : "urgency";
}

static enum err show(
	struct desk *desk, const struct member *member, const json_t *value, struct buf *out)
{
	const char *code = json_string_value(value);
	int64_t number = json_integer_value(value);

	switch (member->show) {
	case SHOW_WORDS:
		return code ? register_words(member->group, code, out) : ERR_OK;
	case SHOW_PLACE:
		return code && *code ? register_place(desk, code, out)
				     : register_words("register", "no_place", out);
	case SHOW_OFFICER:
		return number ? register_officer(desk, number, out)
			      : register_words("register", "nobody", out);
	case SHOW_REPORT:
		break;
	}
	return buf_addf(out, "số %lld", (long long)number);
}

static enum err add(
	struct desk *desk, const struct member *member, const json_t *data, struct buf *out)
{
	const json_t *value = json_object_get(data, member->name);
	const char *code = json_string_value(value);
	enum err err;

	/* An empty word says nothing, but where it is of a place. */
	if (!value || (code && !*code && member->show != SHOW_PLACE))
		return ERR_OK;
	err = out->len ? buf_adds(out, ", ") : ERR_OK;
	return err ? err : show(desk, member, value, out);
}

enum err register_change_detail(
	struct desk *desk, const char *kind, const char *data, struct buf *out)
{
	const struct member code = {"code", SHOW_WORDS, code_group(kind)};
	json_t *object = json_loads(data, 0, NULL);
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < ARRAY_LEN(members); i++)
		err = add(desk, &members[i], object, out);
	if (!err)
		err = add(desk, &code, object, out);
	json_decref(object);
	return err;
}
