#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The daemon's Zalo side against sim-zalo. Usage: test_zalo_client.py ZALO_CLIENT BIN_DIR"""

import json
import os
import re
import sqlite3
import sys
import tempfile
import time
import unittest
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../lib"))

import shard
from simzalo import APP_SECRET, GROUP, SimZalo
from zaloclient import HOUR_MS, MINUTE_MS, PATIENCE_S, Client

PROGRAM = sys.argv.pop(1)
BIN_DIR = sys.argv.pop(1)
ANNA = "9007199254740993001"  # above 2^53
CALLBACK = "https://callback.example/zalo/"
BINH = "9007199254740993002"
LIST = "/v2.0/oa/listrecentchat"
CONVERSATION = "/v2.0/oa/conversation"
GROUP_CONVERSATION = "/v3.0/oa/group/conversation"
CS = "/v3.0/oa/message/cs"
GROUP_SEND = "/v3.0/oa/group/message"
TOKEN = "/v4/oa/access_token"


class Base(unittest.TestCase):
	options = {"callback": CALLBACK}
	has_token = True
	settings = {}

	def setUp(self):
		self.tmp = tempfile.TemporaryDirectory()
		self.addCleanup(self.tmp.cleanup)
		self.zalo = SimZalo(BIN_DIR, self.tmp.name, **self.options).start()
		self.addCleanup(self.zalo.stop)
		self.client = Client(PROGRAM, self.tmp.name, self.zalo.config(poll_s=1, **self.settings)).start()
		self.addCleanup(self.end)
		if self.has_token:
			self.give_token()

	def end(self):
		self.assertEqual(self.client.quit(), 0, self.client.log())
		for secret in ("sim-access", "sim-refresh", "sim-app-secret", ANNA, BINH):
			self.assertNotIn(secret, self.client.log())

	def give_token(self):
		token = json.loads(self.zalo.token_json())
		self.assertEqual(self.client.ask("set_token", token=token)["err"], "OK")
		self.client.until("status", lambda s: s["usable"])

	def clocks(self, ms):
		"""Both clocks, so that neither side sees the other's as wrong."""
		self.zalo.do("clock", ms=ms)
		self.client.ask("clock", ms=ms)

	def send(self, text, to=ANNA, channel="zalo_user", **more):
		answer = self.client.ask("send", channel=channel, to=to, text=text, **more)
		self.assertEqual(answer["err"], "OK")
		return answer["id"]

	def known_user(self, user=ANNA):
		"""Writes once and is answered with a receipt, so that he can be written to."""
		before = len(self.zalo.received(to=user))
		self.zalo.write(user, "xin chao")
		self.zalo.wait_received(before + 1, to=user)
		self.client.until("outbox", lambda rows: all(r["state"] == "SENT" for r in rows))

	def texts(self, to):
		return [m["text"] for m in self.zalo.received(to=to)]


class Receiving(Base):
	options = {"numeric_ids": True}

	def test_messages_come_in_once_with_all_digits(self):
		self.zalo.write(ANNA, "chay nha o ap 3")
		self.zalo.write(BINH, "mat xe")
		self.zalo.write(ANNA, "", type="photo", extra={"url": "http://127.0.0.1:1/x"})
		rows = self.client.until("inbox", lambda r: len(r) >= 3)
		self.assertEqual([r["from"] for r in rows], [ANNA, BINH, ANNA])
		self.assertEqual([r["kind"] for r in rows], ["text", "text", "media"])
		self.zalo.wait_received(2, to=ANNA)
		self.zalo.wait_more_calls(LIST, 3)
		self.assertEqual(len(self.client.ask("inbox")), 3)
		self.assertEqual(len(self.zalo.received(to=ANNA)), 2)

	def test_a_quiet_poll_writes_nothing(self):
		self.known_user()
		self.zalo.wait_more_calls(LIST, 4)  # what the last one found is committed by the next
		before = self.client.ask("status")["commits"]
		self.zalo.wait_more_calls(LIST, 3)
		self.assertEqual(self.client.ask("status")["commits"], before)

	def test_restart_takes_nothing_twice(self):
		self.zalo.write_many([{"user": ANNA, "text": "tin %d" % i} for i in range(7)])
		self.client.until("inbox", lambda r: len(r) == 7)
		self.zalo.wait_received(7, to=ANNA)
		self.client.until("outbox", lambda rows: all(r["state"] == "SENT" for r in rows))
		self.client.kill()
		self.client.start()
		self.zalo.wait_more_calls(LIST, 2)
		self.assertEqual(len(self.client.ask("inbox")), 7)
		self.assertEqual(len(self.zalo.received(to=ANNA)), 7)

	def test_rows_that_are_not_understood_are_kept_and_stop_nothing(self):
		now_ms = int(time.time() * 1000)
		good = {"src": 1, "time": now_ms, "type": "text", "message": "tot", "message_id": "g1",
			"from_id": ANNA, "to_id": "1"}
		bad = [{"src": 1, "time": now_ms, "message": "khong co id"}, 17,
			dict(good, message_id="g2", time=0)]
		page = '{"error":0,"data":%s}' % json.dumps(bad + [good]).replace(
			'"tot"', '"t\\ud800\\u0000ot \xff"')
		self.zalo.do("garbage", path=LIST, count=3, body=page)
		self.client.until("status", lambda s: s["quarantine"] == 3)
		self.client.until("inbox", lambda r: len(r) == 1)
		self.zalo.do("clear")
		self.zalo.wait_more_calls(LIST, 2)
		self.assertEqual(self.client.ask("status")["quarantine"], 3)


