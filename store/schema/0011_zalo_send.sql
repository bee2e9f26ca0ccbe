-- SPDX-License-Identifier: GPL-2.0-or-later
-- Templates to a phone number (zns) are a channel, the tick below a resident's message a kind.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(replace(sql, '''http_sms''))', '''http_sms'',''zns''))'),
	'''bulletin''))', '''bulletin'',''tick''))') WHERE type = 'table' AND name = 'outbox';
PRAGMA writable_schema = RESET;

-- note: why the last attempt failed, in words for the officer. enclosure_id: what goes with the words.
ALTER TABLE outbox ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN enclosure_id INTEGER REFERENCES enclosure;
CREATE INDEX outbox_external ON outbox (external_id) WHERE external_id <> '';
CREATE INDEX outbox_reported ON outbox (channel, id) WHERE state = 'SENT' AND is_final = 0;
CREATE INDEX outbox_doubt_of ON outbox (party_id, channel, lane) WHERE state = 'IN_DOUBT';
CREATE INDEX outbox_enclosure ON outbox (enclosure_id) WHERE enclosure_id IS NOT NULL AND is_final = 0;

-- A picture or file that goes to any number of recipients. body: sealed; NULL once nothing needs it any more.
CREATE TABLE enclosure (
	id         INTEGER PRIMARY KEY,
	kind       TEXT NOT NULL CHECK (kind IN ('image','gif','file')),
	name       TEXT NOT NULL,
	created_ms INTEGER NOT NULL,
	body       BLOB
) STRICT;

-- What the other side calls it once it was uploaded. expires_ms: after that it is uploaded again.
CREATE TABLE enclosure_handle (
	enclosure_id INTEGER PRIMARY KEY REFERENCES enclosure,
	handle        TEXT NOT NULL,
	expires_ms    INTEGER NOT NULL
) STRICT;

-- Of a message that goes in several pieces: those that have gone. end_at: bytes of the text up to here.
CREATE TABLE outbox_piece (
	outbox_id   INTEGER NOT NULL REFERENCES outbox,
	piece       INTEGER NOT NULL CHECK (piece BETWEEN 1 AND 255),
	end_at      INTEGER NOT NULL CHECK (end_at >= 0),
	external_id TEXT NOT NULL,
	sent_ms     INTEGER NOT NULL,
	PRIMARY KEY (outbox_id, piece)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_piece_external ON outbox_piece (external_id) WHERE external_id <> '';

-- What is known of a correspondent on a channel. heard_ms: his last interaction, as the other side told it, asked_ms: when;
-- closed_ms: he refused or can't be reached since then, until until_ms unless he writes; code: why; left: messages that are free.
CREATE TABLE party_channel (
	party_id INTEGER NOT NULL REFERENCES party,
	channel  TEXT NOT NULL,
	heard_ms  INTEGER NOT NULL DEFAULT 0,
	asked_ms  INTEGER NOT NULL DEFAULT 0,
	closed_ms INTEGER NOT NULL DEFAULT 0,
	until_ms  INTEGER NOT NULL DEFAULT 0,
	code      INTEGER NOT NULL DEFAULT 0,
	"left"    INTEGER NOT NULL DEFAULT -1,
	PRIMARY KEY (party_id, channel)
) STRICT, WITHOUT ROWID;
