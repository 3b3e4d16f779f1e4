"""A task's rows from tensorflow-datasets: on disk, else downloaded.

Left alone without a network, the package retries for minutes. So it is not
even imported unless its folder holds the data or its download hosts answer.
"""

import importlib.util
import os
import pathlib
from collections.abc import Callable
from typing import Any

from absl import logging

from adapter_bert import network
from adapter_bert.startup import list_devices
from glue_tasks.scores import read_score
from glue_tasks.task import Example, Label, Task, TfdsFormat

_PROBE_SECONDS = 3.0
_ROWS_PER_READ = 4096
_UNLABELED = -1


class UnavailableError(Exception):
    """Says why tensorflow-datasets cannot give the data."""


def open_builder(tfds_format: TfdsFormat) -> Any:
    """Returns a builder whose data is on disk, downloading it if need be.

    Without a network the answer takes seconds: one probe of each host.

    Raises:
        UnavailableError: If there is no data; the text says why.
    """
    package = _package_folder()
    builder = _find_on_disk(tfds_format)
    if builder is None:
        for url in _download_urls(package, tfds_format):
            if not network.is_reachable(url, timeout=_PROBE_SECONDS):
                host = url.split("/")[2]
                raise UnavailableError(
                    f"{tfds_format.name} of tensorflow-datasets is not on "
                    f"disk and {host} does not answer"
                )
        builder = _download(tfds_format)
    return builder


def read_split(builder: Any, task: Task, split: str) -> list[Example]:
    """Reads one split of `task`, in the published files' order.

    Args:
        builder: What `open_builder` returned.
        task: The task, with its layout in tensorflow-datasets.
        split: One of the task's splits, such as `train`.

    Raises:
        ValueError: If the data set's labels or files are not as expected.
    """
    import tensorflow as tf

    layout = task.tfds
    task.split_format(split)
    read_label = _label_reader(builder, task)
    try:
        batches = builder.as_dataset(
            split=layout.splits[split], batch_size=_ROWS_PER_READ
        ).as_numpy_iterator()
        rows = [row for batch in batches for row in _rows(batch, layout)]
    except (tf.errors.OpError, AssertionError, OSError) as error:
        raise ValueError(
            f"{layout.name} of tensorflow-datasets cannot be read from "
            f"{builder.data_dir}; delete that folder or give --data_dir. "
            f"Received: {error}"
        ) from error
    # The rows were shuffled when they were written to disk.
    rows.sort(key=lambda row: row[0])
    return [
        Example(
            first, second, None if label == _UNLABELED else read_label(label)
        )
        for _, first, second, label in rows
    ]


def _package_folder() -> pathlib.Path:
    spec = importlib.util.find_spec("tensorflow_datasets")
    if spec is None:
        raise UnavailableError("tensorflow-datasets is not installed")
    return pathlib.Path(spec.origin).parent


def _data_folder() -> str:
    default = os.path.join("~", "tensorflow_datasets")
    return os.path.expanduser(os.environ.get("TFDS_DATA_DIR", default))


def _find_on_disk(tfds_format: TfdsFormat) -> Any | None:
    folder = _data_folder()
    remote = "://" in folder
    if not remote and not os.path.isdir(os.path.join(folder, tfds_format.name)):
        return None
    list_devices()
    import tensorflow_datasets as tfds

    try:
        # Unlike `tfds.builder`, it never asks the network.
        return tfds.core.read_only_builder.builder_from_files(
            tfds_format.name, data_dir=folder
        )
    except tfds.core.registered.DatasetNotFoundError:
        return None


def _download_urls(package: pathlib.Path, tfds_format: TfdsFormat) -> list[str]:
    """Returns one address for each host that preparing the data asks."""
    dataset = tfds_format.name.split("/")[0]
    checksums = package / "url_checksums" / f"{dataset}.txt"
    try:
        lines = checksums.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        lines = []
    urls = {line.split("\t")[-1]: line.split("\t")[0] for line in lines if line}
    if missing := [name for name in tfds_format.downloads if name not in urls]:
        raise UnavailableError(
            "this version of tensorflow-datasets does not list where "
            f"{', '.join(missing)} comes from"
        )
    chosen = [urls[name] for name in tfds_format.downloads]
    return list({url.split("/")[2]: url for url in chosen}.values())


def _download(tfds_format: TfdsFormat) -> Any:
    list_devices()
    import tensorflow_datasets as tfds

    folder = _data_folder()
    logging.info(
        "Downloading %s of tensorflow-datasets to %s", tfds_format.name, folder
    )
    dataset, config = tfds_format.name.split("/")
    builder = tfds.builder_cls(dataset)(config=config, data_dir=folder)
    try:
        builder.download_and_prepare()
    # Connections, statuses, checksums, archives, disk: the package's errors
    # share no base class.
    except Exception as error:
        raise UnavailableError(
            f"{tfds_format.name} of tensorflow-datasets cannot be downloaded "
            f"({type(error).__name__}: {error})"
        ) from error
    return builder


def _label_reader(builder: Any, task: Task) -> Callable[[Any], Label]:
    """Returns what turns the data set's label into the task's."""
    if task.tfds.labels is None:
        return lambda score: read_score(score, task.score_range)
    names = builder.info.features["label"].names
    ours = dict(zip(task.tfds.labels, task.labels, strict=True))
    if set(names) != set(ours):
        raise ValueError(
            f"The labels of {task.tfds.name} must be {', '.join(ours)}. "
            f"Received: {', '.join(names)}"
        )
    # By name: the ids of the two run differently.
    by_id = [ours[name] for name in names]
    return by_id.__getitem__


def _rows(batch, layout: TfdsFormat):
    ids, labels = batch["idx"].tolist(), batch["label"].tolist()
    first = [text.decode("utf-8") for text in batch[layout.text_a]]
    if layout.text_b is None:
        second = [None] * len(first)
    else:
        second = [text.decode("utf-8") for text in batch[layout.text_b]]
    return zip(ids, first, second, labels, strict=True)
