#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A resident who writes on, asks by code, wants to be hidden or not to be answered; visitors and callers; the register."""
import pathlib
import re

from scene import DUTY, RESIDENT, USER, Refused, SceneTest, main

OTHER = "+84900000013"
DIALOGUE = {"reports": {"dialogue_minutes": 30}}
RECEIPT = "da nhan duoc tin"


class Dialogue(SceneTest):
    def code(self, s):
        return s.reports()[0]["code"]

    def test_further_words_and_the_state_by_code(self):
        s = self.scene(duty=[DUTY], extra=DIALOGUE)
        s.modem.text("mat trom xe may")
        s.modem.wait_sent(to=RESIDENT, contains=RECEIPT)
        s.modem.text("xe hieu Honda, bien so dep")
        s.modem.wait_sent(to=DUTY, contains="co them noi dung")
        self.assertEqual(len(s.reports()), 1)
        self.assertEqual(s.words(kind="more"), ["xe hieu Honda, bien so dep"])
        s.restart()
        code = self.code(s)
        s.modem.text(f"#{code} bien so 12")
        s.modem.text(f"TC {code}")
        s.modem.wait_sent(to=RESIDENT, contains=f"Ma {code}: da tiep nhan")
        self.assertEqual(s.words(kind="more")[1:], [f"#{code} bien so 12"])
        # From another phone the code alone says nothing; with the PIN that the first one asks for it does.
        s.modem.text(f"TC {code}", sender=OTHER)
        refused = s.modem.wait_sent(to=OTHER)[-1]["text"]
        s.modem.text("TC 222222 123456", sender=OTHER)
        self.assertEqual(s.modem.wait_sent(2, to=OTHER)[-1]["text"], refused)
        s.modem.text(f"MK {code}")
        pin = re.search(r" la (\d{6})\.", s.modem.wait_sent(to=RESIDENT, contains="Ma PIN moi")[-1]["text"]).group(1)
        s.modem.text(f"TC {code} {pin}", sender=OTHER)
        s.modem.wait_sent(to=OTHER, contains=f"Ma {code}: da tiep nhan")
        s.wait_quiet()
        self.assertEqual(len(s.reports()), 1)
        # Nobody reads a PIN out of the log or the database.
        self.assertNotIn(pin, s.box.log())

    def test_quiet_and_anonymous(self):
        s = self.scene(duty=[DUTY], extra=DIALOGUE, zalo=True, zalo_config={"tick": "on"})
        s.modem.text("IM chong toi danh toi")
        s.modem.wait_sent(to=DUTY)
        s.box.ctl("report", s.name(), "answer", "--template", "coming")
        self.assertTrue(s.box.ctl("report", s.name())["is_quiet"])
        s.modem.text("them noi dung")
        s.wait_quiet()
        self.assertEqual(s.modem.sent(to=RESIDENT), [])
        pin = s.box.ctl("report", s.name(), "pin")["pin"]
        s.modem.text(f"TC {self.code(s)} {pin}", sender=OTHER)
        s.modem.wait_sent(to=OTHER, contains="can bo Cong an xa dang den")
        s.zalo.write(USER, "AN ong Nam ban ma tuy")
        s.wait_reports(2)
        s.zalo.write(USER, "o gan cho")
        s.wait_log("report id=2 more")
        s.wait_quiet()
        rows = {row["report"]: row for row in s.reports()}
        self.assertEqual([row["is_anonymous"] for row in rows.values()].count(True), 1)
        self.assertEqual(s.words(s.name(2), "more"), ["o gan cho"])

    def test_entered_by_an_officer_merged_and_printed(self):
        s = self.scene(extra=DIALOGUE)
        s.box.ctl("place", "thon-3", "hamlet", "Thôn 3")
        s.box.ctl("report", "new", "call", "chay rung o thon 3", f"phone={OTHER}", "hamlet=thon-3", "receiver=truc ban",
                  "category=fire", "urgency=danger")
        s.modem.wait_sent(to=OTHER, contains="NGUY HIEM")
        s.modem.text("chay rung")
        first, second = s.name(1), s.name(2)
        s.box.ctl("report", second, "category", "fire")
        s.box.ctl("report", second, "hamlet", "thon-3")
        self.assertEqual([row["report"] for row in s.box.ctl("report", second, "near")["reports"]], [first])
        s.box.ctl("report", second, "merge", first)
        with self.assertRaises(Refused):
            s.box.ctl("report", second, "merge", first)
        s.box.ctl("report", first, "note", "da goi 114")
        s.box.ctl("answer", first, "Da dap tat")
        for phone in (OTHER, RESIDENT):
            s.modem.wait_sent(to=phone, contains="Da dap tat")
        page = pathlib.Path(s.dir) / "so.html"
        s.box.ctl("register", page)
        text = page.read_text()
        self.assertIn("Thôn 3", text)
        self.assertIn("truc ban", text)
        self.assertIn("ghép vào", text)
        for word in ("chay rung", "da goi 114", OTHER[4:], RESIDENT[4:]):
            self.assertNotIn(word, text)
        table = pathlib.Path(s.dir) / "so.csv"
        s.box.ctl("register", table, "csv")
        self.assertGreaterEqual(len(table.read_bytes().split(b"\r\n")), 5)


if __name__ == "__main__":
    main()
