-- SPDX-License-Identifier: GPL-2.0-or-later
-- How often an entry on procedures was asked for, by day in Vietnam; code '' counts the questions that no entry
-- answered. Nobody who asked is in it.
CREATE TABLE procedure_tally (
	day INTEGER NOT NULL,
	code TEXT NOT NULL CHECK (length(code) < 32),
	asked INTEGER NOT NULL CHECK (asked > 0),
	PRIMARY KEY (day, code)
) STRICT, WITHOUT ROWID;
