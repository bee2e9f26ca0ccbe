#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A poll on a box that has officers: written by one, approved by another, answered by SMS, Zalo and dialling, counted,
told; and afterwards nobody can find who said what."""
import datetime
import json
import sqlite3
import time

from scene import SceneTest, UnixConnection, main, wait_until  # first: it knows the folder of the library
from officers import Office
import test_ussd

ADMIN, ZALO_USER = "9007199254740990001", "9007199254740993001"
VIETNAM = datetime.timezone(datetime.timedelta(hours=7))


def phone(n):
    return f"+8490000{n:04d}"


HEADS = [phone(n) for n in range(1001, 1007)]  # each of a household of his own; the last has Zalo
SON = phone(1007)  # of the first household
DEPUTY = "+84900009101"
UNCLEAR = "de toi hoi vo toi xem sao da"


class Polls(SceneTest):
    dial, post = test_ussd.Ussd.dial, test_ussd.Ussd.post

    def ask(self, method, url, body=None, token=None):
        connection = UnixConnection(self.s.box.socket)
        headers = {"Authorization": "Bearer " + token} if token else {}
        try:
            connection.request(method, url, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read().decode())
        finally:
            connection.close()

    def commune(self, **options):
        s = self.s = self.scene(start=False, **options)
        if "extra" in options:
            path = s.box.secrets / "ussd.token"
            path.write_text(test_ussd.TOKEN + "\n")
            path.chmod(0o600)
        s.start()
        s.box.ctl("place", "thon-1", "hamlet", "Thôn 1")
        rows = [(f"Chủ hộ {i}", head, "household_head", f"ho-{i}") for i, head in enumerate(HEADS)]
        rows.append(("Con chủ hộ 0", SON, "member", "ho-0"))
        table = s.dir / "residents.csv"
        table.write_text("".join(f"{name};{number};thon-1;{role};{household}\n" for name, number, role, household in
                                 [("Họ tên", "Số điện thoại", "Vai trò", "Mã hộ"), *rows])
                         .replace("Số điện thoại;thon-1", "Số điện thoại;Địa bàn"))
        self.assertEqual(s.box.ctl("residents", "import", table)["added"], 7)
        return s

    def claim(self):
        self.office = Office(self.ask, time.time)
        self.office.claim()
        self.office.add("van.thu", "clerk")
        self.office.add("pho.ca", "deputy", phone=DEPUTY)
        self.clerk, self.deputy = self.office.tokens["van.thu"], self.office.tokens["pho.ca"]

    def must(self, *args, status=200, token=None):
        return self.office.must(status, *args, token=token or self.clerk)

    def write_poll(self, **more):
        closes = datetime.datetime.now(VIETNAM) + datetime.timedelta(days=2)
        return self.must("POST", "/api/v1/polls", {"question": "Đêm nay lên trường học tránh lũ?", "quorum": 80,
            "options": [{"label": "Đồng ý"}, {"label": "Không đồng ý", "aliases": "o lai nha"}],
            "per": "household", "closes": closes.strftime("%Y-%m-%d %H:%M"), "audience": {"all": True},
            "category": "disaster", **more})

    def send(self, bulletin):
        """The draft goes out; who wrote it may not approve it."""
        path = f"/api/v1/bulletins/{bulletin}"
        draft = self.must("GET", path)
        for finding in draft["findings"]:
            self.must("POST", path + "/answer", {"finding": finding["id"], "reason": "số của cuộc lấy ý kiến"})
        self.must("POST", path + "/submit", {})
        self.must("POST", path + "/approve", {"version": draft["version"]}, status=403)
        done = self.must("POST", path + "/approve", {"version": draft["version"]}, token=self.deputy)
        self.assertIsNotNone(done["started"])

    def poll(self):
        return self.must("GET", "/api/v1/polls/11")

    def say(self, sender, text, reply):
        before = len(self.s.modem.sent(to=sender))
        self.s.modem.text(text, sender=sender)
        wait_until(lambda: [row for row in self.s.modem.sent(to=sender)[before:] if reply in row["text"]], 60,
                   f"{reply!r} after {text!r}")

    def join_by_zalo(self):
        """The last of the heads is in the hamlet's group, so the registry knows him by Zalo too."""
        s = self.s
        s.zalo.group_do("asset", asset="a50", type="gmf50")
        s.zalo.write(ZALO_USER, "xin chao")
        s.zalo.do("user", user=ZALO_USER, name="Người A", phone=HEADS[-1].lstrip("+"))
        s.box.ctl("group", "create", "thon-1", "a50", ADMIN)
        wait_until(lambda: s.box.ctl("group", 1)["is"]["join_appr"], what="the group to be made and mended")
        s.zalo.group_do("join", group=s.zalo.gmf()["groups"][0]["group_id"], user=ZALO_USER)
        s.box.ctl("group", 1, "check")
        wait_until(lambda: [act["state"] for act in s.box.ctl("group", 1, "acts")["acts"]
                            if act["kind"] == "accept"] == ["DONE"], what="the resident to be let in")

    def voices(self):
        with sqlite3.connect(f"file:{self.s.box.dir}/box.db?mode=ro", uri=True) as base:
            return [row[0] for row in base.execute("SELECT voice FROM poll_voice")]

    def answer_all(self):
        s = self.s
        self.say(HEADS[0], "YK 11 dong y", "da ghi y kien cua ho ong/ba la 1")
        # His son says otherwise, which is the same voice, and the father again.
        self.say(SON, "yk ko dong y", "da doi y kien cua ho ong/ba thanh 2")
        self.say(HEADS[0], "YK 1", "da doi y kien cua ho ong/ba thanh 1")
        self.say(HEADS[1], "dogn y", "da ghi y kien cua ho ong/ba la 1")  # misspelt, and without the keyword
        self.say(HEADS[2], "YK " + UNCLEAR, "Chua ro")
        self.say(HEADS[3], "YK o lai nha", "da ghi y kien cua ho ong/ba la 2")
        self.say(HEADS[3], "MENU", "9 Lay y kien")
        self.say(HEADS[3], "9", "1 Dong y")
        self.say(HEADS[3], "1", "da doi, ho ong/ba chon 1")
        self.assertIn("9 Lay y kien 0 Thoat", self.dial(phone=HEADS[4])[1])
        self.assertIn("CON Lay y kien so 11", self.dial("9", phone=HEADS[4])[1])
        status, text = self.dial("9*dongy", phone=HEADS[4])
        self.assertRegex(text, "^END Lay y kien so 11: da ghi ho ong/ba chon 1 .Dong y.")
        self.assertEqual(self.dial("9*dongy", phone=HEADS[4]), (status, text))
        s.zalo.write(ZALO_USER, "Gia đình tôi nhất trí ạ")
        wait_until(lambda: [row for row in s.zalo.received(to=ZALO_USER) if "đã ghi ý kiến" in json.dumps(
            row, ensure_ascii=False)], 60, "the answer by Zalo")

    def test_from_the_draft_to_the_result(self):
        s = self.commune(zalo=True, zalo_options={"groups": []}, **self.with_ussd())
        self.join_by_zalo()
        self.claim()
        poll = self.write_poll()
        self.assertEqual((poll["state"], poll["voices"]), ("DRAFT", 0))
        self.assertNotIn("9 Lay y kien", self.dial(session="before", phone=HEADS[4])[1])
        self.send(poll["bulletin"])
        self.assertEqual((self.poll()["state"], self.poll()["voices"]), ("OPEN", 6))
        s.modem.wait_sent(1, to=HEADS[1], contains="Lấy ý kiến số 11: Đêm nay lên trường học tránh lũ?", timeout_s=60)
        self.answer_all()
        # None of it became a report: there is the greeting only by which he was known to Zalo.
        self.assertEqual(len(self.must("GET", "/api/v1/reports", token=self.deputy)["reports"]), 1)
        # As long as it is open nobody sees more than how many have answered; what is unclear a person reads.
        open_poll = self.poll()
        self.assertEqual((open_poll["answered"], open_poll["unclear"], open_poll["options"][0]["votes"]), (5, 1, None))
        pile = self.must("GET", "/api/v1/polls/11/unclear")["unclear"]
        self.assertEqual([row["text"] for row in pile], [UNCLEAR])
        self.assertEqual(self.must("POST", "/api/v1/polls/11/assign", {"voice": pile[0]["voice"], "option": 1}),
                         {"sorted": 1})
        voices = self.voices()
        self.assertEqual(len(voices), 6)
        kept = b"".join(path.read_bytes() for path in s.box.dir.rglob("box.db*"))
        self.assertTrue(all(voice in kept for voice in voices))
        self.must("POST", "/api/v1/polls/11/close", {}, status=403)
        self.must("POST", "/api/v1/polls/11/close", {}, token=self.deputy)
        self.say(HEADS[1], "YK 2", "Hien khong co cuoc lay y kien nao")
        self.say(HEADS[1], "YK 11 2", "da ket thuc")
        done = self.must("POST", "/api/v1/polls/11/result", {})
        self.assertEqual((done["state"], done["answered"], done["has_quorum"]), ("DONE", 6, True))
        self.assertEqual([option["votes"] for option in done["options"]], [6, 0])
        result = self.must("GET", f"/api/v1/bulletins/{done['result']}")
        self.assertEqual((result["state"], result["category"]), ("DRAFT", "disaster"))
        self.assertIn("Đã hỏi 6 hộ, 6 (100%) hộ trả lời.\n1. Đồng ý: 6 (100%)", result["text"])
        self.send(done["result"])
        s.modem.wait_sent(1, to=SON, contains="Ket qua lay y kien so 11", timeout_s=60)
        s.wait_quiet()
        self.nobody_is_found(voices)

    def nobody_is_found(self, voices):
        """No row, and no byte of one, in any file that the box keeps; nor the words."""
        s = self.s
        self.assertEqual(self.voices(), [])
        self.assertEqual(s.box.stop(), 0)
        files = [path for path in s.box.dir.rglob("*") if path.is_file()]
        self.assertIn("box.db", [path.name for path in files])
        for path in files:
            content = path.read_bytes()
            for voice in voices:
                self.assertFalse(voice in content or voice.hex().encode() in content, path.name)
            for words in (UNCLEAR, "dogn y", "da ghi y kien", "nhất trí"):
                self.assertNotIn(words.encode(), content, path.name)
            for number in (*HEADS, SON):
                self.assertNotIn(number.lstrip("+").encode(), content, path.name)

    def with_ussd(self):
        self.port = test_ussd.free_port()
        return {"extra": {"ussd": {"port": self.port, "service_code": test_ussd.CODE}}}

    def test_a_recalled_question(self):
        s = self.commune()
        self.claim()
        poll = self.write_poll()
        self.send(poll["bulletin"])
        s.modem.wait_sent(1, to=HEADS[0], contains="Lấy ý kiến số 11", timeout_s=60)
        self.say(HEADS[0], "YK 1", "da ghi y kien")
        self.assertEqual(len(self.voices()), 6)
        self.must("POST", f"/api/v1/bulletins/{poll['bulletin']}/recall", {"reason": "nhầm địa điểm"},
                  token=self.deputy)
        self.assertEqual(self.poll()["state"], "CANCELLED")
        self.assertEqual(self.voices(), [])
        self.say(HEADS[0], "YK 11 2", "da ket thuc")
        drafts = [row for row in self.must("GET", "/api/v1/bulletins")["bulletins"] if row["state"] == "DRAFT"]
        self.assertEqual(len(drafts), 1)
        draft = self.must("GET", f"/api/v1/bulletins/{drafts[0]['id']}")
        self.assertEqual((draft["refers_to"], draft["refers_how"], draft["category"]),
                         (poll["bulletin"], "recalls", "disaster"))
        # Who recalled it is its author: another approves.
        self.must("POST", f"/api/v1/bulletins/{draft['id']}/submit", {}, token=self.deputy)
        self.office.login("truong.ca", step=1)
        self.must("POST", f"/api/v1/bulletins/{draft['id']}/approve", {"version": 1},
                  token=self.office.tokens["truong.ca"])
        s.modem.wait_sent(1, to=HEADS[0], contains="THU HOI TIN TRUOC", timeout_s=60)


if __name__ == "__main__":
    main()
