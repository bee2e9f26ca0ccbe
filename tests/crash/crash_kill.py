# SPDX-License-Identifier: GPL-2.0-or-later
"""Kills binhyend and binhyen-modem with SIGKILL at random instants while messages come in and go out.

The simulated modem outlives them and keeps the books of the radio. Afterwards:
  - every text that a resident sent is in exactly one report (equal texts sent twice: two reports);
  - no message was taken by the network twice;
  - every answer that the API acknowledged was sent once, or its row says that it is in doubt or failed;
  - nothing is left half-way, and the database is sound.
"""
import argparse
import collections
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from binhyend import Binhyend, Refused, wait_until  # noqa: E402
from simmodem import SimModem  # noqa: E402


def phone(n):
    return f"+8490000{n:04d}"


class Books:
    """What the residents wrote and what the officer was promised."""

    def __init__(self, rng, count_in):
        self.rng = rng
        self.written = collections.Counter()
        self.count_in = count_in
        self.promised = {}  # outbox id -> text
        self.attempted = 0

    def plan(self):
        """(sender, text) in order: short ones, equal ones, long ones in parts."""
        for n in range(self.count_in):
            sender = phone(self.rng.randrange(100))
            if n % 10 == 7:
                text = f"bao tin {n} " + "dai " * 80 + f"het {n}"
            else:
                text = f"tin {n}"
            if n % 25 == 24:
                text = f"tin {n - 1}"
            self.written[text] += 1
            yield sender, text


class Killer(threading.Thread):
    """Ends one of the two programs every now and then, and starts the daemon again."""

    def __init__(self, daemon, rng, lock):
        super().__init__(daemon=True)
        self.target = daemon
        self.rng = rng
        self.lock = lock
        self.kills = collections.Counter()
        self.is_over = threading.Event()

    def run(self):
        while not self.is_over.wait(self.rng.uniform(0.05, 1.2)):
            with self.lock:
                self.kill_one()

    def kill_one(self):
        pids = self.target.modem_pids()
        if pids and self.rng.random() < 0.5:
            try:
                os.kill(self.rng.choice(pids), signal.SIGKILL)
                self.kills["binhyen-modem"] += 1
            except ProcessLookupError:
                pass
            return
        self.target.kill()
        self.kills["binhyend"] += 1
        time.sleep(self.rng.uniform(0, 0.05))
        self.target.start(wait=False)


def answer_reports(daemon, books, count, lock, is_over):
    """The officer: answers reports again and again, each time with other words."""
    while books.attempted < count and not is_over.is_set():
        try:
            reports = daemon.ctl("reports")["reports"]
            if not reports:
                time.sleep(0.1)
                continue
            report = books.rng.choice(reports)
            text = f"tra loi {books.attempted}"
            books.attempted += 1
            answer = daemon.ctl("answer", report["report"], text)
            books.promised[answer["outbox_id"]] = text
        except (Refused, KeyError, ValueError):
            time.sleep(0.05)
        with lock:
            pass


def all_rows(daemon, what):
    rows, before = [], None
    while True:
        page = daemon.ctl(what, "--limit", 100, *(["--before", before] if before else []))
        rows += page[what]
        before = page["next_before"]
        if not before:
            return rows


def texts_of_reports(daemon):
    texts = collections.Counter()
    for report in all_rows(daemon, "reports"):
        dialogue = daemon.ctl("report", report["report"])["dialogue"]
        texts[dialogue[-1 if report["is_incomplete"] else 0]["text"]] += 1
    return texts


def is_quiet(daemon):
    """Nothing waits and nothing is on its way."""
    outbox = daemon.ctl("status")["outbox"]
    return not (outbox["QUEUED"] or outbox["CLAIMED"] or outbox["SUBMITTED"])


class Verdict:
    def __init__(self):
        self.faults = []

    def check(self, is_right, words):
        if not is_right:
            self.faults.append(words)


