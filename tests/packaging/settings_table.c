/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the table of settings, a line each, for the test that compares binhyen.json(5) with it. */
#include "config/config.h"

#include <stdio.h>

int main(void)
{
	size_t count;
	const struct config_setting *settings = config_settings(&count);

	for (size_t i = 0; i < count; i++)
		printf("%s\t%s\t%s\t%s\t%s\n", settings[i].path, settings[i].type,
			settings[i].default_text, settings[i].allowed, settings[i].meaning);
	return 0;
}
