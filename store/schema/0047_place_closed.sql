-- SPDX-License-Identifier: GPL-2.0-or-later
-- A place that is merged into another one (into_id) or gone: what was says its name, nothing new does.
ALTER TABLE place ADD COLUMN closed_ms INTEGER;
ALTER TABLE place ADD COLUMN into_id INTEGER REFERENCES place;