class Walking(Base):
	has_token = False

	def fill(self, count):
		now_ms = int(time.time() * 1000)
		self.zalo.write_many([{"user": ANNA if i % 2 else BINH, "text": "tin %d" % i,
			"at_ms": now_ms - (count - i) * 60000} for i in range(count)])

	def assert_all(self, count):
		rows = self.client.until("inbox", lambda r: len(r) >= count)
		self.assertEqual(len(rows), count)
		self.assertEqual(len({r["sent_ms"] for r in rows}), count)
		status = self.client.until("status", lambda s: s["poll_offset"] == 0 and s["floor"])
		self.assertEqual(status["floor"], max(r["sent_ms"] for r in rows))
		return rows

	def test_first_poll_takes_what_is_there_oldest_first(self):
		self.fill(47)
		self.give_token()
		rows = self.assert_all(47)
		times = [r["sent_ms"] for r in rows]
		self.assertEqual(times, sorted(times))

	def test_a_long_walk_goes_on_after_a_kill(self):
		# A round has 20 pages; the second one hangs.
		self.fill(250)
		self.zalo.do("slow", path=LIST, count=22, ms=0)
		self.zalo.do("slow", path=LIST, count=-1, ms=60000)
		self.give_token()
		self.client.until("status", lambda s: s["poll_offset"] >= 100)
		self.client.kill()
		self.zalo.do("clear")
		self.zalo.do("shift", count=3)
		self.client.start()
		rows = self.client.until("inbox", lambda r: len(r) >= 253)
		self.assertEqual(len(rows), 253)
		self.client.until("status", lambda s: s["poll_offset"] == 0 and s["floor"])

	def test_failures_in_the_middle_lose_nothing(self):
		self.fill(95)
		for fault in ("http_500", "lost_answer", "garbage"):
			self.zalo.do("slow", path=LIST, count=2, ms=1)
			self.zalo.do(fault, path=LIST, count=1)
		self.give_token()
		self.client.until("inbox", lambda r: len(r) == 95, clock_ms=1000)

	def test_the_rate_is_obeyed(self):
		self.zalo.do("rate_limit", n=8)
		self.fill(120)
		self.give_token()
		end = time.monotonic() + PATIENCE_S
		while len(self.client.ask("inbox")) < 120:
			self.assertLess(time.monotonic(), end, self.client.log())
			self.clocks(20000)
			time.sleep(0.05)
		refused = [c for c in self.zalo.log() if c.get("error") == -32]
		self.assertLessEqual(len(refused), 1, "only before the first answer told the limit")


