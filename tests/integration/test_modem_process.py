# SPDX-License-Identifier: GPL-2.0-or-later
"""The real binhyen-modem, with either driver, against the simulated modem on a real pty. This side
of the socketpair plays binhyend."""

import argparse
import json
import os
import re
import selectors
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import shard  # noqa: E402
from simmodem import RESIDENT, SimModem  # noqa: E402

BIN = None
DRIVER = "at"
LINE_FD = 3
WAIT_S = 20
HEAD, SENDER, STAMP = "07914809009000F0", "0B914809000010F2", "62112241509082"


def is_command(start):
    return lambda row: row["text"].startswith(start)


class Process:
    """One binhyen-modem."""

    def __init__(self, device, **options):
        self.socket, theirs = socket.socketpair()
        argv = [os.path.join(BIN, "binhyen-modem"), "--device", device, "--name", "test"]
        argv += ["--driver", DRIVER]
        for key, value in options.items():
            argv += ["--" + key.replace("_", "-")] + ([str(value)] if value != "" else [])
        # Appended to, as reading moves the offset that the child shares.
        with tempfile.NamedTemporaryFile(delete=False) as log:
            self.log_path = log.name
        self.stderr = open(self.log_path, "ab")
        # dup2 in the child: it wants fd 3, whatever number the socket has here.
        self.process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stderr=self.stderr, close_fds=False,
            preexec_fn=lambda: os.dup2(theirs.fileno(), LINE_FD))
        theirs.close()
        self.input = b""
        self.seen = []

    def send(self, kind, **fields):
        line = {"t": kind}
        line.update(fields)
        self.socket.sendall(json.dumps(line).encode() + b"\n")

    def next(self, timeout_s=WAIT_S):
        """The next line, None when it does not come in time or the process is gone."""
        deadline = time.monotonic() + timeout_s
        with selectors.DefaultSelector() as selector:
            selector.register(self.socket, selectors.EVENT_READ)
            while b"\n" not in self.input:
                left = deadline - time.monotonic()
                if left < 0 or not selector.select(left):
                    return None
                data = self.socket.recv(65536)
                if not data:
                    return None
                self.input += data
        text, self.input = self.input.split(b"\n", 1)
        line = json.loads(text)
        self.seen.append(line)
        return line

    def until(self, kind, timeout_s=WAIT_S, **fields):
        """Drops lines until one matches."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            line = self.next(deadline - time.monotonic())
            if line is None:
                break
            if line["t"] == kind and all(line[key] == value for key, value in fields.items()):
                return line
        raise AssertionError(f"no {kind} {fields}; seen {self.seen[-8:]}; log {self.log()}")

    def quiet(self, kinds, seconds):
        """No line of these kinds comes."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            line = self.next(max(0, deadline - time.monotonic()))
            if line and line["t"] in kinds:
                raise AssertionError(f"unexpected {line}")

    def ready(self):
        hello = self.until("hello")
        self.until("state", phase="ready")
        return hello

    def log(self):
        with open(self.log_path, encoding="utf-8") as log:
            return log.read()

    def close(self):
        self.socket.close()
        try:
            status = self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            log = self.log()
            self.stderr.close()
            os.unlink(self.log_path)
        return status, log


class ModemProcess(unittest.TestCase):
    sim_options = {}
    options = {}

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.sim = SimModem(BIN, self.directory.name, **self.sim_options).start()
        self.modem = None

    def tearDown(self):
        if self.modem:
            status, log = self.modem.close()
            self.assertEqual(status, 0, log)
            # No number, no text, no sanitizer report.
            self.assertIsNone(re.search(r"\d{6}", re.sub(r"^\S+Z ", "", log, flags=re.M)), log)
            self.assertNotIn("ERROR:", log)
            self.assertNotIn("runtime error", log)
        self.sim.kill()
        self.directory.cleanup()

    def start(self, **options):
        merged = dict(self.options)
        merged.update(options)
        self.modem = Process(self.sim.device, **merged)
        return self.modem

    def store(self, line):
        self.modem.send("stored", mem=line["mem"], slot=line["slot"])
        freed = self.modem.until("freed", mem=line["mem"], slot=line["slot"])
        self.assertTrue(freed["ok"])

    def send(self, text="xin chao", coding="gsm7", number=1, part=1, total=1, **fields):
        line = {"id": number, "part": part, "total": total, "ref": 7, "to": RESIDENT,
                "text": text, "coding": coding, "report": False, "validity_min": 60}
        line.update(fields)
        self.modem.send("send", **line)


