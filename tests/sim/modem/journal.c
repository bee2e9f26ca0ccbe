/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The truth that tests compare with: each line is on its way to the disk before anything follows.
 */
#include "tests/sim/modem/sim.h"

#include <string.h>
#include <unistd.h>

void journal(struct sim *sim, const char *ev, json_t *fields)
{
	json_t *line = json_pack("{s:I,s:s}", "at_ms", (json_int_t)sim_wall_ms(), "ev", ev);
	if (fields) {
		json_object_update(line, fields);
		json_decref(fields);
	}
	if (sim->log_fd >= 0) {
		char *text = json_dumps(line, JSON_COMPACT | JSON_PRESERVE_ORDER);
		size_t len = strlen(text);
		text[len] = '\n'; /* in place of the NUL: one write, so that lines never mix */
		for (size_t off = 0; off <= len;) {
			ssize_t n = write(sim->log_fd, text + off, len + 1 - off);
			if (n <= 0)
				break;
			off += (size_t)n;
		}
		free(text);
	}
	control_show(sim, line);
	json_decref(line);
}
