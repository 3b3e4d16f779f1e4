"""The tokenizer that a config file describes, and what is refused."""

import sys
import types

import pytest

from adapter_bert.tokenization.japanese_config import (
    is_japanese,
    load_japanese_tokenizer,
)
from adapter_bert.tokenization.vocabulary import read_vocab
from tests.tokenization.japanese_texts import SPECIAL

MECAB = {"word_tokenizer_type": "mecab"}


@pytest.fixture
def write_vocab(tmp_path):
    def write(size):
        tokens = [*SPECIAL, *(f"[unused{i}]" for i in range(size - 5))]
        path = tmp_path / "vocab.txt"
        path.write_text("\n".join(tokens), encoding="utf-8")
        return path

    return write


@pytest.fixture
def vocab_file(write_vocab):
    return write_vocab(10)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, False),
        ({"tokenizer_class": "BertTokenizer", "do_lower_case": True}, False),
        ({"tokenizer_class": "BertJapaneseTokenizer"}, True),
        ({"tokenizer_class": "BertJapaneseTokenizerFast"}, True),
        ({"tokenizer_class": None, "word_tokenizer_type": None}, False),
        ({"word_tokenizer_type": "mecab", "do_lower_case": False}, True),
        ({"word_tokenizer_type": "basic"}, True),
        ({"subword_tokenizer_type": "character"}, True),
        ({"mecab_kwargs": {"mecab_dic": "ipadic"}}, True),
    ],
)
def test_is_japanese(values, expected):
    assert is_japanese(values) is expected


def test_what_is_absent(vocab_file):
    options = load_japanese_tokenizer(vocab_file, {}).options
    assert options.word_tokenizer_type == "basic"
    assert options.subword_tokenizer_type == "wordpiece"
    assert options.do_lower_case is False
    options = load_japanese_tokenizer(vocab_file, MECAB).options
    assert options.mecab_dic == "unidic_lite"
    assert options.normalize_text is True


def test_a_config_that_transformers_saved(vocab_file):
    transformers = pytest.importorskip("transformers")
    peer = transformers.BertJapaneseTokenizer(
        str(vocab_file),
        word_tokenizer_type="mecab",
        subword_tokenizer_type="character",
        mecab_kwargs={"mecab_dic": "unidic_lite"},
    )
    peer.save_pretrained(vocab_file.parent / "saved")
    saved = vocab_file.parent / "saved"
    from adapter_bert.config import read_json

    values = read_json(saved / "tokenizer_config.json")
    assert is_japanese(values)
    tokenizer = load_japanese_tokenizer(saved / "vocab.txt", values)
    assert tokenizer.vocab == read_vocab(vocab_file)
    assert tokenizer.options.subword_tokenizer_type == "character"
    text = "研究を[MASK]する"
    ids = peer.convert_tokens_to_ids(peer.tokenize(text))
    assert tokenizer.tokenize([text]).to_list() == [ids]


