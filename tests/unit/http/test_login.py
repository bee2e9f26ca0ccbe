# SPDX-License-Identifier: GPL-2.0-or-later
"""The way in, over the real socket: the first start, passphrases, phones, lock-outs, what ends a session."""
import json
import os
import sqlite3
import sys
import threading
import unittest

from server import Server, UnixConnection  # first: it knows the folder of the library
from officers import PASSPHRASE, Office, Phone

NOW_S = 1795331109
serve_program = None


class Login(unittest.TestCase):
	def setUp(self):
		self.server = Server(serve_program).__enter__()
		self.addCleanup(self.server.__exit__)
		self.office = Office(self.server.call, lambda: NOW_S)
		self.must = self.office.must

	def chief(self):
		self.office.claim("chief")
		return {"token": self.office.tokens["chief"]}

	def setup_body(self, code):
		return {"code": code, "login": "chief", "name": "Trưởng công an xã", "passphrase": PASSPHRASE}

	# -- the first start --

	def test_the_first_start_needs_the_code_of_the_console(self):
		self.must(403, "POST", "/api/v1/setup", self.setup_body(""))
		old = self.must(200, "POST", "/api/v1/setup/code", {})["code"]
		code = self.must(200, "POST", "/api/v1/setup/code", {})["code"]
		self.assertNotEqual(old, code)
		self.must(403, "POST", "/api/v1/setup", self.setup_body(old))
		begun = self.must(200, "POST", "/api/v1/setup", self.setup_body(code))
		# Nothing is claimed before the phone has shown its code.
		self.must(200, "GET", "/api/v1/reports")
		self.must(403, "POST", "/api/v1/enrol/confirm", {"enrolment": begun["enrolment"], "totp": "000000"})
		# A second one who began as well comes too late.
		late = self.must(200, "POST", "/api/v1/setup", dict(self.setup_body(code), login="late"))
		self.office.confirm("chief", begun)
		self.must(409, "POST", "/api/v1/enrol/confirm",
			{"enrolment": late["enrolment"], "totp": Phone(late["otpauth"]).code(NOW_S)})
		self.must(401, "GET", "/api/v1/reports")
		self.must(200, "GET", "/api/v1/reports", token=self.office.tokens["chief"])
		self.must(409, "POST", "/api/v1/setup", self.setup_body(code))

	def test_the_code_is_guessed_at_a_few_times_only(self):
		code = self.must(200, "POST", "/api/v1/setup/code", {})["code"]
		for _ in range(10):
			self.must(403, "POST", "/api/v1/setup", self.setup_body("A" * 12))
		self.must(403, "POST", "/api/v1/setup", self.setup_body(code))
		code = self.must(200, "POST", "/api/v1/setup/code", {})["code"]
		self.must(200, "POST", "/api/v1/setup", self.setup_body(code))

	def test_an_enrolment_is_guessed_at_a_few_times_only(self):
		code = self.must(200, "POST", "/api/v1/setup/code", {})["code"]
		begun = self.must(200, "POST", "/api/v1/setup", self.setup_body(code))
		right = Phone(begun["otpauth"]).code(NOW_S)
		wrong = f"{(int(right) + 1) % 1000000:06d}"
		for _ in range(5):
			self.must(403, "POST", "/api/v1/enrol/confirm", {"enrolment": begun["enrolment"], "totp": wrong})
		self.must(403, "POST", "/api/v1/enrol/confirm", {"enrolment": begun["enrolment"], "totp": right})

	def test_weak_passphrases(self):
		code = self.must(200, "POST", "/api/v1/setup/code", {})["code"]
		for weak in ("short", "a" * 40, "chief chief ", "x" * 300, 7, "\u0000" * 20):
			self.must(400, "POST", "/api/v1/setup", dict(self.setup_body(code), passphrase=weak))

	@unittest.skipIf(os.geteuid() != 0, "only root can be somebody else")
	def test_only_root_gets_the_code(self):
		os.chmod(os.path.dirname(self.server.socket_path), 0o711)
		os.chmod(self.server.socket_path, 0o666)
		os.seteuid(65534)
		try:
			self.must(403, "POST", "/api/v1/setup/code", {})
		finally:
			os.seteuid(0)

	# -- coming in --

	def test_a_code_of_the_phone_is_good_once(self):
		self.chief()
		self.office.login("chief", status=401)  # the one that confirmed the phone
		self.office.login("chief", step=1)
		self.office.login("chief", step=1, status=401)
		self.office.login("chief", step=0, status=401)

	def test_whatever_is_wrong_the_answer_is_the_same(self):
		chief = self.chief()
		self.must(200, "POST", "/api/v1/officers", {"login": "new", "name": "N", "role": "duty"}, **chief)
		good = self.office.phones["chief"].code(NOW_S, 1)
		tries = [
			{"login": "nobody", "passphrase": PASSPHRASE, "totp": good},
			{"login": "Nobody/ ", "passphrase": PASSPHRASE, "totp": good},
			{"login": "new", "passphrase": PASSPHRASE, "totp": good},
			{"login": "chief", "passphrase": PASSPHRASE + "x", "totp": good},
			{"login": "chief", "passphrase": PASSPHRASE, "totp": "x"},
		]
		answers = [(self.server.call("POST", "/api/v1/login", body), sorted(self.server.headers.keys()))
			for body in tries]
		self.assertEqual(answers[0][0][0], 401)
		self.assertEqual([a for a in answers if a != answers[0]], [])

	def test_many_failures_take_ever_longer_whether_or_not_there_is_such_a_name(self):
		self.chief()
		for login in ("chief", "ghost"):
			body = {"login": login, "passphrase": "x", "totp": "1"}
			for _ in range(4):
				self.must(401, "POST", "/api/v1/login", body)
			self.must(429, "POST", "/api/v1/login", body)
			self.assertEqual(self.server.headers["Retry-After"], "2")
		self.office.login("chief", step=1, status=429)

	def test_the_chief_is_told_of_lock_outs_in_one_message(self):
		chief = self.chief()
		self.must(200, "POST", "/api/v1/officers/chief", {"phone": "0900000011"}, **chief)
		def alarms():
			return [row for row in self.must(200, "GET", "/api/v1/outbox?limit=200")["outbox"] if row["kind"] == "alarm"]
		before = len(alarms())
		for login in ("chief", "ghost", "other"):
			for _ in range(4):
				self.must(401, "POST", "/api/v1/login", {"login": login, "passphrase": "x", "totp": "1"})
		self.assertEqual(len(alarms()), before)  # anybody may mistype
		self.server.tell("later")
		for login in ("chief", "ghost", "other"):
			self.must(401, "POST", "/api/v1/login", {"login": login, "passphrase": "x", "totp": "1"})
		self.assertEqual(len(alarms()), before + 1)
		self.server.tell("later")
		self.must(401, "POST", "/api/v1/login", {"login": "ghost", "passphrase": "x", "totp": "1"})
		self.assertEqual(len(alarms()), before + 2)

	def test_a_page_that_reads_by_itself_keeps_no_session_alive(self):
		token = self.chief()["token"]
		def read(**headers):
			return self.server.call("GET", "/api/v1/reports", token=token, **headers)[0]
		for _ in range(3):
			self.server.tell("soon")
			self.assertEqual(read(), 200)
		self.server.tell("soon")
		self.assertEqual(read(**{"X-Binhyen-Unasked": "1"}), 200)
		self.server.tell("soon")
		self.assertEqual(read(), 401)

	def test_the_same_passphrase_typed_on_another_keyboard(self):
		"""The marks of Vietnamese letters apart from their letters."""
		import unicodedata
		self.chief()
		self.office.login("chief", passphrase=unicodedata.normalize("NFD", PASSPHRASE), step=1)

	def test_bodies_that_are_none(self):
		self.chief()
		for body in ({}, {"login": "chief"}, {"login": 1, "passphrase": 2, "totp": 3},
				{"login": "chief", "passphrase": "x", "totp": "1", "more": 1},
				{"login": "chief", "passphrase": "x", "totp": "1", "cookie": "yes"}):
			self.must(400, "POST", "/api/v1/login", body)

	def test_too_many_at_once_wait_or_come_again(self):
		self.chief()
		got = []
		threads = [threading.Thread(target=lambda i=i: got.append(self.server.call("POST", "/api/v1/login",
			{"login": f"ghost{i}", "passphrase": "x", "totp": "1"})[0])) for i in range(40)]
		for thread in threads:
			thread.start()
		for thread in threads:
			thread.join()
		self.assertEqual(len(got), 40)
		self.assertEqual(set(got) - {401, 429, 503}, set())
		self.assertIn(401, got)

	def test_the_end_while_passphrases_are_tried(self):
		"""Nobody is answered, nothing is left over: the server ends with 0, under sanitizers too."""
		self.chief()
		asking = [UnixConnection(self.server.socket_path) for _ in range(8)]
		for i, connection in enumerate(asking):
			connection.request("POST", "/api/v1/login", json.dumps(
				{"login": f"ghost{i}", "passphrase": "x", "totp": "1"}))
		self.must(200, "GET", "/api/v1/status")
		self.server.__exit__()
		for connection in asking:
			connection.close()
		self.server.__enter__()  # for the clean-up

	def test_nobody_is_in_when_it_was_not_stored(self):
		self.chief()
		sessions = lambda: len(self.must(200, "GET", "/api/v1/me/sessions",  # noqa: E731
			token=self.office.tokens["chief"])["sessions"])
		self.assertEqual(sessions(), 1)
		self.server.tell("fail 2")  # the count of the try, and then what let him in
		self.office.login("chief", step=1, status=503)
		self.assertEqual(sessions(), 1)
		self.office.login("chief", step=1)
		self.assertEqual(sessions(), 2)

	HOSTILE = ("", " ", "@'", "@' OR '1'='1", "@\\", "@\u0000b", "@\r\nX-Injected: 1", "../../@", "@" * 40, "A" * 5000,
		"-1", "9223372036854775808", "%s%n@", "@\u202e\u200b", "１２@", None, True, 2 ** 63, 1.5, [], {}, ["a"] * 100)

	def test_hostile_values(self):
		"""Each member of each body: refused by what is described, never by a fault."""
		chief = self.chief()
		self.office.add("a", "duty", "chief")
		bodies = {
			"/api/v1/login": {"login": "chief", "passphrase": PASSPHRASE, "totp": "000000", "cookie": True},
			"/api/v1/enrol": {"login": "a", "code": "AAAAAAAAAAAA", "passphrase": PASSPHRASE},
			"/api/v1/enrol/confirm": {"enrolment": "0" * 64, "totp": "000000", "cookie": True},
			"/api/v1/setup": {"code": "A" * 12, "login": "x", "name": "X", "passphrase": PASSPHRASE},
			"/api/v1/me/passphrase": {"passphrase": "wrong", "new": PASSPHRASE},
			"/api/v1/me/totp": {"passphrase": "wrong"},
			"/api/v1/officers": {"login": "a", "name": "A", "role": "duty", "phone": "", "superior": "", "places": []},
			"/api/v1/officers/chief": {"name": "A", "role": "it", "phone": "", "superior": "", "places": []},
			"/api/v1/officers/chief/state": {"do": "lock"},
			"/api/v1/officers/chief/reset": {"what": "totp"},
		}
		database = os.path.join(os.path.dirname(self.server.socket_path), "binhyen.db")
		for path, body in bodies.items():
			for key in body:
				with sqlite3.connect(database, timeout=10) as db:
					db.execute("DELETE FROM login_try")  # or every answer is to wait
				for value in self.HOSTILE:
					status, answer = self.server.call("POST", path, {**body, key: value}, **chief)
					self.assertIn(status, (200, 400, 401, 403, 404, 409, 413, 429), (path, key, value, answer))
					self.assertTrue(status == 200 or answer["message_vi"], (path, key, value, answer))
					self.assertNotIn("X-Injected", self.server.headers)
		self.must(200, "GET", "/api/v1/me", **chief)

	def passes(self, login):
		"""What the wrapping of his key cost, as it lies in the file."""
		database = os.path.join(os.path.dirname(self.server.socket_path), "binhyen.db")
		with sqlite3.connect(database, timeout=10) as db:
			return db.execute("SELECT hex(substr(wrapped, 2, 4)) FROM officer_login JOIN officer ON id = officer_id"
				" WHERE login = ?", (login,)).fetchone()[0]

	def test_a_passphrase_costs_more_after_the_next_login(self):
		chief = self.chief()
		self.assertEqual(self.passes("chief"), "01000000")
		self.server.tell("restart")
		self.must(401, "GET", "/api/v1/me", **chief)
		self.office.login("chief", passphrase="wrong", step=1, status=401)
		self.assertEqual(self.passes("chief"), "01000000")
		self.office.login("chief", step=1)
		self.assertEqual(self.passes("chief"), "02000000")

	# -- what ends a session --

	def test_out_is_out(self):
		chief = self.chief()
		self.must(200, "POST", "/api/v1/logout", {}, **chief)
		self.must(401, "GET", "/api/v1/me", **chief)

	def test_a_new_passphrase_ends_all_sessions(self):
		chief = self.chief()
		self.office.login("chief", step=1)
		other = self.office.tokens["chief"]
		new = "một câu hoàn toàn khác"
		self.must(401, "POST", "/api/v1/me/passphrase", {"passphrase": "wrong", "new": new}, **chief)
		self.must(400, "POST", "/api/v1/me/passphrase", {"passphrase": PASSPHRASE, "new": "short"}, **chief)
		self.must(200, "POST", "/api/v1/me/passphrase", {"passphrase": PASSPHRASE, "new": new}, **chief)
		self.must(401, "GET", "/api/v1/me", **chief)
		self.must(401, "GET", "/api/v1/me", token=other)

	def test_a_new_phone_ends_the_others(self):
		chief = self.chief()
		old = self.office.phones["chief"]
		begun = self.must(200, "POST", "/api/v1/me/totp", {"passphrase": PASSPHRASE}, **chief)
		self.must(200, "GET", "/api/v1/me", **chief)
		self.office.confirm("chief", begun)
		self.must(401, "GET", "/api/v1/me", **chief)
		self.must(200, "GET", "/api/v1/me", token=self.office.tokens["chief"])
		self.office.phones["chief"] = old
		self.office.login("chief", step=1, status=401)

	# -- what the chief does --

	def test_a_lost_phone(self):
		chief = self.chief()
		self.office.add("a", "duty", "chief")
		token = self.office.tokens["a"]
		key = self.key_of("a")
		reset = self.must(200, "POST", "/api/v1/officers/a/reset", {"what": "totp"}, **chief)
		self.must(401, "GET", "/api/v1/me", token=token)
		self.office.login("a", step=1, status=401)
		# His passphrase still holds, and the code alone is not enough.
		wrong = {"login": "a", "code": reset["code"], "passphrase": PASSPHRASE + "!"}
		self.must(401, "POST", "/api/v1/enrol", wrong)
		begun = self.must(200, "POST", "/api/v1/enrol", dict(wrong, passphrase=PASSPHRASE))
		self.office.confirm("a", begun)
		self.must(401, "POST", "/api/v1/enrol", dict(wrong, passphrase=PASSPHRASE))
		self.assertEqual(self.key_of("a"), key)

	def test_a_lost_passphrase(self):
		chief = self.chief()
		self.office.add("a", "duty", "chief")
		reset = self.must(200, "POST", "/api/v1/officers/a/reset", {"what": "passphrase"}, **chief)
		self.office.login("a", step=1, status=401)
		new = "một câu hoàn toàn khác"
		self.office.confirm("a", self.must(200, "POST", "/api/v1/enrol",
			{"login": "a", "code": reset["code"], "passphrase": new}))
		self.office.login("a", passphrase=new, step=1)

	def key_of(self, login):
		return self.must(200, "GET", f"/api/v1/officers/{login}", token=self.office.tokens["chief"])["is_ready"]

	def test_the_last_chief_stays(self):
		chief = self.chief()
		self.office.add("second", "chief", "chief")
		self.must(200, "POST", "/api/v1/officers/second/state", {"do": "lock"}, **chief)
		self.must(403, "POST", "/api/v1/officers/chief/state", {"do": "remove"}, **chief)
		self.must(403, "POST", "/api/v1/officers/chief/reset", {"what": "totp"}, **chief)
		self.must(403, "POST", "/api/v1/officers/chief", {"role": "it"}, **chief)
		self.must(200, "POST", "/api/v1/officers/second/state", {"do": "unlock"}, **chief)
		second = self.office.login("second", step=1)["token"]
		self.must(200, "POST", "/api/v1/officers/chief/state", {"do": "remove"}, token=second)
		self.must(401, "GET", "/api/v1/me", **chief)
		self.office.add("third", "deputy", "second")
		self.must(400, "POST", "/api/v1/officers/third", {"superior": "third"}, token=second)


if __name__ == "__main__":
	serve_program = sys.argv[1]
	unittest.main(argv=sys.argv[:1])
