#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A hamlet's Zalo group from the list of its residents to its members, by the commands that an officer uses."""
from scene import Refused, SceneTest, main, wait_until

ADMIN = "9007199254740990001"
ANNA, BINH = "9007199254740993001", "9007199254740993002"
LIST = ("Họ tên;Số điện thoại;Địa bàn;Vai trò\r\n"
        "Nguyễn Văn A;900001001;thon-3;household_head\r\n"
        "Trần Thị B;0900001002;thon-3;member\r\n")


class Groups(SceneTest):
    def file(self, s, name, text):
        path = s.dir / name
        path.write_bytes(text.encode("utf-8-sig"))
        return path

    def test_a_group_of_a_hamlet(self):
        s = self.scene(modems=0, zalo=True, zalo_options={"groups": []})
        s.zalo.group_do("asset", asset="a50", type="gmf50")
        for user in (ANNA, BINH):
            s.zalo.write(user, "xin chao")
        s.box.ctl("place", "thon-3", "hamlet", "Thôn 3")

        # A list with a fault is not taken over at all, and says where it is wrong.
        bad = self.file(s, "bad.csv", LIST + "X;0900001003;thon-9;member\r\n")
        with self.assertRaises(Refused) as refused:
            s.box.ctl("residents", "import", bad)
        self.assertIn("row 4", refused.exception.args[1])
        self.assertNotIn("00001003", refused.exception.args[1])
        self.assertEqual(s.box.ctl("places")["places"][0]["residents"], 0)

        good = self.file(s, "good.csv", LIST)
        self.assertEqual(s.box.ctl("residents", "check", good)["added"], 2)
        self.assertEqual(s.box.ctl("places")["places"][0]["residents"], 0)
        answer = s.box.ctl("residents", "import", good)
        self.assertEqual((answer["added"], answer["mended"]), (2, 1))
        self.assertEqual(s.box.ctl("residents", "import", good)["same"], 2)

        s.box.ctl("group", "create", "thon-3", "a50", ADMIN)
        wait_until(lambda: s.box.ctl("group", 1)["is"]["join_appr"], what="the group to be made and mended")
        group = s.zalo.gmf()["groups"][0]["group_id"]

        # Who shared a number of the list is let in; the other waits for an officer.
        s.zalo.do("user", user=ANNA, name="Người A", phone="84900001001")
        for user in (ANNA, BINH):
            s.zalo.group_do("join", group=group, user=user)
        s.box.ctl("group", 1, "check")
        wait_until(lambda: [act["state"] for act in s.box.ctl("group", 1, "acts")["acts"]
                            if act["kind"] == "accept"] == ["DONE"], what="the resident to be let in")
        requests = s.box.ctl("group", 1, "requests")["requests"]
        self.assertEqual(len(requests), 1)
        self.assertIn("GROUP_REQUESTS", [problem["code"] for problem in s.status()["problems"]])
        s.box.ctl("group", 1, "accept", requests[0]["person"])
        wait_until(lambda: {m["user_id"] for m in s.zalo.gmf()["groups"][0]["members"]} == {ADMIN, ANNA, BINH},
                   what="the other to be let in")

        # Killed and started again, it knows the group as it was; the log knows nobody.
        s.box.kill()
        s.box.start()
        self.assertEqual(s.box.ctl("groups")["groups"][0]["state"], "ACTIVE")
        for word in (ANNA, BINH, ADMIN, group, "00001001", "Người A", "Nguyễn"):
            self.assertNotIn(word, s.box.log())


if __name__ == "__main__":
    main()
