#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every tracked C file is as clang-format leaves it: test_format.py TOP. 77: there is no clang-format."""
import os
import shutil
import subprocess
import sys

SKIP = 77
SEEDED = "int  main( void ) {return 0;}\n"


def tracked(top):
    if shutil.which("git") and os.path.exists(os.path.join(top, ".git")):
        out = subprocess.run(["git", "-C", top, "ls-files", "-z", "*.c", "*.h"], check=True,
                             capture_output=True, text=True).stdout
        return [name for name in out.split("\0") if name and os.path.exists(os.path.join(top, name))]
    # A source package has no history: everything that is not built.
    names = []
    for here, below, files in os.walk(top):
        below[:] = sorted(name for name in below if name != "build" and not name.startswith("."))
        names += [os.path.relpath(os.path.join(here, name), top) for name in sorted(files)
                  if name.endswith((".c", ".h"))]
    return names


def main():
    top = sys.argv[1]
    if not shutil.which("clang-format"):
        print("clang-format is not installed")
        return SKIP
    check = ["clang-format", "--dry-run", "-Werror", "--style=file"]
    seeded = subprocess.run(check + ["--assume-filename=seeded.c"], input=SEEDED, cwd=top,
                            capture_output=True, text=True)
    if seeded.returncode == 0:
        print("a badly formatted text passes", file=sys.stderr)
        return 1
    names = tracked(top)
    if not names:
        print("no C files found", file=sys.stderr)
        return 1
    done = subprocess.run(check + names, cwd=top, capture_output=True, text=True)
    # One line a file is enough: `./run format` mends them all.
    wrong = sorted({line.split(":", 1)[0] for line in done.stderr.splitlines() if ": error: " in line})
    for name in wrong:
        print(f"{name}: ./run format", file=sys.stderr)
    return 1 if done.returncode else 0


sys.exit(main())
