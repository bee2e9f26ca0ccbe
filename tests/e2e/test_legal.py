#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the law asks of a report, by binhyenctl: classified, told, passed on, closed, and how its clocks were kept."""
import subprocess

from scene import DUTY, RESIDENT, Refused, SceneTest, main, wait_until

NOTICE = "da duoc tiep nhan"


class Legal(SceneTest):
    def law(self, s, name="1"):
        return s.box.ctl("report", name, "law")

    def shown(self, s, *args):
        """What an officer reads."""
        return subprocess.run([str(s.box.bin / "binhyenctl"), "--socket", str(s.box.socket), *args], check=True,
                              capture_output=True, text=True, timeout=30).stdout

    def clock(self, s, code, name="1"):
        return [row for row in self.law(s, name)["clocks"] if row["code"] == code][-1]

    def test_from_the_text_to_the_transfer(self):
        s = self.scene(duty=[DUTY])
        s.modem.text("hom qua nha toi bi mat trom xe may")
        s.wait_reports(1)
        self.assertIsNone(self.law(s)["class"])
        self.assertEqual([row["code"] for row in self.law(s)["clocks"]], ["classify"])
        self.assertIn("classify", self.shown(s, "clocks"))
        shown = self.shown(s, "report", "1", "classify", "to_giac")
        self.assertIn("to_giac", shown)
        law = self.law(s)
        self.assertEqual(law["class"], "to_giac")
        self.assertTrue(law["decisions"][0]["by"].startswith("officer:"))
        self.assertEqual(self.clock(s, "classify")["state"], "MET")
        # The reporter learns that it was received, and not what it is.
        told = s.modem.wait_sent(1, to=RESIDENT, contains=NOTICE)[0]["text"]
        for word in ("toi pham", "to giac", "trom"):
            self.assertNotIn(word, told.lower())
        with self.assertRaises(Refused):
            s.box.ctl("report", "1", "classify", "phan_anh")
        with self.assertRaises(Refused):
            s.box.ctl("report", "1", "freeze", "transfer", "vi sao")
        s.box.ctl("report", "1", "transfer", "-", "215/BN", "-")
        law = self.law(s)
        self.assertEqual(law["outcomes"][0]["receipt"], "215/BN")
        self.assertIn("Cảnh sát điều tra", law["outcomes"][0]["addressee"])
        self.assertEqual(self.clock(s, "transfer")["state"], "MET")
        self.assertTrue(self.clock(s, "settlement")["is_watched"])
        s.box.ctl("report", "1", "extend", "settlement", "-", "nhiều tình tiết")
        s.box.ctl("report", "1", "freeze", "settlement", "chờ giám định")
        self.assertEqual(self.clock(s, "settlement")["state"], "FROZEN")
        # All of it is there after a power cut.
        before = self.law(s)
        s.box.kill()
        s.box.start()
        self.assertEqual(self.strip(self.law(s)), self.strip(before))
        # The first look after a start finds that the notice has left.
        wait_until(lambda: self.clock(s, "notice")["state"] == "MET", what="the notice to be counted")
        s.box.ctl("report", "1", "thaw", "settlement", "đã có kết quả")
        s.box.ctl("report", "1", "done", "notice_procuracy", "CV 12/BC")
        s.box.ctl("report", "1", "outcome", "settled", "tell", "xong")
        self.assertEqual(s.reports()[0]["state"], "closed")
        self.assertEqual([row for row in self.law(s)["clocks"] if row["state"] in ("RUNNING", "FROZEN")], [])
        kept = s.box.ctl("statistics", "clocks")["rows"]
        self.assertIn({"class": "to_giac", "clock": "transfer", "hamlet": None, "percent": 100, "met": 1, "late": 0,
                       "running": 0}, kept)

    @staticmethod
    def strip(law):
        """Without what runs on, and the notice, which is counted once it has left."""
        return [{key: value for key, value in row.items() if key != "left_s"} for row in law["clocks"]
                if row["code"] != "notice"]

    def test_law_and_calendar_are_shown(self):
        s = self.scene()
        regimes = self.shown(s, "regimes")
        for words in ("to_giac", "3 ngày làm việc", "chờ xã xác nhận", "Luật Cư trú 2020"):
            self.assertIn(words, regimes)
        self.assertIn("Tết Đinh Mùi", self.shown(s, "calendar"))
        self.assertIn("Nothing is late", self.shown(s, "clocks"))


if __name__ == "__main__":
    main()
