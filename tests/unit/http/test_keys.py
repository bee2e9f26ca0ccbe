# SPDX-License-Identifier: GPL-2.0-or-later
"""Who can read which report once the box has officers: by the keys, over the API."""
import json
import pathlib
import re
import subprocess
import sys
import unittest

from server import Server  # first: it knows the folder of the library
from officers import Office, PASSPHRASE

NOW_S = 1795331109
routes_program = serve_program = None
WORDS = "tin nguyên văn ba bảy chín"
API = json.loads((pathlib.Path(__file__).resolve().parents[3] / "daemon/http/openapi.json").read_text(encoding="utf-8"))


def walked(value, ranks, volatile=("store", "audit", "code", "csrf", "token", "session", "last_login", "created",
		"head", "hash", "closed", "idle_ms", "left_ms", "age_ms")):
	"""Without what differs from box to box: ids by the order in which they are seen."""
	if isinstance(value, dict):
		return {key: walked(member, ranks) for key, member in value.items() if key not in volatile}
	if isinstance(value, list):
		return [walked(member, ranks) for member in value]
	if isinstance(value, bool):
		return value
	if isinstance(value, int) and value > 10 ** 6:
		return ("id", ranks.setdefault(value, len(ranks)))
	if isinstance(value, str) and (found := re.fullmatch(r"người gửi #(\d{7,})", value)):
		return ("sender", ranks.setdefault(found[1], len(ranks)))
	return value


# What a report is called by: a number that is drawn, in the API, in a table and on a page.
DRAWN = re.compile(r"\b(2026-)?([RC]?)([1-9]\d{4})\b(/2026)?")


