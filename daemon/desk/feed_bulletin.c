/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/feed_private.h"

#include "config/phrases.h"
#include "daemon/desk/bulletin.h"
#include "store/event.h"

#include <inttypes.h>
#include <string.h>

#define ALERT_MS DAY_MS /* of one that does not say how long it holds */

static struct desk_actor actor_of(const struct feed_taking *t, char name[48])
{
	snprintf(name, 48, "feed:%s", t->feed->name);
	return (struct desk_actor){.name = name};
}

static enum err note(const struct feed_taking *t, const char *kind, int64_t bulletin_id)
{
	char name[48], subject[40];
	struct desk_actor actor = actor_of(t, name);

	snprintf(subject, sizeof(subject), "bulletin/%" PRId64, bulletin_id);
	return event_add(t->desk->store, kind, subject, actor.name, "{}");
}

/* ---- the words -------------------------------------------------------------------------------
 */

struct words {
	struct buf title, text, source;
	struct buf audience;
};

static void words_init(struct words *w)
{
	buf_init(&w->title, 2 * BULLETIN_TITLE_MAX);
	buf_init(&w->text, BULLETIN_TEXT_MAX);
	buf_init(&w->source, BULLETIN_SOURCE_MAX);
	buf_init(&w->audience, BULLETIN_AUDIENCE_MAX);
}

static void words_done(struct words *w)
{
	buf_done(&w->title);
	buf_done(&w->text);
	buf_done(&w->source);
	buf_done(&w->audience);
}

/* At most `letters` of them. */
static size_t cut(const char *text, size_t letters)
{
	size_t at = 0;

	while (text[at] && letters--) {
		at++;
		while (((unsigned char)text[at] & 0xc0) == 0x80)
			at++;
	}
	return at;
}

static enum err make_title(const struct feed_item *item, bool is_recall, struct buf *out)
{
	CLEAN_BUF whole = {0};
	size_t len;
	enum err err;

	buf_init(&whole, 4 * BULLETIN_TITLE_MAX);
	if (is_recall)
		err = phrase("feed_cancelled", PHRASE_FULL,
			(const struct phrase_field[]){{"title", item->title}, {NULL, NULL}},
			&whole);
	else
		err = buf_adds(&whole, item->title[0] ? item->title : item->text);
	len = cut(buf_text(&whole), DESK_BULLETIN_TITLE_MAX);
	/* One line. */
	for (size_t i = 0; !err && i < len; i++) {
		if (whole.data[i] == '\n')
			whole.data[i] = ' ';
	}
	return err || !len ? err : buf_add(out, whole.data, len);
}

static enum err make_text(const struct feed_item *item, struct buf *out)
{
	enum err err = buf_adds(out, item->text[0] ? item->text : item->title);

	if (!err && item->area[0]) {
		err = buf_adds(out, "\n");
		if (!err)
			err = phrase("feed_area", PHRASE_FULL,
				(const struct phrase_field[]){{"area", item->area}, {NULL, NULL}},
				out);
	}
	return err;
}

/* Where an officer can read it; an address that is too long is left out. */
static enum err make_source(
	const struct feed_taking *t, const struct feed_item *item, struct buf *out)
{
	size_t room = BULLETIN_SOURCE_MAX - strlen(t->feed->name) - 2;

	if (!item->link[0] || strlen(item->link) > room)
		return buf_adds(out, t->feed->name);
	return buf_addf(out, "%s: %s", t->feed->name, item->link);
}

static enum err make_words(const struct feed_taking *t, const struct feed_item *item,
	const struct feed_reference *reference, struct words *w)
{
	bool is_recall = reference->how == BULLETIN_REFERS_RECALLS;
	enum err err = make_title(item, is_recall, &w->title);

	if (!err)
		err = make_text(item, &w->text);
	if (!err)
		err = make_source(t, item, &w->source);
	if (err)
		return err;
	/* What is taken back concerns those who were told, and nobody else. */
	if (is_recall)
		return buf_addf(&w->audience, "{\"reached\":%" PRId64 "}", reference->bulletin_id);
	return feed_audience(t->desk->store, item->area, &w->audience);
}

static void set_alert(
	const struct feed_taking *t, const struct feed_item *item, struct desk_bulletin_in *in)
{
	static const char *const urgencies[] = {
		"unknown", "immediate", "expected", "future", "past"};
	static const char *const severities[] = {
		"unknown", "extreme", "severe", "moderate", "minor"};
	static const char *const certainties[] = {
		"unknown", "observed", "likely", "possible", "unlikely"};

	in->urgency = urgencies[item->urgency];
	in->severity = severities[item->severity];
	in->certainty = certainties[item->certainty];
	in->expires_ms = t->now_ms + ALERT_MS;
}

static void set_content(const struct feed_taking *t, const struct feed_item *item,
	const struct words *w, struct desk_bulletin_in *in)
{
	int64_t latest_ms = t->now_ms + DESK_BULLETIN_AHEAD_MAX;

	in->title = buf_text(&w->title);
	in->text = buf_text(&w->text);
	in->sms = "";
	in->source = buf_text(&w->source);
	in->expires_ms = 0;
	if (item->is_alert)
		set_alert(t, item, in);
	if (item->expires_ms > t->now_ms)
		in->expires_ms = item->expires_ms < latest_ms ? item->expires_ms : latest_ms;
}

