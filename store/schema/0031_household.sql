-- SPDX-License-Identifier: GPL-2.0-or-later
-- Who of a place lives together: one voice in a poll, one copy of what goes by post. hash: of what the commune calls the
-- household by, with the registry's own key; label: that, sealed.
CREATE TABLE household (
	id         INTEGER PRIMARY KEY,
	place_id   INTEGER NOT NULL REFERENCES place,
	hash       BLOB NOT NULL CHECK (length(hash) = 32),
	label      BLOB NOT NULL,
	created_ms INTEGER NOT NULL,
	UNIQUE (place_id, hash)
) STRICT;
ALTER TABLE resident_place ADD COLUMN household_id INTEGER REFERENCES household;
CREATE INDEX resident_place_household ON resident_place (household_id) WHERE household_id IS NOT NULL;