class Connecting(ModemProcess):
    def test_hello_and_state(self):
        modem = self.start()
        self.assertEqual(modem.until("state")["phase"], "connecting")
        hello = modem.until("hello")
        self.assertEqual((hello["v"], hello["driver"]), (1, DRIVER))
        self.assertEqual(hello["imei"], "490154203237518")
        self.assertEqual(hello["imsi"], "452990000000001")
        self.assertEqual(hello["smsc"], "+84900009000")
        state = modem.until("state", phase="ready")
        self.assertEqual(state["network"], "home")
        self.assertEqual(state["operator"], "45299")
        self.assertEqual((state["sim_used"], state["sim_size"]), (0, 30))
        self.assertTrue(0 <= state["signal"] <= 100)
        self.assertEqual(modem.until("listed", mem="SM")["slots"], [])
        self.assertEqual(modem.until("listed", mem="ME")["slots"], [])

    def test_ping(self):
        modem = self.start()
        modem.ready()
        modem.send("ping", n=41)
        self.assertEqual(modem.until("pong")["n"], 41)

    def test_journal(self):
        """What was said, oldest first; without numbers, PDUs and texts."""
        modem = self.start()
        modem.ready()
        self.sim.text("bi mat cua nguoi dan")
        self.store(modem.until("sms"))
        self.send("tra loi bi mat", to=RESIDENT)
        modem.until("sent")
        modem.send("journal")
        said = [modem.until("said")]
        while said[-1]["left"]:
            said.append(modem.until("said"))
        self.assertEqual([line["left"] for line in said], list(range(len(said)))[::-1])
        text = "\n".join(line["text"] for line in said)
        if DRIVER == "gammu":
            self.assertEqual(text, "")
            return
        self.assertIn("> AT+CMGS=", text)
        self.assertLess(text.index("> AT+CMGD="), text.index("> AT+CMGS="))
        self.assertRegex(text, r"< <\d+ hex>")
        self.assertIsNone(re.search(r"\d{5}|[0-9A-F]{12}", text), text)

    def test_quit(self):
        modem = self.start()
        modem.ready()
        modem.send("quit")
        self.assertEqual(modem.process.wait(10), 0)

    def test_end_of_line_ends_it(self):
        modem = self.start()
        modem.ready()
        started = time.monotonic()
        status, _ = modem.close()
        self.modem = None
        self.assertEqual(status, 0)
        self.assertLess(time.monotonic() - started, 2)

    def test_bad_lines_are_skipped(self):
        modem = self.start()
        modem.ready()
        modem.socket.sendall(b"\nnonsense\n{\"t\":\"hello\"}\n" + b"[" * 100000 + b"\n")
        modem.send("hello", v=1)
        modem.send("ping", n=1)
        self.assertEqual(modem.until("pong")["n"], 1)

    def test_unplug_and_plug(self):
        modem = self.start()
        modem.ready()
        self.sim.unplug()
        down = modem.until("state", phase="down")
        self.assertTrue(down["error"])
        self.sim.plug()
        modem.ready()
        self.sim.text("sau khi cam lai")
        self.assertEqual(modem.until("sms")["text"], "sau khi cam lai")

    def test_no_device(self):
        self.sim.unplug()
        modem = self.start()
        modem.until("state", phase="down")
        modem.send("ping", n=1)
        modem.until("pong")
        self.sim.plug()
        modem.ready()

    def test_reboot_while_idle(self):
        modem = self.start()
        modem.ready()
        self.sim.reboot(200)
        modem.until("hello", timeout_s=60)
        self.sim.text("sau khi khoi dong lai")
        modem.until("sms", text="sau khi khoi dong lai")

    def test_sleeps_when_idle(self):
        modem = self.start()
        modem.ready()
        modem.until("listed", mem="ME")
        # The loop has gone to sleep once it has answered.
        modem.send("ping", n=1)
        modem.until("pong")

        def switches():
            with open(f"/proc/{modem.process.pid}/status", encoding="ascii") as status:
                return sum(int(line.split()[1]) for line in status if "ctxt_switches" in line)

        before = switches()
        modem.quiet(["sms"], 2)
        self.assertLess(switches() - before, 10)


class NetworkTime(ModemProcess):
    """What the network says the time is, and what a module says that was told none."""

    def setUp(self):
        if DRIVER != "at":
            self.skipTest("libgammu asks for no time")
        super().setUp()

    def state_time(self):
        if self.modem:
            self.modem.close()
        modem = self.start()
        state = modem.until("state", phase="ready")
        return state["time"], time.time() * 1000

    def test_clock_of_the_module(self):
        told, now = self.state_time()
        self.assertLess(abs(told - now), 5000)
        self.assertIn("AT+CTZU=1", [row["text"] for row in self.sim.events("cmd")])

    def test_clock_that_runs_ahead(self):
        self.sim.clock(ahead_ms=7200000)
        told, now = self.state_time()
        self.assertLess(abs(told - now - 7200000), 5000)

    def test_clocks_never_set(self):
        for text in ("80/01/06,00:00:31+00", "70/01/01,00:00:12+00", "04/01/01,00:20:31+28",
                     "26/13/01,00:00:00+28", "nonsense"):
            with self.subTest(text):
                self.sim.clock(cclk=text)
                self.assertEqual(self.state_time()[0], 0)

    def test_clock_that_nobody_sets(self):
        """Where the network's time is not taken over, the module's clock shows anything."""
        self.sim.fault("cme", "CTZU", code=4, count=-1)
        self.assertEqual(self.state_time()[0], 0)
        self.assertNotIn("AT+CCLK?", [row["text"] for row in self.sim.events("cmd")])

    def test_time_that_comes_by_itself(self):
        """It counts more than the clock, and keeps running."""
        now = time.gmtime(time.time() + 3600)
        for raw in (time.strftime("+CTZEU: \"+28\",0,\"%Y/%m/%d,%H:%M:%S\"", now),
                    time.strftime("^NWTIME: %y/%m/%d,%H:%M:%S+28,00", now)):
            with self.subTest(raw):
                self.sim.fault("urc_inside", "CREG", urc=raw)
                told, after = self.state_time()
                self.assertLess(abs(told - after - 3600000), 5000)
        for raw in ("+CTZE: \"+28\",0,\"1980/01/06,00:00:00\"", "+CTZV: \"+28\"", "+CTZE: x"):
            with self.subTest(raw):
                self.sim.fault("urc_inside", "CREG", urc=raw)
                told, after = self.state_time()
                self.assertLess(abs(told - after), 5000)

    def test_told_when_registered(self):
        self.sim.clock(cclk="80/01/06,00:00:00+00", ahead_ms=60000)
        self.sim.network("searching")
        self.sim.fault("late", "CSQ", ms=1500)  # is asked later than the zone is wanted, and before the state
        modem = self.start()
        self.sim.wait_event("cmd", match=lambda row: row["text"].startswith("AT+CTZR="))
        self.sim.network("home")
        state = modem.until("state", phase="ready")
        self.assertLess(abs(state["time"] - time.time() * 1000 - 60000), 5000)


