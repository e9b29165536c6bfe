"""Damaged archives by the thousand: each must give our error or the right data, in bounded memory.

    python -m tests.helpers.damage 20000

Number `n` is always the same archive. The process that reads them may take a limited memory.
"""

import io
import pickle
import pickletools
import random
import re
import sys
import tempfile
import zipfile
from pathlib import Path

from imdb_helpers import DataError
from imdb_helpers.dataset import cache as ours
from imdb_helpers.dataset.read import ARRAYS, read_archive
from tests.helpers.corpora import member, object_array, zip_of

LIMIT_MEGABYTES = 1_000

# The data that is damaged: enough for every kind of instruction, and for a second batch of them.
REVIEWS = [list(range(n % 7 * 60, n % 7 * 60 + 1 + n * 2)) for n in range(40)] + [[3] * 1_001]
LABELS = member("<i8", f"({len(REVIEWS)},)", bytes(8 * len(REVIEWS)))

CODES = [opcode.code.encode("latin-1") for opcode in pickletools.opcodes]
FULL = b"\xff\xff\xff\x7f"
HOSTILE = [
    *(b"cos\nsystem\n", b"\x8c\x02os\x8c\x06system\x93", b"cnumpy\nndarray\n)R", b"R", b"b"),
    *(b"r" + FULL, b"j" + FULL, b"X" + FULL, b"B" + FULL, b"\x8a\xff", b"\x8b" + FULL),
    *(b"\x8e" + b"\xff" * 7 + b"\x00", b"\x8d" + b"\xff" * 8, b"\x95" + b"\xff" * 8),
    *(b"I" + b"9" * 5_000 + b"\n", b"(" * 3_000, b"]" * 3_000, b"2" * 3_000),
    *(b"K\x01" + b"\x85" * 3_000, b"K\x01" + b"\x85" * 900_000 + b"\x8c\x01x\x93"),
    b"]" * 400_000 + b"a" * 399_999,
]


def whole(rng):
    """Return the members of an undamaged archive, in one of the forms that it may have."""
    dumps, protocol = rng.choice([pickle.dumps, pickle._dumps]), rng.randint(2, 5)
    reviews = member("|O", f"({len(REVIEWS)},)", dumps(object_array(REVIEWS), protocol))
    return dict(zip(ARRAYS, (reviews, LABELS) * 2, strict=True))


def pack(members, rng):
    """Return the bytes of a zip with these members."""
    compression = rng.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
    return zip_of(io.BytesIO(), compression, **members).getvalue()


def flip(content, rng):
    """Flip one bit or a few of them."""
    changed = bytearray(content)
    for _ in range(rng.choice([1, 1, 2, 20])):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def splice(content, rng):
    """Leave out a piece, or write one twice."""
    start, end = sorted(rng.randrange(len(content)) for _ in range(2))
    piece = content[start : min(end, start + rng.choice([1, 3, 50, 10**6]))]
    return content[:start] + piece * rng.choice([0, 2, 3]) + content[start + len(piece) :]


def instruct(content, rng):
    """Put in another instruction, what an attacker would, or references to what was said before."""
    begin = 10 + int.from_bytes(content[8:10], "little")
    place = begin + rng.choice([place for _, _, place in pickletools.genops(content[begin:])])
    refer = rng.choice([b"h%c", b"j%c\0\0\0"]) % rng.randrange(60)
    many = rng.choice([1, 2, 1_000, 300_000])
    what = rng.choice([rng.choice(CODES), rng.choice(HOSTILE), refer * many])
    return content[:place] + what + content[place + rng.choice([0, 1]) :]


def lie(content, rng):
    """Let the header of a member announce another shape or type."""
    if rng.random() < 0.7:
        shapes = [b"(0,)", b"(-1,)", b"(9999999999999,)", b"(41, 10)", b"()", b"('a',)"]
        return re.sub(rb"(?<='shape': )\(\d+,\)", rng.choice(shapes), content, count=1)
    types = [b"<i8", b"|V9999999", b"<U999999999", b"O8", b"<f2"]
    return re.sub(rb"(?<='descr': ')[^']*", rng.choice(types), content, count=1)


def lie_in_zip(content, rng):
    """Change a size, a checksum or an offset that the zip gives for a member."""
    changed = bytearray(content)
    entries = [match.start() for match in re.finditer(rb"PK\x01\x02", content)]
    place = rng.choice(entries) + rng.choice([8, 10, 16, 20, 24, 28, 42])
    number = rng.choice([0, 1, 2**31, 2**32 - 1, 50_000_000])
    changed[place : place + 4] = number.to_bytes(4, "little")
    return bytes(changed)


IN_A_MEMBER = [flip, splice, instruct, instruct, instruct, lie]
IN_THE_ZIP = [flip, splice, lie_in_zip]


def damaged(number):
    """Return damaged archive `number`, and what was done to it."""
    rng = random.Random(number)
    members = whole(rng)
    chance = rng.random()
    if chance < 0.1:
        one, other = rng.sample(ARRAYS, 2)
        members[one], members[other] = members[other], rng.choice([members[one], b"", b"\x93NUMPY"])
        return pack(members, rng), "members swapped"
    if chance < 0.25:
        how = rng.choice(IN_THE_ZIP)
        return how(pack(members, rng), rng), f"{how.__name__} (zip)"
    how, name = rng.choice(IN_A_MEMBER), rng.choice(["x_train", "x_test"])
    members[name] = how(members[name], rng)
    return pack(members, rng), how.__name__


def outcome(path):
    """Read an archive; say what it gave: the right data, our error, or another one."""
    try:
        ours.verify(*read_archive(path), path)
    except DataError:
        return "error"
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    return "right"


def main(count):
    """Read `count` damaged archives, a line for each; return whether one gave anything else."""
    import resource

    used = int(re.search(r"VmSize:\s*(\d+)", Path("/proc/self/status").read_text())[1])
    limit = used * 1_024 + LIMIT_MEGABYTES * 10**6
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    found = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "imdb.npz")
        path.write_bytes(pack(whole(random.Random(0)), random.Random(0)))
        right = ours.digests(read_archive(path)[0])
        ours.IMDB_DIGESTS.update(train=right, test=right)
        for number in range(count):
            content, how = damaged(number)
            # At once: should the process die, the last line names the archive.
            print(number, how, end=": ", flush=True)
            path.write_bytes(content)
            found.append(outcome(path))
            print(found[-1])
    return not {"error", "right"}.issuperset(found)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
