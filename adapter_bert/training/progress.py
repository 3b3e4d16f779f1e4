"""What a person sees while a model trains."""

import time
from collections.abc import Iterable, Iterator

from absl import logging
from tqdm import tqdm

from adapter_bert.training.loop import Update

# Updates after which the time of a run can be told. The first is left out: it
# compiles.
_FORECAST_STEP = 5
_SMOOTHING = 0.95


def show_progress(
    updates: Iterable[Update], num_steps: int, first_step: int = 0
) -> Iterator[Update]:
    """Passes `updates` on, showing a bar with loss, rate and time left.

    After a few updates one log line says how long the run will take, for
    those who look at a log and not at the bar.

    Args:
        updates: From `train_steps`.
        num_steps: Number of the last update.
        first_step: Updates taken before these.
    """
    loss = None
    with tqdm(
        total=num_steps, initial=first_step, desc="Training", unit="step"
    ) as bar:
        for update in updates:
            if loss is None:
                loss, start = update.loss, time.monotonic()
            loss += (1 - _SMOOTHING) * (update.loss - loss)
            bar.set_postfix(
                loss=f"{loss:.3f}",
                rate=f"{update.learning_rate:.1e}",
                refresh=False,
            )
            bar.update()
            taken = update.step - first_step - 1
            if taken == _FORECAST_STEP - 1 and num_steps > update.step:
                left = num_steps - update.step
                seconds = (time.monotonic() - start) / taken * left
                logging.info(
                    "Training will take about %s more.", _duration(seconds)
                )
            yield update


def _duration(seconds):
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours"
