"""The data is found in the promised order and verified; errors say what to do."""

import os
import pickle
import shutil

import numpy as np
import pytest

from imdb_helpers import DataNotFoundError, SampleCorpusWarning, errors, load_data
from imdb_helpers.dataset import cache, find, read
from imdb_helpers.dataset.find import ARCHIVE, SOURCE, VARIABLE, WORD_INDEX, find_dataset
from tests.helpers.corpora import RANKS, TEST, TRAIN, WORDS, write_archive
from tests.helpers.loading import CACHE, fails, is_as_ever, load


def test_the_named_folder_comes_before_cache_and_download(downloads, folder, monkeypatch):
    load()
    monkeypatch.setenv(VARIABLE, str(folder))
    downloads.clear()
    found = find_dataset()
    assert found.origin == f"{folder / ARCHIVE} (the folder that IMDB_DATA_DIR names)"
    assert (found.train.ranks.tolist(), found.word_index) == (RANKS, WORDS)
    assert downloads == []


def test_the_cache_comes_before_the_download_and_words_are_fetched_when_asked_for(
    downloads, own_cache, monkeypatch
):
    monkeypatch.setenv(VARIABLE, "")  # counts as unset
    first, second = find_dataset(), find_dataset()
    assert downloads == [ARCHIVE]
    assert first.words == second.words == {rank: word for word, rank in WORDS.items()}
    assert downloads == [ARCHIVE, WORD_INDEX]
    assert first.origin == f"{own_cache / ARCHIVE} (downloaded)"
    assert second.origin == str(own_cache / CACHE)
    assert second.train.ranks.tolist() == first.train.ranks.tolist()
    (own_cache / CACHE).unlink()
    assert find_dataset().origin == f"{own_cache / ARCHIVE} (our cache)"


def test_keras_folder_saves_the_download(downloads, folder, own_cache):
    shutil.copytree(folder, find.keras_folder())
    found = find_dataset()
    assert found.origin == f"{find.keras_folder() / ARCHIVE} (Keras's folder)"
    assert (found.train.ranks.tolist(), found.word_index) == (RANKS, WORDS)
    assert downloads == []
    assert sorted(os.listdir(own_cache)) == sorted([CACHE, WORD_INDEX])


@pytest.mark.parametrize("name", ["KERAS_HOME", "HOME"])
def test_where_keras_keeps_data_sets(tmp_path, monkeypatch, name):
    monkeypatch.delenv("KERAS_HOME", raising=False)
    monkeypatch.setenv("USERPROFILE", str(tmp_path))  # what Windows calls it
    monkeypatch.setenv(name, str(tmp_path))
    begin = tmp_path if name == "KERAS_HOME" else tmp_path / ".keras"
    assert find.keras_folder() == begin / "datasets"


def test_the_words_stay_those_of_the_data_set_when_the_settings_change(named, monkeypatch):
    dataset = find_dataset()
    monkeypatch.setenv(SOURCE, "sample")
    monkeypatch.setenv(VARIABLE, str(named.parent / "nowhere"))
    assert dataset.word_index == WORDS


def test_a_filled_cache_saves_parsing_the_named_file_again(named, monkeypatch):
    find_dataset()
    monkeypatch.setattr(read, "read_archive", None)
    is_as_ever()


def test_a_cache_of_another_file_does_not_stand_for_the_named_one(named, own_cache):
    find_dataset()
    write_archive(named / ARCHIVE, TRAIN, TEST, save=np.savez_compressed)  # same content
    find_dataset()
    assert cache.read(own_cache / CACHE)[2] == cache.file_digest(named / ARCHIVE)


THREE_WAYS = """\
There are three ways to get the real reviews.
(1) Connect this machine to the network and try again, in a fresh kernel: 17 MB are fetched, once.
(2) If you have imdb.npz and imdb_word_index.json (Keras keeps them in ~/.keras/datasets), put \
both into one folder and set the environment variable IMDB_DATA_DIR to that folder.
(3) On a machine where the book has run on them, `python -m imdb_helpers` names the folder of its \
cache; copy that folder to {}."""


def test_without_data_and_network_the_error_names_three_ways(folder, own_cache):
    said = (
        "The IMDB data is not on this machine and could not be downloaded: 127.0.0.1:1 could not "
        f"be reached. {THREE_WAYS.format(own_cache)}"
    )
    with fails(said, errors.UnreachableError):
        find_dataset()
    assert issubclass(errors.UnreachableError, DataNotFoundError | FileNotFoundError)
    passed_on = pickle.loads(pickle.dumps(errors.UnreachableError("it rains", "Wait.")))
    assert (passed_on.reason, passed_on.what_to_do) == ("it rains", "Wait.")
    assert str(passed_on).endswith("could not be downloaded: it rains. Wait.")


def test_the_third_way_out_of_the_error_works(downloads, own_cache, tmp_path, monkeypatch):
    load()
    shutil.copytree(own_cache, tmp_path / "elsewhere")
    downloads.clear()
    elsewhere = str(tmp_path / "elsewhere")
    monkeypatch.setattr(cache.platformdirs, "user_cache_dir", lambda *_, **__: elsewhere)
    is_as_ever()
    assert downloads == []


def test_the_real_halves_are_told_apart(real_dataset):
    cache.verify(real_dataset.train, real_dataset.test, "somewhere")
    said = "the word ranks of the train half are not IMDB's (SHA-256 DIGEST..., expected DIGEST...)"
    with fails(f"{said}, read from somewhere."):
        cache.verify(real_dataset.test, real_dataset.train, "somewhere")


@pytest.mark.parametrize("times", [1, 2])
def test_a_warning_points_at_the_line_that_asked_for_the_data(folder, monkeypatch, times):
    monkeypatch.setenv(SOURCE, "sample")
    for _ in range(times):
        with pytest.warns(SampleCorpusWarning) as caught:
            load_data()
    assert caught[0].filename == __file__
    with pytest.warns(SampleCorpusWarning):  # in a program without a name
        exec("from imdb_helpers import load_data; load_data()", {})
