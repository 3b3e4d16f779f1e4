"""Which stages run, on which rows, and where their files go."""

import pytest

TASK = "--task_name=MRPC"


@pytest.mark.parametrize(
    ("arguments", "stages"),
    [
        ((), (True, True, False)),
        (("--do_train",), (True, False, False)),
        (("--do_train=true", "--do_eval=false"), (True, False, False)),
        (("--nodo_train", "--do_eval"), (False, True, False)),
        (("--do_predict=1",), (False, False, True)),
    ],
)
def test_stages(command_line, arguments, stages):
    received = command_line(TASK, *arguments)
    run = received.run
    assert (run.do_train, run.do_eval, run.do_predict) == stages
    assert received.defaulted_stages == (not arguments)


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        ((), ("train", "dev")),
        (("--do_train",), ("train",)),
        (("--do_train", "--evaluate_every=1"), ("train", "dev")),
        (("--do_predict", "--evaluate_every=1"), ("test",)),
        (("--do_eval", "--do_predict"), ("dev", "test")),
    ],
)
def test_only_splits_that_are_needed_are_read(command_line, arguments, needed):
    received = command_line(TASK, *arguments)
    assert received.run.needed_splits(received.train) == needed


def test_your_own_data(command_line, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.csv").write_text("")
    received = command_line(
        "--task_name=Tabular",
        "--train_file=train.csv",
        "--text_a_column=review",
        "--label_type=multi",
        "--label_separator=;",
        "--label_thresholds=good=0.3",
        "--dev_share=0.25",
        "--split_seed=7",
        "--seed=3",
    )
    # A later run may start in another folder.
    assert received.data.tabular == {
        "train_file": str(tmp_path / "train.csv"),
        "text_a_column": "review",
        "label_type": "multi",
        "label_separator": ";",
        "dev_share": 0.25,
        "seed": 7,
    }
    assert received.run.label_thresholds == {"good": 0.3}
    assert received.run.output_dir == "output/tabular"


def test_held_out_rows_are_those_of_the_training(command_line):
    flags = ("--task_name=tabular", "--split_seed=3", "--dev_share=0.5")
    received = command_line(*flags, "--do_train").data.tabular
    assert received == {"seed": 3, "dev_share": 0.5}
    assert command_line(*flags, "--do_eval").data.tabular == {}
    received = command_line("--task_name=tabular", "--seed=3").data.tabular
    assert received == {}


@pytest.mark.parametrize(
    ("stages", "kind"),
    [
        (("--do_train", "--do_eval"), ""),
        (("--do_eval",), "_eval"),
        (("--do_eval", "--do_predict"), "_eval_predict"),
    ],
)
def test_kinds_of_later_runs(command_line, stages, kind):
    assert command_line(TASK, *stages).run.kind == kind


@pytest.mark.parametrize(
    ("arguments", "stages"),
    [
        (("--predict_file=x.csv",), "predicting"),
        (("--train_file=x.csv",), "training and evaluating"),
        (
            ("--train_file=x.csv", "--predict_file=x.csv"),
            "training and evaluating and predicting",
        ),
    ],
)
def test_stages_follow_from_the_files(command_line, arguments, stages):
    received = command_line("--task_name=tabular", *arguments)
    assert received.run.stages == stages
    assert received.defaulted_stages


def test_folders_of_adapters_and_results(command_line):
    received = command_line(TASK, "--do_eval", "--output_dir=out").run
    assert (received.adapter_dir, received.results_dir) == ("out", "out")
    received = command_line(
        TASK,
        "--do_eval",
        "--output_dir=out",
        "--adapter_dir=trained",
        "--ablate_adapters=4,0-2",
    ).run
    assert received.ablate_adapters == (0, 1, 2, 4)
    assert received.adapter_dir == "trained"
    assert received.results_dir == "out/ablated_0-2,4"
