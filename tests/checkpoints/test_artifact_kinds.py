"""Artifacts of every method and every kind of problem."""

import json
import re
import shutil

import keras
import numpy as np
import pytest
import safetensors.numpy

from adapter_bert import load_adapter, load_classifier, predict, save_adapter
from adapter_bert.adapter_config import AdapterConfig
from adapter_bert.checkpoints import native
from adapter_bert.tune_config import TuneConfig
from tests.tiny_files import MAX_SEQ_LENGTH, make_pairs, write_huggingface

PAIRS = make_pairs(6)
METHODS = {
    "adapters": TuneConfig("adapters"),
    "full": TuneConfig("full"),
    "top_k": TuneConfig("top_k", 1),
    "layer_norm": TuneConfig("layer_norm", train_pooler=True),
    "head": TuneConfig("head"),
}
LABELS = {
    "single_label_classification": ("no", "maybe", "yes"),
    "multi_label_classification": ("red", "green"),
    "regression": ("score",),
}


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    return write_huggingface(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def load(checkpoint):
    def load(method="adapters", **options):
        options.setdefault("max_seq_length", MAX_SEQ_LENGTH)
        return load_classifier(
            checkpoint,
            adapter=AdapterConfig(size=4) if method == "adapters" else None,
            tune=METHODS[method],
            **options,
        )

    return load


def perturb(model, seed=0):
    """Moves every trained variable, as training would."""
    random = np.random.default_rng(seed)
    for variable in model.trainable_variables:
        noise = random.normal(0, 0.3, variable.shape).astype("float32")
        variable.assign(keras.ops.convert_to_numpy(variable) + noise)
    return model


def logits(model):
    from adapter_bert.evaluation import predict_logits
    from adapter_bert.prediction import encode_texts

    return predict_logits(model, encode_texts(model, PAIRS), 6)


def edit_json(directory, edit):
    """Lets `edit` change the fields of `adapter.json`."""
    path = directory / native.CONFIG
    fields = json.loads(path.read_text())
    edit(fields)
    path.write_text(json.dumps(fields))


@pytest.fixture(scope="module")
def several(load, tmp_path_factory):
    """An artifact of `top_k` for several labels at once, and its logits."""
    problem_type = "multi_label_classification"
    model = load(
        "top_k", labels=LABELS[problem_type], problem_type=problem_type
    )
    directory = tmp_path_factory.mktemp("several")
    perturb(model).thresholds = (0.25, 0.75)
    save_adapter(model, directory)
    return directory, logits(model)


@pytest.mark.parametrize(
    ("method", "problem_type"),
    [
        ("adapters", "single_label_classification"),
        ("adapters", "multi_label_classification"),
        ("adapters", "regression"),
        ("full", "regression"),
        ("top_k", "multi_label_classification"),
        ("layer_norm", "single_label_classification"),
        ("layer_norm", "multi_label_classification"),
        ("head", "regression"),
    ],
)
def test_round_trip_is_exact(load, checkpoint, tmp_path, method, problem_type):
    labels = LABELS[problem_type]
    model = load(method, labels=labels, problem_type=problem_type)
    perturb(model).thresholds = tuple(
        0.2 + 0.1 * i for i, _ in enumerate(labels)
    )
    save_adapter(model, tmp_path)
    tensors = safetensors.numpy.load_file(tmp_path / native.WEIGHTS)
    assert set(tensors) == {v.path for v in model.trainable_variables}

    for loaded in (
        load_classifier(checkpoint, adapter=tmp_path, seed=7),
        load_adapter(load_classifier(checkpoint, seed=8), tmp_path),
    ):
        np.testing.assert_array_equal(logits(loaded), logits(model))
        assert loaded.tune == METHODS[method]
        assert loaded.problem_type == problem_type
        assert loaded.labels == labels
        assert loaded.thresholds == model.thresholds
        assert loaded.adapter_config == model.adapter_config
        assert {v.path for v in loaded.trainable_variables} == set(tensors)
        expected = predict(model, PAIRS)
        assert predict(loaded, PAIRS).values == expected.values


def test_only_adapters_have_adapters(load):
    for method in METHODS:
        model = load(method)
        adapters = [v for v in model.weights if "_adapter/" in v.path]
        assert bool(adapters) == (method == "adapters"), method


def test_full_artifact_holds_every_variable(load, tmp_path):
    model = load("full")
    native.save(model, tmp_path)
    tensors = native.read(tmp_path).tensors
    assert set(tensors) == {v.path for v in model.weights}
    for variable in model.weights:
        np.testing.assert_array_equal(tensors[variable.path], variable)


def test_thresholds_decide_after_loading(checkpoint, several):
    directory, expected = several
    model = load_classifier(checkpoint, adapter=directory)
    assert model.thresholds == (0.25, 0.75)
    result = predict(model, PAIRS)
    np.testing.assert_allclose(
        result.probabilities, 1 / (1 + np.exp(-expected)), rtol=1e-5
    )
    reached = result.probabilities >= (0.25, 0.75)
    assert result.labels == [
        tuple(np.array(["red", "green"])[row].tolist()) for row in reached
    ]
    halves = (result.probabilities >= 0.5) != reached
    assert halves.any()


@pytest.mark.parametrize("method", ["adapters", "full"])
def test_artifacts_of_the_first_release_still_load(
    load, checkpoint, tmp_path, method
):
    model = perturb(load(method, labels=("no", "maybe", "yes")))
    save_adapter(model, tmp_path)
    edit_json(
        tmp_path,
        lambda fields: [
            fields.pop(name) for name in ("tune", "problem_type", "thresholds")
        ],
    )
    artifact = native.read(tmp_path)
    assert artifact.tune == TuneConfig(method)
    assert artifact.problem_type == "single_label_classification"
    assert artifact.thresholds == (0.5, 0.5, 0.5)
    assert set(artifact.details) == {"base"}
    loaded = load_classifier(checkpoint, adapter=tmp_path)
    np.testing.assert_array_equal(logits(loaded), logits(model))


# === Contradictions ===


def test_what_was_trained_may_be_said_again(checkpoint, several):
    directory, expected = several
    model = load_classifier(
        checkpoint,
        adapter=directory,
        num_labels=2,
        labels=["red", "green"],
        problem_type="multi_label_classification",
        tune=TuneConfig("top_k", 1),
    )
    np.testing.assert_array_equal(logits(model), expected)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"problem_type": "regression"},
            "trained with problem_type='multi_label_classification'. "
            "Received: problem_type='regression'",
        ),
        ({"tune": "full"}, "Received: tune=TuneConfig(method='full'"),
        (
            {"tune": TuneConfig("top_k", 2)},
            "trained with tune=TuneConfig(method='top_k', top_k=1, "
            "train_pooler=False). Received: tune=TuneConfig(method='top_k', "
            "top_k=2",
        ),
        (
            {"labels": ["green", "red"]},
            "trained with labels=('red', 'green'). "
            "Received: labels=('green', 'red')",
        ),
        ({"num_labels": 3}, "num_labels=3, labels=['red', 'green']"),
    ],
    ids=str,
)
def test_contradictions_are_refused(checkpoint, several, options, message):
    directory, _ = several
    with pytest.raises(ValueError, match=re.escape(message)) as error:
        load_classifier(checkpoint, adapter=directory, **options)
    if "trained with" in message:
        assert str(directory) in str(error.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tune": {"method": "top-k"}}, "`method` must be one of"),
        ({"tune": {"method": "full", "depth": 1}}, "Unknown field.*depth"),
        ({"problem_type": "ranking"}, "`problem_type` must be one of"),
        ({"thresholds": [0.5]}, "one number for each label. .*'green'"),
        ({"thresholds": [0.5, "x"]}, "from 0 to 1. Received: thresholds='x'"),
        ({"thresholds": [0.5, 1.5]}, "from 0 to 1. Received: thresholds=1.5"),
        ({"tune": {"method": "head"}}, "trained on another encoder"),
        ({"tune": {"method": "adapters"}}, "if there is an adapter config"),
        ({"tune": {"method": "top_k", "top_k": 3}}, "must not exceed 2"),
    ],
    ids=str,
)
def test_wrong_config_is_refused(
    checkpoint, several, tmp_path, changes, message
):
    directory = shutil.copytree(several[0], tmp_path / "artifact")
    edit_json(directory, lambda fields: fields.update(changes))
    with pytest.raises(ValueError, match=message):
        load_classifier(checkpoint, adapter=directory)


