import dataclasses

import pytest

from glue_tasks.bad_rows import SkippedRows, refuse
from glue_tasks.fungi.config import FungiConfig
from glue_tasks.fungi.labels import LABELS
from glue_tasks.fungi.rows import read_rows
from glue_tasks.task import Example
from tests.glue_tasks.fungi.conftest import COLUMNS, make_row

CONFIG = FungiConfig()


def read(path, on_bad_row=refuse, **fields):
    config = dataclasses.replace(CONFIG, **fields)
    return read_rows(path, config, on_bad_row)


def refusal(path, **fields):
    with pytest.raises(ValueError) as error:  # noqa: PT011
        read(path, **fields)
    return str(error.value)


def test_the_five_real_rows(shared):
    rows = read(shared / "data/ja/fungi_rows.csv", split="by_record")
    assert [LABELS.index(e.label) for e in rows.examples] == [0, 1, 0, 0, 2]
    assert rows.examples[1] == Example(
        "本種より子嚢胞子が長い", None, "サイズ/size"
    )
    assert rows.records == ["R3-10914"] * 5
    rows = read(
        shared / "data/ja/fungi_rows.csv",
        text="pair",
        target="common_or_different",
    )
    assert [e.label for e in rows.examples] == ["different"] * 2 + [
        "common"
    ] * 3
    assert rows.examples[2] == Example(
        "重複寄生菌である",
        "Paranectria longiappendiculata、Paranectria hemileiae",
        "common",
    )
    assert rows.records == []


def test_columns_are_found_by_name(write):
    columns = ("more", *reversed(COLUMNS))
    path = write([make_row(label="色") | {"more": "x"}], columns=columns)
    assert read(path).examples == [
        Example("本種より1倍ほど子嚢胞子が長い", None, "色/color")
    ]


def test_duplicates_are_kept(write):
    assert len(read(write([make_row()] * 3)).examples) == 3


def test_quoted_cells_and_byte_order_mark(write):
    sentence = '傘は"赤い",\n柄は白い'
    path = write([make_row(sentence=sentence), make_row()])
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read(path, split="by_record").examples[0].text_a == sentence


@pytest.mark.parametrize(
    ("fields", "column"),
    [
        ({}, "sentence"),
        ({}, "label"),
        ({"target": "common_or_different"}, "common_or_different"),
        ({"text": "pair"}, "comparison_source"),
        ({"text": "pair"}, "comparison_target"),
        ({"split": "by_record"}, "R3ID"),
    ],
)
def test_a_missing_column_is_named(write, fields, column):
    columns = [name for name in COLUMNS if name != column]
    path = write([make_row()], columns=columns)
    message = refusal(path, **fields)
    assert f"{path}, line 1: must be a header with the columns" in message
    assert f"Missing: '{column}'. Found: " in message


def test_columns_that_are_not_used_may_be_missing(write):
    path = write([make_row()], columns=("sentence", "label"))
    assert len(read(path).examples) == 1


def test_a_column_there_twice(write):
    path = write([make_row()], columns=("sentence", "label", "label"))
    assert "There more than once: 'label'" in refusal(path)


@pytest.mark.parametrize(
    ("cells", "fields", "said"),
    [
        ({"label": "匂い/smell"}, {}, "one of the 25 labels"),
        (
            {"common_or_different": "2"},
            {"target": "common_or_different"},
            "1 (common to both taxa) or 0 (different). Received: '2'",
        ),
        ({"sentence": " "}, {}, "column 'sentence' must hold a text"),
        ({"R3ID": ""}, {"split": "by_record"}, "column 'R3ID' must hold"),
    ],
)
def test_a_bad_cell_is_named_with_its_line(write, cells, fields, said):
    path = write([make_row(), make_row(**cells), make_row()])
    message = refusal(path, **fields)
    assert message.startswith(f"{path}, line 3: ")
    assert said in message


def test_shift_jis_is_guessed(write):
    path = write([make_row()])
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp932"))
    message = refusal(path)
    assert message.startswith(f"{path}, line 2: must be UTF-8. Received: byte")
    assert "Shift_JIS" in message
    assert "iconv -f CP932" in message


def test_a_shift_jis_header_is_guessed(write):
    path = write([make_row()])
    path.write_bytes("文,sentence,label\n".encode("cp932"))
    message = refusal(path)
    assert message.startswith(f"{path}, line 1: must be UTF-8")
    assert "Shift_JIS" in message


def test_a_quote_that_is_never_closed(write):
    path = write([make_row(i) for i in range(5000)])
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace(",本種より2", ',"本種より2', 1), encoding="utf-8"
    )
    message = refusal(path)
    assert f"{path}, line 4: opens a quote that is never closed" in message


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a,b,c", "must have 8 comma-separated columns, as the header"),
        ("", "is blank"),
        ('a,"b"c,d,e,f,g,h,i', "is not CSV"),
    ],
)
def test_a_broken_line_is_named(write, line, said):
    path = write([make_row()])
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}{line}\n{text.splitlines()[1]}\n", encoding="utf-8")
    message = refusal(path)
    assert message.startswith(f"{path}, line 3: ")
    assert said in message


def test_bad_rows_can_be_left_out(write):
    bad = make_row(label="x", R3ID="R3-2")
    skipped = SkippedRows()
    path = write([make_row(), bad, make_row()])
    rows = read(path, skipped.add, split="by_record")
    assert len(rows.examples) == len(rows.records) == 2
    assert [m.startswith(f"{path}, line 3: ") for m in skipped.messages] == [
        True
    ]
    path = write([bad])
    with pytest.raises(ValueError, match="holds none but 1 bad rows"):
        read(path, skipped.add)


def test_files_without_rows(write, tmp_path):
    assert "holds no rows" in refusal(write([]))
    empty = tmp_path / "empty.csv"
    empty.touch()
    assert f"{empty} is empty; expected a header with" in refusal(empty)
