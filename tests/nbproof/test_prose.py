"""Wrong numbers in prose are found, and right ones pass."""

import pytest

from tests.nbproof.making import chapter, code, displayed, drawn, printed, prose
from tests.nbproof.prose import Fact, Style, check_numbers, digit_changes

OUTPUT = """epoch 4: loss 0.2811, accuracy 0.88532
reviews: 25,000 (88.5 %)
share 5.3%, from 0.874 to 0.887
parameters 160305, seeds 24, change -0.62"""
STYLE = Style(("epoch", "review", "seed"), ("Keras", "[Cc]hapters?"))
FAR = [prose(f"far-{n}", "Words.") for n in range(7)]


def problems(text, *, style=STYLE, before=(), after=(), other=lambda _: None):
    """Return what is found in a paragraph between an output and other cells."""
    cells = [code("fit", "fit(epochs=20)", [printed(OUTPUT)]), *before, prose("text", text), *after]
    return check_numbers("page", chapter(*cells), style, other)


@pytest.mark.parametrize(
    "text",
    [
        *("0.885", "88.5 %", "25 thousand", "5.3 percent", "160,305", "−0.62", "epoch four"),
        *("the fourth epoch", "twenty-four seeds", "from 0.874 to 0.887", "twice, half, once"),
        "the first review, one epoch, two ways, a third of the reviews",
        *("`fit(3)` and $x_1 = 4$", "```\nprint(7)\n```\n$$y = 2$$\n<img width='30'> <!-- 5 -->"),
        *("in [Chapter 3](03_x.ipynb), see [4. Training](04_x.ipynb), chapters 5 to 7",),
        *("1. a\n2. b\n\n### 3. Keras 3: float32, word2vec, version 3.15.1", "https://a.b/6"),
    ],
)
def test_what_was_computed_near_by_passes(text):
    assert problems(text) == []


@pytest.mark.parametrize(
    ("text", "written"),
    [
        *(("0.8850", "0.8850"), ("71 %", "71"), ("0.62", "0.62"), ("0.9", "0.9"), ("21", "21")),
        *(
            ("88.5 reviews", "88.5"),
            ("88.50 %", "88.50"),
            ("25,001", "25,001"),
            ("the fifth epoch", "fifth"),
        ),
        *(("three more epochs", "three"), ("epoch twelve", "twelve")),
        ("from 0.28 to 0.874", "0.28 to 0.874"),
        *(("a [share of 0.7](x.html#part-2)", "0.7"), ("```{note}\n7 reviews\n```", "7")),
    ],
)
def test_another_number_is_found(text, written):
    (problem,) = problems(text)
    assert problem.startswith(f"text: nothing near by gives {written!r}")


def test_near_by_is_nearer_for_small_numbers():
    text = "0.8853 after four epochs"
    assert problems(text, before=FAR[:1]) == []
    assert len(problems(text, before=FAR[:3])) == len(problems("0.28", before=FAR[:3])) == 1
    assert len(problems(text, before=FAR)) == 2
    assert problems("## Summary\n" + text, before=FAR) == []


def test_a_link_to_a_section_opens_its_outputs():
    section = [prose("best", "## The best epoch"), code("b", "x", [printed("best 7, loss 0.311")])]
    linked = chapter(code("a", "x", [printed("best 9")]), *section, prose("next", "## Next"))
    text = "epoch 7 with [a loss](05_x.ipynb{}) of 0.311"
    assert problems(text.format("#the-best-epoch"), other=lambda _: linked) == []
    assert len(problems(text.format(""), other=lambda _: linked)) == 1
    assert len(problems(text.format("#next"), other=lambda _: linked)) == 2
    assert len(problems(text.format("#the-best-epoch"))) == 2


def test_alt_texts_are_prose_and_figures_and_long_lists_give_nothing():
    described = {"image": {"alt": "It ends at 0.777."}, "figure": {"caption": "Loss"}}
    figure = code("plot", "plot()", [drawn({"Loss": [0.777]})], mystnb=described)
    assert len(problems("It has 640 words.", after=[figure])) == 2
    listed = code("list", "x", [printed("[1, 14, 22, 16, 43, 530, 973, 1622]")])
    assert problems("530 reviews", after=[listed])
    table = code("table", "x", [displayed(text_html='<td width="531">530</td>')])
    assert problems("530 reviews", after=[table]) == []
    assert problems("531 reviews", after=[table])


def test_a_fact_stands_for_its_number_and_must_stand_on_its_page():
    fact = Fact("in 2011", "the year of the set", ("page",))
    with_fact = Style(STYLE.counted, STYLE.names, (fact,))
    assert problems("collected in\n2011", style=with_fact) == []
    assert len(problems("collected in 2012", style=with_fact)) == 2
    assert problems("collected", style=with_fact) == [
        "the fact 'in 2011' does not stand on the page"
    ]


def test_a_fact_that_names_a_cell_holds_while_the_cell_has_the_number():
    fact = Fact("had 0.287", "`best` prints it", ("page",))
    with_fact = Style(STYLE.counted, STYLE.names, (fact,))
    far = [prose(f"far-{i}", "Words.") for i in range(8)]
    for shown, lacks in (
        ("loss 0.2871", []),
        ("loss 0.311", ["the fact 'had 0.287': best lacks it"]),
    ):
        before = [code("best", "x", [printed(shown)]), *far]
        assert problems("It had 0.287.", before=before, style=with_fact) == lacks


def test_changes_of_a_digit_are_counted():
    notebook = chapter(code("a", "x", [printed("0.12 0.13")]), prose("text", "It is 0.12."))
    counts = digit_changes(notebook, STYLE, lambda _: None)
    assert counts == {(False, True): 26, (False, False): 1}
