# SPDX-License-Identifier: GPL-2.0-or-later
"""Random faults of everything around binhyend, one after the other and at once, while messages go in and out: the
modem, the network, the SIM card, the cable, the processes, the disk, the clock. A history is written of what the radio
saw and what the store says, and check_history.py judges it. A seed gives the same faults in the same order.
"""
import argparse
import os
import pathlib
import sys
import time

import town
from mischief import POINTS
from town import Away, SimModemError, Town

CMS = (-1, 1, 8, 21, 27, 30, 38, 42, 47, 69, 95, 111, 128, 208, 213, 300, 302, 303, 304, 310, 313, 314, 320, 321, 322,
       330, 331, 332, 340, 500, 512)
CME = (-1, 0, 3, 4, 10, 11, 13, 14, 16, 20, 21, 22, 23, 30, 31, 32, 100, 103, 515)
# Errors after which the network may well have the segment: what the standards leave open.
UNCLEAR = (-1, 332, 500)
COMMANDS = ("CMGL", "CMGR", "CMGD", "CPMS", "CSQ", "CREG", "CNMI", "any", "CPIN", "COPS")
HOUR_MS, DAY_MS = 3600000, 86400000
PENDING_MAX = 8


class Storm:
    def __init__(self, t, seconds):
        self.t, self.rng, self.seconds = t, t.rng, seconds
        self.later = []  # (when, what) that ends a fault
        self.home = {sim.name: sim.options["imsi"] for sim in t.sims}
        self.other = {sim.name: f"45299000000007{i}" for i, sim in enumerate(t.sims)}
        self.away = set()  # names of modems that are unplugged
        self.changed = set()  # modems whose other card may still have something on it
        self.done = {}

    # -- faults of one modem --

    def wait_for(self, sim, what, on, **fields):
        """A fault of a command to come. Only a few wait at a time: in an hour of modems that are away more faults are
        thought of than commands are asked, and a modem all of whose answers are wrong does no work that could go wrong."""
        if len(sim.status()["faults"]) < PENDING_MAX:
            sim.fault(what, on, **fields)

    def one_command(self, sim):
        """The next time that a command is heard, something is wrong with its answer."""
        what = self.rng.choice(("late", "late", "missing", "split", "garble", "urc_inside", "cms", "cme", "hang", "echo",
                                "noise", "drop_registration"))
        on = self.rng.choice(COMMANDS)
        fields = {"count": self.rng.choice((1, 1, 1, 2, 5)), "skip": self.rng.randrange(3)}
        if what == "late":
            fields.update(ms=self.rng.choice((200, 1500, 4000, 12000)), block=self.rng.random() < 0.5)
        elif what == "hang":
            fields.update(ms=self.rng.choice((2000, 9000, 25000)), count=1)
        elif what == "cms":
            fields.update(code=self.rng.choice(CMS))
        elif what == "cme":
            fields.update(code=self.rng.choice(CME))
        elif what == "drop_registration":
            fields.update(ms=self.rng.choice((500, 8000)), count=1)
        elif what == "noise":
            fields.update(bytes=self.rng.choice((1, 7, 200)))
        self.wait_for(sim, what, on, **fields)

    def one_submission(self, sim):
        """Something is wrong with the next message out."""
        what = self.rng.choice(("late", "late", "missing", "split", "garble", "error_but_sent", "no_prompt", "hang_before",
                                "hang_after", "cms", "cme", "lost_ctrl_z", "reboot", "unplug"))
        if what == "late":
            self.wait_for(sim, "late", "CMGS", ms=self.rng.choice((300, 3000, 12000, 50000)), block=self.rng.random() < 0.3)
        elif what == "error_but_sent":
            self.wait_for(sim, what, "CMGS", code=self.rng.choice(UNCLEAR))
        elif what.startswith("hang"):
            at = "answer" if what == "hang_after" else None
            self.wait_for(sim, "hang", "CMGS", ms=self.rng.choice((3000, 20000)), at=at)
        elif what in ("cms", "cme"):
            code = self.rng.choice(CMS if what == "cms" else CME)
            self.wait_for(sim, what, "CMGS", code=code, at=self.rng.choice(("prompt", "answer")))
        elif what in ("reboot", "unplug"):  # in the middle of it
            self.wait_for(sim, "late", "CMGS", ms=1500, block=True)
            self.at(self.rng.uniform(0.1, 2), lambda: self.power(sim, what))
        else:
            self.wait_for(sim, what, "CMGS")

    def power(self, sim, what=None):
        what = what or self.rng.choice(("reboot", "unplug"))
        if sim.name in self.away:
            return
        if what == "reboot":
            sim.reboot(ms=self.rng.choice((300, 2000, 6000)))
            return
        try:
            sim.unplug()
        except SimModemError:
            return  # it reboots
        self.away.add(sim.name)
        self.at(self.rng.uniform(0.2, 8), lambda: self.plug(sim))

    def plug(self, sim):
        if sim.name in self.away:
            self.away.discard(sim.name)
            sim.plug()

    def card(self, sim):
        """Somebody changes the SIM card, notices, and puts the right one back."""
        if sim.name in self.away or not self.unplugged(sim):
            return
        self.changed.add(sim)
        sim.card(self.other[sim.name])
        self.plug(sim)
        self.at(self.rng.uniform(5, 20), lambda: self.card_back(sim))

    def unplugged(self, sim):
        try:
            sim.unplug()
        except SimModemError:
            return False
        self.away.add(sim.name)
        return True

    def card_back(self, sim):
        if sim.name not in self.away and not self.unplugged(sim):
            self.at(1, lambda: self.card_back(sim))
            return
        sim.card(self.home[sim.name])
        self.plug(sim)

    def indications(self, sim):
        sim.fault(self.rng.choice(("drop_urc", "double_urc")), count=self.rng.randrange(1, 6))

    def noise(self, sim):
        sim.fault(self.rng.choice(("noise", "echo")), bytes=self.rng.choice((1, 20, 300)))

    def hang(self, sim):
        sim.fault("hang", ms=self.rng.choice((1000, 8000, 30000)))

    def network(self, sim):
        if self.rng.random() < 0.3:
            sim.network(signal=self.rng.choice((0, 3, 31, 99)))
        sim.network(self.rng.choice(("searching", "denied", "none", "unknown", "roaming")),
                    ms=self.rng.choice((300, 4000, 15000)))

    def sim_state(self, sim):
        sim.request("sim", state=self.rng.choice(("absent", "busy", "SIM PIN")))
        self.at(self.rng.uniform(0.5, 8), lambda: sim.request("sim", state="ready"))

    def full(self, sim):
        """More than the SIM holds, at once."""
        for _ in range(self.rng.randrange(8, 30)):
            self.t.write(sim)

    def slow(self, sim):
        sim.fault("late", "any", ms=self.rng.choice((150, 900)), count=self.rng.randrange(5, 40), block=True)

    def reports(self, sim):
        sim.auto_report(delay_ms=self.rng.choice((0, 50, 3000)),
                        how=self.rng.choice(("", "cds", "cdsi", "cdsi_wrong_memory", "off")))

    # -- faults of the box --

    def stop(self, pid):
        os.kill(pid, town.signal.SIGSTOP)
        self.at(self.rng.choice((0.05, 1, 6, 20)), lambda: self.go_on(pid))

    def go_on(self, pid):
        try:
            os.kill(pid, town.signal.SIGCONT)
        except ProcessLookupError:
            pass

    def process(self, _):
        what = self.rng.choice(("kill_daemon", "kill_modem", "kill_modem", "stop_modem", "stop_daemon", "at"))
        modems = self.t.box.modem_pids()
        if what == "kill_daemon":
            self.t.kill_daemon()
        elif what == "kill_modem":
            self.t.kill_modem()
        elif what == "stop_modem" and modems:
            self.stop(self.rng.choice(modems))
        elif what == "stop_daemon" and self.t.is_alive():
            pid = self.t.box.process.pid
            os.kill(pid, town.signal.SIGSTOP)
            time.sleep(self.rng.choice((0.05, 0.5, 2)))
            self.go_on(pid)
        elif what == "at":
            self.t.kill_at(self.rng.choice(POINTS), self.rng.randrange(1, 4), self.rng.random() < 0.3, 1)

    def disk(self, _):
        page = self.t.mischief
        if self.rng.random() < 0.5:
            page.set("sync_ms", self.rng.choice((30, 300)))
            self.at(self.rng.uniform(1, 10), lambda: page.set("sync_ms", 0))
        else:
            page.set("disk_is_full", 1)
            self.at(self.rng.uniform(0.2, 6), lambda: page.set("disk_is_full", 0))

    def clock(self, _):
        by_ms = self.rng.choice((-1, 1)) * self.rng.choice((90000, HOUR_MS, 5 * HOUR_MS, DAY_MS, 400 * DAY_MS))
        page = self.t.mischief
        page.set("wall_offset_ms", max(-10 * 365 * DAY_MS, min(10 * 365 * DAY_MS, page.get("wall_offset_ms") + by_ms)))

    # -- the course of it --

    def at(self, after_s, what):
        self.later.append((time.monotonic() + after_s, what))

    def ends(self):
        now = time.monotonic()
        due = [what for when, what in self.later if when <= now]
        self.later = [(when, what) for when, what in self.later if when > now]
        for what in due:
            what()

    def accept(self):
        """An officer looks at modems that say that something about them was changed."""
        try:
            for modem in self.t.office.get("modems")["modems"]:
                if modem.get("swapped"):
                    self.t.office.ask("POST", f"modems/{modem['name']}/accept", {})
        except Away:
            pass

    def one_fault(self):
        weights = {self.one_command: 30, self.one_submission: 30, self.power: 4, self.card: 1, self.indications: 6,
                   self.noise: 5, self.hang: 2, self.network: 5, self.sim_state: 3, self.full: 2, self.slow: 3,
                   self.reports: 2, self.process: 8, self.disk: 3, self.clock: 2}
        fault = self.rng.choices(list(weights), list(weights.values()))[0]
        sim = self.rng.choice(self.t.sims)
        name = fault.__name__
        self.done[name] = self.done.get(name, 0) + 1
        self.t.ledger.note("fault", what=name, modem=sim.name)
        try:
            fault(sim)
        except SimModemError as e:
            self.t.ledger.note("fault", what=name, refused=str(e))

    def step(self):
        choice = self.rng.random()
        if choice < 0.35:
            self.t.write()
        elif choice < 0.50:
            self.t.answer()
        elif choice < 0.52:
            self.t.poison()
        elif choice < 0.54:
            self.t.call()
        elif choice < 0.75:
            self.one_fault()
        time.sleep(self.rng.uniform(0.01, 0.3))
        self.ends()

    def rage(self):
        end, next_look = time.monotonic() + self.seconds, 0
        while time.monotonic() < end:
            if not self.t.is_alive():
                self.t.restart()  # as systemd would
            self.step()
            if time.monotonic() > next_look:
                next_look = time.monotonic() + 5
                try:
                    self.t.ledger.look(self.t.office)
                except Away:
                    pass
                self.accept()

    def calm(self):
        """Everything is as it should be again."""
        while self.later:
            self.ends()
            time.sleep(0.05)
        self.t.mischief.set("disk_is_full", 0)
        self.t.mischief.set("sync_ms", 0)
        for sim in self.t.sims:
            sim.clear_faults()
            sim.network("home", signal=20)
            sim.request("sim", state="ready")
            sim.auto_report(delay_ms=50)
            town.wait_until(lambda s=sim: s.status()["plugged"], 20, "the modem's power")
        if not self.t.is_alive():
            self.t.restart()
        town.wait_until(self.t.box.is_answering, 60, "binhyend after the storm")
        town.wait_until(self.are_ready, 120, "the modems after the storm", 0.5)

    def empty_cards(self, limit_s):
        """What came for the other number is read too, once somebody puts that card in again."""
        for sim in self.changed:
            for card in (self.other[sim.name], self.home[sim.name]):
                sim.unplug()
                sim.card(card)
                sim.plug()
                town.wait_until(self.are_ready, 120, "the modem with another card", 0.5)
                sim.wait_drained(limit_s)

    def are_ready(self):
        self.accept()
        return self.t.box.modem_ready(len(self.t.sims))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", required=True, help="folder of the binaries")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=3600 if os.environ.get("BINHYEN_FULL") else 20)
    parser.add_argument("--drain", type=float, default=1800 if os.environ.get("BINHYEN_FULL") else 300,
                        help="seconds in which everything must have come to its end")
    parser.add_argument("--drivers", default="at,at", help="of each modem")
    parser.add_argument("--history", type=pathlib.Path, help="write it there and keep it")
    parser.add_argument("--keep", action="store_true", help="keep the folder")
    args = parser.parse_args()
    print(f"seed {args.seed}", flush=True)
    t = Town(args.bin, args.seed, args.drivers.split(","), args.history)
    faults = ["it did not get to its end"]
    try:
        storm = Storm(t.start(), args.seconds)
        storm.rage()
        storm.calm()
        storm.empty_cards(args.drain)
        took_s = t.drain(args.drain)
        faults = t.finish()
        print(f"{sum(storm.done.values())} faults {dict(sorted(storm.done.items()))}, {t.counts['kills']} kills, drained "
              f"in {took_s:.0f} s, {time.monotonic() - t.begun:.0f} s")
    finally:
        t.close(keep=args.keep or (bool(faults) and bool(os.environ.get("BINHYEN_KEEP"))))
    return town.verdict(faults)


if __name__ == "__main__":
    sys.exit(main())
