#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The files of systemd/ as installed, checked by systemd's own tools. No systemd has to run.

usage: test_systemd.py --built DIR_OF_CONFIGURED_FILES --source DIR_OF_SYSTEMD [unittest options]
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILT = SOURCE = ""
UNITS = ["binhyend.service", "binhyen-key.service"]
EXPOSURE_MAX = 2.0  # systemd's scale of 0 (nothing allowed) to 10


def run(*command):
    env = dict(os.environ, LC_ALL="C", SYSTEMD_COLORS="0", SYSTEMD_LOG_TARGET="console")
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=env)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def settings(unit):
    """All values of each setting: systemd's lists are repeated lines."""
    found = {}
    for line in read(os.path.join(BUILT, unit)).splitlines():
        if "=" in line and line[0] not in "#;[":
            name, value = line.split("=", 1)
            found.setdefault(name, []).append(value)
    return found


class Root:
    """A tree in which our units stand beside Debian's, with programs that need only exist."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="binhyen-root-")
        self.units = self.path + "/usr/lib/systemd/system"
        shutil.copytree("/lib/systemd/system", self.units, symlinks=True)
        os.symlink("usr/lib", self.path + "/lib")
        for unit in UNITS:
            shutil.copy(os.path.join(BUILT, unit), self.units)
            program = self.path + settings(unit)["ExecStart"][0].split()[0]
            os.makedirs(os.path.dirname(program), exist_ok=True)
            shutil.copy("/bin/true", program)

    def verify(self, unit):
        return run("systemd-analyze", "verify", "--man=no", "--root=" + self.path, unit)


class Units(unittest.TestCase):
    def setUp(self):
        self.root = Root()
        self.addCleanup(shutil.rmtree, self.root.path)

    def test_verify_is_silent(self):
        for unit in UNITS:
            done = self.root.verify(unit)
            self.assertEqual((done.returncode, done.stderr), (0, ""), unit)

    def test_verify_would_speak(self):
        with open(self.root.units + "/binhyend.service", "a", encoding="utf-8") as file:
            file.write("\n[Service]\nNoSuchSetting=1\n")
        self.assertIn("NoSuchSetting", self.root.verify("binhyend.service").stderr)

    def test_verify_sees_a_missing_program(self):
        os.unlink(self.root.path + settings("binhyend.service")["ExecStart"][0].split()[0])
        self.assertNotEqual(self.root.verify("binhyend.service").returncode, 0)

    def test_exposure(self):
        for unit in UNITS:
            done = run("systemd-analyze", "security", "--offline=true", "--no-pager",
                       f"--threshold={EXPOSURE_MAX * 10:.0f}", os.path.join(BUILT, unit))
            overall = re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
            self.assertIsNotNone(overall, done.stdout + done.stderr)
            self.assertLessEqual(float(overall[1]), EXPOSURE_MAX, done.stdout)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_exposure_would_fail(self):
        with open(self.root.units + "/bare.service", "w", encoding="utf-8") as file:
            file.write("[Service]\nExecStart=/bin/true\n")
        done = run("systemd-analyze", "security", "--offline=true", "--no-pager",
                   f"--threshold={EXPOSURE_MAX * 10:.0f}", self.root.units + "/bare.service")
        self.assertNotEqual(done.returncode, 0)


class Daemon(unittest.TestCase):
    """What binhyend relies on, and a tighter sandbox would take away in silence."""

    def setUp(self):
        self.unit = settings("binhyend.service")

    def test_life(self):
        self.assertEqual(self.unit["Type"], ["notify"])
        self.assertIn("WatchdogSec", self.unit)
        self.assertEqual(self.unit["Restart"], ["always"])
        self.assertEqual(self.unit["StartLimitIntervalSec"], ["0"])

    def test_modems_stay_reachable(self):
        self.assertNotIn("PrivateDevices", self.unit)
        self.assertNotIn("PrivateNetwork", self.unit)
        # Numbers, not names: a name counts only when its driver is loaded before the service.
        self.assertEqual(self.unit["DeviceAllow"], ["char-188 rw", "char-166 rw"])
        self.assertIn("dialout", self.unit["SupplementaryGroups"][0].split())

    def test_the_power_of_a_modem_stays_writable(self):
        # ProtectKernelTunables= alone makes all of /sys read-only; owners still decide what may be written.
        self.assertEqual(self.unit["ProtectKernelTunables"], ["yes"])
        self.assertEqual(self.unit["ReadWritePaths"], ["-/sys/devices"])
        self.assertEqual(self.unit["User"], ["binhyen"])
        self.assertEqual(self.unit["CapabilityBoundingSet"], ["CAP_NET_BIND_SERVICE"])

    def test_peers_keep_their_uid(self):
        # In a user namespace of its own it would see every caller of its socket as nobody.
        self.assertNotIn("PrivateUsers", self.unit)

    def test_missing_credentials_do_not_stop_the_start(self):
        found = dict(value.split(":", 1) for value in self.unit["LoadCredential"])
        self.assertEqual(set(found), {"box.key", "zalo.app_secret", "zalo.oa_secret", "http_sms.password",
                                      "http_sms.token", "ussd.token"})
        for path in found.values():
            self.assertNotIn("/", path)

    def test_key_unit_makes_the_credential(self):
        key = settings("binhyen-key.service")
        target = key["ExecStart"][0].split()[-1]
        name = dict(v.split(":", 1) for v in self.unit["LoadCredential"])["box.key"]
        self.assertTrue(target.endswith("/credstore/" + name), target)
        self.assertIn("!" + target, key["ConditionPathExists"])

    def test_every_path_is_written_in(self):
        for name in os.listdir(BUILT):
            if name.startswith("binhyen"):
                self.assertNotRegex(read(os.path.join(BUILT, name)), r"@[A-Za-z_]+@", name)


class Files(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="binhyen-root-")
        self.addCleanup(shutil.rmtree, self.root)
        os.makedirs(self.root + "/etc")
        with open(self.root + "/etc/group", "w", encoding="utf-8") as file:
            file.write("root:x:0:\ndialout:x:20:\n")
        with open(self.root + "/etc/passwd", "w", encoding="utf-8") as file:
            file.write("root:x:0:0:root:/root:/bin/sh\n")

    def apply(self, program, kind, *options):
        """Runs one of systemd's helpers on our file alone, within the tree."""
        folder = f"{self.root}/usr/lib/{kind}.d"
        os.makedirs(folder)
        shutil.copy(os.path.join(BUILT, "binhyen." + kind), folder + "/binhyen.conf")
        done = run(program, *options, "--root=" + self.root, "binhyen.conf")
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stderr

    def test_sysusers(self):
        self.apply("systemd-sysusers", "sysusers")
        lines = read(self.root + "/etc/passwd").splitlines()
        users = {line.split(":")[0]: line.split(":") for line in lines}
        self.assertIn("binhyen", users)
        self.assertTrue(users["binhyen"][6].endswith("nologin"))
        self.assertRegex(read(self.root + "/etc/group"), r"(?m)^dialout:x:20:binhyen$")

    @unittest.skipUnless(os.geteuid() == 0, "owners are set by root")
    def test_tmpfiles(self):
        self.apply("systemd-sysusers", "sysusers")
        self.assertEqual(self.apply("systemd-tmpfiles", "tmpfiles", "--create"), "")
        made = settings("binhyen-key.service")["ReadWritePaths"][0]
        self.assertEqual(os.stat(self.root + made).st_mode & 0o7777, 0o700)


