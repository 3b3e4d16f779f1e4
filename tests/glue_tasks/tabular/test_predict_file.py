import csv
import json

import numpy as np
import pytest

from glue_tasks.bad_rows import SkippedRows
from glue_tasks.tabular.predict_file import read_predict_file
from tests.glue_tasks.tabular.tables import SUFFIXES, write, write_rows

ROWS = [
    {"id": "01", "text": "良い本、です", "label": "yes"},
    {"id": "2", "text": "", "label": ""},
    {"id": "3", "text": 'a "b", c\u2028d', "label": "?"},
]
LABELS = ("no", "yes, 良い")
PROBABILITIES = np.array([[0.25, 0.75], [1.0, 0.0], [1 / 3, 2 / 3]], "float32")
PREDICTIONS = ["yes, 良い", "no", "yes, 良い"]


def read_rows(path):
    """Reads a table with other means than those under test."""
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        return pq.ParquetFile(path).read().to_pylist()
    text = path.read_text(encoding="utf-8")
    if path.suffix in (".jsonl", ".json"):
        return [json.loads(line) for line in text.split("\n")[:-1]]
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    names, *rows = [line.split("\t") for line in text.split("\n")[:-1]]
    return [dict(zip(names, row, strict=True)) for row in rows]


def error_of(path, *args, columns=("text",), error=ValueError):
    with pytest.raises(error) as raised:
        read_predict_file(path, *columns).check_columns(*args)
    return str(raised.value)


def test_rows_come_back_with_predictions(tmp_path, suffix):
    path = write_rows(tmp_path / f"my.rows{suffix}", ROWS)
    before = path.read_bytes()
    file = read_predict_file(path, "text")
    assert file.texts == [row["text"] for row in ROWS]
    file.check_columns(LABELS)
    out = file.write(tmp_path / "out", PREDICTIONS, PROBABILITIES, LABELS)
    assert out == tmp_path / "out" / f"my.rows.predictions{suffix}"
    assert path.read_bytes() == before
    found = read_rows(out)
    names = [*ROWS[0], "prediction", "probability_no"]
    assert [list(row) for row in found] == [
        [*names, "probability_yes, 良い"]
    ] * 3
    for row, original, i in zip(found, ROWS, range(3), strict=True):
        assert {name: row[name] for name in original} == original
        assert row["prediction"] == PREDICTIONS[i]
        for label, expected in zip(LABELS, PROBABILITIES[i], strict=True):
            value = row[f"probability_{label}"]
            assert float(value) == pytest.approx(expected, rel=1e-5)
            text = suffix in (".csv", ".tsv")
            assert type(value) is (str if text else float)
    if suffix in (".csv", ".tsv"):
        assert found[2]["probability_no"] == "0.333333"


def test_pairs_of_texts(tmp_path):
    path = write(tmp_path / "r.tsv", "b\ta\nx\ty\n")
    assert read_predict_file(path, "a", "b").texts == [("y", "x")]


def test_text_files_come_back_letter_by_letter(tmp_path):
    text = '\ufeff"text",n\r\n"one\ntwo\r\n",1.0\r\nthree,"007"\r\n"",\r\n\r\n'
    path = write(tmp_path / "r.csv", text)
    file = read_predict_file(path, "text")
    assert file.texts == ["one\ntwo\r\n", "three", ""]
    out = file.write(tmp_path, ["a", 'b"', "c,d"])
    assert out.read_bytes().decode("utf-8") == (
        '\ufeff"text",n,prediction\r\n"one\ntwo\r\n",1.0,a\r\n'
        'three,"007","b"""\r\n"",,"c,d"\r\n'
    )
    # The last line has no end here, and gets one.
    path = write(tmp_path / "r.tsv", 'text\tn\n"q\t1\nr"\t2')
    out = read_predict_file(path, "text").write(tmp_path, [0.5, 1e-12])
    assert out.read_bytes() == (
        b'text\tn\tprediction\n"q\t1\t0.5\nr"\t2\t1e-12\n'
    )


@pytest.mark.parametrize("label", ["a\nb", "\r", '"', ",", " ", "悪い"])
def test_any_label_fits_into_csv(tmp_path, label):
    path = write(tmp_path / "r.csv", "text\na\n")
    out = read_predict_file(path, "text").write(
        tmp_path, [label], [[1.0]], [label]
    )
    assert read_rows(out) == [
        {"text": "a", "prediction": label, f"probability_{label}": "1"}
    ]


def test_json_keeps_types_order_and_missing_keys(tmp_path):
    lines = [
        '{"z": [1, {"k": null}], "text": "a\u2028", "big": 12345678901234567}',
        '{"text": "b", "on": true, "x": 1.0, "odd": "\\ud800"}',
    ]
    path = write(tmp_path / "r.jsonl", "\n".join(lines))
    out = read_predict_file(path, "text").write(tmp_path, ["p", "q"])
    assert out.read_bytes().decode("utf-8") == (
        f'{lines[0][:-1]}, "prediction": "p"}}\n'
        f'{lines[1][:-1]}, "prediction": "q"}}\n'
    )


