/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing a bulletin: what an officer or a feed says becomes a version that can be approved. */
#include "daemon/desk/bulletin_private.h"

#include "daemon/desk/audience.h"
#include "daemon/desk/bulletin_category.h"
#include "daemon/desk/bulletin_screen.h"
#include "store/bulletin_finding.h"
#include "store/enclosure.h"
#include "store/event.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum lane bulletin_lane(const struct bulletin *bulletin)
{
	return bulletin_speed(bulletin) == BULLETIN_NORMAL ? LANE_BULLETIN : LANE_URGENT;
}

enum err bulletin_find(
	struct desk *desk, int64_t id, struct bulletin *ret_bulletin, struct errbuf *eb)
{
	enum err err = bulletin_load(desk->store, id, ret_bulletin);

	return err == ERR_NOT_FOUND
		       ? errbuf_set(eb, err, "there is no bulletin %lld", (long long)id)
		       : err;
}

enum err bulletin_note(struct desk *desk, const char *act, const struct bulletin *bulletin,
	const char *actor, const char *name, const char *word)
{
	char kind[48], subject[48], data[160];

	snprintf(kind, sizeof(kind), "bulletin.%s", act);
	snprintf(subject, sizeof(subject), "bulletin/%lld", (long long)bulletin->id);
	if (name)
		snprintf(data, sizeof(data), "{\"version\":%d,\"%s\":\"%s\"}", bulletin->version,
			name, word);
	else
		snprintf(data, sizeof(data), "{\"version\":%d}", bulletin->version);
	return event_add(desk->store, kind, subject, actor, data);
}

/* ---- what is written -------------------------------------------------------------------------
 */

struct draft {
	struct bulletin_content content;
	struct buf title, text, sms, source, audience;
	char category[BULLETIN_CATEGORY_BYTES];
};

static void draft_init(struct draft *draft)
{
	*draft = (struct draft){.content = {.urgency = BULLETIN_URGENCY_UNKNOWN}};
	buf_init(&draft->title, BULLETIN_TITLE_MAX + 1);
	buf_init(&draft->text, BULLETIN_TEXT_MAX + 1);
	buf_init(&draft->sms, BULLETIN_SMS_MAX + 1);
	buf_init(&draft->source, BULLETIN_SOURCE_MAX + 1);
	buf_init(&draft->audience, BULLETIN_AUDIENCE_MAX + 1);
}

static void draft_done(struct draft *draft)
{
	struct buf *const texts[] = {
		&draft->title, &draft->text, &draft->sms, &draft->source, &draft->audience};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		buf_wipe(texts[i]);
}

/* The version that there is. */
static enum err draft_load(struct desk *desk, const struct bulletin *b, struct draft *draft)
{
	struct bulletin_words words;
	enum err err = bulletin_words(desk->store, b, &words);

	if (err)
		return err;
	draft->content = (struct bulletin_content){.urgency = b->urgency,
		.severity = b->severity,
		.certainty = b->certainty,
		.is_drill = b->is_drill,
		.to_refusers = b->to_refusers,
		.refers_to = b->refers_to,
		.refers_how = b->refers_how,
		.from_ms = b->from_ms,
		.expires_ms = b->expires_ms,
		.enclosure_id = b->enclosure_id};
	snprintf(draft->category, sizeof(draft->category), "%s", b->category);
	err = buf_adds(&draft->title, words.title);
	if (!err)
		err = buf_adds(&draft->text, words.text);
	if (!err)
		err = buf_adds(&draft->sms, words.sms);
	if (!err)
		err = buf_adds(&draft->source, words.source);
	if (!err)
		err = bulletin_audience(desk->store, b, &draft->audience);
	bulletin_words_free(&words);
	return err;
}

