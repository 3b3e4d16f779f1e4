import re

import pytest

from glue_tasks.glue import get_task
from glue_tasks.readers import read_split

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
