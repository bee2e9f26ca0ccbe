/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about bulletins, saved audiences, and who wants none. */
#include "daemon/base/str.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

#include <string.h>

static enum exit_code bulletin_path(struct ctl *ctl, const char *suffix)
{
	int64_t id;

	if (str_to_int64(ctl->subject, 1, INT64_MAX, &id) != ERR_OK)
		return usage_error(
			"N is the number of a bulletin, as binhyenctl bulletins shows it");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/bulletins/%lld%s", (long long)id, suffix);
	return EXIT_DONE;
}

static enum exit_code prepare_bulletins(struct ctl *ctl)
{
	return prepare_list(ctl, "bulletins");
}

static enum exit_code prepare_categories(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/bulletin-categories");
	return EXIT_DONE;
}

static enum exit_code prepare_bulletin(struct ctl *ctl)
{
	return bulletin_path(ctl, "");
}

static enum exit_code prepare_bulletin_statistics(struct ctl *ctl)
{
	return bulletin_path(ctl, "/statistics");
}

/* ---- whom it is for --------------------------------------------------------------------------
 */

#define TO_HELP \
	"to= is all, or codes of places, kind:hamlet, role:head, list:CODE, not-on-zalo, reached:N, " \
	"with commas between"

static void add_word(json_t *rule, const char *key, const char *word, size_t len)
{
	json_t *list = json_object_get(rule, key);

	if (!list) {
		list = json_array();
		json_object_set_new(rule, key, list);
	}
	json_array_append_new(list, json_stringn(word, len));
}

static bool add_target(json_t *rule, const char *word, size_t len)
{
	static const struct {
		const char *prefix, *key;
	} lists[] = {
		{"place:", "places"}, {"kind:", "kinds"}, {"role:", "roles"}, {"list:", "lists"}};
	char number[20];
	int64_t id;

	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		size_t prefix = strlen(lists[i].prefix);

		if (len > prefix && strncmp(word, lists[i].prefix, prefix) == 0) {
			add_word(rule, lists[i].key, word + prefix, len - prefix);
			return true;
		}
	}
	if (len > 8 && len - 8 < sizeof(number) && strncmp(word, "reached:", 8) == 0) {
		memcpy(number, word + 8, len - 8);
		number[len - 8] = 0;
		json_object_set_new(rule, "reached",
			str_to_int64(number, 1, INT64_MAX, &id) ? json_null() : json_integer(id));
		return true;
	}
	if (len == 3 && strncmp(word, "all", 3) == 0)
		return json_object_set_new(rule, "all", json_true()) == 0;
	if (len == 11 && strncmp(word, "not-on-zalo", 11) == 0)
		return json_object_set_new(rule, "not_on_zalo", json_true()) == 0;
	if (!len || memchr(word, ':', len))
		return false;
	add_word(rule, "places", word, len);
	return true;
}

json_t *ctl_audience(const char *text)
{
	json_t *rule = json_object();

	for (;;) {
		size_t len = strcspn(text, ",");

		if (!add_target(rule, text, len)) {
			json_decref(rule);
			return NULL;
		}
		text += len;
		if (!*text)
			return rule;
		text++;
	}
}

/* ---- what it says ----------------------------------------------------------------------------
 */

/* "@FILE": what is in it, "@-" the standard input. */
static enum exit_code text_of(const char *value, json_t **ret_text)
{
	CLEAN_BUF text = {0};
	enum exit_code code;

	if (value[0] != '@') {
		*ret_text = json_string(value);
		return *ret_text ? EXIT_DONE : usage_error("a value is not UTF-8");
	}
	buf_init(&text, STDIN_MAX);
	code = str_eq(value, "@-") ? input_all(&text) : input_file(value + 1, &text);
	if (code != EXIT_DONE)
		return code;
	*ret_text = json_stringn(buf_text(&text), text.len);
	return *ret_text ? EXIT_DONE : usage_error("the file is not UTF-8");
}

static enum exit_code flag_of(const char *value, json_t **ret_flag)
{
	if (!str_eq(value, "yes") && !str_eq(value, "no"))
		return usage_error("drill= and to_refusers= are yes or no");
	*ret_flag = json_boolean(str_eq(value, "yes"));
	return EXIT_DONE;
}

static enum exit_code referred(json_t *body, const char *how, const char *value)
{
	int64_t id;

	if (str_to_int64(value, 1, INT64_MAX, &id) != ERR_OK)
		return usage_error("corrects= and recalls= take the number of a bulletin");
	json_object_set_new(body, "refers_to", json_integer(id));
	json_object_set_new(body, "refers_how", json_string(how));
	return EXIT_DONE;
}

