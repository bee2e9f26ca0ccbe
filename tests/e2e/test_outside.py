#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The door on the office's network as Debian's tools see it from outside: nmap, testssl.sh and slowhttptest.

They take minutes: only with BINHYEN_FULL set, and where they are installed. What is always tried is in test_lan.py.
"""
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

import scene  # noqa: F401 (it knows where the rest is)
from browser import Browser
from scene import DUTY, SceneTest, main, request, wait_until

FIRE = "chay nha o thon 3, cuu voi"
# That the box vouches for itself, what follows of it for a name that nobody registered (a short HSTS too: it holds only
# where a certificate was given), and what testssl says of its own openssl.
MEANT = {"cert_trust", "cert_chain_of_trust", "cert_notAfter", "cert_extlifeSpan", "cert_crlDistributionPoints",
         "cert_revocation", "OCSP_stapling", "DNS_CAArecord", "cert_caIssuers", "certificate_transparency", "HSTS_preload",
         "overall_grade", "grade_cap_reason_1", "grade_cap_reason_2", "security_headers", "cert_subjectAltName", "HSTS_time",
         "engine_problem"}


def tool(name):
    return unittest.skipUnless(os.environ.get("BINHYEN_FULL") and shutil.which(name), f"with --full, where {name} is installed")


class Outside(SceneTest):
    def open_door(self, **options):
        self.s = s = self.scene(start=False, **options)
        s.configure(http={"socket": str(s.box.socket), "listen": "127.0.0.1:0", "redirect_listen": "127.0.0.1:0"})
        s.start()
        self.lan = wait_until(lambda: s.status()["lan"], 20, "the door")
        return self.lan["port"]

    def listening(self):
        """TCP ports that processes of the box listen at."""
        inodes, ports = set(), set()
        pids = subprocess.run(["pgrep", "-P", str(self.s.box.process.pid)], capture_output=True, text=True, check=False).stdout.split()
        for pid in [str(self.s.box.process.pid), *pids]:
            for fd in os.listdir(f"/proc/{pid}/fd"):
                try:
                    found = re.fullmatch(r"socket:\[(\d+)\]", os.readlink(f"/proc/{pid}/fd/{fd}"))
                except OSError:
                    continue
                if found:
                    inodes.add(found[1])
        for name in ("tcp", "tcp6"):
            with open(f"/proc/net/{name}", encoding="ascii") as file:
                for line in file.readlines()[1:]:
                    fields = line.split()
                    if fields[3] == "0A" and fields[9] in inodes:
                        ports.add(int(fields[1].rsplit(":", 1)[1], 16))
        return ports

    @tool("nmap")
    def test_nmap(self):
        port = self.open_door(modems=0)
        plain = self.lan["redirect_port"]
        self.assertEqual(self.listening(), {port, plain})
        text = subprocess.run(["nmap", "-Pn", "-n", "-sT", "--script",
                               "+ssl-enum-ciphers,+ssl-cert,+ssl-poodle,+ssl-heartbleed,+ssl-dh-params,+http-methods,"
                               "+http-trace,+http-server-header", "-p", f"{port},{plain}", "127.0.0.1"],
                              capture_output=True, text=True, timeout=600, check=True).stdout
        self.assertEqual(len(re.findall(r"(?m)^\d+/tcp +open", text)), 2, text)
        self.assertIn("TLSv1.2", text)
        for word in ("SSLv3", "TLSv1.0", "TLSv1.1", "VULNERABLE", "TRACE is enabled", "libmicrohttpd", "Server:"):
            self.assertNotIn(word, text)
        self.assertEqual(set(re.findall(r"least strength: (\w)", text)), {"A"}, text)

    @tool("testssl")
    def test_testssl(self):
        port = self.open_door(modems=0)
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "out.json")
            done = subprocess.run(["testssl", "--quiet", "--warnings", "off", "--nodns", "none", "--color", "0",
                                   "--jsonfile", out, f"127.0.0.1:{port}"], capture_output=True, text=True, timeout=1200,
                                  check=False)
            self.assertTrue(os.path.exists(out), done.stdout[-2000:] + done.stderr[-2000:])
            with open(out, encoding="utf-8") as file:
                rows = json.load(file)
        self.assertGreater(len(rows), 100)
        bad = [(row["id"], row["severity"], row["finding"]) for row in rows
               if row["severity"] in ("MEDIUM", "HIGH", "CRITICAL", "WARN", "FATAL") and row["id"].split(" ")[0] not in MEANT]
        self.assertEqual(bad, [])

    @tool("slowhttptest")
    def test_slow_clients(self):
        """200 connections that send or read a byte now and then: the alarm rings, the socket answers, and afterwards
        there is room for a browser again."""
        port = self.open_door(modems=1, duty=[DUTY])
        for number, way in enumerate((["-H"], ["-B"], ["-X"])):
            with subprocess.Popen(["slowhttptest", *way, "-c", "200", "-r", "100", "-i", "5", "-l", "40", "-u",
                                   f"https://127.0.0.1:{port}/api/v1/notice"], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL) as slow:
                try:
                    time.sleep(5)  # they come at 100 a second
                    began = time.monotonic()
                    self.assertEqual(request(self.s.box.socket, "GET", "/healthz")[0], 200)
                    self.s.modem.text(f"{FIRE} {number}", sender=f"+8490000{2000 + number}")
                    wait_until(lambda: len(self.s.modem.sent(to=f"+8490000{2000 + number}")), 30, "the receipt")
                    receipt = time.monotonic() - began
                    wait_until(lambda: len(self.s.modem.sent(to=DUTY)) > number, 60, "the alarm")
                    print(f"    {way[0]}: receipt after {receipt:.1f} s, alarm after {time.monotonic() - began:.1f} s")
                finally:
                    slow.terminate()

            def is_served():
                try:
                    browser = Browser(port)
                    try:
                        return browser.call("GET", "/api/v1/notice")[0] == 200
                    finally:
                        browser.close()
                except (OSError, socket.timeout):
                    return False

            wait_until(is_served, 90, "room for a browser")


if __name__ == "__main__":
    main()
