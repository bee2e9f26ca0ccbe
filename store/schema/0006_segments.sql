-- SPDX-License-Identifier: GPL-2.0-or-later
-- How many segments the message takes by SMS, known when it is claimed: what is reported of some of them says nothing
-- of the rest. 0: not known, or not an SMS.
ALTER TABLE outbox ADD COLUMN segments INTEGER NOT NULL DEFAULT 0 CHECK (segments BETWEEN 0 AND 255);
