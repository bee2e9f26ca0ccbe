# SPDX-License-Identifier: GPL-2.0-or-later
"""Kannel's bearerbox with its AT driver on a modem of its own, and smsbox where messages are sent.

Messages that came lie in bearerbox's spool, a file each, until a box takes them; none does here, so that the files
are there to be counted. What Debian installs names no modem at all; INSTALLED has the default of each setting for a
generic modem, QUICK sets the smallest pause between two looks at the line (sendline-sleep; with 0 it spins)."""
import re
import shutil
import socket
import subprocess
import urllib.parse
import urllib.request

from binhyend import wait_until
from peer import Peer

BEARERBOX = shutil.which("bearerbox", path="/usr/sbin:/usr/bin")
SMSBOX = shutil.which("smsbox", path="/usr/sbin:/usr/bin")

CONFIG = """group = core
admin-port = {admin}
admin-interface = "127.0.0.1"
admin-password = bench
smsbox-port = {box}
smsbox-interface = "127.0.0.1"
box-allow-ip = "127.0.0.1"
log-file = "{folder}/bearerbox.log"
log-level = 1
store-type = spool
store-location = "{folder}/spool"

group = smsc
smsc = at
smsc-id = modem
modemtype = generic
device = {device}
speed = 115200
sim-buffering = true
my-number = +84900000000

group = modems
id = generic
name = "Generic Modem"
init-string = "AT+CNMI=2,1,0,0,0"
sendline-sleep = {sendline_sleep}

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {box}
sendsms-port = {sendsms}
sendsms-interface = "127.0.0.1"
log-file = "{folder}/smsbox.log"
log-level = 1

group = sendsms-user
username = bench
password = bench
"""
INSTALLED = {"sendline_sleep": 100}
QUICK = {"sendline_sleep": 1}


def version():
    """None when it is not installed."""
    if not BEARERBOX or not SMSBOX:
        return None
    text = subprocess.run([BEARERBOX, "--version"], capture_output=True, text=True, check=False).stdout
    words = text.split("version", 1)[-1].replace("`", " ").replace("'", " ").split()
    return words[0].rstrip(".") if words else "?"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class KannelAt(Peer):
    name = "Kannel"
    needs_running = True

    def __init__(self, tmp_dir, device, settings=None):
        super().__init__(tmp_dir)
        self.ports = {name: free_port() for name in ("admin", "box", "sendsms")}
        (self.dir / "spool").mkdir()
        self.config = self.dir / "kannel.conf"
        self.config.write_text(CONFIG.format(folder=self.dir, device=device, **self.ports, **(settings or QUICK)))
        self.has_smsbox = False

    def _listens(self, port):
        with socket.socket() as s:
            return s.connect_ex(("127.0.0.1", self.ports[port])) == 0

    def start(self):
        self.spawn(BEARERBOX, self.config)
        wait_until(lambda: self._listens("box"), 20, "bearerbox to listen", 0.05)
        return self

    def start_smsbox(self):
        if not self.has_smsbox:
            self.spawn(SMSBOX, self.config)
            wait_until(lambda: self._listens("sendsms"), 20, "smsbox to listen", 0.05)
            self.has_smsbox = True

    def reap(self):
        super().reap()
        self.has_smsbox = False

    def message_files(self):
        return self._files()

    def _files(self):
        return [path for path in (self.dir / "spool").glob("*/*") if path.is_file()]

    def stored(self):
        """Of the messages that came; what waits to be sent lies there as well."""
        return {path.name: path.stat().st_mtime_ns / 1e6 for path in self._files()}

    def stored_by_sender(self):
        """The sender stands in the file as it is."""
        senders = re.compile(rb"\+8490000\d{4}")
        return [(senders.search(path.read_bytes()).group().decode(), path.stat().st_mtime_ns / 1e6)
                for path in self._files()]

    def queue(self, number, text):
        self.start_smsbox()
        query = urllib.parse.urlencode({"username": "bench", "password": "bench", "to": number, "text": text,
                                        "from": "+84900000000"})
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ports['sendsms']}/cgi-bin/sendsms?{query}",
                                    timeout=30) as answer:
            if answer.status >= 300:
                raise RuntimeError(f"sendsms: {answer.status}")
