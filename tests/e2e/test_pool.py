#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The pool of modems: caps of a SIM, a SIM that was exchanged, a modem that fails."""
from scene import DUTY, RESIDENT, SceneTest, main, wait_until
from simmodem import SimModem

RECEIPT = "da nhan duoc tin"


def phone(number):
    return f"+849000000{number:02}"


def receipts(modem):
    return sum(RECEIPT in row["text"] for row in modem.sent())


def codes(scene):
    return {problem["code"] for problem in scene.status()["problems"]}


class Caps(SceneTest):
    def test_a_full_cap_keeps_the_rest_waiting(self):
        s = self.scene(modem_config={"caps": {"per_minute": 20, "per_hour": 2}})
        for number in range(20, 24):
            s.modem.text("chay nha o ap 3", sender=phone(number))
        s.wait_reports(4)
        s.modem.wait_sent(2, contains=RECEIPT)
        wait_until(lambda: s.status()["caps"]["waiting_until"].get("answer"), 10, "the lane to wait")
        status = s.status()
        self.assertEqual(status["outbox"]["QUEUED"], 2)
        self.assertEqual(status["modems"][0]["caps_left"]["hour"], 0)
        self.assertEqual(receipts(s.modem), 2)
        # It holds over a restart, and what waited still waits.
        s.restart()
        wait_until(lambda: s.status()["caps"]["waiting_until"].get("answer"), 10, "the lane to wait")
        self.assertEqual(receipts(s.modem), 2)

    def test_alarms_have_their_reserve(self):
        s = self.scene(duty=[DUTY], modem_config={"caps": {"per_hour": 4, "alarm_reserve": 2}})
        s.modem.text("chay nha o ap 3", sender=phone(20))
        s.modem.wait_sent(1, to=DUTY)
        # The second and third of them are told of together, a little later.
        for number in (21, 22):
            s.modem.text("chay nha o ap 3", sender=phone(number))
        s.wait_reports(3)
        s.modem.wait_sent(2, to=DUTY, timeout_s=60)
        wait_until(lambda: s.status()["caps"]["waiting_until"].get("answer"), 10, "the lane to wait")
        self.assertLessEqual(receipts(s.modem), 2)
        self.assertLessEqual(len(s.modem.sent()), 4)

    def test_what_can_not_go_in_time_is_a_problem(self):
        s = self.scene(modem_config={"caps": {"per_day": 1}})
        for number in range(20, 24):
            s.modem.text("chay nha o ap 3", sender=phone(number))
        s.wait_reports(4)
        wait_until(lambda: "CAPS_SHORT" in codes(s), 30, "the problem to be told")


class Preview(SceneTest):
    def test_what_is_previewed_is_what_is_sent(self):
        s = self.scene(modem_config={"operator": "mobifone", "price": {"own": 99}, "caps": {"same_per_hour": 2}})
        words = "Kính mời ông/bà đến trụ sở Công an xã vào tám giờ sáng mai, mang theo căn cước công dân. " * 3
        seen = s.box.ctl("preview", words, "--lane", "answer", "--to", RESIDENT)
        self.assertEqual((seen["alphabet"], seen["unaccented"], seen["segments"]), ("gsm7", True, 2))
        self.assertEqual(seen["price"], 2 * 99)
        s.modem.text("hoi")
        s.wait_reports(1)
        s.box.ctl("answer", 1, words)
        s.modem.wait_sent(2, to=RESIDENT)
        sent = s.modem.sent(to=RESIDENT)[-1]
        self.assertEqual((sent["text"].strip(), sent["parts"]), (seen["text"].strip(), seen["segments"]))
        # 500 households, two of the same an hour: told before anybody tries.
        seen = s.box.ctl("preview", "Bao lu", "--count", 500)
        self.assertEqual(seen["too_late"], 500 - 73 * 2)
        self.assertEqual(seen["alternative"], "more_sims")
        self.assertGreater(seen["minutes"], seen["minutes_allowed"])