/* NULL: as it is. In normal form, without control characters, without blanks around. */
static enum err take_text(
	const char *typed, bool is_line, struct buf *text, const char *what, struct errbuf *eb)
{
	CLEAN_BUF normal = {0};
	const char *from;
	size_t len;

	if (!typed)
		return ERR_OK;
	buf_init(&normal, text->max + 64);
	if (sms_text_normalize(typed, &normal))
		return errbuf_set(eb, ERR_INVALID, "the %s is not valid UTF-8, or too long", what);
	from = buf_text(&normal) + strspn(buf_text(&normal), " \n");
	len = strlen(from);
	while (len && (from[len - 1] == ' ' || from[len - 1] == '\n'))
		len--;
	if (is_line && memchr(from, '\n', len))
		return errbuf_set(eb, ERR_INVALID, "the %s has one line", what);
	buf_reset(text);
	return buf_add(text, from, len) ? errbuf_set(eb, ERR_TOO_BIG, "the %s is too long", what)
					: ERR_OK;
}

static enum err take_class(
	struct draft *draft, const struct desk_bulletin_in *in, bool is_new, struct errbuf *eb)
{
	const struct bulletin_category *category = bulletin_category_find(
		in->category ? in->category : draft->category);
	struct bulletin_content *c = &draft->content;

	if (!category)
		return errbuf_set(eb, ERR_INVALID,
			"the category is none of the list; see binhyenctl bulletin categories");
	snprintf(draft->category, sizeof(draft->category), "%s", category->code);
	c->is_sensitive = category->is_sensitive;
	if (is_new) {
		c->urgency = category->urgency;
		c->severity = category->severity;
		c->certainty = category->certainty;
	}
	if ((in->urgency && bulletin_urgency_of(in->urgency, &c->urgency)) ||
		(in->severity && bulletin_severity_of(in->severity, &c->severity)) ||
		(in->certainty && bulletin_certainty_of(in->certainty, &c->certainty)))
		return errbuf_set(eb, ERR_INVALID,
			"urgency is immediate, expected, future, past or unknown; severity "
			"extreme, severe, moderate, minor or unknown; certainty observed, likely, "
			"possible, unlikely or unknown");
	if (in->is_drill >= 0)
		c->is_drill = in->is_drill;
	if (in->to_refusers >= 0)
		c->to_refusers = in->to_refusers;
	return ERR_OK;
}

static enum err take_times(struct desk *desk, struct draft *draft,
	const struct desk_bulletin_in *in, bool is_new, struct errbuf *eb)
{
	struct bulletin_content *c = &draft->content;
	int64_t now_ms = desk_now(desk), from_ms;

	if (in->from_ms >= 0)
		c->from_ms = in->from_ms;
	from_ms = c->from_ms > now_ms ? c->from_ms : now_ms;
	if (in->expires_ms > 0)
		c->expires_ms = in->expires_ms;
	else if (is_new || !in->expires_ms)
		c->expires_ms = from_ms + bulletin_category_find(draft->category)->days * DAY_MS;
	if (c->expires_ms <= from_ms)
		return errbuf_set(eb, ERR_INVALID, "its validity ends before it could be sent");
	if (c->expires_ms > now_ms + DESK_BULLETIN_AHEAD_MAX)
		return errbuf_set(eb, ERR_INVALID, "it ends more than a year ahead");
	return ERR_OK;
}

static enum err take_links(struct desk *desk, struct draft *draft,
	const struct desk_bulletin_in *in, struct errbuf *eb)
{
	struct bulletin_content *c = &draft->content;
	struct enclosure enclosure;
	struct bulletin other;
	enum err err = ERR_OK;

	if (in->refers_to >= 0)
		c->refers_to = in->refers_to;
	if (in->refers_how && bulletin_refers_of(in->refers_how, &c->refers_how))
		return errbuf_set(
			eb, ERR_INVALID, "a bulletin corrects or recalls the one it refers to");
	if ((c->refers_to != 0) != (c->refers_how != BULLETIN_REFERS_NOT))
		return errbuf_set(eb, ERR_INVALID,
			"say both which bulletin it refers to, and whether it corrects or recalls");
	if (c->refers_to)
		err = bulletin_find(desk, c->refers_to, &other, eb);
	if (in->enclosure_id >= 0)
		c->enclosure_id = in->enclosure_id;
	if (!err && in->enclosure_id > 0) {
		err = enclosure_load(desk->store, c->enclosure_id, &enclosure);
		if (err == ERR_NOT_FOUND)
			errbuf_set(eb, err, "the picture or file is not there");
	}
	return err;
}

