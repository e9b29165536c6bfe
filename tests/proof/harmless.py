"""Changes to an execution that must pass: what another machine, another day or folder changes."""

import base64
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random

from nbformat import NotebookNode

from tests.notebooks.numbers import NUMBER, is_integer, to_float
from tests.proof.of_figures import NUMBER as DRAWN
from tests.proof.of_figures import VALUES, strings
from tests.proof.places import Edit, Kinds, Place, changed, code, moved, shown

WITHIN = (0.05, 0.9)  # how much of its allowance a number is moved
# What `vary` may name, as outputs write it, and the part of it that changes.
VARYING = {
    "seconds": re.compile(r"\d+(?:\.\d+)?(?= (?:s|ms|seconds)\b)"),
    "bytes": re.compile(r"\d+(?:\.\d+)?(?= ?(?:[kMG]B|bytes)\b)"),
    "paths": re.compile(r"(?<=/)[\w-]+(?=/)"),
}
ENDS = {"seconds": ("7", "12.5"), "bytes": ("7", "12.5"), "paths": ("build-17", "ann-laptop")}


def number_within(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """A number is somewhere within its tolerance, up to nine tenths of it."""
    for cell, policy, text, put in shown(notebook):
        for match in NUMBER.finditer(text) if policy.name == "approx" else ():
            exact = policy.allowance.exact_integers and is_integer(match.group())
            if not exact and re.fullmatch(r"[^eE]*\d", match.group()):
                new = moved(match.group(), policy.allowance, random, WITHIN)
                yield (
                    cell.id,
                    f"{match.group()}, then {new}",
                    put(changed(text, *match.span(), new)),
                )


def drawn_within(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """A number of a figure is within its tolerance, or written another way."""
    for cell, policy, path, text, put in strings(notebook):
        if path[-1] in (*VALUES, "limits") and not text.startswith("N"):
            for match in DRAWN.finditer(text):
                written = match.group()
                precise = written if "." in written else f"{written}.000"
                for new in (moved(precise, policy.allowance, random, WITHIN), precise):
                    what = f"{' '.join(map(str, path))}: {written}, then {new}"
                    yield cell.id, what, put(changed(text, *match.span(), new))


def varied(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """A time, a size or a folder is another one, where the cell says that it varies."""
    for cell, policy, text, put in shown(notebook):
        for name in policy.vary:
            for match in VARYING[name].finditer(text):
                for new in ENDS[name]:
                    what = f"{name}: {match.group()}, then {new}"
                    yield cell.id, what, put(changed(text, *match.span(), new))


def padded(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """A column is wider, as it is when another number in it is longer."""
    for cell, policy, text, put in shown(notebook):
        for match in re.finditer(r"(?<=\S) {2,}(?=\d)", text) if policy.name == "approx" else ():
            yield cell.id, "a wider column", put(changed(text, *match.span(), match.group() + " "))


def minus_zero(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """A zero has a sign."""
    for cell, policy, text, put in shown(notebook):
        for match in NUMBER.finditer(text) if policy.name == "approx" else ():
            written = match.group()
            if not is_integer(written) and not to_float(written) and written[0] == "0":
                new = changed(text, *match.span(), f"-{written}")
                yield cell.id, f"{written}, then -{written}", put(new)
    for cell, _, path, text, put in strings(notebook):
        if path[-1] in VALUES and (match := re.search(r"(?<![\w.-])0(?![\w.])", text)):
            yield cell.id, f"{path[-1]}: 0, then -0", put(changed(text, *match.span(), "-0"))


def stream_cut(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """What a cell printed arrived in two pieces."""
    for index, place, output in _outputs(notebook):
        if output.output_type == "stream" and len(output.text) > 1:
            cut = random.randrange(1, len(output.text))

            def act(outputs: list, place: int = place, cut: int = cut) -> None:
                rest = deepcopy(outputs[place])
                outputs[place].text, rest.text = rest.text[:cut], rest.text[cut:]
                outputs.insert(place + 1, rest)

            yield notebook.cells[index].id, f"cut after {cut} characters", _on(index, act)


def another_image(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """The image has other bytes, as with other fonts or another version of a library."""
    for index, place, output in _outputs(notebook):
        if "image/png" in output.get("data", {}):
            data = base64.b64decode(output.data["image/png"]) + random.randbytes(8)
            new = base64.b64encode(data).decode()

            def act(outputs: list, place: int = place, new: str = new) -> None:
                outputs[place].data["image/png"] = new

            yield notebook.cells[index].id, "other bytes of the image", _on(index, act)


def as_the_kernel_says_it(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """An output has other metadata, its kinds in another order, or its frames' paths elsewhere."""
    for index, place, output in _outputs(notebook):
        cell_id = notebook.cells[index].id
        if "data" in output:

            def add(outputs: list, place: int = place) -> None:
                outputs[place].metadata["needs_background"] = "light"

            def turn(outputs: list, place: int = place) -> None:
                for name in ("data", "metadata"):
                    outputs[place][name] = dict(reversed(outputs[place][name].items()))

            yield cell_id, "more metadata of an output", _on(index, add)
            yield cell_id, "kinds of output in another order", _on(index, turn)
        if output.output_type == "error":

            def move(outputs: list, place: int = place) -> None:
                outputs[place].traceback = ["File /opt/elsewhere/x.py:7, in load()"]

            yield cell_id, "another folder in the traceback", _on(index, move)


def another_machine(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """The kernel has another name and version, and cells were run at another time."""

    def named(notebook: NotebookNode) -> None:
        notebook.metadata["kernelspec"] = {"name": "box-17", "display_name": "Python on box-17"}
        notebook.metadata["language_info"] = {"name": "python", "version": "3.12.1"}

    yield "all", "another kernel", named
    for index, cell, _ in code(notebook):
        count, second = random.randrange(100, 200), random.randrange(10, 60)

        def counted(notebook: NotebookNode, index: int = index, count: int = count) -> None:
            cell = notebook.cells[index]
            for holder in (cell, *cell.outputs):
                if "execution_count" in holder:
                    holder.execution_count = count

        def timed(notebook: NotebookNode, index: int = index, second: int = second) -> None:
            times = {"iopub.execute_input": f"2031-05-04T03:02:{second}.000000Z"}
            notebook.cells[index].metadata["execution"] = times

        yield cell.id, f"execution count {count}", counted
        yield cell.id, f"run at second {second}", timed


KINDS: Kinds = {
    "number within its tolerance": number_within,
    "figure within its tolerance": drawn_within,
    "times, sizes, folders that vary": varied,
    "wider column": padded,
    "minus zero": minus_zero,
    "stream cut in two": stream_cut,
    "other bytes of an image": another_image,
    "as the kernel says it": as_the_kernel_says_it,
    "another machine and time": another_machine,
}


def _outputs(notebook: NotebookNode) -> Iterator[tuple[int, int, NotebookNode]]:
    """Yield every output with the index of its cell and its place there."""
    for index, cell, _ in code(notebook):
        for place, output in enumerate(cell.outputs):
            yield index, place, output


def _on(index: int, act: Callable[[list], None]) -> Edit:
    return lambda notebook: act(notebook.cells[index].outputs)
