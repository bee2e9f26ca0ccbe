#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Groups of the account: the daemon's Zalo side against sim-zalo. Usage: test_zalo_group.py ZALO_CLIENT BIN_DIR"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../lib"))

import shard
from test_zalo_client import ANNA, BINH, Base
from zaloclient import HOUR_MS, MINUTE_MS

DAY_MS = 24 * HOUR_MS
ADMIN = "9007199254740990001"
CHI = "9007199254740993003"
API = "/v3.0/oa/group/"
PHONES = {ANNA: "+84900001001", BINH: "+84900001002", CHI: "+84900001003"}


class Groups(Base):
	options = {"groups": []}
	settings = {"groups": True}

	def setUp(self):
		super().setUp()
		self.zalo.group_do("asset", asset="a50", type="gmf50")
		for user in PHONES:
			self.zalo.write(user, "xin chao")
		self.ok("place", code="thon-3", name="Thôn 3", kind="hamlet")

	def ok(self, what, **more):
		self.assertEqual(self.client.ask("group_" + what, **more)["err"], "OK")

	def refused(self, err, what, **more):
		self.assertEqual(self.client.ask("group_" + what, **more)["err"], err)

	def group(self, group=1):
		return next(row for row in self.client.ask("group_list") if row["id"] == group)

	def acts(self, group=1, **match):
		return [act for act in self.client.ask("group_acts", group=group)
			if all(act[key] == value for key, value in match.items())]

	def people(self, group=1, **match):
		return [row for row in self.client.ask("group_people", group=group)
			if all(row[key] == value for key, value in match.items())]

	def pass_days(self, days):
		# Zalo first: a token must not be younger than its service.
		self.zalo.do("clock", ms=days * DAY_MS)
		self.client.ask("clock", ms=days * DAY_MS)

	def until_act(self, kind, *states, clock_ms=0, group=1):
		"""The newest act of that kind, once it is in one of the states."""
		def find(acts):
			return [act for act in acts if act["kind"] == kind][-1:]
		return find(self.client.until("group_acts", lambda acts: find(acts) and
			find(acts)[0]["state"] in states, clock_ms=clock_ms, group=group))[0]

	def until_group(self, is_so, clock_ms=0, group=1):
		return self.client.until("group_list", lambda rows: any(row["id"] == group and is_so(row)
			for row in rows), clock_ms=clock_ms)

	def create(self, **more):
		self.ok("create", place="thon-3", asset="a50", founders=[ADMIN, ANNA], **more)
		self.until_act("create", "DONE")
		return self.made()

	def made(self):
		"""The one group of the account that was not there from the start."""
		groups = [group for group in self.zalo.gmf()["groups"] if group["asset_id"]]
		self.assertEqual(len(groups), 1)
		return groups[0]

	def settled(self):
		"""A group that was created and mended, and whose lists were read."""
		group = self.create()
		self.until_group(lambda row: row["listed"] and row["requests"])
		self.client.until("group_acts", lambda acts: all(act["state"] == "DONE" for act in acts),
			group=1)
		return self.made()["group_id"]

	def look(self, is_so):
		self.ok("look", group=1)
		self.until_group(is_so)

	def number(self, user, state="MEMBER"):
		"""The alias of the newest person in that state."""
		return self.client.until("group_people", lambda rows: any(row["state"] == state
			for row in rows), group=1) and self.people(state=state)[-1]["id"]


