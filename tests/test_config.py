"""Encoder configs from both kinds of file."""

import dataclasses
import json
import re

import pytest

from adapter_bert.config import EncoderConfig, read_json

VALUES = {
    "vocab_size": 120,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 64,
}


@pytest.fixture
def write(tmp_path):
    def write(**changes):
        path = tmp_path / "config.json"
        values = {k: v for k, v in (VALUES | changes).items() if v is not None}
        path.write_text(json.dumps(values))
        return path

    return write


@pytest.mark.parametrize(
    ("said", "tf1", "huggingface"),
    [
        ("gelu", "gelu_new", "gelu"),
        (None, "gelu_new", "gelu"),
        ("gelu_new", "gelu_new", "gelu_new"),
        ("relu", "relu", "relu"),
        ("tanh", "tanh", "tanh"),
    ],
)
def test_gelu_means_another_function_in_each_kind(
    write, said, tf1, huggingface
):
    path = write(hidden_act=said)
    assert EncoderConfig.from_tf1(path).hidden_act == tf1
    assert EncoderConfig.from_huggingface(path).hidden_act == huggingface


def test_values_are_read_and_the_rest_are_defaults(write):
    path = write(
        hidden_dropout_prob=0.2,
        attention_probs_dropout_prob=0.3,
        max_position_embeddings=24,
        type_vocab_size=3,
        initializer_range=0.01,
        layer_norm_eps=1e-6,
        architectures=["BertModel"],
        position_embedding_type="absolute",
        model_type="bert",
        is_decoder=False,
    )
    assert EncoderConfig.from_huggingface(path) == EncoderConfig(
        vocab_size=120,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        hidden_act="gelu",
        hidden_dropout_prob=0.2,
        attention_probs_dropout_prob=0.3,
        max_position_embeddings=24,
        type_vocab_size=3,
        initializer_range=0.01,
        layer_norm_eps=1e-6,
    )


def test_defaults_differ_in_the_number_of_segments(write):
    tf1 = EncoderConfig.from_tf1(write())
    huggingface = EncoderConfig.from_huggingface(write())
    assert tf1.type_vocab_size == 16
    assert huggingface.type_vocab_size == 2
    for config in (tf1, huggingface):
        assert config.hidden_dropout_prob == 0.1
        assert config.attention_probs_dropout_prob == 0.1
        assert config.max_position_embeddings == 512
        assert config.initializer_range == 0.02
        assert config.layer_norm_eps == 1e-12


def test_golden_files(golden):
    tf1 = EncoderConfig.from_tf1(golden / "adapter_bert_tf1/bert_config.json")
    there = EncoderConfig.from_huggingface(
        golden / "huggingface_bert/config.json"
    )
    assert tf1.hidden_act == "gelu_new"
    assert there.hidden_act == "gelu"
    for config in (tf1, there):
        assert (config.hidden_size, config.num_hidden_layers) == (32, 2)


@pytest.mark.parametrize(
    "read", [EncoderConfig.from_tf1, EncoderConfig.from_huggingface]
)
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("model_type", "roberta"),
        ("model_type", "distilbert"),
        ("position_embedding_type", "relative_key"),
        ("is_decoder", True),
        ("add_cross_attention", True),
    ],
)
def test_other_architectures_are_refused_by_name(write, read, key, value):
    path = write(**{key: value})
    with pytest.raises(ValueError, match=re.escape(f"{key}={value!r}")) as info:
        read(path)
    assert str(info.value).startswith(f"{path}: `{key}` must be ")


def test_another_architecture_is_named_before_its_missing_keys(write):
    path = write(model_type="gpt2", hidden_size=None)
    with pytest.raises(ValueError, match="gpt2"):
        EncoderConfig.from_huggingface(path)


@pytest.mark.parametrize(
    "read", [EncoderConfig.from_tf1, EncoderConfig.from_huggingface]
)
def test_missing_keys_are_all_named(write, read):
    path = write(vocab_size=None, intermediate_size=None)
    message = f"{path}: missing key(s): vocab_size, intermediate_size."
    with pytest.raises(ValueError, match=re.escape(message)):
        read(path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"num_attention_heads": 5},
            "`hidden_size` must be a multiple of `num_attention_heads`. "
            "Received: hidden_size=32, num_attention_heads=5",
        ),
        ({"num_hidden_layers": 0}, "num_hidden_layers=0"),
        ({"hidden_size": 32.0}, "hidden_size=32.0"),
        ({"vocab_size": "120"}, "vocab_size='120'"),
        ({"max_position_embeddings": -1}, "max_position_embeddings=-1"),
        ({"type_vocab_size": 0}, "type_vocab_size=0"),
        ({"hidden_dropout_prob": 1.0}, "hidden_dropout_prob=1.0"),
        ({"attention_probs_dropout_prob": -0.1}, "dropout_prob=-0.1"),
        ({"hidden_dropout_prob": "none"}, "config.json: "),
        ({"hidden_act": "swish"}, "hidden_act='swish'"),
    ],
)
def test_impossible_values_name_the_file(write, changes, message):
    path = write(**changes)
    with pytest.raises(ValueError, match=re.escape(message)) as info:
        EncoderConfig.from_huggingface(path)
    assert str(info.value).startswith(f"{path}: ")


def test_unknown_activation_lists_the_known():
    with pytest.raises(ValueError, match="gelu, gelu_new, .*'swish'"):
        EncoderConfig(**VALUES, hidden_act="swish")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"vocab_size": 120,}', "not a JSON file"),
        (b"", "not a JSON file"),
        (b"\xff\xfe{}", "not a JSON file"),
        (b"[1, 2]", "expected a JSON object"),
        (b"null", "expected a JSON object"),
    ],
)
def test_bad_json_names_the_file(tmp_path, data, message):
    path = tmp_path / "config.json"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=message) as info:
        EncoderConfig.from_tf1(path)
    assert str(info.value).startswith(f"{path}: ")


@pytest.mark.parametrize("name", ["absent.json", "."])
def test_missing_file(tmp_path, name):
    with pytest.raises(FileNotFoundError, match="no such file") as info:
        read_json(tmp_path / name)
    assert str(tmp_path / name) in str(info.value)


def test_to_dict_is_json_and_comes_back():
    config = EncoderConfig(**VALUES)
    values = json.loads(json.dumps(config.to_dict()))
    assert EncoderConfig(**values) == config


def test_config_cannot_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        EncoderConfig(**VALUES).hidden_size = 64


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("vocab_size", True),
        ("layer_norm_eps", None),
        ("layer_norm_eps", "1e-12"),
        ("initializer_range", -1),
        ("hidden_dropout_prob", "0.1"),
    ],
)
def test_values_of_another_type_are_refused(field, value):
    with pytest.raises(ValueError, match=f"`{field}` must be .* Received"):
        EncoderConfig(**{"vocab_size": 10, field: value})
