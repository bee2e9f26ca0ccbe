#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Pictures, recordings and files of messages. Usage: test_zalo_media.py ZALO_CLIENT BIN_DIR"""

import glob
import hashlib
import os
import unittest

import station
from station import ANNA, Base, BINH, DAY_MS, HAMLET, MEDIA, MINUTE_MS

JPEG = b"\xff\xd8\xff\xe0" + b"anh chup" * 40
GIF = b"GIF89a" + b"\0" * 50
PNG = b"\x89PNG\r\n\x1a\n" + b"nhan dan" * 9
AMR = b"#!AMR\n" + b"\x3c" * 300
MP4 = b"\0\0\0\x18ftypmp42" + b"\0" * 100000
PDF = b"%PDF-1.4\n" + b"don to cao " * 30


def md5(content):
	return hashlib.md5(content, usedforsecurity=False).hexdigest()


class MediaBase(Base):
	def final(self, count=1, **more):
		return self.client.until("attachments", lambda rows: len(rows) >= count and all(
			r["state"] != "WAITING" for r in rows), **more)

	def one(self, kind, content, clock_ms=0, row=None, **put):
		"""Sends one thing and waits for what becomes of it."""
		url = self.zalo.put_media("x", content, **put)
		self.zalo.write_media(ANNA, kind, url, **(row or {}))
		return self.final(clock_ms=clock_ms)[0]


class Kinds(MediaBase):
	def test_each_kind_is_kept_sealed_and_opens_as_it_came(self):
		sent = {"photo": JPEG, "GIF": GIF, "sticker": PNG, "voice": AMR, "video": MP4, "file": PDF}
		kinds = {"photo": "image", "GIF": "gif"}
		mimes = {"photo": "image/jpeg", "GIF": "image/gif", "sticker": "image/png",
			"voice": "audio/amr", "video": "video/mp4", "file": "application/pdf"}
		for kind, content in sent.items():
			extra = {"checksum": md5(content).upper(), "name": "đơn.pdf",
				"size": str(len(content))} if kind == "file" else {}
			self.zalo.write_media(ANNA, kind, self.zalo.put_media(kind, content, type="text/plain"),
				text="xem " + kind, **extra)
		self.final(len(sent))
		rows = self.client.ask("attachments", with_content=True)
		by_kind = {r["kind"]: r for r in rows}
		for kind, content in sent.items():
			row = by_kind[kinds.get(kind, kind)]
			self.assertEqual((row["state"], row["mime"], row["bytes"]),
				("STORED", mimes[kind], len(content)))
			self.assertEqual(row["content"], content.hex())
		self.assertEqual(by_kind["file"]["name"], "đơn.pdf")
		self.assertEqual(len(self.media_files()), len(sent))
		for path in glob.glob(self.tmp.name + "/box.db*/*") + [self.tmp.name + "/box.db"]:
			with open(path, "rb") as file:
				data = file.read()
			for words in (b"anh chup", b"don to cao", b"/media/", "đơn.pdf".encode()):
				self.assertNotIn(words, data)

	def test_places_are_put_into_words(self):
		self.zalo.write(ANNA, "", type="location",
			extra={"location": '{"latitude":"10.5","longitude":"106.25"}'})
		self.zalo.write(ANNA, "xem tin nay", type="link", extra={"url": "https://bao.example/1"})
		self.zalo.write(ANNA, "", type="link", extra={"url": "https://zalo.me/x",
			"description": '{"phone":"+84900000001","qrCodeUrl":"https://q.example"}'})
		rows = self.client.until("inbox", lambda r: len(r) == 3)
		words = [self.client.ask("entries", report=r["report"])[0] for r in rows]
		self.assertIn("10.5, 106.25", words[0])
		self.assertIn("xem tin nay", words[1])
		self.assertIn("https://bao.example/1", words[1])
		self.assertIn("+84900000001", words[2])
		self.assertEqual(self.client.ask("attachments"), [])

	def test_a_type_that_nobody_knows_is_kept_raw(self):
		self.zalo.write(ANNA, "", type="hologram", extra={"ghost": 1})
		rows = self.client.until("inbox", lambda r: len(r) == 1)
		self.assertEqual((rows[0]["kind"], rows[0]["state"]), ("other", "HANDLED"))
		self.assertEqual(self.client.ask("status")["quarantine"], 1)

	def test_one_of_a_group_belongs_to_its_report(self):
		url = self.zalo.put_media("x", JPEG)
		self.zalo.write_media(BINH, "photo", url, group=HAMLET)
		row = self.final()[0]
		self.assertEqual(row["state"], "STORED")
		self.assertEqual(self.client.ask("inbox")[0]["report"], row["report"])


