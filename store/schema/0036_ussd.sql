-- SPDX-License-Identifier: GPL-2.0-or-later
-- A session of an USSD gateway, by the keyed hash of its name: what came so far (sealed), so that the next call's part is
-- known. It lives for minutes.
CREATE TABLE ussd_session (
	id         INTEGER PRIMARY KEY,
	hash       BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
	party_id   INTEGER NOT NULL REFERENCES party ON DELETE CASCADE,
	updated_ms INTEGER NOT NULL,
	is_over    INTEGER NOT NULL CHECK (is_over IN (0,1)),
	history    BLOB NOT NULL
) STRICT;
CREATE INDEX ussd_session_updated ON ussd_session (updated_ms);
CREATE INDEX ussd_session_party ON ussd_session (party_id);

-- What each call of it was answered (sealed), so that the same call gets the same answer and does nothing twice.
CREATE TABLE ussd_answer (
	session_id INTEGER NOT NULL REFERENCES ussd_session ON DELETE CASCADE,
	hash       BLOB NOT NULL CHECK (length(hash) = 32),
	is_end     INTEGER NOT NULL CHECK (is_end IN (0,1)),
	answer     BLOB NOT NULL,
	PRIMARY KEY (session_id, hash)
) STRICT, WITHOUT ROWID;
