import base64
import html.parser
import pathlib
import re
import subprocess
import sys

import pytest

from adapter_bert.reports.folder import describe_files
from adapter_bert.reports.page import Report, write_report
from adapter_bert.reports.versions import versions
from adapter_bert.trainable import ParameterGroup, ParameterReport

EVIL = '<script>alert("1")</script>&\'$title'
PARAMETERS = ParameterReport(
    (
        ParameterGroup("adapters", 2000, 2000),
        ParameterGroup("head", 1, 1),
        ParameterGroup("blocks", 98000, 0),
    )
)
VOID = {"meta", "img"}


class _Checker(html.parser.HTMLParser):
    """Collects text and tags, and fails on tags that do not nest."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.texts, self.urls = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.urls += [v for k, v in attrs if k in ("src", "href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def _write(directory, report):
    write_report(directory, report)
    checker = _Checker()
    checker.feed((directory / "report.html").read_text(encoding="utf-8"))
    checker.close()
    assert not checker.open
    return checker


def test_page_holds_everything_and_needs_nothing(tmp_path):
    (tmp_path / "curve.png").write_bytes(b"\x89PNG picture")
    page = _write(
        tmp_path,
        Report(
            title="MRPC",
            date="2026-03-04 15:32",
            subtitle="Adapters of size 64",
            warnings=["data: bundled sample, not GLUE MRPC"],
            scores={"eval_accuracy": 0.80147, "global_step": 1573},
            parameters=PARAMETERS,
            curve_path=tmp_path / "curve.png",
            settings={"Adapters": {"layers": (0, 1), "recipe": None}},
            versions={"keras": "3.15.1"},
            command="python run_classifier.py --task_name=MRPC",
            files={"adapter.json": "The artifact."},
        ),
    )
    for text in (
        "MRPC",
        "2026-03-04 15:32 · Adapters of size 64",
        "data: bundled sample, not GLUE MRPC",
        "0.8015",
        "1,573",
        "Adapters",
        "0, 1",
        "3.15.1",
        "python run_classifier.py --task_name=MRPC",
        "adapter.json",
        "The artifact.",
    ):
        assert text in page.texts
    (url,) = page.urls
    kind, data = url.split(",")
    assert kind == "data:image/png;base64"
    assert base64.b64decode(data) == b"\x89PNG picture"


def test_parameter_shares_use_both_denominators(tmp_path):
    page = _write(tmp_path, Report("t", "d", parameters=PARAMETERS))
    texts = [text for text in page.texts if text.strip()]
    start = texts.index("adapters")
    assert texts[start : start + 5] == [
        "adapters", "2,000", "2,000", "2.00%", "2.04%",
    ]  # fmt: skip
    assert texts[start + 5 : start + 10] == [
        "head", "1", "1", "< 0.01%", "< 0.01%",
    ]  # fmt: skip
    assert texts[start + 10 : start + 15] == ["blocks", "98,000", "0", "–", "–"]
    assert texts[start + 15 :] == [
        "all", "100,001", "2,001", "2.00%", "2.04%",
    ]  # fmt: skip


def test_markup_in_any_field_is_text(tmp_path):
    nested = ParameterReport((ParameterGroup(EVIL, 1, 1),) + PARAMETERS.groups)
    page = _write(
        tmp_path,
        Report(
            title=EVIL,
            date=EVIL,
            subtitle=EVIL,
            warnings=[EVIL],
            scores={EVIL: 1},
            parameters=nested,
            settings={EVIL: {EVIL: EVIL}, "list": {"labels": [EVIL]}},
            versions={EVIL: EVIL},
            command=EVIL,
            files={EVIL: EVIL},
        ),
    )
    assert "script" not in page.tags
    # In <title>, <h1>, warning, score, group, four settings, two versions,
    # command and two files; beside the date once more, twice.
    assert page.texts.count(EVIL) == 14
    assert f"{EVIL} · {EVIL}" in page.texts


def test_empty_parts_are_left_out(tmp_path):
    page = _write(tmp_path, Report("MRPC", "today"))
    assert not {"section", "table", "img", "pre"} & set(page.tags)


def test_style_covers_dark_screens_and_paper(tmp_path):
    _write(tmp_path, Report("MRPC", "today"))
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert "size: A4" in page
    named = set(re.findall(r"var\((--[a-z-]+)\)", page))
    assert named == set(re.findall(r"(--[a-z-]+):", page))


def test_old_page_stays_if_the_curve_is_missing(tmp_path):
    (tmp_path / "report.html").write_text("old")
    with pytest.raises(FileNotFoundError):
        write_report(tmp_path, Report("t", "d", curve_path=tmp_path / "none"))
    assert (tmp_path / "report.html").read_text() == "old"


def test_files_of_a_run_are_described(tmp_path):
    for name in ("history.jsonl", "events.out.tfevents.1.v2", "unrelated"):
        (tmp_path / name).touch()
    names = list(describe_files(tmp_path))
    assert names == ["report.html", "history.jsonl", "events.out.tfevents.*"]


def test_versions_import_nothing():
    found = versions()
    assert found["python"] == sys.version.split()[0]
    assert int(found["cpus"]) >= 1
    code = (
        "import sys\n"
        "from adapter_bert.reports import curve, history, page, results\n"
        "from adapter_bert.reports.versions import versions\n"
        "assert versions()['backend'] == 'none loaded'\n"
        "heavy = {'keras', 'tensorflow', 'matplotlib'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    root = pathlib.Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root)
