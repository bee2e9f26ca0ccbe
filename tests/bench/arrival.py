# SPDX-License-Identifier: GPL-2.0-or-later
"""SMS announced -> committed: single SMS at random moments, the same for all.

Announced: the modem has the message in a slot (`stored` in its journal) and says +CMTI at once.
Committed, ours: the slot was freed, which binhyen-modem does only after the daemon's commit and its
`stored` line - later than the commit, so against us. The peer's: the last write to the file in its
inbox, which it does not fsync - before its slot is freed, so for it.
"""
import contextlib
import time

from figure import Figure, percentile
from peer import INSTALLED, QUICK
from rig import resident

GAP_S = (0.2, 2.2)
WAIT_S = 90
TEXT = "tin {n}: chay nha o ap 3, can nguoi giup"


def announce(bench, rigs):
    """{rig: [id of each message]}"""
    ids = {rig: [] for rig in rigs}
    for n in range(bench.size.arrivals):
        time.sleep(bench.random.uniform(*GAP_S))
        for rig in bench.random.sample(rigs, len(rigs)):
            ids[rig] += rig.modem.text(TEXT.replace("{n}", str(n)), sender=resident(n))["ids"]
    return ids


def announced_ms(rig, message):
    return rig.journal.wait("stored", id=message)["at_ms"]


def freed_ms(rig, message):
    return rig.journal.wait("deleted", timeout_s=WAIT_S, id=message)["at_ms"]


def our_delays(rig, ids):
    return [freed_ms(rig, message) - announced_ms(rig, message) for message in ids]


def peer_delays(rig, ids):
    """Its files are named by the sender, and each message has another one."""
    for message in ids:
        freed_ms(rig, message)
    delays = []
    for n, message in enumerate(ids):
        files = [at_ms for name, at_ms in rig.program.stored().items() if f"_{resident(n)}_" in name]
        if len(files) != 1:
            raise RuntimeError(f"gammu-smsd has message {n} in {len(files)} files")
        delays.append(files[0] - announced_ms(rig, message))
    return delays


def measure(bench):
    with contextlib.ExitStack() as stack:
        our = stack.enter_context(bench.our_rig("arrival"))
        peers = [stack.enter_context(bench.peer_rig(f"arrival-{name}", settings))
                 for name, settings in (("installed", INSTALLED), ("quick", QUICK))]
        rigs = [our] + [rig for rig in peers if rig]
        for rig in rigs:
            rig.start()
        for rig in rigs:
            rig.warm_up()
        ids = announce(bench, rigs)
        ours = our_delays(our, ids[our])
        installed, quick = [peer_delays(rig, ids[rig]) if rig else None for rig in peers]
    return [figure for share in (50, 95) for figure in (
        Figure(f"announced to committed, p{share}", "ms", percentile(ours, share),
               percentile(installed, share) if installed else None, at_most=0.25, has_peer=True),
        Figure(f"announced to committed, p{share}", "ms", percentile(ours, share),
               percentile(quick, share) if quick else None, has_peer=True, peer_name="(quick)"))]
