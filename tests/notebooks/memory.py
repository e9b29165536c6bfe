"""How much memory a chapter's kernel may have, and a fence around it where the system has one.

A small public notebook host gives 2 GB and stops a kernel that wants more. What counts is the
resident memory; a limit on virtual memory (`ulimit -v`) would not do, as TensorFlow maps far more
than it uses. On Linux a memory cgroup is exactly that host's fence, if this user may make one.
"""

import os
from pathlib import Path

from tests.notebooks.data import backend

LIMIT_MEGABYTES = 2000
# A small host runs the book on TensorFlow. On JAX, chapters 5 to 7 take matrices of bytes, of which
# Keras keeps copies.
LIMIT_ELSEWHERE = 3500
CGROUPS = Path("/sys/fs/cgroup")


def limit_megabytes() -> int:
    """Return what a kernel of this session may have."""
    return LIMIT_MEGABYTES if backend() == "tensorflow" else LIMIT_ELSEWHERE


class Fence:
    """A memory cgroup with the limit above for one kernel; `problem` says why there is none."""

    def __init__(self, name: str) -> None:
        self.folder: Path | None = None
        self.problem = "this system has no memory cgroups"
        for parent, limit_file in _places():
            folder = parent / f"imdb-book-{os.getpid()}-{name}"
            try:
                folder.mkdir()
            except OSError as error:
                self.problem = f"no memory cgroup may be made here ({error.strerror})"
                continue
            try:
                (folder / limit_file).write_text(str(limit_megabytes() * 10**6))
            except OSError as error:
                self.problem = f"this memory cgroup takes no limit ({error.strerror})"
                folder.rmdir()
                continue
            self.folder, self.problem = folder, ""
            return

    def enclose(self, pid: int) -> None:
        """Put a process into the cgroup; what it starts from then on is in there, too."""
        if self.folder:
            (self.folder / "cgroup.procs").write_text(str(pid))

    def killed(self) -> bool:
        """Whether a process was stopped because it wanted more than the limit."""
        if not self.folder:
            return False
        for name in ("memory.events", "memory.oom_control"):
            events = self.folder / name
            if events.exists():
                counts = dict(line.split() for line in events.read_text().splitlines())
                return int(counts.get("oom_kill", 0)) > 0
        return False

    def remove(self) -> None:
        """Remove the cgroup, whose processes have ended."""
        if self.folder and self.folder.exists():
            self.folder.rmdir()


def _places() -> list[tuple[Path, str]]:
    """Return the cgroups below which one might be made, each with the name of its limit's file."""
    membership = Path("/proc/self/cgroup")
    places = []
    for line in membership.read_text().splitlines() if membership.exists() else ():
        _, controllers, path = line.split(":", 2)
        if "memory" in controllers.split(","):  # version 1
            places.append((CGROUPS / "memory" / path.lstrip("/"), "memory.limit_in_bytes"))
        elif not controllers:  # version 2, where only the topmost may hold processes and groups
            places += [(CGROUPS, "memory.max"), (CGROUPS / path.lstrip("/"), "memory.max")]
    return places
