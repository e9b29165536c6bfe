"""How much memory a process has needed, as the operating system counts it.

The text of this file is run in the kernel, after a notebook's last cell: it may import nothing of
this repository.
"""

import sys
from pathlib import Path

# What a kernel of this interpreter can compute without an import.
EXPRESSION = f"__import__('runpy').run_path({__file__!r})['peak_megabytes']()"


def peak_megabytes() -> float:
    """Return the largest resident memory that this process has had."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux: getrusage would count what started this process
        (line,) = [s for s in status.read_text().splitlines() if s.startswith("VmHWM:")]
        return int(line.split()[1]) * 1024 / 1e6
    if sys.platform == "win32":
        import psutil

        return psutil.Process().memory_info().peak_wset / 1e6
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6  # bytes; else kilobytes
