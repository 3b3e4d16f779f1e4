"""Labels as people give them."""

import types

import numpy as np
import pytest

from adapter_bert.training.targets import make_targets


def targets_of(problem_type, labels, names=("calm", "asking", "loud")):
    model = types.SimpleNamespace(problem_type=problem_type, labels=names)
    return make_targets(model, labels)


def check(targets, expected, dtype):
    np.testing.assert_array_equal(targets, np.array(expected, dtype))
    assert targets.dtype == dtype
    assert targets.shape == np.shape(expected)


def test_one_label_by_name_or_number():
    labels = ["asking", 0, np.int64(2), "calm"]
    targets = targets_of("single_label_classification", labels)
    check(targets, [1, 0, 2, 0], "int32")


def test_several_labels_by_name_or_number():
    labels = [["asking", "calm"], (), ("loud", 2), {0}, ["calm"] * 2]
    targets = targets_of("multi_label_classification", labels)
    expected = [[1, 1, 0], [0, 0, 0], [0, 0, 1], [1, 0, 0], [1, 0, 0]]
    check(targets, expected, "float32")


def test_scores():
    labels = [0.5, 3, np.float32(-1), np.int64(2)]
    check(targets_of("regression", labels), [0.5, 3, -1, 2], "float32")


@pytest.mark.parametrize(
    ("problem_type", "labels", "message"),
    [
        ("single_label_classification", ["calm", "x"], r"labels\[1\]='x'"),
        ("single_label_classification", [0, 3], r"labels\[1\]=3"),
        ("single_label_classification", [["calm"]], r"labels\[0\]=\['calm'\]"),
        (
            "multi_label_classification",
            [["calm"], ["calm", "laud"]],
            r"names in \['calm', 'asking', 'loud'\].*labels\[1\]='laud'",
        ),
        ("multi_label_classification", [[], [-1]], r"labels\[1\]=-1"),
        (
            "multi_label_classification",
            [["calm"], "calm"],
            r"a list of labels for each text.*labels\[1\]='calm'",
        ),
        (
            "multi_label_classification",
            [None],
            r"a list of labels for each text.*labels\[0\]=None",
        ),
        ("multi_label_classification", [["calm"], 1], r"labels\[1\]=1"),
        ("regression", [1, "2"], r"finite numbers.*labels\[1\]='2'"),
        ("regression", [1, None], r"labels\[1\]=None"),
        ("regression", [0.5, float("nan")], r"labels\[1\]=nan"),
        ("regression", [float("-inf")], r"labels\[0\]=-inf"),
    ],
)
def test_wrong_labels_are_named(problem_type, labels, message):
    with pytest.raises(ValueError, match=message):
        targets_of(problem_type, labels)
