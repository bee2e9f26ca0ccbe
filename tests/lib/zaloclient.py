# SPDX-License-Identifier: GPL-2.0-or-later
"""Drives zalo_client, the daemon's Zalo side alone, from tests: one order a line, one answer a line."""

import json
import os
import select
import signal
import subprocess
import time

from simzalo import APP_SECRET

MINUTE_MS = 60000
HOUR_MS = 3600000
PATIENCE_S = 90


class Gone(AssertionError):
	"""It ended where an answer was wanted: what a test of crashes waits for, and any other fails by."""


class Client:
	def __init__(self, program, folder, config, secret=APP_SECRET, environment=None,
			patience_s=PATIENCE_S):
		self.program, self.folder, self.config, self.secret = program, folder, config, secret
		self.stderr = os.path.join(folder, "stderr")
		self.environment = environment or {}
		self.patience_s = patience_s
		self.process = None

	def start(self):
		with open(self.stderr, "ab") as stderr:
			self.process = subprocess.Popen([self.program, self.folder, json.dumps(self.config),
				self.secret], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr,
				env=dict(os.environ, **self.environment))
		self.read()
		return self

	def read(self):
		ready, _, _ = select.select([self.process.stdout], [], [], self.patience_s)
		line = self.process.stdout.readline() if ready else b""
		if not line:
			raise Gone("no answer; " + self.log())
		return json.loads(line)

	def ask(self, what, **more):
		try:
			self.process.stdin.write(json.dumps(dict(more, do=what)).encode() + b"\n")
			self.process.stdin.flush()
		except BrokenPipeError as error:
			raise Gone("gone") from error
		return self.read()

	def until(self, what, is_so, clock_ms=0, **more):
		"""Asks until the answer is as wanted; clock_ms: moves the clock between two looks."""
		end = time.monotonic() + self.patience_s
		while True:
			answer = self.ask(what, **more)
			if is_so(answer):
				return answer
			if time.monotonic() > end:
				raise AssertionError("never: %s; %s" % (answer, self.log()))
			if clock_ms:
				self.ask("clock", ms=clock_ms)
			time.sleep(0.02)

	def row(self, outbox_id, *states, clock_ms=0):
		"""Waits until the row is in one of the states."""
		def find(rows):
			return next(row for row in rows if row["id"] == outbox_id)
		return find(self.until("outbox", lambda rows: find(rows)["state"] in states,
			clock_ms=clock_ms))

	def log(self):
		if not os.path.exists(self.stderr):
			return ""
		with open(self.stderr, encoding="utf-8", errors="replace") as log:
			return log.read()

	def quit(self):
		process, self.process = self.process, None
		if not process:
			return 0
		process.stdin.close()
		code = process.wait(self.patience_s)
		process.stdout.close()
		return code

	def gone(self):
		"""It has ended by itself: its exit code."""
		process, self.process = self.process, None
		code = process.wait(self.patience_s)
		try:
			process.stdin.close()
		except BrokenPipeError:
			pass
		process.stdout.close()
		return code

	def kill(self):
		self.process.send_signal(signal.SIGKILL)
		self.gone()

	def crash(self, is_over, **order):
		"""Gives an order that ends the program (tests/lib/crash_points.h); False: it lived until is_over()."""
		try:
			self.ask("crash", **order)
			end = time.monotonic() + self.patience_s
			while not is_over():
				if time.monotonic() > end:
					raise AssertionError("neither dead nor done; " + self.log())
				time.sleep(0.005)
			self.ask("crash", at=0, ms=0)
			return False
		except Gone:
			self.gone()
			return True
