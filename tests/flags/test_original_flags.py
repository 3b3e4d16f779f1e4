import pytest

from flags import parse

# Types and defaults of the original's `run_classifier.py`.
ORIGINAL = {
    "data_dir": ("string", None),
    "bert_config_file": ("string", None),
    "task_name": ("string", None),
    "vocab_file": ("string", None),
    "output_dir": ("string", None),
    "init_checkpoint": ("string", None),
    "do_lower_case": ("bool", True),
    "max_seq_length": ("int", 128),
    "do_train": ("bool", False),
    "do_eval": ("bool", False),
    "do_predict": ("bool", False),
    "train_batch_size": ("int", 32),
    "eval_batch_size": ("int", 8),
    "predict_batch_size": ("int", 8),
    "learning_rate": ("float", 5e-5),
    "num_train_epochs": ("float", 3.0),
    "warmup_proportion": ("float", 0.1),
    "save_checkpoints_steps": ("int", 1000),
    "iterations_per_loop": ("int", 1000),
    "use_tpu": ("bool", False),
    "tpu_name": ("string", None),
    "tpu_zone": ("string", None),
    "gcp_project": ("string", None),
    "master": ("string", None),
    "num_tpu_cores": ("int", 8),
}
# What a bare `--task_name=MRPC` needs; None: decided by other inputs.
OTHER_DEFAULTS = {
    "do_lower_case": None,
    "do_train": None,
    "do_eval": None,
    "do_predict": None,
    "learning_rate": 3e-4,
    "num_train_epochs": 5.0,
}


def test_the_original_has_25_flags():
    assert len(ORIGINAL) == 25


@pytest.mark.parametrize("name", ORIGINAL)
def test_flag_of_the_original(name):
    flag = parse.FLAGS[name]
    kind, default = ORIGINAL[name]
    assert flag.flag_type() == kind
    assert flag.default == OTHER_DEFAULTS.get(name, default)
