/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the copies of the database went, and what a database that was put back has to forget. */
#ifndef BINHYEN_STORE_STATEMENT_BACKUP_H
#define BINHYEN_STORE_STATEMENT_BACKUP_H

#define BACKUP_STATEMENT_TABLE(X) \
	X(BACKUP_LOAD, HOT, \
		"SELECT good_ms, other_ms, failed_ms, fault, forget_ms FROM backup WHERE id = 1") \
	X(BACKUP_SAVE, HOT, \
		"UPDATE backup SET good_ms = ?1, other_ms = ?2, failed_ms = ?3, fault = ?4 WHERE id = 1") \
	X(BACKUP_FORGET, COLD, "UPDATE backup SET forget_ms = ?1 WHERE id = 1") \
	X(BACKUP_ERASED, HOT, \
		"INSERT INTO backup_erasure (day, last_ms) VALUES (?1, ?2)" \
		" ON CONFLICT (day) DO UPDATE SET last_ms = ?2") \
	X(BACKUP_ERASURES, COLD, "SELECT last_ms FROM backup_erasure ORDER BY day DESC LIMIT ?1") \
	X(BACKUP_ERASURES_PRUNE, COLD, "DELETE FROM backup_erasure WHERE day < ?1") \
	X(BACKUP_QUEUED, COLD, \
		"SELECT " OUTBOX_COLUMNS \
		" FROM outbox WHERE state = 'QUEUED' ORDER BY id LIMIT 1")

#endif
