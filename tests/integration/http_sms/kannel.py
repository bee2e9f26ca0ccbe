# SPDX-License-Identifier: GPL-2.0-or-later
"""A real Kannel of a test's own: bearerbox, smsbox and fakesmsc as children, on free ports of loopback, in one folder.

Debian: bearerbox and smsbox are in the package kannel, fakesmsc in kannel-extras. Nothing of their installed
configuration is used.
"""
import os
import pathlib
import re
import shutil
import socket
import subprocess
import urllib.parse

from station import PASSWORD, TOKEN, die_with_parent, free_port, wait_until

BEARERBOX = shutil.which("bearerbox", path=os.environ.get("PATH", "") + ":/usr/sbin")
SMSBOX = shutil.which("smsbox", path=os.environ.get("PATH", "") + ":/usr/sbin")
FAKESMSC = "/usr/lib/kannel/test/fakesmsc"

USERNAME = "binhyen"
SHORT_CODE = "1414"

# Without smsbox-id: bearerbox gives messages only to a smsbox without a name, or by a smsbox-route.
CONFIG = """
group = core
admin-port = {admin}
admin-interface = "127.0.0.1"
admin-password = {password}
smsbox-port = {box}
smsbox-interface = "127.0.0.1"
box-allow-ip = "127.0.0.1"
box-deny-ip = "*.*.*.*"
log-file = "{dir}/bearerbox.log"
log-level = 0
store-type = spool
store-location = "{dir}/spool"

group = smsc
smsc = fake
smsc-id = fake
port = {smsc}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {box}
sendsms-port = {sendsms}
sendsms-interface = "127.0.0.1"
global-sender = {short_code}
log-file = "{dir}/smsbox.log"
log-level = 0
http-request-retry = 50
http-queue-delay = 1

group = sendsms-user
username = {username}
password = {password}
concatenation = true
max-messages = 10

group = sms-service
keyword = default
catch-all = true
omit-empty = true
max-messages = 0
get-url = "http://127.0.0.1:{callback}/http_sms/message?token={token}&id=%I&from=%p&to=%P&text=%b&charset=%C&coding=%c&time=%t"
"""


def missing():
    """What is not installed, "" when all is there."""
    if not BEARERBOX or not SMSBOX:
        return "the package kannel is not installed"
    return "" if os.access(FAKESMSC, os.X_OK) else "the package kannel-extras (fakesmsc) is not installed"


class Kannel:
    def __init__(self, folder, callback_port):
        self.dir = pathlib.Path(folder)
        self.ports = {name: free_port() for name in ("admin", "box", "smsc", "sendsms")}
        self.processes = {}
        (self.dir / "spool").mkdir(parents=True)
        self.config = self.dir / "kannel.conf"
        self.config.write_text(CONFIG.format(dir=self.dir, callback=callback_port, token=TOKEN, password=PASSWORD,
                                             username=USERNAME, short_code=SHORT_CODE, **self.ports))

    def settings(self, **more):
        """The object http_sms for it."""
        return {"profile": "kannel", "url": f"http://127.0.0.1:{self.ports['sendsms']}/cgi-bin/sendsms",
                "username": USERNAME, "from": SHORT_CODE, **more}

    def _spawn(self, name, *command, stdin=subprocess.DEVNULL):
        with open(self.dir / f"{name}.out", "ab") as out:
            self.processes[name] = subprocess.Popen(command, stdin=stdin, stdout=out, stderr=out, cwd=self.dir,
                                                    preexec_fn=die_with_parent)

    def _listens(self, port):
        with socket.socket() as s:
            return s.connect_ex(("127.0.0.1", self.ports[port])) == 0

    def start(self, smsc=True):
        self._spawn("bearerbox", BEARERBOX, str(self.config))
        wait_until(lambda: self._listens("box"), 90, "bearerbox to listen", 0.05)
        self._spawn("smsbox", SMSBOX, str(self.config))
        wait_until(lambda: self._listens("sendsms"), 90, "smsbox to listen", 0.05)
        if smsc:
            self.start_smsc()
        return self

    def log(self, name):
        path = self.dir / name
        return path.read_text(errors="replace") if path.exists() else ""

    def start_smsc(self):
        connected = self.log("bearerbox.log").count("Fakesmsc client connected")
        # Interactive: each line of its standard input is a message of a resident.
        self._spawn("fakesmsc", FAKESMSC, "-v", "0", "-H", "127.0.0.1", "-r", str(self.ports["smsc"]), "-i", "0.01",
                    stdin=subprocess.PIPE)
        wait_until(lambda: self.log("bearerbox.log").count("Fakesmsc client connected") > connected, 20,
                   "fakesmsc to be connected", 0.05)

    def stop(self, *names):
        for name in names or ("fakesmsc", "smsbox", "bearerbox"):
            process = self.processes.pop(name, None)
            if not process:
                continue
            if process.stdin:
                process.stdin.close()
            process.kill()
            process.wait()

    # -- residents and their phones --

    def text(self, text, sender):
        self._line(f"{sender} {SHORT_CODE} text {text}")

    def text_ucs2(self, text, sender):
        self._line(f"{sender} {SHORT_CODE} ucs2 {urllib.parse.quote(text.encode('utf-16-be'))}")

    def _line(self, line):
        """fakesmsc looks at its standard input by select(), so that a second line in its buffer would wait."""
        stdin = self.processes["fakesmsc"].stdin
        sent = self.log("fakesmsc.out").count("fakesmsc: sent message")
        stdin.write(line.encode() + b"\n")
        stdin.flush()
        wait_until(lambda: self.log("fakesmsc.out").count("fakesmsc: sent message") > sent, 10,
                   "fakesmsc to have taken a line")

    def received(self, to=None):
        """Texts that came to phones, in order; a part of a long one is a text."""
        rows = []
        for line in re.findall(r"Got message \d+: <(.*)>$", self.log("fakesmsc.out"), re.M):
            sender, receiver, kind, rest = line.split(" ", 3)
            if kind == "udh":
                _, kind, rest = rest.split(" ", 2)
            if kind in ("ucs-2", "data"):
                raw = urllib.parse.unquote_to_bytes(rest.replace("+", " "))
                rest = raw.decode("utf-16-be") if kind == "ucs-2" else raw.decode("utf-8")
            if to in (None, receiver):
                rows.append({"from": sender, "to": receiver, "text": rest})
        return rows

    def wait_received(self, count, to=None, timeout_s=20):
        wait_until(lambda: len(self.received(to)) >= count, timeout_s, f"{count} texts on the phones", 0.05)
        return self.received(to)
