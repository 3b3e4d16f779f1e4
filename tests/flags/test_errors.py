import re

import pytest
from absl import flags

from flags import adapter

TASK = "--task_name=MRPC"


@pytest.mark.parametrize("text", ["", "a", "0-", "-3", "5-0", "1,,2", "0-9999"])
def test_layers_refuses_other_syntax(text):
    with pytest.raises(ValueError, match=re.escape(f"adapter_layers={text!r}")):
        adapter.parse_layers(text)


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
        ((TASK, "--learnin_rate=1"), "Did you mean: learning_rate"),
        ((), "a task is required, for example --task_name=MRPC"),
    ],
)
def test_wrong_values_name_the_flag(command_line, arguments, message):
    with pytest.raises(flags.Error, match=message):
        command_line(*arguments)


def test_loose_arguments_are_refused(command_line):
    with pytest.raises(ValueError, match="Received: false"):
        command_line(TASK, "--do_train", "false")


@pytest.mark.parametrize("name", ["vocab_file", "bert_config_file"])
def test_training_refuses_files_without_their_checkpoint(command_line, name):
    with pytest.raises(ValueError, match=f"Received: --{name}=x"):
        command_line(TASK, f"--{name}=x")
    assert command_line(TASK, "--do_eval", f"--{name}=x").checkpoint
