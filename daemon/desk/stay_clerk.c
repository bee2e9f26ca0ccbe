/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stay notices as the clerks have them: who can read them, what is done, how long they stay. */
#include "config/law.h"
#include "daemon/desk/desk_private.h"
#include "daemon/desk/stay_private.h"
#include "store/escrow.h"
#include "store/event.h"
#include "store/turn.h"

#include <limits.h>
#include <string.h>

#define READERS_MAX 32
#define ROWS_A_TICK 50

/* ---- who reads -------------------------------------------------------------------------------
 */

struct clerks {
	struct officer list[READERS_MAX];
	int count;
	enum officer_role role;
};

static void keep_clerk(void *arg, const struct officer *officer)
{
	struct clerks *clerks = arg;

	if (officer->role == clerks->role && officer->state == OFFICER_ACTIVE && officer->has_key &&
		clerks->count < READERS_MAX)
		clerks->list[clerks->count++] = *officer;
}

static enum err find_clerks(struct desk *desk, struct clerks *clerks)
{
	enum err err;

	clerks->count = 0;
	clerks->role = OFFICER_CLERK;
	err = officer_list(desk->store, 0, INT_MAX, keep_clerk, clerks);
	if (err || clerks->count)
		return err;
	clerks->role = OFFICER_CHIEF;
	return officer_list(desk->store, 0, INT_MAX, keep_clerk, clerks);
}

/* To those who lack it; *ret_count: how many can read it now. */
static enum err share(struct desk *desk, int64_t id, const struct keypair *pair, int *ret_count)
{
	struct clerks clerks;
	enum err err = find_clerks(desk, &clerks);

	for (int i = 0; !err && i < clerks.count; i++) {
		const struct officer *officer = &clerks.list[i];
		bool is_held = false;

		err = stay_key_held(desk->store, id, officer->id, officer->public_key, &is_held);
		if (!err && !is_held)
			err = stay_key_give(
				desk->store, id, pair, officer->id, officer->public_key);
	}
	*ret_count = clerks.count;
	return err;
}

static enum err note(struct desk *desk, const char *kind, int64_t id, const char *actor)
{
	char subject[32];

	snprintf(subject, sizeof(subject), "stay/%lld", (long long)id);
	return event_add(desk->store, kind, subject, actor, "{}");
}

enum err stay_hand_on(struct desk *desk, int64_t id, const struct keypair *pair)
{
	uint8_t escrow[KEYPAIR_PUBLIC_BYTES];
	int readers = 0;
	/* The escrow stands for that the box has officers; it gets no key of these. */
	enum err err = escrow_public(desk->store, escrow);

	if (!err)
		err = share(desk, id, pair, &readers);
	else if (err == ERR_NOT_FOUND)
		err = ERR_OK;
	/* Until somebody can: then the tick hands it on. */
	return err || readers ? err : stay_key_keep(desk->store, id, pair);
}

enum err stay_hand_in(struct desk *desk, struct stay *stay, const char *words)
{
	struct keypair *pair = NULL;
	enum err err = stay_seal(desk->store, stay, words, strlen(words), &pair);

	if (!err && pair)
		err = stay_hand_on(desk, stay->id, pair);
	keypair_free(pair);
	if (!err)
		err = note(desk, stay->state == STAY_RECEIVED ? "stay.received" : "stay.unclear",
			stay->id, "system");
	if (!err)
		log_info("stay", "received id=%lld guests=%d", (long long)stay->id, stay->guests);
	return err;
}

enum err desk_stay_read(struct desk *desk, int64_t id, const struct key_holder *holder,
	const char *actor, struct buf *out, struct errbuf *eb)
{
	CLEAN_BUF words = {0};
	struct keypair *pair;
	struct stay stay;
	int readers;
	enum err err = stay_load(desk->store, id, &stay);

	if (err == ERR_NOT_FOUND || (!err && stay.state == STAY_DRAFT))
		return errbuf_set(eb, ERR_NOT_FOUND, "there is no stay notice %lld", (long long)id);
	if (!err && stay.is_erased)
		return errbuf_set(eb, ERR_NOT_FOUND, "its words were erased: their time is over");
	if (!err)
		err = stay_key_open(desk->store, holder, id, &pair);
	if (err == ERR_DENIED || err == ERR_WRONG_KEY)
		return errbuf_set(eb, ERR_DENIED, "stay notices are read by the residence clerks");
	if (err)
		return err;
	buf_init(&words, 64 * 1024);
	err = stay_words(desk->store, pair, id, &words);
	if (!err)
		err = stay_show(desk, pair, id, buf_text(&words), out);
	buf_wipe(&words);
	if (!err && holder->id != KEY_HOLDER_BOX)
		err = share(desk, id, pair, &readers);
	keypair_free(pair);
	return err ? err : note(desk, "stay.read", id, actor);
}

