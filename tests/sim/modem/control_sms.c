/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages that residents and operators send to the modem, cut into segments as a phone does. */
#include "tests/sim/modem/sim.h"

#include "daemon/base/clock.h"
#include "daemon/base/str.h"

#include <string.h>
#include <time.h>

#define PARTS_MAX 255 /* the header counts in one octet */
#define COUNT_MAX 100000

/* One request, understood. */
struct wish {
	const char *from, *text;
	enum pdu_coding coding;
	int msg_class, ref, ref_bits, parts;
	int64_t count, scts_ms; /* scts 0: the moment the SMSC gets it */
	const json_t *order;	/* also which parts arrive at all */
};

static int64_t int_of(const json_t *request, const char *key, int64_t otherwise)
{
	const json_t *v = json_object_get(request, key);
	return json_is_integer(v) ? json_integer_value(v) : otherwise;
}

/* "2026-11-22T14:05:09+07:00", "...Z" or milliseconds. */
static enum err parse_time(const json_t *value, int64_t *ret_ms)
{
	if (json_is_integer(value)) {
		*ret_ms = json_integer_value(value);
		return ERR_OK;
	}
	struct tm tm = {0};
	int hours = 0, minutes = 0;
	char sign = 'Z';
	const char *text = json_string_value(value);
	int n = text ? sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d%c%2d:%2d", &tm.tm_year, &tm.tm_mon,
			       &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &sign, &hours,
			       &minutes)
		     : 0;
	if (n < 7 || (sign != 'Z' && (n != 9 || (sign != '+' && sign != '-'))))
		return ERR_INVALID;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	int64_t offset_s = (int64_t)(hours * 3600 + minutes * 60) * (sign == '-' ? -1 : 1);
	*ret_ms = ((int64_t)timegm(&tm) - offset_s) * SECOND_MS;
	return ERR_OK;
}

static json_t *parse_wish(struct sim *sim, const json_t *request, struct wish *w)
{
	const char *coding = json_string_value(json_object_get(request, "coding"));
	const json_t *only = json_object_get(request, "only"),
		     *scts = json_object_get(request, "scts");
	w->from = json_string_value(json_object_get(request, "from"));
	w->text = json_string_value(json_object_get(request, "text"));
	if (!w->text)
		return control_refuse("text is missing");
	if (!w->from)
		w->from = "+84900000012";
	if (!coding)
		w->coding = pdu_is_gsm7(w->text) ? PDU_GSM7 : PDU_UCS2;
	else if (str_eq(coding, "gsm7"))
		w->coding = PDU_GSM7;
	else if (str_eq(coding, "ucs2"))
		w->coding = PDU_UCS2;
	else if (str_eq(coding, "8bit"))
		w->coding = PDU_8BIT;
	else
		return control_refuse("coding is gsm7, ucs2 or 8bit");
	w->msg_class = (int)int_of(request, "class", -1);
	w->ref_bits = (int)int_of(request, "ref_bits", 8);
	w->parts = (int)int_of(request, "parts", 0);
	w->count = int_of(request, "count", 1);
	w->order = json_object_get(request, "order") ? json_object_get(request, "order") : only;
	if (w->msg_class < -1 || w->msg_class > 3 || (w->ref_bits != 8 && w->ref_bits != 16) ||
		w->parts < 0 || w->parts > PARTS_MAX || w->count < 1 || w->count > COUNT_MAX)
		return control_refuse("class -1..3, ref_bits 8 or 16, parts ..255, count ..100000");
	if (w->order && !json_is_array(w->order))
		return control_refuse("order and only are lists of part numbers");
	if (scts && parse_time(scts, &w->scts_ms) != ERR_OK)
		return control_refuse("scts is like 2026-11-22T14:05:09+07:00 or milliseconds");
	int *next = w->ref_bits == 8 ? &sim->network.ref8 : &sim->network.ref16;
	w->ref = (int)int_of(request, "ref", -1);
	if (w->ref < 0) {
		w->ref = *next;
		*next = (*next + 1) & (w->ref_bits == 8 ? 0xFF : 0xFFFF);
	}
	return NULL;
}

/* Where each part begins; ret_start[total] is the end. Returns the number of parts, 0 too many. */
static int cut(const struct pdu_units *u, const struct wish *w, size_t *ret_start)
{
	size_t single = pdu_segment_units(u->coding, 0), limit = single, at = 0;
	int total = 0;
	if (w->parts > 1 || u->count > single)
		limit = pdu_segment_units(u->coding, w->ref_bits);
	if (w->parts > 1 && (u->count + (size_t)w->parts - 1) / (size_t)w->parts < limit)
		limit = (u->count + (size_t)w->parts - 1) / (size_t)w->parts;
	do {
		if (total == PARTS_MAX || limit == 0)
			return 0;
		ret_start[total++] = at;
		at += pdu_segment_cut(u->unit + at, u->count - at, u->coding, limit);
	} while (at < u->count);
	ret_start[total] = at;
	return total;
}

