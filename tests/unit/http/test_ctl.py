# SPDX-License-Identifier: GPL-2.0-or-later
"""binhyenctl against the API on a real socket: what it prints, and its exit codes."""
import json
import os
import pty
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import unittest
import xml.etree.ElementTree

from server import Server

CTL, SERVE = sys.argv[1:3]
DONE, REFUSED, USAGE, NOT_REACHED, NOT_FOUND = range(5)


def ctl(*args, stdin="", env=None):
	environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
	environment.update(env or {})
	return subprocess.run([CTL, *args], input=stdin, capture_output=True, text=True,
		env=environment, timeout=60)


class Commands(unittest.TestCase):
	def setUp(self):
		self.server = Server(SERVE)
		self.server.__enter__()
		self.addCleanup(self.server.__exit__)

	def run_ctl(self, *args, code=DONE, stdin=""):
		done = ctl("--socket", self.server.socket_path, *args, stdin=stdin)
		self.assertEqual(done.returncode, code, done.stdout + done.stderr)
		self.assertEqual(done.stderr == "", code == DONE, done.stderr)
		for text in (done.stdout, done.stderr):
			self.assertNotIn("\x1b", text)
			self.assertNotIn("\x07", text)
			self.assertNotIn("\u202e", text)
		return done.stdout if code == DONE else done.stderr

	def test_settings_are_shown_and_changed(self):
		self.assertRegex(self.run_ctl("settings"), r"duty.climb_first_s +120 giây")
		out = self.run_ctl("setting", "duty.climb_first_s", "set", "60")
		self.assertRegex(out, r"duty.climb_first_s +60 giây .*changed by officer:uid\d+, file: 120")
		self.assertRegex(self.run_ctl("setting", "duty.climb_first_s", "reset"), r"duty.climb_first_s +120 giây")
		self.assertIn("a number from 1 to 3600", self.run_ctl("setting", "duty.climb_first_s", "set", "x", code=REFUSED))
		self.assertRegex(self.run_ctl("setting", "menu.phone", "set", "113"), r"menu.phone +113")
		self.run_ctl("setting", "store.path", "set", "/x", code=NOT_FOUND)

	def test_a_place_is_closed(self):
		self.run_ctl("place", "ap-7", "hamlet", "Ấp 7")
		self.assertIn("ap-7 is closed", self.run_ctl("place", "ap-7", "close", "sáp nhập"))
		self.run_ctl("place", "ap-7", "close", "sáp nhập", code=REFUSED)
		self.run_ctl("place", "AP", "close", "sáp nhập", code=USAGE)

	def test_an_entry_is_confirmed(self):
		self.run_ctl("procedure", "cc-cap-lai", "confirm", "2026-11-20")
		self.run_ctl("procedure", "cc-cap-lai", "confirm", "2036-11-20", code=REFUSED)
		self.run_ctl("procedure", "cc-cap-lai", "unconfirm")
		self.run_ctl("procedure", "cc-cap-lai", "unconfirm", code=REFUSED)
		self.run_ctl("enrolment", "9", "ask", "both", code=NOT_FOUND)

	def test_attachments_are_listed_and_saved(self):
		out = self.run_ctl("report", "1")
		self.assertIn("1: file, stored, application/octet-stream, 11 bytes", out)
		self.assertIn("2: file, waiting", out)
		self.assertEqual(self.run_ctl("attachment", "1", "-"), "don to cao\n")
		with tempfile.TemporaryDirectory() as folder:
			path = os.path.join(folder, "x")
			self.run_ctl("attachment", "1", path)
			with open(path, "rb") as file:
				self.assertEqual(file.read(), b"don to cao\n")
			self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
			self.run_ctl("attachment", "1", path, code=REFUSED)
			self.run_ctl("attachment", "9", path + "9", code=NOT_FOUND)
			self.run_ctl("attachment", "2", path + "2", code=REFUSED)
			self.assertEqual(os.listdir(folder), ["x"])
		self.run_ctl("attachment", "x", "y", code=USAGE)

	def test_gaps_are_listed_until_somebody_looked(self):
		self.assertIn("look in the inbox", self.run_ctl("zalo", "gaps"))
		self.run_ctl("zalo", "gap", "1", "seen")
		self.assertIn("seen (đã xem)", self.run_ctl("zalo", "gaps"))
		self.run_ctl("zalo", "gap", "1", "seen", code=REFUSED)
		self.run_ctl("zalo", "gap", "9", "seen", code=NOT_FOUND)
		self.run_ctl("zalo", "gap", "x", "seen", code=USAGE)

	def test_a_danger_is_taken_on(self):
		self.assertIn("There is no roster", self.run_ctl("duty"))
		self.run_ctl("report", "1", "take", code=NOT_FOUND)
		self.run_ctl("report", "1", "urgency", "danger")
		number = json.loads(self.run_ctl("--json", "duty", "alarms"))["alarms"][0]["number"]
		self.assertIn("RINGING", self.run_ctl("duty", "alarms"))
		self.assertIn("đã nhận báo động", self.run_ctl("duty", "take", str(number), "đang", "đến"))
		self.run_ctl("duty", "take", str(number), code=REFUSED)
		self.run_ctl("duty", "take", "1", code=USAGE)
		self.run_ctl("report", "1", "urgency", "danger")
		self.assertIn("TAKEN", self.run_ctl("duty", "alarms"))

	def test_stay_notices_are_read_and_decided(self):
		out = self.run_ctl("stays")
		self.assertIn("RECEIVED", out)
		self.assertNotIn("Nguyen", out)
		out = self.run_ctl("stay", "1")
		self.assertIn("001090123456 Nguyen Van A", out)
		self.assertIn("address (địa chỉ): thon 3", out)
		self.assertIn("is ENTERED", self.run_ctl("stay", "1", "entered"))
		self.run_ctl("stay", "1", "entered", code=REFUSED)
		self.run_ctl("stay", "9", "recorded", code=NOT_FOUND)
		self.run_ctl("stay", "x", code=USAGE)
		self.assertIn("is DECLINED", self.run_ctl("stay", "1", "decline", "sai ngày"))

	def test_files_of_the_one_stop_office(self):
		self.assertIn("No list", self.run_ctl("dossiers"))
		table = "code,state,due\nHS-000123,Đang xử lý,25/11/2026\n"
		self.assertIn("Would be: 1 added", self.run_ctl("dossiers", "check", "-", stdin=table))
		self.assertIn("No list", self.run_ctl("dossiers"))
		self.assertIn("1 added, 0 changed", self.run_ctl("dossiers", "import", "-", stdin=table))
		self.assertIn("WORKING   1", self.run_ctl("dossiers"))

	def test_polls(self):
		self.assertIn("No polls", self.run_ctl("polls"))
		words = ["question=Lắp camera?", "option=Đồng ý = ok, dc", "option=Không đồng ý", "closes=2026-11-25 18:00"]
		self.assertIn("its question is bulletin", self.run_ctl("poll", "new", *words, "to=all", "quorum=10"))
		self.run_ctl("poll", "new", *words, code=REFUSED)
		self.run_ctl("poll", "new", "question", code=USAGE)
		self.run_ctl("poll", "new", *words, "to=all", "color=red", code=USAGE)
		self.assertIn("OPEN", self.run_ctl("poll", "11", "open"))
		self.assertIn("Lắp camera?", self.run_ctl("polls"))
		self.assertIn("1 Đồng ý = ok, dc", self.run_ctl("poll", "11"))
		self.assertIn("option (phương án) 2", self.run_ctl("poll", "11", "try", "ko dong y"))
		self.assertIn("not clear", self.run_ctl("poll", "11", "try", "?"))
		self.assertIn("Every answer is clear", self.run_ctl("poll", "11", "unclear"))
		self.run_ctl("poll", "11", "assign", "0" * 64, "1", "all", code=NOT_FOUND)
		self.run_ctl("poll", "11", "assign", "x", code=USAGE)
		self.assertIn("CLOSED", self.run_ctl("poll", "11", "close"))
		self.assertIn("its result is bulletin", self.run_ctl("poll", "11", "result"))
		self.run_ctl("poll", "11", "cancel", code=REFUSED)
		self.run_ctl("poll", "x", code=USAGE)

	def test_what_is_printed_is_whole(self):
		with tempfile.TemporaryDirectory() as folder:
			path = os.path.join(folder, "poster.svg")
			known = ("number=0900000123", "name=Công an xã Bình Yên")
			self.run_ctl("poster", path, *known, "zalo=123", "hamlet=thôn 3")
			xml.etree.ElementTree.parse(path)
			self.run_ctl("poster", path, *known)
			drawing = self.run_ctl("poster", "-", *known)
			with open(path, encoding="utf-8") as file:
				self.assertEqual(file.read(), drawing)
			self.run_ctl("poster", path, code=USAGE)
			self.run_ctl("poster", path, "number=x", code=USAGE)
			self.run_ctl("poster", path, *known, "colour=red", code=USAGE)
			self.run_ctl("poster", os.path.join(folder, "no", "x.svg"), *known, code=REFUSED)
			pages = os.path.join(folder, "pages")
			self.assertIn("32 pages", self.run_ctl("procedures", "pages", pages, *known, "url=https://example.org/tt"))
			self.run_ctl("procedures", "pages", pages)
			names = os.listdir(pages)
			self.assertEqual(len(names), 33)
			with open(os.path.join(pages, "index.html"), encoding="utf-8") as file:
				links = re.findall(r'href="([^"]*)"', file.read())
			self.assertEqual(sorted(links + ["index.html"]), sorted(names))

	def test_a_roster_goes_in_whole_or_not(self):
		with tempfile.TemporaryDirectory() as folder:
			path = os.path.join(folder, "roster.csv")

			def check(text, *words):
				with open(path, "w", encoding="utf-8") as file:
					file.write(text)
				done = ctl("--socket", self.server.socket_path, "roster", "check", path)
				self.assertEqual(done.returncode, REFUSED if words else 0, done.stderr)
				for word in words:
					self.assertIn(word, done.stderr)
			check("", "the file is empty")
			check("day,from\n", "row 1, to: there is no such column")
			check("day;from;to;officer\nmon;7:00;19:00;an\nxyz;7;8;an\n", "row 2: there is no officer", "row 3: the day is a weekday")
			check("day,from,to,officer\nT2,7h00,25:00,an\n", "row 2: a time is written")
			check('day,from,to,officer\nT2,"7h00,25:00,an\n', "a quotation mark")
			check("ngày,từ,đến,cán bộ\n")
			self.assertIn("0 added", self.run_ctl("roster", "import", path))
			self.assertEqual(self.run_ctl("roster", "export", "-"), "day,from,to,rank,officer,instead_of\n")

	def test_the_log_is_read_checked_and_compared(self):
		self.assertIn("report.received", self.run_ctl("audit"))
		self.assertIn("NOT whole, at event 3: rows are gone (mất dòng)", self.run_ctl("audit", "verify"))
		self.assertIn("Now (hiện tại): event (mục) ", self.run_ctl("audit", "head"))
		self.assertIn("no head of that day", self.run_ctl("audit", "check", "22/11/2026", "3F2A", "91BC77D0", "1E5F"))
		self.run_ctl("audit", "check", "22/11/2026", code=USAGE)
		self.run_ctl("audit", "check", "22/11/2026", "x", code=REFUSED)
		self.assertIn("rows were cut off the end", self.run_ctl("audit", "faults"))
		self.run_ctl("audit", "fault", "1", "seen")
		self.assertIn("seen (đã xem)", self.run_ctl("audit", "faults"))
		self.run_ctl("audit", "fault", "x", "seen", code=USAGE)
		lines = self.run_ctl("audit", "export", "-").splitlines()
		self.assertEqual([json.loads(line)["id"] for line in lines], list(range(1, len(lines) + 1)))

	def test_status(self):
		text = self.run_ctl("status")
		self.assertIn("binhyend 0.0.test", text)
		self.assertIn("modem0: ready, signal 74 %, network home, SIM 2 of 30", text)
		self.assertIn("modem1: down, no answer", text)
		self.assertIn("MODEM_DOWN modem1", text)
		self.assertIn("kiểm tra dây, nguồn và SIM", text)
		self.assertIn("binhyenctl zalo login", text)
		self.assertIn("IPv6 does not work here", text)
		self.assertIn("traffic   today 4 KB up, 5 MB down", text)
		self.assertIn("(đồng hồ chậm)\n     → chỉnh giờ", text)
		self.assertIn("(the clock is behind)\n     → set it", text)

	def test_lists(self):
		self.assertIn("zalo_user  media  HANDLED", self.run_ctl("inbox"))
		self.assertIn("Nothing here yet", self.run_ctl("inbox", "--before", "1"))
		outbox = self.run_ctl("outbox")
		self.assertIn("QUEUED", outbox)
		self.assertIn("2026-1", outbox)
		self.assertNotIn("90000", outbox)
		reports = self.run_ctl("reports")
		self.assertIn("người gửi #", reports)
		self.assertNotIn("ấp 3", reports)
		self.assertIn("--before", self.run_ctl("outbox", "--limit", "1"))
		self.assertIn("Nothing", self.run_ctl("outbox", "--before", "1"))

	def test_report(self):
		for name in ("1", "1/2026", "2026-1"):
			text = self.run_ctl("report", name)
			self.assertIn("Report (tin báo) 1/2026", text)
			self.assertIn("cháy nhà ở ấp 3 \\u001b]0;x\\u0007 \\u202e mau lên", text)
			self.assertNotIn("1234", text)

	def test_secrets_are_confirmed_to_be_none_or_taken_off_line(self):
		words = "Gửi anh văn bản TUYỆT MẬT số 7"
		self.assertIn("chief or a deputy", self.run_ctl("answer", "1", words, code=REFUSED))
		self.run_ctl("report", "1", "clear", "chào anh", code=REFUSED)
		self.assertIn("may be answered", self.run_ctl("report", "1", "clear", words))
		self.run_ctl("report", "1", "print", "xem", code=REFUSED)
		page = self.run_ctl("report", "1", "print", "thử đưa tin ra giấy")
		self.assertIn("BẢN IN", page)
		# It goes to paper: each line is one.
		self.assertIn("Lý do: thử đưa tin ra giấy\n", page)
		self.assertNotIn("\\u000a", page)
		self.run_ctl("report", "1", "offline", "0000 0000 0000 0000", code=REFUSED)
		self.run_ctl("report", "99", "print", "thử đưa tin ra giấy", code=NOT_FOUND)
		self.assertIn("bí mật nhà nước", self.run_ctl("status"))

	def test_json(self):
		for command in (["status"], ["inbox"], ["outbox"], ["reports"], ["report", "1"],
				["answer", "1", "Da nhan"]):
			plain = json.loads(self.run_ctl("--json", *command))
			self.assertIsInstance(plain, dict)
		report = json.loads(self.run_ctl("report", "1", "--json"))
		self.assertEqual(report["dialogue"][0]["text"], "cháy nhà ở ấp 3 \x1b]0;x\x07 \u202e mau lên")
		done = ctl("--socket", self.server.socket_path, "--json", "report", "9")
		self.assertEqual(done.returncode, NOT_FOUND)
		self.assertEqual(json.loads(done.stdout)["error"], "NOT_FOUND")

	def test_modems(self):
		text = self.run_ctl("modems")
		self.assertIn("modem0: ready", text)
		self.assertIn("signal     74 %", text)
		self.assertIn("SIM 2 of 30", text)
		self.assertIn("last error no answer", text)

	def test_login(self):
		done = subprocess.run([CTL, "--socket", self.server.socket_path, "zalo", "login"],
			input=" https://cb.example/?code=c&state=s \n", capture_output=True, text=True, timeout=20)
		self.assertEqual(done.returncode, DONE, done.stderr)
		self.assertIn("https://oauth.example/permission?state=s", done.stderr)
		self.assertIn("đã lưu mã truy cập Zalo", done.stdout)
		self.assertIn("of another login", self.run_ctl("zalo", "login", stdin="bad\n", code=REFUSED))
		self.assertIn("does not know the code", self.run_ctl("zalo", "login", stdin="no", code=REFUSED))
		self.run_ctl("zalo", "login", stdin="\n", code=USAGE)
		self.run_ctl("zalo", "login", "code", stdin="", code=USAGE)

	def test_bulletins(self):
		self.assertIn("Lừa đảo, thủ đoạn tội phạm", self.run_ctl("bulletin", "categories"))
		values = ["category=fraud", "title=Cảnh báo", "text=@-", "to=kind:hamlet,role:head"]
		text = self.run_ctl("bulletin", "new", *values, stdin="Xin gọi 0900000001.\n\x1b[2J Cảm ơn.")
		self.assertIn("version 1: DRAFT", text)
		self.assertIn('{"kinds": ["hamlet"], "roles": ["head"]}', text)
		self.assertIn("SMS, 1 segments:\n  | Canh bao. Xin goi 0900000001. ", text)
		self.assertNotIn("\x1b", text)
		n = json.loads(self.run_ctl("--json", "bulletins"))["bulletins"][0]["id"]
		found = self.run_ctl("bulletin", str(n), "screen")
		self.assertIn('text, byte 10: "0900000001" (số điện thoại)', found)
		self.assertIn("no answer yet", found)
		self.assertIn("answers; create officers first",
			self.run_ctl("bulletin", str(n), "answer", "1", "số của trực ban", code=REFUSED))
		self.assertIn("take two officers", self.run_ctl("bulletin", str(n), "submit", code=REFUSED))
		self.assertIn("Zalo:", self.run_ctl("bulletin", str(n), "edit", "drill=yes", "source=Công an tỉnh"))
		folder = tempfile.TemporaryDirectory()
		self.addCleanup(folder.cleanup)
		picture = os.path.join(folder.name, "a.gif")
		with open(picture, "wb") as file:
			file.write(b"GIF89a" + b"x" * 100)
		self.assertIn("a.gif", self.run_ctl("bulletin", str(n), "file", picture))
		self.run_ctl("bulletin", str(n), "save", picture + ".2")
		with open(picture + ".2", "rb") as file:
			self.assertEqual(file.read(), b"GIF89a" + b"x" * 100)
		self.assertNotIn("a.gif", self.run_ctl("bulletin", str(n), "no-file"))
		self.assertIn("not sent yet", self.run_ctl("bulletin", str(n), "statistics"))
		self.assertIn("segments of each", self.run_ctl("bulletin", str(n), "preview"))
		self.assertIn("As it is written: 1 segments, 0 dong", self.run_ctl("bulletin", str(n), "compare", "Xin goi 113. " * 20))
		self.assertIn("DISCARDED", self.run_ctl("bulletin", str(n), "discard"))
		for wrong in (["category"], ["color=red"], ["to=kind:"], ["drill=maybe"], ["corrects=x"]):
			self.run_ctl("bulletin", "new", *wrong, code=USAGE)
		self.run_ctl("bulletin", "x", code=USAGE)
		self.run_ctl("bulletin", "999", code=NOT_FOUND)
		self.run_ctl("bulletin", "1", "approve", "x", code=USAGE)

	def test_audiences(self):
		self.assertIn("a list of 0 people", self.run_ctl("audience", "test", "Thử"))
		self.assertIn("Nothing was stored", self.run_ctl("audience", "test", "add", "0900000099"))
		self.assertIn('{"roles": ["head"], "all": true}'[1:8], self.run_ctl("audience", "heads", "Trưởng thôn", "all,role:head"))
		self.assertIn("heads", self.run_ctl("audiences"))
		self.assertIn("Removed", self.run_ctl("audience", "heads", "delete"))
		self.run_ctl("audience", "heads", "delete", code=NOT_FOUND)
		self.run_ctl("audience", "HEADS", "delete", code=USAGE)
		self.assertIn("1 not all topics", self.run_ctl("refusal", "refuse", "0900000031", "3"))
		self.run_ctl("refusal", "refuse", "x", code=REFUSED)
		self.assertIn("1 not all topics", self.run_ctl("refusals"))

	def test_doctor(self):
		lines = self.run_ctl("zalo", "doctor").splitlines()
		self.assertEqual(lines, ["   ✓ OA \\u001b[2J tốt", "  !! Không nhận được → nâng gói"])

	def test_journal(self):
		text = self.run_ctl("modem", "modem0", "journal")
		self.assertIn("> AT+CSQ\n< +CSQ: 20,99 ", text)
		self.assertNotIn("\x1b", text)
		self.assertIn("không trả lời", self.run_ctl("modem", "modem9", "journal", code=REFUSED))
		self.run_ctl("modem", "x", "journal", code=NOT_FOUND)

	def test_ussd(self):
		text = self.run_ctl("modem", "modem0", "ussd", "*1#")
		self.assertIn("TK: 25.000d \\u001b[2J", text)
		self.assertIn("raw (ucs2): 54004B", text)
		self.assertIn("mạng không trả lời", self.run_ctl("modem", "modem0", "ussd", "*3#", code=REFUSED))
		self.run_ctl("modem", "modem7", "ussd", "*1#", code=NOT_FOUND)
		self.run_ctl("modem", "modem0", "ussd", "abc", code=USAGE)

	def test_preview(self):
		text = self.run_ctl("preview", "Bão lũ", "--to", "0900000001, 0900000002", "--lane", "urgent")
		self.assertIn("Bao lu \\u001b[2J", text)
		self.assertIn("2 segments", text)
		self.assertIn("210000 d", text)
		self.assertIn("75 min", text)
		self.assertNotIn("too late", text)
		text = self.run_ctl("preview", "Bão lũ", "--count", "9999")
		self.assertIn("120 of 300", text)
		self.assertIn("thêm SIM", text)
		self.assertIn("more than 10 text messages", self.run_ctl("preview", "long", code=REFUSED))
		self.run_ctl("preview", code=USAGE)
		self.run_ctl("preview", "x", "--to", "0900000001", "--count", "2", code=USAGE)
		self.run_ctl("preview", "x", "--count", "0", code=USAGE)
		self.run_ctl("preview", "x", "--lane", "fast", code=USAGE)
		self.run_ctl("status", "--count", "2", code=USAGE)

	def test_settle(self):
		self.assertIn("đã xử lý", self.run_ctl("outbox", "1", "settle", "sent"))
		self.assertIn("not in doubt", self.run_ctl("outbox", "1", "settle", "failed", code=REFUSED))
		self.run_ctl("outbox", "9", "settle", "again", code=NOT_FOUND)
		self.run_ctl("outbox", "1", "settle", "maybe", code=USAGE)
		self.run_ctl("outbox", "x", "settle", "sent", code=USAGE)

	def test_modem_accept(self):
		self.assertIn("đã chấp nhận", self.run_ctl("modem", "modem0", "accept"))
		self.assertIn("nothing to accept", self.run_ctl("modem", "modem0", "accept", code=REFUSED))
		self.run_ctl("modem", "modem7", "accept", code=NOT_FOUND)
		self.run_ctl("modem", "../x", "accept", code=USAGE)
		self.run_ctl("modem", "modem0", code=USAGE)
		self.run_ctl("modem", "modem0", "accept", "x", code=USAGE)

	def test_rating(self):
		self.assertIn("guess (máy đoán)", self.run_ctl("report", "1"))
		self.assertIn("fire, normal", self.run_ctl("report", "1", "category", "fire"))
		self.assertIn("fire, danger", self.run_ctl("report", "2026-1", "urgency", "danger"))
		self.assertIn("an officer (cán bộ phân loại)", self.run_ctl("report", "1"))
		self.assertIn("social_evil", self.run_ctl("report", "1", "category", "house", code=REFUSED))
		self.run_ctl("report", "9", "category", "fire", code=NOT_FOUND)
		self.run_ctl("report", "1", "category", "Fire!", code=USAGE)
		self.run_ctl("report", "1", "category", code=USAGE)
		self.assertIn("bỏ sót nguy hiểm", self.run_ctl("statistics"))
		self.assertIn("không có câu hỏi", self.run_ctl("questions"))
		self.assertIn("question, danger", self.run_ctl("report", "1", "category", "question"))
		self.assertIn("2026-1 ", self.run_ctl("questions", "--limit", "1"))

	def test_service(self):
		self.assertIn("30 days", self.run_ctl("statistics", "service"))
		self.assertIn(" 7 days", self.run_ctl("statistics", "service", "7"))
		self.run_ctl("statistics", "service", "0", code=USAGE)
		self.run_ctl("statistics", "service", "7", "8", code=USAGE)

	def test_answer(self):
		self.assertIn("đã lưu", self.run_ctl("answer", "1", "Đã cử lực lượng đến."))
		self.run_ctl("answer", "2026-1", "-", stdin="Xin giữ liên lạc.\n")
		self.run_ctl("answer", "--", "1", "-- gap --")
		text = self.run_ctl("report", "1")
		self.assertIn("Đã cử lực lượng đến.", text)
		self.assertIn("    Xin giữ liên lạc.\n", text)
		self.assertIn("    -- gap --\n", text)
		self.assertIn("QUEUED (đang chờ gửi)", text)

	def test_answer_keeps_the_caller(self):
		self.run_ctl("answer", "1", "Da nhan")
		path = os.path.join(os.path.dirname(self.server.socket_path), "binhyen.db")
		database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
		actors = [row[0] for row in database.execute("SELECT actor FROM event ORDER BY id")]
		database.close()
		self.assertIn(f"officer:uid{os.getuid()}", actors)

	def test_refusals(self):
		self.assertIn("no report 9", self.run_ctl("report", "9", code=NOT_FOUND))
		self.assertIn("no report 9", self.run_ctl("answer", "9", "a", code=NOT_FOUND))
		self.assertIn("TOO_BIG", self.run_ctl("answer", "1", "a" * 4001, code=REFUSED))
		self.server.tell("fail")
		text = self.run_ctl("answer", "1", "Da nhan", code=REFUSED)
		self.assertIn("nothing was stored", text)
		self.assertIn("chưa ghi được", text)

	def test_token(self):
		good = '{"access_token":"secret-a","refresh_token":"secret-r","expires_in":"90000"}'
		self.assertNotIn("secret", self.run_ctl("zalo", "set-token", stdin=good))
		for bad in ('{"refresh_token":"secret-r"}', '{"access_token":"secret-a"', "", "secret-a"):
			text = self.run_ctl("zalo", "set-token", stdin=bad, code=REFUSED)
			self.assertNotIn("secret", text)
		self.run_ctl("zalo", "set-token", stdin="x" * 70000, code=USAGE)

	def type_token(self, *lines):
		"""What a terminal shows while the lines are typed, each after its prompt."""
		master, slave = pty.openpty()
		process = subprocess.Popen([CTL, "--socket", self.server.socket_path, "zalo", "set-token"],
			stdin=slave, stdout=slave, stderr=slave, close_fds=True)
		os.close(slave)
		# A read that never ends must fail the test, not hang it.
		watch = threading.Timer(30, process.kill)
		watch.start()
		self.addCleanup(watch.cancel)
		seen = b""
		for line in lines:
			start = len(seen)
			while b": " not in seen[start:]:
				seen += os.read(master, 4096)
			os.write(master, line)
		while True:
			try:
				data = os.read(master, 4096)
			except OSError:
				break
			if not data:
				break
			seen += data
		os.close(master)
		self.assertEqual(process.wait(timeout=20), DONE)
		return seen

	def test_token_is_not_echoed(self):
		for lines in ([b'{"access_token":"secret-a","refresh_token":"secret-r"}\n'],
				[b"secret-a\n", b"secret-r \n"]):
			seen = self.type_token(*lines)
			self.assertNotIn(b"secret", seen)
			self.assertIn("đã lưu".encode(), seen)

	def test_socket_from_environment_and_config(self):
		done = ctl("status", env={"BINHYEN_SOCKET": self.server.socket_path})
		self.assertEqual(done.returncode, DONE, done.stderr)
		# A proxy for the web is none for this socket.
		done = ctl("--socket", self.server.socket_path, "status",
			env={"http_proxy": "http://127.0.0.1:9", "ALL_PROXY": "http://127.0.0.1:9"})
		self.assertEqual(done.returncode, DONE, done.stderr)
		with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
			json.dump({"store": {"path": "/tmp/none.db"},
				"http": {"socket": self.server.socket_path}}, file)
			file.flush()
			done = ctl("--config", file.name, "status")
			self.assertEqual(done.returncode, DONE, done.stderr)
			done = ctl("--config", file.name, "--socket", "/x", "status")
			self.assertEqual(done.returncode, USAGE)


