"""Small files in the fungi data set's columns."""

import csv

import pytest

from glue_tasks.fungi.labels import LABELS

COLUMNS = (
    "R3ID",
    "No",
    "comparison_source",
    "comparison_target",
    "sentence",
    "label",
    "common_or_different",
    "data_source",
)


def make_row(number=1, **cells):
    """Returns a row's cells by column."""
    row = {
        "R3ID": "R3-1",
        "No": f"{number}.0",
        "comparison_source": "Paranectria longiappendiculata",
        "comparison_target": f"Paranectria affinis {number}",
        "sentence": f"本種より{number}倍ほど子嚢胞子が長い",
        "label": "サイズ/size",
        "common_or_different": "0",
        "data_source": "https://example.org/1",
    }
    return row | cells


@pytest.fixture
def write(tmp_path):
    """Writes rows as a CSV file and returns its path."""

    def write(rows, name="fungi.csv", columns=COLUMNS):
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(
                file, columns, extrasaction="ignore", lineterminator="\n"
            )
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


@pytest.fixture
def file(write):
    """A file of 200 rows: all labels, 20 records, both 0 and 1."""
    return write(
        make_row(
            i,
            R3ID=f"R3-{i // 10}",
            label=LABELS[i % 25],
            common_or_different=str(i % 2),
        )
        for i in range(200)
    )
