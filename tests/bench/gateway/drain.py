# SPDX-License-Identifier: GPL-2.0-or-later
"""Messages that wait while the box is off: the SIM is full, the network holds the rest. From the first slot that is
freed to the last, so that connecting does not count. From senders who are not answered (words, as operators have),
because the peers answer nobody; once more, for the record, from residents who get their receipts meanwhile on the same
modem. Each program has the modem and the machine for itself."""
import contextlib

from figure import Figure, best, spread
from rig import resident
from simmodem import SimModemError
from gateway import rivals

SLOTS = 30
WAIT_S = 60
TEXT = "tin {n}: nuoc len qua cau, xe khong qua duoc"


def word(n):
    """A sender to whom nobody can write back."""
    return f"XaAnBinh{n % 100:02d}"


def fill(rig, count, sender):
    for n in range(count):
        rig.modem.text(TEXT.replace("{n}", str(n)), sender=sender(1000 + n))
    status = rig.modem.status()
    if status["backlog"] != count - min(SLOTS, count):
        raise RuntimeError(f"{status['backlog']} of {count} messages wait at the network")


def freed_times(rig, count):
    """Of at most so many; a program that stopped before the end is judged by what it did."""
    with contextlib.suppress(SimModemError):
        rig.modem.wait_drained(WAIT_S)
    rig.journal.update()
    return [row["at_ms"] for row in rig.journal.rows if row["ev"] == "deleted" and row["memory"] == "SM"][:count]


def run(rig, count, sender=word):
    """(SMS/s, how many it left on the SIM)"""
    with rig:
        fill(rig, count, sender)
        rig.start()
        times = freed_times(rig, count)
        kept = rig.count_kept(len(times))
    if kept < len(times) or len(times) < 2:
        raise RuntimeError(f"{len(times)} messages left the SIM, {kept} were kept")
    return (len(times) - 1) * 1000 / max(1, max(times) - min(times)), count - len(times)


def run_peer(bench, rival, n, count):
    """SMS/s, None when it could not be told."""
    done = bench.attempt(rival, lambda: run(bench.rival_rig(f"drain-{n}", rival, slots=SLOTS), count))
    if done and done[1]:
        bench.note(f"drain: {rival.name} left {done[1]} messages on the SIM for {WAIT_S} s")
    return done[0] if done else None


def measure(bench):
    count = bench.size.backlog
    taking_part = bench.rivals(rivals.SMSTOOLS_SPINNING, rivals.KANNEL, rivals.GAMMU, rivals.SMSTOOLS)
    ours, theirs = [], {each: [] for each in taking_part}
    # In turns, so that what else the machine does meets all of them.
    for n in range(bench.size.rounds):
        per_s, left = run(bench.our_rig(f"drain-{n}", slots=SLOTS), count)
        if left:
            raise RuntimeError(f"Binhyen left {left} messages on the SIM")
        ours.append(per_s)
        for each in taking_part:
            if not (n and each in (rivals.GAMMU, rivals.SMSTOOLS)):
                theirs[each].append(run_peer(bench, each, n, count))
    answering, _ = run(bench.our_rig("drain-answering", slots=SLOTS), count, sender=resident)
    bench.note(f"drain: {answering:.0f} SMS/s when each sender is a resident who is sent his receipt on the same modem "
               f"meanwhile; best of {bench.size.rounds} rounds, ours {spread(ours)}")
    name = f"{count} waiting SMS on a {SLOTS}-slot SIM"
    return [Figure(name, "SMS/s", max(ours), best(values), at_least=1 if is_judged else None, has_peer=True,
                   peer_name=each.name)
            for each, values in theirs.items()
            for is_judged in [each in (rivals.SMSTOOLS_SPINNING, rivals.KANNEL)]]
