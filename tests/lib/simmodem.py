# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs sim-modem for a test: starts it, plays residents and the network through its control socket.

    with SimModem(bin_dir, tmp_dir, slots=10) as modem:
        modem.text("chay nha o ap 3")
        modem.wait_sent(to="+84900000012", contains="tiep nhan")

A request that the simulator refuses, and a wait that ends without its event, raise SimModemError.
"""

import json
import os
import selectors
import socket
import subprocess
import threading
import time

RESIDENT = "+84900000012"


class SimModemError(AssertionError):
    """The simulator refused, or what was waited for did not happen in time."""

    def __init__(self, message, answer=None):
        super().__init__(message)
        self.answer = answer or {}


class SimModem:
    """One simulated modem. Options are those of sim-modem with '_' for '-': radio_ms=100."""

    def __init__(self, bin_dir, tmp_dir, name="modem0", keep_state=False, **options):
        self.name = name
        self.program = os.path.join(bin_dir, "sim-modem")
        self.device = os.path.join(tmp_dir, f"{name}.tty")
        self.control = os.path.join(tmp_dir, f"{name}.ctl")
        self.log_path = os.path.join(tmp_dir, f"{name}.jsonl")
        self.state_path = os.path.join(tmp_dir, f"{name}.state") if keep_state else None
        self.options = options
        self.process = None
        self._socket = None
        self._lock = threading.Lock()

    # -- process --

    def start(self, timeout_s=60):
        # The lifeline: a test that dies leaves no simulator behind.
        argv = [self.program, "--lifeline", "--link", self.device, "--control", self.control,
                "--log", self.log_path]
        if self.state_path:
            argv += ["--state", self.state_path]
        for key, value in self.options.items():
            argv += ["--" + key.replace("_", "-"), str(value)]
        self.process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            self._wait_ready(timeout_s)
        except BaseException:
            self.kill()
            raise
        return self

    def _wait_ready(self, timeout_s):
        fd = self.process.stdout.fileno()
        deadline = time.monotonic() + timeout_s
        text = b""
        with selectors.DefaultSelector() as selector:
            selector.register(fd, selectors.EVENT_READ)
            while b"\n" not in text:
                left = deadline - time.monotonic()
                if left <= 0 or not selector.select(left):
                    raise SimModemError("sim-modem did not become ready")
                data = os.read(fd, 4096)
                if not data:
                    raise SimModemError(f"sim-modem ended with {self.process.wait()}")
                text += data
        if not text.startswith(b"ready "):
            raise SimModemError(f"sim-modem said {text!r}")

    def stop(self, timeout_s=60):
        """Ends it in order, so that a state file is written. Returns the exit status."""
        if not self.process:
            return None
        self._close_socket()
        self.process.terminate()
        try:
            status = self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.kill()
            raise SimModemError("sim-modem did not end")
        self._close_pipes()
        self.process = None
        return status

    def _close_pipes(self):
        self.process.stdin.close()
        self.process.stdout.close()

    def kill(self):
        if self.process:
            self._close_socket()
            self.process.kill()
            self.process.wait()
            self._close_pipes()
            self.process = None

    def __enter__(self):
        return self.start() if not self.process else self

    def __exit__(self, kind, value, trace):
        if kind:
            self.kill()
        else:
            self.stop()

    # -- requests --

    def _connect(self, timeout_s):
        s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        s.settimeout(timeout_s)
        try:
            s.connect(self.control)
            return s.makefile("rwb")
        finally:
            s.close()  # the stream keeps the connection until it is closed itself

    def _close_socket(self):
        if self._socket:
            self._socket.close()
            self._socket = None

    @staticmethod
    def _exchange(stream, body):
        stream.write(json.dumps(body).encode() + b"\n")
        stream.flush()
        line = stream.readline()
        if not line:
            raise SimModemError("sim-modem closed the control socket")
        return json.loads(line)

    def try_request(self, do, timeout_s=60, **fields):
        """The answer, refused or not. A field that is None is left out."""
        body = {"do": do}
        body.update((key, value) for key, value in fields.items() if value is not None)
        if do.startswith("wait_"):  # on a line of its own, so that others are not held up
            with self._connect(timeout_s) as stream:
                return self._exchange(stream, body)
        with self._lock:
            if not self._socket:
                self._socket = self._connect(timeout_s)
            return self._exchange(self._socket, body)

    def request(self, do, **fields):
        answer = self.try_request(do, **fields)
        if not answer.get("ok"):
            raise SimModemError(f"{do}: {answer.get('error')}", answer)
        return answer

    def text(self, text, sender=RESIDENT, **fields):
        """A resident sends an SMS. See README.md beside sim-modem for count, parts, order, only..."""
        fields["from"] = sender
        return self.request("sms", text=text, **fields)

    def pdu(self, hex_text, **fields):
        return self.request("pdu", hex=hex_text, **fields)

    def call(self, sender="", **fields):
        fields["from"] = sender
        return self.request("call", **fields)

    def ussd(self, text=None, **fields):
        return self.request("ussd", text=text, **fields)

    def network(self, state=None, **fields):
        return self.request("network", state=state, **fields)

    def clock(self, **fields):
        return self.request("clock", **fields)

    def fault(self, what, on=None, **fields):
        return self.request("fault", what=what, on=on, **fields)

    def clear_faults(self):
        return self.request("clear_faults")

    def auto_report(self, **fields):
        return self.request("auto_report", **fields)

    def report(self, n, status="delivered", **fields):
        return self.request("report", n=n, status=status, **fields)

    def card(self, imsi):
        """Changes the SIM card while unplugged."""
        return self.request("sim", imsi=imsi)

    def retry(self):
        return self.request("retry")

    def unplug(self):
        return self.request("unplug")

    def plug(self):
        return self.request("plug")

    def reboot(self, ms=1000):
        return self.request("reboot", ms=ms)

    def fill(self, leave=0):
        return self.request("fill", leave=leave)

    def status(self):
        return self.request("status")

    def sent(self, to=None, since=None):
        """Messages the network took, in order: n, to, text, parts, complete, mr, at_ms, segments."""
        return self.request("sent", to=to, since=since, segments=False)["sent"]

    def segments(self):
        return self.request("sent")["segments"]

    def wait_sent(self, count=1, to=None, contains=None, since=None, timeout_s=40):
        """Waits until so many complete messages (that match) were taken; returns those that match."""
        self.request("wait_sent", count=count, to=to, contains=contains, since=since,
                     timeout_ms=int(timeout_s * 1000), timeout_s=timeout_s + 30)
        return [row for row in self.sent(to=to, since=since)
                if row["complete"] and (contains is None or contains in row["text"])]

    def wait_drained(self, timeout_s=40):
        """Waits until no message is left in any memory nor at the SMSC."""
        return self.request("wait_drained", timeout_ms=int(timeout_s * 1000),
                            timeout_s=timeout_s + 30)

    def wait_host(self, cnmi=True, timeout_s=40):
        """Waits until a host has the tty open and, with cnmi, has asked for indications."""
        return self.request("wait_host", cnmi=cnmi, timeout_ms=int(timeout_s * 1000),
                            timeout_s=timeout_s + 30)

    # -- journal --

    def events(self, *kinds):
        """The events so far (of these kinds), oldest first; the journal outlives the process."""
        if not os.path.exists(self.log_path):
            return []
        with open(self.log_path, encoding="utf-8") as log:
            rows = [json.loads(line) for line in log if line.endswith("\n")]
        return [row for row in rows if not kinds or row["ev"] in kinds]

    def wait_event(self, kind, count=1, match=None, timeout_s=40):
        """Waits until so many events of that kind (for which match(row) holds) are journalled."""
        deadline = time.monotonic() + timeout_s
        while True:
            rows = [row for row in self.events(kind) if match is None or match(row)]
            if len(rows) >= count:
                return rows
            if time.monotonic() > deadline:
                raise SimModemError(f"{len(rows)} of {count} events {kind} in {timeout_s} s")
            time.sleep(0.02)
