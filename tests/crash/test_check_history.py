# SPDX-License-Identifier: GPL-2.0-or-later
"""check_history.py finds what is planted, and nothing in a history that is as it should be."""
import copy
import sys
import unittest

import check_history

RECEIPT = "Cong an xa da nhan duoc tin cua ong/ba, so 1, ma AB12. Neu nguy hiem, xin goi ngay 113."
ALARM = "Binhyen: co tin bao moi so 1/2026, nhan luc 10:00. De nghi dong chi truc ban xem tren may cua tru so."
CLIMBED = "Binhyen KHAN: chua co ai nhan 2 tin bao, co the co nguoi gap nguy hiem: so 1/2026, 2/2026. Nhan viec tra loi: OK 354"


def row(number, kind, state, **fields):
    return {"ev": "row", "id": number, "channel": "modem", "kind": kind, "state": state, "is_final": state == "DELIVERED",
            "attempts": 1, "error": None, "report": "2026-1", **fields}


def on_air(number, to, text, seq=1, total=1, ref=0):
    return {"ev": "radio", "modem": "modem0", "what": "accepted", "n": number, "to": to, "text": text, "seq": seq,
            "total": total, "ref": ref, "mr": number}


def good():
    """One text in, its receipt, its alarm said again after a doubt, a long answer."""
    return [
        {"ev": "wrote", "modem": "modem0", "ids": [1, 2], "text": "chay nha o ap 3"},
        {"ev": "poison", "modem": "modem0", "id": 3},
        {"ev": "called", "modem": "modem0"},
        *({"ev": "radio", "modem": "modem0", "what": "stored", "id": number} for number in (1, 2, 3)),
        {"ev": "life"},
        {"ev": "move", "id": 1, "from": "QUEUED", "to": "CLAIMED"},
        {"ev": "move", "id": 1, "from": "CLAIMED", "to": "SENT"},
        {"ev": "life"},
        {"ev": "move", "id": 1, "from": "SENT", "to": "DELIVERED"},
        {"ev": "seen", "id": 1, "state": "SENT", "is_final": False, "attempts": 1},
        {"ev": "seen", "id": 1, "state": "DELIVERED", "is_final": True, "attempts": 1},
        {"ev": "asked", "text": "tra loi, phan dau va phan cuoi"},
        {"ev": "promised", "outbox": 4, "text": "tra loi, phan dau va phan cuoi"},
        on_air(1, "+84900000001", RECEIPT),
        on_air(2, "+84900009001", ALARM),
        on_air(3, "+84900009001", "(nhac lai) " + ALARM),
        on_air(4, "+84900000001", "tra loi, phan dau ", 1, 2, 7),
        on_air(5, "+84900000001", "va phan cuoi", 2, 2, 7),
        {"ev": "end", "drained": True, "left": {}},
        {"ev": "report", "report": "2026-1", "number": 1, "year": 2026, "code": "AB12"},
        {"ev": "entry", "report": "2026-1", "kind": "received", "text": "chay nha o ap 3", "outbox": 0},
        {"ev": "entry", "report": "2026-1", "kind": "answer", "text": "tra loi, phan dau va phan cuoi", "outbox": 4},
        {"ev": "entry", "report": "2026-2", "kind": "received", "text": check_history.CALL_TEXT, "outbox": 0},
        row(1, "receipt", "DELIVERED"),
        row(2, "alarm", "IN_DOUBT", error="TIMEOUT"),
        row(3, "alarm", "DELIVERED"),
        row(4, "answer", "DELIVERED"),
        {"ev": "inbox", "kind": "text", "state": "HANDLED"},
        {"ev": "quarantine", "count": 1},
        {"ev": "repeat", "id": 3, "of": 2},
        {"ev": "sound", "ok": True},
    ]


