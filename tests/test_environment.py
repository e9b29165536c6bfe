"""The files that say what the book runs on, and for whom, agree with each other."""

import ast
import importlib.util
import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
JAX_LOCK = (ROOT / "requirements-jax.lock").read_text("utf-8")
# A requirement and its hashes are lines that end in a backslash, and the first that does not.
LOCKED, JAX_LOCKED = (
    [re.sub(r"\\\n", "", entry) for entry in re.findall(r"(?m)^\w(?:.*\\\n)*.*", lock)]
    for lock in (LOCK, JAX_LOCK)
)

EXTRAS = PROJECT["project"]["optional-dependencies"]
USED = PROJECT["project"]["dependencies"] + EXTRAS["book"] + EXTRAS["test"]


def supported_pythons():
    """`requires-python`, as the list of the minor versions in it."""
    bounds = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", PROJECT["project"]["requires-python"])
    return [f"3.{minor}" for minor in range(*map(int, bounds.groups()))]


def workflow(name):
    return yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text("utf-8"))


@pytest.mark.parametrize("requirement", USED + EXTRAS["proof"] + EXTRAS["lock"])
def test_every_requirement_is_one_version_and_the_locked_one(requirement):
    assert re.fullmatch(r"[\w-]+==[\w.]+", requirement)
    assert requirement in [entry.split()[0] for entry in LOCKED], "run `make lock`"


def test_jax_is_locked_as_pinned_and_alone():
    assert [entry.split()[0] for entry in JAX_LOCKED] == PROJECT["dependency-groups"]["jax"]


def test_conda_gets_the_same_versions():
    (pins,) = [part["pip"] for part in CONDA["dependencies"] if isinstance(part, dict)]
    assert sorted(pins) == sorted([*USED, "-e ."])


def test_every_locked_package_has_one_version():
    names = [entry.partition("==")[0] for entry in LOCKED]
    twice = {name for name in names if names.count(name) > 1}
    assert not twice, "pin these under `lock` in pyproject.toml, then run `make lock`"


def test_every_locked_package_has_hashes():
    assert [entry for entry in LOCKED + JAX_LOCKED if "--hash=sha256:" not in entry] == []


def test_the_lock_leaves_the_index_to_the_reader():
    assert not re.search(r"://|--(extra-)?index-url|--find-links", LOCK + JAX_LOCK)


def test_the_same_pythons_everywhere():
    pythons = supported_pythons()
    bootstrap = (ROOT / "tools" / "bootstrap.py").read_text("utf-8")
    (python,) = [part for part in CONDA["dependencies"] if str(part).startswith("python=")]
    pages = [step.get("with", {}) for step in workflow("pages.yml")["jobs"]["build"]["steps"]]
    (published_with,) = [given["python-version"] for given in pages if "python-version" in given]

    assert workflow("test.yml")["jobs"]["test"]["strategy"]["matrix"]["python-version"] == pythons
    assert published_with in pythons
    assert python.removeprefix("python=") in pythons
    assert f'# requires-python = "{PROJECT["project"]["requires-python"]}"' in bootstrap
    assert f"--python-version {pythons[0]} " in bootstrap
    assert PROJECT["tool"]["ruff"]["target-version"] == "py" + pythons[0].replace(".", "")
    oldest, newest = (tuple(map(int, pythons[end].split("."))) for end in (0, -1))
    assert f"OLDEST, NEWEST = {oldest}, {newest}" in bootstrap


def tasks():
    """Return the tasks of tools/bootstrap.py, and the modules that they run."""
    tree = ast.parse((ROOT / "tools" / "bootstrap.py").read_text("utf-8"))
    assigned = [node for node in tree.body if isinstance(node, ast.Assign)]
    (table,) = [node.value for node in assigned if ast.unparse(node.targets[0]) == "TASKS"]
    commands = [line.value for line in ast.walk(table) if isinstance(line, ast.Constant)]
    modules = [line.split()[2] for line in commands if line.startswith("python -m ")]
    return {key.value for key in table.keys}, set(modules)


def test_make_knows_every_task_and_every_task_its_module():
    makefile = (ROOT / "Makefile").read_text("utf-8").replace("\\\n", " ")
    (listed,) = re.findall(r"(?m)^TASKS := (.+)$", makefile)
    names, modules = tasks()
    assert set(listed.split()) == names | {"help"}
    assert [module for module in modules if importlib.util.find_spec(module) is None] == []


@pytest.mark.parametrize(
    "file",
    ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ".ci/run"]
    + [str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("book/*.md"))],
)
def test_every_command_that_a_page_names_exists(file):
    text = (ROOT / file).read_text("utf-8")
    named = set(re.findall(r"(?:`|^|[A-Z_]+=\w+ )make ([a-z]+)", text, re.MULTILINE))
    assert named - {"help"} <= tasks()[0]


def test_the_pages_are_published_only_after_the_tests_have_passed():
    pages = workflow("pages.yml")
    assert list(pages[True]) == ["workflow_run"]  # YAML reads the key "on" as a truth value
    assert pages[True]["workflow_run"]["workflows"] == [workflow("test.yml")["name"]]
    build = pages["jobs"]["build"]
    assert "github.event.workflow_run.conclusion == 'success'" in build["if"]
    assert build["steps"][0]["with"]["ref"] == "${{ github.event.workflow_run.head_sha }}"


def test_the_workflows_run_the_tests_always_and_the_proofs_once_a_week():
    test, proof = workflow("test.yml"), workflow("proof.yml")
    runs = [step.get("run") for job in test["jobs"].values() for step in job["steps"]]
    assert runs.count("python tools/bootstrap.py test") == 3
    assert {"push", "pull_request"} <= test[True].keys()  # YAML reads `on` as a truth value
    assert proof[True]["schedule"]
    weekly = [step.get("run", "") for job in proof["jobs"].values() for step in job["steps"]]
    assert "python tools/bootstrap.py stability" in weekly
    assert any("mutmut run" in run for run in weekly)
