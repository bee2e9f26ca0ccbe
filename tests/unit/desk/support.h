/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A desk over a real store, and a resident who writes to it. */
#ifndef BINHYEN_TESTS_UNIT_DESK_SUPPORT_H
#define BINHYEN_TESTS_UNIT_DESK_SUPPORT_H

#include "daemon/desk/desk.h"
#include "tests/lib/store_fixture.h"

#define DUTY_PHONE "+84900009001"
#define RESIDENT   "+84900000012"

struct desk_fixture {
	struct store_fixture s;
	struct desk *desk;
};

static inline void start(struct desk_fixture *f, bool has_modem, bool has_zalo, bool relay_text)
{
	static const char *const phones[] = {DUTY_PHONE};

	store_fixture_init(&f->s);
	assert_ok(desk_new(&(struct desk_options){.store = f->s.store,
				   .has_modem = has_modem,
				   .has_zalo = has_zalo,
				   .duty_group = "4000",
				   .relay_text = relay_text,
				   .duty_phones = phones,
				   .duty_phone_count = 1},
		&f->desk));
}

static inline void finish(struct desk_fixture *f)
{
	desk_free(f->desk);
	store_fixture_done(&f->s);
}

static inline struct report open_guessed(struct desk_fixture *f, enum party_kind kind,
	const char *address, const char *text, const struct report_guess *guess)
{
	struct report report;
	struct party party;

	assert_ok(party_get(f->s.store, kind, address, &party));
	assert_ok(desk_report_open(f->desk,
		&(struct report_new){.party_id = party.id,
			.source = kind == PARTY_ZALO_USER ? "zalo_user" : "modem",
			.received_ms = FIXTURE_WALL_MS,
			.text = text,
			.guess = guess,
			.guess_words = "cháy nhà"},
		&report));
	end_turn(&f->s);
	return report;
}

static inline struct report open_report(
	struct desk_fixture *f, enum party_kind kind, const char *address, const char *text)
{
	return open_guessed(f, kind, address, text, NULL);
}

#endif
