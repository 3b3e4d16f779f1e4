"""The files that compare the finished runs of a sweep."""

from adapter_bert import files
from benchmarks.sweep.figures import (
    draw_score_by_learning_rate,
    draw_score_by_parameters,
)
from benchmarks.sweep.folder import SweepFolder
from benchmarks.sweep.summary import summarize
from benchmarks.sweep.table import to_csv, to_markdown

FILE_NAMES = (
    "results.csv",
    "table.md",
    "score_by_parameters.png",
    "score_by_parameters.svg",
    "score_by_learning_rate.png",
    "score_by_learning_rate.svg",
)


def write_results(folder: SweepFolder) -> None:
    """Writes the tables and figures of all finished runs in a sweep's folder.

    As long as no run is finished there is nothing to write, and as long as
    none has a score there are no figures.
    """
    results = folder.results()
    if not results:
        return
    failed = [a.run for a in folder.attempts() if a.status == "failed"]
    summaries = summarize(results)
    files.write_text(folder.path / "results.csv", to_csv(results))
    page = to_markdown(results, summaries, failed)
    files.write_text(folder.path / "table.md", page)
    if not summaries:
        return
    draw_score_by_parameters(folder.path / "score_by_parameters", summaries)
    path = folder.path / "score_by_learning_rate"
    draw_score_by_learning_rate(path, summaries)
