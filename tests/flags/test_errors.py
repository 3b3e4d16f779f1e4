import pytest
from absl import flags

TASK = "--task_name=MRPC"
TABULAR = "--task_name=tabular"
FUNGI = "--task_name=fungi"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--task_name=MRCP",), "did you mean 'mrpc'"),
        ((TASK, "--adapter_recipe=houlsby"), "did you mean 'houlsby2019'"),
        ((TASK, "--adapter_activation=gelu_now"), "did you mean 'gelu_new'"),
        ((TASK, "--train_layer_norms=adopted"), "did you mean 'adapted'"),
        ((TASK, "--adapter_layers=5-0"), "--adapter_layers=5-0.*ascending"),
        (
            (TASK, "--adapter_size=8", "--adapter_reduction_factor=2"),
            "adapter_size=8, adapter_reduction_factor=2.0: give only one",
        ),
        ((TASK, "--adapter_size=0"), "--adapter_size=0: must be a positive"),
        ((TASK, "--learning_rate=0"), "--learning_rate=0.0: must be a pos"),
        ((TASK, "--learning_rate=inf"), "--learning_rate=inf: must be a pos"),
        ((TASK, "--num_train_epochs=-1"), "--num_train_epochs=-1.0: must"),
        ((TASK, "--max_seq_length=2"), "--max_seq_length=2"),
        ((TASK, "--train_batch_size=0"), "--train_batch_size=0"),
        ((TASK, "--eval_batch_size=0"), "--eval_batch_size=0"),
        ((TASK, "--predict_batch_size=-8"), "--predict_batch_size=-8"),
        ((TASK, "--warmup_proportion=1.5"), "--warmup_proportion=1.5"),
        ((TASK, "--seed=-1"), "--seed=-1"),
        ((TASK, "--data_dir="), "--data_dir=: must not be empty"),
        ((TASK, "--use_tpu=true"), "TPU is not supported yet"),
        (
            (TASK, "--nodo_train", "--do_eval=0"),
            "At least one of `do_train`, `do_eval` or `do_predict` must be",
        ),
        ((TASK, "--tune=addapters"), "--tune=addapters: did you mean 'adap"),
        ((TASK, "--tune=top_k"), "needs --tune_top_k"),
        ((TASK, "--tune_top_k=2"), "no meaning without the former"),
        ((TASK, "--tune=full", "--tune_top_k=2"), "no meaning without"),
        ((TASK, "--tune=top_k", "--tune_top_k=0"), "--tune_top_k=0"),
        ((TASK, "--evaluate_every=0"), "--evaluate_every=0: must be a pos"),
        ((TASK, "--evaluate_every=epochs"), "positive number .*, or epoch"),
        (
            (TASK, "--evaluate_every=2", "--keep_checkpoint=first"),
            "--keep_checkpoint=first: known: best, last",
        ),
        ((TASK, "--keep_checkpoint=best"), "give --evaluate_every=epoch"),
        ((TASK, "--early_stopping_patience=2"), "give --evaluate_every=ep"),
        (
            (TASK, "--evaluate_every=2", "--early_stopping_patience=0"),
            "--early_stopping_patience=0",
        ),
        ((TASK, "--class_weights=balance"), "label=number,label=number"),
        ((TASK, "--class_weights=0=1,1=0"), "must hold positive numbers"),
        ((TASK, "--ablate_adapters=5-0"), "--ablate_adapters=5-0: must be"),
        ((TASK, "--ablate_adapters=all"), "--ablate_adapters=all: must be"),
        ((TASK, "--adapter_dir="), "--adapter_dir=: must not be empty"),
        ((TASK, "--predict_file= "), "--predict_file= : must not be empty"),
        ((TABULAR, "--train_file="), "--train_file=: must not be empty"),
        ((TABULAR, "--dev_file="), "--dev_file=: must not be empty"),
        ((TABULAR, "--test_file="), "--test_file=: must not be empty"),
        ((TABULAR, "--text_a_column="), "--text_a_column=: must not be"),
        ((TABULAR, "--text_b_column="), "--text_b_column=: must not be"),
        ((TABULAR, "--label_column="), "--label_column=: must not be"),
        ((TABULAR, "--label_separator="), "--label_separator=: must not"),
        ((TABULAR, "--label_type=scores"), "did you mean 'score'"),
        ((TABULAR, "--label_thresholds=0"), "between 0 and 1"),
        ((TABULAR, "--label_thresholds=bets"), "label=number,... or best"),
        (
            (TABULAR, "--dev_share=0"),
            "--dev_share=0.0: must be a number above 0",
        ),
        ((TABULAR, "--dev_share=1"), "--dev_share=1.0: must be a number above"),
        ((TABULAR, "--dev_share=nan"), "--dev_share=nan: must be a number ab"),
        (("--task_name=fungy",), "Unknown task 'fungy'; did you mean 'fungi'"),
        ((FUNGI, "--dataset="), "--dataset=: must not be empty"),
        ((FUNGI, "--fungi_text=pairs"), "did you mean 'pair'"),
        ((FUNGI, "--fungi_target=labels"), "did you mean 'label'"),
        ((FUNGI, "--split=by_records"), "did you mean 'by_record'"),
        ((FUNGI, "--split_seed=-1"), "--split_seed=-1"),
        ((TASK, "--skip_bad_rows=maybe"), "skip_bad_rows.*maybe"),
        ((TASK, "--learnin_rate=1"), "Did you mean: learning_rate"),
        ((), "a task is required, for example --task_name=MRPC"),
    ],
)
def test_wrong_values_name_the_flag(command_line, arguments, message):
    with pytest.raises(flags.Error, match=message):
        command_line(*arguments)


