"""What trains, as a config."""

import dataclasses
import json
import re

import pytest

from adapter_bert.tune_config import METHODS, TuneConfig


def test_defaults():
    assert dataclasses.asdict(TuneConfig()) == {
        "method": "adapters",
        "top_k": None,
        "train_pooler": False,
    }
    assert METHODS == ("adapters", "full", "top_k", "layer_norm", "head")


@pytest.mark.parametrize(
    "tune",
    [
        *(TuneConfig(method) for method in METHODS if method != "top_k"),
        TuneConfig("top_k", 3),
        TuneConfig("head", train_pooler=True),
        TuneConfig("layer_norm", train_pooler=True),
    ],
    ids=str,
)
def test_it_comes_back_from_json(tune):
    values = json.loads(json.dumps(tune.to_dict()))
    assert TuneConfig.from_dict(values) == tune


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"method": "layernorm"},
            "`method` must be one of adapters, full, top_k, layer_norm, head. "
            "Received: method='layernorm'",
        ),
        (
            {"method": "top_k"},
            "`top_k` must be a positive integer. Received: top_k=None",
        ),
        ({"method": "top_k", "top_k": 0}, "Received: top_k=0"),
        ({"method": "top_k", "top_k": 1.0}, "Received: top_k=1.0"),
        ({"method": "top_k", "top_k": True}, "Received: top_k=True"),
        (
            {"top_k": 2},
            "`top_k` must be None unless `method` is 'top_k'. "
            "Received: method='adapters', top_k=2",
        ),
        ({"method": "full", "top_k": 2}, "method='full', top_k=2"),
        (
            {"train_pooler": True},
            "`train_pooler` must be False unless `method` is 'layer_norm' or "
            "'head'",
        ),
        ({"method": "full", "train_pooler": True}, "method='full'"),
        (
            {"method": "top_k", "top_k": 1, "train_pooler": True},
            "method='top_k'",
        ),
        ({"method": "head", "train_pooler": "no"}, "train_pooler='no'"),
    ],
)
def test_bad_fields_are_refused(fields, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        TuneConfig(**fields)


def test_unknown_fields_are_all_named():
    with pytest.raises(ValueError, match="depth, width. Known: method, top_k"):
        TuneConfig.from_dict({"method": "full", "width": 3, "depth": 1})
