import dataclasses
import errno
import hashlib
import json
import pathlib
import re
import shutil

import keras
import numpy as np
import pytest
import safetensors.numpy

from adapter_bert import load_adapter, load_classifier
from adapter_bert.adapter_config import AdapterConfig
from adapter_bert.checkpoints import huggingface, native, source
from adapter_bert.checkpoints.fitting import assign_artifact
from adapter_bert.checkpoints.mapping import save_weights
from adapter_bert.fingerprint import encoder_fingerprint
from adapter_bert.models.classifier import build_classifier
from tests.tiny_files import MAX_SEQ_LENGTH, write_huggingface, write_tf1

LABELS = ("no", "maybe", "yes")
SMALL = AdapterConfig(size=4)
BATCH = {
    "input_ids": np.array([[2, 7, 42, 3, 8, 3], [2, 9, 3, 0, 0, 0]], "int32"),
    "input_mask": np.array([[1, 1, 1, 1, 1, 1], [1, 1, 1, 0, 0, 0]], "int32"),
    "segment_ids": np.array([[0, 0, 0, 0, 1, 1], [0] * 6], "int32"),
}


def load(checkpoint, adapter=SMALL, **changes):
    options = {"labels": LABELS, "max_seq_length": MAX_SEQ_LENGTH, **changes}
    return load_classifier(checkpoint, adapter=adapter, **options)


def perturb(model, seed=0):
    """Moves every trained variable, as training would."""
    random = np.random.default_rng(seed)
    for variable in model.trainable_variables:
        noise = random.normal(0, 0.3, variable.shape).astype("float32")
        variable.assign(keras.ops.convert_to_numpy(variable) + noise)


def values(model):
    return {
        v.path: np.array(keras.ops.convert_to_numpy(v)) for v in model.weights
    }


def contents(directory):
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def edit_json(directory, **changes):
    """Changes fields of `adapter.json`; None removes one."""
    path = directory / native.CONFIG
    fields = {**json.loads(path.read_text()), **changes}
    fields = {k: v for k, v in fields.items() if v is not None}
    path.write_text(json.dumps(fields))


def replace_weights(directory, data):
    """Writes other weights and their right checksum."""
    (directory / native.WEIGHTS).write_bytes(data)
    edit_json(directory, sha256=hashlib.sha256(data).hexdigest())


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    return write_huggingface(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def trained(checkpoint):
    """Moved away from what `checkpoint` and the seed give."""
    model = load(checkpoint)
    perturb(model)
    return model


@pytest.fixture(scope="module")
def saved(trained, tmp_path_factory):
    directory = tmp_path_factory.mktemp("saved") / "new" / "folder"
    native.save(trained, directory, {"task": "a task", "base": "a base"})
    return directory


@pytest.fixture
def artifact(saved, tmp_path):
    """A copy to damage."""
    return shutil.copytree(saved, tmp_path / "artifact")


@pytest.fixture(scope="module")
def fresh(checkpoint):
    """A model that `saved` fits, and that the tests must not change."""
    return load(checkpoint, seed=2)


@pytest.mark.parametrize(
    "adapter",
    [
        SMALL,
        AdapterConfig(size=3, layers=(1,), train_pooler=True),
        AdapterConfig(size=3, train_layer_norms="none", initializer="normal"),
        None,
    ],
    ids=["all layers", "one layer and pooler", "no norms", "everything"],
)
def test_round_trip_is_exact(checkpoint, adapter, tmp_path):
    model = load(checkpoint, adapter)
    untrained = np.array(model(BATCH))
    perturb(model)
    native.save(model, tmp_path)
    tensors = safetensors.numpy.load_file(tmp_path / native.WEIGHTS)
    assert set(tensors) == {v.path for v in model.trainable_variables}

    loaded = load_classifier(checkpoint, adapter=tmp_path, seed=7)
    assert loaded.adapter_config == adapter
    assert loaded.labels == LABELS
    assert loaded.max_seq_length == MAX_SEQ_LENGTH
    trainable = {v.path for v in loaded.trainable_variables}
    assert trainable == set(tensors)
    np.testing.assert_array_equal(model(BATCH), loaded(BATCH))
    assert np.abs(np.array(model(BATCH)) - untrained).max() > 0.01


def test_read_returns_what_was_saved(saved, trained):
    artifact = native.read(saved)
    assert artifact.directory == saved
    assert artifact.adapter_config == SMALL
    assert artifact.encoder_config == trained.encoder_config
    assert artifact.tokenizer == {"type": "wordpiece", "do_lower_case": True}
    assert artifact.details == {"task": "a task", "base": "a base"}
    assert sorted(contents(saved)) == [native.CONFIG, native.WEIGHTS]
    assert native.is_artifact(saved)
    assert not native.is_artifact(saved.parent)


def test_details_can_be_added_later(artifact, trained):
    native.add_details(artifact, {"scores": {"eval_f1": 0.5}, "task": "other"})
    assert native.read(artifact).details == {
        "task": "other",
        "base": "a base",
        "scores": {"eval_f1": 0.5},
    }


def test_saving_again_replaces(artifact, checkpoint):
    model = load(checkpoint, seed=3)
    native.save(model, artifact)
    assert native.read(artifact).details == {}
    loaded = load_classifier(checkpoint, adapter=artifact)
    np.testing.assert_array_equal(model(BATCH), loaded(BATCH))


# === Another base ===


def check_refused(model, directory, message):
    """Checks that `model` refuses the artifact and stays as it was."""
    before = values(model)
    with pytest.raises(ValueError, match=message) as error:
        assign_artifact(model, native.read(directory))
    assert str(directory) in str(error.value)
    for path, value in values(model).items():
        np.testing.assert_array_equal(value, before[path])


def test_other_encoder_weights_are_refused(saved, tmp_path):
    def edit(tensors):
        tensors["bert.encoder.layer.1.output.dense.weight"][0, 0] += 1e-6
        return tensors

    other = load(write_huggingface(tmp_path, edit))
    check_refused(other, saved, "another encoder than.*trained on: a base")


def test_other_vocabulary_is_refused(checkpoint, saved, tmp_path):
    lines = (checkpoint / "vocab.txt").read_text().split("\n")
    lines[10], lines[11] = lines[11], lines[10]
    vocab_file = tmp_path / "vocab.txt"
    vocab_file.write_text("\n".join(lines))
    other = load(source.locate(checkpoint, vocab_file=vocab_file))
    check_refused(other, saved, "another vocabulary than")


def test_other_casing_is_refused(checkpoint, saved):
    other = load(source.locate(checkpoint, do_lower_case=False))
    check_refused(other, saved, "another tokenizer.*True.*here.*False")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"num_hidden_layers": 1}, "num_hidden_layers: 1 here, 2 there"),
        ({"num_hidden_layers": 3}, "num_hidden_layers: 3 here, 2 there"),
        ({"hidden_size": 16}, "hidden_size: 16 here, 32 there"),
        ({"hidden_act": "gelu_new"}, "hidden_act: 'gelu_new' here, 'gelu' th"),
    ],
)
def test_other_shape_is_refused(saved, trained, changes, message):
    config = dataclasses.replace(trained.encoder_config, **changes)
    model = build_classifier(config, SMALL, len(LABELS))
    with pytest.raises(ValueError, match=message):
        load_adapter(model, saved)
    check_refused(model, saved, "another encoder")


