#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Who wrote, what he wrote, and the keys: in none of the places that somebody may see who is not an officer at the box.

Those places: the log, the metrics, the lists of binhyenctl, and every byte of the database and its journals, while
the daemon runs, after a power cut, and after an orderly end.
"""
import base64
import contextlib
import hashlib
import json
import pathlib
import sqlite3
import unicodedata

from scene import DUTY, RESIDENT, SceneTest, main, request, wait_until
from officers import PASSPHRASE  # scene has told where it lies
from simzalo import GROUP

SECOND = "+84900000013"
THIRD = "+84900003579"
CHATTER = "7412589630147852369"
NAME = "Chủ hộ Chanh 12"
WORDS = "xuong pha che o lo gach Tandinh"
LONG = "Tôi thấy ông hàng xóm Nhàsốmười đem bán trộm phân bón của hợp tác xã, mỗi đêm chừng mười bao. " * 2
CHAT = "Cháu bé Bíchngọc bị đánh ở lớp mầm non, xin giữ kín giùm"
ANSWER = "Hen gap o quan Huongque luc 7 gio"
CHAT_ANSWER = "Mời gia đình cháu Bíchngọc lên phòng trực"
TELLING = [WORDS, "Tandinh", "Nhàsốmười", "phân bón", CHAT, "Bíchngọc", "mầm non", "Huongque", "phòng trực", NAME]


def phone_forms(msisdn):
    """As people and machines write it: international, national, grouped, packed into a PDU."""
    digits = msisdn.lstrip("+")
    national = "0" + digits[2:]
    yield from (msisdn, digits, national, digits[2:])
    for gap in " .-":
        yield gap.join((national[:4], national[4:7], national[7:]))
        yield gap.join((national[:3], national[3:6], national[6:]))
    padded = digits + "F" * (len(digits) % 2)
    swapped = "".join(padded[i + 1] + padded[i] for i in range(0, len(padded), 2))
    yield swapped
    yield bytes.fromhex(swapped)


def packed(text):
    """Septets of the GSM alphabet (3GPP TS 23.038 6.1.2.1), which for these letters are those of ASCII."""
    bits = sum((ord(letter) & 127) << 7 * i for i, letter in enumerate(text))
    return bits.to_bytes((7 * len(text) + 7) // 8, "little")


def encodings(secret):
    """The bytes in which it might lie somewhere."""
    if isinstance(secret, bytes):
        forms = {secret}
    else:
        forms = {unicodedata.normalize(form, secret).encode(code) for form in ("NFC", "NFD")
                 for code in ("utf-8", "utf-16-be", "utf-16-le")}
        forms |= {json.dumps(secret)[1:-1].encode()}
        if len(secret) > 9:
            # A hash without a key is found by trying all numbers.
            forms |= {hash(secret.encode()).digest() for hash in (hashlib.md5, hashlib.sha1, hashlib.sha256)}
            if secret.isascii():
                forms.add(packed(secret))
        if secret.isdigit() and int(secret) < 1 << 63 and len(secret) > 9:
            forms |= {int(secret).to_bytes(8, order) for order in ("big", "little")}
    for form in list(forms):
        forms |= {form.hex().encode(), form.hex().upper().encode()}
        # Base64 at each of its three alignments, without the characters that neighbours decide.
        for shift in range(3):
            text = base64.b64encode(bytes(shift) + form)
            forms.add(text[shift + 1:-4])
    return {form for form in forms if len(form) >= 6}  # shorter ones are met by chance


class Privacy(SceneTest):
    def play(self):
        """Everything that the box can do for now, with words and numbers that are found nowhere else."""
        s = self.scene(zalo=True, duty=[DUTY])
        tokens = [s.zalo.control("token")]
        s.modem.text(WORDS)
        s.modem.text(LONG, sender=SECOND, order=[2, 1, 3])
        s.wait_reports(2)
        s.zalo.write(CHATTER, CHAT, name=NAME)
        s.wait_reports(3)
        s.modem.call(SECOND, rings=1)
        s.modem.text("ma " + WORDS, sender="Tandinh")
        s.wait_reports(5)
        by_words = {s.words(row["report"])[0]: row["report"] for row in s.reports()}
        s.box.ctl("answer", by_words[WORDS], ANSWER)
        s.box.ctl("answer", by_words[CHAT], CHAT_ANSWER)
        # A part that waits for the others, a message that waits for Zalo, and a number that is wrong.
        s.modem.text(LONG, sender=SECOND, only=[1], ref=201)
        s.zalo.do("expire_access")
        s.wait_zalo(token_generation=2, state="ok")
        tokens.append(s.zalo.control("token"))
        s.modem.wait_sent(2, to=RESIDENT)
        s.zalo.down()
        s.wait_zalo(reachable=False)
        s.modem.fault("cms", "CMGS", code=1)
        s.modem.text("lan cuoi " + WORDS, sender=THIRD)
        s.wait_outbox(1, channel="modem", states=("FAILED",))
        s.wait_outbox(1, channel="zalo_group", states=("QUEUED",))
        s.box.ctl("backups", "make")
        wait_until(lambda: s.box.ctl("backups")["backups"], 60, "the backup")
        return s, tokens

    def secrets(self, s, tokens):
        yield from (form for number in (RESIDENT, SECOND, THIRD, DUTY) for form in phone_forms(number))
        yield from (CHATTER, GROUP)
        yield from TELLING
        for pair in tokens:
            yield from (pair["access_token"], pair["refresh_token"])
        yield s.zalo.app_secret()
        key = (s.box.secrets / "box.key").read_bytes()
        yield from {key, key.strip()}
        if len(key.strip()) == 64:
            yield bytes.fromhex(key.strip().decode())

    def search(self, places, needles):
        found = []
        for place, data in places.items():
            for secret, forms in needles.items():
                found += [f"{place} holds {secret!r} as {form!r}" for form in forms if form in data]
        return found

    def files(self, s):
        """All that the daemon has written, whatever it is called; not its configuration and its keys."""
        box = pathlib.Path(s.box.dir)
        return {str(path.relative_to(box)): path.read_bytes() for path in box.rglob("*")
                if path.is_file() and path != s.box.config_path and s.box.secrets not in path.parents}

    def answers(self, s):
        places = {"metrics": request(s.box.socket, "GET", "/metrics")[1].encode()}
        for name in ("status", "inbox", "outbox", "reports"):
            places["GET " + name] = request(s.box.socket, "GET", "/api/v1/" + name)[1].encode()
            places["binhyenctl " + name] = json.dumps(s.box.ctl(name), ensure_ascii=False).encode()
        return places

    def test_nothing_leaks(self):
        s, tokens = self.play()
        needles = {secret: encodings(secret) for secret in self.secrets(s, tokens)}
        # The needles are good for something: what the simulators wrote down is full of them.
        journal = {"journal": pathlib.Path(s.modem.log_path).read_bytes()}
        for secret in (RESIDENT, DUTY, WORDS, "Nhàsốmười", ANSWER):
            self.assertTrue(self.search(journal, {secret: encodings(secret)}), secret)
        self.assertTrue(self.search(journal, {"swapped": encodings(list(phone_forms(RESIDENT))[-2])}))

        places = self.answers(s)
        self.assertIn(b"binhyen_reports", places["metrics"])
        self.assertEqual(self.search(places, needles), [])
        running = self.files(s)
        for name in ("box.db", "box.db-wal", "box.db-shm", "binhyend.log"):
            self.assertIn(name, running)
        self.assertIn(b"quarantine", running["box.db-wal"] + running["box.db"])  # these are the bytes of the database
        self.assertEqual(self.search(running, needles), [])
        # An officer reads the words of a report, but not who sent it.
        for row in s.reports():
            shown = {"report": request(s.box.socket, "GET", "/api/v1/reports/" + row["report"])[1].encode()}
            numbers = {form: encodings(form) for number in (RESIDENT, SECOND) for form in phone_forms(number)}
            self.assertEqual(self.search(shown, {**numbers, CHATTER: encodings(CHATTER), NAME: encodings(NAME)}), [])

        s.box.kill()
        self.assertEqual(self.search(self.files(s), needles), [])
        s.start()
        s.zalo.up()
        s.wait_quiet(60)
        self.assertEqual(s.box.stop(), 0)
        self.assertEqual(self.search(self.files(s), needles), [])

    def holders(self, s):
        """Whose copies of report keys there are, in the pages of the file itself once its journal is gone."""
        with contextlib.closing(sqlite3.connect(s.box.dir / "box.db")) as database:
            rows = database.execute("SELECT holder, sealed FROM report_key").fetchall()
        return {holder: {sealed for other, sealed in rows if other == holder} for holder, _ in rows}

    def test_nothing_leaks_from_a_box_with_officers(self):
        s = self.scene(zalo=True, duty=[DUTY])
        s.modem.text(WORDS)
        s.zalo.write(CHATTER, CHAT, name=NAME)
        s.wait_reports(2)
        before = self.holders(s)[0]  # the box's own copies
        self.assertEqual(len(before), 2)
        for sealed in before:
            self.assertTrue(any(sealed in data for data in self.files(s).values()))
        office = s.claim()
        words = s.escrow
        office.add("khu.vuc", "area")
        s.modem.text("AN " + LONG, sender=SECOND)
        s.modem.text("IM " + WORDS, sender=THIRD)
        chief = office.tokens["truong.ca"]

        def reports():
            return office.must(200, "GET", "/api/v1/reports", token=chief)["reports"]
        wait_until(lambda: len(reports()) >= 4, 60, "the reports of a claimed box")
        for row in reports():
            read = office.must(200, "GET", "/api/v1/reports/" + row["report"], token=office.tokens["khu.vuc"]
                               if row["number"] > 2 else chief)
            self.assertEqual(read["sight"], "words")
            office.must(200, "POST", f"/api/v1/reports/{row['report']}/answer", {"text": ANSWER}, token=chief)
        s.modem.wait_sent(2, to=SECOND)
        secrets = [*self.secrets(s, [s.zalo.control("token")]), PASSPHRASE, words, *words.split(" ", 1)]
        needles = {secret: encodings(secret) for secret in secrets}
        running = self.files(s)
        self.assertEqual(self.search(running, needles), [])
        # What the box held of the keys before it had officers is in no page, free or not, and in no journal.
        self.assertEqual([name for name, data in running.items() for sealed in before if sealed in data], [])
        self.assertNotIn(0, self.holders(s))
        s.box.kill()
        self.assertEqual(self.search(self.files(s), needles), [])
        s.start()
        self.assertEqual(s.box.stop(), 0)
        stopped = self.files(s)
        self.assertEqual(self.search(stopped, needles), [])
        self.assertEqual([name for name, data in stopped.items() for sealed in before if sealed in data], [])
        held = self.holders(s)
        self.assertEqual({holder: len(copies) for holder, copies in held.items()}, {-1: 4, 1: 4, 2: 2})

    def test_command_lines(self):
        """What every user of the machine sees in the list of processes."""
        s = self.scene(zalo=True, duty=[DUTY])
        for pid in [s.box.process.pid, *s.box.modem_pids()]:
            line = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
            for secret in (DUTY[3:], s.zalo.app_secret(), s.zalo.control("token")["access_token"]):
                self.assertNotIn(secret.encode(), line)
        # Nor may anybody else read the files.
        for path in s.box.dir.glob("box.db*"):
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)
        self.assertEqual(s.box.socket.stat().st_mode & 0o007, 0)


if __name__ == "__main__":
    main()
