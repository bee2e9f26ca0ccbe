-- SPDX-License-Identifier: GPL-2.0-or-later
-- Why a report is held and why an identity was opened is sealed to the report, as its words are: report_hold.reason,
-- identity_reveal.reason. Rows of before stay under the box key until the program has sealed them anew; until then meta
-- has a row 'reasons'.
INSERT INTO meta (name, value) SELECT 'reasons', x'' WHERE EXISTS (SELECT 1 FROM report_hold)
	OR EXISTS (SELECT 1 FROM identity_reveal WHERE reason <> x'');
