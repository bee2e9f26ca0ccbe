/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses, time stamps, headers and the three TPDUs of 3GPP TS 23.040 §9.2.2. */
#include "tests/sim/modem/pdu.h"

#include "daemon/base/clock.h"
#include "daemon/base/str.h"

#include <string.h>
#include <time.h>

#define TYPE_INTERNATIONAL 0x91
#define TYPE_UNKNOWN	   0x81
#define TYPE_ALPHA	   0xD0

enum { MTI_DELIVER = 0, MTI_SUBMIT = 1, MTI_REPORT = 2 };

/* Appends to a PDU that may not pass its size; sticks at the first overflow. */
struct writer {
	uint8_t *data;
	size_t len;
	bool is_over;
};

static void put(struct writer *w, unsigned byte)
{
	if (w->len < PDU_MAX_BYTES)
		w->data[w->len++] = (uint8_t)byte;
	else
		w->is_over = true;
}

/* Takes from a PDU; sticks at the first read past its end. */
struct reader {
	const uint8_t *data;
	size_t left;
	bool is_short;
};

static unsigned take(struct reader *r)
{
	if (r->left == 0) {
		r->is_short = true;
		return 0;
	}
	r->left--;
	return *r->data++;
}

static void put_digits(struct writer *w, const char *digits)
{
	for (size_t i = 0; digits[i]; i += 2) {
		unsigned low = (unsigned)(digits[i] - '0');
		unsigned high = digits[i + 1] ? (unsigned)(digits[i + 1] - '0') : 15;
		put(w, high << 4 | low);
		if (!digits[i + 1])
			break;
	}
}

static bool is_number(const char *text)
{
	size_t digits = strspn(text + (*text == '+'), "0123456789");
	return digits > 0 && digits <= 20 && text[digits + (*text == '+')] == 0;
}

/* An empty service centre is one zero octet: "use the one set by +CSCA". */
static void put_smsc(struct writer *w, const char *number)
{
	if (!number || !is_number(number)) {
		put(w, 0);
		return;
	}
	const char *digits = number + (*number == '+');
	put(w, (unsigned)(1 + (strlen(digits) + 1) / 2));
	put(w, *number == '+' ? TYPE_INTERNATIONAL : TYPE_UNKNOWN);
	put_digits(w, digits);
}

static enum err put_address(struct writer *w, const char *address)
{
	if (is_number(address)) {
		const char *digits = address + (*address == '+');
		put(w, (unsigned)strlen(digits));
		put(w, *address == '+' ? TYPE_INTERNATIONAL : TYPE_UNKNOWN);
		put_digits(w, digits);
		return ERR_OK;
	}
	struct pdu_units *units = malloc(sizeof(*units));
	if (!units)
		return ERR_NOMEM;
	enum err err = pdu_units_from(address, PDU_GSM7, units);
	if (err == ERR_OK && units->count > 11)
		err = ERR_TOO_BIG;
	if (err == ERR_OK) {
		uint8_t packed[10];
		size_t bytes = pdu_pack(units->unit, units->count, 0, packed);
		put(w, (unsigned)((7 * units->count + 3) / 4)); /* in semi-octets */
		put(w, TYPE_ALPHA);
		for (size_t i = 0; i < bytes; i++)
			put(w, packed[i]);
	}
	free(units);
	return err;
}

static void put_time(struct writer *w, int64_t wall_ms)
{
	time_t local = (time_t)(wall_ms / SECOND_MS) + PDU_VIETNAM_QUARTERS * 900;
	struct tm tm;
	gmtime_r(&local, &tm);
	const int field[] = {tm.tm_year % 100, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
		tm.tm_sec, PDU_VIETNAM_QUARTERS};
	for (size_t i = 0; i < ARRAY_LEN(field); i++)
		put(w, (unsigned)(field[i] % 10 << 4 | field[i] / 10));
}

static unsigned dcs_of(const struct pdu_body *body)
{
	unsigned dcs = body->coding == PDU_GSM7 ? 0 : body->coding == PDU_8BIT ? 4 : 8;
	return body->msg_class < 0 ? dcs : dcs | 0x10U | ((unsigned)body->msg_class & 3);
}

