"""What a person sees while a model trains."""

import math
import time
from collections.abc import Generator, Iterable

from absl import logging

from adapter_bert.progress import progress_bar
from adapter_bert.training.loop import Update

# Updates from which the time of a run can be told, after the first call, which
# compiles.
_FORECAST_FROM = 4
_SMOOTHING = 0.95
_SHORT = 10  # seconds that need no announcement


def show_progress(
    updates: Iterable[Update],
    num_steps: int,
    first_step: int = 0,
    steps_per_call: int = 1,
) -> Generator[Update, None, None]:
    """Passes `updates` on, showing a bar with loss, rate and time left.

    After a few updates one log line says how long the run will take, for
    those who look at a log and not at the bar.

    Args:
        updates: From `train_steps`.
        num_steps: Number of the last update.
        first_step: Updates taken before these.
        steps_per_call: Updates that arrive together.
    """
    loss = None
    # From the first update to the first of a later call: whole calls.
    measured = math.ceil(_FORECAST_FROM / steps_per_call) * steps_per_call
    with progress_bar(
        total=num_steps, initial=first_step, desc="Compiling", unit="step"
    ) as bar:
        for update in updates:
            if loss is None:
                loss, start = update.loss, time.monotonic()
                bar.set_description("Training", refresh=False)
            loss += (1 - _SMOOTHING) * (update.loss - loss)
            bar.set_postfix(
                loss=f"{loss:.3f}",
                rate=f"{update.learning_rate:.1e}",
                refresh=False,
            )
            bar.update()
            left = num_steps - update.step
            if left and update.step - first_step - 1 == measured:
                seconds = (time.monotonic() - start) / measured * left
                _announce(bar, seconds)
            yield update


def _announce(bar, seconds):
    if seconds < _SHORT:
        return
    with bar.external_write_mode():
        logging.info("Training will take about %s more.", _duration(seconds))


def _duration(seconds):
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours"
