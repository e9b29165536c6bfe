"""A file from the internet can be refused, but it cannot do anything; every honest one is read."""

import io
import os
import pickle
import zipfile

import numpy as np
import pytest

from imdb_helpers import DataError
from imdb_helpers.dataset import npz, pickled
from imdb_helpers.dataset.cache import digests
from imdb_helpers.dataset.npz import read_members
from imdb_helpers.dataset.read import read_archive
from tests.helpers.corpora import (
    TEST,
    TRAIN,
    Trap,
    object_array,
    pickled_member,
    write_archive,
    zip_of,
)

PROTOCOLS = range(2, pickle.HIGHEST_PROTOCOL + 1)
LABELS = np.zeros(1, dtype="int64")


def reviews_of(path):
    train, _ = read_archive(path)
    return [part.tolist() for part in np.split(train.ranks, np.cumsum(train.lengths)[:-1])]


def archive_of(path, pickle_of_reviews, count):
    """Write an archive whose training reviews are the pickle given."""
    header = io.BytesIO()
    shape = {"descr": "|O", "fortran_order": False, "shape": (count,)}
    np.lib.format.write_array_header_1_0(header, shape)
    member = header.getvalue() + pickle_of_reviews
    labels = io.BytesIO()
    np.save(labels, np.zeros(count, dtype="int64"))
    members = {"x_train": member, "y_train": labels.getvalue()}
    return zip_of(path, **members, x_test=member, y_test=labels.getvalue())


@pytest.fixture
def small(tmp_path):
    return write_archive(tmp_path / "small.npz", TRAIN, TEST)


# What is read ------------------------------------------------------------------------------------

LISTS = {
    "usual": [[1, 2, 3], [4]],
    "an empty one": [[], [5]],
    "every size of integer": [[0, 255, 256, 65_535, 65_536, 2**31 - 1]],
    "one list twice": [[7, 8]] * 2,
    "longer than a batch of the pickler": [list(range(2_001)), [9] * 1_000, [1] * 1_001],
    "more than a batch of reviews": [[n] for n in range(2_001)],
    "longer than a frame of the pickler": [[70_000] * 50_000, [300] * 50_000],
}


@pytest.mark.parametrize("reviews", LISTS.values(), ids=LISTS)
@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("pickler", [pickle.dumps, pickle._dumps], ids=["in C", "in Python"])
def test_every_protocol_gives_the_lists_that_were_pickled(tmp_path, reviews, protocol, pickler):
    path = archive_of(tmp_path / "x.npz", pickler(object_array(reviews), protocol), len(reviews))
    assert reviews_of(path) == reviews


# What Python 2.7 and NumPy 1.13 wrote, protocol 2, byte for byte: their pickler spells strings as
# bytes, numbers the flags of a type, and puts a number on every list.
PYTHON_2 = (
    b"\x80\x02cnumpy.core.multiarray\n_reconstruct\nq\x01cnumpy\nndarray\nq\x02K\x00\x85U\x01b\x87"
    b"Rq\x03(K\x01K\x03\x85cnumpy\ndtype\nq\x04U\x02O8K\x00K\x01\x87Rq\x05(K\x03U\x01|NNNJ\xff\xff"
    b"\xff\xffJ\xff\xff\xff\xffK?tb\x89]q\x06(]q\x07(K\x01M\x00\x01J\x00\x00\x01\x00e]r\x00\x01\x00"
    b"\x00K\x05ah\x07etb."
)


def test_what_python_2_wrote_is_read(tmp_path):
    path = archive_of(tmp_path / "old.npz", PYTHON_2, 3)
    assert reviews_of(path) == [[1, 256, 65_536], [5], [1, 256, 65_536]]
    assert pickle.loads(PYTHON_2.replace(b"numpy.core", b"numpy._core"), encoding="latin-1").shape


