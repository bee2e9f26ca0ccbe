/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The statements about bulletins under way: a part of the table in statement.h. */
#ifndef BINHYEN_STORE_STATEMENT_DELIVERY_H
#define BINHYEN_STORE_STATEMENT_DELIVERY_H

#define DELIVERY_COLUMNS \
	"d.id, d.urgency, d.state, d.lane, d.steps, d.corrects, d.enclosure_id, d.began_ms, d.expires_ms," \
	" d.climbed_ms, d.ended_ms, d.planned_to, d.swept_to"
#define LEDGER_COLUMNS \
	"l.delivery_id, l.resident_id, l.place_id, coalesce(l.group_id, 0), l.wave, l.state, l.step, l.steps," \
	" coalesce(l.outbox_id, 0), l.channel, l.reason, l.at_ms, l.confirmed_ms, l.cost, l.may_know"
/* After the way ?2 failed, the next of those that are left: Zalo before SMS, or what there is. */
#define LEDGER_NEXT_STEP(left) \
	"CASE WHEN (" left ") & 2 THEN 2 WHEN (" left ") & 4 THEN 4 ELSE 0 END"

/* The group of the account in which resident r is, 0 none. */
#define LEDGER_GROUP_OF \
	"coalesce((SELECT min(z.id) FROM group_person g JOIN zalo_group z ON z.id = g.group_id" \
	" WHERE g.hash = r.zalo_hash AND g.state IN ('MEMBER','FOUNDER') AND z.state = 'ACTIVE'" \
	" AND z.place_id IS NOT NULL AND z.party_id IS NOT NULL), 0)"

/* He has refused while his message was on its way. */
#define LEDGER_REFUSED "reason IN ('REFUSED','REFUSED_TOPIC','BLOCKED')"

