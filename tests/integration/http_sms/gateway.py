# SPDX-License-Identifier: GPL-2.0-or-later
"""A gateway of a brand name that takes JSON, and misbehaves as it is told."""
import http.server
import json
import threading
import time

OK = {"code": "100", "data": [{"id": 9007199254740993}]}


class Gateway:
    """plan: what it does with the next messages, then answers well. Each is a status, an object to answer with 200, a
    text to answer with 200, (status, headers), or one of "cut" (it acts and closes the connection), "hang" (it acts and
    never answers), "cut_reply" (half an answer)."""

    def __init__(self):
        self.posts = []  # (headers, object, acted)
        self.gets = 0
        self.plan = []
        self.lock = threading.Lock()
        self.released = threading.Event()
        gateway = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                gateway.gets += 1
                self.reply(405, b"{}")

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with gateway.lock:
                    action = gateway.plan.pop(0) if gateway.plan else OK
                    acted = not isinstance(action, (int, tuple)) or action == 500
                    gateway.posts.append((dict(self.headers), json.loads(body), acted))
                self.act(action)

            def act(self, action):
                if action == "cut":
                    self.close_connection = True
                elif action == "hang":
                    gateway.released.wait(60)
                    self.close_connection = True
                elif action == "cut_reply":
                    self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"code\":")
                    self.close_connection = True
                elif isinstance(action, int):
                    self.reply(action, b"<html>no</html>")
                elif isinstance(action, tuple):
                    self.reply(action[0], b"", action[1])
                else:
                    self.reply(200, (action if isinstance(action, str) else json.dumps(action)).encode())

            def reply(self, status, body, headers=None):
                self.send_response(status)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.handler, self.server_class, self.server, self.port = Handler, Server, None, 0

    def start(self):
        self.server = self.server_class(("127.0.0.1", self.port), self.handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def stop(self):
        self.released.set()
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def bodies(self):
        with self.lock:
            return [post[1] for post in self.posts]

    def wait_posts(self, count, timeout_s=30):
        end = time.monotonic() + timeout_s
        while len(self.posts) < count:
            if time.monotonic() > end:
                raise TimeoutError(f"{len(self.posts)} of {count} posts")
            time.sleep(0.02)
        return self.bodies()
