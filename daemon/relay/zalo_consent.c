/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/zalo_consent.h"

#include "daemon/base/str.h"
#include "daemon/relay/zalo_text.h"
#include "store/hmac.h"
#include "store/vault.h"

#include <string.h>

static const char base64url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#define ALNUM 62 /* the first of them: what Zalo's own libraries put into a verifier */

static void random_text(char *text, size_t chars)
{
	size_t done = 0;

	while (done < chars) {
		uint8_t bytes[64];

		vault_random(bytes, sizeof(bytes));
		for (size_t i = 0; i < sizeof(bytes) && done < chars; i++) {
			if ((bytes[i] & 63) < ALNUM)
				text[done++] = base64url[bytes[i] & 63];
		}
		explicit_bzero(bytes, sizeof(bytes));
	}
	text[done] = 0;
}

static bool has_any(const char *text, const char *of)
{
	return strcspn(text, of) < strlen(text);
}

void zalo_consent_verifier(char ret_verifier[ZALO_VERIFIER_CHARS + 1])
{
	do
		random_text(ret_verifier, ZALO_VERIFIER_CHARS);
	while (!has_any(ret_verifier, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") ||
		!has_any(ret_verifier, "abcdefghijklmnopqrstuvwxyz") ||
		!has_any(ret_verifier, "0123456789"));
}

void zalo_consent_state(char ret_state[ZALO_STATE_CHARS + 1])
{
	random_text(ret_state, ZALO_STATE_CHARS);
}

void zalo_consent_challenge(const char *verifier, char ret_challenge[ZALO_CHALLENGE_CHARS + 1])
{
	uint8_t hash[SHA256_BYTES + 1] = {0};
	size_t at = 0;

	sha256(verifier, strlen(verifier), hash);
	/* 33 bytes make 44 characters; the last one is of the zero that was added. */
	for (size_t i = 0; i < sizeof(hash); i += 3) {
		unsigned bits = (unsigned)hash[i] << 16 | (unsigned)hash[i + 1] << 8 | hash[i + 2];

		for (int shift = 18; shift >= 0 && at < ZALO_CHALLENGE_CHARS; shift -= 6)
			ret_challenge[at++] = base64url[bits >> shift & 63];
	}
	ret_challenge[at] = 0;
}

enum err zalo_consent_url(const struct zalo_consent_request *request, struct buf *out)
{
	char challenge[ZALO_CHALLENGE_CHARS + 1];
	enum err err;

	zalo_consent_challenge(request->verifier, challenge);
	err = buf_addf(out, "%s/v4/oa/permission?app_id=%s&redirect_uri=", request->oauth_url,
		request->app_id);
	if (!err)
		err = zalo_text_escape(request->callback_url, strlen(request->callback_url), out);
	if (!err)
		err = buf_addf(out, "&code_challenge=%s&state=%s", challenge, request->state);
	return err;
}

/* ---- what comes back -------------------------------------------------------------------------
 */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes into dst; visible ASCII only, since it goes into a form or is compared. */
static enum err decode(const char *text, size_t len, char *dst, size_t dst_bytes)
{
	size_t at = 0;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (c == '%') {
			if (len - i < 3 || hex_digit(text[i + 1]) < 0 || hex_digit(text[i + 2]) < 0)
				return ERR_INVALID;
			c = (char)(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
			i += 2;
		}
		if (c <= 0x20 || c >= 0x7f)
			return ERR_INVALID;
		if (at + 1 >= dst_bytes)
			return ERR_TOO_BIG;
		dst[at++] = c;
	}
	dst[at] = 0;
	return ERR_OK;
}

static bool is_name(const char *text, size_t len, const char *name)
{
	return strlen(name) == len && memcmp(text, name, len) == 0;
}

static enum err take_pair(
	const char *text, size_t len, struct zalo_consent *consent, bool *is_error)
{
	size_t name = 0;

	while (name < len && text[name] != '=')
		name++;
	if (name == len)
		return ERR_OK;
	if (is_name(text, name, "code"))
		return decode(
			text + name + 1, len - name - 1, consent->code, sizeof(consent->code));
	if (is_name(text, name, "state"))
		return decode(
			text + name + 1, len - name - 1, consent->state, sizeof(consent->state));
	if (is_name(text, name, "oa_id"))
		return decode(
			text + name + 1, len - name - 1, consent->oa_id, sizeof(consent->oa_id));
	if (is_name(text, name, "error") && len - name > 2)
		*is_error = true;
	return ERR_OK;
}

static enum err take_query(
	const char *text, size_t len, struct zalo_consent *consent, struct errbuf *eb)
{
	bool is_error = false;
	enum err err = ERR_OK;

	for (size_t at = 0; !err && at < len;) {
		size_t piece = 0;

		while (at + piece < len && text[at + piece] != '&')
			piece++;
		err = take_pair(text + at, piece, consent, &is_error);
		at += piece + 1;
	}
	if (err)
		return errbuf_set(
			eb, ERR_INVALID, "the address is cut off or garbled: copy all of it");
	if (!consent->code[0])
		return errbuf_say(eb, ERR_INVALID,
			is_error ? ERR_WORD("the address tells of an error: consent was not given")
				 : ERR_WORD("there is no code= in it: copy the whole address that "
					    "the browser shows after consent was given"));
	return ERR_OK;
}

enum err zalo_consent_parse(const char *pasted, struct zalo_consent *ret_consent, struct errbuf *eb)
{
	struct zalo_consent consent = {0};
	const char *query;
	size_t len;
	enum err err;

	pasted += strspn(pasted, " \t\r\n");
	len = strlen(pasted);
	while (len && strchr(" \t\r\n", pasted[len - 1]))
		len--;
	if (!len)
		return errbuf_set(eb, ERR_INVALID, "nothing was pasted");
	if (len > ZALO_PASTED_MAX)
		return errbuf_set(eb, ERR_INVALID, "what was pasted is too long for an address");
	query = memchr(pasted, '?', len);
	if (query || strstr(pasted, "code=")) {
		size_t start = query ? (size_t)(query - pasted) + 1 : 0;
		const char *end = memchr(pasted + start, '#', len - start);
		size_t bytes = end ? (size_t)(end - pasted) - start : len - start;

		err = take_query(pasted + start, bytes, &consent, eb);
	} else {
		err = decode(pasted, len, consent.code, sizeof(consent.code));
		if (err)
			errbuf_set(eb, err, "this is neither an address nor a code");
	}
	if (!err)
		*ret_consent = consent;
	explicit_bzero(&consent, sizeof(consent));
	return err ? ERR_INVALID : ERR_OK;
}
