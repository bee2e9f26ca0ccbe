-- SPDX-License-Identifier: GPL-2.0-or-later
-- How bulletins travel. A resident who is told of one gets a correspondent of a kind of his own: found by the registry's
-- hash and without an address (that is read from the registry), so that nothing leads from him to what he may have reported.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''office'')', '''office'',''resident'',''resident_zalo'')')
	WHERE type = 'table' AND name = 'party';
PRAGMA writable_schema = RESET;

-- zalo: the user id that he showed to be his, sealed.
ALTER TABLE resident ADD COLUMN zalo BLOB;

-- A bulletin under way; id: the bulletin's. planned_to: the last resident for whom a way was looked for, NULL all were;
-- swept_to: likewise for what is written off when it ends.
CREATE TABLE delivery (
	id           INTEGER PRIMARY KEY REFERENCES bulletin,
	urgency      TEXT NOT NULL CHECK (urgency IN ('emergency','urgent','normal')),
	state        TEXT NOT NULL CHECK (state IN ('PLANNING','RUNNING','STOPPED','RECALLED','EXPIRED','DONE')),
	lane         INTEGER NOT NULL CHECK (lane BETWEEN 2 AND 3),
	steps        INTEGER NOT NULL CHECK (steps BETWEEN 0 AND 7),
	corrects     INTEGER REFERENCES delivery,
	enclosure_id INTEGER REFERENCES enclosure,
	began_ms     INTEGER NOT NULL,
	expires_ms   INTEGER NOT NULL,
	climbed_ms   INTEGER NOT NULL DEFAULT 0,
	ended_ms     INTEGER NOT NULL DEFAULT 0,
	planned_to   INTEGER,
	swept_to     INTEGER
) STRICT;
CREATE INDEX delivery_open ON delivery (lane, id) WHERE ended_ms = 0;

-- The words, as they go out. form: 0 in full, 1 by SMS, 2 in full and 3 by SMS for heads. body: sealed.
CREATE TABLE delivery_text (
	delivery_id INTEGER NOT NULL REFERENCES delivery,
	form        INTEGER NOT NULL CHECK (form BETWEEN 0 AND 3),
	segments    INTEGER NOT NULL CHECK (segments BETWEEN 0 AND 255),
	body        BLOB NOT NULL,
	PRIMARY KEY (delivery_id, form)
) STRICT, WITHOUT ROWID;

-- Who is to be told, and what became of it. NEW: nobody has looked yet how. wave: who comes first; step: by which way next (1 group, 2 Zalo, 4 SMS);
-- steps: the ways that are left, the next one included; channel: the way that was gone last; cost: đồng;
-- may_know: a message to him was in doubt, and nobody found out.
CREATE TABLE ledger (
	delivery_id  INTEGER NOT NULL REFERENCES delivery,
	resident_id  INTEGER NOT NULL,
	place_id     INTEGER NOT NULL,
	group_id     INTEGER,
	wave         INTEGER NOT NULL CHECK (wave BETWEEN 0 AND 4),
	state        TEXT NOT NULL CHECK (state IN
		('NEW','WAITING','FLYING','DOUBT','SENT','REACHED','MISSED','SKIPPED','EXPIRED','STOPPED')),
	step         INTEGER NOT NULL CHECK (step IN (0,1,2,4)),
	steps        INTEGER NOT NULL CHECK (steps BETWEEN 0 AND 7),
	outbox_id    INTEGER,
	channel      TEXT NOT NULL DEFAULT '',
	reason       TEXT NOT NULL DEFAULT '',
	at_ms        INTEGER NOT NULL DEFAULT 0,
	confirmed_ms INTEGER NOT NULL DEFAULT 0,
	cost         INTEGER NOT NULL DEFAULT 0,
	may_know     INTEGER NOT NULL DEFAULT 0 CHECK (may_know IN (0,1)),
	PRIMARY KEY (delivery_id, resident_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_waiting ON ledger (delivery_id, step, wave, resident_id) WHERE state = 'WAITING';
CREATE INDEX ledger_group ON ledger (delivery_id, group_id) WHERE state = 'WAITING' AND step = 1;
CREATE INDEX ledger_head ON ledger (delivery_id, resident_id) WHERE wave = 0;
CREATE INDEX ledger_flying ON ledger (delivery_id) WHERE state = 'FLYING';
CREATE INDEX ledger_pending ON ledger (delivery_id) WHERE state = 'NEW' AND reason = 'PENDING';
CREATE INDEX ledger_doubt ON ledger (delivery_id, at_ms) WHERE state = 'DOUBT';
CREATE INDEX ledger_outbox ON ledger (outbox_id) WHERE outbox_id IS NOT NULL;

-- Which bulletin and which of its texts a message is of: then it has no body of its own.
ALTER TABLE outbox ADD COLUMN delivery_id INTEGER REFERENCES delivery;
ALTER TABLE outbox ADD COLUMN form INTEGER NOT NULL DEFAULT 0 CHECK (form BETWEEN 0 AND 3);
CREATE INDEX outbox_delivery ON outbox (delivery_id, channel, id) WHERE state = 'QUEUED' AND delivery_id IS NOT NULL;

-- What text messages of bulletins cost in a month of Vietnam; month: its first day, in days since 1970.
CREATE TABLE spending (
	month INTEGER PRIMARY KEY,
	spent INTEGER NOT NULL
) STRICT;
