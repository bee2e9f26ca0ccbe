/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What officers have decided for good: settings, and entries that the commune stands by. */
#ifndef BINHYEN_STORE_STATEMENT_SETTING_H
#define BINHYEN_STORE_STATEMENT_SETTING_H

#define SETTING_STATEMENT_TABLE(X) \
	X(SETTING_CHANGE_PUT, COLD, \
		"INSERT INTO setting_change (path, value, changed_ms, actor) VALUES (?1, ?2, ?3, ?4)" \
		" ON CONFLICT (path) DO UPDATE SET value = ?2, changed_ms = ?3, actor = ?4") \
	X(SETTING_CHANGE_DROP, COLD, "DELETE FROM setting_change WHERE path = ?1") \
	X(SETTING_CHANGE_LIST, COLD, \
		"SELECT path, value, changed_ms, actor FROM setting_change ORDER BY path") \
	X(CONFIRMED_PUT, COLD, \
		"INSERT INTO procedure_confirmed (code, hash, checked_day, confirmed_ms, actor)" \
		" VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (code) DO UPDATE SET hash = ?2, checked_day = ?3," \
		" confirmed_ms = ?4, actor = ?5") \
	X(CONFIRMED_DROP, COLD, "DELETE FROM procedure_confirmed WHERE code = ?1") \
	X(CONFIRMED_FIND, HOT, \
		"SELECT hash, checked_day, confirmed_ms, actor FROM procedure_confirmed WHERE code = ?1")

#endif
