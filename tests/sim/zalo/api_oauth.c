/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/zalo/api_oauth.h"

#include "daemon/base/clock.h"
#include "daemon/base/str.h"
#include "tests/sim/zalo/sha256.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#define CODE_LIFE_MS (10 * MINUTE_MS)

static int hex_digit(char digit)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = digit ? strchr(digits, digit | 0x20) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Value of one field of an application/x-www-form-urlencoded body, decoded; false when absent. */
static bool form_value(const char *body, const char *name, char *value, size_t value_bytes)
{
	size_t name_len = strlen(name), len = 0;

	while (body && (strncmp(body, name, name_len) != 0 || body[name_len] != '=')) {
		body = strchr(body, '&');
		body = body ? body + 1 : NULL;
	}
	if (!body)
		return false;
	for (body += name_len + 1; *body && *body != '&' && len + 1 < value_bytes; body++) {
		unsigned byte = (unsigned char)*body;

		if (*body == '+') {
			byte = ' ';
		} else if (*body == '%') {
			int high = hex_digit(body[1]), low = high < 0 ? -1 : hex_digit(body[2]);

			if (low < 0)
				return false;
			byte = (unsigned)(high * 16 + low);
			body += 2;
		}
		value[len++] = (char)byte;
	}
	value[len] = '\0';
	return *body == '\0' || *body == '&';
}

static bool is_form(const struct call *call)
{
	const char *type = call_header(call, "Content-Type");

	return type && strncasecmp(type, "application/x-www-form-urlencoded", 33) == 0;
}

static void answer_pair(struct world *world, struct reply *reply)
{
	char expires[24], refresh_expires[24];

	snprintf(expires, sizeof(expires), "%" PRId64, world->options.access_lifetime_s);
	snprintf(refresh_expires, sizeof(refresh_expires), "%" PRId64,
		world->options.refresh_lifetime_s);
	reply->json = json_pack("{s:s, s:s, s:s, s:s}", "access_token", world->tokens.access,
		"refresh_token", world->tokens.refresh, "expires_in", expires,
		"refresh_token_expires_in", refresh_expires);
	MUST_HAVE(reply->json);
}

static void grant_refresh(struct world *world, const struct call *call, struct reply *reply)
{
	char refresh[WORLD_TOKEN_BYTES];
	int error;

	if (!form_value(call->body, "refresh_token", refresh, sizeof(refresh)))
		return api_fail(reply, -14014);
	if (!world_refresh_is_replay(world, refresh)) {
		error = world_refresh_check(world, refresh);
		if (error)
			return api_fail(reply, error);
		world_tokens_renew(world, true);
		reply->has_acted = true;
	}
	answer_pair(world, reply);
}

/* BASE64URL(SHA256(verifier)), RFC 7636 section 4.6, written apart from the daemon's. */
static void challenge_of(const char *verifier, char challenge[44])
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	uint8_t hash[SHA256_BYTES];
	unsigned bits = 0;
	int have = 0, at = 0;

	sha256(verifier, strlen(verifier), hash);
	for (int i = 0; i < SHA256_BYTES; i++) {
		bits = bits << 8 | hash[i];
		for (have += 8; have >= 6; have -= 6)
			challenge[at++] = digits[bits >> (have - 6) & 63];
	}
	challenge[at++] = digits[bits << (6 - have) & 63];
	challenge[at] = 0;
}

static void grant_code(struct world *world, const struct call *call, struct reply *reply)
{
	struct world_consent *consent = &world->consent;
	char code[64], verifier[128], challenge[44];
	bool is_good;

	is_good = form_value(call->body, "code", code, sizeof(code)) && consent->code[0] &&
		  str_eq(code, consent->code) && world_now_ms(world) < consent->expires_ms;
	if (!is_good)
		return api_fail(reply, -14014);
	if (consent->challenge[0]) {
		if (!form_value(call->body, "code_verifier", verifier, sizeof(verifier)))
			return api_fail(reply, -14009);
		challenge_of(verifier, challenge);
		if (!str_eq(challenge, consent->challenge))
			return api_fail(reply, -14009);
	}
	consent->code[0] = 0;
	world_tokens_renew(world, false);
	reply->has_acted = true;
	answer_pair(world, reply);
}

void api_oauth_token(struct world *world, const struct call *call, struct reply *reply)
{
	char grant[64], app_id[64];

	if (!is_form(call) || !str_eq(call_header(call, "secret_key"), world->options.app_secret))
		return api_fail(reply, -14004);
	if (!form_value(call->body, "app_id", app_id, sizeof(app_id)) ||
		!str_eq(app_id, world->options.app_id))
		return api_fail(reply, -14002);
	if (!form_value(call->body, "grant_type", grant, sizeof(grant)))
		return api_fail(reply, -14014);
	if (str_eq(grant, "refresh_token"))
		return grant_refresh(world, call, reply);
	if (str_eq(grant, "authorization_code"))
		return grant_code(world, call, reply);
	api_fail(reply, -14014);
}

/* The browser is sent back to the callback with a code; `redirect` in the JSON stands for the
 * address that its bar then shows. */
void api_oauth_permission(struct world *world, const struct call *call, struct reply *reply)
{
	const char *callback = call_query(call, "redirect_uri");
	const char *challenge = call_query(call, "code_challenge");
	const char *state = call_query(call, "state");
	struct world_consent *consent = &world->consent;
	char address[1024];

	if (!str_eq(call_query(call, "app_id"), world->options.app_id))
		return api_fail(reply, -14002);
	if (!callback ||
		(world->options.callback_url && !str_eq(callback, world->options.callback_url)))
		return api_fail(reply, -14003);
	if (str_copy(consent->challenge, sizeof(consent->challenge), challenge ? challenge : ""))
		return api_fail(reply, -14009);
	snprintf(consent->code, sizeof(consent->code), "sim-code-%016" PRIx64,
		rng_next(&world->rng));
	consent->expires_ms = world_now_ms(world) + CODE_LIFE_MS;
	snprintf(address, sizeof(address), "%s?code=%s&oa_id=%s%s%s", callback, consent->code,
		world->options.oa_id, state ? "&state=" : "", state ? state : "");
	reply->json = json_pack("{s:s}", "redirect", address);
	MUST_HAVE(reply->json);
}
