#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Sends through Zalo whose end takes a minute to know: what is not there after that was not sent, and a rate that is
used up renews with the minute. The scenes run side by side."""
from scene import DUTY, USER, SceneTest, main
from simzalo import GROUP

USER_SEND, GROUP_SEND = "message/cs", "group/message"
LIMIT_S = 150


class SlowEnds(SceneTest):
    def unsent(self):
        """The answer is lost, and so was the request: in doubt for a minute, then sent again, once."""
        s = self.scene(zalo=True, duty=[DUTY])
        s.zalo.do("lost_answer", path=GROUP_SEND, acted=False)
        s.zalo.do("lost_answer", path=USER_SEND, acted=False)
        s.modem.text("tin bao")
        s.zalo.write(USER, "tin Zalo")
        s.wait_log("zalo_send .*result=in_doubt", count=2)
        self.assertEqual(s.status()["outbox"]["IN_DOUBT"], 2)
        self.assertIn("IN_DOUBT", [problem["code"] for problem in s.status()["problems"]])
        return s

    def failed_for_an_unknown_reason(self):
        """-200: Zalo says that it failed but not why; the message is there all the same."""
        s = self.scene(zalo=True)
        s.zalo.write(USER, "tin Zalo")
        s.zalo.wait_received(1, to=USER)
        s.zalo.do("error", error=-200, path=USER_SEND, acted=True)
        s.box.ctl("answer", 1, "tra loi")
        s.wait_log("zalo_send .*result=in_doubt")
        return s

    def over_the_rate(self):
        """-32: it was not carried out; nothing is asked of Zalo until the next minute."""
        s = self.scene(zalo=True)
        s.zalo.write(USER, "tin Zalo")
        s.zalo.wait_received(1, to=USER)
        s.zalo.do("error", error=-32, path=USER_SEND)
        s.box.ctl("answer", 1, "tra loi")
        s.wait_log("zalo_send .*error=RATE")
        return s

    def killed_while_sending(self):
        """The daemon died between the request and its answer: read back after the start."""
        s = self.scene(zalo=True)
        s.zalo.write(USER, "tin Zalo")
        s.zalo.wait_received(1, to=USER)
        s.zalo.do("slow", path=USER_SEND, ms=60000)
        s.box.ctl("answer", 1, "tra loi")
        s.zalo.wait_received(2, to=USER)
        s.box.kill()
        s.zalo.do("clear")
        s.box.start()
        s.wait_log("started .*in_doubt=1")
        return s

    def test_slow_ends(self):
        unsent = self.unsent()
        over_the_rate = self.over_the_rate()
        unknown = self.failed_for_an_unknown_reason()
        killed = self.killed_while_sending()

        for s in (killed, unknown):
            s.wait_outbox(1, kind="answer", states=("SENT",))
            self.assertEqual([row["text"] for row in s.zalo.received(to=USER)][1:], ["tra loi"])
            self.assertEqual(s.outbox(kind="answer")[0]["attempts"], 1)

        over_the_rate.wait_outbox(1, kind="answer", states=("SENT",), timeout_s=LIMIT_S)
        self.assertEqual([row["text"] for row in over_the_rate.zalo.received(to=USER)][1:], ["tra loi"])

        unsent.wait_outbox(2, channel="zalo_group", states=("SENT",), timeout_s=LIMIT_S)
        unsent.wait_outbox(1, channel="zalo_user", states=("SENT",), timeout_s=LIMIT_S)
        unsent.wait_quiet()
        self.assertEqual(len(unsent.zalo.received(to=GROUP)), 2)
        self.assertEqual(len(unsent.zalo.received(to=USER)), 1)


if __name__ == "__main__":
    main()
