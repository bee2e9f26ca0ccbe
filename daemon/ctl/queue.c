/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about the machine as a whole, and what came in and goes out. */
#include "daemon/base/str.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

static enum exit_code prepare_status(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/status");
	return EXIT_DONE;
}

static enum exit_code prepare_inbox(struct ctl *ctl)
{
	return prepare_list(ctl, "inbox");
}

static enum exit_code prepare_outbox(struct ctl *ctl)
{
	return prepare_list(ctl, "outbox");
}

static enum exit_code prepare_settle(struct ctl *ctl)
{
	int64_t id;

	if (str_to_int64(ctl->subject, 1, INT64_MAX, &id) != ERR_OK)
		return usage_error("ID is the number of a message, as binhyenctl outbox shows it");
	if (!str_eq(ctl->text, "sent") && !str_eq(ctl->text, "failed") &&
		!str_eq(ctl->text, "again"))
		return usage_error("a message is settled as sent, failed or again");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/outbox/%lld/settle", (long long)id);
	ctl->has_body = true;
	if (buf_addf(&ctl->body, "{\"as\":\"%s\"}", ctl->text) != ERR_OK)
		return usage_error("out of memory");
	return EXIT_DONE;
}

const struct command queue_commands[] = {
	{"status", "", "what works, what does not, and what to do", 0, false, prepare_status,
		show_status},
	{"inbox", "", "messages that came in", 0, true, prepare_inbox, show_inbox},
	{"outbox ID settle", " HOW", "what became of one in doubt: sent, failed, again", 1, false,
		prepare_settle, show_settled},
	{"outbox", "", "messages that have to leave or have left", 0, true, prepare_outbox,
		show_outbox},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
