/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/enrolment.h"

#include "config/phrases.h"
#include "daemon/base/str.h"
#include "daemon/desk/desk_private.h"
#include "daemon/desk/place.h"
#include "daemon/desk/resident_import.h"
#include "store/event.h"
#include "store/refusal.h"

#include <string.h>

/* ---- answers ---------------------------------------------------------------------------------
 */

static enum err place_name(struct desk *desk, int64_t place_id, char name[PLACE_NAME_BYTES])
{
	struct place place = {.name = ""};
	enum err err = place_id ? place_load(desk->store, place_id, &place) : ERR_OK;

	if (!err)
		memcpy(name, place.name, PLACE_NAME_BYTES);
	return err;
}

static enum err tell(struct desk *desk, int64_t party_id, const char *key, int64_t place_id)
{
	char name[PLACE_NAME_BYTES] = "";
	enum err err = place_name(desk, place_id, name);

	return err ? err
		   : desk_reply(desk, party_id, key,
			     (const struct phrase_field[]){{"place", name}, {NULL, NULL}});
}

/* ---- he asks ---------------------------------------------------------------------------------
 */

/* What he refused before, he wants now; a block is not his to lift. */
static enum err agree(struct desk *desk, int64_t resident_id, const char *phone, int version,
	enum consent_way way)
{
	int64_t ended;
	enum err err = consent_put(desk->store, resident_id, version, way);

	return err ? err
		   : refusal_end(desk->store, REFUSAL_PHONE, phone, REFUSAL_ASKED, NULL, &ended);
}

