/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who writes again: which report it becomes more of, and as whom he is known. */
#include "daemon/desk/thread.h"
#include "daemon/intake/intake.h"
#include "store/report_link.h"
#include "tests/lib/store_fixture.h"

#include <stdlib.h>

#define RESIDENT "+84900000012"
#define OTHER	 "+84900000013"
#define DUTY	 "+84900009001"
#define USER	 "9000000000000000001"

struct town {
	struct store_fixture s;
	struct desk *desk;
	struct intake *intake;
	int next_id;
};

static void open_desk(struct town *t)
{
	static const char *const phones[] = {DUTY};

	assert_ok(desk_new(&(struct desk_options){.store = t->s.store,
				   .has_modem = true,
				   .has_zalo = true,
				   .has_tick = true,
				   .dialogue_minutes = 30,
				   .duty_phones = phones,
				   .duty_phone_count = 1},
		&t->desk));
	assert_ok(intake_new(
		&(struct intake_options){.store = t->s.store, .desk = t->desk}, &t->intake));
}

static int setup(void **state)
{
	static struct town town;

	town.next_id = 0;
	store_fixture_init(&town.s);
	open_desk(&town);
	*state = &town;
	return 0;
}

static int teardown(void **state)
{
	struct town *t = *state;

	intake_free(t->intake);
	desk_free(t->desk);
	store_fixture_done(&t->s);
	return 0;
}

static void restart(struct town *t)
{
	end_turn(&t->s);
	intake_free(t->intake);
	desk_free(t->desk);
	store_close(t->s.store);
	store_fixture_open(&t->s);
	open_desk(t);
}

static int64_t newest(struct town *t)
{
	int64_t count;

	assert_ok(report_count(t->s.store, NULL, &count));
	return count;
}

static void accept(struct town *t, const struct inbound *in)
{
	struct inbound copy = *in;
	char id[32];

	snprintf(id, sizeof(id), "id-%d", t->next_id++);
	copy.external_id = id;
	assert_ok(intake_accept(t->intake, &copy));
	end_turn(&t->s);
}

/* How many reports there are afterwards. */
static int64_t text(struct town *t, const char *from, const char *words)
{
	accept(t, &(struct inbound){.channel = "modem",
			  .kind = INBOX_KIND_TEXT,
			  .from_kind = PARTY_PHONE,
			  .from = from,
			  .text = words});
	return newest(t);
}

static int64_t zalo(struct town *t, const char *group, const char *words)
{
	accept(t, &(struct inbound){.channel = group ? "zalo_group" : "zalo_user",
			  .kind = INBOX_KIND_TEXT,
			  .from_kind = PARTY_ZALO_USER,
			  .from = USER,
			  .group = group,
			  .text = words});
	return newest(t);
}

static struct report report_at(struct town *t, int64_t id)
{
	struct report report;

	assert_ok(report_load(t->s.store, id, &report));
	return report;
}

static void wait_for(struct town *t, int64_t ms)
{
	clock_virtual_advance(&t->s.clock, ms);
}

static void answer(struct town *t, int64_t id, const char *words)
{
	struct desk_answered done;
	struct errbuf eb = {0};

	assert_ok(desk_report_answer(t->desk, id, words, "officer:test", &done, &eb));
	end_turn(&t->s);
}

static void count_kind(void *arg, const struct report_entry *entry)
{
	((int *)arg)[entry->kind]++;
}

static int entries(struct town *t, int64_t id, enum report_entry_kind kind)
{
	int counts[8] = {0};

	assert_ok(report_entries(t->s.store, &key_holder_box, id, count_kind, counts));
	return counts[kind];
}

struct links {
	struct report_link link;
	int count;
};

static void keep_link(void *arg, const struct report_link *link)
{
	struct links *links = arg;

	links->link = *link;
	links->count++;
}

static void assert_link(struct town *t, int64_t id, int64_t other, enum report_link_kind kind)
{
	struct links links = {.count = 0};

	assert_ok(report_links(t->s.store, id, keep_link, &links));
	assert_int_equal(links.count, 1);
	assert_int_equal(links.link.other_id, other);
	assert_int_equal(links.link.kind, kind);
	assert_false(links.link.is_back);
}