class Creation(Groups):
	def test_a_group_is_made_as_it_has_to_be(self):
		self.create(name="Thôn 3 - Công an xã", lock_send_msg=True)
		self.until_act("update", "DONE")
		group = self.made()
		self.assertEqual(group["name"], "Thôn 3 - Công an xã")
		self.assertEqual(group["settings"], {"lock_send_msg": True, "join_appr": True,
			"enable_msg_history": False, "enable_link_join": True})
		self.assertEqual([m["user_id"] for m in group["members"]], [ADMIN, ANNA])
		row = self.group()
		self.assertEqual((row["state"], row["drift"]), ("ACTIVE", ""))
		self.refused("EXISTS", "create", place="thon-3", asset="a50", founders=[ADMIN])
		self.assertEqual(self.zalo.calls(API + "creategroupwithoa"), 1)

	def test_the_smallest_free_asset_is_taken(self):
		self.zalo.group_do("asset", asset="a10", type="gmf10")
		self.zalo.group_do("asset", asset="a9", type="gmf10", days=-1)
		self.client.until("group_assets", lambda rows: len(rows) == 3, clock_ms=HOUR_MS)
		self.ok("create", place="thon-3", founders=[ADMIN])
		self.until_act("create", "DONE")
		self.assertEqual(self.made()["asset_id"], "a10")

	def test_a_refusal_ends_it(self):
		self.ok("create", place="thon-3", asset="a50", founders=[ANNA])  # no administrator
		act = self.until_act("create", "FAILED")
		self.assertEqual((act["code"], act["attempts"]), (-201, 1))
		self.assertEqual(self.group()["state"], "ABANDONED")
		self.ok("create", place="thon-3", asset="a50", founders=[ADMIN])
		self.until_act("create", "DONE", group=2)

	def test_a_lost_answer_is_settled_by_the_asset(self):
		self.zalo.do("lost_answer", path=API + "creategroupwithoa")
		self.ok("create", place="thon-3", asset="a50", founders=[ADMIN])
		self.assertEqual(self.until_act("create", "DONE")["attempts"], 1)
		self.until_act("update", "DONE")
		self.assertEqual(self.made()["settings"]["join_appr"], True)
		self.assertEqual(self.zalo.calls(API + "creategroupwithoa"), 1)

	def test_what_was_never_carried_out_is_tried_again_after_a_minute(self):
		self.zalo.do("lost_answer", path=API + "creategroupwithoa", acted=False)
		self.ok("create", place="thon-3", asset="a50", founders=[ADMIN])
		self.until_act("create", "IN_DOUBT")
		self.client.until("group_assets", lambda rows: rows)
		self.assertEqual(self.until_act("create", "IN_DOUBT", "QUEUED")["state"], "IN_DOUBT")
		self.assertEqual(self.until_act("create", "DONE", clock_ms=20000)["attempts"], 2)
		self.made()

	def test_over_the_rate_is_not_carried_out(self):
		self.zalo.do("error", error=-32, path=API + "creategroupwithoa")
		self.ok("create", place="thon-3", asset="a50", founders=[ADMIN])
		self.assertEqual(self.until_act("create", "DONE", clock_ms=20000)["attempts"], 2)
		self.made()

	def test_offline_it_waits(self):
		self.zalo.down()
		self.ok("create", place="thon-3", asset="a50", founders=[ADMIN])
		self.client.until("status", lambda status: not status["reachable"])
		self.client.kill()
		self.client.start()
		self.zalo.up()
		self.until_act("create", "DONE", clock_ms=MINUTE_MS)
		self.made()


class Crashes(Groups):
	def crash_at(self, path, ms, begin, kind, acted=True, late=False):
		"""Kills the daemon while it waits for the answer of one call; acted: Zalo carried it out."""
		before = self.zalo.calls(path)
		self.zalo.do("slow", path=path, ms=ms, acted=acted, late=late)
		begin()
		self.zalo.wait_calls(path, before + 1)
		self.client.kill()
		self.zalo.do("clear")
		self.client.start()
		return self.until_act(kind, "DONE", clock_ms=20000)

	def test_create_once(self):
		def begin():
			self.ok("create", place="thon-3", asset="a50", founders=[ADMIN])
		self.assertEqual(self.crash_at(API + "creategroupwithoa", 60000, begin, "create")["attempts"], 1)
		self.made()
		self.assertEqual(self.zalo.calls(API + "creategroupwithoa"), 1)

	def test_create_that_never_was(self):
		def begin():
			self.ok("create", place="thon-3", asset="a50", founders=[ADMIN])
		self.zalo.do("lost_answer", path=API + "creategroupwithoa", acted=False, ms=60000)
		begin()
		self.zalo.wait_calls(API + "creategroupwithoa", 1)
		self.client.kill()
		self.client.start()
		self.assertEqual(self.until_act("create", "DONE", clock_ms=20000)["attempts"], 2)
		self.made()

	def test_killed_before_anything_left(self):
		"""Between the order and the claim, or the claim and the call: wherever it falls, once."""
		self.zalo.down("blackhole")
		self.ok("create", place="thon-3", asset="a50", founders=[ADMIN])
		self.client.kill()
		self.zalo.up()
		self.client.start()
		self.until_act("create", "DONE", clock_ms=20000)
		self.made()

	def test_every_act_is_done_once(self):
		group = self.settled()
		self.zalo.group_do("join", group=group, user=BINH, name="Bình")
		self.zalo.group_do("join", group=group, user=CHI, name="Chi")
		self.look(lambda row: row["requests"])
		asking = [row["id"] for row in self.people(state="ASKING")]
		self.assertEqual(len(asking), 2)
		self.crash_at(API + "acceptpendinginvite", 60000,
			lambda: self.ok("answer", group=1, person=asking[0], accept=True), "accept")
		self.crash_at(API + "rejectpendinginvite", 60000,
			lambda: self.ok("answer", group=1, person=asking[1], accept=False), "reject")
		self.crash_at(API + "updateinfo", 60000,
			lambda: self.ok("set", group=1, lock_send_msg=True), "update")
		self.crash_at(API + "addadmins", 60000,
			lambda: self.ok("deputy", group=1, person=asking[0], on=True), "add_deputy")
		self.crash_at(API + "removeadmins", 60000,
			lambda: self.ok("deputy", group=1, person=asking[0], on=False), "remove_deputy")
		self.crash_at(API + "removemembers", 60000,
			lambda: self.ok("remove", group=1, person=asking[0]), "remove")
		self.crash_at(API + "invite", 60000, lambda: self.ok("invite", group=1, user=CHI), "invite")
		self.zalo.group_do("asset", asset="b100", type="gmf100")
		self.crash_at(API + "updateasset", 60000,
			lambda: self.ok("renew", group=1, asset="b100"), "asset")
		made = self.made()
		self.assertEqual({m["user_id"] for m in made["members"]}, {ADMIN, ANNA, CHI})
		self.assertEqual((made["asset_id"], made["pending"]), ("b100", []))
		self.assertEqual(made["settings"]["lock_send_msg"], True)
		for path in ("acceptpendinginvite", "rejectpendinginvite", "removemembers", "updateasset", "invite"):
			self.assertEqual(self.zalo.calls(API + path), 1, path)
		name = self.group()["name"]
		self.crash_at(API + "delete", 60000, lambda: self.ok("delete", group=1, name=name), "delete")
		self.assertEqual(self.group()["state"], "GONE")
		self.assertEqual(self.zalo.calls(API + "delete"), 1)


