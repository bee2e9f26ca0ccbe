#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The first start and the days after it, as a chief and an officer live through them with binhyenctl."""
import json
import os
import pty
import re
import select
import subprocess
import time

import scene
from officers import PASSPHRASE, Phone
from scene import SceneTest, main, request, wait_until


class Terminal:
    """A program on a terminal of its own, and what a person types there."""

    def __init__(self, command, env=None):
        self.seen, self.all = "", ""
        master, slave = pty.openpty()
        self.process = subprocess.Popen([str(word) for word in command], stdin=slave, stdout=slave, stderr=slave,
                                        env=env, start_new_session=True)
        os.close(slave)
        self.master = master

    def read(self, timeout_s):
        if not select.select([self.master], [], [], timeout_s)[0]:
            return False
        try:
            piece = os.read(self.master, 65536)
        except OSError:  # the other side is gone
            return False
        self.seen += piece.decode(errors="replace")
        self.all += piece.decode(errors="replace")
        return bool(piece)

    def wait(self, pattern, timeout_s=30):
        end = time.monotonic() + timeout_s
        while True:
            match = re.search(pattern, self.seen)
            if match:
                self.seen = self.seen[match.end():]
                return match
            if time.monotonic() > end:
                raise TimeoutError(f"no {pattern!r} on the terminal, but {self.seen[-2000:]!r}")
            self.read(0.2)

    def type(self, text):
        os.write(self.master, (text + "\n").encode())

    def close(self, ends_by_itself=False):
        """Its exit code; SIGTERM before unless it is at its end."""
        if not ends_by_itself:
            self.process.terminate()
        while self.read(10):
            pass
        code = self.process.wait(20)
        os.close(self.master)
        return code


