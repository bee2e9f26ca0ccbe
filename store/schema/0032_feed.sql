-- SPDX-License-Identifier: GPL-2.0-or-later
-- An official source that the box watches, by the name it has in the configuration. is_on: it is there now. etag, modified:
-- what the server said of the document that was taken whole last, '' nothing. ok_ms: when it was last read, or was as
-- before; rounds: how often it was asked; failures: since ok_ms. error: a stable word, '' none; detail: in words.
CREATE TABLE feed (
	id         INTEGER PRIMARY KEY,
	name       TEXT NOT NULL UNIQUE,
	is_on      INTEGER NOT NULL CHECK (is_on IN (0,1)),
	url        TEXT NOT NULL,
	format     TEXT NOT NULL CHECK (format IN ('rss','atom','cap')),
	category   TEXT NOT NULL,
	etag       TEXT NOT NULL,
	modified   TEXT NOT NULL,
	checked_ms INTEGER NOT NULL,
	ok_ms      INTEGER NOT NULL,
	new_ms     INTEGER NOT NULL,
	rounds     INTEGER NOT NULL,
	failures   INTEGER NOT NULL CHECK (failures >= 0),
	status     INTEGER NOT NULL,
	error      TEXT NOT NULL,
	detail     TEXT NOT NULL
) STRICT;

-- What a source has said: key is the hash of its id, hash that of its words. NOTED: seen and not made a draft of (too old,
-- not public, an exercise, a pointer to an alert); DRAFTED: of it bulletin_id was made, and bulletin_version is what the
-- box wrote itself; CLOSED: the source took it back or replaced it. Nothing here is about a resident.
CREATE TABLE feed_item (
	id               INTEGER PRIMARY KEY,
	feed_id          INTEGER NOT NULL REFERENCES feed,
	key              BLOB NOT NULL CHECK (length(key) = 32),
	hash             BLOB NOT NULL CHECK (length(hash) = 32),
	state            TEXT NOT NULL CHECK (state IN ('NOTED','DRAFTED','CLOSED')),
	bulletin_id      INTEGER REFERENCES bulletin,
	bulletin_version INTEGER NOT NULL,
	first_ms         INTEGER NOT NULL,
	seen_ms          INTEGER NOT NULL,
	UNIQUE (feed_id, key),
	CHECK (state <> 'DRAFTED' OR bulletin_id IS NOT NULL)
) STRICT;
CREATE INDEX feed_item_age ON feed_item (feed_id, seen_ms);
CREATE INDEX feed_item_bulletin ON feed_item (bulletin_id) WHERE bulletin_id IS NOT NULL;
