"""What became of each damage that mutmut has tried, read from the files that it leaves behind."""

import ast
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SURVIVORS = Path(__file__).with_name("survivors.toml")
KILLED, SURVIVED, TIMEOUT = "killed", "survived", "timeout"
# What a run of pytest ends with: 5 and 33 are mutmut's for "no test", the last ones are signals.
OUTCOMES = {0: SURVIVED, 5: SURVIVED, 33: SURVIVED, 1: KILLED, 3: KILLED, -11: KILLED}
OUTCOMES |= dict.fromkeys((24, 152, -24, -9), TIMEOUT)


@dataclass(frozen=True)
class Mutant:
    """One damage of one function, and what became of it."""

    module: str
    function: str
    line: int
    before: str
    after: str
    outcome: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What a damage is known by: a line's number changes too easily."""
        return self.module, self.function, self.before, self.after

    @property
    def control(self) -> bool:
        """Whether there is no damage at all, so that nothing may be noticed."""
        return self.before == self.after

    def __str__(self) -> str:
        return f"{self.module}:{self.line}  {self.before}  ->  {self.after or '(nothing)'}"


def results(folder: Path, sampled: bool = False) -> Iterator[Mutant]:
    """Read what became of each damage in a copy; of a sample, only some were tried."""
    for record in sorted((folder / "mutants").rglob("*.py.meta")):
        path = record.with_suffix("")
        module = path.relative_to(folder / "mutants").as_posix()
        spans = json.loads(path.with_suffix(".py.spans").read_text("utf-8"))["spans"]
        lines = path.read_text("utf-8").splitlines()
        source = (folder / module).read_text("utf-8")
        for key, code in json.loads(record.read_text("utf-8"))["exit_code_by_key"].items():
            if code is None and sampled:
                continue
            if code not in OUTCOMES:
                raise RuntimeError(f"{key} ended with {code}, which says nothing; see the log")
            name, _, number = key.rpartition(".")[2].rpartition("__mutmut_")
            function = name.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
            short = function.rpartition(".")[2]
            sound, damaged = (
                [line.replace(f"{name}__mutmut_{kind}(", f"{short}(") for line in lines[a - 1 : b]]
                for kind in ("orig", number)
                for a, b in [spans[f"{name}__mutmut_{kind}"]]
            )
            start = next(i for i, line in enumerate(sound) if f"def {short}(" in line)
            place, before, after = difference(sound, damaged)
            line = line_of(source, function) + place - start
            yield Mutant(module, function, line, before, after, OUTCOMES[code])


def difference(sound: list[str], damaged: list[str]) -> tuple[int, str, str]:
    """Return where two versions of a function begin to differ, and what stands there in each."""
    shorter = min(len(sound), len(damaged))
    top = next((i for i in range(shorter) if sound[i] != damaged[i]), shorter)
    rest = range(1, shorter - top + 1)
    end = next((i - 1 for i in rest if sound[-i] != damaged[-i]), shorter - top)
    texts = (
        " ".join(line.strip() for line in side[top : len(side) - end]) for side in (sound, damaged)
    )
    return top, *texts


def line_of(source: str, function: str) -> int:
    """Return the line on which a function, or the method of a class, begins."""
    body = ast.parse(source).body
    for name in function.split("."):
        (node,) = [n for n in body if getattr(n, "name", "") == name]
        body = node.body
    return node.lineno


def read_reasons(path: Path = SURVIVORS) -> dict[tuple[str, str, str, str], str]:
    """Return why each damage that nobody notices may be; it is known by what it does, and where."""
    return {
        (entry["module"], *damage): entry["reason"]
        for entry in tomllib.loads(path.read_text("utf-8"))["survivors"]
        for damage in entry["damages"]
    }
