"""Mistakes in JSON Lines give the file, the line and what was expected."""

import json

import pytest

from glue_tasks.bad_rows import SkippedRows
from glue_tasks.readers import read_split
from glue_tasks.registry import get_task
from glue_tasks.split_format import SplitFormat
from glue_tasks.task import Example, Task

JSTS = get_task("jsts")
JCOLA = get_task("jcola")
QUESTIONS = get_task("jcommonsenseqa")
PAIR = {"sentence1": "猫", "sentence2": "犬", "label": 3.8}
GOOD = json.dumps(PAIR)


def changed(**values):
    return json.dumps(PAIR | values)


def lacking(*keys):
    return json.dumps({k: v for k, v in PAIR.items() if k not in keys})


def question(label):
    choices = {f"choice{i}": f"答え{i}" for i in range(5)}
    return json.dumps({"question": "何?", **choices, "label": label})


def write(folder, text, task=JSTS):
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    (folder / task.splits["train"].file).write_bytes(data)


def error_of(folder, line, task=JSTS):
    """Returns what is said of a second line that follows a good one."""
    first = {"jsts": GOOD, "jcola": '{"sentence": "a", "label": 1}'}
    lines = [first.get(task.name, question(0)).encode(), line]
    write(folder, b"\n".join(lines) + b"\n", task)
    with pytest.raises(ValueError, match="line 2: ") as raised:
        read_split(task, folder, "train")
    where = f"{folder / task.splits['train'].file}, line 2: "
    message = str(raised.value)
    assert message.startswith(where)
    return message.removeprefix(where)


KEYS = "'sentence1', 'sentence2', 'label'"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "is blank; expected a JSON object"),
        ("  ", "is blank; expected a JSON object"),
        ("猫\t犬\t3.8", "must be one whole JSON object. Expecting value at"),
        (GOOD[:-1], "must be one whole JSON object. Expecting ',' delimiter"),
        (GOOD + GOOD, "must be one whole JSON object. Extra data at"),
        ("[1]", "must be one JSON object. Received: an array"),
        ('"a"', "must be one JSON object. Received: a string"),
        ("null", "must be one JSON object. Received: null"),
        ("3", "must be one JSON object. Received: a number or a truth value"),
        ("[" * 100_000, "is nested too deeply"),
        ('{"label": 1, "label": 2}', "keys must differ. There twice: 'label'"),
        ("{}", f"must be a JSON object with the keys {KEYS}. Missing: {KEYS}"),
        (
            lacking("sentence2", "label"),
            f"must be a JSON object with the keys {KEYS}. Missing: "
            "'sentence2', 'label'. Found: 'sentence1'",
        ),
        (
            changed(sentence1=12),
            "key 'sentence1' must hold a string. Received: 12",
        ),
        (
            changed(sentence2=None),
            "key 'sentence2' must hold a string. Received: null",
        ),
        (
            changed(sentence2=["犬"]),
            "key 'sentence2' must hold a string. Received: [\"犬\"]",
        ),
        (
            changed(label=True),
            "key 'label' must hold a string or a number. Received: true",
        ),
        (
            changed(label={"score": 1}),
            "key 'label' must hold a string or a number. Received: "
            '{"score": 1}',
        ),
    ],
)
def test_line_that_is_no_row(tmp_path, line, message):
    assert error_of(tmp_path, line.encode()).startswith(message)


