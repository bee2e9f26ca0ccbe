#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What can stand between the daemon and Zalo, over real sockets and real TLS: each trouble is told apart in the status.
Usage: test_zalo_network.py ZALO_CLIENT BIN_DIR"""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../lib"))

from simzalo import APP_ID, APP_SECRET, OA_ID, SimZalo
from tls import Authority, Server, reply
from zaloclient import HOUR_MS, MINUTE_MS, PATIENCE_S, Client

PROGRAM = sys.argv.pop(1)
BIN_DIR = sys.argv.pop(1)
EMPTY_LIST = '{"error":0,"message":"Success","data":[]}'
LIST = "/v2.0/oa/listrecentchat"
SILENT_MS = 700  # long enough for what is silent for ever
VIETNAM_S = 7 * 3600
NGHTTPD = shutil.which("nghttpd") or shutil.which("nghttpd", path="/usr/sbin")
PAIR = {"access_token": "sim-access", "refresh_token": "sim-refresh", "expires_in": "90000"}


def has_ipv6():
	try:
		with socket.socket(socket.AF_INET6) as probe:
			probe.bind(("::1", 0))
		return True
	except OSError:
		return False


class Network(unittest.TestCase):
	environment = {}

	@classmethod
	def setUpClass(cls):
		cls.keys = tempfile.TemporaryDirectory()
		cls.addClassCleanup(cls.keys.cleanup)
		cls.ca = Authority(cls.keys.name)

	def client(self, url, **config):
		folder = tempfile.TemporaryDirectory()
		self.addCleanup(folder.cleanup)
		config = dict({"oa_id": OA_ID, "app_id": APP_ID, "oauth_url": url, "api_url": url, "poll_s": 1,
			"ca_file": self.ca.ca, "connect_ms": 30000}, **config)
		client = Client(PROGRAM, folder.name, config, APP_SECRET, environment=self.environment, patience_s=90).start()
		self.addCleanup(lambda: self.assertEqual(client.quit(), 0, client.log()))
		self.assertEqual(client.ask("set_token", token=PAIR)["err"], "OK")
		return client

	def server(self, *args, **options):
		server = Server(*args, **options)
		self.addCleanup(server.close)
		return server

	def fault_is(self, fault, url, **config):
		"""The status and the log tell this fault; the words for the officer are there. → the client"""
		client = self.client(url, **config)
		if config.get("connect_ms") == SILENT_MS:
			# A machine that is busy may use this time up before it has got as far.
			status = client.until("status", lambda s: s["link"]["fault"] == fault, clock_ms=1000)
		else:
			status = client.until("status", lambda s: s["link"]["fault"])
		self.assertEqual(status["link"]["fault"], fault, client.log())
		for words in ("message", "message_vi", "advice", "advice_vi"):
			self.assertTrue(status["link"][words])
		self.assertFalse(status["reachable"])
		self.assertIn("fault=%s " % fault, client.log())
		return client

	def https(self, server, host="host.test"):
		return "https://%s:%d" % (host, server.port)

	# names and connections

	def test_dns_says_no(self):
		self.fault_is("dns", "https://fail.test")

	def test_dns_does_not_answer(self):
		self.fault_is("dns_silent", "https://hang.test", connect_ms=SILENT_MS)

	def test_refused(self):
		with socket.socket() as free:
			free.bind(("127.0.0.1", 0))
			self.fault_is("refused", "http://127.0.0.1:%d" % free.getsockname()[1])

	def test_packets_are_swallowed(self):
		# A full queue of a listener drops what comes.
		with socket.socket() as full:
			full.bind(("127.0.0.1", 0))
			full.listen(0)
			fill = []
			for _ in range(4):
				fill.append(socket.socket())
				fill[-1].setblocking(False)
				fill[-1].connect_ex(full.getsockname())
			self.fault_is("connect_silent", "http://127.0.0.1:%d" % full.getsockname()[1], connect_ms=SILENT_MS)
			for one in fill:
				one.close()

	def test_connection_breaks(self):
		with SimZalo(BIN_DIR, self.keys.name) as zalo:
			zalo.down("reset")
			self.fault_is("broken", zalo.url())

	@unittest.skipUnless(has_ipv6(), "this machine has no IPv6")
	def test_only_ipv6_and_that_leads_nowhere(self):
		with socket.socket() as free:
			free.bind(("127.0.0.1", 0))
			self.fault_is("ipv6_only", "https://v6.test:%d" % free.getsockname()[1])

	@unittest.skipUnless(has_ipv6(), "this machine has no IPv6")
	def test_broken_ipv6_costs_nothing_but_is_told(self):
		server = self.server(reply(EMPTY_LIST), self.ca.certificate("both", "both.test"))
		client = self.client(self.https(server, "both.test"))
		status = client.until("status", lambda s: s["last_poll"])
		self.assertTrue(status["reachable"])
		self.assertTrue(status["link"]["ipv6_broken"])

	@unittest.skipUnless(has_ipv6(), "this machine has no IPv6")
	def test_working_ipv6_is_used(self):
		server = self.server(reply(EMPTY_LIST), self.ca.certificate("six", "v6.test"), socket.AF_INET6)
		client = self.client(self.https(server, "v6.test"))
		status = client.until("status", lambda s: s["last_poll"])
		self.assertFalse(status["link"]["ipv6_broken"])

	# TLS

	def test_good_certificate(self):
		server = self.server(reply(EMPTY_LIST), self.ca.certificate("good"))
		client = self.client(self.https(server))
		status = client.until("status", lambda s: s["last_poll"])
		self.assertEqual((status["reachable"], status["link"]["fault"]), (True, ""))

	def test_clock_in_the_past(self):
		"""To a machine whose date is 1970 every certificate is of the future."""
		cert = self.ca.certificate("future", start="20900101000000Z")
		client = self.fault_is("clock_behind", self.https(self.server(reply(EMPTY_LIST), cert)))
		self.assertIn("timedatectl", client.ask("status")["link"]["advice_vi"])

	def test_clock_in_the_future(self):
		cert = self.ca.certificate("past", start="19900101000000Z", end="20000101000000Z")
		self.fault_is("clock_ahead", self.https(self.server(reply(EMPTY_LIST), cert)))

	def test_another_host(self):
		cert = self.ca.certificate("portal", "login.wifi.test")
		self.fault_is("other_host", self.https(self.server(reply("<html>"), cert)))

	def test_nobody_vouches(self):
		cert = self.ca.certificate("own", is_own=True)
		self.fault_is("untrusted", self.https(self.server(reply("<html>"), cert)))

	def test_handshake_without_answer(self):
		self.fault_is("tls_silent", self.https(self.server(None)), connect_ms=SILENT_MS)

	def test_handshake_fails(self):
		"""A hello is answered by HTTP, as a proxy does that knows only that."""
		server = self.server(None)
		server.talk = lambda peer: (peer.recv(4096), peer.sendall(reply("no", "400 Bad Request")))
		self.fault_is("tls", self.https(server))

	def test_no_list_of_authorities(self):
		server = self.server(reply(EMPTY_LIST), self.ca.certificate("roots"))
		self.fault_is("no_roots", self.https(server), ca_file="/nonexistent/ca.pem")

	# somebody else answers

	def test_portals(self):
		for body, status, kind, *headers in (
				("<html>Mời đăng nhập</html>", "200 OK", "text/html"),
				("", "302 Found", "text/html", "Location: http://login.test/"),
				("", "511 Network Authentication Required", "text/html")):
			with self.subTest(status):
				self.fault_is("portal", "http://127.0.0.1:%d" %
					self.server(reply(body, status, kind, *headers)).port)

	def test_service_and_strangers(self):
		for body, status, fault in (("<html>", "502 Bad Gateway", "service"), ("[1]", "200 OK", "foreign"),
				("", "404 Not Found", "foreign")):
			with self.subTest(status):
				self.fault_is(fault, "http://127.0.0.1:%d" % self.server(reply(body, status)).port)

	def test_what_is_not_http(self):
		server = self.server(b"220 mail.example ESMTP\r\n\r\n")
		self.fault_is("not_http", "http://127.0.0.1:%d" % server.port)

	# and comes back

	def test_back_off_and_recovery(self):
		"""One probe at a time, further and further apart, each wait between half and the whole of its step."""
		with SimZalo(BIN_DIR, self.keys.name) as zalo:
			client = self.client(zalo.url())
			pair = json.loads(zalo.token_json())
			self.assertEqual(client.ask("set_token", token=pair)["err"], "OK")
			client.until("status", lambda s: s["last_poll"])
			zalo.do("http_500", path="/oa/", count=-1, status=503)
			before, seen = zalo.calls(LIST), 0
			while seen < 7:
				# A probe may fall due between any two questions; so each is judged by its own count.
				link = client.until("status", lambda s, n=seen: s["link"]["failures"] > n)["link"]
				seen = link["failures"]
				step_s = min(2 ** seen, 60)
				self.assertLessEqual(link["probe_in_s"], step_s)
				self.assertLessEqual(zalo.state()["in_flight"], 1)
				calls = zalo.calls(LIST) - before
				failures = client.ask("status")["link"]["failures"]
				self.assertLessEqual(calls, failures + 1)  # and one on its way
				client.ask("clock", ms=step_s * 1000)
			zalo.do("clear")
			status = client.until("status", lambda s: s["reachable"], clock_ms=1000)
			self.assertEqual((status["link"]["fault"], status["link"]["failures"]), ("", 0))

	# connections and bytes

	def test_http1_makes_at_most_four_connections(self):
		server = self.server(reply(EMPTY_LIST), self.ca.certificate("four"))
		# Without groups: a poll of theirs would be one more at the barrier.
		client = self.client(self.https(server), poll_s=3600, groups="ignore")
		client.until("status", lambda s: s["last_poll"])
		server.barrier = threading.Barrier(4)
		answer = client.ask("fetch", url=self.https(server) + "/x", count=20)
		self.assertEqual(answer["good"], 20, answer)
		self.assertEqual((server.open_most, server.connections), (4, 4))
		self.assertEqual(client.ask("status")["link"]["connections_most"], 4)

	@unittest.skipUnless(NGHTTPD, "nghttpd (nghttp2-server) is not installed")
	def test_http2_shares_one_connection(self):
		cert, key = self.ca.certificate("two")
		root = os.path.join(self.keys.name, "root")
		os.makedirs(root + os.path.dirname(LIST))
		with open(root + LIST, "w", encoding="ascii") as file:
			file.write(EMPTY_LIST)
		with socket.socket() as free:
			free.bind(("127.0.0.1", 0))
			port = free.getsockname()[1]
		log = os.path.join(self.keys.name, "nghttpd.log")
		with open(log, "wb") as out:
			peer = subprocess.Popen([NGHTTPD, "-v", "-a", "127.0.0.1", "-d", root,
				str(port), key, cert], stdout=out, stderr=out)
		self.addCleanup(peer.wait)
		self.addCleanup(peer.kill)
		self.wait_listening(port)
		url = "https://host.test:%d" % port
		client = self.client(url, poll_s=3600)
		client.until("status", lambda s: s["last_poll"])
		answer = client.ask("fetch", url=url + LIST, count=50)
		self.assertEqual(answer["good"], 50, answer)
		self.assertEqual(client.ask("status")["link"]["connections_most"], 1)
		with open(log, encoding="utf-8", errors="replace") as text:
			streams = {line.split("stream_id=")[1].split(">")[0] for line in text if "recv HEADERS" in line
				and "stream_id=" in line}
		self.assertGreaterEqual(len(streams), 51, "not so many streams of HTTP/2")

	def wait_listening(self, port):
		end = time.monotonic() + PATIENCE_S
		while True:
			with socket.socket() as probe:
				if probe.connect_ex(("127.0.0.1", port)) == 0:
					return
			self.assertLess(time.monotonic(), end, "nghttpd does not listen")
			time.sleep(0.05)

	def test_bytes_are_counted_and_kept(self):
		# No day may end meanwhile.
		if time.gmtime(time.time() + VIETNAM_S).tm_hour >= 22:
			self.environment = {"ZALO_CLIENT_CLOCK_MS": str(4 * HOUR_MS)}
		big = reply(EMPTY_LIST[:-1] + " " * 1000000 + "}")
		server = self.server(big, self.ca.certificate("big"))
		client = self.client(self.https(server), poll_s=3600)
		client.until("status", lambda s: s["last_poll"])
		self.assertEqual(client.ask("fetch", url=self.https(server) + "/x", count=3)["good"], 3)
		after = client.ask("status")["traffic"]
		self.assertGreater(server.sent, 4000000)
		self.assertGreater(after["start_down"], server.sent)
		self.assertLess(after["start_down"], 1.2 * server.sent)  # records, segments and their headers
		self.assertLess(after["start_up"], 600000)
		self.assertEqual(after["day_down"], after["start_down"])
		self.assertEqual(after["month_up"], after["start_up"])
		# Saved every ten minutes, and at the end; what comes after a start is added.
		client.ask("clock", ms=11 * MINUTE_MS)
		client.until("status", lambda _: self.saved(client) >= after["start_down"])
		client.kill()
		client.start()
		later = client.until("status", lambda s: s["traffic"]["start_down"] > 1000000)["traffic"]
		self.assertGreaterEqual(later["day_down"], after["day_down"])
		self.assertLess(later["start_down"], after["start_down"])
		self.assertEqual(client.quit(), 0)
		self.assertGreater(self.saved(client), after["day_down"])
		client.start()
		self.assertGreaterEqual(client.ask("status")["traffic"]["month_down"], self.saved(client))

	def saved(self, client):
		with sqlite3.connect(os.path.join(client.folder, "box.db")) as db:
			return db.execute("SELECT coalesce(sum(down_bytes), 0) FROM traffic").fetchone()[0]


if __name__ == "__main__":
	unittest.main(verbosity=2)
