"""The book on a host: environment.yml as conda and repo2docker read it, postBuild, launch buttons.

The rules of others stand beside each test with their source, as of repo2docker 2026.4.0, conda 25.9
and mamba 2.3.
"""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path

import pytest
import yaml

from tests.site import html as pages

ROOT = Path(__file__).parent.parent
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
POST_BUILD = ROOT / "postBuild"
LAB_SETTINGS = (ROOT / "tools" / "lab_settings.json").read_text("utf-8")
PAGE = (ROOT / "book" / "a7_hosts.md").read_text("utf-8")


# environment.yml


def pip_requirements():
    """What stands under `pip:`; there must be one such section."""
    (section,) = [part for part in CONDA["dependencies"] if not isinstance(part, str)]
    (requirements,) = section.values()
    return requirements


def test_conda_knows_every_section():
    """Others are ignored with a warning (conda, `VALID_KEYS` in conda/env/env.py).

    `prefix` would be one machine's folder, and `variables` are not set in an image that conda does
    not activate; so neither is wanted here.
    """
    assert list(CONDA) == ["name", "channels", "dependencies"]
    assert re.fullmatch(r"[a-z][a-z0-9-]*", CONDA["name"])


def test_packages_come_from_one_channel_that_every_tool_knows():
    """repo2docker configures conda-forge alone (buildpacks/conda/install-base-env.bash).

    `defaults` has terms of its own, and mamba takes the word for a channel's name.
    """
    assert CONDA["channels"] == ["conda-forge"]


def test_python_is_pinned_as_repo2docker_looks_for_it():
    """`PYTHON_REGEX` in repo2docker's buildpacks/conda; without a match it takes its own default.

    The version must be one it has a base environment for ("Python version ... is not supported!").
    """
    found = [re.match(r"python\s*=+\s*([\d\.]*)", part) for part in CONDA["dependencies"][:-1]]
    (version,) = [match.group(1) for match in found if match]
    assert re.fullmatch(r"3\.\d+", version)
    assert version in ("3.11", "3.12", "3.13"), "repo2docker also has 3.8 to 3.10 and 3.14"


def test_pip_is_a_package_and_its_section_comes_last():
    """conda: "you do not list pip itself as one of your conda dependencies" (conda/env/env.py).

    And pip is run after everything else ("Use pip only after conda", conda's user guide, Managing
    environments), so that is where the section stands.
    """
    *packages, last = CONDA["dependencies"]
    assert all(isinstance(package, str) for package in packages)
    assert "pip" in packages
    assert list(last) == ["pip"]
    assert all(isinstance(requirement, str) for requirement in pip_requirements())


def test_no_requirement_names_a_file():
    """mamba puts the section into a file elsewhere: `-r` finds nothing (mamba#1726, #1894)."""
    options = [requirement for requirement in pip_requirements() if requirement.startswith("-")]
    assert options == ["-e ."]


def test_repo2docker_reads_this_file_and_no_other():
    """Of a folder `binder/` or `.binder/` it reads only what is in it; a Dockerfile replaces all.

    repo2docker's documentation, "Configuration files"; `binder_path` in buildpacks/base.py.
    """
    others = ("binder", ".binder", "Dockerfile", "environment.yaml", "runtime.txt", "apt.txt")
    assert [name for name in others if (ROOT / name).exists()] == []


def test_the_helpers_can_be_installed_before_anything_else_of_the_book_is_there():
    """`-e .` makes repo2docker copy the whole repository first (`is_local_pip_requirement`)."""
    assert "-e ." in pip_requirements()
    assert tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]


# postBuild

POSIX_ONLY = pytest.mark.skipif(os.name == "nt", reason="postBuild runs in a Linux image")


def test_post_build_can_be_run():
    """The first line must be `#!/bin/bash` (repo2docker's documentation, `postBuild`).

    repo2docker makes the file executable itself; whoever runs it by hand does not.
    """
    content = POST_BUILD.read_bytes()
    assert content.startswith(b"#!/bin/bash\n")
    assert b"\r" not in content
    if os.name != "nt":
        assert POST_BUILD.stat().st_mode & stat.S_IXUSR


@POSIX_ONLY
def test_post_build_is_bash():
    subprocess.run(["bash", "-n", str(POST_BUILD)], check=True)


