"""Wrong and unbound numbers in prose are found, and right ones pass."""

import pytest
from nbformat import write

from tests.notebooks.facts import Fact, Pattern, check_facts, read_facts
from tests.notebooks.making import chapter, code, printed
from tests.notebooks.prose import (
    Piece,
    check_bound,
    check_chapter_links,
    check_unbound,
    read_pieces,
)
from tests.notebooks.quoted import disagreement
from tests.test_prose import FACTS

OUTPUT = """epoch 4: loss 0.2811, accuracy 0.88532
reviews: 25,000 (88.5 %)
share 5.3%
parameters 160305, seeds 24, majority 0.495, ratio 2.04"""


@pytest.mark.parametrize(
    ("text", "label", "problem"),
    [
        ("0.885", "accuracy", ""),
        ("88.5 %", "accuracy", ""),
        ("88.5%", "accuracy", ""),
        ("fourth epoch", "epoch", ""),
        ("Four", "", ""),
        ("0.28", "epoch #2", ""),
        ("25,000 reviews", "reviews", ""),
        ("25 thousand", "reviews", ""),
        ("5 percent", "share", ""),
        ("Twenty-five thousand", "reviews", ""),
        ("a hundred and sixty thousand numbers", "parameters", ""),
        ("twenty-four seeds", "seeds", ""),
        ("two dozen", "seeds", ""),
        ("half of the reviews", "majority", ""),
        ("two fifths", "majority", "should be '0.50'"),
        ("seven reviews in eight", "accuracy", ""),
        ("seven in eight", "reviews #2", ""),
        ("a twentieth", "share", "should be '0.053'"),
        ("twice as many", "ratio", ""),
        ("Doubled", "ratio", ""),
        ("twice", "accuracy", "should be '0.89'"),
        ("0.886", "accuracy", "should be '0.885'"),
        ("0.8850", "accuracy", "should be '0.8853'"),
        ("88.6 %", "accuracy", "should be '88.5 %'"),
        ("third", "epoch", "should be 'fourth'"),
        ("five epochs", "epoch", "should be 'four epochs'"),
        ("fifteen thousand", "reviews", "should be '25 thousand'"),
        ("a hundred and fifty thousand", "parameters", "should be '160 thousand'"),
        ("twenty-fourth", "seeds", "not a number"),
        ("25,001", "reviews", "should be '25,000'"),
        ("5.3", "share", "a percentage"),
        ("many", "reviews", "not a number"),
        ("0.885", "precision", "does not contain 'precision'"),
        ("0.885", "accuracy #2", "no number 2"),
    ],
)
def test_a_quoted_number_is_compared_at_its_precision(text, label, problem):
    found = disagreement(text, OUTPUT, label)
    assert problem in found
    assert bool(problem) == bool(found)


@pytest.fixture
def book(tmp_path):
    """Return a book of one chapter with one output."""
    write(chapter(code("fit", "fit()", [printed(OUTPUT)])), tmp_path / "05_fit.ipynb")
    return tmp_path


@pytest.mark.parametrize(
    ("reference", "problem"),
    [
        ("05_fit#fit: accuracy", ""),
        ("05_fit#fit:accuracy", ""),
        ("05_fit#fit:  accuracy", ""),
        ("05_fit#fit:   accuracy", "does not contain"),
        ("fit: accuracy", "no chapter 'page'"),
        ("05_fit#fitted: accuracy", "no code cell 'fitted'"),
        ("06_other#fit: accuracy", "no chapter '06_other'"),
        ("accuracy", "is not 'CELL: LABEL'"),
    ],
)
def test_a_span_names_an_existing_output(book, reference, problem):
    piece = Piece("page", "page", f'It was <span data-from="{reference}">0.885</span>.')
    found = "\n".join(check_bound(piece, book))
    assert problem in found
    assert bool(problem) == bool(found)


def test_a_word_that_an_output_contradicts_is_corrected(book):
    bound = 'lowest at epoch <span data-from="05_fit#fit: epoch">{}</span>'
    assert check_bound(Piece("page", "page", bound.format("four")), book) == []
    write(chapter(code("fit", "fit()", [printed("epoch 5: loss 0.3")])), book / "06_fit.ipynb")
    moved = Piece("page", "page", bound.replace("05_", "06_").format("four"))
    assert "should be 'five'" in check_bound(moved, book)[0]


