-- SPDX-License-Identifier: GPL-2.0-or-later
-- Settings that officers changed from the page, which stand before those of the file. value: as JSON.
CREATE TABLE setting_change (
	path       TEXT PRIMARY KEY,
	value      TEXT NOT NULL,
	changed_ms INTEGER NOT NULL,
	actor      TEXT NOT NULL
) STRICT, WITHOUT ROWID;