class Receiving(ModemProcess):
    def test_receive_store_free(self):
        modem = self.start()
        modem.ready()
        modem.until("listed", mem="ME")
        self.sim.text("chay nha o ap 3", scts="2026-11-22T14:05:09+07:00")
        sms = modem.until("sms")
        self.assertEqual(
            (sms["from"], sms["from_type"], sms["text"], sms["coding"], sms["class"],
             sms["total"], sms["scts"], sms["mem"]),
            (RESIDENT, "international", "chay nha o ap 3", "gsm7", -1, 0, 1795331109000, "SM"))
        self.assertEqual(self.sim.events("deleted"), [])
        self.store(sms)
        self.sim.wait_drained()

    def test_what_was_there_before(self):
        self.sim.text("tin {n}", count=5)
        modem = self.start()
        texts = [modem.until("sms")["text"] for _ in range(5)]
        self.assertEqual(texts, [f"tin {n}" for n in range(1, 6)])
        listed = modem.until("listed", mem="SM")
        self.assertEqual(len(listed["slots"]), 5)

    def test_listed_again_until_stored(self):
        self.sim.text("chua luu")
        modem = self.start(poll_s=1)
        first = modem.until("sms")
        for _ in range(2):
            again = modem.until("sms", timeout_s=5)
            self.assertEqual(again, first)
        self.store(again)
        modem.quiet(["sms"], 2.5)
        self.assertEqual(len(self.sim.events("deleted")), 1)

    def test_old_answer_deletes_nothing_new(self):
        self.sim.text("mot")
        modem = self.start(poll_s=1)
        sms = modem.until("sms")
        modem.until("sms")
        self.store(sms)
        self.sim.text("hai")
        modem.until("sms", text="hai")
        # the answer to the second telling of "mot", overtaken by "hai" in the same slot
        modem.send("stored", mem=sms["mem"], slot=sms["slot"])
        modem.send("ping", n=1)
        modem.until("pong")
        self.assertEqual(len(self.sim.events("deleted")), 1)
        again = modem.until("sms", text="hai")
        self.store(again)
        self.assertEqual(len(self.sim.events("deleted")), 2)

    def test_two_equal_texts_are_two(self):
        modem = self.start()
        modem.ready()
        for _ in range(2):
            self.sim.text("giong nhau", scts="2026-11-22T14:05:09+07:00")
        first, second = modem.until("sms"), modem.until("sms")
        self.assertNotEqual(first["slot"], second["slot"])
        self.store(first)
        self.store(second)

    def test_parts_out_of_order(self):
        modem = self.start()
        modem.ready()
        text = "Nước lên rất nhanh ở ấp 3, cầu đã gãy, cần xuồng và áo phao ngay. " * 3
        self.sim.text(text, order=[3, 1, 2], ref=200, parts=3)
        parts = [modem.until("sms") for _ in range(3)]
        self.assertEqual([(sms["seq"], sms["total"], sms["ref"], sms["ref_bits"]) for sms in parts],
                         [(3, 3, 200, 8), (1, 3, 200, 8), (2, 3, 200, 8)])
        self.assertEqual(parts[1]["text"] + parts[2]["text"] + parts[0]["text"], text)
        for sms in parts:
            self.store(sms)

    def test_sixteen_bit_reference(self):
        modem = self.start()
        modem.ready()
        self.sim.text("a" * 200, ref_bits=16, ref=4660)
        sms = modem.until("sms")
        self.assertEqual((sms["ref"], sms["ref_bits"], sms["total"]), (4660, 16, 2))

    def test_texts(self):
        modem = self.start()
        modem.ready()
        for text in ("~", "~~ở~", "Báo cháy ở Nậm Pồ đỏ", "{[~]} \\ | ^ €", "@@@", "😀 cứu",
                     "dòng một\ndòng hai", "", "\"nháy\" \\ chéo"):
            self.sim.text(text)
            sms = modem.until("sms")
            self.assertEqual(sms["text"], text)
            self.store(sms)

    def test_senders(self):
        modem = self.start()
        modem.ready()
        for sender, kind in (("+84900000012", "international"), ("0900000012", "national"),
                             ("Viettel", "alpha"), ("VinaPhone", "alpha"), ("198", "unknown")):
            self.sim.text("thu", sender=sender)
            sms = modem.until("sms")
            self.assertEqual((sms["from"], sms["from_type"]), (sender, kind), sms)
            self.store(sms)

    def test_odd_messages_are_passed_and_freed(self):
        modem = self.start()
        modem.ready()
        cases = {
            "lone surrogates": (HEAD + "04" + SENDER + "0008" + STAMP + "06D83D0041DE00",
                                "ucs2", "\ufffdA\ufffd"),
            "8 bit": (HEAD + "04" + SENDER + "0004" + STAMP + "03FF00FE", "8bit", "ff00fe"),
            "8 bit with a header": (HEAD + "44" + SENDER + "0004" + STAMP + "09050003A7020100FF42", "8bit",
                                    "050003a7020100ff42"),
            "compressed": (HEAD + "04" + SENDER + "0020" + STAMP + "0341E110", "8bit", "41e110"),
            "flash": (HEAD + "04" + SENDER + "0010" + STAMP + "05E8329BFD06", "gsm7", "hello"),
            "reserved type": (HEAD + "07" + SENDER + "0000" + STAMP + "05E8329BFD06", "gsm7", "hello"),
        }
        for name, (pdu, coding, text) in cases.items():
            with self.subTest(name):
                self.sim.pdu(pdu)
                sms = modem.until("sms")
                self.assertEqual((sms["coding"], sms["text"]), (coding, text))
                self.store(sms)
        self.sim.wait_drained()

    def test_class(self):
        modem = self.start()
        modem.ready()
        self.sim.text("khan cap", **{"class": 0})
        self.assertEqual(modem.until("sms")["class"], 0)

    def test_phone_memory(self):
        self.sim.pdu(HEAD + "04" + SENDER + "0000" + STAMP + "05E8329BFD06", memory="ME", slot=4)
        modem = self.start()
        sms = modem.until("sms")
        self.assertEqual((sms["mem"], sms["text"]), ("ME", "hello"))
        listed = modem.until("listed", mem="ME")
        self.assertEqual(listed["slots"], [sms["slot"]])
        self.store(sms)
        self.sim.wait_drained()

    def test_lost_indication(self):
        modem = self.start(poll_s=1)
        modem.ready()
        modem.until("listed", mem="ME")
        self.sim.pdu(HEAD + "04" + SENDER + "0000" + STAMP + "05E8329BFD06", memory="SM", slot=3)
        self.assertEqual(modem.until("sms", timeout_s=5)["text"], "hello")

    def test_more_than_the_sim_holds(self):
        self.sim.text("tin {n}", count=100)
        modem = self.start()
        texts = set()
        while len(texts) < 100:
            sms = modem.until("sms")
            self.assertNotIn(sms["text"], texts)
            texts.add(sms["text"])
            modem.send("stored", mem=sms["mem"], slot=sms["slot"])
        self.sim.wait_drained()

    def test_indication_inside_an_answer(self):
        modem = self.start()
        modem.ready()
        self.sim.text("mot")
        sms = modem.until("sms")
        self.sim.fault("urc_inside", "CMGR", urc="^RSSI: 18")
        self.store(sms)
        self.sim.fault("split", "CMGR", bytes=3, ms=20)
        self.sim.text("hai")
        self.store(modem.until("sms", text="hai"))

    def test_failed_deletion_is_told(self):
        modem = self.start(poll_s=1)
        modem.ready()
        self.sim.text("khong xoa duoc")
        sms = modem.until("sms")
        self.sim.fault("cms", "CMGD", code=321, count=2)
        modem.send("stored", mem=sms["mem"], slot=sms["slot"])
        self.assertFalse(modem.until("freed")["ok"])
        self.store(modem.until("sms"))


