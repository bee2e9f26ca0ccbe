# SPDX-License-Identifier: GPL-2.0-or-later
"""Intake from a socket without a modem: bench_modem stands in for binhyen-modem and pours messages.
One unanswered message at a time is one commit a message; as many as the socket takes is group commit.
The ratio is judged where every fsync costs FSYNC_MS more (slow_fsync.so preloaded). Receipts are
queued for every resident; one at a time is on the air for AIR_MS, as with a real modem."""
import json
import os

from binhyend import Binhyend, wait_until
from figure import Figure
from usage import resident_mb

FSYNC_MS = 10
AIR_MS = 3000
WAIT_S = 240


def pour(bench, name, count, window, fsync_ms):
    """The result of bench_modem and the memory of binhyend after it."""
    folder = bench.folder(name)
    folder.mkdir()
    result = folder / "result"
    env = {"BENCH_COUNT": str(count), "BENCH_WINDOW": str(window), "BENCH_AIR_MS": str(AIR_MS),
           "BENCH_RESULT": str(result)}
    if fsync_ms:
        env.update(LD_PRELOAD=str(bench.shim), SLOW_FSYNC_MS=str(fsync_ms))
    box = Binhyend(bench.bin_dir, folder / "box", modems=[("modem0", "/dev/null")],
                   modem_program=bench.stand_in, env=env)
    box.start(wait=False)
    try:
        def is_done():
            if box.process.poll() is not None:
                raise RuntimeError(f"binhyend ended with {box.process.returncode}: {box.log()[-2000:]}")
            if "spawn=" in box.log() or "exited" in box.log():
                raise RuntimeError(f"bench_modem ended: {box.log()[-2000:]}")
            return result.exists()
        wait_until(is_done, WAIT_S, "all messages to be stored", step_s=0.2)
        poured = json.loads(result.read_text())
        memory = resident_mb(box.process.pid)
        bytes_a_message = sum(os.path.getsize(path) for path in (folder / "box").glob("box.db*")) / count
    finally:
        box.stop()
    poured.update(per_s=poured["count"] / poured["seconds"], memory=memory, bytes=bytes_a_message,
                  cpu_us=poured["cpu_seconds"] / poured["count"] * 1e6)
    return poured


def measure(bench):
    figures = []
    for fsync_ms in (FSYNC_MS, 0):
        label = f"fsync +{fsync_ms} ms" if fsync_ms else "this disk's fsync"
        single = pour(bench, f"intake-single-{fsync_ms}", bench.size.singles[fsync_ms != 0], 1, fsync_ms)
        group = pour(bench, f"intake-group-{fsync_ms}", bench.size.group, 0, fsync_ms)
        bench.note(f"intake, {label}: CPU of binhyend a message: {single['cpu_us']:.0f} us with a commit each, "
                   f"{group['cpu_us']:.0f} us in groups; {group['bytes'] / 1024:.1f} KiB on disk a message")
        figures.append(Figure(f"intake, {label}: group commit", "SMS/s", group["per_s"], single["per_s"],
                              at_least=50 if fsync_ms else None, has_peer=True, peer_name="(one a commit)"))
    figures.append(Figure(f"binhyend resident after {bench.size.group} SMS", "MB", group["memory"]))
    return figures