enum err desk_stays_review(struct desk *desk, int64_t officer_id, bool is_lost)
{
	struct officer officer;
	enum err err = officer_load(desk->store, officer_id, &officer);

	if (err)
		return err;
	if (!is_lost && officer.state == OFFICER_ACTIVE &&
		(officer.role == OFFICER_CLERK || officer.role == OFFICER_CHIEF))
		return ERR_OK;
	return stay_key_withdraw(desk->store, officer_id);
}

/* ---- what is done ----------------------------------------------------------------------------
 */

/* So long after the last step is anybody's data kept. */
static int64_t erase_ms(struct desk *desk, enum stay_state state)
{
	int64_t now_ms = desk_now(desk);
	const struct regime *regime;

	if (state != STAY_RECORDED && state != STAY_DECLINED)
		return 0;
	regime = desk->law ? law_regime(desk->law, LEGAL_CLASS_RESIDENCE,
				     calendar_day(desk->law->calendar, now_ms))
			   : NULL;
	return regime ? term_end_ms(desk->law->calendar, &regime->retention.sender, now_ms) : 0;
}

static enum err read_reason(
	const char *reason, bool is_declined, struct buf *out, struct errbuf *eb)
{
	enum err err = sms_text_normalize(reason ? reason : "", out);

	if (err || (is_declined && !desk_letters(buf_text(out))))
		return errbuf_set(
			eb, ERR_INVALID, "say why it can't be recorded: the sender reads it");
	if (!is_declined && out->len)
		return errbuf_set(eb, ERR_INVALID, "a reason is for declining");
	if (out->len > DESK_STAY_REASON_MAX || strchr(buf_text(out), '\n'))
		return errbuf_set(eb, ERR_TOO_BIG, "the reason is one line of at most %d bytes",
			DESK_STAY_REASON_MAX);
	return ERR_OK;
}

/* Whoever can't read it has nothing to decide. */
static enum err check_reader(
	struct desk *desk, int64_t id, const struct desk_actor *actor, struct errbuf *eb)
{
	struct officer officer;
	bool is_held = true;
	enum err err = ERR_OK;

	if (actor->officer_id) {
		err = officer_load(desk->store, actor->officer_id, &officer);
		if (!err)
			err = stay_key_held(
				desk->store, id, officer.id, officer.public_key, &is_held);
	}
	return err || is_held ? err
			      : errbuf_set(eb, ERR_DENIED,
					"stay notices are decided by the residence clerks");
}

/* No officer is told whether it leaves: that would tell who the hidden one is. */
static enum err tell(
	struct desk *desk, const struct stay *stay, const char *key, const char *reason)
{
	char number[24];
	enum err err;

	if (!stay->party_id)
		return ERR_OK;
	snprintf(number, sizeof(number), "%lld", (long long)stay->id);
	err = desk_listen_party(desk, stay->party_id);
	if (!err)
		err = desk_tell_sender(desk, stay->party_id, key,
			(const struct phrase_field[]){
				{"number", number}, {"reason", reason}, {NULL, NULL}});
	desk_listen(desk, 0, 0);
	return err;
}

