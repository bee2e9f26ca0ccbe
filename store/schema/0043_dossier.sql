-- SPDX-License-Identifier: GPL-2.0-or-later
-- How far the files (hồ sơ) of the one-stop office are, as it last exported them. hash: of the code, keyed; nothing else of
-- a file is here, so that only who has its code learns anything. due_day, changed_day: days since 1970 in Vietnam; 0 not
-- known. seen_ms: when an export last had it.
CREATE TABLE dossier (
	hash        BLOB PRIMARY KEY CHECK (length(hash) = 32),
	state       TEXT NOT NULL CHECK (state IN ('RECEIVED','WORKING','LACKING','READY','RETURNED','REFUSED','FORWARDED')),
	due_day     INTEGER NOT NULL,
	changed_day INTEGER NOT NULL,
	seen_ms     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX dossier_seen ON dossier (seen_ms);
