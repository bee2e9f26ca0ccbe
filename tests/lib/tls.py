# SPDX-License-Identifier: GPL-2.0-or-later
"""A certificate authority and servers for tests over real TLS on loopback. Keys are made by openssl(1) in the folder of
the test and live as long as it."""

import os
import socket
import ssl
import subprocess
import threading

CONFIG = """
[ca]
default_ca = here
[here]
database = {folder}/index.txt
new_certs_dir = {folder}
rand_serial = yes
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
"""


class Authority:
	def __init__(self, folder):
		self.folder = folder
		self.ca = os.path.join(folder, "ca.pem")
		self.config = os.path.join(folder, "ca.cnf")
		with open(self.config, "w", encoding="ascii") as file:
			file.write(CONFIG.format(folder=folder))
		open(os.path.join(folder, "index.txt"), "w", encoding="ascii").close()
		self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
			"-keyout", self.path("ca.key"), "-out", self.ca, "-subj", "/CN=test CA", "-days", "3650")

	def path(self, name):
		return os.path.join(self.folder, name)

	def openssl(self, *args):
		done = subprocess.run(["openssl", *args], capture_output=True, text=True, timeout=60, check=False)
		if done.returncode:
			raise RuntimeError("openssl %s: %s" % (args[0], done.stderr))

	def certificate(self, name, host="host.test", start="20200101000000Z", end="20991231235959Z", is_own=False):
		"""(certificate, key) for the host; is_own: vouched for by itself and by nobody else."""
		cert, key, request = self.path(name + ".pem"), self.path(name + ".key"), self.path(name + ".csr")
		self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out",
			request, "-subj", "/CN=" + host, "-addext", "subjectAltName=DNS:" + host)
		if is_own:
			self.openssl("x509", "-req", "-in", request, "-signkey", key, "-out", cert, "-days", "3650",
				"-copy_extensions", "copy")
		else:
			self.openssl("ca", "-batch", "-notext", "-config", self.config, "-cert", self.ca, "-keyfile",
				self.path("ca.key"), "-in", request, "-out", cert, "-startdate", start, "-enddate", end)
		return cert, key


class Server:
	"""Answers every request of every connection with the same reply; certificate None: plain TCP; reply None: takes
	what comes and says nothing."""

	def __init__(self, reply, certificate=None, family=socket.AF_INET):
		self.reply = reply
		self.context = None
		self.connections, self.requests, self.open_now, self.open_most = 0, 0, 0, 0
		self.sent = 0
		self.lock = threading.Lock()
		self.sockets = []
		self.barrier = None  # requests that must be there before any is answered
		if certificate:
			self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
			self.context.load_cert_chain(*certificate)
		self.listener = socket.socket(family)
		self.listener.bind(("::1" if family == socket.AF_INET6 else "127.0.0.1", 0))
		self.listener.listen(32)
		self.port = self.listener.getsockname()[1]
		threading.Thread(target=self.accept, daemon=True).start()

	def accept(self):
		while True:
			try:
				peer = self.listener.accept()[0]
			except OSError:
				return
			with self.lock:
				self.connections += 1
				self.open_now += 1
				self.open_most = max(self.open_most, self.open_now)
				self.sockets.append(peer)
			threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

	def serve(self, peer):
		try:
			if self.context:
				peer = self.context.wrap_socket(peer, server_side=True)
			self.talk(peer)
		except OSError:
			pass
		finally:
			peer.close()
			with self.lock:
				self.open_now -= 1

	def talk(self, peer):
		data = b""
		while True:
			piece = peer.recv(65536)
			if not piece:
				return
			data += piece
			while b"\r\n\r\n" in data and self.reply is not None:
				data = data.split(b"\r\n\r\n", 1)[1]
				with self.lock:
					self.requests += 1
				if self.barrier:
					self.barrier.wait(20)
				peer.sendall(self.reply)
				with self.lock:
					self.sent += len(self.reply)

	def close(self):
		self.listener.close()
		for peer in self.sockets:
			try:
				peer.shutdown(socket.SHUT_RDWR)
			except OSError:
				pass


def reply(body, status="200 OK", kind="application/json", *headers):
	head = ["HTTP/1.1 " + status, "Content-Type: " + kind, "Content-Length: %d" % len(body), *headers]
	return ("\r\n".join(head) + "\r\n\r\n").encode() + body.encode()