/* What corrects or recalls goes to those whom the other one reached, unless somebody says else. */
static enum err take_audience(struct desk *desk, struct draft *draft,
	const struct desk_bulletin_in *in, struct errbuf *eb)
{
	char reached[48];
	const char *rule = in->audience;

	if (!rule && draft->audience.len)
		return ERR_OK;
	if (!rule && !draft->content.refers_to)
		return errbuf_set(eb, ERR_INVALID, "it needs an audience");
	if (!rule) {
		snprintf(reached, sizeof(reached), "{\"reached\": %lld}",
			(long long)draft->content.refers_to);
		rule = reached;
	}
	buf_reset(&draft->audience);
	return desk_audience_read(desk, rule, &draft->audience, eb);
}

static enum err take_texts(
	struct draft *draft, const struct desk_bulletin_in *in, struct errbuf *eb)
{
	enum err err = take_text(in->title, true, &draft->title, ERR_WORD("title"), eb);

	if (!err)
		err = take_text(in->text, false, &draft->text, ERR_WORD("text"), eb);
	if (!err)
		err = take_text(in->sms, false, &draft->sms, ERR_WORD("SMS text"), eb);
	return err;
}

static enum err propose_sms(struct draft *draft)
{
	if (draft->sms.len)
		return ERR_OK;
	return desk_bulletin_propose(buf_text(&draft->title), buf_text(&draft->text), &draft->sms);
}

static enum err take_words(
	struct draft *draft, const struct desk_bulletin_in *in, struct errbuf *eb)
{
	bool is_empty;
	enum err err = take_texts(draft, in, eb);

	if (!err)
		err = take_text(in->source, true, &draft->source, ERR_WORD("source"), eb);
	if (err)
		return err;
	is_empty = !draft->title.len || !draft->text.len;
	if (is_empty || desk_code_points(buf_text(&draft->title)) > DESK_BULLETIN_TITLE_MAX)
		return errbuf_set(eb, is_empty ? ERR_INVALID : ERR_TOO_BIG,
			"it needs a title of at most %d letters, and a text",
			DESK_BULLETIN_TITLE_MAX);
	return propose_sms(draft);
}

/* What its marks, its lane and its words about refusing depend on. */
static struct bulletin shape_of(const struct draft *draft, const char *audience)
{
	const struct bulletin_content *c = &draft->content;
	struct bulletin b = {.urgency = c->urgency,
		.severity = c->severity,
		.is_emergency = bulletin_is_emergency(c->urgency, c->severity),
		.is_trial = str_eq(audience, BULLETIN_TRIAL_AUDIENCE),
		.is_drill = c->is_drill,
		.refers_to = c->refers_to,
		.refers_how = c->refers_how};

	snprintf(b.category, sizeof(b.category), "%s", draft->category);
	return b;
}

/* As it will go out it must fit into one Zalo text and into the segments of its lane. */
static enum err check_sizes(const struct draft *draft, struct errbuf *eb)
{
	const struct bulletin_content *c = &draft->content;
	struct bulletin b = shape_of(draft, c->audience);
	struct bulletin_words words = {
		.title = c->title, .text = c->text, .sms = c->sms, .source = c->source};
	CLEAN_BUF out = {0};
	CLEAN_BUF fitted = {0};
	struct sms_size size;
	bool is_unaccented;
	enum err err;

