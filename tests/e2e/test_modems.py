#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Modems in trouble: what the network or the modem refuses, loses or says wrongly, and two modems that help each other."""
from scene import RESIDENT, SceneTest, main, wait_until

OTHER = "+84900000013"
RECEIPT = "da nhan duoc tin"
UNASSIGNED, REJECTED, CONGESTION, TIMEOUT, UNKNOWN = 1, 21, 42, 332, 500  # CMS, 3GPP TS 27.005 §3.2.5


class Pool(SceneTest):
    def test_two_modems_share_the_work(self):
        s = self.scene(modems=2)
        first, second = s.modems
        for i in range(8):
            s.modems[i % 2].text(f"tin {i}", sender=f"+8490000020{i}")
        s.wait_reports(8)
        s.wait_outbox(8, kind="receipt", states=("DELIVERED",))
        counts = [len(modem.sent()) for modem in s.modems]
        self.assertEqual(sum(counts), 8)
        self.assertTrue(all(counts), f"one modem did everything: {counts}")
        self.assertEqual({row["to"] for modem in s.modems for row in modem.sent()},
                         {f"+8490000020{i}" for i in range(8)})
        # One is pulled out: the other takes over what is to be sent, also the answers to who wrote to the first.
        first.unplug()
        wait_until(lambda: s.status()["modems"][0]["phase"] != "ready", what="the loss of modem0")
        before = len(second.sent())
        for i in range(4):
            s.box.ctl("answer", i + 1, f"tra loi {i}")
        s.wait_outbox(4, kind="answer", states=("DELIVERED",))
        self.assertEqual(len(second.sent()), before + 4)
        self.assertIn(("MODEM_DOWN", "modem0"), [(p["code"], p["subject"]) for p in s.status()["problems"]])
        first.plug()
        s.wait_ready()
        first.text("con song", sender=OTHER)
        s.wait_reports(9)

    def test_same_slot_of_two_sims_is_two_messages(self):
        s = self.scene(modems=2, modem_options={"me_slots": 0})
        for modem in s.modems:
            modem.text("trung nhau", scts="2026-11-22T10:00:00+07:00")
        s.wait_reports(2)
        self.assertEqual(s.all_words(), ["trung nhau"] * 2)


    def test_card_that_does_not_say_its_number(self):
        """A slot keeps its owner meanwhile, over a restart of both programs; also when the number is told only later."""
        s = self.scene(modem_options={"me_slots": 0})
        s.modem.fault("cms", "CMGD", code=UNKNOWN, count=-1)
        s.modem.text("nam lai trong SIM")
        s.wait_reports(1)
        for numbers in (("CIMI", "CGSN"), ()):
            for command in numbers:
                s.modem.fault("cme", command, code=14, count=-1)
            s.restart()
            s.modem.text(f"sau do {len(numbers)}", sender=OTHER)
            s.wait_reports(2 if numbers else 3)
            s.modem.clear_faults()
        s.modem.wait_drained()
        self.assertEqual(s.all_words(), ["nam lai trong SIM", "sau do 2", "sau do 0"])

    def test_card_that_says_its_number_at_last(self):
        s = self.scene(modem_options={"me_slots": 0}, start=False)
        s.modem.fault("cme", "CIMI", code=14, count=-1)
        s.start()
        s.modem.fault("cms", "CMGD", code=UNKNOWN, count=-1)
        s.modem.text("nam lai trong SIM")
        s.wait_reports(1)
        s.modem.clear_faults()
        s.modem.fault("cms", "CMGD", code=UNKNOWN, count=1)
        s.restart()
        s.modem.text("sau do", sender=OTHER)
        s.wait_reports(2)
        s.modem.wait_drained()
        self.assertEqual(s.all_words(), ["nam lai trong SIM", "sau do"])


class Unreadable(SceneTest):
    def test_report_that_nobody_understands(self):
        """Put aside raw, once, however often the network tries again."""
        s = self.scene(modem_options={"maker": "Quectel"})
        for _ in range(3):
            s.modem.clock(raw="+CDS: 2\r\n0004")
        s.modem.text("tin sau do")
        s.wait_reports(1)
        s.wait_log(r"quarantine id=1 ")
        self.assertNotIn("quarantine id=2 ", s.box.log())
        s.modem.wait_event("cmd", match=lambda row: row["text"] == "AT+CNMA")


