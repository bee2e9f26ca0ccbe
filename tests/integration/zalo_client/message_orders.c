/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/integration/zalo_client/driver.h"

#include "daemon/base/str.h"
#include "store/enclosure.h"
#include "store/inbox.h"
#include "store/party.h"

/* {"kind","name","bytes"}: a file of that many bytes; 0 = none. */
static int64_t add_enclosure(struct driver *d, const json_t *file)
{
	static char data[ENCLOSURE_MAX + 1] = "GIF89a\x40\x01\xf0";
	const char *kind = zalo_json_text(file, "kind");
	int64_t id = 0;

	if (!file)
		return 0;
	CHECK(!enclosure_add(d->store,
		&(struct enclosure_new){.kind = str_eq(kind, "file")  ? ENCLOSURE_FILE
						: str_eq(kind, "gif") ? ENCLOSURE_GIF
								      : ENCLOSURE_IMAGE,
			.name = zalo_json_text(file, "name"),
			.data = data,
			.bytes = (size_t)json_integer_value(json_object_get(file, "bytes"))},
		&id));
	return id;
}

static enum channel_kind channel_of(const char *name)
{
	for (int i = 0; i < CHANNEL_KIND_COUNT; i++) {
		if (str_eq(name, channel_kind_text((enum channel_kind)i)))
			return (enum channel_kind)i;
	}
	return CHANNEL_ZALO_USER;
}

void do_send(struct driver *d, const json_t *order)
{
	enum channel_kind channel = channel_of(zalo_json_text(order, "channel"));
	bool is_tick = str_eq(zalo_json_text(order, "kind"), "tick");
	int64_t now_ms = clock_wall_ms(&d->clock.clock), id = 0;
	struct party party;
	enum err err = party_get(d->store,
		channel == CHANNEL_ZALO_GROUP  ? PARTY_ZALO_GROUP
		: channel == CHANNEL_ZALO_USER ? PARTY_ZALO_USER
					       : PARTY_PHONE,
		zalo_json_text(order, "to"), &party);

	if (!err)
		err = outbox_add(d->store,
			&(struct outbox_new){.channel = channel,
				.lane = LANE_ANSWER,
				.kind = is_tick ? OUTBOX_KIND_TICK : OUTBOX_KIND_ANSWER,
				.party_id = party.id,
				.standby_for = json_integer_value(
					json_object_get(order, "standby_for")),
				.due_ms = now_ms +
					  json_integer_value(json_object_get(order, "after_ms")),
				.expires_ms = now_ms + DAY_MS,
				.text = zalo_json_text(order, "text"),
				.enclosure_id = add_enclosure(d, json_object_get(order, "file"))},
			&id);
	dispatch_wake(d->dispatch);
	answer(json_pack("{s:s,s:I}", "err", err_name(err), "id", (json_int_t)id));
}

static void add_outbox(void *arg, const struct outbox_row *row)
{
	json_array_insert_new(arg, 0,
		json_pack("{s:I,s:s,s:s,s:b,s:i,s:s,s:s,s:s,s:I,s:I}", "id", (json_int_t)row->id,
			"channel", channel_kind_text(row->channel), "state",
			outbox_state_text(row->state), "is_final", row->is_final, "attempts",
			row->attempts, "error", err_name(row->error), "note", row->note,
			"external_id", row->external_id, "due_ms", (json_int_t)row->due_ms,
			"claimed_ms", (json_int_t)row->claimed_ms));
}

void do_outbox(struct driver *d, const json_t *order)
{
	json_t *rows = json_array();

	(void)order;
	CHECK(!outbox_list(d->store, 0, 10000, add_outbox, rows));
	answer(rows);
}

struct inbox_list {
	struct driver *d;
	json_t *rows;
};

static void add_inbox(void *arg, const struct inbox_row *row)
{
	struct inbox_list *list = arg;
	struct buf address;

	buf_init(&address, PARTY_ADDRESS_MAX);
	CHECK(!party_address(list->d->store, row->party_id, &address));
	json_array_insert_new(list->rows, 0,
		json_pack("{s:I,s:s,s:s,s:s,s:I,s:s,s:I}", "id", (json_int_t)row->id, "channel",
			row->channel, "kind", inbox_kind_text(row->kind), "state",
			inbox_state_text(row->state), "sent_ms", (json_int_t)row->sent_ms, "from",
			buf_text(&address), "report", (json_int_t)row->report_id));
	buf_done(&address);
}

