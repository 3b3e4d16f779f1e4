"""One page about a run that stands on its own: `report.html`."""

import base64
import dataclasses
import html
import numbers
import os
import pathlib
import string
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from adapter_bert import files
from adapter_bert.reports.page_style import CSS

if TYPE_CHECKING:
    from adapter_bert.trainable import ParameterReport

FILE_NAME = "report.html"

_PAGE = string.Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>$css</style>
</head>
<body>
<header>
<h1>$title</h1>
<p>$subtitle</p>
</header>
$body
</body>
</html>
""")


@dataclasses.dataclass(frozen=True)
class Report:
    """What the page says. Empty parts are left out of it.

    Attributes:
        title: Name of the task, for people.
        date: When the run ended.
        subtitle: What ran, in one line.
        warnings: Sentences that must not be missed, each one a line.
        scores: Values by name, in the order to show.
        parameters: What the model holds and trains, by group.
        curve_path: PNG of the training curve, put into the page.
        settings: Values by name, by theme.
        versions: Versions by name.
        command: The shell command that runs the same again.
        files: What each file of the run's folder is, by name.
    """

    title: str
    date: str
    subtitle: str = ""
    warnings: Sequence[str] = ()
    scores: Mapping[str, float | int] = dataclasses.field(default_factory=dict)
    parameters: "ParameterReport | None" = None
    curve_path: str | os.PathLike | None = None
    settings: Mapping[str, Mapping[str, Any]] = dataclasses.field(
        default_factory=dict
    )
    versions: Mapping[str, str] = dataclasses.field(default_factory=dict)
    command: str = ""
    files: Mapping[str, str] = dataclasses.field(default_factory=dict)


def write_report(directory: str | os.PathLike, report: Report) -> None:
    """Writes `report.html`, which needs no other file."""
    page = _PAGE.substitute(
        title=_text(report.title),
        subtitle=_text(
            " · ".join(filter(None, (report.date, report.subtitle)))
        ),
        css=CSS,
        body="\n".join(filter(None, _sections(report))),
    )
    files.write_text(pathlib.Path(directory) / FILE_NAME, page)


def _sections(report: Report) -> Iterable[str]:
    yield _warnings(report.warnings)
    scores = {name: _score(value) for name, value in report.scores.items()}
    yield _pair(
        "",
        _table("Scores", scores, cell="number"),
        _parameters(report.parameters),
    )
    yield _curve(report.curve_path)
    yield _settings(report.settings)
    if report.command:
        yield _section("Command", f"<pre>{_text(report.command)}</pre>")
    yield _pair(
        " even",
        _table("Files", report.files, kind="small"),
        _table("Versions", report.versions, kind="small"),
    )


def _pair(kind: str, left: str, right: str) -> str:
    if left and right:
        return f'<div class="pair{kind}">{left}{right}</div>'
    return left or right


def _warnings(warnings: Sequence[str]) -> str:
    if not warnings:
        return ""
    lines = "".join(f"<p>{_text(warning)}</p>" for warning in warnings)
    return f'<div class="warnings" role="note">{lines}</div>'


def _score(value: float | int) -> str:
    return (
        f"{value:,}" if isinstance(value, numbers.Integral) else f"{value:.4f}"
    )


def _parameters(report: "ParameterReport | None") -> str:
    if report is None:
        return ""
    titles = (
        "Group",
        "Parameters",
        "Trained",
        "Share of all",
        "Share of plain encoder",
    )
    head = "".join(f'<th class="number">{title}</th>' for title in titles)
    rows = [f"<thead><tr>{head}</tr></thead>"]
    for name, total, trained in (
        *((group.name, group.total, group.trained) for group in report.groups),
        ("all", report.total, report.trained),
    ):
        cells = [f"{total:,}", f"{trained:,}"]
        for whole in (report.total, report.plain_encoder):
            cells.append(_share(trained / whole))
        cells = "".join(f'<td class="number">{cell}</td>' for cell in cells)
        rows.append(f"<tr><th>{_text(name)}</th>{cells}</tr>")
    return _section(
        "Parameters", f'<table class="totaled">{"".join(rows)}</table>'
    )


def _share(share: float) -> str:
    if share == 0:
        return "–"
    return f"{share:.2%}" if share >= 5e-5 else "&lt; 0.01%"


def _curve(path: str | os.PathLike | None) -> str:
    if path is None:
        return ""
    data = base64.b64encode(pathlib.Path(path).read_bytes()).decode("ascii")
    return _section(
        "Training",
        '<img class="curve" alt="Loss and learning rate by update" '
        f'src="data:image/png;base64,{data}">',
    )


def _settings(settings: Mapping[str, Mapping[str, Any]]) -> str:
    if not settings:
        return ""
    blocks = [
        f"<div><h3>{_text(theme)}</h3><table>{_rows(values)}</table></div>"
        for theme, values in settings.items()
    ]
    return _section("Settings", f'<div class="groups">{"".join(blocks)}</div>')


def _table(
    title: str, values: Mapping[str, Any], kind: str = "", cell: str = ""
) -> str:
    if not values:
        return ""
    rows = _rows(values, cell)
    return _section(title, f'<table class="{kind}">{rows}</table>')


def _rows(values: Mapping[str, Any], cell: str = "") -> str:
    return "".join(
        f'<tr><th>{_text(name)}</th><td class="{cell}">{_text(value)}</td></tr>'
        for name, value in values.items()
    )


def _section(title: str, content: str) -> str:
    return f"<section><h2>{title}</h2>{content}</section>"


def _text(value: Any) -> str:
    if value is None:
        value = "–"
    elif isinstance(value, tuple | list):
        value = ", ".join(map(str, value)) or "–"
    elif isinstance(value, Mapping):
        pairs = (f"{k}: {v}" for k, v in value.items() if v is not None)
        value = ", ".join(pairs) or "–"
    return html.escape(str(value))
