# SPDX-License-Identifier: GPL-2.0-or-later
"""What daemon and one modem process use together while nobody writes, and the peers at the same time beside them:
CPU and voluntary context switches, from /proc."""
import contextlib
import time

from figure import Figure
from usage import usage
from gateway import rivals

SETTLE_S = 5
CPU_PERCENT, WAKEUPS_PER_S = 0.1, 3


def totals(pids):
    each = [usage(pid) for pid in pids]
    return sum(one.cpu_s for one in each), sum(one.wakeups for one in each)


def measure(bench):
    seconds = bench.size.idle_s
    taking_part = bench.rivals(rivals.SMSTOOLS, rivals.GAMMU, rivals.GAMMU_INSTALLED, rivals.SMSTOOLS_INSTALLED,
                               rivals.KANNEL)
    with contextlib.ExitStack() as stack:
        our = stack.enter_context(bench.our_rig("rest"))
        rigs = {None: our}
        rigs.update((each, stack.enter_context(bench.rival_rig("rest", each))) for each in taking_part)
        for rig in rigs.values():
            rig.start()
        for rig in rigs.values():
            rig.warm_up()
        our.modem.wait_sent(1, timeout_s=30)
        time.sleep(SETTLE_S)
        pids = {each: rig.pids() for each, rig in rigs.items()}
        before = {each: totals(pids[each]) for each in rigs}
        began = time.monotonic()
        time.sleep(seconds)
        passed = time.monotonic() - began
        after = {each: totals(pids[each]) for each in rigs}
    cpu = {each: 100 * (after[each][0] - before[each][0]) / passed for each in rigs}
    wakeups = {each: (after[each][1] - before[each][1]) / passed for each in rigs}
    figures = []
    for name, unit, values, limit in (("idle: all processes", "% of a core", cpu, CPU_PERCENT),
                                      ("idle: wakeups", "1/s", wakeups, WAKEUPS_PER_S)):
        figures.append(Figure(name, unit, values[None], at_most=limit))
        figures += [Figure(name, unit, values[None], values[each], peer_name=each.name) for each in taking_part]
    return figures