#define DELIVERY_STATEMENT_TABLE(X) \
	X(DELIVERY_ADD, HOT, \
		"INSERT INTO delivery (id, urgency, state, lane, steps, corrects, enclosure_id, began_ms, expires_ms," \
		" planned_to) VALUES (?1, ?2, 'PLANNING', ?3, ?4, ?5, ?6, ?7, ?8, 0)") \
	X(DELIVERY_LOAD, HOT, "SELECT " DELIVERY_COLUMNS " FROM delivery d WHERE d.id = ?1") \
	X(DELIVERY_OPEN, HOT, \
		"SELECT " DELIVERY_COLUMNS \
		" FROM delivery d INDEXED BY delivery_open WHERE d.ended_ms = 0 AND d.lane = ?1 AND d.id > ?2" \
		" ORDER BY d.id LIMIT 1") \
	X(DELIVERY_STATE, HOT, "UPDATE delivery SET state = ?2 WHERE id = ?1") \
	X(DELIVERY_PLANNED, HOT, "UPDATE delivery SET planned_to = ?2 WHERE id = ?1") \
	X(DELIVERY_SWEPT, HOT, "UPDATE delivery SET swept_to = ?2 WHERE id = ?1") \
	X(DELIVERY_CLIMBED, HOT, "UPDATE delivery SET climbed_ms = ?2 WHERE id = ?1") \
	X(DELIVERY_END, HOT, "UPDATE delivery SET state = ?2, ended_ms = ?3 WHERE id = ?1") \
	X(DELIVERY_TEXT_ADD, HOT, \
		"INSERT INTO delivery_text (delivery_id, form, segments, body) VALUES (?1, ?2, ?3, ?4)") \
	X(DELIVERY_TEXT, HOT, \
		"SELECT segments, body FROM delivery_text WHERE delivery_id = ?1 AND form = ?2") \
	X(REBASE_DELIVERY, COLD, \
		"UPDATE delivery SET began_ms = began_ms + ?1, expires_ms = expires_ms + ?1," \
		" climbed_ms = iif(climbed_ms > 0, climbed_ms + ?1, 0) WHERE ended_ms = 0") \
	X(REBASE_LEDGER, COLD, \
		"UPDATE ledger SET at_ms = at_ms + ?1 WHERE state IN ('FLYING','DOUBT')") \
	/* ledger */ \
	/* Whom a bulletin reached, or may have, or is on its way to: the audience of its \
	 * correction. */ \
	X(DRAW_REACHED, COLD, \
		DRAWN_PEOPLE( \
			"SELECT l.resident_id, CASE l.wave WHEN 0 THEN 0 ELSE 9 END AS rank, l.place_id" \
			" FROM ledger l WHERE l.delivery_id = json_extract(?1, '$.reached')" \
			" AND (l.state IN ('FLYING','SENT','REACHED') OR l.may_know = 1)")) \
	X(WAY_SET, COLD, \
		"INSERT OR REPLACE INTO temp.way (role, known, wave, state, step, steps, reason)" \
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)") \
	/* Everybody who was drawn, with the way of those like him. */ \
	X(LEDGER_DRAWN, COLD, \
		"INSERT INTO ledger (delivery_id, resident_id, place_id, group_id, wave, state, step, steps, reason, at_ms)" \
		" SELECT ?1, d.resident_id, d.place_id, iif(d.bar = '' AND w.steps & 1, nullif(d.group_id, 0), NULL), w.wave," \
		" iif(d.bar = '', w.state, 'SKIPPED'), iif(d.bar = '', w.step, 0), iif(d.bar = '', w.steps, 0)," \
		" CASE d.bar WHEN '' THEN w.reason WHEN 'refused' THEN 'REFUSED' WHEN 'topic' THEN 'REFUSED_TOPIC'" \
		" ELSE 'BLOCKED' END, ?2 FROM temp.drawn d CROSS JOIN temp.way w" \
		" ON w.role = CASE d.rank WHEN 0 THEN 0 WHEN 9 THEN 2 ELSE 1 END" \
		" AND w.known = iif(d.group_id, 2, d.has_zalo) ORDER BY d.resident_id") \
	/* Of whom it is not known yet whether the one that is corrected reaches him. */ \
	X(LEDGER_HELD_BACK, COLD, \
		"UPDATE ledger SET state = 'NEW', reason = 'PENDING', step = 0, steps = 0, group_id = NULL" \
		" WHERE delivery_id = ?1 AND state <> 'SKIPPED' AND EXISTS" \
		" (SELECT 1 FROM ledger o WHERE o.delivery_id = ?2 AND o.resident_id = ledger.resident_id" \
		" AND o.state = 'FLYING')") \
	/* Whom Zalo may not let write to after all. */ \
	X(LEDGER_UNCHECKED, HOT, \
		"SELECT l.resident_id, min(l.wave, 4), 1, 1, coalesce(l.group_id, 0), r.zalo FROM ledger l" \
		" LEFT JOIN resident r ON r.id = l.resident_id WHERE l.delivery_id = ?1" \
		" AND l.resident_id > ?2 AND l.state = 'WAITING' AND l.steps & 2 ORDER BY l.resident_id LIMIT ?3") \
	X(LEDGER_UNPLANNED, HOT, \
		"SELECT l.resident_id, l.wave, r.id IS NOT NULL, r.zalo_hash IS NOT NULL, " LEDGER_GROUP_OF \
		", r.zalo FROM ledger l LEFT JOIN resident r ON r.id = l.resident_id WHERE l.delivery_id = ?1" \
		" AND l.resident_id > ?2 AND l.state = 'NEW' AND l.reason = '' ORDER BY l.resident_id LIMIT ?3") \
	X(LEDGER_PENDING, HOT, \
		"SELECT l.resident_id, iif(o.may_know = 1, 'DOUBT', coalesce(o.state, '')) FROM ledger l INDEXED BY ledger_pending" \
		" LEFT JOIN ledger o ON o.delivery_id = ?2 AND o.resident_id = l.resident_id" \
		" WHERE l.state = 'NEW' AND l.reason = 'PENDING' AND l.delivery_id = ?1" \
		" AND coalesce(o.state, '') <> 'FLYING' LIMIT 1") \
	X(LEDGER_PENDING_SET, HOT, \
		"UPDATE ledger SET state = ?3, reason = ?4, at_ms = ?5 WHERE delivery_id = ?1 AND resident_id = ?2" \
		" AND state = 'NEW' AND reason = 'PENDING'") \
	X(LEDGER_IS_PENDING, HOT, \
		"SELECT 1 FROM ledger INDEXED BY ledger_pending WHERE state = 'NEW' AND reason = 'PENDING'" \
		" AND delivery_id = ?1 LIMIT 1") \
	X(DRAWN_WAYS, COLD, \
		"SELECT d.resident_id, CASE d.rank WHEN 0 THEN 0 WHEN 9 THEN 4 ELSE 1 END, 1," \
		" r.zalo_hash IS NOT NULL, d.group_id, r.zalo, d.bar, d.place_id FROM temp.drawn d" \
		" JOIN resident r ON r.id = d.resident_id WHERE d.resident_id > ?1 ORDER BY d.resident_id LIMIT ?2") \
	X(LEDGER_PLAN, HOT, \
		"UPDATE ledger SET group_id = ?3, wave = ?4, state = ?5, step = ?6, steps = ?7, reason = ?8, at_ms = ?9" \
		" WHERE delivery_id = ?1 AND resident_id = ?2 AND state IN ('NEW','WAITING')") \
	X(LEDGER_LOAD, HOT, \
		"SELECT " LEDGER_COLUMNS \
		" FROM ledger l WHERE l.delivery_id = ?1 AND l.resident_id = ?2") \
	X(LEDGER_WAITING, HOT, \
		"SELECT " LEDGER_COLUMNS \
		" FROM ledger l INDEXED BY ledger_waiting WHERE l.state = 'WAITING' AND l.delivery_id = ?1" \
		" AND l.step = ?2 ORDER BY l.wave, l.resident_id LIMIT ?3") \
	X(LEDGER_FLY, HOT, \
		"UPDATE ledger SET state = 'FLYING', step = ?3, channel = ?4, outbox_id = ?5, cost = ?6, at_ms = ?7," \
		" reason = '' WHERE delivery_id = ?1 AND resident_id = ?2 AND state = 'WAITING'") \
	X(LEDGER_END, HOT, \
		"UPDATE ledger SET state = ?3, reason = ?4, at_ms = ?5, outbox_id = NULL" \
		" WHERE delivery_id = ?1 AND resident_id = ?2 AND state IN ('NEW','WAITING')") \
	X(LEDGER_REFUSE, HOT, \
		"UPDATE ledger SET state = iif(state IN ('FLYING','DOUBT'), state, 'SKIPPED'), reason = ?3, at_ms = ?4" \
		" WHERE delivery_id = ?1 AND resident_id = ?2 AND state IN ('NEW','WAITING','FLYING','DOUBT')" \
		" AND channel <> 'zalo_group'") \
	X(LEDGER_IS_REFUSED, HOT, \
		"SELECT 1 FROM ledger INDEXED BY ledger_outbox WHERE outbox_id IS NOT NULL AND outbox_id = ?1" \
		" AND (" LEDGER_REFUSED \
		" OR (SELECT d.state FROM delivery d WHERE d.id = ledger.delivery_id) <> 'RUNNING') LIMIT 1") \
	X(LEDGER_GROUP_NEXT, HOT, \
		"SELECT group_id FROM ledger INDEXED BY ledger_group WHERE state = 'WAITING' AND step = 1" \
		" AND delivery_id = ?1 AND group_id > ?2 ORDER BY group_id LIMIT 1") \
	X(LEDGER_GROUP_FLY, HOT, \
		"UPDATE ledger INDEXED BY ledger_group SET state = 'FLYING', channel = 'zalo_group', outbox_id = ?3," \
		" at_ms = ?4 WHERE state = 'WAITING' AND step = 1 AND delivery_id = ?1 AND group_id = ?2") \
	X(LEDGER_GROUP_SKIP, HOT, \
		"UPDATE ledger INDEXED BY ledger_group SET steps = steps & 6, step = " LEDGER_NEXT_STEP( \
			"steps & 6") ", state = iif(steps & 6, 'WAITING', 'MISSED'), reason = iif(steps & 6, '', 'NO_CHANNEL'), at_ms = ?3" \
				     " WHERE state = 'WAITING' AND step = 1 AND delivery_id = ?1 AND group_id = ?2") \
	/* Everybody of the group's place is on the list, so that a post there tells nobody else. \
	 */ \
	X(LEDGER_COVERS, HOT, \
		"SELECT 1 FROM zalo_group z CROSS JOIN resident_place rp ON rp.place_id = z.place_id WHERE z.id = ?2" \
		" AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.delivery_id = ?1" \
		" AND l.resident_id = rp.resident_id) LIMIT 1") \
	X(LEDGER_GROUP_PARTY, HOT, \
		"SELECT party_id FROM zalo_group WHERE id = ?1 AND state = 'ACTIVE' AND party_id IS NOT NULL") \
	/* What becomes of a message becomes of its rows: ?1 the message, ?2 the time. */ \
	X(LEDGER_SENT, HOT, \
		"UPDATE ledger INDEXED BY ledger_outbox SET state = ?3, reason = '', at_ms = iif(state = 'SENT', at_ms, ?2)" \
		" WHERE outbox_id IS NOT NULL AND outbox_id = ?1 AND state IN ('FLYING','DOUBT','SENT','WAITING')") \
	X(LEDGER_DOUBT, HOT, \
		"UPDATE ledger INDEXED BY ledger_outbox SET state = 'DOUBT', at_ms = ?2, may_know = 1," \
		" reason = iif(" LEDGER_REFUSED ", reason, 'IN_DOUBT')" \
		" WHERE outbox_id IS NOT NULL AND outbox_id = ?1 AND state = 'FLYING'") \
	X(LEDGER_FLY_AGAIN, HOT, \
		"UPDATE ledger INDEXED BY ledger_outbox SET state = 'FLYING', at_ms = ?2, may_know = 0," \
		" reason = iif(" LEDGER_REFUSED ", reason, '')" \
		" WHERE outbox_id IS NOT NULL AND outbox_id = ?1 AND state = 'DOUBT'") \
	X(LEDGER_FAILED, HOT, \
		"UPDATE ledger INDEXED BY ledger_outbox SET steps = steps & ~step, step = " LEDGER_NEXT_STEP( \
			"steps & ~step") ", state = CASE WHEN " LEDGER_REFUSED " THEN 'SKIPPED'" \
					 " WHEN steps & ~step THEN 'WAITING' ELSE 'MISSED' END, reason = iif(" LEDGER_REFUSED \
					 ", reason, ?3), at_ms = ?2, cost = 0, outbox_id = NULL," \
					 " may_know = iif(state = 'DOUBT', 0, may_know)" \
					 " WHERE outbox_id IS NOT NULL AND outbox_id = ?1 AND state IN ('FLYING','DOUBT','SENT')") \
	X(LEDGER_GIVEN_UP, HOT, \
		"UPDATE ledger INDEXED BY ledger_outbox SET state = ?4, reason = ?3, at_ms = ?2, outbox_id = NULL" \
		" WHERE outbox_id IS NOT NULL AND outbox_id = ?1 AND state IN ('FLYING','DOUBT','SENT')") \
	/* Its time was over before it left; of several in one message, those that have time left \
	 * wait on. */ \
	X(LEDGER_EXPIRED, HOT, \
		"UPDATE ledger INDEXED BY ledger_outbox SET state = CASE WHEN " LEDGER_REFUSED \
		" THEN 'SKIPPED' WHEN state = 'FLYING' AND" \
		" (SELECT d.expires_ms FROM delivery d WHERE d.id = ledger.delivery_id) > ?2 THEN 'WAITING' ELSE 'EXPIRED' END," \
		" reason = CASE WHEN " LEDGER_REFUSED " THEN reason WHEN state = 'FLYING' AND" \
		" (SELECT d.expires_ms FROM delivery d WHERE d.id = ledger.delivery_id) > ?2 THEN '' ELSE 'EXPIRED' END," \
		" at_ms = ?2, outbox_id = NULL, cost = iif(state = 'FLYING', 0, cost) WHERE outbox_id IS NOT NULL" \
		" AND outbox_id = ?1 AND state IN ('FLYING','DOUBT','SENT')") \
	X(LEDGER_BACK, HOT, \
		"UPDATE ledger INDEXED BY ledger_outbox SET state = iif(" LEDGER_REFUSED \
		", 'SKIPPED', 'WAITING'), step = iif(step = 4 AND steps & 2, 2, step), cost = 0," \
		" outbox_id = NULL, at_ms = ?2 WHERE outbox_id IS NOT NULL AND outbox_id = ?1 AND state = 'FLYING'") \
	/* Somebody who may or may not have been told by Zalo some time ago is texted. */ \
	X(LEDGER_DOUBTED, HOT, \
		"UPDATE ledger INDEXED BY ledger_doubt SET state = 'WAITING', step = 4, steps = 4 WHERE state = 'DOUBT'" \
		" AND delivery_id = ?1 AND at_ms <= ?2 AND step = 2 AND steps & 4 AND NOT (" LEDGER_REFUSED \
		")") \
	X(LEDGER_DOUBT_NEXT, HOT, \
		"SELECT min(at_ms) FROM ledger INDEXED BY ledger_doubt WHERE state = 'DOUBT' AND delivery_id = ?1") \
	X(LEDGER_COST, HOT, \
		"SELECT coalesce(sum(cost), 0), coalesce(max(at_ms), 0) FROM ledger INDEXED BY ledger_outbox" \
		" WHERE cost > 0 AND state = 'FLYING' AND outbox_id IS NOT NULL AND outbox_id = ?1") \
	X(LEDGER_SWEEP, HOT, \
		"UPDATE ledger SET state = ?4, reason = ?5, at_ms = ?6 WHERE delivery_id = ?1" \
		" AND resident_id > ?2 AND resident_id <= ?3 AND state IN ('NEW','WAITING')") \
	X(LEDGER_AFTER, HOT, \
		"SELECT " LEDGER_COLUMNS \
		" FROM ledger l WHERE l.delivery_id = ?1 AND l.resident_id > ?2 ORDER BY l.resident_id LIMIT ?3") \
	X(LEDGER_NTH, HOT, \
		"SELECT resident_id FROM ledger WHERE delivery_id = ?1 AND resident_id > ?2 ORDER BY resident_id" \
		" LIMIT 1 OFFSET ?3") \
	X(LEDGER_IS_WAITING, HOT, \
		"SELECT 1 FROM ledger INDEXED BY ledger_waiting WHERE state = 'WAITING' AND delivery_id = ?1 LIMIT 1") \
	X(LEDGER_IS_FLYING, HOT, \
		"SELECT 1 FROM ledger INDEXED BY ledger_flying WHERE state = 'FLYING' AND delivery_id = ?1 LIMIT 1") \
	X(LEDGER_COUNTS, COLD, \
		"SELECT state, channel, reason, wave, count(*), sum(cost), max(at_ms) FROM ledger" \
		" WHERE delivery_id = ?1 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4") \
	X(LEDGER_CELLS, COLD, \
		"SELECT place_id, state, channel, reason, wave = 0, count(*), sum(cost), sum(confirmed_ms > 0)" \
		" FROM ledger WHERE delivery_id = ?1 GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5") \
	X(LEDGER_TOLD, COLD, \
		"SELECT at_ms FROM ledger WHERE delivery_id = ?1 AND state IN ('SENT','REACHED')" \
		" ORDER BY at_ms LIMIT 1 OFFSET ?2") \
	X(LEDGER_HEADS, HOT, \
		"SELECT " LEDGER_COLUMNS \
		" FROM ledger l INDEXED BY ledger_head WHERE l.wave = 0 AND l.delivery_id = ?1 AND l.resident_id > ?2" \
		" ORDER BY l.resident_id LIMIT 1") \
	X(LEDGER_CONFIRM, HOT, \
		"UPDATE ledger SET confirmed_ms = ?3 WHERE delivery_id = ?1 AND resident_id = ?2 AND wave = 0" \
		" AND confirmed_ms = 0") \
	X(LEDGER_CLIMB, HOT, \
		"UPDATE ledger INDEXED BY ledger_waiting SET wave = wave - 2 WHERE state = 'WAITING'" \
		" AND delivery_id = ?1 AND step = ?3 AND wave > 2 AND place_id = ?2") \
	X(DELIVERY_QUEUED, HOT, \
		"SELECT count(*) FROM outbox INDEXED BY outbox_delivery WHERE state = 'QUEUED'" \
		" AND delivery_id IS NOT NULL AND delivery_id = ?1 AND channel = ?2") \
	X(DELIVERY_QUEUED_NEXT, HOT, \
		"SELECT id FROM outbox INDEXED BY outbox_delivery WHERE state = 'QUEUED'" \
		" AND delivery_id IS NOT NULL AND delivery_id = ?1 AND channel = ?2 AND id > ?3 ORDER BY id LIMIT 1") \
	X(DELIVERY_OUTBOX_ADD, HOT, \
		"INSERT INTO outbox (id, channel, lane, kind, party_id, state, is_final, due_ms, deadline_ms, expires_ms," \
		" created_ms, enclosure_id, delivery_id, form)" \
		" VALUES (?1, ?2, ?3, 'bulletin', ?4, 'QUEUED', 0, ?5, ?6, ?6, ?5, ?7, ?8, ?9)") \
	/* One message with words of several: the rows of all of them point to it. */ \
	X(DIGEST_OUTBOX_ADD, HOT, \
		"INSERT INTO outbox (id, channel, lane, kind, party_id, state, is_final, due_ms, deadline_ms, expires_ms," \
		" created_ms, delivery_id, form, body)" \
		" VALUES (?1, ?2, ?3, 'bulletin', ?4, 'QUEUED', 0, ?5, ?6, ?6, ?5, ?7, ?8, ?9)") \
	X(DIGEST_OF, HOT, \
		"SELECT o.id FROM ledger l INDEXED BY ledger_flying CROSS JOIN outbox o ON o.id = l.outbox_id" \
		" WHERE l.state = 'FLYING' AND l.delivery_id = ?1 AND o.state = 'QUEUED' AND o.delivery_id <> ?1 LIMIT 1") \
	/* what is known of a resident */ \
	X(RESIDENT_PHONE, HOT, "SELECT phone FROM resident WHERE id = ?1") \
	X(RESIDENT_ZALO, HOT, "SELECT zalo FROM resident WHERE id = ?1") \
	X(RESIDENT_ZALO_SEEN, HOT, \
		"SELECT g.id, g.user_id FROM resident r JOIN group_person g ON g.hash = r.zalo_hash WHERE r.id = ?1" \
		" LIMIT 1") \
	X(WRITER_STANDING, HOT, \
		"SELECT p.last_in_ms, c.heard_ms, c.closed_ms, c.until_ms FROM party p" \
		" LEFT JOIN party_channel c ON c.party_id = p.id AND c.channel = 'zalo_user'" \
		" WHERE p.kind = 'zalo_user' AND p.hash = ?1") \
	X(RESIDENT_HASHES, HOT, "SELECT hash, zalo_hash FROM resident WHERE id = ?1") \
	X(RESIDENT_OF_PARTY, HOT, \
		"SELECT r.id FROM party p JOIN resident r ON r.hash = p.hash WHERE p.id = ?1 AND p.kind = 'resident'" \
		" UNION ALL SELECT r.id FROM party p JOIN resident r ON r.zalo_hash = p.hash WHERE p.id = ?1" \
		" AND p.kind = 'resident_zalo'") \
	X(RESIDENT_LISTS, HOT, "SELECT count(*) FROM resident_place WHERE resident_id = ?1") \
	X(RESIDENT_PARTY_FORGET, HOT, \
		"UPDATE party SET hash = randomblob(32), state = 'archived' WHERE kind = ?1 AND hash = ?2") \
	X(LEDGER_HIGHEST, COLD, \
		"SELECT coalesce(max((SELECT max(l.resident_id) FROM ledger l WHERE l.delivery_id = d.id)), 0) + 1" \
		" FROM delivery d") \
	/* spending */ \
	X(SPENT, HOT, "SELECT spent FROM spending WHERE month = ?1") \
	X(SPEND, HOT, \
		"INSERT INTO spending (month, spent) VALUES (?1, ?2)" \
		" ON CONFLICT DO UPDATE SET spent = max(0, spent + ?2)")

#endif
