/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a modem and its process said to each other last, for whoever wonders what it does. The
 * process takes numbers, PDUs and texts out before it keeps a line (gateway/at_ring.h); nothing of
 * it is kept here, and it is asked in any phase: most of all of a modem that does not work.
 */
#include "daemon/relay/modem_private.h"

#define JOURNAL_WAIT_MS	  (20 * SECOND_MS) /* a process that waits for its modem answers then */
#define JOURNAL_LINES_MAX 256

static int64_t mono_ms(void)
{
	return clock_mono_ms(clock_system());
}

static void journal_end(struct modem *modem, enum err err)
{
	struct modem_journal journal = modem->journal;
	json_t *answer = NULL;

	modem->journal = (struct modem_journal){0};
	if (!err)
		answer = json_pack("{s:s, s:s, s:s, s:O}", "modem", modem->config->name, "phase",
			modem_phase_text(modem->phase), "driver", modem->hello.driver, "lines",
			journal.lines);
	if (!err && !answer)
		err = ERR_NOMEM;
	if (journal.done)
		journal.done(journal.arg, err, answer);
	json_decref(answer);
	json_decref(journal.lines);
}

void modem_journal_line(struct modem *modem, const struct line_said *said)
{
	json_t *lines = modem->journal.lines;

	if (!lines)
		return;
	if (said->text[0] && json_array_size(lines) < JOURNAL_LINES_MAX)
		json_array_append_new(lines, json_string(said->text));
	if (!said->left)
		journal_end(modem, ERR_OK);
}

void modem_journal_lost(struct modem *modem)
{
	if (modem->journal.lines)
		journal_end(modem, ERR_MODEM);
}

void modem_journal_tick(struct modem *modem)
{
	if (modem->journal.lines && mono_ms() >= modem->journal.until_ms)
		journal_end(modem, ERR_TIMEOUT);
}

enum err modem_pool_journal(struct modem_pool *pool, const char *name, modem_journal_fn done,
	void *arg, struct errbuf *eb)
{
	struct modem *modem = modem_find(pool, name);

	if (!modem)
		return errbuf_set(eb, ERR_NOT_FOUND, "there is no modem %s", name);
	if (!modem->has_process || pool->is_closing)
		return errbuf_set(
			eb, ERR_STATE, "the process of modem %s is being started anew", name);
	if (modem->journal.lines)
		return errbuf_set(eb, ERR_BUSY, "somebody else reads the journal of %s", name);
	modem->journal = (struct modem_journal){.lines = json_array(),
		.done = done,
		.arg = arg,
		.until_ms = mono_ms() + JOURNAL_WAIT_MS};
	if (!modem->journal.lines)
		return ERR_NOMEM;
	modem_write(modem, &(struct line){.type = LINE_JOURNAL});
	return ERR_OK;
}

void modem_pool_journal_forget(struct modem_pool *pool, const void *arg)
{
	for (int i = 0; i < pool->count; i++) {
		if (pool->modems[i].journal.arg == arg)
			pool->modems[i].journal.done = NULL;
	}
}
