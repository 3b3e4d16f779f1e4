"""The runs that a sweep is made of."""

import dataclasses
import decimal
import itertools
from collections.abc import Sequence

# What trains, in the order of tables and legends.
METHODS = {
    "adapters": "Adapters",
    "top_k": "Top k layers",
    "layer_norm": "LayerNorms only",
    "head": "Head only",
    "full": "Full fine-tuning",
}


@dataclasses.dataclass(frozen=True)
class Configuration:
    """One combination of settings, without a seed.

    Attributes:
        method: What trains: a key of `METHODS`.
        size: Units of an adapter's bottleneck under `adapters`, number of
            trained blocks under `top_k`, otherwise None.
        learning_rate: Highest learning rate, per update.
        num_train_epochs: Passes over the training examples.
    """

    method: str
    size: int | None
    learning_rate: float
    num_train_epochs: float

    @property
    def model(self) -> str:
        """What trains and how much of it, for people."""
        match self.method:
            case "adapters":
                return f"Adapters, size {self.size}"
            case "top_k":
                layers = "layer" if self.size == 1 else f"{self.size} layers"
                return f"Top {layers}"
        return METHODS[self.method]

    @property
    def place(self) -> tuple[float, ...]:
        """Where it stands among others in tables and legends."""
        method = list(METHODS).index(self.method)
        rate, epochs = self.learning_rate, self.num_train_epochs
        return (method, self.size or 0, rate, epochs)

    def __str__(self) -> str:
        """Says everything in a few words."""
        epochs = format_number(self.num_train_epochs)
        plural = "" if epochs == "1" else "s"
        rate = format_rate(self.learning_rate)
        return f"{self.model}, learning rate {rate}, {epochs} epoch{plural}"


@dataclasses.dataclass(frozen=True)
class Run:
    """One training.

    Attributes:
        configuration: Its settings.
        seed: Its seed.
    """

    configuration: Configuration
    seed: int

    @property
    def name(self) -> str:
        """Name of its folder; no other run has it."""
        settings = self.configuration
        size = "" if settings.size is None else f"-{settings.size}"
        return (
            f"{settings.method}{size}"
            f"_lr-{format_rate(settings.learning_rate)}"
            f"_epochs-{format_number(settings.num_train_epochs)}"
            f"_seed-{self.seed}"
        )

    @property
    def flags(self) -> list[str]:
        """The flags of `run_classifier.py` that make the run what it is."""
        settings = self.configuration
        flags = {
            "tune": settings.method,
            "learning_rate": repr(settings.learning_rate),
            "num_train_epochs": repr(settings.num_train_epochs),
            "seed": str(self.seed),
        }
        if settings.method == "adapters":
            flags["adapter_size"] = str(settings.size)
        elif settings.method == "top_k":
            flags["tune_top_k"] = str(settings.size)
        return [f"--{name}={value}" for name, value in flags.items()]

    def __str__(self) -> str:
        """Says everything in a few words."""
        return f"{self.configuration}, seed {self.seed}"


def expand(
    methods: Sequence[str],
    adapter_sizes: Sequence[int],
    top_ks: Sequence[int],
    learning_rates: Sequence[float],
    epochs: Sequence[float],
    seeds: Sequence[int],
) -> list[Run]:
    """Returns the product of the lists, each run once.

    The seeds come last, so that every configuration has been tried once
    before the first is tried again.

    Args:
        methods: Keys of `METHODS`.
        adapter_sizes: Units of a bottleneck; for `adapters` alone.
        top_ks: Numbers of trained blocks; for `top_k` alone.
        learning_rates: Highest learning rates, per update.
        epochs: Passes over the training examples.
        seeds: Seeds.
    """
    sizes = {"adapters": adapter_sizes, "top_k": top_ks}
    runs = [
        Run(Configuration(method, size, float(rate), float(epoch)), seed)
        for seed in seeds
        for method in methods
        for size, rate, epoch in itertools.product(
            sizes.get(method, (None,)), learning_rates, epochs
        )
    ]
    return list(dict.fromkeys(runs))


def format_rate(rate: float) -> str:
    """Returns a learning rate as people write it, such as 3e-4."""
    return f"{decimal.Decimal(repr(rate)).normalize():e}"


def format_number(number: float) -> str:
    """Returns all digits of a number, but no `.0`."""
    return repr(int(number)) if number == int(number) else repr(number)
