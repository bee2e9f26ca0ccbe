-- SPDX-License-Identifier: GPL-2.0-or-later
-- How far each list was read. edge: the last row read of a walk under way, which the next page must overlap;
-- covered_ms: when the last whole walk began, so that nothing before it can be missing.
ALTER TABLE zalo_cursor ADD COLUMN edge_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE zalo_cursor ADD COLUMN edge_id TEXT NOT NULL DEFAULT '';
ALTER TABLE zalo_cursor ADD COLUMN covered_ms INTEGER NOT NULL DEFAULT 0;

-- A time of which Zalo's lists no longer tell. seen_ms: when an officer had looked in the OA inbox.
CREATE TABLE zalo_gap (
	id       INTEGER PRIMARY KEY,
	list     TEXT NOT NULL,
	from_ms  INTEGER NOT NULL,
	to_ms    INTEGER NOT NULL CHECK (to_ms > from_ms),
	noted_ms INTEGER NOT NULL,
	seen_ms  INTEGER NOT NULL DEFAULT 0,
	seen_by  TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX zalo_gap_open ON zalo_gap (id) WHERE seen_ms = 0;

-- When he was last asked in a group to write privately.
ALTER TABLE party ADD COLUMN invited_ms INTEGER NOT NULL DEFAULT 0;

-- What came with a message. source: where it can be fetched, name: as its sender called it; both sealed, source
-- NULL once final. file: in the media folder, sealed there.
CREATE TABLE attachment (
	id         INTEGER PRIMARY KEY,
	inbox_id   INTEGER NOT NULL REFERENCES inbox,
	report_id  INTEGER REFERENCES report,
	kind       TEXT NOT NULL CHECK (kind IN ('image','gif','sticker','voice','video','file')),
	state      TEXT NOT NULL CHECK (state IN ('WAITING','STORED','FAILED')),
	created_ms INTEGER NOT NULL,
	due_ms     INTEGER NOT NULL,
	done_ms    INTEGER NOT NULL DEFAULT 0,
	attempts   INTEGER NOT NULL DEFAULT 0,
	gone       INTEGER NOT NULL DEFAULT 0,
	reason     TEXT NOT NULL DEFAULT '',
	md5        TEXT NOT NULL DEFAULT '',
	bytes      INTEGER NOT NULL DEFAULT 0,
	mime       TEXT NOT NULL DEFAULT '',
	file       TEXT,
	name       BLOB,
	source     BLOB,
	CHECK ((state = 'STORED') = (file IS NOT NULL)),
	CHECK ((state = 'WAITING') = (source IS NOT NULL))
) STRICT;
CREATE INDEX attachment_due ON attachment (due_ms, id) WHERE state = 'WAITING';
CREATE INDEX attachment_inbox ON attachment (inbox_id);
CREATE INDEX attachment_report ON attachment (report_id, id) WHERE report_id IS NOT NULL;
CREATE UNIQUE INDEX attachment_file ON attachment (file) WHERE file IS NOT NULL;
CREATE INDEX attachment_bytes ON attachment (bytes) WHERE state = 'STORED';
CREATE INDEX attachment_failed ON attachment (done_ms) WHERE state = 'FAILED';
