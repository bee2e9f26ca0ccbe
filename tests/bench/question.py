# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether the time tells what of a code and a PIN was right (bench_code); the noise is that of the right ones with
themselves."""
import json
import subprocess

from figure import Figure


def measure(bench):
    folder = bench.folder("question")
    folder.mkdir()
    done = subprocess.run([bench.stand_in.parent / "bench_code", folder / "code.db", str(bench.size.codes)],
                          capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    right, cpu = told["right_us"] / 1000, told["right_cpu_us"] / 1000
    return [
        Figure("code and PIN: right, answered after", "ms", right),
        Figure("code and PIN: the same, second half beside first", "ms", told["second_half_us"] / 1000,
               told["first_half_us"] / 1000, peer_name="first half"),
        Figure("code and PIN: the PIN is wrong", "ms", told["wrong_pin_us"] / 1000, right, peer_name="right"),
        Figure("code and PIN: there is no such code", "ms", told["no_code_us"] / 1000, right, peer_name="right"),
        Figure("code and PIN: processor, the PIN is wrong", "ms", told["wrong_pin_cpu_us"] / 1000, cpu,
               peer_name="right"),
        Figure("code and PIN: processor, there is no such code", "ms", told["no_code_cpu_us"] / 1000, cpu,
               peer_name="right"),
        Figure("code and PIN: processor, nothing is answered, the PIN is wrong", "ms",
               told["wrong_unsaid_cpu_us"] / 1000, told["right_unsaid_cpu_us"] / 1000, peer_name="right"),
    ]
