/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/ussd_gateway.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/intake/ussd.h"
#include "gateway/sms_text.h"
#include "store/hmac.h"
#include "store/ussd_session.h"

#include <stdlib.h>
#include <string.h>

#define TOKEN_MAX 256

struct ussd_gateway {
	struct intake *intake;
	const struct config_ussd *config;
	char token[TOKEN_MAX];
};

/* How the members of a call are called. */
struct names {
	const char *session, *phone, *code, *text, *step;
};
static const struct names africas_talking = {"sessionId", "phoneNumber", "serviceCode", "text", ""};

enum err ussd_gateway_new(
	const struct ussd_gateway_options *options, struct ussd_gateway **ret_gateway)
{
	struct ussd_gateway *gateway = calloc(1, sizeof(*gateway));
	enum err err;

	if (!gateway)
		return ERR_NOMEM;
	gateway->intake = options->intake;
	gateway->config = options->config;
	err = str_copy(gateway->token, sizeof(gateway->token), options->token);
	if (err) {
		free(gateway);
		return err;
	}
	*ret_gateway = gateway;
	return ERR_OK;
}

void ussd_gateway_free(struct ussd_gateway *gateway)
{
	if (gateway)
		explicit_bzero(gateway->token, sizeof(gateway->token));
	free(gateway);
}

bool ussd_gateway_has_token(const struct ussd_gateway *gateway)
{
	return gateway->token[0] != 0;
}

static const char *field(const json_t *fields, const char *name)
{
	const char *text = json_string_value(json_object_get(fields, name));

	return text ? text : "";
}

/* In a time that tells nothing about where they differ. */
static bool is_same(const struct ussd_gateway *gateway, const char *given, const char *wanted)
{
	const char *key = gateway->token;
	uint8_t a[HMAC_SHA256_BYTES], b[HMAC_SHA256_BYTES];

	hmac_sha256(key, strlen(key), given, strlen(given), a);
	hmac_sha256(key, strlen(key), wanted, strlen(wanted), b);
	return hmac_is_equal(a, b);
}

/* The proxy before us adds whom it heard at the end; what stands before that anybody may have
 * written. */
static bool is_from_gateway(const struct config_ussd *config, const char *forwarded)
{
	const char *last = forwarded ? strrchr(forwarded, ',') : NULL;
	size_t len;

	if (!config->from_count)
		return true;
	if (!forwarded)
		return false;
	last = last ? last + 1 : forwarded;
	last += strspn(last, " \t");
	len = strcspn(last, " \t");
	for (int i = 0; i < config->from_count; i++) {
		if (strlen(config->from[i]) == len && memcmp(config->from[i], last, len) == 0)
			return true;
	}
	return false;
}

static enum err check(const struct ussd_gateway *gateway, const struct names *names,
	const json_t *fields, const char *forwarded, struct errbuf *eb)
{
	const char *why = NULL;

	if (!gateway->token[0] || !is_same(gateway, field(fields, "token"), gateway->token))
		why = "token";
	else if (!is_from_gateway(gateway->config, forwarded))
		why = "address";
	else if (!str_eq(field(fields, names->code), gateway->config->service_code))
		why = "service_code";
	if (!why)
		return ERR_OK;
	log_warn("ussd", "call=denied wrong=%s", why);
	return errbuf_set(
		eb, ERR_DENIED, "not the gateway: token, address or service code is wrong");
}

static enum err answer_text(const char *screen, bool is_end, struct buf *out)
{
	return buf_addf(out, "%s %s", is_end ? "END" : "CON", screen);
}

static int add_text(const char *data, size_t bytes, void *arg)
{
	return buf_add(arg, data, bytes) ? -1 : 0;
}

/* Where both words are set they say whether it goes on, otherwise true and false do. */
static enum err answer_json(const struct config_ussd *config, const char *session,
	const char *screen, bool is_end, struct buf *out)
{
	const char *word = is_end ? config->json.end_value : config->json.go_value;
	json_t *state = config->json.end_value[0] ? json_string(word) : json_boolean(is_end);
	json_t *root = json_pack("{s:s, s:s, s:o}", config->json.session, session,
		config->json.answer, screen, config->json.end, state);
	int failed;

	if (!root)
		return ERR_NOMEM;
	failed = json_dump_callback(root, add_text, out, JSON_COMPACT);
	json_decref(root);
	return failed ? ERR_NOMEM : ERR_OK;
}

static enum err run(struct ussd_gateway *gateway, const struct ussd_call *call,
	struct buf *ret_answer, struct errbuf *eb)
{
	const struct config_ussd *config = gateway->config;
	CLEAN_BUF screen = {0};
	bool is_end = false;
	enum err err;

	buf_init(&screen, USSD_ANSWER_MAX);
	err = intake_ussd(gateway->intake, call, &screen, &is_end);
	if (err == ERR_INVALID)
		errbuf_set(eb, err, "the session is another phone's, or something is too long");
	if (!err && config->is_json)
		err = answer_json(config, call->session, buf_text(&screen), is_end, ret_answer);
	else if (!err)
		err = answer_text(buf_text(&screen), is_end, ret_answer);
	buf_wipe(&screen);
	return err;
}

enum err ussd_gateway_call(struct ussd_gateway *gateway, const json_t *fields,
	const char *forwarded, struct buf *ret_answer, bool *ret_is_json, struct errbuf *eb)
{
	const struct config_ussd *config = gateway->config;
	struct names names = africas_talking;
	char phone[MSISDN_BYTES];
	struct ussd_call call;
	enum err err;

	if (config->is_json)
		names = (struct names){config->json.session, config->json.phone, config->json.code,
			config->json.text, config->json.step};
	err = check(gateway, &names, fields, forwarded, eb);
	if (err)
		return err;
	call = (struct ussd_call){.session = field(fields, names.session),
		.phone = phone,
		.text = field(fields, names.text),
		.step = names.step[0] ? field(fields, names.step) : NULL};
	if (!call.session[0] || (call.step && !call.step[0]) ||
		msisdn_normalize(field(fields, names.phone), phone))
		return errbuf_set(eb, ERR_INVALID, "a call needs %s, %s as a number, %s%s%s",
			names.session, names.phone, names.text, call.step ? " and " : "",
			names.step);
	*ret_is_json = config->is_json;
	err = run(gateway, &call, ret_answer, eb);
	explicit_bzero(phone, sizeof(phone));
	return err;
}
