/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who can be rung, and whom a step rings. Without a roster the phones of the configuration are on
 * duty. Who looks after the machine and the chairman are never rung about a report.
 */
#include "config/law.h"
#include "daemon/desk/alarm_private.h"

#include <limits.h>
#include <stdlib.h>

static bool is_holiday(const void *arg, int64_t day)
{
	const struct calendar_entry *entry;

	for (size_t i = 0; (entry = calendar_entry(arg, i)) != NULL; i++) {
		if (!entry->is_work && day >= entry->from && day <= entry->to)
			return true;
	}
	return false;
}

enum err desk_roster(struct desk *desk, struct roster **ret_roster)
{
	struct roster *roster = calloc(1, sizeof(*roster));
	enum err err;

	if (!roster)
		return ERR_NOMEM;
	if (desk->law) {
		roster->is_holiday = is_holiday;
		roster->arg = desk->law->calendar;
	}
	/* What began yesterday may last until now. */
	err = duty_load(desk->store, clock_local_day(desk_now(desk)) - 1, roster->shifts,
		DUTY_SHIFTS_MAX, &roster->count);
	if (err) {
		free(roster);
		return err;
	}
	*ret_roster = roster;
	return ERR_OK;
}

static bool is_rung(const struct officer *officer)
{
	return officer->state != OFFICER_REMOVED && officer->has_phone &&
	       officer->role != OFFICER_IT && officer->role != OFFICER_CHAIRMAN;
}

static void keep_officer(void *arg, const struct officer *officer)
{
	struct crew *crew = arg;

	if (!is_rung(officer) || crew->count == CREW_MAX)
		return;
	crew->members[crew->count++] = (struct crew_member){
		.officer_id = officer->id, .role = officer->role};
}

static enum err find_party(struct desk *desk, const char *phone, int64_t *ret_party_id)
{
	struct party party;
	enum err err = party_get(desk->store, PARTY_PHONE, phone, &party);

	if (!err)
		*ret_party_id = party.id;
	return err;
}

/* One whose phone can't be read is left out: the others must be rung. */
static enum err find_phones(struct desk *desk, struct crew *crew)
{
	int kept = 0;

	for (int i = 0; i < crew->count; i++) {
		CLEAN_BUF phone = {0};
		enum err err;

		buf_init(&phone, OFFICER_PHONE_MAX);
		err = officer_phone(desk->store, crew->members[i].officer_id, &phone);
		if (!err)
			err = find_party(desk, buf_text(&phone), &crew->members[i].party_id);
		buf_wipe(&phone);
		if (err == ERR_WRONG_KEY || err == ERR_NOT_FOUND || err == ERR_INVALID) {
			log_error("alarm", "officer=%lld phone=%s",
				(long long)crew->members[i].officer_id, err_name(err));
			continue;
		}
		if (err)
			return err;
		crew->members[kept++] = crew->members[i];
	}
	crew->count = kept;
	return ERR_OK;
}

static enum err add_duty_phones(struct desk *desk, struct crew *crew)
{
	enum err err = ERR_OK;

	for (int i = 0; !err && i < desk->duty_phone_count && crew->count < CREW_MAX; i++) {
		struct crew_member member = {.role = OFFICER_DUTY, .rank = 1};

		err = find_party(desk, desk->duty_phones[i], &member.party_id);
		if (!err)
			crew->members[crew->count++] = member;
	}
	return err;
}

static void rank_members(struct crew *crew, const struct roster_watch *watch)
{
	for (int i = 0; i < crew->count; i++) {
		for (int k = 0; k < watch->count; k++) {
			if (watch->posts[k].officer_id == crew->members[i].officer_id)
				crew->members[i].rank = watch->posts[k].rank;
		}
	}
}

enum err crew_load(struct desk *desk, struct crew **ret_crew)
{
	CLEANUP(cleanup_free) void *roster_memory = NULL;
	struct crew *crew = calloc(1, sizeof(*crew));
	struct roster *roster = NULL;
	struct roster_watch watch;
	enum err err;