class Requests(Groups):
	def setUp(self):
		super().setUp()
		self.gid = self.settled()

	def ask_in(self, user, **more):
		self.zalo.group_do("join", group=self.gid, user=user, **more)

	def test_who_is_on_the_list_is_let_in(self):
		self.ok("resident", phone=PHONES[BINH], name="Nguyễn Văn B", place="thon-3", role="member")
		self.zalo.do("user", user=BINH, phone="84900001002")
		self.ask_in(BINH)
		self.ok("look", group=1)
		self.assertEqual(self.until_act("accept", "DONE")["actor"], "system")
		self.assertIn(BINH, [m["user_id"] for m in self.made()["members"]])
		# He is known from now on: no question is needed when he comes back, and none would be answered.
		self.zalo.do("error", path="/v3.0/oa/user/detail", error=-201, count=-1)
		self.zalo.group_do("leave", group=self.gid, user=BINH)
		self.look(lambda row: row["listed"])
		self.ask_in(BINH)
		self.ok("look", group=1)
		self.client.until("group_acts", lambda acts: [act["state"] for act in acts
			if act["kind"] == "accept"] == ["DONE", "DONE"], group=1)

	def test_others_wait_for_an_officer(self):
		self.zalo.do("user", user=BINH, phone="84900001999")  # on no list
		self.ask_in(BINH, name="Người lạ")
		self.ask_in(CHI)
		self.look(lambda row: row["requests"])
		asking = self.people(state="ASKING")
		self.assertEqual([row["named"] for row in asking], [True, True])
		self.zalo.wait_calls("/v3.0/oa/user/detail", 2)
		self.assertEqual(self.acts(kind="accept"), [])
		self.ok("answer", group=1, person=asking[0]["id"], accept=True)
		self.ok("answer", group=1, person=asking[1]["id"], accept=False)
		self.until_act("accept", "DONE")
		self.until_act("reject", "DONE")
		self.assertEqual([row["named"] for row in self.people(state="MEMBER")], [False] * 3)
		self.refused("STATE", "answer", group=1, person=asking[1]["id"], accept=True)

	def test_a_number_that_somebody_shows_twice_is_left_to_an_officer(self):
		self.ok("resident", phone=PHONES[BINH], name="B", place="thon-3", role="member")
		self.zalo.do("user", user=BINH, phone="0900001002")
		self.ask_in(BINH)
		self.ok("look", group=1)
		self.until_act("accept", "DONE")
		self.zalo.do("user", user=CHI, phone="0900001002")
		self.ask_in(CHI)
		self.look(lambda row: row["requests"])
		self.zalo.wait_calls("/v3.0/oa/user/detail", 2)
		self.assertEqual(len(self.acts(kind="accept")), 1)
		self.assertEqual(len(self.people(state="ASKING")), 1)

	def test_a_request_taken_back_is_over(self):
		self.ask_in(BINH)
		self.look(lambda row: row["requests"])
		number = self.people(state="ASKING")[0]["id"]
		self.zalo.group_do("leave", group=self.gid, user=BINH)
		self.look(lambda row: row["requests"])
		self.assertEqual(self.people(id=number)[0]["state"], "GONE")
		self.refused("STATE", "answer", group=1, person=number, accept=True)

	def test_pages_of_requests_and_members(self):
		users = ["90071992547410%05d" % i for i in range(34)]
		for user in users:
			self.ask_in(user)
		self.look(lambda row: row["requests"])
		self.assertEqual(len(self.people(state="ASKING")), 34)
		for user in users:
			self.zalo.group_do("answer", group=self.gid, user=user)
		self.ok("look", group=1)
		self.client.until("group_people", lambda rows: sum(row["state"] == "MEMBER"
			for row in rows) == 36, group=1)
		self.assertEqual(self.people(state="ASKING"), [])


