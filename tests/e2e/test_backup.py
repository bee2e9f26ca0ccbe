#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A backup of a running box is put back on a new one: officers read their reports there, what was told is not told
again, what waited is in doubt."""
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile

from scene import DUTY, RESIDENT, SceneTest, main, wait_until

FIRST = "co nguoi danh bac o nha van hoa"
LATER = "xe la do ngoai cong lang"
ANSWER = "Công an xã đã ghi nhận, cảm ơn bà con."
LATE_ANSWER = "Công an xã sẽ cử người xuống."


class Backup(SceneTest):
    def make(self, s):
        """A backup by hand; its name."""
        before = {row["name"] for row in s.box.ctl("backups")["backups"]}
        self.assertEqual(s.box.ctl("backups", "make"), {"started": True})
        wait_until(lambda: not s.box.ctl("backups")["running"], 60, "the backup")
        made = s.box.ctl("backups")
        new = [row["name"] for row in made["backups"] if row["name"] not in before]
        self.assertEqual(len(new), 1, made)
        return new[0]

    def folder(self, s):
        return pathlib.Path(s.box.ctl("backups")["folder"])

    def restore(self, s, copy, to, key=None):
        return subprocess.run(
            [str(s.box.bin / "binhyend"), "--restore", str(copy), "--key", str(key or s.box.secrets / "box.key"), "--to", str(to)],
            capture_output=True, text=True, timeout=60, check=False)

    def move_in(self, s, copy):
        """The box burns down: all that is left is the copy and the key."""
        left = s.dir / "left"
        shutil.copytree(copy.parent, left)
        for path in s.box.dir.glob("box.db*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        done = self.restore(s, left / copy.name, s.box.dir / "box.db")
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_a_box_with_officers_is_put_back(self):
        s = self.scene(duty=[DUTY])
        office = s.office or s.claim()
        s.box.set_token(office.tokens["truong.ca"])
        s.modem.auto_report(how="off")  # one that comes late would settle the doubt
        s.modem.text(FIRST)
        s.wait_reports(1)
        name = s.name()
        s.box.ctl("answer", name, ANSWER)
        s.modem.wait_sent(2, to=RESIDENT)
        s.modem.unplug()
        wait_until(lambda: s.status()["modems"][0]["phase"] != "ready", 60, "the modem to be gone")
        s.box.ctl("answer", name, LATE_ANSWER)
        copy = self.folder(s) / self.make(s)
        # It goes out after the copy was made; nobody may send it again.
        s.modem.plug()
        s.modem.wait_sent(3, to=RESIDENT, timeout_s=90)
        s.modem.text(LATER)
        s.wait_reports(2)
        sent = len(s.modem.sent())
        self.assertEqual(s.box.stop(), 0)
        said = self.move_in(s, copy)
        self.assertIn("1 messages that waited", said)
        s.box.set_token(None)
        s.box.start()
        office.login_again("truong.ca")
        s.box.set_token(office.tokens["truong.ca"])
        s.wait_modems()
        self.assertEqual([report["report"] for report in s.reports()], [name])
        self.assertIn(FIRST, s.words(name))
        doubts = [row for row in s.outbox() if row["state"] == "IN_DOUBT"]
        self.assertEqual(len(doubts), 1, s.outbox())
        self.assertEqual(s.status()["audit"]["faults"], 0)
        # The box works on, and says to the resident nothing twice.
        s.modem.text(LATER, sender="+84900001777")
        s.modem.wait_sent(1, to="+84900001777")
        again = [message["text"] for message in s.modem.sent(to=RESIDENT)][3:]
        self.assertEqual([text for text in again if "cu nguoi xuong" in text.lower()], [])
        self.assertGreater(len(s.modem.sent()), sent)
        s.box.ctl("outbox", doubts[0]["id"], "settle", "sent")
        self.assertEqual([row for row in s.outbox() if row["state"] == "IN_DOUBT"], [])

    def test_what_is_refused(self):
        s = self.scene(modems=0)
        copy = self.folder(s) / self.make(s)
        to = s.dir / "new.db"
        to.write_bytes(b"")
        done = self.restore(s, copy, to)
        self.assertEqual(done.returncode, 1)
        self.assertIn("nothing is overwritten", done.stderr)
        self.assertEqual(to.read_bytes(), b"")
        to.unlink()
        other = s.dir / "other.key"
        subprocess.run([s.box.bin / "binhyend", "--create-key", other], check=True)
        done = self.restore(s, copy, to, other)
        self.assertIn("this box key does not open it", done.stderr)
        damaged = s.dir / "damaged.sealed"
        data = bytearray(copy.read_bytes())
        data[len(data) // 2] ^= 1
        damaged.write_bytes(data)
        self.assertIn("damaged or cut off", self.restore(s, damaged, to).stderr)
        damaged.write_bytes(copy.read_bytes()[:-20])
        self.assertIn("damaged or cut off", self.restore(s, damaged, to).stderr)
        damaged.write_bytes(b"SQLite format 3\0")
        self.assertIn("no backup of binhyend", self.restore(s, damaged, to).stderr)
        self.assertEqual(list(s.dir.glob("new.db*")), [])
        self.assertEqual(self.restore(s, copy, to).returncode, 0)
        self.assertEqual(sorted(path.name for path in s.dir.glob("new.db*")), ["new.db", "new.db.head"])
        self.assertEqual(to.stat().st_mode & 0o777, 0o600)
        # Restored once is a copy of its own: its log goes on from there.
        db = sqlite3.connect(to)
        self.assertEqual(db.execute("SELECT kind FROM event ORDER BY id DESC LIMIT 1").fetchone()[0], "backup.restored")
        db.close()

    def test_the_other_folder(self):
        """A folder of the same disk is none; one of another gets each copy and the media."""
        s = self.scene(modems=0, start=False)
        here = s.dir / "stick"
        s.configure(backup={"folder": str(here)})
        s.start()
        self.make(s)
        told = s.box.ctl("backups")
        self.assertIn("is not there", told["last_error"])
        self.assertIn("BACKUP_FAILED", [problem["code"] for problem in s.status()["problems"]])
        here.mkdir()
        self.make(s)
        self.assertIn("on the disk of the database itself", s.box.ctl("backups")["last_error"])
        self.assertEqual(list(here.iterdir()), [])
        if not os.path.isdir("/dev/shm") or os.stat("/dev/shm").st_dev == os.stat(s.dir).st_dev:
            self.skipTest("there is no second file system")
        with tempfile.TemporaryDirectory(dir="/dev/shm") as stick:
            self.assertEqual(s.box.stop(), 0)
            s.configure(backup={"folder": stick})
            s.start()
            name = self.make(s)
            told = s.box.ctl("backups")
            self.assertNotIn("last_error", told)
            self.assertEqual(told["other_good_at"], told["last_good_at"])
            self.assertEqual((pathlib.Path(stick) / name).read_bytes(), (self.folder(s) / name).read_bytes())
            self.assertNotIn("BACKUP_FAILED", [problem["code"] for problem in s.status()["problems"]])


if __name__ == "__main__":
    main()
