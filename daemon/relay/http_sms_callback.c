/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the gateway brings. Whoever can reach the port proves himself: a report carries the HMAC
 * that we put into its URL, so that the token itself is never given away, or, where a gateway has
 * one fixed URL for all reports, the token; a message carries the token. Both are compared in
 * constant time.
 *
 * The same message may be brought again (the gateway saw no 200, or was restored): its id makes it
 * known.
 */
#include "daemon/relay/http_sms_private.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/relay/http_sms_text.h"
#include "gateway/sms_text.h"
#include "store/hmac.h"
#include "store/vault.h"

#include <inttypes.h>
#include <string.h>

#define PROOF_BYTES    (2 * HMAC_SHA256_BYTES + 1)
#define ATTEMPT_MOST   1000000
#define ID_PLAIN_MAX   100 /* a longer id of a gateway is kept as its digest */
#define CLOCK_SLACK_MS DAY_MS

static const char *field(const json_t *fields, const char *name)
{
	const char *text = json_string_value(json_object_get(fields, name));

	return text ? text : "";
}

static void make_proof(
	const struct http_sms *sms, int64_t outbox_id, int attempt, char proof[PROOF_BYTES])
{
	uint8_t mac[HMAC_SHA256_BYTES];
	char what[64];
	int len = snprintf(what, sizeof(what), "report/%" PRId64 "/%d", outbox_id, attempt);

	hmac_sha256(sms->secrets->token, strlen(sms->secrets->token), what, (size_t)len, mac);
	str_hex(mac, sizeof(mac), proof);
}

/* Are two texts of any length the same? Their keyed hashes are compared, so that time tells
 * nothing. */
static bool is_same(const struct http_sms *sms, const char *given, const char *wanted)
{
	const char *key = sms->secrets->token;
	uint8_t a[HMAC_SHA256_BYTES], b[HMAC_SHA256_BYTES];

	hmac_sha256(key, strlen(key), given, strlen(given), a);
	hmac_sha256(key, strlen(key), wanted, strlen(wanted), b);
	return hmac_is_equal(a, b);
}

static bool has_token(const struct http_sms *sms, const json_t *fields)
{
	return sms->secrets->token[0] && is_same(sms, field(fields, "token"), sms->secrets->token);
}

static enum err deny(const char *what, struct errbuf *eb)
{
	log_warn("http_sms", "%s=denied", what);
	return errbuf_set(eb, ERR_DENIED, "not the gateway: token or proof is wrong");
}

/* ---- delivery reports --------------------------------------------------------------------------
 */

enum err http_sms_report_url(
	const struct http_sms *sms, int64_t outbox_id, int attempt, struct buf *out)
{
	const struct config_http_sms *config = sms->config;
	bool is_six = strchr(config->callback_address, ':') != NULL;
	char proof[PROOF_BYTES];
	enum err err;

	make_proof(sms, outbox_id, attempt, proof);
	if (config->callback_url[0])
		err = buf_adds(out, config->callback_url);
	else
		err = buf_addf(out, "http://%s%s%s:%d", is_six ? "[" : "", config->callback_address,
			is_six ? "]" : "", config->callback_port);
	if (!err)
		err = buf_addf(out, "/http_sms/report?id=%" PRId64 "&attempt=%d&proof=%s",
			outbox_id, attempt, proof);
	return err;
}

static bool is_report_ours(
	const struct http_sms *sms, const json_t *fields, int64_t outbox_id, int attempt)
{
	char proof[PROOF_BYTES];

	if (!sms->secrets->token[0])
		return false;
	make_proof(sms, outbox_id, attempt, proof);
	return is_same(sms, field(fields, "proof"), proof);
}

enum err http_sms_report(struct http_sms *sms, const json_t *fields, struct errbuf *eb)
{
	int64_t outbox_id = 0, attempt = 0;
	enum outbox_told told;
	const char *number = field(fields, "attempt");
	bool is_whole = !str_to_int64(field(fields, "id"), 1, INT64_MAX, &outbox_id) &&
			(!number[0] || !str_to_int64(number, 1, ATTEMPT_MOST, &attempt));
	enum err err;

