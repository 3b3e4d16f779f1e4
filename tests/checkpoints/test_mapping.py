import keras
import numpy as np
import pytest

from adapter_bert.checkpoints import mapping

RULES = [
    mapping.Rule("embed/embeddings", "e.weight"),
    mapping.transposed("dense_{}/kernel", "d.{}.weight"),
    mapping.Rule("dense_{}/bias", "d.{}.bias"),
]


@pytest.fixture
def model():
    ids = keras.Input((None,), dtype="int32")
    x = keras.layers.Embedding(7, 3, name="embed")(ids)
    for i in range(2):
        x = keras.layers.Dense(3, name=f"dense_{i}")(x)
        x = keras.layers.Dropout(0.1, seed=i)(x)
    return keras.Model(ids, x)


@pytest.fixture
def rules():
    return mapping.expand(RULES, 2)


def assert_unchanged(model, before):
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_expand_numbers_layers_and_keeps_the_rest_single(rules):
    assert [rule.theirs for rule in rules] == [
        "e.weight",
        "d.0.weight",
        "d.1.weight",
        "d.0.bias",
        "d.1.bias",
    ]


def test_save_then_load_is_the_identity(model, rules):
    tensors = mapping.save_weights(model, rules)
    before = model.get_weights()
    np.testing.assert_array_equal(tensors["d.1.weight"], before[3].T)
    for v in model.weights:
        v.assign(v * 0)
    loaded = mapping.load_weights(model, tensors, rules)
    assert sorted(loaded) == sorted(rule.ours for rule in rules)
    assert_unchanged(model, before)


def test_saving_refuses_to_lose_a_variable(model, rules):
    with pytest.raises(ValueError, match="no name for") as error:
        mapping.save_weights(model, rules[:1])
    assert "  - dense_0/bias\n  - dense_0/kernel\n" in str(error.value)
    tensors = mapping.save_weights(model, rules[:1], leave_out="^dense")
    assert list(tensors) == ["e.weight"]


def test_left_over_names_are_all_listed_and_nothing_changes(model, rules):
    tensors = mapping.save_weights(model, rules)
    tensors = {name: array + 1 for name, array in tensors.items()}
    del tensors["d.0.bias"], tensors["d.1.bias"]
    tensors |= {"cls.weight": np.zeros(1), "cls.bias": np.zeros(1)}
    before = model.get_weights()
    with pytest.raises(ValueError, match="do not match") as error:
        mapping.load_weights(model, tensors, rules)
    assert str(error.value).splitlines()[1:] == [
        "  - not in checkpoint: dense_0/bias",
        "  - not in checkpoint: dense_1/bias",
        "  + not in model: cls.bias",
        "  + not in model: cls.weight",
    ]
    assert_unchanged(model, before)
    mapping.load_weights(model, tensors, rules, keep="bias", ignore="^cls")
    np.testing.assert_array_equal(model.get_weights()[0], before[0] + 1)


def test_an_ignored_tensor_stays_unused_and_unread(model, rules):
    class Unread(dict):
        def __getitem__(self, name):
            if name in ("d.0.bias", "cls"):
                raise RuntimeError("This tensor must not be read.")
            return super().__getitem__(name)

    tensors = Unread(mapping.save_weights(model, rules), cls=np.zeros(1))
    loaded = mapping.load_weights(
        model, tensors, rules, keep="^dense_0/bias$", ignore=r"^cls|^d\.0\.bias"
    )
    assert "dense_0/bias" not in loaded


def test_a_wrong_shape_changes_nothing(model, rules):
    tensors = mapping.save_weights(model, rules)
    tensors["e.weight"] = tensors["e.weight"].T  # same size, other shape
    tensors["d.0.bias"] = tensors["d.0.bias"] + 1
    before = model.get_weights()
    with pytest.raises(ValueError, match="embed/embeddings: \\(7, 3\\) here"):
        mapping.load_weights(model, tensors, rules)
    assert_unchanged(model, before)


def test_a_file_that_fails_midway_changes_nothing(model, rules):
    class Damaged(dict):
        def __getitem__(self, name):
            if name == "d.1.bias":
                raise OSError("disk")
            return super().__getitem__(name) + 1

    tensors = Damaged(mapping.save_weights(model, rules))
    before = model.get_weights()
    with pytest.raises(OSError, match="disk"):
        mapping.load_weights(model, tensors, rules)
    assert_unchanged(model, before)


def test_row_biases_round_trip():
    rule = mapping.row("down/bias", "biases1")
    bias = np.arange(4, dtype="float32")
    assert rule.save(bias).shape == (1, 4)
    np.testing.assert_array_equal(rule.load(rule.save(bias)), bias)


def test_a_row_that_is_no_row_is_named(model):
    rules = [mapping.row("dense_0/bias", "b")]
    with pytest.raises(ValueError, match=r"b: shape \(2, 3\) does not fit"):
        mapping.load_weights(
            model, {"b": np.zeros((2, 3))}, rules, keep="embed|kernel|_1"
        )


def test_two_variables_with_one_path_are_refused():
    x = keras.Input((2,))
    inner = [keras.layers.Dense(2, name="same") for _ in range(2)]
    parts = []
    for layer in inner:
        part = keras.Input((2,))
        parts.append(keras.Model(part, layer(part)))
    model = keras.Model(x, parts[1](parts[0](x)))
    with pytest.raises(ValueError, match="unique paths.*same/bias"):
        mapping.variables_by_path(model)