static enum err put_body(struct writer *w, const struct pdu_body *body)
{
	uint8_t header[7];
	size_t header_bytes = 0;
	const struct pdu_concat *c = &body->concat;
	if (body->count > pdu_segment_units(body->coding, c->bits))
		return ERR_TOO_BIG;
	if (c->bits) {
		header[header_bytes++] = c->bits == 8 ? 5 : 6;
		header[header_bytes++] = c->bits == 8 ? 0 : 8;
		header[header_bytes++] = c->bits == 8 ? 3 : 4;
		if (c->bits == 16)
			header[header_bytes++] = (uint8_t)(c->ref >> 8);
		header[header_bytes++] = (uint8_t)c->ref;
		header[header_bytes++] = (uint8_t)c->total;
		header[header_bytes++] = (uint8_t)c->seq;
	}
	if (body->coding == PDU_GSM7) {
		size_t header_septets = (header_bytes * 8 + 6) / 7;
		unsigned fill = (unsigned)(header_septets * 7 - header_bytes * 8);
		uint8_t packed[PDU_UD_BYTES + 1];
		size_t bytes = pdu_pack(body->unit, body->count, fill, packed);
		put(w, (unsigned)(header_septets + body->count));
		for (size_t i = 0; i < header_bytes; i++)
			put(w, header[i]);
		for (size_t i = 0; i < bytes; i++)
			put(w, packed[i]);
		return ERR_OK;
	}
	size_t width = body->coding == PDU_UCS2 ? 2 : 1;
	put(w, (unsigned)(header_bytes + width * body->count));
	for (size_t i = 0; i < header_bytes; i++)
		put(w, header[i]);
	for (size_t i = 0; i < body->count; i++) {
		if (width == 2)
			put(w, body->unit[i] >> 8);
		put(w, body->unit[i] & 0xFF);
	}
	return ERR_OK;
}

static enum err finish(const struct writer *w, enum err err, size_t *ret_len)
{
	if (err != ERR_OK)
		return err;
	if (w->is_over)
		return ERR_TOO_BIG;
	*ret_len = w->len;
	return ERR_OK;
}

enum err pdu_encode_deliver(const char *smsc, const char *from, int64_t scts_ms,
	const struct pdu_body *body, uint8_t pdu[PDU_MAX_BYTES], size_t *ret_len)
{
	struct writer w = {.data = pdu};
	put_smsc(&w, smsc);
	put(&w, MTI_DELIVER | 0x04U | (body->concat.bits ? 0x40U : 0)); /* no more messages wait */
	enum err err = put_address(&w, from);
	put(&w, 0);
	put(&w, dcs_of(body));
	put_time(&w, scts_ms);
	if (err == ERR_OK)
		err = put_body(&w, body);
	return finish(&w, err, ret_len);
}

enum err pdu_encode_submit(const char *to, bool wants_report, const struct pdu_body *body,
	uint8_t pdu[PDU_MAX_BYTES], size_t *ret_len)
{
	struct writer w = {.data = pdu};
	put_smsc(&w, NULL);
	put(&w, MTI_SUBMIT | (wants_report ? 0x20U : 0) | (body->concat.bits ? 0x40U : 0));
	put(&w, 0);
	enum err err = put_address(&w, to);
	put(&w, 0);
	put(&w, dcs_of(body));
	if (err == ERR_OK)
		err = put_body(&w, body);
	return finish(&w, err, ret_len);
}

enum err pdu_encode_report(const char *smsc, const char *to, int mr, int64_t scts_ms,
	int64_t done_ms, int status, uint8_t pdu[PDU_MAX_BYTES], size_t *ret_len)
{
	struct writer w = {.data = pdu};
	put_smsc(&w, smsc);
	put(&w, MTI_REPORT | 0x04U);
	put(&w, (unsigned)mr);
	enum err err = put_address(&w, to);
	put_time(&w, scts_ms);
	put_time(&w, done_ms);
	put(&w, (unsigned)status);
	return finish(&w, err, ret_len);
}

