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
    outputs: np.ndarray,
    predictions: Sequence[str | float | tuple[str, ...]],
    suffix: str = "",
) -> None:
    """Writes `test_results.tsv` and `predictions.tsv`.

    The first is the original's: no header, one line per example, one column
    per output. The second has what is predicted for each example, which is
    counted from 0; several labels of one example are joined by commas.

    Args:
        directory: Where both files go.
        outputs: float32 `[N, C]`, probabilities or scores, in the order of
            the examples' file.
        predictions: A label, a score or labels for each of the N examples.
        suffix: Put behind both names, for a second test set.

    Raises:
        ValueError: If there is not one prediction per example.
    """
    outputs = np.asarray(outputs, np.float32)  # [N, C]
    if outputs.ndim != 2 or len(outputs) != len(predictions):
        raise ValueError(
            "`outputs` must have one row for each of the "
            f"{len(predictions)} predictions. "
            f"Received: outputs.shape={outputs.shape}"
        )
    directory = pathlib.Path(directory)
    rows = ("\t".join(map(str, row)) + "\n" for row in outputs)
    files.write_text(directory / f"test_results{suffix}.tsv", "".join(rows))
    lines = (f"{i}\t{_shown(p)}\n" for i, p in enumerate(predictions))
    files.write_text(
        directory / f"predictions{suffix}.tsv",
        "index\tprediction\n" + "".join(lines),
    )


def _shown(prediction: str | float | tuple[str, ...]) -> str:
    if isinstance(prediction, tuple):
        return ",".join(prediction)
    if isinstance(prediction, float):
        return str(np.float32(prediction))
    return prediction


def _number(value: float | int) -> str:
    if isinstance(value, numbers.Integral):
        return str(int(value))
    return str(np.float32(value))