static int queued(struct town *t, enum outbox_kind kind, int64_t report_id, const char *words)
{
	struct outbox_listing l = list_outbox(&t->s);
	int count = 0;

	for (int i = 0; i < l.count; i++) {
		if (l.rows[i].kind == kind && (!report_id || l.rows[i].report_id == report_id))
			count += outbox_says(&t->s, l.rows[i].id, words);
	}
	return count;
}

static void decide(struct town *t, int64_t id, const char *category, const char *urgency)
{
	struct errbuf eb = {0};

	assert_ok(desk_report_rate(t->desk, id, category, urgency, "officer:test", &eb));
	end_turn(&t->s);
}

static void test_further_words_within_the_window(void **state)
{
	struct town *t = *state;

	assert_int_equal(text(t, RESIDENT, "mat trom xe"), 1);
	wait_for(t, 5 * MINUTE_MS);
	assert_int_equal(text(t, RESIDENT, "xe mau do, bien so 12"), 1);
	wait_for(t, 29 * MINUTE_MS);
	restart(t);
	assert_int_equal(text(t, RESIDENT, "luc 5 gio sang"), 1);
	assert_int_equal(entries(t, 1, REPORT_ENTRY_RECEIVED), 1);
	assert_int_equal(entries(t, 1, REPORT_ENTRY_MORE), 2);
	assert_int_equal(text(t, OTHER, "toi hoi thu tuc"), 2);
	/* The window ends half an hour after the last words. */
	wait_for(t, 30 * MINUTE_MS);
	assert_int_equal(text(t, RESIDENT, "hom qua co nguoi la"), 3);
	/* The clock was set back: what is ahead proves nothing. */
	t->s.clock.wall -= DAY_MS;
	assert_int_equal(text(t, RESIDENT, "them nua"), 4);
}

static void test_everybody_is_told_and_a_burst_is_thanked_once(void **state)
{
	struct town *t = *state;

	text(t, RESIDENT, "xe mau do do truoc cua nha toi");
	assert_int_equal(queued(t, OUTBOX_KIND_RECEIPT, 1, "da nhan duoc tin"), 1);
	assert_int_equal(queued(t, OUTBOX_KIND_ALARM, 1, "co tin bao moi"), 1);
	text(t, RESIDENT, "van con do");
	assert_int_equal(queued(t, OUTBOX_KIND_RECEIPT, 1, "nhan them"), 0);
	assert_int_equal(queued(t, OUTBOX_KIND_ALARM, 1, "co them noi dung"), 1);
	wait_for(t, 12 * MINUTE_MS);
	text(t, RESIDENT, "van con do nhe");
	assert_int_equal(queued(t, OUTBOX_KIND_RECEIPT, 1, "nhan them"), 1);
	assert_int_equal(queued(t, OUTBOX_KIND_ALARM, 1, "co them noi dung"), 2);
}

static void test_a_reply_days_later(void **state)
{
	struct town *t = *state;

	text(t, RESIDENT, "xe la do truoc cua nha toi");
	answer(t, 1, "Xe mau gi?");
	assert_string_equal(report_at(t, 1).state, "answered");
	wait_for(t, 2 * DAY_MS);
	assert_int_equal(text(t, RESIDENT, "mau xanh"), 1);
	assert_string_equal(report_at(t, 1).state, "open");
	wait_for(t, 2 * DAY_MS);
	assert_int_equal(text(t, RESIDENT, "chuyen khac"), 2);
	wait_for(t, MINUTE_MS);
	answer(t, 1, "Da xong.");
	wait_for(t, HOUR_MS);
	/* The one that was spoken of last, not the newest. */
	assert_int_equal(text(t, RESIDENT, "cam on"), 2);
	assert_int_equal(entries(t, 1, REPORT_ENTRY_MORE), 2);
	answer(t, 1, "Khong co gi.");
	wait_for(t, 3 * DAY_MS);
	assert_int_equal(text(t, RESIDENT, "tam biet"), 3);
}

