import itertools
import pathlib
import random
import re
import subprocess
import sys

import numpy as np
import pytest

from glue_tasks.samples.mrpc import frames, make_sample

FOLDER = pathlib.Path(make_sample.__file__).parent
SPLITS = ("train", "dev", "test")


@pytest.fixture(scope="module")
def splits():
    return make_sample.make_splits()


@pytest.fixture(scope="module")
def all_frames():
    return frames.load_frames()


def rows(split):
    text = (FOLDER / f"{split}.tsv").read_bytes().decode("utf-8")
    assert text.endswith("\n")
    assert not re.search(r"[\r\ufeff]", text)
    header, *lines = text[:-1].split("\n")
    return header.split("\t"), [line.split("\t") for line in lines]


def overlap(first, second):
    first, second = first.lower().split(), second.lower().split()
    shared = len(set(first) & set(second)) / len(set(first) | set(second))
    return shared, abs(len(first) - len(second))


def overlaps(pairs):
    features = [overlap(pair.first, pair.second) for pair in pairs]
    return np.array(features), np.array([pair.label for pair in pairs])


def accuracy_from_overlap(train, dev):
    """Logistic regression by Newton's method."""

    def design(features):
        scaled = (features - train[0].mean(0)) / train[0].std(0)
        return np.c_[np.ones(len(features)), scaled]

    x, labels = design(train[0]), train[1]
    weights = np.zeros(x.shape[1])
    for _ in range(20):
        p = 1 / (1 + np.exp(-x @ weights))
        hessian = (x.T * (p * (1 - p))) @ x + np.eye(len(weights)) * 1e-3
        weights += np.linalg.solve(hessian, x.T @ (labels - p))
    return np.mean((design(dev[0]) @ weights > 0) == dev[1])


def test_files_are_what_the_generator_writes_under_any_hash_seed(tmp_path):
    module = "glue_tasks.samples.mrpc.make_sample"
    subprocess.run(
        [sys.executable, "-m", module, "--output_dir", str(tmp_path)],
        cwd=FOLDER.parents[2],
        env={"PYTHONHASHSEED": "1", "PATH": ""},
        check=True,
    )
    written = sorted(path.name for path in tmp_path.iterdir())
    assert written == ["dev.tsv", "test.tsv", "train.tsv"]
    for name in written:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()


def test_another_seed_makes_another_sample(splits):
    other = make_sample.make_splits(seed=1)
    assert {p.first for p in other["dev"]} != {p.first for p in splits["dev"]}


@pytest.mark.parametrize("split", SPLITS)
def test_layout_is_that_of_mrpc(split, splits):
    header, lines = rows(split)
    first = "index" if split == "test" else "Quality"
    assert header == [first, "#1 ID", "#2 ID", "#1 String", "#2 String"]
    assert len(lines) == make_sample.SPLIT_SIZES[split]
    for index, (line, pair) in enumerate(
        zip(lines, splits[split], strict=True)
    ):
        start = index if split == "test" else pair.label
        ids = [str(pair.first_id), str(pair.second_id)]
        assert line == [str(start), *ids, pair.first, pair.second]


def test_sizes_and_class_shares(splits):
    sizes = {name: len(pairs) for name, pairs in splits.items()}
    assert sizes == {"train": 760, "dev": 120, "test": 120}
    for pairs in splits.values():
        assert 0.64 < np.mean([pair.label for pair in pairs]) < 0.69


def test_no_sentence_or_id_is_used_twice(splits):
    pairs = [pair for split in SPLITS for pair in splits[split]]
    sentences = [text for pair in pairs for text in (pair.first, pair.second)]
    ids = [i for pair in pairs for i in (pair.first_id, pair.second_id)]
    assert len(set(sentences)) == len(sentences)
    assert len(set(ids)) == len(ids)


def test_sentences_are_well_formed(splits):
    for pair in itertools.chain(*splits.values()):
        for text in (pair.first, pair.second):
            assert 10 <= len(text.split()) <= 30
            assert re.fullmatch(r'(" )?[A-Z].* \.', text), text
            assert re.fullmatch(r"[A-Za-z0-9 ,.'$\"-]+", text), text
            assert "  " not in text
            assert text.count('"') % 2 == 0
            assert not re.search(r"\b[Aa] ([aeiou]|8|11 |18 )", text), text
            assert not re.search(r"\b[Aa]n (?!hour)[^aeiou81]", text), text
            assert not re.search(r"\b(\w+) \1\b", text), text


def test_word_overlap_does_not_tell_the_classes_apart(splits):
    train, dev = overlaps(splits["train"]), overlaps(splits["dev"])
    for features, labels in (train, dev):
        shared = [features[labels == label, 0].mean() for label in (0, 1)]
        assert abs(shared[0] - shared[1]) < 0.03
        assert 0.5 < min(shared)
    assert accuracy_from_overlap(train, dev) < 0.75


def test_frames_are_many_and_come_in_every_split_and_class(splits, all_frames):
    names = {frame.name for frame in all_frames}
    assert len(names) == len(all_frames) >= 40
    assert len({frame.topic for frame in all_frames}) == 7
    for pairs in splits.values():
        assert {pair.frame for pair in pairs} == names
    for label in (0, 1):
        made = {p.frame for p in splits["train"] if p.label == label}
        assert made == names


def test_every_change_shows_in_every_wording(all_frames):
    for frame in all_frames:
        for wording in frame.wordings:
            for slot in itertools.chain(*frame.changes):
                for pattern in frames.expansions(wording):
                    assert re.search(rf"{{{slot}\W", pattern + " ") or (
                        f"{{{slot}." in pattern
                    ), (frame.name, slot, pattern)


def test_changes_alter_only_the_slots_they_name(all_frames):
    rng = random.Random(3)
    for frame, _ in itertools.product(all_frames, range(5)):
        facts = frames.draw_facts(frame, rng)
        for change in frame.changes:
            others = frames.change_facts(frame, facts, change, rng)
            differing = {slot for slot in facts if facts[slot] != others[slot]}
            assert differing == set(change)


def test_article_fits_the_next_word():
    rng = random.Random(0)
    for text, expected in {
        "a(n) {n} percent rise": "An 8.5 percent rise",
        "was a(n) [ankle] injury": "Was an ankle injury",
        "was a(n) 18-month trip": "Was an 18-month trip",
        "was a(n) 180-mile trip": "Was a 180-mile trip",
        "a(n) [|] vaccine": "A vaccine",
    }.items():
        assert frames.render(text, {"n": {"": "8.5"}}, rng) == expected


def test_sentences_are_spaced_as_in_mrpc():
    text = '"{t}", worth $1,250.5, is the board\'s choice.'
    spaced = frames.render(text, {"t": {"": "A B"}}, random.Random(0))
    assert spaced == '" A B " , worth $ 1,250.5 , is the board \'s choice .'
