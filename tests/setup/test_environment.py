"""Whoever installs the book gets what was tested, from whichever of its files."""

import os
import re
import shutil
import subprocess
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tools import bootstrap

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
USED = PROJECT["project"]["dependencies"] + EXTRAS["book"] + EXTRAS["test"]
SUPPORTED = SpecifierSet(PROJECT["project"]["requires-python"])
PYTHONS = [f"3.{minor}" for minor in range(30) if f"3.{minor}" in SUPPORTED]


def locked(name):
    """The requirements of a lock, each with the options that follow it."""
    lines = (ROOT / name).read_text("utf-8").replace("\\\n", " ").splitlines()
    entries = [line.partition(" #")[0].split(" --") for line in lines]
    return [(head.strip(), options) for head, *options in entries if head[:1] not in ("", "#", " ")]


def workflow(name):
    content = yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text("utf-8"))
    return content | {"on": content[True]}  # YAML reads this key as a truth value


LOCKED, JAX_LOCKED = locked("requirements.lock"), locked("requirements-jax.lock")


@pytest.mark.parametrize("requirement", [*USED, *EXTRAS["proof"], *EXTRAS["lock"]])
def test_every_requirement_is_one_version_and_the_locked_one(requirement):
    assert re.fullmatch(r"[\w-]+==[\w.]+", requirement)
    pins = [head.partition(";")[0].strip() for head, _ in LOCKED]
    assert requirement in pins, "run `make lock`"


def test_jax_is_locked_as_pinned_and_alone():
    assert [head for head, _ in JAX_LOCKED] == PROJECT["dependency-groups"]["jax"]


def test_conda_and_repo2docker_get_the_same_versions():
    """`environment.yml` by the rules of conda 25.9, mamba 2.3 and repo2docker 2026.4.0.

    Other sections are ignored with a warning (`VALID_KEYS` in conda/env/env.py), `prefix` would be
    one machine's folder, and mamba takes `defaults` for a channel's name. pip comes last, and reads
    no file, since mamba puts its section elsewhere (mamba#1726); `-e .` makes repo2docker copy the
    repository first. What else repo2docker knows would hide this file.
    """
    assert list(CONDA) == ["name", "channels", "dependencies"]
    assert CONDA["channels"] == ["conda-forge"]
    python, *others, pip = CONDA["dependencies"]
    assert python in [f"python={version}" for version in PYTHONS]
    assert (others, list(pip)) == (["pip"], ["pip"])
    assert sorted(pip["pip"]) == sorted([*USED, "-e ."])
    hiding = ("binder", ".binder", "Dockerfile", "environment.yaml", "runtime.txt", "apt.txt")
    assert [name for name in hiding if (ROOT / name).exists()] == []


def test_a_lock_holds_one_version_of_each_package_with_hashes_and_no_index():
    names = [Requirement(head).name for head, _ in LOCKED]  # an option for pip would be none
    assert len(names) == len(set(names)), "pin it under `lock` in pyproject.toml, then `make lock`"
    for head, options in LOCKED + JAX_LOCKED:
        assert options, head
        assert all(option.startswith("hash=sha256:") for option in options), head


def test_the_same_pythons_everywhere():
    script = (ROOT / "tools" / "bootstrap.py").read_text("utf-8")
    header = re.search(r"(?ms)^# /// script\n(.*?)^# ///$", script)[1]  # as PEP 723 has it
    metadata = tomllib.loads(re.sub(r"(?m)^# ?", "", header))
    assert metadata["requires-python"] == PROJECT["project"]["requires-python"]
    bounds = [tuple(map(int, PYTHONS[end].split("."))) for end in (0, -1)]
    assert bounds == [bootstrap.OLDEST, bootstrap.NEWEST]
    for command in bootstrap.TASKS["lock"][1]:
        assert command.split()[command.split().index("--python-version") + 1] == PYTHONS[0]
    assert PROJECT["tool"]["ruff"]["target-version"] == "py" + PYTHONS[0].replace(".", "")
    matrix = workflow("test.yml")["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python-version"] == PYTHONS
    steps = workflow("pages.yml")["jobs"]["build"]["steps"]
    (published_with,) = filter(None, (s.get("with", {}).get("python-version") for s in steps))
    assert published_with in PYTHONS


def test_every_task_finds_what_it_runs():
    for _, commands in bootstrap.TASKS.values():
        for line in commands:
            program, first, second, *_ = [*line.split(), "", ""]
            if program == "python":
                assert find_spec(second) if first == "-m" else (ROOT / first).is_file(), line


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
def test_make_hands_every_task_on():
    tasks = [*bootstrap.TASKS, "help"]
    command = ["make", "--dry-run", "--always-make", *tasks, "ARGS=more"]
    # Below another make, which runs these tests, it would say where it is.
    own = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=own)
    lines = [line for line in done.stdout.splitlines() if "bootstrap.py" in line]
    handed = [line.partition("tools/bootstrap.py ")[2] for line in lines]
    assert handed == [f"{task} more" for task in tasks], done.stderr
    assert len(tasks) <= 13  # a dozen, and help


@pytest.mark.parametrize("pattern", ["*.md", ".ci/run", ".github/workflows/*", "*/*.md"])
def test_every_command_that_is_named_exists(pattern):
    named = r"(?m)(?:`|^|[A-Z_]+=\w+ )make ([a-z]+)|bootstrap\.py ([a-z]+)"
    for path in ROOT.glob(pattern):
        found = {first or second for first, second in re.findall(named, path.read_text("utf-8"))}
        assert found <= {*bootstrap.TASKS, "help"}, path.name


def test_pages_are_published_after_the_tests_and_these_run_on_both_corpora_and_on_jax():
    pages, test = workflow("pages.yml"), workflow("test.yml")
    assert list(pages["on"]) == ["workflow_run"]
    build = pages["jobs"]["build"]
    assert "github.event.workflow_run.conclusion == 'success'" in build["if"]
    assert build["steps"][0]["with"]["ref"] == "${{ github.event.workflow_run.head_sha }}"
    assert {"push", "pull_request"} <= test["on"].keys()
    settings = [step.get("env") for job in test["jobs"].values() for step in job["steps"]]
    real, sample = {"IMDB_SOURCE": "real"}, {"IMDB_SOURCE": "sample"}
    assert all(wanted in settings for wanted in (real, sample, real | {"KERAS_BACKEND": "jax"}))
