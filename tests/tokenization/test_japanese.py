"""Japanese ids, against transformers."""

import csv
import itertools
import json
import pickle
import random
import sys

import numpy as np
import pytest
import tensorflow as tf

from adapter_bert.tokenization.japanese import JapaneseTokenizer
from adapter_bert.tokenization.japanese_config import load_japanese_tokenizer
from adapter_bert.tokenization.japanese_options import JapaneseOptions
from tests.tokenization.japanese_texts import HARD, SPECIAL, small_vocab

MECAB = {"word_tokenizer_type": "mecab"}
CHARACTER = {"subword_tokenizer_type": "character"}
LOWER = {"do_lower_case": True}
KEPT = {"never_split": ["ABC", "Café", "it's", "STRASSE"]}
CONFIGS = {
    "mecab": MECAB,
    "mecab, lower": MECAB | LOWER,
    "mecab, lower, kept": MECAB | LOWER | KEPT,
    "mecab, as it is": MECAB | {"mecab_kwargs": {"normalize_text": False}},
    "mecab, other output": MECAB | {"mecab_kwargs": {"mecab_option": "-F%m,"}},
    "mecab, character": MECAB | CHARACTER,
    "mecab, character, as it is": MECAB
    | CHARACTER
    | {"mecab_kwargs": {"normalize_text": False}},
    "basic": {},
    "basic, lower": LOWER,
    "basic, lower, kept": LOWER | KEPT,
    "basic, character": CHARACTER,
    "basic, character, lower": CHARACTER | LOWER,
}


def peer_of(vocab_file, values):
    transformers = pytest.importorskip("transformers")
    values = {k: v for k, v in values.items() if k != "tokenizer_class"}
    peer = transformers.BertJapaneseTokenizer(str(vocab_file), **values)

    def tokenize(texts):
        return [
            peer.convert_tokens_to_ids(peer.tokenize(text)) for text in texts
        ]

    return tokenize


def rows_of(tokenizer, texts):
    ids, row_splits = tokenizer.tokenize_to_arrays(texts)
    assert ids.dtype == np.int32
    assert row_splits.dtype == np.int64
    assert row_splits[0] == 0
    assert row_splits[-1] == len(ids)
    return [
        ids[start:end].tolist()
        for start, end in itertools.pairwise(row_splits.tolist())
    ]


@pytest.fixture(scope="module")
def vocab_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("vocab") / "vocab.txt"
    path.write_text("\n".join(small_vocab()), encoding="utf-8", newline="\n")
    return path


@pytest.fixture(scope="module")
def tohoku(shared):
    return shared / "data" / "ja" / "tohoku-bert-base-japanese-v3"


@pytest.fixture(scope="module")
def tohoku_config(tohoku):
    text = (tohoku / "tokenizer_config.json").read_text("utf-8")
    return json.loads(text)


@pytest.mark.parametrize("values", CONFIGS.values(), ids=CONFIGS)
def test_hard_texts(vocab_file, values):
    tokenizer = load_japanese_tokenizer(vocab_file, values)
    expected = peer_of(vocab_file, values)(HARD.values())
    found = rows_of(tokenizer, list(HARD.values()))
    assert dict(zip(HARD, found, strict=True)) == dict(
        zip(HARD, expected, strict=True)
    )
    # Else the vocabulary would be too poor to tell anything apart.
    assert len(set(map(tuple, found))) > len(HARD) * 0.7


@pytest.mark.parametrize("values", CONFIGS.values(), ids=CONFIGS)
def test_random_texts(vocab_file, values):
    draw = random.Random(7)
    letters = "".join(HARD.values())
    parts = [*letters, *SPECIAL, "[", "]", "MASK", "[SEP", " ", "\u3000"]
    texts = ["".join(draw.choices(parts, k=12)) for _ in range(500)]
    tokenizer = load_japanese_tokenizer(vocab_file, values)
    assert rows_of(tokenizer, texts) == peer_of(vocab_file, values)(texts)


