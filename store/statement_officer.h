/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The statements about officers: a part of the table in statement.h. */
#ifndef BINHYEN_STORE_STATEMENT_OFFICER_H
#define BINHYEN_STORE_STATEMENT_OFFICER_H

#define OFFICER_COLUMNS \
	"o.id, o.login, o.name, o.role, o.state, o.phone IS NOT NULL, o.superior_id, o.public_key," \
	" o.created_ms, o.changed_ms"

#define OFFICER_STATEMENT_TABLE(X) \
	X(OFFICER_ADD, COLD, \
		"INSERT INTO officer (id, login, name, role, state, phone, superior_id, created_ms, changed_ms)" \
		" VALUES (?1, ?2, ?3, ?4, 'active', ?5, ?6, ?7, ?7)") \
	X(OFFICER_LOAD, HOT, "SELECT " OFFICER_COLUMNS " FROM officer o WHERE o.id = ?1") \
	X(OFFICER_FIND, HOT, "SELECT " OFFICER_COLUMNS " FROM officer o WHERE o.login = ?1") \
	X(OFFICER_LIST, COLD, \
		"SELECT " OFFICER_COLUMNS \
		" FROM officer o WHERE o.id > ?1 ORDER BY o.id LIMIT ?2") \
	X(OFFICER_COUNT, COLD, \
		"SELECT count(*) FROM officer WHERE (?1 IS NULL OR role = ?1) AND (?2 IS NULL OR state = ?2)") \
	X(OFFICER_SET, COLD, \
		"UPDATE officer SET name = ?2, role = ?3, superior_id = ?4, changed_ms = ?5 WHERE id = ?1") \
	X(OFFICER_SET_STATE, COLD, \
		"UPDATE officer SET state = ?2, changed_ms = ?3 WHERE id = ?1 AND state <> 'removed'") \
	X(OFFICER_SET_KEY, COLD, \
		"UPDATE officer SET public_key = ?2, changed_ms = ?3 WHERE id = ?1") \
	X(OFFICER_SET_PHONE, COLD, "UPDATE officer SET phone = ?2, changed_ms = ?3 WHERE id = ?1") \
	X(OFFICER_PHONE, HOT, "SELECT phone FROM officer WHERE id = ?1") \
	X(OFFICER_SUPERIOR, HOT, "SELECT superior_id FROM officer WHERE id = ?1") \
	X(OFFICER_PLACE_ADD, COLD, \
		"INSERT INTO officer_place (officer_id, place_id, since_ms) VALUES (?1, ?2, ?3)" \
		" ON CONFLICT DO NOTHING") \
	X(OFFICER_PLACE_DROP, COLD, \
		"DELETE FROM officer_place WHERE officer_id = ?1 AND place_id = ?2") \
	X(OFFICER_PLACE_HAS, HOT, \
		"SELECT 1 FROM officer_place WHERE officer_id = ?1 AND place_id = ?2") \
	X(OFFICER_PLACES, HOT, \
		"SELECT place_id FROM officer_place WHERE officer_id = ?1 AND place_id > ?2" \
		" ORDER BY place_id LIMIT 1") \
	X(OFFICER_OF_PLACE, HOT, \
		"SELECT officer_id FROM officer_place WHERE place_id = ?1 AND officer_id > ?2" \
		" ORDER BY officer_id LIMIT 1")

#endif
