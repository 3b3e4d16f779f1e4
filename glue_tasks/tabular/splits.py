"""The rows of the user's training, dev and test files."""

import functools
import os
import pathlib
from collections.abc import Mapping

from absl import logging

from glue_tasks.bad_rows import BadRowHandler
from glue_tasks.tabular.config import TabularConfig
from glue_tasks.tabular.examples import read_examples
from glue_tasks.tabular.files import explain_missing
from glue_tasks.tabular.labels import label_parser
from glue_tasks.tabular.splitting import hold_out
from glue_tasks.tabular.training_file import check_unchanged
from glue_tasks.task import Example


class Splits:
    """Reads the files of the splits, the training file once.

    Without a dev file, `train` and `dev` share the training file's rows.

    Args:
        config: Names the columns.
        files: The files there are, by split.
        data_dir: Folder in which they were looked for, for messages.
        on_bad_row: Takes the error of each row that cannot be read.

    Attributes:
        labels: Labels that rows may have. None: any.
    """

    def __init__(
        self,
        config: TabularConfig,
        files: Mapping[str, pathlib.Path],
        data_dir: str | os.PathLike | None,
        on_bad_row: BadRowHandler,
    ):
        self.labels: tuple[str, ...] | None = None
        self._config = config
        self._files = files
        self._data_dir = data_dir
        self._on_bad_row = on_bad_row

    def split(self, split: str) -> list[Example]:
        """Returns the rows of `train`, `dev` or `test`.

        Raises:
            FileNotFoundError: If there is no file for it.
        """
        if split in ("train", "dev") and "dev" not in self._files:
            if "train" not in self._files:
                raise FileNotFoundError(explain_missing(split, self._data_dir))
            return self._parts[split]
        return self.training if split == "train" else self._read(split)

    @functools.cached_property
    def training(self) -> list[Example]:
        """All rows of the training file."""
        return self._read("train")

    @functools.cached_property
    def _parts(self) -> dict[str, list[Example]]:
        rows, config = self.training, self._config
        check_unchanged(config, self._files["train"])
        classes = [row.label for row in rows]
        strata = classes if config.label_type == "class" else None
        try:
            parts = hold_out(len(rows), config.dev_share, config.seed, strata)
        except ValueError as error:
            raise ValueError(
                f"{self._files['train']} cannot do without a --dev_file: "
                f"{error}"
            ) from None
        logging.info(
            "No dev file: %d of the %d training rows are held out to evaluate "
            "on (--dev_share=%g, --split_seed=%d).",
            len(parts[1]),
            len(rows),
            config.dev_share,
            config.seed,
        )
        names = ("train", "dev")
        return {
            name: [rows[i] for i in part]
            for name, part in zip(names, parts, strict=True)
        }

    def path(self, split: str) -> pathlib.Path:
        """Returns the file of `split`.

        Raises:
            FileNotFoundError: If there is none.
        """
        if split not in self._files:
            raise FileNotFoundError(explain_missing(split, self._data_dir))
        return self._files[split]

    def _read(self, split):
        config = self._config
        return read_examples(
            self.path(split),
            config.text_columns,
            None if split == "test" else config.label_column,
            label_parser(config, self.labels),
            self._on_bad_row,
        )
