# SPDX-License-Identifier: GPL-2.0-or-later
"""Kills binhyend and binhyen-modem with SIGKILL while messages come in and go out: at random instants, and at the exact
points of their work that tests/crash/mischief.c knows (a claim is committed and not handed over, the Ctrl-Z is written
and not answered, a message is committed and not deleted, ...), either the one that stands there or its partner.

The simulated modems outlive them and keep the books of the radio; check_history.py says what must hold.
"""
import argparse
import collections
import os
import pathlib
import sys
import time

import town
from mischief import DAEMON_POINTS, MODEM_POINTS
from town import Away, Town

LISTING = "IN_LISTING"  # only the driver at lists


class Course:
    """So many messages in and out, so many kills, spread over one another."""

    def __init__(self, t, args):
        self.t, self.rng, self.args = t, t.rng, args
        points = DAEMON_POINTS + tuple(p for p in MODEM_POINTS if "at" in t.drivers or p != LISTING)
        self.points = [(point, is_partner) for point in points for is_partner in (False, True)]
        self.rng.shuffle(self.points)
        self.killed = collections.Counter()
        self.missed = collections.Counter()
        self.next_point = 0

    def kill(self):
        before = self.t.counts["kills"]
        if self.rng.random() < self.args.random:
            name = "random"
            if self.rng.random() < 0.5 or not self.t.kill_modem():
                self.t.kill_daemon()
        else:
            point, is_partner = self.points[self.next_point % len(self.points)]
            self.next_point += 1
            name = point + ("/partner" if is_partner else "")
            self.at_point(point, is_partner)
        if self.t.counts["kills"] > before:
            self.killed[name] += 1
        else:
            self.missed[name] += 1

    def at_point(self, point, is_partner):
        """Something is made to happen that leads there; a start begins with an end."""
        passes = self.rng.choice((1, 1, 2, 3))
        if point.endswith("STARTING"):
            passes = self.rng.randrange(1, 40)
            self.t.mischief.stop_at(point, passes)
            self.t.kill_daemon() if point == "DAEMON_STARTING" else self.t.kill_modem()
        else:
            self.t.mischief.stop_at(point, passes)
        end = time.monotonic() + self.args.patience
        while not self.t.mischief.get("reached") and time.monotonic() < end:
            self.work()
        self.t.kill_reached(is_partner)

    def left(self):
        counts = self.t.counts
        return {"wrote": self.args.count_in - counts["wrote"], "asked": self.args.count_out - counts["asked"],
                "kills": self.args.kills - counts["kills"]}

    def work(self):
        """A message or two, at the pace at which the kills go."""
        left = self.left()
        done = 1 - max(0, left["kills"]) / max(1, self.args.kills)
        if left["wrote"] > 0 and self.t.counts["wrote"] <= self.args.count_in * done + 8:
            self.t.write()
        if left["asked"] > 0 and self.t.counts["asked"] <= self.args.count_out * done + 4:
            self.t.answer()
        if self.rng.random() < 0.01:
            self.t.poison()
        if self.rng.random() < 0.01:
            self.t.call()
        time.sleep(self.rng.uniform(0.005, 0.05))

    def run(self):
        looked = 0
        while max(self.left().values()) > 0:
            if not self.t.is_alive():
                self.t.restart()
            for _ in range(self.rng.randrange(1, 6)):
                self.work()
            if self.left()["kills"] > 0:
                self.kill()
            if self.args.verbose and self.t.counts["kills"] >= looked + 50:
                looked = self.t.counts["kills"]
                print(f"{time.monotonic() - self.t.begun:.0f} s: {self.t.counts}", flush=True)
            try:
                self.t.ledger.look(self.t.office, new_only=True)
            except Away:
                pass


def main():
    is_full = bool(os.environ.get("BINHYEN_FULL"))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", required=True, help="folder of the binaries")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--officers", action="store_true", help="on a box whose reports are sealed to officers")
    parser.add_argument("--count-in", type=int, help="messages of residents")
    parser.add_argument("--count-out", type=int, help="answers")
    parser.add_argument("--kills", type=int)
    parser.add_argument("--random", type=float, default=0.4 if is_full else 0.2, help="share of the kills at any instant")
    parser.add_argument("--patience", type=float, default=3, help="seconds to wait until a point is passed")
    parser.add_argument("--drivers", default="at,at", help="of each modem")
    parser.add_argument("--drain", type=float, default=300, help="seconds in which everything must have come to its end")
    parser.add_argument("--history", type=pathlib.Path, help="write it there and keep it")
    parser.add_argument("--keep", action="store_true", help="keep the folder")
    parser.add_argument("--verbose", action="store_true", help="tell how far it is")
    args = parser.parse_args()
    usual = (400, 200, 100) if is_full and args.officers else (2000, 1000, 1000) if is_full else \
        (30, 15, 12) if args.officers else (60, 30, 32)
    for name, count in zip(("count_in", "count_out", "kills"), usual):
        if getattr(args, name) is None:
            setattr(args, name, count)
    print(f"seed {args.seed}", flush=True)
    t = Town(args.bin, args.seed, args.drivers.split(","), args.history,
             deputies=2 * args.kills + 4 if args.officers else 0)
    faults = ["it did not get to its end"]
    try:
        course = Course(t.start(), args)
        course.run()
        town.wait_until(t.box.is_answering, 60, "binhyend after the last kill")
        t.box.wait_modem(count=len(t.sims), timeout_s=120)
        took_s = t.drain(args.drain)
        faults = t.finish()
        print(f"{t.counts['kills']} kills {dict(sorted(course.killed.items()))}, not passed in time "
              f"{dict(sorted(course.missed.items()))}, drained in {took_s:.0f} s, {time.monotonic() - t.begun:.0f} s")
    finally:
        t.close(keep=args.keep)
    return town.verdict(faults)


if __name__ == "__main__":
    sys.exit(main())
