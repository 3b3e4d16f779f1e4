import pathlib

import pytest

import flags as command_line_flags
from glue_tasks.registry import TASKS, get_task

RECIPES = pathlib.Path(command_line_flags.__file__).parent / "recipes"


def test_every_task_has_a_recipe():
    own = {"fungi", "fungi_reference"}
    assert {path.stem for path in RECIPES.glob("*.flags")} == own | set(TASKS)


@pytest.mark.parametrize("name", TASKS)
def test_recipe_parses_and_names_its_task(command_line, name):
    received = command_line(f"--flagfile={RECIPES / name}.flags")
    assert get_task(received.data.task_name) is TASKS[name]
    # No flag of a recipe is without effect.
    assert not received.notes
    train, predict = received.run.do_train, received.run.do_predict
    has_rows = "train" in TASKS[name].splits
    assert (train, predict) == (has_rows, not has_rows)


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


@pytest.mark.parametrize("name", TASKS)
def test_recipe_says_how_to_run_it_and_what_is_known_of_its_scores(name):
    text = (RECIPES / f"{name}.flags").read_text(encoding="utf-8")
    comment = " ".join(
        line.removeprefix("#").strip()
        for line in text.splitlines()
        if line.startswith("#")
    )
    assert f"--flagfile=flags/recipes/{name}.flags" in comment
    assert "easured with this project" in comment
    assert max(map(len, text.splitlines())) <= 80
