#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""sim-zalo against the contract of the OA API. Usage: test_sim_zalo.py BIN_DIR"""

import email.utils
import hashlib
import hmac
import http.client
import http.server
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../lib"))

import simzalo
from simzalo import SimZalo, SimZaloError

BIN_DIR = sys.argv.pop(1) if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else "build/dev/bin"
USER = "9007199254740993001"  # above 2^53
OTHER = "9007199254740993002"
DAY_MS = 86400000
LIST = "/v2.0/oa/listrecentchat"
CS = "/v3.0/oa/message/cs"
GROUP_SEND = "/v3.0/oa/group/message"
TOKEN = "/v4/oa/access_token"
# The ways in which a client sees that nobody answered.
NO_ANSWER = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)


class Base(unittest.TestCase):
	options = {}

	def setUp(self):
		self.tmp = tempfile.TemporaryDirectory()
		self.addCleanup(self.tmp.cleanup)
		self.zalo = SimZalo(BIN_DIR, self.tmp.name, **self.options).start()
		self.addCleanup(self.stop)
		self.access = simzalo.ACCESS

	def stop(self):
		if self.zalo.process:
			self.assertEqual(self.zalo.stop(), 0)

	def raw(self, method, path, body=None, headers=None, timeout=20):
		connection = http.client.HTTPConnection("127.0.0.1", self.zalo.port, timeout=timeout)
		try:
			connection.request(method, path, body, headers or {})
			answer = connection.getresponse()
			return answer.status, dict(answer.getheaders()), answer.read()
		finally:
			connection.close()

	def call(self, method, path, body=None, **headers):
		headers.setdefault("access_token", self.access)
		if isinstance(body, dict):
			body = json.dumps(body).encode()
			headers["Content-Type"] = "application/json"
		status, self.headers, content = self.raw(method, path, body, headers)
		self.assertEqual(status, 200)
		return json.loads(content)

	def rows(self, offset=0, count=10, path=LIST, **data):
		data = dict(data, offset=offset, count=count)
		answer = self.call("GET", path + "?data=" + urllib.parse.quote(json.dumps(data)))
		self.assertEqual(answer["error"], 0)
		return answer["data"]

	def send(self, text, user=USER, **message):
		return self.call("POST", CS,
			{"recipient": {"user_id": user}, "message": dict(message, text=text)})

	def send_group(self, text, group=simzalo.GROUP):
		return self.call("POST", GROUP_SEND,
			{"recipient": {"group_id": group}, "message": {"text": text}})

	def refresh(self, token, secret=simzalo.APP_SECRET, app_id=simzalo.APP_ID,
			grant="refresh_token", **headers):
		headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
		form = {"refresh_token": token, "app_id": app_id, "grant_type": grant}
		status, _, content = self.raw("POST", TOKEN, urllib.parse.urlencode(form),
			dict(headers, secret_key=secret))
		self.assertEqual(status, 200)
		return json.loads(content)


