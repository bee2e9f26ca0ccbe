-- SPDX-License-Identifier: GPL-2.0-or-later
-- The questions that no entry answered, newest first, without a look at every report.
CREATE INDEX report_question ON report (category) WHERE category = 'question';