def test_a_header_that_python_2_wrote_is_read(tmp_path):
    member = pickled_member(object_array([[1], [2, 3]]), (2,))
    old = member.replace(b"(2,), } ", b"(2L,), }").replace(b"numpy._core", b"numpy.core")
    with zipfile.ZipFile(write_archive(tmp_path / "a.npz", TRAIN, TEST)) as archive:
        others = {name: archive.read(f"{name}.npy") for name in ("y_train", "x_test", "y_test")}
    assert reviews_of(zip_of(tmp_path / "old.npz", x_train=old, **others)) == [[1], [2, 3]]


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_lists_of_ints_and_their_labels_are_read(tmp_path, save):
    train, test = read_archive(write_archive(tmp_path / "small.npz", TRAIN, TEST, save=save))
    assert (train.ranks.tolist(), train.lengths.tolist()) == ([1, 2, 3, 4], [3, 1])
    assert (test.ranks.tolist(), test.labels.tolist()) == ([5, 2, 2], [0, 1])
    assert [array.dtype for array in (train.ranks, train.lengths, train.labels)] == [
        np.int32,
        np.int32,
        np.int64,
    ]


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
@pytest.mark.parametrize("dtype", ["int64", ">i4", "uint8", "<U5"])
def test_plain_arrays_are_read_in_each_version_of_the_format(tmp_path, dtype, version):
    stream = io.BytesIO()
    array = np.arange(6).astype(dtype).reshape(2, 3)
    np.lib.format.write_array(stream, array, version=version)
    (member,) = read_members(zip_of(tmp_path / "x.npz", x=stream.getvalue()), ("x",))
    assert np.array_equal(member.array(), array)


# What is refused ---------------------------------------------------------------------------------


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize(
    ("function", "argument"),
    [
        (os.mkdir, "{}"),
        (os.system, 'mkdir "{}"'),
        (eval, "__import__('os').mkdir(r'{}')"),
    ],
    ids=["a function", "a shell command", "an expression"],
)
def test_a_pickle_that_runs_code_is_refused_and_not_run(tmp_path, protocol, function, argument):
    marker = tmp_path / "marker"
    trap = pickle.dumps([Trap(function, argument.format(marker))], protocol)
    with pytest.raises(DataError, match="it was refused"):
        read_archive(archive_of(tmp_path / "trap.npz", trap, 1))
    assert not marker.exists()
    pickle.loads(trap)
    assert marker.exists(), "the trap is one: unpickling runs it"


# A type whose flags are cleared turns the bytes that follow into pointers: NumPy's own unpickling
# reads from wherever they point, and the interpreter is gone.
CLEARED_FLAGS = PYTHON_2.replace(b"K?tb\x89]q\x06(", b"K\x00tb\x89U\x10" + b"A" * 16 + b"tb.")


@pytest.mark.fault("an archive that would crash the interpreter")
def test_a_type_with_cleared_flags(tmp_path):
    with pytest.raises(DataError, match="holds an array of something other than lists"):
        read_archive(archive_of(tmp_path / "x.npz", CLEARED_FLAGS, 3))


@pytest.mark.fault("an archive that asks for memory with a few bytes")
@pytest.mark.parametrize(
    "asks",
    [
        b"\x80\x02]r\xff\xff\xff\x0f.",  # a number for a list, from a memo of 268 million places
        b"\x80\x04\x8e" + (10**10).to_bytes(8, "little") + b"b.",
        b"\x80\x02X\xff\xff\xff\x7fb.",
        b"\x80\x02" + b"(" * 500_000,
        b"\x80\x02" + b"]" * 500_000,
        b"\x80\x04]" + b"\x94" * 500_000,
        b"\x80\x04K\x01" + b"\x85" * 300_000 + b"\x8c\x01x\x93.",
        b"\x80\x04" + b"]" * 150_000 + b"a" * 149_999 + b".",
    ],
    ids=["number", "bytes", "text", "marks", "lists", "numbers", "nested name", "nested lists"],
)
def test_a_pickle_that_asks_for_memory(tmp_path, asks):
    with pytest.raises(DataError):
        read_archive(archive_of(tmp_path / "x.npz", asks, 1))


@pytest.mark.fault("an archive that says one long review many times")
def test_one_long_review_said_many_times(tmp_path):
    path = write_archive(tmp_path / "x.npz", ([[1] * 1_000_000] * 1_000, [0] * 1_000), TEST)
    compressed = zip_of(tmp_path / "y.npz", **members_of(path))
    assert compressed.stat().st_size < 30_000
    with pytest.raises(DataError, match="would unpack to 2,000,270,000 bytes, over the limit"):
        read_archive(compressed)


@pytest.mark.fault("there is not enough memory for the reviews")
def test_a_lack_of_memory_is_not_called_damage(small, monkeypatch):
    def fails(*_, **__):
        raise MemoryError

    for module, name in ((pickled.np, "frombuffer"), (zipfile.ZipExtFile, "read")):
        with monkeypatch.context() as context:
            context.setattr(module, name, fails)
            with pytest.raises(MemoryError):
                read_archive(small)


