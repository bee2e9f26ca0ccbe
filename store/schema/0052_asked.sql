-- SPDX-License-Identifier: GPL-2.0-or-later
-- Whoever asks leaves a mark, right or wrong: a row that stays as it was is not written, and a
-- write that is missing can be told by the time of the answer.
ALTER TABLE report_pin ADD COLUMN asked INTEGER NOT NULL DEFAULT 0 CHECK (asked >= 0);
ALTER TABLE code_guard ADD COLUMN asked INTEGER NOT NULL DEFAULT 0 CHECK (asked >= 0);