@pytest.mark.parametrize(
    ("flag", "advice"),
    [
        ("--adapter_dir=elsewhere", "Training writes its adapter to --output"),
        ("--ablate_adapters=0-1", "Train first, then evaluate with --do_eval"),
    ],
)
def test_training_refuses_what_needs_a_trained_adapter(
    command_line, flag, advice
):
    for stages in ([], ["--do_train"], ["--do_train", "--do_eval"]):
        with pytest.raises(ValueError, match=f"{flag} cannot go .*{advice}"):
            command_line(TASK, flag, *stages)
    assert command_line(TASK, flag, "--do_eval").run.do_eval


@pytest.mark.parametrize(
    "flag",
    [
        "--train_file=x.csv",
        "--dev_file=x.csv",
        "--test_file=x.csv",
        "--dev_share=0.2",
        "--split_seed=2",
        "--text_a_column=x",
        "--text_b_column=x",
        "--label_column=x",
        "--label_type=class",
        "--label_separator=;",
        "--label_thresholds=0.5",
    ],
)
def test_tables_are_refused_for_other_tasks(command_line, flag):
    message = f"{flag.split('=')[0]}: only for --task_name=tabular"
    with pytest.raises(ValueError, match=f"{message}.*--task_name=mrpc"):
        command_line("--task_name=mrpc", flag)
    assert command_line("--task_name=Tabular", flag).data.task_name == "tabular"


@pytest.mark.parametrize("task", [TASK, TABULAR])
@pytest.mark.parametrize(
    "flag",
    [
        "--dataset=someone/fungi",
        "--fungi_text=pair",
        "--fungi_target=common_or_different",
        "--split=by_record",
    ],
)
def test_fungis_flags_are_refused_for_other_tasks(command_line, task, flag):
    message = f"{flag.split('=')[0]}: only for --task_name=fungi. Received: "
    with pytest.raises(ValueError, match=message):
        command_line(task, flag)
    assert command_line("--task_name=Fungi", flag).data.task_name == "fungi"


def test_only_one_source_of_fungi_is_named(command_line):
    with pytest.raises(ValueError, match="Only one of --data_dir and"):
        command_line(FUNGI, "--data_dir=x", "--dataset=y")


@pytest.mark.parametrize(
    "flag",
    ["--train_file=x.csv", "--dev_share=0.2", "--text_a_column=x"],
)
def test_tables_are_refused_for_fungi(command_line, flag):
    message = f"{flag.split('=')[0]}: only for --task_name=tabular"
    for more in ((), ("--do_predict", "--predict_file=x.csv")):
        with pytest.raises(ValueError, match=message):
            command_line(FUNGI, flag, *more)


def test_text_columns_are_those_of_the_file_to_predict(command_line):
    columns = ("--text_a_column=x", "--text_b_column=y")
    received = command_line(TASK, "--predict_file=x.csv", *columns)
    assert received.data.tabular == {"text_a_column": "x", "text_b_column": "y"}
    with pytest.raises(ValueError, match="^--label_column: only for"):
        command_line(TASK, "--predict_file=x.csv", "--label_column=z", *columns)


def test_loose_arguments_are_refused(command_line):
    with pytest.raises(ValueError, match="Received: false"):
        command_line(TASK, "--do_train", "false")


@pytest.mark.parametrize("name", ["vocab_file", "bert_config_file"])
def test_training_refuses_files_without_their_checkpoint(command_line, name):
    with pytest.raises(ValueError, match=f"Received: --{name}=x"):
        command_line(TASK, f"--{name}=x")
    assert command_line(TASK, "--do_eval", f"--{name}=x").checkpoint


def test_random_encoder_takes_a_vocabulary(command_line):
    flags = ("--allow_random_encoder", "--vocab_file=x")
    received = command_line(TASK, *flags).checkpoint
    assert received.allow_random_encoder
    assert received.vocab_file.endswith("x")
