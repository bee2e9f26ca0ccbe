# SPDX-License-Identifier: GPL-2.0-or-later
"""The programs Binhyen is measured against, each on a modem of its own, with its files in a folder of its own.

A peer has a name, start() and stop(), queue() for a message to send, stored() for what it keeps of what came, and
pids() for what it uses. None of them syncs what it keeps to the disk before the slot is freed."""
import contextlib
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess

from binhyend import die_with_parent, wait_until

GAMMU_SMSD = "gammu-smsd"
SQLITE_SCHEMA = pathlib.Path("/usr/share/doc/gammu-smsd/examples/sqlite.sql")
SQLITE_DRIVERS = "*/dbd/libdbdsqlite3.so"

# gammu-smsd as Debian installs it looks for received SMS every 15 s and into an empty outbox every 30 s. QUICK does
# both in every turn of its loop, which rests 1 s (LoopSleep, the smallest rest it has; 0 spins on a whole core). In
# that rest it may sleep, or wait for what its PIN check left over; then, and only then, +CMTI wakes it.
INSTALLED = {}
QUICK = {"receivefrequency": 0, "commtimeout": 0}

CONFIG = """[gammu]
device = {device}
connection = at115200

[smsd]
logfile = {log}
{service}
{settings}
"""

FILES_SERVICE = """service = files
inboxpath = {folder}/inbox/
outboxpath = {folder}/outbox/
sentsmspath = {folder}/sent/
errorsmspath = {folder}/error/"""

SQLITE_SERVICE = """service = sql
driver = sqlite3
dbdir = {folder}
database = smsd.db"""


def version():
    """Of gammu-smsd; None when it is not installed."""
    program = shutil.which(GAMMU_SMSD)
    if not program:
        return None
    text = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return re.search(r"[\d.]+", text).group()


def children_of(pid):
    """All that descend from it, itself first."""
    found = [pid]
    for each in found:
        path = pathlib.Path(f"/proc/{each}/task/{each}/children")
        try:
            found += [int(child) for child in path.read_text().split()]
        except OSError:
            pass
    return found


def files_of(folder):
    """{file name: when it was written, in ms of wall time}"""
    files = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_file():
                files[entry.name] = entry.stat().st_mtime_ns / 1e6
    return files


class Peer:
    """Processes of our own, ended by pid."""

    name = ""
    needs_running = False  # to take what is queued

    def __init__(self, tmp_dir):
        self.dir = pathlib.Path(tmp_dir)
        self.dir.mkdir(parents=True, exist_ok=True)
        self.processes = []

    def spawn(self, *command):
        """In a session of its own: some of them signal their whole process group."""
        with open(self.dir / "output", "ab") as output:
            process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=output,
                                       stderr=output, cwd=self.dir, start_new_session=True,
                                       preexec_fn=die_with_parent)
        self.processes.append(process)
        return process

    def stop(self):
        for process in reversed(self.processes):
            family = children_of(process.pid) if process.poll() is None else []
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            self._end_orphans(family)
        self.processes = []

    def _end_orphans(self, family):
        for pid in family:
            try:
                if os.readlink(f"/proc/{pid}/cwd") == str(self.dir.resolve()):
                    os.kill(pid, 9)
            except OSError:
                pass  # it has ended

    def reap(self):
        """After its processes were killed."""
        for process in self.processes:
            process.wait()
        self.processes = []

    def message_files(self):
        """A file each of what came."""
        return []

    def pids(self):
        return [pid for process in self.processes for pid in children_of(process.pid)]

    def flushed(self, count, timeout_s=10):
        """A file may be a moment behind the slot that was freed before it."""
        wait_until(lambda: self.count_stored() >= count, timeout_s, f"{count} messages of {self.name}")

    def count_stored(self):
        return len(self.stored())


class GammuSmsd(Peer):
    name = "gammu-smsd"

    def __init__(self, tmp_dir, device, settings=None, uses_sqlite=False):
        super().__init__(tmp_dir)
        self.uses_sqlite = uses_sqlite
        self.inbox, self.outbox = self.dir / "inbox", self.dir / "outbox"
        for name in ("inbox", "outbox", "sent", "error"):
            (self.dir / name).mkdir(parents=True)
        self.config = self.dir / "smsdrc"
        self.log = self.dir / "smsd.log"
        service = SQLITE_SERVICE if uses_sqlite else FILES_SERVICE
        self.config.write_text(CONFIG.format(
            device=device, log=self.log, service=service.format(folder=self.dir),
            settings="\n".join(f"{name} = {value}" for name, value in (settings or {}).items())))
        if uses_sqlite:
            with self._database() as database:
                database.executescript(SQLITE_SCHEMA.read_text())

    @staticmethod
    def has_sqlite():
        return SQLITE_SCHEMA.exists() and any(pathlib.Path("/usr/lib").glob(SQLITE_DRIVERS))

    def _database(self):
        return contextlib.closing(sqlite3.connect(self.dir / "smsd.db", timeout=30, isolation_level=None))

    def start(self):
        self.spawn(GAMMU_SMSD, "--config", self.config)
        return self

    def message_files(self):
        return list(self.inbox.iterdir())

    def stored(self):
        """{name that holds the sender: when it was written, in ms of wall time}"""
        return files_of(self.inbox)

    def stored_by_sender(self):
        """Its files are named by the sender: IN20260102_030405_00_+84900000012_00.txt"""
        return [(name.split("_")[3], at_ms) for name, at_ms in self.stored().items()]

    def count_stored(self):
        if not self.uses_sqlite:
            return len(self.stored())
        with self._database() as database:
            return database.execute("SELECT count(*) FROM inbox").fetchone()[0]

    def queue(self, number, text):
        """A message for the outbox appears whole, as gammu-smsd-inject and its users do it."""
        if self.uses_sqlite:
            with self._database() as database:
                database.execute("INSERT INTO outbox (DestinationNumber, TextDecoded, CreatorID, Coding)"
                                 " VALUES (?, ?, 'bench', 'Default_No_Compression')", (number, text))
            return
        draft = self.dir / "draft"
        draft.write_text(text)
        draft.rename(self.outbox / f"OUT{number}.txt")