static void test_another_matter_is_another_report(void **state)
{
	struct town *t = *state;

	text(t, RESIDENT, "toi muon dang ky tam tru");
	assert_string_equal(report_at(t, 1).category, "residence");
	assert_int_equal(text(t, RESIDENT, "nha toi bi mat trom xe may"), 2);
	assert_string_equal(report_at(t, 2).category, "crime");
	assert_link(t, 2, 1, REPORT_LINK_FOLLOWS);
	/* Not the other way round. */
	assert_int_equal(text(t, RESIDENT, "cam on"), 2);
	/* The conduct of officials stays apart from what others read. */
	wait_for(t, MINUTE_MS);
	assert_int_equal(text(t, RESIDENT, "can bo xa nhung nhieu doi tien dan"), 3);
	assert_string_equal(report_at(t, 3).category, "conduct");
	/* Further words of it do not go astray. */
	assert_int_equal(text(t, RESIDENT, "ong ay ten la Nam"), 3);
}

static void test_danger_always_rings(void **state)
{
	struct town *t = *state;

	text(t, RESIDENT, "hang xom on ao");
	assert_int_equal(queued(t, OUTBOX_KIND_ALARM, 0, "KHAN"), 0);
	assert_int_equal(text(t, RESIDENT, "cuu voi, no cam dao chem nguoi"), 1);
	assert_string_equal(report_at(t, 1).urgency, "danger");
	assert_int_equal(queued(t, OUTBOX_KIND_ALARM, 1, "KHAN"), 1);
	assert_int_equal(queued(t, OUTBOX_KIND_RECEIPT, 1, "113"), 2);
	assert_int_equal(text(t, RESIDENT, "cuu voi, no chem nguoi roi"), 1);
	/* It rings already. */
	assert_int_equal(queued(t, OUTBOX_KIND_ALARM, 1, "KHAN"), 1);
	/* What an officer decided, he decided of other words. */
	decide(t, 1, "dispute", "normal");
	assert_int_equal(text(t, RESIDENT, "cuu voi, no cam dao chem nguoi"), 2);
	assert_int_equal(queued(t, OUTBOX_KIND_ALARM, 2, "KHAN"), 1);
	assert_link(t, 2, 1, REPORT_LINK_FOLLOWS);
}

static void test_closed_reports_are_closed(void **state)
{
	struct town *t = *state;
	char words[64];

	text(t, RESIDENT, "xe la");
	assert_ok(report_set_state(t->s.store, 1, "closed"));
	assert_int_equal(text(t, RESIDENT, "van con"), 2);
	snprintf(words, sizeof(words), "#%s van con day", report_at(t, 1).code);
	assert_int_equal(text(t, RESIDENT, words), 3);
	assert_link(t, 3, 1, REPORT_LINK_FOLLOWS);
}

static void test_a_code_names_the_report(void **state)
{
	struct town *t = *state;
	char words[64];

	text(t, RESIDENT, "xe la");
	wait_for(t, 5 * DAY_MS);
	text(t, RESIDENT, "nguoi la");
	snprintf(words, sizeof(words), "#%s mau xanh", report_at(t, 1).code);
	assert_int_equal(text(t, RESIDENT, words), 2);
	assert_int_equal(entries(t, 1, REPORT_ENTRY_MORE), 1);
	/* Of another phone it is a report of its own that names the first, and no stranger's words
	 * in it. */
	assert_int_equal(text(t, OTHER, words), 3);
	assert_int_equal(entries(t, 1, REPORT_ENTRY_MORE), 1);
	assert_link(t, 3, 1, REPORT_LINK_NAMES);
	/* No such code: the words count. */
	assert_int_equal(text(t, OTHER, "#222222 mau xanh"), 3);
	assert_int_equal(entries(t, 3, REPORT_ENTRY_MORE), 1);
}

/* What was sent about a report bears this id at Zalo. */
static void went_out_as(struct town *t, int64_t report_id, const char *message_id)
{
	struct outbox_listing l = list_outbox(&t->s);

	for (int i = 0; i < l.count; i++) {
		struct outbox_row row = l.rows[i];

		if (row.report_id != report_id || row.channel != CHANNEL_ZALO_USER ||
			row.kind == OUTBOX_KIND_TICK || row.state != OUTBOX_QUEUED)
			continue;
		assert_ok(outbox_claim_row(t->s.store, &row, MINUTE_MS));
		assert_ok(outbox_move(t->s.store, row.id,
			&(struct outbox_move){
				.to = OUTBOX_SENT, .is_final = true, .external_id = message_id}));
		end_turn(&t->s);
		return;
	}
	fail();
}

