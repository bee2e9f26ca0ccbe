#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Starting, stopping, and every reason not to start: what is refused says why, and changes nothing."""
import ctypes
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import time
import unittest

import scene
from binhyend import Binhyend
from scene import DUTY, RESIDENT, USER, Refused, SceneTest, main, request, wait_until

EXIT_TRANSIENT, EXIT_CONFIG = 1, 78
CLONE_NEWNS = 0x00020000
MOUNT_PRIVATE_REC = 0x40000 | 0x4000  # MS_PRIVATE | MS_REC
STOP_LIMIT_S = 5


def refuse_to_start(box):
    """Starts what must not start: (exit code, what it said)."""
    box.start(wait=False)
    try:
        return box.process.wait(20), box.log()
    finally:
        box.kill()


def files_of(box):
    """Every file that belongs to the database, byte for byte."""
    return {path.name: path.read_bytes() for path in sorted(box.dir.glob("box.db*")) if path.suffix != ".lock"}


class Config(SceneTest):
    def check(self, text, *parts):
        path = pathlib.Path(self.folder) / "binhyen.json"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        done = subprocess.run([scene.bin_dir / "binhyend", "--config", path, "--check-config"], capture_output=True,
                              text=True, timeout=20, check=False)
        self.assertEqual(done.returncode, EXIT_CONFIG, done.stderr)
        for part in (str(path), *parts):
            self.assertIn(part, done.stderr)
        # The same without being asked to check only.
        started = subprocess.run([scene.bin_dir / "binhyend", "--config", path], capture_output=True, text=True,
                                 timeout=20, check=False)
        self.assertEqual((started.returncode, started.stderr), (done.returncode, done.stderr))
        return done.stderr

    def test_bad_law(self):
        """The files of calendar and regimes are checked with the configuration: file, place, what is allowed."""
        folder = pathlib.Path(self.enterContext(scene.tempfile.TemporaryDirectory()))
        regimes = folder / "regimes"
        regimes.mkdir()
        config = folder / "binhyen.json"
        config.write_text(json.dumps({"law": {"regimes": str(regimes)}}))
        command = [scene.bin_dir / "binhyend", "--config", config, "--check-config"]
        shipped = pathlib.Path(__file__).parents[2] / "config/regimes/phan_anh.json"
        record = regimes / "phan_anh.json"
        record.write_text(shipped.read_text())
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        record.write_text(shipped.read_text().replace('"10 working days"', '"10 workdays"'))
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
        self.assertEqual(done.returncode, EXIT_CONFIG)
        self.assertIn(f"{record}: records[0].clocks[0].limit: is no term; allowed: ", done.stderr)
        started = subprocess.run(command[:3], capture_output=True, text=True, timeout=20, check=False)
        self.assertEqual((started.returncode, started.stderr), (done.returncode, done.stderr))

    def test_bad_files(self):
        """The message names the file, the path of the key, and what is allowed."""
        self.folder = self.enterContext(scene.tempfile.TemporaryDirectory())
        zalo = '{"zalo":{"oa_id":"1","app_id":"2",%s}}'
        for text, parts in [
            ('{\n // where\n "store":{"path":"/a"}}', ["line 2", "comments"]),
            ('{ /* where */ }', ["line 1", "comments"]),
            ('{"store":{"path":"/a"},"store":{"path":"/b"}}', ["store", "duplicate key"]),
            ('{"store":{"path":"/a","path":"/b"}}', ["store.path", "duplicate key"]),
            ('{"modems":[{"name":"m0","device":"/dev/x","pin":"1"}]}', ["modems[0].pin", "unknown key", "name, device"]),
            ('{"modem":[]}', ["modem", "unknown key", "modems"]),
            (zalo % '"poll_s":4', ["zalo.poll_s", "out of range", "5 to 3600"]),
            (zalo % '"poll_s":3601', ["zalo.poll_s", "out of range", "5 to 3600"]),
            (zalo % '"poll_s":"30"', ["zalo.poll_s", "string", "5 to 3600"]),
            (zalo % '"poll_s":5.5', ["zalo.poll_s", "5 to 3600"]),
            (zalo % '"relay_detail":"all"', ["zalo.relay_detail", '"notice" or "text"']),
            ('{"zalo":{"app_id":"2"}}', ["zalo.oa_id", "required"]),
            ('{"store":{"path":"here.db"}}', ["store.path", "absolute path"]),
            ('{"modems":[{"name":"a","device":"/dev/x"},{"name":"a","device":"/dev/y"}]}', ["modems[1].name"]),
            ('[]', ["object"]), ("", ["empty"]), ("{} {}", ["line 1"]), (b"\xef\xbb\xbf{}", ["byte order mark"]),
            (b'{"store":{"path":"/\xff"}}', ["UTF-8"]),
        ]:
            with self.subTest(text):
                self.check(text, *parts)
        # What a person may have mistyped is a phone number: it is not repeated.
        said = self.check('{"duty":{"phones":["+84900009001","0900009001x"]}}', "duty.phones[1]")
        self.assertNotIn("900009001", said)

    def test_a_file_that_is_not_there(self):
        done = subprocess.run([scene.bin_dir / "binhyend", "--config", "/nonexistent/binhyen.json"], capture_output=True,
                              text=True, timeout=20, check=False)
        self.assertEqual(done.returncode, EXIT_CONFIG)
        self.assertIn("/nonexistent/binhyen.json: No such file", done.stderr)


