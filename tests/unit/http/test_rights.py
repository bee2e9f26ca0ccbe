# SPDX-License-Identifier: GPL-2.0-or-later
"""Every route as every role, as whoever reaches the socket, and as nobody: who is let through is who the table says.

A body that is no object passes the rights and nothing else, so that a walk changes nothing.
"""
import subprocess
import sys
import unittest

from server import Server  # first: it knows the folder of the library
from officers import Office

NOW_S = 1795331109
CHAIRMAN_DOES = ("/subjects", "/answer", "/files", "/rating", "/note", "/merge", "/link", "/pin", "/class", "/clock",
	"/moment", "/outcome", "/clearance", "/offline", "/hold", "/release", "/identity", "/forget",
	# He is told there that nobody can be given what is about the chief.
	"/hamlet", "/assignee")
ROLES = ("chief", "deputy", "area", "duty", "clerk", "chairman", "it")
routes_program = serve_program = None


def routes():
	lines = subprocess.run([routes_program], capture_output=True, text=True, check=True).stdout.splitlines()
	return [(method, path, kind == "write", set(who.split(",")))
		for method, path, kind, who in map(str.split, lines)]


def is_refused(status, answer):
	"""By the rights; a handler that says no says something else."""
	message = answer.get("message", "") if isinstance(answer, dict) else ""
	return (status == 401 and message.startswith(("nobody is logged in", "this session has ended"))) or \
		(status == 403 and message.startswith("this is not for your role"))


