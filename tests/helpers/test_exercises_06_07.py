"""The exercises of chapters 6 and 7 know right answers, typical slips, and nonsense."""

import re

import numpy as np
import pytest

from imdb_helpers.exercises import chapter_06, chapter_07
from imdb_helpers.exercises.engine import Checks

EXERCISES = {one.name: one for one in (*chapter_06.EXERCISES, *chapter_07.EXERCISES)}


@pytest.mark.parametrize("name", EXERCISES)
def test_the_untouched_cell_is_no_attempt_and_nonsense_no_error(name, capsys):
    check = Checks({6: EXERCISES.values()})
    getattr(check, name)(...)
    assert "not attempted" in capsys.readouterr().out
    for nonsense in (None, "seven", [], {}, object(), len):
        getattr(check, name)(nonsense)
        assert "not yet" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "answer", "says"),
    [
        ("batch_steps", 2360, ""),
        ("batch_steps", 2340, "left over"),
        ("batch_steps", 118, "one epoch"),
        ("batch_steps", 3920, "learn from"),
        ("batch_steps", 2400, "Four times"),
        ("one_more", "Epoch 20", ""),
        ("one_more", "epoch 1", "set the weights back"),
        ("one_more", "epoch 10", "forget"),
        ("one_more", "20", "is asked for"),
        ("trouble", "b", ""),
        ("trouble", "A", "by heart"),
        ("trouble", "both", "Do both"),
        ("trouble", "neither", "go down"),
    ],
)
def test_an_answer_gets_what_fits_it(name, answer, says):
    said = EXERCISES[name].problem(answer)
    assert re.search(says, said) if says else said == "", said


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (lambda past: int(np.argmin(past["val_loss"])) + 1, ""),
        (lambda past: past["val_loss"].index(min(past["val_loss"])) + 1, ""),
        (lambda past: np.argmax(past["loss"]), "returned before"),
        (lambda past: np.argmin(past["val_loss"]), "list count"),
        (lambda past: np.argmin(past["loss"]) + 1, "about the others"),
        (lambda past: np.argmax(past["val_loss"]) + 1, "worst"),
        (lambda past: np.argmax(past["val_loss"]), "place of the worst"),
        (lambda past: min(past["val_loss"]), "lowest loss itself"),
        (lambda past: np.argmin(past["val_acc"]), "KeyError"),
        (lambda past: [2], "number of an epoch"),
        (lambda past: 2, r"0\.3, 0\.9\] it returns 2"),  # right for the first of the two only
    ],
)
def test_a_function_for_the_best_epoch_is_judged_by_what_it_returns(function, says):
    said = EXERCISES["best_epoch"].problem(function)
    assert re.search(says, said) if says else said == "", said


def test_what_networks_were_trained_to_answer_is_named():
    coins, few = chapter_07._coins(), chapter_07._few()
    small_memory, few_reviews = EXERCISES["small_memory"], EXERCISES["few_reviews"]
    assert "per cent" in small_memory.problem(100 * coins["accuracy"][-1])
    assert "own coins" in small_memory.problem(coins["val_accuracy"][-1])
    assert "shape" in few_reviews.problem(few["val_loss"])
    assert "That is the epoch" in few_reviews.problem(np.argmin(few["val_loss"]) + 1)
    assert "training loss" in few_reviews.problem(min(few["loss"]))
