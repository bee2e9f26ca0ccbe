/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The statements about files at the one-stop office: a part of the table in statement.h. */
#ifndef BINHYEN_STORE_STATEMENT_DOSSIER_H
#define BINHYEN_STORE_STATEMENT_DOSSIER_H

#define DOSSIER_STATEMENT_TABLE(X) \
	X(DOSSIER_FIND, HOT, \
		"SELECT state, due_day, changed_day, seen_ms FROM dossier WHERE hash = ?1") \
	X(DOSSIER_PUT, COLD, \
		"INSERT INTO dossier (hash, state, due_day, changed_day, seen_ms) VALUES (?1, ?2, ?3, ?4, ?5)" \
		" ON CONFLICT (hash) DO UPDATE SET state = ?2, due_day = ?3, changed_day = ?4, seen_ms = ?5") \
	X(DOSSIER_FORGET, HOT, "DELETE FROM dossier WHERE seen_ms < ?1") \
	X(DOSSIER_COUNTS, COLD, "SELECT state, count(*) FROM dossier GROUP BY state") \
	X(DOSSIER_NEWEST, HOT, "SELECT coalesce(max(seen_ms), 0) FROM dossier")

#endif
