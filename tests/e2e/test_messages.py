#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What becomes of a message: the odd ones that come in, and what goes out to phones, chats and the duty group."""
import os
import random
import signal
import time
import unicodedata

import scene
from scene import DUTY, RESIDENT, USER, Refused, SceneTest, main, wait_until
from simzalo import GROUP

OTHER = "+84900000013"
RECEIPT = "da nhan duoc tin"


def semi_octets(digits):
    digits += "F" * (len(digits) % 2)
    return "".join(digits[i + 1] + digits[i] for i in range(0, len(digits), 2))


def deliver(sender, dcs, data, units=None):
    """An SMS-DELIVER (3GPP TS 23.040 §9.2.2.1) as hex, with the SMSC in front; data: the octets of TP-UD."""
    digits = sender.lstrip("+")
    return ("07914809009000F0" "04" f"{len(digits):02X}" "91" + semi_octets(digits) + "00" f"{dcs:02X}"
            "62112241500082" f"{len(data) if units is None else units:02X}" + data.hex().upper())


class Incoming(SceneTest):
    def test_equal_texts_are_two_reports(self):
        # One slot of one memory: the second lies where the first lay, in the same second.
        s = self.scene(modem_options={"slots": 1, "me_slots": 0})
        s.modem.text("mat trom xe", scts="2026-11-22T10:00:00+07:00", count=2)
        s.wait_reports(2)
        s.modem.wait_sent(2, to=RESIDENT, contains=RECEIPT)
        s.modem.wait_drained()
        self.assertEqual(s.all_words(), ["mat trom xe"] * 2)
        numbers = [row["number"] for row in s.reports()]
        if not scene.is_claimed:
            self.assertEqual(numbers, [1, 2])
        self.assertEqual(len({row["code"] for row in s.reports()}), 2)

    def test_slot_read_again_is_one_report(self):
        # Polled every 2 s, so that a slot that was not deleted is read again soon.
        s = self.scene(modem_args=["--poll-s", "2"])
        s.modem.fault("cms", "CMGD", code=500, count=-1)
        s.modem.text("danh nhau o cho")
        s.wait_reports(1)
        deletions = len(s.modem.events("fault"))
        s.modem.wait_event("fault", deletions + 3, timeout_s=30)
        s.modem.clear_faults()
        s.modem.wait_drained(30)
        self.assertEqual(s.all_words(), ["danh nhau o cho"])
        self.assertEqual(len(s.inbox()), 1)
        self.assertEqual(len(s.modem.sent(to=RESIDENT)), 1)

    def test_modem_process_killed_between_stored_and_deleted(self):
        s = self.scene()
        s.modem.fault("hang", "CMGD", ms=300)  # deaf when told to delete: the slot stays full
        s.modem.text("danh nhau o cho", sender="VIETTEL")  # no receipt that would be on its way
        s.wait_reports(1)
        s.modem.wait_event("fault", match=lambda row: row["on"] == "CMGD")
        before = s.box.modem_pids()
        os.kill(before[0], signal.SIGKILL)
        wait_until(lambda: s.box.modem_pids() and s.box.modem_pids() != before, what="a new binhyen-modem")
        s.modem.wait_drained(40)
        s.wait_ready()
        self.assertEqual(s.all_words(), ["danh nhau o cho"])
        self.assertEqual(len(s.inbox()), 1)
        self.assertEqual(s.status()["modems"][0]["respawns"], 1)

    def test_odd_contents(self):
        """Nothing at all, half a surrogate pair, an odd number of octets, eight-bit data."""
        s = self.scene()
        words = {}
        lone = "chao ".encode("utf-16-be") + b"\xd8\x3d" + " ap 3".encode("utf-16-be") + b"\xde\x00"
        cases = [
            ("an SMS of 0 bytes", lambda: s.modem.text("")),
            ("halves of surrogate pairs", lambda: s.modem.pdu(deliver(RESIDENT, 8, lone))),
            ("an odd number of octets", lambda: s.modem.pdu(deliver(RESIDENT, 8, "chao".encode("utf-16-be") + b"\x00"))),
            ("noncharacters, NUL and controls",
             lambda: s.modem.pdu(deliver(RESIDENT, 8, b"\x00\x00\xff\xff\xff\xfe\x00\x1b\x00a\x00\x07\x20\x2e\x00b"))),
            ("eight-bit data", lambda: s.modem.pdu(deliver(RESIDENT, 4, bytes(range(0x80, 0xa0))))),
            ("an unknown coding", lambda: s.modem.pdu(deliver(RESIDENT, 0xE7, b"\x41\x42"))),
            ("an ordinary one", lambda: s.modem.text("tin thuong")),
        ]
        for count, (name, play) in enumerate(cases, 1):
            with self.subTest(name):
                play()
                rows = s.wait_reports(count)
                words[name] = s.words(rows[-1]["report"])[0]
                words[name].encode()  # valid
                self.assertFalse([ch for ch in words[name] if unicodedata.category(ch) == "Cs"])
        s.modem.wait_drained()
        self.assertEqual(words["an SMS of 0 bytes"], "(Tin nhắn không có nội dung.)")
        self.assertEqual(words["an ordinary one"], "tin thuong")
        self.assertEqual(words["eight-bit data"],
                         "(Tin nhắn không đọc được. Đề nghị liên hệ lại với người gửi.)")
        self.assertTrue(words["halves of surrogate pairs"].startswith("chao "))
        self.assertIn(" ap 3", words["halves of surrogate pairs"])
        self.assertEqual(s.status()["store"]["quarantine"], 0)
        self.assertEqual(s.status()["modems"][0]["respawns"], 0)

    def test_poison_is_put_aside(self):
        """PDUs that a decoder might not survive: kept raw, deleted from the SIM, alarmed; the others go on. They come
        back after a restart of the modem process as little as anything else."""
        killers = [
            deliver(RESIDENT, 0, b"\x41\x42", units=160),  # a length that lies
            "07914809009000F0" "44" "0B914809000010F2" "0004" "62112241500082" "8C" + "FF" * 140,  # header of 255
            deliver(RESIDENT, 0, bytes(150), units=255),
            "0004",
        ]
        s = self.scene()
        for pdu in killers:
            s.modem.pdu(pdu)
        s.modem.text("mat trom xe")
        s.wait_reports(1)
        s.modem.wait_drained(30)
        self.assertEqual(s.all_words(), ["mat trom xe"])
        self.assertEqual(s.status()["store"]["quarantine"], len(killers))
        self.assertEqual(s.status()["modems"][0]["respawns"], 0)
        log = s.box.log_path.read_text()
        self.assertEqual(log.count("quarantine id="), len(killers))
        self.assertNotIn("FFFFFF", log)
        os.kill(s.box.modem_pids()[0], signal.SIGKILL)
        wait_until(lambda: s.status()["modems"][0]["respawns"] == 1, what="a new binhyen-modem")
        s.wait_ready()
        self.assertEqual(s.status()["store"]["quarantine"], len(killers))

    def test_39_parts_in_any_order(self):
        s = self.scene(zalo=True)
        text = " ".join(f"chữ thứ {i} của một tin dài" for i in range(1, 95))
        order = list(range(1, 40))
        random.Random(39).shuffle(order)
        answer = s.modem.text(text, parts=39, order=order + order[:3])  # three of them twice
        self.assertEqual(answer["parts"], 39)
        rows = s.wait_reports(1, 60)
        s.modem.wait_drained(30)
        self.assertEqual(s.words(), [text])
        self.assertFalse(rows[0]["is_incomplete"])
        s.wait_quiet()
        self.assertEqual(len(s.reports()), 1)
        self.assertEqual(len(s.modem.sent(to=RESIDENT)), 1)
        self.assertEqual(len([row for row in s.inbox() if row["state"] == "HANDLED"]), 39)
        # Longer than one Zalo message: the group gets it in pieces, in order, nothing lost.
        pieces = [row["text"] for row in s.zalo.received(to=GROUP)]
        self.assertGreater(len(pieces), 1)
        self.assertEqual("".join(piece.split("\n", 1)[1] for piece in pieces).replace(" ", ""), text.replace(" ", ""))

    def test_senders_that_are_never_answered(self):
        s = self.scene(duty=[DUTY])
        senders = ["VIETTEL", "KM 50%", "191", "9029", "1414"]
        for sender in senders:
            s.modem.text(f"tin cua {sender}", sender=sender)
        s.wait_reports(len(senders))
        s.modem.text("tin that", sender=OTHER)
        s.modem.wait_sent(to=OTHER, contains=RECEIPT)
        s.wait_quiet()
        self.assertEqual({row["to"] for row in s.modem.sent()}, {OTHER, DUTY})
        self.assertEqual(len(s.modem.sent(to=DUTY)), len(senders) + 1)
        with self.assertRaises(Refused) as refused:
            s.box.ctl("answer", s.name(), "chao")
        self.assertEqual(refused.exception.args[0], 1)
        self.assertIn("can't be answered", refused.exception.args[1])
        self.assertEqual(len(s.outbox(kind="answer")), 0)

    def test_missed_calls(self):
        s = self.scene()
        s.modem.call(RESIDENT, rings=2, ring_ms=500)
        s.modem.wait_sent(to=RESIDENT, contains=RECEIPT)
        s.wait_reports(1)
        self.assertEqual(s.words(), ["(Cuộc gọi nhỡ, không có nội dung. Đề nghị gọi lại.)"])
        s.modem.call("", rings=2, ring_ms=500)  # withheld
        s.wait_reports(2)
        s.wait_quiet()
        self.assertEqual(len(s.modem.sent()), 1)
        self.assertEqual([row["kind"] for row in s.inbox()], ["call", "call"])

    def test_parts_on_both_sides_of_a_restart(self):
        s = self.scene()
        text = " ".join(["phan dau cua tin dai"] * 12)
        s.modem.text(text, order=[2], ref=77)
        wait_until(lambda: s.status()["inbox"]["WAITING"] == 1, what="a waiting part")
        s.modem.wait_drained()
        s.restart()
        s.modem.text(text, order=[1], ref=77)
        s.wait_reports(1)
        self.assertEqual(s.words(), [text])


