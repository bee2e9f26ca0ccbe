# SPDX-License-Identifier: GPL-2.0-or-later
"""The daemon's Zalo side (zalo_client) beside a sim-zalo, for the tests of this folder."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../lib"))

from simzalo import APP_SECRET, SimZalo

PROGRAM = BIN_DIR = None
ANNA = "9007199254740993001"  # above 2^53
BINH = "9007199254740993002"
LIST = "/v2.0/oa/listrecentchat"
GROUP_LIST = "/v3.0/oa/group/listrecentchat"
HAMLET = "9007199254740995777"
MEDIA = "/media/"
MINUTE_MS = 60000
HOUR_MS = 3600000
DAY_MS = 24 * HOUR_MS
PATIENCE_S = 40


def arguments():
	"""Takes ZALO_CLIENT and BIN_DIR off the command line."""
	global PROGRAM, BIN_DIR
	PROGRAM, BIN_DIR = sys.argv.pop(1), sys.argv.pop(1)


class Client:
	def __init__(self, folder, config, secret=APP_SECRET):
		self.folder, self.config, self.secret = folder, config, secret
		self.stderr = os.path.join(folder, "stderr")
		self.process = None
		self.environment = {}

	def start(self):
		with open(self.stderr, "ab") as stderr:
			self.process = subprocess.Popen([PROGRAM, self.folder, json.dumps(self.config),
				self.secret], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr,
				env=dict(os.environ, **self.environment))
		self.read()
		return self

	def read(self):
		ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE_S)
		line = self.process.stdout.readline() if ready else b""
		if not line:
			raise EOFError("no answer; " + self.log())
		return json.loads(line)

	def ask(self, what, **more):
		try:
			self.process.stdin.write(json.dumps(dict(more, do=what)).encode() + b"\n")
			self.process.stdin.flush()
		except BrokenPipeError as error:
			raise EOFError("gone") from error
		return self.read()

	def until(self, what, is_so, clock_ms=0, **more):
		"""Asks until the answer is as wanted; clock_ms: moves the clock between two looks."""
		end = time.monotonic() + PATIENCE_S
		while True:
			answer = self.ask(what, **more)
			if is_so(answer):
				return answer
			if time.monotonic() > end:
				raise AssertionError("never: %s; %s" % (answer, self.log()))
			if clock_ms:
				self.ask("clock", ms=clock_ms)
			time.sleep(0.01)

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
		code = process.wait(PATIENCE_S)
		process.stdout.close()
		return code

	def gone(self):
		"""It has ended by itself: its exit code."""
		process, self.process = self.process, None
		code = process.wait(PATIENCE_S)
		try:
			process.stdin.close()
		except BrokenPipeError:
			pass
		process.stdout.close()
		return code

	def kill(self):
		self.process.send_signal(signal.SIGKILL)
		self.gone()


class Base(unittest.TestCase):
	options = {}
	settings = {}
	has_token = True
	environment = {}

	def setUp(self):
		self.tmp = tempfile.TemporaryDirectory()
		self.addCleanup(self.tmp.cleanup)
		self.zalo = SimZalo(BIN_DIR, self.tmp.name, **self.options).start()
		self.addCleanup(self.zalo.stop)
		self.zalo.do("group", group=HAMLET, name="Ấp 3")
		config = self.zalo.config(poll_s=1)
		for key, value in self.settings.items():
			config[key] = dict(config[key], **value) if isinstance(value, dict) else value
		self.client = Client(self.tmp.name, config)
		self.client.environment = self.environment
		self.client.start()
		self.addCleanup(self.end)
		if self.has_token:
			self.give_token()

	def end(self):
		self.assertEqual(self.client.quit(), 0, self.client.log())
		for secret in ("sim-access", "sim-refresh", "sim-app-secret", ANNA, BINH, "http://"):
			self.assertNotIn(secret, self.client.log())

	def give_token(self):
		token = json.loads(self.zalo.token_json())
		self.assertEqual(self.client.ask("set_token", token=token)["err"], "OK")
		self.client.until("status", lambda s: s["usable"])

	def clocks(self, ms):
		"""Both clocks, so that neither side sees the other's as wrong."""
		self.zalo.do("clock", ms=ms)
		self.client.ask("clock", ms=ms)

	def media_files(self):
		folder = os.path.join(self.tmp.name, "box.db.media")
		return sorted(os.listdir(folder)) if os.path.isdir(folder) else []

	def texts(self, to):
		return [m["text"] for m in self.zalo.received(to=to)]
