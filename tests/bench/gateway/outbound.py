# SPDX-License-Identifier: GPL-2.0-or-later
"""Messages that wait in the queue while the modem is away, then go out to a network that takes no time: how fast the
software hands over, each claim of ours synced before its message leaves, which no peer does. From the first message
that the network took to the last, each program with the machine for itself."""
import time

from figure import Figure, best, spread
from rig import resident
from gateway import rivals

WAIT_S = 300
AWAY_S = 60
TEXT = "cong an xa da nhan tin so {n}, se co nguoi den trong 10 phut"


def accepted_times(journal, since=0):
    journal.update()
    return [row["at_ms"] for row in journal.rows[since:] if row["ev"] == "accepted"]


def per_s(times):
    return (len(times) - 1) * 1000 / max(1, max(times) - min(times))


def wait_ready(rig, count):
    end = time.monotonic() + AWAY_S
    while sum(modem["phase"] == "ready" for modem in rig.get("/api/v1/status")["modems"]) != count:
        if time.monotonic() > end:
            raise TimeoutError(f"{count} modems should be ready")
        time.sleep(0.05)


def queue_ours(rig, count):
    """Answers to residents, posted while the modem is away."""
    numbers = rig.open_reports(count)
    rig.modem.unplug()
    wait_ready(rig, 0)
    for n, number in enumerate(numbers):
        rig.answer(number, TEXT.replace("{n}", str(n)))


def send_ours(rig, count):
    with rig:
        rig.start()
        queue_ours(rig, count)
        since = rig.journal.mark()
        before = len(rig.modem.sent())
        rig.modem.plug()
        rig.modem.wait_sent(before + count, timeout_s=WAIT_S)
        return per_s(accepted_times(rig.journal, since))


def queue_theirs(rig, count):
    """Before they start, but Kannel takes messages only while it runs."""
    if rig.program.needs_running:
        rig.start()
        rig.warm_up()
    for n in range(count):
        rig.program.queue(resident(2000 + n), TEXT.replace("{n}", str(n)))
    if not rig.program.needs_running:
        rig.start()


def send_theirs(rig, count):
    with rig:
        queue_theirs(rig, count)
        rig.modem.wait_sent(count, timeout_s=WAIT_S)
        return per_s(accepted_times(rig.journal))


def measure(bench):
    count = bench.size.outbound
    taking_part = bench.rivals(rivals.SMSTOOLS_SPINNING, rivals.KANNEL, rivals.GAMMU)
    ours, theirs = [], {each: [] for each in taking_part}
    # In turns, so that what else the machine does meets all of them; who needs a second each takes part once.
    for n in range(bench.size.rounds):
        ours.append(send_ours(bench.our_rig(f"outbound-{n}"), count))
        for each in taking_part:
            is_slow = each is not rivals.SMSTOOLS_SPINNING
            if is_slow and n:
                continue
            rig = bench.rival_rig(f"outbound-{n}", each)
            few = min(bench.size.slow, count) if is_slow else count
            theirs[each].append(bench.attempt(each, lambda rig=rig, few=few: send_theirs(rig, few)))
    bench.note(f"outbound: best of {bench.size.rounds} rounds; ours {spread(ours)}")
    return [Figure("queued SMS sent without radio time", "SMS/s", max(ours), best(values),
                   at_least=1 if each is rivals.SMSTOOLS_SPINNING else None, has_peer=True, peer_name=each.name)
            for each, values in theirs.items()]
