#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""binhyen.json(5) says of every setting what the table says: test_man.py PRINT_SETTINGS MAN_PAGE."""
import json
import re
import shutil
import subprocess
import sys
import tempfile
import os


def fields(text):
    """Plain words of mdoc lines: macros that only mark up are taken off."""
    words = []
    for line in text.splitlines():
        if line == ".br":
            continue
        line = re.sub(r"^\.(Pa|Va|Qq|Ql) ", "", line)
        words.append(line.replace("\\-", "-").replace("\\(dq", '"').replace("\\e", "\\"))
    return " ".join(" ".join(words).split())


def settings_of(page):
    section = page.split("\n.Sh SETTINGS\n")[1].split("\n.Sh ")[0]
    items = re.split(r"^\.It Va ", section.rsplit("\n.El", 1)[0], flags=re.M)[1:]
    return [(item.split("\n", 1)[0], fields(item.split("\n", 1)[1])) for item in items]


def expected_tail(setting):
    default = setting["default"] or "required"
    return f'Type: {setting["type"]}. Allowed: {setting["allowed"]}. Default: {default}.'


def compare(table, page):
    faults = []
    documented = settings_of(page)
    if [path for path, _ in documented] != [s["path"] for s in table]:
        faults.append(f"settings or their order differ: {[p for p, _ in documented]}")
    texts = dict(documented)
    for setting in table:
        text = texts.get(setting["path"], "")
        if not text.startswith(setting["meaning"]):
            faults.append(f'{setting["path"]}: does not begin with "{setting["meaning"]}"')
        if not text.endswith(expected_tail(setting)):
            faults.append(f'{setting["path"]}: does not end with "{expected_tail(setting)}"')
    for secret in ("box.key", "zalo.app_secret", "zalo.oa_secret", "http_sms.password", "http_sms.token"):
        if f".It Pa {secret}\n" not in page:
            faults.append(f"secret file {secret} is not described")
    return faults


def examples(page):
    """The JSON texts of the page, each to be read as the daemon reads it."""
    blocks = re.findall(r"^\.Bd -literal.*?\n(.*?)^\.Ed", page, flags=re.M | re.S)
    return [block.replace("\\e", "\\") for block in blocks if block.startswith("{")]


def main():
    program, man_page = sys.argv[1:3]
    table = json.loads(subprocess.run([program], check=True, capture_output=True).stdout)
    with open(man_page, encoding="utf-8") as file:
        page = file.read()
    faults = compare(table, page)
    # The comparison itself must be able to fail.
    for setting in table:
        changed = dict(setting, allowed=setting["allowed"] + "?")
        if not compare([changed if s is setting else s for s in table], page):
            faults.append(f'a change of {setting["path"]} would not be noticed')
    if not examples(page):
        faults.append("no example")
    for text in examples(page):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "example.json")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            run = subprocess.run([program, path], capture_output=True, text=True)
            if run.returncode:
                faults.append(f"an example is refused: {run.stderr}")
    if shutil.which("mandoc"):
        lint = subprocess.run(["mandoc", "-Tlint", "-Wwarning", man_page], capture_output=True, text=True)
        if lint.returncode:
            faults.append(lint.stdout)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


sys.exit(main())
