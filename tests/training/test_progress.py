import logging
import re

import pytest

from adapter_bert.training import progress
from adapter_bert.training.loop import Update
from adapter_bert.training.progress import show_progress


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test sets."""

    class Clock:
        now = 100.0

    monkeypatch.setattr(progress.time, "monotonic", lambda: Clock.now)
    return Clock


@pytest.fixture
def messages(caplog):
    """Returns what has been logged so far."""
    caplog.set_level(logging.INFO, logger="absl")
    return lambda: caplog.messages


def updates(clock, num_steps, seconds, per_call=1, first_step=0):
    """Yields updates, of which each call's first one takes the time."""
    for step in range(first_step + 1, num_steps + 1):
        if (step - first_step - 1) % per_call == 0:
            clock.now += seconds * per_call
        yield Update(step, loss=2.0 / step, learning_rate=3e-4)


def test_updates_pass_unchanged_and_one_by_one(clock):
    given = list(updates(clock, 12, 1))
    taken = []

    def source():
        for update in given:
            # The one before has been dealt with already.
            assert len(taken) == update.step - 1
            yield update

    for update in show_progress(source(), 12):
        taken.append(update)
    assert taken == given


def test_bar_shows_loss_rate_and_step(clock, capsys):
    list(show_progress(updates(clock, 7, 1), 7))
    bar = capsys.readouterr().err.split("\r")[-1]
    assert "7/7" in bar
    assert re.search(r"loss=\d\.\d{3}", bar)
    assert "rate=3.0e-04" in bar


def test_bar_starts_where_the_run_resumes(clock, capsys):
    list(show_progress(updates(clock, 9, 1, first_step=6), 9, first_step=6))
    bars = capsys.readouterr().err.split("\r")
    assert any("6/9" in bar for bar in bars)
    assert "9/9" in bars[-1]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.5, "48 seconds"),
        (3.0, "5 minutes"),
        (60.0, "1.6 hours"),
    ],
)
def test_one_line_after_five_updates_says_how_long(
    clock, messages, seconds, text
):
    shown = show_progress(updates(clock, 101, seconds), 101)
    for _ in range(4):
        next(shown)
    assert not messages()
    next(shown)
    assert messages() == [f"Training will take about {text} more."]
    list(shown)
    assert len(messages()) == 1


def test_compilation_does_not_count(clock, messages):
    source = updates(clock, 105, 1)
    clock.now += 1000  # before the first update
    list(show_progress(source, 105))
    assert messages() == ["Training will take about 2 minutes more."]


def test_resumed_run_counts_its_own_updates(clock, messages):
    source = updates(clock, 1060, 1, first_step=1000)
    list(show_progress(source, 1060, first_step=1000))
    assert messages() == ["Training will take about 55 seconds more."]


def test_updates_that_come_in_bursts_are_timed_right(clock, messages):
    source = updates(clock, 100, 1, per_call=10)
    list(show_progress(source, 100, steps_per_call=10))
    (message,) = messages()
    seconds = int(re.search(r"about (\d+) seconds", message)[1])
    assert 60 < seconds <= 100


def test_short_run_has_no_forecast(clock, messages):
    list(show_progress(updates(clock, 5, 1), 5))
    assert not messages()


def test_bar_is_closed_when_training_fails(clock, capsys):
    def source():
        yield Update(1, 0.5, 1e-3)
        raise FloatingPointError("The loss is nan at step 2")

    with pytest.raises(FloatingPointError, match="at step 2"):
        list(show_progress(source(), 3))
    assert capsys.readouterr().err.endswith("\n")