class Box:
	"""A box whose drawn numbers are told as 1, 2, 3, R1, C1 in the order in which they came."""

	def __init__(self, test):
		self.drawn = {}
		self.server = Server(serve_program).__enter__()
		test.addCleanup(self.server.__exit__)
		self.office = Office(self.server.call, lambda: NOW_S)
		self.words = None

	def claim(self):
		self.words = self.office.claim("chief")["escrow"]
		self.learn()
		return self

	def add(self, login, role, **more):
		self.office.add(login, role, "chief", **more)

	def say(self, what):
		self.server.tell("say " + what)
		self.learn()

	def learn(self):
		"""Of every report one of the two knows what it is called by."""
		for who in ("chief", "chairman"):
			if who in self.office.tokens:
				_, answer = self.server.call("GET", "/api/v1/reports?limit=200", token=self.office.tokens[who])
				for row in reversed(answer["reports"]):
					book, number = re.fullmatch(r"2026-([RC]?)(\d+)", row["report"]).groups()
					books = self.drawn.setdefault(book, {})
					# Of the time when there were no officers: one after the other.
					books.setdefault(number, int(number) if int(number) < 10000 else max(books.values(), default=0) + 1)

	def told(self, text):
		"""A text of the box with its drawn numbers told in their order."""
		def rank(found):
			n = self.drawn.get(found[2], {}).get(found[3], found[3])
			return f"{found[1] or ''}{found[2]}{n}{found[4] or ''}"
		return DRAWN.sub(lambda found: rank(found) if found[1] or found[2] or found[4] else found[0], text)

	def real(self, path):
		"""A path of this test with the numbers that the box has drawn, or one that it has not."""
		def name(found):
			books = {str(n): number for number, n in self.drawn.get(found[2], {}).items()}
			return f"/reports/{found[1] or ''}{found[2]}{books.get(found[3], '9999')}"
		return re.sub(r"/reports/(2026-)?([RC]?)(\d+)\b", name, path)

	def ask(self, method, path, who, body=None):
		if isinstance(body, dict) and str(body.get("to", "")).startswith("2026-"):
			body = {**body, "to": self.real("/reports/" + body["to"])[len("/reports/"):]}
		status, kind, answer = self.server.ask(method, self.real(path), None if body is None else json.dumps(body),
			{"Authorization": "Bearer " + self.office.tokens[who]})
		if kind != "application/json":
			return status, kind, re.sub(r"[0-9a-f]{64}", "", self.told(answer))
		if status >= 400:  # it says again what was asked for
			for language in ("message", "message_vi"):
				answer[language] = re.sub(r"\d{4,}", "?", answer[language])
		if "report" in answer:
			self.learn()  # it may be in another book now
		answer = json.loads(self.told(json.dumps(answer, ensure_ascii=False)))

		def numbers(value):
			for member in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
				numbers(member)
			if isinstance(value, dict) and "report" in value and "number" in value and value["report"]:
				value["number"] = int(value["report"].split("-")[1].lstrip("RC"))
		numbers(answer)
		return status, kind, answer

	def call(self, method, path, who, body=None):
		status, _, answer = self.ask(method, path, who, body)
		return status, answer

	def get(self, who, path, status=200):
		got, answer = self.call("GET", path, who)
		assert got == status, (who, path, got, answer)
		return answer

	def post(self, who, path, body, status=200):
		got, answer = self.call("POST", path, who, body)
		assert got == status, (who, path, got, answer)
		return answer

	def reports(self, who):
		return [row["report"] for row in self.get(who, "/api/v1/reports?limit=200")["reports"]]

	def reads(self, who, name):
		"""The words of a report, None without the right to them, False when he does not know of it."""
		got, answer = self.call("GET", f"/api/v1/reports/{name}", who)
		if got == 404:
			return False
		assert got == 200, (who, name, got, answer)
		return answer["dialogue"][0]["text"] if answer["sight"] == "words" else None

	def search(self, who, words):
		"""What he finds: 503 while another search runs, 403 when it is not for him."""
		for _ in range(200):
			status, answer = self.call("POST", "/api/v1/search", who, {"words": words})
			if status != 503:
				return status, answer
		raise TimeoutError("somebody searches without end")

	@staticmethod
	def named(path):
		"""A path with each name that may stand in it: of reports, and what other things are called."""
		if "{n}" not in path:
			return [path]
		names = "1 2 3 4 R1 R2 C1".split() if "/reports/" in path else "1 2 3 4 deputy thon-1 100".split()
		return [path.replace("{n}", name) for name in names]

	@staticmethod
	def queries(path):
		"""Each parameter that openapi.json gives this route, a new one too, with what it may be."""
		samples = {"from": ["2026-01-01"], "to": ["2026-12-31"], "limit": ["2"], "before": ["2"], "hamlet": ["thon-1"],
			"year": ["2026"], "until": ["2030-01-01"], "days": ["30"]}
		yield ""
		for parameter in API["paths"][path]["get"].get("parameters", []):
			while "$ref" in parameter:
				parameter = API["components"]["parameters"][parameter["$ref"].rsplit("/", 1)[1]]
			if parameter["in"] != "query":
				continue
			schema = parameter.get("schema", {})
			values = samples.get(parameter["name"]) or schema.get("enum") or {
				"boolean": ["true", "false"], "integer": ["1", "3"]}.get(schema.get("type"), ["conduct", "area"])
			for value in values:
				yield f"?{parameter['name']}={value}"

	def everything(self, who):
		"""All that he can fetch, and what he finds where he is sent on to."""
		found, ranks = {}, {}
		lines = subprocess.run([routes_program], capture_output=True, text=True, check=True).stdout
		for method, path, *_ in map(str.split, lines.splitlines()):
			if method != "GET" or "/audit" in path:
				continue
			for full in (named + query for named in self.named(path) for query in self.queries(path)):
				status, answer = self.call("GET", full, who)
				if path == "/metrics":
					answer = [line for line in answer.splitlines() if "messages{" in line or "_reports" in line]
				found[full] = (status, walked(answer, ranks))
		names = [f"{year}{book}{n}" for n in range(1, 9) for book in ("", "R", "C") for year in ("", "2026-")]
		for name in names:
			for path in (f"/api/v1/reports/{name}",):
				found[path] = (lambda pair: (pair[0], walked(pair[1], ranks)))(
					self.call("GET", path, who))
		for pages in ("csv", "html"):
			status, _, page = self.ask("POST", "/api/v1/register", who, {"year": 2026, "format": pages})
			found["register " + pages] = (status, page)
		for name in ("reports", "alarms", "clocks", "clock_statistics", "guess_statistics"):
			status, _, table = self.ask("POST", "/api/v1/export", who, {"list": name, "year": 2026})
			found["export " + name] = (status, table)
		for words in ("tin nguyên", "can bo", "nhận tiền", "khong co o dau"):
			found["search " + words] = self.search(who, words)
		for n in range(1, 12):
			found[f"attachment {n}"] = self.call("GET", f"/api/v1/attachments/{n}", who)[0]
		return found


