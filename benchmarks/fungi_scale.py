"""Reads, splits and tokenizes a table as large as the real fungi data.

python -m benchmarks.fungi_scale --vocab_file=VOCAB [--num_rows=306795]

The rows are those of the bundled sample over and over, each with a number of
its own, so that no sentence occurs twice.
"""

import argparse
import csv
import os
import pathlib
import resource
import sys
import tempfile
import time
from collections.abc import Iterator

from glue_tasks.fungi.config import FungiConfig
from glue_tasks.fungi.files import SAMPLE
from glue_tasks.fungi.source import load_data

_MAX_SEQ_LENGTH = 150


def main() -> None:
    """Prints the seconds of each step and the peak memory of the process."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--vocab_file", required=True, type=pathlib.Path)
    parser.add_argument("--num_rows", type=int, default=306_795)
    options = parser.parse_args()
    # Else a second measurement would find the token ids of the first.
    os.environ["ADAPTER_BERT_CACHE"] = "off"
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "fungi.csv"
        _write(path, options.num_rows)
        print(f"{options.num_rows:,} rows, {path.stat().st_size / 1e6:.1f} MB")
        start = time.perf_counter()
        data = load_data(FungiConfig(), path)
        texts = [row.text_a for row in data.split("train")]
        _print_step("reading and splitting", start)
    from adapter_bert.data.encoding import encode
    from adapter_bert.tokenization import JapaneseTokenizer

    start = time.perf_counter()
    rows = encode(
        JapaneseTokenizer(options.vocab_file), texts, None, _MAX_SEQ_LENGTH
    )
    _print_step(f"tokenizing {len(rows):,} training rows", start)


def _write(path: pathlib.Path, num_rows: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for number, row in enumerate(_sample_rows(num_rows)):
            if number:
                row[0] += f"-{number // 847}"
                row[4] += f"({number})"
            writer.writerow(row)


def _sample_rows(num_rows: int) -> Iterator[list[str]]:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    yield header
    for number in range(num_rows):
        yield list(rows[number % len(rows)])


def _print_step(name: str, start: float) -> None:
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{name}: {seconds:.1f} s; peak memory so far {peak:.2f} GB")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
