"""The lists in a pickle of NumPy's, read without unpickling.

A pickle is a small program. Unpickling it runs what its author put in it, so a pickle from the
internet is not unpickled here. Lists of integers, and the frame that NumPy puts around them, need
few of a pickle's instructions. The reader below knows those, notes what they say, and calls
nothing: where unpickling would make an array, it makes a note that says "array". It refuses every
other instruction by its name. It reads protocols 2 to 5, as Python 2 and 3 and every NumPy write
them.
"""

import pickletools
import re
from io import BytesIO
from typing import Any, NamedTuple

import numpy as np

from imdb_helpers.errors import DataError

# What NumPy's own pickles of an array name, before and after NumPy 2 renamed the module; the last
# one is how protocol 2 spells bytes.
_KNOWN_NAMES = {
    ("numpy", "ndarray"): "type",
    ("numpy", "dtype"): "dtype",
    ("numpy.core.multiarray", "_reconstruct"): "array",
    ("numpy._core.multiarray", "_reconstruct"): "array",
    ("_codecs", "encode"): "bytes",
}

_INSTRUCTIONS = {opcode.code.encode("latin-1"): opcode for opcode in pickletools.opcodes}

# BININT1, BININT2 and BININT, with one, two and four bytes. Between any two of them the pickle may
# begin a new FRAME, which says how many bytes follow, and nothing that matters here.
_INTEGER = re.compile(rb"K.|M..|J.{4}|\x95.{8}", re.DOTALL)
_INTEGERS = re.compile(rb"(?:K.|M..|J.{4})(?:K.|M..|J.{4}|\x95.{8})*+", re.DOTALL)

# A half of IMDB takes 135,000 steps. What one step keeps is small: this bounds the memory, too.
MAX_STEPS = 1_000_000

_MARK = object()

# Instructions that only put their argument down. What the last three put down does not matter here.
_PUT_DOWN = {
    *("BININT1", "BININT2", "BININT", "BINUNICODE", "SHORT_BINUNICODE"),
    *("SHORT_BINSTRING", "SHORT_BINBYTES", "NONE", "NEWTRUE", "NEWFALSE"),
}


class _Made(NamedTuple):
    """Stands for what unpickling would have got by a call: an array, a type, bytes."""

    what: str


class PickledList:
    """A list in a pickle.

    Attributes:
        integers: the pieces of the pickle that hold the list's integers, if it has any.
        size: the number of bytes of these pieces.
        lists: the lists that it holds, if any.
    """

    def __init__(self) -> None:
        self.integers: list[memoryview] = []
        self.size = 0
        self.lists: list[PickledList] = []

    def extend(self, items: list[Any]) -> None:
        """Add lists, or pieces with integers."""
        for item in items:
            if isinstance(item, memoryview):
                self.integers.append(item)
                self.size += len(item)
            elif isinstance(item, PickledList):
                self.lists.append(item)
            else:
                raise DataError("a list in it holds something other than integers and lists.")

    def to_array(self) -> np.ndarray:
        """Return the integers: int32, shape (integers,)."""
        instructions = [one for piece in self.integers for one in _INTEGER.findall(piece)]
        padded = b"".join([one.ljust(5, b"\0") for one in instructions if one[0] != 0x95])
        return np.frombuffer(padded, [("code", "u1"), ("integer", "<i4")])["integer"]


def list_in_array(pickle: bytes) -> PickledList:
    """Return the list that the pickle of an array of objects fills the array with.

    Raises:
        DataError: it is another pickle, a damaged one, or one that wants more than lists of
            integers; the message says what it wants.
    """
    reader = _Reader(pickle)
    try:
        for _ in range(MAX_STEPS):
            if reader.step() == "STOP":
                break
        else:
            raise DataError(f"it has more than {MAX_STEPS:,} instructions; it is not IMDB's.")
    except DataError:
        raise
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        raise DataError("its instructions make no sense; it is damaged.") from None
    if reader.stack != [_Made("array")] or reader.filled_with is None:
        raise DataError("it does not hold the array that its header announces.")
    return reader.filled_with


