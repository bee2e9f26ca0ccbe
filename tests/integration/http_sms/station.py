# SPDX-License-Identifier: GPL-2.0-or-later
"""A binhyend whose phones are reached by an SMS gateway only, and what a test asks of it."""
import pathlib
import shutil
import socket
import sys
import tempfile
import unittest
import urllib.error
import urllib.parse
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "lib"))

from binhyend import Binhyend, Refused, die_with_parent, wait_until  # noqa: E402,F401

TOKEN = "callback-token-7f3a"
PASSWORD = "gateway-password-91c2"
RESIDENT = "+84900000012"
DUTY = "+84900009001"

opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Station:
    """binhyend with the object http_sms; its folder is removed at the end."""

    def __init__(self, bin_dir, config, duty=(), password=PASSWORD, token=TOKEN):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="httpsms."))
        self.port = free_port()
        self.last_log = ""
        self.box = Binhyend(bin_dir, self.dir / "box", duty_phones=duty,
                            extra={"http_sms": dict(config, callback_port=self.port)})
        for name, secret in (("http_sms.password", password), ("http_sms.token", token)):
            if secret:
                path = self.box.secrets / name
                path.write_text(secret + "\n")
                path.chmod(0o600)

    def start(self):
        self.box.start()
        return self

    def close(self):
        try:
            code = self.box.stop(30)
            self.last_log = self.box.log()
            if code not in (None, 0):
                raise AssertionError(f"binhyend ended with {code}")
            for word in ("Sanitizer", "runtime error:", "check cond", TOKEN, PASSWORD, RESIDENT, RESIDENT[1:]):
                if word in self.last_log:
                    raise AssertionError(f"the log has {word!r}")
        finally:
            self.box.kill()
            shutil.rmtree(self.dir, ignore_errors=True)

    # -- asking --

    def status(self):
        return self.box.ctl("status")

    def gateway(self):
        return self.status()["http_sms"]

    def problems(self):
        return {row["code"] for row in self.status()["problems"]}

    def reports(self):
        return self.box.ctl("reports")["reports"]

    def words(self, number=1):
        return self.box.ctl("report", number)["dialogue"][0]["text"]

    def outbox(self, kind=None):
        rows = self.box.ctl("outbox")["outbox"][::-1]
        return [row for row in rows if kind in (None, row["kind"])]

    def row(self, row_id):
        return next(row for row in self.outbox() if row["id"] == row_id)

    def answer(self, text, number=1):
        return self.box.ctl("answer", number, text)["outbox_id"]

    def wait_reports(self, count, timeout_s=20):
        wait_until(lambda: len(self.reports()) >= count, timeout_s, f"{count} reports", 0.05)

    def wait_row(self, row_id, state, timeout_s=20):
        wait_until(lambda: self.row(row_id)["state"] == state, timeout_s,
                   f"row {row_id} to be {state}, not {self.row(row_id)}", 0.05)
        return self.row(row_id)

    # -- calling as the gateway does --

    def call(self, path, method="GET", data=None, headers=None, **query):
        """(status, body) of a call to the callback port."""
        url = f"http://127.0.0.1:{self.port}/{path}" + ("?" + urllib.parse.urlencode(query) if query else "")
        request = urllib.request.Request(url, data=data, headers=headers or {}, method=method)
        try:
            with opener.open(request, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def bring(self, text, message_id, sender=RESIDENT, **more):
        query = {"token": TOKEN, "id": message_id, "from": sender, "to": "1414", "text": text, **more}
        return self.call("http_sms/message", **query)[0]


class StationTest(unittest.TestCase):
    maxDiff = None
    bin_dir = None

    def station(self, config, start=True, **options):
        station = Station(self.bin_dir, config, **options)
        self.stations.append(station)
        self.addCleanup(station.close)
        return station.start() if start else station

    def run(self, result=None):
        self.stations = []
        bad = len(result.failures) + len(result.errors)
        super().run(result)
        if len(result.failures) + len(result.errors) > bad:
            for station in self.stations:
                print(f"---- {self.id()}: the end of binhyend's log", *station.last_log.splitlines()[-40:], sep="\n",
                      file=sys.stderr)


def main():
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} BIN_DIR [unittest options]")
    StationTest.bin_dir = pathlib.Path(sys.argv[1]).resolve()
    unittest.main(module="__main__", argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)