@pytest.mark.parametrize(
    ("adapter", "num_labels", "messages"),
    [
        (
            AdapterConfig(size=4, layers=(0,), train_layer_norms="all"),
            3,
            [r"\+ not in model: layer_1/attention_adapter/down/kernel"],
        ),
        (
            AdapterConfig(size=4, train_pooler=True),
            3,
            ["- not in artifact: pooler/bias", "- .*: pooler/kernel"],
        ),
        (
            AdapterConfig(size=5),
            3,
            [
                r"layer_0/output_adapter/down/bias: \(5,\) here, \(4,\) in",
                r"layer_1/output_adapter/up/kernel: \(5, 32\) here",
            ],
        ),
        (SMALL, 2, [r"classifier/bias: \(2,\) here, \(3,\) in artifact"]),
    ],
    ids=["adapters", "pooler", "adapter size", "labels"],
)
def test_other_variables_are_all_listed(
    trained, saved, adapter, num_labels, messages
):
    model = build_classifier(trained.encoder_config, adapter, num_labels)
    artifact = dataclasses.replace(native.read(saved), fingerprint={})
    before = values(model)
    with pytest.raises(ValueError, match="does not fit the model") as error:
        assign_artifact(model, artifact)
    for message in messages:
        assert re.search(message, str(error.value))
    for path, value in values(model).items():
        np.testing.assert_array_equal(value, before[path])


# === Damaged files ===


def test_flipped_byte_is_refused(artifact, fresh):
    path = artifact / native.WEIGHTS
    data = bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes(data)
    check_refused(fresh, artifact, "adapter.safetensors: .*damaged")


def test_truncated_file_is_refused(artifact, fresh):
    path = artifact / native.WEIGHTS
    path.write_bytes(path.read_bytes()[:-100])
    check_refused(fresh, artifact, "adapter.safetensors: .*damaged")


def test_config_of_another_run_is_refused(artifact, fresh, trained, tmp_path):
    perturb(fresh_copy := load_adapter(trained, artifact), seed=5)
    native.save(fresh_copy, tmp_path / "other")
    shutil.copy(tmp_path / "other" / native.CONFIG, artifact)
    check_refused(fresh, artifact, "two come from different runs")


