/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The statements about the dialogue, links, merges and codes of reports: a part of the table in
 * statement.h. */
#ifndef BINHYEN_STORE_STATEMENT_REPORT_H
#define BINHYEN_STORE_STATEMENT_REPORT_H

/* REPORT_COLUMNS of statement.h: by the time this table is expanded it is known. */
#define REPORT_STATEMENT_TABLE(X) \
	X(REPORT_OF_PARTY, HOT, \
		"SELECT " REPORT_COLUMNS \
		" FROM report WHERE party_id = ?1 ORDER BY id DESC LIMIT ?2") \
	X(REPORT_BY_CODE, HOT, "SELECT " REPORT_COLUMNS " FROM report WHERE code = ?1") \
	X(REPORT_SPAN, HOT, \
		"SELECT " REPORT_COLUMNS " FROM report INDEXED BY report_received" \
		" WHERE received_ms < ?3 AND (received_ms, id) > (?1, ?2)" \
		" ORDER BY received_ms, id LIMIT ?4") \
	/* 10000: the year of the first book that is not the register */ \
	X(REPORT_ENTER, COLD, \
		"UPDATE report SET entry_no = e.no FROM (SELECT r.id, row_number() OVER (PARTITION BY r.year" \
		" ORDER BY r.id) + coalesce((SELECT max(m.entry_no) FROM report m WHERE m.year = r.year" \
		" AND m.entry_no IS NOT NULL), 0) AS no" \
		" FROM (SELECT id, year, is_confined, received_ms FROM report INDEXED BY report_unentered" \
		" WHERE entry_no IS NULL AND id > ?2 ORDER BY id LIMIT ?3) r" \
		" WHERE r.is_confined = 0 AND r.year < 10000 AND r.received_ms < ?1) e WHERE report.id = e.id") \
	X(REPORT_UNENTERED, COLD, \
		"SELECT max(id), count(*) FROM (SELECT id FROM report INDEXED BY report_unentered" \
		" WHERE entry_no IS NULL AND id > ?1 ORDER BY id LIMIT ?2)") \
	X(REPORT_HAMLET, HOT, "UPDATE report SET hamlet = ?2 WHERE id = ?1") \
	X(REPORT_HIDE, HOT, "UPDATE report SET party_id = ?2, is_anonymous = 1 WHERE id = ?1") \
	X(REPORT_INBOX_PARTY, HOT, \
		"UPDATE inbox INDEXED BY inbox_report SET party_id = ?3" \
		" WHERE report_id = ?1 AND report_id IS NOT NULL AND party_id = ?2") \
	X(REPORT_QUIET, HOT, "UPDATE report SET is_quiet = 1 WHERE id = ?1") \
	X(REPORT_ASSIGN, HOT, "UPDATE report SET assignee_id = ?2 WHERE id = ?1") \
	X(REPORT_HEARD, HOT, "UPDATE report SET heard_ms = ?2 WHERE id = ?1") \
	X(REPORT_TOLD, HOT, "UPDATE report SET told_ms = ?2 WHERE id = ?1") \
	X(REPORT_OPEN_OF, HOT, \
		"SELECT count(*) FROM report WHERE party_id = ?1 AND state <> 'closed'") \
	/* ?2: who has to hold its key, NULL nobody */ \
	X(REPORT_OPEN, HOT, \
		"SELECT " REPORT_COLUMNS " FROM report INDEXED BY report_open" \
		" WHERE state = 'open' AND urgency = ?1 AND (received_ms, id) > (?3, ?4)" \
		" AND merged_into IS NULL AND (?2 IS NULL OR EXISTS (SELECT 1 FROM report_key k" \
		" WHERE k.report_id = report.id AND k.holder = ?2))" \
		" ORDER BY received_ms, id LIMIT ?5") \
	X(REPORT_CELLS, COLD, \
		"SELECT hamlet, category, count(*), sum(state <> 'open') FROM report INDEXED BY report_received" \
		" WHERE received_ms >= ?1 AND received_ms < ?2 AND is_confined = 0 AND category <> 'conduct'" \
		" GROUP BY hamlet, category" \
		" ORDER BY hamlet, category") \
	/* merges and links */ \
	/* that has not left, or may have, and is not the page of an alarm, which may be about \
	 * others too */ \
	X(REPORT_DUTY_WAITING, HOT, \
		"SELECT id, state FROM outbox INDEXED BY outbox_report WHERE report_id = ?1" \
		" AND report_id IS NOT NULL AND state IN ('QUEUED','IN_DOUBT') AND kind IN ('relay','alarm')" \
		" AND NOT EXISTS (SELECT 1 FROM alarm_page p WHERE p.outbox_id = outbox.id) ORDER BY id LIMIT 1") \
	X(REPORT_MERGE, HOT, "UPDATE report SET merged_into = ?2 WHERE id = ?1") \
	X(REPORT_MERGED, HOT, \
		"SELECT " REPORT_COLUMNS " FROM report INDEXED BY report_merged" \
		" WHERE merged_into IS NOT NULL AND merged_into = ?1 ORDER BY id") \
	X(LINK_ADD, HOT, \
		"INSERT INTO report_link (report_id, other_id, kind, at_ms) VALUES (?1, ?2, ?3, ?4)" \
		" ON CONFLICT DO NOTHING") \
	X(LINK_REMOVE, HOT, \
		"DELETE FROM report_link WHERE report_id = ?1 AND other_id = ?2 AND kind = ?3") \
	X(LINK_LIST, HOT, \
		"SELECT other_id, kind, 0, at_ms FROM report_link WHERE report_id = ?1" \
		" UNION ALL SELECT report_id, kind, 1, at_ms FROM report_link INDEXED BY report_link_back" \
		" WHERE other_id = ?1") \
	X(REPORT_NEAR, HOT, \
		"SELECT " REPORT_COLUMNS \
		" FROM report WHERE received_ms >= ?1 AND received_ms <= ?2" \
		" AND id <> ?3 AND category = ?4 AND hamlet = ?5 AND merged_into IS NULL" \
		" AND state <> 'closed' ORDER BY received_ms DESC LIMIT ?6") \
	/* codes */ \
	X(PIN_SET, HOT, \
		"INSERT INTO report_pin (report_id, hash, made_ms) VALUES (?1, ?2, ?3)" \
		" ON CONFLICT DO UPDATE SET hash = ?2, made_ms = ?3, tries = 0") \
	X(PIN_LOAD, HOT, \
		"SELECT hash, tries, report_id FROM report_pin WHERE report_id IN (0, ?1)" \
		" ORDER BY report_id DESC LIMIT 1") \
	X(PIN_TRIES, HOT, \
		"UPDATE report_pin SET tries = min(?2, 1000000), asked = (asked + 1) % 1000000" \
		" WHERE report_id = ?1") \
	X(GUARD_LOAD, HOT, \
		"SELECT wrong, last_ms, until_ms, said, said_ms FROM code_guard WHERE scope = ?1 AND key = ?2") \
	X(GUARD_SAVE, HOT, \
		"INSERT INTO code_guard (scope, key, wrong, last_ms, until_ms, said, said_ms)" \
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET wrong = ?3, last_ms = ?4," \
		" until_ms = ?5, said = ?6, said_ms = ?7, asked = (asked + 1) % 1000000") \
	X(GUARD_PRUNE, HOT, "DELETE FROM code_guard WHERE last_ms < ?1") \
	X(HELD_ADD, HOT, \
		"INSERT INTO report_held (id, report_id, at_ms, text) VALUES (?1, ?2, ?3, ?4)") \
	X(HELD_NEXT, HOT, \
		"SELECT id, text FROM report_held WHERE report_id = ?1 ORDER BY id LIMIT 1") \
	X(HELD_REMOVE, HOT, "DELETE FROM report_held WHERE id = ?1") \
	X(HELD_COUNT, HOT, "SELECT count(*) FROM report_held WHERE report_id = ?1") \
	X(EVENT_OF, COLD, \
		"SELECT id, at_ms, kind, actor, data FROM event INDEXED BY event_subject" \
		" WHERE subject = ?1 AND subject <> '' ORDER BY id")

#endif
