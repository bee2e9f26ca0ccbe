# SPDX-License-Identifier: GPL-2.0-or-later
"""SMS announced -> durable: single SMS at random moments, the same for all, all at the same time.

Announced: the modem has it in a slot (`stored` in its journal) and says +CMTI at once. Durable, ours: its slot was
freed, which comes after the daemon's commit (fsync) and the `stored` line: later than it was durable, so against us.
The peers': the last write to the file that has the message; none of them syncs it, so for them. All but Kannel free
the slot after that."""
import contextlib

from arrival import announce, announced_ms, freed_ms, our_delays
from figure import Figure, percentile
from rig import resident
from gateway import rivals

P50_MS, P95_MS = 10, 30


def peer_delays(rig, ids):
    """Each message has another sender, whom the peer can tell from the file."""
    for message in ids:
        freed_ms(rig, message)
    rig.program.flushed(len(ids) + 1)
    files = {}
    for sender, at_ms in rig.program.stored_by_sender():
        files.setdefault(sender, []).append(at_ms)
    delays = []
    for n, message in enumerate(ids):
        found = files.get(resident(n), [])
        if len(found) != 1:
            raise RuntimeError(f"{rig.program.name} has message {n} in {len(found)} files")
        delays.append(found[0] - announced_ms(rig, message))
    return delays


def measure(bench):
    taking_part = bench.rivals(rivals.GAMMU, rivals.SMSTOOLS, rivals.KANNEL, rivals.GAMMU_INSTALLED,
                               rivals.SMSTOOLS_INSTALLED, rivals.KANNEL_INSTALLED)
    with contextlib.ExitStack() as stack:
        our = stack.enter_context(bench.our_rig("inbound"))
        peers = {each: stack.enter_context(bench.rival_rig("inbound", each)) for each in taking_part}
        rigs = [our, *peers.values()]
        for rig in rigs:
            rig.start()
        for rig in rigs:
            rig.warm_up()
        ids = announce(bench, rigs)
        ours = our_delays(our, ids[our])
        theirs = {each: peer_delays(rig, ids[rig]) for each, rig in peers.items()}
    figures = []
    for share, limit_ms in ((50, P50_MS), (95, P95_MS)):
        name = f"announced to durable, p{share}"
        figures.append(Figure(name, "ms", percentile(ours, share), at_most=limit_ms))
        figures += [Figure(name, "ms", percentile(ours, share), percentile(values, share), peer_name=each.name)
                    for each, values in theirs.items()]
    return figures
