# SPDX-License-Identifier: GPL-2.0-or-later
"""An official source that misbehaves: a small HTTP server in a thread, which serves documents by path and notes what
it was asked.

    with SimFeed() as feed:
        feed.put("/rss", RSS, etag='"1"')
        feed.url("/rss")
"""
import gzip
import http.server
import threading


class Page:
    def __init__(self, body=b"", status=200, kind="application/xml", headers=None, etag=None, how=""):
        self.body, self.status, self.kind, self.etag, self.how = body, status, kind, etag, how
        self.headers = dict(headers or {})


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        sim = self.server.sim
        page = sim.pages.get(self.path, Page(b"nothing", 404))
        sim.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        if page.etag and self.headers.get("If-None-Match") == page.etag:
            page = Page(b"", 304, page.kind, {"ETag": page.etag})
        try:
            self.answer(page)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it had enough

    def answer(self, page):
        body = gzip.compress(page.body) if page.how == "gzip" else page.body
        length = {"cut": len(body) + 1000, "short": len(body) // 2}.get(page.how, len(body))
        self.send_response(page.status)
        self.send_header("Content-Type", page.kind)
        if page.status != 304:
            self.send_header("Content-Length", str(length))
        if page.how == "gzip":
            self.send_header("Content-Encoding", "gzip")
        if page.etag:
            self.send_header("ETag", page.etag)
        for name, value in page.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if page.how == "slow":
            for i in range(0, len(body), 100):
                self.wfile.write(body[i:i + 100])
                self.wfile.flush()
        else:
            self.wfile.write(body)
        self.close_connection = page.how in ("cut", "short")


class SimFeed:
    def __init__(self):
        self.pages, self.asked = {}, []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.sim = self
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def url(self, path):
        return f"http://127.0.0.1:{self.server.server_port}{path}"

    def put(self, path, body="", **options):
        self.pages[path] = Page(body.encode() if isinstance(body, str) else body, **options)

    def bomb(self, path, megabytes):
        """A few KB that grow."""
        self.put(path, b"<rss>" + b" " * (megabytes * 1024 * 1024), how="gzip")
