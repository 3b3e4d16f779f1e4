import json
import pathlib

import pytest
from absl import flags

import flags as command_line_flags
from adapter_bert import adapter_config
from adapter_bert.adapter_config import AdapterConfig
from adapter_bert.training.config import TrainConfig
from adapter_bert.tune_config import TuneConfig
from flags import parse, settings

RECIPES = pathlib.Path(command_line_flags.__file__).parent / "recipes"
TASK = "--task_name=MRPC"


def test_task_name_alone_gives_every_default(command_line):
    assert command_line(TASK) == settings.Settings(
        data=settings.DataConfig(task_name="mrpc"),
        checkpoint=settings.CheckpointConfig(),
        adapter_recipe="houlsby2019",
        adapter=AdapterConfig(),
        tune=TuneConfig(),
        train=TrainConfig(),
        run=settings.RunConfig("output/mrpc", adapter_dir="output/mrpc"),
        defaulted_stages=True,
    )


def test_full_command_of_the_original(command_line):
    received = command_line(
        "--task_name=MRPC",
        "--do_train=true",
        "--do_eval=true",
        "--do_predict=true",
        "--data_dir=glue/MRPC",
        "--vocab_file=bert/vocab.txt",
        "--bert_config_file=bert/bert_config.json",
        "--init_checkpoint=bert/bert_model.ckpt",
        "--max_seq_length=64",
        "--train_batch_size=16",
        "--learning_rate=1e-3",
        "--num_train_epochs=2.5",
        "--output_dir=out",
    )
    assert received.data == settings.DataConfig("mrpc", "glue/MRPC", 64)
    assert received.checkpoint == settings.CheckpointConfig(
        "bert/bert_model.ckpt", "bert/bert_config.json", "bert/vocab.txt"
    )
    assert received.train == TrainConfig(1e-3, 2.5, 16)
    assert received.run == settings.RunConfig("out", "out", True, True, True)
    assert not received.defaulted_stages
    assert received.notes == ()


def test_settings_survive_json(command_line):
    values = command_line(TASK, "--adapter_layers=0,2").to_dict()
    again = json.loads(json.dumps(values))
    assert again["adapter"]["layers"] == [0, 2]
    assert AdapterConfig.from_dict(again["adapter"]).layers == (0, 2)
    assert again["run"]["output_dir"] == "output/mrpc"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), None),
        (("--do_lower_case",), True),
        (("--do_lower_case=False",), False),
        (("--nodo_lower_case",), False),
    ],
)
def test_lower_case_has_three_states(command_line, arguments, expected):
    received = command_line(TASK, *arguments)
    assert received.checkpoint.do_lower_case is expected


@pytest.mark.parametrize(
    ("arguments", "steps"),
    [
        ((), 1),
        (("--iterations_per_loop=1000",), 1000),
        (("--iterations_per_loop=7",), 7),
    ],
)
def test_steps_per_call(command_line, arguments, steps):
    assert command_line(TASK, *arguments).train.steps_per_call == steps


@pytest.mark.parametrize(
    ("arguments", "changes"),
    [
        (("--adapter_size=8",), {"size": 8, "reduction_factor": None}),
        (("--adapter_reduction_factor=4",), {"reduction_factor": 4.0}),
        (("--adapter_init_scale=0.01",), {"init_scale": 0.01}),
        (("--adapter_activation=relu",), {"activation": "relu"}),
        (("--adapter_layers=0-2,5",), {"layers": (0, 1, 2, 5)}),
        (("--adapter_layers=all",), {"layers": None}),
        (("--train_layer_norms=all",), {"train_layer_norms": "all"}),
        (("--train_pooler",), {"train_pooler": True}),
    ],
)
def test_flags_replace_fields_of_the_recipe(command_line, arguments, changes):
    recipe = "--adapter_recipe=adapterhub_houlsby"
    received = command_line(TASK, recipe, *arguments)
    expected = adapter_config.RECIPES["adapterhub_houlsby"].to_dict()
    assert received.adapter.to_dict() == expected | changes
    assert received.adapter_recipe == "adapterhub_houlsby"


def test_length_is_left_to_a_trained_adapter_unless_given(command_line):
    assert command_line(TASK, "--do_eval").data.max_seq_length is None
    received = command_line(TASK, "--do_eval", "--max_seq_length=64")
    assert received.data.max_seq_length == 64


def test_reduction_factor_replaces_the_size_of_the_recipe(command_line):
    received = command_line(TASK, "--adapter_reduction_factor=16").adapter
    assert (received.size, received.reduction_factor) == (None, 16.0)


