"""The fungi data as a task with three splits."""

import dataclasses
import functools
import os
import pathlib

from absl import logging

from glue_tasks.bad_rows import BadRowHandler, refuse
from glue_tasks.checksum import file_sha256
from glue_tasks.fungi import files, hub
from glue_tasks.fungi.config import NAME, TAXA_SEPARATOR, FungiConfig
from glue_tasks.fungi.labels import NAMES
from glue_tasks.fungi.rows import read_rows
from glue_tasks.fungi.splitting import SPLITS, split_rows
from glue_tasks.jglue import JAPANESE_ENCODER
from glue_tasks.split_format import SplitFormat
from glue_tasks.task import Example, Task, TaskData


def load_data(
    config: FungiConfig,
    data_dir: str | os.PathLike | None = None,
    dataset: str | None = None,
    on_bad_row: BadRowHandler = refuse,
) -> TaskData:
    """Finds the data; it is read, once, when the first split is asked for.

    Args:
        config: What is read and how it is divided.
        data_dir: The CSV file, or a folder with it alone. None: see
            `dataset`.
        dataset: Name of the data set on the Hugging Face Hub. None, as
            `data_dir`: the sample that comes with this package.
        on_bad_row: Takes the error of each row that cannot be read. Defaults
            to raising it.

    Returns:
        Rows by `train`, `dev` and `test`; the test rows have labels too.

    Raises:
        FileNotFoundError: If there is no such file, or the Hub has none.
        ValueError: If the arguments do not say which file it is.
    """
    path, description = files.find_file(data_dir, dataset)
    warning = None
    if data_dir is None and dataset is None:
        warning = (
            "The scores are not those of the fungi data set: the data is the "
            "small sample that comes with this program. Give --data_dir, its "
            f"CSV file, or --dataset={hub.DEFAULT} for the real data."
        )
    read = functools.cache(lambda: _read(path, config, on_bad_row))
    return TaskData(
        make_task(config), description, warning, lambda split: read()[split]
    )


def with_checksum(
    config: FungiConfig,
    data_dir: str | os.PathLike | None,
    dataset: str | None,
) -> FungiConfig:
    """Returns `config` with the checksum of the file that `load_data` reads.

    Raises:
        FileNotFoundError: If there is no such file, or the Hub has none.
        ValueError: If the arguments do not say which file it is.
    """
    path, _ = files.find_file(data_dir, dataset)
    return dataclasses.replace(config, sha256=file_sha256(path))


def make_task(config: FungiConfig) -> Task:
    """Returns the task that `config` makes of the data set's columns."""
    sentence, *taxa = config.text_columns
    layout = SplitFormat(
        file="*.csv",
        text_a=sentence,
        text_b=TAXA_SEPARATOR.join(taxa) or None,
        label=config.target,
    )
    return Task(
        name=NAME,
        display_name=NAME,
        labels=NAMES[config.target],
        splits=dict.fromkeys(SPLITS, layout),
        metrics=("accuracy", "f1_macro"),
        default_checkpoint=JAPANESE_ENCODER,
    )


def _read(
    path: pathlib.Path, config: FungiConfig, on_bad_row: BadRowHandler
) -> dict[str, list[Example]]:
    if config.sha256 not in (None, file_sha256(path)):
        raise ValueError(
            f"{path} is not the file that the adapter was trained on, or has "
            "changed since, so that nobody can tell which of its rows were "
            "held out. Give the file of the training with --data_dir."
        )
    rows = read_rows(path, config, on_bad_row)
    labels = [example.label for example in rows.examples]
    try:
        places = split_rows(config.split, config.seed, labels, rows.records)
    except ValueError as error:
        raise ValueError(f"{path} cannot be split: {error}") from None
    logging.info(
        "Split %s, seed %d: %s.",
        config.split,
        config.seed,
        ", ".join(f"{name} {len(places[name])}" for name in SPLITS),
    )
    return {name: [rows.examples[i] for i in places[name]] for name in SPLITS}