def test_numbers_of_alt_texts_and_captions_are_bound_by_metadata(book):
    alt = Piece("05_fit", "fit", "It ends at 0.885.", {"0.885": "fit: accuracy"})
    assert check_bound(alt, book) == check_unbound(alt, []) == []
    wrong = Piece("05_fit", "fit", "It ends at 0.9.", {"0.886": "fit: accuracy"})
    assert "should be '0.885'" in check_bound(wrong, book)[0]
    assert len(check_unbound(wrong, [])) == 2  # 0.886 is not in it, 0.9 is not bound
    words = Piece("05_fit", "fit", "Four epochs.", {"four epochs": "fit: epoch"})
    assert check_bound(words, book) == check_unbound(words, []) == []


@pytest.mark.parametrize(
    ("text", "unbound"),
    [
        ("It was 0.885.", ["0.885"]),
        ("**25,000** reviews", ["25,000"]),
        ("88.5&nbsp;% of 3. Then", ["88.5", "3"]),
        ("a [share of 0.9](x.html#part-2)", ["0.9"]),
        ("```{note}\n7 reviews\n```", ["7"]),
        ('<span data-from="fit: loss">0.28</span> in `fit(3)` and $x_1 = 4$', []),
        (
            "```\nprint(1)\n```\n$$y = 2$$\n<img width='30'> <!-- 5 --> https://a.b/6",
            [],
        ),
        ("in [Chapter 3](03_x.ipynb), see [4. Training](04_x.ipynb)", []),
        ("since 2011, in chapter 25", ["2011", "25"]),
        ("1. a\n2. b\n\n### Exercise 2: float32 and word2vec, version 3.15.1", []),
        ("It stops after four epochs, in the fourth epoch", ["four", "fourth"]),
        ("Half of the reviews, two fifths", ["Half", "two", "fifths"]),
        ("twice that; it doubled threefold, many times", ["twice", "doubled", "threefold"]),
        ("several times the size of twenty-five", ["several times", "twenty", "five"]),
        ("a dozen networks, a hundred and sixty thousand", ["dozen", "hundred", "sixty"]),
        ("a third of the work, One seed, ten\nseconds", ["third", "One", "ten"]),
        ("seconds, someone, tension, at `one` [`two`](three.html)", []),
    ],
)
def test_every_other_number_of_prose_is_found(text, unbound):
    problems = check_unbound(Piece("page", "cell", text), allowed_in_the_book())
    found = [problem.split("'")[1] for problem in problems]
    assert found[: len(unbound)] == unbound
    assert unbound or not found


@pytest.mark.parametrize(
    "text",
    [
        "First, luck: look at this one, one of its two kinds, at once.",
        "Two cautions. From zero to one. The first time is another one.",
        "One thing is different. Set a baseline first. The two agree on it.",
    ],
)
def test_words_that_count_nothing_pass(text):
    kinds = Fact("its two kinds", "given")
    assert check_unbound(Piece("page", "cell", text), [kinds, *allowed_in_the_book()]) == []


@pytest.mark.parametrize(
    "text",
    [
        "zero bytes",
        "one of the epochs",
        "the first layer",
        "this one hidden layer",
        "at once per cent",
        "the first one-unit network",
        "two kinds of reviews",
        "one thing in minutes",
        "2011 reviews",
    ],
)
def test_no_pattern_passes_a_measured_quantity(text):
    everything = Pattern(".*", "given")
    assert check_unbound(Piece("page", "cell", text), [everything, *allowed_in_the_book()])
    assert check_unbound(Piece("page", "cell", "one\n\nreviews of films"), [everything]) == []


def allowed_in_the_book():
    return [entry for entry in read_facts(FACTS) if isinstance(entry, Pattern)]


