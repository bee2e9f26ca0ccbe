-- SPDX-License-Identifier: GPL-2.0-or-later
-- refresh_expires_ms: end of the refresh token, after which only a person's consent helps. told: bits of
-- store/zalo_state.h, which alarms about this pair were sent.
ALTER TABLE zalo_token ADD COLUMN refresh_expires_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE zalo_token ADD COLUMN told INTEGER NOT NULL DEFAULT 0 CHECK (told BETWEEN 0 AND 255);
UPDATE zalo_token SET refresh_expires_ms = issued_ms + 7776000000;

-- What went over the line, in bytes, by days since 1970-01-01 in Vietnam: it may be a paid SIM.
CREATE TABLE traffic (
	name       TEXT NOT NULL,
	day        INTEGER NOT NULL,
	up_bytes   INTEGER NOT NULL CHECK (up_bytes >= 0),
	down_bytes INTEGER NOT NULL CHECK (down_bytes >= 0),
	PRIMARY KEY (name, day)
) STRICT, WITHOUT ROWID;
