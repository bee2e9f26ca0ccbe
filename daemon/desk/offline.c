/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report with a state secret in it leaves the box on paper. The digits are made of its content
 * alone, so that the second step takes away only what was printed in the first.
 */
#include "daemon/desk/secrecy.h"

#include "daemon/desk/desk_private.h"
#include "gateway/sms_text.h"
#include "store/attachment.h"
#include "store/event.h"
#include "store/retention.h"
#include "store/vault.h"

#include <ctype.h>
#include <string.h>

struct printing {
	struct buf *out;
	enum err err;
	int attachments;
};

static void print_entry(void *arg, const struct report_entry *entry)
{
	struct printing *p = arg;
	char when[CLOCK_TEXT_BYTES], key[32];
	const struct phrase_field none[] = {{NULL, NULL}};

	clock_format(entry->at_ms, when);
	snprintf(key, sizeof(key), "entry_%s", report_entry_text(entry->kind));
	if (!p->err)
		p->err = buf_addf(p->out, "\n[%s] ", when);
	if (!p->err)
		p->err = phrase(key, PHRASE_FULL, none, p->out);
	if (!p->err)
		p->err = buf_addf(p->out, "\n%s\n", entry->text);
}

static void print_attachment(void *arg, const struct attachment *attachment)
{
	struct printing *p = arg;
	const struct phrase_field none[] = {{NULL, NULL}};

	if (!p->err && !p->attachments++) {
		p->err = buf_adds(p->out, "\n");
		if (!p->err)
			p->err = phrase("offline_files", PHRASE_FULL, none, p->out);
	}
	if (!p->err)
		p->err = buf_addf(p->out, "\n- #%lld %s, %lld byte, %s %s",
			(long long)attachment->id, attachment_kind_text(attachment->kind),
			(long long)attachment->bytes, attachment_state_text(attachment->state),
			attachment->name);
}

static enum err print_content(struct desk *desk, const struct key_holder *holder, int64_t report_id,
	struct buf *out, char ret_digits[SECRECY_DIGITS_BYTES])
{
	struct printing p = {.out = out};
	uint8_t hash[VAULT_HASH_BYTES];
	enum err err = report_entries(desk->store, holder, report_id, print_entry, &p);

	if (!err && !p.err)
		err = attachment_of_report(desk->store, holder, report_id, print_attachment, &p);
	if (err || p.err)
		return err ? err : p.err;
	vault_hash(store_vault(desk->store), VAULT_HASH_CONTENT, buf_text(out), out->len, hash);
	event_digits(hash, ret_digits);
	return ERR_OK;
}

static enum err check_reason(const char *reason, struct errbuf *eb)
{
	int letters = 0;

	for (const char *p = reason; *p; p++)
		letters += isalnum((unsigned char)*p) || (unsigned char)*p >= 0xc0;
	if (letters < SECRECY_REASON_MIN)
		return errbuf_set(eb, ERR_INVALID,
			"say in at least %d letters why the report is taken off-line; the reason is on the print",
			SECRECY_REASON_MIN);
	if (strlen(reason) > SECRECY_REASON_MAX)
		return errbuf_set(
			eb, ERR_TOO_BIG, "the reason is longer than %d bytes", SECRECY_REASON_MAX);
	return ERR_OK;
}

static enum err print_head(struct desk *desk, const struct report *report, const char *reason,
	const char *actor, const char *digits, struct buf *out)
{
	char number[REPORT_NUMBER_BYTES], year[16], when[CLOCK_TEXT_BYTES];
	struct phrase_field fields[] = {{"number", number}, {"year", year}, {"time", when},
		{"officer", actor}, {"reason", reason}, {"digits", digits}, {NULL, NULL}};

	report_number_text(report, number);
	snprintf(year, sizeof(year), "%d", report->year);
	clock_format(desk_now(desk), when);
	return phrase("offline_head", PHRASE_FULL, fields, out);
}

static enum err note(
	struct desk *desk, const char *kind, const struct report *report, const char *actor)
{
	char subject[32];

	snprintf(subject, sizeof(subject), "report/%lld", (long long)report->id);
	return event_add(desk->store, kind, subject, actor, "{}");
}

enum err desk_offline_print(struct desk *desk, const struct key_holder *holder, int64_t report_id,
	const char *reason, const char *actor, struct buf *out,
	char ret_digits[SECRECY_DIGITS_BYTES], struct errbuf *eb)
{
	struct report report;
	CLEAN_BUF content = {0};
	enum err err = check_reason(reason, eb);

	buf_init(&content, SECRECY_PRINT_MAX);
	if (!err)
		err = report_load(desk->store, report_id, &report);
	if (!err)
		err = print_content(desk, holder, report_id, &content, ret_digits);
	if (!err)
		err = print_head(desk, &report, reason, actor, ret_digits, out);
	if (!err)
		err = buf_addf(out, "\n%s\n", buf_text(&content));
	if (!err)
		err = note(desk, "secrecy.printed", &report, actor);
	buf_wipe(&content);
	return err;
}

/* As they are copied from paper: blanks and case make no difference. */
static bool same_digits(const char *typed, const char *digits)
{
	for (;; typed++, digits++) {
		typed += strspn(typed, " ");
		digits += strspn(digits, " ");
		if (toupper((unsigned char)*typed) != *digits)
			return false;
		if (!*digits)
			return true;
	}
}

static enum err replace(struct desk *desk, const struct report *report)
{
	char when[CLOCK_TEXT_BYTES];
	struct phrase_field fields[] = {{"time", when}, {NULL, NULL}};
	CLEAN_BUF stub = {0};
	enum err err;

	clock_format(desk_now(desk), when);
	buf_init(&stub, 1024);
	err = phrase("offline_stub", PHRASE_FULL, fields, &stub);
	return err ? err : report_take_offline(desk->store, report, buf_text(&stub));
}

enum err desk_offline_take(struct desk *desk, const struct key_holder *holder, int64_t report_id,
	const char *digits, const char *actor, struct errbuf *eb)
{
	char now[SECRECY_DIGITS_BYTES];
	struct report report;
	CLEAN_BUF content = {0};
	enum err err = report_load(desk->store, report_id, &report);

	buf_init(&content, SECRECY_PRINT_MAX);
	if (!err)
		err = print_content(desk, holder, report_id, &content, now);
	buf_wipe(&content);
	if (!err && !same_digits(digits, now))
		return errbuf_set(eb, ERR_STATE,
			"these are not the digits of the report as it is now: print it again and give those of the new print");
	if (!err)
		err = replace(desk, &report);
	if (err == ERR_BUSY)
		return errbuf_set(eb, err,
			"a message with its words is just being sent: try again in a minute");
	return err ? err : note(desk, "secrecy.offline", &report, actor);
}
