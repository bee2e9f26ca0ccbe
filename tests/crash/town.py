# SPDX-License-Identifier: GPL-2.0-or-later
"""What the crash tests share: residents and officers who write all the time, simulated modems, a real binhyend under
mischief.c, and the books of everything (tests/lib/ledger.py). Whatever is chosen follows from one seed."""
import os
import pathlib
import random
import shutil
import signal
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from binhyend import Binhyend, wait_until  # noqa: E402
from ledger import Away, Ledger, Office  # noqa: E402
from mischief import Mischief  # noqa: E402
from simmodem import SimModem, SimModemError  # noqa: E402
import check_history  # noqa: E402

DUTY = "+84900009001"
HEAD, SENDER, STAMP = "07914809009000F0", "0B914809000010F2", "62112241509082"
POISON = (
    HEAD + "44" + SENDER + "0004" + STAMP + "8C" + "FF" * 140,  # a header longer than its message
    HEAD + "04" + SENDER + "0000" + STAMP + "FF" + "00" * 150,  # more septets than there are octets
    "0004",
    HEAD + "04" + SENDER + "0000",
    HEAD + "44" + SENDER + "0004" + STAMP + "0A0605040B8423F0010203",  # a notice of an MMS
)


def phone(n):
    return f"+8490000{n:04d}"


