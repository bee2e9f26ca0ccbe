#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""sim-ussd: the aggregator between residents' phones and the callback of binhyend, for tests, training and the bench.

usage: sim_ussd.py --port N --code CODE --token FILE [--profile africas_talking|json] [--sessions N] [--connections N]
                   [--think S] [--repeat P] [--late P] [--drop P] [--seed N] [--first N]
       sim_ussd.py --port N --code CODE --token FILE --dial +84900000301

As many residents as --sessions dial at once and walk through the menus by what they see on the screen, each thinking
before he types, over a few kept connections as a gateway has them. With the chances --repeat, --late and --drop (of
100) a call is made twice, an older call of the session comes again after a newer one, or the session dies unseen and
he dials anew. Every screen is looked at as the network would show it: no more than 160 characters of GSM-7, the rest
is cut off. With --dial one plays a resident oneself.

Prints a line of JSON: how many calls, sessions and reports, how long answers took, and `wrong`, what no gateway may
ever see: a call that got another answer when it came again, a screen too long or unreadable, a session that went on
after its end. Exit status 1 when there is something wrong.
"""
import argparse
import asyncio
import json
import pathlib
import random
import re
import sys
import time
import urllib.parse

SCREEN_MAX = 160
ANSWER_S = 15  # what a gateway waits
STEPS_MAX = 24  # of one session
GSM7 = set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
           "abcdefghijklmnopqrstuvwxyzäöñüà")
TWICE = set("^{}\\[~]|€")  # an escape and a character
TAKEN = re.compile(r"tin so \d+, ma ([A-Z0-9]{6})|ma ([A-Z0-9]{6})")
ITEM = re.compile(r"^(\d) ", re.MULTILINE)
TEXTS = ("mat xe dap truoc cong truong", "hang xom mo nhac to ca dem", "duong hong den o dau cau",
         "co nguoi la di xin tien", "cho tha rong can nguoi di duong * gan cho")
QUESTIONS = ("lam can cuoc cho con", "dang ky tam tru can gi", "xe cu sang ten")
JSON_NAMES = {"session": "sessionId", "phone": "phoneNumber", "code": "serviceCode", "text": "text", "step": "step",
              "answer": "message", "end": "shouldClose"}


class Failed(Exception):
    """No answer, or none that a gateway understands."""


def letters(screen):
    """As the network counts them; None: the phone can't show it."""
    count = 0
    for letter in screen:
        if letter not in GSM7 and letter not in TWICE:
            return None
        count += 2 if letter in TWICE else 1
    return count


class Gateway:
    """The callback, over so many kept connections; a profile each is spoken as config_ussd names it."""

    def __init__(self, port, code, token, profile="africas_talking", connections=8, names=None):
        self.port, self.code, self.token, self.is_json = port, code, token, profile == "json"
        self.names = dict(JSON_NAMES, **(names or {}))
        self.idle = asyncio.Queue()
        for _ in range(connections):
            self.idle.put_nowait(None)

    def body(self, session, phone, step, text):
        if self.is_json:
            return "application/json", json.dumps({
                self.names["session"]: session, self.names["phone"]: phone, self.names["code"]: self.code,
                self.names["text"]: text, self.names["step"]: step})
        return "application/x-www-form-urlencoded", urllib.parse.urlencode(
            {"sessionId": session, "serviceCode": self.code, "phoneNumber": phone, "networkCode": "45204", "text": text})

    async def exchange(self, pipe, kind, body):
        reader, writer = pipe
        data = body.encode()
        writer.write((f"POST /ussd HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {self.token}\r\n"
                      f"Content-Type: {kind}\r\nContent-Length: {len(data)}\r\n\r\n").encode() + data)
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = re.search(r"^content-length: (\d+)", head, re.MULTILINE | re.IGNORECASE)
        answer = await reader.readexactly(int(length.group(1)) if length else 0)
        return int(head.split(" ", 2)[1]), answer.decode()

    async def call(self, session, phone, step, text):
        """(screen, whether it ends, seconds). A call that nobody answered raises Failed."""
        kind, body = self.body(session, phone, step, text)
        pipe = await self.idle.get()
        began = time.monotonic()
        try:
            if not pipe or pipe[1].is_closing():
                pipe = await asyncio.open_connection("127.0.0.1", self.port)
                began = time.monotonic()
            status, answer = await asyncio.wait_for(self.exchange(pipe, kind, body), ANSWER_S)
            took = time.monotonic() - began
        except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError) as error:
            if pipe:
                pipe[1].close()
            pipe = None
            raise Failed(repr(error)) from error
        finally:
            self.idle.put_nowait(pipe)
        if status != 200:
            raise Failed(f"status {status}: {answer[:200]}")
        return (*self.read(answer), took)

    def read(self, answer):
        if self.is_json:
            said = json.loads(answer)
            return said[self.names["answer"]], said[self.names["end"]]
        if answer[:4] not in ("CON ", "END "):
            raise Failed(f"neither CON nor END: {answer[:40]!r}")
        return answer[4:], answer[:4] == "END "

    async def close(self):
        while not self.idle.empty():
            pipe = self.idle.get_nowait()
            if pipe:
                pipe[1].close()


