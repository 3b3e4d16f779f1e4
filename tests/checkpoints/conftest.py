"""Files derived from the golden checkpoints."""

import json
import shutil

import keras
import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from adapter_bert.adapter_config import AdapterConfig
from adapter_bert.checkpoints import source
from adapter_bert.models.classifier import build_classifier


@pytest.fixture
def vocab_file(tmp_path):
    """As many lines as the golden networks have word embeddings."""
    path = tmp_path / "words.txt"
    path.write_text("".join(f"w{i}\n" for i in range(120)))
    return path


@pytest.fixture
def make_directory(golden, tmp_path, vocab_file):
    """Makes a Hugging Face directory from the golden one, with changes."""

    def make(edit=lambda tensors: tensors, config=(), tokenizer=None):
        directory = tmp_path / "huggingface"
        directory.mkdir()
        tensors = load_file(golden / "huggingface_bert/model.safetensors")
        save_file(edit(tensors), directory / "model.safetensors")
        values = json.loads(
            (golden / "huggingface_bert/config.json").read_text()
        )
        values.update(config)
        (directory / "config.json").write_text(json.dumps(values))
        if tokenizer is not None:
            path = directory / "tokenizer_config.json"
            path.write_text(json.dumps(tokenizer))
        shutil.copy(vocab_file, directory / "vocab.txt")
        return directory

    return make


@pytest.fixture
def make_tf1(golden, tmp_path, vocab_file):
    """Makes TF1 files from a golden one, with changes; returns the prefix."""
    tf = pytest.importorskip("tensorflow")

    def make(name, edit=lambda tensors: tensors, prefix="new/bert_model.ckpt"):
        reader = tf.train.load_checkpoint(
            str(golden / "adapter_bert_tf1" / name)
        )
        shapes = reader.get_variable_to_shape_map()
        tensors = edit({name: reader.get_tensor(name) for name in shapes})
        path = tmp_path / prefix
        path.parent.mkdir(parents=True)
        tf.raw_ops.SaveV2(
            prefix=str(path),
            tensor_names=list(tensors),
            shape_and_slices=[""] * len(tensors),
            tensors=list(tensors.values()),
        )
        shutil.copy(vocab_file, path.parent / "vocab.txt")
        shutil.copy(golden / "adapter_bert_tf1/bert_config.json", path.parent)
        return path

    return make


@pytest.fixture
def locate_golden(golden, vocab_file):
    def locate(name):
        return source.locate(golden / name, vocab_file=vocab_file)

    return locate


@pytest.fixture
def build():
    """Builds the model for a checkpoint."""

    def build(checkpoint, adapter_config=None, num_labels=3, tune=None):
        return build_classifier(
            checkpoint.encoder_config, adapter_config, num_labels, tune=tune
        )

    return build


@pytest.fixture
def adapters():
    return AdapterConfig()


@pytest.fixture
def values():
    """Returns every weight of a model by path."""

    def values(model):
        return {
            v.path: np.array(keras.ops.convert_to_numpy(v))
            for v in model.weights
        }

    return values
