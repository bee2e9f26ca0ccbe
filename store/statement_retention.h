/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The statements about how long things are kept and who had an identity opened: a part of the table
 * in statement.h. */
#ifndef BINHYEN_STORE_STATEMENT_RETENTION_H
#define BINHYEN_STORE_STATEMENT_RETENTION_H

/* A report may lose something when nobody holds it, nothing is on its way for it, and what goes on
 * from it (a report that follows it, the one it was merged into, those merged into it) is as far.
 */
#define REPORT_IS_FREE(due) \
	" AND NOT EXISTS (SELECT 1 FROM report_hold h WHERE h.report_id = report.id)" \
	" AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.report_id = report.id AND o.is_final = 0)" \
	" AND NOT EXISTS (SELECT 1 FROM attachment a WHERE a.report_id = report.id AND a.state = 'WAITING')" \
	" AND NOT EXISTS (SELECT 1 FROM report_link l JOIN report f ON f.id = l.report_id" \
	" WHERE l.other_id = report.id AND l.kind = 'follows' AND (f." due " = 0 OR f." due \
	" > ?1))" \
	" AND NOT EXISTS (SELECT 1 FROM report m WHERE m.id = report.merged_into" \
	" AND (m." due " = 0 OR m." due " > ?1))"

#define RETENTION_STATEMENT_TABLE(X) \
	X(RETENTION_LOAD, HOT, \
		"SELECT closed_ms, sanitise_due_ms, erase_due_ms, sanitised_ms, erased_ms," \
		" EXISTS (SELECT 1 FROM report_hold h WHERE h.report_id = report.id) FROM report WHERE id = ?1") \
	X(RETENTION_UNPLANNED, HOT, \
		"SELECT " REPORT_COLUMNS " FROM report INDEXED BY report_unplanned" \
		" WHERE closed_ms > 0 AND erase_due_ms = 0 AND id > 0 ORDER BY id LIMIT ?1") \
	X(RETENTION_PLAN, HOT, \
		"UPDATE report SET sanitise_due_ms = ?2, erase_due_ms = ?3 WHERE id = ?1") \
	X(RETENTION_TO_SANITISE, HOT, \
		"SELECT " REPORT_COLUMNS " FROM report INDEXED BY report_to_sanitise" \
		" WHERE sanitise_due_ms > 0 AND sanitised_ms = 0 AND sanitise_due_ms <= ?1" REPORT_IS_FREE( \
			"sanitise_due_ms") " AND (sanitise_due_ms, id) >" \
					   " (coalesce((SELECT sanitise_due_ms FROM report WHERE id = ?3), -1), ?3)" \
					   " ORDER BY sanitise_due_ms, id LIMIT ?2") \
	X(RETENTION_TO_ERASE, HOT, \
		"SELECT " REPORT_COLUMNS " FROM report INDEXED BY report_to_erase" \
		" WHERE erase_due_ms > 0 AND erased_ms = 0 AND erase_due_ms <= ?1" REPORT_IS_FREE( \
			"erase_due_ms") " AND (erase_due_ms, id) >" \
					" (coalesce((SELECT erase_due_ms FROM report WHERE id = ?3), -1), ?3)" \
					" ORDER BY erase_due_ms, id LIMIT ?2") \
	X(RETENTION_SANITISED, HOT, \
		"UPDATE report SET party_id = ?2, sanitised_ms = ?3, sanitise_due_ms = max(sanitise_due_ms, 1)" \
		" WHERE id = ?1") \
	X(RETENTION_ERASED, HOT, \
		"UPDATE report SET erased_ms = ?2, erase_due_ms = max(erase_due_ms, 1) WHERE id = ?1") \
	X(HOLD_SET, HOT, \
		"INSERT INTO report_hold (report_id, actor, at_ms, reason) VALUES (?1, ?2, ?3, ?4)" \
		" ON CONFLICT DO UPDATE SET actor = ?2, at_ms = ?3, reason = ?4") \
	X(HOLD_CLEAR, HOT, "DELETE FROM report_hold WHERE report_id = ?1") \
	X(HOLD_LOAD, HOT, "SELECT actor, at_ms, reason FROM report_hold WHERE report_id = ?1") \
	/* what of a report names its sender */ \
	X(NAMELESS_INBOX, HOT, \
		"UPDATE inbox INDEXED BY inbox_report SET party_id = ?3, part_hash = NULL" \
		" WHERE report_id = ?1 AND report_id IS NOT NULL AND party_id = ?2") \
	X(NAMELESS_SET, HOT, \
		"UPDATE sms_set INDEXED BY sms_set_report SET party_id = ?3" \
		" WHERE report_id = ?1 AND report_id IS NOT NULL AND party_id = ?2") \
	X(NAMELESS_OUTBOX, HOT, \
		"UPDATE outbox INDEXED BY outbox_report SET party_id = ?3" \
		" WHERE report_id = ?1 AND report_id IS NOT NULL AND party_id = ?2") \
	X(NAMELESS_PART, HOT, \
		"UPDATE outbox_part SET party_id = ?3 WHERE party_id = ?2 AND outbox_id IN" \
		" (SELECT id FROM outbox INDEXED BY outbox_report WHERE report_id = ?1 AND report_id IS NOT NULL)") \
	X(NAMELESS_PARTY, HOT, \
		"INSERT INTO party (id, kind, hash, address, state, created_ms, last_in_ms)" \
		" SELECT ?2, kind, ?3, x'', 'archived', ?4, 0 FROM party WHERE id = ?1") \
	X(ERASE_PIN, HOT, "DELETE FROM report_pin WHERE report_id = ?1") \
	X(ERASE_HELD, HOT, "DELETE FROM report_held WHERE report_id = ?1") \
	X(ERASE_REVEAL_REASONS, HOT, \
		"UPDATE identity_reveal SET reason = x'' WHERE report_id = ?1") \
	/* its content */ \
	X(ERASE_ENTRIES, HOT, "DELETE FROM report_entry WHERE report_id = ?1") \
	X(ERASE_GUESS, HOT, "DELETE FROM report_guess WHERE report_id = ?1") \
	X(ERASE_KEYS, HOT, "DELETE FROM report_key WHERE report_id = ?1") \
	X(ERASE_HOLD, HOT, "DELETE FROM report_hold WHERE report_id = ?1") \
	X(ERASE_INBOX, HOT, \
		"UPDATE inbox INDEXED BY inbox_report SET body = NULL, part_hash = NULL, external_id = 'erased:' || id" \
		" WHERE report_id = ?1 AND report_id IS NOT NULL") \
	X(ERASE_OUTBOX, HOT, \
		"UPDATE outbox INDEXED BY outbox_report SET external_id = '' WHERE report_id = ?1" \
		" AND report_id IS NOT NULL") \
	X(ERASE_FILES, HOT, \
		"SELECT file FROM attachment INDEXED BY attachment_report WHERE report_id = ?1" \
		" AND report_id IS NOT NULL AND file IS NOT NULL") \
	X(ERASE_ATTACHMENTS, HOT, \
		"DELETE FROM attachment WHERE report_id = ?1 AND report_id IS NOT NULL") \
	/* what of it was taken off-line */ \
	X(STUB_ATTACHMENTS, HOT, \
		"UPDATE attachment SET state = 'FAILED', source = NULL, file = NULL, key = NULL, name = NULL, md5 = ''," \
		" done_ms = ?2, reason = 'offline' WHERE report_id = ?1 AND report_id IS NOT NULL") \
	X(STUB_INBOX, HOT, \
		"UPDATE inbox INDEXED BY inbox_report SET body = NULL WHERE report_id = ?1 AND report_id IS NOT NULL") \
	X(STUB_PARTS, HOT, \
		"UPDATE inbox SET body = NULL, state = 'HANDLED', report_id = ?1 WHERE body IS NOT NULL AND set_id IN" \
		" (SELECT id FROM sms_set INDEXED BY sms_set_report WHERE report_id = ?1 AND report_id IS NOT NULL)") \
	X(STUB_SETS, HOT, \
		"UPDATE sms_set INDEXED BY sms_set_report SET is_open = 0 WHERE report_id = ?1" \
		" AND report_id IS NOT NULL AND is_open = 1") \
	X(STUB_SENT, HOT, \
		"UPDATE outbox INDEXED BY outbox_report SET body = NULL WHERE report_id = ?1" \
		" AND report_id IS NOT NULL AND state = 'SENT' AND kind IN ('relay','answer')") \
	X(STUB_WAITING, HOT, \
		"SELECT id, state FROM outbox INDEXED BY outbox_report WHERE report_id = ?1" \
		" AND report_id IS NOT NULL AND is_final = 0 AND state <> 'SENT' AND kind IN ('relay','answer')" \
		" ORDER BY id LIMIT 1") \
	/* correspondents of no report */ \
	X(PARTY_AGED, HOT, \
		"SELECT id FROM party INDEXED BY party_age WHERE address <> x'' AND kind IN ('phone','name','zalo_user')" \
		" AND last_in_ms < ?1 AND created_ms < ?1 AND state IN ('active','archived')" \
		" AND NOT EXISTS (SELECT 1 FROM report r WHERE r.party_id = party.id)" \
		" AND NOT EXISTS (SELECT 1 FROM outbox o INDEXED BY outbox_line" \
		" WHERE o.party_id = party.id AND o.state = 'QUEUED')" \
		" AND NOT EXISTS (SELECT 1 FROM outbox o INDEXED BY outbox_flying" \
		" WHERE o.party_id = party.id AND o.state IN ('CLAIMED','SUBMITTED'))" \
		" AND NOT EXISTS (SELECT 1 FROM outbox o INDEXED BY outbox_doubt_of" \
		" WHERE o.party_id = party.id AND o.state = 'IN_DOUBT')" \
		" AND NOT EXISTS (SELECT 1 FROM sms_set s INDEXED BY sms_set_open" \
		" WHERE s.party_id = party.id AND s.is_open = 1)" \
		" ORDER BY last_in_ms LIMIT 1") \
	X(PARTY_EXPIRE, HOT, "UPDATE party SET last_in_ms = 0, created_ms = 0 WHERE id = ?1") \
	X(PARTY_FORGET, HOT, \
		"UPDATE party SET hash = ?2, address = x'', state = 'archived', has_marks = 0 WHERE id = ?1") \
	X(PARTY_FORGET_CHANNELS, HOT, "DELETE FROM party_channel WHERE party_id = ?1") \
	/* reveals */ \
	X(REVEAL_ADD, HOT, \
		"INSERT INTO identity_reveal (id, report_id, actor, at_ms, until_ms, reason)" \
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6)") \
	X(REVEAL_OPEN, HOT, \
		"SELECT until_ms FROM identity_reveal INDEXED BY identity_reveal_of WHERE report_id = ?1 AND actor = ?2 AND until_ms > ?3" \
		" AND at_ms <= ?3 ORDER BY id DESC LIMIT 1") \
	X(REVEAL_LIST, HOT, \
		"SELECT id, report_id, actor, at_ms, until_ms, told_ms FROM identity_reveal" \
		" WHERE id < ?1 ORDER BY id DESC LIMIT ?2") \
	X(REVEAL_REASON, HOT, "SELECT reason FROM identity_reveal WHERE id = ?1") \
	X(REVEAL_COUNT, HOT, \
		"SELECT count(*) FROM identity_reveal v CROSS JOIN report r ON r.id = v.report_id" \
		" WHERE v.actor = ?1 AND v.at_ms > ?2 AND ((r.is_confined = 0 AND ?4) OR EXISTS" \
		" (SELECT 1 FROM report_key k WHERE k.report_id = r.id AND k.holder = ?3 AND k.holder > 0))") \
	X(REVEAL_UNTOLD, HOT, \
		"SELECT coalesce(sum((r.is_confined = 0 AND ?3) OR EXISTS (SELECT 1 FROM report_key k" \
		" WHERE k.report_id = r.id AND k.holder = ?2 AND k.holder > 0)), 0), coalesce(max(v.id), 0)" \
		" FROM identity_reveal v INDEXED BY identity_reveal_untold CROSS JOIN report r ON r.id = v.report_id" \
		" WHERE v.told_ms = 0 AND v.at_ms < ?1 AND v.id > 0") \
	X(REVEAL_TOLD, HOT, \
		"UPDATE identity_reveal SET told_ms = ?2 WHERE told_ms = 0 AND id <= ?1")

#endif