def test_parquet_keeps_column_types(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "r.parquet"
    table = pa.table(
        {
            "n": pa.array([1, None], pa.int16()),
            "text": pa.array(["a", "b"]).dictionary_encode(),
            "when": pa.array([0, 2**62], pa.timestamp("ms")),
        }
    )
    pq.write_table(table, path)
    out = read_predict_file(path, "text").write(tmp_path, [(), ()])
    found = pq.ParquetFile(out).read()
    assert found.select(["n", "text", "when"]).equals(table)
    assert found.schema.field("prediction").type == pa.list_(pa.string())


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_regression_has_no_probabilities(tmp_path, suffix):
    path = write_rows(tmp_path / f"r{suffix}", ROWS)
    file = read_predict_file(path, "text")
    file.check_columns(())
    out = file.write(tmp_path, list(np.float32([1.5, -2, 0.1])))
    found = [row["prediction"] for row in read_rows(out)]
    if suffix in (".csv", ".tsv"):
        assert found == ["1.5", "-2", "0.1"]
    else:
        assert found == [1.5, -2.0, float(np.float32(0.1))]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_several_labels(tmp_path, suffix):
    path = write_rows(tmp_path / f"r{suffix}", ROWS)
    file = read_predict_file(path, "text")
    file.check_columns(("a", "b"), "|")
    several = [("a", "b"), (), ("b",)]
    out = file.write(tmp_path, several, PROBABILITIES, ("a", "b"), "|")
    found = [row["prediction"] for row in read_rows(out)]
    if suffix in (".csv", ".tsv"):
        assert found == ["a|b", "", "b"]
    else:
        assert found == [["a", "b"], [], ["b"]]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("name", ["prediction", "probability_no"])
def test_columns_that_are_there_already(tmp_path, suffix, name):
    path = write_rows(tmp_path / f"r{suffix}", [{"text": "a", name: "b"}])
    assert error_of(path, LABELS) == (
        f"{path} must not have columns that the predictions would get: "
        f"{name!r}. Rename or drop them."
    )
    with pytest.raises(ValueError, match="must not have columns"):
        read_predict_file(path, "text").write(
            tmp_path / "out", ["no"], PROBABILITIES[:1], LABELS
        )
    assert not (tmp_path / "out").exists()


def test_score_column_is_no_obstacle_to_a_regression(tmp_path):
    path = write(tmp_path / "r.csv", "text,probability_score\na,b\n")
    read_predict_file(path, "text").check_columns(())


def test_labels_that_a_format_cannot_hold(tmp_path):
    path = write(tmp_path / "r.tsv", "text\na\n")
    for label in ("a\tb", "a\nb", "a\rb"):
        assert error_of(path, ("ok", label)).startswith(
            f"{path}: a .tsv file cannot hold the label(s) {label!r}. Give "
        )
    csv_path = write(tmp_path / "r.csv", "text\na\n")
    read_predict_file(csv_path, "text").check_columns(("a\tb", "a,b\n"))
    for one in (path, csv_path):
        assert "cannot hold the label(s) 'a,b'" in error_of(
            one, ("a,b", "c"), ","
        )
        read_predict_file(one, "text").check_columns(("a,b", "c"), "|")
    json_path = write(tmp_path / "r.jsonl", '{"text": ""}\n')
    read_predict_file(json_path, "text").check_columns(("a,b", "a\tb"), ",")


def test_rows_that_cannot_be_read_are_left_out(tmp_path, suffix):
    rows = [{"text": "a", "n": "1"}, {"text": "b", "n": "2"}]
    if suffix == ".parquet":
        rows.insert(1, {"text": None, "n": "x"})
        path = write_rows(tmp_path / "r.parquet", rows)
    else:
        path = write_rows(tmp_path / f"r{suffix}", rows)
        lines = path.read_text().split("\n")
        lines.insert(-2, "x")
        write(path, "\n".join(lines))
    skipped = SkippedRows()
    file = read_predict_file(path, "text", on_bad_row=skipped.add)
    assert file.texts == ["a", "b"]
    assert len(skipped.messages) == 1
    found = read_rows(file.write(tmp_path / "out", ["p", "q"]))
    assert found == [
        {"text": "a", "n": "1", "prediction": "p"},
        {"text": "b", "n": "2", "prediction": "q"},
    ]


def test_wrong_number_of_predictions(tmp_path, suffix):
    path = write_rows(tmp_path / f"r{suffix}", ROWS)
    file = read_predict_file(path, "text")
    with pytest.raises(ValueError, match="a prediction for each of the 3 row"):
        file.write(tmp_path, ["a", "b"])
    with pytest.raises(ValueError, match="a probability_no for each of the 3"):
        file.write(tmp_path, PREDICTIONS, PROBABILITIES[:2], LABELS)
    with pytest.raises(ValueError, match="3 rows. Received: 0"):
        file.write(tmp_path, PREDICTIONS, None, LABELS)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_no_texts(tmp_path):
    path = write(tmp_path / "r.csv", "review,label\na,b\n")
    assert "Missing: 'text'. Found: 'review', 'label'" in error_of(path, ())
    missing = tmp_path / "no.csv"
    assert "is not a file" in error_of(missing, (), error=FileNotFoundError)