@pytest.mark.parametrize(
    ("arguments", "notes"),
    [
        (
            ("--master=x", "--tpu_zone=y"),
            ("--tpu_zone, --master have no effect without --use_tpu.",),
        ),
        (
            ("--do_eval", "--seed=3"),
            ("--seed has no effect without --do_train.",),
        ),
        (
            ("--do_train", "--eval_batch_size=4", "--predict_batch_size=4"),
            (
                "--predict_batch_size has no effect without --do_predict.",
                "--eval_batch_size has no effect without --do_eval.",
            ),
        ),
        (
            ("--evaluate_every=epoch", "--do_train", "--eval_batch_size=4"),
            (),
        ),
        (
            (
                "--do_eval",
                "--evaluate_every=epoch",
                "--keep_checkpoint=best",
                "--early_stopping_patience=2",
                "--class_weights=balanced",
                "--predict_file=x.csv",
            ),
            (
                "--evaluate_every, --keep_checkpoint, "
                "--early_stopping_patience, --class_weights have no effect "
                "without --do_train.",
                "--predict_file has no effect without --do_predict.",
            ),
        ),
        (
            ("--tune=full", "--adapter_size=8", "--adapter_layers=0"),
            (
                "--adapter_size, --adapter_layers have no effect without "
                "--tune=adapters.",
            ),
        ),
        (
            ("--tune=head", "--train_layer_norms=none"),
            ("--train_layer_norms has no effect without --tune=adapters.",),
        ),
        (("--tune=adapters", "--adapter_size=8"), ()),
        (("--tune=layer_norm", "--train_pooler"), ()),
        (("--use_tpu=false", "--eval_batch_size=4"), ()),
        (
            ("--evaluate_every=epoch", "--save_checkpoints_steps=9"),
            (
                "--save_checkpoints_steps has no effect where the best "
                "weights are kept.",
            ),
        ),
        (
            (
                "--evaluate_every=epoch",
                "--keep_checkpoint=last",
                "--save_checkpoints_steps=9",
            ),
            (),
        ),
        (
            ("--tune=full", "--train_pooler"),
            (
                "--train_pooler has no effect with --tune=full, where the "
                "pooler trains.",
            ),
        ),
        (
            ("--predict_file=x.csv", "--do_predict", "--data_dir=x"),
            ("--data_dir has no effect beside --predict_file.",),
        ),
        (
            ("--predict_file=x.csv", "--data_dir=x", "--do_predict")
            + ("--do_eval",),
            (),
        ),
    ],
)
def test_notes_name_given_flags_without_effect(command_line, arguments, notes):
    assert command_line(TASK, *arguments).notes == notes


@pytest.mark.parametrize(
    ("arguments", "notes"),
    [
        (
            ("--dev_file=x", "--dev_share=0.3", "--split_seed=2"),
            ("--dev_share, --split_seed have no effect beside --dev_file.",),
        ),
        (
            ("--do_eval", "--dev_file=x", "--split_seed=2"),
            ("--split_seed has no effect without --do_train.",),
        ),
        (("--dev_share=0.3", "--split_seed=2"), ()),
        (
            ("--label_separator=;",),
            ("--label_separator has no effect without --label_type=multi.",),
        ),
        (
            ("--do_eval", "--label_separator=;", "--label_type=class"),
            ("--label_separator has no effect without --label_type=multi.",),
        ),
        (("--label_separator=;", "--label_type=multi"), ()),
        (("--do_eval", "--label_separator=;"), ()),
        (
            ("--test_file=x",),
            ("--test_file has no effect without --do_predict.",),
        ),
        (
            ("--test_file=x", "--predict_file=y"),
            ("--test_file has no effect beside --predict_file.",),
        ),
        (("--test_file=x", "--do_predict"), ()),
    ],
)
def test_notes_on_tables(command_line, arguments, notes):
    assert command_line("--task_name=tabular", *arguments).notes == notes


def test_flags_that_shape_adapters_are_told_by_name(command_line):
    received = command_line(TASK, "--tune=adapters", "--adapter_size=64")
    assert received.shaping_flags == ("tune", "adapter_size")
    assert received.adapter == AdapterConfig()
    received = command_line(TASK, "--tune=top_k", "--tune_top_k=2")
    assert received.shaping_flags == ("tune", "tune_top_k")
    assert received.adapter_recipe is None


@pytest.mark.parametrize(
    ("arguments", "adapter", "tune"),
    [
        ((), AdapterConfig(), TuneConfig()),
        (("--tune=adapters",), AdapterConfig(), TuneConfig()),
        (("--tune=full",), None, TuneConfig("full")),
        (("--tune=full", "--train_pooler"), None, TuneConfig("full")),
        (
            ("--tune=top_k", "--tune_top_k=3"),
            None,
            TuneConfig("top_k", top_k=3),
        ),
        (("--tune=head",), None, TuneConfig("head")),
        (
            ("--tune=layer_norm", "--train_pooler"),
            None,
            TuneConfig("layer_norm", train_pooler=True),
        ),
        (("--train_pooler",), AdapterConfig(train_pooler=True), TuneConfig()),
    ],
)
def test_what_trains(command_line, arguments, adapter, tune):
    received = command_line(TASK, *arguments)
    assert (received.adapter, received.tune) == (adapter, tune)