void do_inbox(struct driver *d, const json_t *order)
{
	struct inbox_list list = {d, json_array()};

	(void)order;
	CHECK(!inbox_list(d->store, 0, 10000, add_inbox, &list));
	answer(list.rows);
}

static void count_row(void *arg, const struct inbox_row *row)
{
	int *rows = arg;

	(void)row;
	++*rows;
}

/* Which of the message ids have not come yet, and how many rows there are in all. */
void do_missing(struct driver *d, const json_t *order)
{
	const char *channel = zalo_json_text(order, "channel");
	json_t *missing = json_array(), *id;
	int64_t inbox_id, report_id;
	int rows = 0;
	size_t i;

	json_array_foreach (json_object_get(order, "ids"), i, id) {
		if (inbox_find(d->store, channel, json_string_value(id), &inbox_id, &report_id))
			json_array_append(missing, id);
	}
	CHECK(!inbox_list(d->store, 0, 1000000, count_row, &rows));
	answer(json_pack("{s:o,s:i}", "missing", missing, "rows", rows));
}

struct content_list {
	struct driver *d;
	json_t *rows;
};

/* What was stored, opened again, as hexadecimal; null when it can't be. */
static json_t *content_hex(struct driver *d, int64_t attachment_id)
{
	struct media_file file;
	struct media_reader *reader;
	char piece[1000], hex[2 * sizeof(piece) + 1];
	struct buf all;
	size_t len = 1;
	json_t *json = NULL;

	if (attachment_file(d->store, &key_holder_box, attachment_id, &file) ||
		media_reader_new(d->store, &file, &reader))
		return json_null();
	buf_init(&all, 4 * 1024 * 1024);
	while (len && !media_reader_read(reader, piece, sizeof(piece), &len)) {
		str_hex(piece, len, hex);
		CHECK(!buf_adds(&all, hex));
	}
	if (!len)
		json = json_string(buf_text(&all));
	media_reader_free(reader);
	buf_done(&all);
	return json ? json : json_null();
}

static void add_attachment(void *arg, const struct attachment *a)
{
	struct content_list *list = arg;

	json_array_append_new(list->rows,
		json_pack("{s:I,s:I,s:s,s:s,s:s,s:s,s:I,s:i,s:s,s:I}", "id", (json_int_t)a->id,
			"report", (json_int_t)a->report_id, "kind", attachment_kind_text(a->kind),
			"state", attachment_state_text(a->state), "reason", a->reason, "mime",
			a->mime, "bytes", (json_int_t)a->bytes, "attempts", a->attempts, "name",
			a->name, "inbox", (json_int_t)a->inbox_id));
}

static void add_contents(void *arg, const struct inbox_row *row)
{
	struct content_list *list = arg;

	if (row->report_id)
		CHECK(!attachment_of_report(
			list->d->store, &key_holder_box, row->report_id, add_attachment, list));
}

/* By report, newest first; "with_content": with what was stored. */
void do_attachments(struct driver *d, const json_t *order)
{
	struct content_list list = {d, json_array()};
	json_t *row;
	size_t i;

	CHECK(!inbox_list(d->store, 0, 10000, add_contents, &list));
	json_array_foreach (list.rows, i, row) {
		struct attachment a;

		if (!json_is_true(json_object_get(order, "with_content")))
			break;
		CHECK(!attachment_load(
			d->store, json_integer_value(json_object_get(row, "id")), &a));
		if (a.state == ATTACHMENT_STORED)
			json_object_set_new(row, "content", content_hex(d, a.id));
	}
	answer(list.rows);
}

static void add_entry(void *arg, const struct report_entry *entry)
{
	json_array_append_new(arg, json_string(entry->text));
}

void do_entries(struct driver *d, const json_t *order)
{
	json_t *rows = json_array();

	CHECK(!report_entries(d->store, &key_holder_box,
		json_integer_value(json_object_get(order, "report")), add_entry, rows));
	answer(rows);
}

static void add_gap(void *arg, const struct zalo_gap *gap)
{
	json_array_append_new(arg, json_pack("{s:s,s:I,s:I}", "list", gap->list, "from",
					   (json_int_t)gap->from_ms, "to", (json_int_t)gap->to_ms));
}

void do_gaps(struct driver *d, const json_t *order)
{
	json_t *rows = json_array();

	(void)order;
	CHECK(!zalo_gap_list(d->store, 0, 100, add_gap, rows));
	answer(rows);
}
