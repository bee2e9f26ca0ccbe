#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The token pair of the Official Account: it dies, its refresh is lost, a person gives another."""
import json
import subprocess
import urllib.request

from scene import DUTY, RESIDENT, USER, SceneTest, main, wait_until
from simzalo import GROUP

TOKEN = "access_token"
CALLBACK = "https://callback.example/zalo"


class Tokens(SceneTest):
    def chat(self, s, text, count):
        """A chat that needs both directions."""
        s.zalo.write(USER, text)
        s.zalo.wait_received(count, to=USER, timeout_s=60)

    def test_access_token_dies(self):
        """Expired or revoked: refreshed once, and only once, by whichever call finds out."""
        scenes = {order: self.scene(zalo=True) for order in ("expire_access", "revoke_access")}
        for s in scenes.values():
            s.zalo.write(USER, "truoc")
        for order, s in scenes.items():
            s.zalo.wait_received(1, to=USER)
            s.zalo.do(order)
            s.box.ctl("answer", 1, "tra loi")  # a send and a poll find out, about together
        for s in scenes.values():
            s.zalo.wait_received(2, to=USER)
            s.zalo.wait_more_calls("/v2.0/oa/listrecentchat", 2)
            state = s.zalo.state()
            self.assertEqual((state["refreshes"], state["spent_refresh_uses"], state["access"]), (1, 0, "valid"))
            self.assertEqual(s.wait_zalo(state="ok")["token_generation"], 2)
            self.assertEqual([row["text"] for row in s.zalo.received(to=USER)][1:], ["tra loi"])
        for s in scenes.values():
            s.restart()  # the new pair was saved
            self.chat(s, "sau", 3)
            self.assertEqual(s.zalo.state()["refreshes"], 1)

    def test_killed_while_refreshing(self):
        """The answer with the new pair was lost with the daemon: the token in hand is tried, then one refresh, and
        when that is refused a person is asked. Meanwhile the duty officers are told by SMS."""
        s = self.scene(zalo=True, duty=[DUTY])
        s.zalo.do("lost_answer", path=TOKEN, ms=60000)  # carried out, the answer never comes
        s.zalo.do("expire_access")
        s.wait_zalo(state="refreshing")
        wait_until(lambda: s.zalo.state()["generation"] == 2, what="the refresh at Zalo")
        s.box.kill()
        s.zalo.do("clear")
        s.box.start()
        status = s.wait_zalo(state="needs_consent")
        self.assertIn("doubtful from=no_token", s.box.log())
        self.assertFalse(status["usable"])
        self.assertIn("set-token", status["error"])
        self.assertIn("ZALO_CONSENT", [problem["code"] for problem in s.status()["problems"]])
        self.assertEqual(s.zalo.state()["spent_refresh_uses"], 1, "tried more than once with a spent token")
        s.wait_modems()
        s.modem.text("tin luc chua co phep")
        s.modem.wait_sent(to=DUTY, contains="co tin bao moi")
        s.modem.wait_sent(to=RESIDENT)
        # Consent is given again: what waited goes out.
        s.zalo.do("consent")
        s.box.ctl("zalo", "set-token", stdin=s.zalo.token_json())
        s.wait_zalo(state="ok", usable=True)
        self.assertIn("tin luc chua co phep", s.zalo.wait_received(1, to=GROUP)[0]["text"])
        self.chat(s, "lai duoc", 1)
        self.assertEqual(s.zalo.state()["spent_refresh_uses"], 1)

    def test_killed_before_zalo_refreshed(self):
        """The request got lost and the pair is unspent: one more refresh mends it without a person."""
        s = self.scene(zalo=True)
        s.zalo.do("lost_answer", path=TOKEN, ms=60000, acted=False)
        s.zalo.do("revoke_access")
        s.wait_zalo(state="refreshing")
        s.zalo.wait_calls("/v4/oa/access_token", 1)
        s.box.kill()
        s.zalo.do("clear")
        s.box.start()
        s.wait_zalo(state="ok", token_generation=2)
        self.assertIn("doubtful from=no_token", s.box.log())
        state = s.zalo.state()
        self.assertEqual((state["refreshes"], state["spent_refresh_uses"]), (1, 0))
        self.chat(s, "lai duoc", 1)

    def browse(self, text):
        """The administrator opens what binhyenctl printed; the address that his browser then shows."""
        url = next(word for word in text.split() if word.startswith("http") and "/permission?" in word)
        with urllib.request.urlopen(url, timeout=20) as answer:
            return json.load(answer)["redirect"]

    def login(self, s):
        ctl = subprocess.Popen([s.box.bin / "binhyenctl", "--socket", s.box.socket, "zalo", "login"],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        seen = ""
        while "10 minutes" not in seen:
            line = ctl.stderr.readline()
            self.assertTrue(line, seen)
            seen += line
        out, err = ctl.communicate(self.browse(seen) + "\n", timeout=60)
        return ctl.returncode, out, err

    def test_consent_from_the_first_day(self):
        """No token; an administrator consents; the chain dies and the one who looks after the machine is texted; he
        consents again. The doctor says what is what."""
        it_phone = "+84900009003"
        s = self.scene(zalo=True, token=False, duty=[DUTY], zalo_options={"callback": CALLBACK},
                       zalo_config={"callback_url": CALLBACK},
                       extra={"duty": {"phones": [DUTY], "it_phone": it_phone}})
        self.assertIn("binhyenctl zalo login", self.doctor(s))
        self.assertEqual(self.login(s)[0], 0)
        s.wait_zalo(state="ok", usable=True)
        self.chat(s, "mot", 1)
        lines = self.doctor(s)
        self.assertIn("✓ Nhận được tin nhắn của người dân qua Zalo", lines)
        s.zalo.do("error", path="user/getlist", error=-224)
        self.assertRegex(self.doctor(s), "  ! Không xem ai .*gói dịch vụ.*-224.*→ nâng gói")
        s.zalo.do("spend_refresh")
        s.zalo.do("expire_access")
        s.wait_zalo(state="needs_consent")
        s.modem.wait_sent(to=it_phone, contains="phai cap quyen Zalo lai")
        self.assertEqual([sent for sent in s.modem.sent() if sent["to"] == DUTY and "Zalo" in sent["text"]], [])
        self.assertEqual(self.login(s)[0], 0)
        s.wait_zalo(state="ok", usable=True)
        self.chat(s, "hai", 2)
        for secret in ("sim-code", "sim-access", "sim-refresh", "sim-app-secret"):
            self.assertNotIn(secret, s.box.log())

    def doctor(self, s):
        done = subprocess.run([s.box.bin / "binhyenctl", "--socket", s.box.socket, "zalo", "doctor"],
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_refresh_answer_lost(self):
        """The same without a crash."""
        s = self.scene(zalo=True, duty=[DUTY])
        s.zalo.do("lost_answer", path=TOKEN)
        s.zalo.do("expire_access")
        s.wait_log("refresh=in_doubt")
        s.wait_zalo(state="needs_consent", timeout_s=60)
        self.assertEqual(s.zalo.state()["spent_refresh_uses"], 1)

    def test_garbage_instead_of_a_pair(self):
        """A proxy's page: whether the refresh was carried out is unknown; it was not, so the next one works."""
        s = self.scene(zalo=True)
        s.zalo.do("garbage", path=TOKEN, acted=False, body="<html>Đăng nhập để dùng Internet</html>")
        s.zalo.do("expire_access")
        s.wait_log("refresh=in_doubt")
        s.wait_zalo(state="ok", token_generation=2, timeout_s=60)

    def test_wrong_app_secret(self):
        s = self.scene(start=False, zalo=True, duty=[DUTY])
        (s.box.secrets / "zalo.app_secret").write_text("another-secret\n")
        s.start()
        wait_until(lambda: "app_secret" in s.status()["zalo"]["error"], what="the refusal to be seen")
        self.assertIn("ZALO_REFUSED", [problem["code"] for problem in s.status()["problems"]])
        # The relay finds it out as well; then the duty phones need not wait.
        s.modem.text("van bao duoc truc ban")
        s.modem.wait_sent(to=DUTY)
        self.assertEqual(s.zalo.received(), [])

    def test_no_app_secret(self):
        """Without it nothing can be refreshed: the token works until it is over, then a person is asked."""
        s = self.scene(zalo=True, secret=False, duty=[DUTY])
        self.chat(s, "mot", 1)
        s.zalo.do("expire_access")
        status = s.wait_zalo(state="needs_consent")
        self.assertIn("app_secret", status["error"])
        self.assertEqual(s.zalo.calls("/v4/oa/access_token"), 0)

    def test_bad_token_from_a_person(self):
        s = self.scene(zalo=True, token=False, modems=0)
        for bad in ("{}", "[]", "hello", '{"access_token":"a"}', '{"access_token":"a","refresh_token":"b\\n"}',
                    json.dumps({"access_token": "a", "refresh_token": "b", "expires_in": "-5"})):
            done = subprocess.run([s.box.bin / "binhyenctl", "--socket", s.box.socket, "zalo", "set-token"], input=bad,
                                  capture_output=True, text=True, timeout=60, check=False)
            self.assertNotEqual(done.returncode, 0, bad)
            self.assertTrue(done.stderr.strip(), bad)
        self.assertEqual(s.status()["zalo"]["state"], "no_token")
        self.assertIn("ZALO_NO_TOKEN", [problem["code"] for problem in s.status()["problems"]])
        s.box.ctl("zalo", "set-token", stdin=s.zalo.token_json())
        s.wait_zalo(state="ok", usable=True)


if __name__ == "__main__":
    main()
