/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is done with a bulletin once it is written: submitted, judged, sent, recalled. */
#include "daemon/desk/bulletin_private.h"

#include "daemon/desk/bulletin_category.h"
#include "daemon/desk/delivery.h"
#include "daemon/desk/poll.h"
#include "store/bulletin_finding.h"

#include <string.h>

static const struct desk_actor the_machine = {.name = "system"};

static enum err need_officer(const struct desk_actor *actor, struct errbuf *eb)
{
	return actor->officer_id
		       ? ERR_OK
		       : errbuf_set(eb, ERR_DENIED,
				 "bulletins take two officers: create them first, and log in "
				 "(binhyenctl officer)");
}

/* ---- telling the officers --------------------------------------------------------------------
 */

static const char *category_name(const struct bulletin *bulletin)
{
	const struct bulletin_category *category = bulletin_category_find(bulletin->category);

	return category ? category->name : bulletin->category;
}

/* Chief and deputies. An emergency waits for nothing. */
static enum err tell_leaders(struct desk *desk, const char *key, const struct bulletin *bulletin)
{
	enum lane lane = bulletin->is_emergency ? LANE_ALARM : LANE_ANSWER;
	struct phrase_field fields[] = {{"number", NULL}, {"category", NULL}, {NULL, NULL}};
	char number[24];
	CLEAN_BUF plain = {0};
	enum err err;

	buf_init(&plain, 256);
	snprintf(number, sizeof(number), "%lld", (long long)bulletin->id);
	err = sms_text_unaccent(category_name(bulletin), &plain);
	if (err)
		return err;
	fields[0].value = number;
	fields[1].value = buf_text(&plain);
	err = desk_tell_role(desk, OFFICER_CHIEF, lane, key, fields);
	return err ? err : desk_tell_role(desk, OFFICER_DEPUTY, lane, key, fields);
}

static enum err tell_submitter(struct desk *desk, const char *key, const struct bulletin *bulletin)
{
	char number[24];
	const struct phrase_field fields[] = {{"number", number}, {NULL, NULL}};

	if (!bulletin->submitter_id)
		return ERR_OK;
	snprintf(number, sizeof(number), "%lld", (long long)bulletin->id);
	return desk_tell_officer(desk, bulletin->submitter_id, LANE_ANSWER, key, fields);
}

/* ---- submitting ------------------------------------------------------------------------------
 */

static enum err check_findings(
	struct desk *desk, const struct bulletin *bulletin, struct errbuf *eb)
{
	int64_t open;
	enum err err = finding_open(desk->store, bulletin, &open);

	return err || !open ? err
			    : errbuf_set(eb, ERR_STATE,
				      "the screen found %lld places that nobody has answered for",
				      (long long)open);
}

enum err desk_bulletin_submit(
	struct desk *desk, int64_t id, const struct desk_actor *actor, struct errbuf *eb)
{
	struct bulletin bulletin;
	enum err err = need_officer(actor, eb);

	if (!err)
		err = bulletin_find(desk, id, &bulletin, eb);
	if (err)
		return err;
	if (bulletin.state != BULLETIN_DRAFT)
		return errbuf_set(eb, ERR_STATE, "only a draft is submitted; it is %s",
			bulletin_state_text(bulletin.state));
	if (bulletin.expires_ms <= desk_now(desk))
		return errbuf_set(eb, ERR_STATE, "its validity is over; change it first");
	err = check_findings(desk, &bulletin, eb);
	if (!err)
		err = bulletin_submit(desk->store, id, actor->officer_id);
	if (!err)
		err = bulletin_note(
			desk, "submitted", &bulletin, actor->name, "category", bulletin.category);
	return err ? err : tell_leaders(desk, "bulletin_submitted", &bulletin);
}

/* A move that needs no more than its state. */
static enum err act(struct desk *desk, int64_t id, enum bulletin_state to, const char *name,
	const struct desk_actor *actor, struct errbuf *eb)
{
	struct bulletin bulletin;
	enum err err = bulletin_find(desk, id, &bulletin, eb);

	if (!err)
		err = bulletin_move(desk->store, id, to);
	if (err == ERR_STATE)
		return errbuf_set(eb, err, "this is not done to a bulletin that is %s",
			bulletin_state_text(bulletin.state));
	return err ? err : bulletin_note(desk, name, &bulletin, actor->name, NULL, NULL);
}

enum err desk_bulletin_withdraw(
	struct desk *desk, int64_t id, const struct desk_actor *actor, struct errbuf *eb)
{
	struct bulletin bulletin;
	enum err err = bulletin_find(desk, id, &bulletin, eb);

	if (!err && bulletin.state != BULLETIN_SUBMITTED)
		return errbuf_set(eb, ERR_STATE, "only what waits for approval is withdrawn");
	return err ? err : act(desk, id, BULLETIN_DRAFT, "withdrawn", actor, eb);
}

