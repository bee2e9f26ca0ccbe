#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The shim delays what it says, keeps results and refuses nonsense. Usage: test_slow_fsync.py FILE.so"""

import os
import subprocess
import sys
import unittest

SHIM = sys.argv.pop(1)

PROGRAM = """
import ctypes, os, tempfile, time
libc = ctypes.CDLL(None, use_errno=True)
with tempfile.TemporaryFile() as file:
	for call in (lambda: os.fsync(file.fileno()), lambda: os.fdatasync(file.fileno()),
			lambda: libc.sync_file_range(file.fileno(), ctypes.c_int64(0), ctypes.c_int64(0), 2)):
		began = time.monotonic()
		call()
		print(time.monotonic() - began)
libc.fsync(-1)
print(ctypes.get_errno())
"""


def run(delay_ms):
	env = dict(os.environ, LD_PRELOAD=SHIM)
	env.pop("SLOW_FSYNC_MS", None)
	if delay_ms is not None:
		env["SLOW_FSYNC_MS"] = delay_ms
	return subprocess.run([sys.executable, "-I", "-c", PROGRAM], env=env, capture_output=True,
		text=True, timeout=50, check=False)


class SlowFsync(unittest.TestCase):
	def test_each_call_is_delayed(self):
		done = run("300")
		self.assertEqual(done.returncode, 0, done.stderr)
		*times, errno = done.stdout.split()
		self.assertEqual(len(times), 3)
		for seconds in times:
			self.assertGreaterEqual(float(seconds), 0.3)
		self.assertEqual(errno, "9")

	def test_without_a_delay(self):
		done = run(None)
		self.assertEqual((done.returncode, done.stderr), (0, ""))
		self.assertEqual(done.stdout.split()[-1], "9")

	def test_nonsense_is_refused(self):
		for value in ("", "fast", "-1", "10ms", "10001", "9" * 30):
			done = run(value)
			self.assertEqual(done.returncode, 2)
			self.assertIn("SLOW_FSYNC_MS", done.stderr)


if __name__ == "__main__":
	unittest.main()
