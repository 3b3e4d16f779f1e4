"""Writes the bundled sample: sentences on fungi in the data set's own columns.

The fungi, their records and all sentences are invented. Labels share parts of
the fungus, openings and endings, and each has several frames, so that no
single word gives a label away; how often a label occurs is as uneven as in the
data set.

    python -m glue_tasks.samples.fungi.make_sample --output_dir DIR
"""

import argparse
import csv
import dataclasses
import io
import pathlib
import random

from adapter_bert.files import write_text
from glue_tasks.fungi.labels import LABELS, english_half, japanese_half
from glue_tasks.samples.fungi import frames
from glue_tasks.samples.fungi.sentences import make_sentence
from glue_tasks.samples.mrpc.frames import pick

SEED = 20230803
FILE_NAME = "fungi.csv"
COLUMNS = (
    "R3ID",
    "No",
    "comparison_source",
    "comparison_target",
    "sentence",
    "label",
    "common_or_different",
    "data_source",
)
NUM_ROWS = {
    "habitat": 66,
    "size": 84,
    "surface_characteristics": 68,
    "color": 80,
    "shape": 74,
    "geographical_distribution": 44,
    "general_morphology": 30,
    "presence": 62,
    "structure": 44,
    "position": 30,
    "secondary_metabolite": 20,
    "molecular_phylogenetic_analysis": 36,
    "chemical_reaction": 16,
    "general_characters": 9,
    "physiological_characters": 28,
    "resistance_and_susceptibility": 14,
    "assimilation_and_fermentation": 16,
    "texture": 20,
    "amount": 34,
    "development": 16,
    "nutrition_style": 18,
    "disease_and_pathogenecity": 16,
    "taste_and_smell": 11,
    "classification": 8,
    "unclassified": 3,
}
MIN_RECORD, MAX_RECORD = 2, 12  # rows

_FIRST_RECORD = 90001
_COMMON = 0.4  # of the rows
_JAPANESE_HALF_ONLY = 0.04  # of the labels
_SAME_GENUS = 0.75  # of the pairs
# Sentences drawn until one may speak of a part that another one spoke of.
_PATIENCE = 100


@dataclasses.dataclass(frozen=True)
class Row:
    """A row of the file; see the data set's columns."""

    record: str
    number: float
    source: str
    target: str
    sentence: str
    label: str
    common: bool
    url: str

    def cells(self) -> tuple[str, ...]:
        """Returns the row as it stands in the file."""
        return (
            self.record,
            str(self.number),
            self.source,
            self.target,
            self.sentence,
            self.label,
            str(int(self.common)),
            self.url,
        )


def make_rows(seed: int = SEED) -> list[Row]:
    """Makes all rows, record by record; no sentence is used twice.

    Args:
        seed: Start of the random numbers.
    """
    rng = random.Random(seed)
    all_frames = frames.load_frames()
    words = frames.load_words()
    seen_pairs: set[tuple[str, str]] = set()
    seen: set[str] = set()
    rows = []
    for index, labels in enumerate(_deal_labels(rng)):
        number = _FIRST_RECORD + index
        record = [
            f"R3-{number}",
            *_draw_pair(words, seen_pairs, rng),
            f"https://example.org/invented-fungi/{number}",
        ]
        content = [all_frames[english_half(label)] for label in labels]
        texts = _tell(content, pick(rng, frames.GROUPS), seen, rng)
        for i, (label, (text, common)) in enumerate(
            zip(labels, texts, strict=True)
        ):
            rows.append(_row(record, float(i + 1), text, label, common, rng))
    return rows


def write_rows(rows: list[Row], folder: pathlib.Path) -> None:
    """Writes `fungi.csv`, replacing it if it is there.

    Args:
        rows: What `make_rows` returns.
        folder: Where to write; made if it is missing.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(row.cells() for row in rows)
    write_text(folder / FILE_NAME, text.getvalue())


def main() -> None:
    """Writes the sample, by default over the file beside this module."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--output_dir",
        type=pathlib.Path,
        default=pathlib.Path(__file__).parent,
        help="folder to write to (default: the one of this module)",
    )
    write_rows(make_rows(), parser.parse_args().output_dir)


def _deal_labels(rng: random.Random) -> list[list[str]]:
    """Shuffles the labels of all rows and cuts them into records."""
    labels = [
        label for label in LABELS for _ in range(NUM_ROWS[english_half(label)])
    ]
    # `Random.shuffle` need not repeat itself on another Python version.
    order = sorted((rng.random(), i) for i in range(len(labels)))
    labels = [labels[i] for _, i in order]
    records = []
    while labels:
        size = MIN_RECORD + int(rng.random() * (MAX_RECORD - MIN_RECORD + 1))
        if len(labels) == size + 1:  # would be left as a record of one row
            size += 1 if size < MAX_RECORD else -1
        records.append(labels[:size])
        labels = labels[size:]
    return records


def _draw_pair(
    words: dict[str, list[str]],
    seen: set[tuple[str, str]],
    rng: random.Random,
) -> tuple[str, str]:
    while True:
        first = pick(rng, words["genus"])
        second = first
        if rng.random() >= _SAME_GENUS:
            second = pick(rng, words["genus"])
        names = [
            f"{genus} {pick(rng, words['epithet'])}"
            for genus in (first, second)
        ]
        pair = (names[0], names[1])
        if names[0] != names[1] and pair not in seen:
            seen.add(pair)
            return pair


def _tell(
    content: list[frames.Frame], group: str, seen: set[str], rng: random.Random
) -> list[tuple[str, bool]]:
    """Writes a record's sentences, under a label one to a part if possible."""
    told: set[tuple[str, str]] = set()
    texts = []
    for frame in content:
        for attempt in range(2 * _PATIENCE):
            common = rng.random() < _COMMON
            sentence = make_sentence(frame, group, common, rng)
            claims = {(frame.name, part) for part in sentence.subjects}
            if sentence.text in seen:
                continue
            if attempt >= _PATIENCE or not claims & told:
                break
        else:
            raise ValueError(
                f"frame '{frame.name}' must have more to say of {group}. "
                f"Drawn without a new sentence: {2 * _PATIENCE}"
            )
        seen.add(sentence.text)
        told |= claims
        texts.append((sentence.text, common))
    return texts


def _row(record, number, text, label, common, rng) -> Row:
    name, source, target, url = record
    if rng.random() < _JAPANESE_HALF_ONLY:
        label = japanese_half(label)
    return Row(name, number, source, target, text, label, common, url)


if __name__ == "__main__":
    main()
