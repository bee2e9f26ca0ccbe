# SPDX-License-Identifier: GPL-2.0-or-later
"""http_serve as a context manager, and a client for its socket."""
import http.client
import json
import pathlib
import socket
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "lib"))


class UnixConnection(http.client.HTTPConnection):
	def __init__(self, path):
		super().__init__("binhyen", timeout=20)
		self.path = path

	def connect(self):
		self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
		self.sock.settimeout(20)
		self.sock.connect(self.path)


class Server:
	def __init__(self, program):
		self.program = program

	def __enter__(self):
		self.process = subprocess.Popen(
			[self.program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
		self.socket_path = self.process.stdout.readline().strip()
		if not self.socket_path:
			raise RuntimeError(f"{self.program} did not start")
		return self

	def __exit__(self, *_):
		self.process.stdin.close()
		self.process.stdout.read()
		self.process.stdout.close()
		status = self.process.wait(timeout=20)
		if status != 0:
			raise RuntimeError(f"{self.program} ended with {status}")

	def tell(self, word):
		"""A line to the program, obeyed when this returns."""
		self.process.stdin.write(word + "\n")
		self.process.stdin.flush()
		assert self.process.stdout.readline() == "done\n"

	def texts(self):
		"""[(phone, text)] of what waits to be sent, of one line each."""
		self.process.stdin.write("texts\n")
		self.process.stdin.flush()
		return [tuple(line.rstrip("\n").split(" ", 1)) for line in iter(self.process.stdout.readline, "done\n")]

	def call(self, method, path, body=None, token=None, **headers):
		"""(status, object) with the body as an object and the session's token."""
		if token:
			headers["Authorization"] = "Bearer " + token
		status, _, answer = self.ask(method, path, None if body is None else json.dumps(body), headers)
		return status, answer

	def ask(self, method, path, body=None, headers=None):
		"""(status, content type, parsed JSON or text)"""
		connection = UnixConnection(self.socket_path)
		try:
			connection.request(method, path, body, headers or {})
			answer = connection.getresponse()
			self.headers = answer.headers
			kind = answer.getheader("Content-Type").split(";")[0]
			# A stream has no end: its first line.
			is_stream = kind == "text/event-stream" and method != "HEAD"
			data = (answer.readline() if is_stream else answer.read()).decode("utf-8")
			return answer.status, kind, json.loads(data) if kind == "application/json" else data
		finally:
			connection.close()
