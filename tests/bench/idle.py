# SPDX-License-Identifier: GPL-2.0-or-later
"""What the box uses while nobody writes: one modem, Zalo polled as by default, gammu-smsd as installed beside it."""
import contextlib
import time

from figure import Figure
from peer import INSTALLED
from simzalo import SimZalo
from usage import usage

SETTLE_S = 5


def measure(bench):
    seconds = bench.size.idle_s
    with contextlib.ExitStack() as stack:
        folder = bench.folder("idle-zalo")
        folder.mkdir()
        zalo = stack.enter_context(SimZalo(bench.bin_dir, folder))
        our = stack.enter_context(bench.our_rig("idle", zalo=zalo))
        their = stack.enter_context(bench.peer_rig("idle", INSTALLED))
        for rig in (our, their):
            if rig:
                rig.start()
                rig.warm_up()
        our.modem.wait_sent(1, timeout_s=30)
        time.sleep(SETTLE_S)
        pids = [our.program.process.pid] + our.program.modem_pids()
        if len(pids) != 2:
            raise RuntimeError(f"{len(pids) - 1} modem processes instead of one")
        if their:
            pids += their.program.pids()
        before = [usage(pid) for pid in pids]
        began = time.monotonic()
        time.sleep(seconds)
        passed = time.monotonic() - began
        after = [usage(pid) for pid in pids]
    cpu = [100 * (b.cpu_s - a.cpu_s) / passed for a, b in zip(before, after)]
    wakeups = [(b.wakeups - a.wakeups) / passed for a, b in zip(before, after)]
    resident = [b.resident_kib / 1024 for b in after]
    peer = dict(zip(("cpu", "wakeups", "resident"), (cpu[2], wakeups[2], resident[2]))) if their else {}
    return [
        Figure("idle: both processes", "% of a core", cpu[0] + cpu[1], peer.get("cpu"), at_most=0.5),
        Figure("idle: wakeups of both", "1/s", wakeups[0] + wakeups[1], peer.get("wakeups")),
        Figure("idle: binhyend resident", "MB", resident[0], at_most=24),
        Figure("idle: binhyen-modem resident", "MB", resident[1], peer.get("resident"), at_most=12),
    ]
