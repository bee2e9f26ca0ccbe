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
		" FROM officer o WHERE o.id < ?1 ORDER BY o.id DESC LIMIT ?2") \
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
		" ORDER BY officer_id LIMIT 1") \
	/* officer_login */ \
	X(LOGIN_LOAD, HOT, \
		"SELECT wrapped, totp IS NOT NULL, totp_step," \
		" code IS NOT NULL AND code_expires_ms > ?2 AND code_tries < ?3, last_ms" \
		" FROM officer_login WHERE officer_id = ?1") \
	X(LOGIN_SET_KEY, COLD, \
		"INSERT INTO officer_login (officer_id, wrapped) VALUES (?1, ?2)" \
		" ON CONFLICT DO UPDATE SET wrapped = ?2") \
	X(LOGIN_SET_TOTP, COLD, \
		"INSERT INTO officer_login (officer_id, totp, totp_step) VALUES (?1, ?2, ?3)" \
		" ON CONFLICT DO UPDATE SET totp = ?2, totp_step = ?3") \
	X(LOGIN_SET_CODE, COLD, \
		"INSERT INTO officer_login (officer_id, code, code_expires_ms) VALUES (?1, ?2, ?3)" \
		" ON CONFLICT DO UPDATE SET code = ?2, code_expires_ms = ?3, code_tries = 0") \
	X(LOGIN_TOTP, HOT, "SELECT totp FROM officer_login WHERE officer_id = ?1") \
	X(LOGIN_CODE, HOT, \
		"SELECT code, code_expires_ms, code_tries FROM officer_login WHERE officer_id = ?1") \
	X(LOGIN_CODE_TRIED, HOT, \
		"UPDATE officer_login SET code_tries = code_tries + 1 WHERE officer_id = ?1") \
	X(LOGIN_USED, HOT, \
		"UPDATE officer_login SET totp_step = max(totp_step, ?2), last_ms = ?3 WHERE officer_id = ?1") \
	X(LOGIN_COUNT, COLD, "SELECT count(*) FROM officer_login WHERE wrapped IS NOT NULL") \
	X(LOGIN_SOME, COLD, \
		"SELECT wrapped FROM officer_login WHERE wrapped IS NOT NULL ORDER BY officer_id LIMIT 1 OFFSET ?1") \
	/* login_try */ \
	X(TRY_LOAD, HOT, "SELECT failures, at_ms FROM login_try WHERE who = ?1") \
	X(TRY_SAVE, HOT, \
		"INSERT INTO login_try (who, failures, at_ms) VALUES (?1, ?2, ?3)" \
		" ON CONFLICT DO UPDATE SET failures = ?2, at_ms = ?3") \
	X(TRY_FORGET, HOT, "DELETE FROM login_try WHERE who = ?1") \
	X(TRY_ONE_LESS, HOT, \
		"UPDATE login_try SET failures = max(failures - 1, 0) WHERE who = ?1") \
	X(TRY_PRUNE, HOT, "DELETE FROM login_try WHERE at_ms <= ?1")

#endif
