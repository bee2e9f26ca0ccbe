#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
What the sources say in errors, and config/phrases/errors.vi.po, in both directions: no message
without its translation, no translation without its message, and formats that fit.

Which messages: those of whatever answers an officer, that is daemon/ without ctl/, which speaks to
the technician in his terminal. So do config/, gateway/ and store/ (what is said at start, and what
goes to the log), and the files of daemon/ that START names. Of store/ come the words for states,
marked by ERR_WORD, and the file that whoever puts a backup back reads.

A translation is added by hand: run this program, and copy what it prints as missing.
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 else ".").resolve()
CATALOGUE = ROOT / "config/phrases/errors.vi.po"

# Files whose messages only come up while the program starts or reads its own lists: the technician
# sees them in the journal, nobody on the page.
START = """
daemon/daemon.c daemon/daemon_office.c daemon/main.c daemon/verify_log.c
daemon/base/err.c daemon/base/errbuf.c
daemon/desk/bulletin_category.c daemon/desk/secrecy_screen.c
daemon/http/http.c daemon/http/listener.c daemon/http/site.c daemon/http/tls.c
daemon/http/tls_make.c
daemon/intake/guess_own.c daemon/intake/guess_weights.c daemon/intake/guess_words.c
daemon/intake/menu_screen.c
daemon/relay/http_sms.c daemon/relay/modem_pool.c daemon/relay/zalo.c
""".split()

MESSAGES = ["errbuf_set:3", "errbuf_wrap:3", "http_reply_fail:4", "csv_fault:3", "cell_fault:3"]


def preprocessed(sources):
    """All sources as one text without includes, macros expanded (texts are often macros)."""
    headers = [ROOT / name for folder in ("config", "gateway", "store", "daemon")
               for name in sorted((ROOT / folder).rglob("*.h"))]
    parts = ['#define PRId64 "ld"\n']
    for path in headers + [ROOT / source for source in sources]:
        # Our own attributes and marks stay as they are; a text of a #if is a text all the same.
        lines = ["" if re.match(r"\s*#\s*(include|if|ifdef|ifndef|elif|else|endif|error|pragma)\b", line)
                 or "define ERR_WORD" in line else line for line in path.read_text().split("\n")]
        parts.append(f'#line 1 "{path.relative_to(ROOT)}"\n' + "\n".join(lines) + "\n")
    run = subprocess.run(["cpp", "-w", "-undef", "-nostdinc", "-"], input="".join(parts), text=True,
                         capture_output=True, check=True)
    return run.stdout


def extract(sources, keywords, folder, name):
    """The .pot of these files."""
    text = folder / f"{name}.c"
    text.write_text(preprocessed(sources))
    pot = folder / f"{name}.pot"
    subprocess.run(["xgettext", "--language=C", "--from-code=UTF-8", "--keyword",
                    *[f"--keyword={keyword}" for keyword in keywords],
                    *[f"--flag={keyword}:c-format" for keyword in MESSAGES], "--flag=ERR_WORD:1:pass-c-format",
                    "--force-po", "-o", pot, text], check=True, capture_output=True)
    return pot


def template(folder):
    every = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "daemon").rglob("*.c"))]
    speakers = [path for path in every if not path.startswith("daemon/ctl/") and path not in START]
    speakers.append("store/backup_restore.c")
    stores = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "store").glob("*.c"))]
    pots = [extract(speakers, [*MESSAGES, "ERR_WORD"], folder, "speakers"),
            extract(stores, ["ERR_WORD"], folder, "stores")]
    pot = folder / "errors.pot"
    subprocess.run(["msgcat", "--use-first", "--sort-by-file", "-o", pot, *pots], check=True, capture_output=True)
    return pot


def read(path):
    """Message to its translation, both as they are written in a .po on one line."""
    text = subprocess.run(["msgcat", "--no-wrap", "--no-location", path], capture_output=True, text=True,
                          check=True).stdout
    found = re.findall(r'^msgid "(.*)"\nmsgstr "(.*)"$', text, re.M)
    return {message: translation for message, translation in found if message}


def conversions(text):
    """(place or "", kind) of each: ("2$", "s") of %2$s, ("", "d") of %d; how many bytes count is no matter."""
    return re.findall(r"%([0-9]+\$)?(?:\.[0-9]+)?((?:ll|l|z)?[dius])", text.replace("%%", ""))


class Messages(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            cls.said = read(template(pathlib.Path(folder)))
        cls.translated = read(CATALOGUE)

    def test_the_sources_were_understood(self):
        # A keyword that no longer finds anything would make the other tests pass.
        self.assertGreater(len(self.said), 500)
        for message in ("there is no report %.31s", "DRAFT", "is empty", "this is not for your role"):
            self.assertIn(message, self.said)

    def test_every_message_is_translated(self):
        missing = [f'msgid "{message}"\nmsgstr ""' for message in self.said if not self.translated.get(message)]
        self.assertEqual(missing, [], "\n\nadd to config/phrases/errors.vi.po:\n\n" + "\n\n".join(missing) + "\n")

    def test_every_translation_has_its_message(self):
        self.assertEqual([message for message in self.translated if message not in self.said], [])

    def test_the_formats_fit(self):
        run = subprocess.run(["msgfmt", "--check-format", "--check-domain", "-o", "/dev/null", CATALOGUE],
                             capture_output=True, text=True)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        for message, translation in self.translated.items():
            wanted = [kind for _, kind in conversions(message)]
            given = conversions(translation)
            in_order = [kind for _, kind in sorted(given, key=lambda one: int(one[0][:-1] or 0))] \
                if all(place for place, _ in given) else [kind for _, kind in given]
            self.assertEqual(wanted, in_order, message)

    def test_the_arguments_are_of_kinds_that_are_translated(self):
        for message in self.translated:
            self.assertNotIn("%", re.sub(r"%(%|s|\.[0-9]+s|(ll|l|z)?[du])", "", message), message)

    def test_a_translation_is_a_part_of_a_sentence(self):
        for message, translation in self.translated.items():
            self.assertFalse(translation.endswith((".", " ", ";")), (message, translation))
            self.assertEqual(translation, translation.strip(), message)


if __name__ == "__main__":
    unittest.main()
