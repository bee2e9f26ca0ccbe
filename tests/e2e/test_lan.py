#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The door on the office's network as browsers, strangers and slow clients meet it, over real TLS."""
import http.client
import os
import socket
import ssl
import stat
import subprocess
import tempfile
import time

import scene
from browser import Browser
from officers import PASSPHRASE, Phone
from scene import SceneTest, main, request, wait_until
from tls import Authority

ANY = {"listen": "127.0.0.1:0", "redirect_listen": "127.0.0.1:0", "hosts": ["Binhyen.Test"]}


class LanTest(SceneTest):
    def lan_scene(self, **http_settings):
        s = self.scene(modems=0, start=False)
        s.configure(http={"socket": str(s.box.socket), **ANY, **http_settings})
        s.box.start()
        self.s = s
        self.read_lan()
        return s

    def read_lan(self):
        self.lan = wait_until(lambda: self.s.status()["lan"], 20, "the door")
        return self.lan

    def browser(self, **options):
        browser = Browser(self.lan["port"], **options)
        self.addCleanup(browser.close)
        return browser

    def claim_by_browser(self, browser):
        """The first start as the wizard does it: the code from the box, all else over TLS."""
        code = self.s.box.ctl("setup-code")["code"]
        status, begun = browser.call("POST", "/api/v1/setup", {
            "code": code, "login": "chief", "name": "Trưởng công an xã", "passphrase": PASSPHRASE})
        self.assertEqual(status, 200, begun)
        self.phone = Phone(begun["otpauth"])
        status, answer = browser.call("POST", "/api/v1/enrol/confirm", {
            "enrolment": begun["enrolment"], "totp": self.phone.code(time.time())})
        self.assertEqual(status, 200, answer)
        return answer["token"]


class Certificate(LanTest):
    def test_made_once_and_kept(self):
        s = self.lan_scene()
        shown = self.lan["certificate"]
        self.assertEqual((self.lan["state"], self.lan["error"], shown["is_own"]), ("open", "", True))
        browser = self.browser(fingerprint=shown["fingerprint"])
        self.assertEqual(browser.call("GET", "/api/v1/certificate"), (200, {"certificate": shown}))
        self.assertIn(shown["fingerprint"], s.box.log())
        self.assertIn(shown["fingerprint"], subprocess.run(
            [scene.bin_dir / "binhyenctl", "--socket", str(s.box.socket), "status"],
            capture_output=True, text=True, check=True).stdout)
        key = s.box.dir / "tls.key"
        self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o600)
        text = subprocess.run(["openssl", "x509", "-in", s.box.dir / "tls.crt", "-noout", "-text"],
                              capture_output=True, text=True, check=True).stdout
        for word in ("DNS:" + socket.gethostname(), "DNS:binhyen.test", "IP Address:127.0.0.1", "CA:FALSE",
                     "TLS Web Server Authentication", "prime256v1"):
            self.assertIn(word, text)
        s.box.stop()
        s.box.start()
        self.assertEqual(self.read_lan()["certificate"]["fingerprint"], shown["fingerprint"])
        # A name more: another certificate of the same key.
        was = key.read_bytes()
        s.box.stop()
        s.configure(http={"socket": str(s.box.socket), **ANY, "hosts": ["other.test"]})
        s.box.start()
        self.assertNotEqual(self.read_lan()["certificate"]["fingerprint"], shown["fingerprint"])
        self.assertEqual(key.read_bytes(), was)
        # Whose key others may have read is not used; the box works all the same, and says what is wrong.
        s.box.stop()
        key.chmod(0o604)
        s.box.start()
        self.assertEqual(self.read_lan()["state"], "down")
        self.assertIn("0604", self.lan["error"])
        self.assertIn("LAN_DOWN", [problem["code"] for problem in s.status()["problems"]])

    def test_given(self):
        with tempfile.TemporaryDirectory() as folder:
            authority = Authority(folder)
            soon = time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + 5 * 86400))
            certificate, key = authority.certificate("given", host="binhyen.test", end=soon)
            os.chmod(key, 0o600)
            s = self.lan_scene(certificate=certificate, key=key)
            self.assertFalse(self.lan["certificate"]["is_own"])
            self.assertIn("TLS_ENDS", [problem["code"] for problem in s.status()["problems"]])
            context = ssl.create_default_context(cafile=authority.ca)
            with socket.create_connection(("127.0.0.1", self.lan["port"]), 20) as plain:
                with context.wrap_socket(plain, server_hostname="binhyen.test") as peer:
                    self.assertIn(peer.version(), ("TLSv1.2", "TLSv1.3"))
            s.box.stop()
            other = authority.certificate("other", host="binhyen.test")[1]
            os.chmod(other, 0o600)
            s.configure(http={"socket": str(s.box.socket), **ANY, "certificate": certificate, "key": other})
            s.box.start()
            self.assertEqual(self.read_lan()["state"], "down")
            self.assertIn("match", self.lan["error"])

    def test_old_protocols_are_refused(self):
        self.lan_scene()
        context = self.browser().context()
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.options |= ssl.OP_NO_TLSv1_2 | ssl.OP_NO_TLSv1_3
        context.set_ciphers("ALL:@SECLEVEL=0")
        with socket.create_connection(("127.0.0.1", self.lan["port"]), 20) as plain:
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                context.wrap_socket(plain)
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = self.browser().context()
            context.minimum_version = context.maximum_version = version
            with socket.create_connection(("127.0.0.1", self.lan["port"]), 20) as plain:
                with context.wrap_socket(plain) as peer:
                    self.assertIn("GCM" if version == ssl.TLSVersion.TLSv1_2 else "TLS_", peer.cipher()[0])