@pytest.mark.parametrize(
    ("score", "shown"),
    [
        (5.1, "5.1"),
        (-1, "-1.0"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        ("high", "'high'"),
        (10**400, "100000000000000000...0000000000000000000"),
    ],
)
def test_score_that_is_none(tmp_path, score, shown):
    assert error_of(tmp_path, changed(label=score).encode()) == (
        "column 'label': `score` must be a finite number from 0 to 5. "
        f"Received: score={shown}"
    )


def test_number_too_long_for_python(tmp_path):
    line = changed(label=0).replace("0}", "9" * 5000 + "}").encode()
    assert "4300" in error_of(tmp_path, line)


@pytest.mark.parametrize(
    ("label", "shown"),
    [(2, "'2'"), ("yes", "'yes'"), (1.0, "'1.0'"), ("", "''")],
)
def test_unknown_label(tmp_path, label, shown):
    line = json.dumps({"sentence": "b", "label": label}).encode()
    assert error_of(tmp_path, line, JCOLA) == (
        f"unknown label {shown} in column 'label'. Known: 0, 1"
    )


@pytest.mark.parametrize("label", [5, -1, "choice0", 0.5])
def test_label_that_is_no_choice(tmp_path, label):
    assert error_of(tmp_path, question(label).encode(), QUESTIONS) == (
        f"unknown label '{label}' in column 'label'. Known: 0, 1, 2, 3, 4"
    )


def test_question_that_lacks_a_choice(tmp_path):
    line = question(0).replace("choice3", "choice5").encode()
    message = error_of(tmp_path, line, QUESTIONS)
    assert "Missing: 'choice3'. Found: 'question', 'choice0'" in message


def test_shift_jis_and_nul_bytes(tmp_path):
    line = json.dumps(PAIR, ensure_ascii=False).encode("shift_jis")
    message = error_of(tmp_path, line)
    assert message.startswith("must be UTF-8. Received: byte 0x94 at position")
    assert "NUL byte" in error_of(tmp_path, b"\0")


def test_utf_16_and_empty_files(tmp_path):
    write(tmp_path, GOOD.encode("utf-16"))
    with pytest.raises(ValueError, match="line 1: must be UTF-8; the file is"):
        read_split(JSTS, tmp_path, "train")
    write(tmp_path, b"")
    with pytest.raises(ValueError, match="is empty") as raised:
        read_split(JSTS, tmp_path, "train")
    assert str(raised.value) == (
        f"{tmp_path}/train-v1.3.json is empty; expected a JSON object with "
        f"the keys {KEYS}"
    )


def test_bad_rows_are_listed_and_the_others_read(tmp_path):
    lines = [GOOD, "no", changed(label=9), GOOD, lacking("label")]
    write(tmp_path, "\n".join(lines))
    skipped = SkippedRows()
    rows = read_split(JSTS, tmp_path, "train", skipped.add)
    assert rows == [Example("猫", "犬", 3.8)] * 2
    assert [message.partition(": ")[0] for message in skipped.messages] == [
        f"{tmp_path}/train-v1.3.json, line {number}" for number in (2, 3, 5)
    ]
    write(tmp_path, "no\nno")
    with pytest.raises(ValueError, match="no row that can be read; 2 cannot"):
        read_split(JSTS, tmp_path, "train", SkippedRows().add)


def test_bad_question_leaves_the_others_whole(tmp_path):
    write(tmp_path, "\n".join(map(question, (1, 7, 3))), QUESTIONS)
    rows = read_split(QUESTIONS, tmp_path, "train", SkippedRows().add)
    labels = "".join(row.label for row in rows)
    assert labels == "0100000010"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_byte_order_mark_and_line_ends(tmp_path, bom, end):
    write(tmp_path, bom + GOOD + end + GOOD)
    assert len(read_split(JSTS, tmp_path, "train")) == 2


def test_strings_and_numbers_are_labels_and_scores(tmp_path):
    write(tmp_path, changed(label="3.8") + "\n" + changed(label=4))
    scores = [row.label for row in read_split(JSTS, tmp_path, "train")]
    assert scores == [3.8, 4.0]
    lines = [json.dumps({"sentence": "a", "label": n}) for n in ("1", 1, 0)]
    write(tmp_path, "\n".join(lines), JCOLA)
    labels = [row.label for row in read_split(JCOLA, tmp_path, "train")]
    assert labels == ["1", "1", "0"]


def test_rows_of_another_split_are_passed_over(tmp_path):
    layout = SplitFormat("a.jsonl", "text", where={"part": "train"})
    task = Task("a", "A", ("x", "y"), {"train": layout}, ("accuracy",))
    rows = [{"text": part, "part": part} for part in ("dev", "train", "dev")]
    write(tmp_path, "\n".join(map(json.dumps, rows)), task)
    assert read_split(task, tmp_path, "train") == [Example("train")]


def test_unlabeled_questions(tmp_path):
    layout = SplitFormat("q.json", "q", choices=("a", "b"))
    task = Task("q", "Q", ("0", "1"), {"train": layout}, ("accuracy",))
    assert task.num_choices == 2
    write(tmp_path, '{"q": "?", "a": "1", "b": "2", "label": 1}', task)
    assert read_split(task, tmp_path, "train") == [
        Example("?", "1"),
        Example("?", "2"),
    ]


def test_choices_are_the_second_texts():
    with pytest.raises(ValueError, match="`text_b` must be None where there"):
        SplitFormat("q.json", "q", "b", choices=("a", "c"))