static enum err offer_part(struct sim *sim, const struct wish *w, const struct pdu_units *u,
	const size_t *start, int total, int seq)
{
	struct incoming in = {.msg_class = w->msg_class};
	struct pdu_body body = {.coding = u->coding,
		.msg_class = w->msg_class,
		.unit = u->unit + start[seq - 1],
		.count = start[seq] - start[seq - 1]};
	char text[PDU_TEXT_BYTES];
	if (total > 1)
		body.concat = (struct pdu_concat){w->ref_bits, w->ref, total, seq};
	int64_t scts_ms = w->scts_ms ? w->scts_ms : sim_wall_ms();
	enum err err = pdu_encode_deliver(sim->opt.smsc, w->from, scts_ms, &body, in.pdu, &in.len);
	if (err == ERR_OK)
		err = pdu_units_text(body.unit, body.count, body.coding, text, sizeof(text));
	if (err != ERR_OK)
		return err;
	return network_offer(sim, &in,
		json_pack("{s:s,s:s,s:i,s:i,s:i,s:I}", "from", w->from, "text", text, "seq", seq,
			"total", total, "ref", total > 1 ? w->ref : 0, "scts_ms",
			(json_int_t)scts_ms));
}

static enum err offer_parts(struct sim *sim, const struct wish *w, const struct pdu_units *u,
	const size_t *start, int total, json_t *ids)
{
	size_t arrivals = w->order ? json_array_size(w->order) : (size_t)total;
	for (size_t i = 0; i < arrivals; i++) {
		int seq = w->order ? (int)json_integer_value(json_array_get(w->order, i))
				   : (int)i + 1;
		if (seq < 1 || seq > total)
			return ERR_INVALID;
		enum err err = offer_part(sim, w, u, start, total, seq);
		if (err != ERR_OK)
			return err;
		json_array_append_new(ids, json_integer((json_int_t)sim->network.last_id));
	}
	return ERR_OK;
}

/* "{n}" becomes the running number of the copy, of at least `digits` digits. */
static void numbered(const char *text, int64_t n, int digits, struct buf *out)
{
	const char *mark;
	while ((mark = strstr(text, "{n}"))) {
		(void)!buf_add(out, text, (size_t)(mark - text));
		(void)!buf_addf(out, "%0*lld", digits, (long long)n);
		text = mark + 3;
	}
	(void)!buf_adds(out, text);
}

/* The n-th copy of a wish. */
static enum err offer_copy(struct sim *sim, const struct wish *wish, int64_t n,
	struct pdu_units *units, int *ret_total, json_t *ids)
{
	size_t start[PARTS_MAX + 1];
	struct wish w = *wish;
	CLEAN_BUF text;
	CLEAN_BUF from;
	buf_init(&text, 64 * 1024);
	buf_init(&from, 256);
	numbered(wish->text, n, 1, &text);
	numbered(wish->from, n, 4, &from);
	w.from = buf_text(&from);
	enum err err = pdu_units_from(buf_text(&text), w.coding, units);
	if (err != ERR_OK)
		return err;
	int total = cut(units, &w, start);
	if (total == 0)
		return ERR_TOO_BIG;
	*ret_total = total;
	return offer_parts(sim, &w, units, start, total, ids);
}

json_t *control_sms(struct sim *sim, const json_t *request)
{
	struct wish w = {0};
	json_t *refused = parse_wish(sim, request, &w);
	if (refused)
		return refused;
	struct pdu_units *units = sim_alloc(sizeof(*units));
	json_t *ids = json_array();
	enum err err = ERR_OK;
	int total = 0;
	for (int64_t n = 1; n <= w.count && err == ERR_OK; n++)
		err = offer_copy(sim, &w, n, units, &total, ids);
	free(units);
	if (err != ERR_OK) {
		json_decref(ids);
		return control_refuse("the message cannot be made: %s", err_en(err));
	}
	return json_pack("{s:b,s:o,s:i,s:i}", "ok", true, "ids", ids, "parts", total, "ref",
		total > 1 ? w.ref : 0);
}

json_t *control_pdu(struct sim *sim, const json_t *request)
{
	const char *hex = json_string_value(json_object_get(request, "hex"));
	const char *memory = json_string_value(json_object_get(request, "memory"));
	struct incoming in = {.msg_class = -1};
	if (!hex || pdu_from_hex(hex, strlen(hex), in.pdu, sizeof(in.pdu), &in.len) != ERR_OK)
		return control_refuse("hex is missing, odd or over %d octets", PDU_MAX_BYTES);
	if (!memory) {
		if (network_offer(sim, &in, json_pack("{s:s}", "pdu", hex)) != ERR_OK)
			return control_refuse("the queue is full");
		return json_pack("{s:b,s:I}", "ok", true, "id", (json_int_t)sim->network.last_id);
	}
	int mem = memory_of(memory);
	int64_t slot = int_of(request, "slot", -1);
	if (mem < 0)
		return control_refuse("memory is SM, ME or SR");
	int at = slot_put(sim, mem, slot < 0 ? -1 : (int)slot - sim->opt.first_slot, in.pdu, in.len,
		(int)int_of(request, "status", 0), ++sim->network.last_id);
	if (at < 0)
		return control_refuse("no such slot, or none free");
	return json_pack("{s:b,s:I,s:i}", "ok", true, "id", (json_int_t)sim->network.last_id,
		"slot", at + sim->opt.first_slot);
}
