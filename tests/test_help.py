import re

import pytest

from tests.tiny_files import start

HEAVY = (
    "absl.testing",
    "huggingface_hub",
    "jax",
    "keras",
    "matplotlib",
    "numpy",
    "pyarrow",
    "scipy",
    "sklearn",
    "tensorflow",
    "tensorflow_datasets",
    "tensorflow_text",
    "transformers",
)


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """The driver's help, and on stderr every module it imported."""
    folder = tmp_path_factory.mktemp("elsewhere")
    return start(["--help"], folder, "-X", "importtime")


def test_help_is_no_error(shown):
    assert shown.returncode == 0
    lines = shown.stderr.splitlines()
    assert all(line.startswith("import time:") for line in lines)


def test_help_imports_nothing_heavy(shown):
    modules = re.findall(r"\| +(\S+)$", shown.stderr, re.MULTILINE)
    assert "flags.help" in modules
    assert not set(modules) & set(HEAVY)


def test_help_takes_no_time(shown):
    """Its imports, that is; the limit is for a machine that is busy."""
    cumulative = re.findall(r"(\d+) \| flags$", shown.stderr, re.MULTILINE)
    assert int(cumulative[0]) < 5_000_000  # microseconds; 2 s are promised


def test_help_is_grouped_by_theme(shown):
    titles = re.findall(r"^(\w[\w ]+):$", shown.stdout, re.MULTILINE)
    assert titles == [
        "examples",
        "Task and data",
        "Your own data",
        "Pretrained encoder",
        "What trains",
        "Adapters",
        "Training",
        "Stages and output",
        "Cloud TPU",
    ]
    themes = re.split(r"^\w[\w ]+:$", shown.stdout, flags=re.MULTILINE)[2:]
    for theme, flag in zip(
        themes,
        (
            "--task_name=TEXT",
            "--train_file=TEXT",
            "--init_checkpoint=TEXT",
            "--tune=TEXT",
            "--adapter_size=INTEGER",
            "--learning_rate=NUMBER",
            "--[no]do_train",
            "--[no]use_tpu",
        ),
        strict=True,
    ):
        assert f"\n  {flag}\n" in theme


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Task and data", "skip_bad_rows"),
        (
            "Your own data",
            "train_file dev_file test_file dev_share text_a_column "
            "text_b_column label_column label_type label_separator "
            "label_thresholds",
        ),
        ("What trains", "tune tune_top_k train_layer_norms train_pooler"),
        (
            "Training",
            "evaluate_every keep_checkpoint early_stopping_patience "
            "class_weights",
        ),
        ("Stages and output", "predict_file adapter_dir ablate_adapters"),
    ],
)
def test_flags_stand_under_their_theme(shown, title, names):
    theme = shown.stdout.split(f"\n{title}:\n")[1].split("\n\n")[0]
    found = re.findall(r"^  --(?:\[no\])?(\w+)", theme, re.MULTILINE)
    assert set(names.split()) <= set(found)
    assert shown.stdout.count(f"{title}:\n") == 1


def test_help_shows_how_to_start(shown):
    assert "python run_classifier.py --task_name=MRPC\n" in shown.stdout
    assert max(map(len, shown.stdout.splitlines())) <= 80
