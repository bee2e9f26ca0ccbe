-- SPDX-License-Identifier: GPL-2.0-or-later
-- What vouches for the event log, each value sealed with the box key. keyed: the first row whose hash is keyed (in a
-- database that was made before hashes were); head: the last row; verified: up to where the whole chain was last found
-- good; anchored: that the file beside the database was written once, so that it is missed when it is gone.
CREATE TABLE event_seal (
	name  TEXT PRIMARY KEY CHECK (name IN ('keyed','head','verified','anchored')),
	value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
-- Empty: rows up to now are not keyed. The next opening seals where the keyed ones begin.
INSERT INTO event_seal VALUES ('keyed', x'');

-- What was found wrong with the log, once each, until somebody has looked after it.
CREATE TABLE event_fault (
	id       INTEGER PRIMARY KEY,
	kind     TEXT NOT NULL,
	event_id INTEGER NOT NULL,
	found_ms INTEGER NOT NULL,
	seen_ms  INTEGER NOT NULL DEFAULT 0,
	seen_by  TEXT NOT NULL DEFAULT '',
	UNIQUE (kind, event_id)
) STRICT;

-- The last row of each day that is over (days since 1970 in Vietnam), as it was told to a second person.
CREATE TABLE event_day (
	day       INTEGER PRIMARY KEY,
	event_id  INTEGER NOT NULL,
	hash      BLOB NOT NULL CHECK (length(hash) = 32),
	closed_ms INTEGER NOT NULL,
	outbox_id INTEGER REFERENCES outbox
) STRICT;

-- The settings of the last start, by keyed hash of their values: which of them changed is an event.
CREATE TABLE setting_seen (
	path TEXT PRIMARY KEY,
	hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT, WITHOUT ROWID;
