#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Plays one evening of a commune and compares what every phone, Zalo chat and officer saw with what they should have.

    demo_script.py --bin DIR

Prints each step, then the transcript of everybody. Exit 0, or 1 with what differed.
"""
import argparse
import datetime
import pathlib
import re
import subprocess
import sys

import scene
from scene import DUTY, USER, Refused, Scene
from simmodem import SimModemError
from simzalo import GROUP, SimZaloError

FIRST, SECOND = "+84900000012", "+84900000013"
RECEIPT_LIMIT_MS = 2000
VIETNAM = datetime.timezone(datetime.timedelta(hours=7))

REPORT = "chay nha o ap 3, can cuu gap"
ANSWER = "Da cu luc luong den ap 3. Xin ong/ba tranh xa dam chay va giu lien lac."
CHAT = "Có người lạ hỏi mua lúa non ở ấp 5, xin kiểm tra giúp"
CHAT_ANSWER = "Công an xã đã ghi nhận, tổ tuần tra sẽ đến ấp 5 trong tối nay."
LONG = ("Kính báo công an xã: từ chiều nay có một nhóm thanh niên lạ mặt đi xe máy không biển số, chạy vòng quanh "
        "trường tiểu học ấp 2, chặn hỏi các cháu nhỏ. Bà con rất lo, mong công an cử người đến.")


class Differed(Exception):
    pass


class Transcript:
    """Who saw what, in order, and when: (ms, party, direction, words)."""

    def __init__(self):
        self.lines = []

    def add(self, at_ms, who, arrow, words):
        self.lines.append((at_ms, who, arrow, words))

    def of(self, who):
        return sorted((line for line in self.lines if line[1] == who), key=lambda line: line[0])


def clock(at_ms):
    return datetime.datetime.fromtimestamp(at_ms / 1000, VIETNAM).strftime("%H:%M:%S.%f")[:-3]


def readable(pattern):
    return re.sub(r"\\(\W)", r"\1", pattern)


def indent(text, by):
    return text.replace("\n", "\n" + " " * by)


class Play:
    def __init__(self, table):
        self.s = table
        self.modem, self.zalo = table.modem, table.zalo
        self.transcript = Transcript()
        self.officer_lines = []
        self.began_ms = None

    # -- telling --

    def now_ms(self):
        return int(datetime.datetime.now().timestamp() * 1000)

    def say(self, text):
        self.began_ms = self.began_ms or self.now_ms()
        print(f"[{(self.now_ms() - self.began_ms) / 1000:6.2f} s] {text}", flush=True)

    def officer(self, *args):
        """Types a binhyenctl command as the officer does."""
        shown = "binhyenctl " + " ".join(f'"{arg}"' if " " in arg else arg for arg in args)
        done = subprocess.run([str(self.s.box.bin / "binhyenctl"), "--socket", str(self.s.box.socket), *args],
                              capture_output=True, text=True, timeout=30, check=False)
        self.transcript.add(self.now_ms(), "officer", "→", shown)
        self.transcript.add(self.now_ms(), "officer", "←", done.stdout.strip() + done.stderr.strip())
        if done.returncode:
            raise Differed(f"{shown} ended with {done.returncode}: {done.stdout}{done.stderr}")

    def expect(self, condition, what):
        if not condition:
            raise Differed(what)

    # -- the scenes --

    def internet_goes_down(self):
        self.say("the internet goes down")
        self.zalo.down("refuse")
        self.s.wait_zalo(reachable=False)
        self.say("binhyend knows: status says that Zalo is unreachable")

    def report_without_internet(self):
        self.say(f"a resident ({FIRST}) texts a report")
        self.modem.text(REPORT, sender=FIRST)
        receipt = self.modem.wait_sent(to=FIRST, contains="da nhan duoc tin")[0]
        sent = next(row for row in self.modem.events("deliver") if row.get("from") == FIRST)
        took_ms = receipt["at_ms"] - sent["at_ms"]
        self.say(f"he has the receipt by SMS after {took_ms} ms")
        self.expect(took_ms <= RECEIPT_LIMIT_MS, f"the receipt took {took_ms} ms, more than {RECEIPT_LIMIT_MS}")
        self.modem.wait_sent(to=DUTY, contains="co tin bao moi so 1/")
        self.say(f"the duty officer's phone ({DUTY}) is texted at once: somebody may be in danger")
        self.expect(not self.zalo.received(), "something reached Zalo although it was down")

    def internet_returns(self):
        self.say("the internet returns")
        self.zalo.up()
        self.zalo.wait_received(1, to=GROUP, timeout_s=60)
        self.say("the report is relayed to the Zalo duty group")

    def officer_answers(self):
        self.officer("reports")
        self.officer("answer", "1", ANSWER)
        self.modem.wait_sent(to=FIRST, contains="tranh xa dam chay")
        self.say("the officer answered, the resident has the SMS")
        row = self.s.wait_outbox(kind="answer", channel="modem", states=("DELIVERED",))[0]
        self.say(f"its delivery report is recorded: outbox {row['id']} is {row['state']}")
        self.officer("report", "1")

    def zalo_user_reports(self):
        self.say(f"a Zalo user ({USER}) reports in the chat with the Official Account")
        written = self.zalo.write(USER, CHAT)
        self.transcript.add(written["at_ms"], "chat " + USER, "→", CHAT)
        self.zalo.wait_received(1, to=USER, timeout_s=30)
        self.zalo.wait_received(2, to=GROUP, timeout_s=30)
        self.say("he has his receipt in the chat, the duty group has the relay")
        self.officer("answer", "2", CHAT_ANSWER)
        self.zalo.wait_received(2, to=USER)
        self.say("the officer answered, it is in the chat")

    def long_report(self):
        self.say(f"another resident ({SECOND}) texts a long report with diacritics: three parts arrive as 3, 1, 2")
        answer = self.modem.text(LONG, sender=SECOND, order=[3, 1, 2])
        self.expect(answer["parts"] == 3, f"it took {answer['parts']} parts, not 3")
        self.modem.wait_sent(to=SECOND, contains="đã nhận tin")
        self.zalo.wait_received(3, to=GROUP, timeout_s=30)
        reports = self.s.reports()
        self.expect(len(reports) == 3, f"there are {len(reports)} reports, not 3")
        self.expect(not reports[2]["is_incomplete"], "the long report is marked incomplete")
        self.expect(self.s.words(3) == [LONG], f"the long report reads {self.s.words(3)}")
        self.say("it is one report, with every word in its place")
        self.officer("report", "3")

    def run(self):
        self.s.start()
        self.say("modem and Zalo are connected, the register is empty")
        for act in (self.internet_goes_down, self.report_without_internet, self.internet_returns,
                    self.officer_answers, self.zalo_user_reports, self.long_report):
            try:
                act()
            except (SimModemError, SimZaloError, TimeoutError, Refused) as error:
                raise Differed(f"while {act.__name__.replace('_', ' ')}: {error}") from error
        self.s.wait_quiet()

    # -- what everybody saw --

    def collect(self):
        add = self.transcript.add
        texts = {FIRST: [REPORT], SECOND: [LONG]}
        seen = set()
        for row in self.modem.events("deliver"):
            if row.get("from") in texts and row["from"] not in seen:
                seen.add(row["from"])
                add(row["at_ms"], "phone " + row["from"], "→", texts[row["from"]][0])
        for row in self.modem.sent():
            add(row["at_ms"], "phone " + row["to"], "←", row["text"])
        for row in self.zalo.received():
            add(row["at_ms"], ("group " if row["is_group"] else "chat ") + row["to"], "←", row["text"])

    def show(self):
        titles = [("phone " + FIRST, "Phone of a resident"), ("phone " + SECOND, "Phone of another resident"),
                  ("phone " + DUTY, "Phone of the duty officer"), ("group " + GROUP, "Zalo duty group"),
                  ("chat " + USER, "Zalo chat of a resident"), ("officer", "Officer at the box")]
        for who, title in titles:
            print(f"\n== {title}: {who}")
            for at_ms, _, arrow, words in self.transcript.of(who):
                print(f"   {clock(at_ms)} {arrow} {indent(words, 18)}")
        known = {who for who, _ in titles}
        for at_ms, who, arrow, words in self.transcript.lines:
            if who not in known:
                print(f"\n== unexpected: {who}\n   {clock(at_ms)} {arrow} {words}")

    def compare(self):
        """What differs from the script, as sentences."""
        year, code, when = r"/\d{4}", "[0-9A-Z]{6}", r"\d\d:\d\d \d\d/\d\d"
        lit = re.escape

        def receipt_sms(number):
            return (f"Công an xã đã nhận tin số {number}, mã {code}\\. Nếu nguy hiểm, xin gọi ngay 113 công an, "
                    r"114 chữa cháy, 115 cấp cứu, 112 cứu nạn\.")

        danger_sms = (f"NGUY HIEM xin goi ngay 113 \\(cong an\\), 114 \\(chay, cuu nan\\), 115 \\(cap cuu\\), 112\\. "
                      f"Cong an xa da nhan duoc tin so 1, ma {code}, dang bao truc ban\\.")

        def relay(number, source, text):
            return f"Tin báo số {number}{year} \\(nhận qua {source} lúc {when}\\):\n{lit(text)}"
        expected = {
            "phone " + FIRST: [lit(REPORT), danger_sms, lit(ANSWER)],
            "phone " + SECOND: [lit(LONG), receipt_sms(3)],
            "phone " + DUTY: [f"Binhyen KHAN: co tin bao moi so 1{year}, nhan luc {when}, co the co nguoi gap nguy hiem\\. "
                              r"Nhan viec tra loi: OK \d\d\d",
                              r"Binhyen: bao dong \d\d\d da co nguoi nhan: truc tai tru so\. Cam on dong chi\."],
            "group " + GROUP: [relay(1, "tin nhắn SMS", REPORT),
                               rf"Báo động \d\d\d \(tin báo số 1{year}\) đã có người nhận: trực tại trụ sở\.", relay(2, "Zalo", CHAT),
                               relay(3, "tin nhắn SMS", LONG)],
            "chat " + USER: [lit(CHAT), f"Công an xã đã nhận được tin của ông/bà, số 2, mã {code}\\. .*",
                             lit(CHAT_ANSWER)],
        }
        seen_by = {who for _, who, _, _ in self.transcript.lines if who != "officer"}
        for who in sorted(seen_by | set(expected)):
            wanted = expected.get(who, [])
            lines = [words for _, _, _, words in self.transcript.of(who)]
            for i in range(max(len(lines), len(wanted))):
                if i >= len(wanted):
                    yield f"{who}: unexpected: {lines[i]!r}"
                elif i >= len(lines):
                    yield f"{who}: missing: {readable(wanted[i])}"
                elif not re.fullmatch(wanted[i], lines[i], re.S):
                    yield f"{who}: line {i + 1} is {lines[i]!r}, expected {readable(wanted[i])}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", required=True, type=pathlib.Path, help="folder of the binaries")
    scene.bin_dir = parser.parse_args().bin.resolve()
    print("binhyen, one evening: real binhyend and binhyen-modem, simulated modem and Zalo\n")
    table = Scene(zalo=True, duty=[DUTY], zalo_config={"poll_s": 5, "relay_detail": "text"})
    play = Play(table)
    differences = []
    try:
        play.run()
    except (Differed, SimModemError, SimZaloError, TimeoutError, Refused) as error:
        differences.append(str(error))
    try:
        play.collect()
        play.show()
        differences += play.compare()
        table.close()
    except (AssertionError, OSError, subprocess.SubprocessError) as error:
        differences.append(f"at the end: {error}")
    finally:
        table.discard()
    if differences:
        print("\nDIFFERED from the script:", *differences, sep="\n - ")
        print("\nthe end of binhyend's log:", *table.last_log.splitlines()[-40:], sep="\n")
        return 1
    print("\nAll as it should be.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
