# SPDX-License-Identifier: GPL-2.0-or-later
"""What processes use, from /proc."""
import dataclasses
import pathlib


@dataclasses.dataclass
class Usage:
    cpu_s: float
    wakeups: int
    resident_kib: int


def usage(pid):
    folder = pathlib.Path("/proc", str(pid))
    cpu_ns = 0
    wakeups = 0
    for task in (folder / "task").iterdir():
        cpu_ns += int((task / "schedstat").read_text().split()[0])
        wakeups += field(task / "status", "voluntary_ctxt_switches")
    return Usage(cpu_ns / 1e9, wakeups, field(folder / "status", "VmRSS"))


def resident_mb(pid):
    return field(pathlib.Path("/proc", str(pid), "status"), "VmRSS") / 1024


def field(path, name):
    for line in path.read_text().splitlines():
        key, _, value = line.partition(":")
        if key == name:
            return int(value.split()[0])
    raise KeyError(f"{path} has no {name}")


def machine_busy_s():
    """Seconds of CPU that the whole machine has spent on anything."""
    user, nice, system, _idle, _iowait, irq, softirq, *_ = map(
        int, pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:])
    return (user + nice + system + irq + softirq) / 100
