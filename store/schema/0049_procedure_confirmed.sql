-- SPDX-License-Identifier: GPL-2.0-or-later
-- Entries on procedures and law that the commune stands by. hash: of all that the entry says, so that other words under the
-- same code are not confirmed. checked_day: when it was read against the law, days since 1970 in Vietnam.
CREATE TABLE procedure_confirmed (
	code         TEXT PRIMARY KEY,
	hash         BLOB NOT NULL CHECK (length(hash) = 32),
	checked_day  INTEGER NOT NULL,
	confirmed_ms INTEGER NOT NULL,
	actor        TEXT NOT NULL
) STRICT, WITHOUT ROWID;
