# SPDX-License-Identifier: GPL-2.0-or-later
"""SIGKILL while it works, the same way for all: the whole program with its children, then started again at once.
In: texts that come meanwhile; afterwards each must be kept exactly once, word for word. Out: messages that the program
has taken; afterwards the network must have each at most once, and each that it has not must be known as one in doubt.

Each program has a modem of its own, one after the other. A message of ours in doubt is counted beside the lost ones of
the others: it was not sent, or it was and nobody knows, and the program says so. Nobody else has such a state."""
import collections
import os
import re
import signal
import time

from binhyend import wait_until
from figure import Figure
from rig import resident
from gateway import rivals

PER_KILL_IN, PER_KILL_OUT = 10, 5
AFTER_IN_S, AFTER_OUT_S = (0, 0.1), (0, 0.3)  # the last sign of work that is waited for
WORK_S = 60
# A message out takes this long on the radio, or hardly a kill would meet one.
RADIO_MS = 200
CALM_S = 180
STILL_S = 6
TEXT_IN = "tin {n:04d}: chay nha o ap 3, can nguoi giup {n:04d} het"
WHOLE_IN = re.compile(rb"tin (\d{4}): chay nha o ap 3, can nguoi giup \1 het")
TEXT_OUT = "cong an xa da nhan tin so {n:04d}, se co nguoi den trong 10 phut"
WHOLE_OUT = re.compile(r"tin so (\d{4}),")


class Ours:
    """Reaches binhyend as a peer is reached."""

    def __init__(self, rig):
        self.rig = rig
        self.numbers = []

    def kill(self):
        self.rig.program.kill()

    def start(self):
        self.rig.program.start(wait=False)

    def is_up(self):
        return self.rig.program.is_answering()

    def prepare(self, count):
        self.numbers = self.rig.open_reports(count)

    def queue(self, n):
        self.rig.answer(self.numbers[n], TEXT_OUT.format(n=n))

    def texts(self):
        """Of each report the words it began with."""
        found, before = [], ""
        while before is not None:
            page = self.rig.get(f"/api/v1/reports?limit=100{before}")
            for row in page["reports"]:
                report = self.rig.get(f"/api/v1/reports/{row['report']}")
                found += [entry["text"].encode() for entry in report["dialogue"] if entry["kind"] in ("received", "more")]
            before = f"&before={page['next_before']}" if page["next_before"] else None
        return found

    def open(self):
        outbox = self.rig.get("/api/v1/status")["outbox"]
        return sum(outbox[state] for state in ("QUEUED", "CLAIMED", "SUBMITTED"))

    def in_doubt(self):
        return self.rig.get("/api/v1/status")["outbox"]["IN_DOUBT"]


class Theirs:
    def __init__(self, rig):
        self.rig = rig

    def kill(self):
        for pid in self.rig.program.pids():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.rig.program.reap()

    def start(self):
        self.rig.program.start()

    def is_up(self):
        return True

    def prepare(self, count):
        pass

    def queue(self, n):
        self.rig.program.queue(resident(2000 + n), TEXT_OUT.format(n=n))

    def texts(self):
        return [path.read_bytes() for path in self.rig.program.message_files()]

    def open(self):
        return 0  # it is asked by what goes out

    def in_doubt(self):
        return 0


def wait_still(count, limit_s):
    """Until it says the same for some seconds."""
    seen, since, end = count(), time.monotonic(), time.monotonic() + limit_s
    while time.monotonic() - since < STILL_S and time.monotonic() < end:
        time.sleep(0.2)
        now = count()
        if now != seen:
            seen, since = now, time.monotonic()


def wait_at_work(bench, rig, sign, since, after_s):
    """Some steps, and a moment that nobody knows."""
    steps, end = bench.random.randrange(1, PER_KILL_OUT), time.monotonic() + WORK_S
    while sum(row["ev"] == sign for row in rig.journal.rows[since:]) < steps and time.monotonic() < end:
        time.sleep(0.005)
        rig.journal.update()
    time.sleep(bench.random.uniform(*after_s))


