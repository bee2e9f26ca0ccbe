#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What residents dial, from the call of the gateway to the register: nobody but the gateway is believed, the same call
gets the same answer, and a report is on the disk before its number is shown."""
import http.client
import json
import urllib.parse

from scene import SceneTest, main
from test_zalo_webhook import free_port

TOKEN = "a-long-random-word-of-the-test"
CODE = "*384*12#"
PHONE = "+84900000301"


class Ussd(SceneTest):
    def ussd_scene(self, token=TOKEN, **config):
        self.port = free_port()
        s = self.scene(modems=0, extra={"ussd": dict(config, port=self.port, service_code=CODE)}, start=False)
        if token:
            path = s.box.secrets / "ussd.token"
            path.write_text(token + "\n")
            path.chmod(0o600)
        s.start()
        return s

    def post(self, body, kind="application/x-www-form-urlencoded", token=TOKEN, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers.update({"Content-Type": kind}, **({"Authorization": "Bearer " + token} if token else {}))
        connection.request("POST", "/ussd", body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def dial(self, text="", session="s1", phone=PHONE, code=CODE, **more):
        return self.post(urllib.parse.urlencode(
            {"sessionId": session, "serviceCode": code, "phoneNumber": phone, "networkCode": "45204", "text": text}),
            **more)

    def test_a_report_from_the_first_screen_to_the_register(self):
        s = self.ussd_scene()
        status, text = self.dial()
        self.assertEqual((status, text.splitlines()[0]), (200, "CON Cong an xa. Tra loi bang so:"))
        self.dial("2")
        self.dial("2*2")
        status, text = self.dial("2*2*mat xe dap truoc cong truong * mau xanh")
        self.assertIn("CON Gui: mat xe dap truoc cong truong", text)
        last = "2*2*mat xe dap truoc cong truong * mau xanh*1"
        status, text = self.dial(last)
        self.assertRegex(text, r"^END Cong an xa da nhan tin so 1, ma [A-Z0-9]{6}")
        self.assertEqual(self.dial(last), (200, text))
        s.wait_reports(1)
        self.assertEqual(self.dial("2"), (200, self.dial("2")[1]))  # an old call again changes nothing
        self.assertEqual(len(s.reports()), 1)
        s.box.kill()
        s.box.start()
        self.assertEqual(self.dial(last), (200, text))
        self.assertEqual(len(s.reports()), 1)

    def test_nobody_else_is_believed(self):
        s = self.ussd_scene(**{"from": ["192.0.2.7"]})
        ours = {"X-Forwarded-For": "203.0.113.9, 192.0.2.7"}
        self.assertEqual(self.dial(**ours)[0], 200)
        self.assertEqual(self.dial()[0], 403)
        self.assertEqual(self.dial(**{"X-Forwarded-For": "192.0.2.7, 203.0.113.9"})[0], 403)
        self.assertEqual(self.dial(token="wrong", **ours)[0], 403)
        self.assertEqual(self.dial(token="", **ours)[0], 403)
        self.assertEqual(self.dial(code="*100#", **ours)[0], 403)
        self.assertEqual(self.dial(phone="CongAn", **ours)[0], 400)
        self.assertEqual(self.dial(phone="+84900000302", **ours)[0], 400)  # the session is another's
        self.assertEqual(s.reports(), [])

    def test_json_with_other_names(self):
        self.ussd_scene(profile="json", json={"session": "SessionId", "phone": "Mobile", "code": "ServiceCode",
                                              "text": "Message", "step": "Sequence", "answer": "Message",
                                              "end": "Type", "end_value": "Release", "go_value": "Response"})

        def call(step, text):
            status, answer = self.post(json.dumps({"SessionId": "h1", "Mobile": PHONE, "ServiceCode": CODE,
                                                   "Message": text, "Sequence": step}), "application/json")
            self.assertEqual(status, 200)
            return json.loads(answer)

        first = call(1, CODE)
        self.assertEqual((first["SessionId"], first["Type"]), ("h1", "Response"))
        self.assertIn("Cong an xa", first["Message"])
        self.assertIn("Hoi thu tuc gi?", call(2, "3")["Message"])
        self.assertIn("Hoi thu tuc gi?", call(2, "3")["Message"])
        self.assertIn("Cong an xa", call(3, "0")["Message"])
        self.assertEqual(call(4, "0")["Type"], "Release")


if __name__ == "__main__":
    main()
