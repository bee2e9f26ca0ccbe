/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/secrecy.h"

#include "daemon/desk/desk_private.h"
#include "daemon/desk/secrecy_screen.h"
#include "gateway/sms_text.h"
#include "store/event.h"
#include "store/vault.h"

#include <string.h>

static enum err add_event(struct desk *desk, const char *kind, int64_t report_id, const char *actor,
	const char *name, const char *value)
{
	char subject[32], data[EVENT_DATA_MAX];

	snprintf(subject, sizeof(subject), "report/%lld", (long long)report_id);
	snprintf(data, sizeof(data), "{\"%s\":\"%s\"}", name, value);
	return event_add(desk->store, kind, subject, actor, data);
}

/* --- what is known ---------------------------------------------------------------------------- */

struct looking {
	struct secrecy_state state;
	const char *digits; /* of a text that may have been cleared */
	bool is_cleared;
};

/* data: {"NAME":"VALUE"} with a value that needs no escaping. */
static void value_of(const char *data, char *out, size_t bytes)
{
	const char *from = strstr(data, "\":\"");
	size_t len;

	out[0] = '\0';
	if (!from)
		return;
	from += 3;
	len = strcspn(from, "\"");
	if (len < bytes) {
		memcpy(out, from, len);
		out[len] = '\0';
	}
}

static void look(void *arg, const struct event_seen *event)
{
	struct looking *l = arg;
	char value[64];

	if (str_eq(event->kind, "secrecy.found")) {
		l->state.found_ms = event->at_ms;
		value_of(event->data, l->state.marking, sizeof(l->state.marking));
	} else if (str_eq(event->kind, "secrecy.printed")) {
		l->state.printed_ms = event->at_ms;
	} else if (str_eq(event->kind, "secrecy.offline")) {
		l->state.offline_ms = event->at_ms;
	} else if (str_eq(event->kind, "secrecy.cleared") && l->digits) {
		value_of(event->data, value, sizeof(value));
		l->is_cleared |= str_eq(value, l->digits);
	}
}

static enum err look_at(struct desk *desk, int64_t report_id, struct looking *l)
{
	char subject[32];

	snprintf(subject, sizeof(subject), "report/%lld", (long long)report_id);
	return event_of_subject(desk->store, subject, look, l);
}

enum err desk_secrecy_state(struct desk *desk, int64_t report_id, struct secrecy_state *ret_state)
{
	struct looking l = {.digits = NULL};
	enum err err = look_at(desk, report_id, &l);

	if (!err)
		*ret_state = l.state;
	return err;
}

/* --- in and out ------------------------------------------------------------------------------- */

enum err desk_secrecy_incoming(struct desk *desk, const struct report *report, const char *text)
{
	const char *marking = secrecy_find(text);
	struct secrecy_state before = {0};
	char number[REPORT_NUMBER_BYTES], year[16];
	struct phrase_field fields[] = {{"number", number}, {"year", year}, {NULL, NULL}};
	enum err err;

	if (!marking)
		return ERR_OK;
	err = desk_secrecy_state(desk, report->id, &before);
	if (!err)
		err = add_event(desk, "secrecy.found", report->id, "system", "marking", marking);
	log_warn("secrecy", "report=%lld found_before=%d", (long long)report->id,
		before.found_ms != 0);
	if (err || before.found_ms)
		return err;
	report_number_text(report, number);
	snprintf(year, sizeof(year), "%d", report->year);
	return report->is_confined
		       ? desk_tell_readers(desk, report, LANE_ANSWER, "secrecy_found", fields)
		       : desk_tell_role(desk, OFFICER_CHIEF, LANE_ANSWER, "secrecy_found", fields);
}

/* Digits that stand for a text of a report; keyed, so that they say nothing to who has the log. */
static enum err digits_of(struct desk *desk, int64_t report_id, const char *text,
	char ret_digits[SECRECY_DIGITS_BYTES])
{
	uint8_t hash[VAULT_HASH_BYTES];
	CLEAN_BUF whole = {0};
	enum err err;

	buf_init(&whole, SECRECY_PRINT_MAX + 64);
	err = buf_addf(&whole, "secrecy|%lld|", (long long)report_id);
	if (!err)
		err = buf_adds(&whole, text);
	if (!err) {
		vault_hash(
			store_vault(desk->store), VAULT_HASH_CONTENT, whole.data, whole.len, hash);
		event_digits(hash, ret_digits);
	}
	buf_wipe(&whole);
	return err;
}

enum err desk_secrecy_outgoing(
	struct desk *desk, int64_t report_id, const char *text, struct errbuf *eb)
{
	char digits[SECRECY_DIGITS_BYTES];
	struct looking l = {.digits = digits};
	const char *marking = secrecy_find(text);
	enum err err;

	if (!marking)
		return ERR_OK;
	err = digits_of(desk, report_id, text, digits);
	if (!err)
		err = look_at(desk, report_id, &l);
	if (err || l.is_cleared)
		return err;
	return errbuf_set(eb, ERR_DENIED,
		"the text carries the marking \"%s\": state secrets never leave by this system; if it is none, the chief or a deputy confirms this very text first (report N clear TEXT)",
		marking);
}

enum err desk_secrecy_clear(struct desk *desk, int64_t report_id, const char *text,
	const char *actor, struct errbuf *eb)
{
	char digits[SECRECY_DIGITS_BYTES];
	struct report report;
	enum err err = report_load(desk->store, report_id, &report);

	if (err)
		return err;
	if (!secrecy_find(text))
		return errbuf_set(
			eb, ERR_INVALID, "the text carries no marking: it can be sent as it is");
	err = digits_of(desk, report_id, text, digits);
	return err ? err : add_event(desk, "secrecy.cleared", report_id, actor, "text", digits);
}