# --- udev: 252 has no `udevadm verify` ---

MATCHES = {"ACTION", "SUBSYSTEM", "SUBSYSTEMS", "KERNEL", "KERNELS", "ATTR", "ATTRS", "ENV"}
ASSIGNS = {"ENV", "SYMLINK", "GROUP", "MODE", "OWNER", "TAG", "GOTO", "LABEL", "RUN"}
TOKEN = re.compile(r'([A-Z]+)(?:\{([A-Za-z0-9_/.]+)\})?(==|!=|\+=|:=|=)"([^"]*)"')


def udev_parse(text):
    """[(line number, [(key, attribute, operator, value)])]; ValueError names the line."""
    rules = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        tokens = []
        for piece in re.split(r",\s*(?=[A-Z])", line):
            match = TOKEN.fullmatch(piece)
            if not match:
                raise ValueError(f"line {number}: {piece!r} is not KEY{{attr}}OP\"value\"")
            key, attribute, operator, _ = match.groups()
            if key not in (MATCHES if operator in ("==", "!=") else ASSIGNS):
                raise ValueError(f"line {number}: {key} cannot stand before {operator}")
            if (key in ("ATTR", "ATTRS", "ENV")) != (attribute is not None):
                raise ValueError(f"line {number}: {key} and its attribute")
            tokens.append(match.groups())
        rules.append((number, tokens))
    labels = {t[3]: n for n, tokens in rules for t in tokens if t[0] == "LABEL"}
    for number, tokens in rules:
        for key, _, _, value in tokens:
            if key == "GOTO" and labels.get(value, 0) <= number:
                raise ValueError(f"line {number}: no label {value} below")
    return rules


