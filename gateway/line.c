/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON lines <-> structs, driven by one table of fields a type. The reader bounds length and depth
 * before jansson sees a byte; the writer needs no tree at all.
 */
#include "gateway/line.h"
#include "daemon/base/str.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#define LINE_DEPTH_MAX 8 /* ours needs 2; jansson recurses, and unknown keys may hold anything */

enum field_kind { FIELD_TEXT, FIELD_INT, FIELD_INT64, FIELD_BOOL, FIELD_SLOTS };

struct field {
	const char *key;
	enum field_kind kind;
	size_t offset;
	size_t bytes;	       /* of a text field */
	int64_t min, max;      /* of a number */
	const char *const *of; /* the words a text field may hold, NULL: any */
};

static const char *const of_coding[] = {"gsm7", "ucs2", "8bit", NULL};
static const char *const of_send_coding[] = {"gsm7", "ucs2", NULL};
static const char *const of_kind[] = {"cms", "cme", "modem", "local", NULL};
static const char *const of_status[] = {"delivered", "pending", "failed", NULL};
static const char *const of_phase[] = {"connecting", "ready", "down", NULL};

#define AT(st, m) offsetof(struct line, st.m)
#define TEXT(key, st, m) \
	{ \
		key, FIELD_TEXT, AT(st, m), sizeof(((struct line *)0)->st.m), 0, 0, NULL \
	}
#define WORD(key, st, m, o) \
	{ \
		key, FIELD_TEXT, AT(st, m), sizeof(((struct line *)0)->st.m), 0, 0, o \
	}
#define INT(key, st, m, lo, hi) \
	{ \
		key, FIELD_INT, AT(st, m), 0, lo, hi, NULL \
	}
#define INT64(key, st, m, lo, hi) \
	{ \
		key, FIELD_INT64, AT(st, m), 0, lo, hi, NULL \
	}
#define BOOL(key, st, m) \
	{ \
		key, FIELD_BOOL, AT(st, m), 0, 0, 0, NULL \
	}
#define END \
	{ \
		NULL, FIELD_TEXT, 0, 0, 0, 0, NULL \
	}

#define SLOT_MAX    99999 /* libgammu keeps 100,000 slots a folder */
#define SIZE_MAX_ME 1000000
#define TIME_MAX    INT64_C(32503680000000) /* the year 3000 */
#define PARTS_MAX   255

static const struct field fields_HELLO[] = {INT("v", hello, version, 0, 1000),
	TEXT("driver", hello, driver), TEXT("imei", hello, imei), TEXT("imsi", hello, imsi),
	TEXT("maker", hello, maker), TEXT("model", hello, model), TEXT("firmware", hello, firmware),
	TEXT("smsc", hello, smsc), END};
static const struct field fields_SMS[] = {TEXT("mem", sms, mem),
	INT("slot", sms, slot, 0, SLOT_MAX), TEXT("from", sms, from),
	TEXT("from_type", sms, from_type), INT64("scts", sms, scts_ms, 0, TIME_MAX),
	INT("dcs", sms, dcs, 0, 255), WORD("coding", sms, coding, of_coding),
	INT("class", sms, msg_class, -1, 3), INT("ref", sms, ref, 0, 65535),
	INT("ref_bits", sms, ref_bits, 0, 16), INT("total", sms, total, 0, PARTS_MAX),
	INT("seq", sms, seq, 0, PARTS_MAX), TEXT("text", sms, text), END};
static const struct field fields_POISON[] = {TEXT("mem", poison, mem),
	INT("slot", poison, slot, 0, SLOT_MAX), TEXT("pdu", poison, pdu),
	TEXT("reason", poison, reason), END};
static const struct field fields_FREED[] = {TEXT("mem", freed, mem),
	INT("slot", freed, slot, 0, SLOT_MAX), BOOL("ok", freed, is_ok), END};
static const struct field fields_LISTED[] = {TEXT("mem", listed, mem),
	{"slots", FIELD_SLOTS, AT(listed, slots), 0, 0, SLOT_MAX, NULL}, END};
static const struct field fields_SENT[] = {INT64("id", sent, id, INT64_MIN, INT64_MAX),
	INT("part", sent, part, 0, PARTS_MAX), INT("mr", sent, mr, 0, 255), END};
static const struct field fields_FAILED[] = {INT64("id", failed, id, INT64_MIN, INT64_MAX),
	INT("part", failed, part, 0, PARTS_MAX), WORD("kind", failed, kind, of_kind),
	INT("code", failed, code, -1, INT32_MAX), BOOL("in_doubt", failed, is_in_doubt), END};
