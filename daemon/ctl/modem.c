/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about modems. */
#include "daemon/base/str.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

#include <string.h>

static enum exit_code modem_path(struct ctl *ctl, const char *suffix)
{
	if (ctl->subject[strspn(ctl->subject, "abcdefghijklmnopqrstuvwxyz0123456789-")] ||
		strlen(ctl->subject) > 23)
		return usage_error("NAME is that of a modem, modems[].name of the configuration");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/modems/%s%s", ctl->subject, suffix);
	return EXIT_DONE;
}

static enum exit_code prepare_modem_accept(struct ctl *ctl)
{
	enum exit_code code = modem_path(ctl, "/accept");

	return code == EXIT_DONE ? ctl_body(ctl, json_object()) : code;
}

static enum exit_code prepare_modems(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/modems");
	return EXIT_DONE;
}

static enum exit_code prepare_modem_ussd(struct ctl *ctl)
{
	size_t len = strlen(ctl->text);

	if (!len || len > 40 || strspn(ctl->text, "0123456789*#+") != len)
		return usage_error("CODE has 1 to 40 of 0-9 * # + (and is quoted in the shell)");
	ctl->has_body = true;
	if (buf_addf(&ctl->body, "{\"code\":\"%s\"}", ctl->text) != ERR_OK)
		return usage_error("out of memory");
	return modem_path(ctl, "/ussd");
}

static enum exit_code prepare_modem_journal(struct ctl *ctl)
{
	enum exit_code code = modem_path(ctl, "/journal");

	return code == EXIT_DONE ? ctl_body(ctl, json_object()) : code;
}

const struct command modem_commands[] = {
	{"modems", "", "signal, network, caps, balance and troubles of each modem", 0, false,
		prepare_modems, show_modems},
	{"modem NAME ussd", " CODE", "dial a USSD code and show the answer", 1, false,
		prepare_modem_ussd, show_ussd},
	{"modem NAME journal", "", "what the modem said last, without numbers and texts", 0, false,
		prepare_modem_journal, show_journal},
	{"modem NAME accept", "", "its new SIM or device is meant to be there", 0, false,
		prepare_modem_accept, show_modem_accepted},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