	/* Whoever has no proof learns nothing about what else is wrong. */
	if (!has_token(sms, fields) &&
		!(is_whole && attempt && is_report_ours(sms, fields, outbox_id, (int)attempt)))
		return deny("report", eb);
	if (!is_whole || http_sms_status_of(field(fields, "status"), &told))
		return errbuf_set(eb, ERR_INVALID,
			"a report needs id, status (1 2 4 8 16 or a word such as delivered), and attempt "
			"as it was given out");
	err = outbox_report(sms->store, CHANNEL_HTTP_SMS, outbox_id, (int)attempt, told);
	if (err)
		return errbuf_set(eb, err, "the report is about no message of ours");
	sms->counts.reports++;
	log_info("http_sms", "report=%s outbox=%" PRId64 " attempt=%" PRId64,
		told == OUTBOX_TOLD_DELIVERED ? "delivered"
		: told == OUTBOX_TOLD_FAILED  ? "failed"
					      : "accepted",
		outbox_id, attempt);
	return ERR_OK;
}

/* ---- messages ----------------------------------------------------------------------------------
 */

/* Only a number that a text can be sent to is a phone; all else is a name, and never answered. */
static enum party_kind sender_of(const char *from, char address[PARTY_ADDRESS_MAX])
{
	char msisdn[MSISDN_BYTES];

	if (msisdn_normalize(from, msisdn) == ERR_OK) {
		snprintf(address, PARTY_ADDRESS_MAX, "%s", msisdn);
		return PARTY_PHONE;
	}
	snprintf(address, PARTY_ADDRESS_MAX, "%.*s", PARTY_ADDRESS_MAX - 1, from);
	return PARTY_SENDER_NAME;
}

/* The gateway's id as it is, or its digest when it is too long or has odd characters. */
static void external_id_of(const char *id, char external_id[INBOX_EXTERNAL_ID_MAX])
{
	struct vault_piece piece = {id, strlen(id)};
	uint8_t digest[VAULT_HASH_BYTES];
	size_t plain = 0;

	while (id[plain] > 0x20 && id[plain] < 0x7f)
		plain++;
	if (!id[plain] && plain <= ID_PLAIN_MAX) {
		snprintf(external_id, INBOX_EXTERNAL_ID_MAX, "%s", id);
		return;
	}
	vault_digest(&piece, 1, digest);
	snprintf(external_id, INBOX_EXTERNAL_ID_MAX, "#");
	str_hex(digest, sizeof(digest), external_id + 1);
}

/* Without a name of the character set, Kannel's coding 2 says UTF-16. */
static const char *charset_of(const json_t *fields)
{
	const char *charset = field(fields, "charset");

	if (charset[0])
		return charset;
	return str_eq(field(fields, "coding"), "2") ? "UTF-16BE" : "UTF-8";
}

static enum err accept_text(struct http_sms *sms, const json_t *fields, const char *text)
{
	char external_id[INBOX_EXTERNAL_ID_MAX], address[PARTY_ADDRESS_MAX];
	struct inbound in = {.channel = "http_sms",
		.external_id = external_id,
		.kind = INBOX_KIND_TEXT,
		.from = address,
		.sent_ms = http_sms_time_ms(field(fields, "time")),
		.text = text};
	enum err err;

	if (in.sent_ms > clock_wall_ms(sms->clock) + CLOCK_SLACK_MS)
		in.sent_ms = 0;
	external_id_of(field(fields, "id"), external_id);
	in.from_kind = sender_of(field(fields, "from"), address);
	err = intake_accept(sms->intake, &in);
	if (err && err != ERR_EXISTS)
		return err;
	sms->counts.messages += !err;
	log_info("http_sms", "message=%s", err ? "known" : "stored");
	return ERR_OK;
}

enum err http_sms_message(struct http_sms *sms, const json_t *fields, struct errbuf *eb)
{
	const json_t *raw = json_object_get(fields, "text");
	CLEAN_BUF text = {0};
	enum err err;

	if (!has_token(sms, fields))
		return deny("message", eb);
	if (!field(fields, "id")[0] || !field(fields, "from")[0] || !raw)
		return errbuf_set(eb, ERR_INVALID, "a message needs id, from and text");
	buf_init(&text, INBOX_BODY_MAX);
	err = http_sms_decode(
		json_string_value(raw), json_string_length(raw), charset_of(fields), &text);
	if (!err)
		err = accept_text(sms, fields, buf_text(&text));
	buf_wipe(&text);
	return err;
}