class Officers(SceneTest):
    def office(self, **options):
        """A box without modems, and a place for each officer's token."""
        return self.scene(modems=0, **options)

    def env(self, s, who):
        home = s.dir / f"home-{who}"
        home.mkdir(exist_ok=True)
        env = {key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "BINHYEN_"))}
        return dict(env, HOME=str(home))

    def command(self, s, *args):
        return [str(scene.bin_dir / "binhyenctl"), "--socket", str(s.box.socket), *map(str, args)]

    def ctl(self, s, who, *args, code=0, stdin="", passphrases=()):
        """binhyenctl --json as that person; its object, or what it said on standard error when it has to fail."""
        fds = ()
        if passphrases:
            reader, writer = os.pipe()
            os.write(writer, ("\n".join(passphrases) + "\n").encode())
            os.close(writer)
            fds, args = (reader,), ("--passphrase-fd", reader, *args)
        done = subprocess.run(self.command(s, "--json", *args), input=stdin, capture_output=True, text=True, timeout=40,
                              env=self.env(s, who), pass_fds=fds, check=False)
        for fd in fds:
            os.close(fd)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        if code:
            return done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else {}

    def enrol(self, s, who, lines, *args):
        """A command that shows a QR code and asks for a code of the phone: what it printed, and the phone."""
        reader, writer = os.pipe()
        os.write(writer, (PASSPHRASE + "\n").encode())
        os.close(writer)
        process = subprocess.Popen(self.command(s, "--json", "--passphrase-fd", reader, *args), stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.env(s, who),
                                   pass_fds=(reader,))
        os.close(reader)
        process.stdin.write("".join(line + "\n" for line in lines))
        process.stdin.flush()
        otpauth = process.stderr.readline().strip()
        phone = Phone(otpauth)
        out, err = process.communicate(phone.code(time.time()) + "\n", timeout=40)
        self.assertEqual(process.returncode, 0, out + err)
        return json.loads(out), phone

    def claim(self, s):
        code = self.ctl(s, "root", "setup-code")["code"]
        answer, phone = self.enrol(s, "chief", [code, "truong.ca", "Trưởng công an xã"], "setup")
        self.assertNotIn("token", answer)
        return phone

    def test_the_days_of_an_office(self):
        s = self.office()
        self.assertEqual(self.ctl(s, "anybody", "reports")["reports"], [])
        chief = self.claim(s)
        # The machine is everybody's who reaches the socket; reports are not.
        self.ctl(s, "anybody", "status")
        self.ctl(s, "anybody", "outbox")
        self.assertIn("binhyenctl login", self.ctl(s, "anybody", "reports", code=1))
        self.assertEqual(self.ctl(s, "chief", "reports")["reports"], [])
        self.assertIn("binhyenctl login", self.ctl(s, "root", "setup-code", code=1))
        self.assertEqual(self.ctl(s, "chief", "me")["officer"]["role"], "chief")
        # A second officer, who sets his passphrase by himself.
        added = self.ctl(s, "chief", "officer", "add", "truc.ban", "duty", "Trực ban 1", "phone=0900000011")
        self.enrol(s, "duty", [added["code"]], "enrol", "truc.ban")
        self.assertEqual(self.ctl(s, "duty", "me")["officer"]["login"], "truc.ban")
        self.assertIn("role", self.ctl(s, "duty", "officer", "truong.ca", "lock", code=1))
        rows = {row["login"]: row for row in self.ctl(s, "duty", "officers")["officers"]}
        self.assertTrue(rows["truc.ban"]["has_phone"])
        # A restart forgets who was in, and nothing else.
        s.restart()
        self.assertIn("binhyenctl login", self.ctl(s, "chief", "reports", code=1))
        # Nor is he given what the box tells anybody, as if it were his.
        self.assertIn("binhyenctl login", self.ctl(s, "chief", "today", code=1))
        self.ctl(s, "anybody", "today")
        self.assertIn("sai tên", self.ctl(s, "chief", "login", "truong.ca", stdin=chief.code(time.time()) + "\n",
                                          passphrases=[PASSPHRASE + "x"], code=1))
        self.ctl(s, "chief", "login", "truong.ca", stdin=chief.code(time.time(), 1) + "\n", passphrases=[PASSPHRASE])
        self.ctl(s, "chief", "officer", "truc.ban", "set", "role=area", "name=Cảnh sát khu vực")
        self.ctl(s, "chief", "officer", "truc.ban", "lock")
        self.assertEqual([row["is_own"] for row in self.ctl(s, "chief", "sessions")["sessions"]], [True])
        self.ctl(s, "chief", "logout")
        self.assertFalse(list((s.dir / "home-chief").iterdir()))
        self.assertIn("binhyenctl login", self.ctl(s, "chief", "officers", code=1))
        kinds = {row["kind"] for row in self.ctl(s, "it", "audit")["events"]}
        self.assertLessEqual({"officer.created", "officer.enrolled", "officer.role", "officer.locked", "login",
                              "logout"}, kinds)
        self.no_secret_lies_about(s, [PASSPHRASE, added["code"], chief.secret, "0900000011", "+84900000011"])

    def no_secret_lies_about(self, s, secrets):
        for path in s.dir.rglob("*"):
            if not path.is_file():
                continue
            data = path.read_bytes()
            for secret in secrets:
                secret = secret if isinstance(secret, bytes) else secret.encode()
                self.assertNotIn(secret, data, path)

    def test_lock_outs_outlive_a_restart(self):
        s = self.office()
        self.claim(s)
        body = {"login": "truong.ca", "passphrase": "x", "totp": "1"}
        wait_until(lambda: request(s.box.socket, "POST", "/api/v1/login", body)[0] == 429, 20, "the delay", 0)
        wait_until(lambda: request(s.box.socket, "POST", "/api/v1/login", body)[0] == 401, 20, "the next try", 0.1)
        s.restart()
        self.assertEqual(request(s.box.socket, "POST", "/api/v1/login", body)[0], 429)

    def test_a_power_cut_makes_no_code_good_again(self):
        s = self.office()
        phone = self.claim(s)
        body = {"login": "truong.ca", "passphrase": PASSPHRASE, "totp": phone.code(time.time(), 1)}
        self.assertEqual(request(s.box.socket, "POST", "/api/v1/login", body)[0], 200)
        s.box.kill()
        s.start()
        self.assertEqual(request(s.box.socket, "POST", "/api/v1/login", body)[0], 401)

    def test_a_token_is_for_its_socket_and_its_owner(self):
        s = self.office()
        self.claim(s)
        path = s.dir / "home-chief" / ".binhyen-token"
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        text = path.read_text()
        self.ctl(s, "chief", "me")
        path.write_text(text.replace("api.sock", "other.sock"))
        self.ctl(s, "chief", "me", code=1)
        path.write_text(text)
        self.ctl(s, "chief", "me")
        path.chmod(0o644)
        self.ctl(s, "chief", "me", code=1)

    def test_the_first_start_on_a_terminal(self):
        """The code is on binhyend's terminal; what is typed as a passphrase is on none."""
        s = self.office(start=False)
        daemon = Terminal([scene.bin_dir / "binhyend", "--config", s.box.config_path])
        try:
            code = daemon.wait(r"([2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4})")[1]
            daemon.wait("state=listening")
            setup = Terminal(self.command(s, "setup"), env=self.env(s, "chief"))
            setup.wait("Setup code")
            setup.type(code)
            setup.wait("Login name")
            setup.type("truong.ca")
            setup.wait("Your name")
            setup.type("Trưởng công an xã")
            setup.wait("New passphrase")
            setup.type(PASSPHRASE)
            setup.wait("Once more")
            setup.type(PASSPHRASE)
            setup.wait("▀")
            phone = Phone(setup.wait(r"otpauth://\S+")[0])
            setup.wait("Code that the phone shows")
            setup.type("000000")
            setup.wait("Code that the phone shows")
            setup.type(phone.code(time.time()))
            setup.wait("Logged in as")
            self.assertEqual(setup.close(ends_by_itself=True), 0)
            self.assertNotIn(PASSPHRASE[-8:], setup.all)
            self.assertEqual(self.ctl(s, "chief", "me")["officer"]["name"], "Trưởng công an xã")
        finally:
            self.assertEqual(daemon.close(), 0)
        # A code that is not on a terminal is nowhere.
        s.box.start()
        self.assertNotRegex(s.box.log(), r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}")

    def test_a_code_is_not_in_the_log(self):
        s = self.office()
        self.assertRegex(s.box.log(), "setup state=unclaimed code=on_demand")
        code = self.ctl(s, "root", "setup-code")["code"]
        self.assertNotIn(code, s.box.log().replace("-", ""))


if __name__ == "__main__":
    main()
