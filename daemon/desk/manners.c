/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What keeps the box from talking too much by itself. Everything is taken in, whatever happens
 * here, and a danger is answered whatever was said before.
 *
 *   - Two machines that answer one another would never end: after the same words DESK_SAME_MAX
 *     times in an hour their sender is not answered until the hour is over. Digits and single
 *     letters are answers to a menu, which are the same by nature and limited elsewhere.
 *   - Receipts are counted by number, by hamlet and over all, so that a flood costs no more than a
 *     modem can send.
 */
#include "daemon/desk/desk_private.h"
#include "daemon/desk/question.h"
#include "store/inbox.h"
#include "store/report_code.h"

#define SAME_LETTERS_MIN 4

/* The key is kept as a keyed hash: the words are nowhere. */
enum err desk_hear(struct desk *desk, int64_t party_id, const char *text)
{
	CLEAN_BUF key = {0};
	bool may = true;
	enum err err;

	desk->echo_id = 0;
	if (desk_letters(text) < SAME_LETTERS_MIN)
		return ERR_OK;
	buf_init(&key, INBOX_BODY_MAX + 64);
	err = buf_addf(&key, "same/%lld/%s", (long long)party_id, text);
	if (!err)
		err = desk_may_say(desk, buf_text(&key), DESK_SAME_MAX, &may);
	buf_wipe(&key);
	if (!err && !may)
		desk->echo_id = party_id;
	return err;
}

enum err desk_manners_tick(struct desk *desk)
{
	return code_guard_prune(desk->store, desk_now(desk) - DESK_GUARD_MS - DESK_SAID_WINDOW_MS);
}

bool desk_is_echo(const struct desk *desk, int64_t party_id)
{
	return desk->echo_id && desk->echo_id == party_id;
}

enum err desk_may_receipt(struct desk *desk, const struct report *report, bool *ret_may)
{
	char keys[3][sizeof(report->hamlet) + 32];
	const int most[] = {DESK_RECEIPTS_NUMBER, DESK_RECEIPTS_HAMLET, DESK_RECEIPTS_BOX};
	bool may = true;

	snprintf(keys[0], sizeof(keys[0]), "receipt/%lld", (long long)report->party_id);
	snprintf(keys[1], sizeof(keys[1]), "receipt/hamlet/%s", report->hamlet);
	snprintf(keys[2], sizeof(keys[2]), "receipt");
	for (int i = 0; i < 3 && may; i++) {
		enum err err;

		if (i == 1 && !report->hamlet[0])
			continue;
		err = desk_may_say(desk, keys[i], most[i], &may);
		if (err)
			return err;
	}
	*ret_may = may;
	return ERR_OK;
}
