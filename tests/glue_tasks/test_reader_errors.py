import re

import pytest

from glue_tasks.bad_rows import SkippedRows
from glue_tasks.readers import read_split
from glue_tasks.registry import get_task

COLA = get_task("cola")
MRPC = get_task("mrpc")
HEADER = "Quality\t#1 ID\t#2 ID\t#1 String\t#2 String\n"


def write(folder, text, name="train.tsv"):
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    (folder / name).write_bytes(data)
    return folder


def error_of(folder, task=MRPC, split="train", error=ValueError):
    with pytest.raises(error) as raised:
        read_split(task, folder, split)
    return str(raised.value)


def test_missing_folder(tmp_path):
    message = error_of(tmp_path / "no", error=FileNotFoundError)
    assert message == (
        f"{tmp_path / 'no'} is not a folder; expected one with train.tsv, "
        "dev.tsv, test.tsv of MRPC"
    )


def test_missing_file_lists_what_is_there(tmp_path):
    write(tmp_path, HEADER, "training.tsv")
    write(tmp_path, HEADER, "dev.tsv")
    assert error_of(tmp_path, error=FileNotFoundError) == (
        f"MRPC needs train.tsv, which is not in {tmp_path}. "
        "Found there: dev.tsv, training.tsv"
    )


def test_missing_file_in_an_empty_or_a_crowded_folder(tmp_path):
    message = error_of(tmp_path, error=FileNotFoundError)
    assert message.endswith("Found there: nothing")
    for number in range(23):
        write(tmp_path, "", f"{number:02}.txt")
    message = error_of(tmp_path, error=FileNotFoundError)
    assert message.endswith("18.txt, 19.txt and 3 more")


def test_folder_above_the_tasks_own_is_recognized(tmp_path):
    (tmp_path / "MRPC").mkdir()
    write(tmp_path / "MRPC", HEADER)
    message = error_of(tmp_path, error=FileNotFoundError)
    assert f"Did you mean {tmp_path / 'MRPC'}?" in message


def test_header_left_out_does_not_cost_the_first_row(tmp_path):
    write(tmp_path, f"1\t7\t8\t{'a' * 50}\tb\n0\t1\t2\tc\td\n")
    assert error_of(tmp_path) == (
        f"{tmp_path}/train.tsv, line 1: must be a header with the columns "
        "'#1 String', '#2 String', 'Quality'. "
        "Missing: '#1 String', '#2 String', 'Quality'. "
        f"Found: '1', '7', '8', '{'a' * 40}...', 'b'"
    )


def test_header_that_lacks_one_column(tmp_path):
    write(tmp_path, "index\t#1 String\t#2 String\n1\ta\tb\n")
    message = error_of(tmp_path)
    assert "Missing: 'Quality'. Found: 'index', '#1 String'" in message


@pytest.mark.parametrize(
    ("row", "count"), [("1\t7\t8\ta", 4), ("1\t7\t8\ta\tb\tc", 6)]
)
def test_row_of_another_width_than_the_header(tmp_path, row, count):
    write(tmp_path, f"{HEADER}1\t7\t8\ta\tb\n{row}\n")
    assert error_of(tmp_path) == (
        f"{tmp_path}/train.tsv, line 3: must have 5 tab-separated columns. "
        f"Received: {count}"
    )


def test_missing_column_without_header(tmp_path):
    write(tmp_path, "gj04\t1\tHe went.\n")
    assert error_of(tmp_path, COLA) == (
        f"{tmp_path}/train.tsv, line 1: must have 4 tab-separated columns. "
        "Received: 3"
    )


def test_unknown_label(tmp_path):
    write(tmp_path, f"{HEADER}2\t7\t8\ta\tb\n")
    assert error_of(tmp_path) == (
        f"{tmp_path}/train.tsv, line 2: unknown label '2' in column "
        "'Quality'. Known: 0, 1"
    )
    write(tmp_path, "source\tlabel\tmark\tsentence\n")
    assert error_of(tmp_path, COLA) == (
        f"{tmp_path}/train.tsv, line 1: unknown label 'label' in column 2. "
        "Known: 0, 1"
    )


@pytest.mark.parametrize("blank", ["\n", "\r\n", "  \n", "\t\t\t\t\n"])
def test_blank_line(tmp_path, blank):
    row = "1\t7\t8\ta\tb\n"
    expected = f"{tmp_path}/train.tsv, line 3: is blank"
    for text in (HEADER + row + blank + row, HEADER + row + blank):
        write(tmp_path, text)
        assert error_of(tmp_path).startswith(expected)


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_latin_1_gives_line_and_byte(tmp_path, bom):
    before = bom + HEADER.encode() + b"1\t7\t8\tcaf"
    write(tmp_path, before + b"\xe9\tb\n")
    assert error_of(tmp_path) == (
        f"{tmp_path}/train.tsv, line 2: must be UTF-8. Received: byte 0xe9 "
        f"at position {len(before)} of the file"
    )