class Strangers(LanTest):
    def test_before_the_first_officer_the_network_is_not_the_office(self):
        self.lan_scene()
        browser = self.browser()
        for method, path in (("GET", "/api/v1/status"), ("GET", "/api/v1/reports"), ("GET", "/metrics"),
                             ("POST", "/api/v1/setup/code"), ("POST", "/api/v1/reports"), ("GET", "/api/v1/audit")):
            self.assertEqual(browser.call(method, path, {} if method == "POST" else None)[0], 401, path)
        self.assertEqual(browser.call("GET", "/api/v1/notice")[0], 200)
        status, _ = browser.call("POST", "/api/v1/setup", {"code": "000000000000", "login": "x", "name": "X",
                                                           "passphrase": PASSPHRASE})
        self.assertIn(status, (401, 403, 409, 429))
        token = self.claim_by_browser(browser)
        self.assertEqual(browser.call("GET", "/api/v1/me", token=token)[0], 200)
        self.assertEqual(browser.call("GET", "/metrics")[0], 401)

    def test_who_leads_a_browser_here(self):
        self.lan_scene()
        browser = self.browser()
        port = self.lan["port"]
        for host, status in ((f"127.0.0.1:{port}", 200), ("127.0.0.1", 200), (f"binhyen.test:{port}", 200),
                             ("BINHYEN.TEST", 200), (f"localhost:{port}", 200), (socket.gethostname(), 200),
                             ("evil.example", 421), ("127.0.0.2", 421), ("127.0.0.1.evil.example", 421),
                             ("binhyen.test.evil.example", 421), ("[::1]", 421), ("", 421), ("127.0.0.1:x", 421),
                             ("[127.0.0.1", 421), ("binhyen.test:", 421), ("a" * 300, 421)):
            got, _, answer = browser.ask("GET", "/api/v1/notice", headers={"Host": host})
            self.assertEqual(got, status, (host, answer))
        for headers, status in (({"Origin": browser.origin}, 200), ({"Origin": "https://evil.example"}, 403),
                                ({"Origin": f"http://127.0.0.1:{port}"}, 403), ({"Origin": "null"}, 403),
                                ({"Sec-Fetch-Site": "same-origin"}, 200), ({"Sec-Fetch-Site": "none"}, 200),
                                ({"Sec-Fetch-Site": "cross-site"}, 403), ({"Sec-Fetch-Site": "same-site"}, 403)):
            self.assertEqual(browser.ask("GET", "/api/v1/notice", headers=headers)[0], status, headers)
        # Nothing of it concerns the socket.
        self.assertEqual(request(self.s.box.socket, "GET", "/api/v1/notice")[0], 200)

    def test_a_browser_proves_a_write_three_times(self):
        self.lan_scene()
        self.claim_by_browser(self.browser())
        browser = self.browser()
        status, answer = browser.login("chief", PASSPHRASE, self.phone.code(time.time(), 1))
        self.assertEqual((status, answer["token"]), (200, None))
        cookie = browser.headers["Set-Cookie"]
        self.assertTrue(cookie.startswith("__Host-binhyen="))
        for word in ("Path=/", "HttpOnly", "SameSite=Strict", "Secure"):
            self.assertIn("; " + word, cookie)
        self.assertNotIn("Domain", cookie)
        new = {"login": "x", "name": "X", "role": "it"}
        given = {"Cookie": browser.cookie, "X-CSRF-Token": browser.csrf, "Origin": browser.origin}
        for left_out in given:
            headers = {name: value for name, value in given.items() if name != left_out}
            status = browser.ask("POST", "/api/v1/officers", new, headers, own=False)[0]
            self.assertEqual(status, 401 if left_out == "Cookie" else 403, left_out)
        for name, wrong in (("X-CSRF-Token", "0" * 32), ("Origin", "https://evil.example"), ("Cookie", "__Host-binhyen=0")):
            status = browser.ask("POST", "/api/v1/officers", new, {**given, name: wrong}, own=False)[0]
            self.assertEqual(status, 401 if name == "Cookie" else 403, name)
        # Under its plain name it is no cookie here.
        self.assertEqual(browser.ask("GET", "/api/v1/me", headers={
            "Cookie": browser.cookie.removeprefix("__Host-")}, own=False)[0], 401)
        self.assertEqual(browser.call("GET", "/api/v1/me")[1]["csrf"], browser.csrf)
        self.assertEqual(browser.call("POST", "/api/v1/officers", new)[0], 200)
        self.assertEqual(browser.call("POST", "/api/v1/logout", {})[0], 200)
        self.assertIsNone(browser.cookie)

    def test_headers_of_every_answer(self):
        self.lan_scene()
        browser = self.browser()
        for path in ("/api/v1/notice", "/nowhere", "/api/v1/reports"):
            browser.ask("GET", path)
            for name, word in (("Strict-Transport-Security", "max-age="), ("X-Content-Type-Options", "nosniff"),
                               ("Referrer-Policy", "no-referrer"), ("Content-Security-Policy", "frame-ancestors 'none'"),
                               ("Cache-Control", "no-store")):
                self.assertIn(word, browser.headers[name] or "", (path, name))

    def test_the_plain_door_only_leads_there(self):
        self.lan_scene()
        port = self.lan["redirect_port"]

        def ask(method, path, host):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            try:
                connection.request(method, path, headers={"Host": host} if host is not None else {})
                answer = connection.getresponse()
                answer.read()
                return answer.status, answer.getheader("Location")
            finally:
                connection.close()

        to = f":{self.lan['port']}/"
        self.assertEqual(ask("GET", "/api/v1/reports?x=y", None), (308, "https://127.0.0.1" + to))
        self.assertEqual(ask("HEAD", "/", "binhyen.test"), (308, "https://binhyen.test" + to))
        self.assertEqual(ask("GET", "/", "evil.example"), (421, None))
        self.assertEqual(ask("DELETE", "/", "binhyen.test"), (405, None))