class Slow(ModemProcess):
    """What comes while a command is executed is told right behind its answer, in the same read."""

    sim_options = {"command_ms": 40}

    def test_indication_behind_a_failed_deletion(self):
        modem = self.start(poll_s=2)
        modem.ready()
        self.sim.text("mot")
        sms = modem.until("sms")
        self.sim.fault("cms", "CMGD", code=321, count=2)
        modem.send("stored", mem=sms["mem"], slot=sms["slot"])
        self.sim.wait_event("cmd", match=is_command("AT+CMGD"))
        self.sim.text("hai")
        self.assertFalse(modem.until("freed")["ok"])
        modem.until("sms", text="hai")
        self.assertEqual(self.sim.events("deleted"), [])

    def test_indication_behind_a_failed_read(self):
        modem = self.start(poll_s=2)
        modem.ready()
        modem.until("listed", mem="ME")
        self.sim.fault("cms", "CMGR", code=321)
        self.sim.text("mot")
        self.sim.wait_event("cmd", match=is_command("AT+CMGR"))
        self.sim.text("hai")
        texts = {modem.until("sms")["text"] for _ in range(2)}
        self.assertEqual(texts, {"mot", "hai"})

    def test_indication_behind_a_refused_send(self):
        modem = self.start(send_timeout_s=2)
        modem.ready()
        modem.until("listed", mem="ME")
        self.sim.fault("cms", "CMGS", code=38, at="prompt")
        self.send(number=1)
        self.sim.wait_event("cmd", match=is_command("AT+CMGS"))
        self.sim.text("mot")
        failed = modem.until("failed")
        self.assertEqual((failed["kind"], failed["code"], failed["in_doubt"]), ("cms", 38, False))
        modem.until("sms", text="mot")
        self.send(number=2)
        self.assertEqual(modem.until("sent")["id"], 2)
        self.assertEqual(len(self.sim.segments()), 1)


class NoLink(ModemProcess):
    def test_link_that_cannot_be_held(self):
        self.sim.fault("cms", "CMMS", code=303, count=-1)
        self.start().ready()
        for part in (1, 2):
            self.send("a" * 153, part=part, total=2)
            self.assertEqual(self.modem.until("sent")["part"], part)


class Flood(ModemProcess):
    """More than the SIM holds, while there is always something to be sent."""

    sim_options = {"slots": 10, "me_slots": 0, "radio_ms": 1000}

    def test_receiving_goes_first_and_sending_goes_on(self):
        self.sim.text("tin {n}", count=100)
        modem = self.start()
        texts, number = set(), 1
        began = time.monotonic()
        self.send(number=number)
        while len(texts) < 100:
            line = modem.next()
            self.assertIsNotNone(line)
            if line["t"] == "sms":
                self.assertNotIn(line["text"], texts)
                texts.add(line["text"])
                modem.send("stored", mem=line["mem"], slot=line["slot"])
            elif line["t"] in ("sent", "failed"):
                number += 1
                self.send(number=number)
        drained = time.monotonic() - began
        self.sim.wait_drained()
        # Sending first, it would take one segment for every 4 commands of some 200. What was sent meanwhile was
        # handed over before the first listing, or when this machine paused.
        self.assertLessEqual(len(self.sim.segments()), 2 + drained / 5)
        for _ in range(3):
            modem.until("sent")
            number += 1
            self.send(number=number)

    def test_a_long_message_is_not_interrupted(self):
        modem = self.start()
        modem.ready()
        self.send("a" * 153, part=1, total=3)
        modem.until("sent", part=1)
        self.sim.text("tin {n}", count=60)
        self.sim.wait_event("stored", 10)
        for part in (2, 3):
            self.send("a" * 153, part=part, total=3)
            modem.until("sent", part=part, timeout_s=4)


class SlotZero(ModemProcess):
    sim_options = {"first_slot": 0}

    def test_slot_zero(self):
        modem = self.start()
        modem.ready()
        modem.until("listed", mem="ME")
        self.sim.text("o so khong")
        sms = modem.until("sms")
        self.assertEqual(sms["slot"], 0)
        self.store(sms)
        self.sim.wait_drained()

    def test_slot_zero_in_a_listing(self):
        self.sim.text("tin {n}", count=3)
        modem = self.start()
        self.assertEqual([modem.until("sms")["slot"] for _ in range(3)], [0, 1, 2])


class SimOnly(ModemProcess):
    sim_options = {"me_slots": 0}

    def test_no_phone_memory(self):
        self.sim.text("truoc")
        modem = self.start()
        sms = modem.until("sms")
        self.assertEqual((sms["mem"], sms["text"]), ("SM", "truoc"))
        self.store(sms)
        self.sim.text("sau")
        self.store(modem.until("sms", text="sau"))