# === From one to the next ===


@pytest.mark.parametrize(
    "chain",
    [
        ("top_k", "adapters"),
        ("layer_norm", "head", "top_k"),
        ("head", "full"),
        ("adapters", "layer_norm", "adapters"),
    ],
    ids="-".join,
)
def test_chains_of_methods_end_as_a_fresh_load(
    load, checkpoint, tmp_path, chain
):
    for i, method in enumerate(set(chain)):
        save_adapter(perturb(load(method), seed=i), tmp_path / method)
    model = perturb(load(chain[0]), seed=9)
    for method in chain:
        model = load_adapter(model, tmp_path / method)
    expected = load_classifier(checkpoint, adapter=tmp_path / chain[-1])
    for ours, theirs in zip(model.weights, expected.weights, strict=True):
        assert ours.path == theirs.path
        np.testing.assert_array_equal(ours, theirs)


def test_a_base_that_full_fine_tuning_moved_is_refused(load, tmp_path):
    save_adapter(load("head"), tmp_path)
    moved = perturb(load("full"))
    with pytest.raises(ValueError, match="must have the encoder"):
        load_adapter(moved, tmp_path)


# === What load_classifier makes of its arguments ===


def test_methods_by_name(checkpoint):
    model = load_classifier(checkpoint, tune="layer_norm")
    assert model.tune == TuneConfig("layer_norm")
    assert model.adapter_config is None
    model = load_classifier(checkpoint, tune="adapters")
    assert model.adapter_config == AdapterConfig()
    assert load_classifier(checkpoint, adapter=None).tune.method == "full"


def test_a_regression_has_one_output_called_score(checkpoint):
    model = load_classifier(checkpoint, problem_type="regression")
    assert model.labels == ("score",)
    named = load_classifier(
        checkpoint, labels=["similarity"], problem_type="regression"
    )
    assert named.labels == ("similarity",)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tune": "top_k"}, "`top_k` must be a positive integer"),
        ({"tune": "all"}, "`method` must be one of adapters, full"),
        ({"tune": TuneConfig("top_k", 3)}, "`top_k` must not exceed 2"),
        ({"tune": "adapters", "adapter": None}, "if there is an adapter conf"),
        ({"problem_type": "scoring"}, "`problem_type` must be one of single"),
        (
            {"problem_type": "regression", "num_labels": 2},
            "`labels` must be one name for a regression",
        ),
    ],
    ids=str,
)
def test_arguments_that_do_not_fit_are_refused(checkpoint, options, message):
    with pytest.raises(ValueError, match=message):
        load_classifier(checkpoint, **options)
