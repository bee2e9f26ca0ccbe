/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The statements about keys of reports: a part of the table in statement.h. */
#ifndef BINHYEN_STORE_STATEMENT_KEY_H
#define BINHYEN_STORE_STATEMENT_KEY_H

#define KEY_STATEMENT_TABLE(X) \
	X(ESCROW_LOAD, HOT, "SELECT value FROM meta WHERE name = 'escrow'") \
	X(ESCROW_SET, COLD, "INSERT INTO meta (name, value) VALUES ('escrow', ?1)") \
	X(ESCROW_CHANGE, COLD, "UPDATE meta SET value = ?1 WHERE name = 'escrow'") \
	X(ESCROW_OLD, COLD, "SELECT 1 FROM escrow_old WHERE public_key = ?1") \
	X(ESCROW_OLD_ADD, COLD, \
		"INSERT INTO escrow_old (public_key) VALUES (?1) ON CONFLICT DO NOTHING") \
	X(ESCROW_OLD_CLEAR, COLD, "DELETE FROM escrow_old") \
	X(ESCROW_CHECKED, HOT, "SELECT 1 FROM meta WHERE name = 'escrow_checked'") \
	X(ESCROW_CHECKED_SET, COLD, \
		"INSERT INTO meta (name, value) VALUES ('escrow_checked', x'') ON CONFLICT DO NOTHING") \
	X(ESCROW_UNCHECKED, COLD, "DELETE FROM meta WHERE name = 'escrow_checked'") \
	X(WANTING_ALL, COLD, \
		"INSERT INTO escrow_wanting (report_id) SELECT report_id FROM report_key" \
		" INDEXED BY report_key_of WHERE holder = -1 ON CONFLICT DO NOTHING") \
	X(WANTING_ANY, COLD, "SELECT 1 FROM escrow_wanting LIMIT 1") \
	X(WANTING_NEXT, HOT, \
		"SELECT w.report_id FROM escrow_wanting w CROSS JOIN report_key k ON k.report_id = w.report_id" \
		" AND k.holder = ?1 WHERE w.report_id > ?2 ORDER BY w.report_id LIMIT 1") \
	X(WANTING_REMOVE, HOT, "DELETE FROM escrow_wanting WHERE report_id = ?1") \
	X(KEY_PUBLIC, HOT, "SELECT public_key FROM report WHERE id = ?1") \
	X(KEY_PUBLIC_SET, HOT, "UPDATE report SET public_key = ?2 WHERE id = ?1") \
	X(KEY_ADD, HOT, \
		"INSERT INTO report_key (report_id, holder, sealed) VALUES (?1, ?2, ?3)" \
		" ON CONFLICT DO UPDATE SET sealed = ?3") \
	X(KEY_REMOVE, HOT, "DELETE FROM report_key WHERE report_id = ?1 AND holder = ?2") \
	X(KEY_REMOVE_ALL, HOT, "DELETE FROM report_key WHERE holder = ?1") \
	X(KEY_LOAD, HOT, \
		"SELECT k.sealed, r.public_key FROM report_key k JOIN report r ON r.id = k.report_id" \
		" WHERE k.report_id = ?1 AND k.holder = ?2") \
	X(KEY_HELD, HOT, "SELECT 1 FROM report_key WHERE report_id = ?1 AND holder = ?2") \
	X(KEY_NEXT, HOT, \
		"SELECT report_id FROM report_key INDEXED BY report_key_of WHERE holder = ?1" \
		" AND report_id > ?2 ORDER BY report_id LIMIT 1") \
	X(KEY_HOLDERS, HOT, "SELECT holder FROM report_key WHERE report_id = ?1 ORDER BY holder") \
	X(ENTRY_KEY_KEEP, HOT, \
		"INSERT OR REPLACE INTO entry_key (holder, entry_id, sealed)" \
		" SELECT ?1, e.id, ?3 FROM report_entry e" \
		" JOIN report_key r ON r.report_id = e.report_id AND r.holder = ?1 WHERE e.id = ?2") \
	/* in search.c; without CROSS all that he may read would be sorted first */ \
	X(SEARCH_WALK, COLD, \
		"SELECT e.id, e.report_id, e.at_ms, e.text, k.sealed FROM report_entry e" \
		" CROSS JOIN report_key r INDEXED BY report_key_of" \
		" ON r.holder = ?1 AND r.report_id = e.report_id" \
		" LEFT JOIN entry_key k ON k.holder = ?1 AND k.entry_id = e.id ORDER BY e.id DESC") \
	/* books, subjects, and what each may count */ \
	X(REPORT_NUMBER_LEFT, HOT, \
		"INSERT INTO report_left (year, number) SELECT year, number FROM report WHERE id = ?1") \
	X(REPORT_REBOOK, HOT, "UPDATE report SET year = ?2, number = ?3 WHERE id = ?1") \
	X(REPORT_CONFINE, HOT, "UPDATE report SET is_confined = ?2 WHERE id = ?1") \
	X(SUBJECT_ADD, HOT, \
		"INSERT INTO report_subject (report_id, officer_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING") \
	X(SUBJECT_REMOVE, HOT, \
		"DELETE FROM report_subject WHERE report_id = ?1 AND officer_id = ?2") \
	X(SUBJECT_LIST, HOT, \
		"SELECT officer_id FROM report_subject WHERE report_id = ?1 ORDER BY officer_id") \
	X(SUBJECT_NEXT, COLD, \
		"SELECT report_id FROM report_subject WHERE report_id > ?1 ORDER BY report_id LIMIT 1") \
	X(REPORT_HELD, HOT, \
		"SELECT " REPORT_COLUMNS \
		" FROM report WHERE id = (SELECT report_id FROM report_key" \
		" INDEXED BY report_key_of WHERE holder = ?1 AND report_id < ?2" \
		" ORDER BY report_id DESC LIMIT 1)") \
	X(REPORT_OF_HAMLET, HOT, \
		"SELECT id FROM report INDEXED BY report_hamlet WHERE hamlet = ?1 AND hamlet <> '' AND id > ?2" \
		" ORDER BY id LIMIT 1") \
	X(COUNT_HELD, COLD, \
		"SELECT count(*) FROM report_key k JOIN report r ON r.id = k.report_id" \
		" WHERE k.holder = ?1 AND r.state = ?2") \
	X(COUNT_HIDDEN, COLD, \
		"SELECT count(*) FROM report r INDEXED BY report_confined WHERE r.is_confined = 1" \
		" AND (?2 IS NULL OR r.state = ?2) AND NOT EXISTS (SELECT 1 FROM report_key k" \
		" WHERE k.report_id = r.id AND k.holder = ?1)") \
	X(INBOX_HIDDEN, COLD, \
		"SELECT count(*) FROM report r INDEXED BY report_confined JOIN inbox m INDEXED BY inbox_report" \
		" ON m.report_id = r.id AND m.report_id IS NOT NULL WHERE r.is_confined = 1 AND m.state = ?2" \
		" AND NOT EXISTS (SELECT 1 FROM report_key k WHERE k.report_id = r.id AND k.holder = ?1)") \
	X(OUTBOX_HIDDEN, COLD, \
		"SELECT count(*) FROM report r INDEXED BY report_confined JOIN outbox m INDEXED BY outbox_report" \
		" ON m.report_id = r.id AND m.report_id IS NOT NULL WHERE r.is_confined = 1 AND m.state = ?2" \
		" AND NOT EXISTS (SELECT 1 FROM report_key k WHERE k.report_id = r.id AND k.holder = ?1)") \
	/* rows of before */ \
	X(UPGRADE_REPORT, COLD, \
		"SELECT id FROM report WHERE id > ?1 AND public_key IS NULL ORDER BY id LIMIT 1") \
	X(UPGRADE_WANTED, COLD, "SELECT 1 FROM meta WHERE name = 'keyless'") \
	X(UPGRADE_DONE, COLD, "DELETE FROM meta WHERE name = 'keyless'") \
	X(UPGRADE_ENTRY, COLD, \
		"SELECT id, text FROM report_entry WHERE report_id = ?1 AND id > ?2 ORDER BY id LIMIT 1") \
	X(UPGRADE_ENTRY_SET, COLD, "UPDATE report_entry SET text = ?2 WHERE id = ?1") \
	X(UPGRADE_WORDS, COLD, "SELECT report_id, words FROM report_guess WHERE report_id = ?1") \
	X(UPGRADE_WORDS_SET, COLD, "UPDATE report_guess SET words = ?2 WHERE report_id = ?1") \
	X(UPGRADE_RAW, COLD, \
		"SELECT id, body, report_id FROM inbox WHERE id > ?1 AND kind = 'other'" \
		" AND state = 'HANDLED' AND report_id IS NOT NULL AND body IS NOT NULL" \
		" ORDER BY id LIMIT 1") \
	X(UPGRADE_RAW_SET, COLD, "UPDATE inbox SET body = ?2 WHERE id = ?1") \
	X(UPGRADE_NAME, COLD, \
		"SELECT id, name FROM attachment WHERE report_id = ?1 AND id > ?2 AND name IS NOT NULL" \
		" ORDER BY id LIMIT 1") \
	X(UPGRADE_NAME_SET, COLD, "UPDATE attachment SET name = ?2 WHERE id = ?1") \
	X(UPGRADE_REASONS, COLD, "SELECT 1 FROM meta WHERE name = 'reasons'") \
	X(UPGRADE_REASONS_DONE, COLD, "DELETE FROM meta WHERE name = 'reasons'") \
	X(UPGRADE_HOLD, COLD, \
		"SELECT report_id, report_id, reason FROM report_hold WHERE report_id > ?1" \
		" ORDER BY report_id LIMIT 1") \
	X(UPGRADE_HOLD_SET, COLD, "UPDATE report_hold SET reason = ?2 WHERE report_id = ?1") \
	X(UPGRADE_REVEAL, COLD, \
		"SELECT id, report_id, reason FROM identity_reveal WHERE id > ?1 AND reason <> x''" \
		" ORDER BY id LIMIT 1") \
	X(UPGRADE_REVEAL_SET, COLD, "UPDATE identity_reveal SET reason = ?2 WHERE id = ?1") \
	X(UPGRADE_FILE, COLD, \
		"SELECT id, file FROM attachment WHERE file IS NOT NULL AND key IS NULL AND id > ?1" \
		" ORDER BY id LIMIT 1")

#endif