class Udev(unittest.TestCase):
    def setUp(self):
        self.text = read(os.path.join(SOURCE, "61-binhyen-modem.rules"))

    def test_syntax(self):
        self.assertGreater(len(udev_parse(self.text)), 10)

    def test_syntax_would_fail(self):
        for bad in ['ATTR{idVendor}="2c7c"', 'GOTO="nowhere"', 'ENV=="x"', 'TAG+="a" TAG+="b"',
                    'TAG+="a"; MODE="0660"', 'MODE=0660']:
            with self.assertRaises(ValueError, msg=bad):
                udev_parse(bad)

    def test_modem_manager_keeps_off_device_and_port(self):
        rules = udev_parse(self.text)
        devices, ports = [], []
        for _, tokens in rules:
            vendor = next((t[3] for t in tokens if t[1] == "idVendor"), "")
            if any(t[1] == "ID_MM_DEVICE_IGNORE" and t[3] == "1" for t in tokens):
                devices.append(vendor)
            if any(t[1] == "ID_MM_PORT_IGNORE" and t[3] == "1" for t in tokens):
                ports += vendor.split("|")
        for vendor in devices:
            self.assertRegex(vendor, r"^[0-9a-f]{4}$")
        self.assertEqual(sorted(devices), sorted(ports))
        self.assertTrue({"2c7c", "1e0e", "12d1"} <= set(devices))

    def test_power_belongs_to_the_service(self):
        runs, vendors = [], []
        for _, tokens in udev_parse(self.text):
            found = [t[3] for t in tokens if t[0] == "RUN"]
            if found:
                runs += found
                vendors += next(t[3] for t in tokens if t[1] == "idVendor").split("|")
        group = settings("binhyend.service")["Group"][0]
        self.assertEqual(runs, [f"/bin/chgrp {group} $sys$devpath/authorized",
                                "/bin/chmod 0664 $sys$devpath/authorized"])
        devices = [t[3] for _, tokens in udev_parse(self.text) for t in tokens
                   if t[0] == "ATTR" and any(u[1] == "ID_MM_DEVICE_IGNORE" for u in tokens)]
        self.assertEqual(sorted(vendors), sorted(devices))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--built", required=True)
    parser.add_argument("--source", required=True)
    options, rest = parser.parse_known_args()
    BUILT, SOURCE = options.built, options.source
    unittest.main(argv=[sys.argv[0]] + rest)