enum err desk_bulletin_discard(
	struct desk *desk, int64_t id, const struct desk_actor *actor, struct errbuf *eb)
{
	return act(desk, id, BULLETIN_DISCARDED, "discarded", actor, eb);
}

/* ---- judging ---------------------------------------------------------------------------------
 */

static enum err check_reason(const char *reason, struct errbuf *eb)
{
	return reason && desk_letters(reason) >= DESK_BULLETIN_REASON_MIN
		       ? ERR_OK
		       : errbuf_set(eb, ERR_INVALID, "say why, in at least %d letters",
				 DESK_BULLETIN_REASON_MIN);
}

static enum err explain(
	enum err err, const struct bulletin *b, enum bulletin_verdict verdict, struct errbuf *eb)
{
	switch (err) {
	case ERR_STATE:
		return errbuf_set(eb, err, "this is not done to a bulletin that is %s",
			bulletin_state_text(b->state));
	case ERR_EXISTS:
		return errbuf_set(eb, err, "it was changed since; read version %d", b->version);
	case ERR_TOO_BIG:
		return errbuf_set(eb, err, "the note is too long");
	case ERR_DENIED:
		break;
	default:
		return err;
	}
	if (verdict == BULLETIN_VERDICT_ALONE)
		return errbuf_set(
			eb, err, "only the chief sends alone, and only an emergency; once");
	if (verdict == BULLETIN_VERDICT_REVIEW)
		return errbuf_set(
			eb, err, "the review is by another chief or deputy, or by the chairman");
	return errbuf_say(eb, err,
		b->is_sensitive || b->is_emergency
			? ERR_WORD("who wrote or submitted it does not approve it, nobody twice; "
				   "this one needs a chief or deputy")
			: ERR_WORD("who wrote or submitted it does not approve it, nobody twice"));
}

/* version 0: whichever there is. */
static enum err judge(struct desk *desk, const struct bulletin *b, int version,
	enum bulletin_verdict verdict, const char *note, const struct desk_actor *actor,
	bool *ret_is_approved, struct errbuf *eb)
{
	struct bulletin_opinion opinion = {
		.verdict = verdict, .officer_id = actor->officer_id, .note = note ? note : ""};
	enum err err = need_officer(actor, eb);

	if (err)
		return err;
	if (version && version != b->version)
		return explain(ERR_EXISTS, b, verdict, eb);
	memcpy(opinion.hash, b->hash, sizeof(opinion.hash));
	err = bulletin_judge(
		desk->store, b->id, &opinion, desk_now(desk) + DESK_REVIEW_MS, ret_is_approved);
	if (err)
		return explain(err, b, verdict, eb);
	return bulletin_note(
		desk, bulletin_verdict_text(verdict), b, actor->name, "category", b->category);
}

enum err desk_bulletin_approve(struct desk *desk, int64_t id, int version, bool is_alone,
	const char *note, const struct desk_actor *actor, bool *ret_is_approved, struct errbuf *eb)
{
	struct bulletin bulletin;
	bool is_approved = false;
	enum err err = bulletin_find(desk, id, &bulletin, eb);

	if (!err && bulletin.state == BULLETIN_SUBMITTED && bulletin.expires_ms <= desk_now(desk))
		return errbuf_set(eb, ERR_STATE, "its validity is over");
	if (!err)
		err = judge(desk, &bulletin, version,
			is_alone ? BULLETIN_VERDICT_ALONE : BULLETIN_VERDICT_APPROVE, note, actor,
			&is_approved, eb);
	if (!err && is_approved)
		err = tell_submitter(desk, "bulletin_approved", &bulletin);
	if (!err && is_approved && is_alone)
		err = tell_leaders(desk, "bulletin_alone", &bulletin);
	if (!err && is_approved && bulletin.from_ms <= desk_now(desk))
		err = desk_bulletin_start(desk, id, actor, eb);
	if (!err)
		*ret_is_approved = is_approved;
	return err;
}

enum err desk_bulletin_reject(struct desk *desk, int64_t id, int version, const char *reason,
	const struct desk_actor *actor, struct errbuf *eb)
{
	struct bulletin bulletin;
	bool is_approved;
	enum err err = check_reason(reason, eb);

	if (!err)
		err = bulletin_find(desk, id, &bulletin, eb);
	if (!err)
		err = judge(desk, &bulletin, version, BULLETIN_VERDICT_REJECT, reason, actor,
			&is_approved, eb);
	return err ? err : tell_submitter(desk, "bulletin_rejected", &bulletin);
}

enum err desk_bulletin_review(struct desk *desk, int64_t id, const char *note,
	const struct desk_actor *actor, struct errbuf *eb)
{
	struct bulletin bulletin;
	bool is_approved;
	enum err err = check_reason(note, eb);

	if (!err)
		err = bulletin_find(desk, id, &bulletin, eb);
	return err ? err
		   : judge(desk, &bulletin, 0, BULLETIN_VERDICT_REVIEW, note, actor, &is_approved,
			     eb);
}

