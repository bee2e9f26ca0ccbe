#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Zalo away for a while, or saying odd things."""
from scene import DUTY, USER, SceneTest, main, wait_until
from simzalo import GROUP

LIST, USER_SEND, GROUP_SEND = "listrecentchat", "message/cs", "group/message"
OTHER_USER = "9007199254740993002"


class Down(SceneTest):
    def test_fifty_messages_wait(self):
        """Nothing is lost, nothing comes twice, and everybody gets his in order."""
        s = self.scene(zalo=True, duty=[DUTY])
        s.zalo.write(USER, "tin dau")
        s.zalo.write(OTHER_USER, "tin kia")
        s.wait_reports(2)
        s.zalo.wait_received(1, to=USER)
        s.zalo.wait_received(2, to=GROUP)
        s.wait_quiet()
        names = {s.words(row["report"])[0]: row["report"] for row in s.reports()}
        first = max(row["seq"] for row in s.zalo.received())
        s.zalo.down()
        s.wait_zalo(reachable=False)
        for i in range(40):
            s.modem.text(f"tin {i:02}", sender=f"+849000005{i % 7:02}")
        s.wait_reports(42, 60)
        for i in range(5):
            s.box.ctl("answer", names["tin dau"], f"tra loi {i}")
            s.box.ctl("answer", names["tin kia"], f"dap lai {i}")
        s.modem.wait_sent(40, to=DUTY, timeout_s=60)
        waiting = [row for row in s.outbox(state="QUEUED") if row["channel"] != "modem"]
        self.assertEqual(len(waiting), 50)
        s.restart(is_zalo_away=True)
        self.assertEqual([row["id"] for row in s.outbox(state="QUEUED") if row["channel"] != "modem"],
                         [row["id"] for row in waiting])
        s.zalo.up()
        now_ms = s.zalo.state()["now_ms"]
        s.zalo.write_many([{"user": USER, "text": f"tu Zalo {i:02}", "at_ms": now_ms - 100 + i} for i in range(25)])
        s.zalo.wait_received(40, to=GROUP, after=first, timeout_s=60)
        s.wait_reports(67, 60)
        s.wait_quiet(60)
        self.assertEqual([text for text in s.all_words() if text.startswith("tu Zalo")],
                         [f"tu Zalo {i:02}" for i in range(25)])
        received = s.zalo.received(after=first)

        def texts(to, prefix):
            return [row["text"] for row in received if row["to"] == to and prefix in row["text"]]
        expected = s.all_words()[2:]
        self.assertEqual([text.split("\n", 1)[1] for text in texts(GROUP, "Tin báo số")], expected)
        self.assertEqual(texts(USER, "tra loi"), [f"tra loi {i}" for i in range(5)])
        self.assertEqual(texts(OTHER_USER, "dap lai"), [f"dap lai {i}" for i in range(5)])
        self.assertEqual(len(texts(USER, "đã nhận được tin")), 25)

    def test_every_kind_of_away(self):
        scenes = {mode: self.scene(zalo=True, duty=[DUTY]) for mode in ("refuse", "reset")}
        for mode, s in scenes.items():
            s.zalo.down(mode)
        for s in scenes.values():
            s.wait_zalo(reachable=False)
            self.assertIn("ZALO_UNREACHABLE", [problem["code"] for problem in s.status()["problems"]])
            s.modem.text("luc mat mang")
            s.modem.wait_sent(to=DUTY)
            s.zalo.up()
        for s in scenes.values():
            s.zalo.wait_received(1, to=GROUP, timeout_s=60)
            s.wait_quiet()
            self.assertEqual(len(s.zalo.received()), 1)


