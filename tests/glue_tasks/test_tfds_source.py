import shutil
import time
from unittest import mock

import pytest

from adapter_bert import network
from glue_tasks import tfds_source
from glue_tasks.registry import TASKS, get_task
from glue_tasks.source import load_data

MRPC = get_task("mrpc")


def forbid(*args, **kwargs):
    raise AssertionError("must not be called")


def test_tfds_rows_lie_shuffled_on_disk(prepared):
    import tensorflow_datasets as tfds

    builder = tfds.builder_cls("glue")(config="mrpc", data_dir=prepared)
    ids = [row["idx"] for row in tfds.as_numpy(builder.as_dataset("train"))]
    assert ids != sorted(ids)


def test_tfds_label_ids_are_mapped_by_name(prepared, monkeypatch):
    # A data set whose ids run the other way must give the same labels.
    monkeypatch.setenv("TFDS_DATA_DIR", str(prepared))
    builder = tfds_source.open_builder(MRPC.tfds)
    expected = tfds_source.read_split(builder, MRPC, "train")
    feature = builder.info.features["label"]
    swapped = ["equivalent", "not_equivalent"]
    monkeypatch.setattr(type(feature), "names", property(lambda _: swapped))
    got = tfds_source.read_split(builder, MRPC, "train")
    assert [row.label for row in got] == [
        {"0": "1", "1": "0"}[row.label] for row in expected
    ]


def test_tfds_with_foreign_labels_is_an_error(prepared, monkeypatch):
    monkeypatch.setenv("TFDS_DATA_DIR", str(prepared))
    builder = tfds_source.open_builder(MRPC.tfds)
    feature = builder.info.features["label"]
    monkeypatch.setattr(type(feature), "names", property(lambda _: ["a"]))
    with pytest.raises(ValueError, match="not_equivalent, equivalent. Rec"):
        tfds_source.read_split(builder, MRPC, "train")


def test_tfds_folder_without_its_rows_is_an_error(prepared, tfds_folder):
    shutil.copytree(prepared, tfds_folder)
    for file in tfds_folder.glob("glue/mrpc/*/*train*"):
        file.unlink()
    data = load_data(MRPC)
    with pytest.raises(ValueError, match="cannot be read from .*--data_dir"):
        data.split("train")


def test_unknown_split_of_tfds(prepared, monkeypatch):
    monkeypatch.setenv("TFDS_DATA_DIR", str(prepared))
    with pytest.raises(ValueError, match="MRPC has no split 'validation'"):
        load_data(MRPC).split("validation")


def test_tfds_on_disk_comes_first(prepared, published, monkeypatch):
    monkeypatch.setenv("TFDS_DATA_DIR", str(prepared))
    monkeypatch.setattr(network, "is_reachable", forbid)
    start = time.monotonic()
    data = load_data(MRPC)
    assert time.monotonic() - start < 2
    assert data.description == "glue/mrpc of tensorflow-datasets"
    assert data.warning is None
    for split, rows in published.items():
        assert data.split(split) == rows


def test_tfds_without_features_counts_as_absent(tfds_folder, sample):
    (tfds_folder / "glue" / "mrpc" / "incomplete.X_2.0.0").mkdir(parents=True)
    assert load_data(MRPC).warning is not None


def test_tfds_downloads_where_its_hosts_answer(
    tfds_folder, downloads, published, monkeypatch
):
    import tensorflow_datasets as tfds

    asked = []
    monkeypatch.setattr(
        network, "is_reachable", lambda url, timeout: asked.append(url) or True
    )
    with mock.patch.object(
        tfds.download.DownloadManager, "download", return_value=downloads
    ):
        data = load_data(MRPC)
    assert [url.split("/")[2] for url in asked] == [
        "firebasestorage.googleapis.com",
        "dl.fbaipublicfiles.com",
    ]
    assert data.description == "glue/mrpc of tensorflow-datasets"
    for split, rows in published.items():
        assert data.split(split) == rows
    assert (tfds_folder / "glue" / "mrpc").is_dir()


@pytest.mark.parametrize(
    "name", [name for name, task in TASKS.items() if task.tfds]
)
def test_tasks_agree_with_tensorflow_datasets(name):
    import tensorflow_datasets as tfds

    layout = TASKS[name].tfds
    dataset, config = layout.name.split("/")
    builder_cls = tfds.builder_cls(dataset)
    theirs = {entry.name: entry for entry in builder_cls.BUILDER_CONFIGS}
    texts = [layout.text_a, layout.text_b]
    assert set(theirs[config].text_features) == {t for t in texts if t}
    assert sorted(theirs[config].label_classes or ()) == sorted(
        layout.labels or ()
    )
    package = tfds_source._package_folder()
    urls = tfds_source._download_urls(package, layout)
    assert all(url.startswith("https://") for url in urls)


def test_unlisted_download_is_not_asked_for(tmp_path):
    with pytest.raises(
        tfds_source.UnavailableError, match="where CoLA.zip comes from"
    ):
        tfds_source._download_urls(tmp_path, TASKS["cola"].tfds)
