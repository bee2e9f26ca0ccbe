/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The statements about who asks to be in the registry: a part of the table in statement.h. */
#ifndef BINHYEN_STORE_STATEMENT_ENROLMENT_H
#define BINHYEN_STORE_STATEMENT_ENROLMENT_H

#define ENROLMENT_COLUMNS \
	"id, state, coalesce(place_id, 0), version, day, is_move, coalesce(asked_day, 0)"

#define ENROLMENT_STATEMENT_TABLE(X) \
	X(CONSENT_PUT, COLD, \
		"INSERT INTO consent (resident_id, version, way, day) VALUES (?1, ?2, ?3, ?4)" \
		" ON CONFLICT DO NOTHING") \
	X(CONSENT_OF, COLD, \
		"SELECT max(version) FROM consent WHERE resident_id = ?1 HAVING max(version) IS NOT NULL") \
	X(ENROLMENT_FIND, HOT, \
		"SELECT " ENROLMENT_COLUMNS \
		" FROM enrolment WHERE state = 'WAITING' AND hash = ?1") \
	X(ENROLMENT_ADD, COLD, \
		"INSERT INTO enrolment (id, state, hash, place_id, version, day, phone, name, said," \
		" zalo, is_move) VALUES (?1, 'WAITING', ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)") \
	X(ENROLMENT_SET, COLD, \
		"UPDATE enrolment SET place_id = ?2, version = ?3, day = ?4, phone = ?5, name = ?6, said = ?7," \
		" zalo = coalesce(?8, zalo), is_move = max(is_move, ?9) WHERE id = ?1 AND state = 'WAITING'") \
	X(ENROLMENT_LOAD, COLD, "SELECT " ENROLMENT_COLUMNS " FROM enrolment WHERE id = ?1") \
	X(ENROLMENT_LIST, COLD, \
		"SELECT " ENROLMENT_COLUMNS " FROM enrolment WHERE state = 'WAITING' AND id > ?1" \
		" ORDER BY id LIMIT 1") \
	X(ENROLMENT_COUNT, COLD, "SELECT count(*) FROM enrolment WHERE state = 'WAITING'") \
	X(ENROLMENT_PHONE, COLD, "SELECT phone FROM enrolment WHERE id = ?1") \
	X(ENROLMENT_NAME, COLD, "SELECT name FROM enrolment WHERE id = ?1") \
	X(ENROLMENT_SAID, COLD, "SELECT said FROM enrolment WHERE id = ?1") \
	X(ENROLMENT_ZALO, COLD, "SELECT zalo FROM enrolment WHERE id = ?1") \
	X(ENROLMENT_DECIDE, COLD, \
		"UPDATE enrolment SET state = ?2, officer_id = ?3, phone = NULL, name = NULL, said = NULL," \
		" zalo = NULL WHERE id = ?1 AND state = 'WAITING'") \
	X(ENROLMENT_ASKED, COLD, \
		"UPDATE enrolment SET asked_day = ?2 WHERE id = ?1 AND state = 'WAITING'") \
	X(ENROLMENT_MOVE, COLD, \
		"UPDATE enrolment SET place_id = ?2 WHERE place_id = ?1 AND state = 'WAITING'") \
	X(ENROLMENT_FORGET, COLD, "DELETE FROM enrolment WHERE hash = ?1") \
	/* enrol_code */ \
	X(ENROL_CODE_CLEAR, HOT, "DELETE FROM enrol_code WHERE holder = ?1") \
	X(ENROL_CODE_ADD, HOT, \
		"INSERT INTO enrol_code (id, hash, holder, kind, version, day, address, words)" \
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)") \
	X(ENROL_CODE_FIND, HOT, \
		"SELECT id, kind, version FROM enrol_code WHERE hash = ?1 AND day >= ?2") \
	X(ENROL_CODE_ADDRESS, HOT, "SELECT address FROM enrol_code WHERE id = ?1") \
	X(ENROL_CODE_WORDS, HOT, "SELECT words FROM enrol_code WHERE id = ?1") \
	X(ENROL_CODE_DROP, HOT, "DELETE FROM enrol_code WHERE id = ?1") \
	X(ENROL_CODE_PRUNE, COLD, "DELETE FROM enrol_code WHERE day < ?1") \
	/* a number becomes another one */ \
	X(RESIDENT_SET_PHONE, COLD, \
		"UPDATE resident SET hash = ?2, phone = ?3, changed_ms = ?4 WHERE id = ?1") \
	X(RESIDENT_MERGE, COLD, \
		"UPDATE OR IGNORE resident_place SET resident_id = ?1 WHERE resident_id = ?2") \
	X(RESIDENT_PARTY_MOVE, COLD, "UPDATE party SET hash = ?3 WHERE kind = ?1 AND hash = ?2") \
	X(REFUSAL_COPY, COLD, \
		"INSERT OR IGNORE INTO bulletin_refusal (hash, topic, kind, since_ms)" \
		" SELECT ?2, topic, kind, since_ms FROM bulletin_refusal WHERE hash = ?1")

#endif