static void take_digits(
	struct reader *r, size_t digits, bool is_plus, char *text, size_t text_bytes)
{
	static const char symbol[] = "0123456789*#abc";
	size_t len = 0;
	if (is_plus)
		text[len++] = '+';
	for (size_t i = 0; i < digits; i += 2) {
		unsigned byte = take(r);
		for (size_t half = 0; half < 2 && i + half < digits; half++) {
			unsigned value = half ? byte >> 4 : byte & 15;
			if (value < 15 && len + 1 < text_bytes)
				text[len++] = symbol[value];
		}
	}
	text[len] = 0;
}

static enum err take_address(struct reader *r, char text[PDU_ADDRESS_BYTES])
{
	size_t semi_octets = take(r);
	unsigned type = take(r);
	if (semi_octets > 20)
		return ERR_INVALID;
	if ((type & 0x70) == 0x50) {
		size_t bytes = (semi_octets + 1) / 2, septets = semi_octets * 4 / 7;
		uint16_t unit[12];
		if (r->left < bytes)
			return ERR_INVALID;
		pdu_unpack(r->data, bytes, 0, septets, unit);
		r->data += bytes;
		r->left -= bytes;
		return pdu_units_text(unit, septets, PDU_GSM7, text, PDU_ADDRESS_BYTES);
	}
	take_digits(r, semi_octets, (type & 0x70) == 0x10, text, PDU_ADDRESS_BYTES);
	return ERR_OK;
}

static void take_smsc(struct reader *r, char text[PDU_ADDRESS_BYTES])
{
	size_t bytes = take(r);
	if (bytes == 0)
		return;
	unsigned type = take(r);
	take_digits(r, 2 * (bytes - 1), (type & 0x70) == 0x10, text, PDU_ADDRESS_BYTES);
}

static enum err take_time(struct reader *r, int64_t *ret_ms)
{
	int field[7];
	for (size_t i = 0; i < ARRAY_LEN(field); i++) {
		unsigned byte = take(r);
		unsigned tens = byte & (i == 6 ? 7 : 15), ones = byte >> 4;
		if (tens > 9 || ones > 9)
			return ERR_INVALID;
		field[i] = (int)(tens * 10 + ones);
		if (i == 6 && (byte & 8))
			field[i] = -field[i];
	}
	struct tm tm = {.tm_year = 100 + field[0],
		.tm_mon = field[1] - 1,
		.tm_mday = field[2],
		.tm_hour = field[3],
		.tm_min = field[4],
		.tm_sec = field[5]};
	*ret_ms = ((int64_t)timegm(&tm) - field[6] * 900) * SECOND_MS;
	return ERR_OK;
}

static void set_dcs(struct pdu_message *m, unsigned dcs)
{
	m->dcs = (int)dcs;
	m->msg_class = -1;
	m->coding = PDU_GSM7;
	if ((dcs & 0xC0) == 0) {
		static const enum pdu_coding of[] = {PDU_GSM7, PDU_8BIT, PDU_UCS2, PDU_GSM7};
		m->coding = of[dcs >> 2 & 3];
		if (dcs & 0x10)
			m->msg_class = (int)(dcs & 3);
	} else if ((dcs & 0xF0) == 0xF0) {
		m->coding = dcs & 4 ? PDU_8BIT : PDU_GSM7;
		m->msg_class = (int)(dcs & 3);
	} else if ((dcs & 0xF0) == 0xE0) {
		m->coding = PDU_UCS2;
	}
}

/* Concatenation elements of the header; others are skipped, a broken one refuses the message. */
static enum err read_header(const uint8_t *header, size_t len, struct pdu_concat *ret_concat)
{
	for (size_t i = 0; i < len;) {
		if (i + 2 > len || i + 2 + header[i + 1] > len)
			return ERR_INVALID;
		const uint8_t *v = header + i + 2;
		if (header[i] == 0 && header[i + 1] == 3)
			*ret_concat = (struct pdu_concat){8, v[0], v[1], v[2]};
		else if (header[i] == 8 && header[i + 1] == 4)
			*ret_concat = (struct pdu_concat){16, v[0] << 8 | v[1], v[2], v[3]};
		i += 2U + header[i + 1];
	}
	return ERR_OK;
}

