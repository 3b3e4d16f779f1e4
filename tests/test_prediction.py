import types

import keras
import numpy as np
import pytest

from adapter_bert import AdapterConfig, load_classifier, predict
from adapter_bert.evaluation import predict_logits
from adapter_bert.prediction import encode_texts, interpret
from adapter_bert.problem_types import softmax
from tests.tiny_files import (
    MAX_SEQ_LENGTH,
    VOCAB,
    make_pairs,
    write_huggingface,
)

LABELS = ("no", "maybe", "yes")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """Has a head that tells texts apart."""
    model = load_classifier(
        write_huggingface(tmp_path_factory.mktemp("base")),
        adapter=AdapterConfig(size=4, init_scale=0.5),
        labels=LABELS,
        max_seq_length=MAX_SEQ_LENGTH,
    )
    kernel, bias = (
        next(v for v in model.weights if v.path == f"classifier/{name}")
        for name in ("kernel", "bias")
    )
    random = np.random.default_rng(0)
    kernel.assign(random.normal(0, 5, kernel.shape).astype("float32"))
    logits = predict_logits(model, encode_texts(model, make_pairs(30)), 30)
    bias.assign(keras.ops.convert_to_numpy(bias) - logits.mean(axis=0))
    return model


def expected_probabilities(model, text):
    """Probabilities of one text, by hand and without padding."""
    rows = encode_texts(model, [text])
    logits = model(rows.batch([0], length=int(rows.lengths[0])))
    logits = np.array(logits, "float64")[0]
    return np.exp(logits) / np.exp(logits).sum()


def test_texts_and_pairs_may_be_mixed(model):
    texts = ["abc", ("abc", "def!"), ["12", "x y"], ("abc", ""), "", "a" * 99]
    result = predict(model, texts, batch_size=2)
    assert result.probabilities.shape == (6, 3)
    assert result.probabilities.dtype == np.float32
    for row, text in zip(result.probabilities, texts, strict=True):
        np.testing.assert_allclose(
            row, expected_probabilities(model, text), atol=1e-5
        )
    # A second text that is empty is no second text.
    np.testing.assert_allclose(
        result.probabilities[3], result.probabilities[0], atol=1e-6
    )


def test_labels_are_the_likeliest_in_the_models_order(model):
    result = predict(model, make_pairs(30))
    best = result.probabilities.argmax(axis=1)
    assert result.labels == [LABELS[i] for i in best]
    assert len(set(result.labels)) > 1
    np.testing.assert_allclose(result.probabilities.sum(axis=1), 1, rtol=1e-6)


def test_batch_size_does_not_matter(model):
    pairs = make_pairs(7)
    expected = predict(model, pairs).probabilities
    for batch_size in (1, 3):
        result = predict(model, pairs, batch_size=batch_size)
        np.testing.assert_allclose(result.probabilities, expected, atol=1e-5)


def test_no_texts_give_no_predictions(model):
    result = predict(model, [])
    assert result.labels == []
    assert result.probabilities.shape == (0, 3)


def test_encoding_follows_the_models_length(model):
    rows = encode_texts(model, [("a" * 30, "b"), "c?"])
    assert rows.max_seq_length == MAX_SEQ_LENGTH
    assert rows.lengths.tolist() == [MAX_SEQ_LENGTH, 4]
    assert rows.num_truncated == 1
    tokens = [VOCAB[i] for i in rows.input_ids[-4:]]
    assert tokens == ["[CLS]", "c", "?", "[SEP]"]


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("one text", "put a single one in a list.*'one text'"),
        (["a", None], r"texts\[1\]=None"),
        ([("a",)], r"texts\[0\]=\('a',\)"),
        ([("a", "b", "c")], r"texts\[0\]=\('a', 'b', 'c'\)"),
        (["a", "b", ("c", None)], r"texts\[2\]=\('c', None\)"),
        ([b"bytes"], r"texts\[0\]=b'bytes'"),
    ],
)
def test_what_is_no_text_is_refused(model, texts, message):
    with pytest.raises(ValueError, match=message):
        predict(model, texts)


def test_without_tokenizer_it_says_how_to_get_one(model, monkeypatch):
    monkeypatch.setattr(model, "tokenizer", None)
    with pytest.raises(ValueError, match="no tokenizer: .*`load_classifier`"):
        predict(model, ["a"])


@pytest.mark.parametrize("texts", [None, {"a": "b"}, 3])
def test_what_is_no_list_of_texts_is_refused(model, texts):
    with pytest.raises(ValueError, match="`texts` must be a list of texts"):
        predict(model, texts)


def test_softmax_stands_large_logits():
    logits = np.array([[1000, 999], [-1000, -999], [0, 0]], "float32")
    large, small = 1 / (1 + np.exp(-1)), 1 / (1 + np.exp(1))
    np.testing.assert_allclose(
        softmax(logits), [[large, small], [small, large], [0.5, 0.5]], 1e-6
    )
    assert softmax(logits).dtype == np.float32


# === What logits say ===


def named(problem_type, labels, thresholds=()):
    return types.SimpleNamespace(
        problem_type=problem_type, labels=labels, thresholds=thresholds
    )


def test_one_label_is_the_likeliest():
    model = named("single_label_classification", LABELS)
    result = interpret(model, np.array([[0, 1, 3], [2, 1, 0]], "float32"))
    assert result.labels == result.values == ["yes", "no"]
    assert result.scores is None
    np.testing.assert_allclose(result.probabilities.sum(axis=1), 1, rtol=1e-6)


def test_several_labels_are_those_that_reach_their_threshold():
    model = named("multi_label_classification", LABELS, (0.5, 0.1, 0.9))
    logits = np.array([[1, 1, 1], [-1, -1, 5], [-1, -9, 0]], "float32")
    result = interpret(model, logits)
    assert result.labels == result.values
    assert result.labels == [("no", "maybe"), ("maybe", "yes"), ()]
    assert {type(name) for row in result.labels for name in row} == {str}
    assert result.scores is None
    expected = 1 / (1 + np.exp(-logits.astype("float64")))
    np.testing.assert_allclose(result.probabilities, expected, rtol=1e-6)


def test_a_score_is_the_logit():
    model = named("regression", ("score",), (0.5,))
    result = interpret(model, np.array([[2.5], [-1]], "float32"))
    assert result.labels is None
    assert result.probabilities is None
    np.testing.assert_array_equal(result.scores, [2.5, -1])
    assert result.values == [2.5, -1.0]
    assert {type(value) for value in result.values} == {float}


@pytest.mark.parametrize(
    "problem_type",
    ["single_label_classification", "multi_label_classification", "regression"],
)
def test_no_logits_say_nothing(problem_type):
    model = named(problem_type, ("a",), (0.5,))
    assert interpret(model, np.zeros((0, 1), "float32")).values == []
