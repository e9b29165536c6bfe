"""What `tests.proof.helpers` does to the helpers' code, and how their tests run while it is done.

mutmut writes each damaged function beside the sound one and lets tests run against it. Its list of
damages is cut down here to those that change what is computed, and lengthened by two of that kind.
Left out are

- texts: a word more in a message is found only by a test that repeats the message;
- values and arguments that become `None`, and arguments that are left out: they are more than all
  others together, the tests noticed 109 of 120 of them, and most stop the first test that comes by.
  They would make the share of the killed look better than it is.

Each function is also tried without a damage. Where tests fail then, they fail for another reason,
and what they kill is not killed.

Run as a program, this is mutmut with that list. As a plugin of pytest, it prepares the process from
which mutmut forks one for each damage.
"""

import gc
import os
import sys
from collections.abc import Iterator
from random import Random

import hypothesis
import libcst as cst
import pytest
from mutmut.mutation import mutators
from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.utils.file_utils import walk_mutatable_files
from mutmut.utils.format_utils import get_mutant_name

KEPT = (
    mutators.operator_number,  # 5 -> 6
    mutators.operator_swap_op,  # + -> -, < -> <=, == -> !=, and -> or
    mutators.operator_keywords,  # in -> not in, is -> is not, continue -> break
    mutators.operator_name,  # True -> False
    mutators.operator_remove_unary_ops,  # not a -> a
    mutators.operator_augmented_assignment,  # a += b -> a = b
    mutators.operator_if_exp,  # always the one, always the other
    mutators.operator_match,  # without one of the cases
    mutators.operator_lambda,  # lambda: None
)


def one_less(node: cst.Integer | cst.Float) -> Iterator[cst.BaseExpression]:
    """5 -> 4: the other side of a boundary."""
    yield cst.parse_expression(f"({node.evaluated_value - 1!r})")


def negated(node: cst.If) -> Iterator[cst.If]:
    """`if a` -> `if not (a)`."""
    inner = node.test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    yield node.with_changes(test=cst.UnaryOperation(cst.Not(), inner))


def unchanged(node: cst.FunctionDef) -> Iterator[cst.FunctionDef]:
    """The control: with no damage at all, every test must pass in such a process."""
    yield node.with_changes()


OPERATORS = [
    *((kind, change) for kind, change in mutators.mutation_operators if change in KEPT),
    *((kind, one_less) for kind in (cst.Integer, cst.Float)),
    (cst.If, negated),
    (cst.FunctionDef, unchanged),
]


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Let each process keep figures that differ in a folder of its own: two run at a time."""
    config.option.mpl_results_path = f"_build/figures/{os.getpid()}"


def pytest_collection_finish(session: pytest.Session) -> None:
    """Do once what each fork would do: mutmut only collects in the process that it forks."""
    if session.config.option.collectonly:
        from imdb_helpers.sample import sample_corpus

        sample_corpus()
        gc.collect()
        gc.freeze()  # else each fork goes through TensorFlow's objects again, and copies them


def drawn(count: str, seed: str) -> list[str]:
    """Return the names of some damages, drawn by a seed."""
    names = [
        get_mutant_name(path, name)
        for path in sorted(walk_mutatable_files())
        for name in mutate_file_contents(str(path), path.read_text("utf-8")).mutant_names
    ]
    return Random(int(seed)).sample(names, int(count))


if __name__ == "__main__":
    # Not above: the import alone changes how this process starts others, and tests look in here.
    from mutmut.__main__ import cli

    mutators.mutation_operators[:] = OPERATORS
    # The first example that fails will do: a search for the smallest takes seconds.
    found = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile("found", phases=found)
    hypothesis.settings.load_profile("found")  # the tests' own profile builds on it
    workers, *sample = sys.argv[1:]
    names = drawn(*sample) if sample else []
    sys.argv[1:] = ["run", "--max-children", workers, *names]
    cli()
