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
        place = command[command.index("--target") + 1]
        backends.Path(place).mkdir(parents=True)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(backends, "PLACE", tmp_path)
    monkeypatch.setattr(backends.subprocess, "run", run)
    return commands


def test_a_backend_is_installed_once_with_hashes_and_without_what_it_needs(commands):
    assert backends.install("jax")
    assert backends.install("jax")
    (command,) = commands
    assert {"--no-deps", "--require-hashes"} <= set(command)


def test_other_pins_install_it_again(commands, monkeypatch, tmp_path):
    backends.install("torch")
    monkeypatch.setattr(backends, "requirements", lambda _: ["torch==3.0+cpu"])
    backends.install("torch")
    assert [command[-1] for command in commands][1] == "torch==3.0+cpu"


@pytest.mark.parametrize(
    ("system", "build"), [("linux", "+cpu"), ("win32", "+cpu"), ("darwin", "")]
)
def test_pytorch_is_its_cpu_build(monkeypatch, system, build):
    monkeypatch.setattr(backends.sys, "platform", system)
    (torch, *others) = backends.requirements("torch")
    assert torch.startswith("torch==")
    assert torch.endswith(build)
    assert not any("+" in other for other in others)


def test_a_failure_leaves_nothing_and_says_what_to_do(commands, monkeypatch, capsys):
    fail = subprocess.CompletedProcess([], 1)
    monkeypatch.setattr(backends.subprocess, "run", lambda _: fail)
    monkeypatch.setattr(backends.sys, "argv", ["backends.py", "torch"])
    assert backends.main() == 1
    assert not backends.folder("torch").exists()
    assert "PIP_FIND_LINKS" in capsys.readouterr().err


def test_an_unknown_backend_is_refused(monkeypatch):
    monkeypatch.setattr(backends.sys, "argv", ["backends.py", "theano"])
    assert backends.main() == 2
