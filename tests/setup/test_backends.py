"""JAX and PyTorch are installed beside `.venv`, pinned; PyTorch as its CPU build or not at all."""

import subprocess

import pytest

from tools import backends


@pytest.fixture
def commands(tmp_path, monkeypatch):
    """Let nothing be installed, in a folder of the test's own; return the commands for it."""
    commands = []

    def run(command):
        commands.append(command)
        backends.Path(command[command.index("--target") + 1]).mkdir(parents=True)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(backends, "PLACE", tmp_path)
    monkeypatch.setattr(backends.subprocess, "run", run)
    return commands


def test_a_backend_is_installed_once_with_hashes_and_again_for_other_pins(commands, monkeypatch):
    backends.install("jax")
    backends.install("jax")
    (command,) = commands
    assert {"--no-deps", "--require-hashes"} <= set(command)
    monkeypatch.setattr(backends, "requirements", lambda _: ["jax==9.0"])
    backends.install("jax")
    assert commands[1][-1] == "jax==9.0"


@pytest.mark.parametrize(("system", "build"), [("linux", "+cpu"), ("darwin", "")])
def test_pytorch_is_its_cpu_build(monkeypatch, system, build):
    monkeypatch.setattr(backends.sys, "platform", system)
    (torch, *others) = backends.requirements("torch")
    assert torch.startswith("torch==")
    assert torch.endswith(build)
    assert not any("+" in other for other in others)


def test_a_failure_says_what_to_do_and_counts_as_not_installed(commands, monkeypatch):
    succeed, failed = backends.subprocess.run, subprocess.CompletedProcess([], 1)
    monkeypatch.setattr(backends.subprocess, "run", lambda _: failed)
    with pytest.raises(SystemExit, match="PIP_FIND_LINKS"):
        backends.install("torch")
    monkeypatch.setattr(backends.subprocess, "run", succeed)
    backends.install("torch")
    assert len(commands) == 1
