"""What a finished run has found."""

import dataclasses
import json
import math
import numbers
import pathlib
from typing import Any

from benchmarks.sweep.attempt import Attempt
from benchmarks.sweep.grid import Configuration

FILE_NAME = "eval_results.json"


@dataclasses.dataclass(frozen=True)
class Result:
    """Scores of a run and what they rest on.

    Attributes:
        attempt: The run.
        metric: Name of the score that runs are compared by.
        scores: All scores, by name; None for one that is not a number.
        trained: Number of trained parameters.
        plain_encoder: Parameters of the encoder without adapters and head.
        total: Parameters of the whole model.
        task: Name of the task, for people.
        data: Where its rows are from.
        base: Where the pretrained encoder is from.
        warnings: What a reader of the scores must know.
    """

    attempt: Attempt
    metric: str
    scores: dict[str, float | None]
    trained: int
    plain_encoder: int
    total: int
    task: str
    data: str
    base: str
    warnings: tuple[str, ...]

    @property
    def configuration(self) -> Configuration:
        """The run's settings, without its seed."""
        return self.attempt.run.configuration

    @property
    def score(self) -> float:
        """The score that runs are compared by; NaN if it is undefined."""
        score = self.scores[self.metric]
        return math.nan if score is None else score

    @property
    def share(self) -> float:
        """Trained parameters as a share of the encoder's."""
        return self.trained / self.plain_encoder


def read_result(directory: pathlib.Path, attempt: Attempt) -> Result:
    """Reads what the evaluation of an attempt wrote.

    Args:
        directory: The run's folder.
        attempt: The attempt.

    Raises:
        ValueError: If there is nothing, or if something is missing in it.
    """
    path = directory / FILE_NAME
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        parameters = values["parameters"]
        result = Result(
            attempt=attempt,
            metric=values["main_metric"],
            scores=values["scores"],
            trained=parameters["trained"],
            plain_encoder=parameters["plain_encoder"],
            total=parameters["total"],
            task=values.get("display_name", values["task"]),
            data=values["data"],
            base=values["base"],
            warnings=tuple(values["warnings"]),
        )
        _check_score(result.scores, result.metric)
    except FileNotFoundError:
        raise ValueError(f"There is no {path}.") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"{path} is not whole: {error}") from None
    except KeyError as error:
        raise ValueError(f"{path} has no {error}.") from None
    except TypeError:
        raise ValueError(f"{path} is not made as expected.") from None
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    return result


def _check_score(scores: dict[str, Any], metric: str) -> None:
    score = scores[metric]
    # Undefined it is null: a correlation with equal predictions, say.
    if score is not None and not isinstance(score, numbers.Real):
        raise ValueError(f"{metric} is no number.")
