#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Officers look for words in what residents wrote."""
import scene
from scene import SceneTest


class SearchTest(SceneTest):
    def find(self, s, *words):
        return s.box.ctl("search", *words)

    def texts(self, s, *words):
        return [hit["text"] for hit in self.find(s, *words)["hits"]]

    def test_words_are_found_however_they_are_written(self):
        s = self.scene()
        s.modem.text("Chay nha o ap 3")
        s.modem.text("Mất trộm xe ở ấp 3", sender="+84900000077")
        s.wait_reports(2)
        self.assertEqual(self.texts(s, "cháy"), ["Chay nha o ap 3"])
        self.assertEqual(self.texts(s, "MAT", "trom"), ["Mất trộm xe ở ấp 3"])
        self.assertEqual(sorted(self.texts(s, "ap 3")), ["Chay nha o ap 3", "Mất trộm xe ở ấp 3"])
        self.assertEqual(self.texts(s, "duoi nuoc"), [])
        hit = self.find(s, "chay")["hits"][0]
        self.assertIn(hit["report"], [row["report"] for row in s.reports()])
        self.assertEqual(hit["category"], "fire")
        self.assertNotIn("trom", s.box.log())  # for what was searched is nobody's business
        s.restart()
        self.assertEqual(self.texts(s, "mat trom"), ["Mất trộm xe ở ấp 3"])


if __name__ == "__main__":
    scene.main()
