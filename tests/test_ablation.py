"""Adapters taken out of a trained classifier."""

import dataclasses

import numpy as np
import pytest

from adapter_bert.ablation import ablate_adapters
from adapter_bert.models.classifier import build_classifier
from tests.checks import spread_weights
from tests.tiny import ADAPTER, ENCODER, make_rows

DEEP = dataclasses.replace(ENCODER, num_hidden_layers=4)
BATCH = make_rows([5, 8, 7, 3]).batch(range(4))


def build(layers=None):
    """Builds a classifier whose weights follow from their paths' order."""
    adapter = dataclasses.replace(
        ADAPTER, layers=layers, train_layer_norms="all"
    )
    model = build_classifier(DEEP, adapter, num_labels=3)
    spread_weights(model)
    return model


def values_of(model):
    return {v.path: np.asarray(v.value).copy() for v in model.weights}


@pytest.mark.parametrize(
    "layers", [(0,), (3,), (1, 2), (0, 1, 2, 3), range(2)], ids=str
)
def test_it_computes_what_a_model_without_these_adapters_does(layers):
    model = build()
    trained = values_of(model)
    whole = np.asarray(model(BATCH))
    ablate_adapters(model, layers)
    logits = np.asarray(model(BATCH))
    assert np.abs(logits - whole).max() > 0.01

    without = build(tuple(sorted({0, 1, 2, 3} - set(layers))))
    assert len(without.weights) < len(model.weights)
    for variable in without.weights:
        variable.assign(trained[variable.path])
    np.testing.assert_allclose(logits, without(BATCH), atol=1e-6)


def test_everything_else_stays_as_trained():
    model = build()
    before = values_of(model)
    ablate_adapters(model, [2])
    changed = {
        path
        for path, value in values_of(model).items()
        if (value != before[path]).any()
    }
    assert changed == {
        f"layer_2/{site}_adapter/up/{part}"
        for site in ("attention", "output")
        for part in ("kernel", "bias")
    }


def test_no_blocks_change_nothing():
    model = build()
    before = values_of(model)
    ablate_adapters(model, [])
    for path, value in values_of(model).items():
        np.testing.assert_array_equal(value, before[path])


@pytest.mark.parametrize(
    ("adapted", "layers", "message"),
    [
        (None, [1, 7, 4], "Received: 4, 7; blocks with adapters: 0, 1, 2, 3"),
        ((1, 3), [0, 1, 2], "Received: 0, 2; blocks with adapters: 1, 3"),
    ],
)
def test_blocks_without_adapters_are_all_named(adapted, layers, message):
    model = build(adapted)
    before = values_of(model)
    with pytest.raises(ValueError, match=message):
        ablate_adapters(model, layers)
    for path, value in values_of(model).items():
        np.testing.assert_array_equal(value, before[path])


def test_a_model_without_adapters_is_refused():
    model = build_classifier(ENCODER, None, num_labels=2)
    with pytest.raises(ValueError, match="0; blocks with adapters: none"):
        ablate_adapters(model, [0])