class Sending(Base):
	def setUp(self):
		super().setUp()
		self.known_user()

	def test_sent_with_the_id_of_zalo(self):
		row = self.client.row(self.send("tra loi"), "SENT")
		message = self.zalo.received(to=ANNA)[-1]
		self.assertEqual((row["external_id"], row["is_final"]), (message["message_id"], True))
		self.assertEqual(message["text"], "tra loi")

	def test_group_text_can_mention_nobody(self):
		self.client.row(self.send("xem [@123] ngay", GROUP, "zalo_group"), "SENT")
		self.assertEqual(self.texts(GROUP), ["xem [\u200b@123] ngay"])

	def test_lost_answer_is_found_in_the_conversation(self):
		self.zalo.do("lost_answer", path=CS, acted=True)
		row = self.client.row(self.send("mot lan"), "SENT", clock_ms=500)
		self.assertEqual(self.texts(ANNA).count("mot lan"), 1)
		self.assertEqual((row["attempts"], row["external_id"]),
			(1, self.zalo.received(to=ANNA)[-1]["message_id"]))

	def test_lost_answer_is_found_in_the_group(self):
		self.zalo.do("lost_answer", path=GROUP_SEND, acted=True, reset=True)
		row = self.client.row(self.send("nhom [@1]", GROUP, "zalo_group"), "SENT", clock_ms=500)
		self.assertEqual(len(self.texts(GROUP)), 1)
		self.assertEqual(row["attempts"], 1)
		self.assertGreaterEqual(self.zalo.calls(GROUP_CONVERSATION), 1)

	def test_lost_request_is_sent_again_when_that_is_sure(self):
		for channel, to, path in (("zalo_user", ANNA, CS), ("zalo_group", GROUP, GROUP_SEND)):
			looked = self.zalo.calls(CONVERSATION if to == ANNA else GROUP_CONVERSATION)
			self.zalo.do("lost_answer", path=path, acted=False)
			outbox_id = self.send("lai " + channel, to, channel)
			self.client.row(outbox_id, "IN_DOUBT")
			self.zalo.wait_calls(CONVERSATION if to == ANNA else GROUP_CONVERSATION, looked + 1)
			self.assertEqual(self.client.row(outbox_id, "IN_DOUBT")["attempts"], 1)
			self.clocks(61000)
			row = self.client.row(outbox_id, "SENT", clock_ms=1000)
			self.assertEqual(row["attempts"], 2)
			self.assertEqual(self.texts(to).count("lai " + channel), 1)

	def test_equal_texts_are_two_messages(self):
		first = self.client.row(self.send("hai lan"), "SENT")
		self.zalo.do("lost_answer", path=CS, acted=False)
		second = self.send("hai lan")
		self.client.row(second, "IN_DOUBT")
		self.clocks(61000)
		row = self.client.row(second, "SENT", clock_ms=1000)
		self.assertNotEqual(row["external_id"], first["external_id"])
		self.assertEqual(self.texts(ANNA).count("hai lan"), 2)

	def test_unspecified_failure_is_looked_up_first(self):
		self.zalo.do("error", path=CS, error=-200)
		outbox_id = self.send("khong ro")
		self.client.row(outbox_id, "IN_DOUBT")
		self.clocks(61000)
		self.assertEqual(self.client.row(outbox_id, "SENT", clock_ms=1000)["attempts"], 2)
		self.assertEqual(self.texts(ANNA).count("khong ro"), 1)

	def test_refusals_are_final(self):
		self.zalo.do("age", user=ANNA, ms=8 * 24 * HOUR_MS)
		row = self.client.row(self.send("qua 7 ngay"), "FAILED")
		self.assertEqual(row["error"], "RECIPIENT")
		self.assertEqual(self.client.row(self.send("x", "1", "zalo_group"), "FAILED")["error"],
			"RECIPIENT")

	def test_over_the_rate_is_tried_in_the_next_minute(self):
		if time.time() % 60 > 45:
			self.clocks(20000)  # the refusal must not fall upon the end of its minute
		self.zalo.do("error", path=CS, error=-32)
		outbox_id = self.send("cham lai")
		self.client.until("status", lambda _: " error=RATE" in self.client.log())
		self.client.row(outbox_id, "SENT", clock_ms=5000)
		self.assertEqual(self.texts(ANNA).count("cham lai"), 1)

	def test_account_faults_stop_the_channel_and_free_what_stands_by(self):
		self.zalo.do("error", path=GROUP_SEND, error=-224)
		outbox_id = self.send("thieu goi", GROUP, "zalo_group")
		standby = self.send("sms", "+84900000001", "modem", standby_for=outbox_id,
			after_ms=HOUR_MS)
		status = self.client.until("status", lambda s: not s["group_reachable"])
		self.assertTrue(status["user_reachable"])
		row = self.client.row(standby, "QUEUED")
		self.assertLess(row["due_ms"], time.time() * 1000 + MINUTE_MS)
		self.client.row(outbox_id, "SENT", clock_ms=30000)


