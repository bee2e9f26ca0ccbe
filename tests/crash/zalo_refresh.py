# SPDX-License-Identifier: GPL-2.0-or-later
"""Kills the Zalo side at every single step of a token refresh: before each write and sync of the database and each
connect, send and receive of the network (tests/lib/crash_points.h), against a Zalo that takes a refresh token once.

Then it is started again, and:
  - a refresh that Zalo did not carry out, or whose new pair was committed, costs nothing: the chain goes on;
  - one that Zalo carried out while the new pair was lost needs a person, after exactly one more attempt; where Zalo
    gives a spent token a grace, that attempt saves the chain;
  - whatever says "ok" can refresh once more.
Nothing between is left out: a run that is not killed tells how many steps there are.
"""
import argparse
import json
import os
import pathlib
import sqlite3
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from simzalo import APP_SECRET, SimZalo  # noqa: E402
from zaloclient import Client, HOUR_MS, MINUTE_MS  # noqa: E402

DUE_MS = 20 * HOUR_MS + MINUTE_MS


class Sweep:
    def __init__(self, args, zalo, tmp, grace):
        self.args, self.zalo, self.tmp, self.grace = args, zalo, tmp, grace
        self.faults, self.kept, self.consent = [], 0, 0
        self.runs = 0

    def start(self):
        """A client in a folder of its own with a fresh pair, and its first poll over."""
        self.runs += 1
        folder = os.path.join(self.tmp, f"{'grace' if self.grace else 'once'}-{self.runs}")
        os.mkdir(folder)
        client = Client(self.args.client, folder, self.zalo.config(poll_s=3600), APP_SECRET).start()
        pair = self.zalo.do("consent")
        if client.ask("set_token", token=pair)["err"] != "OK":
            raise AssertionError("the token was not taken; " + client.log())
        client.until("status", lambda s: s["usable"] and s["last_poll"])
        return client

    def steps(self):
        """How many there are until the new pair is in use and was tried."""
        client = self.start()
        client.ask("crash", at=0, ms=DUE_MS)
        client.until("status", self.is_over)
        steps = client.ask("steps")["steps"]
        client.quit()
        return steps

    @staticmethod
    def is_over(status):
        return status["token_generation"] == 2 and status["state"] == "ok"

    def kill_at(self, step):
        client = self.start()
        before = self.zalo.state()
        if not client.crash(lambda: self.is_over(client.ask("status")), at=step, ms=DUE_MS):
            client.kill()  # a receive more or less
            return
        with sqlite3.connect(os.path.join(client.folder, "box.db")) as db:
            generation, mark = db.execute(
                "SELECT generation, attempt_ms FROM zalo_token ORDER BY generation DESC LIMIT 1").fetchone()
        acted = self.zalo.state()["refreshes"] > before["refreshes"]
        client.start()
        client.ask("clock", ms=MINUTE_MS)
        if not acted and generation == 1:
            client.ask("clock", ms=DUE_MS)
        self.judge(step, client, acted, generation, mark, before)
        client.kill()

    def judge(self, step, client, acted, generation, mark, before):
        def wrong(words):
            self.faults.append(f"step {step} (acted={acted}, generation={generation}, mark={mark}): {words}")
        is_lost = acted and generation == 1
        must_ask = is_lost and not self.grace
        try:
            status = client.until("status", lambda s: s["state"] == "needs_consent" or
                                  (s["state"] == "ok" and s["token_generation"] >= 2), clock_ms=1000)
        except AssertionError as error:
            wrong(str(error)[:200])
            return
        spent = self.zalo.state()["spent_refresh_uses"] - before["spent_refresh_uses"]
        if is_lost and not mark:
            wrong("spent without a mark")
        if must_ask:
            self.consent += 1
            if status["state"] != "needs_consent" or spent != 1:
                wrong(f"state {status['state']}, a spent token used {spent} times")
            return
        self.kept += 1
        if status["state"] != "ok" or spent:
            wrong(f"the chain broke: state {status['state']}, a spent token used {spent} times")
            return
        at = status["token_generation"]
        client.ask("clock", ms=2 * DUE_MS)
        after = client.until("status", lambda s: s["state"] == "needs_consent" or s["token_generation"] > at)
        if after["state"] == "needs_consent":
            wrong("the pair that was kept cannot be refreshed")

    def run(self):
        began = time.monotonic()
        self.zalo.do("grace", ms=60000 if self.grace else 0)
        steps = self.steps()
        for step in range(1, steps + 1):
            self.kill_at(step)
        print(f"{'with a grace' if self.grace else 'single use'}: {steps} steps, chain kept {self.kept}, "
              f"consent needed {self.consent}, {time.monotonic() - began:.0f} s")
        if not self.kept or (not self.grace and not self.consent):
            self.faults.append("no step of one kind: the sweep looked in the wrong place")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("client")
    parser.add_argument("bin", help="folder of the binaries")
    args = parser.parse_args()
    faults = []
    with tempfile.TemporaryDirectory(prefix="binhyen-crash.") as tmp, \
            SimZalo(args.bin, tmp, old_access_lives=True) as zalo:
        for grace in (False, True):
            sweep = Sweep(args, zalo, tmp, grace)
            sweep.run()
            faults += sweep.faults
    for fault in faults[:40]:
        print("WRONG:", fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