def judge(daemon, modem, books):
    verdict = Verdict()
    found = texts_of_reports(daemon)
    for text, count in books.written.items():
        verdict.check(found[text] == count, f"{text[:20]!r}: {found[text]} reports, sent {count} times")
    for text in found:
        verdict.check(text in books.written, f"a report that nobody sent: {text[:20]!r}")
    taken = collections.Counter((row["to"], row["text"]) for row in modem.sent())
    for (_, text), count in taken.items():
        verdict.check(count == 1, f"sent {count} times: {text[:30]!r}")
    rows = {row["id"]: row for row in all_rows(daemon, "outbox")}
    radio = {text for _, text in taken}
    for outbox_id, text in books.promised.items():
        row = rows.get(outbox_id)
        verdict.check(row is not None, f"acknowledged answer {outbox_id} is not in the outbox")
        if row and text not in radio:
            verdict.check(row["state"] in ("IN_DOUBT", "FAILED"), f"answer {outbox_id} is {row['state']}, but was not sent")
    states = collections.Counter(row["state"] for row in rows.values())
    return verdict, states, len(found)


def sound(path):
    with sqlite3.connect(path) as db:
        return db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def run(args, tmp):
    rng = random.Random(args.seed)
    books = Books(rng, args.count_in)
    lock = threading.Lock()
    with SimModem(args.bin, tmp) as modem:
        daemon = Binhyend(args.bin, os.path.join(tmp, "box"), modems=[("modem0", modem.device)])
        daemon.start()
        daemon.wait_modem()
        killer = Killer(daemon, random.Random(args.seed + 1), lock)
        officer = threading.Thread(target=answer_reports, args=(daemon, books, args.count_out, lock, killer.is_over),
                                   daemon=True)
        killer.start()
        officer.start()
        begin = time.monotonic()
        for sender, text in books.plan():
            modem.text(text, sender=sender)
            time.sleep(rng.uniform(0, 2 * args.seconds / args.count_in))
        while sum(killer.kills.values()) < args.kills and time.monotonic() - begin < 4 * args.seconds:
            time.sleep(0.2)
        officer.join(args.seconds)
        killer.is_over.set()
        killer.join()
        officer.join(60)
        wait_until(daemon.is_answering, 30, "binhyend after the last kill")
        daemon.wait_modem(timeout_s=90)
        modem.wait_drained(timeout_s=120)
        wait_until(lambda: is_quiet(daemon), 180, "the outbox to empty", 0.5)
        verdict, states, reports = judge(daemon, modem, books)
        verdict.check(daemon.stop() == 0, "binhyend did not stop cleanly")
    verdict.check(sound(os.path.join(tmp, "box", "box.db")), "the database is damaged")
    print(f"seed {args.seed}: {sum(books.written.values())} in, {reports} different texts in reports, "
          f"{len(books.promised)} of {books.attempted} answers acknowledged, kills {dict(killer.kills)}, "
          f"outbox {dict(states)}, {time.monotonic() - begin:.0f} s")
    return verdict.faults


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", required=True, help="folder of the binaries")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count-in", type=int, default=500)
    parser.add_argument("--count-out", type=int, default=200)
    parser.add_argument("--kills", type=int, default=600 if os.environ.get("BINHYEN_FULL") else 40)
    parser.add_argument("--seconds", type=float, default=45, help="over which the messages come in")
    parser.add_argument("--keep", action="store_true", help="keep the folder")
    args = parser.parse_args()
    tmp = tempfile.mkdtemp(prefix="binhyen-crash.")
    try:
        faults = run(args, tmp)
    finally:
        if args.keep:
            print(tmp)
        else:
            shutil.rmtree(tmp, ignore_errors=True)
    for fault in faults[:40]:
        print("WRONG:", fault)
    print(f"{'1 passed, 0 failed' if not faults else '0 passed, 1 failed'}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