enum err desk_bulletin_recall(struct desk *desk, int64_t id, const char *reason,
	const struct desk_actor *actor, struct errbuf *eb)
{
	struct bulletin bulletin;
	bool is_approved;
	enum err err = check_reason(reason, eb);

	if (!err)
		err = bulletin_find(desk, id, &bulletin, eb);
	if (!err)
		err = judge(desk, &bulletin, 0, BULLETIN_VERDICT_RECALL, reason, actor,
			&is_approved, eb);
	if (!err)
		err = delivery_stop(desk, id, DELIVERY_RECALLED, actor->name, eb);
	return err ? err : desk_poll_recalled(desk, id, actor, eb);
}

enum err desk_bulletin_stop(
	struct desk *desk, int64_t id, const struct desk_actor *actor, struct errbuf *eb)
{
	enum err err = need_officer(actor, eb);

	return err ? err : delivery_stop(desk, id, DELIVERY_STOPPED, actor->name, eb);
}

enum err desk_bulletin_resume(
	struct desk *desk, int64_t id, const struct desk_actor *actor, struct errbuf *eb)
{
	enum err err = need_officer(actor, eb);

	return err ? err : delivery_resume(desk, id, actor->name, eb);
}

/* ---- going out -------------------------------------------------------------------------------
 */

enum err desk_bulletin_start(
	struct desk *desk, int64_t id, const struct desk_actor *actor, struct errbuf *eb)
{
	struct bulletin bulletin;
	enum err err = bulletin_find(desk, id, &bulletin, eb);

	if (err)
		return err;
	if (bulletin.state != BULLETIN_APPROVED)
		return errbuf_set(eb, ERR_STATE, "only what is approved is sent; it is %s",
			bulletin_state_text(bulletin.state));
	if (bulletin.from_ms > desk_now(desk) || bulletin.expires_ms <= desk_now(desk))
		return errbuf_set(eb, ERR_STATE, "it is not its time");
	err = bulletin_move(desk->store, id, BULLETIN_SENDING);
	if (err == ERR_CORRUPT)
		errbuf_set(eb, err, "it is not what was approved: the database was tampered with");
	if (!err)
		err = delivery_begin(desk, id, eb);
	if (!err && !bulletin.is_drill)
		err = desk_poll_asked(desk, id, actor->name);
	return err ? err
		   : bulletin_note(desk, "started", &bulletin, actor->name, "category",
			     bulletin.category);
}

static enum err expire(struct desk *desk, int64_t id)
{
	struct errbuf eb = {0};
	struct bulletin bulletin;
	enum err err = bulletin_load(desk->store, id, &bulletin);

	if (!err)
		err = act(desk, id, BULLETIN_EXPIRED, "expired", &the_machine, &eb);
	return err ? err : tell_submitter(desk, "bulletin_expired", &bulletin);
}

static enum err tell_unreviewed(struct desk *desk, int64_t id)
{
	struct bulletin bulletin;
	enum err err = bulletin_load(desk->store, id, &bulletin);

	if (!err)
		err = bulletin_set_told(desk->store, id);
	if (!err)
		err = bulletin_note(
			desk, "review_overdue", &bulletin, the_machine.name, NULL, NULL);
	return err ? err : tell_leaders(desk, "bulletin_unreviewed", &bulletin);
}

/* One that can't be started (its audience is gone, its words were tampered with) must not keep the
 * others: it goes back to its author. */
static enum err start_due(struct desk *desk, int64_t id)
{
	struct errbuf eb = {0};
	enum err err = store_savepoint_begin(desk->store);

	if (err)
		return err;
	err = desk_bulletin_start(desk, id, &the_machine, &eb);
	if (!err)
		return store_savepoint_release(desk->store);
	store_savepoint_rollback(desk->store);
	if (err_class(err) == ERR_CLASS_TRANSIENT)
		return err;
	log_error("bulletin", "id=%lld start=%s detail=\"%s\"", (long long)id, err_name(err),
		eb.text);
	return act(desk, id, BULLETIN_DRAFT, "start_failed", &the_machine, &eb);
}

enum err desk_bulletin_tick(struct desk *desk, int64_t *ret_next_ms)
{
	int64_t now_ms = desk_now(desk), id;
	enum err err = ERR_OK;

	while (!err && !(err = bulletin_expired(desk->store, now_ms, &id)))
		err = expire(desk, id);
	if (err == ERR_NOT_FOUND)
		err = ERR_OK;
	while (!err && !(err = bulletin_startable(desk->store, now_ms, &id)))
		err = start_due(desk, id);
	if (err == ERR_NOT_FOUND)
		err = ERR_OK;
	while (!err && !(err = bulletin_unreviewed(desk->store, now_ms, &id)))
		err = tell_unreviewed(desk, id);
	if (err == ERR_NOT_FOUND)
		err = ERR_OK;
	return err ? err : bulletin_next(desk->store, ret_next_ms);
}