class Access(Base):
	def test_token_counts_only_in_its_header(self):
		data = urllib.parse.quote('{"offset":0,"count":10}')
		self.assertEqual(self.call("GET", LIST + "?data=" + data)["error"], 0)
		for path, headers in [
			(LIST + "?data=" + data, {}),
			(LIST + "?data=" + data + "&access_token=" + self.access, {}),
			(LIST + "?data=" + data, {"Authorization": "Bearer " + self.access}),
			(LIST + "?data=" + data, {"access_token": "x" * 600}),
		]:
			status, _, content = self.raw("GET", path, None, headers)
			self.assertEqual((status, json.loads(content)["error"]), (200, -216))

	def test_proof_is_checked_when_sent(self):
		proof = hmac.new(simzalo.APP_SECRET.encode(), self.access.encode(),
			hashlib.sha256).hexdigest()
		path = "/v2.0/oa/getoa"
		self.assertEqual(self.call("GET", path, appsecret_proof=proof)["error"], 0)
		self.assertEqual(self.call("GET", path)["error"], 0)
		self.assertEqual(self.call("GET", path, appsecret_proof="0" * 64)["error"], -242)
		self.zalo.do("option", name="require-proof")
		self.assertEqual(self.call("GET", path)["error"], -242)
		self.assertEqual(self.call("GET", path, appsecret_proof=proof)["error"], 0)

	def test_refresh_tokens_are_single_use(self):
		pair = self.refresh(simzalo.REFRESH)
		self.assertEqual(pair["expires_in"], "90000")
		self.assertNotEqual(pair["access_token"], self.access)
		self.assertEqual(self.call("GET", "/v2.0/oa/getoa")["error"], -220)
		spent = self.refresh(simzalo.REFRESH)
		self.assertEqual(spent["error"], -14014)
		self.assertNotIn("access_token", spent)
		self.assertIn("error_description", spent)
		state = self.zalo.state()
		self.assertEqual((state["generation"], state["refreshes"]), (2, 1))
		self.assertEqual(state["spent_refresh_uses"], 1)
		self.access = pair["access_token"]
		self.assertEqual(self.call("GET", "/v2.0/oa/getoa")["error"], 0)
		self.assertEqual(json.loads(self.zalo.token_json())["access_token"], self.access)

	def test_old_access_token_may_live(self):
		self.zalo.do("option", name="old-access-lives")
		self.refresh(simzalo.REFRESH)
		self.assertEqual(self.call("GET", "/v2.0/oa/getoa")["error"], 0)
		self.zalo.do("clock", ms=90000 * 1000)
		self.assertEqual(self.call("GET", "/v2.0/oa/getoa")["error"], -220)

	def test_a_grace_gives_the_same_pair_again(self):
		self.zalo.do("grace", ms=60000)
		pair = self.refresh(simzalo.REFRESH)
		self.assertEqual(self.refresh(simzalo.REFRESH), pair)
		self.assertEqual(self.zalo.state()["refreshes"], 1)
		self.zalo.do("clock", ms=60000)
		self.assertEqual(self.refresh(simzalo.REFRESH)["error"], -14014)
		self.assertNotIn("error", self.refresh(pair["refresh_token"]))

	def consent(self, **query):
		query = dict({"app_id": simzalo.APP_ID, "redirect_uri": "https://cb.example/x?a=b"}, **query)
		_, _, content = self.raw("GET", "/v4/oa/permission?" + urllib.parse.urlencode(query))
		answer = json.loads(content)
		if "redirect" not in answer:
			return answer
		return dict(urllib.parse.parse_qsl(answer["redirect"].split("?")[-1]))

	def exchange(self, code, **more):
		form = dict(more, code=code, app_id=simzalo.APP_ID, grant_type="authorization_code")
		_, _, content = self.raw("POST", TOKEN, urllib.parse.urlencode(form), {
			"Content-Type": "application/x-www-form-urlencoded", "secret_key": simzalo.APP_SECRET})
		return json.loads(content)

	def test_a_code_is_exchanged_once(self):
		verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636, appendix B
		challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
		back = self.consent(code_challenge=challenge, state="s1")
		self.assertEqual((back["oa_id"], back["state"]), (simzalo.OA_ID, "s1"))
		self.assertEqual(self.exchange(back["code"])["error"], -14009)
		self.assertEqual(self.exchange(back["code"], code_verifier=verifier[:-1] + "l")["error"], -14009)
		pair = self.exchange(back["code"], code_verifier=verifier)
		self.access = pair["access_token"]
		self.assertEqual(self.call("GET", "/v2.0/oa/getoa")["error"], 0)
		self.assertEqual(self.exchange(back["code"], code_verifier=verifier)["error"], -14014)
		code = self.consent()["code"]  # without a challenge
		self.zalo.do("clock", ms=600000)
		self.assertEqual(self.exchange(code)["error"], -14014)
		self.assertIn("access_token", self.exchange(self.consent()["code"]))
		self.assertEqual(self.consent(app_id="1")["error"], -14002)

	def test_what_the_account_is(self):
		data = self.call("GET", "/v2.0/oa/getoa")["data"]
		self.assertEqual((data["is_verified"], data["oa_type"], data["linked_ZCA"]), (True, 4, ""))
		self.assertNotIn("package_name", data)
		self.assertEqual(self.call("GET", "/message/quota")["error"], -136)
		own = {"quota_owner": "OA", "product_type": "cs"}
		self.assertEqual(self.call("POST", "/v3.0/oa/quota/message", own)["data"], [])
		self.zalo.do("account", verified=False, oa_type=2, package="Premium", until="1/1/2030", wallet=True,
			quota_total=9, quota_remain=3)
		data = self.call("GET", "/v2.0/oa/getoa")["data"]
		self.assertEqual((data["is_verified"], data["oa_type"], data["package_name"]), (False, 2, "Premium"))
		self.assertEqual(self.call("GET", "/message/quota")["data"]["dailyQuota"], "5000")
		asset = self.call("POST", "/v3.0/oa/quota/message", own)["data"][0]
		self.assertEqual((asset["total"], asset["remain"]), ("9", "3"))

	def test_users_by_their_last_interaction(self):
		now_ms = self.zalo.state()["now_ms"]
		for i, days in enumerate((0, 1, 6, 20, 40)):
			self.zalo.write(str(7000 + i), "x", at_ms=now_ms - days * DAY_MS)
		def users(**query):
			data = dict({"offset": 0, "count": 50}, **query)
			return self.call("GET", "/v3.0/oa/user/getlist?data=" + urllib.parse.quote(json.dumps(data)))
		self.assertEqual(users()["data"]["total"], 5)
		for period, total in (("TODAY", 1), ("YESTERDAY", 1), ("L7D", 2), ("L30D", 3)):
			self.assertEqual(users(last_interaction_period=period)["data"]["total"], total, period)
		self.assertEqual(users(count=1, offset=2)["data"]["users"], [{"user_id": "7002"}])
		self.assertEqual(users(count=51)["error"], -210)

	def test_refresh_refusals(self):
		refusals = [
			({"secret": "wrong"}, -14004),
			({"app_id": "1"}, -14002),
			({"grant": "authorization_code"}, -14014),
			({"Content-Type": "application/json"}, -14004),
		]
		for keys, error in refusals:
			self.assertEqual(self.refresh(simzalo.REFRESH, **keys)["error"], error)
		self.assertEqual(self.refresh("never-seen")["error"], -14014)
		state = self.zalo.state()
		self.assertEqual((state["spent_refresh_uses"], state["generation"]), (0, 1))
		self.zalo.do("spend_refresh")
		self.assertEqual(self.refresh(simzalo.REFRESH)["error"], -14014)
		self.assertEqual(self.zalo.state()["spent_refresh_uses"], 1)
		self.access = self.zalo.do("consent")["access_token"]
		self.assertEqual(self.call("GET", "/v2.0/oa/getoa")["error"], 0)

	def test_access_ends(self):
		self.zalo.do("revoke_access")
		self.assertEqual(self.call("GET", "/v2.0/oa/getoa")["error"], -216)
		self.zalo.do("lifetime", access_s=60)
		self.access = self.zalo.do("consent")["access_token"]
		self.assertEqual(self.call("GET", "/v2.0/oa/getoa")["error"], 0)
		self.zalo.do("clock", ms=60000)
		self.assertEqual(self.call("GET", "/v2.0/oa/getoa")["error"], -220)
		self.access = self.zalo.do("consent")["access_token"]
		self.zalo.do("expire_access")
		self.assertEqual(self.zalo.state()["access"], "expired")
		self.assertEqual(self.call("GET", "/v2.0/oa/getoa")["error"], -220)

	def test_refresh_token_ages(self):
		self.zalo.do("clock", ms=90 * DAY_MS)
		self.call("GET", "/v2.0/oa/getoa")
		date_ms = email.utils.parsedate_to_datetime(self.headers["Date"]).timestamp() * 1000
		self.assertLess(abs(date_ms - self.zalo.state()["now_ms"]), 60000)
		self.assertEqual(self.refresh(simzalo.REFRESH)["error"], -14014)

	def test_unknown_paths(self):
		for method, path in [("GET", "/v3.0/oa/message"), ("GET", CS), ("POST", LIST), ("GET", "/")]:
			self.assertEqual(self.call(method, path)["error"], 404)


