"""The form in which the GLUE leaderboard takes predictions.

It is that of https://gluebenchmark.com/faq, question 1: a file for each test
set, with a header, then its rows in order, counted from 0.
"""

import pathlib

from glue_tasks.scores import read_score
from glue_tasks.task import Task

HEADER = "index\tprediction"
# Rows of the published test sets, by the leaderboard's names of files.
TEST_ROWS = {
    "CoLA.tsv": 1_063,
    "SST-2.tsv": 1_821,
    "MRPC.tsv": 1_725,
    "STS-B.tsv": 1_379,
    "QQP.tsv": 390_965,
    "MNLI-m.tsv": 9_796,
    "MNLI-mm.tsv": 9_847,
    "QNLI.tsv": 5_463,
    "RTE.tsv": 3_000,
    "WNLI.tsv": 146,
    "AX.tsv": 1_104,
}


def check_submission(path: pathlib.Path, task: Task, num_rows: int) -> None:
    """Checks a file's header, counting, predictions and number of rows.

    Args:
        path: A file as of `write_submission`.
        task: The task it answers.
        num_rows: Rows of the task's published test set.

    Raises:
        ValueError: At the first line that is wrong, with its number.
    """
    with open(path, encoding="utf-8", errors="backslashreplace") as lines:
        header = lines.readline().rstrip("\n")
        if header != HEADER:
            raise ValueError(
                f"{path}, line 1: must be {HEADER!r}. Received: {header[:80]!r}"
            )
        count = 0
        for count, line in enumerate(lines, start=1):
            _check_row(f"{path}, line {count + 1}", task, count - 1, line)
    if count != num_rows:
        raise ValueError(
            f"{path}: must answer all {num_rows} rows of the published test "
            f"set, without --skip_bad_rows. Received: {count} rows"
        )


def check_prediction(task: Task, prediction: str) -> None:
    """Checks the written form of one prediction.

    Raises:
        ValueError: If it is none of the task's labels, or for a regression no
            score within its range.
    """
    if task.problem_type == "regression":
        read_score(prediction, task.score_range)
    elif prediction not in task.labels:
        raise ValueError(
            f"Predictions of {task.display_name} must be among "
            f"{', '.join(task.labels)}. "
            f"Received: prediction={str(prediction)[:80]!r}"
        )


def _check_row(where: str, task: Task, index: int, line: str) -> None:
    line = line.rstrip("\n")
    cells = line.split("\t")
    if len(cells) != 2 or cells[0] != str(index):
        raise ValueError(
            f"{where}: must be the index {index}, a tab and a prediction. "
            f"Received: {line[:80]!r}"
        )
    try:
        check_prediction(task, cells[1])
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None
