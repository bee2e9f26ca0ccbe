#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The man pages are valid mdoc and say what the programs say of themselves.

usage: test_man_pages.py --source TOP --bin DIR --settings PROGRAM [unittest options]
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile
import unittest

OPTIONS = None
PAGES = {
    "binhyend.8": "daemon",
    "binhyenctl.1": "daemon/ctl",
    "binhyen.json.5": "config",
    "binhyen-modem.8": "gateway",
}
PROGRAMS = {page: page.rsplit(".", 1)[0] for page in PAGES if not page.endswith(".5")}
LONG_OPTION = re.compile(r"(?<![\w-])--([a-z][a-z-]+)")
EVENT = re.compile(r'\blog_(?:error|warn|notice|info|debug)\(\s*"([a-z_]+)"')


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def path_of(page):
    return os.path.join(OPTIONS.source, PAGES[page], page)


def source_of(page):
    with open(path_of(page), encoding="utf-8") as file:
        return file.read()


def text_of(page):
    """As a reader sees it, without the overstriking of bold and underlined letters."""
    done = run("mandoc", "-Tutf8", "-Owidth=200", path_of(page))
    return re.sub(r".\x08", "", done.stdout)


def section(source, name):
    found = re.search(rf"^\.Sh {name}\n(.*?)(?=^\.Sh |\Z)", source, re.S | re.M)
    return found[1] if found else ""


def lint(path):
    done = run("mandoc", "-Tlint", "-Wwarning", path)
    return done.stdout + done.stderr


def help_of(page):
    done = run(os.path.join(OPTIONS.bin, PROGRAMS[page]), "--help")
    return done.returncode, done.stdout


class Pages(unittest.TestCase):
    def test_mdoc(self):
        for page in PAGES:
            with self.subTest(page):
                self.assertEqual(lint(path_of(page)), "")

    def test_mdoc_would_fail(self):
        with tempfile.NamedTemporaryFile("w", suffix=".8") as file:
            file.write(source_of("binhyend.8").replace(".El", "", 1))
            file.flush()
            self.assertNotEqual(lint(file.name), "")

    def test_title_is_the_file_name(self):
        for page in PAGES:
            name, number = page.rsplit(".", 1)
            self.assertIn(f".Dt {name.upper()} {number}\n", source_of(page))

    def test_references_exist(self):
        ours = {tuple(page.rsplit(".", 1)) for page in PAGES}
        for page in PAGES:
            for name, number in re.findall(r"^\.Xr (\S+) (\d)", source_of(page), re.M):
                if name.startswith("binhyen"):
                    self.assertIn((name, number), ours, page)


class Help(unittest.TestCase):
    def test_options(self):
        for page in PROGRAMS:
            with self.subTest(page):
                status, help_text = help_of(page)
                self.assertEqual(status, 0)
                # What other programs' examples show of their options is not ours.
                own = section(source_of(page), "SYNOPSIS") + section(source_of(page), "DESCRIPTION")
                with tempfile.NamedTemporaryFile("w", suffix=page) as file:
                    file.write(".Dd $Mdocdate$\n.Dt X 8\n.Os\n.Sh DESCRIPTION\n" + own)
                    file.flush()
                    shown = re.sub(r".\x08", "", run("mandoc", "-Tutf8", file.name).stdout)
                in_page = set(LONG_OPTION.findall(shown))
                self.assertEqual(in_page, set(LONG_OPTION.findall(help_text)))

    def test_commands_of_binhyenctl(self):
        _, help_text = help_of("binhyenctl.1")
        listed = re.search(r"^Commands:\n(.*?)\n\n", help_text + "\n\n", re.S | re.M)
        in_help = {re.split(r"  +| [A-Z]", line.strip())[0] for line in listed[1].splitlines()}
        commands = section(source_of("binhyenctl.1"), "COMMANDS")
        in_page = set(re.findall(r"^\.It Cm ([a-z -]+?)(?: Ar .*)?$", commands, re.M))
        self.assertGreater(len(in_help), 5)
        self.assertEqual(in_page, in_help)

    def test_exit_codes_of_binhyenctl(self):
        _, help_text = help_of("binhyenctl.1")
        codes = re.search(r"^Exit codes: (.*?)\.$", help_text, re.S | re.M)[1]
        page = section(source_of("binhyenctl.1"), "EXIT STATUS")
        in_page = re.findall(r"^\.It (?:Li )?(\d+)$", page, re.M)
        self.assertEqual(in_page, re.findall(r"(?:^|, )(\d+) ", codes))


class Settings(unittest.TestCase):
    """binhyen.json(5) against the table from which the file is read."""

    def setUp(self):
        done = run(OPTIONS.settings)
        self.assertEqual(done.returncode, 0)
        self.table = [line.split("\t") for line in done.stdout.splitlines()]
        page = section(source_of("binhyen.json.5"), "SETTINGS")
        items = re.split(r"^\.It Va ", page, flags=re.M)[1:]
        self.page = dict(item.split("\n", 1) for item in items)

    def test_same_settings_in_the_same_order(self):
        self.assertEqual(list(self.page), [row[0] for row in self.table])

    def test_type_allowed_default(self):
        for path, kind, default, allowed, _ in self.table:
            text = self.page[path]
            default = default or "required"
            for line in (f"Type: {kind}.\n", f"Allowed: {allowed}.\n", f"Default: {default}.\n"):
                self.assertIn(line, text, path)

    def test_meaning(self):
        for path, _, _, _, meaning in self.table:
            text = " ".join(self.page[path].split())
            self.assertIn(meaning.rstrip(".").split(";")[0], text, path)

    def test_secrets(self):
        page = section(source_of("binhyen.json.5"), "SECRETS")
        for secret in ("box.key", "zalo.app_secret", "zalo.oa_secret", "http_sms.password", "http_sms.token", "ussd.token"):
            self.assertIn(f".It Pa {secret}\n", page)


class Events(unittest.TestCase):
    """Event names of the log are an interface: alarms and habits hang on them."""

    def events(self, folders):
        found = set()
        for folder in folders:
            for here, _, names in os.walk(os.path.join(OPTIONS.source, folder)):
                for name in names:
                    if name.endswith(".c"):
                        with open(os.path.join(here, name), encoding="utf-8") as file:
                            found |= set(EVENT.findall(file.read()))
        return found

    def test_binhyend(self):
        log = section(source_of("binhyend.8"), "LOG")
        listed = set(re.findall(r"^\.It Li ([a-z_]+)$", log, re.M))
        self.assertGreater(len(listed), 5)
        self.assertEqual(self.events(["config", "daemon", "store"]) - listed, set())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for option in ("--source", "--bin", "--settings"):
        parser.add_argument(option, required=True)
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0]] + rest)