class Rate(Base):
	options = {"rate_limit": 3}

	def test_over_the_limit_is_not_executed(self):
		self.zalo.write(USER, "xin chao")
		base = self.zalo.state()["now_ms"]
		self.zalo.do("clock", ms=60000 - base % 60000 + 1000)  # well inside a minute
		for left in (2, 1, 0):
			self.assertEqual(self.send("a")["error"], 0)
			self.assertEqual(self.headers["X-RateLimit-Limit"], "3")
			self.assertEqual(self.headers["X-RateLimit-Remain"], str(left))
		self.assertEqual(self.send("b")["error"], -32)
		self.assertEqual(self.headers["X-RateLimit-Remain"], "0")
		self.assertEqual([m["text"] for m in self.zalo.received()], ["a"] * 3)
		self.zalo.do("clock", ms=60000)
		self.assertEqual(self.send("c")["error"], 0)


class Lists(Base):
	def test_rows_of_all_users_newest_first(self):
		first = self.zalo.write(USER, "một", name="Người báo")
		second = self.zalo.write(OTHER, "hai")
		sent = self.send("trả lời")["data"]
		rows = self.rows()
		self.assertEqual([r["message"] for r in rows], ["trả lời", "hai", "một"])
		self.assertEqual([r["message_id"] for r in rows],
			[sent["message_id"], second["message_id"], first["message_id"]])
		self.assertEqual([r["src"] for r in rows], [0, 1, 1])
		self.assertEqual((rows[0]["from_id"], rows[0]["to_id"]), (simzalo.OA_ID, USER))
		self.assertEqual((rows[2]["from_id"], rows[2]["to_id"]), (USER, simzalo.OA_ID))
		self.assertEqual(rows[2]["from_display_name"], "Người báo")
		self.assertEqual(rows[2]["time"], first["at_ms"])
		self.assertIsInstance(rows[2]["time"], int)
		own = self.rows(path="/v2.0/oa/conversation", user_id=OTHER)
		self.assertEqual([r["message"] for r in own], ["hai"])
		self.assertEqual(self.rows(offset=3), [])

	def test_pages(self):
		now_ms = self.zalo.state()["now_ms"]
		self.zalo.write_many([{"user": USER, "text": str(i), "at_ms": now_ms - 1000 + i}
			for i in range(25)])
		self.assertEqual([r["message"] for r in self.rows()], [str(i) for i in range(24, 14, -1)])
		self.assertEqual([r["message"] for r in self.rows(offset=20)], ["4", "3", "2", "1", "0"])
		for data, error in [({"offset": 0, "count": 11}, -210), ({"offset": -1, "count": 1}, -201),
				({"offset": 2**63 - 1, "count": 1}, -201), ({"offset": 2**70, "count": 1}, -201),
				({"offset": 0, "count": 0}, -201), ([], -201)]:
			path = LIST + "?data=" + urllib.parse.quote(json.dumps(data))
			self.assertEqual(self.call("GET", path)["error"], error)
		self.assertEqual(self.call("GET", LIST)["error"], -201)
		self.zalo.do("shift", count=1)
		self.rows()
		self.assertEqual(self.rows(offset=10)[0]["message"], "15")
		self.assertEqual(self.rows(offset=10)[0]["message"], "15")

	def test_old_rows_vanish(self):
		now_ms = self.zalo.state()["now_ms"]
		self.zalo.write(USER, "cũ", at_ms=now_ms - 9 * DAY_MS - 1000)
		self.zalo.write(USER, "mới", at_ms=now_ms - 9 * DAY_MS + 60000)
		self.assertEqual([r["message"] for r in self.rows()], ["mới"])

	def test_ids_as_numbers(self):
		self.zalo.do("option", name="numeric-ids")
		self.zalo.write(USER, "một")
		self.assertEqual(self.rows()[0]["from_id"], int(USER))
		self.assertEqual(self.rows()[0]["to_id"], simzalo.OA_ID)
		self.assertEqual(self.send("hai", user=int(USER))["data"]["user_id"], int(USER))

	def test_other_types_and_staff(self):
		self.zalo.write(USER, "", type="photo", extra={"url": "http://127.0.0.1/a.jpg", "thumb": "t"})
		self.zalo.write(USER, "trực ban trả lời", src=0)
		staff, photo = self.rows()
		self.assertEqual((photo["type"], photo["url"]), ("photo", "http://127.0.0.1/a.jpg"))
		self.assertEqual(staff["src"], 0)
		self.assertEqual(self.zalo.received(), [])

	def test_order_across_users_may_differ(self):
		now_ms = self.zalo.state()["now_ms"]
		for i, user in enumerate([USER, OTHER, USER, USER]):
			self.zalo.write(user, str(i), at_ms=now_ms - 1000 + i)
		self.zalo.do("option", name="jumble")
		self.assertEqual([r["message"] for r in self.rows()], ["3", "2", "0", "1"])

	def test_groups_have_lists_of_their_own(self):
		self.zalo.write(USER, "riêng")
		self.zalo.write_group(simzalo.GROUP, OTHER, "đã nhận")
		sent = self.send_group("báo cháy")["data"]
		answer = self.call("GET", "/v3.0/oa/group/listrecentchat?offset=0&count=10")
		self.assertEqual([r["message"] for r in answer["data"]], ["báo cháy", "đã nhận"])
		self.assertEqual(answer["data"][0]["message_id"], sent["message_id"])
		self.assertEqual([(r["src"], r["group_id"]) for r in answer["data"]],
			[(0, simzalo.GROUP), (1, simzalo.GROUP)])
		self.assertEqual([r["message"] for r in self.rows()], ["riêng"])
		path = "/v3.0/oa/group/conversation?count=10&group_id="
		self.assertEqual(len(self.call("GET", path + simzalo.GROUP)["data"]), 2)
		self.assertEqual(self.call("GET", path + "1")["error"], -403)
		self.assertEqual(self.call("GET", "/v3.0/oa/group/listrecentchat?count=11")["error"], -210)

	def test_people(self):
		self.zalo.write(USER, "xin chào", name="Người báo")
		path = "/v3.0/oa/user/detail?data=" + urllib.parse.quote(json.dumps({"user_id": USER}))
		self.assertEqual(self.call("GET", path)["data"]["display_name"], "Người báo")
		quota = self.call("POST", "/v3.0/oa/quota/message", {"user_id": USER})["data"]
		self.assertEqual(quota["cs_reply"], {"remain": "8", "total": "8"})
		self.assertIsInstance(quota["last_interaction"], str)
		self.assertEqual(self.call("GET", "/v2.0/oa/getoa")["data"]["oa_id"], simzalo.OA_ID)


