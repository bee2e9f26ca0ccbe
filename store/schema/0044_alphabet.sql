-- SPDX-License-Identifier: GPL-2.0-or-later
-- Whether he last wrote with the marks of Vietnamese: he is answered as he writes.
ALTER TABLE party ADD COLUMN has_marks INTEGER NOT NULL DEFAULT 0 CHECK (has_marks IN (0, 1));
