import pytest

from glue_tasks.bad_rows import SkippedRows
from glue_tasks.fungi.config import FungiConfig
from glue_tasks.fungi.labels import LABELS
from glue_tasks.fungi.predict_file import read_predict_file
from tests.glue_tasks.fungi.conftest import make_row


def test_sentences(write):
    path = write([make_row(1), make_row(2)], columns=("sentence",))
    rows = read_predict_file(path, FungiConfig())
    assert rows.texts == [make_row(i)["sentence"] for i in (1, 2)]


def test_pairs_are_joined_as_in_training(write, tmp_path):
    path = write([make_row(1)])
    rows = read_predict_file(path, FungiConfig(text="pair"))
    taxa = "Paranectria longiappendiculata、Paranectria affinis 1"
    assert rows.texts == [(make_row(1)["sentence"], taxa)]
    rows.check_columns(LABELS)
    written = rows.write(tmp_path / "out", ["色/color"])
    assert written.name == "fungi.predictions.csv"
    line = written.read_text(encoding="utf-8").splitlines()[1]
    assert line.endswith(",色/color")


def test_a_missing_column_and_bad_rows(write):
    path = write([make_row(1)], columns=("sentence",))
    with pytest.raises(ValueError, match="Missing: 'comparison_source'"):
        read_predict_file(path, FungiConfig(text="pair"))
    path = write([make_row(1), make_row(2)])
    path.write_text(path.read_text("utf-8") + "a,b\n", encoding="utf-8")
    skipped = SkippedRows()
    rows = read_predict_file(path, FungiConfig(), skipped.add)
    assert len(rows.texts) == 2
    assert len(skipped.messages) == 1
