# SPDX-License-Identifier: GPL-2.0-or-later
"""Words looked for in sealed reports (bench_search), beside LIKE of SQLite over the same words in the clear."""
import json
import subprocess

from figure import Figure

SECONDS_AT_MOST = 2  # for the reports of ten years


def measure(bench):
    folder = bench.folder("search")
    folder.mkdir()
    count = bench.size.search
    done = subprocess.run([bench.stand_in.parent / "bench_search", folder / "search.db", str(count)],
                          capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    bench.note(f"search: the first one of an officer, who opens {count} reports anew: {told['first_s']:.1f} s; "
               f"{told['hits']} hits; of the processor {told['first_cpu_s']:.1f} s, and {told['search_cpu_s']:.2f} s "
               "for each one after it")
    return [Figure(f"search in {count} sealed reports", "s", told["search_s"], told["like_s"],
                   at_most=SECONDS_AT_MOST, peer_name="(LIKE, in the clear)")]
