#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Death at every step of reading a list and of fetching what came with it: each write, sync and renaming of a file,
each connect, send and receive. After the next start everything is there, once. By default every 23rd step, from one
that the clock chooses; --full: all of them.
Usage: test_zalo_crash.py [--full] ZALO_CLIENT BIN_DIR"""

import hashlib
import os
import shutil
import sys
import time
import unittest

import station
from station import ANNA, Base, BINH, Client, Gone, HAMLET, LIST, MEDIA

IS_FULL = "--full" in sys.argv
STRIDE = 1 if IS_FULL else 23
TEXTS = 25  # three pages and a bit: the walk is cut after the second
JPEG = b"\xff\xd8\xff\xe0" + b"anh" * 30000
PDF = b"%PDF-1.4\n" + b"don" * 100


class Crashes(Base):
	has_token = False

	def setUp(self):
		super().setUp()
		self.client.quit()
		now_ms = int(time.time() * 1000)
		self.zalo.write_many([{"user": ANNA if i % 2 else BINH, "text": "tin %d" % i,
			"at_ms": now_ms - (TEXTS - i) * 60000} for i in range(TEXTS)])
		self.zalo.write_media(ANNA, "photo", self.zalo.put_media("p", JPEG))
		self.zalo.write_media(BINH, "file", self.zalo.put_media("f", PDF), name="don.pdf",
			checksum=hashlib.md5(PDF, usedforsecurity=False).hexdigest())
		self.zalo.write_group(HAMLET, BINH, "trong nhom")
		self.messages = TEXTS + 3
		# What leaves is another test's.
		self.quiet()

	def quiet(self):
		self.zalo.do("clear")
		self.zalo.do("error", path="/message", error=-224, count=-1)

	def fresh(self, name):
		folder = os.path.join(self.tmp.name, name)
		os.mkdir(folder)
		self.quiet()
		self.zalo.do("slow", path=LIST, count=2, ms=0)
		self.zalo.do("error", path=LIST, error=-200)
		self.client = Client(station.PROGRAM, folder, self.client.config,
			patience_s=station.PATIENCE_S)
		self.client.start()

	def is_done(self):
		rows = self.client.ask("attachments")
		status = self.client.ask("status")
		return len(self.client.ask("inbox")) >= self.messages and len(rows) == 2 and all(
			r["state"] == "STORED" for r in rows) and status["floor"] and not status["poll_offset"]

	def run_to_the_end(self):
		end = time.monotonic() + station.PATIENCE_S
		while not self.is_done():
			self.assertLess(time.monotonic(), end, self.client.log())
			self.client.ask("clock", ms=500)
			time.sleep(0.01)
		self.client.ask("crash", at=0)

	def check(self):
		rows = self.client.ask("inbox")
		self.assertEqual(len(rows), self.messages)
		self.assertEqual(len({r["report"] for r in rows}), self.messages)
		self.assertEqual({r["state"] for r in rows}, {"HANDLED"})
		for row in rows:
			self.assertEqual(len(self.client.ask("entries", report=row["report"])), 1)
		contents = {r["kind"]: r["content"] for r in self.client.ask("attachments",
			with_content=True)}
		self.assertEqual(contents, {"image": JPEG.hex(), "file": PDF.hex()})
		self.assertEqual(self.client.ask("status")["quarantine"], 0)
		self.assertEqual(self.client.ask("gaps"), [])
		folder = self.client.folder + "/box.db.media"
		self.assertEqual(len(os.listdir(folder)), 2, os.listdir(folder))

	def die_at(self, step):
		"""False: it lived."""
		self.fresh("at%d" % step)
		died = False
		try:
			self.client.ask("crash", at=step)
			self.give_token()
			self.run_to_the_end()
		except Gone:
			died = True
			self.client.gone()
			self.client.start()
			if not self.client.ask("status")["usable"]:
				self.give_token()
			self.run_to_the_end()
		self.check()
		self.assertEqual(self.client.quit(), 0, self.client.log())
		shutil.rmtree(self.client.folder)
		return died

	def test_every_step(self):
		first = 1 if IS_FULL else 1 + int(time.time()) % STRIDE
		step, deaths = first, 0
		while self.die_at(step):
			deaths += 1
			step += STRIDE
		print("steps %d, %d, … %d: %d deaths, nothing lost, nothing twice" %
			(first, first + STRIDE, step, deaths))
		self.assertGreater(deaths, 5)
		self.assertGreater(self.zalo.calls(MEDIA), 2 * deaths)

	def test_a_second_death_right_after_the_first(self):
		deaths = 0
		for step in range(40, 400, 60 if not IS_FULL else 12):
			self.fresh("twice%d" % step)
			try:
				self.client.ask("crash", at=step)
				self.give_token()
				self.run_to_the_end()
			except Gone:
				self.client.gone()
				self.client.start()
				try:
					self.client.ask("crash", at=step // 2)
					if not self.client.ask("status")["usable"]:
						self.give_token()
					self.run_to_the_end()
				except Gone:
					deaths += 1
					self.client.gone()
					self.client.start()
					if not self.client.ask("status")["usable"]:
						self.give_token()
					self.run_to_the_end()
			self.check()
			self.assertEqual(self.client.quit(), 0, self.client.log())
		self.assertGreater(deaths, 0)


if __name__ == "__main__":
	if IS_FULL:
		sys.argv.remove("--full")
	station.arguments()
	unittest.main(verbosity=2)