static enum err take_body(struct reader *r, struct pdu_message *m)
{
	size_t length = take(r);
	size_t octets = m->coding == PDU_GSM7 ? (length * 7 + 7) / 8 : length;
	if (r->is_short || octets > PDU_UD_BYTES || octets != r->left)
		return ERR_INVALID;
	size_t header = 0;
	if (m->has_header) {
		if (octets == 0 || (size_t)r->data[0] + 1 > octets)
			return ERR_INVALID;
		header = (size_t)r->data[0] + 1;
		enum err err = read_header(r->data + 1, header - 1, &m->concat);
		if (err != ERR_OK)
			return err;
	}
	uint16_t unit[PDU_UD_BYTES * 8 / 7];
	size_t count = 0;
	if (m->coding == PDU_GSM7) {
		size_t header_septets = (header * 8 + 6) / 7;
		if (header_septets > length)
			return ERR_INVALID;
		count = length - header_septets;
		pdu_unpack(r->data, octets, (unsigned)(header_septets * 7), count, unit);
	} else if (m->coding == PDU_8BIT) {
		for (size_t i = header; i < octets; i++)
			unit[count++] = r->data[i];
	} else {
		if ((octets - header) % 2)
			return ERR_INVALID;
		for (size_t i = header; i < octets; i += 2)
			unit[count++] = (uint16_t)(r->data[i] << 8 | r->data[i + 1]);
	}
	return pdu_units_text(unit, count, m->coding, m->text, sizeof(m->text));
}

static void take_validity(struct reader *r, unsigned format, struct pdu_message *m)
{
	m->validity_min = -1;
	if (format == 2) {
		int v = (int)take(r);
		m->validity_min = v < 144   ? (v + 1) * 5
				  : v < 168 ? 720 + (v - 143) * 30
				  : v < 197 ? (v - 166) * 1440
					    : (v - 192) * 10080;
	} else if (format != 0) {
		for (int i = 0; i < 7; i++)
			(void)take(r);
	}
}

enum err pdu_decode_submit(const uint8_t *pdu, size_t len, struct pdu_message *ret_message)
{
	struct reader r = {.data = pdu, .left = len};
	struct pdu_message m = {.msg_class = -1, .validity_min = -1};
	take_smsc(&r, m.smsc);
	unsigned first = take(&r);
	if (r.is_short || (first & 3) != MTI_SUBMIT)
		return ERR_INVALID;
	m.wants_report = first & 0x20;
	m.has_header = first & 0x40;
	m.mr = (int)take(&r);
	enum err err = take_address(&r, m.address);
	if (err != ERR_OK)
		return err;
	m.pid = (int)take(&r);
	set_dcs(&m, take(&r));
	take_validity(&r, first >> 3 & 3, &m);
	err = take_body(&r, &m);
	if (err != ERR_OK)
		return err;
	*ret_message = m;
	return ERR_OK;
}

enum err pdu_decode_received(
	const uint8_t *pdu, size_t len, struct pdu_message *ret_message, bool *ret_is_report)
{
	struct reader r = {.data = pdu, .left = len};
	struct pdu_message m = {.msg_class = -1, .validity_min = -1};
	take_smsc(&r, m.smsc);
	unsigned first = take(&r);
	if (r.is_short || (first & 3) == MTI_SUBMIT || (first & 3) == 3)
		return ERR_INVALID;
	bool is_report = (first & 3) == MTI_REPORT;
	m.has_header = !is_report && first & 0x40;
	if (is_report)
		m.mr = (int)take(&r);
	enum err err = take_address(&r, m.address);
	if (err == ERR_OK && !is_report) {
		m.pid = (int)take(&r);
		set_dcs(&m, take(&r));
	}
	if (err == ERR_OK)
		err = take_time(&r, &m.scts_ms);
	if (err == ERR_OK && is_report) {
		err = take_time(&r, &m.done_ms);
		m.status = (int)take(&r);
	} else if (err == ERR_OK) {
		err = take_body(&r, &m);
	}
	if (err == ERR_OK && r.is_short)
		err = ERR_INVALID;
	if (err != ERR_OK)
		return err;
	*ret_message = m;
	*ret_is_report = is_report;
	return ERR_OK;
}

size_t pdu_tpdu_bytes(const uint8_t *pdu, size_t len)
{
	return len == 0 || (size_t)pdu[0] + 1 > len ? 0 : len - pdu[0] - 1;
}
