/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Identity numbers within the words of a stay notice: sealed for the clerks as they come, with a
 * mark in their place until a clerk reads them. So neither a draft nor a conversation in the menu
 * holds one.
 */
#include "daemon/desk/desk_private.h"
#include "daemon/desk/stay_private.h"
#include "daemon/desk/stay_token.h"
#include "daemon/desk/stay_words.h"

#include <stdlib.h>
#include <string.h>

/* A number of a draft, and who can open it: those who will read the notice. */
static enum err seal_number(struct desk *desk, int64_t id, const char *digits, int *ret_number)
{
	struct keypair *pair = NULL;
	enum err err = stay_number_add(desk->store, id, digits, ret_number, &pair);

	if (!err && pair)
		err = stay_hand_on(desk, id, pair);
	keypair_free(pair);
	return err;
}

/* Over as many bytes as the digits took, which are twelve and more. */
static void put_mark(char *at, size_t bytes, int number)
{
	char mark[STAY_ID_DIGITS + 1];

	stay_mark(number, mark);
	memset(at, ' ', bytes);
	memcpy(at, mark, STAY_ID_DIGITS);
}

static enum err hide_token(
	struct desk *desk, int64_t id, char *text, const struct stay_token *token, int64_t today)
{
	int count = 0, number = 0;
	enum err err;

	if (stay_is_id(token->digits, today)) {
		err = seal_number(desk, id, token->digits, &number);
		if (err && err != ERR_TOO_BIG)
			return err;
	} else if (stay_mark_number(token->digits)) {
		/* Of one that was sealed before; anything else that looks like a mark is none. */
		err = stay_number_count(desk->store, id, &count);
		if (err)
			return err;
		number = stay_mark_number(token->digits);
		number = number <= count ? number : 0;
	} else {
		return ERR_OK;
	}
	put_mark(text + token->at, token->bytes, number);
	return ERR_OK;
}

enum err stay_hide(struct desk *desk, int64_t id, char *text, int64_t today)
{
	struct stay_tokens *tokens = calloc(1, sizeof(*tokens));
	enum err err = tokens ? ERR_OK : ERR_NOMEM;

	if (tokens)
		stay_tokens_read(text, tokens);
	for (size_t i = 0; !err && i < tokens->count; i++) {
		if (tokens->items[i].kind == STAY_ID)
			err = hide_token(desk, id, text, &tokens->items[i], today);
	}
	if (tokens)
		explicit_bzero(tokens, sizeof(*tokens));
	free(tokens);
	return err;
}

enum err stay_show(struct desk *desk, const struct keypair *pair, int64_t id, const char *words,
	struct buf *out)
{
	enum err err = ERR_OK;

	while (!err && *words) {
		size_t run = strspn(words, "0123456789");
		char digits[STAY_ID_DIGITS + 1] = "";

		if (run == STAY_ID_DIGITS)
			memcpy(digits, words, run);
		err = stay_mark_number(digits) ? stay_number_open(desk->store, pair, id,
							 stay_mark_number(digits), out)
					       : ERR_NOT_FOUND;
		run = run ? run : strcspn(words, "0123456789");
		if (err == ERR_NOT_FOUND)
			err = buf_add(out, words, run);
		words += run;
	}
	return err;
}

enum err desk_stay_number(
	struct desk *desk, int64_t party_id, const char *digits, char ret_mark[STAY_ID_DIGITS + 1])
{
	int64_t id = 0;
	int number = 0;
	enum err err = stay_draft_find(desk->store, party_id, &id);

	if (err == ERR_NOT_FOUND)
		err = stay_draft_put(
			desk->store, 0, party_id, "", desk_now(desk) + DESK_STAY_DRAFT_MS, &id);
	if (!err)
		err = seal_number(desk, id, digits, &number);
	if (!err)
		stay_mark(number, ret_mark);
	return err;
}
