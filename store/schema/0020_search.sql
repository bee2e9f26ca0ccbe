-- SPDX-License-Identifier: GPL-2.0-or-later
-- The key of an entry's words once more, for one who may read it: sealed by a key that only he has, which opens a hundred
-- times faster than the report's pair does. It is written when he first looks for something, and lost without harm.
CREATE TABLE entry_key (
	holder   INTEGER NOT NULL CHECK (holder >= 0),
	entry_id INTEGER NOT NULL REFERENCES report_entry ON DELETE CASCADE,
	sealed   BLOB NOT NULL,
	PRIMARY KEY (holder, entry_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_key_of ON entry_key (entry_id);

-- Who may not read a report any more may not by these either.
CREATE TRIGGER report_key_withdrawn AFTER DELETE ON report_key WHEN OLD.holder >= 0 BEGIN
	DELETE FROM entry_key WHERE holder = OLD.holder
		AND entry_id IN (SELECT id FROM report_entry WHERE report_id = OLD.report_id);
END;
