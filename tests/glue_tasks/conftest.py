"""`glue/mrpc` of tensorflow-datasets and the sample, made of tiny rows."""

from unittest import mock

import pytest

from adapter_bert import network
from glue_tasks import source
from glue_tasks.task import Example

HEADER = "Quality\t#1 ID\t#2 ID\t#1 String\t#2 String\n"
ROWS = [
    Example(f"erste Zeile {i} »é«", f' second "{i}', "001"[i % 3])
    for i in range(40)
]
# Rows 3, 13, 23 and 33 are the development split.
DEV = [i for i in range(40) if i % 10 == 3]


@pytest.fixture
def tfds_folder(tmp_path, monkeypatch):
    """An empty data folder of tensorflow-datasets, and no network."""
    folder = tmp_path / "tfds"
    monkeypatch.setenv("TFDS_DATA_DIR", str(folder))
    monkeypatch.setattr(network, "is_reachable", lambda url, timeout: False)
    return folder


@pytest.fixture
def sample(tmp_path, monkeypatch):
    """Stands in for the samples of the package: MRPC with one row a split."""
    folder = tmp_path / "samples"
    (folder / "mrpc").mkdir(parents=True)
    for name in ("train", "dev", "test"):
        file = folder / "mrpc" / f"{name}.tsv"
        file.write_text(f"{HEADER}1\t1\t2\t{name}\tb\n", encoding="utf-8")
    monkeypatch.setattr(source, "_SAMPLES", folder)
    return folder


@pytest.fixture(scope="session")
def downloads(tmp_path_factory):
    """The three files from which tensorflow-datasets makes `glue/mrpc`."""
    folder = tmp_path_factory.mktemp("downloads")
    lines = [
        f"{row.label}\t{i}\t{i + 100}\t{row.text_a}\t{row.text_b}\n"
        for i, row in enumerate(ROWS)
    ]
    ids = "".join(f"{i}\t{i + 100}\n" for i in DEV)
    text = {
        "train": "\ufeff" + HEADER + "".join(lines),
        "test": HEADER + "".join(lines[:5]),
        "dev_ids": ids,
    }
    for name, content in text.items():
        (folder / name).write_text(content, encoding="utf-8")
    return {name: str(folder / name) for name in text}


@pytest.fixture(scope="session")
def prepared(tmp_path_factory, downloads):
    """`glue/mrpc` as tensorflow-datasets itself writes it, from our rows."""
    import tensorflow_datasets as tfds

    folder = tmp_path_factory.mktemp("prepared")
    builder = tfds.builder_cls("glue")(config="mrpc", data_dir=folder)
    with mock.patch.object(
        tfds.download.DownloadManager, "download", return_value=downloads
    ):
        builder.download_and_prepare()
    return folder


@pytest.fixture(scope="session")
def published():
    """The rows of each split as the published files order them."""
    return {
        "train": [row for i, row in enumerate(ROWS) if i not in DEV],
        "dev": [ROWS[i] for i in DEV],
        "test": [Example(row.text_a, row.text_b) for row in ROWS[:5]],
    }
