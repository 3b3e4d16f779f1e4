import collections
import itertools
import random

import pytest
from absl import logging

from glue_tasks.fungi.splitting import split_rows
from glue_tasks.fungi.sums import nearest_sum

METHODS = ("stratified", "reference", "by_record")


def make_rows(num_rows, seed=0):
    """Returns labels of unequal shares, and records of 1 to 40 rows."""
    generator = random.Random(seed)
    labels = [f"l{int(generator.expovariate(0.5))}" for _ in range(num_rows)]
    records = []
    while len(records) < num_rows:
        records += [f"R{len(records)}"] * generator.randint(1, 40)
    return labels, records[:num_rows]


def sizes(parts):
    return {name: len(rows) for name, rows in parts.items()}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("num_rows", [3, 7, 100, 3000])
def test_every_row_is_in_one_split(method, num_rows):
    labels, records = make_rows(num_rows)
    if num_rows <= 100:
        records = list(map(str, range(num_rows)))
    parts = split_rows(method, 5, labels, records)
    assert list(parts) == ["train", "dev", "test"]
    assert sorted(itertools.chain(*parts.values())) == list(range(num_rows))
    for rows in parts.values():
        assert rows == sorted(rows)
        assert rows
    if num_rows >= 100:
        assert abs(len(parts["dev"]) - num_rows / 20) <= 1
        assert abs(len(parts["test"]) - num_rows / 20) <= 1


@pytest.mark.parametrize("method", METHODS)
def test_seed_decides_alone(method):
    rows = make_rows(2000)
    first = split_rows(method, 1, *rows)
    assert split_rows(method, 1, *rows) == first
    assert split_rows(method, 2, *rows) != first
    # Sets and dicts of strings would follow the process, names the file.
    renamed = [[f"{name} " for name in names] for names in rows]
    assert split_rows(method, 1, *renamed) == first


@pytest.mark.parametrize(
    ("method", "test"),
    [
        ("stratified", [13, 20]),
        ("reference", [17, 22]),
        ("by_record", [13, 35]),
    ],
)
def test_the_same_rows_in_every_release(method, test):
    labels = ["a", "b"] * 20
    records = [str(i) for i in range(40)]
    assert split_rows(method, 1, labels, records)["test"] == test


def test_stratified_keeps_the_shares_of_labels():
    labels, records = make_rows(5000)
    parts = split_rows("stratified", 3, labels, records)
    total = collections.Counter(labels)
    for name in ("dev", "test"):
        held = collections.Counter(labels[i] for i in parts[name])
        assert all(abs(held[k] - n / 20) <= 1 for k, n in total.items())


def test_labels_of_one_or_two_rows_stay_in_train(monkeypatch):
    lines = []
    monkeypatch.setattr(logging, "info", lambda s, *a: lines.append(s % a))
    labels = ["rare", "two", "two", *["many"] * 300, *["some"] * 3]
    for seed in range(20):
        parts = split_rows("stratified", seed, labels, [])
        assert {0, 1, 2} <= set(parts["train"])
    assert lines[0] == (
        "Labels of fewer than 3 rows, which stay in train: rare (1), two (2)."
    )


def test_reference_has_the_sizes_of_the_reference_run():
    labels = [""] * 306_795
    assert sizes(split_rows("reference", 666, labels, [])) == {
        "train": 276_115,
        "dev": 15_340,
        "test": 15_340,
    }


@pytest.mark.parametrize(
    ("num_rows", "expected"),
    [(3, (1, 1, 1)), (10, (8, 1, 1)), (21, (18, 1, 2)), (200, (180, 10, 10))],
)
def test_reference_rounds_up_what_it_holds_out(num_rows, expected):
    parts = split_rows("reference", 1, ["a"] * num_rows, [])
    assert tuple(sizes(parts).values()) == expected


@pytest.mark.parametrize("seed", range(5))
def test_records_never_straddle_splits(seed):
    labels, records = make_rows(4000, seed)
    parts = split_rows("by_record", seed, labels, records)
    owners = [{records[i] for i in rows} for rows in parts.values()]
    assert sum(map(len, owners)) == len(set(records))
    assert sizes(parts) == {"train": 3600, "dev": 200, "test": 200}


def test_records_need_not_be_adjacent():
    records = [f"R{i % 50}" for i in range(1000)]
    parts = split_rows("by_record", 1, records, records)
    owners = [{records[i] for i in rows} for rows in parts.values()]
    assert not owners[0] & owners[1]
    assert not owners[0] & owners[2]
    assert not owners[1] & owners[2]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((1, 1, 98), (98, 1, 1)),
        ((98, 1, 1), (98, 1, 1)),
        ((1, 50, 49), (50, 49, 1)),
        ((60, 40, 40, 40), (100, 40, 40)),
        ((3, 4, 5, 90, 90), (180, 3, 9)),
    ],
)
def test_large_records_train(numbers, expected):
    records = [f"R{i}" for i, n in enumerate(numbers) for _ in range(n)]
    for seed in range(6):
        parts = split_rows("by_record", seed, records, records)
        assert tuple(sizes(parts).values()) == expected


def test_too_few_rows_or_records():
    for method in METHODS:
        with pytest.raises(ValueError, match="3 rows or more.*Received: 2"):
            split_rows(method, 1, ["a", "b"], ["a", "b"])
    with pytest.raises(ValueError, match="3 records or more.*Received: 2"):
        split_rows("by_record", 1, ["a"] * 9, ["a", "b", "b"] * 3)


def test_nearest_sum_is_as_near_as_any():
    generator = random.Random(0)
    for _ in range(300):
        numbers = [generator.randint(1, 30) for _ in range(8)]
        target = generator.randint(1, 60)
        chosen = nearest_sum(numbers, target)
        found = abs(sum(numbers[i] for i in chosen) - target)
        best = min(
            abs(sum(some) - target)
            for count in range(1, 9)
            for some in itertools.combinations(numbers, count)
        )
        assert chosen
        assert found == best, (numbers, target)


def test_nearest_sum_prefers_what_comes_first():
    numbers = [7, 3, 4, 9] * 500
    assert max(nearest_sum(numbers, 230)) < 50
