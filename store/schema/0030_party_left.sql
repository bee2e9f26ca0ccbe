-- SPDX-License-Identifier: GPL-2.0-or-later
-- When party_channel.left was told: what was told before he wrote again is over.
ALTER TABLE party_channel ADD COLUMN left_ms INTEGER NOT NULL DEFAULT 0;
