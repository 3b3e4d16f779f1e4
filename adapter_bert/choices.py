"""Questions with several choices, scored one choice a row.

The rows of a question stand together, in the order of its choices. The model
says of each whether it is right; its answer is the choice it is surest of.
"""

import numpy as np


def best_choices(values: np.ndarray, num_choices: int) -> np.ndarray:
    """Returns the place of each question's greatest value, from 0.

    Args:
        values: Array of `[rows]`: the probability that a row is right, or
            whatever grows with it.
        num_choices: Rows of a question.

    Returns:
        int array of `[questions]`; of equal values, the first.

    Raises:
        ValueError: If the rows are not whole questions, or a value is NaN.
    """
    return _by_question("values", values, num_choices).argmax(axis=1)


def grouped_accuracy(
    targets: np.ndarray, values: np.ndarray, num_choices: int
) -> float:
    """Returns the share of questions whose right choice has the best value.

    Args:
        targets: Array of `[rows]`: 1 for the right choice, else 0.
        values: As in `best_choices`.
        num_choices: Rows of a question.

    Raises:
        ValueError: If the rows are not whole questions, if they are of two
            numbers, or if a question has not one right choice.
    """
    right = _by_question("targets", targets, num_choices)
    values = _by_question("values", values, num_choices)
    if right.shape != values.shape:
        raise ValueError(
            "`targets` and `values` must be of one length. Received: "
            f"{right.size} and {values.size}"
        )
    if not np.isin(right, (0, 1)).all() or (right.sum(axis=1) != 1).any():
        raise ValueError(
            f"Each {num_choices} `targets` must be one 1 and else 0. "
            f"Received: targets={targets}"
        )
    return float((right.argmax(axis=1) == values.argmax(axis=1)).mean())


def _by_question(name: str, rows: np.ndarray, num_choices: int) -> np.ndarray:
    rows = np.asarray(rows)
    if rows.ndim != 1 or not rows.size or rows.size % num_choices:
        raise ValueError(
            f"`{name}` must be of shape [rows], {num_choices} rows for each "
            f"question. Received: {name} of shape {rows.shape}"
        )
    if np.isnan(rows).any():
        raise ValueError(f"`{name}` must be numbers. Received: NaN")
    return rows.reshape(-1, num_choices)