class Sending(Base):
	def test_answers_of_a_send(self):
		self.zalo.write(USER, "xin chào")
		for i in range(9):
			data = self.send("tin %d" % i)["data"]
			self.assertEqual(data["user_id"], USER)
			self.assertEqual(data.get("quota", {}).get("remain"), str(7 - i) if i < 8 else None)
		self.assertEqual(len(self.zalo.received(to=USER)), 9)

	def test_refusals_send_nothing(self):
		quoted = self.zalo.write(USER, "xin chào")["message_id"]
		self.assertEqual(self.send("ế" * 2000)["error"], 0)
		self.assertEqual(self.send("có trích", quote_message_id=quoted)["error"], 0)
		self.zalo.do("group", group="77", disabled=True)
		self.zalo.do("user", user="88")
		self.zalo.do("user", user="99", error=-217)
		for answer, error in [
			(self.send("ế" * 2001), -210),
			(self.send(""), -201),
			(self.send("a", quote_message_id="không có"), -201),
			(self.send("a", attachment={}), -233),
			(self.send("a", user="55"), -201),
			(self.send("a", user="88"), -230),
			(self.send("a", user="99"), -217),
			(self.send_group("a", group="66"), -403),
			(self.send_group("a", group="77"), -237),
			(self.call("POST", CS, b"{"), -201),
			(self.call("POST", CS, b"[]"), -201),
		]:
			self.assertEqual(answer["error"], error)
		self.assertEqual(len(self.zalo.received()), 2)

	def test_window_of_seven_days(self):
		self.zalo.write(USER, "xin chào")
		self.zalo.do("age", user=USER, ms=7 * DAY_MS - 60000)
		self.assertEqual(self.send("kịp")["error"], 0)
		self.zalo.do("age", user=USER, ms=120000)
		self.assertEqual(self.send("muộn")["error"], -230)
		self.zalo.write(USER, "tôi đây")
		self.assertEqual(self.send("lại kịp")["error"], 0)

	def test_waiting_for_what_was_received(self):
		self.zalo.write(USER, "xin chào")
		with self.assertRaises(SimZaloError):
			self.zalo.wait_received(1, timeout_s=0.05)
		sender = threading.Thread(target=lambda: (self.zalo.wait_calls(CS, 0), self.send("đây")))
		sender.start()
		got = self.zalo.wait_received(1, to=USER)
		sender.join()
		self.assertEqual([(m["text"], m["is_group"]) for m in got], [("đây", False)])
		self.assertEqual(self.zalo.received(after=got[0]["seq"]), [])
		self.assertEqual(self.zalo.wait_calls(CS, 1), 1)


