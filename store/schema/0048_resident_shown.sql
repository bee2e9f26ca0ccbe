-- SPDX-License-Identifier: GPL-2.0-or-later
-- Who had the number of somebody in the registry shown, and why. reason: sealed; it goes with him when he is forgotten.
CREATE TABLE resident_shown (
	id          INTEGER PRIMARY KEY,
	resident_id INTEGER NOT NULL REFERENCES resident ON DELETE CASCADE,
	place_id    INTEGER NOT NULL REFERENCES place,
	actor       TEXT NOT NULL,
	at_ms       INTEGER NOT NULL,
	reason      BLOB NOT NULL
) STRICT;
CREATE INDEX resident_shown_of ON resident_shown (resident_id);
CREATE INDEX resident_shown_by ON resident_shown (actor, at_ms);
-- On which day (since 1970 in Vietnam) he who waits was asked for what he left out.
ALTER TABLE enrolment ADD COLUMN asked_day INTEGER;