class Keys(unittest.TestCase):
	def test_the_box_reads_until_it_is_claimed(self):
		box = Box(self)
		box.say("traffic " + WORDS)
		status, answer = box.server.call("GET", "/api/v1/reports/2")
		self.assertEqual((status, answer["dialogue"][0]["text"]), (200, WORDS))
		box.claim()
		box.say("fire " + WORDS)
		for name in (1, 2, 3):
			self.assertEqual(box.server.call("GET", f"/api/v1/reports/{name}")[0], 401)
		self.assertEqual(box.reads("chief", 2), WORDS)
		self.assertEqual(box.reads("chief", 3), WORDS)
		self.assertEqual(len(box.words.split()), 15)

	def test_each_role_reads_what_is_its_own(self):
		box = Box(self).claim()
		for role in ("deputy", "area", "duty", "clerk", "chairman"):
			box.add(role, role)
		box.say("traffic " + WORDS)
		for role in ("chief", "deputy", "area", "duty"):
			self.assertEqual(box.reads(role, 2), WORDS, role)
		self.assertIsNone(box.reads("clerk", 2))
		self.assertEqual(box.reads("chairman", 2), False)
		# What was there before they came: the chief alone, until he admits them.
		for role in ("deputy", "clerk"):
			self.assertIsNone(box.reads(role, 1), role)
		for role in ("area", "duty", "chairman"):
			self.assertEqual(box.reads(role, 1), False, role)
		box.post("clerk", "/api/v1/reports/2/rating", {"urgency": "urgent"}, 403)
		box.post("deputy", "/api/v1/reports/1/rating", {"urgency": "urgent"}, 403)
		box.post("area", "/api/v1/reports/1/rating", {"urgency": "urgent"}, 404)

	def test_admission_by_a_reader_and_by_the_words(self):
		box = Box(self).claim()
		box.add("area", "area")
		answer = box.post("chief", "/api/v1/officers/area/admission", {})
		self.assertEqual((answer["shared"], answer["next"]), (1, None))
		self.assertTrue(box.reads("area", 1))
		self.assertEqual(box.post("chief", "/api/v1/officers/area/admission", {})["shared"], 0)
		box.add("late", "deputy")
		wrong = box.words.split()
		wrong[3], wrong[9] = wrong[9], wrong[3]
		answer = box.post("chief", "/api/v1/officers/late/admission", {"words": " ".join(wrong[:-1])}, 400)
		self.assertIn("14 words", answer["message"])
		box.post("chief", "/api/v1/officers/late/admission", {"words": " ".join(wrong)}, 400)
		self.assertIsNone(box.reads("late", 1))
		answer = box.post("chief", "/api/v1/officers/late/admission", {"words": box.words.upper()})
		self.assertEqual(answer["shared"], 1)
		self.assertTrue(box.reads("late", 1))

	def test_other_words_take_the_place_of_lost_ones(self):
		"""What the chief reads is sealed to them at once, what only the chairman reads when he comes."""
		box = Box(self).claim()
		box.add("chairman", "chairman", phone="0900000013")
		box.add("deputy", "deputy", phone="0900000012")
		box.say("conduct trưởng công an xã nhận tiền của dân")
		old = box.words
		box.post("deputy", "/api/v1/escrow", {"passphrase": PASSPHRASE}, 403)
		box.post("chief", "/api/v1/escrow", {"passphrase": PASSPHRASE + "x"}, 401)
		box.post("chief", "/api/v1/escrow/check", {"words": old})
		answer = box.post("chief", "/api/v1/escrow", {"passphrase": PASSPHRASE})
		new = answer["words"]
		self.assertEqual((len(new.split()), answer["more"]), (15, False))
		self.assertIn(("deputy", "alarm"), [("deputy", row["kind"]) for row in box.get("deputy", "/api/v1/outbox")["outbox"]])
		self.assertFalse(box.get("chief", "/api/v1/status")["officers"]["is_escrow_checked"])
		box.post("chief", "/api/v1/escrow/check", {"words": old}, 403)
		box.post("chief", "/api/v1/escrow/check", {"words": new})
		self.assertTrue(box.get("chief", "/api/v1/status")["officers"]["is_escrow_checked"])
		# Not his to fill: the copy of the former words is all there is of it, and nobody tells him.
		self.assertEqual(box.post("chief", "/api/v1/escrow/fill", {}), {"more": False})
		box.add("second", "chairman")
		self.assertEqual(box.reads("second", "C1"), False)
		self.assertEqual(box.post("chief", "/api/v1/officers/second/admission", {"words": new})["shared"], 0)
		self.assertEqual(box.reads("second", "C1"), False)
		self.assertEqual(box.post("chief", "/api/v1/officers/second/admission", {"words": old})["shared"], 0)
		self.assertEqual(box.reads("second", "C1"), "trưởng công an xã nhận tiền của dân")
		# The chairman comes by: now the new words open it, and the old ones nothing.
		box.office.login("chairman", step=1)
		box.add("third", "chairman")
		self.assertEqual(box.post("chief", "/api/v1/officers/third/admission", {"words": old}, 403)["error"], "DENIED")
		box.post("chief", "/api/v1/officers/third/admission", {"words": new})
		self.assertEqual(box.reads("third", "C1"), "trưởng công an xã nhận tiền của dân")

	def test_status_tells_whose_account_is_missing(self):
		box = Box(self).claim()
		def problems():
			return {row["code"] for row in box.get("chief", "/api/v1/status")["problems"]}
		self.assertLessEqual({"NO_CHAIRMAN", "ONE_CHIEF", "ESCROW_UNCHECKED"}, problems())
		box.add("chairman", "chairman")
		box.add("second", "chief")
		box.post("chief", "/api/v1/escrow/check", {"words": box.words})
		self.assertFalse({"NO_CHAIRMAN", "ONE_CHIEF", "ESCROW_UNCHECKED"} & problems())
		self.assertNotIn("NO_CHAIRMAN", {row["code"] for row in Box(self).server.call("GET", "/api/v1/status")[1]["problems"]})

	def test_a_table_is_for_a_spreadsheet(self):
		box = Box(self).claim()
		box.server.call("POST", "/api/v1/reports", {"source": "walk_in", "text": "chay nha", "receiver": "=1+1"},
			token=box.office.tokens["chief"])
		box.learn()
		status, kind, table = box.ask("POST", "/api/v1/export", "chief", {"list": "reports", "year": 2026})
		self.assertEqual((status, kind), (200, "text/csv"))
		self.assertTrue(table.startswith('\ufeff"Số",'), table[:20])
		rows = table.split("\r\n")
		self.assertEqual((rows[1].split(",")[0], rows[2].split(",")[0], rows[3]), ('"2026-1"', '"2026-2"', ""))
		self.assertIn('"\'=1+1"', rows[2])
		self.assertNotIn("chay nha", table)
		for words in ("trình báo trực tiếp", "cháy, nổ"):
			self.assertIn(f'"{words}"', rows[2])

	def test_who_leaves_or_changes_reads_no_more(self):
		box = Box(self).claim()
		box.add("area", "area")
		box.say("traffic " + WORDS)
		self.assertEqual(box.reads("area", 2), WORDS)
		box.post("chief", "/api/v1/officers/area", {"role": "clerk"})
		self.assertIsNone(box.reads("area", 2))
		box.post("chief", "/api/v1/officers/area", {"role": "area"})
		self.assertEqual(box.reads("area", 2), False)
		box.post("chief", "/api/v1/officers/area/admission", {})
		self.assertEqual(box.reads("area", 2), WORDS)
		box.post("chief", "/api/v1/officers/area/reset", {"what": "passphrase"})
		box.say("fire " + WORDS)
		self.assertEqual(box.reads("chief", 3), WORDS)

	def test_a_place_changes_hands(self):
		box = Box(self).claim()
		box.add("one", "area", places=["thon-3"])
		box.add("two", "area")
		answer = box.post("chief", "/api/v1/places/thon-3/handover", {"from": "one", "to": "two"})
		self.assertEqual(answer, {"place": "thon-3", "open": []})
		officers = {row["login"]: row for row in box.get("chief", "/api/v1/officers")["officers"]}
		self.assertEqual(officers["one"]["places"], [])
		self.assertEqual(officers["two"]["places"], ["thon-3"])

	def test_both_are_told_that_a_place_changes_hands(self):
		"""How many are open, and nothing of what they say or of who wrote them."""
		box = Box(self).claim()
		box.add("one", "area", places=["thon-3"], phone="0900000021")
		box.add("two", "area", phone="0900000022")
		box.say("traffic " + WORDS)
		box.post("chief", "/api/v1/reports/2/hamlet", {"hamlet": "thon-3"})
		before = set(box.server.texts())
		self.assertEqual(box.post("chief", "/api/v1/places/thon-3/handover", {"from": "one", "to": "two"})["open"], ["2026-2"])
		told = dict(row for row in box.server.texts() if row not in before)
		place = [row for row in box.get("chief", "/api/v1/places")["places"] if row["code"] == "thon-3"][0]["name"]
		self.assertEqual(told.keys(), {"+84900000021", "+84900000022"})
		taken, given = told["+84900000022"], told["+84900000021"]
		self.assertIn("nhan ban giao dia ban", taken)
		self.assertIn("da ban giao dia ban", given)
		for text, other in ((taken, "Cán bộ one"), (given, "Cán bộ two")):
			self.assertIn(f"{place} ", text)
			self.assertIn(other, text)
			self.assertIn(": 1 tin dang xu ly", text)
			for secret in (WORDS, "traffic", "0900001", "2026-2"):
				self.assertNotIn(secret, text)

	def test_who_sees_the_line_takes_an_alarm_on(self):
		"""The ladder rings every officer in the end, the clerk too: his answer by SMS counts, and so does this one."""
		box = Box(self).claim()
		box.add("clerk", "clerk")
		box.say("DANGER fire " + WORDS)
		self.assertIsNone(box.reads("clerk", 2))
		self.assertEqual(box.post("clerk", "/api/v1/reports/2/acknowledge", {"note": "đã gọi 114"}), {"state": "TAKEN"})
		self.assertIn("đã gọi 114", json.dumps(box.get("chief", "/api/v1/reports/2")["dialogue"], ensure_ascii=False))
		box.say("conduct cán bộ khu vực đòi tiền")
		box.post("clerk", "/api/v1/reports/R1/acknowledge", {}, 404)

	def test_reports_of_a_place_are_its_officers(self):
		box = Box(self).claim()
		box.add("one", "area", places=["thon-3"])
		box.add("two", "area")
		box.add("clerk", "clerk")
		box.say("traffic " + WORDS)
		self.assertEqual([box.reads(who, 2) for who in ("one", "two")], [WORDS, WORDS])
		box.post("chief", "/api/v1/reports/2/hamlet", {"hamlet": "thon-3"})
		self.assertEqual([box.reads(who, 2) for who in ("one", "two")], [WORDS, False])
		box.post("chief", "/api/v1/reports/2/assignee", {"officer": "two"})
		self.assertEqual([box.reads(who, 2) for who in ("one", "two")], [WORDS, WORDS])
		box.post("chief", "/api/v1/reports/2/assignee", {"officer": None})
		self.assertEqual([box.reads(who, 2) for who in ("one", "two")], [WORDS, False])
		answer = box.post("chief", "/api/v1/places/thon-3/handover", {"from": "one", "to": "two"})
		self.assertEqual(answer["open"], ["2026-2"])
		self.assertEqual([box.reads(who, 2) for who in ("one", "two")], [False, WORDS])
		box.post("chief", "/api/v1/reports/2/subjects", {"officers": ["two"]})
		box.post("chief", "/api/v1/reports/2/assignee", {"officer": "two"}, 403)