def test_unreadable_safetensors_with_right_checksum_is_refused(artifact, fresh):
    replace_weights(artifact, b"not safetensors")
    check_refused(fresh, artifact, "not a readable safetensors file")


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_values_that_are_not_finite_are_refused(artifact, fresh, bad):
    tensors = safetensors.numpy.load_file(artifact / native.WEIGHTS)
    tensors["classifier/bias"] = np.array([0, bad, 0], "float32")
    replace_weights(artifact, safetensors.numpy.save(tensors))
    check_refused(
        fresh, artifact, "classifier/bias holds values that are not finite"
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format_version": 2}, "format_version` must be 1.*=2"),
        ({"format_version": None}, "format_version` must be 1.*None"),
        ({"format": "peft"}, "format` must be 'adapter_bert'.*'peft'"),
        ({"format": None}, "format` must be 'adapter_bert'.*None"),
        ({"labels": None}, "missing key.*: labels"),
        ({"sha256": None, "encoder": None}, "missing key.*: encoder, sha256"),
        ({"encoder": {"hidden_size": 3}}, "vocab_size"),
        ({"adapter": {"size": 4, "siez": 5}}, "siez"),
    ],
)
def test_wrong_config_is_refused(artifact, fresh, changes, message):
    edit_json(artifact, **changes)
    check_refused(fresh, artifact, message)


def test_broken_json_is_refused(artifact, fresh):
    path = artifact / native.CONFIG
    path.write_text(path.read_text()[:-20])
    check_refused(fresh, artifact, "adapter.json: not a JSON file")


@pytest.mark.parametrize("name", [native.CONFIG, native.WEIGHTS])
def test_missing_file_is_named(artifact, name):
    (artifact / name).unlink()
    with pytest.raises(FileNotFoundError, match=re.escape(name)):
        native.read(artifact)


# === Saving that fails ===


def test_variable_that_would_be_lost_fails_the_save(
    checkpoint, artifact, tmp_path
):
    model = load(checkpoint)
    for variable in model.weights:
        if variable.path in ("pooler/kernel", "layer_0/output/bias"):
            variable.trainable = True
    earlier = contents(artifact)
    message = "would be lost: layer_0/output/bias, pooler/kernel"
    with pytest.raises(ValueError, match=message):
        native.save(model, artifact)
    assert contents(artifact) == earlier
    with pytest.raises(ValueError, match=message):
        native.save(model, tmp_path / "none")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("suffix", [".safetensors", ".json"])
def test_full_disk_leaves_the_earlier_artifact(
    artifact, fresh, monkeypatch, suffix
):
    write_bytes = pathlib.Path.write_bytes

    def write_or_fail(path, data):
        if path.suffix == suffix:
            write_bytes(path, data[:10])
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return write_bytes(path, data)

    earlier = contents(artifact)
    monkeypatch.setattr(pathlib.Path, "write_bytes", write_or_fail)
    with pytest.raises(OSError, match="No space left"):
        native.save(fresh, artifact)
    assert contents(artifact) == earlier


def test_details_that_are_no_json_leave_the_earlier_artifact(artifact, fresh):
    earlier = contents(artifact)
    with pytest.raises(TypeError, match="JSON"):
        native.save(fresh, artifact, {"scores": object()})
    assert contents(artifact) == earlier


# === Formats of the base ===


def test_base_may_be_in_either_format(tmp_path):
    prefix = write_tf1(tmp_path / "tf1")
    tf1_model = load(prefix)
    directory = write_huggingface(
        tmp_path / "huggingface",
        lambda _: save_weights(
            tf1_model,
            huggingface.make_rules(tf1_model.encoder_config.num_hidden_layers),
            leave_out="_adapter/|^classifier/",
        ),
    )
    config = json.loads((tmp_path / "tf1/bert_config.json").read_text())
    config["hidden_act"] = "gelu_new"  # what TF1 calls "gelu"
    (directory / "config.json").write_text(json.dumps(config))
    model = load(directory)
    assert model.encoder_config == tf1_model.encoder_config
    assert encoder_fingerprint(model) == encoder_fingerprint(tf1_model)

    perturb(tf1_model)
    native.save(tf1_model, tmp_path / "adapter")
    assign_artifact(model, native.read(tmp_path / "adapter"))
    np.testing.assert_array_equal(model(BATCH), tf1_model(BATCH))


def test_fingerprint_follows_the_frozen_values_alone(checkpoint):
    model = load(checkpoint)
    before = encoder_fingerprint(model)
    assert re.fullmatch("[0-9a-f]{64}", before)
    perturb(model)
    assert encoder_fingerprint(model) == before
    variable = next(v for v in model.weights if v.path == "pooler/bias")
    changed = keras.ops.convert_to_numpy(variable).copy()
    changed[-1] = np.nextafter(changed[-1], np.float32(1))
    variable.assign(changed)
    assert encoder_fingerprint(model) != before