static int64_t quote(struct town *t, const char *message_id, const char *from, const char *words)
{
	accept(t, &(struct inbound){.channel = "zalo_user",
			  .kind = INBOX_KIND_TEXT,
			  .from_kind = PARTY_ZALO_USER,
			  .from = from,
			  .quoted = message_id,
			  .text = words});
	return newest(t);
}

static void test_a_quote_names_the_report(void **state)
{
	struct town *t = *state;

	zalo(t, NULL, "xe la"); /* its own id is id-0 */
	went_out_as(t, 1, "m-1");
	wait_for(t, 5 * DAY_MS);
	zalo(t, NULL, "nguoi la");
	assert_int_equal(quote(t, "m-1", USER, "mau xanh"), 2);
	assert_int_equal(entries(t, 1, REPORT_ENTRY_MORE), 1);
	/* His own words as well as ours. */
	assert_int_equal(quote(t, "id-0", USER, "bien so la"), 2);
	assert_int_equal(entries(t, 1, REPORT_ENTRY_MORE), 2);
	/* What nobody knows says nothing, and a stranger's quote adds nothing. */
	assert_int_equal(quote(t, "m-77", "9000000000000000002", "xe gi"), 3);
	assert_int_equal(quote(t, "m-1", "9000000000000000002", "xe ay day"), 3);
	assert_int_equal(entries(t, 1, REPORT_ENTRY_MORE), 2);
	assert_int_equal(entries(t, 3, REPORT_ENTRY_MORE), 1);
	/* A closed one is followed. */
	assert_ok(report_set_state(t->s.store, 1, "closed"));
	assert_int_equal(quote(t, "m-1", USER, "lai thay xe"), 4);
	assert_link(t, 4, 1, REPORT_LINK_FOLLOWS);
}

static void test_a_quote_keeps_him_hidden(void **state)
{
	struct town *t = *state;
	int64_t hidden;

	zalo(t, NULL, "AN ong Nam ban ma tuy");
	hidden = report_at(t, 1).party_id;
	went_out_as(t, 1, "m-1");
	wait_for(t, 6 * DAY_MS);
	assert_int_equal(quote(t, "m-1", USER, "van con ban"), 1);
	assert_int_equal(entries(t, 1, REPORT_ENTRY_MORE), 1);
	assert_int_equal(zalo(t, NULL, "hoi thu tuc"), 1);
	wait_for(t, 6 * DAY_MS);
	assert_int_equal(zalo(t, NULL, "hoi thu tuc"), 2);
	assert_int_not_equal(report_at(t, 2).party_id, hidden);
}

static void test_groups_are_another_room(void **state)
{
	struct town *t = *state;

	assert_int_equal(zalo(t, NULL, "xe la"), 1);
	assert_int_equal(zalo(t, "5000", "xe la"), 2);
	assert_int_equal(zalo(t, "5000", "van con"), 2);
	assert_int_equal(zalo(t, NULL, "van con"), 2);
	assert_int_equal(entries(t, 1, REPORT_ENTRY_MORE), 1);
	assert_int_equal(entries(t, 2, REPORT_ENTRY_MORE), 1);
}

static void test_without_a_window_each_is_one(void **state)
{
	struct town *t = *state;

	desk_free(t->desk);
	intake_free(t->intake);
	assert_ok(
		desk_new(&(struct desk_options){.store = t->s.store, .has_modem = true}, &t->desk));
	assert_ok(intake_new(
		&(struct intake_options){.store = t->s.store, .desk = t->desk}, &t->intake));
	text(t, RESIDENT, "xe la");
	assert_int_equal(text(t, RESIDENT, "xe la"), 2);
	answer(t, 2, "Xe mau gi?");
	assert_int_equal(text(t, RESIDENT, "mau xanh"), 3);
}

/* Rows of any kind to who wrote. */
static int to_party(struct town *t, int64_t party_id)
{
	struct outbox_listing l = list_outbox(&t->s);
	int count = 0;

	for (int i = 0; i < l.count; i++)
		count += l.rows[i].party_id == party_id;
	return count;
}