def test_evaluations_while_training(command_line):
    received = command_line(
        TASK,
        "--evaluate_every=50",
        "--keep_checkpoint=last",
        "--early_stopping_patience=3",
        "--class_weights=0=0.5,1=2",
    )
    assert received.train == TrainConfig(
        evaluate_every=50,
        keep_checkpoint="last",
        early_stopping_patience=3,
        class_weights={"0": 0.5, "1": 2.0},
    )
    assert command_line(TASK, "--class_weights=balanced").train == TrainConfig(
        class_weights="balanced"
    )


def test_home_directory_in_paths(command_line, monkeypatch):
    monkeypatch.setenv("HOME", "/home/someone")
    received = command_line(TASK, "--data_dir=~/glue", "--output_dir=~/out")
    assert received.data.data_dir == "/home/someone/glue"
    assert received.run.output_dir == "/home/someone/out"


def test_mrpc_recipe_gives_way_to_later_flags(command_line):
    recipe = f"--flagfile={RECIPES / 'mrpc.flags'}"
    received = command_line(recipe, "--learning_rate=1e-3")
    assert received.data == settings.DataConfig("mrpc", None, 128)
    assert received.train == TrainConfig(learning_rate=1e-3)


# === Fungi, whose recipe is its defaults ===


@pytest.fixture
def driver_line(command_line):
    """Parses flags as the command line does, recipes and all."""

    def received(*arguments):
        flags.FLAGS.unparse_flags()
        return parse.parse(parse.parse_flags(["run_classifier.py", *arguments]))

    return received


def test_fungi_alone_has_the_defaults_of_its_recipe(driver_line):
    received = driver_line("--task_name=Fungi")
    assert received.adapter_recipe == "opendelta"
    assert received.adapter == adapter_config.RECIPES["opendelta"]
    assert received.adapter.size == 24
    assert received.data == settings.DataConfig("fungi", max_seq_length=150)
    assert received.train == TrainConfig(3e-4, 3.0, 32)
    assert received.run.output_dir == "output/fungi"
    assert received.defaulted_stages
    assert received.notes == ()


def test_a_flag_wins_over_the_recipe_of_fungi(driver_line):
    received = driver_line(
        "--learning_rate=1e-3",
        "--task_name=fungi",
        "--adapter_recipe=houlsby2019",
        "--max_seq_length=40",
        "--train_batch_size=8",
        "--num_train_epochs=1",
    )
    assert received.adapter == AdapterConfig()
    assert received.data.max_seq_length == 40
    assert received.train == TrainConfig(1e-3, 1.0, 8)
    received = driver_line("--task_name=fungi", "--adapter_size=8")
    opendelta = adapter_config.RECIPES["opendelta"].to_dict()
    assert received.adapter.to_dict() == opendelta | {"size": 8}


def test_a_recipe_wins_over_the_one_of_fungi(driver_line):
    path = RECIPES / "fungi_reference.flags"
    received = driver_line(f"--flagfile={path}", "--data_dir=/fungi.csv")
    assert received.train.learning_rate == 3e-6
    assert received.train.warmup_proportion == 0.0
    assert received.data.fungi == {"split": "reference", "seed": 666}
    assert received.data.data_dir == "/fungi.csv"
    assert received.checkpoint.init_checkpoint.startswith("cl-tohoku/")
    assert received.notes == ()


def test_without_adapters_fungi_has_the_rest_of_its_recipe(driver_line):
    received = driver_line("--task_name=fungi", "--tune=head")
    assert received.adapter is None
    assert received.data.max_seq_length == 150
    assert received.notes == ()


def test_fungis_recipe_is_of_trainings_alone(driver_line):
    received = driver_line("--task_name=fungi", "--do_eval")
    assert received.data.max_seq_length is None
    assert received.shaping_flags == ()
    assert received.notes == ()
    # The next command line is of another task.
    assert driver_line(TASK).adapter_recipe == "houlsby2019"


def test_how_fungi_is_read(driver_line):
    received = driver_line(
        "--task_name=fungi",
        "--dataset=someone/fungi",
        "--fungi_text=pair",
        "--fungi_target=common_or_different",
        "--split=by_record",
        "--split_seed=7",
    ).data
    assert received.dataset == "someone/fungi"
    assert received.fungi == {
        "text": "pair",
        "target": "common_or_different",
        "split": "by_record",
        "seed": 7,
    }
    assert not received.tabular
    # Later, the adapter knows which rows it was trained on.
    flags_of_training = (
        "--split_seed=3",
        "--fungi_text=pair",
        "--fungi_target=label",
        "--split=by_record",
        "--allow_random_encoder",
    )
    received = driver_line("--task_name=fungi", "--do_eval", *flags_of_training)
    assert received.data.fungi == {}
    assert not received.checkpoint.allow_random_encoder
    (note,) = received.notes
    assert note.endswith(" have no effect without --do_train.")
    for flag in flags_of_training:
        assert flag.split("=")[0] in note


def test_a_random_encoder_must_be_allowed(driver_line):
    assert not driver_line(TASK).checkpoint.allow_random_encoder
    received = driver_line(TASK, "--allow_random_encoder")
    assert received.checkpoint.allow_random_encoder
    assert received.notes == ()
