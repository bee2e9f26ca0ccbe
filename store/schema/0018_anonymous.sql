-- SPDX-License-Identifier: GPL-2.0-or-later
-- Who writes anonymously is another party than the same person by name.
ALTER TABLE party ADD COLUMN is_anonymous INTEGER NOT NULL DEFAULT 0 CHECK (is_anonymous IN (0,1));
CREATE INDEX party_anonymous ON party (id) WHERE is_anonymous = 1 AND state = 'active';

-- Row 0 is nobody's: a code that does not exist, or has no PIN, is looked up and counted there, and costs what any other
-- costs.
DROP TABLE report_pin;
CREATE TABLE report_pin (
	report_id INTEGER PRIMARY KEY,
	hash      BLOB NOT NULL CHECK (length(hash) = 32),
	made_ms   INTEGER NOT NULL,
	tries     INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0)
) STRICT;
INSERT INTO report_pin (report_id, hash, made_ms) VALUES (0, zeroblob(32), 0);
