-- SPDX-License-Identifier: GPL-2.0-or-later
-- Times are UTC milliseconds. What is sealed says so; state names come from the X-macros of the headers (a test compares).

CREATE TABLE meta (
	name  TEXT PRIMARY KEY,
	value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- A correspondent. hash: keyed hash of the address; address: sealed.
CREATE TABLE party (
	id         INTEGER PRIMARY KEY,
	kind       TEXT NOT NULL CHECK (kind IN ('phone','name','zalo_user','zalo_group','office')),
	hash       BLOB NOT NULL CHECK (length(hash) = 32),
	address    BLOB NOT NULL,
	state      TEXT NOT NULL CHECK (state IN ('active','stopped','blocked','archived')),
	created_ms INTEGER NOT NULL,
	last_in_ms INTEGER NOT NULL,
	UNIQUE (kind, hash)
) STRICT;

-- body: sealed raw bytes; NULL once it lives in its report.
CREATE TABLE inbox (
	id          INTEGER PRIMARY KEY,
	channel     TEXT NOT NULL,
	external_id TEXT NOT NULL,
	kind        TEXT NOT NULL CHECK (kind IN ('text','part','call','ussd','media','other')),
	state       TEXT NOT NULL CHECK (state IN ('NEW','WAITING','HANDLED','IGNORED')),
	party_id    INTEGER NOT NULL REFERENCES party,
	received_ms INTEGER NOT NULL,
	sent_ms     INTEGER NOT NULL,
	set_id      INTEGER REFERENCES sms_set,
	part_no     INTEGER NOT NULL DEFAULT 0 CHECK (part_no BETWEEN 0 AND 255),
	part_hash   BLOB CHECK (part_hash IS NULL OR length(part_hash) = 32),
	report_id   INTEGER REFERENCES report,
	reason      TEXT,
	body        BLOB,
	UNIQUE (channel, external_id)
) STRICT;
CREATE INDEX inbox_set ON inbox (set_id, part_no) WHERE set_id IS NOT NULL;
CREATE INDEX inbox_open ON inbox (state, id) WHERE state IN ('NEW','WAITING');

-- A concatenated SMS while its parts come in. is_open: more may come.
CREATE TABLE sms_set (
	id        INTEGER PRIMARY KEY,
	party_id  INTEGER NOT NULL REFERENCES party,
	ref       INTEGER NOT NULL,
	ref_bits  INTEGER NOT NULL CHECK (ref_bits IN (8,16)),
	total     INTEGER NOT NULL CHECK (total BETWEEN 2 AND 255),
	have      INTEGER NOT NULL CHECK (have BETWEEN 0 AND 255),
	first_ms  INTEGER NOT NULL,
	report_id INTEGER REFERENCES report,
	is_open   INTEGER NOT NULL CHECK (is_open IN (0,1))
) STRICT;
CREATE INDEX sms_set_open ON sms_set (party_id, ref, ref_bits, total, id) WHERE is_open = 1;
CREATE INDEX sms_set_waiting ON sms_set (first_ms) WHERE is_open = 1 AND report_id IS NULL;

-- Which message lies in which slot; is_freed: its deletion was seen.
CREATE TABLE sim_slot (
	owner      TEXT NOT NULL,
	memory     TEXT NOT NULL,
	slot       INTEGER NOT NULL,
	generation INTEGER NOT NULL,
	hash       BLOB NOT NULL CHECK (length(hash) = 32),
	is_freed   INTEGER NOT NULL CHECK (is_freed IN (0,1)),
	PRIMARY KEY (owner, memory, slot)
) STRICT, WITHOUT ROWID;

CREATE TABLE report (
	id            INTEGER PRIMARY KEY,
	year          INTEGER NOT NULL,
	number        INTEGER NOT NULL CHECK (number >= 1),
	code          TEXT NOT NULL UNIQUE,
	party_id      INTEGER NOT NULL REFERENCES party,
	source        TEXT NOT NULL,
	category      TEXT NOT NULL,
	urgency       TEXT NOT NULL,
	hamlet        TEXT NOT NULL,
	state         TEXT NOT NULL CHECK (state IN ('open','answered','closed')),
	received_ms   INTEGER NOT NULL,
	sent_ms       INTEGER NOT NULL,
	is_incomplete INTEGER NOT NULL CHECK (is_incomplete IN (0,1)),
	UNIQUE (year, number)
) STRICT;

-- text: sealed.
CREATE TABLE report_entry (
	id        INTEGER PRIMARY KEY,
	report_id INTEGER NOT NULL REFERENCES report,
	kind      TEXT NOT NULL CHECK (kind IN ('received','answer','amended')),
	at_ms     INTEGER NOT NULL,
	outbox_id INTEGER REFERENCES outbox,
	text      BLOB NOT NULL
) STRICT;
CREATE INDEX report_entry_of ON report_entry (report_id, id);

-- body: sealed; NULL once the row is final.
CREATE TABLE outbox (
	id          INTEGER PRIMARY KEY,
	channel     TEXT NOT NULL CHECK (channel IN ('modem','zalo_user','zalo_group','http_sms')),
	lane        INTEGER NOT NULL CHECK (lane BETWEEN 0 AND 3),
	kind        TEXT NOT NULL CHECK (kind IN ('receipt','answer','alarm','relay','bulletin')),
	party_id    INTEGER NOT NULL REFERENCES party,
	report_id   INTEGER REFERENCES report,
	standby_for INTEGER REFERENCES outbox,
	state       TEXT NOT NULL CHECK (state IN
		('QUEUED','CLAIMED','SUBMITTED','SENT','IN_DOUBT','DELIVERED','FAILED','EXPIRED','CANCELLED')),
	is_final    INTEGER NOT NULL CHECK (is_final IN (0,1)),
	due_ms      INTEGER NOT NULL,
	deadline_ms INTEGER,
	expires_ms  INTEGER NOT NULL,
	created_ms  INTEGER NOT NULL,
	claimed_ms  INTEGER NOT NULL DEFAULT 0,
	sent_ms     INTEGER NOT NULL DEFAULT 0,
	final_ms    INTEGER NOT NULL DEFAULT 0,
	attempts    INTEGER NOT NULL DEFAULT 0,
	error       TEXT NOT NULL DEFAULT 'OK',
	external_id TEXT NOT NULL DEFAULT '',
	via         TEXT NOT NULL DEFAULT '',
	body        BLOB,
	CHECK ((is_final = 1) = (deadline_ms IS NULL)),
	CHECK (is_final = 0 OR body IS NULL),
	CHECK (is_final = (state IN ('DELIVERED','FAILED','EXPIRED','CANCELLED')) OR state = 'SENT')
) STRICT;
CREATE INDEX outbox_queued ON outbox (channel, lane, due_ms, id) WHERE state = 'QUEUED';
CREATE INDEX outbox_line ON outbox (party_id, channel, lane, id) WHERE state = 'QUEUED';
CREATE INDEX outbox_flying ON outbox (party_id, channel) WHERE state IN ('CLAIMED','SUBMITTED');
CREATE INDEX outbox_deadline ON outbox (deadline_ms) WHERE is_final = 0;
CREATE INDEX outbox_doubt ON outbox (channel, id) WHERE state = 'IN_DOUBT';
CREATE INDEX outbox_standby ON outbox (standby_for) WHERE state = 'QUEUED' AND standby_for IS NOT NULL;
CREATE INDEX outbox_standing_by ON outbox (due_ms) WHERE state = 'QUEUED' AND standby_for IS NOT NULL;
CREATE INDEX outbox_state ON outbox (state);

CREATE TABLE outbox_part (
	outbox_id INTEGER NOT NULL REFERENCES outbox,
	part      INTEGER NOT NULL CHECK (part BETWEEN 1 AND 255),
	total     INTEGER NOT NULL CHECK (total BETWEEN 1 AND 255),
	sim       TEXT NOT NULL,
	tp_mr     INTEGER NOT NULL CHECK (tp_mr BETWEEN 0 AND 255),
	party_id  INTEGER NOT NULL REFERENCES party,
	sent_ms   INTEGER NOT NULL,
	state     TEXT NOT NULL CHECK (state IN ('SENT','DELIVERED','FAILED')),
	done_ms   INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (outbox_id, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_part_report ON outbox_part (sim, tp_mr, party_id, sent_ms);

-- raw: sealed.
CREATE TABLE quarantine (
	id      INTEGER PRIMARY KEY,
	at_ms   INTEGER NOT NULL,
	channel TEXT NOT NULL,
	reason  TEXT NOT NULL,
	raw     BLOB NOT NULL
) STRICT;

CREATE TABLE zalo_token (
	app_id     TEXT NOT NULL,
	oa_id      TEXT NOT NULL,
	generation INTEGER NOT NULL,
	access     BLOB NOT NULL,
	refresh    BLOB NOT NULL,
	issued_ms  INTEGER NOT NULL,
	expires_ms INTEGER NOT NULL,
	attempt_ms INTEGER NOT NULL,
	PRIMARY KEY (app_id, oa_id, generation)
) STRICT, WITHOUT ROWID;

CREATE TABLE zalo_cursor (
	name     TEXT PRIMARY KEY,
	floor_ms INTEGER NOT NULL,
	top_ms   INTEGER NOT NULL,
	"offset" INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Append-only; hash covers the row and the hash before it.
CREATE TABLE event (
	id      INTEGER PRIMARY KEY,
	at_ms   INTEGER NOT NULL,
	kind    TEXT NOT NULL,
	subject TEXT NOT NULL,
	actor   TEXT NOT NULL,
	data    TEXT NOT NULL,
	hash    BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;
