/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A bulletin that was on its way when a copy was made, on the box that is put back from it. */
#include "tests/unit/desk/bulletin_support.h"

#include "daemon/desk/delivery.h"
#include "daemon/desk/desk_private.h"
#include "store/backup.h"
#include "store/ledger.h"

static const struct delivery_reach reach = {
	.has = {[CHANNEL_MODEM] = true}, .is_up = {[CHANNEL_MODEM] = true}};

static void set_rules(struct commune *c)
{
	c->d.desk->bulletins.normal_sms = PLAN_SMS_NOT_ON_ZALO;
	for (int i = 0; i < OPERATOR_COUNT; i++)
		c->d.desk->bulletins.price[i] = DELIVERY_PRICE_GUESS;
}

static int backup_setup(void **state)
{
	struct commune *c;

	commune_setup(state);
	c = *state;
	set_rules(c);
	live(c, 1, c->hamlet[0], "member");
	end_turn(&c->d.s);
	return 0;
}

#define BACKUP_TEST(fn) cmocka_unit_test_setup_teardown(fn, backup_setup, commune_teardown)

/* One that was approved, for everybody. */
static int64_t goes_out(struct commune *c)
{
	struct bulletin_content content = {.category = "fraud",
		.urgency = BULLETIN_URGENCY_FUTURE,
		.severity = BULLETIN_SEVERITY_MINOR,
		.certainty = BULLETIN_CERTAINTY_LIKELY,
		.expires_ms = c->d.s.clock.wall + 2 * DAY_MS,
		.audience = "{\"all\":true}",
		.title = "Tin",
		.text = "Tin",
		.sms = "Coi chừng lừa đảo.",
		.source = ""};
	int64_t id;

	assert_ok(bulletin_add(c->d.s.store, BULLETIN_ORIGIN_OFFICER, &content, 0, &id));
	assert_ok(delivery_begin(c->d.desk, id, &c->eb));
	end_turn(&c->d.s);
	return id;
}

static void tick(struct commune *c)
{
	int64_t next_ms;

	for (int i = 0; i < 10; i++) {
		assert_ok(delivery_tick(c->d.desk, &reach, &next_ms));
		end_turn(&c->d.s);
		if (next_ms > c->d.s.clock.wall)
			break;
	}
}

static struct ledger_row row_of(struct commune *c, int64_t id)
{
	struct ledger_row row;
	int64_t resident_id;

	assert_ok(resident_find(c->d.s.store, "+84900000001", &resident_id));
	assert_ok(ledger_load(c->d.s.store, id, resident_id, &row));
	return row;
}

static enum delivery_state state_of(struct commune *c, int64_t id)
{
	struct delivery delivery;

	assert_ok(delivery_load(c->d.s.store, id, &delivery));
	return delivery.state;
}

/* A copy of now is put back, and a desk works on it. */
static void put_back(struct commune *c, struct backup_restored *done)
{
	const struct backup_options options = {.other_folder = "", .actor = "system"};
	struct store_fixture *s = &c->d.s;
	char folder[BACKUP_FOLDER_BYTES + 16], copy[512];
	enum backup_fault fault = BACKUP_FAULT_NONE;
	struct backup_job *job;
	struct backup backup;
	int count = 0;

	assert_ok(backup_begin(s->store, &options, &job, &c->eb));
	backup_work(job);
	assert_ok(backup_end(s->store, job, &fault));
	assert_int_equal(fault, BACKUP_FAULT_NONE);
	end_turn(s);
	assert_ok(backup_folder(s->store, folder));
	assert_ok(backup_list(folder, &backup, 1, &count));
	assert_int_equal(count, 1);
	snprintf(copy, sizeof(copy), "%s/%s", folder, backup.name);
	desk_free(c->d.desk);
	store_close(s->store);
	snprintf(s->path, sizeof(s->path), "%s/new.db", s->dir);
	assert_ok(backup_restore(copy, s->vault, s->path, done, &c->eb));
	store_fixture_open(s);
	assert_ok(desk_new(
		&(struct desk_options){.store = s->store, .has_modem = true, .duty_group = ""},
		&c->d.desk));
	set_rules(c);
}

/* One has a message in the outbox, the other has none yet: both stand still until a person says
 * so. Then whom nothing was sent to is told, and who may know is not told again. */
static void test_it_stops_until_it_is_resumed(void **state)
{
	struct commune *c = *state;
	struct backup_restored done = {0};
	int64_t flying = goes_out(c), begun, count;

	tick(c);
	assert_int_equal(row_of(c, flying).state, LEDGER_FLYING);
	begun = goes_out(c);
	put_back(c, &done);
	assert_int_equal(done.bulletins, 2);
	assert_int_equal(done.in_doubt, 1);
	assert_int_equal(state_of(c, flying), DELIVERY_STOPPED);
	assert_int_equal(state_of(c, begun), DELIVERY_STOPPED);
	tick(c);
	count = list_outbox(&c->d.s).count;
	assert_int_equal(list_outbox(&c->d.s).rows[count - 1].state, OUTBOX_IN_DOUBT);
	assert_int_equal(row_of(c, begun).outbox_id, 0);
	assert_ok(desk_bulletin_resume(c->d.desk, begun, &c->chief, &c->eb));
	assert_ok(desk_bulletin_resume(c->d.desk, flying, &c->chief, &c->eb));
	end_turn(&c->d.s);
	tick(c);
	assert_int_equal(row_of(c, begun).state, LEDGER_FLYING);
	assert_int_equal(list_outbox(&c->d.s).count, count + 1);
	assert_int_equal(row_of(c, flying).state, LEDGER_DOUBT);
}

/* What was stopped by a person before the copy, and what had ended, is as it was. */
static void test_others_are_as_they_were(void **state)
{
	struct commune *c = *state;
	struct backup_restored done = {0};
	int64_t stopped = goes_out(c), recalled = goes_out(c);

	assert_ok(delivery_stop(c->d.desk, stopped, DELIVERY_STOPPED, "officer:1", &c->eb));
	assert_ok(delivery_stop(c->d.desk, recalled, DELIVERY_RECALLED, "officer:1", &c->eb));
	end_turn(&c->d.s);
	put_back(c, &done);
	assert_int_equal(done.bulletins, 0);
	assert_int_equal(state_of(c, stopped), DELIVERY_STOPPED);
	assert_int_equal(state_of(c, recalled), DELIVERY_RECALLED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BACKUP_TEST(test_it_stops_until_it_is_resumed),
		BACKUP_TEST(test_others_are_as_they_were),
	};

	return cmocka_run_group_tests_name("bulletin_backup", tests, NULL, NULL);
}
