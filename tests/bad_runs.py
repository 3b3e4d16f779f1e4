"""Command lines to make mistakes in, and what is said of them."""

import json

import pytest

from tests.tiny_files import (
    MAX_SEQ_LENGTH,
    drive,
    write_huggingface,
    write_mrpc,
    write_tf1,
)


class Run:
    """A command line that would work, and the files that it names."""

    def __init__(self, folder):
        self.folder = folder
        self.data = write_mrpc(folder / "data")
        self.checkpoint = write_huggingface(folder / "bert")
        self.output = folder / "output"
        self.flags = {
            "task_name": "MRPC",
            "data_dir": self.data,
            "init_checkpoint": self.checkpoint,
            "max_seq_length": MAX_SEQ_LENGTH,
            "train_batch_size": 8,
            "output_dir": self.output,
        }

    def arguments(self):
        return [f"--{name}={value}" for name, value in self.flags.items()]

    def edit(self, name, old, new):
        """Replaces bytes that a data file has, and has once."""
        path = self.data / name
        content = path.read_bytes()
        assert content.count(old) == 1
        path.write_bytes(content.replace(old, new))

    def edit_tensors(self, edit):
        write_huggingface(self.checkpoint, lambda t: edit(t) or t)

    def edit_config(self, **values):
        path = self.checkpoint / "config.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **values}))

    def use_tf1(self, folder="bert_tf1"):
        prefix = write_tf1(self.folder / folder)
        self.flags["init_checkpoint"] = prefix
        return prefix


def message_of(run, capsys):
    """Runs in this process; returns what the end of the program says."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as end:
        drive(*run.arguments())
    shown = capsys.readouterr()
    assert "Traceback" not in shown.out + shown.err
    if isinstance(end.value.code, str):
        return end.value.code
    assert end.value.code == 1
    return shown.err
