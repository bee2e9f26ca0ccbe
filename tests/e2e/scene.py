# SPDX-License-Identifier: GPL-2.0-or-later
"""A commune on one table for the end-to-end tests: simulated modems, a simulated Zalo, the real binhyend.

    class Test(SceneTest):
        def test_one(self):
            s = self.scene(zalo=True)
            s.modem.text("chay nha o ap 3")
            s.wait_reports(1)

With --claimed each box has an officer before anything happens, its chief, who does all that the tests do: what is told
of a box must be true of one whose reports are sealed to officers as well. Reports are then called by numbers that say
nothing, so a test asks for name().

A scene that is left ends binhyend by SIGTERM and insists on exit 0 and on a log without a word of a sanitizer.
"""
import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import stat
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))

import shard  # noqa: E402
from officers import Office  # noqa: E402
from binhyend import Binhyend, Refused, wait_until  # noqa: E402
from simmodem import RESIDENT, SimModem  # noqa: E402
from simzalo import SimZalo  # noqa: E402

DUTY = "+84900009001"
CHIEF = "truong.ca"  # as Office.claim() makes him
USER = "9007199254740993001"  # above 2^53: lost as a double
FINAL = {"DELIVERED", "FAILED", "EXPIRED", "CANCELLED"}

bin_dir = None  # set by main()
is_claimed = False  # by its option


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def request(path, method, url, body=None, token=None):
    """(status, text) of one request on the unix socket."""
    connection = UnixConnection(path)
    try:
        connection.request(method, url, None if body is None else json.dumps(body),
                           {"Authorization": f"Bearer {token}"} if token else {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


class Scene:
    """modems: how many. zalo: is there one. Options of the simulators in modem_options, zalo_options; settings of
    the `zalo` object in zalo_config, of every object of `modems` in modem_config. modem_args: options for binhyen-modem, as ["--poll-s", "2"]."""

    def __init__(self, modems=1, zalo=False, duty=(), modem_options=None, zalo_options=None, zalo_config=None,
                 token=True, modem_args=(), extra=None, secret=True, env=None, modem_config=None):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="e2e."))  # short: a socket's path has 107 bytes
        self.has_token = zalo and token
        self.modems, self.zalo, self.box, self.office = [], None, None, None
        self.last_log = ""
        try:
            for i in range(modems):
                options = {"imsi": f"45299000000000{i + 1}", "imei": f"35999900000000{i + 1}"} if i else {}
                options.update(modem_options or {})
                self.modems.append(SimModem(str(bin_dir), str(self.dir), name=f"modem{i}", **options).start())
            if zalo:
                self.zalo = SimZalo(bin_dir, self.dir, **(zalo_options or {})).start()
            self.box = Binhyend(
                bin_dir, self.dir / "box", modems=[(f"modem{i}", m.device) for i, m in enumerate(self.modems)],
                zalo=self.zalo.config(**(zalo_config or {})) if zalo else None,
                zalo_app_secret=self.zalo.app_secret() if zalo and secret else None, duty_phones=duty, extra=extra,
                modem_program=self.modem_wrapper(modem_args) if modem_args else None, env=env,
                modem_config=modem_config)
        except BaseException:
            self.discard()
            raise

    def configure(self, args=(), **objects):
        """Before the start: other objects in the configuration, other options of binhyend."""
        path = self.box.config_path
        path.write_text(json.dumps({**json.loads(path.read_text()), **objects}, indent=2))
        self.box.args = [str(arg) for arg in args]

    def modem_wrapper(self, args):
        path = self.dir / "modem-program"
        path.write_text(f'#!/bin/sh\nexec "{bin_dir}/binhyen-modem" {" ".join(args)} "$@"\n')
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    def start(self):
        """Starts binhyend and returns when all its modems are ready and Zalo is usable."""
        self.start_box()
        if self.has_token and self.status()["zalo"]["state"] == "no_token":
            self.box.ctl("zalo", "set-token", stdin=self.zalo.token_json())
        if is_claimed and not self.office:
            self.claim()
            self.box.set_token(self.office.tokens[CHIEF])
        self.wait_ready()
        return self

    def start_box(self):
        """As start(), but nothing is waited for. No session outlives the box that it is of."""
        self.box.set_token(None)
        self.box.start()
        if self.office and is_claimed:
            self.office.login_again(CHIEF)
            self.box.set_token(self.office.tokens[CHIEF])

    def claim(self):
        """The first start: from now on there are officers; Office."""
        def ask(method, url, body=None, token=None):
            status, text = request(self.box.socket, method, url, body, token)
            return status, json.loads(text or "{}")
        self.office = Office(ask, time.time)
        self.escrow = self.office.claim()["escrow"]
        return self.office

    def wait_modems(self):
        if self.modems:
            wait_until(self.are_modems_ready, 60, "the modems to be ready")

    def wait_ready(self):
        self.wait_modems()
        if self.has_token:
            wait_until(lambda: self.status()["zalo"]["usable"], 60, "Zalo to be usable")

    def are_modems_ready(self):
        return all(modem["phase"] == "ready" for modem in self.status()["modems"])

    @property
    def modem(self):
        return self.modems[0]

    # -- asking --

    def get(self, url):
        code, text = request(self.box.socket, "GET", "/api/v1/" + url, token=self.box.token)
        if code != 200:
            raise Refused(code, text)
        return json.loads(text)

    def status(self):
        return self.get("status")

    def pages(self, name):
        """Every row of a list, oldest first."""
        rows, before = [], None
        while True:
            page = self.get(f"{name}?limit=200" + (f"&before={before}" if before else ""))
            rows += page[name]
            before = page["next_before"]
            if not before or not page[name]:
                return rows[::-1]

    def inbox(self):
        return self.pages("inbox")

    def outbox(self, **match):
        return [row for row in self.pages("outbox") if all(row[key] == value for key, value in match.items())]

    def reports(self):
        return self.pages("reports")

    def name(self, nth=1):
        """What the n-th report is called, waiting until there are so many."""
        return self.wait_reports(nth)[nth - 1]["report"]

    def words(self, name=None, kind="received"):
        """The entries of a report's dialogue of that kind; without a name those of the first."""
        name = name or self.name()
        return [entry["text"] for entry in self.get(f"reports/{name}")["dialogue"] if entry["kind"] == kind]

    def all_words(self):
        """What came in, report by report."""
        return [self.words(row["report"])[0] for row in self.reports()]

    # -- waiting --

    def wait_reports(self, count, timeout_s=60):
        def enough():
            rows = self.reports()
            return rows if len(rows) >= count else None
        return wait_until(enough, timeout_s, f"{count} reports", 0.05)

    def wait_outbox(self, count=1, timeout_s=60, states=("SENT", "DELIVERED"), **match):
        """Waits until so many rows that match are in one of the states; those rows."""
        def enough():
            rows = [row for row in self.outbox(**match) if row["state"] in states]
            return rows if len(rows) >= count else None
        return wait_until(enough, timeout_s, f"{count} rows of the outbox in {'/'.join(states)} with {match}", 0.05)

    def is_quiet(self):
        status = self.status()
        busy = ("QUEUED", "CLAIMED", "SUBMITTED")
        return status["inbox"]["NEW"] == 0 and sum(status["outbox"][state] for state in busy) == 0

    def wait_quiet(self, timeout_s=60):
        """Nothing left to handle or to send."""
        wait_until(self.is_quiet, timeout_s, "the inbox and the outbox to be quiet", 0.05)

    def wait_log(self, pattern, timeout_s=60, count=1):
        wait_until(lambda: len(re.findall(pattern, self.box.log())) >= count, timeout_s, f"{pattern!r} in the log", 0.05)

    def wait_zalo(self, timeout_s=60, **match):
        """Until the `zalo` object of the status has these members."""
        def has():
            zalo = self.status()["zalo"]
            return zalo if all(zalo[key] == value for key, value in match.items()) else None
        return wait_until(has, timeout_s, f"Zalo to be {match}", 0.05)

    def restart(self, is_zalo_away=False):
        """Ends binhyend in order and starts it again."""
        code = self.box.stop()
        if code != 0:
            raise AssertionError(f"binhyend ended with {code}")
        if not is_zalo_away:
            return self.start()
        self.start_box()
        self.wait_modems()
        return self

    # -- the end --

    def complaints(self):
        return [line for line in self.last_log.splitlines()
                if re.search(r"Sanitizer|runtime error:|CHECK|check_failed|Assertion", line)]

    def close(self):
        try:
            code = self.box.stop(30) if self.box else None
            self.last_log = self.box.log() if self.box else ""
            if code not in (None, 0):
                raise AssertionError(f"binhyend ended with {code}")
            if self.complaints():
                raise AssertionError("the log complains: " + "\n".join(self.complaints()))
        finally:
            self.discard()

    def discard(self):
        if self.box:
            self.box.kill()
            self.last_log = self.last_log or self.box.log()
        for modem in self.modems:
            modem.kill()
        if self.zalo:
            self.zalo.stop()
        shutil.rmtree(self.dir, ignore_errors=True)


