import json

import keras
import pytest

from adapter_bert.adapter_config import RECIPES
from adapter_bert.config import EncoderConfig
from adapter_bert.models.classifier import BertClassifier
from adapter_bert.trainable import parameter_report
from glue_tasks.fungi.labels import LABELS
from glue_tasks.fungi.parameters import describe_parameters


def describe(vocab_size, labels, adapter=RECIPES["opendelta"]):
    """Describes a base-size classifier of which only the shapes exist."""
    encoder = EncoderConfig(vocab_size=vocab_size)
    with keras.StatelessScope(initialize_variables=False):
        model = BertClassifier(encoder, adapter, labels)
    return describe_parameters(parameter_report(model)).splitlines()


def test_bert_base_japanese_v3():
    assert describe(32_768, LABELS) == [
        "Adapters alone, as in the reference run: "
        "trainable params: 903744 - all params: 112130137 - "
        "trainable: 0.805978%",
        "As trained here: "
        "trainable params: 922969 - all params: 112130137 - "
        "trainable: 0.823123%",
    ]


def test_the_shapes_are_those_of_the_published_config(shared):
    folder = shared / "data/ja/tohoku-bert-base-japanese-v3"
    published = json.loads((folder / "config.json").read_text("utf-8"))
    base = EncoderConfig(vocab_size=32_768)
    for name in (
        "vocab_size",
        "hidden_size",
        "num_hidden_layers",
        "intermediate_size",
        "max_position_embeddings",
        "type_vocab_size",
    ):
        assert published[name] == getattr(base, name)


def test_bert_base_cased():
    line, _ = describe(28_996, "abc")
    assert line.endswith(
        "trainable params: 903744 - all params: 109216323 - "
        "trainable: 0.827481%"
    )


@pytest.mark.parametrize("labels", ["ab", LABELS])
def test_without_adapters_all_trains(labels):
    (line,) = describe(1_000, labels, adapter=None)
    assert line.startswith("As trained here: trainable params: ")
    assert line.endswith(" - trainable: 100.000000%")
