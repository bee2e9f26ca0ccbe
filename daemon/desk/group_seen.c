/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Zalo tells about a group: whether it is as it has to be, and how long it will be at all. An
 * asset that is not renewed disables its group, and 45 days later Zalo dissolves it (OA API,
 * "Quản lý nhóm GMF").
 */
#include "daemon/desk/group_private.h"

#include "store/party.h"

#define MENDS_A_DAY 6 /* past it somebody is working against us: a person must look */
#define DISSOLVE_MS (45 * DAY_MS)

static const int warn_days[] = {1, 7, 14};

enum err desk_group_word(
	struct desk *desk, const struct zalo_group *group, char *word, size_t bytes)
{
	struct place place;
	enum err err;

	if (!group->place_id) {
		snprintf(word, bytes, "nhom-%" PRId64, group->id);
		return ERR_OK;
	}
	err = place_load(desk->store, group->place_id, &place);
	if (!err)
		snprintf(word, bytes, "%s", place.code);
	return err;
}

enum err group_alarm(struct desk *desk, const struct zalo_group *group, const char *phrase_key,
	int64_t at_ms, int days)
{
	char word[PLACE_CODE_BYTES], date[CLOCK_DATE_BYTES] = "?", left[16];
	const struct phrase_field fields[] = {
		{"group", word}, {"date", date}, {"days", left}, {NULL, NULL}};
	enum err err = desk_group_word(desk, group, word, sizeof(word));

	if (at_ms)
		clock_format_date(at_ms, date);
	snprintf(left, sizeof(left), "%d", days);
	if (err)
		return err;
	/* That nothing can be sent there concerns those on duty too. */
	if (str_eq(phrase_key, "group_gone") || str_eq(phrase_key, "group_disabled"))
		err = desk_alarm(desk, phrase_key, fields);
	else
		return desk_it_alarm(desk, phrase_key, fields);
	return err || !desk->it_phone[0] ? err : desk_it_alarm(desk, phrase_key, fields);
}

/* ---- taking over -----------------------------------------------------------------------------
 */

#define TAKE(dst, src) \
	do { \
		if ((src)[0]) \
			snprintf((dst), sizeof(dst), "%s", (src)); \
	} while (0)

void group_take(struct zalo_group *group, const struct desk_group_told *told)
{
	TAKE(group->is.name, told->look.name);
	TAKE(group->is.description, told->look.description);
	TAKE(group->is.avatar, told->look.avatar);
	TAKE(group->link, told->link);
	for (int i = 0; i < ZALO_SWITCH_COUNT; i++) {
		if (told->look.on[i] >= 0)
			group->is.on[i] = told->look.on[i];
	}
	if (told->members >= 0)
		group->members = told->members;
	if (told->members_max >= 0)
		group->members_max = told->members_max;
	if (!told->has_asset)
		return;
	TAKE(group->asset_id, told->asset_id);
	TAKE(group->asset_type, told->asset_type);
	if (told->expires_ms)
		group->expires_ms = told->expires_ms;
	group->is_renewed = told->is_renewed;
	group->dissolves_ms = told->dissolves_ms;
}

/* ---- drift -----------------------------------------------------------------------------------
 */

/* The server hands a picture out under an address with a query that changes. */
static bool is_same_picture(const char *a, const char *b)
{
	size_t len = strcspn(a, "?");

	return len == strcspn(b, "?") && strncmp(a, b, len) == 0;
}

static void add_word(char *text, size_t bytes, const char *word)
{
	size_t len = strlen(text);

	snprintf(text + len, bytes - len, "%s%s", len ? " " : "", word);
}

void desk_group_drift(const struct zalo_group *g, char *text, size_t bytes)
{
	text[0] = 0;
	if (!g->place_id)
		return;
	if (g->want.name[0] && !str_eq(g->want.name, g->is.name))
		add_word(text, bytes, "name");
	if (g->want.description[0] && !str_eq(g->want.description, g->is.description))
		add_word(text, bytes, "description");
	if (g->want.avatar[0] &&
		(!g->avatar_kept[0] || !is_same_picture(g->avatar_kept, g->is.avatar)))
		add_word(text, bytes, "avatar");
	for (int i = 0; i < ZALO_SWITCH_COUNT; i++) {
		if (g->want.on[i] >= 0 && g->is.on[i] >= 0 && g->want.on[i] != g->is.on[i])
			add_word(text, bytes, zalo_switch_text((enum zalo_switch)i));
	}
}

static int64_t today(struct desk *desk)
{
	return clock_local_day(desk_now(desk));
}

enum err group_mend(struct desk *desk, struct zalo_group *group)
{
	char drift[sizeof(group->drift)];
	int64_t act_id;

