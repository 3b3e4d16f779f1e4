"""Evaluating without some blocks' adapters, which stay as they are."""

import pytest

from glue_tasks.submission import find_submissions
from tests.run_files import contents, read_probabilities, read_results
from tests.tiny_files import drive, refused, write_mrpc


@pytest.fixture(scope="module")
def common(tmp_path_factory):
    data = write_mrpc(tmp_path_factory.mktemp("MRPC"))
    return ["--task_name=MRPC", f"--data_dir={data}"]


@pytest.fixture(scope="module")
def trained(common, two_blocks, tmp_path_factory):
    directory = tmp_path_factory.mktemp("runs") / "trained"
    drive(
        *common,
        *two_blocks,
        *("--do_train", "--do_eval", "--do_predict"),
        # Adapters that do something after three updates.
        *("--adapter_init_scale=0.5", "--num_train_epochs=1"),
        f"--output_dir={directory}",
    )
    return directory


@pytest.fixture(scope="module")
def ablated(common, trained):
    """The trained run's files before, and the folders without some blocks."""
    before = contents(trained)
    for blocks in ("0", "1", "0-1"):
        drive(
            *common,
            *("--do_eval", "--do_predict", f"--ablate_adapters={blocks}"),
            f"--output_dir={trained}",
        )
    return before, [trained / f"ablated_{b}" for b in ("0", "1", "0-1")]


def test_results_go_into_folders_of_their_own(ablated, trained):
    before, folders = ablated
    assert contents(trained) == before
    found = {path for path in trained.iterdir() if path.is_dir()}
    assert found == set(folders)
    for folder in folders:
        assert set(contents(folder)) == {
            "confusion.csv",
            "confusion.png",
            "eval_results.json",
            "eval_results.txt",
            "predictions.tsv",
            "report.html",
            "test_results.tsv",
        }


def test_leaderboards_file_is_the_whole_models_alone(ablated, trained):
    found = find_submissions(trained.parent)
    assert found["MRPC.tsv"] == trained / "MRPC.tsv"


def test_each_ablation_gives_scores_of_its_own(ablated, trained):
    _, folders = ablated
    results = [read_results(folder) for folder in (trained, *folders)]
    losses = {round(r["scores"]["eval_loss"], 6) for r in results}
    assert len(losses) == 4
    for result, blocks in zip(results[1:], ([0], [1], [0, 1]), strict=True):
        assert result["settings"]["run"]["ablate_adapters"] == blocks
    probabilities = [read_probabilities(f) for f in (trained, *folders)]
    assert len({str(rows) for rows in probabilities}) == 4


def test_adapter_itself_is_as_before(ablated, common, trained, tmp_path):
    output = f"--output_dir={tmp_path}"
    drive(*common, "--do_eval", f"--adapter_dir={trained}", output)
    expected = read_results(trained)["scores"]
    assert read_results(tmp_path)["scores"] == pytest.approx(expected)


def test_blocks_without_adapters_are_refused(
    common, trained, bert, tmp_path, ablated
):
    before = contents(trained)
    flags = ["--do_eval", f"--output_dir={trained}"]
    message = refused(*common, *flags, "--ablate_adapters=1-3")
    assert "Only adapters that are there can be ablated" in message
    assert "Received: 2, 3; blocks with adapters: 0, 1" in message
    assert contents(trained) == before
    assert not (trained / "ablated_1-3").exists()

    output = f"--output_dir={tmp_path}"
    train = ["--do_train", "--tune=head", "--num_train_epochs=1"]
    drive(*common, *bert, *train, output)
    message = refused(*common, "--do_eval", output, "--ablate_adapters=0")
    assert "Received: 0; blocks with adapters: none" in message


def test_training_is_refused(common, bert, tmp_path):
    output = tmp_path / "output"
    flags = ["--ablate_adapters=0", f"--output_dir={output}"]
    message = refused(*common, *bert, *flags)
    assert "--ablate_adapters=0 cannot go with training. Train" in message
    assert not output.exists()
