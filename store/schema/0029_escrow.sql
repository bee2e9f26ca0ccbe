-- SPDX-License-Identifier: GPL-2.0-or-later
-- The escrow was drawn anew. escrow_wanting: reports whose key the new one does not have yet, since nobody who can read
-- them was logged in; the former one keeps its copy until then. escrow_old: public keys of former ones, as long as there
-- are such copies.
CREATE TABLE escrow_wanting (report_id INTEGER PRIMARY KEY REFERENCES report) STRICT;
CREATE TABLE escrow_old (
	public_key BLOB PRIMARY KEY CHECK (length(public_key) = 32)
) STRICT, WITHOUT ROWID;
