-- SPDX-License-Identifier: GPL-2.0-or-later
-- Polls (lấy ý kiến). Numbers begin above 10, so that in "YK 11 2" nobody takes an option for a poll. What is asked is
-- public. votes, answered, unclear: what was counted in the end, NULL until then.
CREATE TABLE poll (
	id          INTEGER PRIMARY KEY CHECK (id > 10),
	state       TEXT NOT NULL CHECK (state IN ('DRAFT','OPEN','CLOSED','DONE','CANCELLED')),
	per         TEXT NOT NULL CHECK (per IN ('phone','household')),
	question    TEXT NOT NULL,
	audience    TEXT NOT NULL,
	quorum      INTEGER NOT NULL CHECK (quorum BETWEEN 0 AND 100),
	author_id   INTEGER REFERENCES officer,
	created_ms  INTEGER NOT NULL,
	opened_ms   INTEGER NOT NULL,
	closes_ms   INTEGER NOT NULL,
	ended_ms    INTEGER NOT NULL,
	bulletin_id INTEGER REFERENCES bulletin,
	result_id   INTEGER REFERENCES bulletin,
	voices      INTEGER NOT NULL,
	answered    INTEGER,
	unclear     INTEGER,
	CHECK ((state = 'DONE') = (answered IS NOT NULL))
) STRICT;
CREATE INDEX poll_state ON poll (state, id);
CREATE UNIQUE INDEX poll_bulletin ON poll (bulletin_id) WHERE bulletin_id IS NOT NULL;

-- aliases: other words for it, a JSON list.
CREATE TABLE poll_option (
	poll_id INTEGER NOT NULL REFERENCES poll ON DELETE CASCADE,
	number  INTEGER NOT NULL CHECK (number BETWEEN 1 AND 8),
	label   TEXT NOT NULL,
	aliases TEXT NOT NULL,
	votes   INTEGER,
	PRIMARY KEY (poll_id, number)
) STRICT, WITHOUT ROWID;

-- Who was asked, and what he said last. voice: hash of the household or of the resident and of the poll, with the
-- registry's own key, so that neither two polls nor a poll and `party` can be joined; no time at all, and the rows lie in
-- the order of the hashes. words: sealed; what nobody could count by itself, until an officer has looked. All of it is
-- deleted when the poll has been counted.
CREATE TABLE poll_voice (
	poll_id INTEGER NOT NULL REFERENCES poll ON DELETE CASCADE,
	voice   BLOB NOT NULL CHECK (length(voice) = 32),
	choice  INTEGER CHECK (choice BETWEEN 1 AND 8),
	words   BLOB,
	PRIMARY KEY (poll_id, voice)
) STRICT, WITHOUT ROWID;
CREATE INDEX poll_voice_unclear ON poll_voice (poll_id, voice) WHERE words IS NOT NULL;
