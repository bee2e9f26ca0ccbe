/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ready words for answers: the phrases "answer_STATE_NAME". "answer_open_ask" is the template "ask"
 * for a report that is open. */
#include "daemon/desk/desk_private.h"

#include <string.h>

static bool template_of(const char *key, struct desk_answer_template *ret_template)
{
	static const char prefix[] = "answer_";
	const char *state = key + strlen(prefix), *name;

	if (!str_starts(key, prefix))
		return false;
	name = strchr(state, '_');
	if (!name)
		return false;
	*ret_template = (struct desk_answer_template){.has_text = false};
	snprintf(ret_template->name, sizeof(ret_template->name), "%s", name + 1);
	snprintf(ret_template->state, sizeof(ret_template->state), "%.*s", (int)(name - state),
		state);
	return true;
}

/* A field that stands for itself shows where it is. */
static enum err template_words(
	const char *key, struct desk_answer_template *template, struct buf *out)
{
	const struct phrase_field fields[] = {
		{"number", "{number}"}, {"text", "{text}"}, {NULL, NULL}};
	enum err err;

	buf_init(out, OUTBOX_BODY_MAX);
	err = phrase(key, PHRASE_FULL, fields, out);
	template->words = buf_text(out);
	template->has_text = strstr(template->words, "{text}") != NULL;
	return err;
}

enum err desk_answer_templates(desk_template_fn fn, void *arg)
{
	struct desk_answer_template template;
	const char *key;

	for (size_t i = 0; (key = phrase_key(i)); i++) {
		CLEAN_BUF words = {0};
		enum err err;

		if (!template_of(key, &template))
			continue;
		err = template_words(key, &template, &words);
		if (err)
			return err;
		fn(arg, &template);
	}
	return ERR_OK;
}

enum err desk_find_template(
	const char *name, const char **ret_key, bool *ret_has_text, struct errbuf *eb)
{
	struct desk_answer_template template;
	const char *key;

	for (size_t i = 0; (key = phrase_key(i)); i++) {
		CLEAN_BUF words = {0};
		enum err err;

		if (!template_of(key, &template) || !str_eq(template.name, name))
			continue;
		err = template_words(key, &template, &words);
		*ret_key = key;
		*ret_has_text = template.has_text;
		return err;
	}
	return errbuf_set(eb, ERR_NOT_FOUND,
		"there is no answer template %.31s; see binhyenctl templates", name);
}
