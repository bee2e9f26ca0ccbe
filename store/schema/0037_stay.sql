-- SPDX-License-Identifier: GPL-2.0-or-later
-- Stay notices (thông báo lưu trú). draft: what was texted so far, sealed with the box key, as long as something is
-- missing; words: who stays where and why, sealed to the notice's own key (public_key), which only the residence clerks
-- hold. Both are NULL once they are not needed any more: then nothing of a person is left in the row.
CREATE TABLE stay (
	id          INTEGER PRIMARY KEY,
	state       TEXT NOT NULL CHECK (state IN ('DRAFT','UNCLEAR','RECEIVED','ENTERED','RECORDED','DECLINED')),
	party_id    INTEGER REFERENCES party,
	received_ms INTEGER NOT NULL,
	changed_ms  INTEGER NOT NULL,
	guests      INTEGER NOT NULL CHECK (guests >= 0),
	from_day    INTEGER,
	to_day      INTEGER,
	timing      TEXT NOT NULL CHECK (timing IN ('IN_TIME','NIGHT','LATE')),
	erase_ms    INTEGER,
	draft       BLOB,
	public_key  BLOB CHECK (public_key IS NULL OR length(public_key) = 32),
	words       BLOB,
	CHECK ((state = 'DRAFT') = (draft IS NOT NULL)),
	CHECK ((public_key IS NULL) = (words IS NULL))
) STRICT;
CREATE UNIQUE INDEX stay_draft ON stay (party_id) WHERE state = 'DRAFT';
CREATE INDEX stay_due ON stay (erase_ms) WHERE erase_ms IS NOT NULL;

-- Who can open the words: the notice's secret key sealed to the public key of an officer, or with the box key as long as
-- the box has no officers (holder_id 0). public_key: the holder's, so that one who set a new passphrase is given it anew.
CREATE TABLE stay_key (
	stay_id    INTEGER NOT NULL REFERENCES stay ON DELETE CASCADE,
	holder_id  INTEGER NOT NULL,
	public_key BLOB NOT NULL,
	sealed     BLOB NOT NULL,
	PRIMARY KEY (stay_id, holder_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX stay_key_holder ON stay_key (holder_id, stay_id);
