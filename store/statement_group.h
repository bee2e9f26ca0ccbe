/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The statements about places, residents and Zalo groups: a part of the table in statement.h. */
#ifndef BINHYEN_STORE_STATEMENT_GROUP_H
#define BINHYEN_STORE_STATEMENT_GROUP_H

#define PLACE_COLUMNS \
	"p.id, p.code, p.name, p.kind, p.parent_id, p.created_ms, coalesce(p.closed_ms, 0)"
#define GROUP_COLUMNS \
	"id, place_id, party_id, state, asset_id, asset_type, want_name, want_description, want_avatar," \
	" avatar_kept, want_lock, want_appr, want_history, want_link_join, is_auto_accept, name, description," \
	" avatar, link, lock, appr, history, link_join, members, members_max, expires_ms, is_renewed," \
	" dissolves_ms, warned_for_ms, warned_days, drift, drift_ms, mends, mends_day, refused_ms, checked_ms," \
	" requests_ms, members_ms, strangers, missing, unknown, created_ms"
#define PERSON_COLUMNS \
	"g.id, g.group_id, g.state, g.is_confirmed, g.first_ms, g.seen_ms, g.asked_ms, g.name"
#define ACT_COLUMNS \
	"id, group_id, kind, state, is_final, person_id, asset_id, step, actor, created_ms, due_ms," \
	" deadline_ms, claimed_ms, final_ms, attempts, was_in_doubt, error, code"
/* Is the person g of group ?1 in the registry of the group's place? */
#define PERSON_IS_LISTED \
	" EXISTS (SELECT 1 FROM zalo_group z JOIN resident r ON r.zalo_hash = g.hash" \
	" JOIN resident_place rp ON rp.resident_id = r.id AND rp.place_id = z.place_id WHERE z.id = g.group_id)"
#define PERSON_HAS_ROLE \
	" EXISTS (SELECT 1 FROM zalo_group z JOIN place_role pr ON pr.place_id = z.place_id" \
	" WHERE z.id = g.group_id AND pr.person_id = g.id AND pr.until_ms IS NULL)"

