#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every route of the API with what nobody should send: each place of a request that openapi.json describes gets each
hostile value. What must hold: only answers that are described, never a 500; nothing that looks like SQL gets through
(pairs that differ only in truth get the same answer); no word of it in the log; the database is whole afterwards and
the next SMS is a report. So on a box without officers, where whoever reaches it may do all, and as each role on one with
officers, where what is not for that role is refused. Each run draws some values for each place, and takes all of them
with BINHYEN_FULL.

With BINHYEN_FULL set sqlmap (Debian's) has its turn at each route as well, as each role that may use it.
"""
import contextlib
import http.server
import json
import os
import pathlib
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.parse

import scene
from scene import CHIEF, SceneTest, UnixConnection

API = pathlib.Path(__file__).resolve().parents[2] / "daemon/http/openapi.json"
# What is said where a refusal has no words of its own: Vietnamese to English.
GENERIC = dict(re.findall(r'X\(\w+, \w+, "([^"]+)",[ \\\n\t]*"([^"]+)"\)', (API.parents[1] / "base/err.h").read_text()))
# As which a box is tried: who may lock out others comes last.
ROLES = ("it", "clerk", "area", "duty", "chairman", "deputy", "chief")
# After these he is not logged in any more, if what was sent is right.
FAREWELLS = ("/api/v1/me/sessions/{n}/end", "/api/v1/me/passphrase", "/api/v1/logout")
CANARY = "zqcanaryqz"  # in every hostile text: found in the log, it was logged

TEXTS = [text.replace("@", CANARY) for text in (
    "@", "", " ", "@'", "@\"", "@`", "@;--", "@' OR '1'='1", "@\\", "@%00", "@\x00b", "@\r\nX-Injected: 1", "../../@",
    "/etc/passwd#@", "@" * 40, "@" + "A" * 5000, "-1", "0", "9223372036854775807", "9223372036854775808", "1e309", "0x10",
    "１２ @", "@\u202e\u200b", "@\ud7ff\uffff", "{{@}}", "%s%n%x@", "$(reboot)@", "=cmd|'@'!A0", "<script>@</script>",
    "null", "true", "[]", "2026-99999999999", "0000-0", "1;DROP TABLE report;--", "1 UNION SELECT address FROM party--",
)]
VALUES = [None, True, False, 0, -1, 1.5, 2**31, 2**63, -2**63 - 1, 1e300, [], {}, [[[[]]]], {"$ne": 1}, ["a"] * 500,
          {"a" * 300: 1}]
# Of each pair the first is true and the second false when it reaches SQL.
PAIRS = [("1 AND 1=1", "1 AND 1=2"), ("1' AND '1'='1", "1' AND '1'='2"), ("1) OR (1=1", "1) OR (1=2"),
         ("1\" AND \"1\"=\"1", "1\" AND \"1\"=\"2"), ("1%' AND '1%'='1", "1%' AND '1%'='2")]
RAW_BODIES = [b"", b"{", b"[]", b"null", b'"a"', b"\xff\xfe{}", b'{"a":"\xed\xa0\x80"}', b"[" * 30000, b'{"a":' * 20000,
              b'{"text":"a","text":"b"}', b'{"a":NaN}', b'{"a":1}\x00{"b":2}', b"{}" * 100, b"text=a&b=c",
              b'{"' + b"k" * 60000 + b'":1}']
# What a schema can't say about its members: samples that get as far as possible.
SAMPLES = {"text": "Đã nhận", "n": "1", "code": "thon-1", "kind": "hamlet", "name": "Thôn 1", "place": "thon-1",
           "phone": "0900001002", "role": "member", "as": "sent", "to": ["0900000001"], "lane": "urgent"}
SECRETS = re.compile(r"sqlite|SQL|SELECT |syntax error|near \"|no such (table|column)|/tmp/|/home/", re.I)


class Api:
    """openapi.json as this test needs it."""

    def __init__(self):
        self.page = json.loads(API.read_text(encoding="utf-8"))

    def operations(self):
        for path, operations in self.page["paths"].items():
            for method, operation in operations.items():
                yield method.upper(), path, operation

    def resolve(self, schema):
        while "$ref" in schema:
            node = self.page
            for part in schema["$ref"].removeprefix("#/").split("/"):
                node = node[part]
            schema = node
        return schema

    def body_schema(self, operation):
        content = operation.get("requestBody", {}).get("content", {})
        return self.resolve(content["application/json"]["schema"]) if "application/json" in content else None

    def sample(self, schema, name="", depth=0):
        schema = self.resolve(schema)
        if "enum" in schema:
            return schema["enum"][0]
        kind = schema.get("type", "object")
        if kind == "object":
            members = schema.get("properties", {}) if depth < 4 else {}
            return {key: self.sample(member, key, depth + 1) for key, member in members.items()}
        if kind == "array":
            return SAMPLES.get(name) or [self.sample(schema["items"], name, depth + 1)]
        return SAMPLES.get(name, {"integer": 1, "number": 1, "boolean": True}.get(kind, "a"))


def places_of(value, path=()):
    """The way to each value within a body."""
    if path:
        yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield from places_of(member, path + (key,))


def changed(value, path, new):
    """A copy with another value at that place."""
    copy = json.loads(json.dumps(value))
    node = copy
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = new
    return copy


class Client:
    """Keeps its connection as long as the server does."""

    def __init__(self, socket_path, token=None):
        self.socket_path = socket_path
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.connection = None

    def ask(self, method, path, body=None):
        for attempt in (1, 2):
            if not self.connection:
                self.connection = UnixConnection(self.socket_path)
            try:
                self.connection.request(method, path, body,
                                        {**self.headers, **({"Content-Type": "application/json"} if body else {})})
                answer = self.connection.getresponse()
                if answer.getheader("Content-Type") == "text/event-stream":
                    line = answer.readline()  # it has no end
                    answer.close()
                    self.close()
                    return answer.status, answer.headers, line
                return answer.status, answer.headers, answer.read()
            except OSError:
                self.close()
                if attempt == 2:
                    raise

    def close(self):
        if self.connection:
            self.connection.close()
            self.connection = None


@contextlib.contextmanager
def on_tcp(socket_path, token=None):
    """The API at a port of loopback, for a tool that knows no unix sockets and is no officer; the port."""
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)) or None
            client = Client(socket_path, token)
            status, headers, data = client.ask(self.command, self.path, body)
            client.close()
            self.send_response(status)
            self.send_header("Content-Type", headers.get("Content-Type", "text/plain"))
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_DELETE = do_PUT = do_HEAD = do

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()


class HostileTest(SceneTest):
    """role: as whom, None on a box without officers. few: so many values of each list, None all."""
    role = few = None

    def setUp(self):
        self.api = Api()
        self.s = self.scene(zalo=True)
        self.s.modem.text("chay nha o ap 3")
        self.name = self.s.name()
        self.s.wait_quiet()
        # The order is another one each time; what a run did is its seed.
        seed = int(os.environ.get("BINHYEN_SEED", random.randrange(1 << 32)))
        print(f"    BINHYEN_SEED={seed}", file=sys.stderr)
        self.rng = random.Random(seed)
        self.sit_down()
        self.findings = []
        self.asked = 0

    def sit_down(self, token=None):
        self.client = Client(self.s.box.socket, token)
        self.addCleanup(self.client.close)

    def some(self, values):
        return values if self.few is None or len(values) <= self.few else self.rng.sample(list(values), self.few)

    def usual(self, pattern):
        """The path of something that is there."""
        name = self.name if pattern.startswith("/api/v1/reports/") else "van.thu" if "/officers/" in pattern else "1"
        return pattern.replace("{n}", name)

    def tearDown(self):
        self.assertEqual(self.findings, [], f"{len(self.findings)} findings")

    def found(self, where, what):
        if len(self.findings) < 40:
            self.findings.append(f"{where}: {what}")

    # -- asking and judging --

    def ask(self, method, pattern, path, operation, body=None):
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        where = f"{method} {path[:200]} {(data or b'')[:300]!r}"
        self.asked += 1
        try:
            status, headers, answer = self.client.ask(method, path, data)
        except OSError as error:
            self.found(where, f"no answer: {error!r}")
            self.client.close()
            return None, ""
        text = answer.decode("utf-8", "backslashreplace")
        # What never gets as far as the route is answered by the door.
        described = set(operation["responses"]) | {"400", "404", "405", "413", "414", "431"}
        if str(status) not in described or status == 500:
            self.found(where, f"status {status}: {text[:200]}")
        if status >= 400:
            self.judge_refusal(where, headers, text)
        if headers.get("X-Injected"):
            self.found(where, "a header was injected")
        return status, text

    def judge_refusal(self, where, headers, text):
        if not headers.get("Content-Type", "").startswith("application/json"):
            self.found(where, f"refused without JSON: {text[:100]}")
            return
        refusal = json.loads(text)
        if not refusal.get("message") or not refusal.get("message_vi"):
            self.found(where, f"refused without a word: {text[:100]}")
        if refusal.get("message_vi") in GENERIC and refusal.get("message") not in GENERIC.values():
            self.found(where, f"not translated: {text[:200]}")
        if SECRETS.search(refusal.get("message", "")) and not SECRETS.search(urllib.parse.unquote(where)):
            self.found(where, f"tells of its inside: {text[:200]}")

    # -- each place of a request --

    def try_paths(self, method, pattern, operation, body):
        if "{n}" not in pattern:
            return
        for value in self.some(TEXTS):
            path = pattern.replace("{n}", urllib.parse.quote(value.encode("utf-8", "surrogatepass"), safe=""))
            self.ask(method, pattern, path, operation, body)
        for pair in self.some(PAIRS):
            answers = [self.ask(method, pattern, pattern.replace("{n}", urllib.parse.quote(value, safe="")), operation, body)
                       for value in pair]
            self.compare(f"{method} {pattern}", pair, answers)

    def try_query(self, method, pattern, operation):
        path = self.usual(pattern)
        names = [p["name"] for p in operation.get("parameters", []) if p["in"] == "query"] + ["unknown"]
        for name in self.some(names):
            for value in self.some(TEXTS):
                quoted = urllib.parse.quote(value.encode("utf-8", "surrogatepass"), safe="")
                self.ask(method, pattern, f"{path}?{name}={quoted}", operation)
            for pair in self.some(PAIRS):
                answers = [self.ask(method, pattern, f"{path}?{name}={urllib.parse.quote(value)}", operation)
                           for value in pair]
                self.compare(f"{method} {pattern}?{name}", pair, answers)

    def try_bodies(self, method, pattern, operation, sample):
        path = self.usual(pattern)
        for raw in self.some(RAW_BODIES):
            self.ask(method, pattern, path, operation, raw)
        for place in self.some(list(places_of(sample))):
            for value in self.some(TEXTS + VALUES):
                self.ask(method, pattern, path, operation, changed(sample, place, value))
            for pair in self.some(PAIRS):
                answers = [self.ask(method, pattern, path, operation, changed(sample, place, value)) for value in pair]
                self.compare(f"{method} {pattern} {place}", pair, answers)
        for key in self.some(list(sample)):
            self.ask(method, pattern, path, operation, {k: v for k, v in sample.items() if k != key})
        self.ask(method, pattern, path, operation, {**sample, CANARY: CANARY})

    def compare(self, where, pair, answers):
        """The status alone: what is written twice may be answered with two ids, and what is guessed twice with a wait."""
        if answers[0][0] != answers[1][0] and 429 not in (answers[0][0], answers[1][0]):
            self.found(where, f"{pair} are answered {answers[0][0]} and {answers[1][0]}")

    def shape(self):
        with contextlib.closing(sqlite3.connect(self.s.dir / "box/box.db")) as database:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            self.assertEqual(database.execute("PRAGMA foreign_key_check").fetchall(), [])
            return database.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()

    def try_operation(self, method, pattern, operation):
        schema = self.api.body_schema(operation)
        sample = self.api.sample(schema) if schema else None
        self.try_paths(method, pattern, operation, sample)
        if schema:
            self.try_bodies(method, pattern, operation, sample)
        else:
            self.try_query(method, pattern, operation)

    def judge_end(self, before):
        print(f"    {self.asked} requests", file=sys.stderr)
        count = len(self.s.reports())
        self.s.modem.text("mat xe may o ap 2")
        self.s.wait_reports(count + 1, timeout_s=60)
        self.assertEqual(self.shape(), before)
        if CANARY in self.s.box.log():
            line = next(line for line in self.s.box.log().splitlines() if CANARY in line)
            self.found("the log", line[:300])


class HostileApiTest(HostileTest):
    few = None if os.environ.get("BINHYEN_FULL") else 14

    def test_no_place_takes_hostile_values(self):
        before = self.shape()
        operations = list(self.api.operations())
        self.rng.shuffle(operations)
        for method, pattern, operation in operations:
            self.try_operation(method, pattern, operation)
        self.judge_end(before)

    def test_unknown_paths_and_methods(self):
        operation = {"responses": {}}
        for path in ("/", "/api", "/api/v1", "/api/v1/", "/api/v1/reports/", "/api/v1/reports/1/", "/api/v1/reports/1/x",
                     "//api/v1/status", "/api/v1/../../etc/passwd", "/%2e%2e/", "/api/v2/status", "/api/v1/status%00",
                     "/" + "a" * 7000, "/" + "a" * 20000, "/?" + "a=1&" * 150):
            for method in ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD", "PROPFIND"):
                try:
                    status, _, _ = self.client.ask(method, path)
                except OSError as error:
                    self.found(f"{method} {path[:60]}", f"no answer: {error!r}")
                    self.client.close()
                    continue
                if status not in (400, 404, 405, 413, 414, 431, 501):
                    self.found(f"{method} {path[:60]}", f"status {status}")
        # libmicrohttpd itself leaves this one without an answer; others must have theirs meanwhile.
        stuck = UnixConnection(self.s.box.socket)
        self.addCleanup(stuck.close)
        stuck.request("GET", "/?" + "a=1&" * 1500)
        self.assertEqual(self.ask("GET", "", "/healthz", operation | {"responses": {"200": 0}})[0], 200)


class HostileOfficersTest(HostileTest):
    few = None if os.environ.get("BINHYEN_FULL") else 1

    def open_office(self):
        """An officer of each role; the token of each."""
        office = self.s.claim()
        for role in ROLES[:-1]:
            office.add("van.thu" if role == "clerk" else role, role)
        tokens = {role: office.tokens[CHIEF if role == "chief" else "van.thu" if role == "clerk" else role]
                  for role in ROLES}
        # Once more, for whoever judges in the end: then nobody is let in from here for a while.
        self.s.box.set_token(office.login_again(CHIEF)["token"])
        return tokens

    def operations_of(self, role):
        operations = [(method, pattern, operation) for method, pattern, operation in self.api.operations()
                      if {role, "box", "anybody"} & set(operation["x-roles"]) and pattern not in FAREWELLS]
        self.rng.shuffle(operations)
        return operations + [row for path in FAREWELLS for row in self.api.operations() if row[1] == path]

    def refuse(self, role):
        """What is not for him is refused before anything of it is looked at."""
        for method, pattern, operation in self.api.operations():
            if {role, "box", "anybody"} & set(operation["x-roles"]):
                continue
            value = self.rng.choice(TEXTS)
            path = pattern.replace("{n}", urllib.parse.quote(value.encode("utf-8", "surrogatepass"), safe=""))
            status, _ = self.ask(method, pattern, path, {"responses": {"403": 0}},
                                 self.rng.choice(RAW_BODIES) if method == "POST" else None)
            if status != 403 and not (status in (400, 404) and "{n}" in pattern):
                self.found(f"{role}: {method} {path[:80]}", f"status {status}")

    def test_no_role_gets_hostile_values_through(self):
        tokens = self.open_office()
        before = self.shape()
        for role in ROLES:
            self.role = role
            self.is_over = False
            self.sit_down(tokens[role])
            self.refuse(role)
            for method, pattern, operation in self.operations_of(role):
                if pattern in FAREWELLS:
                    self.check_seat(role)
                self.try_operation(method, pattern, operation)
        self.judge_end(before)

    def check_seat(self, role):
        """He is logged in still: all that was tried before was tried as him."""
        status, _, _ = self.client.ask("GET", "/api/v1/me")
        if status not in (200, 401) or (status == 401 and not self.is_over):
            self.found(role, f"not logged in any more: {status}")
        self.is_over = True


@unittest.skipUnless(os.environ.get("BINHYEN_FULL") and shutil.which("sqlmap"), "with --full, where sqlmap is installed")
class SqlmapTest(SceneTest):
    """A tool that knows more about databases than this test's lists."""

    def ask(self, port, output, method, pattern, operation, name):
        schema = self.api.body_schema(operation)
        names = [p["name"] for p in operation.get("parameters", []) if p["in"] == "query"]
        if "{n}" not in pattern and not schema and not names:
            return False
        url = f"http://127.0.0.1:{port}" + pattern.replace("{n}", name + "*")
        url += "?" + "&".join(f"{name}=1" for name in names) if names else ""
        command = ["sqlmap", "--batch", "--flush-session", "--dbms=sqlite", "--level=2", "--risk=2", "--technique=BEU",
                   "--disable-coloring", "--output-dir", output, f"--method={method}", "--ignore-code=*", "-u", url]
        if schema:
            command += ["--data", json.dumps(self.api.sample(schema)), "--headers=Content-Type: application/json"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=1800, check=False)
        self.assertNotRegex(done.stdout, r"is vulnerable|appears to be .* injectable\b.*\n.*is injectable|"
                            r"sqlmap identified the following injection", f"{method} {pattern}")
        self.assertRegex(done.stdout, r"do not appear to be injectable|not injectable|no parameter\(s\) found",
                         done.stdout[-2000:])
        return True

    def walk(self, s, role, operations, token=None, name="1"):
        with on_tcp(s.box.socket, token) as port, tempfile.TemporaryDirectory() as output:
            for method, pattern, operation in operations:
                if self.ask(port, output, method, pattern, operation,
                            name if pattern.startswith("/api/v1/reports/") else "1"):
                    print(f"    sqlmap: {role}: {method} {pattern}", file=sys.stderr)

    def setUp(self):
        self.api = Api()

    def test_sqlmap_finds_nothing(self):
        s = self.scene()
        s.modem.text("chay nha o ap 3")
        s.wait_reports(1)
        self.walk(s, "nobody", self.api.operations())

    def test_sqlmap_finds_nothing_as_any_role(self):
        """What reads: by whose rights it filters is where roles differ. All the rest as above."""
        for role in ROLES:
            s = self.scene()
            office = s.claim()
            login = CHIEF if role == "chief" else role
            if role != "chief":
                office.add(role, role)
            s.modem.text("chay nha o ap 3")
            s.box.set_token(office.tokens[CHIEF])
            name = s.name()
            operations = [row for row in self.api.operations() if row[0] == "GET" and role in row[2]["x-roles"]]
            self.walk(s, role, operations, office.tokens[login], name)
            s.close()


if __name__ == "__main__":
    scene.main()
