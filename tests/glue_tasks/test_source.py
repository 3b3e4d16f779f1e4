import time
from unittest import mock

import pytest

from adapter_bert import network
from glue_tasks import tfds_source
from glue_tasks.bad_rows import SkippedRows
from glue_tasks.registry import get_task
from glue_tasks.source import load_data
from glue_tasks.task import Example

MRPC = get_task("mrpc")


def forbid(*args, **kwargs):
    raise AssertionError("must not be called")


def test_given_folder_is_read(sample, monkeypatch):
    monkeypatch.setattr(tfds_source, "open_builder", forbid)
    data = load_data(MRPC, str(sample / "mrpc"))
    assert data.description == f"GLUE MRPC from {sample / 'mrpc'}"
    assert data.warning is None
    assert data.split("dev") == [Example("dev", "b", "1")]


def test_given_folder_never_falls_back(sample, tmp_path, monkeypatch):
    monkeypatch.setattr(tfds_source, "open_builder", forbid)
    with pytest.raises(FileNotFoundError, match="is not a folder"):
        load_data(MRPC, tmp_path / "none")
    (sample / "mrpc" / "dev.tsv").unlink()
    data = load_data(MRPC, sample / "mrpc")
    with pytest.raises(FileNotFoundError, match=r"MRPC needs dev\.tsv"):
        data.split("dev")


def test_failed_download_falls_back(tfds_folder, sample, monkeypatch):
    import tensorflow_datasets as tfds

    monkeypatch.setattr(network, "is_reachable", lambda url, timeout: True)
    error = tfds.download.DownloadError("HTTP code: 403.")
    with mock.patch.object(
        tfds.download.DownloadManager, "download", side_effect=error
    ):
        data = load_data(MRPC)
    assert data.description == "bundled sample, not GLUE MRPC"
    assert "cannot be downloaded (DownloadError: HTTP code: 403.)" in (
        data.warning
    )


def test_sample_without_network(tfds_folder, sample):
    start = time.monotonic()
    data = load_data(MRPC)
    assert time.monotonic() - start < 2
    assert data.description == "bundled sample, not GLUE MRPC"
    assert data.warning == (
        "The scores are not MRPC's: the data is the small sample that comes "
        "with this program, since glue/mrpc of tensorflow-datasets is not on "
        "disk and firebasestorage.googleapis.com does not answer. Give "
        "--data_dir for the real data or, to see a model learn from the "
        "sample, --learning_rate=1e-3 --num_train_epochs=15."
    )
    assert data.split("test") == [Example("test", "b", None)]
    assert not tfds_folder.exists()


def test_samples_of_the_package_are_found(tfds_folder):
    data = load_data(MRPC)
    assert data.description == "bundled sample, not GLUE MRPC"
    for name in ("train", "dev"):
        assert set(MRPC.targets(data.split(name)).tolist()) == {0, 1}
    assert {row.label for row in data.split("test")} == {None}


def test_sample_without_tensorflow_datasets(sample, monkeypatch):
    monkeypatch.setattr(
        tfds_source.importlib.util, "find_spec", lambda name: None
    )
    assert "tensorflow-datasets is not installed" in load_data(MRPC).warning


def test_task_without_sample_asks_for_data(tfds_folder, sample):
    with pytest.raises(ValueError, match="No data for MNLI: glue/mnli") as e:
        load_data(get_task("mnli"))
    assert str(e.value).endswith(
        "Give --data_dir, a folder with train.tsv, dev_matched.tsv, "
        "dev_mismatched.tsv, test_matched.tsv, test_mismatched.tsv"
    )


def test_folder_of_a_task_outside_glue_is_not_called_glue(tmp_path):
    data = load_data(get_task("xnli"), tmp_path)
    assert data.description == f"XNLI from {tmp_path}"


def test_task_that_tfds_lacks_asks_for_data(sample):
    with pytest.raises(ValueError, match="does not have XNLI. Give --data_dir"):
        load_data(get_task("xnli"))


@pytest.mark.parametrize("given", [True, False])
def test_bad_rows_go_to_their_handler(tfds_folder, sample, given):
    file = sample / "mrpc" / "dev.tsv"
    with file.open("a", encoding="utf-8") as lines:
        lines.write("1\t2\n")
    skipped = SkippedRows()
    data = load_data(MRPC, sample / "mrpc" if given else None, skipped.add)
    assert data.split("dev") == [Example("dev", "b", "1")]
    assert len(skipped.messages) == 1
    assert skipped.messages[0].startswith(f"{file}, line 3: must have 5")
