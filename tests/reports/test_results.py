import json
import pathlib

import numpy as np
import pytest

from adapter_bert.reports.json_text import to_json
from adapter_bert.reports.results import (
    write_eval_results,
    write_test_results,
)

SCORES = {
    "loss": np.float32(0.69438225),
    "global_step": np.int64(18),
    "eval_loss": 0.69406921,
    "eval_accuracy": 10 / 21,
}


def test_eval_results_text_is_the_original_form(tmp_path):
    write_eval_results(tmp_path, SCORES, {})
    assert (tmp_path / "eval_results.txt").read_text() == (
        "eval_accuracy = 0.47619048\n"
        "eval_loss = 0.6940692\n"
        "global_step = 18\n"
        "loss = 0.69438225\n"
    )


def test_eval_results_json_holds_scores_and_details(tmp_path):
    details = {
        "data": "bundled sample, not GLUE MRPC",
        "warnings": ("one",),
        "settings": {"layers": None, "output_dir": pathlib.Path("out")},
    }
    write_eval_results(tmp_path, SCORES, details)
    values = json.loads((tmp_path / "eval_results.json").read_text())
    assert values["scores"]["global_step"] == 18
    assert values["scores"]["eval_accuracy"] == pytest.approx(10 / 21)
    assert values["warnings"] == ["one"]
    assert values["settings"] == {"layers": None, "output_dir": "out"}
    assert list(values) == ["scores", "data", "warnings", "settings"]


def test_details_cannot_hide_the_scores(tmp_path):
    with pytest.raises(ValueError, match="`details`"):
        write_eval_results(tmp_path, SCORES, {"scores": {}})
    assert not list(tmp_path.iterdir())


def test_a_loss_that_is_not_finite_is_null_in_json(tmp_path):
    write_eval_results(tmp_path, {"eval_loss": float("nan")}, {})
    assert (tmp_path / "eval_results.txt").read_text() == "eval_loss = nan\n"
    values = json.loads((tmp_path / "eval_results.json").read_text())
    assert values == {"scores": {"eval_loss": None}}


def test_test_results_keep_the_order_of_labels(tmp_path):
    probabilities = np.array(
        [[0.5082465, 0.49175355], [1e-7, 1.0], [0.25, 0.75]], np.float32
    )
    write_test_results(tmp_path, probabilities, ["no", "yes", "yes"])
    assert (tmp_path / "test_results.tsv").read_bytes() == (
        b"0.5082465\t0.49175355\n1e-07\t1.0\n0.25\t0.75\n"
    )
    assert (tmp_path / "predictions.tsv").read_bytes() == (
        b"index\tprediction\n0\tno\n1\tyes\n2\tyes\n"
    )


def test_test_results_of_no_examples_are_empty(tmp_path):
    write_test_results(tmp_path, np.zeros([0, 2], np.float32), [])
    assert (tmp_path / "test_results.tsv").read_bytes() == b""
    assert (tmp_path / "predictions.tsv").read_text() == "index\tprediction\n"


def test_scores_of_a_regression(tmp_path):
    scores = np.array([[0.1], [-2.5], [3.0]], np.float32)
    write_test_results(tmp_path, scores, scores[:, 0].tolist())
    assert (tmp_path / "test_results.tsv").read_text() == "0.1\n-2.5\n3.0\n"
    assert (tmp_path / "predictions.tsv").read_text() == (
        "index\tprediction\n0\t0.1\n1\t-2.5\n2\t3.0\n"
    )


def test_several_labels_of_one_example_are_joined(tmp_path):
    probabilities = np.full([3, 2], 0.25, np.float32)
    write_test_results(tmp_path, probabilities, [("a", "b"), ("b",), ()])
    assert (tmp_path / "predictions.tsv").read_text() == (
        "index\tprediction\n0\ta,b\n1\tb\n2\t\n"
    )


def test_a_second_test_set_has_files_of_its_own(tmp_path):
    write_test_results(tmp_path, np.zeros([1, 1]), [0.0])
    write_test_results(tmp_path, np.ones([1, 1]), [1.0], "_mismatched")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "predictions.tsv": "index\tprediction\n0\t0.0\n",
        "predictions_mismatched.tsv": "index\tprediction\n0\t1.0\n",
        "test_results.tsv": "0.0\n",
        "test_results_mismatched.tsv": "1.0\n",
    }


@pytest.mark.parametrize("shape", [[3, 3], [2], [2, 2, 2]])
def test_one_row_per_prediction_is_needed(tmp_path, shape):
    with pytest.raises(ValueError, match="`outputs` must have one row for"):
        write_test_results(tmp_path, np.zeros(shape), ["0", "1"])
    assert not list(tmp_path.iterdir())


def test_json_of_numpy_values():
    value = {"a": np.arange(2), "b": (np.float32(0.5), np.inf), 3: np.bool_(1)}
    assert to_json(value) == '{"a": [0, 1], "b": [0.5, null], "3": true}'
    with pytest.raises(TypeError):
        to_json(object())
