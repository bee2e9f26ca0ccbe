# SPDX-License-Identifier: GPL-2.0-or-later
"""The page that is looked at most: what needs whom now, and the register by what is wanted of it."""
import pathlib
import re
import sys
import unittest

from server import Server  # first: it knows the folder of the library
from officers import Office

NOW_S = 1795331109  # where the clock of http_serve stands
ROOT = pathlib.Path(__file__).resolve().parents[3]
serve_program = None


class Today(unittest.TestCase):
	def setUp(self):
		self.server = Server(serve_program).__enter__()
		self.addCleanup(self.server.__exit__)
		self.token = None

	def must(self, method, path, body=None, status=200):
		got, answer = self.server.call(method, path, body, token=self.token)
		self.assertEqual(got, status, answer)
		return answer

	def enter(self, text, **rating):
		report = self.must("POST", "/api/v1/reports", {"source": "walk_in", "text": text,
			"phone": "+84900000123"})["report"]
		self.must("POST", f"/api/v1/reports/{report}/rating", {"urgency": "normal", "category": "order", **rating})
		return report

	def today(self):
		return self.must("GET", "/api/v1/today")

	def wanted(self, query):
		return [row["report"] for row in self.must("GET", "/api/v1/reports?" + query)["reports"]]

	def test_the_most_dangerous_and_oldest_first(self):
		self.must("POST", "/api/v1/reports/1/answer", {"text": "đã xem"})
		quiet, danger, urgent, later = (self.enter("tin một"), self.enter("tin hai", urgency="danger"),
			self.enter("tin ba", urgency="urgent"), self.enter("tin bốn", urgency="danger"))
		today = self.today()
		self.assertEqual([row["report"] for row in today["reports"]], [danger, later, urgent, quiet])
		self.assertEqual(today["open"], 4)
		self.assertTrue(all(row["urgency"] == "danger" or row["state"] == "open" for row in today["reports"]))
		self.assertEqual([alarm["state"] for alarm in today["alarms"]].count("TAKEN"), 0)
		# What is worked on elsewhere, or answered, needs nobody.
		self.must("POST", f"/api/v1/reports/{later}/merge", {"into": danger})
		self.must("POST", f"/api/v1/reports/{danger}/answer", {"text": "đang đến"})
		self.assertEqual([row["report"] for row in self.today()["reports"]], [urgent, quiet])

	def test_only_what_is_wanted(self):
		danger = self.enter("tin hai", urgency="danger", category="fire")
		answered = self.enter("tin ba")
		self.must("POST", f"/api/v1/reports/{answered}/answer", {"text": "đã xem"})
		self.assertEqual(self.wanted("urgency=danger"), [danger])
		self.assertEqual(self.wanted("category=fire&state=open"), [danger])
		self.assertEqual(self.wanted("category=fire&state=answered"), [])
		self.assertIn(answered, self.wanted("state=answered"))
		self.assertEqual(self.wanted("hamlet=nowhere"), [])
		for query in ("state=new", "urgency=high", "category=cat"):
			self.assertEqual(self.must("GET", "/api/v1/reports?" + query, status=400)["error"], "INVALID")

	def test_a_page_that_is_short_goes_on(self):
		for i in range(4):
			self.enter(f"tin {i}", category="fire" if i == 0 else "order")
		seen, before = [], ""
		while True:
			page = self.must("GET", "/api/v1/reports?limit=1&category=fire" + before)
			seen += [row["report"] for row in page["reports"]]
			if page["next_before"] is None:
				break
			before = f"&before={page['next_before']}"
		self.assertEqual(len(seen), len(set(seen)))
		self.assertEqual(seen, [row["report"] for row in self.must("GET", "/api/v1/reports")["reports"]
			if row["category"] == "fire"])

	def test_each_sees_what_is_his(self):
		office = Office(self.server.call, lambda: NOW_S)
		office.claim("chief")
		for role in ("it", "area", "clerk"):
			office.add(role, role, "chief")
		self.token = office.tokens["chief"]
		report = self.enter("tin của thôn", urgency="danger")
		self.must("POST", f"/api/v1/reports/{report}/subjects", {"officers": ["area"]})
		self.assertIn(report, [row["report"] for row in self.today()["reports"]])
		for role in ("it", "area", "clerk"):
			self.token = office.tokens[role]
			today = self.today()
			self.assertNotIn(report, [row["report"] for row in today["reports"]], role)
		self.token = office.tokens["it"]
		today = self.today()
		self.assertEqual((today["reports"], today["clocks"], today["alarms"], today["waiting"], today["open"]), ([], [], [], [], 0))
		self.assertIn("NO_CHAIRMAN", [problem["code"] for problem in today["problems"]])

	def test_figures_hide_what_is_small(self):
		for i in range(7):
			self.enter(f"tin {i}", category="fire" if i < 6 else "traffic")
		year = self.must("GET", "/api/v1/figures")
		self.assertEqual(len(year["periods"]), 11)
		self.assertEqual((sum(year["reports"]), year["by"], year["to"]), (8, "month", "2026-11-22"))
		rows = {row["category"]: row["counts"] for row in year["categories"]}
		# 8 in 12 kinds: whatever is told, the rest could be had from it.
		self.assertEqual([counts[-1] for counts in rows.values()], [None] * 12)
		self.assertEqual([row["counts"][0] for row in year["categories"]], [0] * 12)
		for i in range(9):
			self.enter(f"tin them {i}", category="fire" if i < 5 else "traffic")
		year = self.must("GET", "/api/v1/figures")
		rows = {row["category"]: row["counts"][-1] for row in year["categories"]}
		# One of another kind alone would be the rest: the next smallest is hidden with it.
		self.assertEqual((rows["fire"], rows["traffic"], list(rows.values()).count(None)), (11, None, 2))
		self.assertEqual({row["hamlet"] for row in year["hamlets"]} & {""}, {""})
		# What is cut short, or finer than a month, could be taken from the month.
		for query in ("by=day&from=2026-11-20", "by=week&from=2026-11-01", "from=2026-11-02", "to=2026-11-21",
				"from=2026-10-31&to=2026-11-21"):
			cut = self.must("GET", "/api/v1/figures?" + query)
			told = {count for row in cut["categories"] + cut["hamlets"] for count in row["counts"][-1:]}
			self.assertEqual(told, {None}, query)
		days = self.must("GET", "/api/v1/figures?from=2026-11-02&to=2026-11-22&by=week")
		self.assertEqual(days["periods"], ["2026-11-02", "2026-11-09", "2026-11-16"])
		self.assertEqual(days["reports"], [0, 0, 17])
		targets = {row["code"]: row for row in days["targets"]}
		self.assertEqual(targets["enterprises"]["steps"], [70, 100])
		self.assertIsNone(targets["schools"]["percent"])
		self.must("GET", "/api/v1/figures?by=day", status=413)
		for query in ("by=hour", "from=x", "from=2026-11-22&to=2026-11-01"):
			self.must("GET", "/api/v1/figures?" + query, status=400)

	def test_targets_count_who_takes_part(self):
		self.must("POST", "/api/v1/places", {"code": "thon9", "name": "Thôn 9", "kind": "hamlet"})
		self.must("POST", "/api/v1/places", {"code": "thon8", "name": "Thôn 8", "kind": "hamlet"})
		before = {row["code"]: row for row in self.must("GET", "/api/v1/figures")["targets"]}["hamlets"]
		self.must("POST", "/api/v1/residents", {"rows": [
			{"phone": "0900000123", "name": "Người 1", "place": "thon9", "role": "member"}]})
		after = {row["code"]: row for row in self.must("GET", "/api/v1/figures")["targets"]}["hamlets"]
		self.assertEqual((after["done"], after["of"]), (before["done"] + 1, before["of"]))

	def test_in_time_is_the_same_for_everybody(self):
		"""What is kept from some counts in no target, also before there are officers to keep it from."""
		def in_time():
			rows = self.must("GET", "/api/v1/figures")["targets"]
			return next(row for row in rows if row["code"] == "in_time")["of"]
		before = in_time()
		for category, added in (("conduct", 0), ("order", 1)):
			report = self.enter(f"tin {category}", category="order")
			self.must("POST", f"/api/v1/reports/{report}/rating", {"category": category})
			self.must("POST", f"/api/v1/reports/{report}/class", {"class": "phan_anh"})
			self.assertEqual(in_time(), before + added, category)

	def test_the_page_has_words_for_each_problem(self):
		codes = re.findall(r"\[PROBLEM_(\w+)\] = ", (ROOT / "daemon/http/problems.c").read_text("utf-8"))
		words = (ROOT / "console/src/page/problem_words.ts").read_text("utf-8")
		self.assertGreater(len(codes), 40)
		self.assertEqual([code for code in codes if not re.search(rf"^\t{code}: ", words, re.M)], [])
		self.assertNotIn("binhyenctl", words)


if __name__ == "__main__":
	serve_program = sys.argv[1]
	unittest.main(argv=sys.argv[:1])