class Conflict(unittest.TestCase):
	maxDiff = None

	def same(self, box, without, who):
		"""All that he can fetch, one by one, so that a difference is told."""
		mine, other = box.everything(who), without.everything(who)
		self.assertEqual(mine.keys(), other.keys())
		for path in mine:
			self.assertEqual(mine[path], other[path], (who, path))

	"""A report about an officer: as if it were not there, for him and those under him."""
	TEXT = "cán bộ khu vực đòi tiền của nhà tôi"

	def box(self, conduct):
		box = Box(self).claim()
		box.add("deputy", "deputy", superior="chief", phone="0900000012")
		box.post("deputy", "/api/v1/officers/deputy", {"phone": "0900000012"}, 403)
		box.add("area", "area", superior="deputy")
		box.add("duty", "duty", superior="chief")
		box.add("clerk", "clerk", superior="chief")
		box.add("chairman", "chairman", phone="0900000013")
		box.say("traffic " + WORDS)
		if conduct:
			box.say(conduct)
		box.say("fire " + WORDS)
		return box

	def test_undecided_it_is_the_chief_s_alone(self):
		box, without = self.box("conduct " + self.TEXT), self.box(None)
		self.assertEqual(box.reads("chief", "R1"), self.TEXT)
		self.assertEqual(box.reports("chief"), ["2026-3", "2026-R1", "2026-2", "2026-1"])
		for who in ("deputy", "area", "duty", "clerk", "chairman"):
			self.same(box, without, who)
		for words in ("can bo khu vuc", "CÁN BỘ"):
			hits = box.search("chief", words)[1]["hits"]
			self.assertEqual([(hit["report"], hit["text"]) for hit in hits], [("2026-R1", self.TEXT)])
		box.post("deputy", "/api/v1/reports/R1/rating", {"category": "other"}, 404)
		box.post("duty", "/api/v1/reports/R1/answer", {"text": "x"}, 404)

	def test_decided_its_subject_does_not_see_it_and_others_do(self):
		box, without = self.box("conduct " + self.TEXT), self.box(None)
		box.post("chief", "/api/v1/reports/R1/rating", {"category": "conduct", "urgency": "urgent"})
		box.post("chief", "/api/v1/reports/R1/subjects", {"officers": ["area"]})
		self.assertEqual(box.reads("deputy", "R1"), self.TEXT)
		for who in ("area", "duty", "clerk"):
			self.same(box, without, who)
		# About the deputy: neither he nor who is under him.
		box.post("chief", "/api/v1/reports/R1/subjects", {"officers": ["deputy"]})
		for who in ("deputy", "area", "duty", "clerk"):
			self.same(box, without, who)
		self.assertEqual(box.reads("chief", "R1"), self.TEXT)

	def test_about_the_chief_it_is_the_chairman_s(self):
		box = self.box("conduct trưởng công an xã nhận tiền của dân")
		without = self.box(None)
		self.assertEqual(box.reads("chairman", "C1"), "trưởng công an xã nhận tiền của dân")
		for who in ("chief", "deputy", "area", "duty", "clerk"):
			self.same(box, without, who)
		# He handles it as the chief does others, and nobody at the police finds any trace of that.
		box.post("chairman", "/api/v1/reports/C1/class", {"class": "phan_anh"})
		box.post("chairman", "/api/v1/reports/C1/rating", {"category": "conduct", "urgency": "urgent"})
		box.post("chairman", "/api/v1/reports/C1/note", {"text": "đã hẹn gặp"})
		self.assertIn("address", box.post("chairman", "/api/v1/reports/C1/identity", {"reason": "hẹn gặp người báo tin"}))
		self.assertEqual([row["report"] for row in box.get("chairman", "/api/v1/reveals")["reveals"]], ["2026-C1"])
		box.post("chairman", "/api/v1/reports/C1/hold", {"reason": "đang xác minh"})
		self.assertIn(("2026-C1", "phan_anh"),
			{(row["report"], row["class"]) for row in box.get("chairman", "/api/v1/clocks?days=60")["clocks"]})
		box.post("chairman", "/api/v1/reports/C1/answer", {"text": "Mời ông/bà đến Ủy ban nhân dân xã."})
		box.post("chairman", "/api/v1/reports/C1/hamlet", {"hamlet": None})
		# Whoever he could give it to works under the one it is about.
		for login in ("deputy", "area", "chief"):
			refused = box.post("chairman", "/api/v1/reports/C1/assignee", {"officer": login}, 403)
			self.assertIn("the chairman handles it himself, or transfers it", json.dumps(refused))
		self.assertIn("without that", json.dumps(
			box.post("chairman", "/api/v1/reports/C1/assignee", {"officer": "chairman"}, 400)))
		box.post("chairman", "/api/v1/reports/C1/outcome", {"kind": "transferred",
			"addressee": "Thanh tra Công an tỉnh", "receipt": "12/2026"})
		for who in ("chief", "area"):
			self.same(box, without, who)
		# No other report is there for him.
		for path, body in (("answer", {"text": "x"}), ("class", {"class": "phan_anh"}), ("note", {"text": "x"}),
				("rating", {"category": "other"}), ("hold", {"reason": "x"}), ("pin", None), ("forget", None),
				("identity", {"reason": "gọi lại người báo tin"}),
				("hamlet", {"hamlet": None}), ("assignee", {"officer": "area"})):
			box.post("chairman", f"/api/v1/reports/2/{path}", body, 404)
		# It only named him: the chairman gives it on.
		box.post("chairman", "/api/v1/reports/C1/subjects", {"officers": ["area"]})
		self.assertEqual(box.reads("chief", "R1"), "trưởng công an xã nhận tiền của dân")
		self.assertEqual(box.reads("area", "R1"), False)

	def test_the_log_names_a_report_only_to_who_knows_it(self):
		"""Every row, or the chain would have a hole; who looks after the machine can't even tell them apart."""
		box = self.box("conduct trưởng công an xã nhận tiền của dân")
		box.add("it", "it", superior="chief")
		box.post("chief", "/api/v1/reports/2/identity", {"reason": "gọi lại người báo tin"})
		box.post("chairman", "/api/v1/reports/C1/answer", {"text": "Đã nhận."})
		# Nor how many there are: the chief would see the number rise while the chairman works.
		for who in ("chief", "deputy", "area", "duty", "clerk"):
			state = box.get(who, "/api/v1/status")["audit"]
			self.assertEqual((state["events"], state["verified_event"], state.get("checked_events")), (None,) * 3, who)
			# Nor when one comes in, by what the file and its log grow by.
			store = box.get(who, "/api/v1/status")["store"]
			self.assertEqual([store[key] for key in ("wal_bytes", "commits", "last_commit_us", "max_commit_us")], [None] * 4, who)
			self.assertEqual([store[key] % 2 ** 26 for key in ("database_bytes", "free_bytes")], [0, 0], who)
			# At the keyboard of the box he sees the rows: one that he knows looks like one that he may not.
			log = box.get(who, "/api/v1/audit?limit=200")["events"]
			self.assertFalse([row for row in log if row["subject"].startswith(("report/", "outbox/"))], who)
			self.assertFalse([row for row in log if row["kind"].startswith(("report.", "identity."))], who)
		self.assertGreater(box.get("it", "/api/v1/status")["audit"]["events"], 10)
		self.assertGreater(box.get("it", "/api/v1/status")["store"]["commits"], 10)
		rows = {who: box.get(who, "/api/v1/audit?limit=200")["events"] for who in ("it", "chairman")}
		for who, events in rows.items():
			self.assertEqual([row["id"] for row in events], list(range(events[0]["id"], events[-1]["id"] - 1, -1)), who)
		about = [row for row in rows["it"] if row["subject"] == "report"]
		self.assertGreater(len(about), 4)
		self.assertEqual({(row["kind"], row["actor"], json.dumps(row["data"])) for row in about}, {("report", "", "{}")})
		self.assertFalse([row for row in rows["it"] if row["subject"].startswith("report/") or row["kind"].startswith("report.")])
		self.assertNotIn("identity.revealed", {row["kind"] for row in rows["it"]})
		# The chairman knows one of them, by the id that he is shown elsewhere, and oversees what is done to the others.
		shown = box.get("chairman", "/api/v1/reports")["reports"][0]["id"]
		mine = {row["kind"] for row in rows["chairman"] if row["subject"] == f"report/{shown}"}
		self.assertLessEqual({"report.received", "report.answered"}, mine)
		others = [row for row in rows["chairman"] if row["subject"] == "report"]
		self.assertIn(("identity.revealed", "officer:chief"), {(row["kind"], row["actor"]) for row in others})
		self.assertEqual({json.dumps(row["data"]) for row in others}, {"{}"})

	def test_what_leaders_do_to_it_is_in_no_list_of_his(self):
		"""Identities opened, holds, law and its clocks, links: the deputy has all those lists, and is its subject."""
		box, without = self.box("conduct " + self.TEXT), self.box(None)
		for one in (box, without):
			one.post("deputy", "/api/v1/reports/2/identity", {"reason": "gọi lại người báo tin"})
		box.post("chief", "/api/v1/reports/R1/subjects", {"officers": ["deputy"]})
		box.post("chief", "/api/v1/reports/R1/identity", {"reason": "hẹn gặp người báo tin"})
		box.post("chief", "/api/v1/reports/R1/hold", {"reason": "thanh tra yêu cầu"})
		box.post("chief", "/api/v1/reports/R1/class", {"class": "phan_anh"})
		box.post("chief", "/api/v1/reports/R1/link", {"to": "2026-2", "linked": True})
		opened = box.get("chief", "/api/v1/reveals")["reveals"]
		self.assertEqual([(row["report"], row["reason"]) for row in opened],
			[("2026-R1", "hẹn gặp người báo tin"), ("2026-2", "gọi lại người báo tin")])
		self.assertEqual(box.get("chief", "/api/v1/reports/R1/retention")["retention"]["hold"]["reason"],
			"thanh tra yêu cầu")
		clocks = box.get("chief", "/api/v1/clocks?days=60")["clocks"]
		self.assertIn("2026-R1", [row["report"] for row in clocks])
		mine = box.get("deputy", "/api/v1/clocks?days=60")["clocks"]
		self.assertNotIn("2026-R1", [row["report"] for row in mine])
		for who in ("deputy", "area", "clerk"):
			self.same(box, without, who)
		# As many rows of a page as there are for him, not as there were before some were hidden.
		self.assertEqual([row["report"] for row in box.get("deputy", "/api/v1/reveals?limit=1")["reveals"]], ["2026-2"])
		whole = [row["id"] for row in mine]
		self.assertEqual([row["id"] for row in box.get("deputy", f"/api/v1/clocks?days=60&limit={len(whole)}")["clocks"]],
			whole)
		for year in ("", "?year=2026"):
			sums = {(row["class"], row["clock"]): row for row in box.get("chief", "/api/v1/statistics/clocks" + year)["rows"]}
			self.assertIn("phan_anh", {key[0] for key in sums})
			sums = box.get("deputy", "/api/v1/statistics/clocks" + year)["rows"]
			self.assertNotIn("phan_anh", {row["class"] for row in sums})

	def test_a_line_alone_has_no_reasons(self):
		box = self.box(None)
		box.post("chief", "/api/v1/reports/1/identity", {"reason": "gọi lại người báo tin"})
		self.assertEqual([row["reason"] for row in box.get("deputy", "/api/v1/reveals")["reveals"]], [None])

	def test_what_was_none_enters_the_register(self):
		box = self.box("conduct " + self.TEXT)
		answer = box.post("chief", "/api/v1/reports/R1/rating", {"category": "suggestion"})
		self.assertEqual(answer["report"], "2026-4")
		for who in ("deputy", "area", "duty"):
			self.assertEqual(box.reads(who, 4), self.TEXT, who)

	def test_one_that_was_guessed_otherwise_is_gone(self):
		"""Nobody was printed a page of it: no number and no blank line, also not for who is promoted later."""
		box, without = self.box("dispute " + self.TEXT), self.box(None)
		for n, who in ((3, "deputy"), (3, "area"), (3, "clerk")):
			self.assertIsNot(box.reads(who, n), False)
		box.post("chief", "/api/v1/reports/3/subjects", {"officers": ["deputy"]})
		box.drawn[""] = {number: {3: 99, 4: 3}.get(n, n) for number, n in box.drawn[""].items()}
		for who in ("deputy", "area", "duty", "clerk"):
			self.same(box, without, who)
		for one in (box, without):
			one.post("chief", "/api/v1/officers/area", {"role": "clerk"})
			one.post("chief", "/api/v1/officers/deputy", {"role": "chief"})
			one.say("conduct cán bộ khác")
		self.assertEqual(box.reads("deputy", "R1"), "cán bộ khác")
		for who in ("deputy", "area"):
			self.same(box, without, who)

	def test_what_becomes_one_after_it_was_printed_leaves_a_blank_line(self):
		box = self.box(None)
		self.assertEqual(box.reads("area", 2), WORDS)
		page = box.ask("POST", "/api/v1/register", "clerk", {"year": 2026, "format": "csv"})[2]
		lines = [line.split(",")[:2] for line in page.splitlines()[1:] if line.endswith('"tin"')]
		self.assertEqual(lines, [['"1"', '"1/2026"'], ['"2"', '"2/2026"'], ['"3"', '"3/2026"']])
		box.post("chief", "/api/v1/reports/2/subjects", {"officers": ["area"]})
		self.assertEqual(box.reads("area", 2), False)
		line = [row for row in box.get("clerk", "/api/v1/reports")["reports"] if row["number"] == 2][0]
		self.assertEqual((line["sight"], line["state"], line["category"], line["code"]), ("blank", "moved", "other", ""))
		self.assertEqual(box.reports("clerk"), ["2026-3", "2026-2", "2026-1"])
		# It stays where the page has it, for who reads it still.
		self.assertEqual([box.reads("deputy", name) for name in (2, "R1")], [WORDS, False])
		self.assertEqual([box.reads("area", name) for name in (2, "R1")], [False, False])

	def test_statistics_and_counts_are_his_own(self):
		box, without = self.box("conduct " + self.TEXT), self.box(None)
		box.post("chief", "/api/v1/reports/R1/subjects", {"officers": ["deputy"]})
		box.post("chief", "/api/v1/reports/R1/rating", {"category": "conduct"})
		for path in ("/api/v1/statistics/guess", "/api/v1/status"):
			self.assertEqual(walked(box.get("deputy", path), {}), walked(without.get("deputy", path), {}), path)
		self.assertEqual(box.get("chief", "/api/v1/statistics/guess")["decided"], 1)


if __name__ == "__main__":
	routes_program, serve_program = sys.argv[1:3]
	unittest.main(argv=sys.argv[:1])