static const struct field fields_REPORT[] = {TEXT("mem", report, mem),
	INT("slot", report, slot, -1, SLOT_MAX), INT("mr", report, mr, 0, 255),
	TEXT("to", report, to), WORD("status", report, status, of_status),
	INT64("scts", report, scts_ms, 0, TIME_MAX), INT64("done", report, done_ms, 0, TIME_MAX),
	END};
static const struct field fields_CALL[] = {TEXT("from", call, from), END};
static const struct field fields_USSD[] = {
	INT("status", ussd, status, 0, 255), TEXT("text", ussd, text), TEXT("raw", ussd, raw), END};
static const struct field fields_ussd_down[] = {TEXT("code", ussd, text), END};
static const struct field fields_STATE[] = {WORD("phase", state, phase, of_phase),
	INT("signal", state, signal_percent, -1, 100), TEXT("network", state, network),
	TEXT("operator", state, operator_code), INT("sim_used", state, sim_used, -1, SIZE_MAX_ME),
	INT("sim_size", state, sim_size, -1, SIZE_MAX_ME),
	INT("me_used", state, me_used, -1, SIZE_MAX_ME),
	INT("me_size", state, me_size, -1, SIZE_MAX_ME), INT64("time", state, time_ms, 0, TIME_MAX),
	TEXT("error", state, error), END};
static const struct field fields_PING[] = {INT64("n", ping, n, INT64_MIN, INT64_MAX), END};
static const struct field fields_SAID[] = {
	INT("left", said, left, 0, 100000), TEXT("text", said, text), END};
static const struct field fields_JOURNAL[] = {END};
static const struct field fields_STORED[] = {
	TEXT("mem", stored, mem), INT("slot", stored, slot, 0, SLOT_MAX), END};
static const struct field fields_SEND[] = {INT64("id", send, id, INT64_MIN, INT64_MAX),
	INT("part", send, part, 0, PARTS_MAX), INT("total", send, total, 0, PARTS_MAX),
	INT("ref", send, ref, 0, 255), TEXT("to", send, to), TEXT("text", send, text),
	WORD("coding", send, coding, of_send_coding), BOOL("report", send, wants_report),
	INT("validity_min", send, validity_min, 0, INT32_MAX), END};
static const struct field fields_QUIT[] = {END};

#define fields_LATE fields_SENT
#define fields_PONG fields_PING

static const struct {
	const char *name;
	const struct field *fields;
} types[] = {
#define X(name, text) [LINE_##name] = {text, fields_##name},
	LINE_TYPE_TABLE(X)
#undef X
};

/* Nesting depth of what looks like JSON; text inside strings does not count. */
static size_t depth_of(const char *text, size_t len)
{
	size_t depth = 0, deepest = 0;
	bool is_in_string = false;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (is_in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				is_in_string = false;
		} else if (c == '"') {
			is_in_string = true;
		} else if (c == '{' || c == '[') {
			depth++;
			deepest = depth > deepest ? depth : deepest;
		} else if ((c == '}' || c == ']') && depth) {
			depth--;
		}
	}
	return deepest;
}

static enum err parse_text(const struct field *f, const json_t *value, char *dst)
{
	const char *text = json_string_value(value);
	size_t len;

	if (!text)
		return ERR_PROTOCOL;
	len = json_string_length(value);
	if (len >= f->bytes || strlen(text) != len)
		return ERR_PROTOCOL;
	for (size_t i = 0; f->of; i++) {
		if (!f->of[i])
			return ERR_PROTOCOL;
		if (str_eq(f->of[i], text))
			break;
	}
	memcpy(dst, text, len + 1);
	return ERR_OK;
}

static enum err parse_number(const struct field *f, const json_t *value, int64_t *ret_number)
{
	json_int_t number;

	if (!json_is_integer(value))
		return ERR_PROTOCOL;
	number = json_integer_value(value);
	if (number < f->min || number > f->max)
		return ERR_PROTOCOL;
	*ret_number = number;
	return ERR_OK;
}

static enum err parse_slots(const struct field *f, const json_t *value, struct line_listed *listed)
{
	size_t count = json_array_size(value);
	int64_t slot;

	if (!json_is_array(value) || count > LINE_SLOTS_MAX)
		return ERR_PROTOCOL;
	for (size_t i = 0; i < count; i++) {
		if (parse_number(f, json_array_get(value, i), &slot))
			return ERR_PROTOCOL;
		listed->slots[i] = (int)slot;
	}
	listed->count = (int)count;
	return ERR_OK;
}

static enum err parse_field(const struct field *f, const json_t *value, struct line *line)
{
	char *at = (char *)line + f->offset;
	int64_t number;

