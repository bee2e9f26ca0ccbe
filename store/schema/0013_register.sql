-- SPDX-License-Identifier: GPL-2.0-or-later
-- A report goes on: its sender writes more, officers write notes for themselves.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''amended''))', '''amended'',''more'',''note''))')
	WHERE type = 'table' AND name = 'report_entry';
PRAGMA writable_schema = RESET;

-- receiver: who took it down, '' the machine. is_quiet: its sender is never written to. is_anonymous: who sent it is never
-- shown. merged_into: the report of the same matter that is worked on instead. heard_ms, told_ms: the last words of its
-- sender, and of an officer to him, 0 none. assignee_id: who works on it.
ALTER TABLE report ADD COLUMN receiver TEXT NOT NULL DEFAULT '';
ALTER TABLE report ADD COLUMN is_quiet INTEGER NOT NULL DEFAULT 0 CHECK (is_quiet IN (0,1));
ALTER TABLE report ADD COLUMN is_anonymous INTEGER NOT NULL DEFAULT 0 CHECK (is_anonymous IN (0,1));
ALTER TABLE report ADD COLUMN merged_into INTEGER REFERENCES report CHECK (merged_into IS NULL OR merged_into <> id);
ALTER TABLE report ADD COLUMN heard_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN told_ms INTEGER NOT NULL DEFAULT 0;
UPDATE report SET heard_ms = received_ms, told_ms = coalesce((SELECT max(e.at_ms) FROM report_entry e
	WHERE e.report_id = report.id AND e.kind = 'answer'), 0);
ALTER TABLE report ADD COLUMN assignee_id INTEGER REFERENCES officer;
CREATE INDEX report_party ON report (party_id, id);
CREATE INDEX report_merged ON report (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX report_assignee ON report (assignee_id) WHERE assignee_id IS NOT NULL;
CREATE INDEX report_received ON report (received_ms);

-- kind: 'related' as an officer says, 'follows' the same sender wrote on after it was closed, 'names' another sender gave
-- its code.
CREATE TABLE report_link (
	report_id INTEGER NOT NULL REFERENCES report,
	other_id  INTEGER NOT NULL REFERENCES report CHECK (other_id <> report_id),
	kind      TEXT NOT NULL CHECK (kind IN ('related','follows','names')),
	at_ms     INTEGER NOT NULL,
	PRIMARY KEY (report_id, other_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX report_link_back ON report_link (other_id);

-- The secret with which the state of a report is asked from another phone. hash: keyed. tries: wrong ones since it was
-- drawn; too many and it is worth nothing.
CREATE TABLE report_pin (
	report_id INTEGER PRIMARY KEY REFERENCES report,
	hash      BLOB NOT NULL CHECK (length(hash) = 32),
	made_ms   INTEGER NOT NULL,
	tries     INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0)
) STRICT;

-- Wrong codes: by who asked, by the code that was asked for (there may be no such code), and over all. key: keyed hash.
CREATE TABLE code_guard (
	scope     TEXT NOT NULL CHECK (scope IN ('sender','code','all')),
	key       BLOB NOT NULL CHECK (length(key) = 32),
	wrong     INTEGER NOT NULL CHECK (wrong >= 0),
	last_ms   INTEGER NOT NULL,
	until_ms  INTEGER NOT NULL,
	said      INTEGER NOT NULL CHECK (said >= 0),
	said_ms   INTEGER NOT NULL,
	PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX code_guard_old ON code_guard (last_ms);

-- Answers of a quiet report, which wait until its sender asks for them by code and PIN. text: sealed.
CREATE TABLE report_held (
	id        INTEGER PRIMARY KEY,
	report_id INTEGER NOT NULL REFERENCES report,
	at_ms     INTEGER NOT NULL,
	text      BLOB NOT NULL
) STRICT;
CREATE INDEX report_held_of ON report_held (report_id, id);

-- What happened to one thing, without reading the whole log.
CREATE INDEX event_subject ON event (subject, id) WHERE subject <> '';
