import pathlib

import huggingface_hub
import numpy as np
import pytest
from absl import logging
from huggingface_hub import constants

from adapter_bert import network
from adapter_bert.metrics import METRICS
from glue_tasks.bad_rows import SkippedRows
from glue_tasks.fungi import files, hub
from glue_tasks.fungi.config import FungiConfig
from glue_tasks.fungi.labels import LABELS
from glue_tasks.fungi.source import load_data, make_task
from tests.glue_tasks.fungi.conftest import make_row

CONFIG = FungiConfig()
ID = "some-one/fungi"


@pytest.fixture(autouse=True)
def hub_cache(monkeypatch, tmp_path):
    """An empty Hub cache, and a Hub that cannot be reached."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(network, "is_reachable", lambda url: False)
    return tmp_path / "cache"


@pytest.fixture
def cached(hub_cache, file):
    """The file in the cache, as a download would have put it there."""
    folder = hub_cache / f"datasets--{ID.replace('/', '--')}"
    (folder / "refs").mkdir(parents=True)
    (folder / "refs/main").write_text("0a" * 20)
    snapshot = folder / "snapshots" / ("0a" * 20)
    snapshot.mkdir(parents=True)
    return file.rename(snapshot / "2023-08.csv")


def sizes(data):
    return [len(data.split(name)) for name in ("train", "dev", "test")]


# === The task ===


def test_the_task():
    task = make_task(CONFIG)
    assert task.name == "fungi"
    assert task.labels == LABELS
    assert task.dev_splits == ("dev",)
    assert task.test_splits == ("test",)
    assert task.problem_type == "single_label_classification"
    assert task.metrics == ("accuracy", "f1_macro")
    assert set(task.metrics) <= set(METRICS)
    assert task.splits["test"].columns == ("sentence", "label")


def test_the_other_target():
    task = make_task(FungiConfig(target="common_or_different"))
    assert task.labels == ("different", "common")
    assert task.splits["dev"].label == "common_or_different"


def test_pairs_have_a_second_column():
    layout = make_task(FungiConfig(text="pair")).splits["train"]
    assert layout.text_b == "comparison_source、comparison_target"


# === Local files ===


def test_a_file(file):
    data = load_data(CONFIG, file)
    assert data.warning is None
    assert data.description == f"fungi from {file}"
    assert sizes(data) == [180, 10, 10]
    rows = [row for n in ("train", "dev", "test") for row in data.split(n)]
    assert {row.label for row in rows} == set(LABELS)
    assert {row.text_b for row in rows} == {None}
    assert len({row.text_a for row in rows}) == 200
    targets = data.task.targets(data.split("train"))
    assert targets.dtype == np.int32
    assert LABELS[targets[0]] == data.split("train")[0].label


def test_a_folder_with_one_csv(file):
    (file.parent / "README.md").touch()
    data = load_data(CONFIG, file.parent)
    assert sizes(data) == [180, 10, 10]
    assert data.description == f"fungi from {file}"


def test_pairs_and_the_other_target(file):
    config = FungiConfig(text="pair", target="common_or_different")
    row = load_data(config, file).split("dev")[0]
    taxa = "Paranectria longiappendiculata、Paranectria affinis "
    assert row.text_b.startswith(taxa)
    assert row.label in ("different", "common")


@pytest.mark.parametrize("split", ["stratified", "reference", "by_record"])
def test_splits_differ_by_seed_only(file, split):
    first, second, other = (
        load_data(FungiConfig(split=split, seed=seed), file).split("dev")
        for seed in (1, 1, 2)
    )
    assert first == second != other


def test_the_file_is_read_once(file):
    data = load_data(CONFIG, file)
    rows = data.split("train")
    file.unlink()
    assert data.split("train") is rows
    assert data.split("test")


def test_the_five_real_rows_split(shared):
    config = FungiConfig(target="common_or_different")
    data = load_data(config, shared / "data/ja/fungi_rows.csv")
    assert sizes(data) == [3, 1, 1]


def test_rows_that_cannot_be_split(write):
    path = write([make_row(i) for i in range(5)])
    data = load_data(FungiConfig(split="by_record"), path)
    with pytest.raises(ValueError, match="cannot be split.*Received: 1") as e:
        data.split("train")
    assert str(path) in str(e.value)


def test_bad_rows_reach_their_handler(write):
    path = write([make_row(label="x"), *(make_row(i) for i in range(9))])
    skipped = SkippedRows()
    assert sum(sizes(load_data(CONFIG, path, on_bad_row=skipped.add))) == 9
    assert len(skipped.messages) == 1


def test_the_split_is_logged(file, monkeypatch):
    lines = []
    monkeypatch.setattr(logging, "info", lambda s, *a: lines.append(s % a))
    load_data(CONFIG, file).split("dev")
    assert lines == ["Split stratified, seed 1: train 180, dev 10, test 10."]


def test_folders_without_one_csv(file, tmp_path):
    with pytest.raises(FileNotFoundError, match="neither a file nor a folder"):
        load_data(CONFIG, tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match=r"empty has no \.csv file"):
        load_data(CONFIG, tmp_path / "empty")
    (tmp_path / "other.CSV").touch()
    with pytest.raises(ValueError, match="'fungi.csv', 'other.CSV'"):
        load_data(CONFIG, tmp_path)
    with pytest.raises(ValueError, match="must be a .csv file. Received: .md"):
        load_data(CONFIG, file.rename(tmp_path / "a.md"))


# === The Hub ===


def test_a_cached_data_set_needs_no_network(cached, monkeypatch):
    monkeypatch.setattr(network, "is_reachable", None)  # must not be asked
    data = load_data(CONFIG, dataset=ID)
    assert data.warning is None
    assert data.description == f"{ID} of the Hugging Face Hub, {'0a' * 6}"
    assert sizes(data) == [180, 10, 10]


def test_offline_names_cache_and_host(hub_cache, monkeypatch):
    with pytest.raises(FileNotFoundError) as error:
        load_data(CONFIG, dataset=ID)
    assert f"The data set {ID} is not in the local cache" in str(error.value)
    assert str(hub_cache) in str(error.value)
    assert f"{constants.ENDPOINT} cannot be reached" in str(error.value)
    assert "--data_dir" in str(error.value)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(network, "is_reachable", None)  # must not be asked
    with pytest.raises(FileNotFoundError, match="HF_HUB_OFFLINE"):
        load_data(CONFIG, dataset=ID)


def test_what_is_not_cached_is_downloaded(file, monkeypatch):
    offline = huggingface_hub.snapshot_download
    calls = []

    def snapshot_download(repo_id, local_files_only=False, **options):
        if local_files_only:
            return offline(repo_id, local_files_only=True, **options)
        calls.append((repo_id, options))
        return str(file.parent)

    monkeypatch.setattr(network, "is_reachable", lambda url: True)
    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot_download)
    assert sizes(load_data(CONFIG, dataset=ID)) == [180, 10, 10]
    ((repo_id, options),) = calls
    assert repo_id == ID
    assert options["repo_type"] == "dataset"
    assert "*.csv" in options["allow_patterns"]


def test_a_refusal_by_the_hub_is_one_message(monkeypatch):
    def snapshot_download(repo_id, local_files_only=False, **options):
        if local_files_only:
            raise huggingface_hub.errors.LocalEntryNotFoundError("none")
        raise RuntimeError("401 Client Error\nRepository Not Found for url")

    monkeypatch.setattr(network, "is_reachable", lambda url: True)
    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot_download)
    with pytest.raises(FileNotFoundError, match="401 Client Error") as error:
        load_data(CONFIG, dataset=ID)
    assert "Repository Not Found" not in str(error.value)


def test_a_cached_data_set_with_two_files(cached):
    (cached.parent / "data").mkdir()
    (cached.parent / "data/more.csv").touch()
    with pytest.raises(ValueError, match="on the Hub must have one .csv file"):
        load_data(CONFIG, dataset=ID)


@pytest.mark.parametrize("name", ["a/b/c", "fungi rows", "../x", ""])
def test_names_that_are_none(name):
    with pytest.raises(ValueError, match="`dataset` must be the name of a"):
        load_data(CONFIG, dataset=name)


def test_two_sources_are_one_too_many(file):
    with pytest.raises(ValueError, match="Only one of `data_dir` and `data"):
        load_data(CONFIG, file, ID)


# === The sample ===


def test_nothing_given_means_the_sample(file, monkeypatch):
    monkeypatch.setattr(files, "SAMPLE", file)
    data = load_data(CONFIG)
    assert sizes(data) == [180, 10, 10]
    assert data.description == "bundled sample, not the fungi data set"
    assert "The scores are not those of the fungi data set" in data.warning
    assert "--data_dir" in data.warning
    assert f"--dataset={hub.DEFAULT}" in data.warning


def test_the_sample_lies_in_the_package():
    assert files.SAMPLE.parent.name == "fungi"
    package = pathlib.Path(files.__file__).parents[1]
    assert files.SAMPLE.is_relative_to(package / "samples")
