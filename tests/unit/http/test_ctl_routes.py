# SPDX-License-Identifier: GPL-2.0-or-later
"""Every route has a command of binhyenctl, or a reason here why it needs none: by the paths and the words in its source."""
import json
import pathlib
import re
import sys
import unittest

PAGE = "people are looked up one by one on the page, each look with its officer; binhyenctl imports them as a table"
WITHOUT = {
	"/healthz": "for a watchdog: binhyenctl status says more",
	"/metrics": "for Prometheus: binhyenctl status says the same in words",
	"/api/v1/places/{n}/residents": PAGE,
	"/api/v1/residents/{n}/phone": PAGE,
	"/api/v1/residents/{n}/change": PAGE,
	"/api/v1/residents/{n}/leave": PAGE,
	"/api/v1/resident-reveals": PAGE,
}
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
HOLE = re.compile(r"%(?:\.\d+)?(?:lld|[sd])")


def literals(sources):
	"""The texts of the program, those that stand beside each other as one."""
	for source in sources:
		for run in re.findall(r'(?:"(?:[^"\\\n]|\\.)*"\s*)+', source.read_text(encoding="utf-8")):
			yield "".join(LITERAL.findall(run))


def commands(sources):
	"""How binhyenctl can make a path: (pattern, the words that can fill its holes)."""
	texts = set(literals(sources))
	words = {word.split("?")[0].strip("/") for word in texts} | {"", "N"}
	patterns = [re.compile("(.*)".join(map(re.escape, HOLE.split(text.split("?")[0]))) + "$")
		for text in texts if text.startswith("/")]
	return patterns, words


def is_made(path, patterns, words):
	"""A hole is a name, or words of the program: 'N/rating' is both."""
	def fills(text):
		text = text.strip("/")
		return text in words or (text.startswith("N/") and text[2:] in words)
	matches = (pattern.match(path) for pattern in patterns)
	return any(match and all(map(fills, match.groups())) for match in matches)


class Routes(unittest.TestCase):
	def test_every_route_has_its_command(self):
		patterns, words = commands(sorted(ctl_folder.glob("*.c")))
		self.assertGreater(len(patterns), 50)
		without = {path for path in api["paths"] if not is_made(path.replace("{n}", "N"), patterns, words)}
		self.assertEqual(without - WITHOUT.keys(), set(), "neither a command nor a reason")
		self.assertEqual(WITHOUT.keys() - without, set(), "these have a command, or are gone")

	def test_a_route_that_nobody_calls_is_found(self):
		patterns, words = commands(sorted(ctl_folder.glob("*.c")))
		for path in ("/api/v1/reports/N/teleport", "/api/v1/moon", "/api/v1/officers/N/promote", "/api/v1/teleport/N"):
			self.assertFalse(is_made(path, patterns, words), path)


if __name__ == "__main__":
	api = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
	ctl_folder = pathlib.Path(sys.argv[2])
	unittest.main(argv=sys.argv[:1])
