# SPDX-License-Identifier: GPL-2.0-or-later
"""How long a login takes that is refused, and whether that tells why: a name that nobody has, one whose officer is
locked, and a wrong passphrase have to take the same time. The noise of the machine is that of one kind with itself."""
import http.client
import json
import socket
import sqlite3
import statistics
import time

from binhyend import Binhyend
from figure import Figure, percentile
from officers import PASSPHRASE, Office

FREE_TRIES = 3  # of a name, before it has to wait


class Connection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(30)
        self.sock.connect(self.path)


def asker(box):
    def ask(method, path, body=None, token=None):
        connection = Connection(box.socket)
        try:
            connection.request(method, path, None if body is None else json.dumps(body),
                               {"Authorization": "Bearer " + token} if token else {})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()
    return ask


def take(ask, login):
    """Milliseconds of one refused login."""
    began = time.perf_counter()
    status, answer = ask("POST", "/api/v1/login", {"login": login, "passphrase": PASSPHRASE + "x", "totp": "000000"})
    took = time.perf_counter() - began
    if status != 401:
        raise RuntimeError(f"{login}: {status} {answer}")
    return 1000 * took


def forget_failures(box):
    """Past the daemon: otherwise hours would pass between the samples."""
    with sqlite3.connect(box.dir / "box.db", timeout=10) as db:
        db.execute("DELETE FROM login_try")


def measure(bench):
    rounds = max(2, bench.size.departures)
    kinds = {"chief": [], "ghost": [], "locked": [], "new": []}
    with Binhyend(bench.bin_dir, bench.folder("login")) as box:
        ask = asker(box)
        office = Office(ask, time.time)
        office.claim("chief")
        office.add("locked", "duty", "chief")
        office.must(200, "POST", "/api/v1/officers/locked/state", {"do": "lock"}, token=office.tokens["chief"])
        office.must(200, "POST", "/api/v1/officers", {"login": "new", "name": "N", "role": "duty"},
                    token=office.tokens["chief"])
        for _ in range(rounds):
            for _ in range(FREE_TRIES):
                for login in bench.random.sample(sorted(kinds), len(kinds)):
                    kinds[login].append(take(ask, login))
            forget_failures(box)
    middle = {login: statistics.median(values) for login, values in kinds.items()}
    half = len(kinds["chief"]) // 2
    return [
        Figure("login: wrong passphrase, refused after", "ms", middle["chief"]),
        Figure("login: its slowest tenth", "ms", percentile(kinds["chief"], 90)),
        Figure("login: the same, second half beside first", "ms", statistics.median(kinds["chief"][half:]),
               statistics.median(kinds["chief"][:half]), peer_name="first half"),
        Figure("login: a name that nobody has", "ms", middle["ghost"], middle["chief"], peer_name="wrong passphrase"),
        Figure("login: an officer who is locked", "ms", middle["locked"], middle["chief"],
               peer_name="wrong passphrase"),
        Figure("login: one who never set a passphrase", "ms", middle["new"], middle["chief"],
               peer_name="wrong passphrase"),
    ]
