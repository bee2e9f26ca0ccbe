# SPDX-License-Identifier: GPL-2.0-or-later
"""The commune for the console's tests: a simulated modem, a simulated Zalo and the real binhyend with its page, driven by lines of JSON.

    {"do": "text", "from": "+84900000012", "text": "chay nha"}  ->  {"ok": true}

Ends, with all that it started, when its input ends."""
import json
import pathlib
import sqlite3
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / "e2e"), str(TESTS / "lib")]

import scene  # noqa: E402
from binhyend import wait_until  # noqa: E402
from simfeed import SimFeed  # noqa: E402

DUTY = "+84900009001"
CALLBACK = "https://callback.example/zalo"


class Stage:
    def __init__(self, bin_dir, console_dir):
        scene.bin_dir = pathlib.Path(bin_dir).resolve()
        self.feed = SimFeed().__enter__()
        self.scene = scene.Scene(modems=1, zalo=True, zalo_options={"groups": [], "callback": CALLBACK},
                                 zalo_config={"callback_url": CALLBACK}, duty=(DUTY,), extra={
            "http": {"listen": "127.0.0.1:0", "console_dir": str(pathlib.Path(console_dir).resolve())},
            "feeds": [{"name": "tinh", "url": self.feed.url("/tinh"), "format": "rss", "category": "disaster",
                       "interval_min": 1440}]})
        path = self.scene.box.config_path
        config = json.loads(path.read_text())
        config["http"]["socket"] = str(self.scene.box.socket)
        path.write_text(json.dumps(config, indent=2))
        self.scene.start()
        self.keep_port()

    def keep_port(self):
        """A page that was open before a restart looks for the box where it was."""
        listen = self.scene.status()["lan"]["listen"]
        self.url = f"https://{listen}/"
        path = self.scene.box.config_path
        config = json.loads(path.read_text())
        config["http"]["listen"] = listen
        path.write_text(json.dumps(config, indent=2))

    def do_where(self, _):
        return {"url": self.url, "socket": str(self.scene.box.socket),
                "fingerprint": self.scene.status()["lan"]["certificate"]["fingerprint"]}

    def do_code(self, _):
        return {"code": self.scene.box.ctl("setup-code")["code"]}

    def do_text(self, ask):
        self.scene.modem.text(ask["text"], ask["from"])
        return {}

    def do_told(self, ask):
        """Until the resident's phone shows an SMS with these words."""
        self.scene.modem.wait_sent(to=ask["to"], contains=ask["contains"], timeout_s=60)
        return {}

    def do_network(self, ask):
        """What the modem says of the mobile network: home, searching."""
        self.scene.modem.network(ask["state"])
        return {}

    def do_zalo(self, ask):
        """What people do with groups in Zalo's app."""
        self.scene.zalo.group_do(**{key: value for key, value in ask.items() if key != "do"})
        return {}

    def do_zalo_write(self, ask):
        self.scene.zalo.write(ask["user"], ask["text"], name=ask["name"])
        return {}

    def do_feed(self, ask):
        """What the official source says from now on."""
        self.feed.put("/tinh", ask["body"])
        return {}

    def do_media(self, ask):
        """Somebody sends a picture or a file by Zalo; bytes in hex."""
        url = self.scene.zalo.put_media(ask["at"], bytes.fromhex(ask["bytes"]))
        self.scene.zalo.write_media(ask["user"], ask["kind"], url, ask.get("text", ""), name=ask["name"])
        return {}

    def do_zalo_group(self, ask):
        """The same with the first group there is."""
        return self.do_zalo({**ask, "group": self.scene.zalo.gmf()["groups"][0]["group_id"]})

    def do_stop(self, _):
        return {"code": self.scene.box.stop(30)}

    def do_tamper(self, _):
        """Somebody changes a row of the log while the box is off."""
        base = sqlite3.connect(self.scene.box.dir / "box.db")
        base.execute("DROP TRIGGER event_no_update")
        base.execute("UPDATE event SET actor = 'officer:nobody' WHERE id = 9")
        base.commit()
        base.close()
        return {}

    def do_start(self, _):
        self.scene.box.start(wait=False)
        wait_until(lambda: self.scene.box.is_answering(), 60, "binhyend to answer")
        return {}

    def run(self):
        for line in sys.stdin:
            ask = json.loads(line)
            try:
                answer = {"ok": True, **getattr(self, "do_" + ask["do"])(ask)}
            except Exception as fault:  # told to the test, which fails by it
                answer = {"ok": False, "fault": f"{type(fault).__name__}: {fault}"}
            print(json.dumps(answer), flush=True)


def main():
    stage = Stage(sys.argv[1], sys.argv[2])
    try:
        stage.run()
    finally:
        stage.scene.close()
        stage.feed.__exit__()


if __name__ == "__main__":
    main()
