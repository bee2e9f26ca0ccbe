/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For the test of the manual: the table of settings as JSON on stdout, or is FILE accepted? */
#include "config/config.h"

#include <jansson.h>

static int accepts(const char *path)
{
	struct config *config = NULL;
	struct errbuf eb = {0};

	if (config_load(path, &config, &eb)) {
		fprintf(stderr, "%s\n", eb.text);
		return 1;
	}
	config_free(config);
	return 0;
}

int main(int argc, char **argv)
{
	size_t count;
	const struct config_setting *settings = config_settings(&count);
	json_t *list;
	int failed = 0;

	if (argc == 2)
		return accepts(argv[1]);
	list = json_array();
	for (size_t i = 0; i < count; i++)
		failed |= json_array_append_new(list,
			json_pack("{ss ss ss ss ss}", "path", settings[i].path, "type",
				settings[i].type, "default", settings[i].default_text, "allowed",
				settings[i].allowed, "meaning", settings[i].meaning));
	failed |= json_dumpf(list, stdout, JSON_INDENT(2));
	json_decref(list);
	return failed != 0;
}
