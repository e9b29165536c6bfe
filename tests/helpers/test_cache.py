"""Our cache is either whole or made again; whatever happens to it, the data is right."""

import multiprocessing
import os
import shutil
import tempfile
import time
import warnings
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from imdb_helpers import DataError
from imdb_helpers.dataset import cache, find
from imdb_helpers.dataset.find import ARCHIVE, VARIABLE, WORD_INDEX, find_dataset
from imdb_helpers.dataset.read import read_archive
from tests.helpers.corpora import RANKS, WORDS
from tests.helpers.fault_table import quoted

CACHE = cache.FILE_NAME


def contents(folder):
    return {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in folder.iterdir()}


@contextmanager
def no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def load():
    """Return the ranks of the training half and the word index, as the next load finds them."""
    dataset = find_dataset()
    return dataset.train.ranks.tolist(), dataset.word_index


def test_only_the_cache_is_written_and_nothing_is_left_over(named, own_cache):
    before = contents(named)
    load(), load()
    assert contents(named) == before
    assert sorted(os.listdir(own_cache)) == sorted([CACHE, WORD_INDEX])


def test_a_download_leaves_three_files_in_the_cache(downloads, own_cache):
    load()
    assert sorted(os.listdir(own_cache)) == sorted([CACHE, ARCHIVE, WORD_INDEX])


