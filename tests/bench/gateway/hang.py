# SPDX-License-Identifier: GPL-2.0-or-later
"""A modem that stops answering, at several moments of its work, each on a modem and daemon of its own at the same time.

Noticed: from its silence to the moment when the daemon no longer says `ready`. Working again: from the moment when it
would answer to the next message that leaves a slot. Then everything must have come exactly once, and no phone may have
got a text twice. While the network has a message, silence means nothing: that a modem died then is noticed when the
network's time is up, which is no fault of ours and not judged."""
import contextlib
import time

from figure import Figure
from rig import resident

NOTICED_S, WORKING_S = 15, 30
SEND_DEADLINE_S = 45  # of a segment, when nobody sets another
POLL_S = 0.05
WAIT_S = 120
TEXTS = 3

# name, the command that it does not answer (None: at rest), where in +CMGS
MOMENTS = (("at rest", None, None), ("reading", "CMGR", None), ("deleting", "CMGD", None),
           ("before a message is out", "CMGS", "prompt"), ("when the network has the message", "CMGS", "answer"))
IN_FLIGHT = MOMENTS[-1]


class Case:
    def __init__(self, rig, moment):
        self.rig = rig
        self.name, self.command, self.at = moment
        self.is_in_flight = moment is IN_FLIGHT
        self.texts = 0
        self.since = 0
        self.silent_ms = self.noticed_ms = self.answering_ms = None

    def write_in(self, count):
        for _ in range(count):
            self.rig.modem.text(f"tin {self.texts}: chay o cho", sender=resident(self.texts))
            self.texts += 1

    def fall_silent(self):
        self.since = self.rig.journal.mark()
        if self.command:
            self.rig.modem.fault("hang", self.command, at=self.at)
            self.write_in(1)
            self.silent_ms = self.rig.journal.wait("fault", self.since)["at_ms"]
        else:
            self.rig.modem.fault("hang")
            self.silent_ms = time.time() * 1000

    def look(self):
        if self.noticed_ms is None and self.rig.get("/api/v1/status")["modems"][0]["phase"] != "ready":
            self.noticed_ms = time.time() * 1000

    def answer(self):
        self.since = self.rig.journal.mark()
        self.rig.modem.clear_faults()
        self.answering_ms = time.time() * 1000

    def working_s(self):
        return (self.rig.journal.wait("deleted", self.since, WAIT_S)["at_ms"] - self.answering_ms) / 1000

    def noticed_s(self):
        return (self.noticed_ms - self.silent_ms) / 1000

    def settle(self):
        """All that was written is kept once, each receipt is out once, or in doubt and not sent again."""
        self.rig.modem.wait_drained(WAIT_S)
        end = time.monotonic() + WAIT_S
        while True:
            outbox = self.rig.get("/api/v1/status")["outbox"]
            sent = self.rig.modem.sent()
            if not any(outbox[state] for state in ("QUEUED", "CLAIMED", "SUBMITTED")):
                break
            if time.monotonic() > end:
                raise RuntimeError(f"{self.name}: the outbox is not empty: {outbox}")
            time.sleep(POLL_S)
        kept = self.rig.count_kept(self.texts + 1)
        lost = self.texts - kept if kept < self.texts else 0
        doubled = kept - self.texts if kept > self.texts else 0
        phones = {}
        for message in sent:
            phones[message["to"]] = phones.get(message["to"], 0) + 1
        twice = sum(count > 1 for count in phones.values())
        unsent = self.texts - len(phones)
        return {"lost": lost + max(0, unsent - outbox["IN_DOUBT"]), "doubled": doubled, "twice": twice,
                "doubt": outbox["IN_DOUBT"]}


def measure(bench):
    moments = MOMENTS[:1] if bench.size.has_quick_peer_only else MOMENTS
    with contextlib.ExitStack() as stack:
        cases = []
        for moment in moments:
            rig = stack.enter_context(bench.our_rig("hang-" + moment[0].replace(" ", "-")))
            rig.start()
            case = Case(rig, moment)
            case.write_in(1)
            rig.modem.wait_sent(1, timeout_s=WAIT_S)
            cases.append(case)
        for case in cases:
            case.fall_silent()
        waits_s = {case: (SEND_DEADLINE_S if case.is_in_flight else 0) + bench.size.hang_s +
                   bench.random.uniform(0, bench.size.hang_s) for case in cases}
        began = time.monotonic()
        silent = list(cases)
        while silent:
            for case in list(silent):
                case.look()
                if case.noticed_ms and time.monotonic() - began > waits_s[case]:
                    case.write_in(TEXTS)
                    case.answer()
                    silent.remove(case)
            if time.monotonic() - began > max(waits_s.values()) + WAIT_S:
                raise RuntimeError(f"not noticed: {[case.name for case in silent]}")
            time.sleep(POLL_S)
        working_s = {case: case.working_s() for case in cases}
        ends = {case: case.settle() for case in cases}
    for case in cases:
        bench.note(f"hang {case.name}: noticed after {case.noticed_s():.1f} s, silent for "
                   f"{(case.answering_ms - case.silent_ms) / 1000:.0f} s, working {working_s[case]:.1f} s later, "
                   f"{ends[case]['doubt']} in doubt")
    judged = [case for case in cases if not case.is_in_flight]
    total = {key: sum(end[key] for end in ends.values()) for key in ("lost", "doubled", "twice")}
    return [
        Figure("a modem falls silent: noticed, worst moment", "s", max(case.noticed_s() for case in judged),
               at_most=NOTICED_S),
        *(Figure("the same while the network has a message", "s", case.noticed_s())
          for case in cases if case.is_in_flight),
        Figure("working again after it can, worst moment", "s", max(working_s.values()), at_most=WORKING_S),
        Figure("messages lost or kept twice by that", "SMS", total["lost"] + total["doubled"], at_most=0),
        Figure("phones that got a text twice by that", "phones", total["twice"], at_most=0),
    ]
