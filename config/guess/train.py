#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Learns config/guess/weights.txt from the texts of config/guess/texts.

guess_features says what the daemon's code sees of a text, guess_learn does the sums: both are built with the tests, and
every machine gives the same file.
"""
import argparse
import collections
import math
import pathlib
import re
import subprocess
import sys
import unicodedata

HERE = pathlib.Path(__file__).resolve().parent
CATEGORIES = ("order crime social_evil traffic fire dispute conduct good_deed question residence suggestion "
              "other").split()
DANGER = len(CATEGORIES)
HEADS = DANGER + 1
Text = collections.namedtuple("Text", "family labels danger text")  # labels: either is right
Seen = collections.namedtuple("Seen", "text features weight")


def read_texts(path):
    """`@fire|order D` begins a family; what follows are its texts, one a line. A .tsv of the tests has all on a line."""
    found, labels, danger, family = [], None, None, path.stem
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        if path.suffix == ".tsv":
            names, mark, text = line.split("\t")
            found.append(Text(path.stem, tuple(names.split("|")), mark == "D", text))
            continue
        if line.startswith("@"):
            names, mark = line[1:].split(" ")
            labels, danger = tuple(names.split("|")), mark == "D"
            if mark not in ("D", "-") or not set(labels) <= set(CATEGORIES):
                sys.exit(f"{path}:{number}: {line}: no such category or danger")
            continue
        if labels is None:
            sys.exit(f"{path}:{number}: a text before the first @")
        found.append(Text(family, labels, danger, line))
    return found


def bare(text):
    """The text as a phone without Vietnamese letters types it."""
    parts = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in parts if not unicodedata.combining(c))


def see(program, texts):
    """What the daemon's code sees of each text; of a marked one also without its marks, half each."""
    lines, owners = [], []
    for text in texts:
        spellings = [text.text, bare(text.text)]
        if spellings[0] == spellings[1]:
            spellings.pop()
        for spelling in spellings:
            lines.append(spelling)
            owners.append((text, 1 / len(spellings)))
    done = subprocess.run([program], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
    seen = done.stdout.split("\n")[:-1]
    if len(seen) != len(lines):
        sys.exit("the features of some text are missing")
    return [Seen(text, sorted(set(row.split("\t")[:-1])), weight) for (text, weight), row in zip(owners, seen)]


class Options:
    rounds = 16
    orders = 2  # of the texts; what is learnt in each of them is averaged
    rate = 1.0
    decay = 0.002
    danger_decay = 0.015  # danger is told by many weak signs, a category by few strong ones
    danger_weight = 3.0
    least = 1  # texts that a feature must have been seen in


UNIT = 32  # of the shipped weights: 1/32
LEAST = 5  # a smaller weight is not shipped
# What was seen in one text only is learnt for danger alone: without it three dangers would be missed for every two.
SELDOM = 2
SELDOM_LEAST = 8
BYTES_MAX = 2500000  # of the file
FOLDS = 8
# Of the dangers in the folds left out, which the threshold is chosen for. All texts of a writer are left out at once, and
# half of them are judged without their marks.
RECALL = 0.98
# The threshold: of the folds' dangers with a word that rings none is calmer. It is the daemon's to say.
RINGS_BELOW = int(re.search(r"#define GUESS_RINGS_BELOW\s+(\d+)",
                            (HERE.parent.parent / "daemon/intake/guess_private.h").read_text()).group(1))
TESTS = HERE.parent.parent / "tests/unit/intake/guess"
DEVELOPMENT = ("tuned.tsv", "second.tsv")  # looked at, not learnt from


class Model:
    """Whole numbers, UNIT of them to one: for each feature a row of weights, a head each."""

    def __init__(self, learner, seen, options=Options):
        count = collections.Counter()
        for one in seen:
            for name in one.features:
                if name[0] != "!":
                    count[name] += one.weight
        self.names = sorted((name for name in count if count[name] >= options.least),
                            key=lambda name: (count[name] < SELDOM, name))
        often = sum(count[name] >= SELDOM for name in self.names)
        ids = {name: i for i, name in enumerate(self.names)}
        lines = [f"{options.rounds} {options.orders} {options.rate} {options.decay} {options.danger_decay} "
                 f"{options.danger_weight} {UNIT}", f"{len(ids)} {often} {len(seen)}"]
        for one in seen:
            labels = [CATEGORIES.index(name) for name in one.text.labels]
            known = [ids[name] for name in one.features if name in ids]
            lines.append(" ".join(map(str, [one.weight, int(one.text.danger), len(labels), *labels,
                                            len(known), *known])))
        done = subprocess.run([learner], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
        rows = [[int(x) for x in line.split(" ")] for line in done.stdout.split("\n")[:-1]]
        if len(rows) != 1 + len(ids):
            sys.exit("the weights of some feature are missing")
        self.bias, self.weights = rows[0], rows[1:]
        self.often = often


class Shipped:
    """The weights as they ship, and the daemon's arithmetic."""

    def __init__(self, model):
        self.bias = model.bias
        self.weights = {}
        for i, (name, row) in enumerate(zip(model.names, model.weights)):
            least = LEAST if i < model.often else SELDOM_LEAST
            weights = {h: w for h, w in enumerate(row) if abs(w) >= least}
            if weights:
                self.weights[name] = weights

    def scores(self, features):
        known = [self.weights[name] for name in features if name in self.weights]
        sums = [0] * HEADS
        for weights in known:
            for head, weight in weights.items():
                sums[head] += weight
        scale = math.isqrt(2 ** 32 // max(len(known), 1))
        return [b + toward_zero(s * scale, 65536) for b, s in zip(self.bias, sums)]

    def text(self, threshold):
        lines = ["binhyen-guess 1", f"threshold {threshold}", "bias " + " ".join(map(str, self.bias))]
        for name in sorted(self.weights, key=lambda n: n.encode()):
            heads = " ".join(f"{chr(97 + h)}{w}" for h, w in sorted(self.weights[name].items()))
            lines.append(f"{name}\t{heads}")
        return "\n".join(lines) + "\n"


def toward_zero(a, b):
    return a // b if a >= 0 else -(-a // b)


Judged = collections.namedtuple("Judged", "text weight danger right")  # danger: points, more for a word that rings


def judge(shipped, seen):
    out = []
    for one in seen:
        scores = shipped.scores(one.features)
        best = max([len(CATEGORIES) - 1, *range(len(CATEGORIES) - 1)], key=lambda h: scores[h])
        danger = scores[DANGER] + (RINGS_BELOW if "! rings" in one.features else 0)
        out.append(Judged(one.text, one.weight, danger, CATEGORIES[best] in one.text.labels))
    return out


def crosswise(learner, texts, seen):
    """Every text judged by a model that has seen nothing by its writer: a family is one writer's."""
    families = sorted({text.family for text in texts})
    out = []
    for fold in range(FOLDS):
        left_out = set(families[fold::FOLDS])
        model = Shipped(Model(learner, [one for one in seen if one.text.family not in left_out]))
        out += judge(model, [one for one in seen if one.text.family in left_out])
    return out


def choose_threshold(judged):
    dangers = sorted((j for j in judged if j.text.danger), key=lambda j: -j.danger)
    wanted = RECALL * sum(j.weight for j in dangers)
    found = 0
    for j in dangers:
        if found >= wanted:
            break
        threshold = j.danger
        found += j.weight
    return threshold


def tell(name, judged, threshold):
    total = sum(j.weight for j in judged)
    right = sum(j.weight for j in judged if j.right)
    danger = sum(j.weight for j in judged if j.text.danger)
    found = sum(j.weight for j in judged if j.text.danger and j.danger >= threshold)
    alarms = sum(j.weight for j in judged if not j.text.danger and j.danger >= threshold)
    print(f"{name}: category {right / total:.1%} of {total:.0f}, danger {found / danger:.1%} of {danger:.0f}, "
          f"false alarms {alarms / (total - danger):.1%} of {total - danger:.0f}", flush=True)


def threshold_of(path):
    return int(path.read_text(encoding="utf-8").split("\n")[1].split(" ")[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("features", help="the program guess_features")
    parser.add_argument("learner", help="the program guess_learn")
    parser.add_argument("--check", action="store_true", help="only say whether the file is what the texts give")
    parser.add_argument("--keep-threshold", action="store_true", help="skip the folds: a tenth of the time")
    args = parser.parse_args()
    target = HERE / "weights.txt"
    texts = [text for path in sorted((HERE / "texts").iterdir()) for text in read_texts(path)]
    texts = list(dict.fromkeys(texts))
    seen = see(args.features, texts)
    if args.keep_threshold:
        threshold = threshold_of(target)
    else:
        judged = crosswise(args.learner, texts, seen)
        threshold = choose_threshold(judged)
        tell("writers left out", judged, threshold)
    shipped = Shipped(Model(args.learner, seen))
    out = shipped.text(threshold)
    print(f"{len(texts)} texts, {len(shipped.weights)} features, {len(out.encode())} bytes, threshold {threshold}")
    if len(out.encode()) > BYTES_MAX:
        sys.exit(f"more than {BYTES_MAX} bytes: a feature must be seen in more texts (Options.least)")
    if args.check:
        if target.read_text(encoding="utf-8") != out:
            sys.exit("config/guess/weights.txt is not what the texts give: ./run learn")
    else:
        target.write_text(out, encoding="utf-8")
        for name in DEVELOPMENT:
            tell(name, judge(shipped, see(args.features, read_texts(TESTS / name))), threshold)


if __name__ == "__main__":
    main()