class Database(SceneTest):
    def used(self, **options):
        """A box with one report that was ended in order."""
        s = self.scene(**options)
        s.modem.text("mot tin bao")
        s.wait_outbox(1, states=("DELIVERED",))
        self.assertEqual(s.box.stop(), 0)
        return s

    def expect_refusal(self, s, code, *words):
        before = files_of(s.box)
        s.box.log_path.unlink(missing_ok=True)
        rc, log = refuse_to_start(s.box)
        self.assertEqual(rc, code, log)
        for word in words:
            self.assertIn(word, log)
        self.assertEqual(files_of(s.box), before, "the refused start changed the database")

    def test_of_a_newer_version(self):
        s = self.used()
        database = sqlite3.connect(s.box.dir / "box.db")
        database.execute("PRAGMA user_version = 99")
        database.commit()
        database.close()
        self.expect_refusal(s, EXIT_CONFIG, "box.db", "schema 99 is newer", "install the newer binhyen")

    def test_wrong_box_key(self):
        s = self.used()
        key = s.box.secrets / "box.key"
        good = key.read_bytes()
        key.unlink()
        subprocess.run([scene.bin_dir / "binhyend", "--create-key", key], check=True)
        self.expect_refusal(s, EXIT_CONFIG, "box.db", "another box key", "put back the box.key")
        key.write_bytes(good)
        s.start()
        self.assertEqual(s.all_words(), ["mot tin bao"])

    def test_wrong_box_key_after_a_power_cut(self):
        """What was committed lies in the write-ahead log yet: it stays there, untouched."""
        s = self.scene()
        s.modem.text("mot tin bao")
        s.wait_outbox(1, states=("DELIVERED",))
        s.box.kill()
        self.assertIn("box.db-wal", files_of(s.box))
        key = s.box.secrets / "box.key"
        good = key.read_bytes()
        key.unlink()
        subprocess.run([scene.bin_dir / "binhyend", "--create-key", key], check=True)
        before = files_of(s.box)
        rc, log = refuse_to_start(s.box)
        self.assertEqual(rc, EXIT_CONFIG, log)
        after = files_of(s.box)
        for name in ("box.db", "box.db-wal"):
            self.assertEqual(after.get(name), before[name], f"the refused start changed {name}")
        key.write_bytes(good)
        s.start()
        self.assertEqual(s.all_words(), ["mot tin bao"])

    def test_key_is_never_overwritten(self):
        s = self.used()
        key = s.box.secrets / "box.key"
        good = key.read_bytes()
        done = subprocess.run([scene.bin_dir / "binhyend", "--create-key", key], capture_output=True, text=True,
                              timeout=20, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("box.key", done.stderr)
        self.assertEqual(key.read_bytes(), good)

    def test_no_box_key(self):
        s = self.scene(start=False, modems=0)
        (s.box.secrets / "box.key").unlink()
        rc, log = refuse_to_start(s.box)
        self.assertEqual(rc, EXIT_CONFIG, log)
        self.assertIn("box.key", log)
        self.assertEqual(files_of(s.box), {}, "a database was made without a key")

    def test_damaged(self):
        s = self.used()
        path = s.box.dir / "box.db"
        data = bytearray(path.read_bytes())
        data[0:16] = b"not a database.."
        path.write_bytes(data)
        self.expect_refusal(s, EXIT_CONFIG, "box.db")

    def test_of_another_program(self):
        s = self.scene(start=False, modems=0)
        database = sqlite3.connect(s.box.dir / "box.db")
        database.execute("CREATE TABLE stamps (id INTEGER)")
        database.commit()
        database.close()
        self.expect_refusal(s, EXIT_CONFIG, "box.db", "another program")

    def test_second_daemon(self):
        """On the same database, and on the same socket: the first goes on."""
        s = self.scene()
        second = Binhyend(scene.bin_dir, s.dir / "second")
        config = json.loads(second.config_path.read_text())
        own_path = config["store"]["path"]
        config["store"]["path"] = str(s.box.dir / "box.db")
        second.config_path.write_text(json.dumps(config))
        (second.secrets / "box.key").write_bytes((s.box.secrets / "box.key").read_bytes())
        rc, log = refuse_to_start(second)
        self.assertNotEqual(rc, 0)
        self.assertIn("another binhyend", log)
        config["store"]["path"] = own_path
        config["http"]["socket"] = str(s.box.socket)
        second.config_path.write_text(json.dumps(config))
        second.log_path.unlink()
        rc, log = refuse_to_start(second)
        self.assertNotEqual(rc, 0)
        self.assertIn("another daemon listens", log)
        s.modem.text("con song")
        s.modem.wait_sent(to=RESIDENT)
        self.assertEqual(len(s.reports()), 1)

    def test_socket_of_a_dead_daemon(self):
        s = self.scene(modems=0)
        s.box.kill()
        self.assertTrue(s.box.socket.exists())
        s.start()
        # Not a socket: it is somebody's file.
        self.assertEqual(s.box.stop(), 0)
        self.assertFalse(s.box.socket.exists())
        s.box.socket.write_text("a file")
        rc, log = refuse_to_start(s.box)
        self.assertNotEqual(rc, 0)
        self.assertIn("is not a socket", log)
        self.assertEqual(s.box.socket.read_text(), "a file")


class Disk(SceneTest):
    """On a small file system of its own, in a mount namespace that ends with this program."""

    @classmethod
    def setUpClass(cls):
        libc = ctypes.CDLL(None, use_errno=True)
        if not getattr(Disk, "has_namespace", False):
            if libc.unshare(CLONE_NEWNS) or libc.mount(b"none", b"/", None, MOUNT_PRIVATE_REC, None):
                raise unittest.SkipTest(f"no mount namespace here ({os.strerror(ctypes.get_errno())}): "
                                        "full and read-only disks are not tested")
            Disk.has_namespace = True

    def mounted(self, size, **options):
        s = self.scene(start=False, **options)
        self.folder = s.box.dir / "disk"
        self.folder.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", self.folder], capture_output=True,
                              text=True, check=False)
        if done.returncode:
            self.skipTest(f"no mount here ({done.stderr.strip()}): full and read-only disks are not tested")
        self.addCleanup(subprocess.run, ["umount", "-l", self.folder], check=False, capture_output=True)
        config = json.loads(s.box.config_path.read_text())
        config["store"]["path"] = str(self.folder / "box.db")
        s.box.config_path.write_text(json.dumps(config))
        return s

    def fill(self):
        with open(self.folder / "ballast", "wb", buffering=0) as ballast:
            for size in (65536, 4096, 512):
                try:
                    while True:
                        ballast.write(bytes(size))
                except OSError:
                    pass

    def test_read_only(self):
        s = self.mounted("16m")
        s.start()
        s.modem.text("mot tin bao")
        s.wait_outbox(1, states=("DELIVERED",))
        self.assertEqual(s.box.stop(), 0)
        before = {path.name: path.read_bytes() for path in self.folder.iterdir()}
        subprocess.run(["mount", "-o", "remount,ro", self.folder], check=True)
        rc, log = refuse_to_start(s.box)
        self.assertIn(rc, (EXIT_TRANSIENT, EXIT_CONFIG), log)
        self.assertRegex(log, r"not_started=READ_ONLY .*box\.db")
        self.assertEqual({path.name: path.read_bytes() for path in self.folder.iterdir()}, before)
        subprocess.run(["mount", "-o", "remount,rw", self.folder], check=True)
        s.start()
        self.assertEqual(s.all_words(), ["mot tin bao"])

    def test_full_from_the_start(self):
        s = self.mounted("4m", modems=0)
        self.fill()
        rc, log = refuse_to_start(s.box)
        self.assertEqual(rc, EXIT_TRANSIENT, log)
        self.assertIn("not_started=DISK_FULL", log)
        (self.folder / "ballast").unlink()
        s.start()

    def test_full_while_messages_come(self):
        """They stay on the SIM, nobody is told that they were taken, and nothing is lost."""
        s = self.mounted("24m", modem_args=["--poll-s", "2"], zalo=True)
        s.start()
        s.modem.text("tin truoc")
        s.wait_outbox(1, kind="receipt", states=("DELIVERED",))
        s.wait_outbox(1, kind="relay")
        sent_before = len(s.modem.sent())
        self.fill()
        for i in range(3):
            s.modem.text(f"tin {i}", sender=f"+8490000040{i}")
        s.zalo.write(USER, "tin Zalo")
        s.wait_log("turn failed=DISK_FULL")
        s.modem.wait_event("deliver", 4)
        deadline = time.monotonic() + 4  # two more listings of the SIM
        while time.monotonic() < deadline:
            self.assertEqual(s.modem.status()["memories"]["ME"]["used"] + s.modem.status()["memories"]["SM"]["used"], 3)
            time.sleep(0.2)
        code, text = request(s.box.socket, "POST", "/api/v1/reports/1/answer", {"text": "tra loi"})
        self.assertEqual(code, 503, text)
        self.assertEqual(request(s.box.socket, "GET", "/healthz")[0], 503)
        with self.assertRaises(Refused):
            s.box.ctl("answer", 1, "tra loi")
        status = s.status()
        self.assertEqual(status["reports"]["open"], 1)
        self.assertIn("DISK_LOW", [problem["code"] for problem in status["problems"]])
        self.assertEqual(len(s.modem.sent()), sent_before)
        (self.folder / "ballast").unlink()
        s.wait_reports(5, 60)
        s.modem.wait_drained(30)
        self.assertEqual(sorted(s.all_words()), ["tin 0", "tin 1", "tin 2", "tin Zalo", "tin truoc"])
        for i in range(3):
            s.modem.wait_sent(to=f"+8490000040{i}")
        s.box.ctl("answer", 1, "tra loi")
        s.modem.wait_sent(to=RESIDENT, contains="tra loi")
        s.wait_quiet()
        self.assertEqual(len(s.reports()), 5)
        self.assertEqual(request(s.box.socket, "GET", "/healthz")[0], 200)
        self.assertEqual(len(s.modem.sent()), sent_before + 4)
        self.assertEqual(s.words(kind="answer"), ["tra loi"])


