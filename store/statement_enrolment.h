/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The statements about who asks to be in the registry: a part of the table in statement.h. */
#ifndef BINHYEN_STORE_STATEMENT_ENROLMENT_H
#define BINHYEN_STORE_STATEMENT_ENROLMENT_H

#define ENROLMENT_COLUMNS "id, state, coalesce(place_id, 0), version, day, coalesce(asked_day, 0)"

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
		"INSERT INTO enrolment (id, state, hash, place_id, version, day, phone, name, said)" \
		" VALUES (?1, 'WAITING', ?2, ?3, ?4, ?5, ?6, ?7, ?8)") \
	X(ENROLMENT_SET, COLD, \
		"UPDATE enrolment SET place_id = ?2, version = ?3, day = ?4, phone = ?5, name = ?6, said = ?7" \
		" WHERE id = ?1 AND state = 'WAITING'") \
	X(ENROLMENT_LOAD, COLD, "SELECT " ENROLMENT_COLUMNS " FROM enrolment WHERE id = ?1") \
	X(ENROLMENT_LIST, COLD, \
		"SELECT " ENROLMENT_COLUMNS " FROM enrolment WHERE state = 'WAITING' AND id > ?1" \
		" ORDER BY id LIMIT 1") \
	X(ENROLMENT_COUNT, COLD, "SELECT count(*) FROM enrolment WHERE state = 'WAITING'") \
	X(ENROLMENT_PHONE, COLD, "SELECT phone FROM enrolment WHERE id = ?1") \
	X(ENROLMENT_NAME, COLD, "SELECT name FROM enrolment WHERE id = ?1") \
	X(ENROLMENT_SAID, COLD, "SELECT said FROM enrolment WHERE id = ?1") \
	X(ENROLMENT_DECIDE, COLD, \
		"UPDATE enrolment SET state = ?2, officer_id = ?3, phone = NULL, name = NULL, said = NULL" \
		" WHERE id = ?1 AND state = 'WAITING'") \
	X(ENROLMENT_ASKED, COLD, \
		"UPDATE enrolment SET asked_day = ?2 WHERE id = ?1 AND state = 'WAITING'") \
	X(ENROLMENT_MOVE, COLD, \
		"UPDATE enrolment SET place_id = ?2 WHERE place_id = ?1 AND state = 'WAITING'") \
	X(ENROLMENT_FORGET, COLD, "DELETE FROM enrolment WHERE hash = ?1")

#endif