class NoDaemon(unittest.TestCase):
	def test_no_socket(self):
		done = ctl("--socket", "/nonexistent/api.sock", "status")
		self.assertEqual(done.returncode, NOT_REACHED)
		self.assertIn("systemctl status binhyend", done.stderr)
		self.assertIn("/nonexistent/api.sock", done.stderr)

	def test_stale_socket(self):
		with tempfile.TemporaryDirectory() as folder:
			path = os.path.join(folder, "s")
			with socket.socket(socket.AF_UNIX) as listener:
				listener.bind(path)
			done = ctl("--socket", path, "status")
		self.assertEqual(done.returncode, NOT_REACHED)
		self.assertIn("systemctl status binhyend", done.stderr)

	def test_no_permission(self):
		if os.getuid() == 0:
			nobody = {"user": 65534, "group": 65534, "extra_groups": []}
		else:
			nobody = {}
		with tempfile.TemporaryDirectory() as folder:
			os.chmod(folder, 0o755)
			path = os.path.join(folder, "s")
			with socket.socket(socket.AF_UNIX) as listener:
				listener.bind(path)
				os.chmod(path, 0)
				listener.listen()
				try:
					done = subprocess.run([CTL, "--socket", path, "status"],
						capture_output=True, text=True, timeout=60, **nobody)
				except PermissionError:
					self.skipTest("another user cannot run the program from here")
		self.assertEqual(done.returncode, NOT_REACHED)
		self.assertIn("group", done.stderr)

	def test_no_answer_to_a_write(self):
		with tempfile.TemporaryDirectory() as folder:
			path = os.path.join(folder, "s")
			with socket.socket(socket.AF_UNIX) as listener:
				listener.bind(path)
				listener.listen()
				listener.settimeout(60)
				process = subprocess.Popen([CTL, "--socket", path, "answer", "1", "Da nhan"],
					stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
				connection, _ = listener.accept()
				connection.recv(65536)
				connection.close()
				_, text = process.communicate(timeout=60)
		self.assertEqual(process.returncode, NOT_REACHED)
		self.assertIn("may have been stored or not", text)

	def test_what_is_not_binhyend(self):
		with tempfile.TemporaryDirectory() as folder:
			path = os.path.join(folder, "s")
			with socket.socket(socket.AF_UNIX) as listener:
				listener.bind(path)
				listener.listen()
				listener.settimeout(60)
				process = subprocess.Popen([CTL, "--socket", path, "status"],
					stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
				connection, _ = listener.accept()
				connection.recv(65536)
				connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n\x1b[2Jx")
				connection.close()
				out, text = process.communicate(timeout=60)
		self.assertEqual(process.returncode, NOT_REACHED)
		self.assertNotIn("\x1b", out + text)

	def test_usage(self):
		for args in ([], ["nonsense"], ["report"], ["report", "x"], ["report", "1", "2"],
				["answer", "1"], ["answer", "1", "two", "words"], ["answer", "1", " "],
				["zalo"], ["zalo", "token"], ["--nonsense", "status"], ["--socket"],
				["status", "--limit", "5"], ["inbox", "--limit", "0"],
				["inbox", "--limit", "x"], ["inbox", "--before", "-1"],
				["report", "2026-1-1"], ["report", "0"], ["report", "1/26"]):
			done = ctl(*args)
			self.assertEqual(done.returncode, USAGE, (args, done.stderr))
			self.assertEqual(done.stdout, "")
			self.assertIn("--help", done.stderr)

	def test_a_first_word_alone_shows_what_begins_with_it(self):
		done = ctl("zalo")
		self.assertEqual(done.returncode, USAGE)
		self.assertIn("zalo set-token", done.stderr)
		self.assertNotIn("places", done.stderr)
		self.assertEqual(len(ctl("zal").stderr.splitlines()), 1)

	def test_bytes_that_are_no_utf8(self):
		done = subprocess.run([CTL.encode(), b"answer", b"1", b"\xff"], capture_output=True, timeout=60)
		self.assertEqual(done.returncode, USAGE)
		done = subprocess.run([CTL, "answer", "1", "-"], input=b"a\0b", capture_output=True, timeout=60)
		self.assertEqual(done.returncode, USAGE)

	def test_bad_config(self):
		with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
			file.write("{ // comment\n}")
			file.flush()
			done = ctl("--config", file.name, "status")
		self.assertEqual(done.returncode, USAGE)
		self.assertIn(os.path.basename(file.name), done.stderr)

	def test_version_and_help(self):
		self.assertRegex(ctl("--version").stdout, r"^binhyenctl \d+\.\d+\.\d+\n$")
		self.assertEqual(ctl("--help").returncode, DONE)


if __name__ == "__main__":
	unittest.main(argv=[sys.argv[0], "-v"])
