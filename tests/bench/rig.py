# SPDX-License-Identifier: GPL-2.0-or-later
"""A simulated modem with the program under measurement on it: ours, or the peer's."""
import contextlib
import http.client
import json
import pathlib
import socket

from journal import Journal
from peer import GammuSmsd
from simmodem import SimModem
from binhyend import Binhyend

READY_S = 60


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout=30):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


def resident(n):
    """Test numbers; a resident each."""
    return f"+8490000{n % 10000:04d}"


class Rig:
    """Context manager: the modem runs inside, the program after start()."""

    def __init__(self, bin_dir, tmp_dir, **modem_options):
        self.dir = pathlib.Path(tmp_dir)
        self.dir.mkdir(parents=True)
        self.modem = SimModem(str(bin_dir), str(self.dir), **modem_options)
        self.journal = Journal(self.modem.log_path)
        self.program = None

    def __enter__(self):
        self.modem.start()
        return self

    def __exit__(self, *exc):
        if self.program:
            self.program.stop()
        self.modem.kill()

    def warm_up(self):
        """One message has been all the way, so that connecting is over."""
        since = self.journal.mark()
        self.modem.text("xin chao", sender=resident(9999))
        self.journal.wait("deleted", since, READY_S)


class OurRig(Rig):
    def __init__(self, bin_dir, tmp_dir, zalo=None, **modem_options):
        super().__init__(bin_dir, tmp_dir, **modem_options)
        self.program = Binhyend(bin_dir, self.dir / "box", modems=[("modem0", self.modem.device)],
                                zalo=zalo.config(poll_s=30) if zalo else None,
                                zalo_app_secret=zalo.app_secret() if zalo else None)

    def start(self):
        self.program.start()
        self.program.wait_modem(timeout_s=READY_S)

    def post(self, path, body):
        with contextlib.closing(UnixConnection(self.program.socket)) as connection:
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"POST {path}: {answer.status} {text.decode()}")
        return json.loads(text)


class PeerRig(Rig):
    def __init__(self, bin_dir, tmp_dir, settings, **modem_options):
        super().__init__(bin_dir, tmp_dir, **modem_options)
        self.program = GammuSmsd(self.dir / "smsd", self.modem.device, settings)

    def start(self):
        self.program.start()
        self.modem.wait_host(cnmi=False, timeout_s=READY_S)
