# SPDX-License-Identifier: GPL-2.0-or-later
"""gammu-smsd with its files back end, on a modem of its own: as Debian installs it, or set to be quick.

As installed it looks for received SMS every 15 s and into an empty outbox every 30 s. QUICK does both in
every turn of its loop, which rests 1 s (LoopSleep, the smallest rest it has; 0 spins on a whole core). In
that rest it may sleep, or wait for what its PIN check left over; then, and only then, +CMTI wakes it."""
import os
import pathlib
import re
import shutil
import subprocess

PROGRAM = "gammu-smsd"
INSTALLED = {}
QUICK = {"receivefrequency": 0, "commtimeout": 0}

CONFIG = """[gammu]
device = {device}
connection = at115200

[smsd]
service = files
logfile = {log}
inboxpath = {folder}/inbox/
outboxpath = {folder}/outbox/
sentsmspath = {folder}/sent/
errorsmspath = {folder}/error/
{settings}
"""


def version():
    """None when it is not installed."""
    program = shutil.which(PROGRAM)
    if not program:
        return None
    text = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return re.search(r"[\d.]+", text).group()


class GammuSmsd:
    def __init__(self, tmp_dir, device, settings):
        self.dir = pathlib.Path(tmp_dir)
        self.inbox, self.outbox = self.dir / "inbox", self.dir / "outbox"
        for name in ("inbox", "outbox", "sent", "error"):
            (self.dir / name).mkdir(parents=True)
        self.config = self.dir / "smsdrc"
        self.log = self.dir / "smsd.log"
        self.config.write_text(CONFIG.format(device=device, log=self.log, folder=self.dir, settings="\n".join(
            f"{name} = {value}" for name, value in settings.items())))
        self.process = None

    def start(self):
        self.process = subprocess.Popen([PROGRAM, "--config", str(self.config)], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return self

    def stop(self):
        if not self.process:
            return
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def stored(self):
        """{file name: when it was written, in ms of wall time}, of the messages in the inbox."""
        files = {}
        with os.scandir(self.inbox) as entries:
            for entry in entries:
                files[entry.name] = entry.stat().st_mtime_ns / 1e6
        return files

    def queue(self, number, text):
        """A message for the outbox appears whole, as gammu-smsd-inject and its users do it."""
        draft = self.dir / "draft"
        draft.write_text(text)
        draft.rename(self.outbox / f"OUT{number}.txt")
