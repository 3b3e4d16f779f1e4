"""Flags that decide what the training steps compute."""

from absl import flags

from adapter_bert.training.config import BALANCED, EPOCH
from flags import lists, rules

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
    "Updates between two savings of the trained weights, where the last ones "
    "are kept; the last update is always saved. Where the best are kept, they "
    "are saved when they are found, and this has no effect.",
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

flags.DEFINE_string(
    "evaluate_every",
    None,
    "Updates between two evaluations on the dev set while training, or epoch. "
    "The last update is evaluated too, and the weights with the best main "
    "score are kept. Default: evaluation at the end alone, of the last "
    "weights, as in the original.",
)
flags.DEFINE_string(
    "keep_checkpoint",
    None,
    "Weights that are kept: best, those of the evaluation with the best main "
    "score (of equal ones the earliest), or last. Default: best with "
    "--evaluate_every, else last.",
)
flags.DEFINE_integer(
    "early_stopping_patience",
    None,
    "Evaluations in a row without a better main score after which training "
    "stops; needs --evaluate_every. Default: training goes on to the end.",
    lower_bound=1,
)
flags.DEFINE_string(
    "class_weights",
    None,
    "How much each label counts in the training loss: balanced, all labels "
    "the same however many examples they have, or label=number,... with 1 for "
    "the others. Default: every example counts the same.",
)


def parse_period(text: str) -> int | str:
    """Returns a number of updates, or `epoch`.

    Raises:
        ValueError: If `text` is neither.
    """
    if text == EPOCH:
        return text
    # No digits of other scripts, which Python would take too.
    if text.isascii() and text.isdigit() and int(text) > 0:
        return int(text)
    raise ValueError(
        f"must be a positive number of updates, or {EPOCH}. Received: {text!r}"
    )


def parse_class_weights(text: str) -> str | dict[str, float]:
    """Returns `balanced`, or a positive weight by label.

    Raises:
        ValueError: If `text` is neither.
    """
    if text == BALANCED:
        return text
    weights = lists.parse_named_numbers(text)
    if min(weights.values()) <= 0:
        raise ValueError(f"must hold positive numbers. Received: {text!r}")
    return weights


def _needs_evaluation(values) -> bool:
    wants = values["early_stopping_patience"] or (
        values["keep_checkpoint"] == "best"
    )
    return not wants or values["evaluate_every"] is not None


flags.register_multi_flags_validator(
    ["evaluate_every", "early_stopping_patience", "keep_checkpoint"],
    _needs_evaluation,
    message="early stopping and the best checkpoint need evaluations while "
    "training: give --evaluate_every=epoch, or a number of updates.",
)
rules.require_choice("keep_checkpoint", ("best", "last"))
rules.require_form("evaluate_every", parse_period)
rules.require_form("class_weights", parse_class_weights)
rules.require_positive("learning_rate", "num_train_epochs")