enum err desk_stay_decide(struct desk *desk, int64_t id, const char *how, const char *reason,
	const struct desk_actor *actor, struct errbuf *eb)
{
	static const struct {
		const char *how, *key, *event;
		enum stay_state state;
	} ways[] = {{"entered", "stay_is_entered", "stay.entered", STAY_ENTERED},
		{"recorded", "stay_is_recorded", "stay.recorded", STAY_RECORDED},
		{"declined", "stay_declined", "stay.declined", STAY_DECLINED}};
	CLEAN_BUF why = {0};
	struct stay stay;
	size_t w = 0;
	enum err err;

	while (w < ARRAY_LEN(ways) && !str_eq(ways[w].how, how))
		w++;
	if (w == ARRAY_LEN(ways))
		return errbuf_set(eb, ERR_INVALID, "a notice is entered, recorded or declined");
	buf_init(&why, 1024);
	err = read_reason(reason, ways[w].state == STAY_DECLINED, &why, eb);
	if (err)
		return err;
	err = stay_load(desk->store, id, &stay);
	if (err == ERR_NOT_FOUND || (!err && stay.state == STAY_DRAFT))
		return errbuf_set(eb, ERR_NOT_FOUND, "there is no stay notice %lld", (long long)id);
	if (!err)
		err = check_reader(desk, id, actor, eb);
	if (err)
		return err;
	err = stay_move(desk->store, id, ways[w].state, erase_ms(desk, ways[w].state));
	if (err == ERR_STATE)
		return errbuf_set(eb, err, "notice %lld is %s already", (long long)id,
			stay_state_text(stay.state));
	if (!err)
		err = note(desk, ways[w].event, id, actor->name);
	return err ? err : tell(desk, &stay, ways[w].key, buf_text(&why));
}

/* ---- the minute ------------------------------------------------------------------------------
 */

/* Once the box has officers who can read it. */
static enum err hand_over(struct desk *desk)
{
	int64_t id = 0;
	enum err err = ERR_OK;

	for (int i = 0; !err && i < ROWS_A_TICK; i++) {
		struct keypair *pair;
		int readers = 0;

		err = stay_key_next(desk->store, KEY_HOLDER_BOX, id, &id);
		if (!err)
			err = stay_key_open(desk->store, &key_holder_box, id, &pair);
		if (err)
			break;
		err = share(desk, id, pair, &readers);
		keypair_free(pair);
		if (!err && !readers)
			return ERR_OK;
		if (!err)
			err = stay_key_release(desk->store, id);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err step(struct desk *desk, const struct stay *stay)
{
	enum err err;

	if (stay->state == STAY_DRAFT)
		return desk_stay_give_up(desk, stay);
	err = stay_erase(desk->store, stay->id);
	return err ? err : note(desk, "stay.erased", stay->id, "system");
}

/* At most once an hour, and never with more than how many wait. Who reads them is told; before the
 * box has officers, the duty phones. */
static enum err tell_clerks(struct desk *desk)
{
	int64_t untold = 0, waiting = 0;
	struct clerks clerks;
	char count[24];
	bool may = false;
	enum err err = stay_untold(desk->store, &untold);

	if (!err && untold)
		err = desk_may_say(desk, "stay/clerks", 1, &may);
	if (err || !may)
		return err;
	err = find_clerks(desk, &clerks);
	if (!err)
		err = stay_waiting(desk->store, &waiting);
	if (!err)
		err = stay_tell(desk->store);
	snprintf(count, sizeof(count), "%lld", (long long)waiting);
	return err || !waiting
		       ? err
		       : desk_tell_role(desk, clerks.count ? clerks.role : OFFICER_CLERK,
				 LANE_URGENT, "stay_waiting",
				 (const struct phrase_field[]){{"count", count}, {NULL, NULL}});
}

enum err desk_stays_tick(struct desk *desk)
{
	/* Erasing can't be undone: not by a clock that nobody confirms. */
	bool is_clock_known = desk_trust(desk) >= CLOCK_NETWORK;
	uint8_t escrow[KEYPAIR_PUBLIC_BYTES];
	struct stay stay;
	enum err err = escrow_public(desk->store, escrow);

	if (!err)
		err = hand_over(desk);
	else if (err == ERR_NOT_FOUND)
		err = ERR_OK;
	if (!err)
		err = tell_clerks(desk);
	for (int i = 0; !err && i < ROWS_A_TICK; i++) {
		err = stay_due(desk->store, desk_now(desk), &stay);
		/* The first in line keeps back those behind it for as long as the clock is unknown.
		 */
		if (!err && stay.state != STAY_DRAFT && !is_clock_known)
			return ERR_OK;
		if (!err)
			err = step(desk, &stay);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}
