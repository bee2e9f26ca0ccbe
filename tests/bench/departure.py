# SPDX-License-Identifier: GPL-2.0-or-later
"""SMS queued -> handed to the modem. Queued, ours: the officer's answer is posted to the API; the time
of the request and of the commit counts. The peer's: the file appears in the outbox. Handed over: the
modem has the whole PDU (`submit` in the journal). The peer is set to be quick."""
import time

from figure import Figure, percentile
from peer import QUICK
from rig import resident

PAUSE_S = (0.1, 1.1)
WAIT_S = 60
TEXT = "cong an xa da nhan tin, se co nguoi den trong 10 phut"


def open_reports(rig, count):
    """A resident each, with his receipt: then nothing else is to be sent."""
    before = len(rig.modem.sent())
    for n in range(count):
        rig.modem.text(f"tin {n}: mat xe o cho", sender=resident(2000 + n))
    rig.modem.wait_sent(before + count, timeout_s=WAIT_S)
    reports = {}
    for report in rig.program.ctl("reports")["reports"]:
        reports[report["number"]] = report
    return sorted(reports)[-count:]


def measure(bench):
    ours, peer = [], []
    with bench.our_rig("departure") as our, bench.peer_rig("departure", QUICK) as their:
        for rig in (our, their):
            if rig:
                rig.start()
                rig.warm_up()
        our.modem.wait_sent(1, timeout_s=WAIT_S)
        numbers = open_reports(our, bench.size.departures)
        for n, number in enumerate(numbers):
            time.sleep(bench.random.uniform(*PAUSE_S))
            began_ms = {}
            since = {rig: rig.journal.mark() for rig in (our, their) if rig}
            for rig in bench.random.sample(list(since), len(since)):
                began_ms[rig] = time.time() * 1000
                if rig is our:
                    our.post(f"/api/v1/reports/{number}/answer", {"text": TEXT})
                else:
                    their.program.queue(resident(2000 + n), TEXT)
            for rig, values in ((our, ours), (their, peer)):
                if rig:
                    values.append(rig.journal.wait("submit", since[rig], WAIT_S)["at_ms"] - began_ms[rig])
    return [Figure("queued to handed to the modem, p50", "ms", percentile(ours, 50),
                   percentile(peer, 50) if peer else None, at_most=0.5, has_peer=True, peer_name="(quick)"),
            Figure("queued to handed to the modem, p95", "ms", percentile(ours, 95),
                   percentile(peer, 95) if peer else None, has_peer=True, peer_name="(quick)")]
