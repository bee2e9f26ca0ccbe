-- SPDX-License-Identifier: GPL-2.0-or-later
-- Who is on duty when. weekday: 1 Monday .. 7 Sunday, 8 a public holiday, in whose place the weekday's shifts do not
-- count; NULL: on one day only (since 1970 in Vietnam). minute: of the day when it begins, minutes: how long, also past
-- midnight. rank: 1 is rung first. instead_id: on that day he stands in for this officer; officer_id NULL: nobody does.
CREATE TABLE duty_shift (
	id         INTEGER PRIMARY KEY,
	officer_id INTEGER REFERENCES officer,
	weekday    INTEGER CHECK (weekday BETWEEN 1 AND 8),
	day        INTEGER,
	minute     INTEGER NOT NULL CHECK (minute BETWEEN 0 AND 1439),
	minutes    INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 1440),
	rank       INTEGER NOT NULL CHECK (rank BETWEEN 1 AND 9),
	instead_id INTEGER REFERENCES officer,
	CHECK ((weekday IS NULL) <> (day IS NULL)),
	CHECK (instead_id IS NULL OR (day IS NOT NULL AND instead_id IS NOT officer_id)),
	CHECK (officer_id IS NOT NULL OR instead_id IS NOT NULL)
) STRICT;

-- A danger that somebody has to take on. number: what he answers with. step: of the ladder, the last that was rung;
-- next_ms: when the next is, NULL when there is none. is_noisy: its sender has reported many dangers within the hour.
CREATE TABLE alarm (
	id       INTEGER PRIMARY KEY,
	number   INTEGER NOT NULL CHECK (number BETWEEN 100 AND 999),
	state    TEXT NOT NULL CHECK (state IN ('RINGING','TAKEN','UNANSWERED')),
	is_noisy INTEGER NOT NULL CHECK (is_noisy IN (0,1)),
	step     INTEGER NOT NULL CHECK (step BETWEEN 0 AND 3),
	began_ms INTEGER NOT NULL,
	next_ms  INTEGER,
	taken_ms INTEGER NOT NULL DEFAULT 0,
	taken_by TEXT NOT NULL DEFAULT '',
	CHECK ((next_ms IS NOT NULL) = (state = 'RINGING'))
) STRICT;
CREATE INDEX alarm_next ON alarm (next_ms) WHERE next_ms IS NOT NULL;
CREATE INDEX alarm_number ON alarm (number, id);
CREATE INDEX alarm_noisy ON alarm (is_noisy, id);

CREATE TABLE alarm_report (
	alarm_id  INTEGER NOT NULL REFERENCES alarm,
	report_id INTEGER NOT NULL REFERENCES report,
	party_id  INTEGER NOT NULL REFERENCES party,
	at_ms     INTEGER NOT NULL,
	is_seen   INTEGER NOT NULL DEFAULT 0 CHECK (is_seen IN (0,1)),
	PRIMARY KEY (alarm_id, report_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX alarm_report_of ON alarm_report (report_id, alarm_id);
CREATE INDEX alarm_report_from ON alarm_report (party_id, at_ms);

-- The messages by which it was rung. officer_id NULL: a phone of the configuration.
CREATE TABLE alarm_page (
	outbox_id  INTEGER PRIMARY KEY REFERENCES outbox,
	alarm_id   INTEGER NOT NULL REFERENCES alarm,
	party_id   INTEGER NOT NULL REFERENCES party,
	officer_id INTEGER REFERENCES officer,
	step       INTEGER NOT NULL
) STRICT;
CREATE INDEX alarm_page_of ON alarm_page (alarm_id, outbox_id);
CREATE INDEX alarm_page_to ON alarm_page (party_id, outbox_id);

-- Answers from a phone that named no alarm of his: past some of them within the hour his answers count for nothing.
CREATE TABLE alarm_wrong (
	party_id INTEGER PRIMARY KEY REFERENCES party,
	wrong    INTEGER NOT NULL,
	last_ms  INTEGER NOT NULL
) STRICT;

-- Since when nobody is on duty, as somebody was told.
CREATE TABLE duty_told (
	id    INTEGER PRIMARY KEY CHECK (id = 1),
	at_ms INTEGER NOT NULL
) STRICT;
