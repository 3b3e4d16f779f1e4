"""Factors of the loss by label."""

import numpy as np
import pytest
from sklearn.utils.class_weight import compute_sample_weight

from adapter_bert.training.class_weights import target_weights

LABELS = ("no", "maybe", "yes")
IDS = np.array([0, 0, 0, 0, 2, 0, 2, 1, 0, 2], "int32")
INDICATORS = np.array(
    [[1, 0, 0], [1, 0, 1], [1, 1, 0], [0, 0, 0], [1, 0, 0]], "float32"
)


def test_without_class_weights_there_are_none():
    assert target_weights(IDS, LABELS, None) is None


def test_balanced_is_scikit_learns():
    weights = target_weights(IDS, LABELS, "balanced")
    expected = compute_sample_weight("balanced", IDS)
    np.testing.assert_allclose(weights, expected / expected.mean(), rtol=1e-6)
    totals = [weights[IDS == i].sum() for i in range(3)]
    np.testing.assert_allclose(totals, totals[0], rtol=1e-6)


def test_balanced_without_one_of_the_labels():
    ids = np.array([0, 2, 2, 2], "int32")
    weights = target_weights(ids, LABELS, "balanced")
    expected = compute_sample_weight("balanced", ids)
    np.testing.assert_allclose(weights, expected / expected.mean(), rtol=1e-6)


def test_balanced_indicators_weigh_yes_and_no_alike_for_each_label():
    weights = target_weights(INDICATORS, LABELS, "balanced")
    assert weights.shape == INDICATORS.shape
    for label in range(3):
        column, targets = weights[:, label], INDICATORS[:, label]
        expected = compute_sample_weight("balanced", targets)
        np.testing.assert_allclose(
            column / column.mean(), expected / expected.mean(), rtol=1e-6
        )
    assert weights.mean() == pytest.approx(1)


def test_a_label_that_every_row_has_is_no_reason_to_fail():
    targets = np.array([[1, 0], [1, 1]], "float32")
    weights = target_weights(targets, ("a", "b"), "balanced")
    assert np.isfinite(weights).all()
    np.testing.assert_allclose(weights[:, 0], weights[0, 0])


def test_weights_by_name():
    weights = target_weights(IDS, LABELS, {"yes": 4.0, "maybe": 2})
    raw = np.array([1, 2, 4])[IDS]
    np.testing.assert_allclose(weights, raw / raw.mean(), rtol=1e-6)


def test_weights_by_name_are_for_the_rows_that_have_the_label():
    weights = target_weights(INDICATORS, LABELS, {"yes": 3.0, "no": 0.5})
    raw = np.where(INDICATORS == 1, [0.5, 1, 3], 1)
    np.testing.assert_allclose(weights, raw / raw.mean(), rtol=1e-6)


@pytest.mark.parametrize("targets", [IDS, INDICATORS], ids=["ids", "several"])
@pytest.mark.parametrize(
    "class_weights", ["balanced", {"yes": 100.0}, {"no": 1e-3}, {}]
)
def test_their_mean_is_1(targets, class_weights):
    weights = target_weights(targets, LABELS, class_weights)
    assert weights.dtype == np.float32
    assert weights.shape == targets.shape
    assert weights.mean() == pytest.approx(1, rel=1e-6)
    assert (weights > 0).all()


def test_equal_factors_are_no_factors():
    weights = target_weights(IDS, LABELS, dict.fromkeys(LABELS, 7.0))
    np.testing.assert_array_equal(weights, np.ones(len(IDS)))


def test_unknown_labels_offer_the_nearest():
    message = "unknown label 'mabye'; did you mean 'maybe'"
    with pytest.raises(ValueError, match=message):
        target_weights(IDS, LABELS, {"no": 2.0, "mabye": 1.0})


@pytest.mark.parametrize("class_weights", ["balanced", {"score": 2.0}])
def test_scores_have_no_classes(class_weights):
    scores = np.array([0.5, 1, 2], "float32")
    with pytest.raises(ValueError, match="are for labels; .* are scores"):
        target_weights(scores, ("score",), class_weights)
