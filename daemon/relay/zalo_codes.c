/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/zalo_codes.h"

#include "daemon/base/clock.h"
#include "store/zalo_state.h"

#include <string.h>

#define HOLD_MS	   (1 * HOUR_MS)
#define STOP_MS	   (10 * MINUTE_MS)
#define UNKNOWN_MS (1 * MINUTE_MS)

#define LIFE_MIN_S 1
#define LIFE_MAX_S INT64_C(31536000) /* a year; today it is 25 hours */

/* What stands there when it is no envelope: 511 was made for captive portals (RFC 6585 §6), which
 * otherwise redirect or answer everything with their page. */
static enum net_fault foreign_fault(int status, const char *body, size_t body_bytes)
{
	size_t i = 0;

	if (status == 511 || (status >= 300 && status < 400))
		return NET_PORTAL;
	if (status >= 500)
		return NET_SERVICE;
	while (i < body_bytes && strchr(" \t\r\n\xef\xbb\xbf", body[i]) && body[i])
		i++;
	return status == 200 && i < body_bytes && body[i] == '<' ? NET_PORTAL : NET_FOREIGN;
}

void zalo_answer_parse(struct zalo_answer *answer, const char *body, size_t body_bytes)
{
	json_t *root = NULL;

	answer->fault = foreign_fault(answer->status, body, body_bytes);
	if (zalo_json_load(body, body_bytes, &root))
		return;
	answer->root = root;
	if (!json_is_object(root) || zalo_json_int(json_object_get(root, "error"), &answer->code))
		return;
	answer->fault = NET_NONE;
	answer->is_envelope = true;
	answer->data = json_object_get(root, "data");
}

void zalo_answer_done(struct zalo_answer *answer)
{
	json_decref(answer->root);
	*answer = (struct zalo_answer){0};
}

bool zalo_answer_is_reply(const struct zalo_answer *answer)
{
	return !answer->transport && answer->is_envelope;
}

const struct zalo_code *zalo_answer_code(const struct zalo_answer *answer)
{
	return zalo_code_of(answer->api, answer->is_envelope ? answer->code : INT64_MIN);
}

bool zalo_answer_is(const struct zalo_answer *answer, enum zalo_action action)
{
	return zalo_answer_is_reply(answer) && zalo_answer_code(answer)->action == action;
}

enum err zalo_answer_err(const struct zalo_answer *answer)
{
	if (answer->transport)
		return answer->transport;
	if (answer->is_envelope)
		return zalo_answer_code(answer)->err;
	if (answer->status == 429)
		return ERR_RATE;
	return answer->status >= 500 ? ERR_UNREACHABLE : ERR_PROTOCOL;
}

const char *zalo_answer_text(const struct zalo_answer *answer)
{
	if (answer->transport)
		return answer->reason ? answer->reason : err_en(answer->transport);
	if (answer->is_envelope)
		return zalo_answer_code(answer)->text;
	if (answer->status == 429)
		return "over the rate of this minute";
	return net_fault_text(answer->fault ? answer->fault : NET_FOREIGN)->en;
}

int64_t zalo_until_morning_ms(int64_t now_ms)
{
	int64_t of_day = (now_ms + VIETNAM_OFFSET_MS) % DAY_MS;
	int64_t wait = 6 * HOUR_MS - of_day;

	return wait > 0 ? wait : wait + DAY_MS;
}

int64_t zalo_until_midnight_ms(int64_t now_ms)
{
	return DAY_MS - (now_ms + VIETNAM_OFFSET_MS) % DAY_MS;
}

/* No envelope came, so nobody said what became of the message. */
static void classify_without_code(
	const struct zalo_answer *answer, struct send_outcome *ret_outcome)
{
	ret_outcome->err = zalo_answer_err(answer);
	ret_outcome->note = err_vi(ret_outcome->err);
	if (answer->transport)
		ret_outcome->result = answer->may_have_left ? SEND_IN_DOUBT : SEND_RETRY;
	else if (answer->status >= 400 && answer->status < 500)
		ret_outcome->result = SEND_RETRY; /* turned away before it was executed */
	else
		ret_outcome->result = SEND_IN_DOUBT;
	if (answer->status == 429)
		ret_outcome->retry_after_ms = MINUTE_MS;
}

