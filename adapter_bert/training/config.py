"""How a run trains."""

import dataclasses
from typing import Any

from adapter_bert.validation import (
    require_positive,
    require_positive_integer,
    require_seed,
    require_share,
)


@dataclasses.dataclass(frozen=True)
class TrainConfig:
    """Everything that decides what the training steps compute.

    Attributes:
        learning_rate: Peak of the schedule, per update.
        num_train_epochs: Passes over the training rows; may be a fraction.
        train_batch_size: Examples per update, over all devices.
        warmup_proportion: Share of the updates with a rising rate, in [0, 1].
        seed: Fixes initial weights, order of examples and dropout.
        save_checkpoints_steps: Updates between two writings of the adapter.
        steps_per_call: Updates taken in one compiled call.

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

    def to_dict(self) -> dict[str, Any]:
        """Returns the fields as a JSON-ready dict."""
        return dataclasses.asdict(self)
