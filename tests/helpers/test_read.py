"""A file from the internet can be refused, but it cannot do anything; every honest one is read."""

import io
import pickle
import zipfile

import numpy as np
import pytest

from imdb_helpers import DataError
from imdb_helpers.dataset import npz, pickled, read
from imdb_helpers.dataset.npz import read_members
from imdb_helpers.dataset.read import read_archive
from tests.helpers.corpora import (
    TEST,
    TRAIN,
    Trap,
    lists_of,
    member,
    members_of,
    object_array,
    write_archive,
    zip_of,
)

PROTOCOLS = range(2, pickle.HIGHEST_PROTOCOL + 1)


def archive_of(path, pickle_of_reviews, count, **changed):
    """Write an archive whose reviews are the pickle given; other members may be given, too."""
    reviews = member("|O", f"({count},)", pickle_of_reviews)
    labels = member("<i8", f"({count},)", bytes(8 * count))
    members = dict(zip(read.ARRAYS, (reviews, labels) * 2, strict=True))
    return zip_of(path, **members | changed)


@pytest.fixture
def small(tmp_path):
    return write_archive(tmp_path / "small.npz", TRAIN, TEST)


# What is read ------------------------------------------------------------------------------------

REVIEWS = [
    *([1, 2, 3], [4], [], [5]),
    [0, 255, 256, 65_535, 65_536, 2**31 - 1],  # every size of integer
    *[[7, 8]] * 2,  # one list twice
    *(list(range(2_001)), [9] * 1_000, [1] * 1_001),  # more than a batch of the pickler
    *([n] for n in range(2_001)),  # more than a batch of reviews
    *[[9]] * 2,  # one list twice, under a high number
    *([70_000] * 50_000, [300] * 50_000),  # more than a frame
]


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("pickler", [pickle.dumps, pickle._dumps], ids=["in C", "in Python"])
def test_every_protocol_gives_the_lists_that_were_pickled(tmp_path, protocol, pickler):
    pickled_reviews = pickler(object_array(REVIEWS), protocol)
    train, test = read_archive(archive_of(tmp_path / "x.npz", pickled_reviews, len(REVIEWS)))
    assert lists_of(train) == lists_of(test) == REVIEWS


# What Python 2.7 and NumPy 1.13 wrote, protocol 2, byte for byte: their pickler spells strings as
# bytes, numbers the flags of a type, and puts a number on every list.
PYTHON_2 = (
    b"\x80\x02cnumpy.core.multiarray\n_reconstruct\nq\x01cnumpy\nndarray\nq\x02K\x00\x85U\x01b\x87"
    b"Rq\x03(K\x01K\x03\x85cnumpy\ndtype\nq\x04U\x02O8K\x00K\x01\x87Rq\x05(K\x03U\x01|NNNJ\xff\xff"
    b"\xff\xffJ\xff\xff\xff\xffK?tb\x89]q\x06(]q\x07(K\x01M\x00\x01J\x00\x00\x01\x00e]r\x00\x01\x00"
    b"\x00K\x05ah\x07etb."
)


def test_what_python_2_wrote_is_read(tmp_path):
    reviews = member("O", "(3L,)", PYTHON_2)
    train, _ = read_archive(archive_of(tmp_path / "old.npz", PYTHON_2, 3, x_train=reviews))
    assert lists_of(train) == [[1, 256, 65_536], [5], [1, 256, 65_536]]
    assert pickle.loads(PYTHON_2.replace(b"numpy.core", b"numpy._core"), encoding="latin-1").shape


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_lists_of_ints_and_their_labels_are_read(tmp_path, save):
    train, test = read_archive(write_archive(tmp_path / "small.npz", TRAIN, TEST, save=save))
    assert (train.ranks.tolist(), train.lengths.tolist()) == ([1, 2, 3, 4], [3, 1])
    assert (test.ranks.tolist(), test.labels.tolist()) == ([5, 2, 2], [0, 1])
    arrays = (train.ranks, train.lengths, train.labels)
    assert [array.dtype for array in arrays] == [np.int32, np.int32, np.int64]


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
@pytest.mark.parametrize("dtype", ["int64", ">i4", "uint8", "<U5"])
def test_plain_arrays_are_read_in_each_version_of_the_format(tmp_path, dtype, version):
    stream = io.BytesIO()
    array = np.arange(6).astype(dtype).reshape(2, 3)
    np.lib.format.write_array(stream, array, version=version)
    (stored,) = read_members(zip_of(tmp_path / "x.npz", x=stream.getvalue()), ("x",))
    assert np.array_equal(stored.array(), array)


# What is refused ---------------------------------------------------------------------------------


def said_of(path):
    """Return what the error says of the file."""
    with pytest.raises(DataError) as caught:
        read_archive(path)
    assert str(caught.value).startswith(f"{path}: ")
    return str(caught.value).removeprefix(f"{path}: ")