void zalo_send_classify(const struct zalo_answer *answer, int attempt, int64_t now_ms,
	char *message_id, size_t message_id_bytes, struct send_outcome *ret_outcome)
{
	const struct zalo_code *code = zalo_answer_code(answer);

	*ret_outcome = (struct send_outcome){
		.result = SEND_RETRY, .err = code->err, .note = code->vi};
	message_id[0] = 0;
	if (!zalo_answer_is_reply(answer)) {
		classify_without_code(answer, ret_outcome);
		return;
	}
	switch (code->action) {
	case ZALO_DONE:
		ret_outcome->result = SEND_SENT;
		ret_outcome->note = NULL;
		ret_outcome->report_expected = answer->api == ZALO_API_ZNS;
		if (!zalo_json_id(json_object_get(answer->data,
					  answer->api == ZALO_API_ZNS ? "msg_id" : "message_id"),
			    message_id, message_id_bytes))
			ret_outcome->external_id = message_id;
		else
			message_id[0] = 0;
		break;
	case ZALO_RETRY:
	case ZALO_REUPLOAD:
	case ZALO_TOKEN:
		break;
	case ZALO_NEXT_MINUTE:
		ret_outcome->retry_after_ms = MINUTE_MS - now_ms % MINUTE_MS;
		break;
	case ZALO_MORNING:
		ret_outcome->retry_after_ms = zalo_until_morning_ms(now_ms);
		break;
	case ZALO_TOMORROW:
		ret_outcome->retry_after_ms = zalo_until_midnight_ms(now_ms) + MINUTE_MS;
		break;
	case ZALO_HOLD:
	case ZALO_HOLD_USER:
		ret_outcome->retry_after_ms = HOLD_MS;
		break;
	case ZALO_STOP:
		ret_outcome->retry_after_ms = STOP_MS;
		break;
	case ZALO_OTHER_WAY:
	case ZALO_REFUSED:
		ret_outcome->result = SEND_REFUSED;
		break;
	case ZALO_READ_BACK:
		ret_outcome->result = SEND_IN_DOUBT;
		break;
	case ZALO_UNKNOWN_CODE:
		if (attempt >= ZALO_UNKNOWN_TRIES)
			ret_outcome->result = SEND_REFUSED;
		ret_outcome->retry_after_ms = UNKNOWN_MS;
		break;
	}
}

/* ---- token endpoint --------------------------------------------------------------------------
 */

/* It goes into a header: visible ASCII only. */
static bool is_token(const char *text)
{
	size_t len = text ? strlen(text) : 0;

	if (!len || len >= ZALO_TOKEN_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] <= 0x20 || text[i] >= 0x7f)
			return false;
	}
	return true;
}

enum err zalo_pair_parse(const json_t *object, bool is_life_optional, struct zalo_pair *ret_pair)
{
	const json_t *life = json_object_get(object, "expires_in");
	struct zalo_pair pair = {
		.access = json_string_value(json_object_get(object, "access_token")),
		.refresh = json_string_value(json_object_get(object, "refresh_token")),
	};

	if (!is_token(pair.access) || !is_token(pair.refresh))
		return ERR_INVALID;
	if ((life || !is_life_optional) &&
		(zalo_json_int(life, &pair.life_s) || pair.life_s < LIFE_MIN_S ||
			pair.life_s > LIFE_MAX_S))
		return ERR_INVALID;
	/* Seen now and then, and nowhere promised. */
	if (zalo_json_int(
		    json_object_get(object, "refresh_token_expires_in"), &pair.refresh_life_s) ||
		pair.refresh_life_s < LIFE_MIN_S || pair.refresh_life_s > LIFE_MAX_S)
		pair.refresh_life_s = 0;
	*ret_pair = pair;
	return ERR_OK;
}

enum zalo_grant zalo_grant_classify(
	int status, const json_t *root, struct zalo_pair *ret_pair, int64_t *ret_code)
{
	int64_t code = 0;

	if (zalo_json_int(json_object_get(root, "error"), &code))
		code = 0;
	*ret_code = code;
	if (code == -14014 || code == -118)
		return ZALO_GRANT_CONSENT;
	if (code)
		return ZALO_GRANT_FAULT;
	if (status == 200 && !zalo_pair_parse(root, false, ret_pair))
		return ZALO_GRANT_PAIR;
	return ZALO_GRANT_UNCLEAR;
}