class Faults(Base):
	def setUp(self):
		super().setUp()
		self.zalo.write(USER, "xin chào")

	def test_lost_answer_acted(self):
		self.zalo.do("lost_answer", path="message/cs")
		self.assertEqual(self.rows()[0]["message"], "xin chào")  # another path is spared
		with self.assertRaises(NO_ANSWER):
			self.send("mất trả lời")
		self.assertEqual(self.rows()[0]["message"], "mất trả lời")
		self.zalo.do("lost_answer", acted=False, reset=True)
		with self.assertRaises(ConnectionResetError):
			self.send("mất cả tin")
		self.assertEqual(self.send("thường")["error"], 0)
		self.assertEqual([m["text"] for m in self.zalo.received()], ["mất trả lời", "thường"])

	def test_lost_refresh_spends_the_token(self):
		self.zalo.do("lost_answer", path="access_token")
		with self.assertRaises(NO_ANSWER):
			self.refresh(simzalo.REFRESH)
		self.assertEqual(self.refresh(simzalo.REFRESH)["error"], -14014)
		self.assertEqual(self.zalo.state()["spent_refresh_uses"], 1)

	def test_errors(self):
		self.zalo.do("error", error=-200, count=2, path=CS)
		self.assertEqual([self.send("a")["error"] for _ in range(3)], [-200, -200, 0])
		self.zalo.do("error", error=-200, acted=True)
		self.assertEqual(self.send("lỗi mà đi")["error"], -200)
		self.assertEqual([m["text"] for m in self.zalo.received()], ["a", "lỗi mà đi"])

	def test_http_errors_and_garbage(self):
		body = json.dumps({"recipient": {"user_id": USER}, "message": {"text": "a"}})
		headers = {"access_token": self.access}
		self.zalo.do("http_500")
		self.zalo.do("http_500", status=429)
		self.zalo.do("garbage")
		self.zalo.do("garbage", body='{"error":0', acted=False)
		answers = [self.raw("POST", CS, body, headers) for _ in range(4)]
		self.assertEqual([a[0] for a in answers], [500, 429, 200, 200])
		self.assertTrue(answers[2][2].startswith(b"<html>"))
		self.assertEqual(answers[3][2], b'{"error":0')
		self.assertEqual(len(self.zalo.received()), 1)

	def test_slow_answers(self):
		self.zalo.do("slow", ms=300)
		began = time.monotonic()
		self.assertEqual(self.send("chậm")["error"], 0)
		self.assertGreaterEqual(time.monotonic() - began, 0.3)
		self.zalo.do("slow", ms=1000, late=True)
		with self.assertRaises(TimeoutError):
			self.raw("POST", CS, json.dumps({"recipient": {"user_id": USER},
				"message": {"text": "muộn"}}), {"access_token": self.access}, timeout=0.05)
		self.zalo.wait_received(2)  # carried out although nobody listens any more

	def test_clear_and_bad_orders(self):
		self.zalo.do("error", error=-200, count=-1)
		self.assertEqual([self.send("a")["error"] for _ in range(2)], [-200, -200])
		self.assertEqual(self.zalo.state()["faults_waiting"], 1)
		self.zalo.do("clear")
		self.assertEqual(self.send("a")["error"], 0)
		for what, keys in [("nonsense", {}), ("error", {"cuont": 1}), ("slow", {"ms": 10**9}),
				("down", {"mode": "sideways"}), ("option", {"name": "x"}), ("age", {"user": "5", "ms": 1}),
				("clock", {"ms": 2**62}), ("lifetime", {"access_s": 2**62}), ("age", {"user": USER, "ms": -1})]:
			with self.assertRaises(SimZaloError):
				self.zalo.do(what, **keys)
		for body in [{"user": USER}, {"user": "9" * 60, "text": "a"}, [1], {"user": "", "text": ""},
				{"user": USER, "text": "a", "at_ms": 2**62}]:
			with self.assertRaises(SimZaloError):
				self.zalo.control("message", body)
		with self.assertRaises(SimZaloError):
			self.zalo.write_group("1", USER, "nhóm lạ")
		for path in ["nothing", "calls"]:
			with self.assertRaises(SimZaloError):
				self.zalo.control(path)

	def test_log_and_counters(self):
		self.send("kín đáo")
		self.zalo.do("lost_answer")
		with self.assertRaises(NO_ANSWER):
			self.send("kín đáo nữa")
		self.send("", user="55")
		self.call("GET", "/v9/" + self.access)
		log = self.zalo.log()
		self.assertEqual([(l["path"], l["outcome"], l["acted"], l["error"]) for l in log],
			[(CS, "answered", True, 0), (CS, "lost_answer", True, 0), (CS, "answered", False, -201),
			("other", "answered", False, 404)])
		self.assertEqual(self.zalo.state()["counters"][CS], {"requests": 3, "acted": 2, "errors": 2})
		with open(self.zalo.log_path, encoding="utf-8") as text:
			content = text.read()
		for secret in (self.access, USER, "kín"):
			self.assertNotIn(secret, content)