	buf_init(&out, 2 * BULLETIN_TEXT_MAX);
	buf_init(&fitted, OUTBOX_BODY_MAX);
	err = desk_bulletin_text(&b, &words, BULLETIN_FORM_ZALO, &out);
	if (!err && desk_code_points(buf_text(&out)) > DESK_ZALO_TEXT_MAX)
		return errbuf_set(eb, ERR_TOO_BIG,
			"title, text and source have %zu letters together; Zalo takes %d",
			desk_code_points(buf_text(&out)), DESK_ZALO_TEXT_MAX);
	buf_reset(&out);
	if (!err)
		err = desk_bulletin_text(&b, &words, BULLETIN_FORM_SMS, &out);
	return err ? err
		   : desk_sms_fit(
			     bulletin_lane(&b), buf_text(&out), &fitted, &size, &is_unaccented, eb);
}

static enum err draft_take(struct desk *desk, struct draft *draft,
	const struct desk_bulletin_in *in, bool is_new, struct errbuf *eb)
{
	struct bulletin_content *c = &draft->content;
	enum err err = take_class(draft, in, is_new, eb);

	if (!err)
		err = take_times(desk, draft, in, is_new, eb);
	if (!err)
		err = take_links(desk, draft, in, eb);
	if (!err)
		err = take_audience(desk, draft, in, eb);
	if (!err)
		err = take_words(draft, in, eb);
	if (err)
		return err;
	c->category = draft->category;
	c->audience = buf_text(&draft->audience);
	c->title = buf_text(&draft->title);
	c->text = buf_text(&draft->text);
	c->sms = buf_text(&draft->sms);
	c->source = buf_text(&draft->source);
	return check_sizes(draft, eb);
}

static enum err sms_of(struct desk *desk, const struct desk_bulletin_in *in, struct draft *draft,
	enum lane *ret_lane, struct buf *out, struct errbuf *eb)
{
	struct bulletin b;
	enum err err = take_class(draft, in, true, eb);

	if (!err && in->refers_how &&
		bulletin_refers_of(in->refers_how, &draft->content.refers_how))
		err = errbuf_set(
			eb, ERR_INVALID, "a bulletin corrects or recalls the one it refers to");
	if (!err && in->audience)
		err = desk_audience_read(desk, in->audience, &draft->audience, eb);
	if (!err)
		err = take_texts(draft, in, eb);
	if (!err && !draft->sms.len && (!draft->title.len || !draft->text.len))
		err = errbuf_set(eb, ERR_INVALID,
			"it needs the words of the text message, or a title and a text");
	if (!err)
		err = propose_sms(draft);
	if (err)
		return err;
	b = shape_of(draft, buf_text(&draft->audience));
	*ret_lane = bulletin_lane(&b);
	return desk_bulletin_text(&b,
		&(struct bulletin_words){.title = buf_text(&draft->title),
			.text = buf_text(&draft->text),
			.sms = buf_text(&draft->sms),
			.source = ""},
		BULLETIN_FORM_SMS, out);
}

enum err desk_bulletin_sms(struct desk *desk, const struct desk_bulletin_in *in,
	enum lane *ret_lane, struct buf *out, struct errbuf *eb)
{
	struct draft draft;
	enum err err;

	draft_init(&draft);
	err = sms_of(desk, in, &draft, ret_lane, out, eb);
	draft_done(&draft);
	return err;
}

static enum err kept(enum err err, struct errbuf *eb)
{
	if (err == ERR_INVALID)
		return errbuf_set(eb, err,
			"only an emergency (immediate or expected, and extreme or severe) goes "
			"to those who refused bulletins, and none refers to itself");
	if (err == ERR_STATE)
		return errbuf_set(eb, err,
			"it went out or was thrown away; write a new one that refers to it");
	return err == ERR_TOO_BIG ? errbuf_set(eb, err, "it was changed %d times; write a new one",
					    BULLETIN_VERSIONS_MAX)
				  : err;
}

/* ---- findings --------------------------------------------------------------------------------
 */

enum err bulletin_screen_now(struct desk *desk, int64_t id, struct errbuf *eb)
{
	struct finding *findings = calloc(FINDINGS_MAX, sizeof(*findings));
	struct bulletin_words words;
	struct bulletin bulletin;
	int count = 0;
	enum err err = findings ? bulletin_load(desk->store, id, &bulletin) : ERR_NOMEM;

