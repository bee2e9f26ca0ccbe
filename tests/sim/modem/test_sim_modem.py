#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""sim-modem as a host sees it: raw AT commands through the pty, and gammu where it is installed.

The PDUs that are sent here are made by this file, not by the simulator's codec.
"""

import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "lib"))
import shard  # noqa: E402
from simmodem import SimModem, SimModemError  # noqa: E402

BIN_DIR = None
FINAL = re.compile(rb"\r\n(OK|ERROR|\+CM[SE] ERROR: [^\r]*|NO CARRIER)\r\n$")


def submit_pdu(number, text, report=False):
    """An SMS-SUBMIT in UCS2 to an international number: (hex, TPDU octets)."""
    digits = number.lstrip("+")
    padded = digits + "F" * (len(digits) % 2)
    swapped = "".join(padded[i + 1] + padded[i] for i in range(0, len(padded), 2))
    data = text.encode("utf-16-be")
    tpdu = (f"{0x21 if report else 0x01:02X}00{len(digits):02X}91{swapped}0008"
            f"{len(data):02X}{data.hex().upper()}")
    return "00" + tpdu, len(tpdu) // 2


def pack_septets(ascii_text):
    """Letters and digits have the same code in ASCII and in the GSM 7 bit alphabet."""
    bits = sum(ord(c) << (7 * i) for i, c in enumerate(ascii_text))
    return bits.to_bytes((7 * len(ascii_text) + 7) // 8, "little").hex().upper()


class Host:
    """A program that has the modem's tty open."""

    def __init__(self, path):
        self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        attributes = termios.tcgetattr(self.fd)
        attributes[3] &= ~(termios.ICANON | termios.ECHO)
        termios.tcsetattr(self.fd, termios.TCSANOW, attributes)

    def close(self):
        if self.fd >= 0:
            os.close(self.fd)
        self.fd = -1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def write(self, data):
        os.write(self.fd, data)

    def read_until(self, pattern, timeout_s=10):
        data = b""
        deadline = time.monotonic() + timeout_s
        while not re.search(pattern, data):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                raise AssertionError(f"no {pattern!r} but {data!r}")
            try:
                data += os.read(self.fd, 65536)
            except BlockingIOError:  # the other end flushed the line meanwhile
                continue
        return data

    def silence(self, seconds):
        """What comes within that time, which should be nothing."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return b""
        return os.read(self.fd, 65536)

    def command(self, text, timeout_s=10):
        """The answer without echo and empty lines, as a list of lines."""
        self.write(text.encode() + b"\r")
        data = self.read_until(FINAL, timeout_s)
        lines = [line for line in data.decode().replace("\r", "\n").split("\n") if line]
        return lines[1:] if lines and lines[0] == text else lines

    def send(self, number, text, report=False, timeout_s=10):
        """The answer to a whole +CMGS."""
        pdu, octets = submit_pdu(number, text, report)
        self.write(f"AT+CMGS={octets}\r".encode())
        self.read_until(rb"\r\n> $")
        self.write(pdu.encode() + b"\x1a")
        data = self.read_until(FINAL, timeout_s)
        return [line for line in data.decode().split("\r\n") if line and not line.startswith(pdu)]


class Case(unittest.TestCase):
    options = {}

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="simmodem")
        self.addCleanup(self.folder.cleanup)
        self.modem = SimModem(BIN_DIR, self.folder.name, **self.options)
        self.modem.start()
        self.addCleanup(self.ends_well)

    def ends_well(self):
        self.assertEqual(self.modem.stop(), 0)  # a sanitizer would have said otherwise

    def host(self):
        host = Host(self.modem.device)
        self.addCleanup(host.close)
        return host


class Commands(Case):
    def test_identity_errors_and_chains(self):
        h = self.host()
        self.assertEqual(h.command("AT"), ["OK"])
        self.assertEqual(h.command("at+cgsn"), ["490154203237518", "OK"])
        self.assertEqual(h.command("AT+CIMI"), ["452990000000001", "OK"])
        self.assertEqual(h.command("AT+CPIN?"), ["+CPIN: READY", "OK"])
        self.assertEqual(h.command("AT+NOSUCH"), ["ERROR"])
        self.assertEqual(h.command("AT+CMEE=1"), ["OK"])
        self.assertEqual(h.command("AT+NOSUCH=1,2"), ["+CME ERROR: 4"])
        self.assertEqual(h.command("AT+CMEE=2;+NOSUCH"), ["+CME ERROR: operation not supported"])
        self.assertEqual(h.command("ATE0+CREG?;+CSQ"), ["+CREG: 0,1", "+CSQ: 20,99", "OK"])
        h.write(b"AT\r")
        self.assertEqual(h.read_until(FINAL), b"\r\nOK\r\n")
        self.assertEqual(h.command("ATZ"), ["OK"])
        h.write(b"AT\r")
        self.assertEqual(h.read_until(FINAL), b"AT\r\r\nOK\r\n")

    def test_noise_is_not_a_command(self):
        h = self.host()
        h.write(b"\x1b\x00xyz\r\n\r\n" + b"A" * 5000 + b"\rAT\x1bAT\r")
        data = h.read_until(FINAL)
        self.assertEqual(data.count(b"OK"), 1)

    def test_network(self):
        h = self.host()
        h.command("AT+CREG=1")
        self.modem.network("searching", signal=3)
        h.read_until(rb"\+CREG: 2\r\n")
        self.assertEqual(h.command("AT+CSQ"), ["+CSQ: 99,99", "OK"])
        self.assertEqual(h.command("AT+COPS?"), ["+COPS: 0", "OK"])
        self.assertEqual(h.send("+84900000012", "x"), ["+CMS ERROR: 331"])
        self.modem.network("roaming")
        h.read_until(rb"\+CREG: 5\r\n")
        self.assertEqual(h.command("AT+CSQ"), ["+CSQ: 3,99", "OK"])
        self.assertEqual(self.modem.sent(), [])

    def test_idle_means_asleep(self):
        self.host().command("AT")
        pid = self.modem.process.pid

        def switches():
            with open(f"/proc/{pid}/status", encoding="ascii") as status:
                return int(re.search(r"\nvoluntary_ctxt_switches:\s+(\d+)", status.read())[1])

        def quiet_for(seconds):
            before = switches()
            time.sleep(seconds)
            return switches() == before

        # What the last command left to do may take a moment on a busy machine; a timer that ticks never ends.
        self.assertTrue(any(quiet_for(0.4) for _ in range(10)), "the simulator wakes without cause")


class Receiving(Case):
    options = {"slots": 5, "backlog_ms": 1}

    def test_announce_list_read_delete(self):
        h = self.host()
        h.command("AT+CNMI=2,1,0,2,0")
        self.modem.text("chay nha o ap 3", sender="+84900000012", scts="2026-11-22T14:05:09+07:00")
        h.read_until(rb'\r\n\+CMTI: "SM",1\r\n')
        pdu = ("07914809009000F0040B914809000010F2000062112241509082" +
               "0F" + pack_septets("chay nha o ap 3"))
        unread = h.command("AT+CMGL=0")
        self.assertRegex(unread[0], r"^\+CMGL: 1,0,,\d+$")
        self.assertEqual(unread[1], pdu)
        self.assertEqual(h.command("AT+CMGL=0"), ["OK"])
        self.assertEqual(h.command("AT+CMGL=1")[1], unread[1])
        self.assertRegex(h.command("AT+CMGR=1")[0], r"^\+CMGR: 1,,\d+$")
        self.assertEqual(h.command("AT+CMGD=1"), ["OK"])
        self.assertEqual(h.command("AT+CMGR=1"), ["+CMS ERROR: 321"])
        self.assertEqual(h.command("AT+CMGD=1"), ["OK"])
        self.assertEqual(h.command("AT+CMGD=6"), ["+CMS ERROR: 321"])
        self.assertEqual([row["ev"] for row in self.modem.events("stored", "read", "deleted")],
                         ["stored", "read", "deleted"])

    def test_full_sim_keeps_the_rest_at_the_network_in_order(self):
        h = self.host()
        self.modem.text("tin {n}", count=20)
        self.assertEqual(self.modem.status()["backlog"], 15)
        texts = []
        while len(texts) < 20:
            rows = [line for line in h.command("AT+CMGL=4") if line.startswith("+CMGL")]
            self.assertLessEqual(len(rows), 5)
            slots = [int(re.search(r"\d+", row)[0]) for row in rows]
            ids = {row["slot"]: row["id"] for row in self.modem.events("stored")}
            for slot in sorted(slots, key=lambda s: ids[s]):
                texts.append(ids[slot])
                self.assertEqual(h.command(f"AT+CMGD={slot}"), ["OK"])
            if len(texts) < 20:
                self.modem.wait_event("stored", count=min(20, len(texts) + 1))
        self.assertEqual(texts, sorted(texts))
        self.modem.wait_drained()
        delivered = [row["text"] for row in self.modem.events("deliver")]
        self.assertEqual(delivered, [f"tin {n}" for n in range(1, 21)])

    def test_parts_in_any_order(self):
        answer = self.modem.text("ô" * 150, order=[3, 1, 2], ref=77)
        self.assertEqual((answer["parts"], answer["ref"]), (3, 77))
        rows = self.modem.events("deliver")
        self.assertEqual([(row["seq"], row["total"], len(row["text"])) for row in rows],
                         [(3, 3, 16), (1, 3, 67), (2, 3, 67)])
        self.modem.text("mot hai ba bon", parts=2, only=[2], ref_bits=16, ref=4660)
        pdus = [line for line in self.host().command("AT+CMGL=4") if line.startswith("07")]
        self.assertIn("06080412340202", pdus[3])
        self.assertIn("0500034D0303", pdus[0])

    def test_copies_are_numbered(self):
        self.modem.text("tin {n}", sender="+8490000{n}", count=2)
        self.assertEqual([(row["from"], row["text"]) for row in self.modem.events("deliver")],
                         [("+84900000001", "tin 1"), ("+84900000002", "tin 2")])

    def test_bad_requests_are_refused(self):
        for fields in ({"text": "x", "class": 7}, {"text": "ở", "coding": "gsm7"},
                       {"text": "x", "from": "a sender that is too long"}, {"text": "x", "only": [2]},
                       {"text": "x", "scts": "yesterday"}, {}):
            self.assertFalse(self.modem.try_request("sms", **fields)["ok"], fields)
        self.assertFalse(self.modem.try_request("nonsense")["ok"])
        with self.assertRaises(SimModemError):
            self.modem.pdu("abc")

    def test_raw_pdu_into_a_slot(self):
        self.assertEqual(self.modem.pdu("0004", memory="SM", slot=4)["slot"], 4)
        self.assertEqual(self.host().command("AT+CMGR=4"), ["+CMGR: 0,,1", "0004", "OK"])

    def test_memories(self):
        h = self.host()
        self.modem.fill()
        self.assertEqual(h.command("AT+CPMS=?")[0],
                         '+CPMS: ("SM","ME","SR"),("SM","ME"),("SM","ME")')
        self.modem.text("cho")
        self.assertEqual(self.modem.status()["backlog"], 1)
        self.assertEqual(h.command('AT+CPMS="ME"')[0], "+CPMS: 0,50,5,5,5,5")
        self.assertEqual(self.modem.status()["backlog"], 1)  # the third memory is still SM
        h.command('AT+CPMS="ME","ME","ME"')
        self.assertEqual(self.modem.status()["memories"]["ME"]["used"], 1)
        self.assertEqual(h.command("AT+CMGD=1,4"), ["OK"])
        self.assertEqual(h.command('AT+CPMS="XX"'), ["+CMS ERROR: 302"])

    def test_direct_delivery(self):
        h = self.host()
        h.command("AT+CNMI=2,2,0,1,0")
        self.modem.text("toi")
        h.read_until(rb"\+CMT: ,\d+\r\n07914809009000F0[0-9A-F]+\r\n")
        self.assertEqual(self.modem.status()["memories"]["SM"]["used"], 0)


class FirstSlotZero(Case):
    options = {"first_slot": 0, "slots": 3}

    def test_indexes_start_at_zero(self):
        h = self.host()
        h.command("AT+CNMI=2,1")
        self.modem.text("x")
        h.read_until(rb'\+CMTI: "SM",0\r\n')
        self.assertRegex(h.command("AT+CMGL=4")[0], r"^\+CMGL: 0,0,,")
        self.assertEqual(h.command("AT+CMGD=3"), ["+CMS ERROR: 321"])
        self.assertEqual(h.command("AT+CMGD=0"), ["OK"])


class Sending(Case):
    def test_accepted_segments(self):
        h = self.host()
        self.assertEqual(h.send("+84900000012", "Đã nhận tin"), ["+CMGS: 1", "OK"])
        self.assertEqual(h.send("+84900000013", "Hai"), ["+CMGS: 2", "OK"])
        rows = self.modem.wait_sent(count=2)
        self.assertEqual([(row["to"], row["text"], row["mr"]) for row in rows],
                         [("+84900000012", "Đã nhận tin", 1), ("+84900000013", "Hai", 2)])
        self.assertEqual(rows[0]["pdu"], submit_pdu("+84900000012", "Đã nhận tin")[0])
        self.assertEqual([row["text"] for row in self.modem.events("accepted")],
                         ["Đã nhận tin", "Hai"])
        self.assertEqual(len(self.modem.wait_sent(to="+84900000013", contains="ai")), 1)
        answer = self.modem.try_request("wait_sent", count=9, timeout_ms=30)
        self.assertEqual((answer["ok"], answer["error"], answer["count"]), (False, "timeout", 2))

    def test_bad_pdus_and_escape(self):
        h = self.host()
        pdu, octets = submit_pdu("+84900000012", "x")
        for length, body in ((octets + 1, pdu), (octets, pdu[:-2] + "ZZ"), (octets - 1, pdu[:-2])):
            h.write(f"AT+CMGS={length}\r".encode())
            h.read_until(rb"> $")
            h.write(body.encode() + b"\x1a")
            self.assertIn(b"+CMS ERROR: 304", h.read_until(FINAL))
        h.write(f"AT+CMGS={octets}\r".encode())
        h.read_until(rb"> $")
        h.write(pdu.encode() + b"\x1b")
        h.read_until(rb"OK\r\n")
        self.assertEqual(self.modem.sent(), [])
        self.assertEqual(h.command("AT+CMGS=5"), ["+CMS ERROR: 304"])

    def test_reports_as_cnmi_says(self):
        h = self.host()
        h.command("AT+CNMI=2,1,0,1,0")
        self.modem.auto_report(delay_ms=300)  # behind the OK
        h.send("+84900000012", "x", report=True)
        direct = h.read_until(rb"\+CDS: 25\r\n07914809009000F00601[0-9A-F]+\r\n")
        self.assertIn(b"0B914809000010F2", direct)
        h.command("AT+CNMI=2,1,0,2,0")
        h.send("+84900000012", "y", report=True)
        h.read_until(rb'\+CDSI: "SM",1\r\n')
        self.assertIn("F00602", h.command("AT+CMGR=1")[1])
        h.send("+84900000012", "no report wanted")
        self.modem.auto_report(how="off")
        h.send("+84900000012", "z", report=True)
        self.modem.report(4, "failed", how="cdsi_wrong_memory")
        h.read_until(rb'\+CDSI: "SM",0\r\n')
        self.assertRegex(h.command('AT+CPMS="SR"')[0], r"^\+CPMS: 1,20,")
        self.assertTrue(h.command("AT+CMGR=1")[1].endswith("41"))
        self.assertEqual([row["mr"] for row in self.modem.events("report")], [1, 2, 4])


class RadioTime(Case):
    options = {"radio_ms": 60, "command_ms": 1}

    def test_a_segment_takes_its_time(self):
        h = self.host()
        h.command("AT+CNMI=2,1")
        start = time.monotonic()
        pdu, octets = submit_pdu("+84900000012", "x")
        h.write(f"AT+CMGS={octets}\r".encode())
        h.read_until(rb"> $")
        h.write(pdu.encode() + b"\x1aAT+CSQ\r")
        self.modem.text("giua chung")
        data = h.read_until(rb"\+CSQ: 20,99\r\n\r\nOK\r\n")
        self.assertGreaterEqual(time.monotonic() - start, 0.06)
        sent, urc = data.index(b"+CMGS: 1"), data.index(b"+CMTI")
        self.assertLess(sent, urc)  # held back while the command was under execution


class Faults(Case):
    def test_late_answer_comes_during_the_next_command(self):
        h = self.host()
        self.modem.fault("late", "CSQ", ms=150)
        h.write(b"AT+CSQ\r")
        self.assertEqual(h.command("AT+CIMI")[-2:], ["452990000000001", "OK"])
        h.read_until(rb"\+CSQ: 20,99\r\n\r\nOK\r\n$")
        self.modem.fault("late", "CSQ", ms=100, block=True)
        h.write(b"AT+CSQ\rAT+CIMI\r")
        data = h.read_until(rb"452990000000001\r\n\r\nOK")
        self.assertLess(data.index(b"+CSQ:"), data.index(b"4529900"))

    def test_missing_then_well_again(self):
        h = self.host()
        self.modem.fault("missing", "CMGS")
        pdu, octets = submit_pdu("+84900000012", "x")
        h.write(f"AT+CMGS={octets}\r".encode())
        h.read_until(rb"> $")
        h.write(pdu.encode() + b"\x1a")
        self.modem.wait_sent(count=1)
        h.read_until(pdu[-8:].encode())
        self.assertEqual(h.silence(0.05), b"")
        self.assertEqual(h.command("AT"), ["OK"])

    def test_split_and_urc_inside(self):
        h = self.host()
        h.command("ATE0")
        self.modem.text("x")
        whole = h.command("AT+CMGR=1")
        self.modem.fault("split", "CMGR", ms=5, bytes=3)
        self.assertEqual(h.command("AT+CMGR=1")[1:], whole[1:])
        self.modem.fault("urc_inside", "CMGR", urc="RING")
        lines = h.command("AT+CMGR=1")
        self.assertEqual((lines[1], lines[2:]), ("RING", whole[1:]))

    def test_garble(self):
        h = self.host()
        h.command("ATE0")
        self.modem.fault("garble", "CIMI")
        h.write(b"AT+CIMI\r")
        data = h.read_until(rb"\r\n.+\r\n\r\n.+\r\n")
        self.assertNotEqual(data, b"\r\n452990000000001\r\n\r\nOK\r\n")
        self.assertEqual(h.command("AT+CIMI"), ["452990000000001", "OK"])

    def test_error_but_sent(self):
        h = self.host()
        self.modem.fault("error_but_sent", "CMGS", code=500)
        self.assertEqual(h.send("+84900000012", "x"), ["+CMS ERROR: 500"])
        self.assertEqual(len(self.modem.wait_sent(count=1)), 1)

    def test_no_prompt_and_codes(self):
        h = self.host()
        h.command("ATE0")
        self.modem.fault("no_prompt", "CMGS")
        h.write(b"AT+CMGS=20\r")
        self.assertEqual(h.silence(0.05), b"")
        self.modem.fault("cms", "CMGS", code=38, count=2)
        self.assertEqual(h.send("+84900000012", "x"), ["+CMS ERROR: 38"])
        self.assertEqual(h.send("+84900000012", "x"), ["+CMS ERROR: 38"])
        self.modem.fault("cms", "CMGS", code=302, at="prompt")
        self.assertEqual(h.command("AT+CMGS=20"), ["+CMS ERROR: 302"])
        h.command("AT+CMEE=1")
        self.modem.fault("cme", "any", code=515, skip=1)
        self.assertEqual(h.command("AT+CIMI")[-1], "OK")
        self.assertEqual(h.command("AT+CSQ"), ["+CME ERROR: 515"])
        self.assertEqual(self.modem.sent(), [])
        self.assertEqual(h.send("+84900000012", "x"), ["+CMGS: 1", "OK"])

    def test_hang_until_cleared(self):
        h = self.host()
        self.modem.fault("hang", "CSQ")
        h.write(b"AT+CSQ\rAT\rAT\r")
        self.modem.wait_event("fault")
        self.assertTrue(self.modem.status()["deaf"])
        self.modem.clear_faults()
        self.assertEqual(h.command("AT+CSQ")[-2:], ["+CSQ: 20,99", "OK"])
        self.modem.fault("hang", "CMGS", at="answer")
        pdu, octets = submit_pdu("+84900000012", "x")
        h.write(f"AT+CMGS={octets}\r".encode())
        h.read_until(rb"> $")
        h.write(pdu.encode() + b"\x1a")
        self.modem.wait_sent(count=1)
        self.assertTrue(self.modem.status()["deaf"])

    def test_registration_lost_for_a_while(self):
        h = self.host()
        self.modem.fault("drop_registration", "CMGS", ms=80)
        self.assertIn("+CMS ERROR: 331", h.send("+84900000012", "x"))
        self.modem.wait_event("network", count=2)
        self.assertEqual(h.command("AT+CREG?")[-2:], ["+CREG: 0,1", "OK"])

    def test_unknown_fault_is_refused(self):
        with self.assertRaises(SimModemError):
            self.modem.fault("sunspots")


class HostsComeAndGo(Case):
    def killed_host(self, data):
        """A process that opens the tty, writes and is killed with the tty open."""
        code = ("import os,sys\nfd=os.open(sys.argv[1],os.O_RDWR|os.O_NOCTTY)\n"
                "os.write(fd,bytes.fromhex(sys.argv[2]))\nprint('x',flush=True)\n"
                "sys.stdin.read()")
        child = subprocess.Popen([sys.executable, "-c", code, self.modem.device, data.hex()],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            child.stdout.readline()
        finally:
            child.send_signal(signal.SIGKILL)
            child.wait()
            child.stdin.close()
            child.stdout.close()

    def test_half_a_command(self):
        self.killed_host(b"AT+CMG")
        # An echo that the dead host did not read may still be there, as on a real tty.
        self.assertEqual(self.host().command("AT")[-1], "OK")

    def test_open_prompt(self):
        pdu, octets = submit_pdu("+84900000012", "x")
        self.killed_host(f"AT+CMGS={octets}\r{pdu}".encode())
        h = self.host()
        self.assertEqual(h.command("AT")[-1], "OK")
        self.assertEqual(self.modem.sent(), [])
        self.assertEqual(h.send("+84900000013", "y"), ["+CMGS: 1", "OK"])

    def test_what_was_written_whole_is_sent(self):
        pdu, octets = submit_pdu("+84900000012", "x")
        self.killed_host(f"AT+CMGS={octets}\r{pdu}\x1a".encode())
        self.assertEqual(len(self.modem.wait_sent(count=1)), 1)
        self.assertEqual(self.host().silence(0.05), b"")

    def test_unread_output_and_exclusive_mode_are_gone(self):
        with Host(self.modem.device) as h:
            h.command("AT+CNMI=2,1")
            termios.tcflush(h.fd, termios.TCIOFLUSH)
            import fcntl
            fcntl.ioctl(h.fd, termios.TIOCEXCL)
            h.write(b"AT+CMGL=4\r")
        self.modem.text("khong ai nghe")
        self.assertEqual(self.host().silence(0.05), b"")

    def test_unplug_and_plug(self):
        h = self.host()
        h.command("AT+CNMI=2,1,0,2,0")
        self.modem.unplug()
        self.assertFalse(os.path.lexists(self.modem.device))
        self.assertEqual(os.read(h.fd, 1), b"")
        with self.assertRaises(OSError):
            os.write(h.fd, b"AT\r")
        self.modem.text("trong luc rut")
        self.assertEqual(self.modem.status()["backlog"], 1)
        self.modem.plug()
        self.assertEqual(self.host().command("AT+CNMI?")[0], "+CNMI: 2,0,0,0,0")
        self.assertEqual(self.modem.status()["backlog"], 0)

    def test_reboot(self):
        h = self.host()
        h.command('AT+CPMS="ME","ME","ME"')
        self.assertEqual(h.command("AT+CFUN=1,1"), ["OK"])
        self.modem.wait_event("reboot")
        self.modem.reboot(ms=1)
        self.modem.wait_event("plug", count=2)
        self.assertEqual(self.host().command("AT+CPMS?")[0], '+CPMS: "SM",0,30,"SM",0,30,"SM",0,30')


class CallsAndUssd(Case):
    def test_calls(self):
        h = self.host()
        h.command("AT+CLIP=1")
        h.command("AT+CRC=1")
        self.modem.call("+84900000014", rings=2, ring_ms=20)
        data = h.read_until(rb"NO CARRIER\r\n")
        self.assertEqual(data.count(b"+CRING: VOICE"), 2)
        self.assertEqual(data.count(b'+CLIP: "+84900000014",145'), 2)
        self.modem.call("", ring_ms=60000)
        h.read_until(rb'\+CLIP: "",128')
        self.assertEqual(h.command("AT+CHUP"), ["OK"])
        self.assertEqual(self.modem.events("call")[-1]["by"], "host")

    def test_ussd(self):
        h = self.host()
        h.command("AT+CUSD=1")
        self.modem.ussd("So du 5000d", code="*101#", delay_ms=1)
        h.write(b'AT+CUSD=1,"*101#",15\r')
        h.read_until(rb'\+CUSD: 0,"So du 5000d",15\r\n')
        h.command('AT+CSCS="UCS2"')
        h.write(b'AT+CUSD=1,"002A0031003000310023",15\r')
        h.read_until(rb'\+CUSD: 0,"0053006F[0-9A-F]+",72\r\n')
        self.modem.ussd("dai " * 1000)
        h.read_until(rb"\+CUSD: 0,")
        self.modem.ussd(raw='+CUSD: 2')
        h.read_until(rb"\r\n\+CUSD: 2\r\n")


class WholeProgram(Case):
    def client(self, *arguments):
        return subprocess.run([self.modem.program, "--control", self.modem.control, *arguments],
                              capture_output=True, text=True, timeout=20, check=False)

    def test_client_mode(self):
        done = self.client("--do", '{"do":"status"}')
        self.assertEqual((done.returncode, json.loads(done.stdout)["ok"]), (0, True))
        self.assertEqual(self.client("--do", '{"do":"what"}').returncode, 1)
        self.assertEqual(self.client("--text", "chay nha", "--from", "+84900000015").returncode, 0)
        self.assertEqual(self.modem.events("deliver")[0]["from"], "+84900000015")

    def test_watch(self):
        watch = subprocess.Popen([self.modem.program, "--control", self.modem.control, "--watch"],
                                 stdout=subprocess.PIPE, text=True)
        try:
            # Its connection is no sign yet: what comes before its request was read is not shown to it.
            deadline = time.monotonic() + 60
            while not self.modem.status()["watchers"] and time.monotonic() < deadline:
                time.sleep(0.01)
            self.host().send("+84900000012", "Đã nhận")
            self.assertRegex(watch.stdout.readline(),
                             r"^\d\d:\d\d:\d\d  SMS to \+84900000012: Đã nhận$")
        finally:
            watch.terminate()
            watch.wait()
            watch.stdout.close()

    def test_bad_options(self):
        for arguments in (["--nonsense"], ["--link"], [], ["--link", "x", "--slots", "0"]):
            done = subprocess.run([self.modem.program, *arguments], capture_output=True, timeout=20,
                                  check=False)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertTrue(done.stderr, arguments)
        done = subprocess.run([self.modem.program, "--help"], capture_output=True, timeout=20,
                              check=False)
        self.assertIn(b"--backlog-ms N", done.stdout)

    def test_not_json(self):
        with self.modem._connect(10) as stream:
            stream.write(b'nonsense\n[1]\n{"do":"status","id":7}\n')
            stream.flush()
            answers = [json.loads(stream.readline()) for _ in range(3)]
        self.assertEqual([answer["ok"] for answer in answers], [False, False, True])
        self.assertEqual(answers[2]["id"], 7)

    def test_state_survives(self):
        with SimModem(BIN_DIR, self.folder.name, "other", keep_state=True, slots=3) as modem:
            modem.text("tin {n}", count=5)
            modem.stop()
            modem.start()
            status = modem.status()
            self.assertEqual((status["memories"]["SM"]["used"], status["backlog"]), (3, 2))
            with Host(modem.device) as h:
                h.command("AT+CMGD=1,4")
                modem.wait_event("stored", count=3 + 3 + 2)  # 3 new, 3 loaded, 2 waiting
                self.assertEqual(len(h.command("AT+CMGL=4")), 5)
        self.assertFalse(os.path.lexists(modem.device))

    def test_rate(self):
        h = self.host()
        h.command("ATE0")
        start = time.monotonic()
        for n in range(300):
            self.assertEqual(h.send("+84900000012", f"tin {n}")[-1], "OK")
        print(f"sent per second: {300 / (time.monotonic() - start):.0f}", file=sys.stderr)
        self.assertEqual(len(self.modem.wait_sent(count=300)), 300)


@unittest.skipUnless(shutil.which("gammu"), "gammu is not installed")
class RealGammu(Case):
    def gammu(self, *arguments):
        config = os.path.join(self.folder.name, "gammurc")
        with open(config, "w", encoding="ascii") as file:
            file.write(f"[gammu]\ndevice = {self.modem.device}\nconnection = at115200\nmodel = at\n")
        environment = dict(os.environ, LC_ALL="C.UTF-8", LANG="C.UTF-8", LANGUAGE="C")
        done = subprocess.run(["gammu", "-c", config, *arguments], capture_output=True, text=True,
                              timeout=60, env=environment, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_gammu(self):
        self.assertIn("490154203237518", self.gammu("--identify"))
        self.modem.text("Chay nha {x} @ 10€")
        self.modem.text("Báo cháy ở Nậm Pồ", sender="Viettel")
        listing = self.gammu("getallsms")
        for text in ("Chay nha {x} @ 10€", "Báo cháy ở Nậm Pồ", '"+84900000012"', '"Viettel"'):
            self.assertIn(text, listing)
        self.gammu("sendsms", "TEXT", "+84900000077", "-unicode", "-report", "-len", "400", "-text",
                   "Chào cả nhà. " * 12)
        sent = self.modem.wait_sent(count=1)[0]
        self.assertEqual((sent["parts"], sent["text"]), (3, "Chào cả nhà. " * 12))
        self.gammu("sendsms", "TEXT", "+84900000078", "-text", "Khong dau [1] €")
        self.assertEqual(self.modem.wait_sent(to="+84900000078")[0]["text"], "Khong dau [1] €")
        self.gammu("deleteallsms", "1")
        self.assertEqual(self.modem.status()["memories"]["SM"]["used"], 0)


if __name__ == "__main__":
    BIN_DIR = sys.argv.pop(1)
    shard.main(sys.argv, verbosity=1)
