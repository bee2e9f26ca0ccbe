# SPDX-License-Identifier: GPL-2.0-or-later
"""The real binhyen-modem in its sandbox: that it is in it, that it does all of its work there, and that neither it nor
the child that opens its tty outlives the other. What the sandbox refuses is tried in tests/unit/gateway."""

import argparse
import os
import pathlib
import select
import signal
import sys
import tempfile
import unittest

import test_modem_process as driver
from test_modem_process import RESIDENT

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import shard  # noqa: E402
from binhyend import Binhyend, wait_until  # noqa: E402

# Several threads, outside the interpreter's lock: it takes its share of a processor that others want too.
SPINNER = """#!/usr/bin/python3 -S
import hashlib, json, os, selectors, threading
for _ in range(4):
    threading.Thread(target=hashlib.pbkdf2_hmac, args=("sha256", b"", b"", 10**9), daemon=True).start()
line = os.fdopen(3, "rb+", buffering=0)
text = b""
with selectors.DefaultSelector() as selector:
    selector.register(line, selectors.EVENT_READ)
    while True:
        selector.select()
        data = line.read(65536)
        if not data:
            break
        text += data
        *requests, text = text.split(b"\\n")
        for request in requests:
            request = json.loads(request)
            if request["t"] == "ping":
                line.write(json.dumps({"t": "pong", "n": request["n"]}).encode() + b"\\n")
            if request["t"] == "quit":
                os._exit(0)
"""


def proc(pid, name):
    return pathlib.Path(f"/proc/{pid}/{name}").read_text(encoding="ascii")


def status(pid):
    return dict(line.split(":\t") for line in proc(pid, "status").splitlines())


def children(pid):
    return [int(child) for child in proc(pid, f"task/{pid}/children").split()]


class Sandbox(driver.ModemProcess):
    def start_ready(self, **options):
        modem = self.start(**options)
        modem.ready()
        return modem

    def is_full(self):
        return "sandbox=full" in self.modem.log()

    def test_is_in_it(self):
        modem = self.start_ready()
        pid = modem.process.pid
        self.assertRegex(modem.log(), r"name=test sandbox=(full|reduced) seccomp=yes landlock=\d")
        (opener,) = children(pid)
        for process in (pid, opener):
            facts = status(process)
            self.assertEqual((facts["NoNewPrivs"], facts["Seccomp"]), ("1", "2"))
            for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
                self.assertEqual(int(facts[name], 16), 0, name)
            bounds = proc(process, "limits")
            self.assertRegex(bounds, r"Max core file size +0 +0 ")
            if self.is_full():
                self.assertEqual(facts["Threads"], "1")
                self.assertRegex(bounds, r"Max address space +67108864 +67108864 ")
                self.assertRegex(bounds, r"Max processes +0 +0 ")
                self.assertRegex(bounds, r"Max open files +32 +32 ")
        self.assertEqual(status(opener)["Name"], "modem-opener")

    def test_holds_nothing_else(self):
        modem = self.start_ready()
        pid = modem.process.pid
        held = {int(fd): os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")}
        self.assertEqual(held.pop(driver.LINE_FD)[:7], "socket:")
        others = sorted(target.split(":")[0] for fd, target in held.items() if fd > 2)
        self.assertEqual(others, sorted([os.path.realpath(self.sim.device), "socket"]))
        (opener,) = children(pid)
        held = {int(fd): os.readlink(f"/proc/{opener}/fd/{fd}") for fd in os.listdir(f"/proc/{opener}/fd")}
        self.assertEqual(sorted(held), [2, 3])

    def test_works_in_it(self):
        modem = self.start_ready()
        for plugged in range(3):
            self.sim.text(f"tin {plugged}")
            sms = modem.until("sms", text=f"tin {plugged}")
            self.store(sms)
            self.send(number=plugged + 1)
            modem.until("sent", id=plugged + 1)
            self.sim.wait_sent(count=plugged + 1, to=RESIDENT)
            modem.send("ussd", code="*101#")
            modem.until("ussd")
            caller = f"+8490000002{plugged}"  # one who calls again soon is one caller
            self.sim.call(caller)
            modem.until("call", **{"from": caller})
            modem.send("ping", n=plugged)
            modem.until("pong", n=plugged)
            self.sim.unplug()
            modem.until("state", phase="down")
            self.sim.plug()
            modem.ready()
        self.assertIsNone(modem.process.poll())

    def test_device_comes_later(self):
        self.sim.unplug()
        modem = self.start()
        modem.until("state", phase="down")
        self.sim.plug()
        modem.ready()
        self.sim.text("den sau")
        modem.until("sms", text="den sau")

    def test_ends_without_its_opener(self):
        modem = self.start_ready()
        (opener,) = children(modem.process.pid)
        os.kill(opener, signal.SIGKILL)
        self.sim.unplug()  # only then it has to open again
        self.assertEqual(modem.process.wait(20), 1)
        self.assertIn("opener=gone", modem.log())
        modem.close()
        self.modem = None

    def test_opener_ends_with_it(self):
        modem = self.start_ready()
        (opener,) = children(modem.process.pid)
        fd = os.pidfd_open(opener)
        modem.process.kill()
        modem.process.wait()
        self.assertTrue(select.select([fd], [], [], 10)[0], "it lives on")
        os.close(fd)
        modem.close()
        self.modem = None

    def test_reduced_says_so(self):
        modem = self.start_ready(sandbox="reduced")
        self.assertIn("sandbox=reduced", modem.log())
        self.sim.text("van nhan")
        modem.until("sms", text="van nhan")

    def test_wrong_mode(self):
        modem = self.start(sandbox="none")
        self.assertEqual(modem.process.wait(10), 1)
        modem.close()
        self.modem = None


class Processor(unittest.TestCase):
    def test_process_that_spins_is_replaced(self):
        """It answers every ping, so only its processor time tells."""
        with tempfile.TemporaryDirectory() as folder:
            program = pathlib.Path(folder, "spinner")
            program.write_text(SPINNER, encoding="ascii")
            program.chmod(0o700)
            box = Binhyend(driver.BIN, os.path.join(folder, "box"), modems=[("m", "/dev/null")], modem_program=program)
            with box:
                first = wait_until(box.modem_pids, what="the process")
                wait_until(lambda: 'name=m killed="takes the processor"' in box.log(), 240, "its end")
                wait_until(lambda: box.modem_pids() and box.modem_pids() != first, what="the next one")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True, help="folder of binhyend, binhyen-modem and sim-modem")
    options, rest = parser.parse_known_args()
    driver.BIN = options.bin
    shard.main([sys.argv[0], *rest])


if __name__ == "__main__":
    main()
