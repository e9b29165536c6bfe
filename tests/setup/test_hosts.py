"""The book on a host: environment.yml as conda and repo2docker read it, postBuild, launch buttons.

The rules of others stand beside each test with their source, as of repo2docker 2026.4.0, conda 25.9
and mamba 2.3.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
import yaml

from tests.site import html

ROOT = Path(__file__).parents[2]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
*PACKAGES, PIP = CONDA["dependencies"]
PAGE = (ROOT / "book" / "a6_running.md").read_text("utf-8")
URL = "https://github.com/some-people/their-book"
CELLS = [{"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# Loading"}]
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
NOTEBOOK = {"cells": CELLS, "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5}


def test_conda_makes_the_environment_on_every_machine():
    """Other sections are ignored with a warning (`VALID_KEYS` in conda/env/env.py).

    `prefix` is one machine's folder, and `variables` are not set in an image that conda does not
    activate. The channel is the one that repo2docker configures (install-base-env.bash); mamba
    takes `defaults` for a channel's name.
    """
    assert list(CONDA) == ["name", "channels", "dependencies"]
    assert CONDA["channels"] == ["conda-forge"]


def test_repo2docker_takes_the_python_that_is_pinned():
    """Without a match of `PYTHON_REGEX` (buildpacks/conda) it takes its own default."""
    found = re.findall(r"(?m)^python\s*=+\s*([\d\.]*)", "\n".join(PACKAGES))
    assert found in (["3.11"], ["3.12"], ["3.13"])


def test_pip_comes_last_and_reads_no_file():
    """conda: "you do not list pip itself as one of your conda dependencies" (conda/env/env.py).

    pip is run after everything else (conda's user guide). mamba puts its section into a file
    elsewhere, so `-r` would find nothing (mamba#1726); `-e .` makes repo2docker copy the repository
    first (`is_local_pip_requirement`).
    """
    assert "pip" in PACKAGES
    assert list(PIP) == ["pip"]
    assert [line for line in PIP["pip"] if line.startswith("-")] == ["-e ."]


def test_repo2docker_reads_this_file_and_no_other():
    """`binder/` hides what is outside, a Dockerfile everything ("Configuration files")."""
    others = ("binder", ".binder", "Dockerfile", "environment.yaml", "runtime.txt", "apt.txt")
    assert [name for name in others if (ROOT / name).exists()] == []


@pytest.fixture
def image(tmp_path):
    """An environment and a home of their own, as in an image, with no way to any network."""
    venv.create(tmp_path / "env", with_pip=False, symlinks=True)
    ours = ("IMDB_", "XDG_", "KERAS_", "PYTHON")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {
        "https_proxy": "http://127.0.0.1:9",  # nothing listens on the discard port
        "no_proxy": "",
        "HOME": str(tmp_path),
        "PATH": os.pathsep.join([str(tmp_path / "env" / "bin"), os.environ["PATH"]]),
        "PYTHONPATH": sysconfig.get_path("purelib"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def post_build(variables):
    """Run postBuild as repo2docker does: by its own name."""
    run = subprocess.run(["./postBuild"], cwd=ROOT, env=variables, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr  # an image without the reviews is better than none
    return run.stdout


@pytest.mark.skipif(os.name == "nt", reason="postBuild runs in a Linux image")
def test_an_image_is_built_with_network_and_without(image):
    printed = post_build(image)
    assert "the real reviews are not in the image" in printed
    assert "reason:" in printed, "python -m imdb_helpers did not run"
    share = Path(image["HOME"], "env/share")
    settings = share / "jupyter/lab/settings/overrides.json"
    assert settings.read_bytes() == (ROOT / "tools/lab_settings.json").read_bytes()
    # From here on the helpers say what they were asked, and have the reviews.
    python = Path(image["HOME"], "env/bin/python")
    real = python.rename(python.with_name("real"))
    answer = 'echo "asked: $2, $IMDB_SOURCE"'
    python.write_text(f'#!/bin/bash\n[ "$1" = -m ] || exec {real} "$@"\n{answer}\n')
    python.chmod(0o755)
    assert "asked: imdb_helpers, real\npostBuild: the real reviews are in" in post_build(image)


@pytest.fixture(scope="module")
def with_url(tmp_path_factory):
    """Build a chapter and a page with the book's configuration and extensions, and a `url`.

    Without one, as it stands, the pages have no such buttons, which `tests/site` sees.
    """
    folder = tmp_path_factory.mktemp("with_url")
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    config["repository"]["url"] = URL
    (folder / "_config.yml").write_text(yaml.safe_dump(config), "utf-8")
    book = folder / "book"
    for name in ("_ext", "assets"):
        shutil.copytree(ROOT / "book" / name, book / name)
    (book / "_toc.yml").write_text("format: jb-book\nroot: page\nchapters:\n- file: 01_loading\n")
    (book / "page.md").write_text("# A page\n\nWithout code.\n")
    (book / "01_loading.ipynb").write_text(json.dumps(NOTEBOOK))
    program = shutil.which("jupyter-book", path=str(Path(sys.executable).parent)) or "jupyter-book"
    command = [program, "build", "book/", "-n", "-W", "--keep-going"]
    built = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8")
    assert built.returncode == 0, built.stdout[-2000:] + built.stderr[-2000:]
    return [folder / f"_build/html/{name}.html" for name in ("01_loading", "page")]


def test_with_a_url_a_chapter_opens_on_binder_by_the_link_that_the_page_names(with_url):
    (binder, *of_chapter), of_page = map(html.buttons, with_url)
    for repository, issues in (of_chapter, of_page):  # a page without code has nothing to launch
        assert repository == URL
        assert issues.startswith(f"{URL}/issues/new")
    named = binder.replace("some-people", "ORGANISATION").replace("their-book", "REPOSITORY")
    assert named in re.findall(r"(?m)^https://mybinder\S+$", PAGE)
    for page in with_url:
        assert html.remote_loads(page) == []
        assert html.read_page(page).find(class_="btn-launch-thebe") is None, "live code is on"


def test_a_hub_gives_each_student_memory_and_the_one_copy_of_the_data():
    """Names as in Zero to JupyterHub's guide."""
    user = yaml.safe_load(re.search(r"(?ms)^```yaml\n(.*?)^```$", PAGE)[1])["singleuser"]
    assert user["memory"] == {"limit": "2G"}
    (volume,) = user["storage"]["extraVolumes"].values()
    (mount,) = user["storage"]["extraVolumeMounts"].values()
    path = user["extraEnv"]["IMDB_DATA_DIR"]
    assert mount == {"name": volume["name"], "mountPath": path, "readOnly": True}
