"""What the figures were measured on, without a name or a folder of the machine."""

import os
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

import psutil

PACKAGES = ("keras", "tensorflow", "jax", "numpy", "scipy")
CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")


def machine() -> dict[str, Any]:
    """Say what the figures were measured on, without a name or a folder of it."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory in GB": round(psutil.virtual_memory().total / 1e9, 1),
        "system": _system(),
        "versions": {"Python": platform.python_version()} | {p: _version(p) for p in PACKAGES},
    }


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return f"{platform.system()} {platform.release()}"


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def free_megabytes() -> float:
    """Return how much memory a new process can get, a container's limit included."""
    free = psutil.virtual_memory().available / 1e6
    if CONTAINER_LIMIT.is_file() and (limit := CONTAINER_LIMIT.read_text().strip()).isdigit():
        free = min(free, int(limit) / 1e6)
    return free
