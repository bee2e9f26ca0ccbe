-- SPDX-License-Identifier: GPL-2.0-or-later
-- Who works with the reports. phone: sealed, for alarms; NULL none. public_key: what reports are sealed to, from his first
-- login on. A row is never deleted: reports, shifts and events go on naming it.
CREATE TABLE officer (
	id          INTEGER PRIMARY KEY,
	login       TEXT NOT NULL UNIQUE
		CHECK (length(login) BETWEEN 1 AND 32 AND login NOT GLOB '*[^a-z0-9._-]*'),
	name        TEXT NOT NULL,
	role        TEXT NOT NULL CHECK (role IN ('chief','deputy','area','duty','clerk','chairman','it')),
	state       TEXT NOT NULL CHECK (state IN ('active','locked','removed')),
	phone       BLOB,
	superior_id INTEGER REFERENCES officer CHECK (superior_id IS NULL OR superior_id <> id),
	public_key  BLOB CHECK (public_key IS NULL OR length(public_key) = 32),
	created_ms  INTEGER NOT NULL,
	changed_ms  INTEGER NOT NULL
) STRICT;
CREATE INDEX officer_superior ON officer (superior_id) WHERE superior_id IS NOT NULL;

-- The places that an area officer looks after.
CREATE TABLE officer_place (
	officer_id INTEGER NOT NULL REFERENCES officer,
	place_id   INTEGER NOT NULL REFERENCES place,
	since_ms   INTEGER NOT NULL,
	PRIMARY KEY (officer_id, place_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX officer_place_of ON officer_place (place_id, officer_id);