#define GROUP_STATEMENT_TABLE(X) \
	/* place */ \
	X(PLACE_ADD, COLD, \
		"INSERT INTO place (id, code, name, kind, parent_id, created_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)") \
	X(PLACE_SET, COLD, "UPDATE place SET name = ?2, kind = ?3, parent_id = ?4 WHERE id = ?1") \
	X(PLACE_FIND, HOT, "SELECT " PLACE_COLUMNS " FROM place p WHERE p.code = ?1") \
	X(PLACE_LOAD, HOT, "SELECT " PLACE_COLUMNS " FROM place p WHERE p.id = ?1") \
	X(PLACE_LIST, COLD, \
		"SELECT " PLACE_COLUMNS \
		" FROM place p WHERE p.id < ?1 ORDER BY p.id DESC LIMIT ?2") \
	X(PLACE_CLOSE, COLD, "UPDATE place SET closed_ms = ?2, into_id = ?3 WHERE id = ?1") \
	X(PLACE_BELOW_MOVE, COLD, "UPDATE place SET parent_id = ?2 WHERE parent_id = ?1") \
	X(PLACE_BELOW_COUNT, COLD, \
		"SELECT count(*) FROM place WHERE parent_id = ?1 AND closed_ms IS NULL") \
	X(PLACE_GROUPS_COUNT, COLD, \
		"SELECT count(*) FROM zalo_group WHERE place_id = ?1 AND state NOT IN ('GONE','ABANDONED')") \
	X(PLACE_BULLETINS_COUNT, COLD, \
		"SELECT count(*) FROM bulletin b JOIN bulletin_version v ON v.bulletin_id = b.id AND v.version = b.version" \
		" WHERE b.state IN ('DRAFT','SUBMITTED','APPROVED','SENDING') AND EXISTS" \
		" (SELECT 1 FROM json_each(v.audience, '$.places') WHERE value = ?1)") \
	X(PLACE_HOUSEHOLDS_MOVE, COLD, \
		"UPDATE OR IGNORE household SET place_id = ?2 WHERE place_id = ?1") \
	X(PLACE_RESIDENTS_MOVE, COLD, \
		"UPDATE OR IGNORE resident_place SET place_id = ?2 WHERE place_id = ?1") \
	X(PLACE_RESIDENTS_DROP, COLD, "DELETE FROM resident_place WHERE place_id = ?1") \
	X(PLACE_ROLES_END, COLD, \
		"UPDATE place_role SET until_ms = ?2 WHERE place_id = ?1 AND until_ms IS NULL") \
	X(PLACE_CELLS, COLD, \
		"SELECT p.code, p.name, p.kind, count(rp.resident_id), count(DISTINCT rp.household_id)," \
		" count(DISTINCT iif(r.zalo_hash IS NULL, NULL, rp.household_id)) FROM place p" \
		" LEFT JOIN resident_place rp ON rp.place_id = p.id LEFT JOIN resident r ON r.id = rp.resident_id" \
		" WHERE p.closed_ms IS NULL GROUP BY p.id ORDER BY p.code") \
	X(PLACE_COUNTS, COLD, \
		"SELECT count(*), count(r.zalo_hash) FROM resident_place rp JOIN resident r ON r.id = rp.resident_id" \
		" WHERE rp.place_id = ?1") \
	X(ROLE_ADD, COLD, \
		"INSERT INTO place_role (place_id, role, person_id, since_ms) VALUES (?1, ?2, ?3, ?4)") \
	X(ROLE_END, COLD, \
		"UPDATE place_role SET until_ms = ?3 WHERE place_id = ?1 AND person_id = ?2 AND until_ms IS NULL") \
	X(ROLE_OF, COLD, \
		"SELECT role FROM place_role WHERE place_id = ?1 AND person_id = ?2 AND until_ms IS NULL") \
	X(ROLE_HEAD, COLD, \
		"SELECT person_id FROM place_role WHERE place_id = ?1 AND role = 'head' AND until_ms IS NULL") \
	/* resident */ \
	X(RESIDENT_FIND, HOT, "SELECT id FROM resident WHERE hash = ?1") \
	X(RESIDENT_OF_ZALO, HOT, "SELECT id FROM resident WHERE zalo_hash = ?1") \
	X(RESIDENT_ADD, COLD, \
		"INSERT INTO resident (id, hash, phone, name, created_ms, changed_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?5)") \
	X(RESIDENT_NAME, COLD, "SELECT name FROM resident WHERE id = ?1") \
	X(RESIDENT_SET_NAME, COLD, "UPDATE resident SET name = ?2, changed_ms = ?3 WHERE id = ?1") \
	X(RESIDENT_SET_ZALO, HOT, \
		"UPDATE resident SET zalo_hash = ?2, changed_ms = ?3, zalo = ?4 WHERE id = ?1") \
	X(RESIDENT_HAS_ZALO, HOT, "SELECT zalo_hash IS NOT NULL FROM resident WHERE id = ?1") \
	X(RESIDENT_FORGET, COLD, \
		"DELETE FROM resident WHERE id = ?1" \
		" AND NOT EXISTS (SELECT 1 FROM resident_place WHERE resident_id = ?1)") \
	X(RESIDENT_LEAVE_ALL, COLD, "DELETE FROM resident_place WHERE resident_id = ?1") \
	X(RESIDENT_ROLE, HOT, \
		"SELECT role FROM resident_place WHERE resident_id = ?1 AND place_id = ?2") \
	X(RESIDENT_PUT, COLD, \
		"INSERT INTO resident_place (resident_id, place_id, role, since_ms, household_id)" \
		" VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET role = ?3, household_id = ?5") \
	X(RESIDENT_HOUSEHOLD, COLD, \
		"SELECT coalesce(household_id, 0) FROM resident_place WHERE resident_id = ?1 AND place_id = ?2") \
	X(HOUSEHOLD_FIND, COLD, "SELECT id FROM household WHERE place_id = ?1 AND hash = ?2") \
	X(HOUSEHOLD_ADD, COLD, \
		"INSERT INTO household (id, place_id, hash, label, created_ms) VALUES (?1, ?2, ?3, ?4, ?5)") \
	X(HOUSEHOLD_PRUNE_ALL, COLD, \
		"DELETE FROM household WHERE NOT EXISTS" \
		" (SELECT 1 FROM resident_place rp WHERE rp.household_id = household.id)") \
	X(HOUSEHOLD_PRUNE, COLD, \
		"DELETE FROM household WHERE id = ?1" \
		" AND NOT EXISTS (SELECT 1 FROM resident_place WHERE household_id = ?1)") \
	X(RESIDENT_LEAVE, COLD, \
		"DELETE FROM resident_place WHERE resident_id = ?1 AND place_id = ?2") \
	X(RESIDENT_NAMED, COLD, \
		"SELECT r.id, r.name FROM resident_place rp JOIN resident r ON r.id = rp.resident_id" \
		" WHERE rp.place_id = ?1 AND rp.resident_id > ?2 ORDER BY rp.resident_id LIMIT 1") \
	X(RESIDENT_COUNT, COLD, "SELECT count(*) FROM resident") \
	X(RESIDENT_LISTED, COLD, \
		"SELECT r.id, r.phone, r.name, rp.role, r.zalo_hash IS NOT NULL, coalesce(h.id, 0), h.label," \
		" coalesce((SELECT c.way FROM consent c WHERE c.resident_id = r.id ORDER BY c.version DESC LIMIT 1), 'list')" \
		" FROM resident_place rp JOIN resident r ON r.id = rp.resident_id" \
		" LEFT JOIN household h ON h.id = rp.household_id" \
		" WHERE rp.place_id = ?1 AND rp.resident_id >= ?2 ORDER BY rp.resident_id LIMIT ?3") \
	X(RESIDENT_SHOWN_ADD, COLD, \
		"INSERT INTO resident_shown (id, resident_id, place_id, actor, at_ms, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6)") \
	X(RESIDENT_SHOWN_COUNT, COLD, \
		"SELECT count(*) FROM resident_shown WHERE actor = ?1 AND at_ms > ?2") \
	X(RESIDENT_SHOWN_LIST, COLD, \
		"SELECT id, place_id, actor, at_ms, reason FROM resident_shown WHERE id < ?1 ORDER BY id DESC LIMIT ?2") \
	/* zalo_asset */ \
	X(ASSET_PUT, COLD, \
		"INSERT INTO zalo_asset (asset_id, type, expires_ms, is_renewed, is_used, seen_ms, used_by)" \
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET type = ?2, expires_ms = ?3," \
		" is_renewed = ?4, is_used = ?5, seen_ms = ?6, used_by = ?7") \
	X(ASSET_PRUNE, COLD, "DELETE FROM zalo_asset WHERE seen_ms NOT BETWEEN ?1 AND ?2") \
	X(ASSET_LIST, COLD, \
		"SELECT asset_id, type, expires_ms, is_renewed, is_used, seen_ms, used_by FROM zalo_asset" \
		" ORDER BY is_used, asset_id") \
	/* zalo_group */ \
	X(GROUP_SAVE, COLD, \
		"INSERT INTO zalo_group (" GROUP_COLUMNS \
		") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10," \
		" ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29," \
		" ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40, ?41, ?42) ON CONFLICT (id) DO UPDATE SET place_id = ?2," \
		" party_id = ?3, state = ?4, asset_id = ?5, asset_type = ?6, want_name = ?7, want_description = ?8," \
		" want_avatar = ?9, avatar_kept = ?10, want_lock = ?11, want_appr = ?12, want_history = ?13," \
		" want_link_join = ?14, is_auto_accept = ?15, name = ?16, description = ?17, avatar = ?18," \
		" link = ?19, lock = ?20, appr = ?21, history = ?22, link_join = ?23, members = ?24," \
		" members_max = ?25, expires_ms = ?26, is_renewed = ?27, dissolves_ms = ?28, warned_for_ms = ?29," \
		" warned_days = ?30, drift = ?31, drift_ms = ?32, mends = ?33, mends_day = ?34, refused_ms = ?35," \
		" checked_ms = ?36, requests_ms = ?37, members_ms = ?38, strangers = ?39, missing = ?40," \
		" unknown = ?41") \
	X(GROUP_LOAD, HOT, "SELECT " GROUP_COLUMNS " FROM zalo_group WHERE id = ?1") \
	X(GROUP_OF_PARTY, HOT, "SELECT " GROUP_COLUMNS " FROM zalo_group WHERE party_id = ?1") \
	X(GROUP_OF_PLACE, COLD, \
		"SELECT " GROUP_COLUMNS " FROM zalo_group WHERE place_id = ?1" \
		" AND state IN ('PLANNED','ACTIVE','DISABLED')") \
	X(GROUP_OF_ASSET, COLD, \
		"SELECT " GROUP_COLUMNS " FROM zalo_group WHERE asset_id = ?1" \
		" AND state IN ('PLANNED','ACTIVE','DISABLED') ORDER BY id LIMIT 1") \
	X(GROUP_NEXT, COLD, \
		"SELECT " GROUP_COLUMNS " FROM zalo_group WHERE id > ?1 ORDER BY id LIMIT 1") \
	X(GROUP_LIST, COLD, \
		"SELECT " GROUP_COLUMNS \
		" FROM zalo_group WHERE id < ?1 ORDER BY id DESC LIMIT ?2") \
	/* group_person */ \
	X(PERSON_FIND, HOT, \
		"SELECT " PERSON_COLUMNS \
		" FROM group_person g WHERE g.group_id = ?1 AND g.hash = ?2") \
	X(PERSON_LOAD, HOT, "SELECT " PERSON_COLUMNS " FROM group_person g WHERE g.id = ?1") \
	X(PERSON_USER, HOT, "SELECT user_id, hash FROM group_person WHERE id = ?1") \
	X(PERSON_ADD, COLD, \
		"INSERT INTO group_person (id, group_id, hash, user_id, name, state, is_confirmed, first_ms, seen_ms," \
		" asked_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?7, 0)") \
	X(PERSON_MOVE, COLD, \
		"UPDATE group_person SET state = ?2, is_confirmed = ?3, seen_ms = ?4, asked_ms = ?5," \
		" name = CASE WHEN ?2 = 'ASKING' THEN name ELSE NULL END WHERE id = ?1") \
	X(PERSON_NAME, COLD, "UPDATE group_person SET name = ?2 WHERE id = ?1") \
	X(PERSON_UNSEEN, COLD, \
		"UPDATE group_person SET state = 'GONE', name = NULL, is_confirmed = 0" \
		" WHERE group_id = ?1 AND state = ?2 AND seen_ms NOT BETWEEN ?3 AND ?4") \
	X(PERSON_LIST, COLD, \
		"SELECT " PERSON_COLUMNS "," PERSON_IS_LISTED "," PERSON_HAS_ROLE \
		" FROM group_person g" \
		" WHERE g.group_id = ?1 AND g.state = ?2 AND g.id > ?3 ORDER BY g.id LIMIT ?4") \
	X(PERSON_UNASKED, COLD, \
		"SELECT " PERSON_COLUMNS \
		" FROM group_person g WHERE g.group_id = ?1 AND g.asked_ms < ?3" \
		" AND g.state = ?2 AND NOT " PERSON_IS_LISTED " AND NOT " PERSON_HAS_ROLE \
		" ORDER BY g.id LIMIT 1") \
	X(PERSON_REQUESTS, COLD, \
		"SELECT count(*) FROM zalo_group z JOIN group_person g ON g.group_id = z.id AND g.state = 'ASKING'" \
		" WHERE z.state = 'ACTIVE' AND NOT EXISTS (SELECT 1 FROM group_act a" \
		" WHERE a.person_id = g.id AND a.is_final = 0)") \
	X(PERSON_ASK_AGAIN, COLD, \
		"UPDATE group_person SET asked_ms = 0 WHERE state IN ('ASKING','MEMBER') AND asked_ms > 0" \
		" AND group_id IN (SELECT id FROM zalo_group WHERE place_id = ?1)") \
	X(PERSON_COUNTS, COLD, \
		"SELECT count(*), sum(NOT (g.is_confirmed OR " PERSON_IS_LISTED \
		" OR " PERSON_HAS_ROLE "))" \
		" FROM group_person g WHERE g.group_id = ?1 AND g.state = ?2") \
	X(PERSON_MISSING, COLD, \
		"SELECT r.id, r.zalo_hash IS NULL FROM resident_place rp JOIN resident r ON r.id = rp.resident_id" \
		" WHERE rp.place_id = ?2 AND rp.resident_id > ?3 AND NOT EXISTS (SELECT 1 FROM group_person g" \
		" WHERE g.group_id = ?1 AND g.hash = r.zalo_hash AND g.state = 'MEMBER')" \
		" ORDER BY rp.resident_id LIMIT ?4") \
	X(PERSON_MISSING_COUNT, COLD, \
		"SELECT count(r.zalo_hash), count(*) - count(r.zalo_hash) FROM resident_place rp" \
		" JOIN resident r ON r.id = rp.resident_id WHERE rp.place_id = ?2 AND NOT EXISTS" \
		" (SELECT 1 FROM group_person g WHERE g.group_id = ?1 AND g.hash = r.zalo_hash" \
		" AND g.state = 'MEMBER')") \
	/* group_act */ \
	X(ACT_ADD, COLD, \
		"INSERT INTO group_act (id, group_id, kind, state, is_final, person_id, asset_id, step, actor," \
		" created_ms, due_ms, deadline_ms, claimed_ms, final_ms, attempts, was_in_doubt, error, code)" \
		" VALUES (?1, ?2, ?3, 'QUEUED', 0, ?4, ?5, 0, ?6, ?7, ?8, ?9, 0, 0, 0, 0, 'OK', 0)") \
	X(ACT_LOAD, HOT, "SELECT " ACT_COLUMNS " FROM group_act WHERE id = ?1") \
	X(ACT_SAVE, COLD, \
		"UPDATE group_act SET state = ?2, is_final = ?3, step = ?4, due_ms = ?5, deadline_ms = ?6," \
		" claimed_ms = ?7, final_ms = ?8, attempts = ?9, was_in_doubt = ?10, error = ?11, code = ?12" \
		" WHERE id = ?1") \
	X(ACT_DUE, HOT, \
		"SELECT " ACT_COLUMNS \
		" FROM group_act a INDEXED BY group_act_open WHERE a.is_final = 0" \
		" AND a.state = ?1 AND a.due_ms <= ?2 ORDER BY a.due_ms, a.id LIMIT 1") \
	X(ACT_NEXT, HOT, \
		"SELECT min(due_ms) FROM group_act INDEXED BY group_act_open WHERE is_final = 0 AND state = ?1") \
	X(ACT_OVERDUE, COLD, \
		"SELECT " ACT_COLUMNS \
		" FROM group_act INDEXED BY group_act_open WHERE is_final = 0" \
		" AND state <> 'CLAIMED' AND deadline_ms <= ?1 ORDER BY id LIMIT 1") \
	X(ACT_LOST, COLD, \
		"SELECT " ACT_COLUMNS \
		" FROM group_act INDEXED BY group_act_open WHERE is_final = 0" \
		" AND state = 'CLAIMED' ORDER BY id LIMIT 1") \
	X(ACT_OPEN, COLD, \
		"SELECT " ACT_COLUMNS " FROM group_act WHERE group_id = ?1 AND is_final = 0" \
		" AND (?2 IS NULL OR kind = ?2) AND (?3 IS NULL OR person_id = ?3) ORDER BY id LIMIT 1") \
	X(ACT_LIST, COLD, \
		"SELECT " ACT_COLUMNS \
		" FROM group_act WHERE group_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3") \
	X(ACT_COUNT, COLD, \
		"SELECT count(*) FROM group_act INDEXED BY group_act_open WHERE is_final = 0 AND state = ?1") \
	X(ACT_FAILED, COLD, \
		"SELECT count(*) FROM group_act WHERE state = 'FAILED' AND final_ms > ?1") \
	X(REBASE_ACT, COLD, \
		"UPDATE group_act SET due_ms = due_ms + ?1, deadline_ms = deadline_ms + ?1," \
		" claimed_ms = iif(claimed_ms > 0, claimed_ms + ?1, 0) WHERE is_final = 0")

#endif
