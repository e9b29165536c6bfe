"""Damage the stored notebooks, then the helpers' code; the tests must notice.

python -m tests.proof                        # both, as `make mutants` does
python -m tests.proof notebooks --seed 1     # the first alone, with its options
python -m tests.proof helpers --quick        # the second alone, with its options
"""

import sys

from tests.proof import helpers, mutants

HALVES = {"notebooks": mutants.main, "helpers": helpers.main}


def main(arguments: list[str]) -> int:
    """Do the half that the first word names, or both; return 1 if one found a hole."""
    if arguments and arguments[0] in HALVES:
        return HALVES[arguments[0]](arguments[1:])
    if arguments:
        print(__doc__)
        return 2
    return max([half([]) for half in HALVES.values()])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
