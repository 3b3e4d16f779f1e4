"""Training batches as a function of (seed, step)."""

import numpy as np
import pytest

from adapter_bert.data.batches import TrainingBatches
from tests.tiny import make_lengths, make_rows


def make_batches(count, batch_size, seed=1, lengths=None):
    """Returns batches whose labels are the rows' numbers."""
    lengths = make_lengths(count) if lengths is None else lengths
    return TrainingBatches(
        make_rows(lengths), np.arange(count, dtype="int32"), batch_size, seed
    )


def taken(batches, steps):
    return np.concatenate([batches[step]["targets"] for step in steps])


@pytest.mark.parametrize(
    ("count", "batch_size"), [(1024, 4), (1, 1), (6, 3), (8, 8), (640, 10)]
)
def test_every_row_once_a_pass_where_passes_align(count, batch_size):
    batches = make_batches(count, batch_size)
    steps = count // batch_size
    assert steps % batches.window == 0
    for number in range(3):
        first = number * steps
        rows = taken(batches, range(first, first + steps))
        assert sorted(rows) == list(range(count))


@pytest.mark.parametrize(
    ("count", "batch_size"), [(1000, 7), (100, 32), (10, 4), (3, 8), (1, 5)]
)
def test_passes_that_straddle_batches_use_rows_equally_often(count, batch_size):
    batches = make_batches(count, batch_size)
    # After so many windows, all passes are whole.
    steps = batches.window * count
    rows = taken(batches, range(steps))
    assert np.bincount(rows, minlength=count).tolist() == (
        [steps * batch_size // count] * count
    )


def test_a_batch_straddles_two_passes():
    batches = make_batches(10, 4)
    assert batches.window == 1
    rows = taken(batches, range(5))
    assert sorted(rows[:10]) == sorted(rows[10:]) == list(range(10))
    assert rows[:10].tolist() != rows[10:].tolist()


def test_exact_batch_size_and_contents():
    batches = make_batches(50, 8)
    for step in range(30):
        batch = batches[step]
        assert list(batch) == [
            "input_ids",
            "input_mask",
            "segment_ids",
            "targets",
            "weights",
        ]
        weights = batch.pop("weights")
        assert weights.dtype == np.float32
        np.testing.assert_array_equal(weights, np.ones(8))
        assert {array.dtype for array in batch.values()} == {np.dtype("int32")}
        assert batch["targets"].shape == (8,)
        for i, row in enumerate(batch["targets"]):
            start, end = batches.rows.row_splits[row : row + 2]
            mask = batch["input_mask"][i].astype(bool)
            assert mask.sum() == end - start
            tokens = batches.rows.input_ids[start:end]
            np.testing.assert_array_equal(batch["input_ids"][i][mask], tokens)


@pytest.mark.parametrize(
    "targets",
    [
        np.arange(50, dtype="float32") / 4,
        np.random.default_rng(1).integers(0, 2, (50, 3)).astype("float32"),
    ],
    ids=["scores", "several labels"],
)
def test_targets_and_weights_go_with_their_rows(targets):
    weights = np.random.default_rng(2).random(targets.shape, "float32")
    rows = make_rows(make_lengths(50))
    batches = TrainingBatches(rows, targets, 8, 1, weights)
    numbered = TrainingBatches(rows, np.arange(50), 8, 1)
    for step in range(20):
        batch, indices = batches[step], numbered[step]["targets"]
        assert batch["targets"].dtype == batch["weights"].dtype == np.float32
        np.testing.assert_array_equal(batch["targets"], targets[indices])
        np.testing.assert_array_equal(batch["weights"], weights[indices])
    unweighted = TrainingBatches(rows, targets, 8, 1)[0]["weights"]
    assert unweighted.dtype == np.float32
    np.testing.assert_array_equal(unweighted, np.ones((8, *targets.shape[1:])))


@pytest.mark.parametrize("count", [10, 500])
def test_a_batch_follows_from_seed_and_step_alone(count):
    forward, backward = make_batches(count, 4), make_batches(count, 4)
    expected = [forward[step] for step in range(40)]
    for step in [*reversed(range(40)), 7, 33, 7]:
        for name, array in backward[step].items():
            np.testing.assert_array_equal(array, expected[step][name])


def test_a_batch_may_be_changed_by_whoever_gets_it():
    batches = make_batches(20, 4)
    labels = batches[3]["targets"].copy()
    batches[3].pop("targets")
    batches[3]["targets"][:] = -1
    np.testing.assert_array_equal(batches[3]["targets"], labels)


def test_seeds_and_passes_differ():
    one, other = make_batches(64, 8, seed=1), make_batches(64, 8, seed=2)
    first, second = taken(one, range(8)), taken(one, range(8, 16))
    assert (first != taken(other, range(8))).any()
    assert (first != second).any()
    assert set(first) == set(second)


def test_like_lengths_share_a_batch():
    lengths = make_lengths(640)
    batches = make_batches(640, 10, lengths=lengths)
    assert batches.window == 16

    def padded(groups):
        # Tokens that are computed, padding too.
        return sum(lengths[g].max() * len(g) for g in groups)

    sorted_groups = [batches[step]["targets"] for step in range(64)]
    shuffled = np.random.default_rng(0).permutation(640).reshape(64, 10)
    total = lengths.sum()
    assert padded(sorted_groups) - total < 0.25 * (padded(shuffled) - total)


def test_batches_of_a_window_come_in_random_order():
    orders = []
    for seed in (1, 2):
        batches = make_batches(640, 10, seed)
        tokens = [batches[i]["input_mask"].sum() for i in range(64)]
        orders += np.argsort(np.reshape(tokens, (4, 16)), axis=1).tolist()
    assert len({tuple(order) for order in orders}) == len(orders) == 8
    assert all(order != sorted(order) for order in orders)


def test_few_batches_hold_a_row_twice():
    batches = make_batches(200, 8)
    doubled = sum(
        len(set(batches[step]["targets"].tolist())) < 8 for step in range(200)
    )
    assert doubled <= 20


def test_rows_fewer_than_a_batch_repeat():
    batches = make_batches(3, 8)
    rows = batches[0]["targets"]
    assert np.bincount(rows, minlength=3).min() >= 2
    assert batches[0]["input_ids"].shape[0] == 8


def test_bad_arguments():
    with pytest.raises(ValueError, match="3 rows, 2 targets"):
        TrainingBatches(make_rows([3, 4, 5]), np.arange(2), 2, 1)
    with pytest.raises(ValueError, match="at least one example"):
        TrainingBatches(make_rows([]), np.arange(0), 2, 1)