REFUSED = (
    "the file asks Python {}, which no list of integers needs; it was refused. Do not use this "
    "file: get a new copy from where you trust it."
)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_that_runs_code_is_refused_and_not_run(tmp_path, protocol):
    marker = tmp_path / "marker"
    trap = pickle.dumps(Trap(eval, f"__import__('os').mkdir({str(marker)!r})"), protocol)
    module = "builtins" if protocol > 2 else "__builtin__"
    said = REFUSED.format(f"to call {module}.eval")
    assert said_of(archive_of(tmp_path / "trap.npz", trap, 1)) == said
    assert not marker.exists()
    pickle.loads(trap)
    assert marker.exists(), "the trap is one: unpickling runs it"


# A type whose flags are cleared turns the bytes that follow into pointers: NumPy's own unpickling
# reads from wherever they point, and the interpreter is gone.
CLEARED_FLAGS = PYTHON_2.replace(b"K?tb\x89]q\x06(", b"K\x00tb\x89U\x10" + b"A" * 16 + b"tb.")

NONSENSE = "its instructions make no sense; it is damaged."
OTHER_ARRAY = "it does not hold the array that its header announces."
OTHER_ITEMS = "a list in it holds something other than integers and lists."
NO_LISTS = "it holds an array of something other than lists."
OTHER_RANKS = "it holds something other than lists of word ranks."


def dumped(*reviews):
    return pickle.dumps(object_array(reviews), 4)


# What is in the file, and what is said of it. The first ones ask for much memory with few bytes.
PICKLES = {
    "a high number": (b"\x80\x02]r\xff\xff\xff\x0f.", OTHER_ARRAY),
    "many bytes": (b"\x80\x04\x8e\0\0\0\0\2\0\0\0b.", REFUSED.format("for BINBYTES8")),
    "a long text": (b"\x80\x02X\xff\xff\xff\x7fb.", NONSENSE),
    "many marks": (b"\x80\x02" + b"(" * 30_000, NONSENSE),
    "many lists": (b"\x80\x02" + b"]" * 30_000, NONSENSE),
    "many numbers": (b"\x80\x04]" + b"\x94" * 30_000, NONSENSE),
    "a deep name": (b"\x80\x04K\x01" + b"\x85" * 30_000 + b"\x8c\x01x\x93.", NONSENSE),
    "deep lists": (b"\x80\x04" + b"]" * 30_000 + b"a" * 29_999 + b".", OTHER_ARRAY),
    "cleared flags": (CLEARED_FLAGS, NO_LISTS),
    "no instruction": (b"\xff", NONSENSE),
    "nothing": (b"", NONSENSE),
    "a list alone": (pickle.dumps([[1, 2]], 4), OTHER_ARRAY),
    "an array without a list": (b"cnumpy.core.multiarray\n_reconstruct\nK\1R.", OTHER_ARRAY),
    "two items of one": (b"K\1\x86.", NONSENSE),
    "a mark among the items": (b"K\1(K\2\x87.", NONSENSE),
    "a number for a module": (b"K\1\x8c\1x\x93.", NONSENSE),
    "a number for a name": (b"\x8c\1xK\1\x93.", NONSENSE),
    "two reviews for three": (dumped([1], [2]), OTHER_ARRAY),
    "a dict": (pickle.dumps({"a": 1}, 4), REFUSED.format("for EMPTY_DICT")),
    "a float": (pickle.dumps([1.5], 4), REFUSED.format("for BINFLOAT")),
    "a large integer": (pickle.dumps([2**40], 4), REFUSED.format("for LONG1")),
    "a text in a review": (dumped(["a"], [1], [1]), OTHER_ITEMS),
    "None for a review": (dumped(None, [1], [2]), OTHER_ITEMS),
    "integers for reviews": (dumped(1, 2, 3), OTHER_ARRAY),
    "an integer beside the reviews": (PYTHON_2.replace(b"K\x05ah", b"K\x05aK\1h"), OTHER_RANKS),
    "a list in a review": (dumped([[1]], [1], [1]), OTHER_RANKS),
}


@pytest.mark.fault("an archive that would crash the interpreter")
@pytest.mark.fault("an archive that asks for memory with a few bytes")
@pytest.mark.parametrize(("content", "said"), PICKLES.values(), ids=PICKLES)
def test_a_pickle_of_something_else_is_refused(tmp_path, content, said):
    assert said_of(archive_of(tmp_path / "x.npz", content, 3)) == said


DAMAGED = (
    "it is damaged or no .npz file ({}). Expected the arrays x_train, y_train, x_test, y_test; "
    "delete the file and fetch it again."
)
NO_ZIP = DAMAGED.format("File is not a zip file")
NOT_WHOLE = "its labels are no whole numbers; fetch it again."
NOT_NUMPY_S = "y_train does not begin like an array of NumPy's; fetch it again."
LABELS = member("<i8", "(3,)", bytes(24))


def labels(count):
    return (
        f"3 reviews but {count} labels: expected one label for each. The file is damaged; fetch it "
        "again."
    )


