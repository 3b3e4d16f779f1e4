import random
import re

import pytest

from flags import adapter, lists, tabular, training


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("3", (3,)),
        ("0-2, 2,7", (0, 1, 2, 7)),
        ("4-4", (4,)),
        ("7,0", (0, 7)),
        (" 1 - 2 ", (1, 2)),
    ],
)
def test_layers(text, numbers):
    assert lists.parse_layers(text) == numbers
    assert adapter.parse_layers(text) == numbers


def test_layers_of_adapters_may_be_all():
    assert adapter.parse_layers("all") is None
    with pytest.raises(ValueError, match="Received: 'all'"):
        lists.parse_layers("all")


@pytest.mark.parametrize("text", ["", "a", "0-", "-3", "5-0", "1,,2", "0-9999"])
def test_layers_refuses_other_syntax(text):
    message = (
        f"numbers and ascending ranges .*Received: {re.escape(repr(text))}"
    )
    with pytest.raises(ValueError, match=message):
        adapter.parse_layers(text)


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((0,), "0"),
        ((0, 1), "0-1"),
        ((0, 1, 2, 5, 7, 8), "0-2,5,7-8"),
        ((9, 10, 11, 13), "9-11,13"),
    ],
)
def test_layers_are_written_in_ranges(numbers, text):
    assert lists.format_layers(numbers) == text


def test_writing_and_reading_layers_are_inverse():
    generator = random.Random(0)
    for _ in range(200):
        count = generator.randint(1, 12)
        numbers = tuple(sorted(generator.sample(range(24), count)))
        assert lists.parse_layers(lists.format_layers(numbers)) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("a=1", {"a": 1.0}),
        ("a=0.5,b=2e-1,c=+3.", {"a": 0.5, "b": 0.2, "c": 3.0}),
        ("a=-1", {"a": -1.0}),
        # Commas, equals signs and spaces belong to the name.
        ("red, green=0.5,blue=1", {"red, green": 0.5, "blue": 1.0}),
        ("x=y=0.5,z=1", {"x=y": 0.5, "z": 1.0}),
        ("a=b,c=0.5", {"a=b,c": 0.5}),
        ("a=1b=2", {"a=1b": 2.0}),
        (
            "sehr gut=0.3,\u4f60\u597d=0.4",
            {"sehr gut": 0.3, "\u4f60\u597d": 0.4},
        ),
    ],
)
def test_named_numbers(text, numbers):
    assert lists.parse_named_numbers(text) == numbers


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", r"must be of the form label=number,label=number\."),
        ("a", "must be of the form"),
        ("a=", "must be of the form"),
        ("a=b", "must be of the form"),
        ("a=1,b", "must be of the form"),
        ("a=1,,", "must be of the form"),
        ("a=inf", "must be of the form"),
        ("a=1.2.3", "must hold numbers"),
        ("a=1e999", "must hold numbers"),
        ("a=1,a=2", "must name 'a' once"),
    ],
)
def test_named_numbers_refuses_other_syntax(text, rule):
    message = f"{rule}.*Received: {re.escape(repr(text))}"
    with pytest.raises(ValueError, match=message):
        lists.parse_named_numbers(text)


@pytest.mark.parametrize(
    ("text", "thresholds"),
    [
        ("best", "best"),
        ("0.3", 0.3),
        ("a=0.3,b=.9", {"a": 0.3, "b": 0.9}),
        ("best=0.5", {"best": 0.5}),
    ],
)
def test_thresholds(text, thresholds):
    assert tabular.parse_thresholds(text) == thresholds


@pytest.mark.parametrize("text", ["0", "1", "1.5", "-0.1", "a=1", "a=0.5,b=2"])
def test_thresholds_are_probabilities(text):
    with pytest.raises(ValueError, match="probabilities between 0 and 1"):
        tabular.parse_thresholds(text)


@pytest.mark.parametrize("text", ["", "high", "bets", "0.5,0.5"])
def test_thresholds_refuse_other_syntax(text):
    message = f"must be .*number.*. Received: '{text}'"
    with pytest.raises(ValueError, match=message):
        tabular.parse_thresholds(text)


@pytest.mark.parametrize(
    ("text", "weights"),
    [("balanced", "balanced"), ("0=1,1=4.5", {"0": 1.0, "1": 4.5})],
)
def test_class_weights(text, weights):
    assert training.parse_class_weights(text) == weights


@pytest.mark.parametrize("text", ["a=0", "a=-1", "a=1,b=0", "2", "balance"])
def test_class_weights_refuse_other_values(text):
    with pytest.raises(ValueError, match=f"must .*Received: '{text}'"):
        training.parse_class_weights(text)


@pytest.mark.parametrize(
    ("text", "period"), [("epoch", "epoch"), ("1", 1), ("0500", 500)]
)
def test_period(text, period):
    assert training.parse_period(text) == period


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "", "epochs", "\u0663"])
def test_period_refuses_other_values(text):
    with pytest.raises(
        ValueError, match="positive number of updates, or epoch"
    ):
        training.parse_period(text)
