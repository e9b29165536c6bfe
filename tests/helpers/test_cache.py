"""Our cache is either whole or made again; whatever happens to it, the data is right."""

import hashlib
import multiprocessing
import os
import pickle
import shutil
import struct
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest

from imdb_helpers.dataset import Split, cache, find
from imdb_helpers.dataset.find import ARCHIVE, VARIABLE, WORD_INDEX, find_dataset
from imdb_helpers.dataset.read import read_archive
from tests.helpers.corpora import RANKS, Trap, member, object_array
from tests.helpers.fault_table import sentence
from tests.helpers.loading import AGAIN, CACHE, contents, is_as_ever, load


def test_digests_are_of_little_endian_integers():
    split = Split(*map(np.array, ([1, 2], [3], [4])))
    parts = struct.pack("<2i", 1, 2), struct.pack("<i", 3), struct.pack("<q", 4)
    assert cache.digests(split) == tuple(hashlib.sha256(part).hexdigest() for part in parts)


@pytest.mark.parametrize(
    ("source", "files"),
    [("named", [CACHE, WORD_INDEX]), ("downloads", [CACHE, ARCHIVE, WORD_INDEX])],
)
def test_only_the_cache_is_written_and_nothing_is_left_over(
    request, folder, own_cache, source, files
):
    request.getfixturevalue(source)
    before = contents(folder)
    load(), load()
    assert contents(folder) == before
    assert sorted(os.listdir(own_cache)) == sorted(files)


