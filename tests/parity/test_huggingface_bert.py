"""Hidden states and logits of transformers' BERT, erf GELU."""

import keras
import numpy as np
import pytest

from adapter_bert.checkpoints import huggingface
from adapter_bert.checkpoints.mapping import load_weights
from adapter_bert.config import EncoderConfig
from adapter_bert.models.classifier import build_classifier


@pytest.fixture(scope="module")
def arrays(golden):
    with np.load(golden / "huggingface_bert" / "golden.npz") as arrays:
        return dict(arrays)


@pytest.fixture(scope="module")
def model(golden):
    folder = golden / "huggingface_bert"
    config = EncoderConfig.from_huggingface(folder / "config.json")
    assert config.hidden_act == "gelu"
    model = build_classifier(config, None, num_labels=3)
    tensors = huggingface.open_tensors(str(folder))
    load_weights(model, tensors, huggingface.make_rules(2, tensors))
    return model


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("hidden_0", "embeddings"),
        ("hidden_1", "layer_0"),
        ("hidden_2", "layer_1"),
        ("pooled_output", "pooler"),
    ],
)
def test_hidden_states(model, arrays, name, layer):
    encoder = model.get_layer("encoder")
    probe = keras.Model(encoder.inputs, encoder.get_layer(layer).output)
    inputs = {name: arrays[name] for name in model.input}
    np.testing.assert_allclose(probe(inputs), arrays[name], atol=1e-5)


def test_logits(model, arrays):
    inputs = {name: arrays[name] for name in model.input}
    np.testing.assert_allclose(model(inputs), arrays["logits"], atol=1e-5)
