import dataclasses
import pathlib

import keras
import numpy as np
import pytest

from adapter_bert import (
    AdapterConfig,
    load_adapter,
    load_classifier,
    predict,
    save_adapter,
)
from adapter_bert.adapter_config import RECIPES
from adapter_bert.checkpoints import native, source
from tests.tiny_files import (
    MAX_SEQ_LENGTH,
    make_pairs,
    write_huggingface,
    write_tf1,
)

LABELS = ("no", "maybe", "yes")
PAIRS = make_pairs(6)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    return write_huggingface(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def load(checkpoint):
    def load(**options):
        options.setdefault("max_seq_length", MAX_SEQ_LENGTH)
        return load_classifier(checkpoint, **options)

    return load


def perturb(model, seed=0):
    random = np.random.default_rng(seed)
    for variable in model.trainable_variables:
        noise = random.normal(0, 0.3, variable.shape).astype("float32")
        variable.assign(keras.ops.convert_to_numpy(variable) + noise)
    return model


def values(model):
    return {
        v.path: np.array(keras.ops.convert_to_numpy(v)) for v in model.weights
    }


def probabilities(model):
    return predict(model, PAIRS).probabilities


@pytest.fixture(scope="module")
def adapter_folders(load, tmp_path_factory):
    """Two adapters of unlike shape and labels, and what they predict."""
    folders = {}
    for name, adapter, labels in (
        ("first", AdapterConfig(size=4), LABELS),
        ("second", AdapterConfig(size=6, layers=(1,)), ("0", "1")),
    ):
        model = perturb(load(adapter=adapter, labels=labels))
        folder = tmp_path_factory.mktemp(name)
        save_adapter(model, folder)
        folders[name] = (folder, probabilities(model))
    return folders


# === load_classifier ===


def test_defaults_are_the_papers_recipe_and_two_labels(load):
    model = load()
    assert model.adapter_config == AdapterConfig()
    assert model.labels == ("0", "1")
    assert model.max_seq_length == MAX_SEQ_LENGTH
    assert model.tokenizer.get_config()["do_lower_case"]
    assert not model.load_report.adapters_loaded
    trained = {v.path for v in model.trainable_variables}
    assert {p for p in trained if p.endswith("_adapter/down/kernel")} == {
        f"layer_{i}/{part}_adapter/down/kernel"
        for i in range(2)
        for part in ("attention", "output")
    }


@pytest.mark.parametrize("name", RECIPES)
def test_adapter_by_the_recipes_name(load, name):
    assert load(adapter=name).adapter_config == RECIPES[name]


def test_adapter_by_config(load):
    config = AdapterConfig(size=3, layers=(0,))
    model = load(adapter=config)
    paths = {v.path for v in model.weights if "_adapter/" in v.path}
    assert model.adapter_config == config
    assert {path.split("/")[0] for path in paths} == {"layer_0"}


def test_no_adapter_trains_everything(load):
    model = load(adapter=None)
    assert model.adapter_config is None
    assert not any("_adapter/" in v.path for v in model.weights)
    assert len(model.trainable_variables) == len(model.weights)


@pytest.mark.parametrize("kind", [str, pathlib.Path])
def test_adapter_by_directory(load, adapter_folders, kind):
    folder, expected = adapter_folders["first"]
    model = load(adapter=kind(folder), max_seq_length=None)
    assert model.labels == LABELS
    assert model.max_seq_length == MAX_SEQ_LENGTH
    np.testing.assert_array_equal(probabilities(model), expected)


def test_checkpoint_may_be_located_already(checkpoint):
    located = source.locate(checkpoint, do_lower_case=False)
    model = load_classifier(located, max_seq_length=MAX_SEQ_LENGTH)
    assert not model.tokenizer.get_config()["do_lower_case"]


def test_checkpoint_may_be_a_tf1_prefix(tmp_path):
    prefix = write_tf1(tmp_path, "adapter_bert_step12.ckpt")
    model = load_classifier(prefix, num_labels=3, max_seq_length=MAX_SEQ_LENGTH)
    assert model.load_report.adapters_loaded
    assert model.load_report.head_loaded
    assert model.load_report.global_step == 12


def test_seed_decides_what_no_file_gives(load):
    first, same, other = (values(load(seed=seed)) for seed in (1, 1, 2))
    differs = {p for p in first if np.any(first[p] != other[p])}
    assert all(np.array_equal(first[p], same[p]) for p in first)
    assert differs == {
        path
        for path in first
        if "_adapter/" in path and path.endswith("kernel")
    } | {"classifier/kernel"}


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("houlsby", "houlsby2019"),
        ("adapterhub", "adapterhub_houlsby"),
        ("open-delta", "opendelta"),
    ],
)
def test_wrong_recipe_offers_the_nearest(load, name, near):
    message = f"adapter='{name}': no directory.*did you mean '{near}'"
    with pytest.raises(FileNotFoundError, match=message):
        load(adapter=name)