@pytest.fixture
def image(tmp_path):
    """An environment and a home of their own, as in an image, with no way to any network."""
    venv.create(tmp_path / "env", with_pip=False, symlinks=True)
    (tmp_path / "home").mkdir()
    ours = ("IMDB_", "XDG_", "KERAS_", "PYTHON")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    proxies = ("http_proxy", "https_proxy", "all_proxy")
    closed = "http://127.0.0.1:9"  # nothing listens on the discard port
    return {
        **{name: value for name, value in kept.items() if name.lower() != "no_proxy"},
        **dict.fromkeys([*proxies, *map(str.upper, proxies)], closed),
        "HOME": str(tmp_path / "home"),
        "PATH": os.pathsep.join([str(tmp_path / "env" / "bin"), os.environ["PATH"]]),
        "PYTHONPATH": sysconfig.get_path("purelib"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def run_post_build(variables):
    """Run it as repo2docker does: in the repository, by its own name."""
    return subprocess.run(
        ["./postBuild"],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        timeout=300,
    )


def overrides(tmp_path):
    return tmp_path / "env" / "share" / "jupyter" / "lab" / "settings" / "overrides.json"


@POSIX_ONLY
def test_without_network_the_image_is_built_all_the_same(tmp_path, image):
    run = run_post_build(image)
    assert run.returncode == 0, run.stderr
    assert "the real reviews are not in the image" in run.stdout
    assert "reason:" in run.stdout, "python -m imdb_helpers did not run"
    assert overrides(tmp_path).read_text("utf-8") == LAB_SETTINGS


def pretend(tmp_path, image, lines):
    """Put a `python` first on the PATH that does `lines` when it is asked for the helpers."""
    program = tmp_path / "bin" / "python"
    program.parent.mkdir()
    real = tmp_path / "env" / "bin" / "python"
    program.write_text(f'#!/bin/bash\n[ "$1" = -m ] || exec {real} "$@"\n{lines}\n')
    program.chmod(0o755)
    return {**image, "PATH": os.pathsep.join([str(program.parent), image["PATH"]])}


@POSIX_ONLY
def test_with_the_real_reviews_it_says_so(tmp_path, image):
    asked = 'echo "asked: $2, $IMDB_SOURCE"'
    run = run_post_build(pretend(tmp_path, image, asked))
    assert run.returncode == 0, run.stderr
    assert "asked: imdb_helpers, real" in run.stdout
    assert "the real reviews are in the image" in run.stdout


@POSIX_ONLY
def test_settings_that_cannot_be_written_do_not_stop_it(tmp_path, image):
    (tmp_path / "env" / "share").write_text("a file, not a folder")
    run = run_post_build(pretend(tmp_path, image, "exit 1"))
    assert run.returncode == 0, run.stderr
    assert "as source" in run.stdout
    assert "the real reviews are not in the image" in run.stdout


# Launch buttons

URL = "https://github.com/some-people/their-book"
NOTEBOOK = {
    "cells": [{"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# Loading"}],
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def build(folder, url):
    """Build one chapter and one page with the book's configuration and extensions, and `url`."""
    config = (ROOT / "_config.yml").read_text("utf-8")
    config, places = re.subn(r"(?m)^  url: .*$", f'  url: "{url}"', config)
    assert places == 1, "tell this test where the repository's URL stands in _config.yml"
    book = folder / "book"
    for name in ("_ext", "assets"):
        shutil.copytree(ROOT / "book" / name, book / name)
    (folder / "_config.yml").write_text(config, "utf-8")
    (book / "_toc.yml").write_text("format: jb-book\nroot: page\nchapters:\n- file: 01_loading\n")
    (book / "page.md").write_text("# A page\n\nWithout code.\n")
    (book / "01_loading.ipynb").write_text(json.dumps(NOTEBOOK))
    program = shutil.which("jupyter-book", path=str(Path(sys.executable).parent)) or "jupyter-book"
    built = subprocess.run(
        [program, "build", "book/", "-n", "-W", "--keep-going"],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    assert built.returncode == 0, built.stdout[-2000:] + built.stderr[-2000:]
    return folder / "_build" / "html"


def outside_links(page):
    """The links of a page's header that lead to other sites."""
    header = pages.read_page(page).find(class_="bd-header-article")
    links = [tag["href"] for tag in header.find_all("a", href=True)]
    return [link for link in links if "//" in link]


@pytest.fixture(scope="module")
def with_url(tmp_path_factory):
    return build(tmp_path_factory.mktemp("with_url"), URL)


def test_without_a_url_no_page_has_a_button(tmp_path):
    html = build(tmp_path, "")
    for name in ("01_loading.html", "page.html"):
        assert outside_links(html / name) == []
        assert not {"launch", "mybinder"} & set(
            re.findall(r"\w+", (html / name).read_text("utf-8"))
        )


def test_with_a_url_a_chapter_opens_on_binder(with_url):
    binder, repository, issues = outside_links(with_url / "01_loading.html")
    assert binder == (
        "https://mybinder.org/v2/gh/some-people/their-book/main"
        "?urlpath=lab/tree/book/01_loading.ipynb"
    )
    assert repository == URL
    assert issues.startswith(f"{URL}/issues/new")


def test_with_a_url_a_page_without_code_links_to_the_repository_only(with_url):
    repository, issues = outside_links(with_url / "page.html")
    assert repository == URL
    assert issues.startswith(f"{URL}/issues/new")


def test_the_buttons_load_nothing_from_another_host(with_url):
    for name in ("01_loading.html", "page.html"):
        assert pages.remote_loads(with_url / name) == []
        assert pages.broken_links(with_url / name, with_url) == []
        assert "launch-thebe" not in (with_url / name).read_text("utf-8"), "live code is on"


# The page about hosts


def blocks(language):
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", PAGE)


def test_the_page_shows_the_link_that_the_button_has(with_url):
    binder, *_ = outside_links(with_url / "01_loading.html")
    ours = binder.replace("some-people", "ORGANISATION").replace("their-book", "REPOSITORY")
    assert [block.strip() for block in blocks("") if "mybinder" in block] == [ours]


def test_the_page_gives_both_kinds_of_hub_the_same_settings():
    """Names as in Zero to JupyterHub's guide (Customizing User Resources, Environment, Storage).

    And as in the configuration of JupyterHub's Spawner and of DockerSpawner.
    """
    (helm,) = map(yaml.safe_load, blocks("yaml"))
    (config,) = blocks("python")
    compile(config, "jupyterhub_config.py", "exec")
    user = helm["singleuser"]
    assert f'c.Spawner.mem_limit = "{user["memory"]["limit"]}"' in config
    assert f"c.Spawner.environment = {json.dumps(user['extraEnv'])}" in config
    (volume,) = user["storage"]["extraVolumes"].values()
    (mount,) = user["storage"]["extraVolumeMounts"].values()
    assert mount["name"] == volume["name"]
    assert mount["mountPath"] == user["extraEnv"]["IMDB_DATA_DIR"]
    assert mount["readOnly"] is True
    assert f'"{mount["mountPath"]}": "{mount["mountPath"]}"' in config