class Outages(Base):
	def setUp(self):
		super().setUp()
		self.zalo.write(USER, "xin chào")

	def kept_alive(self):
		connection = http.client.HTTPConnection("127.0.0.1", self.zalo.port, timeout=20)
		connection.request("GET", "/v2.0/oa/getoa", headers={"access_token": self.access})
		self.assertEqual(connection.getresponse().read()[:1], b"{")
		connection.auto_open = 0  # an old connection must not be replaced in silence
		self.addCleanup(connection.close)
		return connection

	def test_refused(self):
		for _ in range(3):
			old = self.kept_alive()
			self.zalo.down()
			with self.assertRaises(ConnectionRefusedError):
				self.send("a")
			with self.assertRaises(NO_ANSWER):
				old.request("GET", "/v2.0/oa/getoa")
				old.getresponse()
			self.assertEqual(self.zalo.state()["mode"], "refuse")
			self.zalo.up()
			self.assertEqual(self.send("a")["error"], 0)
		self.assertEqual(len(self.zalo.received()), 3)

	def test_port_stays_ours_while_refused(self):
		self.zalo.down()
		with socket.socket() as thief, self.assertRaises(OSError):
			thief.bind(("127.0.0.1", self.zalo.port))
		self.zalo.up()
		self.assertEqual(self.send("a")["error"], 0)

	def test_reset(self):
		old = self.kept_alive()
		self.zalo.down("reset")
		with self.assertRaises((ConnectionResetError, BrokenPipeError)):
			self.send("a")
		with self.assertRaises(NO_ANSWER):
			old.request("GET", "/v2.0/oa/getoa")
			old.getresponse()
		self.zalo.up()
		self.assertEqual(self.send("a")["error"], 0)
		self.assertEqual(len(self.zalo.received()), 1)

	def test_black_hole(self):
		old = self.kept_alive()
		self.zalo.down("blackhole")
		with self.assertRaises(TimeoutError):
			self.raw("POST", CS, "{}", {"access_token": self.access}, timeout=0.2)
		old.sock.settimeout(0.2)
		with self.assertRaises(TimeoutError):
			old.request("GET", "/v2.0/oa/getoa")
			old.getresponse()
		with socket.create_connection(("127.0.0.1", self.zalo.port), timeout=20) as swallowed:
			swallowed.sendall(b"POST /v3.0/oa/message/cs HTTP/1.1\r\n")
			self.zalo.control("state")  # one turn of the loop later it has been accepted
			self.zalo.up()
			with self.assertRaises(ConnectionResetError):
				swallowed.recv(1)
		with self.assertRaises(NO_ANSWER):
			old.sock.settimeout(20)
			old.sock.sendall(b"GET /v2.0/oa/getoa HTTP/1.1\r\n\r\n")
			if not old.sock.recv(1):
				raise http.client.RemoteDisconnected
		self.assertEqual(self.send("b")["error"], 0)
		self.assertEqual([m["text"] for m in self.zalo.received()], ["b"])

	def fails_to_send(self):
		try:
			self.send("trong hố đen")
		except NO_ANSWER as error:
			return error
		return None

	def test_down_cuts_what_is_delayed(self):
		"""The call was carried out at once; only its answer waits."""
		self.zalo.do("slow", ms=60000)
		cut = []
		sender = threading.Thread(target=lambda: cut.append(self.fails_to_send()))
		sender.start()
		self.zalo.wait_received(1)
		self.zalo.down()
		sender.join()
		self.assertIsNotNone(cut[0])

	def test_stops_while_someone_waits(self):
		self.zalo.do("slow", ms=60000)
		cut = []
		sender = threading.Thread(target=lambda: cut.append(self.fails_to_send()))
		sender.start()
		self.zalo.wait_received(1)
		self.assertEqual(self.zalo.stop(), 0)
		sender.join()
		self.assertIsNotNone(cut[0])


