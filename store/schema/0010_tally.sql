-- SPDX-License-Identifier: GPL-2.0-or-later
-- How many rows are in which state, so that nobody counts a million of them while messages wait. Kept by triggers,
-- within the transaction that moves the row.
CREATE TABLE tally (
	name  TEXT NOT NULL,
	state TEXT NOT NULL,
	count INTEGER NOT NULL CHECK (count >= 0),
	PRIMARY KEY (name, state)
) STRICT, WITHOUT ROWID;
INSERT INTO tally SELECT 'inbox', state, count(*) FROM inbox GROUP BY state;
INSERT INTO tally SELECT 'outbox', state, count(*) FROM outbox GROUP BY state;
INSERT INTO tally SELECT 'report', state, count(*) FROM report GROUP BY state;

CREATE TRIGGER inbox_tally_add AFTER INSERT ON inbox BEGIN
	INSERT INTO tally VALUES ('inbox', NEW.state, 1) ON CONFLICT (name, state) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER inbox_tally_move AFTER UPDATE OF state ON inbox WHEN NEW.state <> OLD.state BEGIN
	UPDATE tally SET count = count - 1 WHERE name = 'inbox' AND state = OLD.state;
	INSERT INTO tally VALUES ('inbox', NEW.state, 1) ON CONFLICT (name, state) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER inbox_tally_remove AFTER DELETE ON inbox BEGIN
	UPDATE tally SET count = count - 1 WHERE name = 'inbox' AND state = OLD.state;
END;

CREATE TRIGGER outbox_tally_add AFTER INSERT ON outbox BEGIN
	INSERT INTO tally VALUES ('outbox', NEW.state, 1) ON CONFLICT (name, state) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER outbox_tally_move AFTER UPDATE OF state ON outbox WHEN NEW.state <> OLD.state BEGIN
	UPDATE tally SET count = count - 1 WHERE name = 'outbox' AND state = OLD.state;
	INSERT INTO tally VALUES ('outbox', NEW.state, 1) ON CONFLICT (name, state) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER outbox_tally_remove AFTER DELETE ON outbox BEGIN
	UPDATE tally SET count = count - 1 WHERE name = 'outbox' AND state = OLD.state;
END;

CREATE TRIGGER report_tally_add AFTER INSERT ON report BEGIN
	INSERT INTO tally VALUES ('report', NEW.state, 1) ON CONFLICT (name, state) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER report_tally_move AFTER UPDATE OF state ON report WHEN NEW.state <> OLD.state BEGIN
	UPDATE tally SET count = count - 1 WHERE name = 'report' AND state = OLD.state;
	INSERT INTO tally VALUES ('report', NEW.state, 1) ON CONFLICT (name, state) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER report_tally_remove AFTER DELETE ON report BEGIN
	UPDATE tally SET count = count - 1 WHERE name = 'report' AND state = OLD.state;
END;

-- Was for counting only, and cost a write for each change of state.
DROP INDEX outbox_state;
