-- SPDX-License-Identifier: GPL-2.0-or-later
-- One-time codes by which the registry learns another address of somebody, each texted back from that address: kind 'phone'
-- by whom a number changes, 'zalo' which phone somebody has who enrols by Zalo. hash: of the code, keyed; holder: of the
-- address that asked, by the registry's own key, which has one code at a time; address, words (what was said after "DK"):
-- sealed; version: of the wording he agreed to. day: days since 1970 in Vietnam, since a finer time could be compared with
-- that of the message.
CREATE TABLE enrol_code (
	id      INTEGER PRIMARY KEY,
	hash    BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
	holder  BLOB NOT NULL UNIQUE CHECK (length(holder) = 32),
	kind    TEXT NOT NULL CHECK (kind IN ('phone','zalo')),
	version INTEGER NOT NULL,
	day     INTEGER NOT NULL,
	address BLOB NOT NULL,
	words   BLOB NOT NULL
) STRICT;

-- is_move: he says that he was in the registry with another number; zalo: his user id, sealed, as far as he has shown that
-- it is his.
ALTER TABLE enrolment ADD COLUMN is_move INTEGER NOT NULL DEFAULT 0 CHECK (is_move IN (0,1));
ALTER TABLE enrolment ADD COLUMN zalo BLOB;