def jsts_texts(shared):
    for name in ("train", "valid"):
        path = shared / "data" / "ja" / "jsts-v1.3" / f"{name}-v1.3.json"
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            yield row["sentence1"]
            yield row["sentence2"]


def fungi_texts(shared):
    path = shared / "data" / "ja" / "fungi_rows.csv"
    with open(path, encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield row["sentence"]
            yield f"{row['comparison_source']} {row['comparison_target']}"


def test_equals_transformers_on_real_texts(shared, tohoku, tohoku_config):
    texts = [*jsts_texts(shared), *fungi_texts(shared), *HARD.values()]
    assert len(texts) == 2 * (12_451 + 1_457) + 2 * 5 + len(HARD)
    vocab_file = tohoku / "vocab.txt"
    tokenizer = load_japanese_tokenizer(vocab_file, tohoku_config)
    expected = peer_of(vocab_file, tohoku_config)(texts)
    assert rows_of(tokenizer, texts) == expected
    # A second time every word is known.
    assert rows_of(tokenizer, texts) == expected


def test_equals_transformers_with_other_settings(shared, tohoku, tohoku_config):
    texts = [*jsts_texts(shared)][::10] + [*fungi_texts(shared)]
    vocab_file = tohoku / "vocab.txt"
    for values in (CHARACTER, LOWER, {"word_tokenizer_type": "basic"}):
        values = tohoku_config | values
        tokenizer = load_japanese_tokenizer(vocab_file, values)
        assert rows_of(tokenizer, texts) == peer_of(vocab_file, values)(texts)


def test_ipadic(vocab_file):
    pytest.importorskip("ipadic")
    values = MECAB | {"mecab_kwargs": {"mecab_dic": "ipadic"}}
    tokenizer = load_japanese_tokenizer(vocab_file, values)
    texts = list(HARD.values())
    assert rows_of(tokenizer, texts) == peer_of(vocab_file, values)(texts)
    assert tokenizer.get_config()["dictionary_package"].startswith("ipadic ")


def test_a_dictionary_without_a_package(vocab_file):
    folder = pytest.importorskip("unidic_lite").DICDIR
    option = f"-d '{folder}' -r '{folder}/mecabrc'"
    values = MECAB | {"mecab_kwargs": {"mecab_dic": None}}
    values["mecab_kwargs"]["mecab_option"] = option
    tokenizer = load_japanese_tokenizer(vocab_file, values)
    texts = list(HARD.values())
    assert rows_of(tokenizer, texts) == peer_of(vocab_file, values)(texts)
    config = tokenizer.get_config()
    assert config["dictionary_package"] is None
    assert config["dictionary_version"] == "756264 entries"
    assert config["mecab_option"] == option


def test_lone_surrogates_count_as_broken_characters(vocab_file):
    # transformers raises UnicodeEncodeError.
    tokenizer = load_japanese_tokenizer(vocab_file, MECAB)
    broken, mended = rows_of(tokenizer, ["茸\ud800狩り", "茸\ufffd狩り"])
    assert broken == mended


@pytest.mark.parametrize(
    ("values", "expected"),
    [(MECAB, [4, 3, 5, 2]), ({}, [0, 2])],
    ids=["mecab", "basic"],
)
def test_a_special_token_that_the_vocabulary_lacks_is_text(
    tmp_path, values, expected
):
    path = tmp_path / "vocab.txt"
    path.write_text("[UNK]\n[CLS]\n[SEP]\nMASK\n[\n]\n")
    tokenizer = load_japanese_tokenizer(path, values)
    # transformers gives it an id behind the vocabulary, where the encoder
    # has no embedding.
    [[behind, _]] = peer_of(path, values)(["[MASK][SEP]"])
    assert behind >= len(tokenizer.vocab)
    assert rows_of(tokenizer, ["[MASK][SEP]"]) == [expected]


def test_whitespace_is_no_token(tmp_path):
    path = tmp_path / "vocab.txt"
    path.write_text("[UNK]\n[CLS]\n[SEP]\n \n茸\n", encoding="utf-8")
    values = MECAB | CHARACTER | {"mecab_kwargs": {"normalize_text": False}}
    tokenizer = load_japanese_tokenizer(path, values)
    # To transformers the line of the vocabulary is a token.
    assert peer_of(path, values)(["茸\u3000"]) == [[4, 3]]
    assert rows_of(tokenizer, ["茸\u3000"]) == [[4, 0]]


def test_more_words_than_are_remembered(vocab_file, monkeypatch):
    subwords = sys.modules["adapter_bert.tokenization.subwords"]
    texts = list(HARD.values())
    tokenizer = load_japanese_tokenizer(vocab_file, MECAB)
    expected = rows_of(tokenizer, texts)
    monkeypatch.setattr(subwords, "_MAX_WORDS", 5)
    tokenizer = load_japanese_tokenizer(vocab_file, MECAB)
    assert rows_of(tokenizer, texts) == expected
    assert len(tokenizer._word_ids) <= 5


def test_the_public_facts(tohoku, tohoku_config):
    tokenizer = load_japanese_tokenizer(tohoku / "vocab.txt", tohoku_config)
    assert len(tokenizer.vocab) == 32_768
    assert (tokenizer.cls_id, tokenizer.sep_id, tokenizer.pad_id) == (2, 3, 0)


def test_ragged(vocab_file):
    tokenizer = load_japanese_tokenizer(vocab_file, MECAB)
    texts = ["子嚢菌類", "", "[MASK]"]
    ragged = tokenizer.tokenize(texts)
    assert ragged.dtype == tf.int32
    assert ragged.to_list() == rows_of(tokenizer, texts)
    assert tokenizer.tokenize(tf.constant(texts)).to_list() == ragged.to_list()
    assert tokenizer.tokenize([]).shape.as_list() == [0, None]


@pytest.mark.parametrize(
    "texts", ["茸", ["茸", None], tf.constant("茸")], ids=["str", "None", "0-d"]
)
def test_wrong_texts(vocab_file, texts):
    tokenizer = JapaneseTokenizer(vocab_file)
    with pytest.raises(ValueError, match="`texts` must"):
        tokenizer.tokenize(texts)


def test_no_graph(vocab_file):
    tokenizer = JapaneseTokenizer(vocab_file)
    with pytest.raises(ValueError, match="not run inside a `tf.function`"):
        tf.function(tokenizer.tokenize)(tf.constant(["茸"]))


@pytest.mark.parametrize("values", CONFIGS.values(), ids=CONFIGS)
def test_a_copy_is_the_same(vocab_file, values):
    tokenizer = load_japanese_tokenizer(vocab_file, values)
    copy = pickle.loads(pickle.dumps(tokenizer))
    texts = list(HARD.values())
    assert rows_of(copy, texts) == rows_of(tokenizer, texts)
    assert copy.get_config() == tokenizer.get_config()


def test_config(vocab_file):
    basic = JapaneseTokenizer(vocab_file).get_config()
    assert basic == {
        "type": "japanese",
        "word_tokenizer_type": "basic",
        "subword_tokenizer_type": "wordpiece",
        "do_lower_case": False,
        "never_split": [],
    }
    options = JapaneseOptions("mecab", "character", never_split=("ABC",))
    mecab = JapaneseTokenizer(vocab_file, options).get_config()
    assert mecab.pop("dictionary_package").startswith("unidic-lite 1.")
    assert mecab.pop("dictionary_version")
    assert mecab == basic | {
        "word_tokenizer_type": "mecab",
        "subword_tokenizer_type": "character",
        "never_split": ["ABC"],
        "mecab_dic": "unidic_lite",
        "mecab_option": "",
        "normalize_text": True,
    }
    assert json.loads(json.dumps(mecab)) == mecab