class Tokens(Base):
	def state_is(self, state, clock_ms=0):
		return self.client.until("status", lambda s: s["state"] == state, clock_ms=clock_ms)

	def test_refused_token_is_refreshed_once_by_all(self):
		self.known_user()
		self.zalo.do("revoke_access")
		rows = [self.send("tin %d" % i) for i in range(3)]
		rows.append(self.send("nhom", GROUP, "zalo_group"))
		for outbox_id in rows:
			self.client.row(outbox_id, "SENT")
		state = self.zalo.state()
		self.assertEqual((state["refreshes"], state["spent_refresh_uses"]), (1, 0))
		self.assertEqual(self.client.ask("token"),
			{"err": "OK", "generation": 2, "is_marked": False})

	def test_refreshed_at_20_hours_before_anything_fails(self):
		self.zalo.wait_more_calls(LIST)
		self.clocks(19 * HOUR_MS)
		self.zalo.wait_more_calls(LIST, 2)
		self.assertEqual(self.zalo.state()["refreshes"], 0)
		self.clocks(HOUR_MS + MINUTE_MS)
		self.zalo.wait_calls(TOKEN, 1)
		self.state_is("ok")
		self.zalo.wait_more_calls(LIST, 2)
		self.assertEqual([c for c in self.zalo.log() if c.get("error") not in (0, None)], [])

	def test_long_offline_is_mended_by_one_refresh(self):
		self.zalo.down()
		self.client.until("status", lambda s: not s["reachable"])
		self.clocks(3 * 24 * HOUR_MS)
		self.zalo.up()
		self.client.until("status", lambda s: s["reachable"] and s["state"] == "ok" and s["token_generation"] == 2,
			clock_ms=1000)
		self.assertEqual(self.zalo.state()["refreshes"], 1)
		self.assertEqual(self.zalo.state()["spent_refresh_uses"], 0)

	def test_a_wrong_pair_of_a_person_costs_nothing(self):
		self.zalo.wait_more_calls(LIST)
		wrong = {"access_token": "wrong", "refresh_token": "wrong", "expires_in": "90000"}
		self.assertEqual(self.client.ask("set_token", token=wrong)["err"], "OK")
		self.client.until("status", lambda s: "back to the one before" in self.client.log() and s["usable"],
			clock_ms=500)
		self.assertEqual(self.client.ask("token"), {"err": "OK", "generation": 1, "is_marked": False})
		self.zalo.wait_more_calls(LIST)
		self.client.kill()
		self.client.start()
		self.zalo.do("revoke_access")
		self.client.until("status", lambda s: s["token_generation"] == 2 and s["state"] == "ok", clock_ms=500)
		self.assertEqual(self.zalo.state()["spent_refresh_uses"], 0)

	def test_no_refresh_on_a_line_that_is_broken(self):
		"""The chain is not risked: something else finds out that Zalo is back, and that writes nothing."""
		self.zalo.wait_more_calls(LIST)
		self.zalo.do("http_500", path="/oa/", count=-1, status=502)
		self.client.until("status", lambda s: not s["reachable"])
		self.clocks(26 * HOUR_MS)
		self.client.until("status", lambda s: not s["usable"])
		self.client.until("status", lambda s: s["link"]["failures"] >= 3, clock_ms=5000)
		commits = self.client.ask("status")["commits"]
		for failures in range(4, 8):
			self.client.ask("clock", ms=MINUTE_MS)
			self.client.until("status", lambda s, n=failures: s["link"]["failures"] >= n)
		# Now and then the traffic is saved; an attempt would be marked and unmarked each time.
		self.assertLessEqual(self.client.ask("status")["commits"], commits + 2)
		self.assertEqual(self.zalo.calls(TOKEN), 0)
		self.assertFalse(self.client.ask("token")["is_marked"])
		self.zalo.do("clear")
		self.client.until("status", lambda s: s["reachable"] and s["usable"], clock_ms=1000)
		self.assertEqual((self.zalo.calls(TOKEN), self.zalo.state()["spent_refresh_uses"]), (1, 0))

	def test_refresh_that_did_not_leave_is_no_doubt(self):
		self.client.quit()
		self.client.config["poll_s"] = 3600  # or it would be noticed before, and nothing tried
		self.client.start()
		self.client.until("status", lambda s: s["last_poll"])
		self.zalo.down()
		self.clocks(21 * HOUR_MS)
		self.client.until("status", lambda s: "connection" in s["error"])
		self.client.until("token", lambda t: not t["is_marked"])
		self.assertIn(self.client.ask("status")["state"], ("ok", "refreshing"))

	def test_lost_reply_is_doubt_and_then_consent(self):
		self.zalo.wait_more_calls(LIST)
		self.zalo.do("lost_answer", path=TOKEN, acted=True)
		self.zalo.do("revoke_access")
		self.state_is("needs_consent", clock_ms=500)
		self.assertIn("token=doubtful", self.client.log())
		self.assertEqual(self.zalo.state()["spent_refresh_uses"], 1)
		self.assertEqual(self.client.ask("token")["generation"], 1)
		outbox_id = self.send("cho", GROUP, "zalo_group")
		self.assertEqual(self.client.ask("status")["user_capacity"], 0)
		self.zalo.do("consent")
		self.give_token()
		self.state_is("ok")
		self.client.row(outbox_id, "SENT")
		self.assertEqual(self.client.ask("token")["generation"], 2)

	def test_lost_reply_leaves_a_living_access_token_in_use(self):
		self.zalo.do("option", name="old-access-lives")
		self.known_user()
		self.zalo.do("lost_answer", path=TOKEN, acted=True)
		self.clocks(20 * HOUR_MS + MINUTE_MS)
		self.state_is("doubtful")
		self.client.row(self.send("van gui duoc"), "SENT")
		self.clocks(11 * MINUTE_MS)
		status = self.state_is("needs_consent")
		self.assertTrue(status["usable"])
		self.client.row(self.send("van con gui duoc"), "SENT")

	def test_lost_request_is_mended_by_the_second_refresh(self):
		self.zalo.wait_more_calls(LIST)
		self.zalo.do("lost_answer", path=TOKEN, acted=False)
		self.zalo.do("revoke_access")
		self.client.until("status", lambda s: s["state"] == "ok" and s["token_generation"] == 2,
			clock_ms=500)
		self.assertIn("token=doubtful", self.client.log())

	def test_error_body_with_200_is_never_a_token(self):
		bodies = ('{"error_name":"x","error_description":"y"}', '{"access_token":"","refresh_token"'
			':"r","expires_in":"1"}', '{"access_token":"a","refresh_token":"r"}', "<html>")
		for body in bodies:
			self.zalo.do("garbage", path=TOKEN, body=body, acted=False)
		self.zalo.do("revoke_access")
		self.zalo.wait_calls(TOKEN, 1)
		self.client.until("status", lambda s: s["state"] == "ok" and s["token_generation"] == 2,
			clock_ms=2000)
		self.assertEqual(self.zalo.calls(TOKEN), len(bodies) + 1)

	def test_killed_between_mark_and_reply(self):
		for acted in (False, True):
			with self.subTest(acted=acted):
				self.zalo.wait_more_calls(LIST)
				# A token that is refused right after a refresh is no reason for another.
				self.client.ask("clock", ms=6 * MINUTE_MS)
				calls = self.zalo.calls(TOKEN)
				self.zalo.do("lost_answer", path=TOKEN, acted=acted, ms=60000)
				self.zalo.do("revoke_access")
				self.zalo.wait_calls(TOKEN, calls + 1)
				self.client.kill()
				self.client.start()
				self.assertIn("a refresh was cut off", self.client.log())
				if acted:
					self.state_is("needs_consent")
				else:
					self.client.until("status",
						lambda s: s["state"] == "ok" and s["token_generation"] == 2)

	def test_without_secret_no_refresh_is_tried(self):
		self.zalo.wait_more_calls(LIST)
		self.client.quit()
		self.client.secret = ""
		self.client.start()
		self.zalo.wait_more_calls(LIST)
		self.zalo.do("revoke_access")
		status = self.state_is("needs_consent")
		self.assertIn("app_secret", status["error"])
		self.assertEqual(self.zalo.calls(TOKEN), 0)

	def test_what_is_no_token_is_refused(self):
		for token in ({}, {"access_token": "a"}, {"access_token": "a", "refresh_token": ""},
				{"access_token": "a\nb", "refresh_token": "r", "expires_in": 1},
				{"access_token": "a", "refresh_token": "r", "expires_in": "x"}):
			self.assertEqual(self.client.ask("set_token", token=token)["err"], "INVALID")
		self.assertEqual(self.client.ask("token")["generation"], 1)


