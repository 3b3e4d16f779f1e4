import csv
import dataclasses
import io
import statistics
from math import nan

import pytest

from benchmarks.sweep.grid import Configuration, Run
from benchmarks.sweep.summary import (
    best_by,
    find_sources,
    name_score,
    summarize,
)
from benchmarks.sweep.table import to_csv, to_markdown

SMALL = Configuration("adapters", 8, 3e-4, 3.0)
LARGE = Configuration("adapters", 64, 3e-4, 3.0)
FULL = Configuration("full", None, 3e-5, 3.0)


@pytest.fixture
def results(make_result):
    return [
        make_result(Run(FULL, 1), 0.9, trained=100_000),
        make_result(Run(LARGE, 2), 0.82, trained=4000),
        make_result(Run(LARGE, 1), 0.86, trained=4000, warnings=["Beware."]),
        make_result(Run(LARGE, 3), 0.84, trained=4000),
        make_result(Run(SMALL, 1), 0.7),
        make_result(Run(SMALL, 2), 0.95),
    ]


def test_summaries_are_sorted_by_mean(results):
    summaries = summarize(results)
    assert [s.configuration for s in summaries] == [FULL, LARGE, SMALL]
    assert [s.mean for s in summaries] == pytest.approx([0.9, 0.84, 0.825])
    assert summaries[0].deviation is None
    assert summaries[1].deviation == pytest.approx(0.02)
    assert summaries[2].deviation == statistics.stdev([0.7, 0.95])
    assert [s.best.attempt.run.seed for s in summaries] == [1, 1, 2]


def test_best_is_by_mean_not_by_the_luckiest_seed(results):
    best = best_by(summarize(results), lambda s: s.method)
    assert [summary.configuration for summary in best] == [LARGE, FULL]


def test_among_equals_more_seeds_then_fewer_parameters_win(make_result):
    results = [
        make_result(Run(LARGE, 1), 0.5, trained=4000),
        make_result(Run(FULL, 1), 0.5, trained=9000),
        make_result(Run(FULL, 2), 0.5, trained=9000),
        make_result(Run(SMALL, 1), 0.5, trained=1000),
    ]
    order = [s.configuration for s in summarize(results)]
    assert order == [FULL, SMALL, LARGE]


def test_runs_must_share_their_metric(make_result):
    results = [
        make_result(Run(SMALL, 1), 0.5),
        make_result(Run(SMALL, 2), 0.5, metric="eval_f1"),
    ]
    with pytest.raises(ValueError, match="eval_accuracy, eval_f1"):
        summarize(results)


def test_csv_has_a_line_a_run_and_every_score(results):
    results[0].scores["eval_mismatched_accuracy"] = None
    rows = list(csv.DictReader(io.StringIO(to_csv(results))))
    assert len(rows) == len(results)
    first, second = rows[:2]
    assert first["run"] == "full_lr-3e-5_epochs-3_seed-1"
    assert first["adapter_size"] == first["tune_top_k"] == ""
    assert first["eval_mismatched_accuracy"] == ""
    assert (second["method"], second["adapter_size"]) == ("adapters", "64")
    assert float(second["learning_rate"]) == 3e-4
    assert float(second["eval_accuracy"]) == 0.82
    assert second["trained_parameters"] == "4000"


def test_page_says_all_there_is_to_know(results):
    page = to_markdown(results, summarize(results), [Run(SMALL, 3)])
    assert page.startswith("# Sweep: mrpc, accuracy on the dev set\n")
    for part in (
        "- Data: the sample, $5_a each\n",
        "- Encoder: an encoder\n",
        "- Finished runs: 6\n",
        "- Failed runs: 1 (`adapters-8_lr-3e-4_epochs-3_seed-3`)\n",
        "- **Warning:** Beware.\n",
        "| Full fine-tuning | – | 3e-5 | 3 | 100,000 (100 %) | 0.9000 |",
        "| Adapters | 64 | 3e-4 | 3 | 4,000 (4 %) | 0.8400 | 0.0200 | 3 |",
        "| 0.0200 | 3 | 0.8600 | `adapters-64_lr-3e-4_epochs-3_seed-1` |",
    ):
        assert part in page
    tables = [line for line in page.splitlines() if line.startswith("|")]
    assert len(tables) == (2 + 3) + (2 + 2)
    assert {line.count("|") for line in tables[:5]} == {9}
    assert {line.count("|") for line in tables[5:]} == {11}


def test_page_warns_of_different_numbers_of_seeds(results):
    page = to_markdown(results, summarize(results), [])
    assert "- **Warning:** Configurations have from 1 to 3 seeds: " in page
    alike = results[1:3] + results[4:]
    assert "seeds: " not in to_markdown(alike, summarize(alike), [])


def test_runs_without_a_score_are_listed_and_not_ranked(results, make_result):
    results += [
        make_result(Run(SMALL, 3), None),
        make_result(Run(FULL, 4), nan),
    ]
    summaries = summarize(results)
    assert [s.configuration for s in summaries] == [FULL, LARGE, SMALL]
    assert [len(s.results) for s in summaries] == [1, 3, 2]
    page = to_markdown(results, summaries, [])
    assert "- Finished runs: 8\n" in page
    names = [f"`{result.attempt.run.name}`" for result in results[-2:]]
    assert f"- Without score: 2 ({', '.join(names)})\n" in page
    none = results[-2:]
    assert "Without score: 2" in to_markdown(none, summarize(none), [])
    row = to_csv(none).splitlines()[1]
    assert row.startswith("adapters-8_lr-3e-4_epochs-3_seed-3,")


def test_runs_on_different_data_carry_a_warning(results):
    assert find_sources(results).warnings == ("Beware.",)
    results[3] = dataclasses.replace(results[3], data="other rows")
    sources = find_sources(results)
    assert sources.data == "the sample, $5_a each and other rows"
    assert sources.warnings == (
        "The runs do not share data and encoder.",
        "Beware.",
    )


def test_scores_have_names():
    assert name_score("eval_f1") == "F1"
    assert name_score("eval_matthews") == "Matthews correlation"
    assert name_score("eval_macro_recall") == "macro recall"
