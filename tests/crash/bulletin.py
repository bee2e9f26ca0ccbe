# SPDX-License-Identifier: GPL-2.0-or-later
"""An emergency goes out while binhyend and binhyen-modem are killed with SIGKILL at the exact points of their work: a
claim is committed and not handed over, the Ctrl-Z is written and not answered, the answer is read and not committed.
At the end the books of the radio are held against the ledger: nobody was told twice, and everybody was told but those
of whom the ledger says that nobody knows.
"""
import argparse
import collections
import http.client
import json
import os
import pathlib
import socket
import sqlite3
import sys
import time

import town  # first: it knows the folder of the library
from binhyend import wait_until
from officers import Office

WORDS = "Nuoc dang len, xin len cho cao ngay"
POINTS = (("CLAIM_COMMITTED", False), ("SEND_HANDED_OVER", False), ("SUBMITTED", True), ("SENT_UNTOLD", False),
          ("COMMIT_WRITTEN", False), ("SENT_TOLD", True), ("COMMIT_SYNCED", False), ("PROMPT_SEEN", False))
# What may still change without another word to anybody.
OPEN = ("NEW", "WAITING", "FLYING")
UNKNOWN = ("DOUBT", "MISSED")


class Course:
    def __init__(self, t, people):
        self.t, self.people = t, people
        self.killed, self.missed = collections.Counter(), collections.Counter()

    def ask(self, method, url, body=None, token=None):
        connection = http.client.HTTPConnection("localhost", timeout=60)
        connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.sock.settimeout(60)
        connection.sock.connect(str(self.t.box.socket))
        headers = {"Authorization": "Bearer " + token} if token else {}
        try:
            connection.request(method, url, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read().decode())
        finally:
            connection.close()

    def begin(self):
        """A hamlet, its residents and its head, and an emergency that two officers have approved."""
        office = Office(self.ask, time.time)
        office.must(200, "POST", "/api/v1/places", {"code": "thon-1", "name": "Thôn 1", "kind": "hamlet", "parent": ""})
        rows = [{"phone": town.phone(i), "name": f"Chủ hộ {i}", "place": "thon-1", "role": "head" if i == 0 else "member"}
                for i in range(self.people)]
        office.must(200, "POST", "/api/v1/residents", {"rows": rows})
        office.claim()
        office.add("van.thu", "clerk")
        office.add("pho.ca", "deputy")
        office.must(200, "POST", "/api/v1/bulletins", {"category": "disaster", "title": "Lũ về", "text": "Xin lên chỗ cao.",
            "sms": WORDS, "audience": {"all": True}}, token=office.tokens["van.thu"])
        office.must(200, "POST", "/api/v1/bulletins/1/submit", {}, token=office.tokens["van.thu"])
        office.must(200, "POST", "/api/v1/bulletins/1/approve", {"version": 1}, token=office.tokens["pho.ca"])

    def ledger(self):
        """(state, reason) of each, by the order in which they came into the registry."""
        path = self.t.box.dir / "box.db"
        db = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=60)
        try:
            return db.execute("SELECT state, reason FROM ledger WHERE delivery_id = 1 ORDER BY resident_id").fetchall()
        finally:
            db.close()

    def open_rows(self):
        return [row for row in self.ledger() if row[0] in OPEN]

    def kill_at(self, point, is_partner):
        name = point + ("/partner" if is_partner else "")
        done = self.t.kill_at(point, 1, is_partner, 10)
        (self.killed if done else self.missed)[name] += 1
        wait_until(self.t.box.is_answering, 120, "binhyend after a kill")

    def run(self, kills):
        points = [POINTS[i % len(POINTS)] for i in range(kills)]
        self.t.rng.shuffle(points)
        for point, is_partner in points:
            if not self.open_rows():
                break
            self.kill_at(point, is_partner)
        self.t.box.wait_modem(count=len(self.t.sims), timeout_s=120)
        wait_until(lambda: not self.open_rows(), 300, "the end of the bulletin", 0.2)

    def faults(self):
        rows, found = self.ledger(), []
        if len(rows) != self.people:
            found.append(f"{len(rows)} rows for {self.people} people")
        for i, (state, reason) in enumerate(rows):
            told = [m for sim in self.t.sims for m in sim.sent(to=town.phone(i)) if WORDS in m["text"] and m["complete"]]
            if len(told) > 1:
                found.append(f"number {i} was told {len(told)} times ({state})")
            if not told and (state not in UNKNOWN or not reason):
                found.append(f"number {i} was not told and is {state} {reason}")
        unknown = sum(state in UNKNOWN for state, _ in rows)
        if unknown > sum(self.killed.values()) * len(self.t.sims):
            found.append(f"{unknown} are not known after {sum(self.killed.values())} kills")
        print(f"{self.people} people: {dict(collections.Counter(state for state, _ in rows))}, killed {dict(self.killed)}, "
              f"not passed {dict(self.missed)}")
        return found


def main():
    is_full = bool(os.environ.get("BINHYEN_FULL"))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", required=True, help="folder of the binaries")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--people", type=int, default=400 if is_full else 24)
    parser.add_argument("--kills", type=int, default=100 if is_full else 5)
    parser.add_argument("--history", type=pathlib.Path, help="write it there and keep it")
    args = parser.parse_args()
    print(f"seed {args.seed}", flush=True)
    # On the air for a while, so that the bulletin outlasts the kills.
    t = town.Town(args.bin, args.seed, ("at",), args.history, {"radio_ms": 300})
    found = ["it did not get to its end"]
    try:
        course = Course(t.start(), args.people)
        course.begin()
        course.run(args.kills)
        found = course.faults()
        code = t.box.stop(60)
        if code != 0:
            found.append(f"binhyend ended with {code}")
        found += [f"the log complains: {line}" for line in t.box.log().splitlines()
                  if any(word in line for word in ("Sanitizer", "runtime error:", "check file=", "Assertion"))]
    finally:
        t.close()
    return town.verdict(found)


if __name__ == "__main__":
    sys.exit(main())
