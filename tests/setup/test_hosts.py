"""The book on a host: postBuild, launch buttons, and what a JupyterHub is told."""

import os
import re
import shutil
import subprocess
import sysconfig
import venv
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat.v4 import new_markdown_cell, new_notebook

from tests.site import html

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "book" / "a6_running.md").read_text("utf-8")
URL = "https://github.com/some-people/their-book"


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


def test_with_a_url_a_chapter_opens_on_binder_by_the_link_that_the_page_names(tmp_path):
    """Without one, as it stands, the pages have no such buttons, which `tests/site` sees."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    config["repository"]["url"] = URL
    (tmp_path / "_config.yml").write_text(yaml.safe_dump(config), "utf-8")
    book = tmp_path / "book"
    for name in ("_ext", "assets"):
        shutil.copytree(ROOT / "book" / name, book / name)
    (book / "_toc.yml").write_text("format: jb-book\nroot: page\nchapters:\n- file: 01_loading\n")
    (book / "page.md").write_text("# A page\n\nWithout code.\n")
    nbformat.write(new_notebook(cells=[new_markdown_cell("# Loading")]), book / "01_loading.ipynb")
    built = html.build(tmp_path, tmp_path)
    assert built.returncode == 0, built.stdout[-4000:]
    pages = [tmp_path / f"_build/html/{name}.html" for name in ("01_loading", "page")]
    (binder, *of_chapter), of_page = map(html.buttons, pages)
    for repository, issues in (of_chapter, of_page):  # a page without code has nothing to launch
        assert repository == URL
        assert issues.startswith(f"{URL}/issues/new")
    named = binder.replace("some-people", "ORGANISATION").replace("their-book", "REPOSITORY")
    assert named in re.findall(r"(?m)^https://mybinder\S+$", PAGE)
    for page in pages:
        assert list(html.remote_loads(page)) == []
        assert html.read_page(page).find(class_="btn-launch-thebe") is None, "live code is on"


def test_a_hub_gives_each_student_memory_and_the_one_copy_of_the_data():
    """Names as in Zero to JupyterHub's guide."""
    user = yaml.safe_load(re.search(r"(?ms)^```yaml\n(.*?)^```$", PAGE)[1])["singleuser"]
    assert user["memory"] == {"limit": "2G"}
    (volume,) = user["storage"]["extraVolumes"].values()
    (mount,) = user["storage"]["extraVolumeMounts"].values()
    path = user["extraEnv"]["IMDB_DATA_DIR"]
    assert mount == {"name": volume["name"], "mountPath": path, "readOnly": True}