/* ---- making ----------------------------------------------------------------------------------
 */

static bool is_emergency(const struct feed_item *item)
{
	return item->is_alert && item->type != FEED_TYPE_CANCEL &&
	       (item->urgency == FEED_URGENCY_IMMEDIATE ||
		       item->urgency == FEED_URGENCY_EXPECTED) &&
	       (item->severity == FEED_SEVERITY_EXTREME || item->severity == FEED_SEVERITY_SEVERE);
}

enum err feed_bulletin_make(struct feed_taking *t, const struct feed_item *item,
	const struct feed_reference *reference, int64_t *ret_bulletin_id)
{
	struct desk_bulletin_in in = DESK_BULLETIN_AS_IS;
	char name[48];
	struct desk_actor actor = actor_of(t, name);
	struct words words = {0};
	enum err err;

	words_init(&words);
	err = make_words(t, item, reference, &words);
	set_content(t, item, &words, &in);
	in.category = t->feed->category;
	in.audience = buf_text(&words.audience);
	in.from_ms = 0;
	in.refers_to = reference->bulletin_id;
	in.refers_how = bulletin_refers_text(reference->how);
	if (!err)
		err = desk_bulletin_new(
			t->desk, BULLETIN_ORIGIN_FEED, &in, &actor, ret_bulletin_id, t->eb);
	if (!err)
		err = note(t, "feed.drafted", *ret_bulletin_id);
	/* An officer has to approve it, at whatever hour. */
	if (!err && is_emergency(item))
		err = desk_alarm(t->desk, "feed_emergency",
			(const struct phrase_field[]){{"feed", t->feed->name}, {NULL, NULL}});
	words_done(&words);
	return err;
}

static bool is_out(const struct bulletin *bulletin)
{
	return bulletin->state == BULLETIN_SENDING || bulletin->state == BULLETIN_DONE;
}

static enum err rewrite(struct feed_taking *t, const struct feed_item *item,
	const struct bulletin *bulletin, struct feed_known *known)
{
	const struct feed_reference none = {.how = BULLETIN_REFERS_NOT};
	struct desk_bulletin_in in = DESK_BULLETIN_AS_IS;
	char name[48];
	struct desk_actor actor = actor_of(t, name);
	struct words words = {0};
	enum err err;

	words_init(&words);
	err = make_words(t, item, &none, &words);
	set_content(t, item, &words, &in);
	if (item->is_alert && bulletin->refers_how != BULLETIN_REFERS_RECALLS)
		in.audience = buf_text(&words.audience);
	if (!err)
		err = desk_bulletin_edit(t->desk, bulletin->id, &in, &actor, t->eb);
	if (!err)
		err = note(t, "feed.changed", bulletin->id);
	known->bulletin_version = bulletin->version + 1;
	words_done(&words);
	return err;
}

enum err feed_bulletin_renew(struct feed_taking *t, const struct feed_item *item,
	struct feed_known *known, enum feed_fate *ret_fate, struct feed_reference *ret_reference)
{
	struct bulletin bulletin;
	enum err err = bulletin_load(t->desk->store, known->bulletin_id, &bulletin);

	if (err)
		return err;
	if (is_out(&bulletin)) {
		*ret_fate = FEED_APART;
		*ret_reference = (struct feed_reference){bulletin.id, BULLETIN_REFERS_CORRECTS};
		return ERR_OK;
	}
	if (bulletin.state != BULLETIN_DRAFT && bulletin.state != BULLETIN_SUBMITTED &&
		bulletin.state != BULLETIN_APPROVED) {
		*ret_fate = FEED_UNWANTED;
		return ERR_OK;
	}
	if (bulletin.state != BULLETIN_DRAFT || bulletin.version != known->bulletin_version) {
		*ret_fate = FEED_APART;
		return ERR_OK;
	}
	/* A page that changes each time it is read would fill the store. */
	if (bulletin.version >= BULLETIN_VERSIONS_MAX / 2) {
		*ret_fate = FEED_UNWANTED;
		return ERR_OK;
	}
	*ret_fate = FEED_RENEWED;
	return rewrite(t, item, &bulletin, known);
}

enum err feed_bulletin_close(struct feed_taking *t, int64_t bulletin_id, enum bulletin_refers how,
	struct feed_reference *ret_reference)
{
	char name[48];
	struct desk_actor actor = actor_of(t, name);
	struct bulletin bulletin;
	enum err err = bulletin_load(t->desk->store, bulletin_id, &bulletin);

	if (err)
		return err;
	if (is_out(&bulletin)) {
		/* What is over by itself needs no recall. */
		if (how != BULLETIN_REFERS_RECALLS || bulletin.expires_ms > t->now_ms)
			*ret_reference = (struct feed_reference){bulletin_id, how};
		return ERR_OK;
	}
	if (bulletin.state == BULLETIN_SUBMITTED || bulletin.state == BULLETIN_APPROVED)
		err = bulletin_move(t->desk->store, bulletin_id, BULLETIN_DRAFT);
	else if (bulletin.state != BULLETIN_DRAFT)
		return ERR_OK;
	if (!err)
		err = desk_bulletin_discard(t->desk, bulletin_id, &actor, t->eb);
	if (!err)
		err = note(t, "feed.closed", bulletin_id);
	t->taken->closed += !err;
	return err;
}