class Rights(unittest.TestCase):
	def setUp(self):
		self.server = Server(serve_program).__enter__()
		self.addCleanup(self.server.__exit__)
		self.office = Office(self.server.call, lambda: NOW_S)

	def walk(self, who, token=None, headers=None):
		"""`who` may be a set, or tells from the names in the table whether they are let through."""
		wrong = []
		let = who if callable(who) else lambda allowed: bool(who & allowed)
		if token:
			headers = {"Authorization": "Bearer " + token}
		for method, path, is_write, allowed in routes():
			status, _, answer = self.server.ask(method, path.replace("{n}", "1"), "[]" if is_write else None,
				headers or {})
			is_let = not is_refused(status, answer)
			if is_let != let(allowed):
				wrong.append((method, path, status, sorted(allowed)))
		self.assertEqual(wrong, [])

	@staticmethod
	def of_any_token(allowed):
		"""The ways in, and what the box's own keyboard alone may do."""
		return "anybody" in allowed or allowed == {"box"}

	def test_unclaimed_whoever_reaches_the_socket_is_the_office(self):
		for method, path, is_write, _ in routes():
			status, _, answer = self.server.ask(method, path.replace("{n}", "1"), "[]" if is_write else None)
			self.assertFalse(is_refused(status, answer), (method, path, answer))

	def test_every_route_as_everybody(self):
		self.office.claim("chief")
		for role in ROLES[1:]:
			self.office.add(role, role, "chief")
		self.walk({"anybody", "box"})
		# Who shows a token that is good for nothing is nobody, and never the box that he would be without it.
		self.walk(self.of_any_token, token="0" * 64)
		self.walk(self.of_any_token, headers={"Cookie": "binhyen=" + "0" * 64})
		for role in ROLES:
			self.walk({"anybody", "box", role}, token=self.office.tokens[role])
		# Still in: the walk has ended nobody's session.
		for role in ROLES:
			self.office.must(200, "GET", "/api/v1/me", token=self.office.tokens[role])

	def test_a_session_that_ended_is_told_so(self):
		"""Not served as the box is: with its gaps that would look like his own view."""
		self.office.claim("chief")
		self.office.add("a", "area", "chief")
		self.office.add("b", "duty", "chief")
		self.office.must(200, "GET", "/api/v1/today")
		for login, end in (("a", lambda token: self.office.must(200, "POST", "/api/v1/logout", {}, token=token)),
				("b", lambda token: self.office.must(200, "POST", "/api/v1/officers/b/state", {"do": "lock"},
					token=self.office.tokens["chief"]))):
			token = self.office.tokens[login]
			for path in ("/api/v1/today", "/api/v1/inbox", "/api/v1/outbox"):
				self.office.must(200, "GET", path, token=token)
			end(token)
			for path in ("/api/v1/today", "/api/v1/inbox", "/api/v1/outbox"):
				status, answer = self.server.call("GET", path, token=token)
				self.assertEqual(status, 401, path)
				self.assertIn("binhyenctl login", answer["message_vi"])
				self.assertEqual(self.server.headers["WWW-Authenticate"], 'Bearer error="invalid_token"')
			self.office.must(200, "GET", "/healthz", token=token)
		self.office.must(200, "GET", "/api/v1/today")

	def test_what_no_table_may_ever_say(self):
		for method, path, is_write, who in routes():
			if path.startswith(("/api/v1/reports", "/api/v1/attachments", "/api/v1/statistics")):
				self.assertFalse(who & {"anybody", "box", "it"}, path)
				# What is done with a complaint about a chief; no other report is there for him (test_keys.py).
				self.assertTrue("chairman" not in who or not is_write or path.endswith(CHAIRMAN_DOES), path)
			if path.startswith("/api/v1/officers") and is_write:
				# The words from the safe prove themselves.
				self.assertEqual(who, {"box"} if path.endswith("/recover") else {"chief"}, path)
			if who & {"anybody"}:
				self.assertIn(path, ("/healthz", "/api/v1/notice", "/api/v1/certificate", "/api/v1/setup", "/api/v1/enrol", "/api/v1/enrol/confirm",
					"/api/v1/login"))

	def test_a_role_that_changes_changes_at_once(self):
		self.office.claim("chief")
		self.office.add("x", "it", "chief")
		token = self.office.tokens["x"]
		self.assertEqual(self.server.call("GET", "/api/v1/reports", token=token)[0], 403)
		self.office.must(200, "POST", "/api/v1/officers/x", {"role": "clerk"}, token=self.office.tokens["chief"])
		self.assertEqual(self.server.call("GET", "/api/v1/reports", token=token)[0], 200)

	def test_locked_or_removed_is_out(self):
		self.office.claim("chief")
		chief = self.office.tokens["chief"]
		for deed in ("lock", "remove"):
			self.office.add(deed, "deputy", "chief")
			token = self.office.tokens[deed]
			self.office.must(200, "GET", "/api/v1/reports", token=token)
			self.office.must(200, "POST", f"/api/v1/officers/{deed}/state", {"do": deed}, token=chief)
			self.assertEqual(self.server.call("GET", "/api/v1/reports", token=token)[0], 401)
			self.office.login(deed, step=1, status=401)
		self.office.must(200, "POST", "/api/v1/officers/lock/state", {"do": "unlock"}, token=chief)
		self.office.login("lock", step=1)
		self.office.must(409, "POST", "/api/v1/officers/remove/state", {"do": "unlock"}, token=chief)

	def test_a_browser_proves_a_write_twice(self):
		self.office.claim("chief")
		status, answer = self.server.call("POST", "/api/v1/login", {"login": "chief", "cookie": True,
			"passphrase": "bốn từ không liên quan", "totp": self.office.phones["chief"].code(NOW_S, 1)})
		self.assertEqual((status, answer["token"]), (200, None))
		cookie = self.server.headers["Set-Cookie"]
		for word in ("HttpOnly", "SameSite=Strict", "Path=/"):
			self.assertIn(word, cookie)
		value = cookie.split(";")[0]
		self.assertTrue(value.startswith("binhyen="))
		new = {"login": "x", "name": "X", "role": "it"}
		self.assertEqual(self.server.call("GET", "/api/v1/reports", Cookie=value)[0], 200)
		self.assertEqual(self.server.call("GET", "/api/v1/me", Cookie=value)[1]["csrf"], answer["csrf"])
		for headers in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "0" * 32}):
			self.assertEqual(self.server.call("POST", "/api/v1/officers", new, Cookie=value, **headers)[0], 403)
		self.assertEqual(self.server.call(
			"POST", "/api/v1/officers", new, Cookie=value, **{"X-CSRF-Token": answer["csrf"]})[0], 200)
		# A bearer's token is no cookie, and the other way round it is of no use without its second proof either.
		bearer = self.office.tokens["chief"]
		self.assertEqual(self.server.call("GET", "/api/v1/reports", Cookie="binhyen=" + bearer)[0], 401)
		self.assertEqual(self.server.call("POST", "/api/v1/officers", new, token=value[8:])[0], 403)
		status, _ = self.server.call("POST", "/api/v1/logout", {}, Cookie=value, **{"X-CSRF-Token": answer["csrf"]})
		self.assertEqual(status, 200)
		self.assertIn("Max-Age=0", self.server.headers["Set-Cookie"])
		self.assertEqual(self.server.call("GET", "/api/v1/reports", Cookie=value)[0], 401)


if __name__ == "__main__":
	routes_program, serve_program = sys.argv[1:3]
	unittest.main(argv=sys.argv[:1])
