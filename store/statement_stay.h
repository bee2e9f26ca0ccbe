/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The statements about stay notices: a part of the table in statement.h. */
#ifndef BINHYEN_STORE_STATEMENT_STAY_H
#define BINHYEN_STORE_STATEMENT_STAY_H

#define STAY_COLUMNS \
	"id, state, coalesce(party_id, 0), received_ms, changed_ms, guests, coalesce(from_day, 0)," \
	" coalesce(to_day, 0), timing, words IS NULL"

#define STAY_STATEMENT_TABLE(X) \
	X(STAY_ADD, HOT, \
		"INSERT INTO stay (id, state, party_id, received_ms, changed_ms, guests, timing, erase_ms, draft)" \
		" VALUES (?1, 'DRAFT', ?2, ?3, ?3, 0, 'IN_TIME', ?4, ?5)") \
	X(STAY_DRAFT_SET, HOT, \
		"UPDATE stay SET draft = ?2, changed_ms = ?3, erase_ms = ?4 WHERE id = ?1 AND state = 'DRAFT'") \
	X(STAY_DRAFT_OF, HOT, "SELECT id FROM stay WHERE state = 'DRAFT' AND party_id = ?1") \
	X(STAY_DRAFT, HOT, "SELECT draft FROM stay WHERE id = ?1") \
	X(STAY_DRAFT_DROP, HOT, "DELETE FROM stay WHERE id = ?1 AND state = 'DRAFT'") \
	X(STAY_SEAL, HOT, \
		"UPDATE stay SET state = ?2, guests = ?3, from_day = ?4, to_day = ?5, timing = ?6, changed_ms = ?7," \
		" erase_ms = NULL, draft = NULL, public_key = ?8, words = ?9, draft_key = NULL, is_told = 0" \
		" WHERE id = ?1 AND state = 'DRAFT'") \
	X(STAY_UNTOLD, HOT, \
		"SELECT count(*) FROM stay INDEXED BY stay_untold WHERE is_told = 0 AND id > 0") \
	X(STAY_TELL, HOT, \
		"UPDATE stay INDEXED BY stay_untold SET is_told = 1 WHERE is_told = 0 AND id > 0") \
	/* numbers, sealed as they come */ \
	X(STAY_DRAFT_KEY, HOT, \
		"SELECT draft_key FROM stay WHERE id = ?1 AND draft_key IS NOT NULL") \
	X(STAY_DRAFT_KEY_SET, HOT, \
		"UPDATE stay SET draft_key = ?2 WHERE id = ?1 AND state = 'DRAFT'") \
	X(STAY_NUMBER_ADD, HOT, \
		"INSERT INTO stay_number (stay_id, number, hash, sealed) VALUES (?1, ?2, ?3, ?4)") \
	X(STAY_NUMBER_FIND, HOT, \
		"SELECT number FROM stay_number WHERE stay_id = ?1 AND hash = ?2") \
	X(STAY_NUMBER_COUNT, HOT, "SELECT count(*) FROM stay_number WHERE stay_id = ?1") \
	X(STAY_NUMBER_AT, HOT, \
		"SELECT sealed FROM stay_number WHERE stay_id = ?1 AND number = ?2") \
	X(STAY_NUMBER_DROP, HOT, "DELETE FROM stay_number WHERE stay_id = ?1") \
	X(STAY_LOAD, HOT, "SELECT " STAY_COLUMNS " FROM stay WHERE id = ?1") \
	X(STAY_LIST, HOT, \
		"SELECT " STAY_COLUMNS \
		" FROM stay WHERE id < ?1 AND state <> 'DRAFT' ORDER BY id DESC LIMIT ?2") \
	X(STAY_COUNT, HOT, "SELECT count(*) FROM stay WHERE state IN ('UNCLEAR','RECEIVED')") \
	X(STAY_MOVE, HOT, \
		"UPDATE stay SET state = ?2, changed_ms = ?3, erase_ms = ?4 WHERE id = ?1 AND state = ?5") \
	X(STAY_WORDS, HOT, "SELECT words FROM stay WHERE id = ?1") \
	X(STAY_DUE, HOT, \
		"SELECT " STAY_COLUMNS " FROM stay INDEXED BY stay_due" \
		" WHERE erase_ms <= ?1 ORDER BY erase_ms LIMIT 1") \
	X(STAY_ERASE, HOT, \
		"UPDATE stay SET party_id = NULL, erase_ms = NULL, public_key = NULL, words = NULL" \
		" WHERE id = ?1 AND state <> 'DRAFT'") \
	X(STAY_KEY_DROP, HOT, "DELETE FROM stay_key WHERE stay_id = ?1") \
	X(STAY_KEY_PUT, HOT, \
		"INSERT INTO stay_key (stay_id, holder_id, public_key, sealed) VALUES (?1, ?2, ?3, ?4)" \
		" ON CONFLICT (stay_id, holder_id) DO UPDATE SET public_key = ?3, sealed = ?4") \
	X(STAY_KEY_LOAD, HOT, \
		"SELECT k.sealed, coalesce(s.public_key, s.draft_key) FROM stay_key k JOIN stay s ON s.id = k.stay_id" \
		" WHERE k.stay_id = ?1 AND k.holder_id = ?2") \
	X(STAY_KEY_HELD, HOT, \
		"SELECT 1 FROM stay_key WHERE stay_id = ?1 AND holder_id = ?2 AND public_key = ?3") \
	X(STAY_KEY_OF, HOT, \
		"SELECT stay_id FROM stay_key INDEXED BY stay_key_holder WHERE holder_id = ?1 AND stay_id > ?2" \
		" ORDER BY stay_id LIMIT 1") \
	X(STAY_KEY_WITHDRAW, HOT, "DELETE FROM stay_key WHERE holder_id = ?1") \
	X(STAY_KEY_REMOVE, HOT, "DELETE FROM stay_key WHERE stay_id = ?1 AND holder_id = ?2")

#endif
