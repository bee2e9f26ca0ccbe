/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A commune with officers, hamlets and a registry, for the tests about bulletins. */
#ifndef BINHYEN_TESTS_UNIT_DESK_BULLETIN_SUPPORT_H
#define BINHYEN_TESTS_UNIT_DESK_BULLETIN_SUPPORT_H

#include "tests/unit/desk/support.h"

#include "daemon/base/str.h"
#include "daemon/desk/bulletin.h"
#include "store/bulletin_finding.h"
#include "store/officer.h"
#include "store/place.h"
#include "store/refusal.h"
#include "store/resident.h"

struct commune {
	struct desk_fixture d;
	struct desk_actor chief, deputy, area, clerk, chairman;
	int64_t hamlet[2];
	struct errbuf eb;
};

static inline struct desk_actor officer_of(struct commune *c, enum officer_role role)
{
	struct desk_actor actor = {.name = "officer:x"};

	assert_ok(officer_add(c->d.s.store,
		&(struct officer_new){.login = officer_role_text(role),
			.name = "A",
			.role = role,
			.phone = role == OFFICER_CHIEF ? "+84900009101" : ""},
		&actor.officer_id));
	return actor;
}

static inline int64_t place_of(
	struct commune *c, const char *code, enum place_kind kind, int64_t parent_id)
{
	struct place place = {.kind = kind, .parent_id = parent_id};
	int64_t id;

	assert_ok(str_copy(place.code, sizeof(place.code), code));
	assert_ok(str_copy(place.name, sizeof(place.name), code));
	assert_ok(place_save(c->d.s.store, &place, &id));
	return id;
}

/* A resident with the number +849000NNNNN. */
static inline void live(struct commune *c, int number, int64_t place_id, const char *role)
{
	enum resident_change change;
	char phone[20];

	snprintf(phone, sizeof(phone), "+849000%05d", number);
	assert_ok(resident_put(c->d.s.store,
		&(struct resident_new){
			.phone = phone, .name = "A", .place_id = place_id, .role = role},
		&change));
}

static inline int commune_setup(void **state)
{
	static struct commune commune;

	commune = (struct commune){0};
	start(&commune.d, true, false, false);
	commune.chief = officer_of(&commune, OFFICER_CHIEF);
	commune.deputy = officer_of(&commune, OFFICER_DEPUTY);
	commune.area = officer_of(&commune, OFFICER_AREA);
	commune.clerk = officer_of(&commune, OFFICER_CLERK);
	commune.chairman = officer_of(&commune, OFFICER_CHAIRMAN);
	commune.hamlet[0] = place_of(&commune, "thon-1", PLACE_HAMLET, 0);
	commune.hamlet[1] = place_of(&commune, "thon-2", PLACE_HAMLET, 0);
	end_turn(&commune.d.s);
	*state = &commune;
	return 0;
}

static inline int commune_teardown(void **state)
{
	finish(&((struct commune *)*state)->d);
	return 0;
}

#define COMMUNE_TEST(fn) cmocka_unit_test_setup_teardown(fn, commune_setup, commune_teardown)

static inline struct desk_bulletin_in bulletin_in(const char *category)
{
	struct desk_bulletin_in in = DESK_BULLETIN_AS_IS;

	in.category = category;
	in.title = "Cảnh báo lừa đảo qua điện thoại";
	in.text = "Có người giả danh công an gọi điện. Xin bà con cảnh giác.";
	in.audience = "{\"all\": true}";
	return in;
}

static inline int64_t write_bulletin(
	struct commune *c, const struct desk_bulletin_in *in, const struct desk_actor *author)
{
	int64_t id;
	enum err err = desk_bulletin_new(
		c->d.desk, BULLETIN_ORIGIN_OFFICER, in, author, &id, &c->eb);

	if (err)
		print_error("%s\n", c->eb.text);
	assert_ok(err);
	end_turn(&c->d.s);
	return id;
}

static inline int64_t submitted(
	struct commune *c, const char *category, const struct desk_actor *author)
{
	struct desk_bulletin_in in = bulletin_in(category);
	int64_t id = write_bulletin(c, &in, author);

	assert_ok(desk_bulletin_submit(c->d.desk, id, author, &c->eb));
	end_turn(&c->d.s);
	return id;
}

static inline struct bulletin loaded(struct commune *c, int64_t id)
{
	struct bulletin bulletin;

	assert_ok(bulletin_load(c->d.s.store, id, &bulletin));
	return bulletin;
}

static inline enum err approve(struct commune *c, int64_t id, const struct desk_actor *by)
{
	bool is_approved;

	return desk_bulletin_approve(
		c->d.desk, id, loaded(c, id).version, false, NULL, by, &is_approved, &c->eb);
}

#define assert_bulletin(c, id, expected) \
	assert_string_equal(bulletin_state_text(loaded(c, id).state), bulletin_state_text(expected))

#endif
