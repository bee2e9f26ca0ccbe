-- SPDX-License-Identifier: GPL-2.0-or-later
-- That somebody had a number shown stays on record when the person leaves the registry: who, when, of which place. Whose
-- number it was goes with the person, and so does the reason, which may name him: resident_id and reason are NULL then.
CREATE TABLE resident_look (
	id          INTEGER PRIMARY KEY,
	resident_id INTEGER REFERENCES resident ON DELETE SET NULL,
	place_id    INTEGER NOT NULL REFERENCES place,
	actor       TEXT NOT NULL,
	at_ms       INTEGER NOT NULL,
	reason      BLOB
) STRICT;
INSERT INTO resident_look SELECT id, resident_id, place_id, actor, at_ms, reason FROM resident_shown;
DROP TABLE resident_shown;
ALTER TABLE resident_look RENAME TO resident_shown;
CREATE INDEX resident_shown_of ON resident_shown (resident_id) WHERE resident_id IS NOT NULL;
CREATE INDEX resident_shown_by ON resident_shown (actor, at_ms);
CREATE TRIGGER resident_shown_of_nobody BEFORE DELETE ON resident BEGIN
	UPDATE resident_shown SET resident_id = NULL, reason = NULL WHERE resident_id = OLD.id;
END;
