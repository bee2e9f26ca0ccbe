-- SPDX-License-Identifier: GPL-2.0-or-later
-- The highest number of a book that was given to a report which has left it since (year as in report): its sender was told
-- it, and no other report is called so.
CREATE TABLE report_number (
	year   INTEGER PRIMARY KEY,
	number INTEGER NOT NULL
) STRICT;
