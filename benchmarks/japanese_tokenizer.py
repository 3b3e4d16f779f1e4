"""Speed of the Japanese tokenizer beside that of transformers, on one core.

python -m benchmarks.japanese_tokenizer --help
"""

import argparse
import functools
import json
import pathlib
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence

from adapter_bert.config import read_json
from adapter_bert.tokenization.japanese import JapaneseTokenizer
from adapter_bert.tokenization.japanese_config import load_japanese_tokenizer
from adapter_bert.tokenization.mecab import MecabWords

_MECAB = {
    "word_tokenizer_type": "mecab",
    "mecab_kwargs": {"mecab_dic": "unidic_lite"},
}
# Words of the generated texts, in the order of a sentence.
_WORDS = (
    ("春の", "深い", "北の", "湿った", "古い", "明るい", "小さな", "高い"),
    ("山", "林", "庭", "谷", "森", "公園", "湖畔", "草原", "斜面", "街道"),
    ("で", "では", "に", "には", "から"),
    ("白い", "赤褐色の", "滑らかな", "直径３ｃｍの", "傘の開いた", "若い"),
    ("茸", "子実体", "胞子", "菌糸", "犬", "自転車", "子供たち", "ラジオ"),
    ("が", "も", "だけが", "などが"),
    ("ゆっくり", "たくさん", "ときどき", "再び", "静かに", "急に"),
    ("見つかった", "並んでいます", "動き始めた", "観察される", "集まる"),
    ("。", "、と記録されている。", "ようだ。", "（図2）。", "！"),
)


def main(arguments: Sequence[str]) -> int:
    """Measures, prints a table and returns the program's exit status."""
    options = _parser().parse_args(arguments)
    try:
        texts = (
            read_texts(options.texts)
            if options.texts
            else generate_texts(options.num_texts)
        )
        with tempfile.TemporaryDirectory() as folder:
            speeds = measure(texts, *_files(options, texts, folder), options)
    except (ImportError, OSError, ValueError) as error:
        print(f"ERROR: {error}", file=sys.stderr)
        return 1
    ratio = speeds["adapter_bert"] / speeds["transformers"]
    print(f"{len(texts)} sentences, median of {options.repeats} rounds")
    for name, speed in speeds.items():
        print(f"{name:<14}{speed:>10,.0f} sentences/s")
    print(f"adapter_bert is {ratio:.1f} times as fast as transformers")
    return 0


def read_texts(path: pathlib.Path) -> list[str]:
    """Reads one sentence a line, or JGLUE's JSON lines."""
    texts = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("{"):
            row = json.loads(line)
            texts += [v for k, v in row.items() if k.startswith("sentence")]
        elif line:
            texts.append(line)
    # The ids of sentence pairs start with "sentence" too.
    texts = [t for t in texts if isinstance(t, str) and not t.isdecimal()]
    if not texts:
        raise ValueError(f"{path}: no sentences")
    return texts


def generate_texts(num_texts: int) -> list[str]:
    """Returns random Japanese sentences, of fewer words than real ones."""
    draw = random.Random(1)
    return ["".join(map(draw.choice, _WORDS)) for _ in range(num_texts)]


def measure(
    texts: Sequence[str],
    vocab_file: pathlib.Path,
    values: Mapping,
    options: argparse.Namespace,
) -> dict[str, float]:
    """Returns sentences per second: ours, transformers', and MeCab's alone."""
    import transformers

    own = dict(values)
    own.pop("tokenizer_class", None)
    peer = transformers.BertJapaneseTokenizer(str(vocab_file), **own)
    # A new one every time, so that it knows no word yet.
    load = functools.partial(load_japanese_tokenizer, vocab_file, values)
    mecab = _mecab_of(load())
    seconds = {"adapter_bert": [], "transformers": [], "MeCab alone": []}
    for _ in range(options.repeats):
        tokenizer = load()
        ours = functools.partial(tokenizer.tokenize_to_arrays, texts, 1)
        theirs = functools.partial(peer, texts, add_special_tokens=False)
        seconds["adapter_bert"].append(_seconds(ours))
        seconds["transformers"].append(_seconds(theirs))
        seconds["MeCab alone"].append(_seconds(lambda: _parse(mecab, texts)))
    _check_equal(texts, ours()[0], theirs()["input_ids"])
    return {
        name: len(texts) / statistics.median(times)
        for name, times in seconds.items()
    }


def _mecab_of(tokenizer: JapaneseTokenizer):
    options = tokenizer.options
    words = MecabWords(options.mecab_dic, options.mecab_option)
    return words._tagger


def _parse(tagger, texts):
    for text in texts:
        tagger.parse(text)


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _check_equal(texts, ids, rows):
    flat = [index for row in rows for index in row]
    if ids.tolist() != flat:
        raise ValueError(f"The ids of {len(texts)} sentences differ.")


def _files(options, texts, folder):
    if options.vocab_file is None:
        return _write_vocab(texts, pathlib.Path(folder)), _MECAB
    config = options.vocab_file.parent / "tokenizer_config.json"
    values = read_json(config)
    if values.get("word_tokenizer_type") != "mecab":
        raise ValueError(f"{config}: `word_tokenizer_type` must be 'mecab'.")
    return options.vocab_file, values


def _write_vocab(texts, folder):
    """Writes a vocabulary of the texts' characters and some of their words."""
    words = MecabWords()
    tokens = dict.fromkeys(("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"))
    for text in texts:
        for i, word in enumerate(words.split(text)):
            if i % 2:
                tokens[word] = None
            tokens |= dict.fromkeys((*word, *(f"##{c}" for c in word)))
    path = folder / "vocab.txt"
    path.write_text("\n".join(tokens), encoding="utf-8", newline="\n")
    return path


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.japanese_tokenizer", description=__doc__
    )
    parser.add_argument(
        "--texts",
        type=pathlib.Path,
        help="one sentence a line, or JSTS's JSON lines; generated if absent",
    )
    parser.add_argument(
        "--vocab_file",
        type=pathlib.Path,
        help="vocabulary with its tokenizer_config.json beside it; made from "
        "the texts if absent",
    )
    parser.add_argument("--num_texts", type=int, default=20_000)
    parser.add_argument("--repeats", type=int, default=5)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
