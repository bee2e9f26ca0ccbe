/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The preview of an SMS for the API: what was asked as JSON, and the answer. */
#include "daemon/relay/modem_private.h"
#include "daemon/relay/sms_preview.h"

#include <string.h>

#define RECIPIENTS_MAX 2000   /* numbers in one question: 40 KB of the body */
#define COUNT_MAX      100000 /* recipients of a commune, many times over */

struct asked {
	char (*numbers)[MSISDN_BYTES];
	const char **to;
	struct preview_ask ask;
};

static void asked_done(struct asked *asked)
{
	if (asked->numbers)
		explicit_bzero(asked->numbers, (size_t)asked->ask.count * MSISDN_BYTES);
	free(asked->numbers);
	free(asked->to);
}

static enum err read_numbers(struct asked *asked, const json_t *list, struct errbuf *eb)
{
	size_t count = json_array_size(list);
	enum err err = ERR_OK;

	if (!count || count > RECIPIENTS_MAX)
		return errbuf_set(eb, ERR_INVALID, "\"to\" is a list of 1 to %d phone numbers",
			RECIPIENTS_MAX);
	asked->numbers = calloc(count, MSISDN_BYTES);
	asked->to = calloc(count, sizeof(*asked->to));
	if (!asked->numbers || !asked->to)
		return ERR_NOMEM;
	asked->ask.count = (int64_t)count;
	asked->ask.to = asked->to;
	for (size_t i = 0; !err && i < count; i++) {
		const char *number = json_string_value(json_array_get(list, i));

		err = number ? msisdn_normalize(number, asked->numbers[i]) : ERR_INVALID;
		asked->to[i] = asked->numbers[i];
		if (err)
			errbuf_set(eb, err, "to[%zu] is no phone number", i);
	}
	return err;
}

static enum err read_lane(const char *name, enum lane *ret_lane, struct errbuf *eb)
{
	for (int lane = 0; lane < LANE_COUNT; lane++) {
		if (str_eq(name, modem_lane_text((enum lane)lane))) {
			*ret_lane = (enum lane)lane;
			return ERR_OK;
		}
	}
	return errbuf_set(eb, ERR_INVALID, "lane is alarm, answer, urgent or bulletin");
}

static enum err read_ask(struct asked *asked, const json_t *ask, struct errbuf *eb)
{
	const json_t *to = json_object_get(ask, "to"), *count = json_object_get(ask, "count");
	const json_t *lane = json_object_get(ask, "lane");
	enum err err = ERR_OK;

	asked->ask.text = json_string_value(json_object_get(ask, "text"));
	asked->ask.lane = LANE_BULLETIN;
	asked->ask.count = 1;
	if (!asked->ask.text)
		return errbuf_set(eb, ERR_INVALID, "\"text\" is missing");
	if (json_object_size(ask) != 1u + (to != NULL) + (count != NULL) + (lane != NULL))
		return errbuf_set(eb, ERR_INVALID, "the body has text, to or count, and lane");
	if (to && count)
		return errbuf_set(eb, ERR_INVALID, "either \"to\" or \"count\"");
	if (lane)
		err = read_lane(json_string_value(lane), &asked->ask.lane, eb);
	if (!err && to)
		return read_numbers(asked, to, eb);
	if (!err && count) {
		asked->ask.count = json_integer_value(count);
		if (asked->ask.count < 1 || asked->ask.count > COUNT_MAX)
			err = errbuf_set(eb, ERR_INVALID, "\"count\" is 1 to %d", COUNT_MAX);
	}
	return err;
}

/* What reaches them that the caps keep back: no trick with the text does. */
static const char *alternative(const struct modem_pool *pool)
{
	return pool->has_http_sms ? "http_sms" : pool->has_zalo ? "zalo" : "more_sims";
}

static json_t *answer(const struct modem_pool *pool, const struct asked *asked, const char *text,
	const struct preview *p)
{
	json_t *minutes = p->takes_ms == PREVIEW_NEVER
				  ? json_null()
				  : json_integer((p->takes_ms + MINUTE_MS - 1) / MINUTE_MS);

	return json_pack("{s:s, s:s, s:b, s:i, s:i, s:s, s:I, s:i, s:o, s:o, s:I, s:I, s:s?}",
		"text", text, "alphabet", p->size.coding == SMS_CODING_UCS2 ? "ucs2" : "gsm7",
		"unaccented", p->is_unaccented, "characters", p->size.units, "segments",
		p->size.segments, "lane", modem_lane_text(asked->ask.lane), "recipients",
		(json_int_t)asked->ask.count, "modems", p->ready, "price",
		p->has_price ? json_integer(p->price) : json_null(), "minutes", minutes,
		"minutes_allowed", (json_int_t)(p->expires_ms / MINUTE_MS), "too_late",
		(json_int_t)p->too_late, "alternative", p->too_late ? alternative(pool) : NULL);
}

enum err modem_pool_preview(
	struct modem_pool *pool, const json_t *ask, json_t **ret_answer, struct errbuf *eb)
{
	struct modem_candidate list[CONFIG_MODEMS_MAX];
	struct asked asked = {.numbers = NULL};
	struct preview preview;
	CLEAN_BUF text = {0};
	enum err err = read_ask(&asked, ask, eb);

	buf_init(&text, OUTBOX_BODY_MAX);
	asked.ask.modem_count = modem_candidates(pool, list);
	asked.ask.modems = list;
	if (!err)
		err = sms_preview(pool->store, &asked.ask, &text, &preview, eb);
	if (!err) {
		*ret_answer = answer(pool, &asked, buf_text(&text), &preview);
		err = *ret_answer ? ERR_OK : ERR_NOMEM;
	}
	buf_wipe(&text);
	asked_done(&asked);
	return err;
}
