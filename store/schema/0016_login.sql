-- SPDX-License-Identifier: GPL-2.0-or-later
-- What an officer proves himself with. wrapped: his secret key, sealed by his passphrase. totp: sealed; totp_step: of the last
-- code that was taken. code: keyed hash of the one-time code with which he sets (again) what is missing.
CREATE TABLE officer_login (
	officer_id      INTEGER PRIMARY KEY REFERENCES officer,
	wrapped         BLOB CHECK (wrapped IS NULL OR length(wrapped) BETWEEN 64 AND 256),
	totp            BLOB,
	totp_step       INTEGER NOT NULL DEFAULT 0,
	code            BLOB CHECK (code IS NULL OR length(code) = 32),
	code_expires_ms INTEGER NOT NULL DEFAULT 0,
	code_tries      INTEGER NOT NULL DEFAULT 0,
	last_ms         INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Tries to log in that did not end well. who: keyed hash of a login name or of a peer, whether or not there is such an officer.
CREATE TABLE login_try (
	who      BLOB PRIMARY KEY CHECK (length(who) = 32),
	failures INTEGER NOT NULL,
	at_ms    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX login_try_at ON login_try (at_ms);
