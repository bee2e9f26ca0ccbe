-- SPDX-License-Identifier: GPL-2.0-or-later
-- How far somebody is in the menus, and what he has said so far; of one correspondent there is one, by whichever door he
-- came. state: sealed. is_live: the last screen waits for his answer; has_draft: what he said is worth to be offered again.
CREATE TABLE menu_session (
	party_id   INTEGER PRIMARY KEY REFERENCES party ON DELETE CASCADE,
	updated_ms INTEGER NOT NULL,
	is_live    INTEGER NOT NULL CHECK (is_live IN (0,1)),
	has_draft  INTEGER NOT NULL CHECK (has_draft IN (0,1)),
	state      BLOB NOT NULL
) STRICT;
CREATE INDEX menu_session_updated ON menu_session (updated_ms);

-- What was asked of the box itself, by which door, and what came of it, by day in Vietnam. Nobody who asked is in it.
CREATE TABLE service_tally (
	day     INTEGER NOT NULL,
	door    TEXT NOT NULL CHECK (door IN ('sms','ussd','zalo')),
	what    TEXT NOT NULL CHECK (length(what) BETWEEN 1 AND 31),
	outcome TEXT NOT NULL CHECK (outcome IN ('asked','answered','person','lost')),
	count   INTEGER NOT NULL CHECK (count > 0),
	PRIMARY KEY (day, door, what, outcome)
) STRICT, WITHOUT ROWID;
