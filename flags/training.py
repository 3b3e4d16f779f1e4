"""Flags that decide what the training steps compute."""

from absl import flags

from flags import rules

flags.DEFINE_integer(
    "train_batch_size",
    32,
    "Examples per update, over all devices.",
    lower_bound=1,
)
flags.DEFINE_float(
    "learning_rate",
    3e-4,
    "Highest learning rate of the schedule, per update. The original's "
    "default, 5e-5, suits full fine-tuning; adapters want more.",
)
flags.DEFINE_float(
    "num_train_epochs",
    5.0,
    "Passes over the training examples; may be a fraction.",
)
flags.DEFINE_float(
    "warmup_proportion",
    0.1,
    "Share of the updates, from 0 to 1, over which the learning rate rises.",
    lower_bound=0.0,
    upper_bound=1.0,
)
flags.DEFINE_integer(
    "save_checkpoints_steps",
    1000,
    "Updates between two savings of the trained weights. The last update is "
    "always saved.",
    lower_bound=1,
)
flags.DEFINE_integer(
    "iterations_per_loop",
    1000,
    "Updates per compiled call. The default acts on a TPU only: other "
    "devices take one update a call unless this flag is given.",
    lower_bound=1,
)
flags.DEFINE_integer(
    "seed",
    1,
    "Fixes the initial weights, the order of the examples and dropout.",
    lower_bound=0,
    upper_bound=2**31 - 1,
)

rules.require_positive("learning_rate", "num_train_epochs")
