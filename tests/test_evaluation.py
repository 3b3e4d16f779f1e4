"""Logits of many rows and their scores."""

import types

import numpy as np
import pytest

from adapter_bert.evaluation import predict_logits, score
from adapter_bert.losses import cross_entropy
from adapter_bert.models.classifier import build_classifier
from tests.checks import spread_weights
from tests.tiny import ADAPTER, ENCODER, make_lengths, make_rows

ROWS = make_rows(make_lengths(13))


@pytest.fixture(scope="module")
def model():
    model = build_classifier(ENCODER, ADAPTER, num_labels=3)
    spread_weights(model)
    return model


def one_by_one(model):
    rows = [np.asarray(model(ROWS.batch([i]))) for i in range(len(ROWS))]
    return np.concatenate(rows)


@pytest.mark.parametrize("batch_size", [1, 4, 13, 100])
def test_logits_are_the_same_at_any_batch_size(model, batch_size):
    logits = predict_logits(model, ROWS, batch_size)
    assert logits.dtype == np.float32
    np.testing.assert_allclose(logits, one_by_one(model), atol=1e-5)


def test_rows_keep_their_order_and_share_a_batch_by_length():
    batches = []

    def predict_on_batch(batch):
        batches.append(batch["input_mask"].sum(axis=1).tolist())
        # Says which row this is: tokens, and the first of them.
        return np.stack(
            [batch["input_mask"].sum(axis=1), batch["input_ids"][:, 0]], axis=1
        )

    model = types.SimpleNamespace(
        num_labels=2, predict_on_batch=predict_on_batch
    )
    logits = predict_logits(model, ROWS, 4)
    first_tokens = ROWS.input_ids[ROWS.row_splits[:-1]]
    np.testing.assert_array_equal(logits[:, 0], ROWS.lengths)
    np.testing.assert_array_equal(logits[:, 1], first_tokens)
    assert [len(batch) for batch in batches] == [4, 4, 4, 1]
    assert sum(batches, []) == sorted(ROWS.lengths, reverse=True)


def test_no_rows_give_no_logits(model):
    assert predict_logits(model, make_rows([]), 4).shape == (0, 3)


def numpy_losses(label_ids, logits):
    logits = logits.astype("float64")
    exponentials = np.exp(logits - logits.max(-1, keepdims=True))
    probabilities = exponentials / exponentials.sum(-1, keepdims=True)
    return -np.log(probabilities[np.arange(len(label_ids)), label_ids])


MODEL = types.SimpleNamespace(
    problem_type="single_label_classification", thresholds=()
)


@pytest.fixture
def scored():
    random = np.random.default_rng(0)
    logits = random.normal(size=(7, 3)).astype("float32") * 3
    return logits, random.integers(0, 3, 7)


def test_cross_entropy_is_the_formula(scored):
    logits, label_ids = scored
    losses = np.asarray(cross_entropy(label_ids, logits))
    assert losses.dtype == np.float32
    expected = numpy_losses(label_ids, logits)
    np.testing.assert_allclose(losses, expected, rtol=1e-5)


def test_cross_entropy_of_extreme_logits_is_finite():
    logits = np.array([[1e4, -1e4], [-1e4, 1e4]], "float32")
    losses = np.asarray(cross_entropy(np.array([0, 0]), logits))
    np.testing.assert_allclose(losses, [0, 2e4])


def test_a_short_last_batch_counts_by_its_examples(scored):
    logits, label_ids = scored
    losses = numpy_losses(label_ids, logits)
    scores = score(MODEL, logits, label_ids, ["accuracy", "f1"], batch_size=3)
    assert sorted(scores) == ["eval_accuracy", "eval_f1", "eval_loss", "loss"]
    assert scores["eval_loss"] == pytest.approx(losses.mean(), rel=1e-5)
    of_batches = [losses[:3].mean(), losses[3:6].mean(), losses[6]]
    assert scores["loss"] == pytest.approx(np.mean(of_batches), rel=1e-5)
    assert scores["loss"] != pytest.approx(scores["eval_loss"], rel=1e-3)
    right = (logits.argmax(-1) == label_ids).mean()
    assert scores["eval_accuracy"] == pytest.approx(right)


def test_only_loss_depends_on_the_batch_size(scored):
    one, other = (score(MODEL, *scored, ["accuracy"], size) for size in (2, 7))
    assert one.pop("loss") != pytest.approx(other.pop("loss"), rel=1e-3)
    assert one == other
    whole = score(MODEL, *scored, ["accuracy"], 7)
    assert whole["loss"] == pytest.approx(whole["eval_loss"])


def test_scores_are_plain_floats(scored):
    assert {
        type(v) for v in score(MODEL, *scored, ["accuracy"], 3).values()
    } == {float}


def test_several_labels_are_scored_at_their_thresholds():
    logits = np.array([[1, -1], [0.1, 2], [-3, -1]], "float32")
    targets = np.array([[1, 1], [0, 1], [0, 1]], "float32")
    names = ["accuracy", "f1_micro"]
    for thresholds, right in (((0.5, 0.5), 0), ((0.6, 0.25), 3)):
        model = types.SimpleNamespace(
            problem_type="multi_label_classification", thresholds=thresholds
        )
        scores = score(model, logits, targets, names, batch_size=2)
        assert scores["eval_accuracy"] == pytest.approx(right / 3)
    assert scores["eval_f1_micro"] == 1
    likelihood = 1 / (1 + np.exp(-logits * (2 * targets - 1)))
    losses = -np.log(likelihood)
    assert scores["eval_loss"] == pytest.approx(losses.mean(), rel=1e-5)
    of_batches = [losses[:2].mean(), losses[2:].mean()]
    assert scores["loss"] == pytest.approx(np.mean(of_batches), rel=1e-5)


def test_scores_of_a_regression():
    model = types.SimpleNamespace(problem_type="regression", thresholds=(0.5,))
    logits = np.array([[0], [1], [4], [3]], "float32")
    targets = np.array([1, 2, 3, 5], "float32")
    scores = score(model, logits, targets, ["pearson", "spearman"], 3)
    expected = np.corrcoef(logits[:, 0], targets)[0, 1]
    assert scores["eval_pearson"] == pytest.approx(expected)
    assert scores["eval_spearman"] == pytest.approx(0.8)
    assert scores["eval_loss"] == pytest.approx(7 / 4)
    assert scores["loss"] == pytest.approx((3 / 3 + 4) / 2)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_outputs_that_are_not_finite_are_not_scored(scored, bad):
    logits, label_ids = scored
    logits[2, 1] = bad
    with pytest.raises(FloatingPointError, match="not finite, so there is no"):
        score(MODEL, logits, label_ids, ["accuracy"], 3)
