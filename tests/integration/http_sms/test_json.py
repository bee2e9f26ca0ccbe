#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""binhyend and a gateway that is spoken to by a JSON template: what is posted, what each answer means, what comes back."""
import json
import urllib.parse
import urllib.request

from gateway import Gateway
from station import PASSWORD, RESIDENT, TOKEN, StationTest, main, opener, wait_until

BODY = {"account": {"name": "{username}", "key": "{password}"}, "brand": "{from}", "callback": "{report_url}",
        "messages": [{"phone": "{to}", "content": "{text}", "ref": "bh-{id}"}], "unicode": 1}


class WithGateway(StationTest):
    def open(self, start=True, **more):
        gateway = Gateway().start()
        self.addCleanup(gateway.stop)
        self.json = {"body": json.dumps(BODY), "headers": ["X-Api-Key: {password}", "Authorization: Basic {username}"],
                     "ok_path": "code", "ok_value": "100", "retry_values": ["101", "busy"], "id_path": "data.0.id",
                     **more}
        if not start:
            gateway.stop()
        station = self.station({"profile": "json", "url": f"http://127.0.0.1:{gateway.port}/send", "username": "xa",
                                "from": "CONGAN", "json": self.json})
        return station, gateway

    def queue(self, s):
        """A resident writes; his receipt is what goes out. Its id."""
        rows = len(s.outbox())
        self.assertEqual(s.bring("can giup do", f"m{rows}", sender=f"+849000000{10 + rows}"), 200)
        return s.outbox()[-1]["id"]

    def report(self, url, status):
        with opener.open(url + "&" + urllib.parse.urlencode({"status": status}), timeout=20) as answer:
            return answer.status


