"""Learning rate as a function of the update's number."""

import keras
from keras import ops


@keras.saving.register_keras_serializable("adapter_bert")
class LinearWarmupDecay(keras.optimizers.schedules.LearningRateSchedule):
    """Linear warm-up, then linear decay to 0, as the original does it.

    Update t, counted from 1, uses `peak * t / warmup_steps` while t is below
    `warmup_steps` and `peak * (1 - t / num_steps)` after. The decay counts
    from the first update on, so the rate drops at the end of the warm-up and
    the peak itself is never reached.

    Args:
        peak: float. Learning rate that the warm-up heads for.
        num_steps: int. Updates in the whole run.
        warmup_steps: int. Updates before the decay.

    Reference:
        `optimization.py` of the original BERT code. Its update t used lr(t)
        and not lr(t - 1), the step counter being raised first.
    """

    def __init__(self, peak, num_steps, warmup_steps):
        super().__init__()
        self.peak = peak
        self.num_steps = num_steps
        self.warmup_steps = warmup_steps

    def __call__(self, step):
        t = ops.cast(step, "float32") + 1.0  # Keras counts updates from 0
        decayed = self.peak * (1.0 - ops.minimum(t / self.num_steps, 1.0))
        if self.warmup_steps == 0:
            return decayed
        rising = self.peak * t / self.warmup_steps
        return ops.where(t < self.warmup_steps, rising, decayed)

    def get_config(self):
        return {
            "peak": self.peak,
            "num_steps": self.num_steps,
            "warmup_steps": self.warmup_steps,
        }
