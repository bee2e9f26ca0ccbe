#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The checks of `./run lint` find what they are there for, and the rules no tool knows are kept.

usage: test_tidy.py --source TOP [unittest options]
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile
import unittest

SOURCE = ""
PRODUCT = ["config", "daemon", "gateway", "store"]
# Each has a bounded or reentrant sister: snprintf, memcpy, strtol, localtime_r, the loop's timers.
BANNED = re.compile(r"(?<![\w.>])(strcpy|strcat|sprintf|vsprintf|strncpy|strncat|strtok|atoi|atol|"
                    r"gets|localtime|gmtime|ctime|asctime|sleep|usleep|system|alloca)\s*\(")
COMMENT = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.S)

GOOD = """
#include <stddef.h>
int first(const int *values, size_t count);
int first(const int *values, size_t count)
{
	return count > 0 ? values[0] : 0;
}
"""
BAD = {
    "clang-analyzer-core.NullDereference": """
int deref(int *p);
int deref(int *p)
{
	if (!p)
		return *p;
	return 0;
}
""",
    "clang-analyzer-unix.Malloc": """
#include <stdlib.h>
int leak(int n);
int leak(int n)
{
	char *p = malloc(16);
	if (!p || n > 3)
		return -1;
	free(p);
	return 0;
}
""",
    "misc-redundant-expression": """
int either(int a, int b);
int either(int a, int b)
{
	return a > b || a > b;
}
""",
    "bugprone-suspicious-semicolon": """
int last(int n);
int last(int n)
{
	if (n > 3);
		n = 3;
	return n;
}
""",
    "readability-inconsistent-declaration-parameter-name": """
int move(int from, int to);
int move(int source, int target)
{
	return target - source;
}
""",
}


def files(folders, *endings):
    for folder in folders:
        for here, below, names in os.walk(os.path.join(SOURCE, folder)):
            below[:] = sorted(name for name in below if name != "__pycache__")
            for name in sorted(names):
                if name.endswith(endings):
                    yield os.path.join(here, name)


def read(path):
    # Seeds of the fuzzers need not be UTF-8.
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


class Tidy(unittest.TestCase):
    def tidy(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "seeded.c")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            config = "--config-file=" + os.path.join(SOURCE, ".clang-tidy")
            return subprocess.run(["clang-tidy", "--quiet", config, path, "--", "-std=c17"],
                                  capture_output=True, text=True, timeout=120, check=False)

    def test_clean_code_passes(self):
        done = self.tidy(GOOD)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_each_seeded_fault_is_found(self):
        for check, text in BAD.items():
            with self.subTest(check):
                done = self.tidy(text)
                self.assertNotEqual(done.returncode, 0)
                self.assertIn(check, done.stdout)


class Rules(unittest.TestCase):
    def test_license_line_opens_every_source(self):
        for path in files(PRODUCT + ["tests", "cmake", "systemd"],
                          ".c", ".h", ".py", ".cmake", ".in", ".rules", "CMakeLists.txt", ".sql"):
            head = "\n".join(read(path).splitlines()[:3])
            self.assertIn("SPDX-License-Identifier: GPL-2.0-or-later", head, path)

    def test_no_banned_call(self):
        for path in files(PRODUCT + ["tests"], ".c", ".h"):
            code = COMMENT.sub(lambda m: "\n" * m[0].count("\n"), read(path))
            for number, line in enumerate(code.splitlines(), 1):
                # A call is indented; what begins a line is a definition of ours.
                if not line[:1].isalpha():
                    self.assertNotRegex(line, BANNED, f"{path}:{number}")

    def test_banned_call_would_be_seen(self):
        for line in ("\tsleep(1);", "\tn = atoi(text);", "\tsprintf (buf, fmt);"):
            self.assertRegex(line, BANNED)
        for line in ("\tnanosleep(&t, NULL);", "\tsnprintf(b, n, f);", "\tx->system(x);"):
            self.assertNotRegex(line, BANNED)

    def test_only_test_numbers(self):
        """A real person's number in a fixture would be published with the source."""
        for path in files(PRODUCT + ["tests"], ".c", ".h", ".py", ".json"):
            for number in re.findall(r"\+84\d{9}\b", read(path)):
                self.assertTrue(number.startswith("+8490000"), f"{path}: {number}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--source", required=True)
    options, rest = parser.parse_known_args()
    SOURCE = options.source
    unittest.main(argv=[sys.argv[0]] + rest)
