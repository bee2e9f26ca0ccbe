/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/law.h"

#include "config/folder.h"
#include "config/json_read.h"
#include "config/law_builtin.h"

#include <stdlib.h>

static enum err load_calendar(struct law *law, const char *path, struct errbuf *eb)
{
	CLEAN_BUF text = {0};
	enum err err;

	if (!path[0])
		return calendar_parse(law_calendar_vn, law_calendar_vn_bytes,
			"the calendar that ships", &law->calendar, eb);
	buf_init(&text, JSON_READ_FILE_MAX);
	err = json_read_file(path, &text, eb);
	if (!err)
		err = calendar_parse(buf_text(&text), text.len, path, &law->calendar, eb);
	law->is_own_calendar = !err;
	return err;
}

static enum err load_builtin(struct law *law, struct errbuf *eb)
{
	for (size_t i = 0; i < law_builtin_count; i++) {
		const struct builtin_file *file = &law_builtins[i];
		struct regime_list list;
		enum err err = regime_parse(file->text, *file->bytes, file->name, &list, eb);

		if (err)
			return err;
		law->classes[list.items[0].class] = list;
	}
	return ERR_OK;
}

static enum err load_file(void *arg, const char *path, struct errbuf *eb)
{
	struct law *law = arg;
	struct regime_list list;
	CLEAN_BUF text = {0};
	enum legal_class class;
	enum err err;

	buf_init(&text, JSON_READ_FILE_MAX);
	err = json_read_file(path, &text, eb);
	if (!err)
		err = regime_parse(buf_text(&text), text.len, path, &list, eb);
	if (err)
		return err;
	class = list.items[0].class;
	if (law->is_own[class]) {
		regime_list_free(&list);
		return errbuf_set(eb, ERR_CONFIG,
			"%.200s: class: another file of the directory has the class %s too; put all its records into one",
			path, legal_class_text(class));
	}
	regime_list_free(&law->classes[class]);
	law->classes[class] = list;
	law->is_own[class] = true;
	return ERR_OK;
}

enum err law_load(const struct law_options *options, struct law **ret_law, struct errbuf *eb)
{
	struct law *law = calloc(1, sizeof(*law));
	enum err err;

	if (!law)
		return ERR_NOMEM;
	law->is_remote = options->is_remote;
	err = load_calendar(law, options->calendar_file, eb);
	if (!err)
		err = load_builtin(law, eb);
	if (!err && options->regimes_directory[0])
		err = folder_each_json(options->regimes_directory, load_file, law, eb);
	if (err) {
		law_free(law);
		return err;
	}
	*ret_law = law;
	return ERR_OK;
}

void law_free(struct law *law)
{
	if (!law)
		return;
	calendar_free(law->calendar);
	for (int i = 0; i < LEGAL_CLASS_COUNT; i++)
		regime_list_free(&law->classes[i]);
	free(law);
}

const struct regime *law_regime(const struct law *law, enum legal_class class, int64_t day)
{
	const struct regime_list *list = &law->classes[class];

	for (size_t i = list->count; i-- > 0;) {
		if (list->items[i].from_day <= day && day <= list->items[i].to_day)
			return &list->items[i];
	}
	return NULL;
}