class SceneTest(unittest.TestCase):
    maxDiff = None

    def scene(self, start=True, **options):
        scene = Scene(**options)
        self.scenes.append(scene)
        self.addCleanup(scene.close)
        return scene.start() if start else scene

    def run(self, result=None):
        self.scenes = []
        bad, began = len(result.failures) + len(result.errors), time.monotonic()
        super().run(result)
        print(f"    {time.monotonic() - began:.1f} s", file=sys.stderr)
        if len(result.failures) + len(result.errors) > bad:
            for scene in self.scenes:
                tail = scene.last_log.splitlines()[-60:]
                print(f"---- {self.id()}: the end of binhyend's log", *tail, "----", sep="\n", file=sys.stderr)


def main():
    """The first argument is the folder of the binaries; the rest is unittest's, but for --claimed."""
    global bin_dir, is_claimed
    is_claimed = "--claimed" in sys.argv
    sys.argv = [arg for arg in sys.argv if arg != "--claimed"]
    if len(sys.argv) < 2 or not os.path.isdir(sys.argv[1]):
        sys.exit(f"usage: {sys.argv[0]} BIN_DIR [unittest options]")
    bin_dir = pathlib.Path(sys.argv[1]).resolve()
    shard.main([sys.argv[0], *sys.argv[2:]], verbosity=2)
