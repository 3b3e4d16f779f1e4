"""Adapter configs and recipes."""

import dataclasses
import json
import re

import pytest

from adapter_bert.adapter_config import (
    RECIPES,
    AdapterConfig,
    get_recipe,
)
from tests.tiny import ENCODER


def test_defaults_are_the_originals():
    assert dataclasses.asdict(AdapterConfig()) == {
        "size": 64,
        "reduction_factor": None,
        "activation": "gelu_new",
        "initializer": "truncated_normal",
        "init_scale": 1e-3,
        "placement": "after_dropout",
        "layers": None,
        "train_layer_norms": "auto",
        "train_pooler": False,
    }
    assert get_recipe("houlsby2019") == AdapterConfig()


@pytest.mark.parametrize("name", RECIPES)
def test_recipes_come_back_from_json(name):
    recipe = get_recipe(name)
    values = json.loads(json.dumps(recipe.to_dict()))
    assert AdapterConfig.from_dict(values) == recipe


@pytest.mark.parametrize(
    ("name", "near"),
    [("houlsby", "houlsby2019"), ("OpenDelta", "opendelta")],
)
def test_unknown_recipe_offers_the_nearest(name, near):
    with pytest.raises(ValueError, match=f"did you mean '{near}") as info:
        get_recipe(name)
    assert ", ".join(RECIPES) in str(info.value)


@pytest.mark.parametrize(
    ("config", "size"),
    [
        (AdapterConfig(), 64),
        (AdapterConfig(size=3), 3),
        (AdapterConfig(size=None, reduction_factor=4), 4),
        (AdapterConfig(size=None, reduction_factor=3), 5),
        (AdapterConfig(size=None, reduction_factor=0.5), 32),
        (AdapterConfig(size=None, reduction_factor=100), 1),
    ],
)
def test_size_of_the_bottleneck(config, size):
    resolved = config.resolve_size(ENCODER)
    assert resolved == size
    assert isinstance(resolved, int)


@pytest.mark.parametrize(
    ("layers", "resolved"),
    [(None, (0, 1)), ((1,), (1,)), ([1, 0, 1], (0, 1)), ((), ())],
)
def test_blocks_with_adapters(layers, resolved):
    assert AdapterConfig(layers=layers).resolve_layers(ENCODER) == resolved


def test_blocks_outside_the_encoder_are_all_named():
    config = AdapterConfig(layers=(-1, 1, 12))
    with pytest.raises(ValueError, match="between 0 and 1, .*: -1, 12$"):
        config.resolve_layers(ENCODER)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"size": 0}, "`size` must be a positive integer. Received: size=0"),
        ({"size": -8}, "size=-8"),
        (
            {"size": 64, "reduction_factor": 16},
            "Exactly one of `size` and `reduction_factor` must be given. "
            "Received: size=64, reduction_factor=16",
        ),
        ({"size": None}, "Exactly one of"),
        ({"size": None, "reduction_factor": 0}, "reduction_factor=0"),
        ({"init_scale": 0.0}, "init_scale=0.0"),
        ({"init_scale": float("nan")}, "init_scale=nan"),
        ({"activation": "gelu_fast"}, "activation='gelu_fast'"),
        ({"initializer": "zeros"}, "truncated_normal, normal"),
        ({"placement": "parallel"}, "after_dropout, before_dropout"),
        ({"train_layer_norms": "some"}, "auto, all, adapted, none"),
    ],
)
def test_bad_fields_are_refused(fields, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        AdapterConfig(**fields)


def test_unknown_fields_are_all_named():
    values = {**AdapterConfig().to_dict(), "width": 3, "depth": 1}
    with pytest.raises(ValueError, match="depth, width. Known: activation"):
        AdapterConfig.from_dict(values)


def test_order_of_blocks_does_not_matter():
    assert AdapterConfig(layers=[1, 0]) == AdapterConfig(layers=(0, 1))
    hash(AdapterConfig(layers=[1, 0]))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("size", 2.5),
        ("size", True),
        ("size", "64"),
        ("init_scale", float("inf")),
        ("layers", (1.5,)),
        ("layers", ("1",)),
        ("train_pooler", "no"),
    ],
)
def test_values_of_another_type_are_refused(field, value):
    with pytest.raises(ValueError, match=f"`{field}` must be .* Received"):
        AdapterConfig(**{field: value})
