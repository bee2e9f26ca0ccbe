# SPDX-License-Identifier: GPL-2.0-or-later
"""What must hold in a history (tests/lib/ledger.py), whatever went wrong meanwhile. Prints each violation.

usage: check_history.py HISTORY.jsonl

  in      each text that a modem got is in the store exactly once, word for word, and the store has nothing else
          (equal texts written twice are two; a long one may have been amended when its last parts came late); each PDU that nobody may decode is in quarantine exactly once
  out     no radio took a segment twice; what says SENT was taken whole; what was taken says so, or says that it is in
          doubt; an alarm in doubt is said once again, marked, and only then
  rows    each move is one that the table of states allows, a final row stays as it is, none vanishes, an answer that
          was acknowledged has its row
  end     nothing is left half-way
"""
import collections
import datetime
import json
import re
import sys

MOVES = {
    "QUEUED": {"CLAIMED", "SENT", "DELIVERED", "EXPIRED", "CANCELLED", "FAILED"},
    "CLAIMED": {"SUBMITTED", "SENT", "DELIVERED", "QUEUED", "IN_DOUBT", "FAILED", "EXPIRED"},
    "SUBMITTED": {"SENT", "DELIVERED", "QUEUED", "IN_DOUBT", "FAILED", "EXPIRED"},
    "SENT": {"SENT", "DELIVERED", "FAILED"},
    "IN_DOUBT": {"SENT", "DELIVERED", "QUEUED", "FAILED", "EXPIRED", "CANCELLED"},
    "DELIVERED": set(), "FAILED": set(), "EXPIRED": set(), "CANCELLED": set(),
}
FINAL = {state for state, after in MOVES.items() if not after}
OPEN = {"QUEUED", "CLAIMED", "SUBMITTED"}
UNDELIVERED = 0x40  # TP-ST from here on: no more attempts (3GPP TS 23.040 §9.2.3.15)
MARK = "(nhac lai) "
RECEIPT = re.compile(r"\b(?:so|số|Tin) (\d+), m[aã] (\w+)")
# Of one report or of several, the first of which its row names; and what climbs says the same each time.
ALARM = re.compile(r"^(?:\(nhac lai\) )?Binhyen(?: KHAN)?: (?:co tin bao moi so |"
                   r"\d+ tin bao moi, co the co nguoi gap nguy hiem: so )(\d+)/(\d+)")
AGAIN = re.compile(r"^(?:\(nhac lai\) )?Binhyen KHAN: chua co ai nhan \d+ tin bao, .*?: so (\d+)/(\d+)")
STEPS = 3  # of the ladder, after the beginning
UNREADABLE_TEXT = "(Tin nhắn không đọc được. Đề nghị liên hệ lại với người gửi.)"
GAP = " [... thiếu một phần ...] "
CALL_TEXT = "(Cuộc gọi nhỡ, không có nội dung. Đề nghị gọi lại.)"


def milliseconds(iso):
    return datetime.datetime.fromisoformat(iso).timestamp() * 1000


def grew(before, after):
    """Is `after` what was `before`, with some of its gaps filled?"""
    at = 0
    for piece in before.split(GAP):
        found = after.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return GAP in before and before != after


class Message:
    """What one radio took for one recipient, from its segments."""

    def __init__(self, row):
        self.to, self.total, self.parts, self.numbers = row["to"], row["total"], {}, set()

    def is_whole(self):
        return len(self.parts) == self.total

    def text(self):
        return "".join(self.parts[seq] for seq in sorted(self.parts))