class Sending(ModemProcess):
    options = {"send_timeout_s": 2}

    def setUp(self):
        super().setUp()
        self.sim.auto_report(how="off")
        self.start().ready()
        self.modem.until("listed", mem="ME")

    def test_alphabets(self):
        cases = (("xin chao ~ [1] {2} €", "gsm7"), ("@" * 160, "gsm7"), ("~" * 80, "gsm7"),
                 ("Nước ~ lên ~~ nhanh 😀", "ucs2"), ("ố" * 70, "ucs2"))
        for number, (text, coding) in enumerate(cases, 1):
            self.send(text, coding, number)
            sent = self.modem.until("sent")
            self.assertEqual((sent["id"], sent["part"]), (number, 1))
            segment = self.sim.segments()[-1]
            self.assertEqual((segment["text"], segment["coding"], segment["to"], segment["class"],
                              segment["total"], segment["mr"], segment["report"]),
                             (text, coding, RESIDENT, -1, 1, sent["mr"], False))
            self.assertEqual(segment["validity_min"], 60)

    def test_parts(self):
        for coding, parts in (("gsm7", ("a" * 153, "~" * 76, "cuoi")),
                              ("ucs2", ("ố" * 67, "~" * 67, "cuối"))):
            for part, text in enumerate(parts, 1):
                self.send(text, coding, 9, part, 3, ref=0xa7)
                self.assertEqual(self.modem.until("sent")["part"], part)
            row = self.sim.sent()[-1]
            self.assertTrue(row["complete"])
            self.assertEqual(row["text"], "".join(parts))
            self.assertEqual(self.sim.segments()[-1]["ref"], 0xa7)

    def test_reports(self):
        for how in ("cdsi", "cds"):
            self.send(report=True)
            mr = self.modem.until("sent")["mr"]
            self.sim.report(self.sim.segments()[-1]["n"], how=how)
            report = self.modem.until("report")
            self.assertEqual((report["mr"], report["to"], report["status"]),
                             (mr, RESIDENT, "delivered"))
            self.assertGreater(report["done"], 1700000000000)
            if how == "cds":
                self.assertEqual(report["mem"], "")
            else:
                self.store(report)
        self.sim.wait_drained()

    def test_reports_that_failed(self):
        for status, expected in (("failed", "failed"), ("expired", "failed"),
                                 ("pending", "pending")):
            self.send(report=True)
            self.modem.until("sent")
            self.sim.report(self.sim.segments()[-1]["n"], status=status)
            report = self.modem.until("report")
            self.assertEqual(report["status"], expected)
            if report["mem"]:
                self.store(report)

    def test_errors(self):
        cases = (("cms", 38, None), ("cme", 30, None), ("cms", 330, "prompt"),
                 ("cme", 515, "prompt"))
        for kind, code, at in cases:
            self.sim.fault(kind, "CMGS", code=code, at=at)
            self.send()
            failed = self.modem.until("failed")
            self.assertEqual((failed["kind"], failed["code"], failed["in_doubt"]),
                             (kind, code, False))
            self.modem.quiet(["failed", "sent"], 0.3)
        self.send(number=2)
        self.modem.until("sent", id=2)

    def test_not_our_business(self):
        for fields in ({"to": "Viettel"}, {"text": "a" * 161}, {"text": "đ"}, {"to": ""},
                       {"part": 3, "total": 2}):
            self.send(**fields)
            failed = self.modem.until("failed")
            self.assertEqual((failed["kind"], failed["in_doubt"]), ("local", False))
        self.assertEqual(self.sim.segments(), [])

    def test_late_answer(self):
        self.sim.fault("late", "CMGS", ms=3500)
        self.send(number=1)
        failed = self.modem.until("failed")
        self.assertEqual((failed["id"], failed["in_doubt"]), (1, True))
        late = self.modem.until("late")
        self.assertEqual((late["id"], late["mr"]), (1, self.sim.segments()[0]["mr"]))
        self.send(number=2)
        sent = self.modem.until("sent")
        self.assertEqual((sent["id"], sent["mr"]), (2, self.sim.segments()[1]["mr"]))

    def test_late_answer_in_the_next_send(self):
        # Given up after 2 s, the next one goes 5 s later and is given up 2 s after that: this comes in between.
        self.sim.fault("late", "CMGS", ms=8250)
        self.send(number=1)
        self.assertEqual(self.modem.until("failed")["id"], 1)
        self.sim.fault("late", "CMGS", ms=500)
        self.send(number=2)
        answers = {}
        while len(answers) < 2:
            line = self.modem.next()
            self.assertIsNotNone(line)
            if line["t"] in ("late", "sent", "failed"):
                answers[line["id"]] = line
        segments = self.sim.segments()
        # Whatever could be told apart, nobody got the other's reference.
        for number, line in answers.items():
            if line["t"] != "failed":
                self.assertEqual(line["mr"], segments[number - 1]["mr"])
        self.assertEqual(answers[1]["t"], "late")

    def test_missing_answer(self):
        self.sim.fault("missing", "CMGS")
        self.send(number=1)
        failed = self.modem.until("failed")
        self.assertEqual((failed["id"], failed["in_doubt"], failed["kind"]), (1, True, "modem"))
        # the line is clear again: what comes is read, and in the end sent
        self.sim.text("van nhan duoc")
        self.store(self.modem.until("sms"))
        self.send(number=2)
        line = self.modem.next(30)
        while line["t"] not in ("sent", "failed"):
            line = self.modem.next(30)
        self.assertEqual(line["id"], 2)
        if line["t"] == "sent":
            self.assertEqual(line["mr"], self.sim.segments()[1]["mr"])
        self.send(number=3)
        self.assertEqual(self.modem.until("sent", 30)["id"], 3)

    def test_missing_answer_with_known_reference(self):
        self.send(number=1)
        self.modem.until("sent")
        self.sim.fault("missing", "CMGS")
        self.send(number=2)
        self.assertTrue(self.modem.until("failed", id=2)["in_doubt"])
        self.send(number=3)
        self.assertEqual(self.modem.until("sent")["mr"], self.sim.segments()[2]["mr"])

    def test_end_of_the_text_is_lost(self):
        """The modem waits for it still: out of that, and the next message is neither part of this one nor doubted."""
        if DRIVER == "gammu":
            self.skipTest("libgammu has its own ways out of a prompt")
        for number, what in ((1, "lost_ctrl_z"), (3, "lose")):
            with self.subTest(what):
                before = len(self.sim.segments())
                self.sim.fault(what, "CMGS")
                self.send("khong ra khoi day", number=number)
                failed = self.modem.until("failed", id=number)
                self.assertEqual((failed["in_doubt"], failed["kind"]), (True, "modem"))
                self.sim.text("van nhan duoc")
                self.store(self.modem.until("sms"))
                self.send("tin sau", number=number + 1)
                sent = self.modem.until("sent", id=number + 1)
                segments = self.sim.segments()[before:]
                self.assertEqual([segment["text"] for segment in segments], ["tin sau"])
                self.assertEqual(segments[0]["mr"], sent["mr"])
        self.assertEqual([line for line in self.modem.seen if line["t"] == "late"], [])
        self.assertEqual([line for line in self.modem.seen if line["t"] == "state" and line["phase"] == "down"], [])

    def test_part_of_the_text_is_lost(self):
        if DRIVER == "gammu":
            self.skipTest("libgammu keeps the code to itself")
        self.sim.fault("lose", "CMGS", bytes=6)
        self.send(number=1)
        failed = self.modem.until("failed", id=1)
        self.assertEqual((failed["kind"], failed["code"], failed["in_doubt"]), ("cms", 304, False))
        self.send(number=2)
        self.modem.until("sent", id=2)
        self.assertEqual(len(self.sim.segments()), 1)

    def test_link_is_held_where_it_can_be(self):
        if DRIVER == "at":
            self.assertTrue(self.sim.wait_event("cmd", match=is_command("AT+CMMS=2")))

    def test_ping_while_in_flight(self):
        self.sim.fault("late", "CMGS", ms=1500)
        self.send()
        time.sleep(0.3)
        self.modem.send("ping", n=5)
        self.modem.until("pong", 1)
        self.modem.until("sent")

    def test_unplug_in_flight(self):
        self.sim.fault("missing", "CMGS")
        self.send(number=4)
        self.sim.wait_event("submit")
        self.sim.unplug()
        failed = self.modem.until("failed")
        self.assertEqual((failed["id"], failed["in_doubt"]), (4, True))
        self.modem.until("state", phase="down")
        self.sim.plug()
        self.modem.ready()

    def test_sleeps_in_flight(self):
        self.sim.fault("missing", "CMGS")
        self.send()
        self.sim.wait_event("submit")
        self.sim.text("trong luc gui")

        def ticks():
            with open(f"/proc/{self.modem.process.pid}/stat", encoding="ascii") as stat:
                return sum(int(n) for n in stat.read().rsplit(")", 1)[1].split()[11:13])

        before = ticks()
        self.modem.until("failed")
        self.assertLess(ticks() - before, os.sysconf("SC_CLK_TCK") // 2)

    def test_no_modem_no_send(self):
        self.sim.unplug()
        self.modem.until("state", phase="down")
        self.send(number=8)
        failed = self.modem.until("failed")
        self.assertEqual((failed["id"], failed["kind"], failed["in_doubt"]), (8, "modem", False))

    def test_receive_between_sends(self):
        for number in range(1, 4):
            self.send(number=number)
        self.sim.text("o giua")
        kinds = []
        while kinds.count("sent") < 3 or "sms" not in kinds:
            line = self.modem.next()
            self.assertIsNotNone(line)
            kinds.append(line["t"])
        self.assertNotIn("failed", kinds)


class Reports(ModemProcess):
    """The way of the reports that loses none with this module."""

    maker = "Binhyen"

    def setUp(self):
        if DRIVER != "at":
            self.skipTest("libgammu has its own ways")
        self.sim_options = dict(self.sim_options, maker=self.maker)
        super().setUp()
        self.sim.auto_report(how="off")

    def begin(self):
        modem = self.start(poll_s=30)
        modem.ready()
        modem.until("listed", mem="SM")
        return modem

    def report(self, how=""):
        """One message out and its report, as this process tells it."""
        self.send(report=True)
        self.modem.until("sent")
        self.sim.report(self.sim.segments()[-1]["n"], how=how)
        return self.modem.until("report", status="delivered")

    def commands(self, start):
        return [row["text"] for row in self.sim.events("cmd") if row["text"].startswith(start)]


class StoredReports(Reports):
    def test_stored_and_deleted(self):
        self.begin()
        self.assertEqual(self.sim.status()["cnmi"], [2, 1, 0, 2, 0])
        for how, mem in (("cdsi_sr", "SR"), ("cdsi_wrong_memory", "SR"), ("", "SM")):
            report = self.report(how)
            self.assertEqual(report["mem"], mem)
            self.assertEqual(self.sim.events("deleted")[len(self.sim.segments()) - 1:], [])
            self.store(report)
            self.sim.wait_drained()
        self.assertEqual(self.commands("AT+CNMA"), [])

    def test_what_came_while_nobody_was_there(self):
        self.begin()
        self.send(report=True)
        self.modem.until("sent")
        self.modem.close()
        self.sim.report(self.sim.segments()[-1]["n"], how="cdsi_sr")
        self.sim.wait_event("report")
        self.start()
        self.store(self.modem.until("report"))
        self.sim.wait_drained()

    def test_announced_and_not_kept(self):
        """A module that only says that it stores reports is asked to hand them over."""
        self.begin()
        for _ in range(3):
            self.send(report=True)
            self.modem.until("sent")
            self.sim.report(self.sim.segments()[-1]["n"], how="cdsi_unkept")
        self.sim.wait_event("cmd", match=is_command("AT+CNMI=2,1,0,1"))
        self.assertEqual(self.report()["mem"], "")

    def test_refused(self):
        self.sim.fault("cms", "CNMI", code=303, count=3)
        self.begin()
        self.assertEqual(self.sim.status()["cnmi"], [2, 1, 0, 1, 0])
        self.assertEqual(self.report()["mem"], "")

    def test_no_way_at_all(self):
        self.sim.fault("cms", "CNMI", code=303, count=6)
        self.begin()
        self.assertEqual(self.sim.status()["cnmi"], [2, 1, 0, 0, 0])
        self.sim.text("van nhan duoc")
        self.store(self.modem.until("sms"))


class NoReportMemory(Reports):
    sim_options = {"sr_slots": 0}

    def test_handed_over(self):
        self.begin()
        self.assertEqual(self.sim.status()["cnmi"], [2, 1, 0, 1, 0])


class DirectReports(Reports):
    maker = "Quectel"
    sim_options = {"confirm_ms": 1500}

    def test_confirmed_when_it_is_stored(self):
        self.begin()
        self.assertEqual(self.sim.status()["cnmi"], [2, 1, 0, 1, 0])
        for n in range(1, 4):
            report = self.report()
            self.assertEqual(report["mem"], "")
            self.assertEqual(len(self.sim.events("report_confirmed")), n - 1)
            self.modem.send("stored", mem="", slot=report["slot"])
            self.sim.wait_event("report_confirmed", n)
        # an answer to an older one, and to none
        for slot in (report["slot"] - 1, report["slot"], 9999):
            self.modem.send("stored", mem="", slot=slot)
        self.modem.send("ping", n=1)
        self.modem.until("pong")
        self.assertEqual(len(self.commands("AT+CNMA")), 3)

    def test_not_stored_comes_again(self):
        self.begin()
        report = self.report()
        self.sim.wait_event("report_refused")
        self.assertEqual(self.sim.status()["cnmi"], [2, 0, 0, 0, 0])
        self.modem.send("stored", mem="", slot=report["slot"])
        self.sim.wait_event("cmd", 2, match=is_command("AT+CNMI=2,1,0,1"))
        self.sim.retry()
        again = self.modem.until("report")
        self.assertEqual(again["mr"], report["mr"])
        self.modem.send("stored", mem="", slot=again["slot"])
        self.sim.wait_event("report_confirmed")

    def test_poison_is_told_and_confirmed(self):
        self.begin()
        self.sim.clock(raw="+CDS: 2\r\n0004")
        poison = self.modem.until("poison", mem="")
        self.assertEqual(poison["pdu"], "0004")
        self.assertEqual(self.commands("AT+CNMA"), [])
        self.modem.send("stored", mem="", slot=poison["slot"])
        self.sim.wait_event("cmd", match=is_command("AT+CNMA"))

    def test_no_confirmations(self):
        self.sim.fault("cms", "CSMS", code=303)
        self.begin()
        report = self.report()
        self.modem.send("stored", mem="", slot=report["slot"])
        self.modem.send("ping", n=1)
        self.modem.until("pong")
        self.assertEqual(self.commands("AT+CNMA"), [])


class Calls(ModemProcess):
    def test_call_is_hung_up_and_told_once(self):
        modem = self.start()
        modem.ready()
        for _ in range(2):
            self.sim.call(RESIDENT, rings=5, ring_ms=200)
            self.sim.wait_event("call", match=lambda row: row["phase"] == "ended")
        self.assertEqual(modem.until("call")["from"], RESIDENT)
        ended = self.sim.wait_event("call", 2, lambda row: row["phase"] == "ended")
        self.assertEqual([row["by"] for row in ended], ["host", "host"])
        modem.quiet(["call"], 1)

    def test_callers_are_told_apart(self):
        modem = self.start()
        modem.ready()
        for number, caller in enumerate((RESIDENT, "", "+84900000013"), 1):
            self.sim.call(caller, rings=2, ring_ms=200)
            self.assertEqual(modem.until("call")["from"], caller)
            self.sim.wait_event("call", number, lambda row: row["phase"] == "ended")


class Ussd(ModemProcess):
    def test_balance(self):
        modem = self.start()
        modem.ready()
        self.sim.ussd("TK chính: 50.000đ", code="*101#")
        modem.send("ussd", code="*101#")
        ussd = modem.until("ussd")
        self.assertEqual((ussd["status"], ussd["text"]), (0, "TK chính: 50.000đ"))
        # the charset it left behind hinders nothing
        self.sim.text("sau ussd")
        self.store(modem.until("sms"))

    def test_refused(self):
        modem = self.start()
        modem.ready()
        modem.send("ussd", code="*101#\",15;+CMGD=1")
        self.assertEqual(modem.until("ussd")["status"], 4)


KILLERS = {
    "header of 255": HEAD + "44" + SENDER + "0004" + STAMP + "8C" + "FF" * 140,
    "255 septets": HEAD + "04" + SENDER + "0000" + STAMP + "FF" + "00" * 150,
    "two octets": "0004",
    "cut short": HEAD + "04" + SENDER + "0000",
    "MMS notice": HEAD + "44" + SENDER + "0004" + STAMP + "0A0605040B8423F0010203",
}


class Poison(ModemProcess):
    """What no decoder may see is told raw, and its slot is freed like any other."""

    def setUp(self):
        if DRIVER != "at":
            self.skipTest("libgammu decodes by itself")
        super().setUp()

    def test_killers(self):
        modem = self.start()
        modem.ready()
        modem.until("listed", mem="ME")
        for name, pdu in KILLERS.items():
            with self.subTest(name):
                self.sim.pdu(pdu)
                poison = modem.until("poison")
                self.assertEqual(poison["pdu"].upper(), pdu)
                self.assertTrue(poison["reason"])
                self.store(poison)
        self.sim.wait_drained()
        self.assertIsNone(modem.process.poll())

    def test_among_others(self):
        self.sim.text("truoc")
        for pdu in KILLERS.values():
            self.sim.pdu(pdu)
        self.sim.text("sau")
        modem = self.start()
        lines = [modem.until("sms", text="truoc")]
        lines += [modem.until("poison") for _ in KILLERS]
        lines.append(modem.until("sms", text="sau"))
        self.assertEqual(len(modem.until("listed", mem="SM")["slots"]), len(KILLERS) + 2)
        for line in lines:
            self.store(line)
        self.sim.wait_drained()

    def test_draft(self):
        self.sim.pdu(HEAD + "04" + SENDER + "0000" + STAMP + "05E8329BFD06", memory="SM", slot=2,
                     status=2)
        self.assertEqual(self.start().until("poison")["reason"], "not a received message")


class RawFirst(ModemProcess):
    def setUp(self):
        if DRIVER != "gammu":
            self.skipTest("the at driver is always careful")
        super().setUp()

    def test_what_libgammu_gives_no_words_of(self):
        """It is kept raw before it is deleted, found in a listing or announced, in either memory; the others go on."""
        cut = HEAD + "04" + SENDER + "0000"
        self.sim.text("truoc")  # in the first slot of SM
        self.sim.pdu(cut, memory="SM", slot=3)
        modem = self.start(poll_s=1)
        for line in (modem.until("sms", text="truoc"), modem.until("poison", slot=3)):
            self.store(line)
        for slot, memory in ((4, "ME"), (5, "SM")):
            self.sim.pdu(cut, memory=memory, slot=slot)
            poison = modem.until("poison")
            self.assertEqual((poison["mem"], poison["slot"], poison["pdu"].upper()), (memory, slot, cut))
            self.store(poison)
            self.sim.text("sau do")
            self.store(modem.until("sms", text="sau do"))
        self.sim.wait_drained()

    def test_poison_before_libgammu(self):
        self.sim.text("binh thuong")
        self.sim.pdu(KILLERS["header of 255"])
        self.modem = Process(self.sim.device, raw_first="")
        modem = self.modem
        self.assertEqual(modem.until("hello")["driver"], "at")
        self.store(modem.until("poison"))
        self.assertEqual(modem.until("hello")["driver"], "gammu")
        self.store(modem.until("sms", text="binh thuong"))
        self.sim.wait_drained()


class Odd(ModemProcess):
    """What modules do that no standard says."""

    sim_options = {"sr_slots": 5}

    def setUp(self):
        if DRIVER != "at":
            self.skipTest("libgammu has its own ways")
        super().setUp()
        self.modem = self.start(poll_s=2)
        self.modem.ready()
        self.modem.until("listed", mem="ME")

    def test_report_in_another_memory(self):
        self.sim.auto_report(how="off")
        self.send(report=True)
        self.modem.until("sent")
        self.sim.report(self.sim.segments()[-1]["n"], how="cdsi_wrong_memory")
        report = self.modem.until("report", timeout_s=1.5)
        self.assertEqual((report["mem"], report["status"]), ("SR", "delivered"))
        self.store(report)
        self.sim.wait_drained()

    def test_indication_between_header_and_pdu(self):
        for urc in ("^RSSI: 18", "+CDS: 25\r\n" + HEAD + "06A5" + SENDER + STAMP + STAMP + "00",
                    "+CREG: 1", "RING"):
            self.sim.fault("urc_inside", "CMGR", urc=urc)
            self.sim.text("o giua")
            self.store(self.modem.until("sms", text="o giua"))
        self.assertTrue([line for line in self.modem.seen if line["t"] == "report"])

    def test_listing_refused(self):
        self.sim.fault("cms", "CMGL", code=303, count=-1)
        for slot in (1, 7, 30):
            self.sim.pdu(HEAD + "04" + SENDER + "0000" + STAMP + "05E8329BFD06", memory="SM", slot=slot)
        self.assertEqual([self.modem.until("sms")["slot"] for _ in range(3)], [1, 7, 30])

    def test_garbled_answers(self):
        self.sim.fault("garble", "CMGR", count=2)
        self.sim.fault("garble", "CMGL", count=2)
        self.sim.text("nhieu")
        # Whatever was made of the noise, the message itself comes whole.
        self.store(self.modem.until("sms", text="nhieu"))

    def test_late_listing_is_not_of_the_next_memory(self):
        """What ended the listing of ME was not its own OK; its lines come while SM is listed, after a command that was
        not answered. Nothing of it lies in SM."""
        self.sim.fault("cms", "CMGD", code=500, count=-1)
        self.sim.pdu(HEAD + "04" + SENDER + "0000" + STAMP + "05E8329BFD06", memory="ME", slot=4)
        line = self.modem.until("sms", mem="ME", timeout_s=60)
        self.modem.send("stored", mem="ME", slot=line["slot"])
        self.sim.fault("missing", "CSQ")
        self.sim.wait_event("fault", match=lambda row: row["on"] == "CSQ", timeout_s=60)
        self.sim.fault("late", "CMGL", ms=3000, skip=1)
        self.sim.fault("late", "CMGL", ms=6000, skip=2)
        self.sim.wait_event("fault", match=lambda row: row["on"] == "CMGL", timeout_s=60)
        self.sim.clock(raw="OK")
        while self.modem.next(0.2):
            pass
        for _ in range(2):
            self.modem.until("listed", mem="SM", timeout_s=60)
        self.assertEqual([line for line in self.modem.seen if line["t"] == "sms" and line["mem"] == "SM"], [])

    def test_refused_deletion_is_not_taken_for_done(self):
        """Neither is a reading that is refused an empty slot: the message is told again and then deleted."""
        self.sim.fault("cms", "CMGD", code=314, count=2)
        self.sim.fault("cms", "CMGR", code=320, count=1, skip=1)
        self.sim.text("o lai")
        told = self.modem.until("sms", text="o lai")
        self.modem.send("stored", mem=told["mem"], slot=told["slot"])
        self.assertFalse(self.modem.until("freed", slot=told["slot"])["ok"])
        self.store(self.modem.until("sms", text="o lai"))
        self.sim.wait_drained()

    def test_deletion_without_an_answer(self):
        """It was carried out, and the next message lies in that slot: it is read before anything is deleted."""
        self.sim.fault("missing", "CMGD")
        self.sim.text("mot")
        told = self.modem.until("sms", text="mot")
        self.modem.send("stored", mem=told["mem"], slot=told["slot"])
        self.sim.wait_event("deleted")
        self.sim.text("hai")
        self.store(self.modem.until("sms", text="hai"))
        self.sim.wait_drained()

    def test_no_prompt(self):
        self.sim.fault("no_prompt", "CMGS")
        self.send(number=1)
        failed = self.modem.until("failed", id=1)
        self.assertEqual((failed["kind"], failed["in_doubt"]), ("modem", False))
        self.send(number=2)
        self.modem.until("sent", id=2)
        self.assertEqual(len(self.sim.segments()), 1)

    def test_hang_is_noticed_and_mended(self):
        started = time.monotonic()
        self.sim.fault("hang", ms=12000)
        self.modem.until("state", phase="down")
        self.assertLess(time.monotonic() - started, 15)
        self.modem.until("state", phase="ready", timeout_s=40)
        self.sim.text("con song")
        self.store(self.modem.until("sms", text="con song"))

    def test_radio_that_was_left_off(self):
        """As by a process that was killed while it switched the radio off and on."""
        self.sim.network("none")
        modem = self.start()
        modem.until("hello")
        self.assertEqual(modem.until("state", phase="ready")["network"], "home")
        self.sim.text("khi da bat")
        self.store(modem.until("sms"))

    def test_ready_without_a_state(self):
        """What answers can send, though its first state did not come; that is asked for again soon."""
        self.modem.close()
        self.sim.fault("missing", "CSQ")
        modem = self.start()
        modem.until("hello")
        self.assertEqual(modem.until("state", phase="ready")["network"], "unknown")
        self.send()
        modem.until("sent")
        self.assertEqual(modem.until("state", phase="ready")["network"], "home")

    def test_recovery_climbs(self):
        self.modem.close()
        self.sim.fault("missing", "CPIN", count=4)
        modem = self.start()
        self.sim.wait_event("reboot", timeout_s=90)
        commands = [row["text"] for row in self.sim.events("cmd") if "CFUN=" in row["text"]]
        self.assertEqual(commands, ["AT+CFUN=4", "AT+CFUN=1", "AT+CFUN=1,1"])
        modem.until("hello", timeout_s=30)

    def test_ussd_in_the_plain_set(self):
        self.sim.fault("cme", "CSCS", code=4, count=-1)
        self.sim.ussd("TK goc: 50.000d", code="*101#")
        self.modem.send("ussd", code="*101#")
        self.assertEqual(self.modem.until("ussd")["text"], "TK goc: 50.000d")

    def test_ussd_raw(self):
        for raw, text in (('+CUSD: 0,"0054004B0020003500300064",15', "TK 50d"),
                          ('+CUSD: 1,"1. Nap\r\n2. Xem",15', "1. Nap\n2. Xem"),
                          ('+CUSD: 0,"546169206B686F616E2035303030",68', "Tai khoan 5000")):
            self.sim.ussd(raw=raw)
            self.assertEqual(self.modem.until("ussd")["text"], text)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True, help="folder of binhyen-modem and sim-modem")
    parser.add_argument("--driver", choices=("at", "gammu"), default="at")
    args, rest = parser.parse_known_args()
    BIN, DRIVER = args.bin, args.driver
    shard.main([sys.argv[0], *rest])
