"""Writes small tables of every format."""

import csv
import json

SUFFIXES = (".tsv", ".csv", ".jsonl", ".json", ".parquet")


def write_rows(path, rows):
    """Writes dicts as the table that the suffix of `path` asks for."""
    if path.suffix == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.Table.from_pylist(rows), path)
    elif path.suffix in (".jsonl", ".json"):
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        path.write_text("".join(lines), encoding="utf-8")
    elif path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerows([list(rows[0]), *(row.values() for row in rows)])
    else:
        cells = [list(rows[0]), *(map(str, row.values()) for row in rows)]
        text = "".join("\t".join(row) + "\n" for row in cells)
        path.write_text(text, encoding="utf-8")
    return path


def write(path, content):
    """Writes text as UTF-8, bytes as they are."""
    data = content if isinstance(content, bytes) else content.encode("utf-8")
    path.write_bytes(data)
    return path
