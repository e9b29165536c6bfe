"""The set-up recognises a finished environment, and says in one sentence why it cannot make one."""

import ast
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "tools" / "bootstrap.py"
LOCK = "uv==1.0 \\\n    --hash=sha256:12\n    # via imdb-helpers\nwheel==2.0\n"
DONE = subprocess.CompletedProcess([], 0, "")


@pytest.fixture
def bootstrap(tmp_path, monkeypatch):
    """The script, in a project of its own that counts as set up; its commands do nothing."""
    (tmp_path / "tools").mkdir()
    copy = shutil.copy(SCRIPT, tmp_path / "tools")
    spec = importlib.util.spec_from_file_location("bootstrap_of_a_test", copy)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.SCRIPTS.mkdir(parents=True)
    for file in (module.LOCK, module.PROJECT, module.LAB_SETTINGS, module.PYTHON):
        file.write_text(LOCK)
    module.STAMP.write_text(module.fingerprint())
    monkeypatch.setattr(module, "quietly", lambda _: DONE)
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    return module


def test_a_finished_environment_is_not_made_again(bootstrap, monkeypatch):
    monkeypatch.setattr(bootstrap, "must", lambda command, _: pytest.fail(f"ran {command}"))
    bootstrap.set_up()
    monkeypatch.setattr(bootstrap, "ROOT", bootstrap.ROOT / "elsewhere")
    assert not bootstrap.is_set_up()  # it was moved


@pytest.mark.parametrize("file", ["LOCK", "PROJECT", "LAB_SETTINGS", "STAMP", "PYTHON"])
def test_a_changed_or_missing_file_makes_it_unfinished(bootstrap, file):
    path = getattr(bootstrap, file)
    path.unlink() if file == "PYTHON" else path.write_text("something else")
    assert not bootstrap.is_set_up()


def test_a_set_up_ends_with_its_stamp_unless_a_step_fails(bootstrap, monkeypatch):
    bootstrap.STAMP.unlink()
    monkeypatch.setattr(bootstrap, "install_packages", sys.exit)
    with pytest.raises(SystemExit):
        bootstrap.set_up()
    assert not bootstrap.STAMP.exists()
    monkeypatch.setattr(bootstrap, "install_packages", lambda: None)
    bootstrap.set_up()
    assert bootstrap.STAMP.exists()
    (settings,) = bootstrap.VENV.rglob("overrides.json")  # pages open as pages in JupyterLab
    assert settings.read_text() == bootstrap.LAB_SETTINGS.read_text()


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 14, 0)])
def test_an_unsuitable_python_is_named(bootstrap, monkeypatch, version):
    monkeypatch.setattr(sys, "version_info", version)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _: None)
    named = ".".join(map(str, version))
    with pytest.raises(SystemExit, match=rf"3\.11 to 3\.13, this is Python {named}"):
        bootstrap.find_python()


def test_an_older_python_can_read_the_script():
    ast.parse(SCRIPT.read_text("utf-8"), feature_version=(3, 6))


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        ("Retrying after connection broken by 'NewConnectionError(...)'", "cannot be reached"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "it went wrong"),
    ],
)
def test_only_a_lost_connection_is_blamed_on_the_index(bootstrap, monkeypatch, printed, told):
    failed = subprocess.CompletedProcess([], 1, printed)
    monkeypatch.setattr(bootstrap, "quietly", lambda _: failed)
    with pytest.raises(SystemExit, match=told):
        bootstrap.must(["pip"], "it went wrong")


def test_uv_is_fetched_with_its_hash_and_asks_the_index_that_pip_is_set_to(bootstrap, monkeypatch):
    listing = ":env:.index-url='mirror'\nglobal.index-url='other'\n"
    asked = []
    monkeypatch.setattr(bootstrap, "quietly", lambda _: subprocess.CompletedProcess([], 0, listing))
    monkeypatch.setattr(bootstrap, "environment", dict)
    monkeypatch.setattr(bootstrap, "run", lambda *given: asked.append(given) or 0)
    bootstrap.install_packages()
    fetched = (bootstrap.VENV / "uv-requirement.txt").read_text()
    assert fetched == "uv==1.0 \\\n    --hash=sha256:12\n"
    ((command, variables),) = asked
    assert "--require-hashes" in command
    assert variables == {"UV_DEFAULT_INDEX": "mirror"}


def test_our_kernel_comes_before_one_of_the_same_name(bootstrap, monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", "theirs")
    found = bootstrap.environment()["JUPYTER_PATH"].split(bootstrap.os.pathsep)
    assert found == [str(bootstrap.VENV / "share" / "jupyter"), "theirs"]


def test_another_backend_is_installed_first_and_is_on_the_path(bootstrap, monkeypatch):
    commands = []
    monkeypatch.setattr(bootstrap, "run", lambda *given: commands.append(given) or 0)
    monkeypatch.setattr(bootstrap.signal, "signal", lambda *_: None)
    assert "PYTHONPATH" not in bootstrap.environment()
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert bootstrap.main(["test", "05"]) == 0
    (install, _), (test, variables) = commands
    assert install[1:] == ["tools/backends.py", "jax"]
    assert test[1:] == ["tools/chapters.py", "test", "05"]
    assert variables["PYTHONPATH"] == str(bootstrap.VENV / "backends" / "jax")


def test_clean_removes_what_was_built_and_nothing_else(bootstrap):
    gone = ["_build/html", "book/_build", "dist/student", "tests/__pycache__", "x.egg-info"]
    own = "venv/lib/site-packages"  # of an environment that a contributor made
    kept = ["book/assets", ".venv/lib/__pycache__", ".git/_build", f"{own}/y.egg-info"]
    for folder in gone + kept:
        (bootstrap.ROOT / folder).mkdir(parents=True)
    (bootstrap.ROOT / "venv" / "pyvenv.cfg").touch()
    assert bootstrap.main(["clean"]) == 0
    assert [folder for folder in gone + kept if (bootstrap.ROOT / folder).exists()] == kept
