-- SPDX-License-Identifier: GPL-2.0-or-later
-- Identity numbers are sealed for the residence clerks at the moment they come, also when the notice is not whole yet: in
-- the draft and in the words stands a mark instead ("000000000001"). draft_key: the public key of the notice, from its first
-- number on; hash: tells whether a number was said before, keyed with what only the running daemon knows, so that it is of
-- no use to who has the file and the box key; is_told: whether the clerks were told that it waits.
CREATE TABLE stay_number (
	stay_id INTEGER NOT NULL REFERENCES stay ON DELETE CASCADE,
	number  INTEGER NOT NULL CHECK (number BETWEEN 1 AND 99),
	hash    BLOB NOT NULL CHECK (length(hash) = 32),
	sealed  BLOB NOT NULL,
	PRIMARY KEY (stay_id, number)
) STRICT, WITHOUT ROWID;
ALTER TABLE stay ADD COLUMN draft_key BLOB CHECK (draft_key IS NULL OR length(draft_key) = 32);
ALTER TABLE stay ADD COLUMN is_told INTEGER NOT NULL DEFAULT 1 CHECK (is_told IN (0,1));
CREATE INDEX stay_untold ON stay (id) WHERE is_told = 0;
