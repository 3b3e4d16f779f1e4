import keras
import numpy as np
import pytest

from adapter_bert import (
    AdapterConfig,
    TrainConfig,
    load_adapter,
    load_classifier,
    predict,
    save_adapter,
    train,
)
from tests.tiny_files import MAX_SEQ_LENGTH, write_huggingface

LABELS = ("calm", "asking")
TEXTS = ["aaa!", "bb?", ("a", "aa!"), ("b", "b?")] * 2
NAMES = ["calm", "asking"] * 4
CONFIG = TrainConfig(
    learning_rate=3e-3, num_train_epochs=100, train_batch_size=8, seed=5
)
BATCH = {
    "input_ids": np.array([[2, 7, 42, 3], [2, 9, 3, 0]], "int32"),
    "input_mask": np.array([[1, 1, 1, 1], [1, 1, 1, 0]], "int32"),
    "segment_ids": np.array([[0, 0, 0, 0], [0, 0, 0, 0]], "int32"),
}


@pytest.fixture(scope="module")
def load(tmp_path_factory):
    folder = write_huggingface(tmp_path_factory.mktemp("base"))

    def load():
        return load_classifier(
            folder,
            adapter=AdapterConfig(size=8, init_scale=0.5),
            labels=LABELS,
            max_seq_length=MAX_SEQ_LENGTH,
        )

    return load


@pytest.fixture(scope="module")
def model(load):
    """For what is refused before anything trains."""
    return load()


def values(model):
    return {
        v.path: np.array(keras.ops.convert_to_numpy(v)) for v in model.weights
    }


@pytest.fixture(scope="module")
def trained(load):
    model = load()
    before = values(model)
    return model, before, train(model, TEXTS, NAMES, CONFIG)


def test_every_update_is_returned(trained):
    _, _, updates = trained
    assert [update.step for update in updates] == list(range(1, 101))
    # Warm-up ends at step 10, where the original already decays.
    rates = [update.learning_rate for update in updates]
    assert rates[8:10] == pytest.approx([2.7e-3, 2.7e-3], rel=1e-3)
    assert rates[-1] == 0
    losses = [update.loss for update in updates]
    assert np.mean(losses[-5:]) < np.mean(losses[:5]) / 4


def test_only_what_trains_moved(trained):
    model, before, _ = trained
    frozen = {v.path for v in model.weights if not v.trainable}
    moved = {
        path
        for path, value in values(model).items()
        if np.any(value != before[path])
    }
    assert moved == set(before) - frozen


def test_trained_model_knows_its_texts(trained):
    model, _, _ = trained
    assert predict(model, TEXTS).labels == NAMES


def test_saved_and_loaded_it_predicts_the_same(trained, load, tmp_path):
    model, _, _ = trained
    save_adapter(model, tmp_path)
    loaded = load_adapter(load(), tmp_path)
    np.testing.assert_array_equal(loaded(BATCH), model(BATCH))
    assert predict(loaded, TEXTS).labels == predict(model, TEXTS).labels


def test_label_numbers_train_the_same_weights(trained, load):
    model = load()
    ids = [0, np.int64(1)] * 4
    updates = train(model, TEXTS, ids, CONFIG)
    expected, _, expected_updates = trained
    assert updates == expected_updates
    for path, value in values(expected).items():
        np.testing.assert_array_equal(value, values(model)[path])


def test_default_config_is_for_adapters(model, monkeypatch):
    from adapter_bert.training import train as module

    seen = []
    monkeypatch.setattr(
        module,
        "train_steps",
        lambda model, optimizer, batches, *rest: (
            seen.append((batches.weights.tolist(), rest)) or iter(())
        ),
    )
    assert train(model, TEXTS * 8, NAMES * 8) == []
    assert seen == [([1] * 64, (TrainConfig(), 10, ()))]


def test_class_weights_and_evaluation_steps_reach_the_loop(model, monkeypatch):
    from adapter_bert.training import train as module

    seen = []
    monkeypatch.setattr(
        module,
        "train_steps",
        lambda model, optimizer, batches, config, num_steps, evaluations: (
            seen.append((batches.weights, evaluations)) or iter(())
        ),
    )
    config = TrainConfig(
        num_train_epochs=2,
        train_batch_size=8,
        class_weights="balanced",
        evaluate_every="epoch",
    )
    labels = ["calm"] * 6 + ["asking"] * 2
    train(model, TEXTS, labels, config, validation=(TEXTS, labels))
    ((weights, evaluations),) = seen
    np.testing.assert_allclose(weights, [2 / 3] * 6 + [2] * 2, rtol=1e-6)
    assert evaluations == (1, 2)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["calm", "askign"] * 4, r"labels\[1\]='askign'"),
        ([0, 1, 2, 0] * 2, r"labels\[2\]=2"),
        ([0, -1] * 4, r"labels\[1\]=-1"),
        ([0.0, 1.0] * 4, r"labels\[0\]=0.0"),
        ([None] * 8, r"labels\[0\]=None"),
        (NAMES[:7], "8 texts, 7 labels"),
    ],
)
def test_wrong_labels_are_refused(model, labels, message):
    before = values(model)
    with pytest.raises(ValueError, match=message):
        train(model, TEXTS, labels, CONFIG)
    for path, value in values(model).items():
        np.testing.assert_array_equal(value, before[path])


@pytest.mark.parametrize(
    ("texts", "labels", "message"),
    [
        ([], [], "must not exceed .* 0 examples"),
        (["a"], [0], "must not exceed .*=32, 1 examples. Lower it"),
        ("ab", [0, 1], "put a single one in a list"),
    ],
)
def test_wrong_texts_are_refused(model, texts, labels, message):
    with pytest.raises(ValueError, match=message):
        train(model, texts, labels)
