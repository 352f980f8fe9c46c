"""Run a command some times and print what each run took: python -m benchmarks.watch TIMES COMMAND…"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

MEMORY_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes; ru_maxrss counts in them


def watched(command: list[str]) -> dict[str, float]:
    """The seconds that one run took and the most bytes that it held; CalledProcessError where it failed."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise subprocess.CalledProcessError(os.waitstatus_to_exitcode(status), command)
    return {"seconds": time.perf_counter() - start, "bytes": usage.ru_maxrss * MEMORY_UNIT}


if __name__ == "__main__":
    print(json.dumps([watched(sys.argv[2:]) for _ in range(int(sys.argv[1]))]))