static enum exit_code put_value(json_t *body, const char *name, const char *value)
{
	static const char *const texts[] = {"title", "text", "sms", "source"};
	static const char *const words[] = {
		"category", "urgency", "severity", "certainty", "from", "expires"};
	json_t *json = NULL;
	enum exit_code code = EXIT_DONE;

	if (str_eq(name, "corrects") || str_eq(name, "recalls"))
		return referred(body, name, value);
	for (size_t i = 0; !json && i < ARRAY_LEN(texts); i++) {
		if (str_eq(texts[i], name))
			code = text_of(value, &json);
		if (code != EXIT_DONE)
			return code;
	}
	for (size_t i = 0; !json && i < ARRAY_LEN(words); i++) {
		if (str_eq(words[i], name))
			json = json_string(value);
	}
	if (!json && (str_eq(name, "drill") || str_eq(name, "to_refusers")))
		code = flag_of(value, &json);
	else if (!json && str_eq(name, "to"))
		json = ctl_audience(value);
	if (code == EXIT_DONE && !json)
		return usage_error(
			str_eq(name, "to")
				? TO_HELP
				: "a bulletin is category=, title=, text=, sms=, source=, to=, urgency=, "
				  "severity=, certainty=, from=, expires=, drill=, to_refusers=, "
				  "corrects=, recalls=");
	if (code == EXIT_DONE)
		json_object_set_new(body, str_eq(name, "to") ? "audience" : name, json);
	return code;
}

static enum exit_code values_body(struct ctl *ctl)
{
	json_t *body = json_object();
	enum exit_code code = EXIT_DONE;

	for (int i = 0; code == EXIT_DONE && i < ctl->rest_count; i++) {
		char *sign = strchr(ctl->rest[i], '=');

		if (!sign) {
			code = usage_error("a value is given as NAME=VALUE");
			break;
		}
		*sign = 0;
		code = put_value(body, ctl->rest[i], sign + 1);
	}
	if (code == EXIT_DONE)
		return ctl_body(ctl, body);
	json_decref(body);
	return code;
}

static enum exit_code prepare_new(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/bulletins");
	return values_body(ctl);
}

static enum exit_code prepare_edit(struct ctl *ctl)
{
	enum exit_code code = bulletin_path(ctl, "");

	return code == EXIT_DONE ? values_body(ctl) : code;
}

static enum exit_code prepare_file_put(struct ctl *ctl)
{
	enum exit_code code = bulletin_path(ctl, "/file");

	return code == EXIT_DONE ? ctl_file_body(ctl, ctl->text) : code;
}

static enum exit_code prepare_file_save(struct ctl *ctl)
{
	return bulletin_path(ctl, "/file");
}

static enum exit_code prepare_file_drop(struct ctl *ctl)
{
	enum exit_code code = bulletin_path(ctl, "");

	return code == EXIT_DONE ? ctl_body(ctl, json_pack("{s:n}", "file")) : code;
}

/* ---- acts ------------------------------------------------------------------------------------
 */

static enum exit_code plain_act(struct ctl *ctl, const char *suffix)
{
	enum exit_code code = bulletin_path(ctl, suffix);

	return code == EXIT_DONE ? ctl_body(ctl, json_object()) : code;
}

static enum exit_code prepare_submit(struct ctl *ctl)
{
	return plain_act(ctl, "/submit");
}

static enum exit_code prepare_withdraw(struct ctl *ctl)
{
	return plain_act(ctl, "/withdraw");
}

static enum exit_code prepare_discard(struct ctl *ctl)
{
	return plain_act(ctl, "/discard");
}

static enum exit_code prepare_stop(struct ctl *ctl)
{
	return plain_act(ctl, "/stop");
}

static enum exit_code prepare_resume(struct ctl *ctl)
{
	return plain_act(ctl, "/resume");
}

static enum exit_code prepare_bulletin_preview(struct ctl *ctl)
{
	return bulletin_path(ctl, "/preview");
}

static enum exit_code prepare_bulletin_compare(struct ctl *ctl)
{
	enum exit_code code = bulletin_path(ctl, "/preview");

	return code == EXIT_DONE ? ctl_body(ctl, json_pack("{s:s}", "sms", ctl->text)) : code;
}

static enum exit_code prepare_follow(struct ctl *ctl)
{
	return bulletin_path(ctl, "/delivery");
}

static enum exit_code prepare_ledger(struct ctl *ctl)
{
	return bulletin_path(ctl, "/ledger");
}

static enum exit_code said_act(struct ctl *ctl, const char *suffix, const char *key)
{
	enum exit_code code = bulletin_path(ctl, suffix);

	return code == EXIT_DONE ? ctl_body(ctl, json_pack("{s:s}", key, ctl->text)) : code;
}

