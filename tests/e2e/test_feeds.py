#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Official sources become drafts, whatever their servers do."""
import subprocess
import time

from scene import Refused, SceneTest, main, wait_until
from simfeed import SimFeed

SENT = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(time.time() - 60))
ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'>{}</feed>"


def rss(*items):
    return "<rss version='2.0'><channel>" + "".join(
        f"<item><guid>{guid}</guid><title>{title}</title><pubDate>{SENT}</pubDate></item>" for guid, title in items
    ) + "</channel></rss>"


def alert(identifier, kind="Alert", refers="", status="Actual"):
    references = f"<references>tt@a.vn,{refers},{SENT}</references>" if refers else ""
    return (f"<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'><identifier>{identifier}</identifier>"
            f"<sender>tt@a.vn</sender><sent>{SENT}</sent><status>{status}</status><msgType>{kind}</msgType>"
            f"<scope>Public</scope>{references}<info><language>vi</language><event>Lũ</event>"
            "<urgency>Future</urgency><severity>Minor</severity><certainty>Likely</certainty>"
            f"<headline>Lũ {identifier}</headline></info></alert>")


class Feeds(SceneTest):
    def begin(self, **formats):
        """A box that watches /NAME of a server."""
        self.feed = SimFeed().__enter__()
        self.addCleanup(self.feed.__exit__)
        return self.scene(modems=0, extra={"feeds": [
            {"name": name, "url": self.feed.url("/" + name), "format": form, "category": "disaster",
             "interval_min": 1440} for name, form in formats.items()]})

    def state(self, s, name="tin"):
        return next(row for row in s.box.ctl("feeds")["feeds"] if row["name"] == name)

    def ask(self, s, name="tin"):
        """Asked now; what came of it."""
        rounds = self.state(s, name)["rounds"]
        s.box.ctl("feed", name, "check")
        wait_until(lambda: self.state(s, name)["rounds"] > rounds, what="the round to end")
        return self.state(s, name)

    def fails(self, s, error, words, name="tin"):
        row = self.ask(s, name)
        self.assertEqual((row["error"], row["drafted"] > 0), (error, True), row)
        self.assertIn(words, row["detail"])

    def test_news_whatever_their_server_does(self):
        s = self.begin(tin="rss")
        self.feed.put("/tin", rss(("1", "Một"), ("2", "Hai")), etag='"a"', how="gzip")
        row = self.ask(s)
        self.assertEqual((row["drafted"], row["status"], row["error"]), (2, 200, ""))
        # As before: nothing comes over the line.
        self.assertEqual(self.ask(s)["status"], 304)
        self.assertEqual(self.feed.asked[-1][1]["if-none-match"], '"a"')
        # Another text of the first: its draft is written anew. And a third.
        self.feed.put("/tin", rss(("1", "Một, đã sửa"), ("2", "Hai"), ("3", "Ba")), etag='"b"')
        row = self.ask(s)
        self.assertEqual((row["drafted"], row["items"]), (3, 3))

        self.feed.put("/tin", rss(("4", "Bốn")), how="cut")
        self.fails(s, "broken", "")
        self.feed.put("/tin", rss(("4", "Bốn")), how="short")
        self.fails(s, "document", "well-formed")
        self.feed.put("/tin", "<html><body>Đăng nhập</body></html>", kind="text/html")
        self.fails(s, "document", "web page")
        self.feed.put("/tin", "<!DOCTYPE rss [<!ENTITY a 'aaaa'>]>" + rss(("4", "&a;")))
        self.fails(s, "document", "document type")
        self.feed.put("/tin", ATOM.format(""))
        self.fails(s, "document", 'set the feed\'s format to "atom"')
        self.feed.bomb("/tin", 8)
        self.fails(s, "too_big", "2 MB")
        self.feed.put("/tin", status=301, headers={"Location": "http://localhost:1/x"})
        self.fails(s, "moved", "another place")
        self.feed.put("/tin", status=302, headers={"Location": "/tin"})
        self.fails(s, "moved", "another place")
        self.feed.put("/tin", "no", status=503, headers={"Retry-After": "3600"})
        self.fails(s, "service", "503")
        row = self.state(s)
        self.assertEqual((row["items"], row["failures"]), (3, 9))
        self.feed.put("/tin", status=404)
        self.fails(s, "status", "404")
        self.assertIn("FEED_WRONG", [problem["code"] for problem in s.status()["problems"]])

        # The same words again after all that, elsewhere at the same place: nothing twice.
        self.feed.put("/tin", status=302, headers={"Location": "/moved?x=1"})
        self.feed.put("/moved?x=1", rss(("4", "Bốn"), ("1", "Một, đã sửa")), how="slow")
        row = self.ask(s)
        self.assertEqual((row["drafted"], row["failures"], row["error"]), (4, 0, ""))

        # Killed and started again it knows all of it.
        s.box.kill()
        s.box.start()
        row = self.ask(s)
        self.assertEqual((row["drafted"], row["items"]), (4, 4))
        with self.assertRaises(Refused):
            s.box.ctl("feed", "khac", "check")

    def test_a_category_that_is_none(self):
        s = self.scene(start=False, modems=0, extra={"feeds": [
            {"name": "tin", "url": "https://a.vn/tin", "category": "khac"}]})
        done = subprocess.run([s.box.bin / "binhyend", "--config", s.box.config_path, "--check-config"],
                              capture_output=True, text=True, timeout=20, check=False)
        self.assertEqual(done.returncode, 78)
        self.assertIn('"khac" of tin is no category of bulletins', done.stderr)

    def test_alerts_that_an_index_points_to(self):
        s = self.begin(lu="cap")
        entry = "<entry><id>{0}</id><title>{0}</title><link href='{1}' type='application/cap+xml'/></entry>"
        self.feed.put("/lu", ATOM.format(entry.format(1, "/1.cap") + entry.format(2, "http://localhost:1/2.cap") +
                                         entry.format(3, "/3.cap")), etag='"1"')
        self.feed.put("/1.cap", alert("A"))
        self.feed.put("/3.cap", "broken")
        self.assertEqual(self.ask(s, "lu")["drafted"], 1)
        # What could not be read is asked for again, what was read is not, and the other host never was.
        self.feed.put("/3.cap", alert("B", status="Exercise"))
        self.ask(s, "lu")
        self.assertNotIn("if-none-match", self.feed.asked[-2][1])
        self.assertEqual([path for path, _ in self.feed.asked], ["/lu", "/1.cap", "/3.cap", "/lu", "/3.cap"][-len(self.feed.asked):])
        self.assertEqual(self.ask(s, "lu")["status"], 304)
        # A cancel closes the draft.
        self.feed.put("/lu", alert("C", "Cancel", refers="A"))
        self.assertEqual(self.ask(s, "lu")["drafted"], 0)
        self.assertIn("closed=1", s.box.log())


if __name__ == "__main__":
    main()
