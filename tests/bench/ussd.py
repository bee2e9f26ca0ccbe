# SPDX-License-Identifier: GPL-2.0-or-later
"""A thousand residents in the menus by USSD at once, each thinking before he types, and how long the gateway waits for
what he sees next. Beside it, by the same gateway, the least that such a callback can be: a program that only keeps each
call in SQLite, as durably, before it answers."""
import asyncio
import http.server
import pathlib
import socket
import sqlite3
import sys
import threading
import urllib.parse

from binhyend import Binhyend
from figure import Figure

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "sim" / "ussd"))
from sim_ussd import Gateway, World  # noqa: E402  pylint: disable=wrong-import-position

CODE, TOKEN = "*384*12#", "a-token-of-the-bench"
THINK_S = 5  # who reads a screen and presses a key or types a sentence
STAY_S = 60
CONNECTIONS = 16
HAMLETS = 20


STEPS = 9  # of a session with the least: what one in our menus has on average


class Least(http.server.BaseHTTPRequestHandler):
    """Keeps the call, shows the same screen, and ends after some."""
    protocol_version = "HTTP/1.1"
    db = None
    lock = threading.Lock()

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.lock:
            self.db.execute("INSERT INTO call (body) VALUES (?)", (body,))
            self.db.commit()
        text = urllib.parse.parse_qs(body, keep_blank_values=True)[b"text"][0]
        answer = b"END Da nhan." if text.count(b"*") >= STEPS - 2 else b"CON Chon:\n1 Mot\n2 Hai\n0 Ra"
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    disable_nagle_algorithm = True


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def visit(port, sessions, think_s):
    gateway = Gateway(port, CODE, TOKEN, connections=CONNECTIONS)
    world = World(gateway, think_s=think_s, repeat=1, late=1, drop=2)
    try:
        await world.stay(sessions, STAY_S if think_s == THINK_S else 1)
    finally:
        await gateway.close()
    if world.wrong:
        raise RuntimeError(f"USSD: {world.wrong[:3]}")
    return world.figures()


def least(bench, sessions, think_s):
    """The same calls to who does the least."""
    db = sqlite3.connect(bench.folder("ussd") / "least.db", check_same_thread=False)
    db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE call (body BLOB);")
    Least.db = db
    server = Server(("127.0.0.1", 0), Least)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        return asyncio.run(visit(server.server_port, sessions, think_s))
    finally:
        server.shutdown()
        server.server_close()
        db.close()


def ours(bench, sessions, think_s):
    port = free_port()
    box = Binhyend(bench.bin_dir, bench.folder("ussd") / "box", extra={"ussd": {"port": port, "service_code": CODE}})
    token = box.secrets / "ussd.token"
    token.write_text(TOKEN + "\n")
    token.chmod(0o600)
    box.start()
    try:
        for n in range(HAMLETS):
            box.ctl("place", f"thon-{n}", "hamlet", f"Thôn Đông {n}")
        return asyncio.run(visit(port, sessions, think_s))
    finally:
        box.stop()


def measure(bench):
    bench.folder("ussd").mkdir()
    sessions = bench.size.ussd
    think_s = THINK_S if sessions >= 100 else 0.05
    told, other = ours(bench, sessions, think_s), least(bench, sessions, think_s)
    bench.note(f"ussd: {told['calls']} calls of {sessions} sessions at once, {told['reports']} reports")
    return [
        Figure("USSD: half of the screens after", "ms", told["p50_ms"], other["p50_ms"], peer_name="stored only"),
        Figure("USSD: 99 of 100 screens after", "ms", told["p99_ms"], other["p99_ms"], at_most=50,
               peer_name="stored only"),
        Figure("USSD: the slowest screen after", "ms", told["max_ms"], other["max_ms"], peer_name="stored only"),
    ]