class Alarms(Base):
	"""What the person who looks after the machine is told, once a pair."""

	def alarms(self):
		with sqlite3.connect(os.path.join(self.client.folder, "box.db")) as db:
			rows = db.execute("SELECT subject FROM event WHERE kind = 'test.alarm' ORDER BY id")
			return [row[0] for row in rows]

	def alarm_is(self, *keys, clock_ms=0):
		self.client.until("status", lambda _: self.alarms() == list(keys), clock_ms=clock_ms)

	def test_lost_refresh_and_then_consent(self):
		self.zalo.wait_more_calls(LIST)
		self.zalo.do("option", name="old-access-lives")
		self.zalo.do("lost_answer", path=TOKEN, acted=True)
		self.clocks(20 * HOUR_MS + MINUTE_MS)
		self.alarm_is("zalo_doubtful")
		self.clocks(MINUTE_MS)
		self.alarm_is("zalo_doubtful", "zalo_consent")
		self.client.kill()
		self.client.start()
		self.clocks(HOUR_MS)
		self.zalo.wait_more_calls(LIST)
		self.alarm_is("zalo_doubtful", "zalo_consent")
		self.zalo.do("consent")
		self.give_token()
		self.zalo.do("spend_refresh")
		self.zalo.do("revoke_access")
		self.alarm_is("zalo_doubtful", "zalo_consent", "zalo_consent", clock_ms=1000)

	def test_wrong_configuration(self):
		self.zalo.wait_more_calls(LIST)
		self.zalo.do("error", path=TOKEN, error=-14004, count=-1)
		self.clocks(20 * HOUR_MS + MINUTE_MS)
		self.alarm_is("zalo_fault")
		self.clocks(2 * HOUR_MS)
		self.zalo.wait_calls(TOKEN, 2)
		self.alarm_is("zalo_fault")

	def test_a_day_without_internet(self):
		self.zalo.wait_more_calls(LIST)
		self.zalo.down()
		self.client.until("status", lambda s: not s["reachable"])
		self.clocks(21 * HOUR_MS)
		self.client.until("status", lambda s: s["link"]["failures"] > 2, clock_ms=30000)
		self.assertEqual(self.alarms(), [])
		self.clocks(5 * HOUR_MS)
		self.alarm_is("zalo_offline", clock_ms=1000)
		self.zalo.up()
		self.client.until("status", lambda s: s["state"] == "ok" and s["usable"], clock_ms=1000)
		self.assertEqual(self.zalo.state()["spent_refresh_uses"], 0)
		self.alarm_is("zalo_offline")

	def test_two_weeks_before_the_end(self):
		self.zalo.wait_more_calls(LIST)
		self.zalo.down()
		self.client.until("status", lambda s: not s["reachable"])
		self.assertFalse(self.client.ask("status")["ends_soon"])
		self.clocks(75 * 24 * HOUR_MS)
		self.alarm_is("zalo_offline", clock_ms=1000)
		self.clocks(24 * HOUR_MS + MINUTE_MS)
		self.alarm_is("zalo_offline", "zalo_end")
		self.assertTrue(self.client.ask("status")["ends_soon"])
		self.zalo.up()
		self.client.until("status", lambda s: s["usable"] and not s["ends_soon"], clock_ms=1000)


