"""Peak memory of a run: the sum of PSS over all its processes, sampled from outside; Linux only, knows no generator.

`python -m benchmarks.memory SESSION` samples every process of a session fifty times a second until the session is empty,
then prints the greatest sum in bytes. It runs beside the measured program, as a process of its own.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

__all__ = ["peak_of", "supported"]

_INTERVAL = 0.02  # seconds between two samples


def supported() -> bool:
    """Say whether this kernel tells a process's proportional share."""
    return Path("/proc/self/smaps_rollup").exists()


def peak_of(command: list[str], cwd: Path) -> int:
    """Run a command in a session of its own and return the peak of its processes' summed PSS, in bytes.

    Raises CalledProcessError when the command fails.
    """
    with subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, start_new_session=True) as run:
        watch = [sys.executable, "-m", "benchmarks.memory", str(run.pid)]
        with subprocess.Popen(watch, cwd=Path(__file__).parent.parent, stdout=subprocess.PIPE) as monitor:
            code = run.wait()
            printed, _ = monitor.communicate()
    if code:
        raise subprocess.CalledProcessError(code, command)
    return int(printed)


def _members(session: int) -> list[int]:
    """Return the processes of a session; a session's first process has the session's number."""
    found = []
    for name in os.listdir("/proc"):  # noqa: PTH208  (fifty times a second)
        if name.isdigit():
            with contextlib.suppress(ProcessLookupError):
                if os.getsid(int(name)) == session:
                    found.append(int(name))
    return found


def _pss(process: int) -> int:
    """Return one process's share in bytes; 0 for one that has just ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def _watch(session: int) -> int:
    peak = 0
    while members := _members(session):
        total = sum(_pss(process) for process in members)
        if total == 0:  # only a zombie is left, which waits for its parent
            break
        peak = max(peak, total)
        time.sleep(_INTERVAL)
    return peak


if __name__ == "__main__":
    print(_watch(int(sys.argv[1])))
