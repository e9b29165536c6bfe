"""The data is found in the promised order and verified; errors say what to do."""

import os
import pickle
import shutil

import numpy as np
import pytest

from imdb_helpers import DataError, DataNotFoundError, SampleCorpusWarning, errors, load_data
from imdb_helpers.dataset import cache, find, read
from imdb_helpers.dataset.find import ARCHIVE, SOURCE, VARIABLE, WORD_INDEX, find_dataset
from tests.helpers.corpora import RANKS, TEST, TRAIN, WORDS, write_archive
from tests.helpers.test_cache import CACHE, load

DIGESTS = r"\(SHA-256 \w{12}\.\.\., expected \w{12}\.\.\.\)"  # in a message, their beginnings


def test_the_named_folder_comes_before_cache_and_download(downloads, folder, monkeypatch):
    load()
    monkeypatch.setenv(VARIABLE, str(folder))
    downloads.clear()
    found = find_dataset()
    assert found.origin == f"{folder / ARCHIVE} (the folder that IMDB_DATA_DIR names)"
    assert (found.train.ranks.tolist(), found.word_index) == (RANKS, WORDS)
    assert downloads == []


def test_the_cache_comes_before_the_download(downloads, own_cache):
    first, second = find_dataset(), find_dataset()
    assert first.word_index == second.word_index == WORDS
    assert downloads == [ARCHIVE, WORD_INDEX]
    assert first.origin == f"{own_cache / ARCHIVE} (downloaded)"
    assert second.origin == str(own_cache / CACHE)
    assert second.train.ranks.tolist() == first.train.ranks.tolist()


def test_the_words_are_not_fetched_before_somebody_asks_for_them(downloads):
    dataset = find_dataset()
    assert downloads == [ARCHIVE]
    assert dataset.words == {rank: word for word, rank in WORDS.items()}
    assert downloads == [ARCHIVE, WORD_INDEX]


def test_the_words_stay_those_of_the_data_set_when_the_settings_change(named, monkeypatch):
    dataset = find_dataset()
    monkeypatch.setenv(SOURCE, "sample")
    monkeypatch.setenv(VARIABLE, str(named.parent / "nowhere"))
    assert dataset.word_index == WORDS


def test_a_filled_cache_saves_parsing_the_named_file_again(named, monkeypatch):
    find_dataset()
    monkeypatch.setattr(read, "read_archive", None)
    assert load() == (RANKS, WORDS)


def test_a_cache_of_another_file_does_not_stand_for_the_named_one(named, own_cache):
    find_dataset()
    write_archive(named / ARCHIVE, TRAIN, TEST, save=np.savez_compressed)  # same content
    find_dataset()
    assert cache.read(own_cache / CACHE)[2] == cache.file_digest(named / ARCHIVE)
    write_archive(named / ARCHIVE, TEST, TRAIN)  # other content: the cache must not hide it
    with pytest.raises(DataError):
        find_dataset()


def test_an_empty_variable_counts_as_unset(downloads, monkeypatch):
    monkeypatch.setenv(VARIABLE, "")
    assert find_dataset().origin.endswith("(downloaded)")


@pytest.mark.parametrize("missing", [[ARCHIVE, CACHE], [WORD_INDEX]])
def test_without_data_and_network_the_error_names_three_ways(downloads, server, own_cache, missing):
    load()
    for name in missing:
        (own_cache / name).unlink()
    server.server_close()
    with pytest.raises(DataNotFoundError) as caught:
        load()
    message = str(caught.value)
    assert "could not be reached" in message
    assert [f"({n})" in message for n in (1, 2, 3, 4)] == [True, True, True, False]
    for way in ("network", "python -m imdb_helpers", VARIABLE, ARCHIVE, str(own_cache)):
        assert way in message
    assert isinstance(caught.value, FileNotFoundError)


