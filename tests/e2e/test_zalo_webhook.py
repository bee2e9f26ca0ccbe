#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Messages that Zalo brings by itself, beside those that are asked for: both ways make one row, nobody but Zalo is
believed, and nothing is acknowledged before it is on the disk."""
import hashlib
import http.client
import json
import random
import socket
import subprocess
import time

from scene import USER, SceneTest, main
from simzalo import APP_ID, GROUP, OA_ID
from binhyend import wait_until

SECRET = "oa-secret-of-the-test"
LIST = "/v2.0/oa/listrecentchat"
JPEG = b"\xff\xd8\xff\xe0" + b"anh" * 100
HAMLET = "9007199254740995777"


def free_port():
    """Below those that connections of others get by themselves: what the kernel chose could be taken meanwhile."""
    while True:
        with socket.socket() as s:
            port = random.SystemRandom().randrange(20000, 32000)
            if s.connect_ex(("127.0.0.1", port)):
                return port


def event(name="user_send_text", at_ms=None, oa_id=OA_ID, app_id=APP_ID, msg_id="m1", text="tin", **more):
    return json.dumps({"app_id": app_id, "sender": {"id": USER}, "recipient": {"id": oa_id}, "event_name": name,
                       "message": {"msg_id": msg_id, "text": text},
                       "timestamp": str(at_ms or int(time.time() * 1000)), **more}, ensure_ascii=False)


def mac(body, secret=SECRET, app_id=APP_ID):
    stamp = json.loads(body)["timestamp"]
    return "mac=" + hashlib.sha256((app_id + body + str(stamp) + secret).encode()).hexdigest()


class Webhook(SceneTest):
    def webhook_scene(self, secret=SECRET, poll_s=3600, modems=0, **config):
        self.port = free_port()
        s = self.scene(zalo=True, modems=modems,
                       zalo_config=dict(config, poll_s=poll_s, webhook={"port": self.port}),
                       zalo_options={"groups": [GROUP, HAMLET]}, start=False)
        if secret:
            path = s.box.secrets / "zalo.oa_secret"
            path.write_text(secret + "\n")
            path.chmod(0o600)
        s.start()
        s.zalo.wait_calls(LIST, 1)
        return s

    def switch_on(self, s, secret=SECRET):
        s.zalo.do("webhook", url=f"http://127.0.0.1:{self.port}/zalo/webhook", secret=secret)

    def post(self, body, signature=None, path="/zalo/webhook", method="POST"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Content-Type": "application/json"}
        if signature:
            headers["X-ZEvent-Signature"] = signature
        try:
            connection.request(method, path, body.encode() if isinstance(body, str) else body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def test_both_ways_make_one_row(self):
        s = self.webhook_scene()
        self.switch_on(s)
        s.zalo.write(USER, "chay nha o ap 3")
        url = s.zalo.put_media("p", JPEG)
        s.zalo.write_media(USER, "photo", url)
        s.zalo.write_group(HAMLET, USER, "trong nhom")
        s.wait_reports(3)
        wait_until(lambda: s.zalo.state()["webhook"]["delivered"] == 3, what="three 200s")
        number = [r for r in s.pages("inbox") if r["kind"] == "media"][0]["report"]
        report = wait_until(lambda: self.stored(s, number), what="the picture")
        self.assertEqual(report["attachments"][0]["mime"], "image/jpeg")
        # What the lists tell of the same messages is nothing new.
        s.box.stop()
        s.configure(zalo=dict(json.loads(s.box.config_path.read_text())["zalo"], poll_s=5))
        calls = s.zalo.calls(LIST)
        s.box.start()
        s.zalo.wait_calls(LIST, calls + 2)
        self.assertEqual(len(s.pages("inbox")), 3)
        self.assertEqual(len(s.pages("reports")), 3)
        done = subprocess.run([str(s.box.bin / "binhyenctl"), "--socket", str(s.box.socket), "attachment",
                               str(report["attachments"][0]["id"]), "-"], capture_output=True, timeout=30, check=True)
        self.assertEqual(done.stdout, JPEG)

    def stored(self, s, number):
        report = s.get(f"reports/{number}")
        return report if report["attachments"] and report["attachments"][0]["state"] == "stored" else None

    def test_nobody_but_zalo_is_believed(self):
        s = self.webhook_scene()
        good = event(text="Xin chào")
        now_ms = int(time.time() * 1000)
        refused = [
            (good, None), (good, "mac=" + "0" * 64), (good, mac(good, "another")), (good, mac(good)[:-1]),
            (good + " ", mac(good)),
            (event(app_id="99"), mac(event(app_id="99"), app_id="99")),
            (event(oa_id="99"), mac(event(oa_id="99"))),
        ]
        for at_ms in (now_ms - 5 * 3600000, now_ms + 3600000):
            body = event(at_ms=at_ms)
            refused.append((body, mac(body)))
        for body, signature in refused:
            self.assertEqual(self.post(body, signature)[0], 403, body)
        for body in ("", "{", "[]", "x" * 1000, '{"event_name":"user_send_text"}', "\xff\xfe"):
            self.assertEqual(self.post(body, "mac=" + "0" * 64)[0], 400, body)
        self.assertEqual(self.post("x" * 70000)[0], 413)
        self.assertEqual(self.post(good, mac(good), path="/api/v1/status")[0], 404)
        self.assertEqual(self.post("", method="GET")[0], 405)
        self.assertEqual(s.pages("inbox"), [])
        # An answer without a word, and once is enough.
        self.assertEqual(self.post(good, mac(good)), (200, b""))
        self.assertEqual(self.post(good, mac(good)[4:].upper())[0], 200)
        self.assertEqual(len(s.pages("inbox")), 1)
        for name, more in (("oa_send_text", {"sender": {"id": OA_ID}, "recipient": {"id": USER}}),
                           ("user_seen_message", {}), ("follow", {}), ("something_new", {})):
            body = event(name, **more)
            self.assertEqual(self.post(body, mac(body))[0], 200, name)
        self.assertEqual(len(s.pages("inbox")), 1)
        self.assertNotIn(USER, s.box.log())
        self.assertNotIn("Xin ch", s.box.log())

    def test_what_arrived_and_what_was_quoted(self):
        s = self.webhook_scene()
        self.switch_on(s)
        s.zalo.write(USER, "xe la o cho")
        receipt = s.zalo.wait_received(1, to=USER)[0]["message_id"]
        row = s.wait_outbox(1, kind="receipt", states=("SENT",))[0]
        s.zalo.do("arrived", message_id=receipt)
        s.zalo.do("arrived", message_id=receipt, seen=True)
        wait_until(lambda: s.zalo.state()["webhook"]["delivered"] == 3, what="three 200s")
        self.assertEqual([(r["id"], r["state"]) for r in s.pages("outbox") if r["kind"] == "receipt"],
                         [(row["id"], "DELIVERED")])
        s.zalo.write(USER, "nguoi la o cau")
        s.wait_reports(2)
        s.zalo.write(USER, "mau xanh", extra={"quote_msg_id": receipt})
        wait_until(lambda: len(s.pages("inbox")) == 3, what="the quote")
        self.assertEqual([r["report"].split("-")[1] for r in s.pages("inbox")], ["1", "2", "1"])
        # Of a message that is not ours, of nothing, and of another account's: nothing happens.
        for message in ({"msg_id": "nobody"}, {"msg_ids": ["a", 7, None]}, {}, 7, {"tracking_id": "bh1"}):
            body = event("user_received_message", oa_id=USER, sender={"id": OA_ID}, message=message)
            self.assertEqual(self.post(body, mac(body))[0], 200, body)

    def test_a_template_message_is_told_by_its_tracking_id(self):
        """The receipt of an SMS goes by template. One answer comes, the other is lost: that row knows no message id, and
        only the number that it bore to Zalo and back settles it. Nobody may ask, and nothing is sent twice."""
        s = self.webhook_scene(modems=1, receipt_template="123456", receipt_params=["ma={number}"])
        self.switch_on(s)
        s.zalo.do("error", path="/message/status", error=-100, count=-1)
        s.modem.text("chay nha o ap 3")
        first = s.wait_outbox(1, channel="zns", states=("SENT",))[0]
        s.zalo.do("lost_answer", path="/message/template")
        s.modem.text("mat xe o cho", sender="+84900000777")
        second = s.wait_outbox(1, channel="zns", states=("IN_DOUBT",))[0]
        sent = s.zalo.said()["zns"]
        self.assertEqual([m["tracking_id"] for m in sent], [f"bh{row['id']}" for row in (first, second)])
        # Told of another phone, or of a message that the row is not, it is nobody's.
        for tracking, msg_id, phone in ((f"bh{second['id']}", sent[1]["msg_id"], sent[0]["phone"]),
                                        (f"bh{first['id']}", "other", sent[0]["phone"])):
            body = event("user_received_message", sender={"id": OA_ID}, recipient={"id": phone},
                         message={"msg_id": msg_id, "tracking_id": tracking, "delivery_time": "1"})
            self.assertEqual(self.post(body, mac(body))[0], 200)
        self.assertEqual([(r["id"], r["state"]) for r in s.outbox(channel="zns")],
                         [(first["id"], "SENT"), (second["id"], "IN_DOUBT")])
        for _ in range(2):  # Zalo may tell it again
            s.zalo.do("zns_delivered")
        s.wait_outbox(2, channel="zns", states=("DELIVERED",))
        wait_until(lambda: s.zalo.state()["webhook"]["pending"] == 0, what="every 200")
        rows = s.outbox(channel="zns")
        self.assertEqual([row["attempts"] for row in rows], [1, 1])
        self.assertEqual(len(s.zalo.said()["zns"]), 2)
        s.wait_quiet()
        # The SMS that stood by has not gone to anybody.
        self.assertEqual(s.modem.sent(), [])
        self.assertEqual({row["state"] for row in s.outbox(kind="receipt", channel="modem")}, {"CANCELLED"})

    def test_a_withdrawal_is_told_once_and_kept(self):
        s = self.webhook_scene()
        body = event("user_withdraw", oa_id=OA_ID, user_id=USER)
        for _ in range(2):
            self.assertEqual(self.post(body, mac(body))[0], 200)
        rows = s.pages("inbox")
        self.assertEqual([(r["kind"], r["state"]) for r in rows], [("other", "IGNORED")])
        s.zalo.wait_received(1, to=GROUP)
        self.assertEqual(len(s.zalo.received(to=GROUP)), 1)

    def test_an_anonymous_visitor_is_heard_and_not_answered(self):
        s = self.webhook_scene()
        body = event("anonymous_send_text", text="toi so lam")
        self.assertEqual(self.post(body, mac(body))[0], 200)
        s.wait_reports(1)
        self.assertEqual([r for r in s.pages("outbox") if r["channel"] == "zalo_user"], [])

    def test_without_the_secret_all_is_dropped_and_said(self):
        s = self.webhook_scene(secret=None)
        self.assertEqual(self.post('{"test":1}')[0], 200)
        self.switch_on(s, secret="")
        s.zalo.write(USER, "khong ky")
        wait_until(lambda: s.zalo.state()["webhook"]["delivered"] == 1, what="its 200")
        self.assertEqual(s.pages("inbox"), [])
        self.assertIn("ZALO_WEBHOOK", [p["code"] for p in s.status()["problems"]])
        self.assertGreaterEqual(s.status()["zalo"]["receive"]["webhook"]["dropped"], 2)

    def test_what_was_not_acknowledged_comes_again(self):
        s = self.webhook_scene()
        self.switch_on(s)
        s.box.stop()
        s.zalo.write(USER, "khi may tat")
        wait_until(lambda: s.zalo.state()["webhook"]["tries"] >= 1, what="a try")
        s.zalo.do("error", path=LIST, error=-200, count=-1)  # only the webhook brings it
        s.box.start()
        wait_until(lambda: s.zalo.do("clock", ms=31000) and s.zalo.state()["webhook"]["delivered"] == 1, step_s=0.5,
                   what="its 200")
        s.wait_reports(1)
        self.assertEqual(s.zalo.state()["webhook"]["pending"], 0)


if __name__ == "__main__":
    main()
