/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The statements about shifts and alarms: a part of the table in statement.h. */
#ifndef BINHYEN_STORE_STATEMENT_DUTY_H
#define BINHYEN_STORE_STATEMENT_DUTY_H

#define ALARM_COLUMNS \
	"a.id, a.number, a.state, a.is_noisy, a.step, a.began_ms, a.next_ms, a.taken_ms, a.taken_by"

#define DUTY_STATEMENT_TABLE(X) \
	X(SHIFT_ADD, COLD, \
		"INSERT INTO duty_shift (officer_id, weekday, day, minute, minutes, rank, instead_id)" \
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)") \
	X(SHIFT_LIST, COLD, \
		"SELECT id, officer_id, weekday, day, minute, minutes, rank, instead_id FROM duty_shift" \
		" WHERE id > ?1 AND (day IS NULL OR day >= ?2)" \
		" ORDER BY id LIMIT ?3") \
	X(SHIFT_CLEAR, COLD, "DELETE FROM duty_shift WHERE day IS NULL OR day >= ?1") \
	X(ALARM_ADD, HOT, \
		"INSERT INTO alarm (id, number, state, is_noisy, step, began_ms, next_ms)" \
		" VALUES (?1, ?2, 'RINGING', ?3, 0, ?4, ?5)") \
	X(ALARM_LOAD, HOT, "SELECT " ALARM_COLUMNS " FROM alarm a WHERE a.id = ?1") \
	X(ALARM_DUE, HOT, \
		"SELECT " ALARM_COLUMNS \
		" FROM alarm a WHERE a.next_ms <= ?1 ORDER BY a.next_ms, a.id LIMIT 1") \
	X(ALARM_NEXT, HOT, "SELECT min(next_ms) FROM alarm WHERE next_ms IS NOT NULL") \
	X(ALARM_CLIMB, HOT, "UPDATE alarm SET state = ?2, step = ?3, next_ms = ?4 WHERE id = ?1") \
	X(ALARM_TAKE, HOT, \
		"UPDATE alarm SET state = 'TAKEN', next_ms = NULL, taken_ms = ?2, taken_by = ?3 WHERE id = ?1") \
	X(ALARM_BY_NUMBER, HOT, \
		"SELECT " ALARM_COLUMNS \
		" FROM alarm a WHERE a.number = ?1 ORDER BY a.id DESC LIMIT 1") \
	X(ALARM_OF_REPORT, HOT, \
		"SELECT " ALARM_COLUMNS \
		" FROM alarm_report r CROSS JOIN alarm a ON a.id = r.alarm_id" \
		" WHERE r.report_id = ?1 ORDER BY r.alarm_id DESC LIMIT 1") \
	X(ALARM_OPEN, COLD, \
		"SELECT " ALARM_COLUMNS \
		" FROM alarm a WHERE a.id < ?1 ORDER BY a.id DESC LIMIT ?2") \
	X(ALARM_JOINABLE, HOT, \
		"SELECT " ALARM_COLUMNS \
		" FROM alarm a WHERE a.id = (SELECT max(id) FROM alarm WHERE is_noisy = ?1)" \
		" AND a.state <> 'TAKEN'" \
		" AND EXISTS (SELECT 1 FROM alarm_page p WHERE p.alarm_id = a.id)" \
		" AND NOT EXISTS (SELECT 1 FROM alarm_page p CROSS JOIN outbox o ON o.id = p.outbox_id" \
		" WHERE p.alarm_id = a.id AND (o.state <> 'QUEUED' OR (o.attempts > 0 AND o.channel <> 'modem')))") \
	X(ALARM_COUNT, COLD, "SELECT count(*) FROM alarm WHERE next_ms IS NOT NULL") \
	X(ALARM_UNANSWERED, COLD, \
		"SELECT count(*) FROM alarm WHERE state = 'UNANSWERED' AND began_ms >= ?1") \
	X(ALARM_REPORT_ADD, HOT, \
		"INSERT INTO alarm_report (alarm_id, report_id, party_id, at_ms) VALUES (?1, ?2, ?3, ?4)" \
		" ON CONFLICT DO UPDATE SET is_seen = 0") \
	X(ALARM_REPORTS, HOT, \
		"SELECT r.id, r.year, r.number FROM alarm_report a CROSS JOIN report r ON r.id = a.report_id" \
		" WHERE a.alarm_id = ?1 AND a.report_id > ?2 ORDER BY a.report_id LIMIT ?3") \
	X(ALARM_CONFINED, HOT, \
		"SELECT a.report_id FROM alarm_report a CROSS JOIN report r ON r.id = a.report_id" \
		" WHERE a.alarm_id = ?1 AND r.is_confined = 1 ORDER BY a.report_id LIMIT 1") \
	X(ALARM_REPORT_DROP, HOT, \
		"DELETE FROM alarm_report WHERE alarm_id = ?1 AND report_id = ?2") \
	X(ALARM_REPORT_COUNT, HOT, "SELECT count(*) FROM alarm_report WHERE alarm_id = ?1") \
	X(ALARM_SEEN, HOT, \
		"UPDATE alarm_report SET is_seen = 1 WHERE alarm_id = ?1 AND (?2 IS NULL OR report_id = ?2)") \
	X(ALARM_UNSEEN, HOT, \
		"SELECT count(*) FROM alarm_report WHERE alarm_id = ?1 AND is_seen = 0") \
	X(ALARM_FROM, HOT, \
		"SELECT count(*) FROM alarm_report WHERE party_id = ?1 AND at_ms > ?2 AND at_ms <= ?3") \
	X(PAGE_ADD, HOT, \
		"INSERT INTO alarm_page (outbox_id, alarm_id, party_id, officer_id, step)" \
		" VALUES (?1, ?2, ?3, ?4, ?5)") \
	X(PAGE_LIST, HOT, \
		"SELECT p.outbox_id, p.party_id, p.officer_id, p.step, o.state, o.due_ms" \
		" FROM alarm_page p CROSS JOIN outbox o ON o.id = p.outbox_id" \
		" WHERE p.alarm_id = ?1 AND p.outbox_id > ?2 ORDER BY p.outbox_id LIMIT 1") \
	X(PAGE_LAST, HOT, \
		"SELECT o.due_ms FROM alarm_page p CROSS JOIN outbox o ON o.id = p.outbox_id" \
		" WHERE p.party_id = ?1 ORDER BY p.outbox_id DESC LIMIT 1") \
	X(PAGE_OFFICER, HOT, \
		"SELECT officer_id FROM alarm_page WHERE alarm_id = ?1 AND party_id = ?2" \
		" ORDER BY outbox_id DESC LIMIT 1") \
	X(PAGE_ANY, HOT, "SELECT 1 FROM alarm_page WHERE party_id = ?1 LIMIT 1") \
	X(WRONG_LOAD, HOT, "SELECT wrong, last_ms FROM alarm_wrong WHERE party_id = ?1") \
	X(WRONG_SET, HOT, \
		"INSERT INTO alarm_wrong (party_id, wrong, last_ms) VALUES (?1, ?2, ?3)" \
		" ON CONFLICT (party_id) DO UPDATE SET wrong = ?2, last_ms = ?3") \
	X(DUTY_TOLD, HOT, "SELECT at_ms FROM duty_told WHERE id = 1") \
	X(DUTY_TOLD_SET, HOT, \
		"INSERT INTO duty_told (id, at_ms) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET at_ms = ?1") \
	X(REBASE_ALARM, COLD, "UPDATE alarm SET next_ms = next_ms + ?1 WHERE next_ms IS NOT NULL") \
	X(REBASE_TOLD, COLD, "UPDATE duty_told SET at_ms = at_ms + ?1 WHERE at_ms <> 0") \
	X(OUTBOX_RETEXT, HOT, "UPDATE outbox SET body = ?2 WHERE id = ?1 AND state = 'QUEUED'")

#endif
