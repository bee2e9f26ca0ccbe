# SPDX-License-Identifier: GPL-2.0-or-later
"""SMS Server Tools 3 (smsd) on a modem of its own.

As installed it looks at modem and outgoing folder every 10 s, and waits 0.1 s and more around each command. QUICK
looks every second, takes the PDUs from one +CMGL, and leaves out the pauses in which it would notice what a modem says
by itself. SPINNING does not rest at all: nobody would leave it so, for it keeps a core busy while nothing happens, but
it is the fastest it can be."""
import shutil
import subprocess

from peer import Peer, files_of

PROGRAM = shutil.which("smsd", path="/usr/sbin:/usr/bin")
INSTALLED = ({}, {})
GENERAL = {"sleeptime_mainprocess": 1, "trust_outgoing": "yes"}
MODEM = {"check_memory_method": 41, "check_network": 2, "poll_faster": 1000, "detect_unexpected_input": "no",
         "detect_message_routing": "no"}
QUICK = ({"delaytime": 1, "delaytime_mainprocess": 1, **GENERAL}, MODEM)
SPINNING = ({"delaytime": 0, "delaytime_mainprocess": 0, **GENERAL}, MODEM)

CONFIG = """devices = GSM1
outgoing = {folder}/outgoing
checked = {folder}/checked
failed = {folder}/failed
incoming = {folder}/incoming
sent = {folder}/sent
logfile = {folder}/smsd.log
infofile = {folder}/smsd.working
pidfile = {folder}/smsd.pid
receive_before_send = no
autosplit = 3
{general}

[GSM1]
device = {device}
incoming = yes
baudrate = 115200
init = ATE0
{modem}
"""


def version():
    """None when it is not installed."""
    if not PROGRAM:
        return None
    text = subprocess.run([PROGRAM, "-V"], capture_output=True, text=True, check=False).stdout
    return next((word.rstrip(",") for word in text.split() if word[:1].isdigit()), "?")


def lines(settings):
    return "\n".join(f"{name} = {value}" for name, value in settings.items())


class SmsTools(Peer):
    name = "smstools"

    def __init__(self, tmp_dir, device, settings=QUICK):
        super().__init__(tmp_dir)
        for name in ("outgoing", "checked", "failed", "incoming", "sent"):
            (self.dir / name).mkdir()
        self.config = self.dir / "smsd.conf"
        general, modem = settings
        self.config.write_text(CONFIG.format(folder=self.dir, device=device, general=lines(general),
                                             modem=lines(modem)))
        self.queued = 0

    def start(self):
        self.spawn(PROGRAM, "-t", f"-c{self.config}")
        return self

    def message_files(self):
        return list((self.dir / "incoming").iterdir())

    def stored(self):
        return files_of(self.dir / "incoming")

    def stored_by_sender(self):
        return [(self._sender(name), at_ms) for name, at_ms in self.stored().items()]

    def _sender(self, name):
        for line in (self.dir / "incoming" / name).read_text(errors="replace").splitlines():
            if line.startswith("From: "):
                return "+" + line[len("From: "):].strip().lstrip("+")
        return ""

    def queue(self, number, text):
        self.queued += 1
        draft = self.dir / f"draft{self.queued:06d}"
        draft.write_text(f"To: {number.lstrip('+')}\n\n{text}\n")
        draft.rename(self.dir / "outgoing" / f"send{self.queued:06d}")
