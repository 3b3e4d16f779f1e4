"""What a run takes over from the training of the adapter that it uses."""

import pytest

from adapter_bert.checkpoints.adapter_json import CONFIG
from glue_tasks.stages import folders
from glue_tasks.stages.settings import complete_data, effective_settings
from glue_tasks.tabular.config import TabularConfig
from tests.glue_tasks.tabular.tables import write_rows

FILES = ("train_file", "dev_file", "test_file")


def data_after(recorded, needed=("dev",), task="tabular", **given):
    """Returns `data_dir` and the named files of a run on a trained adapter."""
    defaults = {"task_name": task, "data_dir": None, "predict_file": None}
    columns = {k: given.pop(k) for k in FILES if k in given}
    settings = {
        "data": {
            **defaults,
            "dataset": None,
            "fungi": {},
            "tabular": columns,
            **given,
        },
        "checkpoint": {"init_checkpoint": "bert"},
    }
    recorded = dict(recorded)
    folder = recorded.pop("data_dir", None)
    tabular = TabularConfig(**recorded).to_dict()
    trained = {"settings": {"data": {"data_dir": folder, "tabular": tabular}}}
    data = effective_settings(settings, trained, needed)["data"]
    named = {k: data["tabular"][k] for k in FILES if data["tabular"].get(k)}
    return data["data_dir"], named


def test_nothing_named_is_as_in_the_training():
    recorded = {"train_file": "t", "data_dir": "old"}
    assert data_after(recorded) == ("old", {"train_file": "t"})
    recorded = {"train_file": "t", "dev_file": "d"}
    assert data_after(recorded) == (None, recorded)


def test_folder_named_now_comes_before_files_of_the_training():
    recorded = {"train_file": "t", "dev_file": "d", "test_file": "x"}
    found = data_after(recorded, ("dev", "test"), data_dir="new")
    assert found == ("new", {})
    found = data_after(recorded, data_dir="new", dev_file="mine")
    assert found == ("new", {"dev_file": "mine"})


def test_folder_of_the_training_is_used_only_where_it_is_needed():
    recorded = {"data_dir": "gone"}
    named = {"dev_file": "mine"}
    assert data_after(recorded, **named) == (None, named)
    assert data_after(recorded, ("dev", "test"), **named) == ("gone", named)
    found = data_after(recorded, ("test",), predict_file="x")
    assert found == (None, {})


def test_training_file_named_now_decides_the_dev_rows():
    recorded = {"data_dir": "old", "dev_file": "d"}
    named = {"train_file": "mine"}
    assert data_after(recorded, **named) == (None, named)


def test_dev_file_named_now_leaves_the_test_file():
    recorded = {"train_file": "t", "dev_file": "d", "test_file": "x"}
    found = data_after(recorded, ("dev", "test"), dev_file="mine")
    assert found == (None, {"dev_file": "mine", "test_file": "x"})


def test_folder_of_the_training_is_not_for_published_tasks():
    assert data_after({"data_dir": "old"}, task="mrpc") == (None, {})


def test_shape_of_adapters_in_a_checkpoint_is_the_command_lines():
    settings = {"adapter": {"size": 8}, "tune": {}, "adapter_recipe": "r"}
    found = effective_settings({**settings, "train": {}}, {}, ("dev",))
    assert found == settings


# === The training file, told again by its checksum ===


def complete(trains, **columns):
    data = {"task_name": "tabular", "data_dir": None, "tabular": columns}
    return complete_data(data, trains)["tabular"]


@pytest.fixture
def train_file(tmp_path):
    rows = [{"text": "a", "label": "x"}, {"text": "b", "label": "y"}]
    return str(write_rows(tmp_path / "train.csv", rows))


def test_training_records_its_file_and_every_field(train_file):
    found = complete(True, train_file=train_file)
    checksum = found["train_sha256"]
    assert len(checksum) == 64
    config = TabularConfig(train_file=train_file, train_sha256=checksum)
    assert found == config.to_dict()


def test_no_file_is_recorded_where_no_rows_are_held_out(train_file):
    found = complete(True, train_file=train_file, dev_file=train_file)
    assert found["train_sha256"] is None


def test_later_runs_keep_the_checksum_of_the_training(train_file):
    found = complete(False, train_file=train_file, train_sha256="1234")
    assert found["train_sha256"] == "1234"


def test_published_tasks_have_no_columns_of_their_own():
    data = {"task_name": "mrpc", "tabular": {"text_a_column": "x"}}
    assert complete_data(data, True) == data


# === Folders ===


def test_advice_where_nothing_is_trained(tmp_path):
    for task, advice in {
        "mrpc": "Train first with --do_train.",
        "tabular": "Train first with --do_train.",
        "ax": "Train --task_name=mnli and name its --output_dir with",
    }.items():
        with pytest.raises(ValueError, match=advice):
            folders.read_trained(tmp_path, tmp_path, None, task)


def test_checkpoint_may_hold_adapters_itself(tmp_path):
    read = folders.read_trained
    assert read(tmp_path, tmp_path, "bert", "mrpc") == {}
    with pytest.raises(ValueError, match="--adapter_dir=.*no trained adapter"):
        read(tmp_path / "other", tmp_path, "bert", "mrpc")


def test_another_adapter_in_the_way_of_the_results(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / CONFIG).write_text("{}")
    with pytest.raises(ValueError, match="two holds an adapter of its own"):
        folders.read_trained(tmp_path / "one", tmp_path / "two", None, "mrpc")
    with pytest.raises(ValueError, match="`format` must be"):
        folders.read_trained(tmp_path / "one", tmp_path / "new", None, "mrpc")
