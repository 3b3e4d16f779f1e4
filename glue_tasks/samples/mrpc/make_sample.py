"""Writes the bundled sample: paraphrase pairs in MRPC's own file layout.

Both classes are made alike: one event is drawn from a frame and told twice, in
different or in the same wording. In a non-paraphrase the second telling has one
fact changed (a number, name, place, day or direction, or two roles exchanged),
so that word overlap alone does not tell the classes apart.

    python -m glue_tasks.samples.mrpc.make_sample --output_dir DIR
"""

import argparse
import dataclasses
import difflib
import os
import pathlib
import random

from glue_tasks.samples.mrpc import frames

SEED = 20190202
SPLIT_SIZES = {"train": 760, "dev": 120, "test": 120}
MIN_WORDS, MAX_WORDS = 10, 30

# One pair in three is a non-paraphrase, close to MRPC's 32.6 %.
_NON_PARAPHRASE_EVERY = 3
# How often both sentences share a wording. The changed fact costs a
# non-paraphrase some overlap, which the larger share gives back.
_SAME_WORDING = {1: 0.15, 0: 0.45}
_FIRST_ID = 1_000_000


@dataclasses.dataclass(frozen=True)
class Pair:
    """Two sentences and whether they mean the same.

    Attributes:
        label: 1 for a paraphrase, 0 otherwise.
        first_id: MRPC's "#1 ID".
        second_id: MRPC's "#2 ID".
        first: The first sentence.
        second: The second sentence.
        frame: Name of the frame it was made from.
        change: Slots that differ, empty for a paraphrase.
    """

    label: int
    first_id: int
    second_id: int
    first: str
    second: str
    frame: str
    change: tuple[str, ...]


def make_splits(seed: int = SEED) -> dict[str, list[Pair]]:
    """Makes all pairs; no sentence is used twice.

    The test split's labels are only here: its file has no label column.

    Args:
        seed: Start of the random numbers.
    """
    rng = random.Random(seed)
    all_frames = frames.load_frames()
    seen: set[str] = set()
    splits = {}
    made = 0
    for name, size in SPLIT_SIZES.items():
        pairs = []
        for i in range(made, made + size):
            turn, position = divmod(i, len(all_frames))
            pair = _make_pair(all_frames[position], turn + position, seen, rng)
            seen |= {pair.first, pair.second}
            pairs.append(pair)
        made += size
        splits[name] = _shuffled(pairs, rng)
    return _with_ids(splits, rng)


def write_splits(splits: dict[str, list[Pair]], folder: pathlib.Path) -> None:
    """Writes `train.tsv`, `dev.tsv` and `test.tsv`, replacing them if there.

    Args:
        splits: What `make_splits` returns.
        folder: Where to write; made if it is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, pairs in splits.items():
        path = folder / f"{name}.tsv"
        unfinished = path.with_suffix(".tmp")
        unfinished.write_text(
            "".join(f"{line}\n" for line in _lines(name, pairs)),
            encoding="utf-8",
            newline="\n",
        )
        os.replace(unfinished, path)


def main() -> None:
    """Writes the sample, by default over the files beside this module."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--output_dir",
        type=pathlib.Path,
        default=pathlib.Path(__file__).parent,
        help="folder to write to (default: the one of this module)",
    )
    write_splits(make_splits(), parser.parse_args().output_dir)


def _make_pair(
    frame: frames.Frame, turn: int, seen: set[str], rng: random.Random
) -> Pair:
    """Makes the frame's next pair; `turn` settles its class and change."""
    turn, rest = divmod(turn, _NON_PARAPHRASE_EVERY)
    label = 1 if rest else 0
    change = () if label else frame.changes[turn % len(frame.changes)]
    while True:
        first, second = _tell_twice(frame, label, change, rng)
        lengths = [len(text.split()) for text in (first, second)]
        if min(lengths) < MIN_WORDS or max(lengths) > MAX_WORDS:
            continue
        if {first, second} & seen or _is_dull(label, first, second):
            continue
        return Pair(label, 0, 0, first, second, frame.name, change)


def _tell_twice(
    frame: frames.Frame, label: int, change: tuple[str, ...], rng: random.Random
) -> tuple[str, str]:
    facts = frames.draw_facts(frame, rng)
    first = second = frames.pick(rng, frame.wordings)
    if rng.random() >= _SAME_WORDING[label]:
        second = frames.pick(
            rng, [wording for wording in frame.wordings if wording != first]
        )
    others = frames.change_facts(frame, facts, change, rng) if change else facts
    return frames.render(first, facts, rng), frames.render(second, others, rng)


def _is_dull(label: int, first: str, second: str) -> bool:
    """Tells a paraphrase that replaces one word at most, in the same order."""
    matcher = difflib.SequenceMatcher(None, first.split(), second.split())
    kept = sum(block.size for block in matcher.get_matching_blocks())
    longest = max(len(first.split()), len(second.split()))
    return first == second or (label == 1 and longest - kept < 2)


def _shuffled(items: list, rng: random.Random) -> list:
    order = sorted((rng.random(), i) for i in range(len(items)))
    return [items[i] for _, i in order]


def _with_ids(
    splits: dict[str, list[Pair]], rng: random.Random
) -> dict[str, list[Pair]]:
    count = sum(len(pairs) for pairs in splits.values())
    ids = iter(_shuffled(list(range(_FIRST_ID, _FIRST_ID + 2 * count)), rng))
    return {
        name: [
            dataclasses.replace(pair, first_id=next(ids), second_id=next(ids))
            for pair in pairs
        ]
        for name, pairs in splits.items()
    }


def _lines(name: str, pairs: list[Pair]) -> list[str]:
    has_labels = name != "test"
    first_column = "Quality" if has_labels else "index"
    lines = [f"{first_column}\t#1 ID\t#2 ID\t#1 String\t#2 String"]
    for index, pair in enumerate(pairs):
        start = pair.label if has_labels else index
        ids = f"{pair.first_id}\t{pair.second_id}"
        lines.append(f"{start}\t{ids}\t{pair.first}\t{pair.second}")
    return lines


if __name__ == "__main__":
    main()