@pytest.mark.parametrize(
    ("where", "what"),
    [(np, "save"), (os, "replace"), (tempfile, "mkdtemp"), (Path, "mkdir")],
    ids=["writing", "moving", "opening", "making the folder"],
)
def test_a_cache_that_cannot_be_written_only_warns(named, own_cache, monkeypatch, where, what):
    def fails(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(where, what, fails)
    with pytest.warns(UserWarning, match=r"could not be written.*No space left"):
        assert load() == (RANKS, WORDS)
    assert not own_cache.exists() or CACHE not in os.listdir(own_cache)


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_an_interrupted_write_leaves_the_old_cache_alone(named, own_cache, error):
    load()
    before = contents(own_cache)

    def interrupted(file):
        file.write(b"half a ")
        raise error

    with pytest.raises(error):
        cache.replace_file(own_cache / CACHE, interrupted)
    assert contents(own_cache) == before


def test_the_cache_is_moved_into_place_when_it_is_whole(named, own_cache, monkeypatch):
    moved, move = [], os.replace

    def watched(source, target):
        assert own_cache in Path(source).parents, "a move across disks is a copy"
        assert not Path(target).exists()
        cache.read(Path(source))
        moved.append(Path(target).name)
        move(source, target)

    monkeypatch.setattr(os, "replace", watched)
    find_dataset()
    assert moved == [CACHE]


@pytest.mark.parametrize("what", ["file", "folder"])
@pytest.mark.parametrize("name", ["tmp-of-mine", "tmpabc", "part-of-my-thesis"])
def test_what_others_put_into_the_cache_stays_and_disturbs_nothing(named, own_cache, what, name):
    own_cache.mkdir()
    theirs = own_cache / name
    theirs.mkdir() if what == "folder" else theirs.write_text("mine")
    with no_warning():
        assert load() == (RANKS, WORDS)
    assert theirs.exists()
    assert (own_cache / CACHE).is_file()


def test_what_is_cleaned_up_by_another_process_meanwhile_disturbs_nothing(
    named, own_cache, monkeypatch
):
    (own_cache / "part-gone").mkdir(parents=True)
    old = time.time() - 2 * cache._OLD_SECONDS
    os.utime(own_cache / "part-gone", (old, old))
    remove = cache.shutil.rmtree

    def twice(path, **options):
        remove(path, **options)
        remove(path, **options)

    monkeypatch.setattr(cache.shutil, "rmtree", twice)
    with no_warning():
        assert load() == (RANKS, WORDS)
    assert sorted(os.listdir(own_cache)) == sorted([CACHE, WORD_INDEX])


def flipped(content):
    place = content.index(np.array(RANKS, dtype="<i4").tobytes())
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


DAMAGES = {
    "zero bytes": lambda content: b"",
    "cut": lambda content: content[: len(content) // 2],
    "the last byte lost": lambda content: content[:-1],
    "a flipped bit": flipped,
    "another kind of file": lambda content: b"<html>Sign in to the network</html>",
}


@pytest.mark.fault("a cache of zero bytes")
@pytest.mark.fault("a cache that was cut short")
@pytest.mark.fault("a cache with a flipped bit")
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("source", ["named", "downloads"])
def test_a_damaged_cache_is_made_again_with_a_warning(request, own_cache, damage, source):
    request.getfixturevalue(source)
    load()
    with no_warning():
        load()
    (own_cache / CACHE).write_bytes(damage((own_cache / CACHE).read_bytes()))
    with pytest.warns(UserWarning, match=quoted("a cache of zero bytes")):
        assert load() == (RANKS, WORDS)
    with no_warning():
        assert load() == (RANKS, WORDS)


def test_the_named_word_index_replaces_a_damaged_one(named, own_cache, monkeypatch):
    own_cache.mkdir()
    (own_cache / WORD_INDEX).write_bytes(b'{"the": 2}')
    with no_warning():
        assert load()[1] == WORDS
        monkeypatch.delenv(VARIABLE)
        assert load()[1] == WORDS


@pytest.mark.fault("a damaged file of Keras's in our cache")
@pytest.mark.parametrize("name", [ARCHIVE, WORD_INDEX])
def test_a_damaged_download_is_fetched_again_with_a_warning(downloads, own_cache, name):
    load()
    (own_cache / CACHE).unlink()
    (own_cache / name).write_bytes(b'{"the": 2}')
    downloads.clear()
    with pytest.warns(
        UserWarning, match=f"{name} is damaged.*" + quoted("a damaged file of Keras's in our cache")
    ):
        assert load() == (RANKS, WORDS)
    assert downloads == [name]
    with no_warning():
        assert load() == (RANKS, WORDS)


def test_a_flipped_bit_anywhere_is_noticed_or_harmless(named, own_cache):
    right = cache.digests(find_dataset().test)
    file = own_cache / CACHE
    whole = file.read_bytes()
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << place % 8
        file.write_bytes(damaged)
        try:
            _, test, _ = cache.read(file)
        except DataError:
            continue
        assert cache.digests(test) == right


def fill(folder, caches, digests, barrier):
    """Fill the caches from another process, which knows nothing of this one's patches."""
    cache.IMDB_DIGESTS.update(digests)
    os.environ[VARIABLE] = folder
    for place in caches:
        cache.platformdirs.user_cache_dir = lambda *_, place=place, **__: str(place)
        barrier.wait(120)
        assert find_dataset().train.ranks.tolist() == RANKS
        assert find_dataset().train.ranks.tolist() == RANKS


@pytest.mark.fault("two processes fill the cache at once")
def test_two_processes_may_fill_a_cache_at_once(named, tmp_path):
    spawn = multiprocessing.get_context("spawn")
    caches = [tmp_path / str(number) for number in range(20)]
    arguments = (str(named), caches, dict(cache.IMDB_DIGESTS), spawn.Barrier(2))
    processes = [spawn.Process(target=fill, args=arguments) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    for place in caches:
        assert os.listdir(place) == [CACHE]
        train, *_ = cache.read(place / CACHE)
        assert train.ranks.tolist() == RANKS


def test_the_cache_says_which_archive_it_was_made_from(named, own_cache):
    train, test = read_archive(named / ARCHIVE)
    cache.write(own_cache, train, test, "ab" * 32)
    assert cache.read(own_cache / CACHE)[2] == "ab" * 32


def test_a_damaged_cache_is_mended_where_another_one_is_right(named, own_cache):
    load()
    right = (own_cache / CACHE).read_bytes()
    _, other = cache.folders()
    other.mkdir()
    (other / CACHE).write_bytes(right)
    (own_cache / CACHE).write_bytes(b"half a fi")
    with pytest.warns(UserWarning, match=quoted("a cache of zero bytes")):
        assert load() == (RANKS, WORDS)
    with no_warning():
        assert load() == (RANKS, WORDS)
    assert (own_cache / CACHE).read_bytes() == right


def test_a_damaged_archive_beside_a_right_one_of_keras_s_is_left_alone(
    downloads, folder, own_cache
):
    own_cache.mkdir()
    (own_cache / ARCHIVE).write_bytes(b"half a fi")
    shutil.copytree(folder, find.keras_folder())
    with pytest.warns(UserWarning, match="left as it is"):
        assert load() == (RANKS, WORDS)
    assert downloads == []
