-- SPDX-License-Identifier: GPL-2.0-or-later
-- The places and bodies of the commune. No person is named here.
CREATE TABLE place (
	id         INTEGER PRIMARY KEY,
	code       TEXT NOT NULL UNIQUE,
	name       TEXT NOT NULL,
	kind       TEXT NOT NULL CHECK (kind IN
		('commune','hamlet','committee','agency','school','enterprise','subunit')),
	parent_id  INTEGER REFERENCES place,
	created_ms INTEGER NOT NULL
) STRICT;

-- The registry of who lives or works where. Its hashes are made with the registry's own key: no query can join them with
-- those of party. phone, name: sealed. zalo_hash: of the Zalo user id that he showed to be his.
CREATE TABLE resident (
	id         INTEGER PRIMARY KEY,
	hash       BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
	phone      BLOB NOT NULL,
	name       BLOB NOT NULL,
	zalo_hash  BLOB UNIQUE CHECK (zalo_hash IS NULL OR length(zalo_hash) = 32),
	created_ms INTEGER NOT NULL,
	changed_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE resident_place (
	resident_id INTEGER NOT NULL REFERENCES resident,
	place_id    INTEGER NOT NULL REFERENCES place,
	role        TEXT NOT NULL,
	since_ms    INTEGER NOT NULL,
	PRIMARY KEY (resident_id, place_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX resident_place_of ON resident_place (place_id, resident_id);

-- What the Official Account may make groups of, as Zalo last told. used_by: the party of the group, 0 not told.
CREATE TABLE zalo_asset (
	asset_id   TEXT PRIMARY KEY,
	type       TEXT NOT NULL,
	expires_ms INTEGER NOT NULL,
	is_renewed INTEGER NOT NULL CHECK (is_renewed IN (0,1)),
	is_used    INTEGER NOT NULL CHECK (is_used IN (0,1)),
	used_by    INTEGER NOT NULL,
	seen_ms    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A group of the Official Account. Without a place: found at Zalo, nobody has said yet what it is for. want_*: how it has to
-- be, -1 and '' not watched; the others: as Zalo last told, -1 not known. avatar_kept: what Zalo shows for want_avatar.
CREATE TABLE zalo_group (
	id               INTEGER PRIMARY KEY,
	place_id         INTEGER REFERENCES place,
	party_id         INTEGER UNIQUE REFERENCES party,
	state            TEXT NOT NULL CHECK (state IN ('PLANNED','ACTIVE','DISABLED','GONE','ABANDONED')),
	asset_id         TEXT NOT NULL,
	asset_type       TEXT NOT NULL,
	want_name        TEXT NOT NULL,
	want_description TEXT NOT NULL,
	want_avatar      TEXT NOT NULL,
	avatar_kept      TEXT NOT NULL,
	want_lock        INTEGER NOT NULL CHECK (want_lock IN (-1,0,1)),
	want_appr        INTEGER NOT NULL CHECK (want_appr IN (-1,0,1)),
	want_history     INTEGER NOT NULL CHECK (want_history IN (-1,0,1)),
	want_link_join   INTEGER NOT NULL CHECK (want_link_join IN (-1,0,1)),
	is_auto_accept   INTEGER NOT NULL CHECK (is_auto_accept IN (0,1)),
	name             TEXT NOT NULL,
	description      TEXT NOT NULL,
	avatar           TEXT NOT NULL,
	link             TEXT NOT NULL,
	lock             INTEGER NOT NULL CHECK (lock IN (-1,0,1)),
	appr             INTEGER NOT NULL CHECK (appr IN (-1,0,1)),
	history          INTEGER NOT NULL CHECK (history IN (-1,0,1)),
	link_join        INTEGER NOT NULL CHECK (link_join IN (-1,0,1)),
	members          INTEGER NOT NULL,
	members_max      INTEGER NOT NULL,
	expires_ms       INTEGER NOT NULL,
	is_renewed       INTEGER NOT NULL CHECK (is_renewed IN (0,1)),
	dissolves_ms     INTEGER NOT NULL,
	warned_for_ms    INTEGER NOT NULL,
	warned_days      INTEGER NOT NULL,
	drift            TEXT NOT NULL,
	drift_ms         INTEGER NOT NULL,
	mends            INTEGER NOT NULL,
	mends_day        INTEGER NOT NULL,
	refused_ms       INTEGER NOT NULL,
	checked_ms       INTEGER NOT NULL,
	requests_ms      INTEGER NOT NULL,
	members_ms       INTEGER NOT NULL,
	strangers        INTEGER NOT NULL,
	missing          INTEGER NOT NULL,
	unknown          INTEGER NOT NULL,
	created_ms       INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX zalo_group_place ON zalo_group (place_id)
	WHERE place_id IS NOT NULL AND state IN ('PLANNED','ACTIVE','DISABLED');

-- Who is, asks to be or shall be in a group. hash: of the Zalo user id, by the registry's key. user_id: sealed; name: sealed,
-- and only while somebody has to decide about his request.
CREATE TABLE group_person (
	id          INTEGER PRIMARY KEY,
	group_id    INTEGER NOT NULL REFERENCES zalo_group,
	hash        BLOB NOT NULL CHECK (length(hash) = 32),
	user_id     BLOB NOT NULL,
	name        BLOB,
	state       TEXT NOT NULL CHECK (state IN ('FOUNDER','INVITED','ASKING','MEMBER','GONE','REJECTED')),
	is_confirmed INTEGER NOT NULL CHECK (is_confirmed IN (0,1)),
	first_ms    INTEGER NOT NULL,
	seen_ms     INTEGER NOT NULL,
	asked_ms    INTEGER NOT NULL,
	UNIQUE (group_id, hash)
) STRICT;
CREATE INDEX group_person_state ON group_person (group_id, state, id);
CREATE INDEX group_person_hash ON group_person (hash);

-- Who holds what rights at a place, since when; until_ms NULL: still. The person is known by his place in a group.
CREATE TABLE place_role (
	id        INTEGER PRIMARY KEY,
	place_id  INTEGER NOT NULL REFERENCES place,
	role      TEXT NOT NULL CHECK (role IN ('head','deputy')),
	person_id INTEGER NOT NULL REFERENCES group_person,
	since_ms  INTEGER NOT NULL,
	until_ms  INTEGER
) STRICT;
CREATE UNIQUE INDEX place_role_head ON place_role (place_id) WHERE role = 'head' AND until_ms IS NULL;
CREATE UNIQUE INDEX place_role_once ON place_role (place_id, person_id) WHERE until_ms IS NULL;

-- What has to be done at Zalo with a group. asset_id: of a renewal. code: Zalo's last error.
CREATE TABLE group_act (
	id          INTEGER PRIMARY KEY,
	group_id    INTEGER NOT NULL REFERENCES zalo_group,
	kind        TEXT NOT NULL CHECK (kind IN
		('create','update','asset','invite','accept','reject','remove','add_deputy','remove_deputy','handover','delete')),
	state       TEXT NOT NULL CHECK (state IN ('QUEUED','CLAIMED','IN_DOUBT','DONE','FAILED','CANCELLED')),
	is_final    INTEGER NOT NULL CHECK (is_final = (state IN ('DONE','FAILED','CANCELLED'))),
	person_id   INTEGER REFERENCES group_person,
	asset_id    TEXT NOT NULL,
	step        INTEGER NOT NULL,
	actor       TEXT NOT NULL,
	created_ms  INTEGER NOT NULL,
	due_ms      INTEGER NOT NULL,
	deadline_ms INTEGER NOT NULL,
	claimed_ms  INTEGER NOT NULL,
	final_ms    INTEGER NOT NULL,
	attempts    INTEGER NOT NULL,
	was_in_doubt INTEGER NOT NULL CHECK (was_in_doubt IN (0,1)),
	error       TEXT NOT NULL,
	code        INTEGER NOT NULL
) STRICT;
CREATE INDEX group_act_open ON group_act (state, due_ms, id) WHERE is_final = 0;
CREATE INDEX group_act_of ON group_act (group_id, id);
CREATE INDEX group_act_person ON group_act (person_id, id) WHERE person_id IS NOT NULL;