class _Reader:
    """Follows the instructions of one pickle.

    Attributes:
        stack: what they have put down and not taken up again.
        memo: what they have numbered, to refer to it later.
        filled_with: the list that they have filled an array with.
    """

    def __init__(self, pickle: bytes) -> None:
        self.content, self.stream = pickle, BytesIO(pickle)
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}
        self.filled_with: PickledList | None = None
        self.in_lists = False

    def step(self) -> str | None:
        """Follow the next instruction and return its name, or none after integers."""
        if self.in_lists and (run := _INTEGERS.match(self.content, self.stream.tell())):
            self.stream.seek(run.end())
            self.stack.append(memoryview(self.content)[slice(*run.span())])
            return None
        opcode = _INSTRUCTIONS[self.stream.read(1)]
        match opcode.name:
            case "PROTO" | "FRAME" | "STOP":
                self.argument(opcode)
            case name if name in _PUT_DOWN:
                self.stack.append(self.argument(opcode))
            case "GLOBAL":
                self.push_name(*self.argument(opcode).split(" "))
            case "STACK_GLOBAL":
                self.push_name(*self.pop(2))
            case "MARK":
                self.stack.append(_MARK)
            case "TUPLE":
                self.stack.append(tuple(self.pop_to_mark()))
            case "TUPLE1" | "TUPLE2" | "TUPLE3" as name:
                self.stack.append(self.pop(int(name[-1])))
            case "EMPTY_LIST":
                self.stack.append(PickledList())
                self.in_lists = True
            case "APPEND":
                items = self.pop(1)
                self.stack[-1].extend(items)
            case "APPENDS":
                items = self.pop_to_mark()
                self.stack[-1].extend(items)
            case "BINPUT" | "LONG_BINPUT":
                self.memo[self.argument(opcode)] = self.stack[-1]
            case "MEMOIZE":
                self.memo[len(self.memo)] = self.stack[-1]
            case "BINGET" | "LONG_BINGET":
                self.stack.append(self.memo[self.argument(opcode)])
            case "REDUCE":
                made, _ = self.pop(2)
                self.stack.append(_Made(made.what))
            case "BUILD":
                self.build(*self.pop(1))
            case name:
                raise _refusal(f"for {name}")
        return opcode.name

    def argument(self, opcode: pickletools.OpcodeInfo) -> Any:
        """Return what follows the instruction: a number, or a text."""
        return opcode.arg and opcode.arg.reader(self.stream)

    def build(self, state: Any) -> None:
        """Note what an array is filled with; a type needs no state, since it is never made."""
        if self.stack[-1] == _Made("array"):
            self.filled_with = state[-1]
            if not isinstance(self.filled_with, PickledList):
                raise DataError("it holds an array of something other than lists.")

    def push_name(self, module: str, name: str) -> None:
        """Put down what stands for a name that NumPy's own pickles use."""
        if not (isinstance(module, str) and isinstance(name, str)):
            raise TypeError
        if (module, name) not in _KNOWN_NAMES:
            raise _refusal(f"to call {module}.{name}")
        self.stack.append(_Made(_KNOWN_NAMES[module, name]))

    def pop(self, count: int) -> tuple[Any, ...]:
        """Take up the last items."""
        items = tuple(self.stack[-count:])
        if len(items) < count or _MARK in items:
            raise IndexError
        del self.stack[-count:]
        return items

    def pop_to_mark(self) -> list[Any]:
        """Take up everything since the last mark, and the mark."""
        place = len(self.stack) - 1 - self.stack[::-1].index(_MARK)
        items = self.stack[place + 1 :]
        del self.stack[place:]
        return items


def _refusal(wish: str) -> DataError:
    return DataError(
        f"the file asks Python {wish}, which no list of integers needs; it was refused. "
        "Do not use this file: get a new copy from where you trust it."
    )
