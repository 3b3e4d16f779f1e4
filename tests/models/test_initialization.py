"""Initial weights."""

import dataclasses

import numpy as np
import pytest

from adapter_bert.adapter_config import AdapterConfig
from adapter_bert.models.classifier import build_classifier
from adapter_bert.models.initialization import initialize
from tests.tiny import ADAPTER, ENCODER

# Wide enough for statistics.
WIDE = dataclasses.replace(
    ENCODER, vocab_size=400, hidden_size=128, initializer_range=0.05
)


def values_of(model):
    return {v.path: np.asarray(v.value) for v in model.weights}


def joined(values, part):
    arrays = [v.ravel() for path, v in values.items() if part in path]
    return np.concatenate([a for a in arrays if a.any()])


@pytest.fixture(scope="module")
def wide():
    return values_of(build_classifier(WIDE, AdapterConfig(), 40))


def test_adapter_kernels_are_the_originals_truncated_normal(wide):
    values = joined(wide, "_adapter/")
    assert len(values) == 2 * 2 * 2 * 128 * 64
    assert 8.66e-4 <= values.std() <= 8.9e-4
    assert abs(values.mean()) < 1e-5
    assert 1.99e-3 < np.abs(values).max() < 2e-3


# Cutting at two standard deviations leaves 0.87962 of the standard deviation.
@pytest.mark.parametrize(
    ("part", "stddev"),
    [
        ("word_embeddings", 0.05),
        ("/attention/query/kernel", 0.05),
        ("pooler/kernel", 0.05),
        ("classifier/kernel", 0.02),
    ],
)
def test_standard_deviation(wide, part, stddev):
    values = joined(wide, part)
    assert values.std() == pytest.approx(0.87962 * stddev, rel=0.03)
    assert np.abs(values).max() <= 2 * stddev


def test_normal_initializer_is_not_cut():
    adapter = AdapterConfig(initializer="normal", init_scale=0.01)
    values = values_of(build_classifier(WIDE, adapter, 2))
    adapters = joined(values, "_adapter/")
    assert adapters.std() == pytest.approx(0.01, rel=0.02)
    assert np.abs(adapters).max() > 0.03


def test_biases_are_0_and_gammas_1(wide):
    for path, values in wide.items():
        constant = {"bias": 0, "beta": 0, "gamma": 1}.get(path.split("/")[-1])
        if constant is None:
            assert values.std() > 0
        else:
            np.testing.assert_array_equal(values, constant)


def test_values_follow_from_seed_and_path_alone():
    first = values_of(build_classifier(ENCODER, ADAPTER, 2, seed=7))
    again = values_of(build_classifier(ENCODER, ADAPTER, 2, seed=7))
    other_seed = values_of(build_classifier(ENCODER, ADAPTER, 2, seed=8))
    plain = values_of(build_classifier(ENCODER, None, 2, seed=7))
    assert set(plain) < set(first) == set(other_seed)
    for path, values in first.items():
        np.testing.assert_array_equal(values, again[path])
        if path in plain:
            np.testing.assert_array_equal(values, plain[path])
        if path.endswith(("kernel", "embeddings")):
            assert (values != other_seed[path]).mean() > 0.99
    queries = [first[f"layer_{i}/attention/query/kernel"] for i in (0, 1)]
    assert (queries[0] != queries[1]).all()


def test_only_some_variables():
    model = build_classifier(ENCODER, ADAPTER, 2, seed=1)
    before = values_of(model)
    initialize(model, 2, only=r"_adapter/|^classifier/")
    changed = {
        path
        for path, values in values_of(model).items()
        if (values != before[path]).any()
    }
    assert changed == {
        path
        for path in before
        if path.endswith("kernel")
        and ("_adapter/" in path or "classifier/" in path)
    }
