#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The door on the office's network as browsers, strangers and slow clients meet it, over real TLS."""
import datetime
import gzip
import http.client
import json
import os
import pathlib
import socket
import ssl
import stat
import subprocess
import tempfile
import time

import scene
from browser import Browser
from officers import PASSPHRASE, Phone
from scene import DUTY, SceneTest, main, request, wait_until
from tls import Authority

ANY = {"listen": "127.0.0.1:0", "redirect_listen": "127.0.0.1:0", "hosts": ["Binhyen.Test"]}


class LanTest(SceneTest):
    def lan_scene(self, scene_options=None, **http_settings):
        s = self.scene(start=False, **(scene_options or {"modems": 0}))
        s.configure(http={"socket": str(s.box.socket), **ANY, **http_settings})
        s.start()
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


class Page(LanTest):
    """The files of the page: what is there, how it may be kept, and nothing else of the disk."""

    def page_scene(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        files = {"index.html": b"<!doctype html>", "assets/a-1A2B3C4D.js": b"x()" * 500,
                 "assets/a-1A2B3C4D.js.gz": gzip.compress(b"x()" * 500), "icon.svg": b"<svg/>", ".hidden.js": b"no",
                 "notes.md": b"no", "deep/er/est/x.js": b"no"}
        for name, data in files.items():
            path = os.path.join(self.folder.name, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(data)
        os.symlink("/etc/hostname", os.path.join(self.folder.name, "link.txt"))
        return self.lan_scene(console_dir=self.folder.name)

    def test_files(self):
        self.page_scene()
        browser = self.browser()
        self.assertTrue(self.lan["has_page"])
        self.assertEqual(browser.ask("GET", "/"), (200, "text/html", b"<!doctype html>"))
        self.assertEqual(browser.headers["Cache-Control"], "no-cache")
        for word in ("default-src 'self'", "frame-ancestors 'none'", "object-src 'none'"):
            self.assertIn(word, browser.headers["Content-Security-Policy"])
        self.assertNotIn("unsafe", browser.headers["Content-Security-Policy"])
        etag = browser.headers["ETag"]
        self.assertEqual(browser.ask("GET", "/", headers={"If-None-Match": etag})[::2], (304, b""))
        self.assertEqual(browser.ask("GET", "/index.html", headers={"If-None-Match": '"0"'})[0], 200)
        self.assertEqual(browser.ask("HEAD", "/")[::2], (200, b""))
        self.assertEqual(browser.ask("GET", "/assets/a-1A2B3C4D.js"), (200, "text/javascript", b"x()" * 500))
        self.assertIn("immutable", browser.headers["Cache-Control"])
        self.assertIsNone(browser.headers["Content-Encoding"])
        _, _, data = browser.ask("GET", "/assets/a-1A2B3C4D.js", headers={"Accept-Encoding": "br, gzip, deflate"})
        self.assertEqual((browser.headers["Content-Encoding"], gzip.decompress(data)), ("gzip", b"x()" * 500))
        self.assertEqual(browser.headers["Vary"], "Accept-Encoding")
        # A link from elsewhere may lead to the page; what another site asks in a browser's name may not.
        self.assertEqual(browser.ask("GET", "/", headers={"Sec-Fetch-Site": "cross-site"})[0], 200)

    def test_nothing_else(self):
        self.page_scene()
        browser = self.browser()
        for path in ("/.hidden.js", "/notes.md", "/link.txt", "/deep/er/est/x.js", "/assets", "/assets/", "/../index.html",
                     "/assets/../index.html", "/%2e%2e/index.html", "/index.html%00.js", "//index.html", "/etc/passwd",
                     "/assets/a-1A2B3C4D.js.gz", "/index.html/", "/INDEX.HTML", "/" + "a" * 4000):
            self.assertEqual(browser.ask("GET", path)[0], 404, path)
        self.assertEqual(browser.ask("POST", "/", {})[0], 404)
        self.assertEqual(request(self.s.box.socket, "GET", "/")[0], 404)

    def test_no_page_is_no_harm(self):
        self.lan_scene(console_dir="/nonexistent")
        self.assertFalse(self.lan["has_page"])
        browser = self.browser()
        self.assertEqual(browser.ask("GET", "/")[0], 404)
        self.assertEqual(browser.call("GET", "/api/v1/notice")[0], 200)


class Stream:
    """GET /api/v1/events of a browser; wait() reads on until an event of that kind."""

    def __init__(self, browser, last_id=None):
        self.connection = browser.connect()
        headers = {"Cookie": browser.cookie} if browser.cookie else {}
        if last_id is not None:
            headers["Last-Event-ID"] = last_id
        self.connection.request("GET", "/api/v1/events", headers=headers)
        self.answer = self.connection.getresponse()
        self.status, self.id, self.kinds = self.answer.status, None, []
        if self.status != 200:
            self.close()  # one address has so many connections

    def next(self):
        """(event, data) or None at its end."""
        event, data = None, None
        while True:
            line = self.answer.readline().decode()
            if not line:
                return None
            name, _, value = line.rstrip("\n").partition(": ")
            if name == "id":
                self.id = value
            elif name == "event":
                event = value
            elif name == "data":
                data = json.loads(value)
            elif not name and event:
                self.kinds.append(event)
                return event, data

    def wait(self, event):
        while True:
            got = self.next()
            if got is None or got[0] == event:
                return got

    def close(self):
        self.answer.close()
        self.connection.close()


class Events(LanTest):
    def office(self, is_there=False):
        """Officers with a page each: the chief, one on duty, and one who looks after the machine."""
        s = self.s if is_there else self.lan_scene()
        token = self.claim_by_browser(self.browser())
        self.chief = self.browser()
        self.assertEqual(self.chief.login("chief", PASSPHRASE, self.phone.code(time.time(), 1))[0], 200)
        self.it, self.duty = self.enrolled("it", token), self.enrolled("duty", token)
        return s

    def enrolled(self, role, token):
        browser = self.browser()
        code = browser.call("POST", "/api/v1/officers", {"login": role, "name": role, "role": role}, token=token)[1]["code"]
        begun = browser.call("POST", "/api/v1/enrol", {"login": role, "code": code, "passphrase": PASSPHRASE})[1]
        phone = Phone(begun["otpauth"])
        browser.call("POST", "/api/v1/enrol/confirm", {"enrolment": begun["enrolment"], "totp": phone.code(time.time())})
        self.assertEqual(browser.login(role, PASSPHRASE, phone.code(time.time(), 1))[0], 200)
        return browser

    def walk(self, browser, who):
        """Every route that openapi.json describes, as that browser: it is let through where x-roles has one of `who`.
        A body that is no object passes the rights and nothing else."""
        page = json.loads((pathlib.Path(__file__).resolve().parents[2] / "daemon/http/openapi.json").read_text("utf-8"))
        wrong = []
        for path, operations in page["paths"].items():
            for method, operation in operations.items():
                if path == "/api/v1/events":  # it has no end, and a test of its own
                    continue
                status, _, answer = browser.ask(
                    method.upper(), path.replace("{n}", "1"), [] if method == "post" else None)
                message = answer.get("message", "") if isinstance(answer, dict) else ""
                is_refused = (status == 401 and message.startswith("nobody is logged in")) or (
                    status == 403 and message.startswith("this is not for your role"))
                if is_refused == bool(who & set(operation["x-roles"])):
                    wrong.append((method, path, status, message))
        self.assertEqual(wrong, [])

    def test_every_route(self):
        """As a stranger before and after the first officer, and as officers with cookie and CSRF token."""
        self.lan_scene()
        self.walk(self.browser(), {"anybody"})
        self.office(is_there=True)
        self.walk(self.browser(), {"anybody"})
        for role, browser in (("chief", self.chief), ("duty", self.duty), ("it", self.it)):
            self.walk(browser, {"anybody", role})

    def stream(self, browser, last_id=None):
        stream = Stream(browser, last_id)
        self.addCleanup(stream.close)
        return stream

    def enter(self, text):
        status, answer = self.chief.call("POST", "/api/v1/reports", {"source": "walk_in", "text": text})
        self.assertEqual(status, 200, answer)
        return answer["report"]

    def test_what_each_may_know(self):
        self.office()
        mine, his = self.stream(self.chief), self.stream(self.it)
        self.assertEqual((mine.status, his.status), (200, 200))
        self.assertEqual(mine.answer.getheader("Content-Type"), "text/event-stream")
        name = self.enter("mat trom xe o thon 3")
        self.assertEqual(mine.wait("report")[1], {"report": name, "is_new": True})
        # What both may know comes after it, and was all that the other one heard.
        self.assertEqual(self.chief.call("POST", "/api/v1/roster", {"rows": []})[0], 200)
        self.assertEqual(mine.wait("change")[1], {"what": "duty"})
        self.assertEqual(his.wait("change")[1], {"what": "duty"})
        self.assertNotIn("report", his.kinds)
        self.assertNotIn("alarm", his.kinds)
        # A poll is for who reads bulletins.
        status, poll = self.chief.call("POST", "/api/v1/polls", {"question": "Lắp camera ở cổng làng?", "closes":
            (datetime.date.today() + datetime.timedelta(days=3)).strftime("%Y-%m-%d 12:00"), "audience": {"all": True},
            "options": [{"label": "Đồng ý"}, {"label": "Không đồng ý"}]})
        self.assertEqual(status, 200, poll)
        self.assertEqual(mine.wait("change")[1], {"what": "poll"})
        self.assertEqual(self.chief.call("POST", "/api/v1/roster", {"rows": []})[0], 200)
        self.assertEqual(his.wait("change")[1], {"what": "duty"})

    def test_nothing_of_a_report_about_himself(self):
        self.office()
        name = self.enter("can bo truc ban gay kho de")
        status, answer = self.chief.call("POST", f"/api/v1/reports/{name}/subjects", {"officers": ["duty"]})
        self.assertEqual(status, 200, answer)
        name = answer.get("report", name)
        mine, his = self.stream(self.chief), self.stream(self.duty)
        self.assertEqual(self.chief.call("POST", f"/api/v1/reports/{name}/note", {"text": "da xem"})[0], 200)
        self.assertEqual(mine.wait("report")[1], {"report": name, "is_new": False})
        self.assertEqual(self.chief.call("POST", "/api/v1/roster", {"rows": []})[0], 200)
        self.assertIsNotNone(his.wait("change"))
        self.assertFalse({"report", "alarm"} & set(his.kinds), his.kinds)

    def test_it_goes_on_where_it_was(self):
        s = self.office()
        stream = self.stream(self.chief)
        first = self.enter("mat trom xe o thon 3")
        self.assertEqual(stream.wait("report")[1]["report"], first)
        # The id stands behind what was told with it.
        self.chief.call("POST", "/api/v1/roster", {"rows": []})
        while stream.id is None:
            self.assertIsNotNone(stream.next())
        last = stream.id
        stream.close()
        second = self.enter("mat trom xe o thon 4")
        again = self.stream(self.chief, last)
        while again.wait("report")[1]["report"] != second:
            pass
        self.assertNotIn("reset", again.kinds)
        for strange in ("1", "x", "-1", "9223372036854775807"):
            self.assertEqual(self.stream(self.chief, strange).next()[0], "reset", strange)
        del s

    def test_it_ends_with_its_session(self):
        s = self.office()
        mine, his = self.stream(self.chief), self.stream(self.it)
        self.assertEqual(self.it.call("POST", "/api/v1/logout", {})[0], 200)
        while his.next() is not None:
            pass
        his.close()
        self.assertEqual(self.stream(self.it).status, 401)
        # Each session has so many, and gets room again when one is closed.
        more = [self.stream(self.chief) for _ in range(7)]
        self.assertEqual([stream.status for stream in more], [200] * 7)
        self.assertEqual(self.stream(self.chief).status, 429)
        more[0].close()
        wait_until(lambda: self.stream(self.chief).status == 200, 20, "room for another page")
        # The daemon ends with streams open.
        self.assertEqual(s.box.stop(30), 0)
        del mine


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
        """One address has so many connections and no more; an alarm and the box's own socket do not notice any of it."""
        s = self.lan_scene({"modems": 1, "duty": [DUTY]})
        peers = []
        self.addCleanup(lambda: [peer.close() for peer in peers])
        for _ in range(56):
            peer = socket.create_connection(("127.0.0.1", self.lan["port"]), 20)
            peers.append(peer)
            try:
                peer.sendall(b"\x16\x03\x01")  # the beginning of a handshake
            except ConnectionError:
                pass
            peer.settimeout(0)
        # Those past the limit are closed at once; the others wait for the rest of it.
        wait_until(lambda: sum(self.is_ended(peer) for peer in peers) >= 24, 60, "connections to be refused")
        self.assertEqual(request(s.box.socket, "GET", "/healthz")[0], 200)
        s.modem.text("chay nha o thon 3, cuu voi")
        wait_until(lambda: s.modem.sent(to=DUTY), 60, "the alarm")
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
