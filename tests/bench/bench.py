#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures what Binhyen must reach, against gammu-smsd on an identical simulated modem in the same run.

usage: bench.py --bin DIR [--gateway | --zalo | --ussd] [--only NAME]... [--quick | --smoke] [--json FILE] [--keep]

With --gateway the modem gateway alone, beside gammu-smsd, SMS Server Tools 3 and Kannel; without it the whole daemon.

Exit status 0 when it could measure, whether or not the targets are reached: the table says which are.
"""
import argparse
import contextlib
import dataclasses
import json
import os
import pathlib
import random
import shutil
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lib"))

import arrival  # pylint: disable=wrong-import-position
import backlog  # pylint: disable=wrong-import-position
import departure  # pylint: disable=wrong-import-position
import idle  # pylint: disable=wrong-import-position
import intake  # pylint: disable=wrong-import-position
import login  # pylint: disable=wrong-import-position
import peer  # pylint: disable=wrong-import-position
import question  # pylint: disable=wrong-import-position
import search  # pylint: disable=wrong-import-position
import ussd  # pylint: disable=wrong-import-position
import zalo_backlog  # pylint: disable=wrong-import-position
from gateway import cost, drain, hang, inbound, kills, outbound, radio, rest, rivals  # pylint: disable=wrong-import-position
from figure import table  # pylint: disable=wrong-import-position
from simmodem import SimModemError  # pylint: disable=wrong-import-position
from rig import OurRig, PeerRig  # pylint: disable=wrong-import-position
from usage import machine_busy_s  # pylint: disable=wrong-import-position

PARTS = {"arrival": arrival, "backlog": backlog, "departure": departure, "idle": idle, "intake": intake,
         "login": login, "question": question, "search": search, "ussd": ussd, "zalo": zalo_backlog}
GATEWAY_PARTS = {"inbound": inbound, "drain": drain, "outbound": outbound, "radio": radio, "cost": cost, "rest": rest,
                 "hang": hang, "kills": kills}


@dataclasses.dataclass
class Size:
    arrivals: int
    departures: int
    backlog: int
    idle_s: float
    singles: tuple  # messages with a commit each: without, with the slow fsync
    group: int
    rounds: int  # of what is compared in turns
    outbound: int
    slow: int  # messages of those that need a second or more for each
    radio: int  # segments a modem
    radio_few: int
    cost: int
    hang_s: float
    search: int  # reports
    radio_ms: int = 3000
    zalo: tuple = (10000, 2000, 4000, 60)  # bulletins, recipients, calls a minute that are allowed, alarms
    kills: int = 20
    codes: int = 1000  # questions of each kind
    ussd: int = 1000  # sessions at once
    has_quick_peer_only: bool = False


SIZES = {
    "full": Size(60, 30, 500, 60, (3000, 300), 20000, 3, 300, 20, 20, 8, 300, 20, 100000),
    "quick": Size(20, 12, 150, 30, (1000, 150), 8000, 2, 100, 10, 8, 4, 100, 16, 10000, zalo=(2000, 500, 4000, 20), kills=6,
                  codes=300),
    "smoke": Size(3, 2, 35, 1, (20, 10), 200, 1, 5, 2, 3, 2, 5, 0.1, 300, radio_ms=100,
                  zalo=(60, 20, 600, 2), kills=2, codes=4, ussd=5,
                  has_quick_peer_only=True),
}


class Bench:
    """What the parts share: programs, folders, sizes, chance."""

    def __init__(self, bin_dir, work_dir, size, has_peer):
        self.bin_dir = pathlib.Path(bin_dir).resolve()
        self.work_dir = pathlib.Path(work_dir)
        self.size = size
        self.has_peer = has_peer
        self.random = random.Random(1)
        self.shim = self.bin_dir.parent / "lib" / "slow_fsync.so"
        self.stand_in = self.bin_dir.parent / "tests" / "bench_modem"
        self.notes = []

    def folder(self, name):
        return self.work_dir / name

    def our_rig(self, name, **options):
        return OurRig(self.bin_dir, self.folder(f"{name}-ours"), **options)

    def peer_rig(self, name, settings, **options):
        """A context that gives None when there is no peer."""
        if not self.has_peer:
            return contextlib.nullcontext()
        if self.size.has_quick_peer_only:
            settings = peer.QUICK
        return PeerRig(self.bin_dir, self.folder(f"{name}-peer"),
                       lambda folder, device: peer.GammuSmsd(folder, device, settings), **options)

    def rivals(self, *wanted):
        """Those that are installed; in a smoke test only the first."""
        present = rivals.present(*wanted)
        return present[:1] if self.size.has_quick_peer_only else present

    def rival_rig(self, name, rival, **options):
        return PeerRig(self.bin_dir, self.folder(f"{name}-{rival.key}"), rival.make, **options)

    def attempt(self, rival, measure):
        """What measure() gives for a peer; None, with a note, when the peer did not do it."""
        try:
            return measure()
        except (SimModemError, TimeoutError, OSError) as error:
            self.note(f"{rival.name} did not finish: {error}")
            return None

    def note(self, text):
        self.notes.append(text)


def parse(argv):
    parser = argparse.ArgumentParser(description="Measures what Binhyen must reach.")
    parser.add_argument("--bin", required=True, help="folder of binhyend, sim-modem and so on")
    parser.add_argument("--gateway", action="store_true", help="measure the modem gateway")
    parser.add_argument("--only", action="append", choices=sorted(PARTS) + sorted(GATEWAY_PARTS),
                        help="this part only; may be repeated")
    parser.add_argument("--zalo", action="append_const", dest="only", const="zalo", help="the same as --only zalo")
    parser.add_argument("--ussd", action="append_const", dest="only", const="ussd", help="the same as --only ussd")
    parser.add_argument("--quick", action="store_true", help="fewer messages, a shorter idle time")
    parser.add_argument("--smoke", action="store_true", help="only see whether it works")
    parser.add_argument("--json", metavar="FILE", help="also write the figures there")
    parser.add_argument("--keep", action="store_true", help="leave journals and databases behind")
    return parser.parse_args(argv)


def check_programs(bench):
    names = [bench.bin_dir / name for name in ("binhyend", "binhyen-modem", "binhyenctl", "sim-modem", "sim-zalo")]
    for path in names + [bench.shim, bench.stand_in, bench.stand_in.parent / "bench_outbox",
                         bench.stand_in.parent / "bench_code", bench.stand_in.parent / "bench_search"]:
        if not os.access(path, os.R_OK):
            sys.exit(f"bench.py: {path} is missing: build it first (./run build release)")


def run(bench, parts, names):
    figures = []
    for name in names:
        print(f"bench: {name} ...", file=sys.stderr, flush=True)
        busy_s, began = machine_busy_s(), time.monotonic()
        figures += parts[name].measure(bench)
        passed = time.monotonic() - began
        bench.note(f"{name}: took {passed:.0f} s; the machine was "
                   f"{100 * (machine_busy_s() - busy_s) / passed / os.cpu_count():.0f} % busy, this bench included")
    return figures


def about_peers(is_gateway, version):
    if is_gateway:
        return "peers: " + rivals.versions() + "; how each is set up: peer.py, smstools.py, kannel_at.py"
    if not version:
        return "peer: gammu-smsd is not installed, ratios to it are not judged"
    return f"peer: gammu-smsd {version}, files back end; \"quick\": " + ", ".join(
        f"{name}={value}" for name, value in peer.QUICK.items())


def main():
    args = parse(sys.argv[1:])
    size = SIZES["smoke" if args.smoke else "quick" if args.quick else "full"]
    parts = GATEWAY_PARTS if args.gateway else PARTS
    for name in args.only or ():
        if name not in parts:
            sys.exit(f"bench.py: {name} is a part {'without' if args.gateway else 'of'} --gateway")
    version = peer.version()
    work_dir = pathlib.Path(tempfile.mkdtemp(prefix="binhyen-bench-"))
    bench = Bench(args.bin, work_dir, size, version is not None)
    check_programs(bench)
    try:
        figures = run(bench, parts, args.only or list(parts))
    finally:
        if args.keep:
            print(f"bench: kept {work_dir}", file=sys.stderr)
        else:
            shutil.rmtree(work_dir, ignore_errors=True)
    print(table(figures, "peer") if args.gateway else table(figures))
    print()
    if args.smoke:
        print("a smoke test: it works, and its numbers mean nothing")
        return
    print(about_peers(args.gateway, version))
    for note in bench.notes:
        print(note)
    missed = sum(figure.is_reached is False for figure in figures)
    print(f"targets: {sum(figure.is_reached is True for figure in figures)} reached, {missed} missed")
    if args.json:
        pathlib.Path(args.json).write_text(json.dumps([figure.as_object() for figure in figures], indent=1))


if __name__ == "__main__":
    main()