# The labels of the training half, and what is said of the file.
OF_LABELS = {
    "four": (member("<i8", "(4,)", bytes(32)), labels(4)),
    "two": (member("<i8", "(2,)", bytes(16)), labels(2)),
    "a column": (member("<i8", "(3, 1)", bytes(24)), labels(3)),
    "halves": (member("<f8", "(3,)", bytes(24)), NOT_WHOLE),
    "texts": (member("<U1", "(3,)", bytes(12)), NOT_WHOLE),
    "empty texts": (member("<U0", "(3,)", b""), "it holds something other than plain numbers"),
    "objects": (member("|O", "(3,)", bytes(24)), "it holds something other than plain numbers"),
    "no type": (member("<i3", "(3,)", bytes(9)), "'<i3' is no type of numbers"),
    "too few": (
        member("<i8", "(3,)", bytes(23)),
        "it does not hold as many numbers as its header announces",
    ),
    "no member": (b"\x93NUMPY", NOT_NUMPY_S),
    "a header too short": (LABELS.replace(b"\x01\x00v", b"\x01\x00u"), NOT_NUMPY_S),
    "another header": (LABELS.replace(b"fortran", b"Fortran"), NOT_NUMPY_S),
}


@pytest.mark.parametrize(("content", "said"), OF_LABELS.values(), ids=OF_LABELS)
def test_other_than_one_whole_number_for_each_review_is_an_error(tmp_path, content, said):
    assert said_of(archive_of(tmp_path / "x.npz", PYTHON_2, 3, y_train=content)) == said


@pytest.mark.parametrize("content", [b"", b"hello", b"\x93NUMPY", b"PK\x03\x04 nearly a zip"])
def test_something_else_than_an_npz_is_an_error(tmp_path, content):
    (tmp_path / "imdb.npz").write_bytes(content)
    assert said_of(tmp_path / "imdb.npz") == NO_ZIP


def test_a_missing_array_is_named_and_nine_at_most_of_those_that_are_there(tmp_path):
    path = zip_of(tmp_path / "x.npz", **dict.fromkeys("jihgfedcba", b""))
    names = ", ".join(f"'{letter}.npy'" for letter in "abcdefghi")
    said = (
        f"no array 'x_train' in it, only [{names}]; it is not the IMDB file. Fetch imdb.npz again."
    )
    assert said_of(path) == said


def test_a_missing_file_is_no_data_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_archive(tmp_path / "nothing.npz")


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_that_can_hide_any_size_is_refused(tmp_path, compression):
    path = zip_of(tmp_path / "x.npz", compression, x_train=LABELS)
    assert (
        said_of(path) == "x_train is compressed in a way that NumPy does not use; fetch it again."
    )


def over_the_limit(what, size, limit):
    return (
        f"{what} would unpack to {size:,} bytes, over the limit of {limit:,}; it is not the IMDB "
        "file. Fetch imdb.npz again."
    )


def test_a_member_that_unpacks_to_too_much_is_refused_before_unpacking(tmp_path, monkeypatch):
    bomb = zip_of(tmp_path / "bomb.npz", x_train=bytes(50_000_001))
    monkeypatch.setattr("zipfile.ZipFile.open", None)  # not even tried
    assert said_of(bomb) == over_the_limit("x_train", 50_000_001, 50_000_000)


@pytest.mark.fault("an archive that says one long review many times")
def test_one_long_review_said_many_times(tmp_path):
    content = dumped(*[[1] * 1_000_000] * 1_000)
    path = archive_of(tmp_path / "x.npz", content, 1_000)
    assert path.stat().st_size < 30_000
    assert said_of(path) == over_the_limit("its reviews", 2_000_270_000, 50_000_000)


def test_a_limit_may_be_reached_and_not_passed(tmp_path, monkeypatch):
    path = archive_of(tmp_path / "old.npz", PYTHON_2, 3)
    size = len(members_of(path)["x_train"])
    limits = [(pickled, "MAX_STEPS", 52), (read, "MAX_MEMBER_BYTES", 22)]
    limits.append((npz, "MAX_MEMBER_BYTES", size))
    for limit in limits:
        monkeypatch.setattr(*limit)
    assert read_archive(path)
    said = []
    for module, name, limit in limits:
        with monkeypatch.context() as context:
            context.setattr(module, name, limit - 1)
            said.append(said_of(path))
    assert said == [
        "it has more than 51 instructions; it is not IMDB's.",
        over_the_limit("its reviews", 22, 21),
        over_the_limit("x_train", size, size - 1),
    ]


@pytest.mark.fault("there is not enough memory for the reviews")
@pytest.mark.parametrize(
    ("module", "name"), [(pickled.np, "frombuffer"), (zipfile.ZipExtFile, "read")]
)
def test_a_lack_of_memory_is_not_called_damage(small, monkeypatch, module, name):
    def fails(*_, **__):
        raise MemoryError

    monkeypatch.setattr(module, name, fails)
    with pytest.raises(MemoryError):
        read_archive(small)
