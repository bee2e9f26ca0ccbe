#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Lists that are long, that move while they are read, and that have forgotten.
Usage: test_zalo_walk.py [--full] [--seed N] ZALO_CLIENT BIN_DIR"""

import random
import sys
import time
import unittest

import station
from station import ANNA, Base, BINH, DAY_MS, GROUP_LIST, HAMLET, HOUR_MS, LIST, MINUTE_MS

IS_FULL = "--full" in sys.argv
SEED = random.SystemRandom().randrange(1 << 32)


class Long(Base):
	has_token = False
	settings = {"poll_s": 3600}  # the walk, and nothing after it

	def test_5000_rows_take_no_more_calls_than_they_need(self):
		now_ms = int(time.time() * 1000)
		messages = [{"user": ANNA if i % 3 else BINH, "text": "tin %d" % i,
			"at_ms": now_ms - (5000 - i) * 60000} for i in range(5000)]
		# Receipts are rows of the list as well: sent meanwhile, they would push it down.
		self.zalo.do("error", path="/message/cs", error=-224, count=-1)
		for i in range(0, len(messages), 1000):
			self.zalo.write_many(messages[i:i + 1000])
		self.give_token()
		end = time.monotonic() + 300
		while True:
			status = self.client.ask("status")
			if status["floor"] and not status["poll_offset"]:
				break
			self.assertLess(time.monotonic(), end, self.client.log())
			time.sleep(0.2)
			self.clocks(1000)  # or the rate would be all that it waits for
		calls = self.zalo.calls(LIST)
		rows = self.client.ask("inbox")
		self.assertEqual(len(rows), 5000)
		# 500 pages and one to see the end. Glances at the newest are counted too.
		print("calls for 5,000 rows: %d, %.4f of what they need" % (calls, calls / 501))
		self.assertLessEqual(calls, 501 * 1.02)


class Moving(Base):
	"""What is written, and taken back, while a walk is under way; and crashes between."""

	options = {"rate_limit": 4000}

	def round(self, seed):
		rng = random.Random(seed)
		expected = set()
		now_ms = int(self.zalo.state()["now_ms"])
		count = rng.randrange(50, 500)
		old = self.zalo.write_many([{"user": rng.choice((ANNA, BINH)), "text": "tin %d" % i,
			"at_ms": now_ms - (count - i) * rng.choice((1, 1000))} for i in range(count)])
		ours = self.zalo.write_many([{"user": ANNA, "text": "nhan vien", "src": 0}
			for _ in range(rng.randrange(20))])
		expected.update(row["message_id"] for row in old)
		self.zalo.do("slow", path=LIST, count=-1, ms=2)
		before = self.zalo.calls(LIST)
		taken_back = set()
		for _ in range(rng.randrange(3, 12)):
			what = rng.randrange(6)
			if what < 2:
				rows = self.zalo.write_many([{"user": ANNA, "text": "moi"}
					for _ in range(rng.randrange(1, 25))])
				expected.update(row["message_id"] for row in rows)
			elif what == 2 and ours:
				self.zalo.do("remove", message_id=ours.pop()["message_id"])
			elif what == 3:
				self.client.kill()
				self.client.start()
			elif what == 4:
				self.zalo.do(rng.choice(("http_500", "lost_answer", "garbage")), path=LIST)
			else:
				# Of a resident: it may have been read or not, but the others must come.
				victim = rng.choice(old)["message_id"]
				if victim not in taken_back:
					self.zalo.do("remove", message_id=victim)
					taken_back.add(victim)
			calls = before + rng.randrange(1, 20)
			self.client.until("status", lambda _, n=calls: self.zalo.calls(LIST) >= n, clock_ms=100)
			before = self.zalo.calls(LIST)
			self.client.ask("clock", ms=rng.choice((0, 1000, 130000)))
		self.zalo.do("clear")
		return expected, taken_back

	def test_shifting_lists_lose_and_double_nothing(self):
		expected = taken_back = 0
		for i in range(30 if IS_FULL else 3):
			ids, gone = self.round(SEED + i)
			expected += len(ids)
			taken_back += len(gone)
			self.client.until("missing", lambda a: set(a["missing"]) <= gone,
				clock_ms=1000, channel="zalo_user", ids=sorted(ids))
			self.client.until("status", lambda s: s["poll_offset"] == 0, clock_ms=1000)
			rows = self.client.ask("missing", channel="zalo_user", ids=[])["rows"]
			self.assertLessEqual(rows, expected, "seed %d" % (SEED + i))
			self.assertGreaterEqual(rows, expected - taken_back, "seed %d" % (SEED + i))
		self.assertEqual(self.client.ask("gaps"), [])


class Groups(Base):
	options = {"groups": ["9007199254740995001"]}
	environment = {"ZALO_CLIENT_DUTY": "1"}

	def test_a_member_is_answered_in_the_group_once_a_day_and_with_nothing_else(self):
		for text in ("nha ong Sau danh bac", "con o do nua", "moi ngay"):
			self.zalo.write_group(HAMLET, ANNA, text)
		self.zalo.write_group(HAMLET, BINH, "toi cung thay")
		rows = self.client.until("inbox", lambda r: len(r) == 4)
		self.assertEqual({r["channel"] for r in rows}, {"zalo_group"})
		self.assertEqual({r["from"] for r in rows}, {ANNA, BINH})
		self.assertEqual(len({r["report"] for r in rows}), 4)
		self.zalo.wait_received(2, to=HAMLET)
		self.client.until("outbox", lambda rows: all(r["is_final"] for r in rows))
		answers = self.texts(HAMLET)
		self.assertEqual(len(answers), 2, "one for each member")
		self.assertEqual(len(set(answers)), 1)
		for words in ("danh bac", "mã", "số"):
			self.assertNotIn(words, answers[0])
		self.clocks(DAY_MS - HOUR_MS)
		self.zalo.write_group(HAMLET, ANNA, "van con")
		self.client.until("inbox", lambda r: len(r) == 5)
		self.clocks(2 * HOUR_MS)
		self.zalo.write_group(HAMLET, ANNA, "hom sau")
		self.zalo.wait_received(3, to=HAMLET)
		self.assertEqual(len(self.client.ask("inbox")), 6)
		self.assertEqual(len(self.texts(HAMLET)), 3)

	def test_what_the_duty_group_says_is_no_report(self):
		duty = self.zalo.groups[0]
		self.zalo.write_group(duty, ANNA, "da nhan, dang den")
		rows = self.client.until("inbox", lambda r: len(r) == 1)
		self.assertEqual((rows[0]["state"], rows[0]["report"]), ("IGNORED", 0))
		self.zalo.wait_more_calls(GROUP_LIST, 2)
		self.assertEqual(self.texts(duty), [])

	def test_a_long_group_list_goes_on_after_a_kill(self):
		now_ms = int(time.time() * 1000)
		self.client.kill()
		for i in range(230):
			self.zalo.write_group(HAMLET, ANNA, "tin %d" % i, at_ms=now_ms - (230 - i) * 1000)
		# The second round of 20 pages hangs.
		self.zalo.do("slow", path=GROUP_LIST, count=22, ms=0)
		self.zalo.do("slow", path=GROUP_LIST, count=-1, ms=60000)
		self.client.start()
		self.client.until("status", lambda s: s["receive"]["groups_offset"] >= 100)
		self.client.kill()
		self.zalo.do("clear")
		self.client.start()
		self.client.until("inbox", lambda r: len(r) >= 230)
		self.client.until("status", lambda s: s["receive"]["groups_offset"] == 0)
		self.assertEqual(len(self.client.ask("inbox")), 230)

	def test_an_account_without_groups_is_no_trouble(self):
		self.zalo.do("error", path=GROUP_LIST, error=-224, count=-1)
		self.client.until("status", lambda s: s["receive"]["groups_error"])
		calls = self.zalo.calls(GROUP_LIST)
		self.zalo.write(ANNA, "chao")
		self.client.until("inbox", lambda r: len(r) == 1)
		self.zalo.wait_more_calls(LIST, 3)
		self.assertEqual(self.zalo.calls(GROUP_LIST), calls)
		self.assertEqual(self.client.ask("status")["error"], "")


class Young(Base):
	has_token = False

	def test_what_a_group_said_before_there_was_a_box_is_no_report(self):
		now_ms = int(time.time() * 1000)
		for i in range(1, 30):
			self.zalo.write_group(HAMLET, ANNA, "cu", at_ms=now_ms - i * 11 * HOUR_MS)
		self.zalo.write(ANNA, "tin cu", at_ms=now_ms - 3 * DAY_MS)
		self.give_token()
		rows = self.client.until("inbox", lambda r: len(r) >= 3)
		self.assertEqual(sorted(r["channel"] for r in rows),
			["zalo_group", "zalo_group", "zalo_user"])
		calls = self.zalo.calls(GROUP_LIST)
		self.zalo.write_group(HAMLET, ANNA, "moi")
		self.client.until("inbox", lambda r: len(r) == 4)
		self.zalo.wait_calls(GROUP_LIST, calls + 3)
		self.assertEqual(len(self.client.ask("inbox")), 4)


class Quiet(Base):
	settings = {"groups": "ignore"}

	def test_groups_can_be_left_alone(self):
		self.zalo.wait_calls(LIST, 3)
		self.assertEqual(self.zalo.calls(GROUP_LIST), 0)


class Gaps(Base):
	environment = {"ZALO_CLIENT_DUTY": "1"}

	def leave(self, ms):
		self.client.quit()
		self.clocks_of_zalo(ms)

	def clocks_of_zalo(self, ms):
		self.zalo.do("clock", ms=ms)
		self.away_ms = getattr(self, "away_ms", 0) + ms

	def come_back(self):
		self.client.environment = dict(self.environment, ZALO_CLIENT_CLOCK_MS=str(self.away_ms))
		self.client.start()
		self.client.until("status", lambda s: s["usable"] and s["last_poll"], clock_ms=0)
		self.zalo.wait_more_calls(LIST, 2)

	def test_a_quiet_account_has_no_gap(self):
		self.zalo.write(ANNA, "tin cu")
		self.client.until("inbox", lambda r: len(r) == 1)
		for _ in range(12):
			self.clocks(DAY_MS)
			self.zalo.wait_more_calls(LIST, 2)
		self.zalo.write(ANNA, "tin moi")
		self.client.until("inbox", lambda r: len(r) == 2)
		self.assertEqual(self.client.ask("gaps"), [])

	def test_a_week_away_loses_nothing(self):
		self.zalo.write(ANNA, "tin cu")
		self.client.until("inbox", lambda r: len(r) == 1)
		self.leave(3 * DAY_MS)
		self.zalo.write(ANNA, "khi vang")
		self.clocks_of_zalo(3 * DAY_MS)
		self.come_back()
		self.assertEqual(len(self.client.until("inbox", lambda r: len(r) == 2)), 2)
		self.assertEqual(self.client.ask("gaps"), [])

	def test_longer_than_the_list_goes_back_is_told(self):
		sent = self.zalo.write(ANNA, "tin cu")
		self.client.until("inbox", lambda r: len(r) == 1)
		self.leave(DAY_MS)
		self.zalo.write(ANNA, "se bi quen")
		self.clocks_of_zalo(10 * DAY_MS)
		late = self.zalo.write(ANNA, "con thay")
		self.clocks_of_zalo(DAY_MS)
		self.come_back()
		gaps = self.client.until("gaps", lambda g: len(g) >= 1)
		users = [g for g in gaps if g["list"] == "users"]
		self.assertEqual(len(users), 1)
		self.assertGreaterEqual(users[0]["from"], sent["at_ms"])
		self.assertLess(users[0]["from"], sent["at_ms"] + HOUR_MS)
		self.assertLessEqual(users[0]["to"], late["at_ms"])
		self.assertGreater(users[0]["to"], sent["at_ms"] + 2 * DAY_MS)
		self.client.until("status", lambda s: s["receive"]["gaps"] >= 1)
		# The relays of both messages, and what tells of the gap.
		self.zalo.wait_received(3, to=self.zalo.groups[0], timeout_s=60)
		texts = self.texts(self.zalo.groups[0])
		self.assertTrue(any("hộp thư Zalo OA" in t for t in texts), texts)
		self.zalo.wait_more_calls(LIST, 2)
		self.assertEqual(len([g for g in self.client.ask("gaps") if g["list"] == "users"]), 1)

	def test_a_long_list_that_is_cut_off_is_told(self):
		sent = self.zalo.write(ANNA, "tin cu")
		self.client.until("inbox", lambda r: len(r) == 1)
		self.leave(5 * HOUR_MS)
		now_ms = self.zalo.state()["now_ms"]
		self.zalo.write_many([{"user": BINH, "text": "tin %d" % i,
			"at_ms": now_ms - i * MINUTE_MS} for i in range(150)])
		self.zalo.do("option", name="short-list", on=True)
		self.come_back()
		# The 150 receipts then fill the short list themselves, which is told too: a moment, later than this one.
		gaps = self.client.until("gaps", lambda g: len(g) >= 1)
		old = [g for g in gaps if g["from"] < now_ms - MINUTE_MS]
		self.assertEqual([g["list"] for g in old], ["users"])
		first = old[0]
		self.assertGreaterEqual(first["from"], sent["at_ms"])
		self.assertGreater(first["to"], first["from"])
		self.assertLessEqual(first["to"], now_ms - 100 * MINUTE_MS)


if __name__ == "__main__":
	if IS_FULL:
		sys.argv.remove("--full")
	if "--seed" in sys.argv:
		at = sys.argv.index("--seed")
		SEED = int(sys.argv[at + 1])
		del sys.argv[at:at + 2]
	print("seed %d" % SEED)
	station.arguments()
	unittest.main(verbosity=2)