class Doctor(Base):
	"""What the account can and can't do, in words, by harmless calls only."""
	HARMLESS = {"/v2.0/oa/getoa", LIST, "/v3.0/oa/user/getlist", "/v3.0/oa/quota/message",
		"/v3.0/oa/quota/group", "/v3.0/oa/group/getgroup", "/message/quota"}
	GROUP_SHOW = "group/getgroup"
	ASSETS = "quota/group"

	def setUp(self):
		super().setUp()
		self.client.quit()
		self.client.config["poll_s"] = 3600
		self.client.start()
		self.client.until("status", lambda s: s["usable"] and s["last_poll"])
		self.group()
		self.assets()

	def group(self, status="enabled", until="31/12/2099"):
		self.zalo.do("garbage", path=self.GROUP_SHOW, count=-1, acted=False, body=json.dumps({"error": 0, "data": {
			"group_info": {"group_id": GROUP, "status": status, "total_member": 7, "auto_delete_date": "1/2/2030"},
			"asset_info": {"valid_through": until, "auto_renew": False}}}))

	def assets(self, *assets):
		self.zalo.do("garbage", path=self.ASSETS, count=-1, acted=False,
			body=json.dumps({"error": 0, "data": list(assets)}))

	def findings(self, **match):
		found = self.client.ask("doctor")["findings"]
		for one in found:
			self.assertTrue(one["message_vi"])
			self.assertEqual(bool(one["advice_vi"]), one["level"] in ("warning", "alarm") or
				(one["level"] == "note" and (one["code"] != 0 or one["check"] == "wallet")), one)
		return {one["check"]: one for one in found}

	def level(self, check):
		return self.findings()[check]["level"]

	def test_a_good_account(self):
		self.zalo.write(ANNA, "hom qua", at_ms=int(time.time() * 1000) - 25 * HOUR_MS)
		self.zalo.do("account", wallet=True, package="Premium", until="31/12/2099", quota_total=500, quota_remain=20)
		self.zalo.do("clear")
		self.group()
		self.assets({"product_type": "gmf50", "status": "used", "valid_through": "31/12/2099"},
			{"product_type": "gmf10", "status": "available", "valid_through": "31/12/2099"})
		calls = len(self.zalo.log())
		found = self.findings()
		self.assertEqual({one["level"] for one in found.values()} - {"note"}, {"ok"}, found)
		self.assertIn("cơ quan nhà nước", found["account"]["message_vi"])
		self.assertIn("Premium", found["package"]["message_vi"])
		self.assertIn("1 người", found["window"]["message_vi"])
		self.assertIn("còn 20 trên 500", found["quota"]["message_vi"])
		self.assertIn("1 đang dùng, 1 còn trống", found["group_assets"]["message_vi"])
		self.assertIn("7 thành viên", found["group"]["message_vi"])
		self.assertIn("trên 5000", found["zns"]["message_vi"])
		self.assertIn("4000 lệnh", found["rate"]["message_vi"])
		asked = {call["path"] for call in self.zalo.log()[calls:]}
		self.assertLessEqual(asked, self.HARMLESS | {"other"})
		self.assertEqual([call for call in self.zalo.log()[calls:] if call["acted"]], [])

	def test_every_refusal_has_its_words(self):
		for code, words in ((-224, "gói dịch vụ"), (-235, "oa@zalo.me"), (-223, "zalo login"), (-212, "zalo login"),
				(-221, "xác thực"), (-242, "app_secret"), (-211, "hạn mức"), (-501, "VPN"), (-9999, "bảo trì")):
			with self.subTest(code):
				self.zalo.do("error", path=LIST, error=code)
				found = self.findings()["receive"]
				self.assertEqual((found["level"], found["code"]), ("alarm", code))
				self.assertIn(words, found["message_vi"] + found["advice_vi"])
		self.assertEqual(self.level("receive"), "ok")

	def test_what_the_account_lacks(self):
		self.zalo.do("account", verified=False, oa_type=2, oa_id="999")
		found = self.findings()
		self.assertEqual(found["verified"]["level"], "warning")
		self.assertIn("doanh nghiệp", found["account"]["message_vi"])
		self.assertEqual(found["wallet"]["level"], "note")
		self.assertEqual((found["zns"]["level"], found["zns"]["code"]), ("note", -136))
		self.assertNotIn("chưa biết", found["zns"]["message_vi"])
		self.assertEqual(found["group_assets"]["level"], "warning")
		every = self.client.ask("doctor")["findings"]
		self.assertIn("999", next(f for f in every if f["level"] == "alarm")["message_vi"])
		self.zalo.do("account", quota_total=10, quota_remain=0)
		self.assertEqual(self.level("quota"), "warning")

	def test_it_is_not_paced_like_bulletins(self):
		"""Seven questions at the beginning of a minute, of which there are sixty."""
		self.zalo.do("rate_limit", n=60)
		self.clocks(2 * MINUTE_MS - self.zalo.state()["now_ms"] % MINUTE_MS)
		found = self.findings()
		self.assertEqual(found["rate"]["level"], "ok", found)
		self.assertIn("zns", found)

	def test_the_group_and_its_asset(self):
		self.zalo.do("clear")
		self.group("disabled")
		self.assertIn("1/2/2030", self.findings()["group"]["message_vi"])
		self.zalo.do("clear")
		self.group(until=time.strftime("%d/%m/%Y", time.gmtime(time.time() + 10 * 24 * 3600)))
		self.assertEqual(self.level("group"), "warning")
		self.zalo.do("clear")
		self.group(until="31/12/2020")
		self.assertEqual(self.level("group"), "alarm")
		self.zalo.do("clear")
		self.zalo.do("error", path=self.GROUP_SHOW, error=-403)
		self.assertIn("chủ nhóm", self.findings()["group"]["advice_vi"])

	def test_without_network_token_or_room(self):
		self.zalo.down()
		self.assertIn("từ chối", self.findings()["network"]["message_vi"])
		self.zalo.up()
		self.zalo.do("http_500", path="getoa", status=302)
		self.assertIn("đăng nhập", self.findings()["network"]["message_vi"])
		self.client.ask("clock", ms=2 * MINUTE_MS)
		self.client.until("status", lambda s: s["reachable"], clock_ms=1000)
		self.zalo.do("rate_limit", n=4)
		self.client.ask("doctor")
		found = self.client.ask("doctor")["findings"]
		self.assertIn(("rate", "alarm"), [(f["check"], f["level"]) for f in found], found)
		self.zalo.do("rate_limit", n=4000)
		self.zalo.do("spend_refresh")
		self.zalo.do("revoke_access")
		self.client.ask("clock", ms=2 * MINUTE_MS)
		self.client.until("doctor", lambda d: d["findings"][0]["level"] == "alarm" and
			"zalo login" in d["findings"][0]["advice_vi"], clock_ms=1000)

	def test_clock_that_is_wrong(self):
		self.zalo.do("clock", ms=10 * MINUTE_MS)
		seconds = re.search(r"(\d+) giây", self.findings()["clock"]["message_vi"])
		self.assertIn(int(seconds[1]), range(540, 601))  # and what the answer took


