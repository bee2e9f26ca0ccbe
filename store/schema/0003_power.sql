-- SPDX-License-Identifier: GPL-2.0-or-later
-- Modems whose USB device binhyend is taking off the bus: whatever happens to it meanwhile, it must be put on again.
CREATE TABLE modem_off (
	name     TEXT PRIMARY KEY,
	usb_path TEXT NOT NULL
) STRICT, WITHOUT ROWID;