def test_facts_cover_their_words_only_and_must_be_used(tmp_path):
    (tmp_path / "test_x.py").write_text("def test_name(): pass")
    facts = [
        Fact("25,000", "given", test="test_x.py::test_name"),
        Fact("10 stars", "given", pages=("page",)),
        Fact("7", "given", pages=("elsewhere",)),
        Fact("5", "given", test="test_x.py::test_missing"),
        Fact("885", "given"),
    ]
    piece = Piece("page", "cell", "25,000 of 125,000: 7 of 10 stars, not 10, not 5, 0.885")
    numbers = [problem.split("'")[1] for problem in check_unbound(piece, facts)]
    assert numbers == ["125,000", "7", "10", "0.885"]
    problems = check_facts(facts, tmp_path)
    assert len(problems) == 3
    assert "'7' is not used" in problems[0]
    assert "no test test_x.py::test_missing" in problems[1]


@pytest.mark.parametrize(
    "entry", ['[[fact]]\ntext = "7"\n', '[[allowed]]\npattern = "7"\n', "[[allowed]]\nreason = '7'"]
)
def test_a_fact_or_a_pattern_without_a_reason_is_refused(tmp_path, entry):
    facts = tmp_path / "facts.toml"
    facts.write_text(entry)
    with pytest.raises(ValueError, match="reason"):
        read_facts(facts)


def test_several_wordings_of_a_fact_must_all_be_used(tmp_path):
    file = tmp_path / "facts.toml"
    file.write_text('[[fact]]\ntext = ["two fifths of it", "ten films"]\nreason = "given"\n')
    facts = read_facts(file)
    assert check_unbound(Piece("page", "cell", "Two fifths of it."), facts) == []
    assert check_facts(facts) == ["'ten films' is not used"]


@pytest.mark.parametrize("text", ["7", "25,000", "2 GB", "88.5 %", "49th", "four", "| Half |"])
def test_a_number_alone_is_no_fact_unless_it_says_how_often_it_stands(tmp_path, text):
    file = tmp_path / "facts.toml"
    entry = '[[fact]]\ntext = ["{}", "ten films"]\nreason = "given"\n'
    file.write_text(entry.format(text))
    with pytest.raises(ValueError, match="anywhere"):
        read_facts(file)
    for words in (f"of {text}", f"{text} films", "the first"):
        file.write_text(entry.format(words))
        assert len(read_facts(file)) == 2
    file.write_text(entry.format(text) + "times = 1\n")
    assert [fact.times for fact in read_facts(file)] == [1, 1]


@pytest.mark.parametrize(
    ("texts", "problem"),
    [
        (("7", "7 of 7"), ""),
        (("7",), "'7' stands 1 times, not 3"),
        (("7, 7, 7", "7"), "'7' stands 4 times, not 3"),
        (("8",), "'7' is not used"),
    ],
)
def test_a_number_alone_stands_as_often_as_its_fact_says(texts, problem):
    fact = Fact("7", "given", pages=("page",), times=3)
    for text in texts:
        check_unbound(Piece("page", "cell", text), [fact])
        check_unbound(Piece("elsewhere", "cell", text), [fact])
    found = "\n".join(check_facts([fact]))
    assert problem in found
    assert bool(problem) == bool(found)


def test_a_pattern_that_nobody_needs_is_found():
    patterns = [Pattern(r"\bat once\b", "given"), Pattern(r"\bat (?:first|last)\b", "given")]
    assert check_unbound(Piece("page", "cell", "At last, all at once."), patterns) == []
    (problem,) = check_facts(patterns)
    assert "first|last" in problem


def test_a_link_names_the_chapter_it_leads_to():
    right = Piece("page", "cell", "[Chapter 3](03_x.ipynb)")
    wrong = Piece("page", "cell", "[see chapter 3](04_x.ipynb)")
    assert check_chapter_links(right) == []
    assert check_chapter_links(wrong)


def test_alt_texts_and_captions_are_prose(tmp_path):
    path = tmp_path / "01_x.ipynb"
    mystnb = {"image": {"alt": "Two falling lines."}, "figure": {"caption": "Losses."}}
    write(chapter(code("losses", "plot()", mystnb=mystnb)), path)
    assert read_pieces(path)[-1].text == "Two falling lines.\n\nLosses."