class Login(Base):
	has_token = False

	def setUp(self):
		super().setUp()
		self.client.quit()
		self.client.config["callback_url"] = CALLBACK
		self.client.start()

	def open_browser(self, url):
		"""The administrator consents; what the address bar then shows."""
		self.assertTrue(url.startswith(self.zalo.url() + "/v4/oa/permission?"), url)
		with urllib.request.urlopen(url, timeout=20) as answer:
			return json.load(answer)["redirect"]

	def login(self, change=lambda address: address):
		begun = self.client.ask("login")
		self.assertEqual(begun["err"], "OK", begun)
		return self.client.ask("login", pasted=change(self.open_browser(begun["url"])))

	def test_address_or_code_gives_a_pair(self):
		for change in (lambda a: a, lambda a: "  %s \r\n" % a,
				lambda a: a.split("code=")[1].split("&")[0]):
			generation = self.client.ask("token")["generation"]
			self.assertEqual(self.login(change), {"err": "OK", "why": ""})
			self.assertEqual(self.client.ask("token")["generation"], generation + 1)
			status = self.client.until("status", lambda s: s["usable"] and s["last_poll"])
			self.assertEqual(status["state"], "ok")
		self.zalo.do("revoke_access")
		self.client.until("status", lambda s: s["token_generation"] == generation + 2)
		self.assertEqual(self.zalo.state()["spent_refresh_uses"], 0)

	def test_what_is_refused(self):
		self.assertEqual(self.client.ask("login", pasted="x")["err"], "STATE")
		for change, err in ((lambda a: a.replace("state=", "state=x"), "DENIED"),
				(lambda a: a.replace("oa_id=", "oa_id=9"), "DENIED"),
				(lambda a: a.split("?")[0] + "?error=access_denied", "INVALID"),
				(lambda a: a.replace("sim-code", "other-code"), "CONSENT")):
			answer = self.login(change)
			self.assertEqual(answer["err"], err, answer)
			self.assertTrue(answer["why"])
		self.assertEqual(self.client.ask("status")["state"], "no_token")

	def test_codes_live_once_and_ten_minutes(self):
		address = self.open_browser(self.client.ask("login")["url"])
		self.assertEqual(self.client.ask("login", pasted=address)["err"], "OK")
		self.assertEqual(self.client.ask("login", pasted=address)["err"], "STATE")
		address = self.open_browser(self.client.ask("login")["url"])
		self.zalo.do("clock", ms=11 * MINUTE_MS)
		answer = self.client.ask("login", pasted=address)
		self.assertEqual(answer["err"], "CONSENT")
		self.assertIn("ten minutes", answer["why"])
		self.zalo.do("clock", ms=-11 * MINUTE_MS)
		self.assertEqual(self.login()["err"], "OK")

	def test_a_code_of_another_challenge_is_worthless(self):
		# What an attacker consented to for his own account and slips to the officer.
		theirs = self.open_browser(self.client.ask("login")["url"])
		code = theirs.split("code=")[1].split("&")[0]
		self.client.ask("login")
		answer = self.client.ask("login", pasted=code)
		self.assertEqual(answer["err"], "CONFIG", answer)

	def test_lost_exchange_leaves_the_chain_alone(self):
		self.assertEqual(self.login()["err"], "OK")
		self.client.until("status", lambda s: s["usable"])
		self.zalo.do("lost_answer", path=TOKEN, acted=False)
		self.assertEqual(self.login()["err"], "UNREACHABLE")
		self.zalo.do("garbage", path=TOKEN, acted=False, body='{"access_token":"a"}')
		self.assertEqual(self.login()["err"], "PROTOCOL")
		self.zalo.do("error", path=TOKEN, error=-14003)
		self.assertIn("callback", self.login()["why"])
		self.zalo.do("revoke_access")
		self.client.until("status", lambda s: s["token_generation"] == 2 and s["state"] == "ok",
			clock_ms=1000)

	def test_needs_a_callback(self):
		self.client.quit()
		del self.client.config["callback_url"]
		self.client.start()
		answer = self.client.ask("login")
		self.assertEqual(answer["err"], "STATE")
		self.assertIn("zalo.callback_url", answer["why"])


