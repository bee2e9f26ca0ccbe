# SPDX-License-Identifier: GPL-2.0-or-later
"""Kills the Zalo side at every single step of a login, from the code that an administrator brought to the pair in use:
before each write and sync of the database and each connect, send and receive of the network (tests/lib/crash_points.h).

Then it is started again, and:
  - without a pair before, it has the new one or none, and never half of one;
  - with one, it goes on with that or with the new one; only when Zalo gave a new one that was lost may the old chain be
    at its end, since Zalo may call it spent;
  - another login always helps.
Nothing between is left out with BINHYEN_FULL; otherwise every fifth step. A run that is not killed tells how many there
are.
"""
import argparse
import json
import os
import pathlib
import sqlite3
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from simzalo import APP_SECRET, SimZalo  # noqa: E402
from zaloclient import Client, HOUR_MS, MINUTE_MS  # noqa: E402

CALLBACK = "https://callback.example/zalo/"
DUE_MS = 20 * HOUR_MS + MINUTE_MS


class Sweep:
    def __init__(self, args, zalo, tmp, has_pair):
        self.args, self.zalo, self.tmp, self.has_pair = args, zalo, tmp, has_pair
        self.faults, self.runs, self.polled, self.kept, self.new, self.lost = [], 0, 0, 0, 0, 0

    def start(self):
        self.runs += 1
        folder = os.path.join(self.tmp, f"{'again' if self.has_pair else 'first'}-{self.runs}")
        os.mkdir(folder)
        client = Client(self.args.client, folder, self.zalo.config(poll_s=3600, callback_url=CALLBACK), APP_SECRET)
        client.start()
        if self.has_pair:
            pair = self.zalo.do("consent")
            if client.ask("set_token", token=pair)["err"] != "OK":
                raise AssertionError("the token was not taken; " + client.log())
            client.until("status", lambda s: s["usable"] and s["last_poll"])
        self.polled = client.ask("status")["last_poll"]
        return client

    def consent(self, client):
        """What the address bar of the administrator's browser shows at the end."""
        with urllib.request.urlopen(client.ask("login")["url"], timeout=20) as answer:
            return json.load(answer)["redirect"]

    def order(self, client):
        return {"do": "login", "pasted": self.consent(client)}

    def generation(self):
        return 2 if self.has_pair else 1

    def is_over(self, status):
        """The new pair was not only saved, but tried."""
        return status["token_generation"] == self.generation() and status["usable"] and status["last_poll"] != self.polled

    def steps(self):
        client = self.start()
        client.ask("crash", at=0, ms=0, then=self.order(client))
        client.until("status", self.is_over)
        steps = client.ask("steps")["steps"]
        client.quit()
        return steps

    def kill_at(self, step):
        client = self.start()
        order = self.order(client)
        before = self.zalo.control("token")["access_token"]
        if not client.crash(lambda: self.is_over(client.ask("status")), at=step, ms=0, then=order):
            client.kill()
            return
        with sqlite3.connect(os.path.join(client.folder, "box.db")) as db:
            pairs = db.execute("SELECT count(*) FROM zalo_token").fetchone()[0]
            generation = db.execute("SELECT coalesce(max(generation), 0) FROM zalo_token").fetchone()[0]
        acted = self.zalo.control("token")["access_token"] != before
        client.start()
        self.judge(step, client, acted, generation, pairs)
        client.kill()

    def judge(self, step, client, acted, generation, pairs):
        def wrong(words):
            self.faults.append(f"step {step} (acted={acted}, generation={generation}, pairs={pairs}): {words}")
        is_new = generation == self.generation()
        is_lost = acted and not is_new
        if is_new and not acted:
            wrong("a pair that nobody gave")
        self.new += is_new
        self.lost += is_lost
        self.kept += not is_new and not is_lost
        if is_new or (self.has_pair and not is_lost):
            # Whatever there is can be used, and renewed.
            client.until("status", lambda s: s["usable"] and s["state"] == "ok")
            client.ask("clock", ms=DUE_MS)
            status = client.until("status", lambda s: s["state"] == "needs_consent" or s["token_generation"] > generation)
            if status["state"] != "ok":
                wrong(f"the chain broke: state {status['state']}")
        elif not self.has_pair and client.ask("status")["state"] != "no_token":
            wrong("half a pair")
        answer = client.ask("login", pasted=self.consent(client))
        if answer["err"] != "OK":
            wrong(f"another login: {answer}")
            return
        client.until("status", lambda s: s["usable"] and s["state"] == "ok")

    def run(self):
        began = time.monotonic()
        steps = self.steps()
        for step in range(1, steps + 1, 1 if self.args.full else 5):
            try:
                self.kill_at(step)
            except AssertionError as error:
                self.faults.append(f"step {step}: {str(error)[:300]}")
        print(f"{'with a pair before' if self.has_pair else 'the first pair'}: {steps} steps, as before {self.kept}, "
              f"the new pair {self.new}, given and lost {self.lost}, {time.monotonic() - began:.0f} s")
        if not self.kept or not self.new:
            self.faults.append("no step of one kind: the sweep looked in the wrong place")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("client")
    parser.add_argument("bin", help="folder of the binaries")
    parser.add_argument("--full", action="store_true", default=bool(os.environ.get("BINHYEN_FULL")), help="every step")
    args = parser.parse_args()
    faults = []
    with tempfile.TemporaryDirectory(prefix="binhyen-crash.") as tmp, \
            SimZalo(args.bin, tmp, old_access_lives=True, callback=CALLBACK) as zalo:
        for has_pair in (False, True):
            sweep = Sweep(args, zalo, tmp, has_pair)
            sweep.run()
            faults += sweep.faults
    for fault in faults[:40]:
        print("WRONG:", fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