static void test_quiet_is_never_answered(void **state)
{
	struct town *t = *state;
	int64_t party;
	char words[64];

	text(t, RESIDENT, "IM chong toi danh toi, cuu voi");
	party = report_at(t, 1).party_id;
	assert_true(report_at(t, 1).is_quiet);
	assert_string_equal(report_at(t, 1).urgency, "danger");
	assert_int_equal(queued(t, OUTBOX_KIND_ALARM, 1, "KHAN"), 1);
	answer(t, 1, "Cong an dang den.");
	assert_int_equal(entries(t, 1, REPORT_ENTRY_ANSWER), 1);
	/* Whatever follows from that phone, also of another matter, also much later. */
	assert_int_equal(text(t, RESIDENT, "toi muon dang ky tam tru"), 1);
	snprintf(words, sizeof(words), "TC %s", report_at(t, 1).code);
	assert_int_equal(text(t, RESIDENT, words), 1);
	assert_int_equal(text(t, RESIDENT, "TC 222222"), 1);
	snprintf(words, sizeof(words), "MK %s", report_at(t, 1).code);
	assert_int_equal(text(t, RESIDENT, words), 1);
	wait_for(t, 6 * DAY_MS);
	assert_int_equal(text(t, RESIDENT, "toi hoi chut"), 2);
	assert_true(report_at(t, 2).is_quiet);
	assert_int_equal(to_party(t, party), 0);
	wait_for(t, 8 * DAY_MS);
	assert_int_equal(text(t, RESIDENT, "toi hoi chut"), 3);
	assert_false(report_at(t, 3).is_quiet);
	assert_int_equal(to_party(t, party), 1);
	/* Asking for silence makes no report of before silent about what was said in it. */
	assert_int_equal(text(t, RESIDENT, "IM toi so"), 4);
	assert_true(report_at(t, 4).is_quiet);
	assert_int_equal(to_party(t, party), 1);
}

static void test_quiet_by_zalo_gets_no_thumb(void **state)
{
	struct town *t = *state;

	zalo(t, NULL, "IM toi so lam");
	zalo(t, "5000", "trong nhom");
	assert_int_equal(to_party(t, report_at(t, 1).party_id), 0);
	assert_int_equal(queued(t, OUTBOX_KIND_RECEIPT, 0, "nhóm"), 0);
}

static struct party party_of(struct town *t, const char *phone, bool is_anonymous)
{
	struct party party = {0};
	enum err err = is_anonymous ? party_find_anonymous(t->s.store, PARTY_PHONE, phone, &party)
				    : party_find(t->s.store, PARTY_PHONE, phone, &party);

	assert_true(!err || err == ERR_NOT_FOUND);
	return party;
}

static void test_anonymous_is_somebody_else(void **state)
{
	struct town *t = *state;
	char words[64];
	int64_t hidden;

	text(t, RESIDENT, "AN ong Nam ban ma tuy");
	assert_true(report_at(t, 1).is_anonymous);
	hidden = report_at(t, 1).party_id;
	assert_int_equal(party_of(t, RESIDENT, true).id, hidden);
	/* Nothing names him. */
	assert_int_equal(party_of(t, RESIDENT, false).id, 0);
	assert_int_equal(to_party(t, hidden), 1);
	snprintf(words, sizeof(words), "TC %s", report_at(t, 1).code);
	assert_int_equal(text(t, RESIDENT, words), 1);
	assert_int_equal(queued(t, OUTBOX_KIND_ANSWER, 0, "da tiep nhan"), 1);
	/* He is not betrayed by what he writes on, nor by the answer to it. */
	assert_int_equal(text(t, RESIDENT, "o gan cho, ban ca ngay"), 1);
	answer(t, 1, "Ban luc nao?");
	wait_for(t, 2 * DAY_MS);
	assert_int_equal(text(t, RESIDENT, "ban dem"), 1);
	assert_int_equal(party_of(t, RESIDENT, false).id, 0);
	wait_for(t, 4 * DAY_MS);
	assert_int_equal(text(t, RESIDENT, "toi muon hoi thu tuc"), 2);
	assert_false(report_at(t, 2).is_anonymous);
	assert_int_not_equal(report_at(t, 2).party_id, hidden);
	/* And what he says by name becomes no part of it. */
	assert_int_equal(text(t, RESIDENT, "AN toi so ong ay"), 3);
	assert_int_equal(report_at(t, 3).party_id, hidden);
}

