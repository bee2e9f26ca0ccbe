-- SPDX-License-Identifier: GPL-2.0-or-later
-- What the words of a report made Binhyen think of it, kept beside what an officer decided. words: sealed.
CREATE TABLE report_guess (
	report_id INTEGER PRIMARY KEY REFERENCES report,
	category  TEXT NOT NULL,
	is_danger INTEGER NOT NULL CHECK (is_danger IN (0,1)),
	words     BLOB NOT NULL
) STRICT;

-- When an officer decided category and urgency; 0: they are still guessed.
ALTER TABLE report ADD COLUMN decided_ms INTEGER NOT NULL DEFAULT 0;
