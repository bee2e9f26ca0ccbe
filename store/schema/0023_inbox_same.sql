-- SPDX-License-Identifier: GPL-2.0-or-later
-- A message that comes again is found by its words as well: a service that writes to everybody in one second, or a flood
-- from one number, is not read through for each of its messages.
DROP INDEX inbox_sent;
CREATE INDEX inbox_sent ON inbox (party_id, part_hash, sent_ms) WHERE channel = 'modem' AND sent_ms > 0;
