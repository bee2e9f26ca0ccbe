-- SPDX-License-Identifier: GPL-2.0-or-later
-- What each SIM sent within the last day, so that its caps hold over restarts. content: keyed hash of the text;
-- is_open: under way, so that it counts as of now.
CREATE TABLE sms_use (
	id        INTEGER PRIMARY KEY,
	outbox_id INTEGER NOT NULL REFERENCES outbox,
	sim       TEXT NOT NULL,
	at_ms     INTEGER NOT NULL,
	segments  INTEGER NOT NULL CHECK (segments BETWEEN 1 AND 255),
	content   BLOB NOT NULL CHECK (length(content) = 32),
	is_open   INTEGER NOT NULL CHECK (is_open IN (0,1))
) STRICT;
CREATE INDEX sms_use_sim ON sms_use (sim, at_ms, segments) WHERE is_open = 0;
CREATE INDEX sms_use_content ON sms_use (sim, content, at_ms) WHERE is_open = 0;
CREATE INDEX sms_use_open ON sms_use (outbox_id) WHERE is_open = 1;

-- Which SIM and which device stand behind a configured modem. new_*: seen since, not accepted by a person; '' none.
CREATE TABLE modem_identity (
	name     TEXT PRIMARY KEY,
	imei     TEXT NOT NULL,
	imsi     TEXT NOT NULL,
	new_imei TEXT NOT NULL DEFAULT '',
	new_imsi TEXT NOT NULL DEFAULT '',
	seen_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The concatenation reference of the last long message to him.
ALTER TABLE party ADD COLUMN sms_ref INTEGER NOT NULL DEFAULT 0 CHECK (sms_ref BETWEEN 0 AND 255);

-- Which row in doubt this one says again.
ALTER TABLE outbox ADD COLUMN repeat_of INTEGER REFERENCES outbox;
CREATE INDEX outbox_repeat ON outbox (repeat_of) WHERE repeat_of IS NOT NULL;