class Zalo(SceneTest):
    def test_user_ids_above_2_to_53(self):
        s = self.scene(zalo=True, zalo_options={"numeric_ids": True})
        users = [str(int(USER) + i) for i in range(3)]  # one number as doubles
        for user in users:
            s.zalo.write(user, f"tin cua {user[-1]}")
        s.wait_reports(3)
        for user in users:
            s.zalo.wait_received(1, to=user)
        for row in s.reports():
            s.box.ctl("answer", row["report"], f"tra loi: {s.words(row['report'])[0]}")
        for user in users:
            texts = [row["text"] for row in s.zalo.wait_received(2, to=user)]
            self.assertEqual(texts[1], f"tra loi: tin cua {user[-1]}")

    def test_an_officer_sends_a_file(self):
        s = self.scene(zalo=True)
        s.zalo.write(USER, "xin giay hen")
        s.zalo.wait_received(1, to=USER)
        path = s.dir / "giấy hẹn.pdf"
        path.write_bytes(b"%PDF-1.4\n" + bytes(range(256)) * 4000)
        self.assertEqual(s.box.ctl("file", s.name(), path)["report"], s.name())
        said, file = s.zalo.wait_received(3, to=USER)[1:]
        self.assertIn("giấy hẹn.pdf", said["text"])
        self.assertEqual((file["text"], file["file"]["bytes"]), ("", path.stat().st_size))
        s.wait_outbox(3, states=("SENT",))
        path.write_bytes(b"GIF89a")
        with self.assertRaisesRegex(Refused, "content is not that of a pdf"):
            s.box.ctl("file", s.name(), path)
        for line in s.box.log().splitlines():
            self.assertNotIn("giấy", line)

    def test_relay_of_text(self):
        s = self.scene(zalo=True, duty=[DUTY], zalo_config={"relay_detail": "text"})
        s.modem.text("[@all] [@123] toi so [[@x], goi 113")
        relay = s.zalo.wait_received(1, to=GROUP)[0]["text"]
        self.assertNotIn("[@", relay)
        for word in ("all]", "toi so", "goi 113"):
            self.assertIn(word, relay)
        self.assertNotIn(RESIDENT[3:], relay)
        self.assertEqual(s.words(), ["[@all] [@123] toi so [[@x], goi 113"])
        s.wait_quiet()
        # The group was told: the duty phone, which stood by, is not texted.
        self.assertEqual(s.modem.sent(to=DUTY), [])
        self.assertEqual([row["state"] for row in s.outbox(kind="alarm")], ["CANCELLED"])

    def test_relay_of_a_notice(self):
        s = self.scene(zalo=True, zalo_config={"relay_detail": "notice"})
        s.modem.text("ong Nam ban ma tuy o ap 7")
        relay = s.zalo.wait_received(1, to=GROUP)[0]["text"]
        number = s.wait_reports(1)[0]["number"]
        self.assertRegex(relay, rf"^Có tin báo mới số {number}/\d{{4}}\. Loại: ")
        for word in ("Nam", "ma tuy", "ap 7", RESIDENT[3:]):
            self.assertNotIn(word, relay)

    def test_sms_while_zalo_answers_nothing(self):
        """A blackhole is the worst of failures: nothing may wait for it but what is meant for Zalo."""
        s = self.scene(zalo=True, duty=[DUTY])
        s.zalo.down("blackhole")
        for i in range(5):
            began = time.monotonic()
            s.modem.text(f"tin {i}", sender=f"+8490000010{i}")
            s.modem.wait_sent(to=f"+8490000010{i}", contains=RECEIPT)
            self.assertLess(time.monotonic() - began, 2)
            began = time.monotonic()
            s.status()
            self.assertLess(time.monotonic() - began, 1)
        # The poll finds out after its 20 s at most; then the phones that stood by are texted at once.
        s.modem.wait_sent(5, to=DUTY, timeout_s=40)
        self.assertFalse(s.status()["zalo"]["reachable"])
        s.zalo.up()
        s.wait_zalo(reachable=True)
        s.zalo.write(USER, "van nhan duoc")
        s.zalo.wait_received(1, to=USER)