	switch (f->kind) {
	case FIELD_TEXT:
		return parse_text(f, value, at);
	case FIELD_INT:
		if (parse_number(f, value, &number))
			return ERR_PROTOCOL;
		*(int *)(void *)at = (int)number;
		return ERR_OK;
	case FIELD_INT64:
		return parse_number(f, value, (int64_t *)(void *)at);
	case FIELD_BOOL:
		if (!json_is_boolean(value))
			return ERR_PROTOCOL;
		*(bool *)(void *)at = json_is_true(value);
		return ERR_OK;
	case FIELD_SLOTS:
		return parse_slots(f, value, &line->listed);
	}
	return ERR_BUG;
}

static enum err parse_object(const json_t *root, struct line *line, struct errbuf *eb)
{
	const char *name = json_string_value(json_object_get(root, "t"));
	const struct field *f = NULL;

	for (size_t i = 0; name && i < ARRAY_LEN(types); i++) {
		if (str_eq(name, types[i].name)) {
			line->type = (enum line_type)i;
			f = types[i].fields;
		}
	}
	if (!f)
		return errbuf_set(eb, ERR_PROTOCOL, "line has no known type");
	if (line->type == LINE_USSD && json_object_get(root, "code")) {
		line->ussd.status = -1;
		f = fields_ussd_down;
	}
	for (; f->key; f++) {
		if (parse_field(f, json_object_get(root, f->key), line))
			return errbuf_set(eb, ERR_PROTOCOL, "%s line: bad or missing \"%s\"",
				types[line->type].name, f->key);
	}
	return ERR_OK;
}

enum err line_parse(const char *text, size_t len, struct line *ret_line, struct errbuf *eb)
{
	json_error_t error;
	struct line line;
	json_t *root;
	enum err err;

	if (len >= LINE_MAX_BYTES)
		return errbuf_set(eb, ERR_PROTOCOL, "line of %zu bytes", len);
	if (depth_of(text, len) > LINE_DEPTH_MAX)
		return errbuf_set(eb, ERR_PROTOCOL, "line is nested too deep");
	root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	/* The decoder's own text may quote the line, so only the place of the fault is told. */
	if (!root)
		return errbuf_set(eb, ERR_PROTOCOL, "no JSON object at byte %d", error.position);
	memset(&line, 0, sizeof(line));
	err = parse_object(root, &line, eb);
	json_decref(root);
	if (!err)
		*ret_line = line;
	return err;
}

/* JSON string of at most `max` bytes of text (RFC 8259 §7). */
static enum err add_text(struct buf *out, const char *text, size_t max)
{
	size_t len = strnlen(text, max), from = 0;
	enum err err;

	if (len == max || !str_is_utf8(text, len))
		return ERR_INVALID;
	err = buf_adds(out, "\"");
	for (size_t i = 0; i < len && !err; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		err = buf_add(out, text + from, i - from);
		if (!err && c == '\n')
			err = buf_adds(out, "\\n");
		else if (!err)
			err = buf_addf(out, c < 0x20 ? "\\u%04x" : "\\%c", c);
		from = i + 1;
	}
	if (!err)
		err = buf_add(out, text + from, len - from);
	return err ? err : buf_adds(out, "\"");
}

static enum err add_slots(struct buf *out, const struct line_listed *listed)
{
	enum err err = buf_adds(out, "[");

	if (listed->count < 0 || listed->count > LINE_SLOTS_MAX)
		return ERR_INVALID;
	for (int i = 0; i < listed->count && !err; i++)
		err = buf_addf(out, i ? ",%d" : "%d", listed->slots[i]);
	return err ? err : buf_adds(out, "]");
}

static enum err add_field(struct buf *out, const struct field *f, const struct line *line)
{
	const char *at = (const char *)line + f->offset;
	enum err err = buf_addf(out, ",\"%s\":", f->key);

	if (err)
		return err;
	switch (f->kind) {
	case FIELD_TEXT:
		return add_text(out, at, f->bytes);
	case FIELD_INT:
		return buf_addf(out, "%d", *(const int *)(const void *)at);
	case FIELD_INT64:
		return buf_addf(out, "%" PRId64, *(const int64_t *)(const void *)at);
	case FIELD_BOOL:
		return buf_adds(out, *(const bool *)(const void *)at ? "true" : "false");
	case FIELD_SLOTS:
		return add_slots(out, &line->listed);
	}
	return ERR_BUG;
}

enum err line_format(const struct line *line, struct buf *out)
{
	const struct field *f = types[line->type].fields;
	size_t before = out->len;
	enum err err;

	if (line->type == LINE_USSD && line->ussd.status < 0)
		f = fields_ussd_down;
	err = buf_addf(out, "{\"t\":\"%s\"", types[line->type].name);
	for (; f->key && !err; f++)
		err = add_field(out, f, line);
	if (!err)
		err = buf_adds(out, "}\n");
	if (!err && out->len - before > LINE_MAX_BYTES)
		err = ERR_TOO_BIG;
	if (err && out->data) {
		out->len = before;
		out->data[before] = 0;
	}
	return err;
}
