# SPDX-License-Identifier: GPL-2.0-or-later
"""Bulletins that wait for Zalo after three days without the Internet: how fast they leave, measured in the calls that
the server's X-RateLimit headers allow; whether each recipient gets his in order; and how long a new alarm takes that
comes up behind them. There is no peer. What residents write is polled meanwhile, and costs calls too: the
list shows our own messages as well, ten a page."""
import contextlib
import sqlite3
import subprocess
import threading
import time

from binhyend import Binhyend, wait_until
from figure import Figure, percentile
from simzalo import GROUP, SimZalo
from usage import resident_mb

FIRST_USER = 9007199254750000000
RESIDENT = "9007199254749999999"
DAYS = 3
PATIENCE_S = 900
READING = ("listrecentchat", "conversation")


class Peak(threading.Thread):
    """The most memory that a process had resident, after it was first looked at."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.mb, self.is_over = pid, 0, threading.Event()

    def run(self):
        while not self.is_over.wait(0.2):
            with contextlib.suppress(OSError):
                self.mb = max(self.mb, resident_mb(self.pid))


def fill(bench, box, messages, users):
    subprocess.run([bench.bin_dir.parent / "tests" / "bench_outbox", box.dir / "box.db", box.secrets / "box.key",
                    str(messages), str(users), str(FIRST_USER), str(DAYS)], check=True)


def introduce(zalo, users):
    """They wrote before the outage, and are not asked about again."""
    written_ms = zalo.state()["now_ms"] - DAYS * 86400000
    for n in range(users):
        zalo.do("user", user=str(FIRST_USER + n), last_ms=written_ms)
    # He is heard of before the measurement: a first report takes the way of any other.
    zalo.do("user", user=RESIDENT, last_ms=written_ms)


def write_alarms(zalo, count, messages):
    """Spread over the time that the backlog takes, the last ones when it is nearly gone."""
    for n in range(count):
        target = messages * (n + 1) // (count + 2)
        wait_until(lambda: zalo.calls("/v3.0/oa/message/cs") >= target, PATIENCE_S, "the backlog to shrink", 0.1)
        zalo.write(RESIDENT, f"chay nha so {n}")


def alarm_waits_s(path, received):
    """From when a relay was queued to when it was in the group."""
    arrived = {message["message_id"]: message["at_ms"] for message in received if message["to"] == GROUP}
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        rows = db.execute("SELECT created_ms, external_id FROM outbox WHERE channel = 'zalo_group'").fetchall()
    return [(arrived[external_id] - created_ms) / 1000 for created_ms, external_id in rows]


def count_misplaced(received):
    """Messages that came twice or before an earlier one to the same recipient."""
    last, misplaced = {}, 0
    for message in received:
        words = message["text"].split()
        if words[0] != "tin":
            continue
        if int(words[1]) != last.get(message["to"], -1) + 1:
            misplaced += 1
        last[message["to"]] = int(words[1])
    return misplaced


def calls_between(zalo, begin_ms, end_ms):
    log = [row for row in zalo.log() if begin_ms <= row["at_ms"] < end_ms and row["error"] != -32]
    return len(log), sum(row["path"].rsplit("/", 1)[-1] in READING for row in log)


def whole_minutes(begin_ms, end_ms):
    """The part of the time in which the server's counter began and ended at a full minute; all of it when there is no
    such part, as in a short run."""
    first, last = -(-begin_ms // 60000) * 60000, end_ms // 60000 * 60000
    return (first, last) if last > first else (begin_ms, end_ms)


def measure(bench):
    messages, users, limit, alarms = bench.size.zalo
    with SimZalo(bench.bin_dir, work_folder(bench), rate_limit=limit) as zalo:
        box = Binhyend(bench.bin_dir, bench.folder("zalo-box"), zalo=zalo.config(poll_s=30),
                       zalo_app_secret=zalo.app_secret())
        fill(bench, box, messages, users)
        introduce(zalo, users)
        box.start()
        peak = Peak(box.process.pid)
        peak.start()
        try:
            box.ctl("zalo", "set-token", stdin=zalo.token_json())
            began = time.monotonic()
            write_alarms(zalo, alarms, messages)
            wait_until(lambda: len(bulletins(zalo.received())) >= messages, PATIENCE_S, "the backlog to be gone", 0.5)
            wait_until(lambda: len(zalo.received(to=GROUP)) >= alarms, 60, "the last alarm")
            bench.note(f"zalo: {messages} messages took {time.monotonic() - began:.0f} s at {limit} calls a minute")
            received = zalo.received()
            connections = box.ctl("status")["zalo"]["link"]["connections_most"]
        finally:
            peak.is_over.set()
            peak.join()
            box.stop()
        return figures(bench, zalo, received, connections, peak.mb, alarm_waits_s(box.dir / "box.db", received))


def bulletins(received):
    return [message for message in received if message["text"].startswith("tin ")]


def work_folder(bench):
    folder = bench.folder("zalo")
    folder.mkdir(parents=True)
    return folder


def figures(bench, zalo, received, connections, resident, waits_s):
    messages, _users, limit, _alarms = bench.size.zalo
    times = [message["at_ms"] for message in bulletins(received)]
    begin_ms, end_ms = whole_minutes(min(times), max(times))
    calls, reading = calls_between(zalo, begin_ms, end_ms)
    allowed = limit * (end_ms - begin_ms) / 60000
    bench.note(f"zalo: {reading} of {calls} calls read what residents wrote")
    return [
        Figure(f"{messages} bulletins by Zalo, calls used of those allowed", "%", 100 * calls / allowed, at_least=95),
        Figure("  those that carried a message", "%", 100 * (calls - reading) / allowed, at_least=95),
        Figure("  connections at a time", "", connections, at_most=4),
        Figure("  lost, doubled or out of order", "", count_misplaced(received) + abs(messages - len(times)),
               at_most=0),
        Figure("  resident memory", "MB", resident, at_most=32),
        Figure("  a new alarm behind them, p95", "s", percentile(waits_s, 95), at_most=2),
    ]
