import sys

import numpy as np
import pytest

from adapter_bert.checkpoints import mapping, tf1
from adapter_bert.config import EncoderConfig
from adapter_bert.models.classifier import build_classifier


@pytest.fixture
def prefix(golden):
    return str(golden / "adapter_bert_tf1/adapter_bert_step0.ckpt")


def test_the_table_has_every_name_of_the_original(prefix):
    names = {rule.theirs for rule in tf1.make_rules(2)}
    tensors = tf1.open_tensors(prefix)
    assert names == set(tensors) - {"global_step"}
    assert len(tensors) == len(names) + ("global_step" in tensors)


def test_what_was_loaded_is_saved_as_it_was(golden, prefix, adapters):
    config = EncoderConfig.from_tf1(
        golden / "adapter_bert_tf1/bert_config.json"
    )
    model = build_classifier(config, adapters, num_labels=3)
    tensors, rules = tf1.open_tensors(prefix), tf1.make_rules(2)
    mapping.load_weights(model, tensors, rules, ignore="^global_step$")
    saved = mapping.save_weights(model, rules)
    assert saved.keys() == set(tensors) - {"global_step"}
    for name, array in saved.items():
        np.testing.assert_array_equal(array, tensors[name], err_msg=name)


def test_shapes_and_membership_do_not_read(prefix, monkeypatch):
    tensors = tf1.open_tensors(prefix)
    monkeypatch.setattr(tensors, "_reader", None)
    name = "bert/encoder/layer_0/output/adapters/biases1"
    assert tensors.shape(name) == (1, 64)
    assert name in tensors
    assert "layer_0" not in tensors
    with pytest.raises(KeyError):
        tensors["layer_0"]


def test_a_missing_prefix_names_the_index_file(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"bert_model\.ckpt\.index$"):
        tf1.open_tensors(str(tmp_path / "bert_model.ckpt"))


def test_a_damaged_index_is_one_message(tmp_path):
    (tmp_path / "x.ckpt.index").write_bytes(b"version https://git-lfs" * 9)
    with pytest.raises(ValueError, match=r"x\.ckpt: not a readable TF1"):
        tf1.open_tensors(str(tmp_path / "x.ckpt"))


def test_a_missing_data_file_is_one_message(make_tf1):
    prefix = make_tf1("bert_model.ckpt")
    prefix.with_name("bert_model.ckpt.data-00000-of-00001").unlink()
    with pytest.raises(ValueError, match="data-00000-of-... file is missing"):
        tf1.open_tensors(str(prefix))["bert/pooler/dense/bias"]


def test_without_tensorflow_it_says_so(prefix, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    with pytest.raises(ImportError, match="pip install tensorflow"):
        tf1.open_tensors(prefix)
