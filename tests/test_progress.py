"""Progress bars in a terminal and in a file."""

import sys

import pytest

from adapter_bert.progress import progress_bar


class Stream:
    def __init__(self, terminal):
        self.terminal = terminal
        self.text = ""

    def isatty(self):
        return self.terminal

    def write(self, text):
        self.text += text

    def flush(self):
        pass


@pytest.fixture
def draw(monkeypatch):
    def draw(terminal):
        stream = Stream(terminal)
        monkeypatch.setattr(sys, "stderr", stream)
        with progress_bar(total=2, desc="Working") as bar:
            stream.write("a log line\n")
            bar.update(2)
        return stream.text

    return draw


def test_in_a_file_each_drawing_is_a_line(draw):
    text = draw(terminal=False)
    assert "\r" not in text
    lines = text.splitlines()
    assert lines[1] == "a log line"
    assert lines[0].startswith("Working:   0%")
    assert lines[-1].startswith("Working: 100%")
    assert text.endswith("\n")


def test_in_a_terminal_the_bar_stays_on_its_line(draw):
    assert draw(terminal=True).count("\r") >= 2
