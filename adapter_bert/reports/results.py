"""Scores and predictions, in the original's files and in plainer ones.

Letters: N examples, C labels.
"""

import numbers
import os
import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from adapter_bert import files
from adapter_bert.reports.json_text import to_json


def write_eval_results(
    directory: str | os.PathLike,
    scores: Mapping[str, float | int],
    details: Mapping[str, Any],
) -> None:
    """Writes `eval_results.txt` and `eval_results.json`.

    The text file is the original's: one `key = value` a line, keys sorted,
    numbers as float32 prints them.

    Args:
        directory: Where both files go.
        scores: Values by name, such as `eval_accuracy` and `global_step`.
        details: What the scores rest on (data, checkpoint, warnings,
            settings, versions); they stand beside the key `scores` in the
            JSON file.

    Raises:
        ValueError: If `details` has a key `scores` of its own.
    """
    if "scores" in details:
        raise ValueError(
            "`details` must not have a key `scores`. "
            f"Received: keys {', '.join(map(str, details))}"
        )
    directory = pathlib.Path(directory)
    lines = [f"{key} = {_number(scores[key])}\n" for key in sorted(scores)]
    files.write_text(directory / "eval_results.txt", "".join(lines))
    values = {"scores": dict(sorted(scores.items())), **details}
    files.write_text(
        directory / "eval_results.json", to_json(values, indent=2) + "\n"
    )


def write_test_results(
    directory: str | os.PathLike,
    probabilities: np.ndarray,
    labels: Sequence[str],
) -> None:
    """Writes `test_results.tsv` and `predictions.tsv`.

    The first is the original's: no header, one line per example, one column
    per label. The second names the likeliest label of each example, which is
    counted from 0.

    Args:
        directory: Where both files go.
        probabilities: float32 `[N, C]`, in the order of the examples' file.
        labels: The C labels, in the order of the columns.

    Raises:
        ValueError: If there is not one column per label.
    """
    probabilities = np.asarray(probabilities, np.float32)  # [N, C]
    if probabilities.shape != (len(probabilities), len(labels)):
        raise ValueError(
            f"`probabilities` must have one column for each of the "
            f"{len(labels)} labels. "
            f"Received: probabilities.shape={probabilities.shape}"
        )
    directory = pathlib.Path(directory)
    rows = ("\t".join(map(str, row)) + "\n" for row in probabilities)
    files.write_text(directory / "test_results.tsv", "".join(rows))
    best = probabilities.argmax(axis=1)  # [N]
    lines = (f"{i}\t{labels[label]}\n" for i, label in enumerate(best))
    files.write_text(
        directory / "predictions.tsv", "index\tprediction\n" + "".join(lines)
    )


def _number(value: float | int) -> str:
    if isinstance(value, numbers.Integral):
        return str(int(value))
    return str(np.float32(value))
