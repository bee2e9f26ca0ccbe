/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The statements about menus and what is asked of the box: a part of the table in statement.h. */
#ifndef BINHYEN_STORE_STATEMENT_MENU_H
#define BINHYEN_STORE_STATEMENT_MENU_H

#define MENU_STATEMENT_TABLE(X) \
	X(MENU_SESSION_LOAD, HOT, \
		"SELECT updated_ms, is_live, has_draft, state FROM menu_session WHERE party_id = ?1") \
	X(MENU_SESSION_SAVE, HOT, \
		"INSERT INTO menu_session (party_id, updated_ms, is_live, has_draft, state)" \
		" VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (party_id) DO UPDATE SET" \
		" updated_ms = ?2, is_live = ?3, has_draft = ?4, state = ?5") \
	X(MENU_SESSION_END, HOT, "DELETE FROM menu_session WHERE party_id = ?1") \
	X(REBASE_MENU, COLD, "UPDATE menu_session SET updated_ms = updated_ms + ?1") \
	X(REBASE_USSD, COLD, "UPDATE ussd_session SET updated_ms = updated_ms + ?1") \
	X(MENU_SESSION_PRUNE, HOT, "DELETE FROM menu_session WHERE updated_ms < ?1") \
	X(MENU_HIDE_SET, HOT, \
		"UPDATE sms_set SET party_id = ?3 WHERE party_id = ?2 AND is_open = 0 AND id IN" \
		" (SELECT set_id FROM inbox WHERE id >= ?1 AND party_id = ?2 AND set_id IS NOT NULL AND report_id IS NULL)") \
	X(MENU_HIDE_INBOX, HOT, \
		"UPDATE inbox SET party_id = ?3 WHERE id >= ?1 AND party_id = ?2 AND report_id IS NULL") \
	X(MENU_HIDE_OUTBOX, HOT, \
		"UPDATE outbox SET party_id = ?3 WHERE id >= ?1 AND party_id = ?2 AND report_id IS NULL") \
	X(MENU_SESSION_COUNT, COLD, \
		"SELECT count(*), coalesce(sum(has_draft), 0) FROM menu_session") \
	X(USSD_SESSION_FIND, HOT, \
		"SELECT id, party_id, updated_ms, is_over, history FROM ussd_session WHERE hash = ?1") \
	X(USSD_SESSION_ADD, HOT, \
		"INSERT INTO ussd_session (id, hash, party_id, updated_ms, is_over, history)" \
		" VALUES (?1, ?2, ?3, ?4, 0, ?5)") \
	X(USSD_SESSION_SAVE, HOT, \
		"UPDATE ussd_session SET updated_ms = ?2, is_over = ?3, history = ?4 WHERE id = ?1") \
	X(USSD_SESSION_PRUNE, HOT, "DELETE FROM ussd_session WHERE updated_ms < ?1") \
	X(USSD_ANSWER_FIND, HOT, \
		"SELECT answer, is_end FROM ussd_answer WHERE session_id = ?1 AND hash = ?2") \
	X(USSD_ANSWER_ADD, HOT, \
		"INSERT INTO ussd_answer (session_id, hash, is_end, answer) VALUES (?1, ?2, ?3, ?4)") \
	X(SERVICE_TALLY_ADD, HOT, \
		"INSERT INTO service_tally (day, door, what, outcome, count) VALUES (?1, ?2, ?3, ?4, 1)" \
		" ON CONFLICT (day, door, what, outcome) DO UPDATE SET count = count + 1") \
	X(SERVICE_TALLY_PRUNE, HOT, "DELETE FROM service_tally WHERE day < ?1") \
	X(SERVICE_TALLY_SINCE, COLD, \
		"SELECT door, what, outcome, sum(count) FROM service_tally WHERE day >= ?1" \
		" GROUP BY door, what, outcome ORDER BY door, what, outcome")

#endif
