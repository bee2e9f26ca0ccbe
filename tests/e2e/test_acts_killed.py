#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What an officer changes while the box dies at that instant: a setting is in force or it is not, a place is closed with
all that belonged to it or not at all, and the log of events says the same as the tables."""
import concurrent.futures
import json
import sqlite3
import tempfile

import scene
from mischief import Mischief
from scene import SceneTest, main, request

POINTS = ("COMMIT_WRITTEN", "COMMIT_SYNCED")
PEOPLE = 40


class ActsKilled(SceneTest):
    def killed_scene(self):
        folder = tempfile.TemporaryDirectory(prefix="e2e.")
        self.addCleanup(folder.cleanup)
        self.page = Mischief(scene.bin_dir, folder.name)
        self.s = self.scene(modems=0, env=self.page.env())
        return self.s

    def post(self, url, body, wanted=200):
        status, text = request(self.s.box.socket, "POST", url, body)
        self.assertEqual(status, wanted, text)
        return json.loads(text)

    def kill_while(self, point, url, body):
        """Nobody is told that it was done: the box is gone before the answer."""
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            self.page.stop_at(point)
            call = pool.submit(self.post, url, body)
            self.assertIsNotNone(self.page.wait(60), point)
            self.s.box.kill()
            self.page.go_on()
            self.assertIsNotNone(call.exception(timeout=60))
        self.s.box.start()

    def rows(self, sql, *values):
        db = sqlite3.connect(f"file:{self.s.box.dir / 'box.db'}?mode=ro", uri=True, timeout=60)
        try:
            return db.execute(sql, values).fetchall()
        finally:
            db.close()

    def events(self, kind):
        return self.rows("SELECT count(*) FROM event WHERE kind = ?", kind)[0][0]

    def check_log(self):
        self.s.box.ctl("audit", "verify")

    def test_a_setting(self):
        self.killed_scene()
        for after, point in zip((60, 70), POINTS):
            told = self.events("setting.changed")
            self.kill_while(point, "/api/v1/settings", {"values": {"duty.climb_first_s": after, "duty.climb_second_s": after * 4}})
            rows = {row["name"]: row["value"] for row in self.s.get("settings")["settings"]}
            is_done = rows["duty.climb_first_s"] == after
            self.assertEqual(rows["duty.climb_second_s"] == after * 4, is_done, point)
            self.assertEqual(self.events("setting.changed") - told, 2 if is_done else 0, point)
            if point == "COMMIT_SYNCED":
                self.assertTrue(is_done)
            self.check_log()

    def test_closing_a_place(self):
        self.killed_scene()
        for nth, point in enumerate(POINTS):
            gone, heir, below = f"thon-{nth}", f"thon-{nth}-moi", f"truong-{nth}"
            for code, kind, parent in ((gone, "hamlet", ""), (heir, "hamlet", ""), (below, "school", gone)):
                self.post("/api/v1/places", {"code": code, "name": code, "kind": kind, "parent": parent})
            self.post("/api/v1/residents", {"rows": [
                {"phone": f"090000{nth}{i:03d}", "name": f"chủ hộ {i}", "place": gone, "role": "member"} for i in range(PEOPLE)]})
            for i in range(3):
                self.post("/api/v1/reports", {"source": "walk_in", "text": f"mất trộm {nth}/{i}", "hamlet": gone})
            self.kill_while(point, f"/api/v1/places/{gone}/close", {"reason": "sáp nhập thôn", "into": heir})
            if not self.look_at_places(gone, heir, below, point):
                self.post(f"/api/v1/places/{gone}/close", {"reason": "sáp nhập thôn", "into": heir})
                self.assertTrue(self.look_at_places(gone, heir, below, "again"))
            self.check_log()

    def look_at_places(self, gone, heir, below, point):
        """Is it closed? With everything, or with nothing."""
        places = {place["code"]: place for place in self.s.get("places")["places"]}
        is_closed = gone not in places or places[gone]["is_closed"]
        home = heir if is_closed else gone
        self.assertEqual(places[below]["parent"], home, point)
        people = self.rows("SELECT p.code, count(*) FROM resident_place r JOIN place p ON p.id = r.place_id"
                           " WHERE p.code IN (?, ?) GROUP BY 1", gone, heir)
        self.assertEqual(people, [(home, PEOPLE)], point)
        self.assertEqual(self.rows("SELECT hamlet, count(*) FROM report WHERE hamlet IN (?, ?) GROUP BY 1", gone, heir),
                         [(home, 3)], point)
        if point == "COMMIT_SYNCED":
            self.assertTrue(is_closed)
        return is_closed


if __name__ == "__main__":
    main()
