#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The log of events of a running box: who changes the file behind it is found out, and what a second person was told
shows the rest."""
import json
import shutil
import sqlite3
import subprocess

from scene import Refused, SceneTest, main, wait_until

WITNESS = "+84900009100"
IT = "+84900009200"


class Audit(SceneTest):
    def box(self, events=6, **options):
        s = self.scene(modems=0, start=False, **options)
        s.configure(audit={"witness_phone": WITNESS}, duty={"it_phone": IT})
        s.start()
        for number in range(events):
            s.box.ctl("place", f"thon-{number}", "hamlet", f"Thôn {number}")
        self.checked(s)
        return s

    def checked(self, s):
        """The walk after the start is over."""
        return wait_until(lambda: self.state(s) != "checking" and s.status()["audit"], 20, "the log to be checked")

    def state(self, s):
        return s.status()["audit"]["state"]

    def tamper(self, s, *statements):
        """While the box is off, with the triggers out of the way."""
        self.assertEqual(s.box.stop(), 0)
        db = sqlite3.connect(s.box.dir / "box.db")
        db.execute("DROP TRIGGER IF EXISTS event_no_update")
        db.execute("DROP TRIGGER IF EXISTS event_no_delete")
        for statement in statements:
            db.execute(statement)
        db.commit()
        db.close()

    def offline(self, path, s):
        return subprocess.run([str(s.box.bin / "binhyend"), "--verify-log", str(path), "--key", str(s.box.secrets / "box.key")],
                              capture_output=True, text=True, timeout=20, check=False)

    def found(self, s):
        """After the next start: what was found, first found first."""
        s.start()
        self.checked(s)
        faults = s.get("audit/faults")["faults"][::-1]
        if faults:
            self.assertIn("AUDIT_FAULT", [problem["code"] for problem in s.status()["problems"]])
            self.assertIn("audit.fault", [event["kind"] for event in s.get("audit?limit=200")["events"]])
            self.assertIn("audit fault=" + faults[0]["fault"], s.box.log())
        return [fault["fault"] for fault in faults]

    def test_a_whole_log(self):
        s = self.box()
        self.assertEqual(s.box.ctl("audit", "verify")["state"], "good")
        s.restart()
        self.assertEqual(self.checked(s)["faults"], 0)
        kinds = [event["kind"] for event in s.get("audit?after=0&limit=200")["events"]]
        self.assertEqual(kinds[0], "daemon.started")
        self.assertEqual(kinds.count("place.saved"), 6)
        self.assertIn("daemon.stopped", kinds)
        # Page by page it is the same.
        seen, after = [], 0
        while True:
            page = s.get(f"audit?after={after}&limit=3")["events"]
            if not page:
                break
            seen += [event["kind"] for event in page]
            after = page[-1]["id"]
        self.assertEqual(seen, kinds)
        path = s.dir / "log.jsonl"
        s.box.ctl("audit", "export", path)
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        self.assertEqual([line["kind"] for line in lines][:len(kinds)], kinds)
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        s.box.stop()
        done = self.offline(s.box.dir / "box.db", s)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("good", done.stdout)
        # A copy is read as it is, and its key must be the one.
        copy = s.dir / "copy.db"
        shutil.copy(s.box.dir / "box.db", copy)
        self.assertEqual(self.offline(copy, s).returncode, 0)
        self.assertEqual(self.offline(s.dir / "none.db", s).returncode, 1)

    def test_altered_dropped_inserted_and_moved_rows(self):
        cases = {
            "an altered row": ["UPDATE event SET actor = actor || 'x' WHERE id = 4"],
            "a row left out": ["DELETE FROM event WHERE id = 4"],
            "a row left out, the others moved up": ["DELETE FROM event WHERE id = 4",
                                                    "UPDATE event SET id = id - 1 WHERE id > 4"],
            "rows that changed places": ["UPDATE event SET id = 1000 WHERE id = 4", "UPDATE event SET id = 4 WHERE id = 5",
                                         "UPDATE event SET id = 5 WHERE id = 1000"],
            "a row put in at the beginning": [
                "INSERT INTO event SELECT 0, at_ms, kind, subject, actor, data, hash FROM event WHERE id = 1"],
        }
        for what, statements in cases.items():
            with self.subTest(what):
                s = self.box()
                self.tamper(s, *statements)
                done = self.offline(s.box.dir / "box.db", s)
                self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
                self.assertIn("altered", self.found(s))
                self.assertEqual(s.box.ctl("audit", "verify")["state"], "bad")
                s.close()

    def test_a_cut_end(self):
        s = self.box()
        self.tamper(s, "DELETE FROM event WHERE id > 5")
        self.assertEqual(self.offline(s.box.dir / "box.db", s).returncode, 2)
        self.assertEqual(self.found(s), ["cut"])
        # The end is sealed anew; that something was cut stays known until somebody has looked after it.
        s.restart()
        self.checked(s)
        faults = s.get("audit/faults")["faults"]
        self.assertEqual([fault["fault"] for fault in faults], ["cut"])
        s.box.ctl("audit", "fault", faults[0]["id"], "seen")
        self.assertNotIn("AUDIT_FAULT", [problem["code"] for problem in s.status()["problems"]])

    def test_a_row_behind_the_end(self):
        s = self.box()
        self.tamper(s, "INSERT INTO event SELECT id + 1, at_ms, kind, subject, actor, data, hash FROM event "
                    "ORDER BY id DESC LIMIT 1")
        self.assertEqual(self.found(s)[0], "added")

    def test_an_older_copy_that_was_put_back(self):
        s = self.box(events=2)
        self.assertEqual(s.box.stop(), 0)
        copy = s.dir / "older.db"
        shutil.copy(s.box.dir / "box.db", copy)
        s.start()
        self.checked(s)  # before the walk is over the end beside the database is that of the last life
        s.box.ctl("place", "thon-9", "hamlet", "Thôn 9")
        self.assertEqual(s.box.stop(), 0)
        shutil.copy(copy, s.box.dir / "box.db")
        for suffix in ("-wal", "-shm"):
            (s.box.dir / ("box.db" + suffix)).unlink(missing_ok=True)
        # By itself the copy is whole.
        self.assertEqual(self.offline(s.box.dir / "box.db", s).returncode, 0)
        self.assertEqual(self.found(s), ["older"])

    def test_a_head_that_somebody_kept(self):
        s = self.box()
        wait_until(lambda: s.get("audit/head")["day"], 20, "yesterday to be closed")
        head = s.get("audit/head")["day"]
        day = head["day"]
        self.assertEqual(s.box.ctl("audit", "check", day, *head["head"].split())["answer"], "same")
        self.assertEqual(s.box.ctl("audit", "check", day, head["head"].lower())["answer"], "same")
        self.assertEqual(s.box.ctl("audit", "check", day, "0" * 16)["answer"], "other")
        self.assertEqual(s.box.ctl("audit", "check", "01/02/2003", "0" * 16)["answer"], "unknown")
        for arguments in ((day, "123"), ("31/02/2026", "0" * 16), ("gestern", "0" * 16)):
            with self.assertRaises(Refused):
                s.box.ctl("audit", "check", *arguments)

    def test_settings_that_changed(self):
        s = self.box(events=0)
        self.assertEqual(s.box.stop(), 0)
        s.configure(duty={"phones": ["+84900009001"]})
        s.start()
        changed = [event for event in s.get("audit?limit=200")["events"] if event["kind"] == "config.changed"]
        self.assertEqual([event["data"]["settings"] for event in changed], [["duty.phones", "duty.it_phone"]])
        self.assertNotIn("9001", json.dumps(changed))


class Told(SceneTest):
    def test_the_witness_is_told_once(self):
        s = self.scene(start=False)
        s.configure(audit={"witness_phone": WITNESS})
        s.start()
        head = wait_until(lambda: s.get("audit/head")["day"], 20, "yesterday to be closed")
        rows = s.outbox(lane="urgent")
        self.assertEqual(len(rows), 1)
        if rows[0]["state"] != "QUEUED":  # in daytime
            wait_until(lambda: s.modem.sent(to=WITNESS), 20, "the head of yesterday")
            self.assertIn(head["head"], s.modem.sent(to=WITNESS)[0]["text"])
        s.restart()
        wait_until(lambda: s.status()["audit"]["state"] == "good", 20, "the log to be checked")
        self.assertEqual(len(s.outbox(lane="urgent")), 1)


if __name__ == "__main__":
    main()
