-- SPDX-License-Identifier: GPL-2.0-or-later
-- Messages that the service centre delivers again are found by sender and its time stamp. part_hash: of a part its
-- words, of a whole message its words and the SIM that took it.
CREATE INDEX inbox_sent ON inbox (party_id, sent_ms) WHERE channel = 'modem' AND sent_ms > 0;

-- Sets that never became complete come to an end.
CREATE INDEX sms_set_age ON sms_set (first_ms) WHERE is_open = 1;
