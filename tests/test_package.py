"""The package is quick to import, documented, small, and its modules know only what they must."""

import ast
import importlib
import inspect
import subprocess
import sys
import typing
from pathlib import Path

import pytest

import imdb_helpers

FOLDER = Path(imdb_helpers.__file__).parent
MODULES = sorted(FOLDER.rglob("*.py"))


def room_of(path):
    """Return the name of a module within the package; the sample's modules are one room."""
    place = path.relative_to(FOLDER)
    return place.parts[0] if len(place.parts) > 1 else path.stem


def name_of(path):
    """Return a short name for a report."""
    return ".".join(path.relative_to(FOLDER).with_suffix("").parts)


TREES = {path: ast.parse(path.read_text("utf-8")) for path in MODULES}
ROOMS = sorted({room_of(path) for path in MODULES} - {"__init__", "__main__"})
# What a module may import of the package. Data flows from left to right, and so may imports.
FLOW = ("archive", "corpus", "sample", "files", "download", "real", "sources", "data", "text")
MAY_IMPORT = {room: set(FLOW[:place]) for place, room in enumerate(FLOW)}
MAY_IMPORT |= {
    "sample": {"corpus", "sample"},
    "backend": set(),
    "vectorize": set(),
    "models": set(),
    "plots": set(),
    "explain": {"vectorize"},
}


def imported_by(tree):
    """Return the full names of the modules that a module imports, anywhere in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def test_importing_the_package_imports_nothing_slow():
    code = "import sys, imdb_helpers; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    slow = {"tensorflow", "keras", "matplotlib", "numpy", "scipy"}
    assert slow & set(run.stdout.split()) == set()


@pytest.mark.parametrize("use", ["load_data, multi_hot, decode_review", "DataError"])
def test_only_what_needs_keras_imports_it(use):
    code = f"import sys; from imdb_helpers import {use}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"tensorflow", "keras", "matplotlib"} & set(run.stdout.split()) == set()


@pytest.mark.parametrize("name", imdb_helpers.__all__)
def test_every_public_name_is_there_and_documented(name):
    value = getattr(imdb_helpers, name)
    assert value.__module__.startswith("imdb_helpers.")
    assert len(inspect.getdoc(value)) > 40


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_function_is_annotated_in_full(room):
    module = importlib.import_module(f"imdb_helpers.{room}")
    for name, value in vars(module).items():
        if not inspect.isfunction(value) or value.__module__ != module.__name__:
            continue
        hints = typing.get_type_hints(value)
        assert set(inspect.signature(value).parameters) | {"return"} == set(hints), name
        assert name.startswith("_") or inspect.getdoc(value), name


def test_all_is_sorted_and_matches_what_the_package_offers():
    assert imdb_helpers.__all__ == sorted(imdb_helpers.__all__) == dir(imdb_helpers)
    assert sorted(imdb_helpers._ROOMS) == imdb_helpers.__all__


def test_another_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'load_dta'"):
        getattr(imdb_helpers, "load_dta")  # noqa: B009 - the point is the name


@pytest.mark.parametrize("missing", ["", "Keras is set to a backend that is not installed."])
def test_a_room_that_cannot_be_imported_says_so_or_that_the_backend_is_missing(
    monkeypatch, missing
):
    def fails(name):
        raise ModuleNotFoundError(f"No module named 'jax', for {name}", name="jax")

    monkeypatch.setattr(imdb_helpers, "import_module", fails)
    monkeypatch.setattr(imdb_helpers, "_missing_backend", missing)
    said = missing or "No module named 'jax', for imdb_helpers.models"
    with pytest.raises(ModuleNotFoundError, match=f"^{said}$") as caught:
        _ = imdb_helpers.build_model
    assert caught.value.name == "jax"


def test_every_module_has_a_place_in_the_order():
    assert set(ROOMS) == set(MAY_IMPORT)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_imports_only_what_comes_before_it(path):
    if room_of(path) in ROOMS:
        names = [name.split(".") for name in imported_by(TREES[path])]
        ours = {parts[1] for parts in names if parts[0] == "imdb_helpers"}
        assert ours <= MAY_IMPORT[room_of(path)]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_are_short_and_stand_on_their_own(path):
    assert len(path.read_text("utf-8").splitlines()) <= 250
    tree = TREES[path]
    assert ast.get_docstring(tree)
    for name in imported_by(tree):
        assert name.split(".")[0] not in ("", "book", "tests", "tools"), name
    stars = [n for n in ast.walk(tree) if isinstance(n, ast.alias) and n.name == "*"]
    assert stars == []