class Trouble(SceneTest):
    def test_unplugged_and_plugged_in_again(self):
        s = self.scene()
        s.modem.text("truoc khi rut")
        s.wait_outbox(1, states=("DELIVERED",))
        s.modem.unplug()
        wait_until(lambda: s.status()["modems"][0]["phase"] != "ready", what="the modem to be missed")
        self.assertIn("MODEM_DOWN", [problem["code"] for problem in s.status()["problems"]])
        s.box.ctl("answer", 1, "tra loi khi khong co modem")
        s.modem.text("khi da rut")  # waits at the service centre
        s.modem.plug()
        s.modem.wait_sent(to=RESIDENT, contains="tra loi khi khong co modem", timeout_s=60)
        s.wait_reports(2)
        s.wait_outbox(3, states=("DELIVERED",))
        self.assertEqual(len(s.modem.sent()), 3)

    def test_registration_lost(self):
        s = self.scene()
        s.modem.text("truoc khi mat song")
        s.wait_outbox(1, states=("DELIVERED",))
        s.modem.network("searching")
        s.box.ctl("answer", 1, "tra loi khi mat song")
        s.wait_log(r"failed id=\d+ part=1 kind=cms code=331 err=NETWORK")
        s.modem.text("gui luc mat song")
        s.modem.network("home")
        s.modem.wait_sent(to=RESIDENT, contains="tra loi khi mat song", timeout_s=60)
        s.wait_reports(2)
        s.wait_outbox(3, states=("DELIVERED",))
        self.assertEqual(len(s.modem.sent(to=RESIDENT)), 3)

    def test_codes_of_the_network(self):
        s = self.scene()
        # Never again: the number is wrong, the network rejects.
        for i, code in enumerate((UNASSIGNED, REJECTED)):
            s.modem.fault("cms", "CMGS", code=code)
            s.modem.text(f"tin {code}", sender=f"+8490000030{i}")
            s.wait_outbox(i + 1, kind="receipt", states=("FAILED",))
        self.assertEqual([row["error"] for row in s.outbox(kind="receipt")], ["RECIPIENT", "REFUSED"])
        self.assertEqual(s.modem.sent(), [])
        # Later: congestion, twice; also at the prompt. The message goes out once.
        s.modem.fault("cms", "CMGS", code=CONGESTION, count=2)
        s.modem.text("tin 42", sender=OTHER)
        s.modem.wait_sent(to=OTHER, contains=RECEIPT, timeout_s=40)
        s.wait_outbox(1, kind="receipt", states=("DELIVERED",))
        self.assertEqual(len(s.modem.sent()), 1)

    def test_long_answer_whose_middle_is_refused_once(self):
        s = self.scene()
        s.modem.text("hoi thu tuc")
        s.wait_outbox(1, states=("DELIVERED",))
        s.modem.fault("cms", "CMGS", code=CONGESTION, skip=1)
        words = "Mời ông/bà đến trụ sở, mang theo căn cước công dân và giấy tờ nhà đất. " * 2
        s.box.ctl("answer", 1, words)
        row = s.modem.wait_sent(to=RESIDENT, contains="Mời", timeout_s=40)[0]
        self.assertEqual(row["text"].strip(), words.strip())
        self.assertEqual(len([seg for seg in s.modem.segments() if seg["message"] == row["n"]]), row["parts"])
        s.wait_outbox(1, kind="answer", states=("DELIVERED",))


class Clock(SceneTest):
    def test_the_network_tells_the_time(self):
        """Before any message came; and when it is not our time, that is said."""
        s = self.scene()
        wait_until(lambda: s.status()["clock"]["drift_s"] is not None, what="the network's time")
        self.assertLess(abs(s.status()["clock"]["drift_s"]), 10)
        s.modem.clock(ahead_ms=7200000)
        s.restart()
        wait_until(lambda: s.status()["clock"]["drift_s"] is not None, what="the network's time")
        self.assertLess(abs(s.status()["clock"]["drift_s"] - 7200), 10)

    def test_a_clock_that_was_never_set(self):
        s = self.scene(start=False)
        s.modem.clock(cclk="80/01/06,00:00:00+00")
        s.start()
        self.assertIsNone(s.status()["clock"]["drift_s"])


