# SPDX-License-Identifier: GPL-2.0-or-later
"""Officers for the tests: phones that show codes, and the way from the first start to a session."""
import base64
import hashlib
import hmac
import struct
import time
import urllib.parse

PASSPHRASE = "bốn từ không liên quan"


def totp(secret, at_s, step=0):
	"""RFC 6238, written apart from the daemon's."""
	digest = hmac.new(secret, struct.pack(">Q", int(at_s) // 30 + step), hashlib.sha1).digest()
	offset = digest[-1] & 15
	return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7fffffff) % 1000000:06d}"


class Phone:
	"""What scanned a QR code."""

	def __init__(self, otpauth):
		address = urllib.parse.urlparse(otpauth)
		query = urllib.parse.parse_qs(address.query)
		assert address.scheme == "otpauth" and address.netloc == "totp", otpauth
		assert query["issuer"] == ["Binhyen"] and query["digits"] == ["6"] and query["period"] == ["30"], otpauth
		self.account = urllib.parse.unquote(address.path)
		self.secret = base64.b32decode(query["secret"][0] + "=" * (-len(query["secret"][0]) % 8))

	def code(self, at_s, step=0):
		return totp(self.secret, at_s, step)


class Office:
	"""ask(method, path, body=None, token=None) -> (status, object); now() -> seconds of the box's clock."""

	def __init__(self, ask, now):
		self.ask, self.now = ask, now
		self.phones, self.tokens, self.steps = {}, {}, {}

	def must(self, status, *args, **kwargs):
		got, body = self.ask(*args, **kwargs)
		assert got == status, (args, got, body)
		return body

	def confirm(self, login, begun, step=0):
		phone = Phone(begun["otpauth"])
		assert phone.account == f"/Binhyen:{login}", phone.account
		answer = self.must(200, "POST", "/api/v1/enrol/confirm",
			{"enrolment": begun["enrolment"], "totp": phone.code(self.now(), step)})
		self.steps[login] = int(self.now()) // 30 + step
		self.phones[login], self.tokens[login] = phone, answer["token"]
		return answer

	def claim(self, login="truong.ca", passphrase=PASSPHRASE):
		code = self.must(200, "POST", "/api/v1/setup/code", {})["code"]
		begun = self.must(200, "POST", "/api/v1/setup",
			{"code": code.lower(), "login": login, "name": "Trưởng công an xã", "passphrase": passphrase})
		return self.confirm(login, begun)

	def add(self, login, role, chief="truong.ca", passphrase=PASSPHRASE, **more):
		"""Made by the chief and enrolled by himself: logged in."""
		added = self.must(200, "POST", "/api/v1/officers", {"login": login, "name": f"Cán bộ {login}", "role": role,
			**more}, token=self.tokens[chief])
		begun = self.must(200, "POST", "/api/v1/enrol",
			{"login": login, "code": added["code"], "passphrase": passphrase})
		return self.confirm(login, begun)

	def login_again(self, login, passphrase=PASSPHRASE):
		"""With the next code that was not used yet; those of the half minutes around now are good."""
		while True:
			now = int(self.now()) // 30
			step = max(self.steps[login] + 1, now)
			if step <= now + 1:
				break
			time.sleep(1)
		self.steps[login] = step
		return self.login(login, passphrase, step - now)

	def login(self, login, passphrase=PASSPHRASE, step=0, status=200):
		answer = self.must(status, "POST", "/api/v1/login", {"login": login, "passphrase": passphrase,
			"totp": self.phones[login].code(self.now(), step)})
		if status == 200:
			self.tokens[login] = answer["token"]
		return answer
