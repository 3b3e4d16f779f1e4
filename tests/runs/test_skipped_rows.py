"""Rows that cannot be read: left out, counted and listed, if one asks so."""

import pytest

from adapter_bert.checkpoints import native
from tests.glue_tasks.tabular.tables import write_rows
from tests.run_files import read_cells, read_results
from tests.tiny_files import drive, make_pairs, refused, write_mrpc

HEAD = ("--tune=head", "--num_train_epochs=1")


@pytest.fixture
def glue(tmp_path):
    """MRPC with two bad rows to train on, and one to evaluate on."""
    data = write_mrpc(tmp_path / "data", train=26, dev=9, test=4)
    for name, old, new in (
        ("train.tsv", "1\t3\t103", "2\t3\t103"),
        ("train.tsv", "0\t6\t106", "0\t106"),
        ("dev.tsv", "1\t1\t101", "\t1\t101"),
    ):
        path = data / name
        text = path.read_text()
        assert text.count(f"\n{old}\t") == 1
        path.write_text(text.replace(f"\n{old}\t", f"\n{new}\t"))
    return data


def write_bad_row(path):
    """Cuts the second row of a file of MRPC short."""
    lines = path.read_text().split("\n")
    lines[2] = "\t".join(["", *lines[2].split("\t")[1:4]])
    path.write_text("\n".join(lines))


def test_bad_rows_are_left_out_and_listed(glue, bert, tmp_path, logged):
    output = tmp_path / "output"
    common = [
        "--task_name=MRPC",
        f"--data_dir={glue}",
        f"--output_dir={output}",
        "--verbosity=0",
    ]
    drive(*common, "--skip_bad_rows", *bert, *HEAD)
    listed = (output / "skipped_rows.txt").read_text().splitlines()
    places = [
        f"{glue}/train.tsv, line 5: unknown label '2'",
        f"{glue}/train.tsv, line 8: must have 5 tab-separated columns",
        f"{glue}/dev.tsv, line 3: unknown label ''",
    ]
    assert len(listed) == 3
    for line, place in zip(listed, places, strict=True):
        assert line.startswith(place)
        assert any(line in entry for entry in logged())
    warning = (
        "3 row(s) could not be read and were left out; skipped_rows.txt lists "
        "them."
    )
    results = read_results(output)
    assert results["warnings"] == [warning]
    assert native.read(output).details["warnings"] == [warning]
    assert warning in (output / "report.html").read_text()
    assert any("24 train, 8 dev examples" in line for line in logged())
    assert results["scores"]["global_step"] == 3

    # Evaluating again, without the bad row, has nothing to warn of.
    write_mrpc(glue)
    drive(*common, "--do_eval")
    assert read_results(output)["warnings"] == []
    # What training left out stays on record, whatever comes later.
    assert (output / "skipped_rows.txt").read_text().splitlines() == listed
    write_bad_row(glue / "dev.tsv")
    drive(*common, "--do_eval", "--skip_bad_rows")
    assert (output / "skipped_rows.txt").read_text().splitlines() == listed
    later = (output / "skipped_rows_eval.txt").read_text()
    assert later.startswith(f"{glue}/dev.tsv, line 3: must have 5 tab-sep")
    warning = read_results(output)["warnings"][0]
    assert warning.endswith("left out; skipped_rows_eval.txt lists them.")
    drive(*common, *bert, *HEAD, "--do_train", "--overwrite_output_dir")
    assert not list(output.glob("skipped_rows*"))


def test_predictions_that_lack_rows_are_none_for_the_leaderboard(
    bert, tmp_path, logged
):
    data = write_mrpc(tmp_path / "data", test=4)
    common = ["--task_name=MRPC", f"--data_dir={data}"]
    output = tmp_path / "output"
    common += [f"--output_dir={output}", "--do_predict", "--skip_bad_rows"]
    drive(*common, "--do_train", *bert, *HEAD)
    whole = read_cells(output / "MRPC.tsv")
    assert len(whole) == 1 + 4

    write_bad_row(data / "test.tsv")
    drive(*common)
    assert not (output / "MRPC.tsv").exists()
    rows = read_cells(output / "predictions.tsv")
    assert rows[1:] == [
        [str(i), row[1]] for i, row in enumerate([whole[1], *whole[3:]])
    ]
    lines = logged()
    assert (
        "MRPC.tsv is not written: the leaderboard wants every row of test.tsv."
    ) in lines
    assert any("Rows of test were left out (1); the column" in x for x in lines)


def test_without_the_flag_the_row_is_named(glue, bert, tmp_path):
    output = tmp_path / "output"
    flags = [f"--data_dir={glue}", f"--output_dir={output}"]
    message = refused("--task_name=MRPC", *flags, *bert)
    assert f"{glue}/train.tsv, line 5: unknown label '2'" in message
    assert not output.exists()


def test_bad_rows_of_tables(bert, tmp_path):
    rows = [
        {"text": text, "label": "good" if i % 2 else "bad"}
        for i, (text, _) in enumerate(make_pairs(20))
    ]
    rows[4]["label"] = ""
    train = write_rows(tmp_path / "train.csv", rows)
    predict = tmp_path / "new.csv"
    predict.write_text("text,id\nabc,1\nabc\ndef,3\n")
    common = [
        "--task_name=tabular",
        f"--train_file={train}",
        f"--predict_file={predict}",
        f"--output_dir={tmp_path / 'output'}",
        *bert,
    ]
    message = refused(*common)
    assert f"{train}, line 6: column 'label': must hold a label" in message
    assert not (tmp_path / "output").exists()

    drive(*common, "--skip_bad_rows", *HEAD)
    listed = (tmp_path / "output/skipped_rows.txt").read_text().splitlines()
    assert len(listed) == 2
    assert listed[0].startswith(f"{train}, line 6: column 'label'")
    assert listed[1].startswith(f"{predict}, line 3: must have 2 comma-sep")
    text = (tmp_path / "output/new.predictions.csv").read_text()
    written = [line.split(",")[:2] for line in text.splitlines()]
    assert written == [["text", "id"], ["abc", "1"], ["def", "3"]]
    results = read_results(tmp_path / "output")
    assert results["warnings"][0].startswith("2 row(s) could not be read")


def test_no_row_left_is_an_error(glue, bert, tmp_path):
    header, *rows = read_cells(glue / "dev.tsv")
    lines = [header, *(row[:-1] for row in rows)]
    text = "".join("\t".join(cells) + "\n" for cells in lines)
    (glue / "dev.tsv").write_text(text)
    output = tmp_path / "output"
    flags = ["--skip_bad_rows", *bert, f"--output_dir={output}"]
    message = refused("--task_name=MRPC", f"--data_dir={glue}", *flags)
    assert "dev.tsv holds no row that can be read; 9 cannot" in message
    assert not output.exists()