class Journal(SceneTest):
    def test_what_the_modem_said(self):
        s = self.scene(modem_args=["--send-timeout-s", "2"])
        s.modem.text("bi mat cua nguoi dan")
        s.wait_outbox(1, kind="receipt", states=("DELIVERED",))
        text = "\n".join(s.box.ctl("modem", "modem0", "journal")["lines"])
        self.assertIn("> AT+CMGS=", text)
        self.assertIn("hex>", text)
        self.assertNotIn("bi mat", text)
        self.assertNotRegex(text, r"\d{5}|[0-9A-F]{12}")
        # of a modem that is gone too
        s.modem.unplug()
        wait_until(lambda: s.status()["modems"][0]["phase"] != "ready", what="the loss of the modem")
        self.assertTrue(s.box.ctl("modem", "modem0", "journal")["lines"])


class Sending(SceneTest):
    def test_text_that_was_garbled_on_the_line(self):
        """The modem refuses what is no PDU any more: that is the line's fault, not the message's."""
        s = self.scene()
        s.modem.fault("lose", "CMGS", bytes=10)
        s.modem.text("hoi")
        s.modem.wait_sent(to=RESIDENT, contains=RECEIPT, timeout_s=40)
        s.wait_outbox(1, kind="receipt", states=("DELIVERED",))
        self.assertEqual(len(s.modem.sent()), 1)

    def test_long_answers_are_not_mixed(self):
        """The segments of one message go out one behind the other, whatever else waits and comes in."""
        s = self.scene(modem_options={"radio_ms": 50}, modem_config={"caps": {"per_minute": 100}})
        s.modem.text("hoi thu tuc")
        s.wait_outbox(1, states=("DELIVERED",))
        words = "Mời ông/bà đến trụ sở, mang theo căn cước công dân và giấy tờ nhà đất. " * 4
        for _ in range(2):
            s.box.ctl("answer", 1, words)
        for n in range(8):
            s.modem.text(f"tin {n}", sender=f"+8490000040{n}")
        s.wait_outbox(2, kind="answer", states=("DELIVERED",))
        s.wait_outbox(9, kind="receipt", states=("DELIVERED",))
        messages = [segment["message"] for segment in s.modem.segments()]
        self.assertEqual(messages, sorted(messages), "segments of other messages between those of one")


class Noise(SceneTest):
    def test_split_answers_and_codes_within_them(self):
        s = self.scene()
        s.modem.fault("split", ms=3, bytes=5, count=-1)
        s.modem.fault("urc_inside", count=-1, skip=2)
        for i in range(5):
            s.modem.text(f"tin {i}", sender=f"+8490000060{i}")
        s.wait_reports(5)
        s.modem.clear_faults()
        s.modem.wait_drained(60)
        self.assertEqual(sorted(s.all_words()), [f"tin {i}" for i in range(5)])
        for i in range(5):
            self.assertLessEqual(len(s.modem.sent(to=f"+8490000060{i}")), 1)

    def test_reboot_and_a_full_sim(self):
        """A SIM full of old messages hides what the network has: all of it comes in, and a reboot loses nothing."""
        s = self.scene(start=False, modem_options={"slots": 10, "me_slots": 0})
        s.modem.fill()
        s.modem.text("tin {n}", sender="VIETTEL", count=15)
        s.start()
        s.wait_reports(12)
        s.modem.reboot(ms=500)
        s.wait_reports(25, 60)
        s.modem.wait_drained(60)
        words = s.all_words()
        self.assertEqual(sorted(words), sorted([f"tin cu {i}" for i in range(1, 11)] +
                                               [f"tin {i}" for i in range(1, 16)]))


class Reports(SceneTest):
    def test_a_report_while_nobody_is_there(self):
        """Stored by the module, or kept by the network until somebody confirms it."""
        for maker in ("Binhyen", "Quectel"):
            with self.subTest(maker):
                s = self.scene(modem_options={"maker": maker, "confirm_ms": 200})
                s.modem.auto_report(how="off")
                s.modem.text("hoi")
                s.wait_outbox(1, kind="receipt", states=("SENT",))
                self.assertEqual(s.box.stop(), 0)
                s.modem.report(s.modem.segments()[0]["n"])
                s.modem.wait_event("report" if maker == "Binhyen" else "report_refused")
                s.start()
                s.modem.retry()
                s.wait_outbox(1, kind="receipt", states=("DELIVERED",))
                if maker == "Quectel":
                    s.modem.wait_event("report_confirmed")
                s.modem.wait_drained()


