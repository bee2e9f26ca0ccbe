/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who wrote: he is known by his address, or as somebody hidden whom nothing joins to it. */
#include "daemon/intake/intake_private.h"

#include "daemon/desk/thread.h"
#include "store/party.h"

/* The word for it is in the text, or a dialogue of his that is anonymous is still going on, or he
 * takes it up by quoting from it. A part is looked for under his number until the whole tells. */
static enum err is_anonymous(struct intake *intake, const struct party *hidden,
	const struct command *command, int64_t quoted_party, bool *ret_is)
{
	*ret_is = command->is_anonymous || (hidden->id && hidden->id == quoted_party);
	if (*ret_is || !hidden->id || !command->words || command_asks_state(command))
		return ERR_OK;
	return desk_is_private_dialogue(intake->desk, hidden->id, ret_is);
}

/* Nothing is created for who wants to be hidden but the hidden one. */
static enum err find_sender(struct intake *intake, enum party_kind kind, const char *address,
	const struct command *command, int64_t quoted_party, struct sender *ret_sender)
{
	struct party hidden = {0}, named = {0};
	bool is_hidden = false;
	enum err err = party_find_anonymous(intake->store, kind, address, &hidden);

	if (!err || err == ERR_NOT_FOUND)
		err = is_anonymous(intake, &hidden, command, quoted_party, &is_hidden);
	if (err)
		return err;
	if (is_hidden) {
		err = party_get_anonymous(intake->store, kind, address, &hidden);
		if (!err)
			err = party_find(intake->store, kind, address, &named);
		*ret_sender = (struct sender){hidden, named.id};
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	}
	/* Who is known only as hidden does not become known by asking. */
	if (hidden.id && command->kind != COMMAND_NONE) {
		err = party_find(intake->store, kind, address, &named);
		if (err == ERR_NOT_FOUND) {
			*ret_sender = (struct sender){hidden, 0};
			return ERR_OK;
		}
		if (err)
			return err;
	}
	err = party_get(intake->store, kind, address, &named);
	*ret_sender = (struct sender){named, hidden.id};
	return err;
}

enum err intake_find_sender(struct intake *intake, enum party_kind kind, const char *address,
	const struct command *command, int64_t quoted_party, struct sender *ret_sender)
{
	enum err err = find_sender(intake, kind, address, command, quoted_party, ret_sender);

	/* Whatever this message has sent to him asks whether he wants silence, as either. */
	if (!err)
		desk_listen(intake->desk, ret_sender->party.id, ret_sender->other_id);
	return err;
}
