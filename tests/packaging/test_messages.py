#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
What the sources say in errors, and config/phrases/errors.vi.po, in both directions: no message
without its translation, no translation without its message, and formats that fit.

Which messages: those of whatever answers an officer, that is daemon/ without ctl/, which speaks to
the technician in his terminal. So do config/, gateway/ and store/ (what is said at start, and what
goes to the log), and the files of daemon/ that START names. Of store/ come the words for states,
marked by ERR_WORD.

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

MESSAGES = ["errbuf_set:3", "errbuf_wrap:3", "http_reply_fail:4", "csv_fault:3"]


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
                    *[f"--flag={keyword}:c-format" for keyword in MESSAGES],
                    "--force-po", "-o", pot, text], check=True, capture_output=True)
    return pot


def template(folder):
    every = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "daemon").rglob("*.c"))]
    speakers = [path for path in every if not path.startswith("daemon/ctl/") and path not in START]
    stores = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "store").glob("*.c"))]
    pots = [extract(speakers, [*MESSAGES, "ERR_WORD"], folder, "speakers"),
            extract(stores, ["ERR_WORD"], folder, "stores")]
    pot = folder / "errors.pot"
    subprocess.run(["msgcat", "--use-first", "--sort-by-file", "-o", pot, *pots], check=True, capture_output=True)
    return pot


class Messages(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = pathlib.Path(place.name)

    def left(self, of, without):
        """Messages of one file that the other has not, as they are written in a .po."""
        out = subprocess.run(["msgcomm", "--less-than=2", "--no-wrap", of, without], capture_output=True, text=True)
        self.assertEqual(out.returncode, 0, out.stderr)
        theirs = subprocess.run(["msgcomm", "--more-than=1", "--no-wrap", self.folder / "one.po", of],
                                input=out.stdout, capture_output=True, text=True) if False else None
        del theirs
        return out.stdout


if __name__ == "__main__":
    unittest.main()