class InDoubt(SceneTest):
    def doubted(self, s, text="tra loi"):
        """An answer that the modem says it could not send, though the network has it: its row."""
        s.modem.auto_report(how="off")
        s.box.ctl("answer", 1, text)
        return s.wait_outbox(1, kind="answer", states=("IN_DOUBT",), timeout_s=15)[0]

    def opened(self, **options):
        s = self.scene(**options)
        s.modem.text("hoi")
        s.wait_outbox(1, kind="receipt", states=("DELIVERED",))
        return s

    def test_error_though_it_was_sent(self):
        for code in (UNKNOWN, TIMEOUT):
            with self.subTest(code=code):
                s = self.opened()
                s.modem.fault("error_but_sent", "CMGS", code=code)
                row = self.doubted(s)
                self.assertIn("IN_DOUBT", [problem["code"] for problem in s.status()["problems"]])
                sent = s.modem.sent(to=RESIDENT)
                self.assertEqual(len(sent), 2)
                s.modem.report(s.modem.segments()[-1]["n"])
                s.wait_outbox(1, kind="answer", states=("DELIVERED",))
                self.assertEqual(s.get("outbox")["outbox"][0]["id"], row["id"])
                self.assertEqual(len(s.modem.sent(to=RESIDENT)), 2, "sent twice")

    def test_answer_of_the_modem_is_missing(self):
        s = self.opened(modem_args=["--send-timeout-s", "2"])
        s.modem.fault("missing", "CMGS")
        self.doubted(s)
        s.modem.report(s.modem.segments()[-1]["n"])
        s.wait_outbox(1, kind="answer", states=("DELIVERED",))
        self.assertEqual(len(s.modem.sent(to=RESIDENT)), 2, "sent twice")

    def test_report_comes_before_the_time_out(self):
        """As it mostly does: the phone has the message in a second, the modem is waited for much longer."""
        for how in ("cdsi", "cds"):  # by way of the memory SR, and straight from the air
            with self.subTest(how):
                s = self.opened(modem_args=["--send-timeout-s", "2"])
                s.modem.auto_report(how=how)
                s.modem.fault("missing", "CMGS")
                s.box.ctl("answer", 1, "tra loi")
                s.wait_log("kind=modem code=-1 .*in_doubt=1")
                s.wait_outbox(1, kind="answer", states=("DELIVERED",), timeout_s=5)
                self.assertEqual(len(s.modem.sent(to=RESIDENT)), 2, "sent twice")

    def test_one_part_of_two_is_no_message(self):
        """The second part is in doubt: the report of the first does not settle it."""
        s = self.opened(modem_args=["--send-timeout-s", "2"])
        s.modem.fault("missing", "CMGS", skip=1)
        self.doubted(s, "Moi ong/ba den tru so luc 8 gio sang mai, mang theo can cuoc va giay to xe. " * 3)
        first = s.modem.segments()[1]
        self.assertEqual((first["seq"], first["total"]), (1, 2))
        s.modem.report(first["n"])
        s.wait_log(r"report=delivered .*outbox=2")
        self.assertEqual([row["state"] for row in s.outbox(kind="answer")], ["IN_DOUBT"])
        # With that of the second, whose reference nobody was told, all of it has arrived.
        s.modem.report(s.modem.segments()[2]["n"])
        s.wait_outbox(1, kind="answer", states=("DELIVERED",))

    def test_answer_of_the_modem_is_late(self):
        s = self.opened(modem_args=["--send-timeout-s", "1"])
        s.modem.fault("late", "CMGS", ms=2500)
        self.doubted(s)
        s.wait_outbox(1, kind="answer", states=("SENT", "DELIVERED"))
        self.assertEqual(len(s.modem.sent(to=RESIDENT)), 2, "sent twice")

    def test_in_doubt_outlives_a_restart_and_blocks_nobody(self):
        s = self.opened(modem_args=["--send-timeout-s", "2"])
        s.modem.fault("missing", "CMGS")
        self.doubted(s, "tra loi dau")
        s.restart()
        s.box.ctl("answer", 1, "tra loi sau")
        s.modem.wait_sent(to=RESIDENT, contains="tra loi sau")
        self.assertEqual([row["state"] for row in s.outbox(kind="answer")][0], "IN_DOUBT")
        self.assertEqual(len(s.modem.sent(to=RESIDENT)), 3)
        first = next(row for row in s.modem.segments() if row["text"] == "tra loi dau")
        s.modem.report(first["n"])
        wait_until(lambda: s.outbox(kind="answer")[0]["state"] == "DELIVERED", what="the report to settle it")


if __name__ == "__main__":
    main()
