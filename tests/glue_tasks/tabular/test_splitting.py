import collections

import pytest

from glue_tasks.tabular.splitting import hold_out


def sizes(places, strata):
    return collections.Counter(strata[i] for i in places)


def test_parts_make_up_the_whole_in_order():
    stay, out = hold_out(101, 0.1, seed=3)
    assert sorted(stay + out) == list(range(101))
    assert stay == sorted(stay)
    assert out == sorted(out)
    assert len(out) == 10


def test_seed_decides():
    strata = ["a", "b", "b"] * 30
    assert hold_out(90, 0.2, 5, strata) == hold_out(90, 0.2, 5, strata)
    assert hold_out(90, 0.2, 5, strata) != hold_out(90, 0.2, 6, strata)


def test_the_same_rows_in_every_release():
    # Python promises the sequence of `random()`, so these numbers stay.
    assert hold_out(20, 0.2, 1)[1] == [8, 9, 13, 19]


@pytest.mark.parametrize("share", [0.05, 0.1, 0.25, 0.5])
def test_stratified(share):
    counts = {"a": 400, "b": 57, "c": 31, "d": 5, "e": 3}
    strata = [name for name, count in counts.items() for _ in range(count)]
    strata = strata[::2] + strata[1::2]
    _, out = hold_out(len(strata), share, 7, strata)
    held = sizes(out, strata)
    for name, count in counts.items():
        assert abs(held[name] - count * share) <= 1
    assert abs(len(out) - len(strata) * share) <= 1


def test_many_small_classes_give_their_share_together():
    strata = [f"class {i // 4}" for i in range(200)]
    stay, out = hold_out(200, 0.1, 1, strata)
    assert len(out) == 20
    assert len(sizes(stay, strata)) == 50
    assert max(sizes(out, strata).values()) == 1


def test_classes_of_one_or_two_rows_stay():
    strata = ["a"] * 40 + ["b", "c", "c"]
    for seed in range(20):
        _, out = hold_out(43, 0.5, seed, strata)
        assert max(out) < 40
        assert len(out) == 20


def test_every_class_keeps_a_row():
    strata = ["a"] * 3 + ["b"] * 4
    stay, _ = hold_out(7, 0.99, 1, strata)
    assert set(sizes(stay, strata)) == {"a", "b"}


def test_neither_part_is_empty():
    for num_rows in range(2, 12):
        for share in (0.001, 0.1, 0.999):
            for strata in (None, "a" * num_rows, "abcdefghijkl"[:num_rows]):
                stay, out = hold_out(num_rows, share, 1, strata)
                assert stay
                assert out


@pytest.mark.parametrize("num_rows", [0, 1])
def test_too_few_rows(num_rows):
    with pytest.raises(ValueError, match=f"2 rows .* Received: {num_rows}"):
        hold_out(num_rows, 0.1, 1)


def test_order_in_which_classes_appear_is_without_effect():
    # Exchanging the first two rows' classes moves no other row.
    strata = ["a", "b"] + ["b", "a", "c"] * 20
    other = ["b", "a"] + ["b", "a", "c"] * 20
    _, first = hold_out(62, 0.2, 4, strata)
    _, second = hold_out(62, 0.2, 4, other)
    assert len(set(first) ^ set(second)) <= 4