class Pool(SceneTest):
    def exchange_sim(self, s, index, **options):
        s.box.stop()
        s.modems[index].kill()
        old = s.modems[index]
        s.modems[index] = SimModem(old.program.rsplit("/", 1)[0], str(s.dir), name=f"modem{index}", **options).start()
        s.box.start()
        s.wait_ready()

    def test_another_sim_receives_but_does_not_send(self):
        s = self.scene(modems=2, duty=[DUTY])
        self.exchange_sim(s, 0, imsi="452990000000077")
        wait_until(lambda: s.status()["modems"][0]["swapped"] == "sim", 20, "the other SIM to be noticed")
        self.assertIn("MODEM_SWAPPED", codes(s))
        s.modems[1].wait_sent(to=DUTY, contains="modem modem0 da bi thay")
        s.modems[0].text("chay nha o ap 3")
        s.modems[1].wait_sent(to=RESIDENT, contains=RECEIPT)
        self.assertEqual(s.modems[0].sent(), [])
        # The news is told once, and a restart does not forget it.
        s.restart()
        self.assertEqual(s.status()["modems"][0]["swapped"], "sim")
        self.assertEqual(len([r for r in s.modems[1].sent(to=DUTY) if "da bi thay" in r["text"]]), 1)
        self.assertEqual(s.box.ctl("modem", "modem0", "accept")["state"], "accepted")
        wait_until(lambda: not s.status()["modems"][0]["swapped"], 10, "it to be accepted")
        self.assertNotIn("MODEM_SWAPPED", codes(s))
        for number in range(30, 36):
            s.modems[1].text("mat trom", sender=phone(number))
        s.modems[0].wait_sent(1)

    def test_one_that_fails_leaves_its_queue_to_the_others(self):
        s = self.scene(modems=2)
        s.modems[0].fault("cms", "CMGS", code=38, count=-1)
        for number in range(40, 46):
            s.modems[0].text("mat trom", sender=phone(number))
        s.modems[1].wait_sent(6, contains=RECEIPT, timeout_s=60)
        self.assertEqual(s.modems[0].sent(), [])
        self.assertGreater(s.status()["modems"][0]["failures"], 0)


class Full(SceneTest):
    def test_a_sim_that_stays_full_is_told_once(self):
        """A card that lets nothing be deleted: what is on it is kept, and somebody has to look."""
        s = self.scene(start=False, duty=[DUTY], modem_config={"full_after_s": 5},
                       modem_options={"slots": 10, "me_slots": 0}, modem_args=["--poll-s", "2"])
        s.modem.fault("cms", "CMGD", code=500, count=-1)
        for number in range(50, 57):
            s.modem.text("mat trom", sender=phone(number))
        s.start()
        s.modem.wait_sent(to=DUTY, contains="SIM cua modem modem0 sap day", timeout_s=60)
        s.wait_reports(7)
        modem = s.status()["modems"][0]
        self.assertEqual((modem["sim_used"], modem["sim_size"]), (7, 10))
        self.assertIn("MODEM_SIM_FULL", codes(s))
        # Somebody puts in another card, or this one is well again.
        s.modem.clear_faults()
        s.modem.wait_drained(60)
        s.modem.text("con song", sender=phone(58))
        s.modem.wait_sent(to=phone(58), contains=RECEIPT, timeout_s=60)
        self.assertEqual(s.box.log().count("sim_full used="), 1)


class Ussd(SceneTest):
    def test_the_answer_is_shown_raw_and_decoded(self):
        s = self.scene()
        s.modem.request("ussd", code="*101#", text="TK goc: 25.000d")
        answer = s.box.ctl("modem", "modem0", "ussd", "*101#")
        self.assertEqual(answer["text"], "TK goc: 25.000d")
        self.assertEqual(answer["status"], 0)
        # Messages go on meanwhile and afterwards.
        s.modem.text("chay nha o ap 3")
        s.modem.wait_sent(to=RESIDENT, contains=RECEIPT)

    def test_a_low_balance_is_told(self):
        s = self.scene(start=False, duty=[DUTY], modem_config={"balance_code": "*101#", "balance_low": 30000})
        s.modem.request("ussd", code="*101#", text="TK goc: 25.000d")
        s.start()
        s.modem.wait_sent(to=DUTY, contains="sap het tien", timeout_s=60)
        modem = s.status()["modems"][0]
        self.assertEqual(modem["balance"], 25000)
        self.assertIn("MODEM_BALANCE", codes(s))


if __name__ == "__main__":
    main()
