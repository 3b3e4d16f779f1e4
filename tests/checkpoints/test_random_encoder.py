"""The encoder that knows nothing, for trying a pipeline."""

import dataclasses

import numpy as np
import pytest

from adapter_bert import load_classifier, predict, save_adapter
from adapter_bert.checkpoints import random_encoder
from adapter_bert.checkpoints.source import locate

TEXTS = ["傘は平滑である。", "胞子は楕円形、無色。", "柄は　白い"]


@pytest.fixture
def vocab_file(tmp_path):
    return random_encoder.write_vocabulary(tmp_path / "vocab", TEXTS)


def test_vocabulary_holds_the_characters_of_the_texts(vocab_file):
    tokens = vocab_file.read_text(encoding="utf-8").splitlines()
    assert tokens[:5] == ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    characters = {c for text in TEXTS for c in text if c != "\u3000"}
    assert set(tokens[5:]) == characters
    assert tokens[5:] == sorted(tokens[5:])
    checkpoint = locate(random_encoder.NAME, vocab_file=vocab_file)
    tokenizer = load_classifier(checkpoint).tokenizer
    for ids in tokenizer.tokenize(TEXTS).to_list():
        assert 1 not in ids
        assert len(ids) >= 4


def test_the_encoder_is_the_same_every_time(vocab_file, tmp_path):
    checkpoint = locate(random_encoder.NAME, vocab_file=vocab_file)
    model = load_classifier(checkpoint, labels=["a", "b"], seed=3)
    assert "pooler" in model.load_report.fresh
    frozen = {v.path: np.asarray(v.value) for v in model.weights}
    save_adapter(model, tmp_path / "adapter")
    again = load_classifier(checkpoint, adapter=tmp_path / "adapter", seed=4)
    for variable in again.weights:
        np.testing.assert_array_equal(variable.value, frozen[variable.path])
    np.testing.assert_array_equal(
        predict(model, TEXTS).probabilities, predict(again, TEXTS).probabilities
    )
    assert np.std(frozen["layer_1/attention/query/kernel"]) > 0.01


def test_another_vocabulary_replaces_none(vocab_file):
    content = vocab_file.read_text(encoding="utf-8")
    folder = vocab_file.parents[1]
    other = random_encoder.write_vocabulary(folder, ["別"])
    assert other.read_text(encoding="utf-8").splitlines()[5:] == ["別"]
    assert vocab_file.read_text(encoding="utf-8") == content
    assert random_encoder.write_vocabulary(folder, TEXTS) == vocab_file


def test_full_width_characters_are_counted_as_the_tokenizer_sees_them(tmp_path):
    path = random_encoder.write_vocabulary(tmp_path, ["５～１０ｃｍ：Ａ"])
    checkpoint = locate(random_encoder.NAME, vocab_file=path)
    ids = load_classifier(checkpoint).tokenizer.tokenize(["５～１０ｃｍ：Ａ"])
    assert 1 not in ids.to_list()[0]


def test_it_needs_a_vocabulary(tmp_path):
    with pytest.raises(ValueError, match="--vocab_file"):
        locate(random_encoder.NAME)
    with pytest.raises(FileNotFoundError, match="none.txt"):
        locate(random_encoder.NAME, vocab_file=tmp_path / "none.txt")


def test_results_of_a_random_encoder_have_a_note_beside_them(
    vocab_file, tmp_path
):
    checkpoint = locate(random_encoder.NAME, vocab_file=vocab_file)
    note = tmp_path / random_encoder.NOTE
    random_encoder.mark(tmp_path, checkpoint)
    assert "scores mean nothing" in note.read_text(encoding="utf-8")
    other = dataclasses.replace(checkpoint, kind="huggingface")
    random_encoder.mark(tmp_path, other)
    assert not note.exists()
