"""Packages import only what lies below them, and modules stay small."""

import ast
import pathlib

import pytest

ROOT = pathlib.Path(__file__).parents[1]
PROGRAM = ("adapter_bert", "glue_tasks", "flags", "run_classifier.py")
TOOLS = ("benchmarks",)
MAX_MODULE_LINES = 250
MAX_FUNCTION_LINES = 60

FORBIDDEN = {
    "adapter_bert": {
        "absl.flags",
        "benchmarks",
        "flags",
        "glue_tasks",
        "run_classifier",
    },
    "glue_tasks": {"absl.flags", "benchmarks", "flags", "run_classifier"},
    "flags": {"benchmarks", "run_classifier"},
    "run_classifier.py": {"benchmarks"},
}
# Imported before, or without, a backend: `--help`, and the core on JAX. What
# they need of these packages they import inside functions.
TENSORFLOW = {"tensorflow", "tensorflow_text", "tensorflow_datasets"}
HEAVY = {
    *TENSORFLOW,
    "jax",
    "keras",
    "matplotlib",
    "pyarrow",
    "scipy",
    "sklearn",
    "transformers",
}
FREE_OF = {
    "adapter_bert/__init__.py": HEAVY,
    "adapter_bert/ablation.py": TENSORFLOW,
    "adapter_bert/adapter_config.py": HEAVY,
    "adapter_bert/arguments.py": TENSORFLOW,
    "adapter_bert/checkpoints": TENSORFLOW,
    "adapter_bert/checkpoints/adapter_json.py": HEAVY,
    "adapter_bert/classifier.py": TENSORFLOW,
    "adapter_bert/config.py": HEAVY,
    "adapter_bert/data/batches.py": TENSORFLOW,
    "adapter_bert/data/token_rows.py": HEAVY,
    "adapter_bert/evaluation.py": TENSORFLOW,
    "adapter_bert/files.py": HEAVY,
    "adapter_bert/fingerprint.py": TENSORFLOW,
    "adapter_bert/hub_download.py": HEAVY,
    "adapter_bert/layers": TENSORFLOW,
    "adapter_bert/losses.py": TENSORFLOW,
    "adapter_bert/metrics.py": HEAVY,
    "adapter_bert/models": TENSORFLOW,
    "adapter_bert/network.py": HEAVY,
    "adapter_bert/prediction.py": TENSORFLOW,
    "adapter_bert/problem_types.py": TENSORFLOW,
    "adapter_bert/reports": HEAVY,
    "adapter_bert/startup.py": HEAVY,
    "adapter_bert/thresholds.py": TENSORFLOW,
    "adapter_bert/trainable.py": TENSORFLOW,
    "adapter_bert/training/class_weights.py": HEAVY,
    "adapter_bert/training/config.py": HEAVY,
    "adapter_bert/training/loop.py": TENSORFLOW,
    "adapter_bert/training/optimizer.py": TENSORFLOW,
    "adapter_bert/training/progress.py": TENSORFLOW,
    "adapter_bert/training/schedule.py": TENSORFLOW,
    "adapter_bert/training/selection.py": HEAVY,
    "adapter_bert/training/step_jax.py": TENSORFLOW,
    "adapter_bert/training/targets.py": TENSORFLOW,
    "adapter_bert/training/train.py": TENSORFLOW,
    "adapter_bert/training/validation.py": TENSORFLOW,
    "adapter_bert/tune_config.py": HEAVY,
    "adapter_bert/validation.py": HEAVY,
    "flags": HEAVY,
    "glue_tasks/bad_rows.py": HEAVY,
    "glue_tasks/checksum.py": HEAVY,
    "glue_tasks/glue.py": HEAVY,
    "glue_tasks/lines.py": HEAVY,
    "glue_tasks/readers.py": HEAVY,
    "glue_tasks/registry.py": HEAVY,
    "glue_tasks/scores.py": HEAVY,
    "glue_tasks/source.py": HEAVY,
    "glue_tasks/stages/checks.py": HEAVY,
    "glue_tasks/stages/folders.py": HEAVY,
    "glue_tasks/stages/inputs.py": HEAVY,
    "glue_tasks/stages/settings.py": HEAVY,
    "glue_tasks/submission.py": HEAVY,
    "glue_tasks/submission_check.py": HEAVY,
    "glue_tasks/tabular": HEAVY,
    "glue_tasks/task.py": HEAVY,
    "glue_tasks/tfds_source.py": HEAVY,
    "glue_tasks/xnli.py": HEAVY,
    "run_classifier.py": HEAVY,
}