def test_the_third_way_out_of_the_error_works(downloads, own_cache, tmp_path, monkeypatch):
    load()
    shutil.copytree(own_cache, tmp_path / "elsewhere")
    downloads.clear()
    elsewhere = str(tmp_path / "elsewhere")
    monkeypatch.setattr(cache.platformdirs, "user_cache_dir", lambda *_, **__: elsewhere)
    assert load() == (RANKS, WORDS)
    assert downloads == []


@pytest.mark.fault("`IMDB_DATA_DIR` is a file")
@pytest.mark.fault("`IMDB_DATA_DIR` does not exist")
@pytest.mark.parametrize(
    ("name", "problem"),
    [("nowhere", "does not exist"), (f"data/{ARCHIVE}", "is a file, not a folder")],
)
def test_a_variable_that_names_no_folder_is_an_error(folder, monkeypatch, name, problem):
    monkeypatch.setenv(VARIABLE, str(folder.parent / name))
    with pytest.raises(DataNotFoundError, match=f"which {problem}.*or unset it"):
        load()


@pytest.mark.fault("`IMDB_DATA_DIR` lacks a file")
@pytest.mark.parametrize("name", [ARCHIVE, WORD_INDEX])
def test_a_named_folder_that_lacks_a_file_is_an_error(named, name):
    (named / name).unlink()
    with pytest.raises(DataNotFoundError, match=f"has no {name}"):
        load()


@pytest.mark.parametrize(
    ("train", "test", "what"),
    [
        (TEST, TRAIN, "word ranks of the train half"),
        (TRAIN, ([[5], [2, 3]], [0, 1]), "word ranks of the test half"),
        (([[1, 2], [3, 4]], [1, 0]), TEST, "review lengths of the train half"),
        (TRAIN, (TEST[0], [1, 0]), "labels of the test half"),
    ],
    ids=["halves swapped", "a rank changed", "a boundary moved", "labels swapped"],
)
def test_other_content_is_refused_and_not_kept(named, own_cache, train, test, what):
    write_archive(named / ARCHIVE, train, test)
    with pytest.raises(DataError, match=f"the {what} are not IMDB's {DIGESTS},"):
        find_dataset()
    assert not own_cache.exists()


def test_the_real_halves_are_told_apart(real_dataset):
    cache.verify(real_dataset.train, real_dataset.test, "somewhere")
    with pytest.raises(DataError, match="word ranks of the train half are not IMDB's"):
        cache.verify(real_dataset.test, real_dataset.train, "somewhere")


@pytest.mark.parametrize("times", [1, 2])
def test_a_warning_points_at_the_line_that_asked_for_the_data(folder, monkeypatch, times):
    monkeypatch.setenv(SOURCE, "sample")
    for _ in range(times):
        with pytest.warns(SampleCorpusWarning) as caught:
            load_data()
    assert caught[0].filename == __file__


def test_an_error_that_nothing_was_found_can_be_passed_on_by_a_process(folder):
    with pytest.raises(errors.UnreachableError) as caught:
        find_dataset()
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (str(copy), copy.reason) == (str(caught.value), caught.value.reason)


def test_a_warning_in_a_program_without_a_name(folder, monkeypatch):
    monkeypatch.setenv(SOURCE, "sample")
    with pytest.warns(SampleCorpusWarning):
        exec("from imdb_helpers import load_data; load_data()", {})


def test_a_user_who_does_not_exist_has_no_folder(folder, monkeypatch):
    monkeypatch.setenv(VARIABLE, "~nosuchuser/data")
    with pytest.raises(DataNotFoundError, match="does not exist"):
        find_dataset()


def test_keras_folder_saves_the_download(downloads, folder, own_cache):
    shutil.copytree(folder, find.keras_folder())
    found = find_dataset()
    assert found.origin.endswith(f"{ARCHIVE} (Keras's folder)")
    assert (found.train.ranks.tolist(), found.word_index) == (RANKS, WORDS)
    assert downloads == []
    assert sorted(os.listdir(own_cache)) == sorted([CACHE, WORD_INDEX])


def test_the_small_data_of_these_tests_is_what_it_says(folder):
    assert read.read_archive(folder / ARCHIVE)[0].ranks.tolist() == RANKS
