"""Every task is read the same from its TSV files and tensorflow-datasets."""

import re
from unittest import mock

import numpy as np
import pytest

from glue_tasks import tfds_source
from glue_tasks.readers import read_split
from glue_tasks.registry import TASKS
from glue_tasks.source import load_data
from tests.glue_tasks.published import PUBLISHED

IN_TFDS = [name for name, task in TASKS.items() if task.tfds]
# Rows of the published files that lack columns, as tensorflow-datasets counts.
SHORT = {("qqp", "train"): 3, ("qqp", "dev"): 3}


@pytest.fixture
def short_rows():
    """What the reader logs of short rows: their number and the file."""
    with mock.patch("glue_tasks.readers.logging.info") as info:
        yield info


def prepare(name, source, target):
    """Lets tensorflow-datasets itself prepare a task from local files."""
    import tensorflow_datasets as tfds

    published = PUBLISHED[name]
    display_name = TASKS[name].display_name
    published.write(source / display_name)
    downloads = source / display_name / "diagnostic.tsv"
    if name == "mrpc":
        downloads = write_mrpc_sources(published, source)
    builder = tfds.builder_cls("glue")(config=name, data_dir=target)
    with mock.patch.multiple(
        tfds.download.DownloadManager,
        download=mock.Mock(return_value=downloads),
        download_and_extract=mock.Mock(return_value=str(source)),
    ):
        builder.download_and_prepare()


def write_mrpc_sources(published, folder):
    """Writes the corpus that GLUE's MRPC is cut from; returns its files."""
    train = published.files["train.tsv"]
    dev = [
        [cells[0], f"9{cells[1]}", *cells[2:]]
        for cells in published.files["dev.tsv"][1:]
    ]
    files = {
        "train": [train[0], *dev[:2], *train[1:], *dev[2:]],
        "test": published.files["test.tsv"],
        "dev_ids": [row[1:3] for row in dev],
    }
    for name, rows in files.items():
        text = "".join("\t".join(cells) + "\n" for cells in rows)
        (folder / name).write_text(text, encoding="utf-8")
    return {name: str(folder / name) for name in files}


@pytest.fixture(scope="module")
def prepared_glue(tmp_path_factory):
    """All of `glue/*`, as tensorflow-datasets writes it from our files."""
    folder = tmp_path_factory.mktemp("glue")
    for name in IN_TFDS:
        prepare(name, tmp_path_factory.mktemp(name), folder)
    return folder


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_files_are_read(name, tmp_path, short_rows):
    task, published = TASKS[name], PUBLISHED[name]
    published.write(tmp_path)
    assert set(task.splits) == set(published.splits)
    for split in task.splits:
        short_rows.reset_mock()
        assert read_split(task, tmp_path, split) == published.splits[split]
        logged = [call.args[1:3] for call in short_rows.call_args_list]
        number = SHORT.get((name, split))
        path = tmp_path / task.splits[split].file
        assert logged == ([(number, path)] if number else [])


@pytest.mark.parametrize("name", [name for name in PUBLISHED if name != "ax"])
def test_targets_follow_the_labels_order(name):
    published = PUBLISHED[name]
    train = TASKS[name].targets(published.splits["train"])
    regression = TASKS[name].problem_type == "regression"
    assert train.dtype == ("float32" if regression else "int32")
    np.testing.assert_array_equal(
        train, np.array(published.train_targets, train.dtype)
    )
    dev = TASKS[name].targets(published.splits["dev"])
    np.testing.assert_array_equal(dev, train[::-1])


@pytest.mark.parametrize("name", IN_TFDS)
def test_tfds_gives_the_same_examples(
    name, tmp_path, prepared_glue, monkeypatch
):
    task, published = TASKS[name], PUBLISHED[name]
    monkeypatch.setenv("TFDS_DATA_DIR", str(prepared_glue))
    theirs = load_data(task)
    assert theirs.description == f"glue/{name} of tensorflow-datasets"
    ours = load_data(task, published.write(tmp_path))
    for split in task.splits:
        assert theirs.split(split) == ours.split(split)
        if split == "train":
            np.testing.assert_array_equal(
                task.targets(theirs.split(split)),
                task.targets(ours.split(split)),
            )


def test_ids_of_tfds_are_not_ours(prepared_glue, monkeypatch):
    # Else mapping by name and mapping by id would look the same.
    monkeypatch.setenv("TFDS_DATA_DIR", str(prepared_glue))
    task = TASKS["mnli"]
    builder = tfds_source.open_builder(task.tfds)
    batches = builder.as_dataset("train", batch_size=3).as_numpy_iterator()
    batch = next(batches)
    theirs = batch["label"][np.argsort(batch["idx"])]
    assert theirs.tolist() == [2, 0, 1]
    ours = task.targets(tfds_source.read_split(builder, task, "train"))
    assert ours.tolist() == [0, 1, 2]


def test_older_name_of_the_diagnostic_file(tmp_path):
    PUBLISHED["ax"].write(tmp_path)
    (tmp_path / "diagnostic.tsv").rename(tmp_path / "AX.tsv")
    rows = read_split(TASKS["ax"], tmp_path, "test")
    assert rows == PUBLISHED["ax"].splits["test"]
    (tmp_path / "AX.tsv").unlink()
    with pytest.raises(FileNotFoundError, match=r"diagnostic.tsv or AX\.tsv"):
        read_split(TASKS["ax"], tmp_path, "test")


@pytest.mark.parametrize("name", PUBLISHED)
def test_short_row_is_an_error_elsewhere(name, tmp_path):
    # Predictions are counted by row, so that QQP's test set lacks none either.
    task = TASKS[name]
    split = "test" if name == "qqp" else next(iter(task.splits))
    PUBLISHED[name].write(tmp_path)
    path = tmp_path / task.splits[split].file
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[2] = lines[2].rsplit("\t", 1)[0]
    path.write_bytes("\n".join(lines).encode())
    where = rf"^{re.escape(str(path))}, line 3: must have \d+ tab-separated"
    with pytest.raises(ValueError, match=where):
        read_split(task, tmp_path, split)


def test_file_of_short_rows_alone(tmp_path):
    PUBLISHED["qqp"].write(tmp_path)
    path = tmp_path / "dev.tsv"
    header = path.read_text(encoding="utf-8").split("\n")[0]
    path.write_text(f"{header}\n1\tcut\n2\tcut\n", encoding="utf-8")
    message = f"^{re.escape(str(path))}: all 2 rows lack columns; expected as"
    with pytest.raises(ValueError, match=message):
        read_split(TASKS["qqp"], tmp_path, "dev")


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("cola", (8551, 1043, 1063)),
        ("mrpc", (3668, 408, 1725)),
        ("stsb", (5749, 1500, 1379)),
        ("sst2", (67349, 872, 1821)),
    ],
)
def test_real_files_are_read_whole(shared, name, counts):
    task = TASKS[name]
    folder = shared / "data" / "glue" / task.display_name
    splits = [read_split(task, folder, split) for split in task.splits]
    assert tuple(map(len, splits)) == counts
    assert {row.label for row in splits[2]} == {None}
    for split in splits[:2]:
        targets = task.targets(split)
        if task.problem_type == "regression":
            assert (targets.min(), targets.max()) == (0, 5)
        else:
            assert set(targets.tolist()) == {0, 1}
