#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Arrows point down only: who may include what, and that nothing is left half done.

usage: test_layers.py --source TOP [unittest options]
"""
import argparse
import os
import re
import sys
import unittest

SOURCE = ""
SHARED_GATEWAY = ["gateway/sms_text.h", "gateway/line.h", "gateway/ussd_text.h"]

# Part of the product: what it may include of ours, beside its own folder; a name that ends in '/' is
# a folder. A file belongs to the first part whose pattern matches its path.
LAYERS = [
    ("base", r"daemon/base/", []),
    ("config", r"config/", ["daemon/base/"]),
    ("store", r"store/", ["daemon/base/"]),
    ("gateway", r"gateway/", ["daemon/base/"]),
    ("desk", r"daemon/desk/", ["daemon/base/", "config/", "store/"] + SHARED_GATEWAY),
    ("intake", r"daemon/intake/", ["daemon/base/", "config/", "store/", "daemon/desk/"] + SHARED_GATEWAY),
    ("relay", r"daemon/relay/",
     ["daemon/base/", "config/", "store/", "daemon/desk/", "daemon/intake/"] + SHARED_GATEWAY),
    ("http", r"daemon/http/",
     ["daemon/base/", "config/", "store/", "daemon/desk/", "daemon/intake/"] + SHARED_GATEWAY),
    ("ctl", r"daemon/ctl/", ["daemon/base/", "config/config.h"]),
    ("main", r"daemon/[^/]+$",
     ["daemon/base/", "config/", "store/", "daemon/desk/", "daemon/intake/", "daemon/relay/", "daemon/http/"]
     + SHARED_GATEWAY),
]

# These headers are an engine room: only the code that translates them may see them.
FOREIGN = {
    "sqlite3.h": r"store/",
    "sodium.h": r"store/",
    "liboath/": r"store/totp\.c$",
    "qrencode.h": r"daemon/ctl/",
    "gammu.h": r"gateway/(modem_gammu\.h|pdu\.c)$",
    "seccomp.h": r"gateway/sandbox_calls\.c$",
    "curl/": r"daemon/(relay|ctl)/",
    "nettle/": r"daemon/relay/",
    "uv.h": r"daemon/(relay/|http/|[^/]+$)",
    "microhttpd.h": r"daemon/http/",
    "gnutls/": r"daemon/http/tls(_make\.c|_private\.h|\.c)$",
    "jansson.h": r"(config|gateway|daemon/desk|daemon/intake|daemon/relay|daemon/http|daemon/ctl)/|daemon/[^/]+$",
    "utf8proc.h": r"(gateway|daemon/desk|daemon/intake)/",
    "systemd/": r"daemon/[^/]+$",
    "csv.h": r"daemon/desk/csv_table\.c$",
    "expat.h": r"daemon/desk/feed_xml\.c$",
    "iconv.h": r"daemon/desk/charset\.c$",
}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b")


def layer_of(path):
    for name, pattern, allowed in LAYERS:
        if re.match(pattern, path):
            return name, pattern, allowed
    return None


def may_include(path, header):
    """May the product's file `path` include our own `header`?"""
    layer = layer_of(path)
    if layer is None:
        return False
    _, pattern, allowed = layer
    if re.match(pattern, header):
        return True
    return any(header.startswith(a) if a.endswith("/") else header == a for a in allowed)


def faults_of(path, text):
    found = []
    for quote, header in INCLUDE.findall(text):
        if quote == '"':
            if not may_include(path, header):
                found.append(f'{path} includes "{header}"')
            continue
        for name, where in FOREIGN.items():
            hit = header.startswith(name) if name.endswith("/") else header == name
            if hit and not re.match(where, path):
                found.append(f"{path} includes <{header}>")
    return found


def files(folders, *endings):
    for folder in folders:
        for here, below, names in os.walk(os.path.join(SOURCE, folder)):
            below[:] = sorted(name for name in below if name not in ("__pycache__", "corpus"))
            for name in sorted(names):
                if name.endswith(endings):
                    yield os.path.relpath(os.path.join(here, name), SOURCE)


def read(path):
    with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
        return file.read()