def test_latin_1_in_the_first_line(tmp_path):
    write(tmp_path, b"\xef\xbb\xbfQualit\xe9\t\n")
    assert "line 1: must be UTF-8. Received: byte 0xe9 at position 9" in (
        error_of(tmp_path)
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16(tmp_path, encoding):
    write(tmp_path, HEADER.encode(encoding))
    message = error_of(tmp_path)
    assert message.startswith(f"{tmp_path}/train.tsv, line 1: must be UTF-8")
    assert "UTF-16" in message


def test_nul_byte(tmp_path):
    write(tmp_path, f"{HEADER}1\t7\t8\ta\0\tb\n")
    assert re.search(r"line 2: must be UTF-8 .* NUL byte", error_of(tmp_path))


def test_empty_file(tmp_path):
    write(tmp_path, "")
    assert error_of(tmp_path) == (
        f"{tmp_path}/train.tsv is empty; expected the columns '#1 String', "
        "'#2 String', 'Quality'"
    )
    assert "expected the columns 4, 2" in error_of(tmp_path, COLA)


def test_header_alone(tmp_path):
    write(tmp_path, HEADER)
    assert error_of(tmp_path) == (
        f"{tmp_path}/train.tsv holds a header and no rows"
    )


def test_unknown_split(tmp_path):
    assert error_of(tmp_path, split="validation") == (
        "MRPC has no split 'validation'; known: train, dev, test"
    )


@pytest.mark.parametrize(
    ("score", "shown"),
    [
        ("", "''"),
        ("high", "'high'"),
        ("1,5", "'1,5'"),
        ("nan", "nan"),
        ("inf", "inf"),
        ("-0.1", "-0.1"),
        ("5.001", "5.001"),
        ("x" * 99, "'xxxxxxxxxxxx...xxxxxxxxxxxxx'"),
    ],
)
def test_score_must_be_a_finite_number_in_its_range(tmp_path, score, shown):
    write(tmp_path, f"sentence1\tsentence2\tscore\na\tb\t5\nc\td\t{score}\n")
    assert error_of(tmp_path, get_task("stsb")) == (
        f"{tmp_path}/train.tsv, line 3: column 'score': `score` must be a "
        f"finite number from 0 to 5. Received: score={shown}"
    )


BAD_ROWS = {
    3: b"1\t7\t8\tshort",
    4: b"",
    6: b"1\t7\t8\ta\tb\tlong",
    7: b"yes\t7\t8\ta\tb",
    8: b"1\t7\t8\tcaf\xe9\tb",
    10: b"1\t7\t8\tnul\0\tb",
}


def with_bad_rows(header):
    lines = [header.removesuffix(b"\n")]
    for number in range(2, 12):
        lines.append(BAD_ROWS.get(number, b"1\t7\t8\tline %d\tb" % number))
    return b"\n".join(lines) + b"\n"


def test_bad_rows_are_listed_and_the_others_read(tmp_path):
    write(tmp_path, with_bad_rows(HEADER.encode()))
    skipped = SkippedRows()
    rows = read_split(MRPC, tmp_path, "train", skipped.add)
    assert [row.text_a for row in rows] == [
        f"line {number}" for number in (2, 5, 9, 11)
    ]
    path = tmp_path / "train.tsv"
    assert [message.partition(": ")[0] for message in skipped.messages] == [
        f"{path}, line {number}" for number in BAD_ROWS
    ]
    reasons = (
        "must have 5 tab-separated columns. Received: 4",
        "is blank",
        "must have 5 tab-separated columns. Received: 6",
        "unknown label 'yes' in column 'Quality'. Known: 0, 1",
        "must be UTF-8. Received: byte 0xe9 at position",
        "must be UTF-8 text, but holds a NUL byte",
    )
    for message, reason in zip(skipped.messages, reasons, strict=True):
        assert message.partition(": ")[2].startswith(reason)


def test_first_bad_row_ends_the_reading_unless_told_otherwise(tmp_path):
    write(tmp_path, with_bad_rows(HEADER.encode()))
    assert f"{tmp_path}/train.tsv, line 3:" in error_of(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (with_bad_rows(b"index\t#1 String"), "line 1: must be a header"),
        (with_bad_rows(b"Qualit\xe9"), "line 1: must be UTF-8"),
        (HEADER.encode("utf-16"), "line 1: must be UTF-8; the file is UTF-16"),
        (HEADER.encode() + b"\n1\n", "holds no row that can be read; 2 cannot"),
    ],
)
def test_bad_files_are_errors_even_if_bad_rows_are_not(
    tmp_path, content, message
):
    write(tmp_path, content)
    with pytest.raises(ValueError, match=f"train.tsv,? {re.escape(message)}"):
        read_split(MRPC, tmp_path, "train", SkippedRows().add)


def test_file_without_header_as_utf_16_is_an_error_not_bad_rows(tmp_path):
    write(tmp_path, "gj04\t1\t\tHe went.\n".encode("utf-16"))
    with pytest.raises(ValueError, match="the file is UTF-16"):
        read_split(COLA, tmp_path, "train", SkippedRows().add)


def test_short_rows_of_qqp_are_not_bad_rows_but_others_are(tmp_path):
    header = "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate"
    rows = ["0\t1\t2\ta\tb\t1", "1\t3\t4\tcut", "2\t5\t6\tc\td\t2"]
    write(tmp_path, "\n".join([header, *rows]))
    skipped = SkippedRows()
    examples = read_split(get_task("qqp"), tmp_path, "train", skipped.add)
    assert [row.text_a for row in examples] == ["a"]
    assert skipped.messages == [
        f"{tmp_path}/train.tsv, line 4: unknown label '2' in column "
        "'is_duplicate'. Known: 0, 1"
    ]


def test_no_row_in_the_language(tmp_path):
    header = "language\tgold_label\tsentence1\tsentence2"
    write(tmp_path, f"{header}\nen\tneutral\ta\tb\n", "xnli.dev.tsv")
    assert error_of(tmp_path, get_task("xnli"), "dev") == (
        f"{tmp_path}/xnli.dev.tsv holds no rows with 'zh' in column 'language'"
    )


def test_message_names_the_label_as_the_file_spells_it(tmp_path):
    (tmp_path / "multinli").mkdir()
    file = "multinli/multinli.train.zh.tsv"
    write(tmp_path, "premise\thypo\tlabel\na\tb\tcontrary\n", file)
    assert "line 2: unknown label 'contrary' in column 'label'" in (
        error_of(tmp_path, get_task("xnli"))
    )