class Proof(Base):
	options = {"require_proof": True}

	def test_every_call_carries_the_proof(self):
		self.known_user()
		self.zalo.do("revoke_access")
		self.client.row(self.send("sau khi doi ma"), "SENT")
		self.assertEqual([c for c in self.zalo.log() if c.get("error") == -242], [])


class Reach(Base):
	def test_unreachable_is_left_by_itself(self):
		self.known_user()
		for mode in ("refuse", "reset"):
			with self.subTest(mode=mode):
				self.zalo.down(mode)
				outbox_id = self.send("cho mang " + mode)
				standby = self.send("sms", "+84900000001", "modem", standby_for=outbox_id,
					after_ms=HOUR_MS)
				status = self.client.until("status", lambda s: not s["reachable"])
				self.assertEqual(status["user_capacity"], 0)
				self.assertFalse(status["user_reachable"])
				soon = time.time() * 1000 + HOUR_MS / 2
				self.client.until("outbox", lambda rows: all(r["due_ms"] < soon
					for r in rows if r["id"] == standby))
				self.zalo.up()
				self.client.until("status", lambda s: s["reachable"], clock_ms=1000)
				self.client.row(outbox_id, "SENT", clock_ms=1000)
				self.assertEqual(self.texts(ANNA).count("cho mang " + mode), 1)

	def test_standby_rows_are_released_when_zalo_goes(self):
		self.known_user()
		standby = self.send("sms", "+84900000001", "modem",
			standby_for=self.send("sau nay", after_ms=HOUR_MS), after_ms=HOUR_MS)
		now_ms = time.time() * 1000
		self.zalo.down()
		self.client.until("outbox", lambda rows: [r for r in rows if r["id"] == standby][0]
			["due_ms"] < now_ms + 5 * MINUTE_MS)

	def test_a_page_of_html_is_not_zalo(self):
		self.known_user()
		self.zalo.do("http_500", path=LIST, count=-1)
		self.client.until("status", lambda s: not s["reachable"])
		self.zalo.do("clear")
		self.client.until("status", lambda s: s["reachable"], clock_ms=1000)

	def test_only_one_probe_at_a_time_while_away(self):
		self.known_user()
		self.zalo.do("http_500", path="/oa/", count=-1)
		for i in range(5):
			self.send("tin %d" % i)
		self.client.until("status", lambda s: not s["reachable"])
		self.client.until("outbox", lambda rows: all(r["state"] not in ("CLAIMED", "SUBMITTED") for r in rows))
		sends = self.zalo.calls(CS)
		self.zalo.wait_more_calls(LIST, 2)
		self.assertEqual(self.zalo.calls(CS), sends)

	def test_quit_while_everything_hangs(self):
		self.known_user()
		self.zalo.do("slow", count=-1, ms=60000, late=True, acted=False)
		calls = self.zalo.calls(CS)
		outbox_id = self.send("dang di")
		self.zalo.wait_calls(CS, calls + 1)
		self.assertEqual(self.client.quit(), 0, self.client.log())
		self.zalo.do("clear")
		self.client.start()
		row = self.client.row(outbox_id, "IN_DOUBT", "SENT")
		self.assertEqual(row["attempts"], 1)


if __name__ == "__main__":
	shard.main(sys.argv, verbosity=2)
