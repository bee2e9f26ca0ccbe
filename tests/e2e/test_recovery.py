#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Modems that hang until their power is cut: by a program, by USB in a tree like the kernel's, or by nobody."""
import os
import pathlib
import threading
import time

from scene import DUTY, SceneTest, main, wait_until


class Bus:
    """/sys as far as binhyend looks at it, with one modem in it; whoever takes it off the bus pulls the plug."""

    def __init__(self, root, modem):
        self.root, self.modem = pathlib.Path(root), modem
        self.device = self.root / "devices/pci0000:00/usb1/1-2"
        self.authorized = self.device / "authorized"
        self.seen = []
        port = self.device / "1-2:1.2" / "tty"
        port.mkdir(parents=True)
        (self.device / "idVendor").write_text("2c7c\n")
        self.authorized.write_text("1\n")
        self.link()
        self.is_over = False
        self.thread = threading.Thread(target=self.play)
        self.thread.start()

    def link(self):
        """The tty of the plugged modem, whose name may be another each time."""
        tty = self.root / "class/tty" / os.path.basename(os.path.realpath(self.modem.device))
        tty.mkdir(parents=True, exist_ok=True)
        if not (tty / "device").is_symlink():
            (tty / "device").symlink_to(self.device / "1-2:1.2")

    def play(self):
        before = "1"
        while not self.is_over:
            now = self.authorized.read_text().strip()
            if now and now != before:
                self.seen.append((now, time.monotonic()))
                before = now
                if now == "0":
                    self.modem.try_request("unplug")  # it may be out already
                else:
                    self.modem.plug()
                    self.link()
            time.sleep(0.02)

    def close(self):
        self.is_over = True
        self.thread.join()


class Power(SceneTest):
    def script(self, s, body):
        path = s.dir / "cut"
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
        return str(path)

    def scene_of_three(self, **options):
        s = self.scene(modems=3, start=False, duty=[DUTY], **options)
        bus = Bus(s.dir / "sys", s.modems[1])
        self.addCleanup(bus.close)
        modems = [{"name": f"modem{i}", "device": m.device, "power_after_s": 5} for i, m in enumerate(s.modems)]
        return s, bus, modems

    def test_what_hangs_until_its_power_is_cut(self):
        s, bus, modems = self.scene_of_three()
        modems[0]["power_command"] = self.script(
            s, '[ "$BINHYEN_MODEM" = modem0 ] || exit 1\n'
            f'exec "{s.modems[0].program}" --control "$1" --do \'{{"do":"reboot","ms":500}}\'') + " " + s.modems[0].control
        s.configure(modems=modems, args=["--sysfs", s.dir / "sys"])
        s.start()
        self.assertEqual([m["power"]["way"] for m in s.status()["modems"]], ["command", "usb", "none"])
        began = time.monotonic()
        for modem in s.modems:
            modem.fault("hang")
        wait_until(lambda: all(m["phase"] != "ready" for m in s.status()["modems"]), 20, "all to be missed")
        noticed = time.monotonic() - began
        s.modems[2].text("gui luc modem treo")
        wait_until(lambda: all(m["phase"] == "ready" for m in s.status()["modems"][:2]), 60, "two to be back")
        back = time.monotonic() - began
        print(f"    noticed after {noticed:.1f} s, back after {back:.1f} s", flush=True)
        self.assertEqual([value for value, _ in bus.seen], ["0", "1"])
        self.assertGreater(bus.seen[1][1] - bus.seen[0][1], 1.5)
        status = s.status()["modems"]
        self.assertEqual([m["power"]["cycles"] for m in status], [1, 1, 0])
        self.assertEqual([m["power"]["error"] for m in status], ["", "", ""])
        # Nothing brings the third one back: a person is told, once, by those that work.
        s.modems[0].text("chay nha o ap 3")
        wait_until(lambda: sum("modem modem2 khong hoat dong" in row["text"]
                               for modem in s.modems[:2] for row in modem.sent(to=DUTY)) == 1, 40, "the alarm")
        # Somebody comes and cuts its power; what was written meanwhile was not lost.
        s.modems[2].reboot(ms=200)
        s.wait_reports(2, 60)
        self.assertEqual(sorted(s.all_words()), ["chay nha o ap 3", "gui luc modem treo"])
        self.assertEqual(s.box.log().count("dead_s="), 1)

    def test_a_device_that_was_left_off_is_put_on(self):
        """binhyend is killed between 0 and 1: nobody else would ever find the modem again."""
        s, bus, modems = self.scene_of_three()
        s.configure(modems=[modems[1]], args=["--sysfs", s.dir / "sys"])
        s.start()
        s.modems[1].unplug()  # off the bus: its place there is remembered
        wait_until(lambda: [value for value, _ in bus.seen] == ["0"], 60, "it to be taken off", 0.005)
        s.box.kill()
        self.assertEqual(bus.authorized.read_text().strip(), "0")
        s.start()
        self.assertEqual([value for value, _ in bus.seen], ["0", "1"])
        s.modems[1].text("con song")
        s.wait_reports(1)

    def test_a_program_that_fails_or_hangs_does_no_harm(self):
        s, _, modems = self.scene_of_three()
        modems[0]["power_command"] = self.script(s, "exit 3")
        modems[2]["power_command"] = str(s.dir / "there-is-none")
        s.configure(modems=[modems[0], modems[2]])
        s.start()
        for i in (0, 2):
            s.modems[i].unplug()
        wait_until(lambda: all(m["power"]["error"] for m in s.status()["modems"]), 60, "both to fail")
        self.assertIn("status=3", s.box.log())
        for i in (0, 2):
            s.modems[i].plug()
        s.wait_ready()
        s.modems[0].text("con song")
        s.wait_reports(1)


if __name__ == "__main__":
    main()
