# SPDX-License-Identifier: GPL-2.0-or-later
"""The journal of a sim-modem, read as it grows. Its times are the measurement: they do not depend on
when we look."""
import json
import time


class Journal:
    def __init__(self, path):
        self.path = path
        self.offset = 0
        self.rows = []

    def update(self):
        with open(self.path, "rb") as log:
            log.seek(self.offset)
            text = log.read()
        whole = text.rfind(b"\n") + 1
        self.offset += whole
        self.rows += [json.loads(line) for line in text[:whole].splitlines()]

    def mark(self):
        """Where what follows begins."""
        self.update()
        return len(self.rows)

    def find(self, kind, since=0, **fields):
        """The first event of that kind, None when there is none yet."""
        for row in self.rows[since:]:
            if row["ev"] == kind and all(row.get(key) == value for key, value in fields.items()):
                return row
        return None

    def count(self, kind, since=0):
        return sum(row["ev"] == kind for row in self.rows[since:])

    def wait(self, kind, since=0, timeout_s=30, **fields):
        end = time.monotonic() + timeout_s
        while True:
            self.update()
            row = self.find(kind, since, **fields)
            if row:
                return row
            if time.monotonic() > end:
                raise TimeoutError(f"no event {kind} in {timeout_s} s in {self.path}")
            time.sleep(0.01)