class Media(Base):
	def get(self, name, **headers):
		return self.raw("GET", "/media/" + name, headers=headers)

	def test_a_content_is_served_without_a_token(self):
		self.zalo.put_media("a", b"\0\xff x", type="image/png")
		status, headers, body = self.get("a")
		self.assertEqual((status, headers["Content-Type"], body), (200, "image/png", b"\0\xff x"))
		self.assertEqual(self.get("a", access_token="x")[0], 404)
		self.assertEqual(self.get("b")[0], 404)
		self.zalo.put_media("a", b"new", fill=5)
		self.assertEqual(self.get("a")[2], b"new\0\0")
		self.assertEqual(self.zalo.calls("/media/a"), 4)

	def test_what_is_wrong_with_it(self):
		self.zalo.put_media("late", b"x", expires_ms=1000)
		self.assertEqual(self.get("late")[0], 200)
		self.zalo.do("clock", ms=1000)
		self.assertEqual(self.get("late")[0], 404)
		self.zalo.put_media("moved", b"", redirect="/media/there")
		status, headers, _ = self.get("moved")
		self.assertEqual((status, headers["Location"]), (302, "/media/there"))
		self.zalo.put_media("broken", b"x" * 100, cut=10)
		with self.assertRaises(http.client.IncompleteRead) as caught:
			self.get("broken")
		self.assertEqual(len(caught.exception.partial), 10)
		self.zalo.do("garbage", path="/media/", body="<html>")
		self.assertEqual(self.get("broken")[2], b"<html>")
		for bad in ({"name": "x", "hex": "0g"}, {"name": "x", "hex": "0"}, {"name": "x", "fill": -1}):
			with self.assertRaises(SimZaloError):
				self.zalo.do("media", **bad)


class Receiver(http.server.BaseHTTPRequestHandler):
	def do_POST(self):
		body = self.rfile.read(int(self.headers["Content-Length"]))
		self.server.got.append((dict(self.headers), body))
		if self.server.delay_s:
			time.sleep(self.server.delay_s)
		try:
			self.send_response(self.server.status)
			self.send_header("Content-Length", "0")
			self.end_headers()
		except OSError:
			pass  # he did not wait

	def log_message(self, *_):
		pass


class Webhook(Base):
	def setUp(self):
		super().setUp()
		self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
		self.server.got, self.server.status, self.server.delay_s = [], 200, 0
		threading.Thread(target=self.server.serve_forever, daemon=True).start()
		self.addCleanup(self.server.server_close)
		self.addCleanup(self.server.shutdown)
		self.zalo.do("webhook", url="http://127.0.0.1:%d/x" % self.server.server_address[1],
			secret="S")

	def until(self, is_so):
		end = time.monotonic() + 20
		while not is_so(self.zalo.state()["webhook"]):
			self.assertLess(time.monotonic(), end, self.zalo.state()["webhook"])
			time.sleep(0.02)

	def test_events_are_signed_over_their_bytes(self):
		self.zalo.write(USER, "xin chào")
		self.zalo.write_media(OTHER, "photo", "http://x/y")
		self.until(lambda w: w["delivered"] == 2)
		events = {}
		for headers, body in self.server.got:
			event = json.loads(body)
			events[event["event_name"]] = event
			mac = hashlib.sha256(simzalo.APP_ID.encode() + body + event["timestamp"].encode() + b"S")
			self.assertEqual(headers["X-ZEvent-Signature"], "mac=" + mac.hexdigest())
			self.assertNotIn("num_retry", headers)
		self.assertEqual(events["user_send_text"]["message"]["text"], "xin chào")
		self.assertEqual(events["user_send_text"]["sender"]["id"], USER)
		self.assertEqual(events["user_send_image"]["message"]["attachments"],
			[{"type": "image", "payload": {"url": "http://x/y"}}])

	def test_it_comes_again_until_zalo_loses_patience(self):
		self.server.status = 503
		self.zalo.write(USER, "tin")
		for tries, wait_s in enumerate((30, 300, 900, 1800, 3600), start=1):
			self.until(lambda w, tries=tries: w["tries"] == tries and not w["flying"])
			self.zalo.do("clock", ms=wait_s * 1000)
		self.until(lambda w: not w["on"] and w["pending"] == 0)
		self.assertEqual(len(self.server.got), 6)
		self.assertEqual([h.get("num_retry") for h, _ in self.server.got],
			[None, "1", "2", "3", "4", "5"])
		self.assertEqual(len({body for _, body in self.server.got}), 1)

	def test_two_seconds_are_the_limit(self):
		self.server.delay_s = 2.5
		self.zalo.write(USER, "tin")
		self.until(lambda w: w["tries"] == 1 and not w["flying"])
		self.assertEqual(self.zalo.state()["webhook"]["delivered"], 0)
		self.server.delay_s = 0
		self.zalo.do("clock", ms=31000)
		self.until(lambda w: w["delivered"] == 1)