def kill_inbound(bench, rig, program, kills):
    """(lost, doubled, garbled)"""
    rig.start()
    rig.warm_up()
    total = kills * PER_KILL_IN
    since = rig.journal.mark()
    for n in range(total):
        rig.modem.text(TEXT_IN.format(n=n), sender=resident(n))
        if n % PER_KILL_IN == PER_KILL_IN - 1:
            wait_at_work(bench, rig, "deleted", since, AFTER_IN_S)
            program.kill()
            since = rig.journal.mark()
            program.start()
    wait_until(program.is_up, CALM_S, "the program after the last kill")
    rig.modem.wait_drained(CALM_S)
    texts = program.texts()
    wait_still(lambda: len(program.texts()), CALM_S)
    kept, garbled = collections.Counter(), 0
    for text in program.texts() or texts:
        found = WHOLE_IN.search(text)
        if found:
            kept[int(found.group(1))] += 1
        elif b"xin chao" not in text:
            garbled += 1
    return (sum(not kept[n] for n in range(total)), sum(kept[n] > 1 for n in range(total)), garbled)


def kill_outbound(bench, rig, program, kills):
    """(lost or in doubt, sent twice)"""
    rig.start()
    rig.warm_up()
    total = kills * PER_KILL_OUT
    program.prepare(total)
    since = rig.journal.mark()
    for n in range(total):
        wait_until(program.is_up, CALM_S, "the program after a kill")
        program.queue(n)
        if n % PER_KILL_OUT == PER_KILL_OUT - 1:
            wait_at_work(bench, rig, "submit", since, AFTER_OUT_S)
            program.kill()
            since = rig.journal.mark()
            program.start()
    wait_until(program.is_up, CALM_S, "the program after the last kill")
    wait_until(lambda: not program.open(), CALM_S, "the queue to be empty", 0.2)
    wait_still(lambda: len(rig.modem.sent()), CALM_S)
    took = collections.Counter()
    for row in rig.modem.sent():
        found = WHOLE_OUT.search(row["text"])
        if found:
            took[int(found.group(1))] += 1
    lost = sum(not took[n] for n in range(total))
    return lost, sum(took[n] > 1 for n in range(total))


def measure_one(bench, make_rig, wrap):
    kills = bench.size.kills
    with make_rig("kills-in") as rig:
        inbound = kill_inbound(bench, rig, wrap(rig), kills)
    with make_rig("kills-out", radio_ms=RADIO_MS) as rig:
        program = wrap(rig)
        lost, twice = kill_outbound(bench, rig, program, kills)
        in_doubt = program.in_doubt()
    return (*inbound, lost, twice, in_doubt)


NAMES = ("texts lost", "texts kept twice", "texts garbled", "messages not sent", "messages sent twice")


def measure(bench):
    kills = bench.size.kills
    ours = measure_one(bench, bench.our_rig, Ours)
    theirs = {each: bench.attempt(each, lambda each=each: measure_one(
        bench, lambda name, **options: bench.rival_rig(name, each, **options), Theirs))
        for each in bench.rivals(rivals.GAMMU, rivals.SMSTOOLS, rivals.KANNEL)}
    bench.note(f"kills: {kills} in {kills * PER_KILL_IN} texts, {kills} in {kills * PER_KILL_OUT} messages; of ours "
               f"{ours[5]} are in doubt, which includes those of the {ours[3]} that were not sent")
    if ours[3] > ours[5]:
        bench.note(f"kills: {ours[3] - ours[5]} of ours are neither sent nor in doubt")
    figures = []
    for i, name in enumerate(NAMES):
        unit = f"of {kills * (PER_KILL_IN if i < 3 else PER_KILL_OUT)}"
        # Not sent and known as in doubt is what a claim is for.
        most = None if i == 3 else 0
        figures.append(Figure(f"{kills} kills: {name}", unit, ours[i], at_most=most))
        figures += [Figure(f"{kills} kills: {name}", unit, ours[i], values and values[i], peer_name=each.name)
                    for each, values in theirs.items()]
    return figures
