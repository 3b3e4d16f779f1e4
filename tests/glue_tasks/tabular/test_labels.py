import collections

import pytest

from glue_tasks.tabular.config import TabularConfig
from glue_tasks.tabular.labels import (
    count_labels,
    describe_labels,
    label_parser,
    look_like_scores,
    order_labels,
)


def parser(label_type, known=None, **fields):
    return label_parser(TabularConfig(label_type=label_type, **fields), known)


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("good", "good"),
        (" good\u3000", "good"),
        ("1.0", "1.0"),
        ("悪い", "悪い"),
        (1, "1"),
        (-2, "-2"),
        (1.0, "1"),
        (0.5, "0.5"),
        (True, "true"),
        (False, "false"),
    ],
)
def test_names_of_classes(cell, name):
    assert parser("class")(cell) == name


@pytest.mark.parametrize("cell", [None, "", "  "])
def test_no_class(cell):
    with pytest.raises(ValueError, match="must hold a label. Received: none"):
        parser("class")(cell)


@pytest.mark.parametrize("cell", [["a"], {"a": 1}, float("nan"), b"a"])
def test_what_is_no_class(cell):
    with pytest.raises(ValueError, match="must hold one label, a string or a"):
        parser("class")(cell)


def test_unknown_class_and_the_nearest():
    parse = parser("class", ("positive", "negative"))
    assert parse("negative") == "negative"
    with pytest.raises(ValueError, match="unknown label") as raised:
        parse("negativ")
    assert str(raised.value) == (
        "unknown label 'negativ'; did you mean 'negative'? Known: positive, "
        "negative"
    )


@pytest.mark.parametrize(
    ("cell", "score"),
    [("2.50", 2.5), (" -1e3 ", -1000.0), (3, 3.0), (1234567.0, 1234567.0)],
)
def test_scores(cell, score):
    found = parser("score")(cell)
    assert found == score
    assert type(found) is float


@pytest.mark.parametrize("cell", ["", None, "nan", "inf", "1,5", True, ["1"]])
def test_what_is_no_score(cell):
    with pytest.raises(ValueError, match="`score` must be a finite number. R"):
        parser("score")(cell)


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("a, b ,c", ("a", "b", "c")),
        ("a", ("a",)),
        ("", ()),
        (" , ", ()),
        (None, ()),
        ([], ()),
        (["b,c", 1, True], ("b,c", "1", "true")),
        ("b,a,b", ("b", "a")),
    ],
)
def test_several_labels(cell, names):
    assert parser("multi")(cell) == names


def test_separator():
    assert parser("multi", label_separator="|")("a,b|c") == ("a,b", "c")
    assert parser("multi", label_separator=" ")("a  b") == ("a", "b")


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (3, "as one string with ',' between them. Received: 3"),
        (["a", None], "must hold a label. Received: none"),
        (["a", "x"], "unknown label 'x'; known: a, b"),
        ("a,x", "unknown label 'x'; known: a, b"),
    ],
)
def test_what_is_not_several_labels(cell, message):
    with pytest.raises(ValueError, match=message):
        parser("multi", ("a", "b"))(cell)


def test_order():
    assert order_labels(["10", "9", "-1"]) == ("-1", "9", "10")
    assert order_labels(["10", "9", "x"]) == ("10", "9", "x")
    assert order_labels(["b", "a", "B"]) == ("B", "a", "b")
    # One number, two names: sorted all the same.
    assert order_labels(["1", "01"]) == order_labels(["01", "1"])


def test_counts_and_their_description():
    counts = count_labels(["b", "a", "b"])
    assert describe_labels(("a", "b"), counts) == "a (1), b (2)"
    assert count_labels([("a", "b"), (), ("b",)]) == {"a": 1, "b": 2}
    names = [f"n{i}" for i in range(23)]
    described = describe_labels(names, collections.Counter(names))
    assert described.endswith("n18 (1), n19 (1) and 3 more")
    assert "(1), n20" not in described
    long = describe_labels(["x" * 99], collections.Counter())
    assert long == "x" * 40 + "... (0)"


def test_many_numbers_look_like_scores():
    numbers = [str(i / 4) for i in range(21)]
    assert look_like_scores(numbers)
    assert not look_like_scores(numbers[1:])
    assert not look_like_scores([*numbers, "other"])