class OddAnswers(SceneTest):
    def test_answer_to_a_send_is_lost(self):
        """It was carried out: found by reading back, never sent again; to a user and to the group."""
        s = self.scene(zalo=True)
        s.zalo.do("lost_answer", path=GROUP_SEND)
        s.modem.text("tin bao")
        s.wait_log("zalo_send .*channel=zalo_group .*result=in_doubt")
        s.zalo.do("lost_answer", path=USER_SEND, reset=True)
        s.zalo.write(USER, "tin Zalo")
        s.wait_log("zalo_send .*channel=zalo_user .*result=in_doubt")
        s.wait_outbox(2, channel="zalo_group", states=("SENT",), timeout_s=60)
        s.wait_outbox(1, channel="zalo_user", states=("SENT",), timeout_s=60)
        self.assertEqual(len(s.zalo.received(to=GROUP)), 2)
        self.assertEqual(len(s.zalo.received(to=USER)), 1)
        self.assertEqual({row["attempts"] for row in s.outbox() if row["channel"] != "modem"}, {1})

    def test_garbage_instead_of_an_answer(self):
        """A page of HTML with 200, a 502 of a proxy: carried out all the same."""
        s = self.scene(zalo=True)
        s.zalo.do("garbage", path=GROUP_SEND)
        s.modem.text("tin mot")
        s.wait_log("zalo_send .*result=in_doubt")
        s.zalo.do("http_500", path=GROUP_SEND, status=502, acted=True)
        s.modem.text("tin hai")
        s.wait_log("zalo_send .*result=in_doubt", count=2)
        s.wait_outbox(2, channel="zalo_group", states=("SENT",), timeout_s=60)
        self.assertEqual([row["text"].split("\n")[1] for row in s.zalo.received(to=GROUP)], ["tin mot", "tin hai"])

    def test_refusals(self):
        """HTTP 200 with an error in its body. Those about the recipient are final; others are not."""
        s = self.scene(zalo=True)
        s.zalo.write(USER, "tin mot")
        s.zalo.wait_received(1, to=USER)
        s.wait_quiet()
        for count, (code, error) in enumerate([(-201, "REFUSED"), (-210, "TOO_BIG"), (-230, "RECIPIENT")], 1):
            with self.subTest(code):
                s.zalo.do("error", error=code, path=USER_SEND)
                s.box.ctl("answer", 1, f"tra loi {code}")
                rows = s.wait_outbox(count, kind="answer", states=("FAILED",))
                self.assertEqual(rows[-1]["error"], error)
                self.assertTrue(rows[-1]["note"])
        self.assertEqual(len(s.zalo.received(to=USER)), 1)
        # Who can't be reached is not tried again before he writes.
        calls = s.zalo.calls(USER_SEND)
        s.box.ctl("answer", 1, "khong gui")
        s.wait_outbox(4, kind="answer", states=("FAILED",))
        self.assertEqual(s.zalo.calls(USER_SEND), calls)
        s.zalo.write(USER, "toi day")
        s.zalo.wait_received(2, to=USER, timeout_s=40)
        # "Still processing": tried again.
        s.zalo.do("error", error=-214, path=USER_SEND)
        s.box.ctl("answer", 1, "tra loi sau cung")
        s.zalo.wait_received(3, to=USER, timeout_s=40)

    def test_group_that_is_disabled(self):
        """A person must act at Zalo: the duty phones are texted at once instead of after the standby."""
        s = self.scene(zalo=True, duty=[DUTY])
        s.zalo.do("error", error=-237, path=GROUP_SEND)
        s.modem.text("tin bao")
        s.modem.wait_sent(to=DUTY)
        s.zalo.write(USER, "van chat duoc")
        s.zalo.wait_received(1, to=USER)

    def test_odd_lists(self):
        """The poll survives whatever the list is, and takes up where it was."""
        s = self.scene(zalo=True)
        for body in ("<html>", '{"error":0,"data":{}}', '{"error":"0","data":[1,"a",null,{}]}',
                     '{"error":0,"data":[{"src":1,"time":"x","from_id":7,"message_id":true}]}', "[" * 2000):
            s.zalo.do("garbage", path=LIST, body=body)
        s.zalo.do("http_500", path=LIST)
        s.zalo.do("lost_answer", path=LIST)
        s.zalo.write(USER, "tin den giua luc do")
        wait_until(lambda: s.zalo.state()["faults_waiting"] == 0, 80, "the odd lists to be asked for")
        s.wait_reports(1)
        s.zalo.wait_received(1, to=USER)
        self.assertEqual(s.all_words(), ["tin den giua luc do"])


if __name__ == "__main__":
    main()
