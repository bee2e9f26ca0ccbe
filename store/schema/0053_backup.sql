-- SPDX-License-Identifier: GPL-2.0-or-later
-- How the copies of this database went (one row). 0: never.
CREATE TABLE backup (
	id        INTEGER PRIMARY KEY CHECK (id = 1),
	good_ms   INTEGER NOT NULL DEFAULT 0,
	other_ms  INTEGER NOT NULL DEFAULT 0,
	failed_ms INTEGER NOT NULL DEFAULT 0,
	fault     TEXT NOT NULL DEFAULT 'none',
	forget_ms INTEGER NOT NULL DEFAULT 0 -- copies of before it must not be kept anywhere
) STRICT;
INSERT INTO backup (id) VALUES (1);
-- When, of each day in Vietnam, something was erased for good for the last time: it must not live on in older copies.
CREATE TABLE backup_erasure (
	day     INTEGER PRIMARY KEY,
	last_ms INTEGER NOT NULL
) STRICT;
