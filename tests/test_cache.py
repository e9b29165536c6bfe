"""Our cache is either whole or made again; whatever happens to it, the data is right."""

import multiprocessing
import os
import tempfile
import warnings
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from imdb_helpers import DataError, corpus, files
from imdb_helpers.corpus import (
    file_digest,
    read_archive,
    read_cache,
    replace_file,
    verify,
    write_cache,
)
from imdb_helpers.files import ARCHIVE, VARIABLE, WORD_INDEX
from imdb_helpers.sources import load_corpus, load_word_index
from tests.corpora import RANKS, WORDS

CACHE = "corpus-v1.npz"


def contents(folder):
    return {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in folder.iterdir()}


@contextmanager
def no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def test_only_the_cache_is_written_and_nothing_is_left_over(named, own_cache):
    before = contents(named)
    load_corpus(), load_word_index(), load_corpus()
    assert contents(named) == before
    assert sorted(os.listdir(own_cache)) == [CACHE, WORD_INDEX]


def test_a_download_leaves_three_files_in_the_cache(downloads, own_cache):
    load_corpus(), load_word_index()
    assert sorted(os.listdir(own_cache)) == [CACHE, ARCHIVE, WORD_INDEX]


@pytest.mark.parametrize(
    ("where", "what"),
    [(np, "savez"), (os, "replace"), (tempfile, "mkstemp"), (Path, "mkdir")],
    ids=["writing", "moving", "opening", "making the folder"],
)
def test_a_cache_that_cannot_be_written_only_warns(named, own_cache, monkeypatch, where, what):
    def fails(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(where, what, fails)
    with pytest.warns(UserWarning, match=r"could not be written.*No space left"):
        assert load_corpus().train.ranks.tolist() == RANKS
    assert not own_cache.exists() or os.listdir(own_cache) == []


def test_an_interrupted_write_leaves_the_old_cache_alone(named, own_cache, monkeypatch):
    load_corpus()
    before = contents(own_cache)

    def interrupted(file, **arrays):
        file.write(b"half a ")
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_cache(files.cache_file(), read_archive(named / ARCHIVE), "x")
    assert contents(own_cache) == before


def test_the_cache_is_moved_into_place_when_it_is_whole(named, own_cache, monkeypatch):
    moved, move = [], os.replace

    def watched(source, target):
        assert Path(source).parent == Path(target).parent, "a move across disks is a copy"
        assert not Path(target).exists()
        read_cache(Path(source))
        moved.append(Path(target).name)
        move(source, target)

    monkeypatch.setattr(os, "replace", watched)
    load_corpus()
    assert moved == [CACHE]


def test_an_interruption_right_after_the_move_is_no_other_error(tmp_path, monkeypatch):
    move = os.replace

    def interrupted(source, target):
        move(source, target)
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        replace_file(tmp_path / "file", lambda handle: handle.write(b"whole"))
    assert (tmp_path / "file").read_bytes() == b"whole"


def test_folders_that_are_missing_are_made(tmp_path):
    replace_file(tmp_path / "a" / "b" / "file", lambda handle: handle.write(b"whole"))
    assert (tmp_path / "a" / "b" / "file").read_bytes() == b"whole"


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
    load_corpus()
    with no_warning():
        load_corpus()
    (own_cache / CACHE).write_bytes(damage((own_cache / CACHE).read_bytes()))
    with pytest.warns(UserWarning, match="The cache will be made again"):
        assert load_corpus().train.ranks.tolist() == RANKS
    with no_warning():
        assert load_corpus().train.ranks.tolist() == RANKS


def test_a_cache_with_other_content_is_made_again(named, own_cache):
    right = read_archive(named / ARCHIVE)
    digest = file_digest(named / ARCHIVE)
    write_cache(own_cache / CACHE, corpus.Corpus(right.test, right.train, "swapped"), digest)
    with pytest.warns(UserWarning, match=r"word ranks of the train half.*made again"):
        assert load_corpus().train.ranks.tolist() == RANKS


@pytest.mark.fault("a cache of another version")
def test_the_cache_of_another_version_is_made_again(downloads, own_cache, monkeypatch):
    with monkeypatch.context() as earlier:
        earlier.setattr(corpus, "CACHE_VERSION", 0)
        load_corpus()
    with pytest.warns(UserWarning, match="written by another version"):
        assert load_corpus().train.ranks.tolist() == RANKS
    with no_warning():
        load_corpus()
    assert downloads == [ARCHIVE]


def test_the_named_word_index_replaces_a_damaged_one(named, own_cache, monkeypatch):
    own_cache.mkdir()
    (own_cache / WORD_INDEX).write_bytes(b'{"the": 2}')
    with no_warning():
        assert load_word_index() == WORDS
        monkeypatch.delenv(VARIABLE)
        assert load_word_index() == WORDS


@pytest.mark.fault("a damaged file of Keras's in our cache")
@pytest.mark.parametrize("name", [ARCHIVE, WORD_INDEX])
def test_a_damaged_download_is_fetched_again_with_a_warning(downloads, own_cache, name):
    load_corpus(), load_word_index()
    (own_cache / CACHE).unlink()
    (own_cache / name).write_bytes(b'{"the": 2}')
    downloads.clear()
    with pytest.warns(UserWarning, match=f"{name} is damaged.*It will be fetched again"):
        assert (load_corpus().train.ranks.tolist(), load_word_index()) == (RANKS, WORDS)
    assert downloads == [name]
    with no_warning():
        assert (load_corpus().train.ranks.tolist(), load_word_index()) == (RANKS, WORDS)


def test_a_flipped_bit_anywhere_is_noticed_or_harmless(named, own_cache):
    right = load_corpus()
    file = own_cache / CACHE
    whole = file.read_bytes()
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << place % 8
        file.write_bytes(damaged)
        try:
            found, _ = read_cache(file)
            verify(found)
        except DataError:
            continue
        assert found.test.digests() == right.test.digests()


def fill(folder, caches, digests, barrier):
    """Fill the caches from another process, which knows nothing of this one's patches."""
    corpus.IMDB_DIGESTS.update(digests)
    os.environ[VARIABLE] = folder
    for cache in caches:
        files.platformdirs.user_cache_dir = lambda *_, cache=cache, **__: str(cache)
        barrier.wait(120)
        assert load_corpus().train.ranks.tolist() == RANKS
        assert load_corpus().train.ranks.tolist() == RANKS


@pytest.mark.fault("two processes fill the cache at once")
def test_two_processes_may_fill_a_cache_at_once(named, tmp_path):
    spawn = multiprocessing.get_context("spawn")
    caches = [tmp_path / str(number) for number in range(20)]
    arguments = (str(named), caches, dict(corpus.IMDB_DIGESTS), spawn.Barrier(2))
    processes = [spawn.Process(target=fill, args=arguments) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    for cache in caches:
        assert os.listdir(cache) == [CACHE]
        verify(read_cache(cache / CACHE)[0])
