# SPDX-License-Identifier: GPL-2.0-or-later
"""Who else takes part; how each is set up stands in peer.py, smstools.py and kannel_at.py."""
import dataclasses
from typing import Callable

import kannel_at
import peer
import smstools
from kannel_at import KannelAt
from peer import GammuSmsd
from smstools import SmsTools


@dataclasses.dataclass(frozen=True)
class Rival:
    name: str  # in the table
    key: str   # of folders
    version: Callable
    make: Callable  # (folder, device) gives the program


GAMMU = Rival("gammu-smsd", "gammu", peer.version, lambda folder, device: GammuSmsd(folder, device, peer.QUICK))
GAMMU_INSTALLED = Rival("gammu-smsd as installed", "gammu-installed", peer.version,
                        lambda folder, device: GammuSmsd(folder, device, peer.INSTALLED))
GAMMU_SQLITE = Rival("gammu-smsd, SQLite", "gammu-sqlite",
                     lambda: peer.version() if GammuSmsd.has_sqlite() else None,
                     lambda folder, device: GammuSmsd(folder, device, peer.QUICK, uses_sqlite=True))
SMSTOOLS = Rival("smstools", "smstools", smstools.version,
                 lambda folder, device: SmsTools(folder, device, smstools.QUICK))
SMSTOOLS_INSTALLED = Rival("smstools as installed", "smstools-installed", smstools.version,
                           lambda folder, device: SmsTools(folder, device, smstools.INSTALLED))
SMSTOOLS_SPINNING = Rival("smstools without rest", "smstools-spinning", smstools.version,
                          lambda folder, device: SmsTools(folder, device, smstools.SPINNING))
KANNEL = Rival("Kannel", "kannel", kannel_at.version, lambda folder, device: KannelAt(folder, device, kannel_at.QUICK))
KANNEL_INSTALLED = Rival("Kannel, its defaults", "kannel-installed", kannel_at.version,
                         lambda folder, device: KannelAt(folder, device, kannel_at.INSTALLED))


def present(*rivals):
    return [each for each in rivals if each.version()]


def versions():
    """One line for the reader."""
    names = []
    for each, name in ((GAMMU, "gammu-smsd"), (SMSTOOLS, "smstools"), (KANNEL, "Kannel")):
        found = each.version()
        names.append(f"{name} {found}" if found else f"{name} is not installed")
    if GAMMU.version() and not GAMMU_SQLITE.version():
        names.append("gammu-smsd has no SQLite driver (libdbd-sqlite3)")
    return "; ".join(names)