class Sending(WithGateway):
    def test_what_is_posted_and_how_it_is_settled(self):
        s, gateway = self.open()
        self.assertEqual(s.bring("can giup do", "m1"), 200)
        receipt = s.outbox("receipt")[0]["id"]
        s.wait_row(receipt, "SENT")
        text = "\"},\"to\":\"{to}\" \\ {id} \n{password} Đã nhận 🔥"
        answer = s.answer(text)
        s.wait_row(answer, "SENT")
        headers, body, _ = gateway.posts[1]
        self.assertEqual(headers["X-Api-Key"], PASSWORD)
        self.assertEqual(headers["Content-Type"], "application/json")
        self.assertEqual(body["account"], {"name": "xa", "key": PASSWORD})
        self.assertEqual(body["brand"], "CONGAN")
        self.assertEqual(body["messages"], [{"phone": RESIDENT, "content": text, "ref": f"bh-{answer}"}])
        self.assertEqual(body["unicode"], 1)
        self.assertNotIn(TOKEN, json.dumps(body))

        self.assertEqual(self.report(body["callback"], "sent"), 200)
        self.assertEqual(s.row(answer)["state"], "SENT")
        self.assertEqual(self.report(body["callback"], "DELIVRD"), 200)
        self.assertEqual(s.row(answer)["state"], "DELIVERED")
        self.assertEqual(self.report(body["callback"], "failed"), 200)
        self.assertEqual(s.row(answer)["state"], "DELIVERED")
        # Of another message, and of another attempt, it is no proof.
        for old, new in ((f"id={answer}", f"id={receipt}"), ("attempt=1", "attempt=2")):
            with self.assertRaises(urllib.error.HTTPError) as caught:
                self.report(body["callback"].replace(old, new), "failed")
            self.assertEqual(caught.exception.code, 403)
        self.assertEqual(s.row(receipt)["state"], "SENT")
        self.assertEqual(self.report(gateway.bodies()[0]["callback"], "undelivered"), 200)
        self.assertEqual((s.row(receipt)["state"], s.row(receipt)["error"]), ("FAILED", "RECIPIENT"))

    def test_one_fixed_url_for_all_reports(self):
        s, _ = self.open()
        row = self.queue(s)
        s.wait_row(row, "SENT")
        fields = {"id": row, "status": "delivered"}
        post = {"method": "POST", "headers": {"Content-Type": "application/json"}}
        self.assertEqual(s.call("http_sms/report", data=json.dumps(fields).encode(), **post)[0], 403)
        post["headers"]["Authorization"] = "Bearer " + TOKEN
        self.assertEqual(s.call("http_sms/report", data=b"{", **post)[0], 400)
        self.assertEqual(s.call("http_sms/report", data=json.dumps({"id": row}).encode(), **post)[0], 400)
        self.assertEqual(s.call("http_sms/report", data=json.dumps({**fields, "id": 999}).encode(), **post)[0], 404)
        self.assertEqual(s.call("http_sms/report", data=json.dumps({**fields, "x": {}}).encode(), **post)[0], 400)
        self.assertEqual(s.call("http_sms/report", data=json.dumps(fields).encode(), **post), (200, ""))
        self.assertEqual(s.row(row)["state"], "DELIVERED")

    def test_messages_of_residents_by_post(self):
        s, _ = self.open()
        form = urllib.parse.urlencode({"id": "f1", "from": RESIDENT, "text": "mat xe + do & 100%", "token": TOKEN})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        self.assertEqual(s.call("http_sms/message", "POST", form.encode(), kind)[0], 200)
        kind = {"Content-Type": "application/json; charset=utf-8", "Authorization": "bearer " + TOKEN}
        body = {"id": 12345678901, "from": RESIDENT, "text": "Cháy nhà", "time": "2026-11-22T07:00:00+07:00", "x": None}
        self.assertEqual(s.call("http_sms/message", "POST", json.dumps(body).encode(), kind)[0], 200)
        self.assertEqual([s.words(1), s.words(2)], ["mat xe + do & 100%", "Cháy nhà"])
        self.assertEqual(s.call("http_sms/message", "POST", json.dumps(body).encode(), kind, id="twice")[0], 400)
        self.assertEqual(s.call("http_sms/message", "POST", b"abc", {"Content-Type": "text/plain"}, token=TOKEN)[0], 400)
        self.assertEqual(s.call("http_sms/message", "POST", b"x" * 70000, kind)[0], 413)
        self.assertEqual(len(s.reports()), 2)


