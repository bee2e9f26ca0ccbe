#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""binhyend and a real Kannel with its fake SMSC: residents' texts come in, receipts and answers go out, reports settle
them, and Kannel goes away and comes back."""
import json
import sys

import kannel
from station import DUTY, PASSWORD, RESIDENT, TOKEN, StationTest, main, wait_until

OTHER = "+84900000013"
ACCENTED = "Đã nhận được tin, công an xã đang đến."


class WithKannel(StationTest):
    def open(self, smsc=True, start_kannel=True, **options):
        station = self.station({"url": "http://127.0.0.1:1"}, start=False, **options)
        gateway = kannel.Kannel(station.dir / "kannel", station.port)
        self.addCleanup(gateway.stop)
        self.set_config(station, gateway.settings(callback_port=station.port))
        if start_kannel:
            gateway.start(smsc)
        return station.start(), gateway

    @staticmethod
    def set_config(station, settings):
        config = json.loads(station.box.config_path.read_text())
        config["http_sms"] = settings
        station.box.config_path.write_text(json.dumps(config))


class RoundTrip(WithKannel):
    def test_report_receipt_answer_and_delivery(self):
        s, gateway = self.open()
        gateway.text("chay nha o ap 3", RESIDENT)
        s.wait_reports(1)
        self.assertEqual(s.reports()[0]["source"], "http_sms")
        self.assertEqual(s.words(), "chay nha o ap 3")
        receipt = s.outbox("receipt")[0]
        self.assertEqual(receipt["channel"], "http_sms")
        row = s.wait_row(receipt["id"], "DELIVERED")
        self.assertTrue(row["is_final"])
        self.assertEqual(row["attempts"], 1)
        texts = gateway.wait_received(1, to=RESIDENT)
        self.assertIn("da nhan duoc tin", texts[0]["text"])
        self.assertEqual(texts[0]["from"], kannel.SHORT_CODE)

        answer = s.answer(ACCENTED)
        s.wait_row(answer, "DELIVERED")
        texts = gateway.wait_received(2, to=RESIDENT)
        self.assertEqual([row["text"] for row in texts[1:]], [ACCENTED])
        # Nothing of ours is texted back as Kannel's "reply" to what it brought.
        self.assertEqual(len(gateway.received()), 2)
        self.assertEqual(s.gateway()["sent"], 2)
        self.assertEqual(s.gateway()["messages"], 1)
        self.assertEqual(s.problems(), set())

    def test_long_answer_in_parts(self):
        s, gateway = self.open()
        gateway.text("mat xe o cho", RESIDENT)
        s.wait_reports(1)
        s.wait_row(s.outbox("receipt")[0]["id"], "DELIVERED")
        text = " ".join(f"phan {i} cua cau tra loi dai;" for i in range(20))
        s.wait_row(s.answer(text), "DELIVERED")
        parts = gateway.wait_received(5, to=RESIDENT)[1:]
        self.assertEqual("".join(part["text"] for part in parts), text)

    def test_what_residents_write_stays_as_it_is(self):
        s, gateway = self.open()
        texts = ["100% dung & nhanh + gon = ?id=1#x", "a  b <c> \"d\" {to}"]
        for i, text in enumerate(texts):
            gateway.text(text, RESIDENT)
            s.wait_reports(i + 1)
        self.assertEqual([s.words(i + 1) for i in range(len(texts))], texts)

    def test_accents_from_a_phone(self):
        s, gateway = self.open()
        gateway.text_ucs2(ACCENTED, RESIDENT)
        s.wait_reports(1)
        self.assertEqual(s.words(), ACCENTED)

    def test_duty_phone_is_alarmed(self):
        s, gateway = self.open(duty=[DUTY])
        gateway.text("danh nhau o cho", OTHER)
        s.wait_reports(1)
        alarm = s.outbox("alarm")[0]
        self.assertEqual(alarm["channel"], "http_sms")
        s.wait_row(alarm["id"], "DELIVERED")
        self.assertEqual(len(gateway.wait_received(1, to=DUTY)), 1)

    def test_many_at_once(self):
        s, gateway = self.open()
        numbers = [f"+849000001{i}" for i in range(10, 22)]
        for number in numbers:
            gateway.text(f"tin cua {number[-2:]}", number)
        s.wait_reports(12, 60)
        wait_until(lambda: all(row["state"] == "DELIVERED" for row in s.outbox()), 60, "every receipt", 0.1)
        self.assertEqual(sorted(row["to"] for row in gateway.wait_received(len(numbers))), numbers)


class Trouble(WithKannel):
    def test_kannel_away_and_back(self):
        s, gateway = self.open()
        gateway.text("mat trom", RESIDENT)
        s.wait_reports(1)
        s.wait_row(s.outbox("receipt")[0]["id"], "DELIVERED")
        gateway.stop()
        answer = s.answer(ACCENTED)
        wait_until(lambda: not s.gateway()["reachable"], 20, "the gateway to be missed")
        self.assertIn("HTTP_SMS", s.problems())
        self.assertEqual(s.row(answer)["state"], "QUEUED")
        more = [s.answer(f"cau {i}") for i in range(3)]
        gateway.start()
        for row_id in (answer, *more):
            # The first one found out; the others waited without an attempt.
            self.assertLessEqual(s.wait_row(row_id, "DELIVERED", 60)["attempts"], 2)
        self.assertEqual([row["text"] for row in gateway.wait_received(4, to=RESIDENT)[-4:]],
                         [ACCENTED, "cau 0", "cau 1", "cau 2"])
        self.assertEqual(s.problems(), set())

    def test_binhyend_away_while_a_message_comes(self):
        """Kannel tries again until it is told 200: the message comes late, and once."""
        s, gateway = self.open()
        s.box.kill()
        gateway.text("tin luc mat dien", RESIDENT)
        wait_until(lambda: "HTTP: Retrying" in gateway.log("smsbox.log"), 20, "Kannel to have tried", 0.05)
        s.start()
        s.wait_reports(1, 30)
        self.assertEqual(s.words(), "tin luc mat dien")
        s.wait_row(s.outbox("receipt")[0]["id"], "DELIVERED", 30)
        self.assertEqual(len(s.reports()), 1)

    def test_kannel_killed_after_it_took_an_answer(self):
        """What its bearerbox has taken it sends after its own restart, and reports; nothing is sent again by us."""
        s, gateway = self.open(smsc=False)
        self.assertEqual(s.bring("can giup do", "m1"), 200)
        receipt = s.outbox("receipt")[0]["id"]
        s.wait_row(receipt, "SENT")
        gateway.stop()
        gateway.start()
        gateway.wait_received(1, to=RESIDENT)
        self.assertEqual(s.wait_row(receipt, "DELIVERED")["attempts"], 1)
        self.assertEqual(len(gateway.received()), 1)

    def test_binhyend_away_while_the_report_comes(self):
        s, gateway = self.open(smsc=False)
        self.assertEqual(s.bring("can giup do", "m1"), 200)
        receipt = s.outbox("receipt")[0]["id"]
        s.wait_row(receipt, "SENT")
        self.assertFalse(s.row(receipt)["is_final"])
        s.box.kill()
        gateway.start_smsc()
        gateway.wait_received(1, to=RESIDENT)
        s.start()
        s.wait_row(receipt, "DELIVERED", 30)

    def test_wrong_password_holds_the_queue(self):
        s, gateway = self.open(password="another-password")
        self.assertEqual(s.bring("can giup do", "m1"), 200)
        wait_until(lambda: not s.gateway()["reachable"], 20, "the channel to stop")
        row = s.outbox("receipt")[0]
        self.assertEqual((row["state"], row["error"], row["attempts"]), ("QUEUED", "AUTH", 1))
        self.assertIn("account", s.gateway()["error"])
        self.assertIn("HTTP_SMS", s.problems())
        self.assertEqual(gateway.received(), [])


class Door(WithKannel):
    """What anybody on this machine may try at the port of the callbacks."""

    def test_without_proof_nothing_happens(self):
        s, gateway = self.open()
        message = {"id": "x1", "from": RESIDENT, "text": "gia"}
        for more in ({}, {"token": ""}, {"token": TOKEN[:-1]}, {"token": TOKEN + "x"}, {"token": PASSWORD}):
            self.assertEqual(s.call("http_sms/message", **message, **more)[0], 403)
        self.assertEqual(s.reports(), [])
        self.assertEqual(s.bring("that", "m1"), 200)
        receipt = s.outbox("receipt")[0]["id"]
        s.wait_row(receipt, "DELIVERED")
        answer = s.answer("se den")
        s.wait_row(answer, "DELIVERED")
        for proof in ("", "0" * 64, "ff"):
            for row_id in (receipt, answer, 99):
                self.assertEqual(s.call("http_sms/report", id=row_id, attempt=1, status=2, proof=proof)[0], 403)
        self.assertEqual(s.row(answer)["state"], "DELIVERED")

    def test_only_the_callbacks_are_there(self):
        s, _ = self.open(start_kannel=False)
        for path in ("", "api/v1/status", "api/v1/reports", "metrics", "healthz", "http_sms", "http_sms/message/"):
            self.assertEqual(s.call(path)[0], 404, path)
        for method in ("PUT", "DELETE", "HEAD"):
            self.assertEqual(s.call("http_sms/message", method=method)[0], 405, method)

    def test_a_message_brought_twice_is_one(self):
        s, _ = self.open(start_kannel=False)
        for _ in range(3):
            self.assertEqual(s.bring("mot lan", "same"), 200)
        self.assertEqual(s.bring("mot lan", "another"), 200)
        self.assertEqual(len(s.reports()), 2)
        s.box.kill()
        s.start()
        self.assertEqual(s.bring("mot lan", "same"), 200)
        self.assertEqual(len(s.reports()), 2)

    def test_character_sets(self):
        s, _ = self.open(start_kannel=False)
        text = "Cháy nhà ở ấp 3 🔥"
        cases = [
            ({"text": text}, text),
            ({"text": text.encode("utf-16-be"), "charset": "UTF-16BE"}, text),
            ({"text": text.encode("utf-16-be"), "coding": "2"}, text),
            ({"text": "caf\u00e9".encode("latin-1"), "charset": "ISO-8859-1"}, "café"),
            ({"text": b"a\xff\xc3b"}, "a\ufffd\ufffdb"),
            ({"text": b"\xd8\x3d\x00a\x00", "charset": "UTF-16BE"}, "\ufffda\ufffd"),
            ({"text": "x" * 2600}, "x" * 2600),
        ]
        for i, (fields, expected) in enumerate(cases):
            self.assertEqual(s.bring(**{"message_id": f"c{i}", **fields}), 200)
            self.assertEqual(s.words(i + 1), expected)

    def test_the_longest_message_in_a_query(self):
        s, _ = self.open(start_kannel=False)
        text = "ậ" * (39 * 67)
        self.assertEqual(s.bring(text.encode("utf-16-be"), "long", charset="UTF-16BE"), 200)
        self.assertEqual(s.words(), text)
        self.assertIn(s.bring("a" * 60000, "longer"), (413, 414, 431))
        self.assertEqual(len(s.reports()), 1)

    def test_words_and_short_codes_are_not_answered(self):
        s, _ = self.open(start_kannel=False)
        self.assertEqual(s.bring("khuyen mai", "m1", sender="VIETTEL"), 200)
        self.assertEqual(s.bring("khuyen mai", "m2", sender="199"), 200)
        self.assertEqual(len(s.reports()), 2)
        self.assertEqual(s.outbox(), [])

    def test_without_a_token_nobody_is_listened_to(self):
        station = self.station({"url": "http://127.0.0.1:1"}, token=None)
        with self.assertRaises(OSError):
            station.call("http_sms/message")
        self.assertFalse(station.gateway()["callbacks"])
        self.assertIn("missing=http_sms.token", station.box.log())


if __name__ == "__main__":
    why = kannel.missing()
    if why:
        print(f"skipped: {why}", file=sys.stderr)
        sys.exit(77)
    main()