class Answers(SceneTest):
    def test_alphabets_and_lengths(self):
        s = self.scene()
        s.modem.text("hoi thu tuc")
        s.modem.wait_sent(to=RESIDENT)
        accented = "Mời ông/bà đến trụ sở lúc 8 giờ, mang theo căn cước. Đồng chí trực ban: Ấp 3 – ~{đường lớn}"
        plain = "Moi ong/ba den tru so luc 8 gio. " * 8
        long = "Đề nghị ông/bà mang theo giấy tờ gốc, bản sao có chứng thực. " * 10
        for count, (text, expected, coding) in enumerate([(accented, accented, "ucs2"), (plain, plain, "gsm7"),
                                                          (long, None, "gsm7")], 2):
            s.box.ctl("answer", s.name(), text)
            row = s.modem.wait_sent(count, to=RESIDENT)[-1]
            segments = [seg for seg in s.modem.segments() if seg["message"] == row["n"]]
            self.assertEqual({seg["coding"] for seg in segments}, {coding})
            self.assertLessEqual(len(segments), 10)
            self.assertTrue(all(seg["class"] == -1 for seg in segments), "a flash SMS")
            expected = expected or "".join(ch for ch in unicodedata.normalize("NFD", text.replace("Đ", "D").replace(
                "đ", "d")) if not unicodedata.combining(ch))
            self.assertEqual(row["text"].strip(), expected.strip())
        s.wait_outbox(3, kind="answer", states=("DELIVERED",))
        with self.assertRaises(Refused) as refused:
            s.box.ctl("answer", s.name(), "a" * 1600)
        self.assertEqual(refused.exception.args[0], 1)
        self.assertIn("10 text messages", refused.exception.args[1])
        for bad in ("", "  \n ", ):
            with self.assertRaises(Refused):
                s.box.ctl("answer", s.name(), bad)
        with self.assertRaises(Refused) as refused:
            s.box.ctl("answer", 99, "chao")
        self.assertEqual(refused.exception.args[0], 4)
        self.assertEqual(len(s.outbox(kind="answer")), 3)