@pytest.mark.parametrize("labels", ["good", ["x", "x"], [], 2])
def test_labels_must_be_different_names(load, labels):
    with pytest.raises(ValueError, match="`labels` must be a list of diff"):
        load(labels=labels)


def test_adapter_must_be_of_a_known_type(load):
    with pytest.raises(ValueError, match="`adapter` must be.*Received.*64"):
        load(adapter=64)


def test_labels_and_their_number_must_agree(load, adapter_folders):
    assert load(num_labels=3, labels=LABELS).labels == LABELS
    assert load(num_labels=4).labels == ("0", "1", "2", "3")
    with pytest.raises(ValueError, match="num_labels=2, labels=.*'maybe'"):
        load(num_labels=2, labels=LABELS)
    folder, _ = adapter_folders["first"]
    with pytest.raises(ValueError, match="num_labels=2, labels=.*'maybe'"):
        load(num_labels=2, adapter=folder)
    with pytest.raises(
        ValueError, match=r"trained with labels=\('no', 'maybe'"
    ):
        load(labels=("no", "yes", "maybe"), adapter=folder)


@pytest.mark.parametrize("length", [2, 25, 128])
def test_max_seq_length_must_fit_the_positions(load, checkpoint, length):
    with pytest.raises(ValueError, match="between 3 and 24") as error:
        load(max_seq_length=length)
    assert f"max_seq_length={length}" in str(error.value)
    assert str(checkpoint / "config.json") in str(error.value)
    assert load(max_seq_length=3).max_seq_length == 3


def test_artifact_of_another_encoder_is_refused(adapter_folders, tmp_path):
    folder, _ = adapter_folders["first"]
    with pytest.raises(ValueError, match="hidden_act: 'gelu_new' here, 'gelu'"):
        load_classifier(write_tf1(tmp_path), adapter=folder)


# === save_adapter and load_adapter ===


def test_save_adapter_says_what_the_base_was(adapter_folders, checkpoint):
    details = native.read(adapter_folders["first"][0]).details
    assert str(checkpoint) in details["base"]


def test_save_adapter_knows_one_format(load, tmp_path):
    with pytest.raises(ValueError, match="'native'. Received: 'onnx'"):
        save_adapter(load(), tmp_path / "new", format="onnx")
    assert not (tmp_path / "new").exists()


def test_load_adapter_returns_a_new_model(load, adapter_folders):
    model = perturb(load(num_labels=4), seed=9)
    before, earlier = values(model), probabilities(model)
    folder, expected = adapter_folders["first"]
    loaded = load_adapter(model, folder)
    np.testing.assert_array_equal(probabilities(loaded), expected)
    assert loaded.labels == LABELS
    assert loaded.max_seq_length == MAX_SEQ_LENGTH
    for path, value in values(model).items():
        np.testing.assert_array_equal(value, before[path])
    np.testing.assert_array_equal(probabilities(model), earlier)
    assert model.labels == ("0", "1", "2", "3")

    # Nor does training the new one reach the old one.
    perturb(loaded)
    np.testing.assert_array_equal(probabilities(model), earlier)


