# SPDX-License-Identifier: GPL-2.0-or-later
"""Kills the Zalo side at every single step of what is done with a group, from the order to its last commit: before each
write and sync of the database and each connect, send and receive of the network (tests/lib/crash_points.h).

Then it is started again, and whatever was ordered (the order's own commit may not have come) is done, once: one group
of one asset, one member more, one head. Nothing between is left out: a run that is not killed tells how many steps
there are. That is with BINHYEN_FULL; otherwise only every sixth step of the creation.
"""
import argparse
import json
import os
import pathlib
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from simzalo import APP_SECRET, SimZalo  # noqa: E402
from zaloclient import Client  # noqa: E402

ADMIN = "9007199254740990001"
ANNA, BINH = "9007199254740993001", "9007199254740993002"
API = "/v3.0/oa/group/"


class Sweep:
    """One operation. A client and a Zalo of its own for each step."""
    name, kind, path = "create", "create", API + "creategroupwithoa"
    order = {"do": "group_create", "place": "thon-3", "asset": "a50", "founders": [ADMIN, ANNA]}

    def __init__(self, args, tmp):
        self.args, self.tmp = args, tmp
        self.faults, self.runs, self.done, self.never, self.twice = [], 0, 0, 0, 0

    def start(self):
        self.runs += 1
        folder = os.path.join(self.tmp, f"{self.name}-{self.runs}")
        os.mkdir(folder)
        zalo = SimZalo(self.args.bin, folder, groups=[]).start()
        client = Client(self.args.client, folder, zalo.config(poll_s=3600, groups=True), APP_SECRET).start()
        client.ask("set_token", token=json.loads(zalo.token_json()))
        zalo.group_do("asset", asset="a50", type="gmf50")
        for user in (ANNA, BINH):
            zalo.write(user, "xin chao")
        client.ask("group_place", code="thon-3", name="Thôn 3", kind="hamlet")
        client.until("group_assets", lambda rows: rows, clock_ms=3600000)
        self.prepare(client, zalo)
        return client, zalo

    def prepare(self, client, zalo):
        """Up to where the order can be given."""

    def acts(self, client):
        return [act for act in client.ask("group_acts", group=1) if act["kind"] == self.kind]

    def is_done(self, client):
        acts = self.acts(client)
        return acts and acts[-1]["state"] == "DONE"

    def wait_done(self, client, clock_ms=0):
        client.until("group_acts", lambda _: self.is_done(client), clock_ms=clock_ms, group=1)

    def steps(self):
        client, zalo = self.start()
        client.ask("crash", at=0, ms=0, then=self.order)
        self.wait_done(client)
        steps = client.ask("steps")["steps"]
        client.quit()
        self.check("uninterrupted", zalo)
        zalo.stop()
        return steps

    def check(self, step, zalo):
        groups = zalo.gmf()["groups"]
        if len(groups) != 1:
            self.faults.append(f"{self.name}, step {step}: {len(groups)} groups")

    def kill_at(self, step):
        client, zalo = self.start()
        if client.crash(lambda: self.is_done(client), at=step, ms=0, then=self.order):
            client.start()
            if self.acts(client):
                self.wait_done(client, clock_ms=20000)
        if self.acts(client):
            self.done += 1
            self.twice += sum(act["attempts"] > 1 for act in self.acts(client))
            self.check(step, zalo)
        else:
            self.never += 1
            if zalo.calls(self.path):
                self.faults.append(f"{self.name}, step {step}: called without an order")
        client.kill()
        zalo.stop()

    def run(self):
        began = time.monotonic()
        steps = self.steps()
        for step in range(1, steps + 1, 1 if self.args.full else 6):
            try:
                self.kill_at(step)
            except AssertionError as error:
                self.faults.append(f"{self.name}, step {step}: {str(error)[:300]}")
        print(f"{self.name}: {steps} steps, done {self.done} ({self.twice} at the second try), never ordered "
              f"{self.never}, {time.monotonic() - began:.0f} s")
        if not self.done or not self.never:
            self.faults.append(f"{self.name}: no step of one kind, the sweep looked in the wrong place")
        return self.faults


class Made(Sweep):
    """Begins with a group."""
    def prepare(self, client, zalo):
        client.ask("group_create", place="thon-3", asset="a50", founders=[ADMIN, ANNA])
        client.until("group_list", lambda rows: rows and rows[0]["listed"] and rows[0]["requests"])
        client.until("group_acts", lambda acts: all(act["state"] == "DONE" for act in acts), group=1)
        self.group = zalo.gmf()["groups"][0]["group_id"]

    def members(self, zalo):
        return {m["user_id"]: m["admin"] for m in zalo.gmf()["groups"][0]["members"]}


class Accept(Made):
    name, kind, path = "accept", "accept", API + "acceptpendinginvite"
    order = {"do": "group_answer", "group": 1, "person": 3, "accept": True}

    def prepare(self, client, zalo):
        super().prepare(client, zalo)
        zalo.group_do("join", group=self.group, user=BINH)
        client.ask("group_look", group=1)
        client.until("group_people", lambda rows: any(row["state"] == "ASKING" for row in rows), group=1)
        client.until("group_list", lambda rows: rows[0]["listed"])

    def check(self, step, zalo):
        if BINH not in self.members(zalo):
            self.faults.append(f"{self.name}, step {step}: not let in")


class Handover(Made):
    name, kind, path = "handover", "handover", API + "addadmins"
    order = {"do": "group_handover", "group": 1, "person": 2}

    def prepare(self, client, zalo):
        super().prepare(client, zalo)
        client.ask("group_handover", group=1, person=1)
        client.until("group_acts", lambda acts: acts[-1]["state"] == "DONE", group=1)

    def is_done(self, client):
        acts = self.acts(client)
        return len(acts) > 1 and acts[-1]["state"] == "DONE"

    def acts(self, client):
        acts = super().acts(client)
        return acts if len(acts) > 1 else []

    def check(self, step, zalo):
        if self.members(zalo) != {ADMIN: False, ANNA: True}:
            self.faults.append(f"{self.name}, step {step}: rights are {self.members(zalo)}")

    def kill_at(self, step):
        calls, self.path = self.path, "/never"
        super().kill_at(step)
        self.path = calls


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("client")
    parser.add_argument("bin", help="folder of the binaries")
    parser.add_argument("--full", action="store_true", default=bool(os.environ.get("BINHYEN_FULL")),
                        help="every step of every operation")
    args = parser.parse_args()
    faults = []
    with tempfile.TemporaryDirectory(prefix="binhyen-crash.") as tmp:
        for sweep in (Sweep, Accept, Handover) if args.full else (Sweep,):
            faults += sweep(args, tmp).run()
    for fault in faults[:40]:
        print("WRONG:", fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