	desk_group_drift(group, drift, sizeof(drift));
	if (!drift[0] || group->state != ZALO_GROUP_ACTIVE)
		return ERR_OK;
	if (group->mends_day != today(desk)) {
		group->mends_day = today(desk);
		group->mends = 0;
	}
	if (group->mends > MENDS_A_DAY)
		return ERR_OK;
	group->mends++;
	if (group->mends > MENDS_A_DAY) {
		enum err err = zalo_group_save(desk->store, group);

		return err ? err : group_alarm(desk, group, "group_drift", 0, 0);
	}
	/* The picture has to be told anew when it is not the one that was kept. */
	if (strstr(drift, "avatar"))
		group->avatar_kept[0] = 0;
	enum err err = zalo_group_save(desk->store, group);

	return err ? err
		   : group_order(desk,
			     &(struct group_act_new){.group_id = group->id,
				     .kind = GROUP_ACT_UPDATE,
				     .actor = "system",
				     .due_ms = desk_now(desk)},
			     &act_id);
}

/* Somebody changed it in the app, or it is not yet as it was ordered to be. */
static enum err note_drift(struct desk *desk, struct zalo_group *group)
{
	char drift[sizeof(group->drift)], data[256];
	struct group_act act;
	enum err err = group_act_open(desk->store, group->id, GROUP_ACT_UPDATE, 0, &act);

	if (err != ERR_NOT_FOUND)
		return err; /* under way */
	desk_group_drift(group, drift, sizeof(drift));
	if (str_eq(drift, group->drift) && !drift[0])
		return ERR_OK;
	if (drift[0])
		group->drift_ms = desk_now(desk);
	if (!str_eq(drift, group->drift)) {
		memcpy(group->drift, drift, sizeof(group->drift));
		log_info("group", "id=%" PRId64 " drift=\"%s\"", group->id, drift);
		snprintf(data, sizeof(data), "{\"drift\":\"%s\"}", drift);
		err = group_event(desk, "group.drift", group->id, "system", data);
		if (err)
			return err;
	}
	err = zalo_group_save(desk->store, group);
	return err ? err : group_mend(desk, group);
}

/* ---- being and not being ---------------------------------------------------------------------
 */

enum err group_cancel_acts(struct desk *desk, int64_t group_id)
{
	struct group_act act;
	enum err err;

