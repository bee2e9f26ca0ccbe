# SPDX-License-Identifier: GPL-2.0-or-later
"""The daemon's Zalo side (zalo_client) beside a sim-zalo, for the tests of this folder."""

import json
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../lib"))

from simzalo import SimZalo
from zaloclient import HOUR_MS, MINUTE_MS, Client, Gone  # noqa: F401: for the tests too

PROGRAM = BIN_DIR = None
ANNA = "9007199254740993001"  # above 2^53
BINH = "9007199254740993002"
LIST = "/v2.0/oa/listrecentchat"
GROUP_LIST = "/v3.0/oa/group/listrecentchat"
HAMLET = "9007199254740995777"
MEDIA = "/media/"
DAY_MS = 24 * HOUR_MS
PATIENCE_S = 150


def arguments():
	"""Takes ZALO_CLIENT and BIN_DIR off the command line."""
	global PROGRAM, BIN_DIR
	PROGRAM, BIN_DIR = sys.argv.pop(1), sys.argv.pop(1)


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
		self.client = Client(PROGRAM, self.tmp.name, config, environment=self.environment,
			patience_s=PATIENCE_S).start()
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
