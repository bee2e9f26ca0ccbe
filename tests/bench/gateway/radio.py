# SPDX-License-Identifier: GPL-2.0-or-later
"""Sending with 3 s of real radio time a segment, as SDCCH and a held link allow: the share of it that is used, by one
modem and by eight of one daemon. Ours are receipts: so many residents write at once and each is answered. From the
first segment that the network took to the last; all programs at the same time, since they wait for the radio and not
for one another."""
import contextlib
import time

from figure import Figure
from journal import Journal
from rig import resident
from gateway import rivals
from gateway.outbound import TEXT, accepted_times, per_s, queue_theirs

MODEMS = 8
SHARE_PERCENT = 95
WAIT_S = 60


def percent_of_radio(times, radio_ms):
    return 100 * per_s(times) * radio_ms / 1000


def write_in(rig, count):
    for n in range(count):
        rig.modem.text(f"tin {n}: cay do chan duong", sender=resident(3000 + n))


def radio_times(bench, rig, count):
    """[times of each modem], when so many segments are out in all."""
    journals = [rig.journal, *(Journal(modem.log_path) for modem in rig.more_modems)]
    end = time.monotonic() + 2 * count / len(journals) * bench.size.radio_ms / 1000 + WAIT_S
    while True:
        times = [accepted_times(journal) for journal in journals]
        if sum(map(len, times)) >= count:
            return times
        if time.monotonic() > end:
            raise TimeoutError(f"{sum(map(len, times))} of {count} segments are out")
        time.sleep(0.05)


def their_percent(rig, few, radio_ms):
    rig.modem.wait_sent(few, timeout_s=few * radio_ms / 1000 + WAIT_S)
    return percent_of_radio(accepted_times(rig.journal)[:few], radio_ms)


def measure(bench):
    count, few, radio_ms = bench.size.radio, bench.size.radio_few, bench.size.radio_ms
    taking_part = bench.rivals(rivals.KANNEL, rivals.GAMMU, rivals.SMSTOOLS)
    with contextlib.ExitStack() as stack:
        one = stack.enter_context(bench.our_rig("radio-1", radio_ms=radio_ms))
        eight = stack.enter_context(bench.our_rig("radio-8", modems=MODEMS, radio_ms=radio_ms))
        peers = {each: stack.enter_context(bench.rival_rig("radio", each, radio_ms=radio_ms)) for each in taking_part}
        one.start()
        eight.start()
        write_in(one, count)
        write_in(eight, MODEMS * count)
        for rig in peers.values():
            queue_theirs(rig, few)
        of_one = radio_times(bench, one, count)[0]
        of_eight = radio_times(bench, eight, MODEMS * count)
        theirs = {}
        for each, rig in peers.items():
            theirs[each] = bench.attempt(each, lambda rig=rig: their_percent(rig, few, radio_ms))
    ours = percent_of_radio(of_one, radio_ms)
    all_eight = [percent_of_radio(times, radio_ms) for times in of_eight]
    unit = f"% of {radio_ms / 1000:g} s radio"
    bench.note(f"radio: eight modems sent {min(map(len, of_eight))} to {max(map(len, of_eight))} segments each, the "
               f"slowest at {min(all_eight):.1f} %")
    return [Figure("sending, one modem", unit, ours, at_least=SHARE_PERCENT)] + [
        Figure("sending, one modem", unit, ours, value, peer_name=each.name) for each, value in theirs.items()] + [
        Figure("sending, slowest of eight modems", unit, min(all_eight), at_least=SHARE_PERCENT),
        Figure("sending, eight modems", unit, sum(all_eight), ours, at_least=MODEMS * SHARE_PERCENT / 100,
               has_peer=True, peer_name="(one modem)")]
