#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A danger by SMS rings who is on duty, then the next, until somebody answers; all with short steps of the ladder."""
import re
import time

from scene import DUTY, SceneTest, main, wait_until

SECOND = "+84900009002"
FIRE = "chay nha o thon 3, cuu voi"


class Alarm(SceneTest):
    def box(self, **options):
        s = self.scene(start=False, duty=[DUTY, SECOND], **options)
        s.configure(duty={"phones": [DUTY, SECOND], "climb_first_s": 2, "climb_second_s": 4, "climb_third_s": 6})
        return s.start()

    def rung(self, s, phone):
        return [row["text"] for row in s.modem.sent(to=phone) if "KHAN" in row["text"]]

    def wait_rung(self, s, phone, count=1, timeout_s=20):
        return wait_until(lambda: len(self.rung(s, phone)) >= count and self.rung(s, phone), timeout_s,
                          f"alarm {count} at {phone[-3:]}")

    def number(self, text):
        return re.search(r"OK (\d{3})", text).group(1)

    def alarm(self, s):
        return s.get("duty/alarms")["alarms"][0]

    def test_who_is_rung_answers(self):
        s = self.box()
        s.modem.text(FIRE)
        text = self.wait_rung(s, DUTY)[0]
        self.assertNotIn("thon 3", text)
        self.wait_rung(s, SECOND)
        number = self.number(text)
        # From somebody else it is a report like any other.
        s.modem.text(f"OK {number}", sender="+84900000077")
        s.wait_reports(2)
        self.assertEqual(self.alarm(s)["state"], "RINGING")
        s.modem.text(f"ok{number}. dang den", sender=SECOND)
        wait_until(lambda: self.alarm(s)["state"] == "TAKEN", 20, "the alarm to be taken")
        wait_until(lambda: [row for row in s.modem.sent(to=DUTY) if "da co nguoi nhan" in row["text"]], 20,
                   "the other to be told")
        wait_until(lambda: [row for row in s.modem.sent(to=SECOND) if "da ghi nhan" in row["text"]], 20, "the thanks")
        self.assertEqual(len(s.reports()), 2)
        self.assertTrue(any("dang den" in words for words in s.words(kind="note")))
        time.sleep(3)  # past the first step of the ladder: that nothing happens can only be waited for
        self.assertEqual((len(self.rung(s, DUTY)), len(self.rung(s, SECOND))), (1, 1))
        kinds = [event["kind"] for event in s.get("audit?limit=200")["events"]]
        self.assertEqual(kinds.count("alarm.taken"), 1)

    def test_nobody_answers_over_a_restart(self):
        s = self.box()
        s.modem.text(FIRE)
        self.wait_rung(s, DUTY)
        s.box.kill()
        s.start()
        wait_until(lambda: self.alarm(s)["state"] == "UNANSWERED", 20, "the ladder to end")
        self.assertIn("ALARM_UNANSWERED", [problem["code"] for problem in s.status()["problems"]])
        # There is nobody else: each step rings the same two once more, some of it not at once.
        rows = [row for row in s.outbox(kind="alarm") if row["report"]]
        self.assertEqual(len(rows), 8)
        s.box.ctl("report", s.name(), "take")
        self.assertEqual(self.alarm(s)["state"], "TAKEN")
        self.assertNotIn("ALARM_UNANSWERED", [problem["code"] for problem in s.status()["problems"]])
        s.wait_quiet()
        self.assertLess(len(self.rung(s, DUTY)), 4)

    def test_many_at_once_are_few_messages(self):
        s = self.scene(duty=[DUTY])
        for number in range(12):
            s.modem.text(f"{FIRE} {number}", sender=f"+8490000{1000 + number}")
        s.wait_reports(12)
        s.wait_outbox(12, kind="receipt")
        # Receipts to all, and few messages for the officers: what came while one waited joined it.
        self.assertLess(len(self.rung(s, DUTY)), 6)


if __name__ == "__main__":
    main()
