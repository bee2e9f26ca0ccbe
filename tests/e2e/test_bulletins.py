#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A bulletin as its author and its approver live through it, and a resident who wants none."""
import json
import time

from scene import SceneTest, UnixConnection, main, wait_until  # first: it knows the folder of the library
from officers import Office

CHIEF = "+84900009101"
READER, REFUSER = "+84900000011", "+84900000012"
TEXT = "Có người giả danh công an gọi điện. Xin gọi trực ban 0900009009."


class Bulletins(SceneTest):
    def ask(self, method, url, body=None, token=None):
        connection = UnixConnection(self.box.box.socket)
        headers = {"Authorization": "Bearer " + token} if token else {}
        try:
            connection.request(method, url, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read().decode())
        finally:
            connection.close()

    def commune(self):
        """Officers who are logged in, a hamlet and two of its residents."""
        s = self.box = self.scene()
        for row in ({"code": "thon-1", "name": "Thôn 1", "kind": "hamlet", "parent": ""},):
            self.assertEqual(self.ask("POST", "/api/v1/places", row)[0], 200)
        rows = [{"phone": phone, "name": f"Chủ hộ {i}", "place": "thon-1", "role": "member"}
                for i, phone in enumerate((READER, REFUSER))]
        self.assertEqual(self.ask("POST", "/api/v1/residents", {"rows": rows})[0], 200)
        office = Office(self.ask, time.time)
        office.claim()
        office.add("van.thu", "clerk")
        office.add("pho.ca", "deputy", phone=CHIEF)
        return s, office

    def told(self, s, phone, words):
        """Whole: a text of two segments stands there with the first of them already."""
        return [row["text"] for row in s.modem.wait_sent(1, to=phone, contains=words, timeout_s=30)]

    def test_four_eyes(self):
        s, office = self.commune()
        clerk, deputy = office.tokens["van.thu"], office.tokens["pho.ca"]

        def act(what, body, status, token):
            return office.must(status, "POST", f"/api/v1/bulletins/1/{what}", body, token=token)
        draft = office.must(200, "POST", "/api/v1/bulletins", {"category": "fraud", "title": "Cảnh báo lừa đảo",
            "text": TEXT, "audience": {"places": ["thon-1"]}}, token=clerk)
        self.assertEqual((draft["state"], draft["as_sms"]["segments"]), ("DRAFT", 1))
        self.assertTrue(draft["as_zalo"].endswith("0900009009.\n\nNếu không muốn nhận loại tin này nữa, xin nhắn: TU CHOI 3"))
        # The officers' number stands in the text and in the SMS: it is said twice why it may.
        self.assertEqual([(f["kind"], f["field"], f["what"]) for f in draft["findings"]],
                         [("phone", "text", "0900009009"), ("phone", "sms", "0900009009")])
        act("submit", {}, 409, clerk)
        for finding in draft["findings"]:
            act("answer", {"finding": finding["id"], "reason": "số điện thoại trực ban"}, 200, clerk)
        act("submit", {}, 200, clerk)
        self.assertIn("Lua dao", self.told(s, CHIEF, "dang cho duyet")[0])
        act("approve", {"version": 1}, 403, clerk)
        act("reject", {"version": 1, "reason": "thiếu nguồn tin"}, 200, deputy)
        # Who mends it has to be approved again, and may keep what he answered.
        mended = office.must(200, "POST", "/api/v1/bulletins/1", {"source": "Công an tỉnh"}, token=clerk)
        self.assertEqual((mended["version"], mended["unanswered"]), (2, 0))
        act("submit", {}, 200, clerk)
        s.box.kill()
        s.start()
        # Nobody is logged in any more; the bulletin waits as it was.
        office.login("pho.ca", step=1)
        deputy = office.tokens["pho.ca"]
        act("approve", {"version": 1}, 409, deputy)
        done = act("approve", {"version": 2, "note": "tốt"}, 200, deputy)
        self.assertEqual([(j["version"], j["verdict"], j["officer"]) for j in done["judgements"]],
                         [(1, "reject", "pho.ca"), (2, "approve", "pho.ca")])
        self.assertIsNotNone(done["started"])
        office.login("truong.ca", step=1)
        chief = office.tokens["truong.ca"]
        self.assertEqual(act("recall", {"reason": "sai số điện thoại"}, 200, chief)["state"], "RECALLED")
        self.assertNotIn("giả danh", s.box.log())

    def test_an_emergency_reaches_everybody(self):
        s, office = self.commune()
        clerk, deputy = office.tokens["van.thu"], office.tokens["pho.ca"]
        office.must(200, "POST", "/api/v1/bulletins", {"category": "disaster", "title": "Lũ về",
            "text": "Xin lên chỗ cao ngay.", "audience": {"all": True}}, token=clerk)
        office.must(200, "POST", "/api/v1/bulletins/1/submit", {}, token=clerk)
        office.must(200, "POST", "/api/v1/bulletins/1/approve", {"version": 1}, token=deputy)
        for phone in (READER, REFUSER):
            self.assertEqual(len(self.told(s, phone, "Lu ve. Xin len cho cao ngay.")), 1)

        def told():
            figures = office.must(200, "GET", "/api/v1/bulletins/1/statistics", token=clerk)
            return figures["told"] == 2 and figures
        figures = wait_until(told, 30, "both to be told")
        self.assertEqual((figures["people"], figures["skipped"]), (2, 0))
        self.assertIsNotNone(figures["all_s"])
        # Two people are too few to say by which way.
        self.assertEqual([c["told"] for c in figures["channels"]], [None])

    def test_an_answer_passes_a_long_bulletin(self):
        s, office = self.commune()
        clerk, deputy = office.tokens["van.thu"], office.tokens["pho.ca"]
        s.modem.text("mat trom xe may o thon 1", sender=REFUSER)
        s.modem.wait_sent(1, to=REFUSER, timeout_s=60)
        report = office.must(200, "GET", "/api/v1/reports", token=office.tokens["truong.ca"])["reports"][0]["report"]
        office.must(200, "POST", "/api/v1/bulletins", {"category": "disaster", "title": "Lũ về",
            "text": "Xin lên chỗ cao.", "sms": "Nuoc song dang len rat nhanh, xin ba con len cho cao ngay. " * 7,
            "audience": {"places": ["thon-1"]}}, token=clerk)
        office.must(200, "POST", "/api/v1/bulletins/1/submit", {}, token=clerk)
        s.wait_quiet()
        before = len(s.modem.segments())
        # The network has the first segment, and the modem has not heard of it yet.
        s.modem.fault("late", on="+CMGS", ms=8000)
        office.must(200, "POST", "/api/v1/bulletins/1/approve", {"version": 1}, token=deputy)
        wait_until(lambda: len(s.modem.segments()) > before, 60, "the first segment")
        office.must(200, "POST", f"/api/v1/reports/{report}/answer", {"text": "Da cu can bo den."},
                    token=office.tokens["truong.ca"])
        wait_until(lambda: [row for row in s.outbox(kind="answer", state="SUBMITTED")], 30, "the answer at the modem")
        known = len(s.modem.segments()) - before
        rows = self.wait_told_twice(s)
        mine = [segment["to"] for segment in s.modem.segments()[before:]]
        self.assertEqual(rows[0]["parts"], 3)
        # Behind what was known to the network, and at most one that was under way.
        self.assertLessEqual(mine.index(REFUSER), known + 1)
        self.assertEqual([row["complete"] for row in s.modem.sent()], [True] * len(s.modem.sent()))

    def wait_told_twice(self, s):
        return (s.modem.wait_sent(1, to=READER, contains="Nuoc song", timeout_s=60) +
                s.modem.wait_sent(1, to=REFUSER, contains="Nuoc song", timeout_s=60))

    def test_who_wants_none_is_answered(self):
        s, office = self.commune()
        s.modem.text("TỪ CHỐI 3", sender=REFUSER)
        self.assertIn("NHAN LAI 3", self.told(s, REFUSER, "Lừa đảo")[0])
        s.modem.text("tu choi cap can cuoc cho toi", sender=REFUSER)
        wait_until(lambda: office.must(200, "GET", "/api/v1/reports", token=office.tokens["truong.ca"])["reports"], 30,
                   "the report")
        counts = office.must(200, "GET", "/api/v1/refusals", token=office.tokens["truong.ca"])
        self.assertEqual(counts, {"all": 0, "topic": 1, "blocked": 0})
        s.modem.text("NHAN LAI 3", sender=REFUSER)
        self.told(s, REFUSER, "se lai gui")
        self.assertEqual(office.must(200, "GET", "/api/v1/refusals", token=office.tokens["truong.ca"])["topic"], 0)


if __name__ == "__main__":
    main()