static void test_its_address_is_destroyed_at_closing(void **state)
{
	struct town *t = *state;
	int64_t hidden, next_ms;
	CLEAN_BUF address = {0};
	struct outbox_listing l;

	buf_init(&address, PARTY_ADDRESS_MAX);
	text(t, RESIDENT, "AN ong Nam ban ma tuy");
	text(t, OTHER, "AN toi cung thay");
	hidden = report_at(t, 1).party_id;
	assert_ok(report_set_state(t->s.store, 1, "closed"));
	assert_ok(intake_tick(t->intake, &next_ms));
	/* The last words to him are still on their way. */
	assert_int_equal(party_of(t, RESIDENT, true).id, hidden);
	l = list_outbox(&t->s);
	for (int i = 0; i < l.count; i++) {
		if (l.rows[i].party_id == hidden)
			assert_ok(outbox_move(t->s.store, l.rows[i].id,
				&(struct outbox_move){.to = OUTBOX_CANCELLED}));
	}
	assert_ok(intake_tick(t->intake, &next_ms));
	end_turn(&t->s);
	assert_int_equal(party_of(t, RESIDENT, true).id, 0);
	assert_err(party_address(t->s.store, hidden, &address), ERR_NOT_FOUND);
	assert_ok(party_address(t->s.store, report_at(t, 2).party_id, &address));
	/* He can't be answered any more, and says so. */
	assert_err(desk_report_answer(t->desk, 1, "a", "officer:test", &(struct desk_answered){0},
			   &(struct errbuf){0}),
		ERR_STATE);
	/* He is somebody new. */
	assert_int_equal(text(t, RESIDENT, "AN toi lai day"), 3);
	assert_int_not_equal(report_at(t, 3).party_id, hidden);
}

static void part(struct town *t, int64_t sent_ms, int seq, const char *words)
{
	accept(t, &(struct inbound){.channel = "modem",
			  .kind = INBOX_KIND_TEXT,
			  .from_kind = PARTY_PHONE,
			  .from = RESIDENT,
			  .sent_ms = sent_ms,
			  .sim = "sim",
			  .text = words,
			  .concat = {7, 8, 3, seq}});
}

static void each_row(void *arg, const struct inbox_row *row)
{
	if (row->state != INBOX_IGNORED)
		assert_int_equal(row->party_id, *(int64_t *)arg);
}

static void test_a_long_anonymous_message(void **state)
{
	const int64_t sent_ms = FIXTURE_WALL_MS - MINUTE_MS;
	struct town *t = *state;
	int64_t hidden, next_ms;

	part(t, sent_ms, 2, "ban ma tuy ");
	part(t, sent_ms, 1, "AN ong Nam ");
	wait_for(t, 11 * MINUTE_MS);
	assert_ok(intake_tick(t->intake, &next_ms));
	assert_int_equal(newest(t), 1);
	assert_true(report_at(t, 1).is_anonymous);
	/* Late, and once more: neither a second report nor one under his number. */
	part(t, sent_ms, 3, "o cho");
	part(t, sent_ms, 3, "o cho");
	part(t, sent_ms, 1, "AN ong Nam ");
	assert_int_equal(newest(t), 1);
	hidden = report_at(t, 1).party_id;
	assert_ok(inbox_list(t->s.store, 0, 50, each_row, &hidden));
	assert_int_equal(entries(t, 1, REPORT_ENTRY_AMENDED), 1);
}

static void test_the_word_for_it_comes_late(void **state)
{
	const int64_t sent_ms = FIXTURE_WALL_MS - MINUTE_MS;
	struct town *t = *state;
	int64_t hidden, next_ms;

	part(t, sent_ms, 2, "ban ma tuy ");
	wait_for(t, 11 * MINUTE_MS);
	assert_ok(intake_tick(t->intake, &next_ms));
	assert_false(report_at(t, 1).is_anonymous);
	part(t, sent_ms, 1, "AN IM ong Nam ");
	assert_true(report_at(t, 1).is_anonymous && report_at(t, 1).is_quiet);
	part(t, sent_ms, 3, "o cho");
	assert_int_equal(newest(t), 1);
	hidden = report_at(t, 1).party_id;
	assert_int_equal(party_of(t, RESIDENT, true).id, hidden);
	assert_ok(inbox_list(t->s.store, 0, 50, each_row, &hidden));
	/* What was said before is his as well. */
	assert_int_equal(to_party(t, party_of(t, RESIDENT, false).id), 0);
}