@pytest.mark.fault("the disk is full")
@pytest.mark.parametrize(
    ("where", "what"), [(os, "replace"), (tempfile, "mkdtemp"), (Path, "mkdir")]
)
def test_a_cache_that_cannot_be_written_only_warns(named, own_cache, monkeypatch, where, what):
    def fails(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(where, what, fails)
    said = (
        f"the cache in {own_cache} could not be written ([Errno 28] No space left on device); "
        "everything works, but the next load will be as slow as this one."
    )
    is_as_ever(said, said)  # of the reviews, and of the word index
    assert not own_cache.exists() or os.listdir(own_cache) in ([], [WORD_INDEX])


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_an_interrupted_write_leaves_the_old_file_alone(tmp_path, error):
    def interrupted(file):
        file.write(b"half a ")
        raise error

    file = tmp_path / "below" / "a" / "file"
    cache.replace_file(file, lambda opened: opened.write(b"old"))
    with pytest.raises(error):
        cache.replace_file(file, interrupted)
    assert file.read_bytes() == b"old"
    assert os.listdir(file.parent) == ["file"]


def test_the_cache_is_moved_into_place_when_it_is_whole(named, own_cache, monkeypatch):
    moved, move = [], os.replace

    def watched(source, target):
        assert Path(source).parent.parent == own_cache, "a move across disks is a copy"
        assert Path(source).parent.name.startswith("part-")
        assert not Path(target).exists()
        cache.read(Path(source))
        moved.append(Path(target).name)
        move(source, target)

    monkeypatch.setattr(os, "replace", watched)
    find_dataset()
    assert moved == [CACHE]


def test_what_others_put_into_the_cache_stays_and_disturbs_nothing(named, own_cache):
    theirs = [own_cache / name for name in ("tmp-of-mine", "part-of-my-thesis", "part-of-a-book")]
    theirs[0].mkdir(parents=True)
    theirs[1].write_text("mine")
    theirs[2].mkdir()
    old = time.time() - 2 * cache._OLD_SECONDS
    for path in theirs[:2]:
        os.utime(path, (old, old))
    is_as_ever()
    assert all(path.exists() for path in theirs)
    assert (own_cache / CACHE).is_file()


def test_what_is_cleaned_up_by_another_process_meanwhile_disturbs_nothing(
    named, own_cache, monkeypatch
):
    (own_cache / "part-gone").mkdir(parents=True)
    os.utime(own_cache / "part-gone", (0, 0))
    remove = shutil.rmtree

    def twice(path, **options):
        remove(path, **options)
        remove(path, **options)

    monkeypatch.setattr(shutil, "rmtree", twice)
    is_as_ever()
    assert sorted(os.listdir(own_cache)) == sorted([CACHE, WORD_INDEX])


# How a cache is spoiled -------------------------------------------------------------------------


def changed(change):
    """Change the bytes of the file."""
    return lambda file, *_: file.write_bytes(change(file.read_bytes()))


def saved(array):
    return lambda file, *_: np.save(file, array, allow_pickle=True)


def flipped(content):
    place = content.index(np.array(RANKS, dtype="<i4").tobytes())
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def swapped(file, train, test):
    cache.write(file.parent, test, train, "00" * 32)


def labelled(*labels):
    def spoil(file, train, test):
        train = Split(train.ranks, train.lengths, np.array(labels))
        cache.write(file.parent, train, test, "00" * 32)

    return spoil


TRAP = object_array([Trap(pytest.fail, "it was unpickled")])
CANNOT = "the cache cannot be read: FILE holds something other than a row of integers."
OTHER = (
    "the {} of the train half are not IMDB's (SHA-256 DIGEST..., expected DIGEST...), read from "
    "FILE."
)
DAMAGES = {
    "zero bytes": (changed(lambda content: b""), CANNOT),
    "cut": (changed(lambda content: content[: len(content) // 2]), CANNOT),
    "another kind of file": (changed(lambda content: b"<html>Sign in</html>"), CANNOT),
    "an archive": (lambda file, *_: np.savez(file.open("wb"), x=np.zeros(2)), CANNOT),
    "a claim of 100 GB": (changed(lambda _: member("<i4", f"({25 * 10**9},)", b"")), CANNOT),
    "a matrix": (saved(np.zeros((2, 2), "<i4")), CANNOT),
    "fractions": (saved(np.zeros(9)), CANNOT),
    "an array that runs code": (saved(TRAP), CANNOT),
    "a pickle that runs code": (changed(lambda _: pickle.dumps(TRAP)), CANNOT),
    "a flipped bit": (changed(flipped), OTHER.format("word ranks")),
    "swapped halves": (swapped, OTHER.format("word ranks")),
    "swapped labels": (labelled(0, 1), OTHER.format("labels")),
    "no label": (labelled(), OTHER.format("word ranks")),
    "one label": (labelled(1), OTHER.format("word ranks")),
    "three labels": (labelled(1, 0, 0), OTHER.format("word ranks")),
}


@pytest.mark.fault("a cache of zero bytes")
@pytest.mark.fault("a cache that was cut short")
@pytest.mark.fault("a cache with a flipped bit")
@pytest.mark.fault("a cache with swapped arrays")
@pytest.mark.fault("a cache with labels of the wrong length")
@pytest.mark.fault("a cache with a pickle that would run code")
@pytest.mark.fault("a cache that would unpack to 100 GB")
@pytest.mark.parametrize(("damage", "reason"), DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_cache_is_made_again_with_a_warning(named, own_cache, damage, reason):
    load()
    damage(own_cache / CACHE, *read_archive(named / ARCHIVE))
    is_as_ever(f"{reason} {AGAIN}".replace("FILE", str(own_cache / CACHE)))
    is_as_ever()


def test_a_damaged_cache_is_mended_where_another_one_is_right(named, own_cache):
    load()
    right = (own_cache / CACHE).read_bytes()
    _, other = cache.folders()
    other.mkdir()
    (other / CACHE).write_bytes(right)
    (own_cache / CACHE).write_bytes(b"half a fi")
    is_as_ever(f"{CANNOT} {AGAIN}".replace("FILE", str(own_cache / CACHE)))
    is_as_ever()
    assert (own_cache / CACHE).read_bytes() == right


@pytest.mark.fault("a cache of another version")
def test_a_cache_of_another_version(downloads, own_cache, monkeypatch):
    with monkeypatch.context() as earlier:
        earlier.setattr(cache, "FILE_NAME", "reviews-v1.npy")
        load()
    downloads.clear()
    is_as_ever()
    assert {CACHE, "reviews-v1.npy"} <= set(os.listdir(own_cache))
    assert downloads == [], "the archive in the cache is enough"


FETCHED = sentence("a damaged file of Keras's in our cache")
LEFT = sentence("a damaged file in Keras's folder")


# Keras's files in our cache ----------------------------------------------------------------------


def test_the_named_word_index_replaces_a_damaged_one(named, own_cache, monkeypatch):
    own_cache.mkdir()
    (own_cache / WORD_INDEX).write_bytes(b'{"the": 2}')
    is_as_ever()
    monkeypatch.delenv(VARIABLE)
    is_as_ever()


@pytest.mark.fault("a damaged file of Keras's in our cache")
@pytest.mark.parametrize("name", [ARCHIVE, WORD_INDEX])
def test_a_damaged_download_is_fetched_again_with_a_warning(downloads, own_cache, name):
    load()
    (own_cache / CACHE).unlink()
    (own_cache / name).write_bytes(b'{"the": 2}')
    downloads.clear()
    said = f"{own_cache / name} is damaged: its SHA-256 is not that of Keras's file."
    is_as_ever(f"{said} {FETCHED}.")
    assert downloads == [name]
    is_as_ever()


@pytest.mark.fault("a damaged file in Keras's folder")
@pytest.mark.parametrize("damaged", ["ours", "Keras's"])
def test_a_damaged_archive_that_need_not_be_mended_is_left_alone(
    downloads, folder, own_cache, damaged
):
    shutil.copytree(folder, find.keras_folder())
    own_cache.mkdir()
    place = own_cache if damaged == "ours" else find.keras_folder()
    (place / ARCHIVE).write_bytes(b"half a fi")
    before = contents(find.keras_folder())
    said = f"{place / ARCHIVE} is damaged: its SHA-256 is not that of Keras's file."
    is_as_ever(f"{said} {LEFT}.")
    assert contents(find.keras_folder()) == before
    assert downloads == ([] if damaged == "ours" else [ARCHIVE])


# Two processes ------------------------------------------------------------------------------------


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
        assert cache.read(place / CACHE)[0].ranks.tolist() == RANKS
