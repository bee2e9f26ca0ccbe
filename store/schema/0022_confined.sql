-- SPDX-License-Identifier: GPL-2.0-or-later
-- A report about an officer. is_confined: only who holds its key learns that it exists. Such reports are numbered in
-- books of their own, so that no number of the register is missing: year is 10000 times the book (1 read by the chief, 2 by
-- the chairman) more than the calendar's.
ALTER TABLE report ADD COLUMN is_confined INTEGER NOT NULL DEFAULT 0 CHECK (is_confined IN (0,1));
CREATE INDEX report_confined ON report (state) WHERE is_confined = 1;

-- Whom it is about: their keys and those of officers under them do not open it.
CREATE TABLE report_subject (
	report_id  INTEGER NOT NULL REFERENCES report,
	officer_id INTEGER NOT NULL REFERENCES officer,
	PRIMARY KEY (report_id, officer_id)
) STRICT, WITHOUT ROWID;

-- What goes along when a place is handed to another officer.
CREATE INDEX report_hamlet ON report (hamlet, id) WHERE hamlet <> '';