class Program(Base):
	def setUp(self):
		self.tmp_state = tempfile.TemporaryDirectory()
		self.addCleanup(self.tmp_state.cleanup)
		self.options = {"state": os.path.join(self.tmp_state.name, "zalo.json")}
		super().setUp()

	def run_client(self, *args):
		return subprocess.run([os.path.join(BIN_DIR, "sim-zalo"), "--control-port",
			str(self.zalo.control_port), *args], capture_output=True, text=True, timeout=20,
			check=False)

	def test_state_survives(self):
		self.zalo.write(USER, "xin chào", name="Người báo")
		self.send("đây")
		self.access = self.refresh(simzalo.REFRESH)["access_token"]
		before = self.rows()
		self.assertEqual(self.zalo.stop(), 0)
		self.assertEqual(os.stat(self.options["state"]).st_mode & 0o777, 0o600)
		self.zalo.start()
		self.assertEqual(self.rows(), before)
		self.assertEqual(self.refresh(simzalo.REFRESH)["error"], -14014)
		self.assertEqual(len({self.send("nữa")["data"]["message_id"]} |
			{r["message_id"] for r in before}), 3)

	def test_bad_state_is_refused(self):
		self.assertEqual(self.zalo.stop(), 0)
		for content in ("{", "{}", '{"next_seq":1,"tokens":{},"users":[],"groups":[],"messages":[]}'):
			with open(self.options["state"], "w", encoding="utf-8") as state:
				state.write(content)
			with self.assertRaises(SimZaloError):
				self.zalo.start()
			with open(self.options["state"], encoding="utf-8") as state:
				self.assertEqual(state.read(), content)

	def test_client_mode(self):
		self.assertEqual(self.run_client("--user", USER, "--text", "cháy nhà").returncode, 0)
		self.assertEqual(self.rows()[0]["message"], "cháy nhà")
		self.assertEqual(self.run_client("--group", simzalo.GROUP, "--user", USER, "--text",
			"đã rõ").returncode, 0)
		self.assertEqual(self.run_client("--down").returncode, 0)
		self.assertEqual(json.loads(self.run_client("--status").stdout)["mode"], "refuse")
		self.assertEqual(self.run_client("--up").returncode, 0)
		self.assertEqual(json.loads(self.run_client("--token").stdout)["access_token"], self.access)
		bad = self.run_client("--do", '{"what":"nonsense"}')
		self.assertEqual(bad.returncode, 1)
		self.assertIn("unknown", bad.stderr)
		self.assertEqual(self.run_client().returncode, 2)
		self.assertEqual(self.run_client("--rate-limit", "many").returncode, 2)
		self.assertEqual(self.run_client("--help").returncode, 0)

	def test_watch(self):
		self.zalo.write(USER, "xin chào")
		watch = subprocess.Popen([os.path.join(BIN_DIR, "sim-zalo"), "--control-port",
			str(self.zalo.control_port), "--watch"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
			text=True)
		self.addCleanup(watch.stdout.close)
		self.addCleanup(watch.wait, 20)
		self.addCleanup(watch.kill)
		self.send("chào bạn")
		self.assertRegex(watch.stdout.readline(), "user %s: chào bạn\n$" % USER)
		self.send_group("báo cháy")
		self.assertRegex(watch.stdout.readline(), "group %s: báo cháy\n$" % simzalo.GROUP)

	def test_lifeline(self):
		process = self.zalo.process
		process.stdin.close()
		self.assertEqual(process.wait(20), 0)


if __name__ == "__main__":
	unittest.main()