	while (!(err = group_act_open(desk->store, group_id, -1, 0, &act))) {
		act.error = ERR_STATE;
		/* The call of a claimed one will tell its own end. */
		if (act.state == GROUP_ACT_STATE_CLAIMED)
			return ERR_OK;
		err = group_act_move(desk->store, &act,
			act.state == GROUP_ACT_STATE_QUEUED ? GROUP_ACT_STATE_CANCELLED
							    : GROUP_ACT_STATE_FAILED,
			act.due_ms);
		if (err)
			return err;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err group_gone(struct desk *desk, struct zalo_group *group, const char *why)
{
	char data[64];
	enum err err;

	group->state = ZALO_GROUP_GONE;
	log_warn("group", "id=%" PRId64 " state=GONE why=%s", group->id, why);
	err = zalo_group_save(desk->store, group);
	if (!err)
		err = group_cancel_acts(desk, group->id);
	snprintf(data, sizeof(data), "{\"why\":\"%s\"}", why);
	if (!err)
		err = group_event(desk, "group.gone", group->id, "system", data);
	/* Who dissolved it by an order of ours need not be told. */
	if (!err && !str_eq(why, "deleted") && group->place_id)
		err = group_alarm(desk, group, "group_gone", 0, 0);
	return err;
}

enum err desk_group_refused(struct desk *desk, int64_t group_id)
{
	struct zalo_group group;
	enum err err = zalo_group_load(desk->store, group_id, &group);

	if (err || group.refused_ms || !zalo_group_lives(group.state))
		return err;
	group.refused_ms = desk_now(desk);
	log_warn("group", "id=%" PRId64 " refused=yes", group_id);
	return zalo_group_save(desk->store, &group);
}

enum err desk_groups_whole(struct desk *desk, int64_t since_ms)
{
	struct zalo_group group = {.id = 0};
	enum err err;

	while (!(err = zalo_group_next(desk->store, group.id, &group))) {
		if (group.refused_ms && zalo_group_lives(group.state) &&
			since_ms - group.refused_ms >= DESK_REFUSED_MS)
			err = group_gone(desk, &group, "refused");
		if (err)
			return err;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* An act that may have made the group that the list shows. */
static enum err is_creating(struct desk *desk, bool *ret_is)
{
	int64_t claimed = 0, in_doubt = 0;
	enum err err = group_act_count(desk->store, GROUP_ACT_STATE_CLAIMED, &claimed);

	if (!err)
		err = group_act_count(desk->store, GROUP_ACT_STATE_IN_DOUBT, &in_doubt);
	if (!err)
		*ret_is = claimed || in_doubt;
	return err;
}

enum err desk_group_found(
	struct desk *desk, const struct desk_group_told *told, struct zalo_group *ret_group)
{
	struct zalo_group group = {
		.state = ZALO_GROUP_ACTIVE, .want.on = {-1, -1, -1, -1}, .is.on = {-1, -1, -1, -1}};
	struct party party;
	bool is_busy;
	enum err err = party_get(desk->store, PARTY_ZALO_GROUP, told->group_id, &party);

	if (!err)
		err = zalo_group_of_party(desk->store, party.id, ret_group);
	if (!err && ret_group->refused_ms) {
		ret_group->refused_ms = 0;
		return zalo_group_save(desk->store, ret_group);
	}
	if (err != ERR_NOT_FOUND)
		return err;
	err = is_creating(desk, &is_busy);
	if (err || is_busy)
		return err ? err : ERR_BUSY;
	group.party_id = party.id;
	group_take(&group, told);
	err = zalo_group_save(desk->store, &group);
	if (!err)
		err = group_event(desk, "group.found", group.id, "system", "{}");
	if (!err)
		*ret_group = group;
	return err;
}

static enum err note_state(
	struct desk *desk, struct zalo_group *group, const struct desk_group_told *told)
{
	enum zalo_group_state state = told->is_disabled ? ZALO_GROUP_DISABLED : ZALO_GROUP_ACTIVE;
	int64_t end_ms;
	char data[48];
	enum err err;

	if (!told->has_status || group->state == state)
		return ERR_OK;
	group->state = state;
	log_warn("group", "id=%" PRId64 " state=%s", group->id, zalo_group_state_text(state));
	snprintf(data, sizeof(data), "{\"state\":\"%s\"}", zalo_group_state_text(state));
	err = group_event(desk, "group.state", group->id, "system", data);
	if (err || state != ZALO_GROUP_DISABLED || !group->place_id)
		return err;
	end_ms = group->dissolves_ms ? group->dissolves_ms
		 : group->expires_ms ? group->expires_ms + DISSOLVE_MS
				     : desk_now(desk) + DISSOLVE_MS;
	group->dissolves_ms = end_ms;
	return group_alarm(desk, group, "group_disabled", end_ms, 0);
}

enum err desk_group_seen(struct desk *desk, int64_t group_id, const struct desk_group_told *told)
{
	struct zalo_group group;
	enum err err = zalo_group_load(desk->store, group_id, &group);

	if (err)
		return err;
	int64_t dissolves_ms = group.dissolves_ms;
	bool is_first = group.is.on[ZALO_SWITCH_APPR] < 0;

	group_take(&group, told);
	/* A date that we reckoned ourselves stays until Zalo tells one. */
	if (told->is_disabled && !told->dissolves_ms)
		group.dissolves_ms = dissolves_ms;
	group.refused_ms = 0;
	group.checked_ms = desk_now(desk);
	/* One that was believed gone and is there again. */
	if (!zalo_group_lives(group.state) && group.state == ZALO_GROUP_GONE)
		group.place_id = 0;
	err = note_state(desk, &group, told);
	if (!err)
		err = zalo_group_save(desk->store, &group);
	if (err || !group.place_id || group.state != ZALO_GROUP_ACTIVE)
		return err;
	/* How Zalo makes a group is nobody's change. */
	return is_first ? group_mend(desk, &group) : note_drift(desk, &group);
}

/* ---- ends that are near ----------------------------------------------------------------------
 */

static enum err warn(struct desk *desk, struct zalo_group *group)
{
	bool is_disabled = group->state == ZALO_GROUP_DISABLED;
	int64_t end_ms = is_disabled ? group->dissolves_ms : group->expires_ms;
	int64_t left_ms = end_ms - desk_now(desk);
	int days = (int)((left_ms + DAY_MS - 1) / DAY_MS), step = 0;
	enum err err;

	if (!end_ms || left_ms <= 0 || left_ms > 60 * DAY_MS || (!is_disabled && group->is_renewed))
		return ERR_OK;
	for (size_t i = ARRAY_LEN(warn_days); i-- > 0;) {
		if (days <= warn_days[i])
			step = warn_days[i];
	}
	if (!step || (group->warned_for_ms == end_ms && group->warned_days <= step))
		return ERR_OK;
	group->warned_for_ms = end_ms;
	group->warned_days = step;
	log_warn("group", "id=%" PRId64 " ends=%s days=%d", group->id,
		is_disabled ? "dissolved" : "asset", days);
	err = zalo_group_save(desk->store, group);
	return err ? err
		   : group_alarm(desk, group, is_disabled ? "group_dissolving" : "group_expiring",
			     end_ms, days);
}

enum err desk_groups_warn(struct desk *desk)
{
	struct zalo_group group = {.id = 0};
	enum err err;

	while (!(err = zalo_group_next(desk->store, group.id, &group))) {
		if (group.place_id &&
			(group.state == ZALO_GROUP_ACTIVE || group.state == ZALO_GROUP_DISABLED))
			err = warn(desk, &group);
		if (err)
			return err;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}