static enum err is_listed(struct desk *desk, const char *phone, int64_t place_id,
	int64_t *ret_resident_id, bool *ret_is_listed)
{
	enum err err = place_id ? resident_find(desk->store, phone, ret_resident_id)
				: ERR_NOT_FOUND;

	*ret_is_listed = false;
	if (!err)
		err = resident_is_at(desk->store, *ret_resident_id, place_id, ret_is_listed);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err wait(
	struct desk *desk, const struct enrolment_asked *asked, const struct enrolment_said *said)
{
	char name[RESIDENT_NAME_BYTES];
	bool is_new;
	int64_t id;
	enum err err = desk_clean_name(said->name, name, sizeof(name));

	return err ? ERR_NOT_FOUND
		   : enrolment_put(desk->store,
			     &(struct enrolment_new){.phone = asked->in->phone,
				     .name = name,
				     .place_id = said->place_id,
				     .said = said->said,
				     .zalo = asked->user_id,
				     .version = asked->version,
				     .is_move = asked->is_move},
			     &id, &is_new);
}

/* His Zalo is his from now on, and what he refused there before he wants. */
static enum err tie(struct desk *desk, int64_t resident_id, const char *user_id)
{
	int64_t ended;
	enum err err;

	if (!user_id || !user_id[0])
		return ERR_OK;
	err = resident_set_zalo(desk->store, resident_id, user_id);
	return err ? err
		   : refusal_end(
			     desk->store, REFUSAL_ZALO_USER, user_id, REFUSAL_ASKED, NULL, &ended);
}

enum err enrolment_ask(struct desk *desk, const struct enrolment_asked *asked)
{
	const struct desk_enrolment *in = asked->in;
	struct enrolment_said said;
	bool is_known = false;
	int64_t resident_id = 0;
	enum err err = desk_enrolment_read(desk, in->words, &said);

	if (err)
		return err;
	if (!said.name[0])
		return tell(desk, in->party_id, "enrol_how", 0);
	/* Who had another number is on no list with this one, or an officer has to look anyway. */
	if (!asked->is_move)
		err = is_listed(desk, in->phone, said.place_id, &resident_id, &is_known);
	if (!err && is_known)
		err = agree(desk, resident_id, in->phone, asked->version, CONSENT_PHONE);
	else if (!err)
		err = wait(desk, asked, &said);
	if (!err && is_known)
		err = tie(desk, resident_id, asked->user_id);
	return err ? err
		   : tell(desk, in->party_id, is_known ? "enrol_done" : "enrol_waits",
			     said.place_id);
}

enum err desk_enrol(struct desk *desk, const struct desk_enrolment *in)
{
	char code[ENROL_CODE_LEN + 1];

	if (!in->words[strspn(in->words, " \t\r\n.,:;")])
		return tell(desk, in->party_id, "enrol_how", 0);
	if (enrolment_is_code(in->words, code))
		return enrolment_take_code(desk, in, code);
	return enrolment_ask(
		desk, &(struct enrolment_asked){.in = in, .version = ENROLMENT_WORDING});
}

/* ---- an officer answers ----------------------------------------------------------------------
 */

enum err desk_enrolment_is_his(
	struct desk *desk, int64_t place_id, int64_t officer_id, bool *ret_is_his)
{
	struct officer officer;
	enum err err;

	*ret_is_his = true;
	if (!officer_id || !place_id)
		return ERR_OK;
	err = officer_load(desk->store, officer_id, &officer);
	if (err || officer.role != OFFICER_AREA)
		return err;
	return officer_has_place(desk->store, officer_id, place_id, ret_is_his);
}

static enum err check_place(
	struct desk *desk, int64_t place_id, const struct desk_actor *actor, struct errbuf *eb)
{
	bool is_his;
	enum err err = desk_enrolment_is_his(desk, place_id, actor->officer_id, &is_his);

	if (!err && !is_his)
		return errbuf_set(eb, ERR_DENIED, "that place is another area officer's");
	return err;
}

/* The number he had: only from a list of the place for which the officer decides. */
static enum err replace(struct desk *desk, const char *phone, const struct desk_enrolment_in *in,
	int64_t place_id, struct errbuf *eb)
{
	char old[MSISDN_BYTES];
	bool is_mended, is_at = false;
	int64_t resident_id;
	enum err err;

	if (resident_phone(in->old_phone, old, &is_mended))
		return errbuf_set(eb, ERR_INVALID,
			"the old phone is no number; write it with its leading 0, as text");
	if (str_eq(old, phone))
		return errbuf_set(eb, ERR_INVALID, "the old number is the new one");
	if (in->role || in->household)
		return errbuf_set(eb, ERR_INVALID,
			"with his old number he keeps role and household: change them afterwards");
	err = resident_find(desk->store, old, &resident_id);
	if (!err)
		err = resident_is_at(desk->store, resident_id, place_id, &is_at);
	if (err == ERR_NOT_FOUND || (!err && !is_at))
		return errbuf_set(eb, ERR_NOT_FOUND,
			"the old number is on no list of that place; leave it out to enrol him "
			"anew");
	if (!err)
		err = resident_move(desk->store, old, phone);
	return err ? err : refusal_move(desk->store, old, phone);
}

/* The place of the decision, else of the request; the role likewise. */
static enum err put(struct desk *desk, const char *phone, const struct desk_enrolment_in *in,
	const struct desk_actor *actor, int64_t *ret_place_id, struct errbuf *eb)
{
	enum desk_resident_change change;
	char role[RESIDENT_ROLE_BYTES];
	struct place place;
	enum err err;

	if (!in->place || !in->place[0])
		return errbuf_set(eb, ERR_INVALID,
			"the hamlet was not understood: say which place it is, by its code");
	err = resident_check(in->role ? in->role : "", in->household, role, eb);
	if (err)
		return err;
	err = place_find_open(desk->store, in->place, &place);
	if (err == ERR_NOT_FOUND)
		return errbuf_set(eb, err, "there is no place with that code");
	if (!err)
		err = check_place(desk, place.id, actor, eb);
	if (!err && in->old_phone)
		err = replace(desk, phone, in, place.id, eb);
	else if (!err)
		err = desk_resident_put(desk,
			&(struct desk_resident_row){.phone = phone,
				.name = in->name ? in->name : "",
				.place = in->place,
				.role = role,
				.household = in->household},
			&change, eb);
	if (!err)
		*ret_place_id = place.id;
	return err;
}

static enum err consent(struct desk *desk, const char *phone, int version, enum consent_way way)
{
	int64_t resident_id;
	enum err err = resident_find(desk->store, phone, &resident_id);

	return err ? err : agree(desk, resident_id, phone, version, way);
}

static enum err tell_phone(struct desk *desk, const char *phone, const char *key, int64_t place_id)
{
	struct party party;
	enum err err = party_get(desk->store, PARTY_PHONE, phone, &party);

	if (!err)
		err = desk_listen_phone(desk, party.id, phone);
	if (!err)
		err = tell(desk, party.id, key, place_id);
	desk_listen(desk, 0, 0);
	return err;
}

/* What waits, and may be decided by him. The words are freed by the caller, whatever is returned.
 */
static enum err open_waiting(struct desk *desk, int64_t id, const struct desk_actor *actor,
	struct enrolment *ret_enrolment, struct enrolment_words *ret_words, struct errbuf *eb)
{
	enum err err = enrolment_load(desk->store, id, ret_enrolment);

	if (err == ERR_NOT_FOUND || (!err && ret_enrolment->state != ENROLMENT_WAITING))
		return errbuf_set(
			eb, ERR_NOT_FOUND, "nothing waits under the number %lld", (long long)id);
	if (!err)
		err = check_place(desk, ret_enrolment->place_id, actor, eb);
	return err ? err : enrolment_words(desk->store, id, ret_words);
}

/* That it was done and by whom; not about whom. */
static enum err note(struct desk *desk, const char *kind, const struct desk_actor *actor)
{
	return event_add(desk->store, kind, "", actor->name, "{}");
}

static enum err tie_phone(struct desk *desk, const char *phone, const char *user_id)
{
	int64_t resident_id;
	enum err err = user_id[0] ? resident_find(desk->store, phone, &resident_id) : ERR_NOT_FOUND;

	if (!err)
		err = tie(desk, resident_id, user_id);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* In the registry from now on, by what he agreed to or by what he had agreed to with his old
 * number. */
static enum err take_in(struct desk *desk, const char *phone, const struct desk_enrolment_in *in,
	int version, enum consent_way way, const struct desk_actor *actor, int64_t *ret_place_id,
	struct errbuf *eb)
{
	enum err err = put(desk, phone, in, actor, ret_place_id, eb);

	return err || in->old_phone ? err : consent(desk, phone, version, way);
}

static enum err accept(struct desk *desk, const struct enrolment *enrolment,
	const struct enrolment_words *words, const struct desk_enrolment_in *in,
	const struct desk_actor *actor, struct errbuf *eb)
{
	struct desk_enrolment_in full = *in;
	struct place place = {.code = ""};
	const char *phone = buf_text(&words->phone);
	int64_t place_id = 0;
	enum err err = ERR_OK;

	if (!full.name)
		full.name = buf_text(&words->name);
	if (!full.place && enrolment->place_id)
		err = place_load(desk->store, enrolment->place_id, &place);
	if (!full.place)
		full.place = place.code;
	if (!err)
		err = take_in(desk, phone, &full, enrolment->version, CONSENT_PHONE, actor,
			&place_id, eb);
	if (!err)
		err = tie_phone(desk, phone, buf_text(&words->zalo));
	if (!err)
		err = enrolment_decide(
			desk->store, enrolment->id, ENROLMENT_ACCEPTED, actor->officer_id);
	if (!err)
		err = note(desk, "enrolment.accepted", actor);
	return err ? err : tell_phone(desk, phone, "enrol_done", place_id);
}

enum err desk_enrolment_accept(struct desk *desk, int64_t id, const struct desk_enrolment_in *in,
	const struct desk_actor *actor, struct errbuf *eb)
{
	CLEANUP(enrolment_words_free) struct enrolment_words words = {0};
	struct enrolment enrolment;
	enum err err = open_waiting(desk, id, actor, &enrolment, &words, eb);

	return err ? err : accept(desk, &enrolment, &words, in, actor, eb);
}

enum err desk_enrolment_decline(
	struct desk *desk, int64_t id, const struct desk_actor *actor, struct errbuf *eb)
{
	CLEANUP(enrolment_words_free) struct enrolment_words words = {0};
	struct enrolment enrolment;
	enum err err = open_waiting(desk, id, actor, &enrolment, &words, eb);

	if (!err)
		err = enrolment_decide(desk->store, id, ENROLMENT_DECLINED, actor->officer_id);
	if (!err)
		err = note(desk, "enrolment.declined", actor);
	if (!err)
		err = tell_phone(
			desk, buf_text(&words.phone), "enrol_declined", enrolment.place_id);
	return err;
}

enum err desk_enrolment_ask(struct desk *desk, int64_t id, enum enrolment_ask what,
	const struct desk_actor *actor, struct errbuf *eb)
{
	static const char *const keys[] = {[ENROLMENT_ASK_HAMLET] = "enrol_ask_hamlet",
		[ENROLMENT_ASK_NAME] = "enrol_ask_name",
		[ENROLMENT_ASK_BOTH] = "enrol_ask_both"};
	CLEANUP(enrolment_words_free) struct enrolment_words words = {0};
	struct enrolment enrolment;
	enum err err = open_waiting(desk, id, actor, &enrolment, &words, eb);

	if (!err && enrolment.asked_day == clock_local_day(desk_now(desk)))
		return errbuf_set(eb, ERR_STATE, "he was asked today; wait for his answer");
	if (!err)
		err = enrolment_asked(desk->store, id);
	if (!err)
		err = note(desk, "enrolment.asked", actor);
	if (!err)
		err = tell_phone(desk, buf_text(&words.phone), keys[what], 0);
	return err;
}

enum err desk_enrolment_enter(struct desk *desk, const char *phone,
	const struct desk_enrolment_in *in, const struct desk_actor *actor, struct errbuf *eb)
{
	char number[MSISDN_BYTES];
	bool is_mended;
	int64_t place_id;
	enum err err;

	if (resident_phone(phone, number, &is_mended))
		return errbuf_set(eb, ERR_INVALID,
			"the phone is no number; write it with its leading 0, as text");
	err = take_in(desk, number, in, ENROLMENT_WORDING, CONSENT_OFFICE, actor, &place_id, eb);
	if (!err)
		err = enrolment_forget(desk->store, number);
	return err ? err : note(desk, "enrolment.entered", actor);
}
