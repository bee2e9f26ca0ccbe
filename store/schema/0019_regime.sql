-- SPDX-License-Identifier: GPL-2.0-or-later
-- A record of the law as it was when something began to run under it: it stays when the files change. body: canonical JSON.
CREATE TABLE regime_record (
	id       INTEGER PRIMARY KEY,
	class    TEXT NOT NULL,
	from_day INTEGER NOT NULL,
	hash     BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
	body     TEXT NOT NULL,
	kept_ms  INTEGER NOT NULL
) STRICT;

-- Legal time is the wall clock less skew_ms: what the clock jumped since it was last known to be right. told_ms: when the
-- officers were last told of clocks, in legal time.
CREATE TABLE legal_time (
	id      INTEGER PRIMARY KEY CHECK (id = 1),
	skew_ms INTEGER NOT NULL,
	told_ms INTEGER NOT NULL
) STRICT;
INSERT INTO legal_time VALUES (1, 0, 0);

-- What a report is in law, as decided by whom: the newest row counts. at_ms: legal time. note_id: the entry that says why,
-- as long as the report has its words.
CREATE TABLE report_class (
	id        INTEGER PRIMARY KEY,
	report_id INTEGER NOT NULL REFERENCES report,
	class     TEXT NOT NULL,
	regime_id INTEGER NOT NULL REFERENCES regime_record,
	is_urgent INTEGER NOT NULL CHECK (is_urgent IN (0,1)),
	actor     TEXT NOT NULL,
	at_ms     INTEGER NOT NULL,
	trust     TEXT NOT NULL CHECK (trust IN ('wrong','alone','network','ntp')),
	note_id   INTEGER
) STRICT;
CREATE INDEX report_class_of ON report_class (report_id, id);

-- The moments from which clocks run: in legal time, as the wall clock had it, and as the service centre's stamp, 0 none.
-- is_settled 0: the clock was not known to be right then; once it is, at_ms moves with it.
CREATE TABLE report_moment (
	report_id  INTEGER NOT NULL REFERENCES report,
	moment     TEXT NOT NULL CHECK (moment IN ('received','classified','accepted','transferred','discovered')),
	at_ms      INTEGER NOT NULL,
	box_ms     INTEGER NOT NULL,
	stamp_ms   INTEGER NOT NULL,
	trust      TEXT NOT NULL CHECK (trust IN ('wrong','alone','network','ntp')),
	is_settled INTEGER NOT NULL CHECK (is_settled IN (0,1)),
	actor      TEXT NOT NULL,
	PRIMARY KEY (report_id, moment)
) STRICT, WITHOUT ROWID;
CREATE INDEX report_moment_unsettled ON report_moment (report_id) WHERE is_settled = 0;
INSERT INTO report_moment SELECT id, 'received', received_ms, received_ms, sent_ms, 'alone', 1, 'system' FROM report;

-- A clock of a report. class_id NULL: that of its coming in. MET: stopped in time, LATE: after its end, ENDED: the report
-- got another class. warn_ms: when to warn next, NULL no more. is_told: that it is late. is_days: it ends with a day.
-- frozen_ms: since when it stands still. outbox_id: what stops it once it has been sent.
CREATE TABLE report_clock (
	id         INTEGER PRIMARY KEY,
	report_id  INTEGER NOT NULL REFERENCES report,
	class_id   INTEGER REFERENCES report_class,
	regime_id  INTEGER NOT NULL REFERENCES regime_record,
	code       TEXT NOT NULL,
	state      TEXT NOT NULL CHECK (state IN ('RUNNING','FROZEN','MET','LATE','ENDED')),
	moment     TEXT NOT NULL,
	started_ms INTEGER NOT NULL,
	due_ms     INTEGER NOT NULL,
	warn_ms    INTEGER,
	stage      INTEGER NOT NULL CHECK (stage >= 0),
	is_told    INTEGER NOT NULL CHECK (is_told IN (0,1)),
	is_watched INTEGER NOT NULL CHECK (is_watched IN (0,1)),
	is_days    INTEGER NOT NULL CHECK (is_days IN (0,1)),
	certainty  TEXT NOT NULL CHECK (certainty IN ('confirmed','unconfirmed','unknown')),
	frozen_ms  INTEGER NOT NULL,
	ended_ms   INTEGER NOT NULL,
	ended_by   TEXT NOT NULL,
	outbox_id  INTEGER REFERENCES outbox,
	CHECK ((state = 'FROZEN') = (frozen_ms <> 0)),
	CHECK ((state IN ('MET','LATE','ENDED')) = (ended_ms <> 0))
) STRICT;
CREATE INDEX report_clock_of ON report_clock (report_id, id);
CREATE INDEX report_clock_due ON report_clock (due_ms) WHERE state = 'RUNNING';
CREATE INDEX report_clock_late ON report_clock (due_ms) WHERE state = 'RUNNING' AND is_told = 0;
CREATE INDEX report_clock_warn ON report_clock (warn_ms) WHERE state = 'RUNNING' AND warn_ms IS NOT NULL;
CREATE INDEX report_clock_notice ON report_clock (outbox_id) WHERE state = 'RUNNING' AND outbox_id IS NOT NULL;

-- What was done to a clock, and why (note_id). code: of the extension.
CREATE TABLE clock_change (
	id       INTEGER PRIMARY KEY,
	clock_id INTEGER NOT NULL REFERENCES report_clock,
	kind     TEXT NOT NULL CHECK (kind IN ('freeze','thaw','extend','move','end')),
	at_ms    INTEGER NOT NULL,
	was_ms   INTEGER NOT NULL,
	due_ms   INTEGER NOT NULL,
	code     TEXT NOT NULL,
	actor    TEXT NOT NULL,
	note_id  INTEGER
) STRICT;
CREATE INDEX clock_change_of ON clock_change (clock_id, id);

-- What came of a report. at_ms: when, in legal time; receipt: the number under which the addressee received it.
CREATE TABLE report_outcome (
	id        INTEGER PRIMARY KEY,
	report_id INTEGER NOT NULL REFERENCES report,
	kind      TEXT NOT NULL CHECK (kind IN ('transferred','kept','settled','guided','unfounded','other')),
	addressee TEXT NOT NULL,
	receipt   TEXT NOT NULL,
	at_ms     INTEGER NOT NULL,
	noted_ms  INTEGER NOT NULL,
	actor     TEXT NOT NULL,
	note_id   INTEGER
) STRICT;
CREATE INDEX report_outcome_of ON report_outcome (report_id, id);
