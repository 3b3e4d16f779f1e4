"""Each task's files in miniature, and what is to be read from them.

The layouts are those of the published files, odd rows included; the texts are
made up. `dev` holds the rows of `train` from the last to the first.
"""

import dataclasses
import pathlib

from glue_tasks.task import Example


@dataclasses.dataclass(frozen=True)
class Published:
    """A task's files, and the examples and targets in them."""

    files: dict[str, list[list[str]]]
    splits: dict[str, list[Example]]
    train_targets: list[float]

    def write(self, folder: pathlib.Path) -> pathlib.Path:
        for name, rows in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            lines = "".join("\t".join(cells) + "\n" for cells in rows)
            path.write_bytes(lines.encode())
        return folder


def _splits(rows, test):
    """Builds the examples from triples and, for the test, pairs of texts."""
    train = [Example(*row) for row in rows]
    return {
        "train": train,
        "dev": train[::-1],
        "test": [Example(*texts) for texts in test],
    }


def _numbered(header, rows, test):
    """Files whose first column counts the rows, from 0 in each."""

    def number(lines):
        return [[str(i), *cells] for i, cells in enumerate(lines)]

    header = header.split()
    return {
        "train.tsv": [header, *number(rows)],
        "dev.tsv": [header, *number(rows[::-1])],
        "test.tsv": [header[:-1], *number(test)],
    }


def _pairs(header, rows, targets):
    """A task with nothing but a number, two texts and a label."""
    test = [row[:2] for row in rows]
    return Published(
        _numbered(header, rows, test), _splits(rows, test), targets
    )


_COLA = [
    ["gj04", "1", "", 'The sailors\' "rode" the breeze.'],
    ["b_82", "0", "*", "Went he where\u2028?"],
    ["c-05", "1", "", "he said so"],
]
_SST2 = [
    ["a smile on your face ", "1"],
    ['"that loves its characters ', "0"],
    ["n't\x85 bad", "1"],
]
_MRPC = [
    ["1", "11", "12", 'He said : " no .', 'Nothing " , he said .'],
    ["0", "13", "14", "Shares fell .", "Shares ros\u00e9 ."],
    ["1", "15", "16", "It rains .", "Rain falls ."],
]
_MRPC_HEADER = ["#1 ID", "#2 ID", "#1 String", "#2 String"]
_STSB = [
    ["A plane takes off.", "An air plane takes off.", "5.000"],
    ['A "man', "Two dogs.", "0"],
    ["A girl sings.", "A woman sings.", "3.7999999999999998"],
]
_STSB_HEADER = (
    "genre filename year old_index source1 source2 sentence1 sentence2 score"
)
_STSB_START = ["main-captions", "MSRvid", "2012test", "0001", "none", "none"]
_QQP_HEADER = ["id", "qid1", "qid2", "question1", "question2", "is_duplicate"]
_QQP = [
    ["0", "1", "2", "How do I start", "Where does one begin?", "1"],
    # The second text of this row has a line break, then an empty line.
    ["1", "3", "4", "Why is it so?", "Is it so"],
    [""],
    ["because of it?", "0"],
    ["2", "5", "6", "", 'What is "a?', "0"],
    ["3", "7", "8", "Is 1 > 2?", "Is 1", "1"],
]
_QQP_EXAMPLES = [
    ("How do I start", "Where does one begin?", "1"),
    ("", 'What is "a?', "0"),
    ("Is 1 > 2?", "Is 1", "1"),
]
_NLI = [
    ("A dog runs.", "No dog runs.", "contradiction"),
    ('He is "in.', "He is in.", "entailment"),
    ("She reads.", "She reads a novel.", "neutral"),
]
_MNLI_HEADER = (
    "promptID pairID genre sentence1_binary_parse sentence2_binary_parse "
    "sentence1_parse sentence2_parse sentence1 sentence2"
)
_MNLI_START = ["12", "12e", "fiction", "( a )", "( b )", "(R a)", "(R b)"]
_XNLI_HEADER = (
    "language gold_label sentence1_binary_parse sentence2_binary_parse "
    "sentence1_parse sentence2_parse sentence1 sentence2 promptID pairID "
    "genre label1 label2 label3 label4 label5 sentence1_tokenized "
    "sentence2_tokenized match"
)


def _mnli() -> Published:
    header = ["index", *_MNLI_HEADER.split()]
    # The first annotator's label is never the gold one.
    others = {"contradiction": "neutral", "neutral": "entailment"}
    others["entailment"] = "contradiction"

    def rows(examples, num_labels, genre):
        start = [*_MNLI_START[:2], genre, *_MNLI_START[3:]]
        return [
            [str(i), *start, a, b, *[others[label]] * num_labels, label]
            for i, (a, b, label) in enumerate(examples)
        ]

    def dev(examples, genre):
        labels = [f"label{i}" for i in range(1, 6)]
        return [[*header, *labels, "gold_label"], *rows(examples, 5, genre)]

    def test(examples, genre):
        return [header, *(row[:10] for row in rows(examples, 0, genre))]

    other = _NLI[1:]
    splits = _splits(_NLI, [row[:2] for row in _NLI])
    splits["dev_mismatched"] = [Example(*row) for row in other]
    splits["test_mismatched"] = [Example(*row[:2]) for row in other]
    train = [[*header, "label1", "gold_label"], *rows(_NLI, 1, "fiction")]
    files = {
        "train.tsv": train,
        "dev_matched.tsv": dev(_NLI[::-1], "fiction"),
        "dev_mismatched.tsv": dev(other, "letters"),
        "test_matched.tsv": test(_NLI, "fiction"),
        "test_mismatched.tsv": test(other, "letters"),
    }
    return Published(files, splits, [0, 1, 2])


