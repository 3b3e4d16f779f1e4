import collections
import csv
import itertools
import pathlib
import random
import re
import subprocess
import sys
import unicodedata

import numpy as np
import pytest

from glue_tasks.fungi import labels as fungi_labels
from glue_tasks.samples.fungi import frames, make_sample, sentences

FILE = pathlib.Path(make_sample.__file__).with_name("fungi.csv")
# What a sentence on a difference says, and one on a common trait never does.
DIFFERENCE = (
    r"異な|ではなく|のに対し|区別|別のクレード|本種(より|ほど|の|とは|（)"
)


@pytest.fixture(scope="module")
def rows():
    with open(FILE, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@pytest.fixture(scope="module")
def all_frames():
    return frames.load_frames()


def label_of(row):
    return fungi_labels.parse_label("label", row["label"])


def pieces_of(text):
    """All characters and pairs of neighboring characters."""
    return {*text, *map("".join, itertools.pairwise(text))}


def nearest_centroids(train, labels, test):
    """Names the label whose mean row is nearest, rare columns counting more."""
    weights = np.log((1 + len(train)) / (1 + train.sum(0)))
    train, test = (normalized(x * weights) for x in (train, test))
    names = sorted(set(labels))
    means = np.stack([train[labels == name].mean(0) for name in names])
    return np.array(names)[np.argmax(test @ normalized(means).T, axis=1)]


def normalized(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def test_file_is_what_the_generator_writes_under_any_hash_seed(tmp_path):
    module = "glue_tasks.samples.fungi.make_sample"
    subprocess.run(
        [sys.executable, "-m", module, "--output_dir", str(tmp_path)],
        cwd=FILE.parents[3],
        env={"PYTHONHASHSEED": "1", "PATH": ""},
        check=True,
    )
    assert [path.name for path in tmp_path.iterdir()] == ["fungi.csv"]
    assert (tmp_path / "fungi.csv").read_bytes() == FILE.read_bytes()


def test_another_seed_makes_another_sample():
    first, second = make_sample.make_rows(1), make_sample.make_rows(2)
    assert {r.sentence for r in first} != {r.sentence for r in second}
    for rows in (first, second):
        assert len(rows) == sum(make_sample.NUM_ROWS.values())
        sizes = collections.Counter(row.record for row in rows).values()
        assert 2 <= min(sizes) <= max(sizes) <= 12


def test_layout_is_that_of_the_data_set(rows, shared):
    text = FILE.read_bytes().decode("utf-8")
    assert text.endswith("\n")
    assert not re.search(r"[\r\ufeff]", text)
    real = shared / "data" / "ja" / "fungi_rows.csv"
    header = real.read_text(encoding="utf-8").splitlines()[0]
    assert text.startswith(header + "\n")
    assert all(None not in row and None not in row.values() for row in rows)


def test_no_sentence_or_taxon_is_that_of_a_real_row(rows, shared):
    with open(shared / "data/ja/fungi_rows.csv", encoding="utf-8") as file:
        real = list(csv.DictReader(file))
    columns = ("R3ID", "comparison_source", "comparison_target", "sentence")
    for column in (*columns, "data_source"):
        assert not {r[column] for r in real} & {r[column] for r in rows}


def test_labels_are_all_there_and_uneven(rows):
    counts = collections.Counter(map(label_of, rows))
    assert set(counts) == set(fungi_labels.LABELS)
    assert 700 <= len(rows) <= 900
    assert min(counts.values()) == 3
    assert 75 <= max(counts.values()) <= 90
    assert sum(count < 20 for count in counts.values()) >= 8
    named = {fungi_labels.english_half(k): v for k, v in counts.items()}
    assert named == make_sample.NUM_ROWS


def test_a_few_labels_are_their_japanese_half_alone(rows):
    halves = [row for row in rows if "/" not in row["label"]]
    assert 15 <= len(halves) <= 60
    assert len(set(map(label_of, halves))) >= 8


def test_rows_of_a_record_stand_together_and_agree(rows):
    records = [
        (record, list(group))
        for record, group in itertools.groupby(rows, lambda row: row["R3ID"])
    ]
    assert len(dict(records)) == len(records) >= 100
    pairs = set()
    for record, group in records:
        assert re.fullmatch(r"R3-\d+", record)
        assert 2 <= len(group) <= 12
        numbers = [row["No"] for row in group]
        assert numbers == [f"{i}.0" for i in range(1, len(group) + 1)]
        for column in ("comparison_source", "comparison_target", "data_source"):
            assert len({row[column] for row in group}) == 1
        row = group[0]
        pairs.add((row["comparison_source"], row["comparison_target"]))
        assert row["data_source"].startswith("https://example.org/invented-")
    assert len(pairs) == len(records)
    for pair in pairs:
        assert pair[0] != pair[1]
        assert all(re.fullmatch(r"[A-Z][a-z]+ [a-z]+", name) for name in pair)


def test_no_sentence_is_there_twice(rows):
    assert len({row["sentence"] for row in rows}) == len(rows)


def test_lengths_vary(rows):
    lengths = np.array([len(row["sentence"]) for row in rows])
    assert lengths.min() >= 3
    assert lengths.max() <= 120
    assert 15 <= np.median(lengths) <= 30
    assert np.sum(lengths <= 8) >= 5
    assert np.sum(lengths >= 80) >= 5


def test_sentences_are_well_formed(rows):
    for row in rows:
        text = row["sentence"]
        assert not re.search(r"[{}\[\]|。]|^\s|\s$|\s\s", text), text
        doubled = r"、、|がが|をを|のの|にに|^[、がをに]|[、のを]$"
        assert not re.search(doubled, text), text
        assert not re.search(r"本種と異なり、?本種|点で.*点で", text), text
        assert text.count("（") == text.count("）"), text
        for character in text:
            assert character.isprintable(), text
            assert unicodedata.normalize("NFC", character) == character, text


def test_characters_are_of_every_kind(rows):
    text = "\n".join(row["sentence"] for row in rows)
    for kind in (
        r"\d+\.\d[–～-]\d+\.\d (µ|μ)m",  # a range of micrometers
        r"\d℃",
        r"[Ａ-Ｚ]",  # full width
        r"[０-９]",
        r"[A-Z][a-z]+属",
        r", ",
        r'"',
        r"（.* vs\. .*）",
    ):
        assert re.search(kind, text), kind


def test_the_flag_of_common_traits_fits_the_sentence(rows):
    for row in rows:
        differs = re.search(DIFFERENCE, row["sentence"]) is not None
        assert differs == (row["common_or_different"] == "0"), row["sentence"]
    common = np.mean([row["common_or_different"] == "1" for row in rows])
    assert 0.3 < common < 0.5


def test_numbers_agree_with_what_is_said_of_them(rows):
    found = 0
    for row in rows:
        match = re.search(
            r"(大き|長|太|幅広|多|小さ|短|細|少な)い（([\d.]+)\W([\d.]+)\D+"
            r"([\d.]+)\W([\d.]+)\D*）",
            row["sentence"],
        )
        if not match:
            continue
        found += 1
        low, high, other_low, other_high = map(float, match.groups()[1:])
        assert low < high
        assert other_low < other_high
        is_more = match[1] in ("大き", "長", "太", "幅広", "多")
        assert (low > other_high) if is_more else (high < other_low), match[0]
    assert found >= 10


def test_no_single_piece_of_text_gives_a_label_away(rows):
    labels = [label_of(row) for row in rows]
    pieces = [pieces_of(row["sentence"]) for row in rows]
    everywhere = collections.Counter(itertools.chain(*pieces))
    for label, count in collections.Counter(labels).items():
        if count < 12:
            continue
        within = collections.Counter(
            itertools.chain(
                *(
                    p
                    for p, own in zip(pieces, labels, strict=True)
                    if own == label
                )
            )
        )
        f1 = {p: 2 * n / (everywhere[p] + count) for p, n in within.items()}
        best = max(f1, key=f1.get)
        assert f1[best] < 0.9, (label, best)


def test_labels_can_be_learned_but_not_perfectly(rows):
    pieces = [pieces_of(row["sentence"]) for row in rows]
    columns = {p: i for i, p in enumerate(sorted(set().union(*pieces)))}
    counts = np.zeros((len(rows), len(columns)), np.float32)
    for row, own in zip(counts, pieces, strict=True):
        row[[columns[piece] for piece in own]] = 1
    truth = np.array(list(map(label_of, rows)))
    records = np.array([row["R3ID"] for row in rows])
    hits, accuracies = collections.Counter(), []
    for seed in range(5):
        names = sorted(set(records))
        held_out = random.Random(seed).sample(names, len(names) // 5)
        test = np.isin(records, held_out)
        guesses = nearest_centroids(counts[~test], truth[~test], counts[test])
        accuracies.append(np.mean(guesses == truth[test]))
        hits.update(guesses[guesses == truth[test]])
    majority = max(collections.Counter(truth).values()) / len(rows)
    assert min(accuracies) > max(0.6, majority + 0.4)
    assert max(accuracies) < 0.98
    for label, count in collections.Counter(truth).items():
        assert hits[label] > 0 or count < 10, label


def test_every_label_has_a_frame_and_several_wordings(all_frames):
    names = set(map(fungi_labels.english_half, fungi_labels.LABELS))
    assert set(all_frames) == names == set(make_sample.NUM_ROWS)
    for frame in all_frames.values():
        kinds = (frame.shared, frame.states, frame.contrasts)
        assert sum(map(len, kinds)) >= 6 or frame.name == "unclassified"


def test_every_wording_can_be_filled_and_every_list_is_used(all_frames):
    rng = random.Random(0)
    words = frames.load_words()
    for frame in all_frames.values():
        wordings = {*frame.shared, *frame.states, *frame.contrasts}
        unused, slots = (
            set(wordings),
            set(re.findall(r"\{(\w+)\}", str(wordings))),
        )
        for _ in range(400):
            group = frames.GROUPS[int(rng.random() * 3)]
            facts = frames.draw_facts(frame, group, rng)
            unused -= set(frames.fitting(tuple(wordings), facts))
        assert not unused, frame.name
        for case in frame.cases:
            own = set(case.lists) - set(words)
            assert own <= slots | {s.rstrip("23") for s in slots}, frame.name


def test_every_group_can_tell_and_contrast_every_label(all_frames):
    rng = random.Random(0)
    for frame, group, common in itertools.product(
        all_frames.values(), frames.GROUPS, (True, False)
    ):
        sentence = sentences.make_sentence(frame, group, common, rng)
        assert bool(re.search(DIFFERENCE, sentence.text)) is not common


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("傘が褐色である", "傘が褐色であり"),
        ("胞子が大きい", "胞子が大きく"),
        ("側糸がない", "側糸がなく"),
        ("側糸が観察されない", "側糸が観察されず"),
        ("側糸をもたない", "側糸をもたず"),
        ("側糸が存在しない", "側糸が存在せず"),
        ("剛毛を欠く", "剛毛を欠き"),
        ("柄を有する", "柄を有し"),
        ("柄が丸みを帯びる", "柄が丸みを帯び"),
        ("鱗片に覆われる", "鱗片に覆われ"),
        ("黒色になる", "黒色になり"),
        ("先端が尖る", "先端が尖り"),
        ("色がよく似ている", "色がよく似ており"),
        ("柄が黒ずむ", None),
    ],
)
def test_clauses_go_on(clause, expected):
    assert sentences.go_on(clause) == expected