class Without(SceneTest):
    def test_without_zalo(self):
        s = self.scene(duty=[DUTY])
        self.assertIsNone(s.status()["zalo"])
        s.modem.text("chay nha o ap 3")
        s.modem.wait_sent(to=RESIDENT, contains=RECEIPT)
        number = s.wait_reports(1)[0]["number"]
        s.modem.wait_sent(to=DUTY, contains=f"co tin bao moi so {number}/")
        self.assertEqual(s.outbox(kind="relay"), [])
        with self.assertRaises(Refused) as refused:
            s.box.ctl("zalo", "set-token", stdin='{"access_token":"a","refresh_token":"b","expires_in":"9"}')
        self.assertIn("zalo", refused.exception.args[1])

    def test_without_modem(self):
        s = self.scene(modems=0, zalo=True, duty=[DUTY])
        self.assertEqual(s.status()["modems"], [])
        s.zalo.write(USER, "chay nha o ap 3")
        s.zalo.wait_received(1, to=USER)
        s.zalo.wait_received(1, to=GROUP)
        s.box.ctl("answer", s.name(), "da ro")
        s.zalo.wait_received(2, to=USER)
        s.wait_quiet()
        self.assertEqual(s.outbox(channel="modem"), [])

    def test_with_neither(self):
        s = self.scene(modems=0)
        status = s.status()
        self.assertEqual((status["modems"], status["zalo"]), ([], None))
        self.assertIn("NO_CHANNEL", [problem["code"] for problem in status["problems"]])
        self.assertEqual((s.inbox(), s.outbox(), s.reports()), ([], [], []))



class Repeats(SceneTest):
    def test_a_part_that_the_network_delivers_again(self):
        """Our acknowledgement got lost on the air after the message was complete: no second, incomplete report."""
        s = self.scene()
        words = "Toi xin bao: duong lien thon bi sat lo, xe khong qua duoc, de nghi cu nguoi den xem ngay. " * 2
        same = {"ref": 77, "scts": "2026-11-22T10:00:00+07:00"}
        s.modem.text(words, **same)
        s.wait_reports(1)
        s.modem.text(words, only=[2], **same)
        s.wait_log("repeat part=2/2")
        s.modem.wait_drained()
        self.assertEqual(len(s.reports()), 1)
        self.assertEqual(s.status()["inbox"]["WAITING"], 0)
        self.assertEqual(s.status()["inbox"]["IGNORED"], 1)


if __name__ == "__main__":
    main()
