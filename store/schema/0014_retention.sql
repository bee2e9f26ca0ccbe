-- SPDX-License-Identifier: GPL-2.0-or-later
-- How long a report is kept. closed_ms: since when it is closed, 0 it is not. sanitise_due_ms, erase_due_ms: planned when it
-- was closed, 0 not yet. sanitised_ms: since when nothing leads to its sender any more. erased_ms: since when only its line
-- of the register is left.
ALTER TABLE report ADD COLUMN closed_ms       INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN sanitise_due_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN erase_due_ms    INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN sanitised_ms    INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN erased_ms       INTEGER NOT NULL DEFAULT 0;
UPDATE report SET closed_ms = max(heard_ms, told_ms, 1) WHERE state = 'closed';
CREATE INDEX report_unplanned ON report (id) WHERE closed_ms > 0 AND erase_due_ms = 0;
CREATE INDEX report_to_sanitise ON report (sanitise_due_ms) WHERE sanitise_due_ms > 0 AND sanitised_ms = 0;
CREATE INDEX report_to_erase ON report (erase_due_ms) WHERE erase_due_ms > 0 AND erased_ms = 0;
CREATE INDEX outbox_report ON outbox (report_id) WHERE report_id IS NOT NULL;
CREATE INDEX inbox_report ON inbox (report_id) WHERE report_id IS NOT NULL;
CREATE INDEX sms_set_report ON sms_set (report_id) WHERE report_id IS NOT NULL;

-- Correspondents who can still be named, by age.
CREATE INDEX party_age ON party (last_in_ms) WHERE address <> x'' AND kind IN ('phone','name','zalo_user');

-- Reports that must not be sanitised or erased for now. reason: sealed.
CREATE TABLE report_hold (
	report_id INTEGER PRIMARY KEY REFERENCES report,
	actor     TEXT NOT NULL,
	at_ms     INTEGER NOT NULL,
	reason    BLOB NOT NULL
) STRICT;

-- Who had the identity behind a report opened, why, and until when it stays open to him. told_ms: when the chief was told.
CREATE TABLE identity_reveal (
	id        INTEGER PRIMARY KEY,
	report_id INTEGER NOT NULL REFERENCES report,
	actor     TEXT NOT NULL,
	at_ms     INTEGER NOT NULL,
	until_ms  INTEGER NOT NULL,
	told_ms   INTEGER NOT NULL DEFAULT 0,
	reason    BLOB NOT NULL
) STRICT;
CREATE INDEX identity_reveal_by ON identity_reveal (actor, at_ms);
CREATE INDEX identity_reveal_of ON identity_reveal (report_id, id);
CREATE INDEX identity_reveal_untold ON identity_reveal (id) WHERE told_ms = 0;
