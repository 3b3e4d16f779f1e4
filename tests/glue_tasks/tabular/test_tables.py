import pytest

from glue_tasks.bad_rows import SkippedRows
from glue_tasks.tabular.formats import FORMATS, find_format, read_table
from tests.glue_tasks.tabular.tables import write, write_rows

ROWS = [
    {"id": "01", "text": "良い本です。", "label": "yes"},
    {"id": "2", "text": "a\u2028b\u0085c\x0cd", "label": "no"},
    {"id": "3", "text": 'say "so", twice', "label": ""},
    {"id": "", "text": "", "label": "yes"},
]


def read(path, *wanted, **options):
    return read_table(path, wanted or ("text",), **options)


def error_of(path, *wanted, error=ValueError):
    with pytest.raises(error) as raised:
        read(path, *wanted)
    return str(raised.value)


def texts(table):
    return [row.values["text"] for row in table.rows]


def test_each_format_gives_the_same_rows(tmp_path, suffix):
    path = write_rows(tmp_path / f"rows{suffix}", ROWS)
    table = read(path, "text", "label")
    assert table.columns == ("id", "text", "label")
    for name in ("text", "label"):
        read_back = [row.values[name] for row in table.rows]
        assert read_back == [row[name] for row in ROWS]


@pytest.mark.parametrize(
    ("suffix", "places"),
    [
        (".tsv", ["line 2", "line 3", "line 4", "line 5"]),
        (".csv", ["line 2", "line 3", "line 4", "line 5"]),
        (".jsonl", ["line 1", "line 2", "line 3", "line 4"]),
        (".parquet", ["row 1", "row 2", "row 3", "row 4"]),
    ],
)
def test_rows_know_their_place(tmp_path, suffix, places):
    path = write_rows(tmp_path / f"rows{suffix}", ROWS)
    where = [row.where for row in read(path).rows]
    assert where == [f"{path}, {place}" for place in places]


def test_csv_rows_start_where_their_cells_do(tmp_path):
    path = write(
        tmp_path / "r.csv",
        'text,label\n"one\ntwo\r\n\nthree",1\nfour,2\n"five, ""5""",3\n',
    )
    table = read(path)
    assert [row.where[-6:] for row in table.rows] == [
        "line 2",
        "line 6",
        "line 7",
    ]
    assert texts(table) == ["one\ntwo\r\n\nthree", "four", 'five, "5"']


def test_quotes_are_letters_in_tsv(tmp_path):
    path = write(tmp_path / "r.tsv", 'text\tlabel\n"a\tb"\n')
    assert read(path).rows[0].values == {"text": '"a', "label": 'b"'}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", ["", "\n", "\r\n\r\n"])
def test_line_ends_and_byte_order_marks(tmp_path, end, mark, last):
    for suffix, lines in (
        (".csv", ['"text",label', '"a",1', "b,2"]),
        (".tsv", ["text\tlabel", "a\t1", "b\t2"]),
        (".jsonl", ['{"text":"a","label":"1"}', '{"text":"b","label":"2"}']),
    ):
        path = write(tmp_path / f"r{suffix}", mark + end.join(lines) + last)
        table = read(path)
        assert table.columns == ("text", "label")
        assert [row.values for row in table.rows] == [
            {"text": "a", "label": "1"},
            {"text": "b", "label": "2"},
        ]


def test_cells_longer_than_the_csv_modules_limit(tmp_path):
    import csv

    limit = csv.field_size_limit()
    long = "ab " * 50_000
    for cell in (long, f'"{long}"'):
        path = write(tmp_path / "r.csv", f"text,label\n{cell},1\n")
        assert texts(read(path)) == [long]
    assert csv.field_size_limit() == limit


def test_json_values_keep_their_types(tmp_path):
    line = '{"text": "a", "n": 1, "x": 1.5, "on": true, "deep": {"k": [null]}}'
    table = read(write(tmp_path / "r.jsonl", line + '\n{"text": "b"}\n'))
    assert table.columns == ("text", "n", "x", "on", "deep")
    assert table.rows[0].values == {
        "text": "a",
        "n": 1,
        "x": 1.5,
        "on": True,
        "deep": {"k": [None]},
    }
    assert table.rows[1].values == {"text": "b"}


@pytest.mark.parametrize("name", ["r.xlsx", "r", "r.csv.gz", "r.jsn"])
def test_unknown_suffix(tmp_path, name):
    message = error_of(write(tmp_path / name, ""))
    assert message.startswith(f"{tmp_path / name}: the suffix of a table must")
    assert ".tsv, .csv, .jsonl, .json, .parquet" in message
    assert ("did you mean '.json'" in message) == (name == "r.jsn")


def test_suffixes_in_capitals():
    assert find_format("A/B.CSV") is FORMATS[".csv"]


