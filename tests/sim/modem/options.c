/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/modem/sim.h"

#include "daemon/base/str.h"

#include <limits.h>
#include <string.h>

enum kind { TEXT, NUMBER, SMALL, BORROWED, FLAG };

struct option_row {
	const char *name, *arg, *help;
	enum kind kind;
	size_t offset, bytes;
	int64_t min, max;
};

#define AT(field) offsetof(struct options, field)
#define TEXT_ROW(name, arg, field, help) \
	{ \
		name, arg, help, TEXT, AT(field), sizeof(((struct options *)0)->field), 0, 0 \
	}

static const struct option_row rows[] = {
	TEXT_ROW("--link", "PATH", link, "symlink to the pty, removed at exit"),
	TEXT_ROW(
		"--control", "SOCKET", control, "unix socket for requests, one JSON object a line"),
	TEXT_ROW("--log", "FILE", log, "append one JSON line for each event"),
	TEXT_ROW("--state", "FILE", state, "SIM slots and waiting messages survive in it"),
	TEXT_ROW("--maker", "NAME", maker, "what AT+CGMI says (default Binhyen)"),
	TEXT_ROW("--imei", "N", imei, "serial number of the modem"),
	TEXT_ROW("--imsi", "N", imsi, "subscriber of the SIM"),
	TEXT_ROW("--number", "MSISDN", number, "own number (default +84900000000)"),
	TEXT_ROW("--charsets", "LIST", charsets,
		"answer to AT+CSCS=?, e.g. \"GSM\",\"UCS2\" with quotes"),
	{"--slots", "N", "slots of SM (default 30)", SMALL, AT(slots), 0, 1, SIM_SLOTS_MAX},
	{"--me-slots", "N", "slots of ME (default 50; 0: no ME)", SMALL, AT(me_slots), 0, 0,
		SIM_SLOTS_MAX},
	{"--sr-slots", "N", "slots of SR (default 20; 0: no SR)", SMALL, AT(sr_slots), 0, 0,
		SIM_SLOTS_MAX},
	{"--first-slot", "N", "index of the first slot, 0 or 1 (default 1)", SMALL, AT(first_slot),
		0, 0, 1},
	{"--radio-ms", "N", "time on the air of a sent segment (default 0)", NUMBER, AT(radio_ms),
		0, 0, INT_MAX},
	{"--command-ms", "N", "time before a command is executed (default 0)", NUMBER,
		AT(command_ms), 0, 0, INT_MAX},
	{"--backlog-ms", "N", "from a freed slot to the next waiting message (default 5)", NUMBER,
		AT(backlog_ms), 0, 0, INT_MAX},
	{"--confirm-ms", "N", "wait for the confirmation of a direct report (default 15000)",
		NUMBER, AT(confirm_ms), 0, 1, INT_MAX},
	{"--retry-ms", "N", "until the network tries such a report again (default 60000)", NUMBER,
		AT(retry_ms), 0, 1, INT_MAX},
	{"--seed", "N", "of garbled answers, first references (default 1)", NUMBER, AT(seed), 0, 0,
		INT_MAX},
	{"--lifeline", NULL, "end when standard input ends", FLAG, AT(has_lifeline), 0, 0, 0},
	{"--do", "JSON", "client: send one request, print its answer", BORROWED, AT(request), 0, 0,
		0},
	{"--text", "TEXT", "client: a resident sends an SMS", BORROWED, AT(text), 0, 0, 0},
	{"--from", "SENDER", "client: his number (default +84900000012)", BORROWED, AT(from), 0, 0,
		0},
	{"--watch", NULL, "client: print what phones receive", FLAG, AT(is_watch), 0, 0, 0},
};

void options_help(void)
{
	printf("Usage: sim-modem --link PATH [--control SOCKET] [--log FILE] [OPTION...]\n"
	       "       sim-modem --control SOCKET --do JSON | --text TEXT [--from SENDER] | --watch\n\n"
	       "A GSM modem on a pseudo terminal with a mobile network behind it.\n\n");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char left[40];
		snprintf(left, sizeof(left), "%s %s", rows[i].name, rows[i].arg ? rows[i].arg : "");
		printf("  %-22s %s\n", left, rows[i].help);
	}
	printf("  %-22s %s\n", "--help", "show this");
}

static enum err store(struct options *o, const struct option_row *row, const char *value)
{
	char *at = (char *)o + row->offset;
	int64_t n;
	enum err err = ERR_OK;
	switch (row->kind) {
	case TEXT:
		return str_copy(at, row->bytes, value);
	case BORROWED:
		memcpy(at, &value, sizeof(value));
		return ERR_OK;
	case FLAG:
		*(bool *)(void *)at = true;
		return ERR_OK;
	case NUMBER:
	case SMALL:
		break;
	}
	err = str_to_int64(value, row->min, row->max, &n);
	if (err == ERR_OK && row->kind == NUMBER) {
		memcpy(at, &n, sizeof(n));
	} else if (err == ERR_OK) {
		int small = (int)n;
		memcpy(at, &small, sizeof(small));
	}
	return err;
}

static const struct option_row *row_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (str_eq(name, rows[i].name))
			return &rows[i];
	}
	return NULL;
}

enum err options_parse(int argc, char **argv, struct options *ret_options, bool *ret_is_help)
{
	struct options o = {.maker = "Binhyen",
		.imei = "490154203237518",
		.imsi = "452990000000001",
		.number = "+84900000000",
		.smsc = "+84900009000",
		.charsets = "\"GSM\",\"IRA\",\"HEX\",\"UCS2\"",
		.slots = 30,
		.me_slots = 50,
		.sr_slots = 20,
		.first_slot = 1,
		.backlog_ms = 5,
		.confirm_ms = 15000,
		.retry_ms = 60000,
		.seed = 1};
	for (int i = 1; i < argc; i++) {
		if (str_eq(argv[i], "--help")) {
			*ret_is_help = true;
			return ERR_OK;
		}
		const struct option_row *row = row_of(argv[i]);
		if (!row || (row->arg && i + 1 == argc)) {
			fprintf(stderr, "sim-modem: %s: %s, see --help\n", argv[i],
				row ? "needs a value" : "unknown");
			return ERR_INVALID;
		}
		const char *value = row->arg ? argv[++i] : "";
		if (store(&o, row, value) != ERR_OK) {
			fprintf(stderr, "sim-modem: %s: not allowed here\n", row->name);
			return ERR_INVALID;
		}
	}
	bool is_client = o.request || o.text || o.is_watch;
	if (is_client ? !o.control[0] : !o.link[0]) {
		fprintf(stderr, "sim-modem: %s is missing, see --help\n",
			is_client ? "--control" : "--link");
		return ERR_INVALID;
	}
	*ret_is_help = false;
	*ret_options = o;
	return ERR_OK;
}