class Faults(MediaBase):
	settings = {"media": {"image_mb": 1, "voice_mb": 1, "video_mb": 1, "file_mb": 1}}

	def assert_failed(self, row, reason, attempts=None):
		self.assertEqual((row["state"], row["reason"]), ("FAILED", reason))
		if attempts is not None:
			self.assertEqual(self.zalo.calls(MEDIA), attempts)
		# Not in silence: the report says so.
		self.assertEqual(len(self.client.ask("entries", report=row["report"])), 2)
		self.assertEqual(self.media_files(), [])

	def test_too_big(self):
		row = self.one("photo", JPEG, fill=1048577)
		self.assert_failed(row, "too_big", 1)

	def test_too_big_as_announced_is_not_even_asked_for(self):
		row = self.one("file", PDF, row={"size": "1048577"})
		self.assert_failed(row, "too_big", 0)

	def test_the_header_is_not_believed(self):
		row = self.one("photo", b"<!DOCTYPE html><html>", type="image/jpeg",
			clock_ms=2 * MINUTE_MS)
		self.assert_failed(row, "wrong_type", 4)

	def test_wrong_checksum(self):
		row = self.one("file", PDF, row={"checksum": md5(b"x")}, clock_ms=2 * MINUTE_MS)
		self.assert_failed(row, "wrong_md5", 4)

	def test_gone(self):
		url = self.zalo.put_media("x", JPEG, expires_ms=1)
		self.clocks(10)
		self.zalo.write_media(ANNA, "photo", url)
		self.assert_failed(self.final(clock_ms=2 * MINUTE_MS)[0], "gone", 4)

	def test_other_hosts_are_not_asked(self):
		for url in ("https://example.com/x.jpg", "http://127.0.0.1:1/x.jpg", "https://10.0.0.1/x",
				"file:///etc/passwd", "https://zdn.vn.example.com/x", "https://a@zdn.vn/x",
				"https://zdn.vn:8443/x", "gopher://zdn.vn/x"):
			self.zalo.write_media(ANNA, "photo", url)
		rows = self.final(8)
		self.assertEqual({r["reason"] for r in rows}, {"bad_host"})

	def test_redirects_are_followed_a_little(self):
		self.zalo.put_media("b", JPEG)
		row = self.one("photo", b"", redirect="/media/b")
		self.assertEqual(row["state"], "STORED")
		self.zalo.put_media("c", b"", redirect="/media/c")
		self.zalo.write_media(ANNA, "photo", self.zalo.url() + "/media/c")
		rows = self.final(2, clock_ms=2 * MINUTE_MS)
		self.assertEqual(rows[0]["reason"], "redirects")
		self.zalo.put_media("d", b"", redirect="http://169.254.169.254/latest")
		self.zalo.write_media(ANNA, "photo", self.zalo.url() + "/media/d")
		rows = self.final(3, clock_ms=2 * MINUTE_MS)
		self.assertEqual(rows[0]["reason"], "bad_host")

	def test_what_broke_off_comes_again(self):
		url = self.zalo.put_media("x", JPEG, cut=50)
		self.zalo.do("lost_answer", path=MEDIA, count=1)
		self.zalo.write_media(ANNA, "photo", url)
		self.client.until("attachments", lambda rows: rows and rows[0]["attempts"] >= 2,
			clock_ms=5000)
		self.zalo.do("http_500", path=MEDIA, count=1)
		self.zalo.put_media("x", JPEG)
		row = self.final(clock_ms=5000)[0]
		self.assertEqual(row["state"], "STORED")
		self.assertEqual(len(self.media_files()), 1)

	def test_after_two_days_it_is_given_up(self):
		url = self.zalo.put_media("x", JPEG)
		self.zalo.do("http_500", path=MEDIA, count=-1)
		self.zalo.write_media(ANNA, "photo", url)
		self.client.until("attachments", lambda rows: rows and rows[0]["attempts"] >= 1)
		self.clocks(2 * DAY_MS + 30 * MINUTE_MS)
		self.assert_failed(self.final(clock_ms=10 * MINUTE_MS)[0], "refused")

	def test_what_waits_is_fetched_when_the_line_is_back(self):
		url = self.zalo.put_media("x", JPEG)
		self.zalo.do("http_500", path=MEDIA, count=-1)
		self.zalo.write_media(ANNA, "photo", url)
		self.client.until("attachments", lambda rows: rows and rows[0]["attempts"] >= 4,
			clock_ms=20000)
		self.zalo.down()
		self.client.until("status", lambda s: not s["reachable"], clock_ms=1000)
		self.zalo.do("clear")
		self.zalo.up()
		self.client.until("status", lambda s: s["reachable"], clock_ms=1000)
		self.assertEqual(self.final()[0]["state"], "STORED")

	def test_a_missing_file_is_noticed_at_start(self):
		self.one("photo", JPEG)
		self.client.kill()
		path = os.path.join(self.tmp.name, "box.db.media")
		os.unlink(os.path.join(path, self.media_files()[0]))
		for name in ("0" * 32, "1" * 32 + ".part", "of another program"):
			with open(os.path.join(path, name), "wb") as file:
				file.write(b"x")
		self.client.start()
		row = self.final()[0]
		self.assertEqual((row["state"], row["reason"]), ("FAILED", "missing"))
		self.assertEqual(self.media_files(), ["of another program"])
		self.assertEqual(len(self.client.ask("entries", report=row["report"])), 2)


class Budget(MediaBase):
	settings = {"media": {"disk_mb": 16}}

	def test_when_the_room_is_used_up_others_wait(self):
		for i in range(3):
			url = self.zalo.put_media("v%d" % i, MP4, fill=7 * 1024 * 1024)
			self.zalo.write_media(ANNA, "video", url)
		self.client.until("attachments", lambda rows: len(rows) == 3 and
			sum(r["state"] == "STORED" for r in rows) == 3)
		self.zalo.write_media(ANNA, "video", self.zalo.put_media("w", MP4))
		rows = self.client.until("attachments", lambda rows: rows[0]["reason"] == "budget")
		self.assertEqual(rows[0]["state"], "WAITING")


if __name__ == "__main__":
	station.arguments()
	unittest.main(verbosity=2)