static enum exit_code prepare_review(struct ctl *ctl)
{
	return said_act(ctl, "/review", "note");
}

static enum exit_code prepare_recall(struct ctl *ctl)
{
	return said_act(ctl, "/recall", "reason");
}

/* NUMBER TEXT, or NUMBER alone where the text may be left out. */
static enum exit_code numbered_act(
	struct ctl *ctl, const char *suffix, const char *number_key, const char *text_key)
{
	bool needs_text = !str_eq(suffix, "/approve");
	enum exit_code code = bulletin_path(ctl, suffix);
	json_t *body;
	int64_t number;

	if (code != EXIT_DONE)
		return code;
	if (ctl->rest_count > 2 || (needs_text && ctl->rest_count < 2) ||
		str_to_int64(ctl->rest[0], 1, INT32_MAX, &number) != ERR_OK)
		return usage_error("a number is wanted, and a text in quotes");
	body = json_pack("{s:I}", number_key, (json_int_t)number);
	if (ctl->rest_count == 2)
		json_object_set_new(body, text_key, json_string(ctl->rest[1]));
	return ctl_body(ctl, body);
}

static enum exit_code prepare_answer(struct ctl *ctl)
{
	return numbered_act(ctl, "/answer", "finding", "reason");
}

static enum exit_code prepare_reject(struct ctl *ctl)
{
	return numbered_act(ctl, "/reject", "version", "reason");
}

static enum exit_code prepare_approve(struct ctl *ctl)
{
	return numbered_act(ctl, "/approve", "version", "note");
}

static enum exit_code prepare_alone(struct ctl *ctl)
{
	enum exit_code code = bulletin_path(ctl, "/approve");
	int64_t version;

	if (code == EXIT_DONE && (ctl->rest_count != 2 || str_to_int64(ctl->rest[0], 1, INT32_MAX,
								  &version) != ERR_OK))
		return usage_error("the version that was read, and a note in quotes, are wanted");
	return code == EXIT_DONE
		       ? ctl_body(ctl, json_pack("{s:I, s:b, s:s}", "version", (json_int_t)version,
					       "alone", 1, "note", ctl->rest[1]))
		       : code;
}

/* ---- audiences and refusals ------------------------------------------------------------------
 */

static enum exit_code audience_path(struct ctl *ctl, const char *suffix)
{
	size_t len = strlen(ctl->subject);

	if (!len || len > 31 ||
		strspn(ctl->subject, "abcdefghijklmnopqrstuvwxyz0123456789-") != len)
		return usage_error("CODE has 1 to 31 of a-z 0-9 -");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/audiences/%s%s", ctl->subject, suffix);
	return EXIT_DONE;
}

static enum exit_code prepare_audiences(struct ctl *ctl)
{
	return prepare_list(ctl, "audiences");
}

static enum exit_code prepare_audience(struct ctl *ctl)
{
	json_t *body = json_pack("{s:s, s:s}", "code", ctl->subject, "name", ctl->rest[0]);
	json_t *rule = NULL;

	if (ctl->rest_count == 2)
		rule = ctl_audience(ctl->rest[1]);
	if (ctl->rest_count > 2 || (ctl->rest_count == 2 && !rule)) {
		json_decref(body);
		return usage_error("an audience is CODE NAME [TO]; " TO_HELP);
	}
	if (rule)
		json_object_set_new(body, "rule", rule);
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/audiences");
	return ctl_body(ctl, body);
}

static enum exit_code members(struct ctl *ctl, const char *key)
{
	enum exit_code code = audience_path(ctl, "/members");
	json_t *phones = json_array();

	for (int i = 0; i < ctl->rest_count; i++)
		json_array_append_new(phones, json_string(ctl->rest[i]));
	if (code == EXIT_DONE)
		return ctl_body(ctl, json_pack("{s:o}", key, phones));
	json_decref(phones);
	return code;
}

static enum exit_code prepare_member_add(struct ctl *ctl)
{
	return members(ctl, "add");
}

static enum exit_code prepare_member_remove(struct ctl *ctl)
{
	return members(ctl, "remove");
}

static enum exit_code prepare_audience_delete(struct ctl *ctl)
{
	enum exit_code code = audience_path(ctl, "/remove");

	return code == EXIT_DONE ? ctl_body(ctl, json_object()) : code;
}

static enum exit_code prepare_refusals(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/refusals");
	return EXIT_DONE;
}

static enum exit_code prepare_refusal(struct ctl *ctl)
{
	int64_t topic = 0;