class Checker:
    def __init__(self, events):
        self.faults = []
        self.by = collections.defaultdict(list)
        for event in events:
            self.by[event["ev"]].append(event)
        self.radio = collections.defaultdict(list)
        for event in self.by["radio"]:
            self.radio[event["what"]].append(event)
        self.rows = {row["id"]: row for row in self.by["row"]}
        self.messages = self.assemble()

    def wrong(self, words):
        self.faults.append(words)

    # -- in --

    def check_in(self):
        arrived = collections.defaultdict(set)
        for row in self.radio["stored"]:
            arrived[row["modem"]].add(row["id"])
        written = collections.Counter()
        for row in self.by["wrote"]:
            if arrived[row["modem"]].issuperset(row["ids"]):
                written[row["text"]] += 1
            else:
                self.wrong(f"the network kept {row['text'][:30]!r}: it never reached the modem")
        kept = collections.Counter(self.received())
        calls, unreadable = kept.pop(CALL_TEXT, 0), kept.pop(UNREADABLE_TEXT, 0)
        for text in sorted(written.keys() | kept.keys()):
            if kept[text] != written[text]:
                self.wrong(f"{text[:40]!r} was written {written[text]} times and is in the store {kept[text]} times")
        # Who is killed while it rings comes back while it rings: nothing tells that it is the same call.
        if calls > len(self.by["called"]) + len(self.by["kill"]):
            self.wrong(f"{calls} calls are in the store, there were {len(self.by['called'])}")
        self.check_poison(arrived, unreadable)

    def received(self):
        """The words of each report; of a long text that was handed over with a gap the words it has at last."""
        texts, of = [], collections.defaultdict(list)
        for row in self.by["entry"]:
            if row["kind"] in ("received", "more"):
                of[row["report"]].append(len(texts))
                texts.append(row["text"])
            elif row["kind"] == "amended":
                before = [n for n in of[row["report"]] if grew(texts[n], row["text"])]
                if before:
                    texts[before[0]] = row["text"]
                else:
                    self.wrong(f"report {row['report']} was amended with other words: {row['text'][:40]!r}")
                    texts.append(row["text"])
        return texts

    def check_poison(self, arrived, unreadable):
        """libgammu calls some of it a message of another kind; and again poison, when it died over another slot before
        that one was deleted."""
        poison = sum(row["id"] in arrived[row["modem"]] for row in self.by["poison"])
        has_gammu = any("gammu" in row["drivers"] for row in self.by["town"])
        for row in self.by["quarantine"]:
            kept = row["count"] + (sum(inbox["kind"] == "other" for inbox in self.by["inbox"]) if has_gammu else unreadable)
            if not poison <= kept <= (2 * poison if has_gammu else poison):
                self.wrong(f"{poison} PDUs were poison, {row['count']} are in quarantine and {unreadable} unreadable")

    # -- out --

    def assemble(self):
        """Messages by recipient, number of the set and size, in the order of the air; a set begins anew when it would
        hold a part twice."""
        messages, openings = [], {}
        for row in self.radio["accepted"]:
            key = (row["modem"], row["to"], row["ref"], row["total"])
            message = openings.get(key)
            if row["total"] == 1 or message is None or message.is_whole() or row["seq"] in message.parts:
                message = openings[key] = Message(row)
                messages.append(message)
            message.parts[row["seq"]] = row["text"]
            message.numbers.add((row["modem"], row["n"]))
        return messages

    def anonymous_alarms(self):
        """How many alarms there are that tell of no report: their words may well be the same twice."""
        return sum(row["kind"] == "alarm" and row["report"] is None for row in self.rows.values())

    def check_twice(self):
        """The last part of a long text may be a few letters, or the end of every step of an alarm, as others have
        them: then the whole text counts."""
        segments = collections.Counter()
        for message in self.messages:
            for seq, text in message.parts.items():
                whole = message.text()
                is_known_by_itself = len(text) >= 12 and not AGAIN.match(whole)
                segments[(message.to, message.total, seq, text, "" if is_known_by_itself else whole)] += 1
        for (to, total, seq, text, whole), count in segments.items():
            is_about_box = text.removeprefix(MARK).startswith("Binhyen") and not ALARM.match(text)
            most = STEPS if AGAIN.match(whole) else self.anonymous_alarms() if is_about_box else 1
            if count > most:
                self.wrong(f"the radio took part {seq} of {total} to {to[-3:]} {count} times: {text[:40]!r}")

    def check_repeats(self):
        """What is marked as said again was in doubt, and has a row that says what it repeats."""
        repeats = {row["id"]: row["of"] for row in self.by["repeat"]}
        alarms = collections.defaultdict(set)
        for row_id, of in repeats.items():
            original = self.rows.get(of)
            if not original or original["kind"] != "alarm":
                self.wrong(f"row {row_id} says row {of} again, which is no alarm")
            elif original["report"]:
                alarms[original["report"]].add(row_id)
        for message in self.messages:
            text = message.text()
            found = ALARM.match(text)
            if text.startswith(MARK) and found and not alarms[f"{found.group(2)}-{found.group(1)}"]:
                self.wrong(f"said again without a doubt: {text[:40]!r}")

    def alarms_of_reports(self, repeats):
        """(report, is said again, is of a later step) -> rows. The first one of a report rings, the others climb."""
        alarms, first = collections.defaultdict(list), {}
        for row in self.rows.values():
            if row["kind"] == "alarm" and row["report"]:
                rung = first.setdefault(row["report"], row["id"])
                said = repeats.get(row["id"], row["id"])
                alarms[(row["report"], row["id"] in repeats, said != rung)].append(row["id"])
        return alarms

    def climbed_after_the_end(self, row):
        """A ladder that nobody stops goes on while the store is read."""
        ends = [end["at_ms"] for end in self.by["end"] if "at_ms" in end]
        return row["kind"] == "alarm" and ends and milliseconds(row["due"]) > ends[-1]

    def on_air(self):
        """Row of the outbox -> (whole messages, torn messages)."""
        answers = {row["text"]: row["outbox"] for row in self.by["entry"] if row["kind"] == "answer"}
        repeats = {row["id"]: row["of"] for row in self.by["repeat"]}
        receipts = {row["report"]: row["id"] for row in self.rows.values() if row["kind"] == "receipt"}
        codes = {row["code"]: row["report"] for row in self.by["report"]}
        alarms = self.alarms_of_reports(repeats)
        air = collections.defaultdict(lambda: [0, 0, False])
        climbed = collections.Counter()
        undelivered = {(row["modem"], row["n"]) for row in self.radio["report_due"] if row["status"] >= UNDELIVERED}
        # Whole ones first: of steps that say the same the one that was torn is not the row that was delivered.
        for message in sorted(self.messages, key=lambda message: not message.is_whole()):
            text = message.text()
            receipt, alarm, again = RECEIPT.search(text), ALARM.match(text), AGAIN.match(text)
            row_id = None
            if receipt:
                row_id = receipts.get(codes.get(receipt.group(2)))
            elif alarm:
                ids = alarms[(f"{alarm.group(2)}-{alarm.group(1)}", text.startswith(MARK), False)]
                row_id = ids[0] if ids else None
            elif again:
                # Those that surely left first: which of the others it was nobody can tell.
                key = (f"{again.group(2)}-{again.group(1)}", text.startswith(MARK), True)
                ids = sorted(alarms[key], key=lambda id: (self.rows[id]["state"] not in ("SENT", "DELIVERED"), id))
                row_id = ids[climbed[key]] if climbed[key] < len(ids) else None
                climbed[key] += 1
            elif message.is_whole():
                row_id = answers.get(text)
            else:
                row_id = next((row for answer, row in answers.items() if message.parts[min(message.parts)] in answer),
                              None)
            if row_id is None and not text.removeprefix(MARK).startswith("Binhyen"):
                self.wrong(f"the radio took what no row says: {text[:40]!r}")
            elif row_id is not None:
                air[row_id][0 if message.is_whole() else 1] += 1
                air[row_id][2] |= bool(message.numbers & undelivered)
        return air

    def check_out(self):
        self.check_twice()
        self.check_repeats()
        air = self.on_air()
        for row in self.rows.values():
            if row["channel"] != "modem" or (row["kind"] == "alarm" and not row["report"]):
                continue
            if row["state"] in OPEN and self.climbed_after_the_end(row):
                continue
            whole, torn, is_undelivered = air[row["id"]]
            name = f"row {row['id']} ({row['kind']}) is {row['state']} with error {row['error']}"
            is_sent = row["state"] in ("SENT", "DELIVERED")
            is_failed = row["state"] == "FAILED"
            # An alarm that somebody took on is cancelled also where nobody knows whether it has left.
            is_doubtful = row["state"] == "IN_DOUBT" or (is_failed and row["error"] in ("IN_DOUBT", "TIMEOUT")) or (
                row["state"] == "CANCELLED" and row["error"] == "IN_DOUBT")
            if is_sent and whole != 1:
                self.wrong(f"{name}, the radio took it {whole} times")
            if not is_sent and whole and not is_doubtful and not (is_failed and is_undelivered):
                self.wrong(f"{name}, but the radio took it")
            if not is_sent and torn and not is_doubtful and not is_failed:
                self.wrong(f"{name}, but the radio took a part of it")
            if (is_failed or row["state"] == "IN_DOUBT") and not row["error"]:
                self.wrong(f"{name}: it does not say why")

    # -- rows --

    def check_moves(self):
        states = collections.defaultdict(lambda: {"QUEUED"})
        for row in self.by["move"]:
            had = states[row["id"]]
            if row["to"] not in MOVES.get(row["from"], ()):
                self.wrong(f"row {row['id']} moved from {row['from']} to {row['to']}")
            # A start puts in doubt what was claimed, and a turn that failed takes moves back.
            if row["from"] not in had and not (row["from"] == "IN_DOUBT" and had & {"CLAIMED", "SUBMITTED"}):
                self.wrong(f"row {row['id']} moved from {row['from']}, where it never was")
            had.add(row["to"])

    def check_seen(self):
        last = {}
        for row in self.by["seen"]:
            before = last.get(row["id"])
            if before and before["is_final"] and (before["state"], True) != (row["state"], row["is_final"]):
                self.wrong(f"row {row['id']} was {before['state']} for good and is {row['state']}")
            if before and row["attempts"] < before["attempts"]:
                self.wrong(f"row {row['id']} had {before['attempts']} attempts and has {row['attempts']}")
            last[row["id"]] = row
        for row_id in last.keys() - self.rows.keys():
            self.wrong(f"row {row_id} is gone")

    def check_promises(self):
        answers = {row["outbox"]: row["text"] for row in self.by["entry"] if row["kind"] == "answer"}
        for row in self.by["promised"]:
            if row["outbox"] not in self.rows:
                self.wrong(f"the answer {row['text'][:30]!r} was acknowledged, and there is no row {row['outbox']}")
            elif answers.get(row["outbox"]) != row["text"]:
                self.wrong(f"row {row['outbox']} does not say {row['text'][:30]!r}")
        asked = {row["text"] for row in self.by["asked"]}
        for row_id, text in answers.items():
            if text not in asked:
                self.wrong(f"row {row_id} answers what nobody asked for: {text[:30]!r}")

    # -- end --

    def check_end(self):
        for row in self.by["end"]:
            if not row["drained"]:
                self.wrong(f"after the faults something stayed half-way: {row['left']}")
        for row in self.rows.values():
            if row["state"] in OPEN and not self.climbed_after_the_end(row):
                self.wrong(f"row {row['id']} ended as {row['state']}")
            if (row["state"] in FINAL) and not row["is_final"]:
                self.wrong(f"row {row['id']} is {row['state']} and not final")
        for row in self.by["inbox"]:
            if row["state"] in ("NEW", "WAITING"):
                self.wrong(f"a message of the inbox ended as {row['state']}")
        for row in self.by["sound"]:
            if not row["ok"]:
                self.wrong("the database is damaged")
        for name in ("end", "sound", "quarantine"):
            if len(self.by[name]) != 1:
                self.wrong(f"the history has {len(self.by[name])} lines {name!r}")


def check(events):
    """The violations, as sentences."""
    checker = Checker(events)
    checker.check_in()
    checker.check_out()
    checker.check_moves()
    checker.check_seen()
    checker.check_promises()
    checker.check_end()
    return checker.faults


def load(path):
    with open(path, encoding="utf-8") as history:
        return [json.loads(line) for line in history]


def summary(events):
    """One line of numbers for whoever reads a log."""
    checker = Checker(events)
    states = collections.Counter(row["state"] for row in checker.rows.values())
    parts = sum(len(row["ids"]) for row in checker.by["wrote"])
    return (f"{len(checker.by['wrote'])} texts in ({parts} parts), {len(checker.by['poison'])} poison, "
            f"{len(checker.by['called'])} calls, {len(checker.by['promised'])} of {len(checker.by['asked'])} answers "
            f"acknowledged, {len(checker.messages)} messages on the air ({len(checker.radio['accepted'])} segments), "
            f"{len(checker.by['repeat'])} said again, {max(0, len(checker.by['life']) - 1)} restarts, "
            f"outbox {dict(sorted(states.items()))}")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    events = load(sys.argv[1])
    faults = check(events)
    print(summary(events))
    for fault in faults:
        print("WRONG:", fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
