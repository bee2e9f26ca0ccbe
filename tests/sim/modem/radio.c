/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the network took from the modem, as segments and as the messages that phones show. */
#include "tests/sim/modem/sim.h"

#include "daemon/base/str.h"

#include <string.h>

#define OPEN_SETS_MAX 4096 /* how far back a segment looks for the set it belongs to */

static void *grow(void *items, size_t count, size_t *size, size_t item_bytes)
{
	if (count < *size)
		return items;
	*size = *size ? 2 * *size : 256;
	items = realloc(items, *size * item_bytes);
	if (!items)
		abort();
	return items;
}

bool radio_is_complete(const struct sent *sent)
{
	return sent->have == sent->total;
}

/* The newest incomplete set of these marks that still misses this part, else a new one. */
static struct sent *set_of(struct radio *r, const struct pdu_message *m)
{
	const struct pdu_concat *c = &m->concat;
	bool is_part = c->bits && c->total > 0 && c->seq > 0 && c->seq <= c->total;
	for (size_t i = 0; is_part && i < r->sent_count && i < OPEN_SETS_MAX; i++) {
		struct sent *s = &r->sent[r->sent_count - 1 - i];
		if (!radio_is_complete(s) && s->ref == c->ref && s->bits == c->bits &&
			s->total == c->total && !s->segment[c->seq - 1] &&
			str_eq(s->to, m->address))
			return s;
	}
	r->sent = grow(r->sent, r->sent_count, &r->sent_size, sizeof(*r->sent));
	struct sent *s = &r->sent[r->sent_count++];
	*s = (struct sent){.n = r->sent_count, .total = 1};
	memcpy(s->to, m->address, sizeof(s->to));
	if (is_part) {
		s->ref = c->ref;
		s->bits = c->bits;
		s->total = c->total;
	}
	s->segment = sim_alloc((size_t)s->total * sizeof(*s->segment));
	return s;
}

void radio_text(const struct sim *sim, const struct sent *sent, struct buf *out)
{
	for (int i = 0; i < sent->total; i++) {
		if (sent->segment[i])
			(void)!buf_adds(out, sim->radio.segments[sent->segment[i] - 1]->m.text);
	}
}

/* ---- delivery reports ---- */

struct report_due {
	struct report_due *next;
	struct sim_timer timer;
	uint64_t n;
	int status;
	char how[20];
};

int radio_status_of(const json_t *status)
{
	static const struct {
		const char *name;
		int st;
	} table[] = {{"delivered", 0x00}, {"forwarded", 0x01}, {"pending", 0x20}, {"failed", 0x41},
		{"expired", 0x46}, {"temporary", 0x62}};
	if (json_is_integer(status) && json_integer_value(status) >= 0 &&
		json_integer_value(status) <= 255)
		return (int)json_integer_value(status);
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		if (str_eq(json_string_value(status), table[i].name))
			return table[i].st;
	}
	return -1;
}

enum err radio_report(struct sim *sim, uint64_t n, int status, const char *how)
{
	struct radio *r = &sim->radio;
	if (n < 1 || n > r->segment_count)
		return ERR_NOT_FOUND;
	const struct segment *s = r->segments[n - 1];
	struct incoming in = {.is_report = true, .mr = s->mr, .msg_class = -1};
	if (str_copy(in.how, sizeof(in.how), how) != ERR_OK)
		return ERR_INVALID;
	enum err err = pdu_encode_report(sim->opt.smsc, s->m.address, s->mr, s->at_ms,
		sim_wall_ms(), status, in.pdu, &in.len);
	if (err != ERR_OK)
		return err;
	return network_offer(sim, &in,
		json_pack("{s:I,s:i,s:s,s:i}", "n", (json_int_t)n, "mr", s->mr, "to", s->m.address,
			"status", status));
}

static void report_is_due(struct sim *sim, void *arg)
{
	struct report_due *due = arg;
	for (struct report_due **p = &sim->radio.due; *p; p = &(*p)->next) {
		if (*p == due) {
			*p = due->next;
			break;
		}
	}
	(void)!radio_report(sim, due->n, due->status, due->how);
	free(due);
}

static void plan_report(struct sim *sim, uint64_t n)
{
	const struct auto_report *a = &sim->radio.report;
	struct report_due *due = sim_alloc(sizeof(*due));
	due->n = n;
	due->status = a->status;
	memcpy(due->how, a->how, sizeof(due->how));
	due->next = sim->radio.due;
	sim->radio.due = due;
	timer_set(sim, &due->timer, a->delay_ms, report_is_due, due);
}