	if (ctl->rest_count < 2 || ctl->rest_count > 3 ||
		(ctl->rest_count == 3 && str_to_int64(ctl->rest[2], 0, 99, &topic) != ERR_OK))
		return usage_error(
			"WHAT is refuse, back, block or unblock; then PHONE and, if it is "
			"about one, the number of a topic");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/refusals");
	return ctl_body(ctl, json_pack("{s:s, s:s, s:I}", "do", ctl->rest[0], "phone", ctl->rest[1],
				     "topic", (json_int_t)topic));
}

const struct command bulletin_commands[] = {
	{"bulletins", "", "what is told to many: state, class, title", 0, true, prepare_bulletins,
		show_bulletins},
	{"bulletin categories", "", "what bulletins are about, and the digits that refuse them", 0,
		false, prepare_categories, show_bulletin_categories},
	{"bulletin new", " NAME=VALUE ...", "write one: category=, title=, text=, to=, ...",
		COMMAND_MANY, false, prepare_new, show_bulletin},
	{"bulletin N edit", " NAME=VALUE ...", "change it: it has to be approved again",
		COMMAND_MANY, false, prepare_edit, show_bulletin},
	{"bulletin N file", " FILE", "a picture or a PDF goes with it", 1, false, prepare_file_put,
		show_bulletin},
	{"bulletin N no-file", "", "none goes with it any more", 0, false, prepare_file_drop,
		show_bulletin},
	{"bulletin N save", " FILE", "save its picture or PDF; FILE \"-\" is standard output", 1,
		false, prepare_file_save, NULL},
	{"bulletin N screen", "", "what the screen found, and what was answered", 0, false,
		prepare_bulletin, show_bulletin_findings},
	{"bulletin N statistics", "", "whom it reached, by which way, how fast, at which cost", 0,
		false, prepare_bulletin_statistics, show_bulletin_statistics},
	{"bulletin N answer", " FINDING REASON", "why it may stand there", COMMAND_MANY, false,
		prepare_answer, show_bulletin_findings},
	{"bulletin N submit", "", "ask for approval", 0, false, prepare_submit, show_bulletin_done},
	{"bulletin N withdraw", "", "take it back before it is approved", 0, false,
		prepare_withdraw, show_bulletin_done},
	{"bulletin N approve", " VERSION [NOTE]", "approve what was read", COMMAND_MANY, false,
		prepare_approve, show_bulletin_done},
	{"bulletin N approve-alone", " VERSION NOTE", "the chief, an emergency of his own",
		COMMAND_MANY, false, prepare_alone, show_bulletin_done},
	{"bulletin N reject", " VERSION REASON", "back to who wrote it", COMMAND_MANY, false,
		prepare_reject, show_bulletin_done},
	{"bulletin N review", " NOTE", "a second person has looked at it", 1, false, prepare_review,
		show_bulletin_done},
	{"bulletin N stop", "", "nothing more of it goes out until it is resumed", 0, false,
		prepare_stop, show_bulletin_stopped},
	{"bulletin N resume", "", "what was stopped goes on", 0, false, prepare_resume,
		show_bulletin_resumed},
	{"bulletin N recall", " REASON", "nothing of it goes out any more", 1, false,
		prepare_recall, show_bulletin_done},
	{"bulletin N discard", "", "throw a draft away: its words are erased", 0, false,
		prepare_discard, show_bulletin_done},
	{"bulletin N preview", "", "what it would do: who, by which way, cost, time", 0, false,
		prepare_bulletin_preview, show_bulletin_preview},
	{"bulletin N compare", " SMS", "the same, if the text message were this one", 1, false,
		prepare_bulletin_compare, show_bulletin_preview},
	{"bulletin N follow", "", "how far it is", 0, false, prepare_follow, show_delivery},
	{"bulletin N ledger", "", "what became of each recipient", 0, false, prepare_ledger,
		show_ledger},
	{"bulletin N", "", "all of one, as it goes out", 0, false, prepare_bulletin, show_bulletin},
	{"audiences", "", "saved audiences", 0, true, prepare_audiences, show_audiences},
	{"audience CODE add", " PHONE ...", "put people of the registry on a list", COMMAND_MANY,
		false, prepare_member_add, show_audience_members},
	{"audience CODE remove", " PHONE ...", "take them off it", COMMAND_MANY, false,
		prepare_member_remove, show_audience_members},
	{"audience CODE delete", "", "forget it", 0, false, prepare_audience_delete,
		show_audience_removed},
	{"audience CODE", " NAME [TO]", "add or change one: a rule, or a list of people",
		COMMAND_MANY, false, prepare_audience, show_audience},
	{"refusals", "", "how many want no bulletins", 0, false, prepare_refusals, show_refusals},
	{"refusal", " WHAT PHONE [TOPIC]", "refuse, back, block, unblock", COMMAND_MANY, false,
		prepare_refusal, show_refusals},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