def test_two_adapters_on_one_base(load, adapter_folders):
    base = load()
    loaded = {
        name: load_adapter(base, folder)
        for name, (folder, _) in adapter_folders.items()
    }
    for name, (_, expected) in adapter_folders.items():
        np.testing.assert_array_equal(probabilities(loaded[name]), expected)
    assert [len(model.labels) for model in loaded.values()] == [3, 2]


def test_plain_base_takes_adapters(load, adapter_folders):
    folder, expected = adapter_folders["second"]
    loaded = load_adapter(load(adapter=None), folder)
    np.testing.assert_array_equal(probabilities(loaded), expected)


def test_fully_tuned_model_is_no_base_for_adapters(load, adapter_folders):
    folder, _ = adapter_folders["second"]
    model = perturb(load(tune="full"))
    with pytest.raises(ValueError, match="tune='full'.*`load_classifier`"):
        load_adapter(model, folder)


def test_fully_tuned_models_take_each_others_place(load, tmp_path):
    save_adapter(perturb(load(tune="full"), seed=1), tmp_path)
    model = perturb(load(tune="full"), seed=2)
    expected = probabilities(load(adapter=tmp_path))
    loaded = load_adapter(model, tmp_path)
    np.testing.assert_array_equal(probabilities(loaded), expected)


def test_load_adapter_starts_from_the_pretrained_values(load, adapter_folders):
    # The second adapter rests on LayerNorms that the first one moved.
    moved = load_adapter(load(), adapter_folders["first"][0])
    second = load_adapter(moved, adapter_folders["second"][0])
    expected = load_adapter(load(), adapter_folders["second"][0])
    for ours, theirs in zip(second.weights, expected.weights, strict=True):
        assert ours.path == theirs.path
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(
    "chain",
    [
        ("pooler", "default"),
        ("pooler", "none"),
        ("default", "pooler", "default"),
        ("none", "default", "none"),
    ],
)
def test_chains_of_adapters_end_as_a_fresh_load(load, tmp_path, chain):
    configs = {
        "default": AdapterConfig(size=4),
        "pooler": AdapterConfig(size=4, train_pooler=True),
        "none": AdapterConfig(size=4, train_layer_norms="none"),
    }
    for name in set(chain):
        model = load(adapter=configs[name])
        for variable in model.trainable_variables:
            variable.assign(variable + 0.1)
        save_adapter(model, tmp_path / name)
    model = load(adapter=configs[chain[0]])
    for name in chain:
        model = load_adapter(model, tmp_path / name)
    expected = load(adapter=tmp_path / chain[-1])
    for ours, theirs in zip(model.weights, expected.weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_flags_set_by_hand_do_not_change_the_fingerprint(load, tmp_path):
    model = load()
    model.trainable = False
    save_adapter(model, tmp_path / "frozen")
    loaded = load(adapter=tmp_path / "frozen")
    assert loaded.adapter_config == model.adapter_config


def test_load_adapter_names_a_missing_folder(load, tmp_path):
    with pytest.raises(FileNotFoundError, match="absent"):
        load_adapter(load(), tmp_path / "absent")


def test_missing_adapter_directory_is_no_recipe(load, tmp_path):
    with pytest.raises(FileNotFoundError, match="absent"):
        load(adapter=tmp_path / "absent")


def test_reported_config_is_the_one_in_force(load):
    config = dataclasses.replace(RECIPES["opendelta"], size=2)
    model = load(adapter=config)
    shapes = {
        tuple(v.shape) for v in model.weights if v.path.endswith("down/kernel")
    }
    assert shapes == {(32, 2)}


def test_adapters_cannot_be_asked_for_and_left_out(load):
    with pytest.raises(ValueError, match="`adapter` must be left out"):
        load(adapter=AdapterConfig(), tune="full")