class Town:
    """One modem for each name in `drivers` ("at", "gammu"). deputies: of a box with officers, one for each death and
    some more; 0 a box without."""

    def __init__(self, bin_dir, seed, drivers=("at",), history=None, sim_options=None, deputies=0):
        self.rng = random.Random(seed)
        self.dir = tempfile.mkdtemp(prefix="bhc.")  # short: a socket's path has 107 bytes
        self.ledger = Ledger(history or os.path.join(self.dir, "history.jsonl"))
        self.ledger.note("town", seed=seed, drivers=list(drivers))
        self.mischief = Mischief(bin_dir, self.dir)
        self.drivers, self.deputies = drivers, deputies
        self.sims, self.box = [], None
        self.counts = {"wrote": 0, "asked": 0, "poison": 0, "called": 0, "kills": 0}
        self.begun = time.monotonic()
        try:
            for i in range(len(drivers)):
                options = {"imsi": f"45299000000000{i + 1}", "imei": f"35999900000000{i + 1}", "slots": 15,
                           "seed": seed * 10 + i}
                sim = SimModem(str(bin_dir), self.dir, name=f"modem{i}", **{**options, **(sim_options or {})})
                self.sims.append(sim.start())
                sim.auto_report(delay_ms=200)
            modems = [{"name": sim.name, "device": sim.device, "driver": driver}
                      for sim, driver in zip(self.sims, drivers)]
            self.box = Binhyend(bin_dir, os.path.join(self.dir, "box"), duty_phones=[DUTY], extra={"modems": modems},
                                env=self.mischief.env())
        except BaseException:
            self.close()
            raise
        self.office = Office(self.box.socket)

    def start(self):
        self.box.start()
        self.box.wait_modem(count=len(self.sims), timeout_s=90)
        if self.deputies:
            self.office.claim(self.deputies, lambda: self.box.process and self.box.process.pid)
        return self

    # -- residents --

    def text(self):
        """Words that occur once, in each part of a long text too."""
        n = self.counts["wrote"]
        kind = self.rng.randrange(10)
        if kind == 0:
            return f"tin {n} " + "".join(f"dai {n}/{i} " for i in range(self.rng.randrange(18, 60))) + "het"
        if kind == 1:
            return f"Cháy ở ấp {n}, " + "".join(f"nhà {n}/{i} đã đổ, " for i in range(self.rng.randrange(5, 12)))
        if kind == 2:
            return f"Nước lên ở ấp {n}"
        return f"tin bao {n}"

    def write(self, sim=None, text=None):
        sim = sim or self.rng.choice(self.sims)
        text = text or self.text()
        self.counts["wrote"] += 1
        answer = sim.text(text, sender=phone(self.rng.randrange(200)))
        self.ledger.note("wrote", modem=sim.name, ids=answer["ids"], text=text)

    def poison(self, sim=None):
        sim = sim or self.rng.choice(self.sims)
        self.counts["poison"] += 1
        answer = sim.pdu(self.rng.choice(POISON))
        self.ledger.note("poison", modem=sim.name, id=answer["id"])

    def call(self, sim=None):
        sim = sim or self.rng.choice(self.sims)
        try:
            sim.call(phone(300 + self.counts["called"]), rings=3, ring_ms=300)
        except SimModemError:
            return  # nobody is reached
        self.counts["called"] += 1
        self.ledger.note("called", modem=sim.name)

    # -- officers --

    def answer(self):
        """Some report is answered, each time with other words."""
        n = self.counts["asked"]
        kind = self.rng.randrange(8)
        text = f"tra loi {n}"
        if kind == 0:
            text = f"tra loi {n} " + "".join(f"viec {n}/{i} " for i in range(self.rng.randrange(18, 45))) + "het"
        elif kind == 1:
            text = f"Trả lời {n}: đã cử người đến"
        try:
            reports = self.office.get("reports?limit=30")["reports"]
            if not reports:
                return
            report = self.rng.choice(reports)["report"]
            self.counts["asked"] += 1
            self.ledger.note("asked", text=text)
            status, body = self.office.ask("POST", f"reports/{report}/answer", {"text": text})
        except Away:
            return
        if status < 300:
            self.ledger.note("promised", outbox=body["outbox_id"], text=text)

    # -- the programs --

    def restart(self):
        """The next life of a binhyend that is gone."""
        self.box.kill()
        self.box.start(wait=False)

    def count_kill(self):
        self.counts["kills"] += 1
        self.ledger.note("kill")

    def is_alive(self):
        return self.box.process is not None and self.box.process.poll() is None

    def kill_daemon(self):
        self.count_kill()
        self.box.kill()
        self.box.start(wait=False)

    def kill_modem(self):
        pids = self.box.modem_pids()
        if not pids:
            return False
        try:
            os.kill(self.rng.choice(pids), signal.SIGKILL)
        except ProcessLookupError:
            return False
        self.count_kill()
        return True

    def kill_at(self, point, passes=1, is_partner=False, timeout_s=3):
        """Kills who stands still at that point of mischief.c, or its partner at that instant."""
        self.mischief.stop_at(point, passes)
        self.mischief.wait(timeout_s)
        return self.kill_reached(is_partner)

    def kill_reached(self, is_partner):
        """The same for a point that was set before; whoever stands there goes on if he is not the one."""
        pid = self.mischief.get("reached")
        stands_in_daemon = self.box.process is not None and pid == self.box.process.pid
        before = self.counts["kills"]
        if pid and stands_in_daemon != is_partner:
            self.box.kill()
            self.mischief.go_on()
            self.box.start(wait=False)
            self.count_kill()
        elif pid and is_partner:
            self.kill_modem()
        elif pid:
            os.kill(pid, signal.SIGKILL)
            self.count_kill()
        self.mischief.go_on()
        return self.counts["kills"] > before

    # -- the end --

    def wall_ms(self):
        """As binhyend sees it."""
        return time.time() * 1000 + self.mischief.get("wall_offset_ms")

    def to_come(self):
        """Alarms that keep their distance from the one before: nobody takes them on, so there is always another."""
        now_ms = self.wall_ms()
        return sum(row["state"] == "QUEUED" and row["kind"] == "alarm" and not row["attempts"]
                   and check_history.milliseconds(row["due"]) > now_ms for row in self.office.pages("outbox"))

    def left(self):
        """What is not yet where it belongs; empty when all is quiet."""
        try:
            status = self.office.get("status")
        except Away:
            return {"binhyend": "does not answer"}
        outbox = {state: status["outbox"][state] for state in ("QUEUED", "CLAIMED", "SUBMITTED")}
        outbox["QUEUED"] -= self.to_come() if outbox["QUEUED"] else 0
        left = {key: count for key, count in outbox.items() if count}
        if status["inbox"]["NEW"] or status["inbox"]["WAITING"]:
            left["inbox"] = status["inbox"]
        for sim in self.sims:
            state = sim.status()
            used = sum(memory["used"] for memory in state["memories"].values())
            if used or state["backlog"]:
                left[sim.name] = {"used": used, "backlog": state["backlog"]}
        return left

    def drain(self, limit_s):
        """Waits until nothing is left; how long that took."""
        begun = time.monotonic()
        left = self.left()
        while left and time.monotonic() - begun < limit_s:
            time.sleep(0.25)
            if not self.is_alive():
                self.restart()
            left = self.left()
        self.ledger.note("end", drained=not left, left=left, seconds=round(time.monotonic() - begun), at_ms=self.wall_ms())
        return time.monotonic() - begun

    def finish(self):
        """Asks the store, ends binhyend in order and judges: the violations."""
        wait_until(self.box.is_answering, 60, "binhyend at the end")
        self.ledger.store(self.office)
        code = self.box.stop(30)
        self.ledger.journals(self.sims)
        self.ledger.log(self.box.log())
        self.ledger.database(self.box.dir / "box.db")
        events = check_history.load(self.ledger.path)
        if self.deputies:
            events = self.ledger.as_shown(events)
        faults = check_history.check(events)
        # The escrow and who leads, whatever died when; without officers the box itself.
        readers = {-1} | self.ledger.leaders if self.deputies else {0}
        faults += [f"report {report} is sealed to {sorted(holders)}, not to {sorted(readers)}"
                   for report, holders in self.ledger.holders.items() if holders != readers]
        if code != 0:
            faults.append(f"binhyend ended with {code}")
        faults += [f"the log complains: {line}" for line in self.box.log().splitlines()
                   if any(word in line for word in ("Sanitizer", "runtime error:", "check file=", "Assertion"))]
        print(check_history.summary(events))
        return faults

    def close(self, keep=False):
        self.mischief.go_on()
        if self.box:
            self.box.kill()
        for sim in self.sims:
            sim.kill()
        self.ledger.close()
        if keep:
            print(f"kept: {self.dir}")
        else:
            shutil.rmtree(self.dir, ignore_errors=True)


def verdict(faults):
    """Prints what is wrong; the exit code."""
    for fault in faults[:60]:
        print("WRONG:", fault)
    print("0 passed, 1 failed" if faults else "1 passed, 0 failed")
    return 1 if faults else 0
