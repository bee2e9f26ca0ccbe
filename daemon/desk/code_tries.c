/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/code_tries.h"

#include "daemon/desk/desk_private.h"
#include "daemon/desk/question.h"

/* How a scope slows down. */
struct guard_rule {
	int free_tries;
	int64_t first_ms, most_ms; /* the wait after the next wrong one, and at most */
	int64_t forget_ms;
};
static const struct guard_rule guard_rules[CODE_SCOPE_COUNT] = {
	[CODE_SCOPE_SENDER] = {DESK_SENDER_FREE, MINUTE_MS, DAY_MS, DESK_GUARD_MS},
	[CODE_SCOPE_CODE] = {DESK_CODE_FREE, MINUTE_MS, DAY_MS, DESK_GUARD_MS},
	[CODE_SCOPE_ALL] = {DESK_ALL_FREE, SECOND_MS, 5 * MINUTE_MS, DESK_ALL_GUARD_MS},
};

/* What lies further ahead than any wait comes from a clock that was wrong. */
enum err code_tries_load(struct desk *desk, struct code_tries *tries)
{
	tries->is_locked = false;
	for (int i = 0; i < CODE_SCOPE_COUNT; i++) {
		const struct guard_rule *rule = &guard_rules[i];
		struct code_guard *guard = &tries->guards[i];
		enum err err = code_guard_load(
			desk->store, (enum code_scope)i, tries->keys[i], guard);

		if (err)
			return err;
		/* As if it were new: it is saved as of now, and what was said is counted on. */
		if (guard->last_ms > tries->now_ms ||
			tries->now_ms - guard->last_ms >= rule->forget_ms)
			guard->last_ms = guard->wrong = 0;
		if (guard->until_ms > tries->now_ms + rule->most_ms)
			guard->until_ms = tries->now_ms + rule->most_ms;
		tries->is_locked = tries->is_locked | (tries->now_ms < guard->until_ms);
	}
	return ERR_OK;
}

static int64_t wait_after(const struct guard_rule *rule, int wrong)
{
	int64_t wait_ms = rule->first_ms;

	if (wrong <= rule->free_tries)
		return 0;
	for (int i = rule->free_tries + 1; i < wrong && wait_ms < rule->most_ms; i++)
		wait_ms *= 2;
	return wait_ms < rule->most_ms ? wait_ms : rule->most_ms;
}

/* What was asked while locked costs nothing more: otherwise anybody could keep the sender himself
 * away from what is his. */
enum err code_tries_save(struct desk *desk, struct code_tries *tries, bool is_known)
{
	for (int i = 0; i < CODE_SCOPE_COUNT; i++) {
		struct code_guard *guard = &tries->guards[i];
		enum err err;

		if (!is_known && !tries->is_locked) {
			guard->wrong++;
			guard->until_ms = tries->now_ms + wait_after(&guard_rules[i], guard->wrong);
		}
		if (!is_known || !guard->last_ms)
			guard->last_ms = tries->now_ms;
		err = code_guard_save(desk->store, (enum code_scope)i, tries->keys[i], guard);
		if (err)
			return err;
	}
	return code_guard_prune(desk->store, tries->now_ms - DESK_GUARD_MS - DESK_SAID_WINDOW_MS);
}
