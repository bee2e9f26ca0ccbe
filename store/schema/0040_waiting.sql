-- SPDX-License-Identifier: GPL-2.0-or-later
-- What waits for an officer, for the page that is looked at most: open reports, the oldest of each urgency first, and
-- stay notices by how far they are.
CREATE INDEX report_open ON report (urgency, received_ms) WHERE state = 'open';
CREATE INDEX stay_state ON stay (state);
