# SPDX-License-Identifier: GPL-2.0-or-later
"""Drives sim-zalo, the simulated Zalo Official Account, from tests.

	with SimZalo(bin_dir, tmp_dir, groups=["9007199254740995001"]) as zalo:
		zalo.write("9007199254740993001", "chay nha o ap 3")
		zalo.wait_received(1, to="9007199254740993001")

Only the standard library; only loopback. Waits are the simulator's own: bounded long polls.
"""

import json
import os
import select
import signal
import subprocess
import urllib.error
import urllib.parse
import urllib.request

APP_ID = "1234567890123456789"
OA_ID = "2468135790246813579"
APP_SECRET = "sim-app-secret"
ACCESS = "sim-access-1"
REFRESH = "sim-refresh-1"
GROUP = "9007199254740995001"

START_S = 60
STOP_S = 60
WAIT_S = 60  # of a wait for what comes by itself

# Loopback must not go through a proxy that the environment names.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class SimZaloError(Exception):
	pass


class SimZalo:
	"""One simulated Zalo. `options` are those of the program with '_' for '-':
	access_lifetime=60, numeric_ids=True, groups=[...] (--group, repeated)."""

	def __init__(self, bin_dir, tmp_dir, **options):
		self.program = os.path.join(str(bin_dir), "sim-zalo")
		self.tmp_dir = str(tmp_dir)
		self.log_path = os.path.join(self.tmp_dir, "sim-zalo.jsonl")
		self.stderr_path = os.path.join(self.tmp_dir, "sim-zalo.stderr")
		self.groups = options.pop("groups", [GROUP])
		self.options = {"port": 0, "control_port": 0, "app_id": APP_ID, "oa_id": OA_ID,
				"app_secret": APP_SECRET, "access": ACCESS, "refresh": REFRESH,
				"log": self.log_path}
		self.options.update(options)
		self.process = None
		self.port = None
		self.control_port = None

	def __enter__(self):
		return self.start()

	def __exit__(self, *exc):
		self.stop()

	def arguments(self):
		# The lifeline: a test that dies leaves no simulator behind.
		args = [self.program, "--lifeline"]
		for name, value in self.options.items():
			if value is None or value is False:
				continue
			args.append("--" + name.replace("_", "-"))
			if value is not True:
				args.append(str(value))
		for group in self.groups:
			args += ["--group", str(group)]
		return args

	def start(self):
		"""Starts, or starts again on the same ports, and returns when usable."""
		with open(self.stderr_path, "ab") as stderr:
			self.process = subprocess.Popen(self.arguments(), stdin=subprocess.PIPE,
				stdout=subprocess.PIPE, stderr=stderr)
		readable, _, _ = select.select([self.process.stdout], [], [], START_S)
		line = self.process.stdout.readline().decode().split() if readable else []
		if len(line) != 3 or line[0] != "ready":
			self.stop()
			with open(self.stderr_path, encoding="utf-8", errors="replace") as stderr:
				raise SimZaloError("sim-zalo did not start: " + stderr.read())
		self.port, self.control_port = int(line[1]), int(line[2])
		self.options["port"], self.options["control_port"] = self.port, self.control_port
		return self

	def stop(self):
		"""Ends it in order; returns the exit code (0 = clean, also under sanitizers)."""
		if not self.process:
			return None
		process, self.process = self.process, None
		if process.poll() is None:
			process.send_signal(signal.SIGTERM)
		try:
			code = process.wait(STOP_S)
		except subprocess.TimeoutExpired:
			process.kill()
			code = process.wait()
		process.stdin.close()
		process.stdout.close()
		return code

	def url(self):
		return "http://127.0.0.1:%d" % self.port

	def config(self, **more):
		"""The `zalo` object of binhyen.json."""
		zalo = {"oa_id": self.options["oa_id"], "app_id": self.options["app_id"],
			"oauth_url": self.url(), "api_url": self.url(), "business_url": self.url(),
			"poll_s": 5, "relay_detail": "text", "media": {"url": self.url() + "/media"}}
		if self.groups:
			zalo["duty_group"] = str(self.groups[0])
		zalo.update(more)
		return zalo

	def app_secret(self):
		return self.options["app_secret"]

	def token_json(self):
		"""The pair in force as text for `binhyenctl zalo set-token`."""
		return json.dumps(self.control("token"))

	# Control ---------------------------------------------------------------------------------

	def control(self, name, body=None, timeout_s=60, **query):
		url = "http://127.0.0.1:%d/control/%s" % (self.control_port, name)
		if query:
			url += "?" + urllib.parse.urlencode(query)
		data = None if body is None else json.dumps(body).encode()
		try:
			with _opener.open(urllib.request.Request(url, data), timeout=timeout_s) as answer:
				return json.load(answer)
		except urllib.error.HTTPError as error:
			raise SimZaloError("%s: %s" % (name, error.read().decode())) from error
		except urllib.error.URLError as error:
			raise SimZaloError("%s: %s; %s" % (name, error.reason, self.fate())) from error

	def fate(self):
		"""Whether it lives, and what it said at its end."""
		code = self.process.poll() if self.process else None
		if code is None:
			return "sim-zalo runs" if self.process else "sim-zalo was stopped"
		with open(self.stderr_path, encoding="utf-8", errors="replace") as stderr:
			return "sim-zalo ended with %d: %s" % (code, stderr.read()[-2000:])

	def do(self, what, **keys):
		"""An order: do("error", error=-200, path="message/cs", count=2)."""
		return self.control("do", dict(keys, what=what))

	def group_do(self, what, **keys):
		"""What people do in the app with a group: group_do("join", group=..., user=...)."""
		return self.control("group_do", dict(keys, what=what))

	def gmf(self):
		"""{"groups": [...], "assets": [...]} as the account really has them."""
		return self.control("groups")

	def write(self, user, text, **more):
		"""A user writes to the OA; more: type, extra, name, at_ms, src. → message_id, at_ms"""
		return self.control("message", dict(more, user=user, text=text))

	def write_many(self, messages):
		return self.control("message", messages)

	def write_group(self, group, user, text, **more):
		return self.control("group_message", dict(more, group=group, user=user, text=text))

	def put_media(self, name, content=b"", **more):
		"""Puts a content on the media server; more: fill, type, expires_ms, cut, redirect. → url"""
		self.do("media", name=name, hex=content.hex(), **more)
		return self.url() + "/media/" + name

	def write_media(self, user, kind, url, text="", group=None, **extra):
		"""A user sends a picture, a file…; kind as in the lists: photo, voice, video, file…"""
		more = {"type": kind, "extra": dict(extra, url=url)}
		if group:
			return self.write_group(group, user, text, **more)
		return self.write(user, text, **more)

	def state(self):
		return self.control("state")

	def received(self, to=None, after=0):
		"""What users and groups got by calls: [{seq, to, is_group, text, message_id, at_ms}]."""
		query = {"after": after}
		if to is not None:
			query["to"] = to
		return self.control("received", **query)["messages"]

	def said(self):
		"""{uploads: count, reactions: [{message_id, icon}], zns: [{phone, template_id, template_data, ...}]}."""
		return self.control("said")

	def wait_received(self, count, to=None, after=0, timeout_s=WAIT_S):
		query = {"after": after, "min": count, "timeout_ms": int(timeout_s * 1000)}
		if to is not None:
			query["to"] = to
		answer = self.control("received", timeout_s=timeout_s + 30, **query)
		if not answer["complete"]:
			raise SimZaloError("%d of %d messages received within %g s" %
				(len(answer["messages"]), count, timeout_s))
		return answer["messages"]

	def calls(self, path):
		return self.control("calls", path=path)["count"]

	def wait_calls(self, path, count, timeout_s=WAIT_S):
		"""Until `count` requests have come in at the path since the start."""
		answer = self.control("calls", timeout_s=timeout_s + 30, path=path, min=count,
			timeout_ms=int(timeout_s * 1000))
		if not answer["complete"]:
			raise SimZaloError("%d of %d calls of %s within %g s" %
				(answer["count"], count, path, timeout_s))
		return answer["count"]

	def wait_more_calls(self, path, count=1, timeout_s=WAIT_S):
		return self.wait_calls(path, self.calls(path) + count, timeout_s)

	def down(self, mode="refuse"):
		return self.do("down", mode=mode)

	def up(self):
		return self.do("up")

	def log(self):
		with open(self.log_path, encoding="utf-8") as log:
			return [json.loads(line) for line in log]
