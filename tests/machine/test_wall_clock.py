"""DET-01: the same bytes two years on under one SOURCE_DATE_EPOCH, and shared among any number of processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from machine_site import Sources
from machine_world import differing, tree_of
from support import environment

EPOCH = "1780272000"  # 2026-06-01
# What reads the wall clock in a build is named here: `time.time_ns`, and these modules' `datetime`.
PROGRAM = """
import sys, time
from datetime import datetime, timedelta
from ccgen import cli, config
from ccgen.jobs import executor, pool
from ccgen.write import lock
years, worth = float(sys.argv.pop(1)), float(sys.argv.pop(1))
real, real_ns, by = time.time, time.time_ns, years * 365 * 86400
class Later:
    def now(self, zone=None):
        return datetime.now(zone) + timedelta(seconds=by)
    def __getattr__(self, name):
        return getattr(datetime, name)
time.time, time.time_ns = (lambda: real() + by), (lambda: real_ns() + int(by * 1e9))
config.datetime = sys.modules["ccgen.write.lock"].datetime = Later()
pool._WORTH, executor._WAITS = worth, 30
if __name__ == "__main__":
    cli.main()
"""


RUNS = [(0, 1, 1), (2, 1, 1), (-30, 0.01, 3)]  # years from now, how much work is worth a process, processes


def test_the_same_bytes_at_any_time_from_any_number_of_processes(tmp_path: Path) -> None:
    sources = Sources(tmp_path / "shop")
    values = sources.values("ccgen.yaml")
    del values["clock"]
    sources.save("ccgen.yaml", values, lambda options: options[0])
    trees = []
    for number, (years, worth, processes) in enumerate(RUNS):
        output, state = tmp_path / f"site-{number}", tmp_path / f"state-{number}"
        given = ["build", "-s", sources.root, "-o", output, "--state", state, "--jobs", processes]
        command = [sys.executable, "-c", PROGRAM, *map(str, (years, worth, *given))]
        done = subprocess.run(
            command, env=environment({"SOURCE_DATE_EPOCH": EPOCH}), capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        trees.append(tree_of(output))
    first, *others = trees
    assert all(differing(first, other) == [] for other in others)
    assert any(b"2026" in data for _, data in first.values())