/* ---- acceptance ---- */

static void show_on_phone(struct sim *sim, const struct sent *s)
{
	CLEAN_BUF text;
	buf_init(&text, SIM_OUTPUT_BYTES);
	radio_text(sim, s, &text);
	journal(sim, "phone",
		json_pack("{s:I,s:s,s:s,s:i}", "message", (json_int_t)s->n, "to", s->to, "text",
			buf_text(&text), "parts", s->total));
}

int radio_accept(struct sim *sim, const uint8_t *pdu, size_t len, const struct pdu_message *m)
{
	struct radio *r = &sim->radio;
	r->segments = grow(
		r->segments, r->segment_count, &r->segment_size, sizeof(struct segment *));
	struct segment *segment = sim_alloc(sizeof(*segment));
	struct sent *s = set_of(r, m);
	r->segments[r->segment_count++] = segment;
	*segment = (struct segment){.n = r->segment_count,
		.message = s->n,
		.at_ms = sim_wall_ms(),
		.mr = r->next_mr,
		.len = len,
		.m = *m};
	memcpy(segment->pdu, pdu, len);
	r->next_mr = (r->next_mr + 1) &
		     0xFF; /* the modem numbers, whatever the PDU says (§9.2.3.6) */
	s->segment[s->total == 1 ? 0 : m->concat.seq - 1] = r->segment_count;
	s->have++;
	s->last_ms = segment->at_ms;
	if (s->have == 1)
		s->first_ms = segment->at_ms;
	journal(sim, "accepted", radio_segment_json(segment));
	if (radio_is_complete(s))
		show_on_phone(sim, s);
	if (m->wants_report && r->report.is_on)
		plan_report(sim, segment->n);
	state_changed(sim);
	control_check_waits(sim);
	return segment->mr;
}

json_t *radio_segment_json(const struct segment *s)
{
	static const char *const coding[] = {"gsm7", "8bit", "ucs2"};
	char hex[2 * PDU_MAX_BYTES + 1];
	pdu_to_hex(s->pdu, s->len, hex);
	return json_pack("{s:I,s:I,s:s,s:s,s:s,s:i,s:i,s:i,s:i,s:b,s:i,s:i,s:I,s:s}", "n",
		(json_int_t)s->n, "message", (json_int_t)s->message, "to", s->m.address, "text",
		s->m.text, "coding", coding[s->m.coding], "mr", s->mr, "ref", s->m.concat.ref,
		"seq", s->m.concat.bits ? s->m.concat.seq : 1, "total",
		s->m.concat.bits ? s->m.concat.total : 1, "report", s->m.wants_report, "class",
		s->m.msg_class, "validity_min", s->m.validity_min, "accepted_ms",
		(json_int_t)s->at_ms, "pdu", hex);
}

json_t *radio_sent_json(const struct sim *sim, const struct sent *s)
{
	CLEAN_BUF text;
	buf_init(&text, SIM_OUTPUT_BYTES);
	radio_text(sim, s, &text);
	json_t *segments = json_array();
	const struct segment *first = NULL;
	for (int i = 0; i < s->total; i++) {
		if (!s->segment[i])
			continue;
		const struct segment *segment = sim->radio.segments[s->segment[i] - 1];
		first = first ? first : segment;
		json_array_append_new(segments, radio_segment_json(segment));
	}
	json_t *row = json_pack("{s:I,s:s,s:s,s:i,s:b,s:I,s:I,s:o}", "n", (json_int_t)s->n, "to",
		s->to, "text", buf_text(&text), "parts", s->total, "complete", radio_is_complete(s),
		"at_ms", (json_int_t)s->last_ms, "first_ms", (json_int_t)s->first_ms, "segments",
		segments);
	if (first) {
		json_object_set_new(row, "mr", json_integer(first->mr));
		json_object_set(row, "pdu", json_object_get(json_array_get(segments, 0), "pdu"));
	}
	return row;
}

void radio_done(struct sim *sim)
{
	struct radio *r = &sim->radio;
	for (size_t i = 0; i < r->segment_count; i++)
		free(r->segments[i]);
	for (size_t i = 0; i < r->sent_count; i++)
		free(r->sent[i].segment);
	free(r->segments);
	free(r->sent);
	while (r->due) {
		struct report_due *due = r->due;
		r->due = due->next;
		free(due);
	}
}
