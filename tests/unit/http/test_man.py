# SPDX-License-Identifier: GPL-2.0-or-later
"""Every option and command of --help is in the manual page and the other way round, and so are the
event names of the log: test_man.py SOURCE PROGRAM=PAGE ..."""
import pathlib
import re
import shutil
import subprocess
import sys

failures = []


def fail(text):
	failures.append(text)


def help_of(program):
	done = subprocess.run([program, "--help"], capture_output=True, text=True, timeout=20)
	if done.returncode != 0 or done.stderr:
		fail(f"{program} --help: status {done.returncode}, stderr {done.stderr!r}")
	return done.stdout


def help_options(text):
	return set(re.findall(r"(?<![\w-])(--[a-z][a-z-]+)", text))


def help_short_options(text):
	return set(re.findall(r"(?m)^  (-[a-zA-Z]),", text))


def help_commands(text):
	part = re.search(r"(?ms)^Commands:\n(.*?)\n\n", text + "\n\n")
	if not part:
		return set()
	return {re.split(r"  | [A-Z]", line.strip())[0] for line in part[1].splitlines()}


def page_options(page):
	"""Those that have a paragraph of their own (.It), written as `Fl -name`."""
	items = re.findall(r"(?m)^\.It (Fl .*)$", page)
	return {"-" + name for item in items for name in re.findall(r"Fl (-?[a-zA-Z][a-z-]*)", item)}


def page_commands(page):
	part = re.search(r"(?ms)^\.Sh COMMANDS\n(.*?)^\.Sh ", page)
	return {name.strip() for name in re.findall(r"(?m)^\.It Cm (.*?)(?: Ar .*)?$", part[1])} if part else set()


def compare(what, program, in_help, in_page):
	for name in sorted(in_help - in_page):
		fail(f"{program}: {what} {name} is not in the manual page")
	for name in sorted(in_page - in_help):
		fail(f"{program}: {what} {name} is only in the manual page")


def compare_events(source, program, page):
	"""The pages with a LOG section list the first word of each line that the daemon can write."""
	part = re.search(r"(?ms)^\.Sh LOG\n(.*?)^\.Sh ", page)
	if not part:
		return
	written = set()
	for folder in ("config", "store", "daemon"):
		for file in pathlib.Path(source, folder).rglob("*.c"):
			text = file.read_text(encoding="utf-8")
			written |= set(re.findall(r'\blog_(?:error|warn|info|debug)\(\s*"(\w+)"', text))
	compare("event", program, written, set(re.findall(r"(?m)^\.It Li (\w+)$", part[1])))


def lint(path):
	if not shutil.which("mandoc"):
		fail("mandoc is not installed")
		return
	done = subprocess.run(["mandoc", "-Tlint", path], capture_output=True, text=True, timeout=20)
	for line in done.stdout.splitlines():
		# What other pages this machine has installed says nothing about this one.
		if "referenced manual not found" not in line and "mandoc.db" not in line:
			fail(line)


def check(source, program, path):
	with open(path, encoding="utf-8") as file:
		page = file.read()
	text = help_of(program)
	options = help_options(text)
	if not options:
		fail(f"{program}: --help names no option")
	compare("option", program, options, {o for o in page_options(page) if o.startswith("--")})
	compare("option", program, help_short_options(text), {o for o in page_options(page) if not o.startswith("--")})
	compare("command", program, help_commands(text), page_commands(page))
	compare_events(source, program, page)
	lint(path)


for pair in sys.argv[2:]:
	check(sys.argv[1], *pair.rsplit("=", 1))
for text in failures:
	print(text)
sys.exit(1 if failures or len(sys.argv) < 3 else 0)