class Life(SceneTest):
    def stop_quickly(self, s):
        began = time.monotonic()
        self.assertEqual(s.box.stop(), 0)
        self.assertLess(time.monotonic() - began, STOP_LIMIT_S)
        self.assertRegex(s.box.log().splitlines()[-1], "daemon stopped")

    def test_sigterm(self):
        s = self.scene(zalo=True, duty=[DUTY])
        pids = s.box.modem_pids()
        self.assertEqual(len(pids), 1)
        self.stop_quickly(s)
        self.assertFalse(pathlib.Path(f"/proc/{pids[0]}").exists())
        self.assertFalse(s.box.socket.exists())

    def test_sigterm_at_bad_moments(self):
        s = self.scene(start=False, zalo=True, modem_options={"radio_ms": 1500})
        # While the modem is being connected.
        s.box.start()
        wait_until(s.box.modem_pids, what="binhyen-modem")
        self.stop_quickly(s)
        # While Zalo swallows everything and a segment is on the air.
        s.start()
        s.zalo.down("blackhole")
        s.modem.text("tin bao")
        s.modem.wait_event("submit")
        self.stop_quickly(s)
        # The same by SIGINT.
        s.zalo.up()
        s.start()
        s.box.process.send_signal(signal.SIGINT)
        self.assertEqual(s.box.process.wait(STOP_LIMIT_S), 0)
        s.box.process = None

    def test_restart_keeps_everything(self):
        s = self.scene(zalo=True, duty=[DUTY])
        s.modem.text("mat xe o ap 1")
        s.zalo.write(USER, "tin Zalo")
        s.wait_reports(2)
        s.box.ctl("answer", 1, "da ghi nhan")
        s.wait_outbox(2, channel="modem", states=("DELIVERED",))
        s.wait_quiet()

        def picture():
            reports = s.reports()
            return (s.inbox(), s.outbox(), reports, [s.get(f"reports/{row['report']}") for row in reports])
        before, token = picture(), s.status()["zalo"]["token_generation"]
        s.restart()
        self.assertEqual(picture(), before)
        self.assertEqual((s.status()["zalo"]["state"], s.status()["zalo"]["token_generation"]), ("ok", token))
        s.modem.text("tin sau")
        s.wait_reports(3)
        self.assertEqual(s.reports()[2]["number"], 3)
        s.box.ctl("answer", 1, "da xong")
        s.modem.wait_sent(to=RESIDENT, contains="da xong")
        s.wait_quiet()
        # Nothing went out a second time: two receipts, two answers; Zalo: receipt, three relays.
        self.assertEqual(len(s.modem.sent(to=RESIDENT)), 4)
        self.assertEqual(len(s.zalo.received()), 4)

    def test_killed_in_the_middle_of_a_send(self):
        s = self.scene(modem_options={"radio_ms": 1000})
        s.modem.auto_report(how="off")
        s.modem.text("tin bao")
        s.modem.wait_event("submit")
        self.assertEqual([row["state"] for row in s.outbox(kind="receipt")], ["SUBMITTED"])
        s.box.kill()
        s.modem.wait_sent(to=RESIDENT)  # the network got it all the same
        s.start()
        rows = s.outbox(kind="receipt")
        self.assertEqual([(row["state"], row["is_final"], row["attempts"]) for row in rows], [("IN_DOUBT", False, 1)])
        self.assertRegex(s.box.log(), "started .*in_doubt=1")
        self.assertIn("IN_DOUBT", [problem["code"] for problem in s.status()["problems"]])
        s.modem.report(s.modem.segments()[0]["n"])
        s.wait_outbox(1, kind="receipt", states=("DELIVERED",))
        self.assertEqual(len(s.modem.sent()), 1, "sent twice")
        self.assertEqual(len(s.reports()), 1)

    def test_modem_process_dies_with_its_daemon(self):
        s = self.scene()
        pid = s.box.modem_pids()[0]
        s.box.kill()
        wait_until(lambda: not pathlib.Path(f"/proc/{pid}").exists(), what="the end of binhyen-modem")
        s.start()


if __name__ == "__main__":
    main()