@pytest.mark.parametrize(
    ("subwords", "size"), [("wordpiece", 32_000), ("character", 4_000)]
)
def test_the_first_generation_means_ipadic(
    write_vocab, monkeypatch, caplog, subwords, size
):
    monkeypatch.setitem(sys.modules, "ipadic", None)
    path = write_vocab(size)
    values = MECAB | {"subword_tokenizer_type": subwords}
    with pytest.raises(ImportError, match="pip install ipadic"):
        load_japanese_tokenizer(path, values)
    assert f"{size} tokens is that of cl-tohoku's first" in caplog.text
    caplog.clear()
    named = values | {"mecab_kwargs": {"mecab_dic": "unidic_lite"}}
    load_japanese_tokenizer(path, named)
    assert not caplog.text


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"word_tokenizer_type": "sudachi"},
            "`word_tokenizer_type` must be 'basic' or 'mecab'; sudachi is "
            "known to transformers but not supported here",
        ),
        ({"word_tokenizer_type": "jumanpp"}, "jumanpp is known to"),
        (
            {"subword_tokenizer_type": "sentencepiece"},
            "`subword_tokenizer_type` must be 'wordpiece' or 'character'; "
            "sentencepiece is known to",
        ),
        ({"word_tokenizer_type": "mecob"}, "did you mean 'mecab'"),
        ({"word_tokenizer_type": None}, "Received: word_tokenizer_type=None"),
        ({"subword_tokenizer_type": "chars"}, "did you mean 'character'"),
        ({"do_lower_case": "yes"}, "`do_lower_case` must be"),
        ({"do_word_tokenize": False}, "`do_word_tokenize` must be true"),
        ({"do_subword_tokenize": False}, "`do_subword_tokenize` must be true"),
        ({"never_split": "ABC"}, "`never_split` must be a list of strings"),
        (MECAB | {"mecab_kwargs": ["-a"]}, "`mecab_kwargs` must be an object"),
        (
            MECAB | {"mecab_kwargs": {"mecab_dict": "ipadic"}},
            "unknown key 'mecab_dict'; did you mean 'mecab_dic'",
        ),
        (
            MECAB | {"mecab_kwargs": {"mecab_dic": "unidic-lite"}},
            "`mecab_dic` must be .*; did you mean 'unidic_lite'",
        ),
        (
            MECAB | {"mecab_kwargs": {"mecab_dic": ["ipadic"]}},
            "`mecab_dic` must be",
        ),
        (
            MECAB | {"mecab_kwargs": {"mecab_option": 7}},
            "`mecab_option` must be a string",
        ),
        (
            MECAB
            | {"mecab_kwargs": {"mecab_dic": None, "mecab_option": "-d /no"}},
            "`mecab_option` must be options that MeCab starts with. "
            "Received: '-d /no': .*no such file",
        ),
        (
            MECAB | {"mecab_kwargs": {"mecab_option": "-d 'a"}},
            "`mecab_option` must be .*No closing quotation",
        ),
        ({"mask_token": "<mask>"}, r"`mask_token` must be '\[MASK\]'"),
        (
            {"additional_special_tokens": ["[TAXON]"]},
            "`additional_special_tokens` must be empty",
        ),
        (
            {"added_tokens_decoder": {"10": {"content": "[TAXON]"}}},
            r"`added_tokens_decoder` must .*Received: 10: '\[TAXON\]'",
        ),
        (
            {"added_tokens_decoder": {"7": {"content": "[MASK]"}}},
            r"`added_tokens_decoder` must .*Received: 7: '\[MASK\]'",
        ),
    ],
)
def test_refusals_name_the_file_and_the_key(vocab_file, values, message):
    with pytest.raises(ValueError, match=rf"^a/config.json: .*{message}"):
        load_japanese_tokenizer(vocab_file, values, "a/config.json")


@pytest.mark.parametrize(
    ("module", "mecab_dic", "command"),
    [
        ("fugashi", "unidic_lite", "pip install fugashi"),
        ("unidic_lite", "unidic_lite", "pip install unidic-lite"),
        ("ipadic", "ipadic", "pip install ipadic"),
        (
            "unidic",
            "unidic",
            "pip install unidic && python -m unidic download",
        ),
    ],
)
def test_missing_packages(vocab_file, monkeypatch, module, mecab_dic, command):
    monkeypatch.setitem(sys.modules, module, None)
    values = MECAB | {"mecab_kwargs": {"mecab_dic": mecab_dic}}
    with pytest.raises(ImportError, match=command):
        load_japanese_tokenizer(vocab_file, values)
    # `basic` needs none of them.
    load_japanese_tokenizer(vocab_file, {})


@pytest.mark.parametrize(
    ("module", "command"),
    [
        ("unidic", "python -m unidic download"),
        ("unidic_lite", "pip install --force-reinstall --no-deps unidic-lite"),
    ],
)
def test_a_package_without_its_dictionary(
    vocab_file, monkeypatch, tmp_path, module, command
):
    folder = tmp_path / "dicdir"
    package = types.SimpleNamespace(DICDIR=str(folder))
    monkeypatch.setitem(sys.modules, module, package)
    values = MECAB | {"mecab_kwargs": {"mecab_dic": module}}
    with pytest.raises(FileNotFoundError, match=f"{folder}: {command}"):
        load_japanese_tokenizer(vocab_file, values)


def test_no_vocabulary(tmp_path):
    with pytest.raises(FileNotFoundError, match="existing file.*nowhere.txt"):
        load_japanese_tokenizer(tmp_path / "nowhere.txt", MECAB)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"vocab.txt, without \[CLS\], \[SEP\], \[UNK\]"),
        (b"[CLS]\n\xff\n", "UTF-8.*vocab.txt, line 2"),
        ("[CLS]\n[SEP]\n[UNK]\n" + "あ" * 86, "vocab.txt, line 4: 258 bytes"),
    ],
    ids=["empty", "wrong encoding", "long token"],
)
def test_bad_vocabularies(tmp_path, text, message):
    path = tmp_path / "vocab.txt"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(ValueError, match=message):
        load_japanese_tokenizer(path, MECAB)
