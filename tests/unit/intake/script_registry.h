/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What officers do within a conversation: lines of a script that begin with "!". */
#ifndef BINHYEN_TESTS_UNIT_INTAKE_SCRIPT_REGISTRY_H
#define BINHYEN_TESTS_UNIT_INTAKE_SCRIPT_REGISTRY_H

#include "daemon/base/str.h"
#include "daemon/desk/place.h"
#include "daemon/desk/poll.h"
#include "store/resident.h"
#include "tests/lib/store_fixture.h"

static const struct desk_actor script_officer = {.name = "officer:uid0"};

/* The next word; "" none. */
static inline const char *next_word(char **rest)
{
	char *word = *rest + strspn(*rest, " ");

	*rest = word + strcspn(word, " ");
	if (**rest)
		*(*rest)++ = 0;
	return word;
}

static inline void add_resident(struct desk *desk, char *words)
{
	const char *phone = next_word(&words), *place = next_word(&words);
	const char *household = next_word(&words);
	enum desk_resident_change change;
	struct errbuf eb = {0};

	assert_ok(desk_resident_put(desk,
		&(struct desk_resident_row){.phone = phone,
			.name = words,
			.place = place,
			.role = "member",
			.household = str_eq(household, "-") ? "" : household},
		&change, &eb));
}

static inline void add_zalo(struct store *store, char *words)
{
	const char *phone = next_word(&words), *user = next_word(&words);
	int64_t id;

	assert_ok(resident_find(store, phone, &id));
	assert_ok(resident_set_zalo(store, id, user));
}

static inline void open_poll(struct desk *desk, struct store_fixture *s, char *words)
{
	const char *per = next_word(&words);
	int64_t hours = atoll(next_word(&words)), id;
	struct desk_poll_option options[POLL_OPTIONS_MAX] = {{NULL, NULL}};
	struct desk_poll_in in = {.options = options,
		.per = str_eq(per, "phone") ? POLL_PER_PHONE : POLL_PER_HOUSEHOLD,
		.closes_ms = clock_wall_ms(&s->clock.clock) + hours * HOUR_MS,
		.audience = "{\"all\":true}"};
	struct errbuf eb = {0};
	char *part = words, *end;

	for (; part; part = end ? end + 3 : NULL) {
		end = strstr(part, " / ");
		if (end)
			*end = 0;
		if (!in.question)
			in.question = part;
		else
			options[in.option_count++].label = part;
	}
	assert_ok(desk_poll_new(desk, &in, &script_officer, &id, &eb));
	assert_ok(desk_poll_open(desk, id, &script_officer, &eb));
}

static inline bool registry_line(struct desk *desk, struct store_fixture *s, char *words)
{
	const char *what = next_word(&words);
	struct errbuf eb = {0};

	if (str_eq(what, "resident"))
		add_resident(desk, words);
	else if (str_eq(what, "zalo"))
		add_zalo(s->store, words);
	else if (str_eq(what, "poll"))
		open_poll(desk, s, words);
	else if (str_eq(what, "close"))
		assert_ok(desk_poll_close(desk, atoll(words), &script_officer, &eb));
	else
		return false;
	end_turn(s);
	return true;
}

/* "11 2 0 unclear 1" */
static inline void votes_are(struct store *store, char *words)
{
	struct poll_option options[POLL_OPTIONS_MAX];
	int64_t id = atoll(next_word(&words)), answered, unclear;
	char is[128] = "";
	size_t len = 0;
	int count;

	assert_ok(poll_options(store, id, options, &count));
	assert_ok(poll_turnout(store, id, &answered, &unclear));
	for (int i = 0; i < count; i++)
		len += (size_t)snprintf(
			is + len, sizeof(is) - len, "%lld ", (long long)options[i].votes);
	snprintf(is + len, sizeof(is) - len, "unclear %lld", (long long)unclear);
	assert_string_equal(is, words);
}

#endif
