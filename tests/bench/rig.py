# SPDX-License-Identifier: GPL-2.0-or-later
"""A simulated modem with the program under measurement on it: ours, or the peer's."""
import contextlib
import http.client
import json
import pathlib
import socket

from journal import Journal
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
    """With more than one modem the others are in more_modems, set up like the first."""

    def __init__(self, bin_dir, tmp_dir, zalo=None, modems=1, **modem_options):
        super().__init__(bin_dir, tmp_dir, **modem_options)
        self.more_modems = [SimModem(str(bin_dir), str(self.dir), f"modem{n}", imsi=f"4529900000{n:05d}",
                                     imei=f"4901542032{n:05d}", **modem_options) for n in range(1, modems)]
        devices = [("modem0", self.modem.device)] + [(f"modem{n}", modem.device)
                                                     for n, modem in enumerate(self.more_modems, 1)]
        self.program = Binhyend(bin_dir, self.dir / "box", modems=devices,
                                zalo=zalo.config(poll_s=30) if zalo else None,
                                zalo_app_secret=zalo.app_secret() if zalo else None)

    def __enter__(self):
        super().__enter__()
        for modem in self.more_modems:
            modem.start()
        return self

    def __exit__(self, *exc):
        super().__exit__(*exc)
        for modem in self.more_modems:
            modem.kill()

    def start(self):
        self.program.start()
        self.program.wait_modem(1 + len(self.more_modems), timeout_s=READY_S)

    def pids(self):
        pids = [self.program.process.pid] + self.program.modem_pids()
        if len(pids) != 2 + len(self.more_modems):
            raise RuntimeError(f"{len(pids) - 1} modem processes instead of {1 + len(self.more_modems)}")
        return pids

    def open_reports(self, count, first=2000):
        """Numbers of reports, each of another resident, who has his receipt: then nothing else is to be sent."""
        before = len(self.modem.sent())
        for n in range(count):
            self.modem.text(f"tin {n}: mat xe o cho", sender=resident(first + n))
        self.modem.wait_sent(before + count, timeout_s=READY_S)
        numbers, before = [], ""
        while len(numbers) < count and before is not None:
            page = self.get(f"/api/v1/reports?limit=100{before}")
            numbers += [report["number"] for report in page["reports"]]
            before = f"&before={page['next_before']}" if page["next_before"] else None
        return sorted(numbers)[-count:]

    def count_kept(self, count):
        """Messages in the inbox, at most one more than that many."""
        rows, before = 0, ""
        while rows <= count and before is not None:
            page = self.get(f"/api/v1/inbox?limit=200{before}")
            rows += len(page["inbox"])
            before = f"&before={page['next_before']}" if page["next_before"] else None
        return rows

    def answer(self, number, text):
        self.post(f"/api/v1/reports/{number}/answer", {"text": text})

    def request(self, method, path, body=None):
        with contextlib.closing(UnixConnection(self.program.socket)) as connection:
            try:
                connection.request(method, path, json.dumps(body) if body else None,
                                   {"Content-Type": "application/json"})
            except ConnectionError as error:
                code = self.program.process.poll()
                raise RuntimeError(f"{error}; binhyend {'runs' if code is None else f'ended with {code}'}:\n"
                                   f"{self.program.log()[-2000:]}") from error
            answer = connection.getresponse()
            text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text.decode()}")
        return json.loads(text)

    def get(self, path):
        return self.request("GET", path)

    def post(self, path, body):
        return self.request("POST", path, body)


class PeerRig(Rig):
    def __init__(self, bin_dir, tmp_dir, make, **modem_options):
        """make(folder, device) gives the peer."""
        super().__init__(bin_dir, tmp_dir, **modem_options)
        self.program = make(self.dir / "peer", self.modem.device)

    def start(self):
        self.program.start()
        self.modem.wait_host(cnmi=False, timeout_s=READY_S)

    def count_kept(self, count):
        self.program.flushed(count)
        return self.program.count_stored()

    def pids(self):
        return self.program.pids()
