"""Whether the library that Keras computes with is installed, found out without importing it."""

import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path

# Keras's name of a backend, and the module that must be there for it.
MODULES = {"tensorflow": "tensorflow", "jax": "jax", "torch": "torch"}


def chosen_backend() -> tuple[str, str]:
    """Return Keras's name of the backend that it will compute with, and what chose it.

    Keras takes the backend from the environment variable `KERAS_BACKEND`, else from its settings
    file `keras.json`, else TensorFlow.
    """
    settings = Path(os.environ.get("KERAS_HOME") or Path("~", ".keras"), "keras.json")
    settings = Path(os.path.expanduser(settings))
    if os.environ.get("KERAS_BACKEND"):
        return os.environ["KERAS_BACKEND"], "the environment variable KERAS_BACKEND"
    if settings.is_file():
        try:
            backend = json.loads(settings.read_text("utf-8"))["backend"]
            return backend, f"the file {settings}"
        except (ValueError, KeyError, TypeError, OSError):
            pass  # Keras, too, goes on with its default then
    return "tensorflow", "its default"


def current_backend() -> str:
    """Return Keras's name of the backend that it computes with, or will once it is imported."""
    if "keras" in sys.modules:
        return sys.modules["keras"].config.backend()
    return chosen_backend()[0]


def missing_backend() -> str:
    """Say what is wrong with Keras's backend and what to do; "" if it is installed.

    If the library is not there, `import keras` stops with "No module named ...", which does not say
    why it was wanted.
    """
    backend, chosen_by = chosen_backend()
    if backend not in MODULES or find_spec(MODULES[backend]):
        return ""  # for a name that it does not know, Keras has a message of its own
    return (
        f"Keras is set to the backend {backend!r} by {chosen_by}, and {backend} is not installed "
        f"in this environment. Install it (`python -m pip install {backend}`), or choose one that "
        "is installed (`KERAS_BACKEND=tensorflow`), and start a fresh kernel."
    )
