import re
import subprocess
import sys
import textwrap

import pytest
from absl import flags

from flags import help as flags_help
from glue_tasks.fungi import config as fungi_config

DRIVER = textwrap.dedent(
    """\
    import atexit
    import sys

    HEAVY = {"tensorflow", "keras", "jax", "transformers", "pandas"}
    atexit.register(
        lambda: sys.stderr.write(f"heavy: {sorted(HEAVY & set(sys.modules))}")
    )

    from absl import app

    from flags import parse

    def main(argv):
        parse.parse(argv)

    if __name__ == "__main__":
        app.run(main, flags_parser=parse.parse_flags)
    """
)


def run_driver(tmp_path, *arguments):
    script = tmp_path / "driver.py"
    script.write_text(DRIVER)
    path = [p for p in sys.path if p]
    return subprocess.run(
        [sys.executable, script, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env={"PYTHONPATH": ":".join(path), "COLUMNS": "80"},
    )


def headings(text):
    """Returns the flags under each title of `text`."""
    groups = {}
    for line in text.splitlines():
        if title := re.fullmatch(r"(\w[\w .()]*):", line):
            groups[title[1]] = members = []
        elif flag := re.match(r"  --(?:\[no\])?(\w+)", line):
            members.append(flag[1])
    return groups


@pytest.mark.parametrize("argument", ["--help", "--helpshort", "-?"])
def test_help_is_light_and_lists_every_flag_once(tmp_path, argument):
    done = run_driver(tmp_path, argument)
    assert (done.returncode, done.stderr) == (0, "heavy: []")
    groups = headings(done.stdout)
    expected = {"examples": []}
    for title, module in flags_help.GROUPS.items():
        defined = flags.FLAGS.flags_by_module_dict()[module.__name__]
        expected[title] = [flag.name for flag in defined]
    assert groups == expected
    names = [name for group in groups.values() for name in group]
    assert len(names) == len(set(names)) >= 25
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_every_flag_of_the_package_is_in_a_group():
    defining = {
        name
        for name in flags.FLAGS.flags_by_module_dict()
        if name.startswith("flags.")
    }
    groups = {module.__name__ for module in flags_help.GROUPS.values()}
    assert defining - {"flags.help"} == groups


def test_help_of_fungi_has_its_values_and_defaults(tmp_path):
    text = " ".join(run_driver(tmp_path, "--help").stdout.split())
    for values in fungi_config.CHOICES.values():
        for value in values:
            assert value in text
    defaults = fungi_config.FungiConfig()
    for default in (defaults.text, defaults.target, defaults.split):
        assert f"Default: {default}." in text
    assert ", fungi, tabular;" in text


def test_full_help_adds_the_flags_of_absl(tmp_path):
    done = run_driver(tmp_path, "--helpfull")
    assert done.returncode == 0
    groups = headings(done.stdout)
    assert "verbosity" in groups["Module absl.logging"]
    names = [name for group in groups.values() for name in group]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("module", flags_help.GROUPS.values())
def test_help_texts_are_sentences(module):
    for flag in flags.FLAGS.flags_by_module_dict()[module.__name__]:
        assert re.fullmatch(r"[A-Z].{10,}\.", flag.help), flag.name


def test_help_wraps_to_the_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "50")
    flag_lines = flags_help.render().split("Task and data:")[1]
    flag_lines = flag_lines.split("Boolean flags")[0]
    assert max(map(len, flag_lines.splitlines())) <= 50


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("--nodo_train=true", "--nodo_train=true does not take an argument"),
        ("--learnin_rate=1", "Did you mean: learning_rate"),
        ("--flagfile=absent", "absent"),
    ],
)
def test_mistakes_end_with_one_message(tmp_path, argument, message):
    done = run_driver(tmp_path, "--task_name=MRPC", argument)
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr
