# SPDX-License-Identifier: GPL-2.0-or-later
"""A measured figure, what it must reach, and the table of all of them."""
import dataclasses
from typing import Optional


def percentile(values, share):
    """Nearest rank: a value that was really measured."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def best(values):
    """The largest that was measured, None when there is none."""
    return max((value for value in values if value is not None), default=None)


def spread(values):
    return f"{number(min(values))} to {number(max(values))}"


@dataclasses.dataclass
class Figure:
    """at_most and at_least limit the ratio to the peer where there is a peer's value, else the value."""
    name: str
    unit: str
    ours: float
    peer: Optional[float] = None
    at_most: Optional[float] = None
    at_least: Optional[float] = None
    has_peer: bool = False  # whether the target is a ratio
    peer_name: str = ""  # when the second column is not gammu-smsd

    @property
    def ratio(self):
        return self.ours / self.peer if self.peer else None

    @property
    def is_reached(self):
        """None where nothing is demanded, or the peer is missing."""
        value = self.ratio if self.has_peer else self.ours
        if value is None or (self.at_most is None and self.at_least is None):
            return None
        return value <= self.at_most if self.at_most is not None else value >= self.at_least

    def row(self):
        target = ""
        if self.at_most is not None:
            target = f"<= {self.at_most:g}"
        elif self.at_least is not None:
            target = f">= {self.at_least:g}"
        if target:
            target += " x" if self.has_peer else f" {self.unit}"
        peer = "" if self.peer is None else f"{number(self.peer)} {self.peer_name}".strip()
        ratio = "" if self.ratio is None else f"{self.ratio:.3g} x"
        reached = {None: "not judged" if target else "", True: "yes", False: "NO"}[self.is_reached]
        return [f"{self.name} ({self.unit})", number(self.ours), peer, ratio, target, reached]

    def as_object(self):
        return dict(dataclasses.asdict(self), ratio=self.ratio, is_reached=self.is_reached)


def number(value):
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def table(figures, peer="gammu-smsd"):
    rows = [["figure", "ours", peer, "ratio", "target", "reached"]] + [f.row() for f in figures]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "-" * max(map(len, lines)))
    return "\n".join(lines)
