import pathlib

import pytest

import flags as command_line_flags
from glue_tasks.registry import TASKS, get_task

FUNGI = ("fungi", "fungi_reference")
RECIPES = pathlib.Path(command_line_flags.__file__).parent / "recipes"


def test_every_task_has_a_recipe():
    names = {path.stem for path in RECIPES.glob("*.flags")}
    assert names == {*FUNGI, *TASKS}


@pytest.mark.parametrize("name", TASKS)
def test_recipe_parses_and_names_its_task(command_line, name):
    received = command_line(f"--flagfile={RECIPES / name}.flags")
    assert get_task(received.data.task_name) is TASKS[name]
    # No flag of a recipe is without effect.
    assert not received.notes
    train, predict = received.run.do_train, received.run.do_predict
    has_rows = "train" in TASKS[name].splits
    assert (train, predict) == (has_rows, not has_rows)


@pytest.mark.parametrize("name", FUNGI)
def test_recipes_of_fungi(command_line, name):
    received = command_line(f"--flagfile={RECIPES / name}.flags")
    assert received.data.task_name == "fungi"
    assert received.adapter_recipe == "opendelta"
    assert received.data.max_seq_length == 150
    assert received.train.train_batch_size == 32
    assert not received.notes


def test_a_task_without_rows_takes_the_adapter_where_its_task_left_it(
    command_line,
):
    for name, task in TASKS.items():
        if task.trained_as:
            trained = command_line(
                f"--flagfile={RECIPES / task.trained_as}.flags"
            )
            received = command_line(f"--flagfile={RECIPES / name}.flags")
            assert received.run.adapter_dir == trained.run.output_dir
            assert received.run.adapter_dir != received.run.output_dir


@pytest.mark.parametrize("name", [*TASKS, *FUNGI])
def test_recipe_says_how_to_run_it_and_what_is_known_of_its_scores(name):
    text = (RECIPES / f"{name}.flags").read_text(encoding="utf-8")
    comment = " ".join(
        line.removeprefix("#").strip()
        for line in text.splitlines()
        if line.startswith("#")
    )
    # Trainings on fungi use its recipe unasked.
    used = "task_name=fungi" if name == "fungi" else f"{name}.flags"
    path = "flagfile=flags/recipes/" * (name != "fungi")
    assert f"run_classifier.py --{path}{used}" in comment
    assert "easured with this project" in comment
    assert max(map(len, text.splitlines())) <= 80
