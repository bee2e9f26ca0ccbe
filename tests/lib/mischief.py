# SPDX-License-Identifier: GPL-2.0-or-later
"""The page that tests/crash/mischief.c obeys in binhyend and binhyen-modem.

    page = Mischief(bin_dir, folder)
    box = Binhyend(..., env=page.env())
    page.stop_at("SUBMITTED")          # between the Ctrl-Z and its answer
    pid = page.wait(5)                 # who stands still there, None when nobody came by
    os.kill(pid, signal.SIGKILL)
    page.go_on()
"""
import mmap
import os
import pathlib
import re
import struct
import subprocess
import time

FIELDS = ("wall_offset_ms", "disk_is_full", "sync_ms", "point", "countdown", "reached")
DAEMON_POINTS = ("CLAIM_COMMITTED", "SEND_HANDED_OVER", "STORED_COMMITTED", "STORED_SAID", "COMMIT_WRITTEN",
                 "COMMIT_SYNCED", "CHECKPOINT", "REPORT_HEARD", "DAEMON_STARTING")
MODEM_POINTS = ("PROMPT_SEEN", "SUBMITTED", "BEFORE_DELETION", "DELETION_ASKED", "IN_LISTING", "SENT_UNTOLD",
                "SENT_TOLD", "REPORT_UNTOLD", "MODEM_STARTING")
POINTS = DAEMON_POINTS + MODEM_POINTS


class Mischief:
    def __init__(self, bin_dir, folder):
        self.library = pathlib.Path(bin_dir).parent / "lib" / "mischief.so"
        self.runtime = sanitizer_of(pathlib.Path(bin_dir) / "binhyend")
        self.path = os.path.join(folder, "mischief.page")
        with open(self.path, "wb") as page:
            page.write(bytes(8 * len(FIELDS)))
        with open(self.path, "r+b") as page:
            self.map = mmap.mmap(page.fileno(), 8 * len(FIELDS))

    def env(self):
        first = [self.runtime] if self.runtime else []
        return {"LD_PRELOAD": ":".join([*first, str(self.library)]), "MISCHIEF_PAGE": self.path}

    def get(self, field):
        return struct.unpack_from("=q", self.map, 8 * FIELDS.index(field))[0]

    def set(self, field, value):
        struct.pack_into("=q", self.map, 8 * FIELDS.index(field), value)

    def stop_at(self, point, passes=1):
        """Whoever passes the point for that time stands still there."""
        self.set("point", 0)
        self.set("reached", 0)
        self.set("countdown", passes)
        self.set("point", 1 + POINTS.index(point))

    def go_on(self):
        self.set("point", 0)

    def wait(self, timeout_s):
        end = time.monotonic() + timeout_s
        while time.monotonic() < end:
            if self.get("reached"):
                return self.get("reached")
            time.sleep(0.001)
        return None


def sanitizer_of(program):
    """The runtime of a sanitizer has to be loaded before any shim."""
    listed = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=True).stdout
    found = re.search(r"(/\S*libasan\S*)", listed)
    return found.group(1) if found else None
