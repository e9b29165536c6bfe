"""A file from the internet can be refused, but it cannot do anything."""

import io
import os
import pickle
import re
import warnings
import zipfile

import numpy as np
import pytest

from imdb_helpers import DataError, archive
from imdb_helpers.archive import read_npz
from imdb_helpers.corpus import read_archive
from tests.corpora import (
    TEST,
    TRAIN,
    object_array,
    pickled_member,
    write_archive,
    zip_of,
)


class Trap:
    """A pickle of this calls `function(*args)` when it is loaded."""

    def __init__(self, function, *args):
        self.call = function, args

    def __reduce__(self):
        return self.call


def read_one(path):
    return read_npz(path, ("x",))["x"]


@pytest.fixture
def small(tmp_path):
    return write_archive(tmp_path / "small.npz", TRAIN, TEST)


@pytest.mark.parametrize(
    ("function", "argument"),
    [
        (os.mkdir, "{}"),
        (os.system, 'mkdir "{}"'),
        (eval, "__import__('os').mkdir(r'{}')"),
    ],
    ids=["a function", "a shell command", "an expression"],
)
def test_a_pickle_that_runs_code_is_refused_and_not_run(tmp_path, function, argument):
    marker = tmp_path / "marker"
    path = tmp_path / "trap.npz"
    np.savez(path, x=object_array([[1, 2], Trap(function, argument.format(marker))]))
    with pytest.raises(DataError, match="it was refused"):
        read_one(path)
    assert not marker.exists()
    with np.load(path, allow_pickle=True) as stored:
        stored["x"]
    assert marker.exists(), "the trap is one: NumPy runs it when allowed to"


def test_the_message_names_file_and_function(tmp_path):
    path = tmp_path / "trap.npz"
    np.savez(path, x=object_array([Trap(print, "code from the file is running")]))
    with pytest.raises(DataError, match=re.escape(f"{path}: the file asks Python to call")) as got:
        read_one(path)
    assert "builtins.print" in str(got.value)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_no_pickle_protocol_opens_a_way_around(tmp_path, protocol):
    trap = [Trap(os.mkdir, str(tmp_path / "marker"))]
    path = zip_of(tmp_path / "trap.npz", x=pickled_member(trap, (1,), protocol))
    with pytest.raises(DataError, match="it was refused"):
        read_one(path)
    assert not (tmp_path / "marker").exists()


def test_lists_of_ints_pass(small):
    arrays = read_npz(small, ("x_train", "y_train", "x_test", "y_test"))
    assert arrays["x_train"].tolist() == [[1, 2, 3], [4]]
    assert arrays["x_test"].tolist() == [[5], [2, 2]]
    assert arrays["y_test"].tolist() == [0, 1]


@pytest.mark.parametrize("dtype", ["int64", "int32", "uint8", "float32"])
def test_plain_arrays_pass(tmp_path, dtype):
    np.savez(tmp_path / "plain.npz", x=np.arange(6, dtype=dtype).reshape(2, 3))
    assert read_one(tmp_path / "plain.npz").dtype == dtype
    assert read_one(tmp_path / "plain.npz").tolist() == [[0, 1, 2], [3, 4, 5]]


def test_files_written_by_numpy_1_pass(tmp_path):
    new = pickled_member(object_array([[1], [2, 3]]), (2,))
    old = new.replace(b"numpy._core.multiarray", b"numpy.core.multiarray")
    assert old != new
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # NumPy's, about its old name
        assert read_one(zip_of(tmp_path / "old.npz", x=old)).tolist() == [[1], [2, 3]]


def test_a_compressed_file_passes(tmp_path):
    path = write_archive(tmp_path / "small.npz", TRAIN, TEST, save=np.savez_compressed)
    assert read_archive(path).train.ranks.tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize("content", [b"", b"hello", b"\x93NUMPY", b"PK\x03\x04 nearly a zip"])