class Session:
    """What a gateway knows of one: its calls, and how each was answered."""

    def __init__(self, world, name, phone):
        self.world, self.name, self.phone = world, name, phone
        self.typed = []
        self.calls = []  # (step, text, screen, is_end)
        self.is_over = False

    async def send(self, step, text):
        """Until somebody answers: a gateway that hears nothing asks again, and must be told the same."""
        while True:
            try:
                screen, is_end, took = await self.world.gateway.call(self.name, self.phone, step, text)
                self.world.took.append(took)
                return screen, is_end
            except Failed as error:
                if not self.world.is_patient:
                    raise
                self.world.unanswered.append(str(error))
                await asyncio.sleep(0.05)

    def check(self, step, screen):
        count = letters(screen)
        if count is None or count > SCREEN_MAX or not screen.strip():
            self.world.wrong.append(f"{self.name} step {step}: a screen of {count} letters: {screen!r}")

    async def again(self, call):
        step, text, screen, is_end = call
        if await self.send(step, text) != (screen, is_end):
            self.world.wrong.append(f"{self.name} step {step}: another answer when it came again")

    async def type(self, words):
        """What he sees then; words None: he dials."""
        world = self.world
        if words is not None:
            self.typed.append(words)
        step = len(self.typed) + 1
        text = (words or world.gateway.code) if world.gateway.is_json else "*".join(self.typed)
        screen, is_end = await self.send(step, text)
        self.check(step, screen)
        self.calls.append((step, text, screen, is_end))
        self.is_over = is_end
        if world.chance(world.repeat):
            await self.again(self.calls[-1])
        if world.chance(world.late):
            await self.again(world.random.choice(self.calls))
        return screen[:SCREEN_MAX]


