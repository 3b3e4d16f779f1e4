import pytest

from benchmarks.sweep.arguments import read_arguments
from benchmarks.sweep.fixed_flags import describe_differences, read_fixed_flags


def test_lists_become_runs():
    path, runs, shared, fixed = read_arguments(
        [
            "--sweep_dir=a b",
            "--tune=adapters,top_k",
            "--adapter_size=8, 64,8",
            "--tune_top_k=1,2,3",
            "--learning_rate=3e-4,0.0003,1e-3",
            "--num_train_epochs",
            "3",
            "--seed=1,2",
            "--",
            "--task_name",
            "MRPC",
            "--do_lower_case",
        ]
    )
    assert path == "a b"
    assert len(runs) == (2 + 3) * 2 * 2
    assert shared == ["--task_name", "MRPC", "--do_lower_case"]
    assert fixed == {"task_name": "MRPC", "do_lower_case": ""}


def test_defaults_are_one_run_of_adapters():
    _, (run,), shared, fixed = read_arguments([])
    assert run.name == "adapters-64_lr-3e-4_epochs-5_seed-1"
    assert (shared, fixed) == ([], {})


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("--learning_rate=fast", "positive number. Received: 'fast'"),
        ("--learning_rate=0", "positive number. Received: '0'"),
        ("--learning_rate=nan", "positive number. Received: 'nan'"),
        ("--learning_rate=inf", "positive number. Received: 'inf'"),
        ("--learning_rate=", "Received nothing"),
        ("--learning_rate=3e-4,,1e-3", "positive number. Received: ''"),
        ("--num_train_epochs=-3", "positive number. Received: '-3'"),
        ("--adapter_size=8.5", "positive integer. Received: '8.5'"),
        ("--adapter_size=0", "positive integer. Received: '0'"),
        ("--seed=-1", "from 0 to 2147483647. Received: '-1'"),
        ("--seed=2147483648", "Received: '2147483648'"),
        ("--tune=adaptors", "'adaptors'; did you mean 'adapters'? Known: "),
        ("--tune_top_k=2", "--tune_top_k has no effect unless --tune has"),
        ("--task_name=MRPC", "flags of run_classifier.py go behind `--`"),
        ("--learning=1", "unknown arguments: --learning=1"),
    ],
)
def test_mistakes_get_one_line(argument, message, capsys):
    with pytest.raises(SystemExit) as exit_info:
        read_arguments([argument])
    assert exit_info.value.code == 2
    usage, line = capsys.readouterr().err.splitlines()
    assert usage.startswith("usage: ")
    assert message in line


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--seed=3"], "--seed behind `--`: .* sweep --seed instead"),
        (["-output_dir", "x"], "--output_dir behind `--`: .* --sweep_dir"),
        (["--nodo_eval"], "--nodo_eval behind `--`: .* leave it out"),
        (["MRPC"], "must be a flag .* Received: 'MRPC'"),
        (["--task_name=MRPC", "x"], "must be a flag .* Received: 'x'"),
    ],
)
def test_shared_flags_are_flags_that_a_sweep_leaves_alone(arguments, message):
    with pytest.raises(ValueError, match=message):
        read_arguments(["--", *arguments])


def test_spelling_and_order_of_shared_flags_do_not_matter():
    one = read_fixed_flags(["--a=1", "--b", "2", "--c"])
    assert one == read_fixed_flags(["-c", "--b=2", "-a", "1"])


@pytest.mark.parametrize("spelling", ["--flagfile={}", "-flagfile {}"])
def test_lines_of_flag_files_are_flags(tmp_path, spelling):
    inner, path = tmp_path / "inner", tmp_path / "outer"
    inner.write_text("# A comment.\n--do_lower_case\n--noverbose\n")
    path.write_text(
        # A recipe's settings that the sweep decides give way to it.
        "--learning_rate=1e-3\n--adapter_size\n8\n--nodo_eval\n"
        f"\n--task_name\nMRPC\n--flagfile={inner}\n"
    )
    given = spelling.format(path).split()
    _, runs, shared, fixed = read_arguments(["--", "--a=1", *given, "--b"])
    assert shared == [
        *("--a=1", "--task_name", "MRPC", "--do_lower_case", "--noverbose"),
        "--b",
    ]
    assert fixed == read_fixed_flags(shared)
    assert [run.configuration.learning_rate for run in runs] == [3e-4]


def test_flag_files_must_be_there():
    with pytest.raises(ValueError, match="^--flagfile=absent: .*absent"):
        read_arguments(["--", "--flagfile=absent"])
    with pytest.raises(ValueError, match="^--flagfile: .*no argument"):
        read_arguments(["--", "--flagfile"])


def test_differences_list_every_flag():
    there = read_fixed_flags(["--a=1", "--b=2", "--c"])
    here = read_fixed_flags(["--a=1", "--b=3", "--d=x=y"])
    assert describe_differences(there, here).splitlines() == [
        "  --b: 2 there, 3 here",
        "  --c: given there, not given here",
        "  --d: not given there, x=y here",
    ]
