"""The package is quick to import, documented, and its modules know only what they must."""

import ast
import importlib
import inspect
import subprocess
import sys
import typing
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import imdb_helpers
from imdb_helpers import data

FOLDER = Path(imdb_helpers.__file__).parent


def name_of(path):
    """Return the full name of a module of ours."""
    parts = path.relative_to(FOLDER.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


MODULES = {name_of(path): path for path in sorted(FOLDER.rglob("*.py"))}


def imported_by(name):
    """Return the full names of what a module imports, anywhere in it."""
    tree = ast.parse(MODULES[name].read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for alias in node.names:
                submodule = f"{module}.{alias.name}"
                yield submodule if submodule in MODULES else module


def test_only_what_needs_a_slow_library_imports_it():
    """One use after the other in one process, each with what must not have been imported yet."""
    keras = "tensorflow keras matplotlib "
    slow = {
        "import imdb_helpers": keras + "numpy scipy requests bs4",
        "import imdb_helpers.errors": keras + "numpy scipy requests",
        "import imdb_helpers.data": keras + "scipy requests",
        "from imdb_helpers.shipped import judge; judge('a film')._repr_html_()": keras,
        "imdb_helpers.multi_hot([[1]])": keras,
        "imdb_helpers.compare": keras,
    }
    code = "import sys\nimport imdb_helpers\n"
    code += "".join(f"{use}\nprint(*sys.modules)\n" for use in slow)
    nowhere = {"IMDB_DATA_DIR": "nowhere", "IMDB_SOURCE": "real"}  # none of them looks for data
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, capture_output=True, text=True, check=True, env=nowhere)
    assert run.stderr == ""
    imported = [set(line.split()) for line in run.stdout.splitlines()]
    found = [set(names.split()) & now for names, now in zip(slow.values(), imported, strict=True)]
    assert found == [set()] * len(slow)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_short_and_what_is_public_is_annotated_in_full_and_documented(name):
    module = importlib.import_module(name)
    assert module.__doc__
    assert len(MODULES[name].read_text("utf-8").splitlines()) <= 250
    for function in vars(module).values():
        if inspect.isfunction(function) and function.__module__ == name:
            hints = typing.get_type_hints(function)
            assert set(inspect.signature(function).parameters) | {"return"} == set(hints)
            assert function.__name__.startswith("_") or inspect.getdoc(function)


def test_every_public_name_is_there_and_documented():
    for name in imdb_helpers.__all__:
        value = getattr(imdb_helpers, name)
        assert value.__module__.startswith("imdb_helpers.")
        assert len(inspect.getdoc(value)) > 40


def test_another_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="attribute load_dta"):
        getattr(imdb_helpers, "load_dta")  # noqa: B009 - the point is the name


@pytest.mark.parametrize("missing", ["", "Keras is set to a backend that is not installed."])
def test_a_module_that_cannot_be_imported_says_so_or_that_the_backend_is_missing(
    monkeypatch, missing
):
    def fails(name):
        raise ModuleNotFoundError(f"No module named 'jax', for {name}", name="jax")

    monkeypatch.setattr(imdb_helpers, "_load", fails)
    monkeypatch.setattr(imdb_helpers, "_missing_backend", missing)
    said = missing or "No module named 'jax', for word_contributions"
    with pytest.raises(ModuleNotFoundError, match=f"^{said}$") as caught:
        imdb_helpers.__getattr__("word_contributions")
    assert caught.value.name == "jax"


def test_modules_know_only_what_they_must():
    imports = {name: set(imported_by(name)) for name in MODULES}
    graph = {name: imported & MODULES.keys() for name, imported in imports.items()}
    assert graph["imdb_helpers.data"], "the arrows are found"
    TopologicalSorter(graph).prepare()  # an error if they make a circle
    below = ("imdb_helpers.dataset", "imdb_helpers.errors", "imdb_helpers.progress")
    for name in MODULES:
        assert not name.startswith(below[0]) or all(n.startswith(below) for n in graph[name]), name
        assert not {"", "book", "tests", "tools"} & {n.split(".")[0] for n in imports[name]}


def test_a_warm_load_passes_three_modules(real_dataset, monkeypatch):
    passed = set()
    monkeypatch.setattr(data, "_in_use", None)
    sys.setprofile(lambda frame, *_: passed.add(frame.f_code.co_filename))
    try:
        data.load_data(num_words=10_000)
    finally:
        sys.setprofile(None)
    ours = passed & set(map(str, MODULES.values()))
    assert 0 < len(ours) <= 3, ours