class Members(Groups):
	def test_members_are_compared(self):
		self.zalo.do("user", user=ANNA, phone=PHONES[ANNA])
		gid = self.settled()
		self.zalo.group_do("join", group=gid, user="9007199254740993009")
		self.zalo.group_do("answer", group=gid, user="9007199254740993009")  # by somebody in the app
		self.look(lambda row: row["listed"])
		self.client.until("group_counts", lambda c: c["strangers"] == 1, group=1)
		for phone in PHONES.values():
			self.ok("resident", phone=phone, name="Người " + phone[-1], place="thon-3", role="member")
		# A longer list is a reason to ask again who the members are. That may happen before it is complete: then only
		# the next look counts anew.
		self.ok("look", group=1)
		self.client.until("group_counts", lambda c: c["unknown"] == 2 and c["missing"] == 0 and
			c["strangers"] == 1, group=1)
		# The administrator, named when the group was made, belongs there though he is on no list.
		stranger = [row["id"] for row in self.people(state="MEMBER", listed=False, confirmed=False)]
		self.assertEqual(len(stranger), 1)
		self.ok("confirm", group=1, person=stranger[0])
		self.zalo.group_do("leave", group=gid, user=ANNA)
		self.look(lambda row: row["listed"])
		self.assertEqual(self.client.ask("group_counts", group=1),
			{"strangers": 0, "missing": 1, "unknown": 2})

	def test_deputies(self):
		gid = self.settled()
		anna = self.people(state="MEMBER")[-1]["id"]
		self.zalo.down()
		self.ok("deputy", group=1, person=anna, on=True)
		# What crosses it waits until that is over.
		self.refused("STATE", "remove", group=1, person=anna)
		self.refused("STATE", "handover", group=1, person=anna)
		self.zalo.up()
		self.until_act("add_deputy", "DONE", clock_ms=MINUTE_MS)
		self.assertEqual([m["admin"] for m in self.made()["members"]], [False, True])
		self.refused("STATE", "deputy", group=1, person=anna, on=True)
		self.refused("STATE", "remove", group=1, person=anna)
		self.ok("deputy", group=1, person=anna, on=False)
		self.until_act("remove_deputy", "DONE")
		self.assertEqual([m["admin"] for m in self.made()["members"]], [False, False])
		self.refused("STATE", "deputy", group=1, user=BINH, on=True)
		self.assertTrue(gid)

	def test_a_head_is_handed_over(self):
		self.settled()
		place = self.group()["place"]
		anna = self.people(state="MEMBER")[-1]["id"]
		self.ok("handover", group=1, person=anna)
		self.until_act("handover", "DONE")
		self.assertEqual(self.client.ask("group_head", place=place)["head"], anna)
		# The next one is not in the group yet, and comes late.
		self.zalo.group_do("invites", join=False)
		self.ok("handover", group=1, user=BINH)
		self.client.until("group_acts", lambda acts: acts[-1]["step"] == 1, group=1)
		self.assertEqual(self.client.ask("group_head", place=place)["head"], anna)
		self.zalo.group_do("join", group=self.made()["group_id"], user=BINH)
		# His rights first; the old head keeps his own until Zalo has said yes.
		self.zalo.do("http_500", path=API + "addadmins", acted=False)
		self.zalo.do("lost_answer", path=API + "removeadmins")
		self.until_act("handover", "DONE", clock_ms=3 * MINUTE_MS)
		admins = {m["user_id"]: m["admin"] for m in self.made()["members"]}
		self.assertEqual(admins, {ADMIN: False, ANNA: False, BINH: True})
		head = self.client.ask("group_head", place=place)["head"]
		self.assertEqual(self.people(id=head)[0]["state"], "MEMBER")
		self.assertNotEqual(head, anna)
		log = [row["path"] for row in self.zalo.log() if row.get("path", "").endswith("admins")]
		self.assertEqual(log[:3], [API + "addadmins", API + "addadmins", API + "addadmins"])
		self.assertTrue(all(path == API + "removeadmins" for path in log[3:]))