class Slow(LanTest):
    @staticmethod
    def is_ended(peer):
        try:
            return peer.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except ConnectionError:
            return True

    def test_greedy_clients_stop_nobody(self):
        """One address has so many connections and no more; the box's own socket does not notice any of it."""
        self.lan_scene()
        peers = []
        self.addCleanup(lambda: [peer.close() for peer in peers])
        for _ in range(40):
            peer = socket.create_connection(("127.0.0.1", self.lan["port"]), 20)
            peers.append(peer)
            try:
                peer.sendall(b"\x16\x03\x01")  # the beginning of a handshake
            except ConnectionError:
                pass
            peer.settimeout(0)
        # Those past the limit are closed at once; the others wait for the rest of it.
        wait_until(lambda: sum(self.is_ended(peer) for peer in peers) >= 24, 60, "connections to be refused")
        self.assertEqual(sum(self.is_ended(peer) for peer in peers), 24)
        self.assertEqual(request(self.s.box.socket, "GET", "/healthz")[0], 200)
        for peer in peers:
            peer.close()

        def is_served():
            try:
                return self.browser().call("GET", "/api/v1/notice")[0] == 200
            except (OSError, http.client.HTTPException):
                return False

        wait_until(is_served, 60, "room for a browser")


if __name__ == "__main__":
    main()