def modules_of(name):
    path = ROOT / name
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def every_module():
    return [path for name in (*PROGRAM, *TOOLS) for path in modules_of(name)]


def short(path):
    return str(path.relative_to(ROOT))


def parse(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def imported_by(nodes):
    """Yields every dotted name that the import statements among `nodes` ask."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def at_import_time(tree):
    """Yields the nodes that run when the module is imported."""
    nodes = [tree]
    while nodes:
        node = nodes.pop()
        yield node
        if isinstance(node, ast.If) and ast.unparse(node.test) in (
            "TYPE_CHECKING",
            "__name__ == '__main__'",
        ):
            continue
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            nodes += ast.iter_child_nodes(node)


def find_module(name):
    """Returns the file of one of our modules, or None."""
    path = ROOT / name.replace(".", "/")
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


def reached(path):
    """Returns all that importing a module imports, by chains of our modules."""
    chains, todo = {}, [(path, (short(path),))]
    while todo:
        path, chain = todo.pop()
        for name in imported_by(at_import_time(parse(path))):
            if name not in chains:
                chains[name] = (*chain, name)
                if (ours := find_module(name)) is not None:
                    todo.append((ours, chains[name]))
                # A module's packages are imported before it.
                parents = name.split(".")[:-1]
                for i in range(1, len(parents) + 1):
                    parent = find_module(".".join(parents[:i]))
                    if parent is not None:
                        todo.append((parent, (*chain, name)))
    return chains


def matches(name, banned):
    return any(name == ban or name.startswith(f"{ban}.") for ban in banned)


@pytest.mark.parametrize("folder", FORBIDDEN)
def test_imports_point_downwards(folder):
    wrong = {
        f"{short(path)} imports {name}"
        for path in modules_of(folder)
        for name in imported_by(ast.walk(parse(path)))
        if matches(name, FORBIDDEN[folder])
    }
    assert not wrong


@pytest.mark.parametrize("name", FREE_OF)
def test_importing_it_imports_nothing_heavy(name):
    paths = modules_of(name)
    assert paths
    wrong = {
        " -> ".join(chain)
        for path in paths
        for target, chain in reached(path).items()
        if matches(target, FREE_OF[name])
    }
    assert not wrong


def test_the_walk_sees_through_our_modules():
    # Else the test above would pass on anything.
    assert "tensorflow_text" in reached(ROOT / "adapter_bert/data/encoding.py")
    assert "keras" in reached(ROOT / "adapter_bert/evaluation.py")
    assert "keras" not in reached(ROOT / "adapter_bert/reports/page.py")


def test_modules_stay_short():
    lengths = {
        short(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in every_module()
    }
    assert len(lengths) > 50
    long = {n: size for n, size in lengths.items() if size > MAX_MODULE_LINES}
    assert not long


def test_functions_stay_short():
    long = {
        f"{short(path)}: {node.name}: {node.end_lineno - node.lineno + 1}"
        for path in every_module()
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno >= MAX_FUNCTION_LINES
    }
    assert not long


def test_asserts_are_for_tests():
    found = {
        f"{short(path)}, line {node.lineno}"
        for path in every_module()
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Assert)
    }
    assert not found


def test_the_library_prints_nothing():
    # The maker of the sample is a program, not a part of the library.
    found = {
        f"{short(path)}, line {node.lineno}"
        for folder in ("adapter_bert", "glue_tasks")
        for path in modules_of(folder)
        if "samples" not in path.parts
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    }
    assert not found


def test_every_module_says_what_it_is():
    bare = {
        short(path)
        for path in every_module()
        if path.name != "__init__.py" and not ast.get_docstring(parse(path))
    }
    assert not bare
