"""Climb from guessing to averages of n-gram models: accuracy, seconds and memory of each rung.

    python -m tools.rungs choose     # cross-validation on the training half; keeps what it chose
    python -m tools.rungs            # every rung in its own process; all are scored at the end
    python -m tools.rungs --check    # the same, compared with what is kept
    python -m tools.rungs --store    # the same, kept for the chapter "Beyond single words"

`models` says what each rung is and answers, `choice` chooses the settings and the rung to report,
`scoring` measures what each rung costs, and then scores all of them, once.
`choice` drops the test half as soon as it is loaded. Only `scoring.score` gets the labels of the
test half (and `examples` after it), when every rung has given its answers.
"""
