# SPDX-License-Identifier: GPL-2.0-or-later
"""Messages that wait while the box is off: the SIM is full, the network holds the rest. From the first
message that is safe to the last, so that connecting to the modem does not count; ours is also
answering each resident meanwhile, the peer answers nobody. The peer is set to be quick."""
from figure import Figure
from peer import QUICK
from rig import resident

SLOTS = 30
WAIT_S = 120
TEXT = "tin {n}: nuoc len qua cau, xe khong qua duoc"


def fill(rig, count):
    for n in range(count):
        rig.modem.text(TEXT.replace("{n}", str(n)), sender=resident(1000 + n))
    status = rig.modem.status()
    if status["backlog"] != count - min(SLOTS, count):
        raise RuntimeError(f"{status['backlog']} of {count} messages wait at the network")


def per_s(times_ms):
    return (len(times_ms) - 1) * 1000 / (max(times_ms) - min(times_ms))


def freed_times(rig, count):
    rig.modem.wait_drained(WAIT_S)
    rig.journal.update()
    times = [row["at_ms"] for row in rig.journal.rows if row["ev"] == "deleted" and row["memory"] == "SM"]
    if len(times) < count:
        raise RuntimeError(f"{len(times)} of {count} messages left the SIM")
    return times[:count]


def measure(bench):
    count = bench.size.backlog
    with bench.our_rig("backlog", slots=SLOTS) as our:
        fill(our, count)
        our.start()
        times = freed_times(our, count)
        ours = per_s(times)
        answered_before = sum(row["ev"] == "accepted" and row["at_ms"] <= max(times) for row in our.journal.rows)
    peer = None
    with bench.peer_rig("backlog", QUICK, slots=SLOTS) as their:
        if their:
            fill(their, count)
            their.start()
            freed_times(their, count)
            files = list(their.program.stored().values())
            if len(files) != count:
                raise RuntimeError(f"gammu-smsd has {len(files)} of {count} messages")
            peer = per_s(files)
    bench.note(f"backlog: ours sent {answered_before} receipts on the same modem meanwhile")
    return [Figure(f"{count} waiting SMS on a {SLOTS}-slot SIM", "SMS/s", ours, peer, at_least=1,
                   has_peer=True, peer_name="(quick)")]
