"""What the columns of the user's own tables mean."""

import dataclasses
from typing import Any

from adapter_bert.validation import (
    require_choice,
    require_positive,
    require_rate,
    require_seed,
)

NAME = "tabular"  # of the task
BEST = "best"  # thresholds

# From the words of the command line to the types of problem.
LABEL_TYPES = {
    "class": "single_label_classification",
    "score": "regression",
    "multi": "multi_label_classification",
}


@dataclasses.dataclass(frozen=True)
class TabularConfig:
    """Which columns and files of the user's own data are read, and how.

    Attributes:
        text_a_column: Name of the column with the first text.
        text_b_column: Name of the column with the second text. None: single
            texts.
        label_column: Name of the column with the label.
        label_type: `class` (one label a row), `score` (a number) or `multi`
            (any number of labels a row).
        label_separator: What stands between a row's labels where they are one
            string; of `multi` only.
        train_file: Path of the training rows. None: found by its name in the
            data folder.
        dev_file: Path of the rows to evaluate on. None: found likewise, else
            a share of the training rows.
        test_file: Path of the rows to predict. None: found likewise.
        dev_share: That share, above 0 and below 1.
        seed: Decides which training rows it takes.
        train_sha256: Checksum of the training file that rows were held out
            of. None: not known.

    Raises:
        ValueError: If a field is out of range, or two columns are one.
    """

    text_a_column: str = "text"
    text_b_column: str | None = None
    label_column: str = "label"
    label_type: str = "class"
    label_separator: str = ","
    train_file: str | None = None
    dev_file: str | None = None
    test_file: str | None = None
    dev_share: float = 0.1
    seed: int = 1
    train_sha256: str | None = None

    def __post_init__(self):
        """Rejects fields that are out of range."""
        names = ("text_a_column", "text_b_column", "label_column")
        columns = {name: getattr(self, name) for name in names}
        if self.text_b_column is None:
            del columns["text_b_column"]
        for name, value in (
            *columns.items(),
            ("label_separator", self.label_separator),
        ):
            if not isinstance(value, str) or not value:
                raise ValueError(
                    f"`{name}` must be a string of one letter or more. "
                    f"Received: {name}={value!r}"
                )
        if len(set(columns.values())) < len(columns):
            received = ", ".join(f"{k}={v!r}" for k, v in columns.items())
            raise ValueError(
                f"The columns must be different ones. Received: {received}"
            )
        require_choice("label_type", self.label_type, LABEL_TYPES)
        require_positive("dev_share", self.dev_share)
        require_rate("dev_share", self.dev_share)
        require_seed("seed", self.seed)

    @property
    def text_columns(self) -> tuple[str, ...]:
        """Names of the one or two columns with texts."""
        if self.text_b_column is None:
            return (self.text_a_column,)
        return (self.text_a_column, self.text_b_column)

    @property
    def problem_type(self) -> str:
        """Which type of problem the labels pose."""
        return LABEL_TYPES[self.label_type]

    def to_dict(self) -> dict[str, Any]:
        """Returns the fields as a JSON-ready dict."""
        return dataclasses.asdict(self)
