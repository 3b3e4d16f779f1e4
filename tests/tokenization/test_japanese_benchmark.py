"""The benchmark of the Japanese tokenizer runs and says what it measured."""

import re

import pytest

from benchmarks.japanese_tokenizer import main, read_texts

SMALL = ["--repeats", "1", "--num_texts", "50"]


def test_generated_texts(capsys):
    pytest.importorskip("transformers")
    assert main(SMALL) == 0
    out = capsys.readouterr().out
    assert out.startswith("50 sentences, median of 1 rounds\n")
    for name in ("adapter_bert", "transformers", "MeCab alone"):
        assert re.search(rf"^{name} +[\d,]+ sentences/s$", out, re.M)
    assert re.search(r"^adapter_bert is \d+\.\d times as fast", out, re.M)


def test_real_texts_and_vocabulary(shared, capsys, tmp_path):
    pytest.importorskip("transformers")
    folder = shared / "data" / "ja"
    rows = (folder / "jsts-v1.3" / "valid-v1.3.json").read_text("utf-8")
    texts = tmp_path / "texts.json"
    texts.write_text("\n".join(rows.split("\n")[:20]), encoding="utf-8")
    vocab_file = folder / "tohoku-bert-base-japanese-v3" / "vocab.txt"
    arguments = ["--texts", str(texts), "--vocab_file", str(vocab_file)]
    assert main([*arguments, *SMALL]) == 0
    assert capsys.readouterr().out.startswith("40 sentences")


def test_plain_lines(tmp_path):
    path = tmp_path / "texts.txt"
    path.write_text("茸が好き\n\n山へ行く\n", encoding="utf-8")
    assert read_texts(path) == ["茸が好き", "山へ行く"]


@pytest.mark.parametrize("content", [None, ""])
def test_no_texts(tmp_path, capsys, content):
    path = tmp_path / "texts.txt"
    if content is not None:
        path.write_text(content)
    assert main(["--texts", str(path)]) == 1
    assert str(path) in capsys.readouterr().err