class World:
    """Residents who dial; the chances are of 100."""

    def __init__(self, gateway, seed=1, repeat=0, late=0, drop=0, think_s=0.0, is_patient=False):
        self.gateway, self.random = gateway, random.Random(seed)
        self.repeat, self.late, self.drop = repeat, late, drop
        self.think_s, self.is_patient = think_s, is_patient
        self.seed, self.session_count = seed, 0
        self.took, self.wrong, self.unanswered, self.codes = [], [], [], []
        self.dropped, self.ended = 0, 0

    def chance(self, of_100):
        return self.random.random() * 100 < of_100

    def session(self, phone):
        self.session_count += 1
        return Session(self, f"sim-{self.seed}-{self.session_count}", phone)

    def words(self, screen):
        """What he types: mostly something that is on the screen."""
        items = ITEM.findall(screen)
        if not items:
            return self.random.choice(QUESTIONS if "?" in screen else TEXTS)
        roll = self.random.random()
        if roll < 0.04:
            return self.random.choice(("7", "x", "#", ""))
        if roll < 0.08:
            return "0"
        if roll < 0.12 and "9 " in screen:
            return "9"
        return self.random.choice(items)

    async def think(self):
        if self.think_s:
            await asyncio.sleep(self.random.uniform(0.5, 1.5) * self.think_s)

    async def resident(self, phone):
        """One session after another until one has ended as it should."""
        session = None
        while not session or not session.is_over:
            session = await self.visit(phone)
        return session

    async def visit(self, phone):
        """A session, until it ends or breaks off."""
        session = self.session(phone)
        screen = await session.type(None)
        while not session.is_over and len(session.typed) < STEPS_MAX:
            await self.think()
            if self.chance(self.drop):
                break
            screen = await session.type(self.words(screen))
        self.ended += session.is_over
        self.dropped += not session.is_over
        found = TAKEN.search(screen) if session.is_over else None
        if found:
            self.codes.append((session, found.group(1) or found.group(2)))
        return session

    async def stay(self, count, seconds):
        """So many sessions at any time, for so long: whose session is over dials again."""
        async def always(n):
            await asyncio.sleep(self.random.random() * self.think_s)
            while True:
                await self.visit(f"+8490000{n % 10000:04d}")
        people = [asyncio.ensure_future(always(n)) for n in range(count)]
        done, _pending = await asyncio.wait(people, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
        for person in people:
            person.cancel()
        await asyncio.gather(*people, return_exceptions=True)
        for person in done:
            person.result()  # none ends but by a fault

    async def residents(self, count, first=0):
        """All of them at once, over a second or as long as they think."""
        async def late(n):
            await asyncio.sleep(self.random.random() * max(self.think_s, 0.0))
            return await self.resident(f"+8490000{(first + n) % 10000:04d}")
        return await asyncio.gather(*(late(n) for n in range(count)))

    def figures(self):
        ordered = sorted(self.took) or [0.0]

        def at(share):
            return round(1000 * ordered[max(0, -(-len(ordered) * share // 100) - 1)], 3)
        return {"calls": len(self.took), "ended": self.ended, "dropped": self.dropped, "reports": len(self.codes),
                "unanswered": len(self.unanswered), "p50_ms": at(50), "p90_ms": at(90), "p99_ms": at(99),
                "max_ms": round(1000 * ordered[-1], 3), "wrong": self.wrong[:20]}


def read_token(path):
    return pathlib.Path(path).read_text(encoding="utf-8").strip()


async def play(gateway, phone):
    session = World(gateway, seed=int(time.time())).session(phone)
    screen = await session.type(None)
    while True:
        print(screen)
        if session.is_over:
            return 0
        print("> ", end="", flush=True)
        line = await asyncio.to_thread(sys.stdin.readline)
        if not line:
            return 0  # he hung up
        screen = await session.type(line.rstrip("\n"))


async def run(args):
    gateway = Gateway(args.port, args.code, read_token(args.token), args.profile, args.connections)
    try:
        if args.dial:
            return await play(gateway, args.dial)
        world = World(gateway, args.seed, args.repeat, args.late, args.drop, args.think)
        began = time.monotonic()
        await world.residents(args.sessions, args.first)
        print(json.dumps(dict(world.figures(), seconds=round(time.monotonic() - began, 3)), ensure_ascii=False))
        return 1 if world.wrong else 0
    finally:
        await gateway.close()


def parse(argv):
    parser = argparse.ArgumentParser(description="The aggregator that calls binhyend's USSD callback.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--code", required=True, help="ussd.service_code")
    parser.add_argument("--token", required=True, metavar="FILE", help="holds the token, as the secret of binhyend")
    parser.add_argument("--profile", choices=("africas_talking", "json"), default="africas_talking",
                        help="json: with step and the names that are the default")
    parser.add_argument("--dial", metavar="PHONE", help="play one resident at the keyboard")
    parser.add_argument("--sessions", type=int, default=10)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--think", type=float, default=0.0, metavar="S", help="before he types, half to one and a half of it")
    parser.add_argument("--repeat", type=float, default=0.0, metavar="P")
    parser.add_argument("--late", type=float, default=0.0, metavar="P")
    parser.add_argument("--drop", type=float, default=0.0, metavar="P")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, metavar="N", help="of the numbers of the phones")
    return parser.parse_args(argv)


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(run(parse(sys.argv[1:]))))
    except Failed as error:
        sys.exit(f"sim_ussd.py: {error}")
