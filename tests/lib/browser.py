# SPDX-License-Identifier: GPL-2.0-or-later
"""What a browser does at the door on the office's network, over real TLS: cookies, CSRF token, Origin, Host."""
import hashlib
import http.client
import http.cookies
import json
import ssl


class Browser:
	"""One officer's. fingerprint: what the certificate must have (as status shows it), None: any."""

	def __init__(self, port, host="127.0.0.1", fingerprint=None):
		self.port, self.host, self.fingerprint = port, host, fingerprint
		self.cookie, self.csrf = None, None
		self.headers, self.certificate = None, None
		self.connection = None

	def context(self):
		context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
		context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
		return context

	def connect(self):
		connection = http.client.HTTPSConnection(self.host, self.port, timeout=60, context=self.context())
		connection.connect()
		self.certificate = connection.sock.getpeercert(True)
		seen = hashlib.sha256(self.certificate).hexdigest().upper()
		seen = ":".join(seen[i:i + 2] for i in range(0, 64, 2))
		assert self.fingerprint in (None, seen), (self.fingerprint, seen)
		return connection

	@property
	def origin(self):
		return f"https://{self.host}:{self.port}"

	def ask(self, method, path, body=None, headers=None, own=True):
		"""(status, content type, parsed JSON or text). own: with what a browser adds by itself."""
		sent = {}
		if own and method != "GET":
			sent["Origin"] = self.origin
		if own and self.cookie:
			sent["Cookie"] = self.cookie
		if own and self.csrf and method != "GET":
			sent["X-CSRF-Token"] = self.csrf
		sent.update(headers or {})
		if isinstance(body, (dict, list)):
			body = json.dumps(body)
		for is_last in (self.connection is None, True):
			self.connection = self.connection or self.connect()
			try:
				self.connection.request(method, path, body, sent)
				answer = self.connection.getresponse()
				break
			except (http.client.RemoteDisconnected, ConnectionError):
				# A connection that was kept may have ended meanwhile.
				self.connection = None
				if is_last:
					raise
		self.headers = answer.headers
		data = answer.read()
		if answer.will_close:
			self.close()
		for line in answer.headers.get_all("Set-Cookie", []):
			for name, value in http.cookies.SimpleCookie(line).items():
				self.cookie = f"{name}={value.value}" if value.value else None
		kind = (answer.headers.get("Content-Type") or "").split(";")[0]
		return answer.status, kind, json.loads(data) if kind == "application/json" else data

	def call(self, method, path, body=None, token=None, **headers):
		"""(status, object)"""
		if token:
			headers["Authorization"] = "Bearer " + token
		status, _, answer = self.ask(method, path, body, headers)
		return status, answer

	def login(self, login, passphrase, totp):
		status, answer = self.call(
			"POST", "/api/v1/login", {"login": login, "passphrase": passphrase, "totp": totp, "cookie": True})
		if status == 200:
			self.csrf = answer["csrf"]
		return status, answer

	def close(self):
		if self.connection:
			self.connection.close()
		self.connection = None