	if (!err)
		err = bulletin_words(desk->store, &bulletin, &words);
	if (!err) {
		const char *const fields[FINDING_FIELD_COUNT] = {
			words.title, words.text, words.sms, words.source};

		for (int f = 0; !err && f < FINDING_FIELD_COUNT; f++)
			err = bulletin_screen(
				fields[f], (enum finding_field)f, findings, FINDINGS_MAX, &count);
		if (err == ERR_TOO_BIG)
			errbuf_set(eb, err,
				"the screen found more than %d places; this is no bulletin",
				FINDINGS_MAX);
		if (!err)
			err = finding_put_all(desk->store, &bulletin, fields, findings, count);
		bulletin_words_free(&words);
	}
	free(findings);
	return err;
}

enum err desk_bulletin_answer(struct desk *desk, int64_t id, int64_t finding_id, const char *reason,
	const struct desk_actor *actor, struct errbuf *eb)
{
	struct bulletin bulletin;
	enum err err = bulletin_find(desk, id, &bulletin, eb);

	if (err)
		return err;
	if (!actor->officer_id)
		return errbuf_set(eb, ERR_DENIED,
			"an officer answers; create officers first (binhyenctl officer add)");
	if (desk_letters(reason) < DESK_BULLETIN_REASON_MIN)
		return errbuf_set(eb, ERR_INVALID,
			"say why it may stand there, in at least %d letters",
			DESK_BULLETIN_REASON_MIN);
	err = finding_answer(desk->store, &bulletin, finding_id, actor->officer_id, reason);
	if (err == ERR_NOT_FOUND)
		errbuf_set(eb, err, "the screen found no such place in this version");
	else if (err == ERR_STATE)
		errbuf_set(eb, err, "it is no draft any more");
	else if (err == ERR_TOO_BIG)
		errbuf_set(eb, err, "the reason is too long");
	return err ? err : bulletin_note(desk, "answered", &bulletin, actor->name, NULL, NULL);
}

/* ---- acts ------------------------------------------------------------------------------------
 */

static enum err write_event(
	struct desk *desk, const char *act, int64_t id, const struct desk_actor *actor)
{
	struct bulletin bulletin;
	enum err err = bulletin_load(desk->store, id, &bulletin);

	return err ? err
		   : bulletin_note(
			     desk, act, &bulletin, actor->name, "category", bulletin.category);
}

enum err desk_bulletin_new(struct desk *desk, enum bulletin_origin origin,
	const struct desk_bulletin_in *in, const struct desk_actor *actor, int64_t *ret_id,
	struct errbuf *eb)
{
	struct draft draft;
	int64_t id = 0;
	enum err err;

	draft_init(&draft);
	err = draft_take(desk, &draft, in, true, eb);
	if (!err)
		err = kept(
			bulletin_add(desk->store, origin, &draft.content, actor->officer_id, &id),
			eb);
	draft_done(&draft);
	if (!err)
		err = bulletin_screen_now(desk, id, eb);
	if (!err)
		err = write_event(desk, "created", id, actor);
	if (!err)
		*ret_id = id;
	return err;
}

enum err desk_bulletin_edit(struct desk *desk, int64_t id, const struct desk_bulletin_in *in,
	const struct desk_actor *actor, struct errbuf *eb)
{
	struct bulletin bulletin;
	struct draft draft;
	enum err err = bulletin_find(desk, id, &bulletin, eb);

	if (err)
		return err;
	draft_init(&draft);
	err = draft_load(desk, &bulletin, &draft);
	if (err == ERR_NOT_FOUND)
		err = errbuf_set(eb, ERR_STATE, "it was thrown away; write a new one");
	if (!err)
		err = draft_take(desk, &draft, in, false, eb);
	if (!err)
		err = kept(bulletin_revise(desk->store, id, &draft.content, actor->officer_id), eb);
	draft_done(&draft);
	if (!err)
		err = bulletin_screen_now(desk, id, eb);
	return err ? err : write_event(desk, "edited", id, actor);
}
