# SPDX-License-Identifier: GPL-2.0-or-later
"""A history of what residents, officers and the radio did and of what the store says of it, as JSON lines for
tests/crash/check_history.py, which says what must hold.

    town       drivers                 of the modems
    wrote      ids, text, modem        a resident's text, whole; ids of its parts at the network
    poison     id, modem               a PDU that nobody may decode
    called     modem                   a missed call
    kill                               SIGKILL of one of the programs
    asked      text                    the officer's answer, before the request
    promised   outbox, text            the API said that it has it
    seen       id, state, is_final, attempts   a row as the API showed it, whenever that changed
    radio      modem, what, ...        from the simulated modem's journal
    move, life                         from binhyend's log: a row's move, a start
    end        drained, left           the faults are over, and everything had its time
    report, entry, row, inbox, quarantine, sound       what the store says at last
"""
import http.client
import json
import re
import socket
import sqlite3
import time

import officers

RADIO = {"stored", "deleted", "accepted", "report_due", "report", "card"}
MOVE = re.compile(r"outbox\s+id=(\d+) from=(\w+) to=(\w+)|daemon\s+started version=")


class Unix(http.client.HTTPConnection):
    def __init__(self, path, timeout_s):
        super().__init__("localhost", timeout=timeout_s)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Away(Exception):
    """There was no answer: nobody knows what became of the request."""


class Office:
    """The officer's requests to a binhyend that may die at any moment."""

    def __init__(self, socket_path, timeout_s=20):
        self.path, self.timeout_s = socket_path, timeout_s
        self.staff, self.seats, self.token, self.life = None, [], None, None

    def claim(self, deputies, life):
        """The box has officers from now on. A session dies with the daemon, and a phone shows a new code twice a minute
        only: so there are as many deputies as it may die, and after each death another one sits down. life(): another
        value after each death."""
        self.staff = officers.Office(lambda method, url, body=None, token=None: self.send(method, url, body, token),
                                     time.time)
        self.staff.claim()
        for i in range(deputies):
            self.staff.add(f"pho.{i}", "deputy")
            self.seats.append(f"pho.{i}")
        self.staff.add("van.thu", "clerk")
        self.token, self.life, self.seated_in = self.staff.tokens["truong.ca"], life, life()

    def ask(self, method, url, body=None):
        """(status, object)"""
        # Without a session he would still see what concerns the machine, and be nobody there.
        if self.life and self.life() != self.seated_in:
            life = self.life()
            self.send("GET", "/api/v1/notice", None, None)  # Away, before a code is spent on it
            self.token = self.staff.login_again(self.seats[0])["token"]
            self.seats.pop(0)
            self.seated_in = life
        return self.send(method, "/api/v1/" + url, body, self.token)

    def send(self, method, url, body, token):
        connection = Unix(self.path, self.timeout_s)
        try:
            connection.request(method, url, None if body is None else json.dumps(body),
                               {"Authorization": f"Bearer {token}"} if token else {})
            answer = connection.getresponse()
            text = answer.read().decode()
            return answer.status, json.loads(text) if text.strip() else {}
        except (OSError, http.client.HTTPException, ValueError) as e:
            raise Away(str(e)) from e
        finally:
            connection.close()

    def get(self, url):
        status, body = self.ask("GET", url)
        if status != 200:
            raise Away(f"{url}: {status}")
        return body

    def pages(self, name):
        rows, before = [], None
        while True:
            page = self.get(f"{name}?limit=200" + (f"&before={before}" if before else ""))
            rows += page[name]
            before = page["next_before"]
            if not before or not page[name]:
                return rows[::-1]


class Ledger:
    def __init__(self, path):
        self.path = str(path)
        self.file = open(path, "w", encoding="utf-8")
        self.rows = {}

    def note(self, ev, **fields):
        self.file.write(json.dumps({"ev": ev, **fields}, ensure_ascii=False) + "\n")
        self.file.flush()

    def look(self, office, new_only=False):
        """Notes which rows of the outbox are new or have changed; new_only: among the latest."""
        rows = office.get("outbox?limit=200")["outbox"][::-1] if new_only else office.pages("outbox")
        for row in rows:
            state = (row["state"], row["is_final"], row["attempts"])
            if self.rows.get(row["id"]) != state:
                self.rows[row["id"]] = state
                self.note("seen", id=row["id"], state=state[0], is_final=state[1], attempts=state[2])

    def journals(self, sims):
        """Everything that the radios saw."""
        for sim in sims:
            with open(sim.log_path, encoding="utf-8") as journal:
                for line in journal:
                    row = json.loads(line)
                    if row["ev"] in RADIO:
                        row.pop("pdu", None)
                        self.note("radio", modem=sim.name, what=row.pop("ev"), **row)

    def log(self, text):
        for found in MOVE.finditer(text):
            if found.group(1):
                self.note("move", id=int(found.group(1)), **{"from": found.group(2), "to": found.group(3)})
            else:
                self.note("life")

    def store(self, office):
        """What the daemon says when everything is over."""
        self.look(office)
        self.shown = []
        for row in office.pages("outbox"):
            self.shown.append(row["id"])
            self.note("row", **row)
        for row in office.pages("inbox"):
            self.note("inbox", kind=row["kind"], state=row["state"])
        for row in office.pages("reports"):
            report = office.get(f"reports/{row['report']}")
            self.note("report", report=row["report"], number=row["number"], year=row["year"], code=row["code"])
            for entry in report["dialogue"]:
                self.note("entry", report=row["report"], kind=entry["kind"], text=entry["text"],
                          outbox=entry["outbox_id"])

    def database(self, path):
        """What no API shows, from the file of a daemon that has ended."""
        with sqlite3.connect(path) as db:
            self.real = [row for row, in db.execute("SELECT id FROM outbox ORDER BY id")]
            self.holders = {report: set() for report, in db.execute("SELECT id FROM report")}
            self.leaders = {row for row, in db.execute("SELECT id FROM officer WHERE role IN ('chief', 'deputy')")}
            for report, holder in db.execute("SELECT report_id, holder FROM report_key"):
                self.holders[report].add(holder)
        with sqlite3.connect(path) as db:
            self.note("quarantine", count=db.execute("SELECT count(*) FROM quarantine").fetchone()[0])
            repeats = db.execute("SELECT id, repeat_of FROM outbox WHERE repeat_of IS NOT NULL").fetchall()
            for row_id, repeat_of in repeats:
                self.note("repeat", id=row_id, of=repeat_of)
            self.note("sound", ok=db.execute("PRAGMA integrity_check").fetchone()[0] == "ok")

    def as_shown(self, events):
        """Officers see other numbers of rows than the log has, in the same order: those of the log become theirs."""
        # What an alarm rings while the store is read comes behind them.
        if len(self.real) < len(self.shown):
            raise AssertionError(f"{len(self.real)} rows are there, {len(self.shown)} are shown")
        names = dict(zip(self.real, self.shown))
        for event in events:
            if event["ev"] in ("move", "repeat"):
                event.update({key: names.get(event[key], event[key]) for key in ("id", "of") if key in event})
        return events

    def close(self):
        self.file.close()
