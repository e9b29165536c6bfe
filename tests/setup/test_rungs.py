"""The rungs answer before anybody looks at the labels of the test half, and are scored rightly."""

import json

import numpy as np
import pytest

from imdb_helpers import load_data
from tools.rungs import __main__ as command
from tools.rungs import choice, models, scoring

SETTINGS = {**models.USUAL, "epochs": 1, "network epochs": 1}
CHOICE = json.loads(command.CHOICE.read_text("utf-8"))


@pytest.fixture
def corpus(monkeypatch):
    """Let a small corpus be loaded, without the labels of its test half; return those labels."""
    rng, halves = np.random.default_rng(0), []
    for count in (300, 80):
        labels = np.arange(count) % 2
        reviews = np.empty(count, dtype=object)
        for i, label in enumerate(labels):
            reviews[i] = [1, *rng.integers(4, 90, 20).tolist(), *([95, 96][:: 1 - 2 * label])]
        halves.append((reviews, labels))
    train, (test, labels) = halves
    for module in (choice, scoring):
        monkeypatch.setattr(module, "load_data", lambda num_words=None: (train, (test, None)))
    return labels


@pytest.mark.parametrize("rung", models.RUNGS)
def test_a_rung_answers_rightly_and_without_the_test_labels(corpus, rung):
    answers, _ = scoring.climb(rung, SETTINGS)
    assert answers.shape == (models.RUNS.get(rung, 1), 80)
    found = scoring.score({rung: answers}, corpus, np.zeros(80, dtype=bool))[rung]
    # Which of two words comes first is all that tells the labels apart.
    assert (found["accuracy"] > 0.9) == (rung not in ("guessing", *scoring.OF_WORDS))


def test_the_choice_is_made_without_the_test_labels(corpus, monkeypatch):
    monkeypatch.setattr(choice, "TRIALS", choice.TRIALS[:2])
    monkeypatch.setattr(choice, "FOLDS", 1)
    monkeypatch.setattr(models, "AVERAGES", {})  # they take longest, and are chosen in the same way
    found = choice.choose()
    assert found.keys() == CHOICE.keys()
    assert found["chosen"] not in scoring.OF_WORDS


def test_a_score_is_the_share_of_right_answers_with_its_interval():
    sums, twin = {"rung": np.array([[1.0, -1, 1, 0]])}, np.array([True, False, False, False])
    found = scoring.score(sums, np.array([1, 0, 0, 0]), twin)["rung"]
    assert found["accuracy"] == 0.75
    assert found["right"] == 3
    assert found["without twins"] == pytest.approx(2 / 3)
    assert found["half interval"] == pytest.approx(1.96 * np.sqrt(0.75 * 0.25 / 4))


def test_twins_are_reviews_of_the_training_half():
    assert scoring.twins([[1, 2], [3]], [[3], [2, 1]]).tolist() == [True, False]


def test_examples_are_those_that_words_get_wrong():
    sums = {rung: np.array([[1.0, -1, -1]]) for rung in models.RUNGS}
    sums[CHOICE["chosen"]] = np.array([[1.0, 2, -1]])
    found = scoring.examples(sums, np.array([1, 1, 1]), CHOICE["chosen"])
    assert found["only n-grams"] == {"reviews": 1, "clearest": [1]}
    assert found["nobody"] == {"reviews": 1, "clearest": [2]}


def test_what_is_kept_follows_from_the_choice():
    means = {rung: np.mean(accuracies) for rung, accuracies in CHOICE["rungs"].items()}
    assert max(means, key=means.get) == CHOICE["chosen"]
    best = max(CHOICE["trials"], key=lambda trial: np.mean(trial["accuracies"]))
    assert best["settings"].items() <= CHOICE["settings"].items()
    kept = json.loads(command.RESULTS.read_text("utf-8"))
    assert list(kept["rungs"]) == list(models.RUNGS)
    assert all(found["peak memory"] < 2000 for found in kept["rungs"].values())


@pytest.mark.parametrize("words", [["choose"], ["--store"]])
def test_nothing_is_stored_of_the_sample(monkeypatch, words, capsys):
    monkeypatch.setattr(command, "find_dataset", lambda: type("Sample", (), {"is_sample": True}))
    monkeypatch.setattr(command, "RESULTS", None)
    assert command.main(words) == 1
    assert "nothing is stored" in capsys.readouterr().out


def test_one_rung_in_a_process_of_its_own(monkeypatch):
    monkeypatch.setenv("IMDB_SOURCE", "sample")
    answers, costs = scoring.climb_each(["counting"], SETTINGS)["counting"]
    assert costs["seconds"] > 0
    assert costs["peak memory"] > 50
    assert answers.shape == (1, len(load_data()[1][1]))


def test_a_check_names_the_rungs_that_moved():
    kept, new = ({"rungs": {"a": {"accuracy": 0.9}, "b": {"accuracy": b}}} for b in (0.8, 0.803))
    assert command.differences(new, kept) == ["b: 0.8030, stored 0.8000"]
    assert command.differences(kept, kept) == []
