-- SPDX-License-Identifier: GPL-2.0-or-later
-- Each report has a key pair of its own. public_key: what its words are sealed to; NULL in rows of before, until the
-- program has sealed them anew; until then meta has a row 'keyless'.
ALTER TABLE report ADD COLUMN public_key BLOB CHECK (public_key IS NULL OR length(public_key) = 32);
INSERT INTO meta (name, value) SELECT 'keyless', x'' WHERE EXISTS (SELECT 1 FROM report);

-- The secret key of a report, once for each who may read it. holder: an officer, -1 the escrow, both by their public key;
-- 0 the box, by the box key, while it has no officers.
CREATE TABLE report_key (
	report_id INTEGER NOT NULL REFERENCES report,
	holder    INTEGER NOT NULL CHECK (holder >= -1),
	sealed    BLOB NOT NULL,
	PRIMARY KEY (report_id, holder)
) STRICT, WITHOUT ROWID;
CREATE INDEX report_key_of ON report_key (holder, report_id);

-- The key of its file in the media folder: sealed to the report, by the box key without one. NULL in rows of before.
ALTER TABLE attachment ADD COLUMN key BLOB;

-- What officers write among themselves is nothing to keep.
UPDATE inbox SET body = NULL WHERE state = 'IGNORED' AND reason IN ('repeat','duty group');
