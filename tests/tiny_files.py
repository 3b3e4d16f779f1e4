"""Files of a tiny encoder and tiny data, and the driver run on them."""

import contextlib
import json
import logging
import os
import pathlib
import random
import shutil
import string
import subprocess
import sys
from collections.abc import Callable, Sequence

import numpy as np
import pytest
import safetensors.numpy

ROOT = pathlib.Path(__file__).parents[1]
GOLDEN = pathlib.Path(__file__).parent / "golden"
MAX_SEQ_LENGTH = 24  # all the positions that the golden networks have

_CHARACTERS = [*string.ascii_lowercase, *string.digits]
VOCAB = (
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"),
    *_CHARACTERS,
    *(f"##{character}" for character in _CHARACTERS),
    *string.punctuation,
    *(f"[unused{i}]" for i in range(11)),
)


def write_vocab(folder: pathlib.Path) -> pathlib.Path:
    """Writes a vocabulary of letters, digits and punctuation."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "vocab.txt"
    path.write_text("".join(f"{token}\n" for token in VOCAB))
    return path


def write_huggingface(
    folder: pathlib.Path, edit: Callable[[dict], dict] | None = None
) -> pathlib.Path:
    """Writes the golden Hugging Face checkpoint, with a vocabulary.

    Args:
        folder: Where to, made if absent.
        edit: Changes the tensors on their way.

    Returns:
        `folder`.
    """
    write_vocab(folder)
    source = GOLDEN / "huggingface_bert"
    shutil.copy(source / "config.json", folder)
    shutil.copy(source / "model.safetensors", folder)
    if edit is not None:
        path = folder / "model.safetensors"
        tensors = edit(safetensors.numpy.load_file(path))
        # safetensors writes a transposed view as if it were not transposed.
        tensors = {k: np.ascontiguousarray(v) for k, v in tensors.items()}
        safetensors.numpy.save_file(tensors, path)
    return folder


def write_one_block(folder: pathlib.Path) -> pathlib.Path:
    """Writes the first block alone of that checkpoint: it compiles faster."""
    write_huggingface(
        folder,
        lambda tensors: {
            name: values
            for name, values in tensors.items()
            if "layer.1." not in name
        },
    )
    path = folder / "config.json"
    config = {**json.loads(path.read_text()), "num_hidden_layers": 1}
    path.write_text(json.dumps(config))
    return folder


def write_tf1(
    folder: pathlib.Path, name: str = "bert_model.ckpt"
) -> pathlib.Path:
    """Writes a golden TF1 checkpoint, with config and vocabulary.

    Args:
        folder: Where to, made if absent.
        name: Which one.

    Returns:
        The checkpoint's prefix.
    """
    write_vocab(folder)
    source = GOLDEN / "adapter_bert_tf1"
    shutil.copy(source / "bert_config.json", folder)
    for path in source.glob(f"{name}.*"):
        shutil.copy(path, folder)
    return folder / name


def make_pairs(count: int, seed: int = 0) -> list[tuple[str, str]]:
    """Makes pairs of short texts; half of them begin with the same word."""
    rng = random.Random(seed)
    words = ["".join(rng.choices("abcdefgh", k=3)) for _ in range(2 * count)]
    return [
        (f"{first}!", first if i % 2 else f"{first} {second}")
        for i, (first, second) in enumerate(
            zip(words[::2], words[1::2], strict=True)
        )
    ]


def write_mrpc(
    folder: pathlib.Path, train: int = 24, dev: int = 11, test: int = 7
) -> pathlib.Path:
    """Writes so many rows a split in MRPC's layout; returns `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    header = "Quality\t#1 ID\t#2 ID\t#1 String\t#2 String\n"
    for seed, (name, count) in enumerate(
        {"train": train, "dev": dev, "test": test}.items()
    ):
        lines = (
            f"{i % 2}\t{i}\t{i + 100}\t{first}\t{second}\n"
            for i, (first, second) in enumerate(make_pairs(count, seed))
        )
        (folder / f"{name}.tsv").write_text(header + "".join(lines))
    return folder


def write_mnli(folder: pathlib.Path, count: int = 9) -> pathlib.Path:
    """Writes `count` rows a split in MNLI's layout; returns `folder`.

    Those of the mismatched splits are two more.
    """
    folder.mkdir(parents=True, exist_ok=True)
    labels = ("neutral", "contradiction", "entailment")
    counts = {
        "train": count,
        "dev_matched": count,
        "dev_mismatched": count + 2,
        "test_matched": count,
        "test_mismatched": count + 2,
    }
    for seed, (name, rows) in enumerate(counts.items()):
        header = ["index", "sentence1", "sentence2", "gold_label"]
        lines = [header] + [
            [str(i), first, second, labels[i % 3]]
            for i, (first, second) in enumerate(make_pairs(rows, seed))
        ]
        width = 3 if name.startswith("test") else 4
        (folder / f"{name}.tsv").write_text(
            "".join("\t".join(cells[:width]) + "\n" for cells in lines)
        )
    return folder


def drive(*arguments: str) -> None:
    """Runs `run_classifier.py` on a command line, in this process."""
    from absl import flags
    from absl.testing import flagsaver

    import run_classifier
    from flags import parse

    flags.FLAGS.mark_as_parsed()
    with flagsaver.flagsaver(), _log_handlers_restored():
        flags.FLAGS.unparse_flags()
        try:
            argv = parse.parse_flags(["run_classifier.py", *arguments])
            run_classifier.main(argv)
        finally:
            flags.FLAGS.mark_as_parsed()


def refused(*arguments: str) -> str:
    """Returns the message with which the command line is refused."""
    with pytest.raises(SystemExit) as end:
        drive(*arguments)
    return str(end.value.code)


def start(
    arguments: Sequence[str], cwd: pathlib.Path, *options: str
) -> subprocess.CompletedProcess:
    """Runs `run_classifier.py` on a command line, in a process of its own.

    Args:
        arguments: The command line.
        cwd: Folder to run in.
        *options: Options of Python itself.
    """
    return subprocess.run(
        [sys.executable, *options, ROOT / "run_classifier.py", *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=cwd,
        env={**os.environ, "HF_HUB_OFFLINE": "1", "COLUMNS": "80"},
    )


@contextlib.contextmanager
def _log_handlers_restored():
    root = logging.getLogger()
    handlers = list(root.handlers)
    try:
        yield
    finally:
        root.handlers[:] = handlers
