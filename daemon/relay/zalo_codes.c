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

static const struct zalo_code codes[] = {
	{0, ZALO_DONE, ERR_OK, "ok"},
	{-32, ZALO_NEXT_MINUTE, ERR_RATE, "over the rate of this minute"},
	{-100, ZALO_RETRY, ERR_BUSY, "attachment expired"},
	{-155, ZALO_RETRY, ERR_BUSY, "upload expired"},
	{-200, ZALO_READ_BACK, ERR_IN_DOUBT, "send failed, reason not told"},
	{-201, ZALO_REFUSED, ERR_REFUSED, "a field is invalid"},
	{-204, ZALO_STOP, ERR_DENIED, "the OA was deleted"},
	{-205, ZALO_STOP, ERR_DENIED, "the OA does not exist"},
	{-209, ZALO_STOP, ERR_DENIED, "the app is not activated"},
	{-210, ZALO_REFUSED, ERR_TOO_BIG, "a parameter is over its limit"},
	{-211, ZALO_HOLD, ERR_QUOTA, "quota of this function used up"},
	{-212, ZALO_STOP, ERR_DENIED, "the app has not registered this API"},
	{-213, ZALO_REFUSED, ERR_RECIPIENT, "the user does not follow the OA"},
	{-214, ZALO_RETRY, ERR_BUSY, "still processing"},
	{-216, ZALO_TOKEN, ERR_AUTH, "access token invalid"},
	{-220, ZALO_TOKEN, ERR_AUTH, "access token expired"},
	{-124, ZALO_TOKEN, ERR_AUTH, "access token invalid"},
	{216, ZALO_TOKEN, ERR_AUTH, "access token invalid"},
	{401, ZALO_TOKEN, ERR_AUTH, "access token invalid"},
	{-401, ZALO_TOKEN, ERR_AUTH, "access token invalid"},
	{-217, ZALO_REFUSED, ERR_RECIPIENT, "the user blocked invitations"},
	{-218, ZALO_HOLD, ERR_QUOTA, "quota for this user reached"},
	{-219, ZALO_STOP, ERR_DENIED, "the app was removed or disabled"},
	{-221, ZALO_STOP, ERR_DENIED, "the OA is not verified"},
	{-223, ZALO_STOP, ERR_DENIED, "the OA has not granted this permission"},
	{-224, ZALO_STOP, ERR_DENIED, "the OA's package does not include this"},
	{-227, ZALO_REFUSED, ERR_RECIPIENT, "the user is banned or idle for 45 days"},
	{-230, ZALO_REFUSED, ERR_RECIPIENT, "no interaction within 7 days"},
	{-232, ZALO_REFUSED, ERR_RECIPIENT, "no interaction, or expired"},
	{-233, ZALO_REFUSED, ERR_UNSUPPORTED, "message type not supported"},
	{-234, ZALO_MORNING, ERR_BUSY, "not between 22:00 and 06:00"},
	{-235, ZALO_STOP, ERR_DENIED, "not for this type of OA"},
	{-237, ZALO_STOP, ERR_DENIED, "the group is disabled (asset expired)"},
	{-238, ZALO_STOP, ERR_DENIED, "the group's asset is disabled"},
	{-241, ZALO_STOP, ERR_DENIED, "the group's free asset is used up"},
	{-240, ZALO_STOP, ERR_UNSUPPORTED, "this version of the API is off"},
	{-242, ZALO_STOP, ERR_CONFIG, "appsecret_proof wrong: check zalo.app_secret"},
	{-244, ZALO_REFUSED, ERR_RECIPIENT, "the user restricted this type"},
	{-248, ZALO_REFUSED, ERR_REFUSED, "against the rules of the platform"},
	{-320, ZALO_HOLD, ERR_QUOTA, "no wallet is linked"},
	{-321, ZALO_HOLD, ERR_QUOTA, "the wallet is empty"},
	{-403, ZALO_REFUSED, ERR_RECIPIENT, "the OA is not in that group"},
	{404, ZALO_STOP, ERR_UNSUPPORTED, "the API has no such call"},
};

const struct zalo_code *zalo_code(int64_t code)
{
	static const struct zalo_code unknown = {
		INT64_MIN, ZALO_UNKNOWN_CODE, ERR_PROTOCOL, "an error code that is not known"};

	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		if (codes[i].code == code)
			return &codes[i];
	}
	return &unknown;
}

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

enum err zalo_answer_err(const struct zalo_answer *answer)
{
	if (answer->transport)
		return answer->transport;
	if (answer->is_envelope)
		return zalo_code(answer->code)->err;
	if (answer->status == 429)
		return ERR_RATE;
	return answer->status >= 500 ? ERR_UNREACHABLE : ERR_PROTOCOL;
}

const char *zalo_answer_text(const struct zalo_answer *answer)
{
	if (answer->transport)
		return answer->reason ? answer->reason : err_en(answer->transport);
	if (answer->is_envelope)
		return zalo_code(answer->code)->text;
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

/* No envelope came, so nobody said what became of the message. */
static void classify_without_code(
	const struct zalo_answer *answer, struct send_outcome *ret_outcome)
{
	ret_outcome->err = zalo_answer_err(answer);
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
	const struct zalo_code *code = zalo_code(answer->code);

	*ret_outcome = (struct send_outcome){.result = SEND_RETRY, .err = code->err};
	message_id[0] = 0;
	if (!zalo_answer_is_reply(answer)) {
		classify_without_code(answer, ret_outcome);
		return;
	}
	switch (code->action) {
	case ZALO_DONE:
		ret_outcome->result = SEND_SENT;
		if (!zalo_json_id(json_object_get(answer->data, "message_id"), message_id,
			    message_id_bytes))
			ret_outcome->external_id = message_id;
		else
			message_id[0] = 0;
		break;
	case ZALO_RETRY:
	case ZALO_TOKEN:
		break;
	case ZALO_NEXT_MINUTE:
		ret_outcome->retry_after_ms = MINUTE_MS - now_ms % MINUTE_MS;
		break;
	case ZALO_MORNING:
		ret_outcome->retry_after_ms = zalo_until_morning_ms(now_ms);
		break;
	case ZALO_HOLD:
		ret_outcome->retry_after_ms = HOLD_MS;
		break;
	case ZALO_STOP:
		ret_outcome->retry_after_ms = STOP_MS;
		break;
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