def members_of(path):
    with zipfile.ZipFile(path) as archive:
        return {name.removesuffix(".npy"): archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("content", [b"", b"hello", b"\x93NUMPY", b"PK\x03\x04 nearly a zip"])
def test_something_else_than_an_npz_is_an_error(tmp_path, content):
    (tmp_path / "imdb.npz").write_bytes(content)
    with pytest.raises(DataError, match=r"damaged or no \.npz file"):
        read_archive(tmp_path / "imdb.npz")


def test_a_missing_array_is_named(tmp_path, small):
    members = members_of(small)
    del members["x_test"]
    with pytest.raises(DataError, match=r"no array 'x_test' in it, only .*x_train"):
        read_archive(zip_of(tmp_path / "x.npz", **members))


def test_a_missing_file_is_no_data_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_archive(tmp_path / "nothing.npz")


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_that_can_hide_any_size_is_refused(tmp_path, small, compression):
    with zipfile.ZipFile(tmp_path / "x.npz", "w", compression) as archive:
        for name, content in members_of(small).items():
            archive.writestr(f"{name}.npy", content)
    with pytest.raises(DataError, match="compressed in a way that NumPy does not use"):
        read_archive(tmp_path / "x.npz")


def test_a_member_that_unpacks_to_too_much_is_refused_before_unpacking(tmp_path, monkeypatch):
    bomb = zip_of(tmp_path / "bomb.npz", x_train=bytes(npz.MAX_MEMBER_BYTES + 1))
    assert bomb.stat().st_size < npz.MAX_MEMBER_BYTES / 500
    monkeypatch.setattr("zipfile.ZipFile.open", None)  # not even tried
    with pytest.raises(DataError, match="would unpack to 50,000,001 bytes, over the limit"):
        read_archive(bomb)


def test_a_member_may_unpack_to_the_limit_and_no_byte_more(small, monkeypatch):
    with zipfile.ZipFile(small) as archive:
        size = max(member.file_size for member in archive.infolist())
    monkeypatch.setattr(npz, "MAX_MEMBER_BYTES", size)
    assert read_archive(small)
    monkeypatch.setattr(npz, "MAX_MEMBER_BYTES", size - 1)
    with pytest.raises(DataError, match="over the limit"):
        read_archive(small)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ([[1, 2]], "does not hold the array that its header announces"),
        (object_array([[1], [2]]), "does not hold the array that its header announces"),
        ({"a": 1}, "asks Python for EMPTY_DICT"),
        ([1.5], "asks Python for BINFLOAT"),
        ([2**40], "asks Python for LONG1"),
        (object_array([["a"], [1], [1]]), "something other than integers and lists"),
        (object_array([[[1]], [1], [1]]), "something other than lists of word ranks"),
        (object_array([1, 2, 3]), "does not hold the array that its header announces"),
        (object_array([None, [1], [2]]), "something other than integers and lists"),
        (np.arange(3), "an array of something other than lists"),
    ],
)
def test_a_pickle_of_something_else_is_an_error(tmp_path, value, problem):
    path = archive_of(tmp_path / "odd.npz", pickle.dumps(value, 4), 3)
    with pytest.raises(DataError, match=problem):
        read_archive(path)


@pytest.mark.parametrize(
    ("labels", "problem"),
    [
        ([0, 1, 1], "2 reviews but 3 labels: expected one label for each"),
        ([0], "2 reviews but 1 labels"),
        ([[0], [1]], "2 reviews but 2 labels"),
        ([0.5, 1.0], "labels are no whole numbers"),
        (["", ""], "labels are no whole numbers"),
    ],
)
def test_other_than_one_whole_number_for_each_review_is_an_error(tmp_path, small, labels, problem):
    stream = io.BytesIO()
    np.save(stream, np.array(labels, dtype="<U0" if "" in labels else None))
    path = zip_of(tmp_path / "x.npz", **members_of(small) | {"y_train": stream.getvalue()})
    with pytest.raises(DataError, match=problem):
        read_archive(path)


def test_a_file_cut_anywhere_is_an_error(small):
    whole = small.read_bytes()
    for end in range(0, len(whole) - 1, 7):
        small.write_bytes(whole[:end])
        with pytest.raises(DataError):
            read_archive(small)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_a_flipped_bit_anywhere_gives_the_data_or_a_data_error(tmp_path, save):
    path = write_archive(tmp_path / "small.npz", TRAIN, TEST, save=save)
    whole, right = path.read_bytes(), digests(read_archive(path)[0])
    for place in range(0, len(whole), 3):
        flipped = bytearray(whole)
        flipped[place] ^= 1 << place % 8
        path.write_bytes(flipped)
        try:
            assert digests(read_archive(path)[0]) == right
        except DataError:
            continue
