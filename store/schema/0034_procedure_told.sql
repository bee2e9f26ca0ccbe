-- SPDX-License-Identifier: GPL-2.0-or-later
-- The day, in Vietnam, on which the owner of an entry on procedures was last told that it has expired.
CREATE TABLE procedure_told (
	code TEXT PRIMARY KEY CHECK (length(code) < 32),
	day  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