	if (!crew)
		return ERR_NOMEM;
	err = officer_list(desk->store, 0, INT_MAX, keep_officer, crew);
	if (!err)
		err = find_phones(desk, crew);
	if (!err)
		err = desk_roster(desk, &roster);
	roster_memory = roster;
	if (!err) {
		crew->has_roster = roster->count > 0;
		roster_at(roster, desk_now(desk), &watch);
		rank_members(crew, &watch);
		/* Nobody else to ring, or nobody to say who. */
		if (!crew->has_roster || !crew->count)
			err = add_duty_phones(desk, crew);
	}
	if (err) {
		free(crew);
		return err;
	}
	*ret_crew = crew;
	return ERR_OK;
}

struct standing {
	const struct roster_watch *watch;
	bool has_chief, has_phones, is_on_duty;
};

static void look_at_officer(void *arg, const struct officer *officer)
{
	struct standing *standing = arg;

	if (officer->role == OFFICER_CHIEF && officer->state != OFFICER_REMOVED)
		standing->has_chief = true;
	if (!is_rung(officer))
		return;
	standing->has_phones = true;
	for (int i = 0; i < standing->watch->count; i++)
		standing->is_on_duty |= standing->watch->posts[i].officer_id == officer->id;
}

enum err alarm_nobody_on_duty(struct desk *desk, const struct roster *roster, bool *ret_is_nobody)
{
	struct roster_watch watch;
	struct standing standing = {.watch = &watch};
	enum err err;

	roster_at(roster, desk_now(desk), &watch);
	err = officer_list(desk->store, 0, INT_MAX, look_at_officer, &standing);
	if (err)
		return err;
	/* As crew_load() has it. */
	if (!roster->count || !standing.has_phones)
		standing.is_on_duty |= desk->duty_phone_count > 0;
	*ret_is_nobody = standing.has_chief && !standing.is_on_duty;
	return ERR_OK;
}

typedef bool (*member_fn)(const struct crew_member *member, int rank);

static bool has_rank(const struct crew_member *member, int rank)
{
	return member->rank == rank;
}

static bool is_leader(const struct crew_member *member, int rank)
{
	(void)rank;
	return member->role == OFFICER_CHIEF || member->role == OFFICER_DEPUTY;
}

static bool is_anybody(const struct crew_member *member, int rank)
{
	(void)member;
	(void)rank;
	return true;
}

static int choose(
	const struct crew *crew, const bool *was_rung, bool *chosen, member_fn fits, int rank)
{
	int count = 0;

	for (int i = 0; i < crew->count; i++) {
		chosen[i] = (!was_rung || !was_rung[i]) && fits(&crew->members[i], rank);
		count += chosen[i];
	}
	return count;
}

/* The first in the roster of whom was_rung says nothing. */
static int choose_on_duty(const struct crew *crew, const bool *was_rung, bool *chosen)
{
	int count = 0;

	for (int rank = 1; !count && rank <= DUTY_RANK_MAX; rank++)
		count = choose(crew, was_rung, chosen, has_rank, rank);
	return count;
}

int crew_choose(
	const struct crew *crew, int step, const bool was_rung[CREW_MAX], bool chosen[CREW_MAX])
{
	int count = 0;

	if (step < ALARM_STEPS)
		count = choose_on_duty(crew, was_rung, chosen);
	/* Nobody on duty is no reason to begin slowly. */
	if (!count && step && step < ALARM_STEPS)
		count = choose(crew, was_rung, chosen, is_leader, 0);
	if (!count)
		count = choose(crew, was_rung, chosen, is_anybody, 0);
	/* Nobody is left: those who did not answer once more. */
	if (!count)
		count = choose_on_duty(crew, NULL, chosen);
	if (!count)
		count = choose(crew, NULL, chosen, is_leader, 0);
	if (!count)
		count = choose(crew, NULL, chosen, is_anybody, 0);
	return count;
}