def _xnli() -> Published:
    def row(language, text_a, text_b, label):
        texts = [text_a, text_b, "1", "2", "facetoface", *[label] * 5]
        return [language, label, *[""] * 4, *texts, "x", "y", "True"]

    rows = [
        ("\u4ed6\u8bf4", "\u4ed6\u6ca1\u8bf4", "contradiction"),
        ('"\u59b9\u59b9', "\u5979\u8bfb", "neutral"),
        ("\u72d7\u8dd1", "\u72d7\u5728\u8dd1", "entailment"),
    ]
    every = [
        row("ar", "a", "b", "neutral"),
        *(row("zh", *cells) for cells in rows[::-1]),
        row("en", "a", "b", "entailment"),
    ]
    train = [list(cells) for cells in rows]
    train[0][2] = "contradictory"
    examples = [Example(*cells) for cells in rows]
    return Published(
        {
            "multinli/multinli.train.zh.tsv": [
                ["premise", "hypo", "label"],
                *train,
            ],
            "xnli.dev.tsv": [_XNLI_HEADER.split(), *every],
            "xnli.test.tsv": [_XNLI_HEADER.split(), *every],
        },
        {"train": examples, "dev": examples[::-1], "test": examples[::-1]},
        [0, 2, 1],
    )


PUBLISHED = {
    "cola": Published(
        {
            "train.tsv": _COLA,
            "dev.tsv": _COLA[::-1],
            "test.tsv": [
                ["index", "sentence"],
                *([str(i), row[3]] for i, row in enumerate(_COLA)),
            ],
        },
        _splits(
            [(row[3], None, row[1]) for row in _COLA],
            [(row[3],) for row in _COLA],
        ),
        [1, 0, 1],
    ),
    "sst2": Published(
        {
            "train.tsv": [["sentence", "label"], *_SST2],
            "dev.tsv": [["sentence", "label"], *_SST2[::-1]],
            "test.tsv": [
                ["index", "sentence"],
                *([str(i), row[0]] for i, row in enumerate(_SST2)),
            ],
        },
        _splits(
            [(text, None, label) for text, label in _SST2],
            [(text,) for text, _ in _SST2],
        ),
        [1, 0, 1],
    ),
    "mrpc": Published(
        {
            "train.tsv": [["\ufeffQuality", *_MRPC_HEADER], *_MRPC],
            "dev.tsv": [["\ufeffQuality", *_MRPC_HEADER], *_MRPC[::-1]],
            "test.tsv": [
                ["index", *_MRPC_HEADER],
                *([str(i), *row[1:]] for i, row in enumerate(_MRPC)),
            ],
        },
        _splits(
            [(*row[3:], row[0]) for row in _MRPC], [row[3:] for row in _MRPC]
        ),
        [1, 0, 1],
    ),
    "stsb": Published(
        _numbered(
            f"index {_STSB_HEADER}",
            [_STSB_START + row for row in _STSB],
            [_STSB_START + row[:2] for row in _STSB],
        ),
        _splits(
            [
                (*row[:2], score)
                for row, score in zip(_STSB, [5.0, 0.0, 3.8], strict=True)
            ],
            [row[:2] for row in _STSB],
        ),
        [5.0, 0.0, 3.8],
    ),
    "qqp": Published(
        {
            "train.tsv": [_QQP_HEADER, *_QQP],
            "dev.tsv": [_QQP_HEADER, *_QQP[::-1]],
            "test.tsv": [
                ["id", "question1", "question2"],
                *([str(i), *row[:2]] for i, row in enumerate(_QQP_EXAMPLES)),
            ],
        },
        _splits(_QQP_EXAMPLES, [row[:2] for row in _QQP_EXAMPLES]),
        [1, 0, 1],
    ),
    "mnli": _mnli(),
    "qnli": _pairs(
        "index question sentence label",
        [
            ["Who?", 'It was "he.', "entailment"],
            ["When", "In May.", "not_entailment"],
            ["Where?", "There.", "entailment"],
        ],
        [0, 1, 0],
    ),
    "rte": _pairs(
        "index sentence1 sentence2 label",
        [
            ["It rains.", "It is wet.", "not_entailment"],
            ["Oil rose.", "Oil's price rose.", "entailment"],
            ["A", "B", "not_entailment"],
        ],
        [1, 0, 1],
    ),
    "wnli": _pairs(
        "index sentence1 sentence2 label",
        [
            ["The pin hit it and it broke.", "The pin broke.", "0"],
            ["The pin hit it and it broke.", "It broke.", "1"],
            ["A", "B", "0"],
        ],
        [0, 1, 0],
    ),
    "ax": Published(
        {
            "diagnostic.tsv": [
                ["index", "sentence1", "sentence2"],
                *([str(i), *row[:2]] for i, row in enumerate(_NLI)),
            ]
        },
        {"test": [Example(*row[:2]) for row in _NLI]},
        [],
    ),
    "xnli": _xnli(),
}
