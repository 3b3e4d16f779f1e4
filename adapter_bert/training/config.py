"""How a run trains."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from adapter_bert.validation import (
    require_choice,
    require_positive,
    require_positive_integer,
    require_seed,
    require_share,
)

BALANCED = "balanced"  # class weights
EPOCH = "epoch"  # between two evaluations


@dataclasses.dataclass(frozen=True)
class TrainConfig:
    """Everything that decides what the training steps compute.

    Attributes:
        learning_rate: Peak of the schedule, per update.
        num_train_epochs: Passes over the training rows; may be a fraction.
        train_batch_size: Examples per update, over all devices.
        warmup_proportion: Share of the updates with a rising rate, in [0, 1].
        seed: Fixes initial weights, order of examples and dropout.
        save_checkpoints_steps: Updates between two writings of the adapter,
            where the last weights are kept; the best are written when found.
        steps_per_call: Updates taken in one compiled call.
        evaluate_every: Updates between two evaluations while training, or
            `epoch`; the last update is evaluated too. None: no evaluation.
        early_stopping_patience: Evaluations in a row without a better main
            score after which training stops. None: it goes on to the end.
        keep_checkpoint: Weights that are kept: those of the `best`
            evaluation by the main score, or the `last`. None: the best if
            there are evaluations.
        class_weights: Factor of the loss by label, or `balanced`. None: all
            labels count as their examples do.

    Raises:
        ValueError: If a field is out of range.
    """

    learning_rate: float = 3e-4
    num_train_epochs: float = 5.0
    train_batch_size: int = 32
    warmup_proportion: float = 0.1
    seed: int = 1
    save_checkpoints_steps: int = 1000
    steps_per_call: int = 1
    evaluate_every: int | str | None = None
    early_stopping_patience: int | None = None
    keep_checkpoint: str | None = None
    class_weights: str | Mapping[str, float] | None = None

    def __post_init__(self):
        """Rejects fields that are out of range."""
        for name in ("learning_rate", "num_train_epochs"):
            require_positive(name, getattr(self, name))
        for name in (
            "train_batch_size",
            "save_checkpoints_steps",
            "steps_per_call",
        ):
            require_positive_integer(name, getattr(self, name))
        require_share("warmup_proportion", self.warmup_proportion)
        require_seed("seed", self.seed)
        self._check_evaluation()
        self._check_class_weights()

    @property
    def keeps_best(self) -> bool:
        """Whether the weights of the best evaluation are kept."""
        if self.keep_checkpoint is None:
            return self.evaluate_every is not None
        return self.keep_checkpoint == "best"

    def num_train_steps(self, num_examples: int) -> int:
        """Returns how many updates the run takes on `num_examples` rows.

        Passes are joined end to end, so MRPC's 3668 rows make 573 updates of
        32 in 5 epochs, as in the original.

        Raises:
            ValueError: If the rows do not fill a single batch, or no update
                is due.
        """
        if num_examples < self.train_batch_size:
            raise ValueError(
                "`train_batch_size` must not exceed the number of training "
                f"examples. Received: train_batch_size={self.train_batch_size}"
                f", {num_examples} examples. Lower it."
            )
        steps = int(
            num_examples / self.train_batch_size * self.num_train_epochs
        )
        if steps == 0:
            raise ValueError(
                f"{num_examples} training examples in {self.num_train_epochs} "
                f"epoch(s) do not fill one batch of {self.train_batch_size}. "
                "Lower `train_batch_size` or raise `num_train_epochs`."
            )
        return steps

    def evaluation_steps(self, num_examples: int) -> tuple[int, ...]:
        """Returns the updates after which the run evaluates, ascending."""
        last = self.num_train_steps(num_examples)
        if self.evaluate_every is None:
            return ()
        if self.evaluate_every == EPOCH:
            per_epoch = num_examples / self.train_batch_size
            num_epochs = int(self.num_train_epochs)
            steps = {int(per_epoch * i) for i in range(1, num_epochs + 1)}
        else:
            steps = set(range(self.evaluate_every, last, self.evaluate_every))
        return tuple(sorted((steps | {last}) - {0}))

    def _check_evaluation(self):
        if self.evaluate_every not in (None, EPOCH):
            require_positive_integer("evaluate_every", self.evaluate_every)
        require_choice(
            "keep_checkpoint", self.keep_checkpoint, (None, "best", "last")
        )
        patience = self.early_stopping_patience
        if patience is not None:
            require_positive_integer("early_stopping_patience", patience)
        if self.evaluate_every is None and (
            patience is not None or self.keep_checkpoint == "best"
        ):
            raise ValueError(
                "`evaluate_every` must be given for early stopping and for "
                "the best checkpoint. Received: early_stopping_patience="
                f"{patience}, keep_checkpoint={self.keep_checkpoint!r}"
            )

    def _check_class_weights(self):
        if self.class_weights in (None, BALANCED):
            return
        if not isinstance(self.class_weights, Mapping):
            require_choice(
                "class_weights", self.class_weights, (None, BALANCED)
            )
        for label, weight in self.class_weights.items():
            require_positive(f"class_weights[{label!r}]", weight)

    def to_dict(self) -> dict[str, Any]:
        """Returns the fields as a JSON-ready dict."""
        return dataclasses.asdict(self)
