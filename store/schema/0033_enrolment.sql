-- SPDX-License-Identifier: GPL-2.0-or-later
-- Who agreed to be in the registry, to which wording, by which way. day: days since 1970 in Vietnam, since a finer time could
-- be compared with that of the message by which he agreed.
CREATE TABLE consent (
	resident_id INTEGER NOT NULL REFERENCES resident ON DELETE CASCADE,
	version     INTEGER NOT NULL,
	way         TEXT NOT NULL CHECK (way IN ('phone','office')),
	day         INTEGER NOT NULL,
	PRIMARY KEY (resident_id, version)
) STRICT, WITHOUT ROWID;

-- Who asked to be in it and is on no list: waits for an officer. hash: of the phone, with the registry's own key; phone,
-- name, said (the hamlet as he wrote it): sealed, NULL once it was decided. place_id: NULL when the hamlet was not
-- understood. day: as above.
CREATE TABLE enrolment (
	id         INTEGER PRIMARY KEY,
	state      TEXT NOT NULL CHECK (state IN ('WAITING','ACCEPTED','DECLINED')),
	hash       BLOB NOT NULL CHECK (length(hash) = 32),
	place_id   INTEGER REFERENCES place,
	version    INTEGER NOT NULL,
	day        INTEGER NOT NULL,
	phone      BLOB,
	name       BLOB,
	said       BLOB,
	officer_id INTEGER REFERENCES officer,
	CHECK ((state = 'WAITING') = (phone IS NOT NULL) AND (phone IS NULL) = (name IS NULL))
) STRICT;
CREATE UNIQUE INDEX enrolment_waiting ON enrolment (hash) WHERE state = 'WAITING';
CREATE INDEX enrolment_state ON enrolment (state, id);
