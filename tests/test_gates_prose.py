"""Wrong and unbound numbers in prose are found, and right ones pass."""

import pytest
from nbformat import write

from tests.notebooks.making import chapter, code, printed
from tests.notebooks.prose import (
    Fact,
    Piece,
    check_bound,
    check_chapter_links,
    check_facts,
    check_unbound,
    read_facts,
    read_pieces,
)
from tests.notebooks.quoted import disagreement

OUTPUT = "epoch 4: loss 0.2811, accuracy 0.88532\nreviews: 25,000 (88.5 %)\nshare 5.3%"


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
        ("0.886", "accuracy", "should be '0.885'"),
        ("0.8850", "accuracy", "should be '0.8853'"),
        ("88.6 %", "accuracy", "should be '88.5 %'"),
        ("third", "epoch", "should be 'fourth'"),
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


def test_numbers_of_alt_texts_and_captions_are_bound_by_metadata(book):
    alt = Piece("05_fit", "fit", "It ends at 0.885.", {"0.885": "fit: accuracy"})
    assert check_bound(alt, book) == check_unbound(alt, []) == []
    wrong = Piece("05_fit", "fit", "It ends at 0.9.", {"0.886": "fit: accuracy"})
    assert "should be '0.885'" in check_bound(wrong, book)[0]
    assert len(check_unbound(wrong, [])) == 2  # 0.886 is not in it, 0.9 is not bound


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
        ("since 2011, in [Chapter 3](03_x.ipynb), see [4. Training](04_x.ipynb)", []),
        ("1. one\n2. two\n\n### Exercise 2: float32 and word2vec, version 3.15.1", []),
    ],
)
def test_every_other_number_of_prose_is_found(text, unbound):
    problems = check_unbound(Piece("page", "cell", text), [])
    assert [problem.split("'")[1] for problem in problems] == unbound


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


def test_a_fact_without_a_reason_is_refused(tmp_path):
    facts = tmp_path / "facts.toml"
    facts.write_text('[[fact]]\ntext = "7"\n')
    with pytest.raises(ValueError, match="reason"):
        read_facts(facts)


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
