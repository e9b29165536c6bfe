"""Install what Keras can compute with instead of TensorFlow, beside `.venv` and not in it.

    python tools/backends.py jax      # or torch

`tools/bootstrap.py` calls this when KERAS_BACKEND asks for one of them, and puts the folder on the
path of that command alone: Keras imports JAX wherever it is installed, also to run on TensorFlow.
"""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACE = Path(sys.prefix) / "backends"
JAX_LOCK = ROOT / "requirements-jax.lock"
NO_TORCH = (
    "error: PyTorch's CPU build could not be installed. Not every package index has it: give "
    "pip one that does (PIP_EXTRA_INDEX_URL, PIP_FIND_LINKS), or take KERAS_BACKEND=jax."
)


def requirements(name: str) -> list[str]:
    """Return what a backend needs that requirements.lock has not, as arguments for pip."""
    if name == "jax":
        return ["--require-hashes", "-r", str(JAX_LOCK)]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    pins = project["dependency-groups"][name]
    # Named like this, it is the CPU build or nothing; only on macOS the plain one is the CPU build.
    build = "" if sys.platform == "darwin" else "+cpu"
    return [f"{pin}{build}" if pin.startswith("torch==") else pin for pin in pins]


def install(name: str) -> None:
    """Install a backend, unless it is there in the pinned versions."""
    folder = PLACE / name
    stamp = folder / "installed.txt"
    wanted = "\n".join([*requirements(name), JAX_LOCK.read_text("utf-8")])
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return
    shutil.rmtree(folder, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    # Without dependencies: NumPy and the others must stay those of requirements.lock.
    command = [*pip, "--no-deps", "--target", str(folder), *requirements(name)]
    if subprocess.run(command).returncode != 0:
        sys.exit(NO_TORCH if name == "torch" else f"error: {name} could not be installed")
    stamp.write_text(wanted, "utf-8")


if __name__ == "__main__":
    install(sys.argv[1])