static void test_delivered_again_under_the_other_name(void **state)
{
	struct town *t = *state;
	struct inbound in = {.channel = "modem",
		.kind = INBOX_KIND_TEXT,
		.from_kind = PARTY_PHONE,
		.from = RESIDENT,
		.sent_ms = FIXTURE_WALL_MS - HOUR_MS,
		.sim = "sim",
		.text = "o gan cho"};

	text(t, RESIDENT, "AN ong Nam ban ma tuy");
	accept(t, &in);
	assert_int_equal(newest(t), 1);
	/* The centre delivers it again when his dialogue is over. */
	wait_for(t, 2 * DAY_MS);
	accept(t, &in);
	assert_int_equal(newest(t), 1);
}

static void test_what_an_officer_enters_is_its_own(void **state)
{
	struct town *t = *state;
	struct inbound_entry entry = {.source = "call",
		.receiver = "trực ban",
		.hamlet = "thon-3",
		.category = "traffic",
		.urgency = "urgent",
		.actor = "officer:test"};
	struct inbound in = {.channel = "office",
		.kind = INBOX_KIND_TEXT,
		.from_kind = PARTY_PHONE,
		.from = RESIDENT,
		.sent_ms = FIXTURE_WALL_MS - HOUR_MS,
		.text = "TC 222222",
		.entry = &entry};
	struct report report;

	text(t, RESIDENT, "xe la");
	accept(t, &in);
	report = report_at(t, 2);
	assert_string_equal(report.source, "call");
	assert_string_equal(report.receiver, "trực ban");
	assert_string_equal(report.hamlet, "thon-3");
	assert_string_equal(report.category, "traffic");
	assert_string_equal(report.urgency, "urgent");
	assert_int_equal(report.sent_ms, FIXTURE_WALL_MS - HOUR_MS);
	assert_int_not_equal(report.decided_ms, 0);
	assert_int_equal(queued(t, OUTBOX_KIND_RECEIPT, 2, "da nhan duoc tin"), 1);
	/* He may write on by himself. */
	assert_int_equal(text(t, RESIDENT, "them"), 2);
	in.from_kind = PARTY_OFFICE;
	in.from = "visitor-1";
	entry.is_anonymous = entry.is_quiet = true;
	accept(t, &in);
	assert_true(report_at(t, 3).is_anonymous && report_at(t, 3).is_quiet);
	assert_int_equal(to_party(t, report_at(t, 3).party_id), 0);
}

#define TOWN_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TOWN_TEST(test_further_words_within_the_window),
		TOWN_TEST(test_everybody_is_told_and_a_burst_is_thanked_once),
		TOWN_TEST(test_a_reply_days_later),
		TOWN_TEST(test_another_matter_is_another_report),
		TOWN_TEST(test_danger_always_rings),
		TOWN_TEST(test_closed_reports_are_closed),
		TOWN_TEST(test_a_code_names_the_report),
		TOWN_TEST(test_a_quote_names_the_report),
		TOWN_TEST(test_a_quote_keeps_him_hidden),
		TOWN_TEST(test_groups_are_another_room),
		TOWN_TEST(test_without_a_window_each_is_one),
		TOWN_TEST(test_quiet_is_never_answered),
		TOWN_TEST(test_quiet_by_zalo_gets_no_thumb),
		TOWN_TEST(test_anonymous_is_somebody_else),
		TOWN_TEST(test_its_address_is_destroyed_at_closing),
		TOWN_TEST(test_a_long_anonymous_message),
		TOWN_TEST(test_the_word_for_it_comes_late),
		TOWN_TEST(test_delivered_again_under_the_other_name),
		TOWN_TEST(test_what_an_officer_enters_is_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
