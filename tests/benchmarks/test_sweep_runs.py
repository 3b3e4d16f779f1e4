"""Whole sweeps, with a stand-in for run_classifier.py."""

import csv
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest

from benchmarks.sweep.results import FILE_NAMES

STUB = pathlib.Path(__file__).with_name("stub_driver.py")
ROOT = pathlib.Path(__file__).parents[2]
# Figures would take most of the time here.
PROGRAM = f"""
import sys
from adapter_bert import files
from benchmarks.sweep import __main__, work
from benchmarks.sweep.table import to_csv

def write(folder):
    if folder.results():
        files.write_text(folder.path / "results.csv", to_csv(folder.results()))

work.Worker.__init__.__defaults__ = (0.05,)  # seconds between two looks
if "--figures" in sys.argv:
    sys.argv.remove("--figures")
else:
    __main__.write_results = write
driver = (sys.executable, {str(STUB)!r})
sys.exit(__main__.main(sys.argv[1:], driver))
"""
GRID = ("--adapter_size=8,64", "--seed=1,2")


class Sweep:
    """A sweep's folder and the processes that work on it."""

    def __init__(self, folder):
        self.path = folder / "sweep"
        self.starts_path = folder / "starts"
        self.processes = []

    def start(self, *shared, grid=GRID, options=()):
        process = subprocess.Popen(
            [
                *(sys.executable, "-c", PROGRAM, f"--sweep_dir={self.path}"),
                *(*options, *grid, "--", f"--starts={self.starts_path}"),
                *shared,
            ],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def run(self, *shared, **options):
        return end(self.start(*shared, **options))

    def starts(self):
        """Returns (run, process id) of every run that was ever started."""
        if not self.starts_path.exists():
            return []
        lines = self.starts_path.read_text().splitlines()
        return [(line.split()[0], int(line.split()[1])) for line in lines]

    def wait_for_starts(self, number):
        wait_until(lambda: len(self.starts()) >= number)

    def rows(self):
        with open(self.path / "results.csv", newline="") as lines:
            return list(csv.DictReader(lines))


def end(process, seconds=60):
    _, errors = process.communicate(timeout=seconds)
    return process.returncode, errors


def wait_until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_alive(process_id):
    path = pathlib.Path(f"/proc/{process_id}/stat")
    try:
        return path.read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def sweep(tmp_path):
    sweep = Sweep(tmp_path)
    yield sweep
    for process in sweep.processes:
        process.kill()
        process.communicate()
    for _, process_id in sweep.starts():
        if is_alive(process_id):
            os.kill(process_id, signal.SIGKILL)


def test_results_of_all_runs_are_written(sweep):
    status, errors = sweep.run(
        grid=("--tune=adapters,full", *GRID), options=["--figures"]
    )
    assert status == 0, errors
    assert {p.name for p in sweep.path.iterdir()} == {
        *FILE_NAMES,
        "locks",
        "runs",
        "sweep.json",
    }
    assert [
        (r["method"], r["adapter_size"], r["seed"]) for r in sweep.rows()
    ] == [
        ("adapters", "8", "1"),
        ("adapters", "8", "2"),
        ("adapters", "64", "1"),
        ("adapters", "64", "2"),
        ("full", "", "1"),
        ("full", "", "2"),
    ]
    assert float(sweep.rows()[2]["eval_f1"]) == 0.5 + 0.01 + 0.064
    page = (sweep.path / "table.md").read_text()
    assert "These scores are made up." in page
    assert "[6/6] Full fine-tuning, learning rate 3e-4, 5 epochs" in errors
    assert "eval_f1 0.5210, 1,000 trained parameters" in errors
    assert "Traceback" not in errors


def test_finished_runs_are_skipped_and_new_values_added(sweep):
    assert sweep.run()[0] == 0
    before = sweep.starts()
    status, errors = sweep.run()
    assert (status, sweep.starts()) == (0, before)
    assert errors.count("finished before") == 4
    assert sweep.run(grid=["--seed=3"])[0] == 0
    assert len(sweep.starts()) == 5
    # The table is of the folder, not of the last command.
    assert len(sweep.rows()) == 5


@pytest.mark.parametrize("damage", ["cut", "removed", "no metric"])
def test_a_run_without_whole_results_starts_afresh(sweep, damage):
    assert sweep.run(grid=["--seed=1"])[0] == 0
    (path,) = sweep.path.glob("runs/*/eval_results.json")
    text = path.read_text()
    if damage == "removed":
        path.unlink()
    elif damage == "cut":
        path.write_text(text[: len(text) // 2])
    else:
        path.write_text(text.replace("main_metric", "other"))
    assert sweep.run(grid=["--seed=1"])[0] == 0
    assert len(sweep.starts()) == 2
    assert json.loads(path.read_text()) == json.loads(text)


def test_failed_runs_are_shown_listed_and_tried_again(sweep, tmp_path):
    trouble = tmp_path / "trouble"
    trouble.touch()
    status, errors = sweep.run(f"--fail_while={trouble}")
    assert status == 1
    assert "seed 2: FAILED, exit status 3\n    ready\n    ERROR: no" in errors
    assert errors.count("    ERROR: no such thing") == 1
    assert "(Its log ends as that of an earlier run.)" in errors
    assert "2 of 4 runs failed:\n" in errors
    assert len(sweep.rows()) == 2
    trouble.unlink()
    assert sweep.run(f"--fail_while={trouble}")[0] == 0
    assert len(sweep.rows()) == 4
    assert len(sweep.starts()) == 6


def test_a_run_without_a_score_is_finished(sweep):
    status, errors = sweep.run("--undefined", options=["--figures"])
    assert status == 0, errors
    assert "eval_f1 undefined, 8,000 trained parameters" in errors
    assert [row["eval_f1"] for row in sweep.rows()] == [""] * 4
    assert "- Without score: 4 (" in (sweep.path / "table.md").read_text()
    before = sweep.starts()
    assert sweep.run("--undefined")[0] == 0
    assert sweep.starts() == before


def test_another_flag_file_of_one_name_is_another_sweep(sweep, tmp_path):
    path = tmp_path / "task.flags"
    path.write_text("--task_name=MRPC\n")
    assert sweep.run(f"--flagfile={path}", grid=["--seed=1"])[0] == 0
    path.write_text("--task_name=CoLA\n")
    status, errors = sweep.run(f"--flagfile={path}", grid=["--seed=1"])
    assert status == 1
    assert "  --task_name: MRPC there, CoLA here\n" in errors


def test_other_shared_flags_are_another_sweep(sweep):
    assert sweep.run("--task_name=MRPC", grid=["--seed=1"])[0] == 0
    status, errors = sweep.run("--task_name=CoLA", "--x", grid=["--seed=2"])
    assert status == 1
    assert "holds another sweep (1 finished run)" in errors
    assert "  --task_name: MRPC there, CoLA here\n" in errors
    assert "  --x: not given there, given here\n" in errors
    assert "Traceback" not in errors
    assert sweep.run("--task_name", "MRPC", grid=["--seed=2"])[0] == 0


def test_flags_that_never_worked_may_change(sweep, tmp_path):
    (tmp_path / "trouble").touch()
    fail = f"--fail_while={tmp_path / 'trouble'}"
    assert sweep.run(fail, grid=["--seed=2"])[0] == 1
    assert sweep.run(grid=["--seed=2"])[0] == 0


def test_other_shared_flags_wait_for_no_one_at_work(sweep, tmp_path):
    held = sweep.start(f"--hold={tmp_path / 'go'}", grid=["--seed=1"])
    sweep.wait_for_starts(1)
    status, errors = sweep.run("--task_name=CoLA", grid=["--seed=2"])
    assert status == 1
    assert "(0 finished runs and a process at work)" in errors
    (tmp_path / "go").touch()
    assert end(held)[0] == 0


def test_two_processes_share_the_runs(sweep):
    grid = ("--adapter_size=1,2,3,4", "--seed=1,2")
    one, two = (sweep.start("--sleep=0.2", grid=grid) for _ in range(2))
    (status_1, errors_1), (status_2, errors_2) = end(one), end(two)
    assert (status_1, status_2) == (0, 0), errors_1 + errors_2
    names = [name for name, _ in sweep.starts()]
    assert len(names) == len(set(names)) == 8
    assert len(sweep.rows()) == 8
    assert errors_1.count("Starting: ") + errors_2.count("Starting: ") == 8
    assert "[8/8]" in errors_1
    assert "[8/8]" in errors_2


def test_what_fails_in_one_process_is_not_tried_by_the_other(sweep, tmp_path):
    (tmp_path / "trouble").touch()
    shared = (f"--fail_while={tmp_path / 'trouble'}",)
    shared += (f"--hold={tmp_path / 'go'}",)
    one = sweep.start(*shared, grid=["--seed=2"])
    sweep.wait_for_starts(1)
    two = sweep.start(*shared, grid=["--seed=2"])
    assert "1 run is with other processes" in two.stderr.readline()
    (tmp_path / "go").touch()
    assert end(one)[0] == 1
    status, errors = end(two)
    assert status == 1
    assert "failed in another process" in errors
    assert len(sweep.starts()) == 1


def test_killed_sweep_goes_on(sweep, tmp_path):
    go = tmp_path / "go"
    go.touch()
    hold = f"--hold={go}"
    assert sweep.run(hold, grid=["--seed=1"])[0] == 0
    go.unlink()
    killed = sweep.start(hold, grid=["--seed=1,2"])
    sweep.wait_for_starts(2)
    os.killpg(killed.pid, signal.SIGKILL)  # the run, too
    killed.wait()
    wait_until(lambda: not is_alive(sweep.starts()[-1][1]))
    go.touch()
    status, errors = sweep.run(hold, grid=["--seed=1,2"])
    assert status == 0, errors
    names = [name.rpartition("-")[2] for name, _ in sweep.starts()]
    assert names == ["1", "2", "2"]
    assert len(sweep.rows()) == 2


def test_run_of_a_killed_sweep_keeps_its_lock(sweep, tmp_path):
    hold = f"--hold={tmp_path / 'go'}"
    killed = sweep.start(hold, grid=["--seed=1"])
    sweep.wait_for_starts(1)
    os.kill(killed.pid, signal.SIGKILL)  # its run lives on
    killed.wait()
    assert is_alive(sweep.starts()[0][1])
    other = sweep.start(hold, grid=["--seed=1"])
    assert "1 run is with other processes" in other.stderr.readline()
    assert other.poll() is None
    (tmp_path / "go").touch()
    status, errors = end(other)
    assert status == 0, errors
    assert len(sweep.starts()) == len(sweep.rows()) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("when", ["hold", "hold_after_results"])
def test_interrupted_sweep_ends_its_run(sweep, tmp_path, number, when):
    hold = f"--{when}={tmp_path / 'go'}"
    process = sweep.start(hold, grid=["--seed=1"])
    sweep.wait_for_starts(1)
    if when == "hold_after_results":
        wait_until(lambda: list(sweep.path.glob("runs/*/eval_results.json")))
    os.kill(process.pid, number)
    status, errors = end(process)
    assert status == 128 + number
    assert not is_alive(sweep.starts()[0][1])
    started, *rest = errors.splitlines()
    assert started.startswith("Starting: ")
    assert [line[:12] for line in rest] == ["Interrupted."][: len(rest)]
    (tmp_path / "go").touch()
    assert sweep.run(hold, grid=["--seed=1"])[0] == 0
    assert len(sweep.starts()) == 2


def test_sweep_folder_must_be_a_folder(sweep, tmp_path):
    sweep.path = tmp_path / "file" / "sweep"
    sweep.path.parent.touch()
    status, errors = sweep.run()
    assert status == 1
    assert errors == (
        f"ERROR: --sweep_dir={sweep.path}: {sweep.path.parent} is a file, not "
        "a directory.\n"
    )
