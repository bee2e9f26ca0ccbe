/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The statements about legal classes and clocks: a part of the table in statement.h. */
#ifndef BINHYEN_STORE_STATEMENT_LEGAL_H
#define BINHYEN_STORE_STATEMENT_LEGAL_H

#define CLASS_COLUMNS \
	"id, report_id, class, regime_id, is_urgent, actor, at_ms, trust, coalesce(note_id, 0)"
#define MOMENT_COLUMNS "report_id, moment, at_ms, box_ms, stamp_ms, trust, is_settled, actor"
#define CLOCK_COLUMNS \
	"c.id, c.report_id, c.class_id, c.regime_id, c.code, c.state, c.moment, c.started_ms, c.due_ms," \
	" c.warn_ms, c.stage, c.is_told, c.is_watched, c.is_days, c.certainty, c.frozen_ms, c.ended_ms," \
	" c.ended_by, c.outbox_id"

#define LEGAL_STATEMENT_TABLE(X) \
	X(LEGAL_TIME, HOT, "SELECT skew_ms, told_ms FROM legal_time WHERE id = 1") \
	X(LEGAL_TIME_SAVE, HOT, "UPDATE legal_time SET skew_ms = ?1, told_ms = ?2 WHERE id = 1") \
	X(REBASE_LEGAL, HOT, "UPDATE legal_time SET skew_ms = skew_ms + ?1 WHERE id = 1") \
	X(REGIME_FIND, HOT, "SELECT id FROM regime_record WHERE hash = ?1") \
	X(REGIME_ADD, HOT, \
		"INSERT INTO regime_record (id, class, from_day, hash, body, kept_ms)" \
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6)") \
	X(REGIME_BODY, HOT, "SELECT body FROM regime_record WHERE id = ?1") \
	/* report_class */ \
	X(CLASS_ADD, HOT, \
		"INSERT INTO report_class (id, report_id, class, regime_id, is_urgent, actor, at_ms, trust, note_id)" \
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)") \
	X(CLASS_LOAD, HOT, \
		"SELECT " CLASS_COLUMNS \
		" FROM report_class WHERE report_id = ?1 ORDER BY id DESC LIMIT 1") \
	X(CLASS_LIST, HOT, \
		"SELECT " CLASS_COLUMNS " FROM report_class WHERE report_id = ?1 ORDER BY id") \
	/* report_moment */ \
	X(MOMENT_SET, HOT, \
		"INSERT INTO report_moment (" MOMENT_COLUMNS \
		") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)" \
		" ON CONFLICT (report_id, moment) DO UPDATE SET at_ms = ?3, box_ms = ?4, stamp_ms = ?5," \
		" trust = ?6, is_settled = ?7, actor = ?8") \
	X(MOMENT_LOAD, HOT, \
		"SELECT " MOMENT_COLUMNS \
		" FROM report_moment WHERE report_id = ?1 AND moment = ?2") \
	X(MOMENT_UNSETTLED, COLD, \
		"SELECT " MOMENT_COLUMNS \
		" FROM report_moment WHERE is_settled = 0 AND (report_id, moment) > (?1, ?2)" \
		" ORDER BY report_id, moment LIMIT 1") \
	/* report_clock */ \
	X(CLOCK_ADD, HOT, \
		"INSERT INTO report_clock (state, started_ms, due_ms, warn_ms, stage, is_told, certainty, frozen_ms," \
		" ended_ms, ended_by, outbox_id, id, report_id, class_id, regime_id, code, moment, is_watched," \
		" is_days) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17," \
		" ?18, ?19)") \
	X(CLOCK_SAVE, HOT, \
		"UPDATE report_clock SET state = ?1, started_ms = ?2, due_ms = ?3, warn_ms = ?4, stage = ?5," \
		" is_told = ?6, certainty = ?7, frozen_ms = ?8, ended_ms = ?9, ended_by = ?10, outbox_id = ?11" \
		" WHERE id = ?12") \
	X(CLOCK_LOAD, HOT, "SELECT " CLOCK_COLUMNS " FROM report_clock c WHERE c.id = ?1") \
	X(CLOCK_OF, HOT, \
		"SELECT " CLOCK_COLUMNS \
		" FROM report_clock c WHERE c.report_id = ?1 ORDER BY c.id") \
	X(CLOCK_LATE, HOT, \
		"SELECT " CLOCK_COLUMNS \
		" FROM report_clock c INDEXED BY report_clock_late CROSS JOIN report r" \
		" WHERE c.state = 'RUNNING' AND c.is_told = 0 AND c.due_ms < ?1 AND (c.is_days = 0 OR ?2)" \
		" AND r.id = c.report_id AND r.merged_into IS NULL ORDER BY c.due_ms LIMIT ?3") \
	X(CLOCK_WARN, HOT, \
		"SELECT " CLOCK_COLUMNS \
		" FROM report_clock c INDEXED BY report_clock_warn CROSS JOIN report r" \
		" WHERE c.state = 'RUNNING' AND c.warn_ms IS NOT NULL AND c.warn_ms <= ?1" \
		" AND (c.is_days = 0 OR ?2) AND r.id = c.report_id AND r.merged_into IS NULL" \
		" ORDER BY c.warn_ms LIMIT ?3") \
	X(CLOCK_UNTIL, HOT, \
		"SELECT " CLOCK_COLUMNS \
		" FROM report_clock c INDEXED BY report_clock_due CROSS JOIN report r" \
		" WHERE c.state = 'RUNNING' AND c.due_ms < ?1 AND r.id = c.report_id" \
		" AND r.merged_into IS NULL AND (c.due_ms, c.id) >" \
		" (coalesce((SELECT due_ms FROM report_clock WHERE id = ?3), -1), ?3)" \
		" ORDER BY c.due_ms, c.id LIMIT ?2") \
	X(CLOCK_NOTICED, COLD, \
		"SELECT " CLOCK_COLUMNS \
		", CASE WHEN o.state IN ('SENT','DELIVERED') THEN o.sent_ms ELSE 0 END" \
		" FROM report_clock c INDEXED BY report_clock_notice CROSS JOIN outbox o" \
		" WHERE c.state = 'RUNNING' AND c.outbox_id IS NOT NULL AND o.id = c.outbox_id" \
		" AND o.state IN ('SENT','DELIVERED','FAILED','EXPIRED','CANCELLED') LIMIT 1") \
	X(CLOCK_TALLY, COLD, \
		"SELECT coalesce(k.class, ''), c.code, r.hamlet, sum(c.state = 'MET')," \
		" sum(c.state = 'LATE' OR (c.state = 'RUNNING' AND c.due_ms < ?3))," \
		" sum(c.state = 'FROZEN' OR (c.state = 'RUNNING' AND c.due_ms >= ?3))" \
		" FROM report r JOIN report_clock c ON c.report_id = r.id" \
		" LEFT JOIN report_class k ON k.id = c.class_id" \
		" WHERE r.received_ms >= ?1 AND r.received_ms < ?2 AND r.merged_into IS NULL" \
		" AND (r.is_confined = 0 OR ?4 = -1 OR EXISTS (SELECT 1 FROM report_key h" \
		" WHERE h.report_id = r.id AND h.holder = ?4)) AND c.state <> 'ENDED'" \
		" AND (?4 <> -2 OR r.category <> 'conduct') GROUP BY 1, 2, 3 ORDER BY 1, 2, 3") \
	X(CHANGE_ADD, HOT, \
		"INSERT INTO clock_change (clock_id, kind, at_ms, was_ms, due_ms, code, actor, note_id)" \
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)") \
	X(CHANGE_LIST, HOT, \
		"SELECT kind, at_ms, was_ms, due_ms, code, actor, coalesce(note_id, 0)" \
		" FROM clock_change WHERE clock_id = ?1 ORDER BY id") \
	X(ENTRY_LAST, HOT, \
		"SELECT id FROM report_entry WHERE report_id = ?1 ORDER BY id DESC LIMIT 1") \
	/* report_outcome */ \
	X(OUTCOME_ADD, HOT, \
		"INSERT INTO report_outcome (report_id, kind, addressee, receipt, at_ms, noted_ms, actor, note_id)" \
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)") \
	X(OUTCOME_LIST, HOT, \
		"SELECT id, kind, addressee, receipt, at_ms, noted_ms, actor, coalesce(note_id, 0)" \
		" FROM report_outcome WHERE report_id = ?1 ORDER BY id")

#endif