class Drift(Groups):
	def test_what_people_change_is_changed_back(self):
		gid = self.settled()
		self.zalo.group_do("set", group=gid, name="Nhóm vui", join_appr=False)
		self.ok("look", group=1)
		self.client.until("group_acts", lambda acts: [act["state"] for act in acts
			if act["kind"] == "update"] == ["DONE", "DONE"], group=1)
		made = self.made()
		self.assertEqual((made["name"], made["settings"]["join_appr"]), ("Thôn 3", True))
		self.assertEqual(self.group()["drift"], "")
		self.assertIn('drift="name join_appr"', self.client.log())

	def test_a_picture_is_kept(self):
		gid = self.settled()
		self.ok("set", group=1, avatar="https://example.vn/huy-hieu.jpg")
		self.until_act("update", "DONE")
		kept = self.made()["avatar"]
		self.look(lambda row: row["checked"] and not row["drift"])
		updates = self.zalo.calls(API + "updateinfo")
		self.zalo.group_do("set", group=gid, avatar="https://s120-ava-grp.zadn.vn/other.jpg")
		self.ok("look", group=1)
		self.zalo.wait_calls(API + "updateinfo", updates + 1)
		self.until_act("update", "DONE")
		self.assertEqual(self.made()["avatar"].split("?")[0], kept.split("?")[0])

	def test_a_fight_is_left_to_people(self):
		gid = self.settled()
		for _ in range(9):
			self.zalo.group_do("set", group=gid, lock_send_msg=True, join_appr=False)
			self.ok("look", group=1)
			self.until_group(lambda row: row["checked"])
			self.client.until("group_acts", lambda acts: all(act["state"] == "DONE"
				for act in acts), group=1)
		self.assertLessEqual(self.zalo.calls(API + "updateinfo"), 8)
		self.assertIn("join_appr", self.group()["drift"])


class Ends(Groups):
	def warned(self):
		return self.client.log().count("ends=")

	def test_an_asset_that_ends_is_told_and_renewed(self):
		self.settled()
		self.zalo.group_do("asset", asset="a50", days=20)
		self.look(lambda row: row["checked"])
		for days, steps in ((5, 0), (2, 1), (6, 2), (6, 3)):
			self.pass_days(days)
			self.client.until("group_list", lambda rows, n=steps: self.warned() == n, clock_ms=1000)
		self.pass_days(2)
		self.until_group(lambda row: row["state"] == "DISABLED" and row["dissolves"], clock_ms=1000)
		self.zalo.group_do("asset", asset="b100", type="gmf100")
		self.ok("renew", group=1, asset="b100")
		self.until_act("asset", "DONE", clock_ms=1000)
		self.until_group(lambda row: row["state"] == "ACTIVE" and row["asset"] == "b100", clock_ms=1000)

	def test_a_group_that_zalo_dissolves_is_noticed(self):
		self.settled()
		self.zalo.group_do("asset", asset="a50", days=1)
		self.pass_days(2)
		self.until_group(lambda row: row["state"] == "DISABLED", clock_ms=1000)
		self.pass_days(45)
		self.until_group(lambda row: row["state"] == "GONE", clock_ms=MINUTE_MS)

	def test_one_answer_is_not_enough_to_believe_it(self):
		self.settled()
		self.zalo.do("error", error=-403, path=API + "getgroup", count=1)
		self.ok("look", group=1)
		self.client.until("group_list", lambda rows: "refused=yes" in self.client.log())
		self.until_group(lambda row: row["checked"], clock_ms=MINUTE_MS)
		self.assertEqual(self.group()["state"], "ACTIVE")



class Found(Groups):
	options = {"groups": ["9007199254740995001"]}

	def test_a_group_made_by_hand_is_found_and_linked(self):
		self.client.until("group_list", lambda rows: len(rows) == 1)
		self.assertEqual((self.group()["place"], self.group()["state"]), (0, "ACTIVE"))
		self.until_group(lambda row: row["checked"])
		self.refused("STATE", "set", group=1, lock_send_msg=True)
		self.ok("link", group=1, place="thon-3")
		self.until_act("update", "DONE")
		self.until_group(lambda row: row["listed"])
		self.assertNotEqual(self.group()["place"], 0)


del Base  # not again the tests of the other file
if __name__ == "__main__":
	shard.main(sys.argv, verbosity=2)
