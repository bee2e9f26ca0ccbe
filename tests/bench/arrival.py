# SPDX-License-Identifier: GPL-2.0-or-later
"""SMS announced -> committed, one SMS at a time at moments that no loop can be in step with.

Announced: the modem has the message in a slot (`stored` in the journal, with +CMTI at once). Committed,
ours: the slot was freed, which binhyen-modem does only after the daemon's commit and the `stored` line
- later than the commit, so against us. The peer's: the last write to the file in its inbox, which it
does not fsync - before its slot is freed, so for it. "same sign" compares the freed slots of both.
"""
import time

from figure import Figure, percentile
from rig import resident

PAUSE_S = (0.1, 1.1)
WAIT_S = 30
TEXT = "tin {n}: chay nha o ap 3, can nguoi giup"


def announce(rig, n):
    since = rig.journal.mark()
    rig.modem.text(TEXT.replace("{n}", str(n)), sender=resident(n))
    return since


def freed_ms(rig, since):
    """How long the message lay in its slot."""
    began = rig.journal.wait("stored", since, WAIT_S)
    return rig.journal.wait("deleted", since, WAIT_S, id=began["id"])["at_ms"] - began["at_ms"]


class PeerInbox:
    def __init__(self, rig):
        self.rig = rig
        self.known = rig.program.stored()

    def file_ms(self, since):
        """How long until the next file of the inbox was written; call it after the slot was freed."""
        files = self.rig.program.stored()
        fresh = [at_ms for name, at_ms in files.items() if name not in self.known]
        if len(fresh) != 1:
            raise RuntimeError(f"{len(fresh)} new files in the inbox of gammu-smsd for one message")
        self.known = files
        return fresh[0] - self.rig.journal.find("stored", since)["at_ms"]


def measure(bench):
    ours, peer, peer_freed = [], [], []
    with bench.our_rig("arrival") as our, bench.peer_rig("arrival") as their:
        rigs = [rig for rig in (our, their) if rig]
        for rig in rigs:
            rig.start()
            rig.warm_up()
        inbox = PeerInbox(their) if their else None
        for n in range(bench.size.arrivals):
            time.sleep(bench.random.uniform(*PAUSE_S))
            since = {rig: announce(rig, n) for rig in bench.random.sample(rigs, len(rigs))}
            ours.append(freed_ms(our, since[our]))
            if inbox:
                peer_freed.append(freed_ms(their, since[their]))
                peer.append(inbox.file_ms(since[their]))
    return [figure for share in (50, 95) for figure in (
        Figure(f"announced to committed, p{share}", "ms", percentile(ours, share),
               percentile(peer, share) if peer else None, at_most=0.25, has_peer=True),
        Figure(f"  same sign on both: slot freed, p{share}", "ms", percentile(ours, share),
               percentile(peer_freed, share) if peer else None, has_peer=True))]
