import pytest

from glue_tasks.readers import read_split
from glue_tasks.registry import get_task
from glue_tasks.task import Example

COLA = get_task("cola")
MRPC = get_task("mrpc")
HEADER = "Quality\t#1 ID\t#2 ID\t#1 String\t#2 String\n"


def write(folder, text, name="train.tsv"):
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_mrpc_row_is_read_whatever_the_line_ends(tmp_path, bom, end, last):
    text = (bom + HEADER + '1\t7\t8\t"a\tb" "\n0\t1\t2\t\tc\n').replace(
        "\n", end
    )
    write(tmp_path, text if last else text.removesuffix(end))
    assert read_split(MRPC, tmp_path, "train") == [
        Example('"a', 'b" "', "1"),
        Example("", "c", "0"),
    ]


def test_only_newlines_end_a_line(tmp_path):
    text = "a\u2028b\x85c\x0cd\x1de\rf\u2029"
    write(tmp_path, f"{HEADER}1\t7\t8\t{text}\tg\n")
    assert read_split(MRPC, tmp_path, "train") == [Example(text, "g", "1")]


def test_columns_are_found_by_name_wherever_they_are(tmp_path):
    write(tmp_path, "#2 String\tQuality\t#1 String\nb\t1\ta\n")
    assert read_split(MRPC, tmp_path, "train") == [Example("a", "b", "1")]


def test_mrpc_test_split_is_unlabeled(tmp_path):
    header = HEADER.replace("Quality", "index")
    write(tmp_path, f"{header}0\t7\t8\ta\tb\n", "test.tsv")
    assert read_split(MRPC, tmp_path, "test") == [Example("a", "b", None)]


def test_first_rows_of_real_mrpc(shared):
    folder = shared / "data" / "glue" / "MRPC"
    train, dev, test = (
        read_split(MRPC, folder, name)[0] for name in MRPC.splits
    )
    assert train == Example(
        'Amrozi accused his brother , whom he called " the witness " , of '
        "deliberately distorting his evidence .",
        'Referring to him as only " the witness " , Amrozi accused his '
        "brother of deliberately distorting his evidence .",
        "1",
    )
    assert dev == Example(
        "He said the foodservice pie business doesn 't fit the company 's "
        "long-term growth strategy .",
        '" The foodservice pie business does not fit our long-term growth '
        "strategy .",
        "1",
    )
    assert test == Example(
        "PCCW 's chief operating officer , Mike Butcher , and Alex Arena , "
        "the chief financial officer , will report directly to Mr So .",
        "Current Chief Operating Officer Mike Butcher and Group Chief "
        "Financial Officer Alex Arena will report to So .",
    )


def test_first_rows_of_real_cola(shared):
    folder = shared / "data" / "glue" / "CoLA"
    assert [read_split(COLA, folder, name)[0] for name in COLA.splits] == [
        Example(
            "Our friends won't buy this analysis, let alone the next one we "
            "propose.",
            None,
            "1",
        ),
        Example("The sailors rode the breeze clear of the rocks.", None, "1"),
        Example("Bill whistled past the house."),
    ]
