import json
import shutil

import ml_dtypes
import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from adapter_bert import load_classifier
from adapter_bert.checkpoints import huggingface, mapping
from adapter_bert.config import EncoderConfig
from adapter_bert.evaluation import predict_logits
from adapter_bert.models.classifier import build_classifier
from adapter_bert.prediction import encode_texts
from tests.checkpoints import torch_files
from tests.tiny_files import make_pairs, write_huggingface


@pytest.fixture
def tensors(golden):
    return load_file(golden / "huggingface_bert/model.safetensors")


def test_the_table_has_every_name(tensors):
    assert {r.theirs for r in huggingface.make_rules(2)} == set(tensors)


def test_both_prefixes_and_both_ages_are_recognized(tensors):
    old = {
        name.replace("LayerNorm.weight", "LayerNorm.gamma").replace(
            "LayerNorm.bias", "LayerNorm.beta"
        )
        for name in tensors
    }
    bare = {name.removeprefix("bert.") for name in tensors}
    for names in (old, bare, {name.removeprefix("bert.") for name in old}):
        rules = huggingface.make_rules(2, names)
        assert {rule.theirs for rule in rules} == names


def test_what_was_loaded_is_saved_as_it_was(golden, tensors):
    config = EncoderConfig.from_huggingface(
        golden / "huggingface_bert/config.json"
    )
    model = build_classifier(config, None, num_labels=3)
    rules = huggingface.make_rules(2)
    mapping.load_weights(model, tensors, rules)
    saved = mapping.save_weights(model, rules)
    assert saved.keys() == tensors.keys()
    for name, array in saved.items():
        np.testing.assert_array_equal(array, tensors[name], err_msg=name)


def test_half_precision_is_read_as_float32(tmp_path):
    ones = np.ones((2, 3))
    save_file(
        {"a": ones.astype(ml_dtypes.bfloat16), "b": ones.astype(np.float16)},
        tmp_path / "model.safetensors",
    )
    tensors = huggingface.open_tensors(str(tmp_path))
    assert tensors.shape("a") == (2, 3)
    assert tensors["a"].dtype == tensors["b"].dtype == np.float32


def test_shards_read_as_one(tmp_path, tensors):
    names = sorted(tensors)
    shards = {"one.safetensors": names[:9], "two.safetensors": names[9:]}
    for file, part in shards.items():
        save_file({name: tensors[name] for name in part}, tmp_path / file)
    index = tmp_path / "model.safetensors.index.json"
    weight_map = {n: file for file, part in shards.items() for n in part}
    index.write_text(json.dumps({"weight_map": weight_map}))
    opened = huggingface.open_tensors(str(tmp_path))
    assert set(opened) == set(tensors)
    assert len(opened) == len(tensors)
    for name in names:
        np.testing.assert_array_equal(opened[name], tensors[name])
    assert huggingface.weights_file(str(tmp_path)) == str(index)

    (tmp_path / "two.safetensors").unlink()
    with pytest.raises(FileNotFoundError, match="missing: .*two.safetensors"):
        huggingface.open_tensors(str(tmp_path))


def test_an_index_without_a_map_is_refused(tmp_path):
    index = tmp_path / "model.safetensors.index.json"
    index.write_text("{}")
    with pytest.raises(ValueError, match="index.json: expected an object"):
        huggingface.open_tensors(str(tmp_path))


def test_a_pickle_alone_reads_as_safetensors_do(tmp_path, tensors):
    torch_files.save(tmp_path / "pytorch_model.bin", tensors)
    opened = huggingface.open_tensors(str(tmp_path))
    assert set(opened) == set(tensors)
    for name, array in tensors.items():
        assert opened.shape(name) == array.shape
        np.testing.assert_array_equal(opened[name], array, strict=True)
    path = huggingface.weights_file(str(tmp_path))
    assert path == str(tmp_path / "pytorch_model.bin")


def test_pickled_shards_read_as_one(tmp_path, tensors):
    names = sorted(tensors)
    shards = {"one.bin": names[:9], "two.bin": names[9:]}
    for file, part in shards.items():
        torch_files.save(tmp_path / file, {n: tensors[n] for n in part})
    index = tmp_path / "pytorch_model.bin.index.json"
    weight_map = {n: file for file, part in shards.items() for n in part}
    index.write_text(json.dumps({"weight_map": weight_map}))
    opened = huggingface.open_tensors(str(tmp_path))
    assert sorted(opened) == names
    for name in names:
        np.testing.assert_array_equal(opened[name], tensors[name])
    assert huggingface.weights_file(str(tmp_path)) == str(index)

    (tmp_path / "one.bin").unlink()
    with pytest.raises(FileNotFoundError, match="missing: .*one.bin"):
        huggingface.check_has_weights(str(tmp_path))


def test_safetensors_go_before_pickles(tmp_path):
    (tmp_path / "pytorch_model.bin").write_text("not looked at")
    ones = {"a": np.ones(2, np.float32)}
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"a": "one.safetensors"}}))
    save_file(ones, tmp_path / "one.safetensors")
    assert list(huggingface.open_tensors(str(tmp_path))) == ["a"]
    save_file({"b": ones["a"]}, tmp_path / "model.safetensors")
    assert list(huggingface.open_tensors(str(tmp_path))) == ["b"]


@pytest.mark.parametrize("save", ["save", "save_before_1_6"])
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_a_pickle_gives_the_same_logits(tmp_path, save, dtype):
    def stored(tensors):
        return {
            name: array.astype(dtype).astype("float32")
            for name, array in tensors.items()
        }

    folder = write_huggingface(tmp_path / "safetensors", edit=stored)
    pickled = shutil.copytree(folder, tmp_path / "pickle")
    (pickled / "model.safetensors").unlink()
    tensors = load_file(folder / "model.safetensors")
    getattr(torch_files, save)(
        pickled / "pytorch_model.bin",
        {name: array.astype(dtype) for name, array in tensors.items()},
    )
    logits = []
    for path in (folder, pickled):
        model = load_classifier(path, num_labels=3, adapter=None)
        assert model.load_report.loaded == ("head", "pooler")
        rows = encode_texts(model, make_pairs(4))
        logits.append(predict_logits(model, rows, batch_size=4))
    assert np.abs(logits[0]).max() > 0.01
    np.testing.assert_array_equal(*logits)


def test_a_pickle_that_asks_for_more_is_refused(tmp_path):
    folder = write_huggingface(tmp_path)
    (folder / "model.safetensors").unlink()
    data = b"\x80\2cposix\nsystem\nX\4\0\0\0true\x85R."
    torch_files.write_zip(folder / "pytorch_model.bin", data)
    with pytest.raises(ValueError, match="pytorch_model.bin: .*'posix.system'"):
        load_classifier(folder)


def test_an_empty_directory_says_what_was_expected(tmp_path):
    with pytest.raises(FileNotFoundError, match="expected model.safetensors"):
        huggingface.open_tensors(str(tmp_path))


def test_a_damaged_file_is_one_message(tmp_path):
    path = tmp_path / "model.safetensors"
    path.write_text("version https://git-lfs.github.com/spec/v1")
    with pytest.raises(ValueError, match="not a readable safetensors file"):
        huggingface.open_tensors(str(tmp_path))