def test_missing_file(tmp_path):
    message = error_of(tmp_path / "no.csv", error=FileNotFoundError)
    assert message.startswith(f"{tmp_path / 'no.csv'} is not a file")
    (tmp_path / "folder.csv").mkdir()
    error_of(tmp_path / "folder.csv", error=FileNotFoundError)


@pytest.mark.parametrize("suffix", [".csv", ".tsv"])
def test_missing_columns_and_the_nearest(tmp_path, suffix):
    rows = [{"Texts": "a", "gold": "1"}]
    path = write_rows(tmp_path / f"r{suffix}", rows)
    assert error_of(path, "text", "label").startswith(
        f"{path}, line 1: must have the columns 'text', 'label'. Missing: "
        "'text' (did you mean 'Texts'?), 'label'. Found: 'Texts', 'gold'. "
        "(--text_a_column"
    )


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_missing_columns_without_a_header(tmp_path, suffix):
    path = write_rows(tmp_path / f"r{suffix}", [{"LABEL": "a"}])
    assert error_of(path, "label").startswith(
        f"{path}: must have the column 'label'. Missing: 'label' (did you "
        "mean 'LABEL'?). Found: 'LABEL'."
    )


def test_columns_of_one_name(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    end = ": the names of the columns must differ. There more than once: 'a'"
    path = write(tmp_path / "r.csv", "a,text,a\n1,2,3\n")
    assert error_of(path) == f"{path}, line 1{end}"
    path = write(tmp_path / "r.tsv", "a\ttext\ta\n1\t2\t3\n")
    assert error_of(path) == f"{path}, line 1{end}"
    path = tmp_path / "r.parquet"
    arrays = [pa.array(["x"])] * 3
    pq.write_table(pa.Table.from_arrays(arrays, ["a", "text", "a"]), path)
    assert error_of(path) == f"{path}{end}"
    path = write(tmp_path / "r.jsonl", '{"text": "b"}\n{"text": "", "text":1}')
    assert error_of(path) == (
        f"{path}, line 2: keys must differ. There twice: 'text'"
    )


@pytest.mark.parametrize(
    ("suffix", "header", "separator"),
    [(".csv", "text,label\n", ","), (".tsv", "text\tlabel\n", "\t")],
)
@pytest.mark.parametrize("count", [1, 3])
def test_rows_of_another_width(tmp_path, suffix, header, separator, count):
    row = separator.join("xyz"[:count])
    path = write(tmp_path / f"r{suffix}", f"{header}a{separator}b\n{row}\n")
    name = {",": "comma", "\t": "tab"}[separator]
    assert error_of(path) == (
        f"{path}, line 3: must have 2 {name}-separated columns, as the "
        f"header. Received: {count}"
    )


@pytest.mark.parametrize(
    ("suffix", "content", "line"),
    [
        (".csv", "text,label\n\na,b\n", 2),
        (".tsv", "text\tlabel\r\na\tb\r\n\r\na\tb\r\n", 3),
        (".csv", "text\n\na\n", 2),
        (".jsonl", '{"text": ""}\n \n{"text": ""}\n', 2),
    ],
)
def test_blank_lines_among_the_rows(tmp_path, suffix, content, line):
    path = write(tmp_path / f"r{suffix}", content)
    assert error_of(path).startswith(f"{path}, line {line}: is blank")


def test_empty_text_in_a_csv_of_one_column(tmp_path):
    assert texts(read(write(tmp_path / "r.csv", 'text\n""\na\n'))) == ["", "a"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("[1]", "must be one JSON object. Received: an array"),
        ('"a"', "must be one JSON object. Received: a string"),
        ("null", "must be one JSON object. Received: null"),
        ("3", "must be one JSON object. Received: a number or a truth value"),
        ('{"text": "a"', "must be one whole JSON object. Expecting ',' "),
        ("text", "must be one whole JSON object. Expecting value at char"),
        ('{"text": ' + "[" * 100_000, "is nested too deeply"),
    ],
)
def test_json_lines_that_are_no_objects(tmp_path, line, problem):
    path = write(tmp_path / "r.jsonl", f'{{"text": "a"}}\n{line}\n')
    assert error_of(path).startswith(f"{path}, line 2: {problem}")


def test_csv_with_letters_behind_a_quote(tmp_path):
    path = write(tmp_path / "r.csv", 'text,label\na,b\n"a" b,c\nd,e\n')
    assert error_of(path) == (
        f"{path}, line 3: is not CSV (line 3: ',' expected after '\"'). A "
        "cell with quotes or line ends must be quoted, and its quotes doubled"
    )
    skipped = SkippedRows()
    assert texts(read(path, on_bad_row=skipped.add)) == ["a", "d"]
    assert len(skipped.messages) == 1


