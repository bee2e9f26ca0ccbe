/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Another address of somebody in the registry, shown to be his by a code that the one is told and
 * the other sends: the number that follows an old one, or the phone of who enrols by Zalo.
 */
#include "daemon/base/str.h"
#include "daemon/desk/code_tries.h"
#include "daemon/desk/desk_private.h"
#include "daemon/desk/enrolment.h"
#include "store/refusal.h"
#include "store/resident.h"

#include <string.h>

#define BLANKS " \t\r\n.,:;-"

bool enrolment_is_code(const char *words, char ret_code[ENROL_CODE_LEN + 1])
{
	char code[ENROL_CODE_LEN + 1];
	size_t len = 0;

	for (const char *p = words; *p; p++) {
		if (strchr(BLANKS, *p))
			continue;
		if (*p < '0' || *p > '9' || len == ENROL_CODE_LEN)
			return false;
		code[len++] = *p;
	}
	code[len] = 0;
	if (len == ENROL_CODE_LEN)
		memcpy(ret_code, code, sizeof(code));
	explicit_bzero(code, sizeof(code));
	return len == ENROL_CODE_LEN;
}

static enum err tell(struct desk *desk, int64_t party_id, const char *key, const char *code)
{
	return desk_reply(
		desk, party_id, key, (const struct phrase_field[]){{"code", code}, {NULL, NULL}});
}

/* ---- a code is told --------------------------------------------------------------------------
 */

/* Nothing is drawn for who is not answered any more: his last code stays good. */
static enum err tell_code(struct desk *desk, int64_t party_id, const struct enrol_code_new *in)
{
	char code[ENROL_CODE_LEN + 1], sender[32];
	bool may = false;
	enum err err;

	snprintf(sender, sizeof(sender), "code/%lld", (long long)party_id);
	err = desk_may_say(desk, sender, DESK_CODES_MAX, &may);
	if (err || !may)
		return err;
	err = enrol_code_draw(desk->store, in, code);
	if (!err)
		err = tell(desk, party_id,
			in->kind == ENROL_CODE_PHONE ? "phone_code" : "enrol_zalo_code", code);
	explicit_bzero(code, sizeof(code));
	return err;
}

enum err desk_enrol_zalo(
	struct desk *desk, int64_t party_id, const char *user_id, const char *words)
{
	struct enrolment_said said;
	enum err err;

	if (!words[strspn(words, BLANKS)])
		return tell(desk, party_id, "enrol_how", "");
	err = desk_enrolment_read(desk, words, &said);
	if (err || strlen(words) > ENROL_WORDS_MAX)
		return err ? err : ERR_NOT_FOUND;
	if (!said.name[0])
		return tell(desk, party_id, "enrol_how", "");
	return tell_code(desk, party_id,
		&(struct enrol_code_new){.kind = ENROL_CODE_ZALO,
			.address = user_id,
			.words = words,
			.version = ENROLMENT_WORDING});
}

enum err desk_change_phone(struct desk *desk, const struct desk_enrolment *in)
{
	char code[ENROL_CODE_LEN + 1];

	if (!in->words[strspn(in->words, BLANKS)])
		return tell_code(desk, in->party_id,
			&(struct enrol_code_new){
				.kind = ENROL_CODE_PHONE, .address = in->phone, .words = ""});
	if (enrolment_is_code(in->words, code))
		return enrolment_take_code(desk, in, code);
	return enrolment_ask(desk,
		&(struct enrolment_asked){.in = in, .version = ENROLMENT_WORDING, .is_move = true});
}

/* ---- and comes back --------------------------------------------------------------------------
 */

/* Whether the old number was in the registry is nobody's to learn: it reads the same. */
static enum err move(struct desk *desk, const struct desk_enrolment *in, const char *old)
{
	enum err err = resident_move(desk->store, old, in->phone);

	if (!err || err == ERR_NOT_FOUND)
		err = refusal_move(desk->store, old, in->phone);
	return err ? err : tell(desk, in->party_id, "phone_changed", "");
}

static enum err use(struct desk *desk, const struct desk_enrolment *in, struct enrol_code *code)
{
	const char *address = buf_text(&code->address);
	struct desk_enrolment full = *in;
	enum err err;

	/* Sent from the phone that was told it: it is for the other one still. */
	if (code->kind == ENROL_CODE_PHONE && str_eq(address, in->phone))
		return tell(desk, in->party_id, "phone_same", "");
	err = enrol_code_drop(desk->store, code->id);
	if (err)
		return err;
	if (code->kind == ENROL_CODE_PHONE)
		return move(desk, in, address);
	full.words = buf_text(&code->words);
	err = enrolment_ask(
		desk, &(struct enrolment_asked){
			      .in = &full, .user_id = address, .version = code->version});
	/* A hamlet that the box no longer has. */
	return err == ERR_NOT_FOUND ? tell(desk, in->party_id, "enrol_how", "") : err;
}

enum err enrolment_take_code(struct desk *desk, const struct desk_enrolment *in, const char *text)
{
	struct enrol_code code = {.id = 0};
	struct code_tries tries = {.now_ms = desk_now(desk)};
	char sender[24];
	enum err found, err;

	snprintf(sender, sizeof(sender), "%lld", (long long)in->party_id);
	tries.keys[CODE_SCOPE_SENDER] = sender;
	tries.keys[CODE_SCOPE_CODE] = text;
	tries.keys[CODE_SCOPE_ALL] = "";
	err = code_tries_load(desk, &tries);
	if (err)
		return err;
	found = tries.is_locked ? ERR_NOT_FOUND : enrol_code_find(desk->store, text, &code);
	if (found && found != ERR_NOT_FOUND)
		return found;
	err = code_tries_save(desk, &tries, !found);
	if (!err && found)
		err = tell(desk, in->party_id, "enrol_code_refused", "");
	else if (!err)
		err = use(desk, in, &code);
	enrol_code_done(&code);
	return err;
}

enum err desk_enrolments_tick(struct desk *desk)
{
	return enrol_code_prune(desk->store);
}
