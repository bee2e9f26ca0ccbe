#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What goes out by the Zalo client against sim-zalo: pieces, pictures, files, windows, thumbs, templates. Usage:
test_zalo_sending.py ZALO_CLIENT BIN_DIR"""
import json
import sys

from test_zalo_client import ANNA, BINH, CS, GROUP_SEND, HOUR_MS, Base, shard

from simzalo import GROUP

UPLOAD = "/v2.0/oa/upload/"
QUOTA = "/v3.0/oa/quota/message"
PHONE = "+84900001234"


class Pieces(Base):
	def setUp(self):
		super().setUp()
		self.known_user()

	def test_a_long_text_goes_in_order(self):
		words = " ".join("%04d" % i for i in range(900))
		row = self.client.row(self.send(words), "SENT")
		got = self.texts(ANNA)[1:]
		self.assertEqual([t[:6] for t in got], ["(%d/3) " % i for i in (1, 2, 3)])
		self.assertEqual(" ".join(t[6:] for t in got), words)
		self.assertEqual((row["attempts"], row["external_id"]), (1,
			self.zalo.received(to=ANNA)[-1]["message_id"]))

	def test_goes_on_after_the_piece_that_was_refused(self):
		self.zalo.do("slow", path=CS, count=1, ms=1)
		self.zalo.do("error", path=CS, error=-214)
		words = " ".join("%04d" % i for i in range(900))
		self.client.row(self.send(words), "SENT", clock_ms=2000)
		self.assertEqual(" ".join(t[6:] for t in self.texts(ANNA)[1:]), words)

	def test_a_lost_answer_in_the_middle_is_read_back(self):
		self.zalo.do("slow", path=GROUP_SEND, count=1, ms=1)
		self.zalo.do("lost_answer", path=GROUP_SEND)
		words = " ".join("%04d" % i for i in range(900))
		self.client.row(self.send(words, GROUP, "zalo_group"), "SENT", clock_ms=5000)
		self.assertEqual(" ".join(t[6:] for t in self.texts(GROUP)[-3:]), words)


class Attachments(Base):
	def setUp(self):
		super().setUp()
		self.known_user()

	def file(self, kind, name, size):
		return {"kind": kind, "name": name, "bytes": size}

	def test_each_kind(self):
		for kind, name, size in [("image", "anh.jpg", 1024 * 1024), ("gif", "a.gif", 2000),
				("file", "Thông báo.pdf", 5 * 1024 * 1024)]:
			self.client.row(self.send("xem", file=self.file(kind, name, size)), "SENT", clock_ms=100)
			message = self.zalo.received(to=ANNA)[-1]
			self.assertEqual((message["file"]["kind"], message["file"]["bytes"]), (kind, size))
		self.assertEqual(self.texts(ANNA)[1:], ["xem", "xem", "xem", ""])
		self.client.row(self.send("nhom", GROUP, "zalo_group", file=self.file("image", "b.png", 10)), "SENT")
		self.assertEqual(self.zalo.received(to=GROUP)[-1]["text"], "nhom")

	def test_what_zalo_would_not_take(self):
		for name, size, error in [("a.jpg", 1024 * 1024 + 1, "TOO_BIG"), ("a.xlsx", 10, "UNSUPPORTED")]:
			row = self.client.row(self.send("x", file=self.file("image", name, size)), "FAILED")
			self.assertEqual(row["error"], error)
			self.assertTrue(row["note"])
		self.assertEqual(self.zalo.said()["uploads"], 0)

	def test_an_expired_handle_is_uploaded_again(self):
		self.zalo.do("handles", ms=0)
		self.zalo.do("slow", path=UPLOAD, count=1, ms=1)
		outbox_id = self.send("anh", file=self.file("image", "a.jpg", 10))
		self.zalo.wait_calls(UPLOAD + "image", 1)
		self.zalo.do("handles", ms=HOUR_MS)
		self.client.row(outbox_id, "SENT", clock_ms=2000)
		self.assertEqual(len(self.zalo.received(to=ANNA)), 2)

	def test_a_lost_upload_is_done_again(self):
		self.zalo.do("lost_answer", path=UPLOAD)
		self.client.row(self.send("anh", file=self.file("image", "a.jpg", 10)), "SENT", clock_ms=2000)
		self.assertEqual(self.zalo.said()["uploads"], 2)
		self.assertEqual(len(self.zalo.received(to=ANNA)), 2)

	def test_a_refused_token_is_renewed_in_between(self):
		self.zalo.do("revoke_access")
		self.client.row(self.send("anh", file=self.file("image", "a.jpg", 10)), "SENT", clock_ms=500)


class Windows(Base):
	def test_nobody_is_tried_who_is_known_not_to_be_reached(self):
		self.give_token()
		self.zalo.do("user", user=BINH)
		for _ in range(2):
			row = self.client.row(self.send("x", BINH), "FAILED")
			self.assertEqual(row["error"], "RECIPIENT")
			self.assertIn("7 ngày", row["note"])
		self.assertEqual((self.zalo.calls(CS), self.zalo.calls(QUOTA)), (0, 1))

	def test_zalo_may_know_of_an_interaction_that_we_did_not_see(self):
		self.give_token()
		self.zalo.do("user", user=BINH, last_ms=self.zalo.state()["now_ms"] - HOUR_MS)
		for _ in range(2):
			self.client.row(self.send("x", BINH), "SENT")
		self.assertEqual((self.zalo.calls(CS), self.zalo.calls(QUOTA)), (2, 1))


class Quotas(Base):
	settings = {"free_h": 48}

	def held(self, outbox_id):
		self.client.until("outbox", lambda rows: any(
			r["id"] == outbox_id and r["error"] == "QUOTA" for r in rows))
		return outbox_id

	def paid_user(self, user, days):
		self.zalo.do("user", user=user, last_ms=self.zalo.state()["now_ms"] - days * 24 * HOUR_MS)

	def test_what_is_free_goes_on_while_nobody_pays(self):
		self.known_user()
		self.paid_user(BINH, 3)
		self.zalo.do("error", path=CS, error=-321)
		paid = self.held(self.send("x", BINH))
		self.client.row(self.send("mien phi"), "SENT")
		# The next one that costs something is not even tried.
		calls = self.zalo.calls(CS)
		other = "9007199254740993003"
		self.paid_user(other, 3)
		self.held(self.send("x", other))
		self.assertEqual(self.zalo.calls(CS), calls)
		self.client.row(paid, "SENT", clock_ms=600000)

	def test_free_answers_are_counted_as_zalo_counts(self):
		self.known_user()
		for n in range(8):
			self.client.row(self.send("tin %d" % n), "SENT")
		self.paid_user(BINH, 3)
		self.zalo.do("error", path=CS, error=-320)
		self.held(self.send("x", BINH))
		calls = self.zalo.calls(CS)
		ninth = self.held(self.send("tin 9"))
		self.assertEqual(self.zalo.calls(CS), calls)
		# He writes: then there are eight more.
		self.zalo.write(ANNA, "toi day")
		self.client.row(ninth, "SENT", clock_ms=60000)


class Others(Base):
	def test_a_thumb_below_a_message(self):
		self.known_user()
		message = self.zalo.write(ANNA, "tin bao")["message_id"]
		self.client.row(self.send(message, kind="tick"), "SENT")
		self.assertEqual(self.zalo.said()["reactions"], [{"message_id": message, "icon": "/-strong"}])

	def template(self, to=PHONE):
		return self.send(json.dumps({"template_id": "123", "template_data": {"so": "7"}}), to, "zns")

	def test_templates(self):
		self.give_token()
		outbox_id = self.template()
		row = self.client.row(outbox_id, "SENT")
		sent = self.zalo.said()["zns"]
		self.assertEqual([(m["phone"], m["template_id"], m["template_data"], m["tracking_id"]) for m in sent],
			[("84900001234", "123", {"so": "7"}, "bh%d" % outbox_id)])
		self.assertEqual((row["external_id"], row["is_final"]), (sent[0]["msg_id"], False))
		self.zalo.do("zns_delivered")
		self.client.row(outbox_id, "DELIVERED", clock_ms=60000)

	def test_one_group_that_is_off_leaves_the_others_alone(self):
		self.give_token()
		hamlet = "9007199254740995777"
		self.zalo.do("group", group=hamlet)
		self.zalo.do("group", group=GROUP, disabled=True)
		row = self.client.row(self.send("x", GROUP, "zalo_group"), "FAILED")
		self.assertIn("nhóm", row["note"])
		self.client.row(self.send("y", hamlet, "zalo_group"), "SENT")

	def test_who_has_no_zalo_is_remembered(self):
		self.give_token()
		self.zalo.do("phone", phone="84900001234", error=-118)
		for _ in range(2):
			self.assertEqual(self.client.row(self.template(), "FAILED")["error"], "RECIPIENT")
		self.assertEqual(self.zalo.calls("/message/template"), 1)


if __name__ == "__main__":
	shard.main(sys.argv, verbosity=2)
