-- SPDX-License-Identifier: GPL-2.0-or-later
-- The running number in the register (so tiep nhan) is apart from the number that a report is called by, which is drawn at
-- random once the box has officers: nobody can then tell from numbers that one is missing. entry_no is given when a page is
-- printed that shows the report; NULL: none yet. What has a number of before keeps it as both.
ALTER TABLE report ADD COLUMN entry_no INTEGER CHECK (entry_no >= 1);
UPDATE report SET entry_no = number WHERE year < 10000;
CREATE UNIQUE INDEX report_entry_no ON report (year, entry_no) WHERE entry_no IS NOT NULL;
CREATE INDEX report_unentered ON report (id) WHERE entry_no IS NULL;
-- What a report was called in a book that it has left: its sender was told it, and no other report is called so.
CREATE TABLE report_left (
	year   INTEGER NOT NULL,
	number INTEGER NOT NULL,
	PRIMARY KEY (year, number)
) STRICT, WITHOUT ROWID;
INSERT INTO report_left (year, number) SELECT year, number FROM report_number;
DROP TABLE report_number;
