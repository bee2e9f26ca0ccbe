/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/history/history.h"

#include "store/event.h"
#include "store/party.h"
#include "store/turn.h"

#include <string.h>

/* Reading the SIM, as relay/modem_receive.c does it. */

struct vouch {
	struct history *h;
	int slot;
};

static void vouch_after_commit(void *arg, enum err committed)
{
	struct vouch *v = arg;
	struct world *w = &v->h->world;
	struct world_slot *slot = &w->slots[v->slot];

	/* The process that would free the slot may die first: then the slot is read again. */
	if (!committed && slot->is_used && (w->is_calm || rng_below(&w->rng, 4))) {
		if (!slot->part.is_again) {
			w->texts[slot->part.text].vouched++;
			w->texts[slot->part.text].taken_ms[slot->part.part] = w->clock.mono;
		}
		slot->is_used = false;
		must(v->h, sim_slot_freed(v->h->store, "sim", "SM", v->slot), "sim_slot_freed");
	}
	free(v);
}

static enum err read_part(struct history *h, int slot_no, const struct world_part *part)
{
	const struct world_text *t = &h->world.texts[part->text];
	uint8_t hash[VAULT_HASH_BYTES];
	char content[128], id[64], number[16];
	struct inbound in = {.channel = "modem",
		.external_id = id,
		.kind = INBOX_KIND_TEXT,
		.from_kind = PARTY_PHONE,
		.from = world_phone(t->phone, number),
		.sent_ms = world_stamp(part->text),
		.sim = "sim",
		.text = t->words[part->part]};
	int64_t generation;
	enum err err;

	/* A twin has its own time stamp, like every message of the real world. */
	snprintf(content, sizeof(content), "%d|%s", part->text, in.text);
	vault_hash(h->vault, VAULT_HASH_CONTENT, content, strlen(content), hash);
	err = sim_slot_take(h->store, "sim", "SM", slot_no, hash, &generation);
	if (err)
		return err;
	snprintf(id, sizeof(id), "sim/SM/%d/%lld", slot_no, (long long)generation);
	if (t->total > 1)
		in.concat = (struct sms_concat){t->ref, t->ref_bits, t->total, part->part + 1};
	h->world.texts[part->text].read_wall_ms[part->part] = h->world.clock.wall;
	return intake_accept(h->intake, &in);
}

static void read_slot(struct history *h, int slot_no)
{
	struct world_slot *slot = &h->world.slots[slot_no];
	struct vouch *v;
	enum err err;

	if (!slot->is_used)
		return;
	must(h, store_savepoint_begin(h->store), "savepoint");
	err = read_part(h, slot_no, &slot->part);
	if (err && err != ERR_EXISTS)
		must(h, err, "read_part");
	must(h, store_savepoint_release(h->store), "release");
	v = calloc(1, sizeof(*v));
	CHECK(v);
	*v = (struct vouch){h, slot_no};
	must(h, turn_defer(h->store, vouch_after_commit, v), "defer");
}

void read_slots(struct history *h)
{
	for (int i = 0; i < WORLD_SLOTS; i++)
		read_slot(h, i);
}

void answer_some_report(struct history *h)
{
	static const char *const answers[] = {"Đã cử người đến.",
		"Kính mời ông/bà đến trụ sở Công an xã vào tám giờ sáng mai, mang theo căn cước công "
		"dân và giấy tờ nhà đất để bổ sung hồ sơ; nếu vắng mặt xin báo lại cho cán bộ trực "
		"ban biết trước, số điện thoại ghi ở bảng thông báo của thôn."};
	struct desk_answered done;
	int64_t count;
	struct errbuf eb = {0};
	struct report report;

	must(h, report_count(h->store, NULL, &count), "report_count");
	if (!count || report_load(h->store, 1 + rng_below(&h->world.rng, count), &report) != ERR_OK)
		return;
	must(h,
		desk_report_answer(h->desk, report.id, answers[rng_below(&h->world.rng, 2)],
			"officer:sim", &done, &eb),
		"answer");
}

/* An officer answers the newest alarm, if it still rings. */
void take_some_alarm(struct history *h)
{
	struct party party;
	struct alarm alarm;
	int64_t officer;
	enum err err = alarm_joinable(h->store, false, &alarm);

	/* Mostly one that has left. */
	if (err)
		err = alarm_by_number(
			h->store, ALARM_NUMBER_MIN + (int)rng_below(&h->world.rng, 900), &alarm);
	if (err == ERR_NOT_FOUND)
		err = alarm_due(h->store, INT64_MAX, &alarm);
	if (err == ERR_NOT_FOUND)
		return;
	must(h, err, "alarm");
	must(h, party_get(h->store, PARTY_PHONE, "+84900009001", &party), "party_get");
	if (alarm_page_to(h->store, alarm.id, party.id, &officer))
		return;
	must(h,
		alarm_answered(h->desk, party.id, false,
			&(struct alarm_answer){.number = alarm.number, .note = ""}),
		"alarm_answered");
	h->taken++;
}

/* An officer says what a report is in law, or that it was passed on. What can't be is refused. */
void decide_some_report(struct history *h)
{
	static const char *const classes[] = {
		"to_giac", "tin_bao", "phan_anh", "noi_dung_to_cao", "hoi_dap", "cu_tru", "khac"};
	struct errbuf eb = {0};
	int64_t count, id;
	enum err err;

	must(h, report_count(h->store, NULL, &count), "report_count");
	if (!count)
		return;
	id = 1 + rng_below(&h->world.rng, count);
	if (rng_below(&h->world.rng, 4) == 0)
		err = desk_report_outcome(h->desk, id,
			&(struct desk_outcome){.kind = "transferred",
				.addressee = "cơ quan điều tra",
				.receipt = "",
				.note = "",
				.tells = true,
				.actor = "officer:sim"},
			&eb);
	else
		err = desk_classify(h->desk, id,
			&(struct desk_classify){
				.class = classes[rng_below(&h->world.rng, ARRAY_LEN(classes))],
				.is_urgent = rng_below(&h->world.rng, 4) == 0,
				.reason = "xem lại",
				.tells = true,
				.actor = "officer:sim"},
			&eb);
	if (err != ERR_STATE && err != ERR_NOT_FOUND)
		must(h, err, "decide");
}
