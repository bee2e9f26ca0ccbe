-- SPDX-License-Identifier: GPL-2.0-or-later
-- What a file is called tells whom it is for: it is sealed as the file is, and goes with it. Rows of before keep their
-- `name` until nothing needs the file any more; later ones have none.
ALTER TABLE enclosure ADD COLUMN sealed_name BLOB;
UPDATE enclosure SET name = '' WHERE body IS NULL;