class Planted(unittest.TestCase):
    def setUp(self):
        self.events = good()

    def find(self, ev, **fields):
        return next(event for event in self.events
                    if event["ev"] == ev and all(event.get(key) == value for key, value in fields.items()))

    def again(self, ev, **fields):
        self.events.append(copy.deepcopy(self.find(ev, **fields)))

    def drop(self, ev, **fields):
        self.events.remove(self.find(ev, **fields))

    def change(self, ev, where, **fields):
        self.find(ev, **where).update(fields)

    def expect(self, words):
        faults = check_history.check(self.events)
        self.assertTrue(any(words in fault for fault in faults), faults)

    def test_nothing_is_wrong(self):
        self.assertEqual(check_history.check(self.events), [])

    def test_a_text_is_lost(self):
        self.drop("entry", kind="received", report="2026-1")
        self.expect("is in the store 0 times")

    def test_a_text_is_doubled(self):
        self.again("entry", kind="received", report="2026-1")
        self.expect("is in the store 2 times")

    def test_a_text_has_other_words(self):
        self.change("entry", {"report": "2026-1", "kind": "received"}, text="chay nha o ap 4")
        self.expect("was written 0 times")

    def test_equal_texts_are_two(self):
        self.again("wrote")
        self.expect("was written 2 times and is in the store 1 times")

    def amend(self, *texts):
        """What came of the text at first, and what it was amended to."""
        entry = self.find("entry", kind="received", report="2026-1")
        at = self.events.index(entry)
        entry["text"] = texts[0]
        for n, text in enumerate(texts[1:], 1):
            self.events.insert(at + n, {**entry, "kind": "amended", "text": text})

    def test_a_late_part_amends(self):
        gap = check_history.GAP
        self.amend(f"{gap}nha o {gap}", f"chay nha o {gap}", "chay nha o ap 3")
        self.assertEqual(check_history.check(self.events), [])

    def test_a_late_part_takes_words_away(self):
        gap = check_history.GAP
        self.amend(f"{gap}nha o ap 4", "chay nha o ap 3")
        self.expect("amended with other words")

    def test_a_late_part_doubles(self):
        self.amend(f"{check_history.GAP}nha o ap 3", "chay nha o ap 3", "chay nha o ap 3")
        self.expect("amended with other words")

    def test_a_part_never_comes(self):
        self.amend(f"{check_history.GAP}nha o ap 3")
        self.expect("was written 0 times")

    def test_a_text_stays_at_the_network(self):
        self.drop("radio", what="stored", id=2)
        self.expect("never reached the modem")

    def test_a_call_comes_from_nowhere(self):
        self.drop("called")
        self.expect("1 calls are in the store")

    def test_poison_is_lost_or_doubled(self):
        for count in (0, 2):
            self.change("quarantine", {}, count=count)
            self.expect(f"{count} are in quarantine")

    def test_libgammu_may_tell_of_poison_in_two_ways(self):
        self.events.append({"ev": "town", "drivers": ["at", "gammu"]})
        for count, is_right in ((0, False), (1, True), (2, True), (3, False)):
            self.change("quarantine", {}, count=count)
            self.assertEqual(check_history.check(self.events) == [], is_right)

    def test_a_segment_goes_out_twice(self):
        for number in (1, 2, 5):
            self.events = good()
            self.again("radio", what="accepted", n=number)
            self.expect("2 times")

    def test_a_message_is_sent_again_through_another_modem(self):
        self.again("radio", what="accepted", n=1)
        self.events[-1].update(modem="modem1", n=1, mr=9)
        self.expect("2 times")

    def test_an_alarm_is_said_again_without_a_doubt(self):
        self.drop("repeat")
        self.expect("said again without a doubt")

    def climb(self):
        """The alarm climbs a step; that message is in doubt and said again."""
        self.events += [row(5, "alarm", "IN_DOUBT", error="IN_DOUBT"), row(6, "alarm", "DELIVERED"),
                        {"ev": "repeat", "id": 6, "of": 5}, on_air(6, "+84900009001", CLIMBED),
                        on_air(7, "+84900009001", "(nhac lai) " + CLIMBED)]

    def test_a_step_of_an_alarm_is_said_again(self):
        self.climb()
        self.assertEqual(check_history.check(self.events), [])
        self.drop("radio", what="accepted", n=7)
        self.expect("row 6 (alarm) is DELIVERED with error None, the radio took it 0 times")

    def test_each_step_of_a_long_alarm_ends_alike(self):
        end = "tra loi: OK 354"
        for number in range(3):
            self.events += [row(5 + number, "alarm", "DELIVERED"),
                            on_air(10 + 2 * number, "+84900009001", CLIMBED.removesuffix(end), 1, 2, number),
                            on_air(11 + 2 * number, "+84900009001", end, 2, 2, number)]
        self.assertEqual(check_history.check(self.events), [])
        self.events += [on_air(20, "+84900009001", CLIMBED.removesuffix(end), 1, 2, 9),
                        on_air(21, "+84900009001", end, 2, 2, 9)]
        self.expect(f"part 2 of 2 to 001 4 times: '{end}'")

    def test_the_step_that_was_torn_is_not_the_one_that_was_delivered(self):
        end = "tra loi: OK 354"
        torn, whole = CLIMBED.removesuffix(end), (CLIMBED.removesuffix(end), end)
        self.events += [row(5, "alarm", "IN_DOUBT", error="IN_DOUBT"), row(6, "alarm", "DELIVERED"),
                        on_air(10, "+84900009001", torn, 1, 2, 1),
                        on_air(11, "+84900009001", whole[0], 1, 2, 2), on_air(12, "+84900009001", whole[1], 2, 2, 2)]
        self.assertEqual(check_history.check(self.events), [])
        self.drop("radio", what="accepted", n=12)
        self.expect("row 6 (alarm) is DELIVERED with error None, the radio took it 0 times")

    def test_an_alarm_may_climb_once_all_is_over(self):
        late = row(5, "alarm", "QUEUED", attempts=0, due="2026-11-22T19:43:24+07:00")
        self.events.append(late)
        self.change("end", {}, at_ms=check_history.milliseconds("2026-11-22T19:43:05+07:00"))
        self.assertEqual(check_history.check(self.events), [])
        late["due"] = "2026-11-22T19:43:04+07:00"
        self.expect("row 5 ended as QUEUED")

    def test_an_answer_is_said_again(self):
        self.events.append({"ev": "repeat", "id": 4, "of": 1})
        self.expect("which is no alarm")

    def test_it_says_sent_and_was_not(self):
        for number, state in ((1, "SENT"), (4, "DELIVERED")):
            self.events = good()
            self.change("row", {"id": number}, state=state)
            self.drop("radio", what="accepted", n=number)
            self.expect(f"is {state} with error None, the radio took it 0 times")

    def test_it_was_sent_and_does_not_say_so(self):
        for state, error in (("CANCELLED", None), ("EXPIRED", "EXPIRED"), ("FAILED", "REFUSED")):
            self.change("row", {"id": 4}, state=state, error=error, is_final=True)
            self.expect("but the radio took it")

    def test_a_part_was_sent_and_nothing_says_so(self):
        self.drop("radio", what="accepted", n=5)
        self.change("row", {"id": 4}, state="EXPIRED", error="EXPIRED", is_final=True)
        self.expect("the radio took a part of it")

    def test_a_doubt_has_no_reason(self):
        self.change("row", {"id": 2}, error=None)
        self.expect("does not say why")

    def test_the_radio_says_what_nobody_wrote(self):
        self.events.append(on_air(9, "+84900000001", "chao ban"))
        self.expect("what no row says")

    def test_a_move_that_no_table_allows(self):
        self.events.append({"ev": "move", "id": 1, "from": "DELIVERED", "to": "QUEUED"})
        self.expect("moved from DELIVERED to QUEUED")

    def test_a_move_from_where_it_never_was(self):
        self.events.append({"ev": "move", "id": 4, "from": "SUBMITTED", "to": "SENT"})
        self.expect("where it never was")

    def test_a_final_row_moves_on(self):
        self.events.append({"ev": "seen", "id": 1, "state": "SENT", "is_final": False, "attempts": 1})
        self.expect("for good and is SENT")

    def test_attempts_are_forgotten(self):
        self.events.append({"ev": "seen", "id": 1, "state": "DELIVERED", "is_final": True, "attempts": 0})
        self.expect("had 1 attempts and has 0")

    def test_a_row_vanishes(self):
        self.drop("row", id=1)
        self.expect("row 1 is gone")

    def test_an_acknowledged_answer_is_lost(self):
        self.drop("row", id=4)
        self.expect("was acknowledged, and there is no row 4")

    def test_an_acknowledged_answer_says_something_else(self):
        self.change("promised", {}, text="khac")
        self.expect("does not say")

    def test_an_answer_that_nobody_gave(self):
        self.drop("asked")
        self.expect("answers what nobody asked for")

    def test_something_stays_half_way(self):
        self.change("end", {}, drained=False, left={"QUEUED": 1})
        self.expect("stayed half-way")
        self.change("row", {"id": 1}, state="CLAIMED")
        self.expect("ended as CLAIMED")
        self.change("inbox", {}, state="NEW")
        self.expect("ended as NEW")

    def test_the_database_is_damaged(self):
        self.change("sound", {}, ok=False)
        self.expect("damaged")

    def test_half_a_history_proves_nothing(self):
        for name in ("end", "sound", "quarantine"):
            self.events = good()
            self.drop(name)
            self.expect(f"0 lines {name!r}")


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    unittest.main()
