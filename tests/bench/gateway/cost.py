# SPDX-License-Identifier: GPL-2.0-or-later
"""CPU a message, of all processes of a program, from /proc: what it takes in, and what it sends. The peer that keeps
its messages as we do, in SQLite, is the measure. In: from senders who are not answered, since the peer answers
nobody. Out: ours are queued before (the API is another matter), the peer's are rows that another program puts into its
database."""
import time

from figure import Figure
from rig import resident
from usage import usage
from gateway import rivals
from gateway.drain import word
from gateway.outbound import TEXT, queue_ours

WAIT_S = 300
SETTLE_S = 2
TEXT_IN = "tin {n}: nuoc len qua cau, xe khong qua duoc"


def cpu_s(pids):
    return sum(usage(pid).cpu_s for pid in pids)


def cost_in(rig, count):
    """ms of CPU a message"""
    with rig:
        rig.start()
        rig.warm_up()
        time.sleep(SETTLE_S)
        pids = rig.pids()
        before = cpu_s(pids)
        for n in range(count):
            rig.modem.text(TEXT_IN.replace("{n}", str(n)), sender=word(n))
        rig.modem.wait_drained(WAIT_S)
        rig.count_kept(1)
        return 1000 * (cpu_s(pids) - before) / count


def our_cost_out(rig, count):
    with rig:
        rig.start()
        queue_ours(rig, count)
        pids = rig.pids()
        sent = len(rig.modem.sent())
        before = cpu_s(pids)
        rig.modem.plug()
        rig.modem.wait_sent(sent + count, timeout_s=WAIT_S)
        return 1000 * (cpu_s(pids) - before) / count


def their_cost_out(rig, count):
    with rig:
        rig.start()
        rig.warm_up()
        time.sleep(SETTLE_S)
        pids = rig.pids()
        before = cpu_s(pids)
        for n in range(count):
            rig.program.queue(resident(2000 + n), TEXT.replace("{n}", str(n)))
        rig.modem.wait_sent(count, timeout_s=WAIT_S)
        return 1000 * (cpu_s(pids) - before) / count


def measure(bench):
    count, few = bench.size.cost, bench.size.slow
    taking_part = bench.rivals(rivals.GAMMU_SQLITE)
    into = cost_in(bench.our_rig("cost-in"), count)
    out = our_cost_out(bench.our_rig("cost-out"), count)
    into_peer = out_peer = None
    for each in taking_part:
        into_peer = bench.attempt(each, lambda each=each: cost_in(bench.rival_rig("cost-in", each), count))
        out_peer = bench.attempt(each, lambda each=each: their_cost_out(bench.rival_rig("cost-out", each),
                                                                        min(count, few)))
    name = rivals.GAMMU_SQLITE.name
    return [Figure("CPU a message in", "ms", into, into_peer, at_most=1, has_peer=True, peer_name=name),
            Figure("CPU a message out", "ms", out, out_peer, at_most=1, has_peer=True, peer_name=name)]