def test_csv_with_carriage_returns_outside_quotes(tmp_path):
    for text, number in (("text\na\rb\n", 2), ("text\ra\rb\r", 1)):
        path = write(tmp_path / "r.csv", text)
        assert error_of(path).startswith(
            f"{path}, line {number}: is not CSV (line {number}: a carriage "
            "return outside quotes). A cell with"
        )


def test_csv_quote_that_is_never_closed_is_no_mere_bad_row(tmp_path):
    path = write(tmp_path / "r.csv", 'text,label\na,b\n"c,d\ne,f\n')
    with pytest.raises(ValueError, match="is never closed") as raised:
        read(path, on_bad_row=SkippedRows().add)
    assert str(raised.value).startswith(f"{path}, line 3: opens a quote")


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl"])
def test_text_that_is_not_utf_8(tmp_path, suffix):
    rows = [{"text": "a"}, {"text": "caf\x7f"}, {"text": "b"}]
    path = write_rows(tmp_path / f"r{suffix}", rows)
    data = path.read_bytes()
    position, number = data.index(b"\x7f"), 2 if suffix == ".jsonl" else 3
    for bad, problem in (
        (b"\xe9", f"Received: byte 0xe9 at position {position} of"),
        (b"\0", "text, but holds a NUL byte; is the file UTF-16, or compres"),
    ):
        path.write_bytes(data.replace(b"\x7f", bad))
        message = error_of(path)
        assert message.startswith(f"{path}, line {number}: must be UTF-8")
        assert problem in message
        skipped = SkippedRows()
        assert texts(read(path, on_bad_row=skipped.add)) == ["a", "b"]
        assert skipped.messages == [message]


def test_bad_byte_within_a_cell_of_lines_costs_that_row_alone(tmp_path):
    path = write(
        tmp_path / "r.csv",
        b'text,label\n"a\nb\xe9\nc",d\n"e\nf",g\n',
    )
    skipped = SkippedRows()
    assert texts(read(path, on_bad_row=skipped.add)) == ["e\nf"]
    (message,) = skipped.messages
    assert message.startswith(f"{path}, line 2: must be UTF-8. Received: byte")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl"])
def test_utf_16(tmp_path, suffix, encoding):
    path = write_rows(tmp_path / f"r{suffix}", [{"text": "a"}])
    write(path, path.read_text(encoding="utf-8").encode(encoding))
    message = error_of(path)
    assert message.startswith(f"{path}, line 1: must be UTF-8")
    assert "UTF-16" in message


def test_empty_files(tmp_path):
    for name in ("r.csv", "r.tsv", "r.jsonl"):
        for content in ("", "\n\r\n"):
            path = write(tmp_path / name, content)
            assert error_of(path).startswith(f"{path} is empty; expected ")
    path = write(tmp_path / "r.parquet", "")
    assert error_of(path).startswith(f"{path} is not a whole Parquet file: ")


def test_header_alone(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    for name in ("r.csv", "r.tsv"):
        for content in ("text", "text\n", "\ufefftext\r\n\r\n"):
            path = write(tmp_path / name, content)
            assert error_of(path) == f"{path} holds no rows"
    path = tmp_path / "r.parquet"
    pq.write_table(pa.table({"text": pa.array([], pa.string())}), path)
    assert error_of(path) == f"{path} holds no rows"


def test_all_rows_bad(tmp_path):
    for name, content in (
        ("r.csv", "text,label\na\nb\n"),
        ("r.jsonl", "1\n2\n"),
    ):
        path = write(tmp_path / name, content)
        skipped = SkippedRows()
        with pytest.raises(ValueError, match="none but 2 bad rows"):
            read(path, on_bad_row=skipped.add)
        assert len(skipped.messages) == 2


def test_parquet_that_is_none(tmp_path):
    path = write(tmp_path / "r.parquet", "text,label\na,b\n")
    assert error_of(path).startswith(f"{path} is not a whole Parquet file: ")
    path = write_rows(tmp_path / "s.parquet", ROWS)
    path.write_bytes(path.read_bytes()[:-20])
    assert error_of(path).startswith(f"{path} is not a whole Parquet file: ")


def test_parquet_named_csv(tmp_path):
    path = write_rows(tmp_path / "r.parquet", ROWS).rename(tmp_path / "r.csv")
    assert error_of(path).startswith(f"{path}, line 1: must be UTF-8")


def test_parquet_columns_that_nobody_asks_for_may_be_anything(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    # A date beyond those of Python.
    far = pa.array([2**62], pa.int64()).cast(pa.timestamp("ms"))
    path = tmp_path / "part=3" / "r.parquet"
    path.parent.mkdir()
    kinds = pa.array(["a"]).dictionary_encode()
    pq.write_table(pa.table({"when": far, "text": kinds}), path)
    table = read(path)
    assert table.columns == ("when", "text")
    assert texts(table) == ["a"]
