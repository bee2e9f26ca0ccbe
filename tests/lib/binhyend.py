# SPDX-License-Identifier: GPL-2.0-or-later
"""The real binhyend as a test drives it: a folder of its own, its configuration, its life and binhyenctl."""
import ctypes
import json
import os
import pathlib
import signal
import subprocess
import threading
import time


PR_SET_PDEATHSIG = 1


def die_with_parent():
    """In the child: a test that is killed leaves no daemon behind. Only for children of the main thread, since the
    signal comes when the thread that started them ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Refused(Exception):
    """binhyenctl said no; args: exit code, what it printed."""


def wait_until(condition, timeout_s=60.0, what="condition", step_s=0.02):
    """Calls condition() until it is true; its value. Bounded: raises TimeoutError."""
    end = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise TimeoutError(f"waited {timeout_s} s for {what}")
        time.sleep(step_s)


class Binhyend:
    def __init__(self, bin_dir, tmp_dir, modems=(), zalo=None, zalo_app_secret=None, duty_phones=(), extra=None,
                 modem_program=None, env=None, modem_config=None, args=()):
        self.bin = pathlib.Path(bin_dir)
        self.dir = pathlib.Path(tmp_dir)
        self.socket = self.dir / "api.sock"
        self.log_path = self.dir / "binhyend.log"
        self.config_path = self.dir / "binhyen.json"
        self.secrets = self.dir / "secrets"
        self.modem_program = modem_program
        self.args = [str(arg) for arg in args]
        self.env = dict(os.environ, **(env or {}))
        self.token = None  # of the officer who sits at binhyenctl
        self.process = None
        self.dir.mkdir(parents=True, exist_ok=True)
        self.secrets.mkdir(mode=0o700, exist_ok=True)
        config = {
            "store": {"path": str(self.dir / "box.db")},
            "http": {"socket": str(self.socket)},
            "secrets": {"dir": str(self.secrets)},
            "modems": [{"name": name, "device": str(device), **(modem_config or {})} for name, device in modems],
            "duty": {"phones": list(duty_phones)},
            # Each message is a report, which most tests count; what is about dialogues says otherwise.
            "reports": {"dialogue_minutes": 0},
        }
        if zalo:
            config["zalo"] = zalo
        config.update(extra or {})
        self.config_path.write_text(json.dumps(config, indent=2))
        if not (self.secrets / "box.key").exists():
            subprocess.run([self.bin / "binhyend", "--create-key", self.secrets / "box.key"], check=True)
        if zalo_app_secret:
            path = self.secrets / "zalo.app_secret"
            path.write_text(zalo_app_secret + "\n")
            path.chmod(0o600)

    def start(self, wait=True):
        command = [str(self.bin / "binhyend"), "--config", str(self.config_path), *self.args]
        if self.modem_program:
            command += ["--modem-program", str(self.modem_program)]
        is_main = threading.current_thread() is threading.main_thread()
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.env,
                                            preexec_fn=die_with_parent if is_main else None)
        if wait:
            wait_until(self.is_answering, what="binhyend to answer on its socket")
        return self

    def is_answering(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"binhyend ended with {self.process.returncode}:\n{self.log()[-2000:]}")
        try:
            return self.ctl("status")
        except Refused:
            return None

    def stop(self, timeout_s=40):
        """SIGTERM; its exit code."""
        if not self.process:
            return None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        self.process = None
        return code

    def kill(self):
        """SIGKILL, as a power cut would end it."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def set_token(self, token):
        """Who binhyenctl is from now on; None nobody."""
        path = self.dir / "binhyen-token"
        self.token = token
        path.unlink(missing_ok=True)
        if token:
            path.touch(0o600)
            path.write_text(f"{self.socket}\n{token}\n")

    def ctl(self, *args, stdin=None):
        """binhyenctl --json; its object. Raises Refused."""
        done = subprocess.run([str(self.bin / "binhyenctl"), "--socket", str(self.socket), "--json", *map(str, args)],
                              input=stdin, capture_output=True, text=True, timeout=60, check=False,
                              env={**os.environ, "BINHYEN_TOKEN_FILE": str(self.dir / "binhyen-token")})
        if done.returncode:
            raise Refused(done.returncode, done.stdout + done.stderr)
        return json.loads(done.stdout) if done.stdout.strip() else {}

    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def modem_ready(self, count=1):
        modems = self.ctl("status")["modems"]
        return sum(modem["phase"] == "ready" for modem in modems) >= count

    def wait_modem(self, count=1, timeout_s=60):
        wait_until(lambda: self.modem_ready(count), timeout_s, "the modem to be ready")

    def modem_pids(self):
        """binhyen-modem processes of this daemon."""
        if not self.process:
            return []
        path = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        try:
            return [int(pid) for pid in path.read_text().split()]
        except OSError:
            return []

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None