class Layers(unittest.TestCase):
    def test_every_source_is_in_a_layer(self):
        sources = list(files(["config", "gateway", "store", "daemon"], ".c", ".h"))
        self.assertGreater(len(sources), 20)
        self.assertEqual([path for path in sources if layer_of(path) is None], [])

    def test_includes_point_down(self):
        found = []
        for path in files(["config", "gateway", "store", "daemon"], ".c", ".h"):
            found += faults_of(path, read(path))
        self.assertEqual(found, [])

    def test_our_includes_are_whole_paths_that_exist(self):
        for path in files(["config", "gateway", "store", "daemon"], ".c", ".h"):
            for quote, header in INCLUDE.findall(read(path)):
                if quote == '"':
                    self.assertTrue(os.path.exists(os.path.join(SOURCE, header)), f"{path}: {header}")

    def test_nothing_includes_a_source(self):
        for path in files(["config", "gateway", "store", "daemon", "tests"], ".c", ".h"):
            for _, header in INCLUDE.findall(read(path)):
                self.assertFalse(header.endswith(".c"), f"{path}: {header}")

    def test_http_reads_reports_through_one_layer(self):
        """desk/reading.h decides who sees what; a door of its own would be one that nobody guards."""
        own = re.compile(r"\b(report_(load|find|list|period|of_party|entries|guess_load|guess_counts|count|held_before)"
                         r"|attachment_(load|file|of_report)|(inbox|outbox)_(list|count)|report_key_open"
                         r"|key_holder_box)\b\s*[(,;]|&key_holder_box")
        found = []
        for path in files(["daemon/http"], ".c"):
            # What somebody has just entered himself, he is shown once.
            if path.endswith("/report_new.c"):
                continue
            found += [f"{path}: {hit.group(0)}" for hit in own.finditer(read(path))]
        self.assertEqual(found, [])
        self.assertTrue(own.search("err = report_load(store, id, &report);"))

    def test_what_leaves_for_a_resident_passes_one_gate(self):
        """Who asked for silence is sent nothing: what queues a message asks desk_gate(), or is for officers."""
        queues = re.compile(r"\b(outbox_add|desk_say)\(")
        asks = re.compile(r"\bdesk_gate\(")
        # For officers, on the phones of their work; and what says one of those again.
        officers = {"alarm.c", "alarm_words.c", "audit.c", "desk_notify.c", "desk_tell.c", "dispatch_doubt.c"}
        # The receipt's other form, which desk.c queues when it has asked.
        asked = {"desk_template.c"}
        found = []
        for path in files(["daemon"], ".c"):
            name = os.path.basename(path)
            if name not in officers | asked and queues.search(read(path)) and not asks.search(read(path)):
                found.append(path)
        self.assertEqual(found, [])
        for name in officers - {"dispatch_doubt.c"}:
            self.assertNotIn("LANE_ANSWER", read(f"daemon/desk/{name}"), name)
        callers = [path for path in files(["daemon"], ".c") if re.search(r"= desk_template_receipt\(", read(path))]
        self.assertEqual(callers, ["daemon/desk/desk.c"])

    def test_a_wrong_arrow_would_be_seen(self):
        wrong = [
            ("daemon/base/str.c", '#include "store/store.h"'),
            ("config/config.c", '#include "gateway/sms_text.h"'),
            ("config/config.c", '#include "store/store.h"'),
            ("store/store.c", '#include "config/config.h"'),
            ("store/store.c", "#include <jansson.h>"),
            ("gateway/main.c", '#include "store/store.h"'),
            ("gateway/line.c", "#include <gammu.h>"),
            ("gateway/pdu.h", "#include <gammu.h>"),
            ("daemon/desk/desk.c", '#include "daemon/intake/intake.h"'),
            ("daemon/desk/desk.c", "#include <uv.h>"),
            ("daemon/desk/desk.c", "# include <sqlite3.h>"),
            ("daemon/desk/desk.c", '#include "gateway/pdu.h"'),
            ("daemon/intake/intake.c", '#include "daemon/relay/dispatch.h"'),
            ("daemon/intake/intake.c", "#include <curl/curl.h>"),
            ("daemon/http/http.c", '#include "daemon/relay/zalo.h"'),
            ("daemon/http/http.c", "#include <sodium.h>"),
            ("daemon/relay/zalo.c", '#include "daemon/http/http.h"'),
            ("daemon/ctl/main.c", '#include "store/store.h"'),
            ("daemon/main.c", "#include <curl/curl.h>"),
            ("daemon/main.c", "#include <gammu.h>"),
        ]
        for path, text in wrong:
            self.assertEqual(len(faults_of(path, text)), 1, (path, text))
        right = [
            ("daemon/desk/desk.c", '#include "gateway/sms_text.h"\n#include "store/report.h"'),
            ("daemon/relay/zalo.c", "#include <curl/curl.h>\n#include <uv.h>\n#include <jansson.h>"),
            ("gateway/pdu.c", '#include <gammu.h>\n#include "gateway/pdu.h"'),
            ("daemon/main.c", '#include "daemon/http/http.h"\n#include <uv.h>'),
            ("store/store.c", "#include <sqlite3.h>\n#include <string.h>"),
        ]
        for path, text in right:
            self.assertEqual(faults_of(path, text), [], path)


class Finished(unittest.TestCase):
    def test_no_unfinished_mark(self):
        for path in files(["config", "gateway", "store", "daemon", "tests", "systemd", "cmake"],
                          ".c", ".h", ".py", ".cmake", ".in", ".sql", "CMakeLists.txt", ".1", ".5", ".8"):
            for number, line in enumerate(read(path).splitlines(), 1):
                self.assertNotRegex(line, UNFINISHED, f"{path}:{number}")

    def test_a_mark_would_be_seen(self):
        self.assertRegex("/* TO" "DO: later */", UNFINISHED)
        self.assertNotRegex('mkstemp("/tmp/x-XXXXXX")', UNFINISHED)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--source", required=True)
    options, rest = parser.parse_known_args()
    SOURCE = options.source
    unittest.main(argv=[sys.argv[0]] + rest)