class Answers(WithGateway):
    """One message each; what becomes of it, how often it was posted."""

    def settle(self, plan, state, error, posts=1, timeout_s=30, **more):
        s, gateway = self.open(**more)
        gateway.plan = list(plan)
        row = self.queue(s)
        found = s.wait_row(row, state, timeout_s)
        self.assertEqual(found["error"], error)
        self.assertEqual(len(gateway.posts), posts)
        return s, gateway, row

    def test_refused_by_its_code(self):
        self.settle([{"code": 102}], "FAILED", "REFUSED")

    def test_refused_by_status(self):
        self.settle([422], "FAILED", "REFUSED")

    def test_garbage_is_in_doubt(self):
        for answer in ("<html>ok</html>", "", "{\"code\":", {"state": "ok"}, {"code": {"a": 1}}, "x" * 100000):
            with self.subTest(answer=str(answer)[:20]):
                s, gateway, row = self.settle([answer], "IN_DOUBT", "TOO_BIG" if len(answer) > 1000 else "PROTOCOL")
                self.assertEqual(self.report(gateway.bodies()[0]["callback"], "accepted"), 200)
                self.assertEqual(s.row(row)["state"], "SENT")

    def test_it_acts_and_the_connection_breaks(self):
        for how in ("cut", "cut_reply"):
            with self.subTest(how=how):
                s, gateway, row = self.settle([how], "IN_DOUBT", "UNREACHABLE")
                self.assertEqual(self.report(gateway.bodies()[0]["callback"], "delivered"), 200)
                self.assertEqual(s.row(row)["state"], "DELIVERED")
                self.assertEqual(len(gateway.posts), 1)

    def test_it_acts_and_never_answers(self):
        s, gateway, row = self.settle(["hang"], "IN_DOUBT", "TIMEOUT", timeout_s=60)
        self.assertEqual(self.report(gateway.bodies()[0]["callback"], "delivered"), 200)
        self.assertEqual(s.row(row)["state"], "DELIVERED")
        # The next one goes: the gateway answers when it is asked whether it is there.
        s.wait_row(self.queue(s), "SENT", 30)
        self.assertGreaterEqual(gateway.gets, 1)
        self.assertEqual(len(gateway.posts), 2)

    def test_a_gateway_behind_a_proxy_is_in_doubt(self):
        self.settle([502], "IN_DOUBT", "IN_DOUBT")

    def test_503_is_tried_again_when_it_says(self):
        self.settle([(503, {"Retry-After": "1"}), (503, {"Retry-After": "1"})], "SENT", None, posts=3)

    def test_too_fast(self):
        self.settle([(429, {"Retry-After": "1"})], "SENT", None, posts=2)

    def test_500_is_tried_a_few_times_and_then_in_doubt(self):
        s, gateway, _ = self.settle([(500, {"Retry-After": "1"})] * 9, "IN_DOUBT", "IN_DOUBT", posts=3)
        self.assertEqual(len({json.dumps(body["messages"]) for body in gateway.bodies()}), 1)
        self.assertEqual(len({body["callback"] for body in gateway.bodies()}), 3)

    def test_it_acts_says_500_and_reports(self):
        """The report comes while the second attempt waits: there is none."""
        s, gateway = self.open()
        gateway.plan = [500]
        row = self.queue(s)
        gateway.wait_posts(1)
        s.wait_row(row, "QUEUED")
        self.assertEqual(self.report(gateway.bodies()[0]["callback"], "delivered"), 200)
        self.assertEqual(s.row(row)["state"], "DELIVERED")
        s.wait_row(self.queue(s), "SENT", 30)
        self.assertEqual([body["messages"][0]["ref"] for body in gateway.bodies()].count(f"bh-{row}"), 1)

    def test_a_failure_of_an_old_attempt_says_nothing(self):
        s, gateway, row = self.settle([(503, {"Retry-After": "1"})], "SENT", None, posts=2)
        self.assertEqual(self.report(gateway.bodies()[0]["callback"], "failed"), 200)
        self.assertEqual(s.row(row)["state"], "SENT")
        self.assertEqual(self.report(gateway.bodies()[1]["callback"], "failed"), 200)
        self.assertEqual(s.row(row)["state"], "FAILED")

    def test_by_status_alone_and_without_reports(self):
        body = json.dumps({"to": "{to}", "text": "{text}"})
        s, _, row = self.settle(["whatever"], "SENT", None, ok_path="", ok_value="", retry_values=[], id_path="",
                                body=body)
        self.assertTrue(s.row(row)["is_final"])

    def test_wrong_account_stops_the_channel_and_not_the_messages(self):
        s, gateway = self.open()
        gateway.plan = [401, 401, 401]
        rows = [self.queue(s) for _ in range(3)]
        wait_until(lambda: not s.gateway()["reachable"], 20, "the channel to stop")
        self.assertEqual({s.row(row)["state"] for row in rows}, {"QUEUED"})
        self.assertIn("HTTP_SMS", s.problems())
        self.assertLessEqual(len(gateway.posts), 3)

    def test_nobody_there_and_then_somebody(self):
        s, gateway = self.open(start=False)
        rows = [self.queue(s) for _ in range(3)]
        wait_until(lambda: not s.gateway()["reachable"], 20, "the gateway to be missed")
        gateway.start()
        for row in rows:
            self.assertLessEqual(s.wait_row(row, "SENT", 40)["attempts"], 2)
        self.assertEqual(len(gateway.posts), 3)


if __name__ == "__main__":
    main()
