#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What residents dial, from the call of the gateway to the register: nobody but the gateway is believed, the same call
gets the same answer, and a report is on the disk before its number is shown."""
import asyncio
import concurrent.futures
import http.client
import json
import pathlib
import sys
import tempfile
import urllib.parse

import scene
from mischief import Mischief
from scene import SceneTest, main
from test_zalo_webhook import free_port

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "sim" / "ussd"))
from sim_ussd import Gateway, World  # noqa: E402

TOKEN = "a-long-random-word-of-the-test"
CODE = "*384*12#"
PHONE = "+84900000301"


class Ussd(SceneTest):
    def ussd_scene(self, token=TOKEN, env=None, **config):
        self.port = free_port()
        s = self.scene(modems=0, extra={"ussd": dict(config, port=self.port, service_code=CODE)}, start=False, env=env)
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

    def walk(self, residents, profile, **chances):
        """A gateway with so many residents at once; the world after it."""
        async def run():
            gateway = Gateway(self.port, CODE, TOKEN, profile)
            world = World(gateway, **chances)
            try:
                await world.residents(residents)
            finally:
                await gateway.close()
            return world
        return asyncio.run(run())

    def check_world(self, s, world):
        """Nothing that a gateway may never see, and what residents were told of is in the register, once."""
        self.assertEqual(world.wrong, [])
        codes = [code for _session, code in world.codes]
        self.assertEqual(len(codes), len(set(codes)))
        self.assertLessEqual(set(codes), {report["code"] for report in s.reports()})

    def test_many_residents_and_a_gateway_that_misbehaves(self):
        s = self.ussd_scene()
        world = self.walk(30, "africas_talking", repeat=10, late=10, drop=5)
        self.check_world(s, world)
        self.assertEqual(world.ended, 30)
        self.assertGreater(world.dropped, 0)
        self.assertGreater(len(world.codes), 0)

    def test_the_same_where_calls_are_numbered(self):
        s = self.ussd_scene(profile="json", json={"step": "step"})
        world = self.walk(15, "json", repeat=10, late=10, drop=5, seed=2)
        self.check_world(s, world)
        self.assertEqual(world.ended, 15)

    def test_a_power_cut_between_the_commit_and_the_answer(self):
        """Whatever a resident was shown holds; whatever he was not shown yet is answered when the gateway asks again."""
        s = self.ussd_scene()

        async def run():
            gateway = Gateway(self.port, CODE, TOKEN)
            world = World(gateway, repeat=5, late=20, is_patient=True, seed=3)
            walking = asyncio.ensure_future(world.residents(12))
            for calls in (20, 60, 100):
                while len(world.took) < calls and not walking.done():
                    await asyncio.sleep(0.001)
                s.box.kill()
                await asyncio.to_thread(s.box.start)
            sessions = await walking
            for session in sessions:
                for call in session.calls:
                    await session.again(call)
            await gateway.close()
            return world
        world = asyncio.run(run())
        self.check_world(s, world)
        self.assertEqual(world.ended, 12)
        self.assertGreater(len(world.unanswered), 0)
        seen = len(set(code for _session, code in world.codes))
        self.assertEqual(len(s.reports()), seen)

    def killed_at(self, s, page, point, last, **who):
        """The call meets the end of binhyend at this point of its commit; the answer when the gateway asks again."""
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            page.stop_at(point)
            call = pool.submit(self.dial, last, **who)
            self.assertIsNotNone(page.wait(60))
            s.box.kill()
            page.go_on()
            self.assertIsNotNone(call.exception(timeout=60))
        s.box.start()
        status, answer = self.dial(last, **who)
        self.assertEqual((status, self.dial(last, **who)), (200, (200, answer)))
        return answer

    def test_killed_before_and_behind_the_commit(self):
        """kill -9 before the sync of the commit, and behind it before END: one report, one answer, and a draft is offered."""
        for count, point in enumerate(("COMMIT_WRITTEN", "COMMIT_SYNCED"), 1):
            folder = tempfile.TemporaryDirectory(prefix="e2e.")
            self.addCleanup(folder.cleanup)
            page = Mischief(scene.bin_dir, folder.name)
            s = self.ussd_scene(env=page.env())
            for text in ("", "2", "2*2", "2*2*mat xe dap o cho"):
                self.assertEqual(self.dial(text)[0], 200)
            answer = self.killed_at(s, page, point, "2*2*mat xe dap o cho*1")
            self.assertRegex(answer, r"^END Cong an xa da nhan tin so 1, ma ")
            self.assertEqual(len(s.reports()), 1, point)
            other = {"phone": f"+8490000031{count}", "session": "other"}
            for text in ("", "2", "2*2"):
                self.assertEqual(self.dial(text, **other)[0], 200)
            self.assertIn("CON Gui: nguoi la do xet", self.killed_at(s, page, point, "2*2*nguoi la do xet nha dan", **other))
            self.assertIn("dang viet do mot tin", self.dial("", **{**other, "session": "again"})[1])
            self.assertEqual(len(s.reports()), 1, point)


if __name__ == "__main__":
    main()