def test_something_else_than_an_npz_is_an_error(tmp_path, content):
    (tmp_path / "imdb.npz").write_bytes(content)
    with pytest.raises(DataError, match=r"damaged or no \.npz file"):
        read_one(tmp_path / "imdb.npz")


def test_a_missing_array_is_named(small):
    with pytest.raises(DataError, match=r"no array 'x_val' in it, only .*x_test"):
        read_npz(small, ("x_train", "x_val"))


def test_a_missing_file_is_no_data_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_one(tmp_path / "nothing.npz")


def test_a_file_cut_anywhere_is_an_error(small):
    whole = small.read_bytes()
    for end in range(0, len(whole) - 1, 7):
        small.write_bytes(whole[:end])
        with pytest.raises(DataError):
            read_archive(small)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_a_flipped_bit_anywhere_gives_the_data_or_a_data_error(tmp_path, save):
    path = write_archive(tmp_path / "small.npz", TRAIN, TEST, save=save)
    whole, right = path.read_bytes(), read_archive(path).train.digests()
    for place in range(len(whole)):
        flipped = bytearray(whole)
        flipped[place] ^= 1 << place % 8
        path.write_bytes(flipped)
        try:
            assert read_archive(path).train.digests() == right
        except DataError:
            continue


def test_a_member_that_unpacks_to_too_much_is_refused_before_unpacking(tmp_path, monkeypatch):
    bomb = zip_of(tmp_path / "bomb.npz", x=bytes(archive.MAX_MEMBER_BYTES + 1))
    assert bomb.stat().st_size < archive.MAX_MEMBER_BYTES / 500
    monkeypatch.setattr("zipfile.ZipFile.read", None)  # not even tried
    with pytest.raises(DataError, match="would unpack to 100,000,001 bytes, over the limit"):
        read_one(bomb)


def test_a_member_may_unpack_to_the_limit_and_no_byte_more(tmp_path, monkeypatch):
    np.savez(tmp_path / "plain.npz", x=np.arange(6, dtype="int64"))
    with zipfile.ZipFile(tmp_path / "plain.npz") as file:
        size = file.getinfo("x.npy").file_size
    monkeypatch.setattr(archive, "MAX_MEMBER_BYTES", size)
    assert read_one(tmp_path / "plain.npz").tolist() == [0, 1, 2, 3, 4, 5]
    monkeypatch.setattr(archive, "MAX_MEMBER_BYTES", size - 1)
    with pytest.raises(DataError, match="over the limit"):
        read_one(tmp_path / "plain.npz")


def test_a_header_of_numpys_second_version_passes(tmp_path):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.arange(3), version=(2, 0))
    assert read_one(zip_of(tmp_path / "v2.npz", x=stream.getvalue())).tolist() == [0, 1, 2]


@pytest.mark.parametrize("value", [[1, 2], object_array([[1], [2]]), {"a": 1}])
def test_a_pickle_that_is_not_the_announced_array_is_an_error(tmp_path, value):
    path = zip_of(tmp_path / "odd.npz", x=pickled_member(value, (3,)))
    with pytest.raises(DataError, match="does not hold the array its header announces"):
        read_one(path)


@pytest.mark.parametrize(
    "reviews", [["ab", "c"], [[1.5], [2.5, "x"]], [1, 2], [None, [1]], [[2**40]]]
)
def test_reviews_that_are_no_lists_of_ranks_are_an_error(tmp_path, reviews):
    labels = [0] * len(reviews)
    path = write_archive(tmp_path / "odd.npz", (reviews, labels), TEST)
    with pytest.raises(DataError):
        read_archive(path)


def test_a_label_too_many_is_an_error(tmp_path):
    path = write_archive(tmp_path / "odd.npz", ([[1], [2]], [0, 1, 1]), TEST)
    with pytest.raises(DataError, match="2 reviews but 3 labels"):
        read_archive(path)
