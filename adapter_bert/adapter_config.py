"""Where adapters sit, how they compute and what trains beside them."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from adapter_bert.config import ACTIVATIONS, EncoderConfig
from adapter_bert.names import did_you_mean
from adapter_bert.validation import (
    require_choice,
    require_fields,
    require_integers,
    require_positive,
    require_positive_integer,
)

# Values of each field that has only a few.
CHOICES = {
    "activation": ACTIVATIONS,
    "initializer": ("truncated_normal", "normal"),
    "placement": ("after_dropout", "before_dropout"),
    "train_layer_norms": ("auto", "all", "adapted", "none"),
    "train_pooler": (False, True),
}


@dataclasses.dataclass(frozen=True)
class AdapterConfig:
    """One recipe of bottleneck adapters for a whole encoder.

    The defaults are those of the original code of Houlsby et al., 2019.

    Attributes:
        size: Width of the bottleneck, in units. None: `hidden_size //
            reduction_factor`.
        reduction_factor: Hidden units per bottleneck unit; used if `size` is
            None.
        activation: Non-linearity of the bottleneck. `gelu_new` is the tanh
            approximation, `gelu` the erf form.
        initializer: Distribution of both kernels: `truncated_normal` (cut at
            two standard deviations, not rescaled) or `normal`.
        init_scale: Standard deviation of that distribution. The original's
            code has 1e-3, its paper 1e-2.
        placement: `after_dropout` applies the adapter to the sub-layer's
            dropped-out output, as the original does; `before_dropout` ahead
            of the dropout, as OpenDelta does.
        layers: Block numbers that get adapters, from 0. None: all of them.
        train_layer_norms: `all`, embeddings' included; `adapted`, those of
            blocks with adapters; `none`; `auto` is `all` if every block has
            adapters and `adapted` otherwise.
        train_pooler: Whether the pooler trains too. The original froze it.

    Raises:
        ValueError: If a field is out of range or contradicts another.

    Reference:
        [Houlsby et al., 2019](https://arxiv.org/abs/1902.00751), section 2.
    """

    size: int | None = 64
    reduction_factor: float | None = None
    activation: str = "gelu_new"
    initializer: str = "truncated_normal"
    init_scale: float = 1e-3
    placement: str = "after_dropout"
    layers: tuple[int, ...] | None = None
    train_layer_norms: str = "auto"
    train_pooler: bool = False

    def __post_init__(self):
        """Rejects fields that are out of range or contradict each other."""
        if (self.size is None) == (self.reduction_factor is None):
            raise ValueError(
                "Exactly one of `size` and `reduction_factor` must be given. "
                f"Received: size={self.size}, "
                f"reduction_factor={self.reduction_factor}"
            )
        if self.size is not None:
            require_positive_integer("size", self.size)
        else:
            require_positive("reduction_factor", self.reduction_factor)
        require_positive("init_scale", self.init_scale)
        for name, choices in CHOICES.items():
            require_choice(name, getattr(self, name), choices)
        if self.layers is not None:
            require_integers("layers", self.layers)
            object.__setattr__(self, "layers", tuple(sorted(set(self.layers))))

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "AdapterConfig":
        """Reads what `to_dict` wrote; an unknown field raises ValueError."""
        require_fields(cls, values)
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """Returns the fields as a JSON-ready dict."""
        return dataclasses.asdict(self)

    def resolve_size(self, encoder: EncoderConfig) -> int:
        """Returns the width of the bottleneck in `encoder`, in units."""
        if self.size is not None:
            return self.size
        return max(1, int(encoder.hidden_size // self.reduction_factor))

    def resolve_layers(self, encoder: EncoderConfig) -> tuple[int, ...]:
        """Returns the numbers of the blocks that get adapters.

        Raises:
            ValueError: If a number lies outside `encoder`.
        """
        every = tuple(range(encoder.num_hidden_layers))
        if self.layers is None:
            return every
        if outside := sorted(set(self.layers) - set(every)):
            raise ValueError(
                f"`layers` must lie between 0 and {every[-1]}, the encoder's "
                f"last block. Received: {', '.join(map(str, outside))}"
            )
        return self.layers


RECIPES = {
    "houlsby2019": AdapterConfig(),
    "adapterhub_houlsby": AdapterConfig(
        size=None,
        reduction_factor=16,
        activation="silu",
        initializer="normal",
        init_scale=0.02,
        train_layer_norms="none",
    ),
    "opendelta": AdapterConfig(
        size=24,
        initializer="normal",
        init_scale=0.01,
        placement="before_dropout",
        train_layer_norms="none",
    ),
}


def get_recipe(name: str) -> AdapterConfig:
    """Returns the recipe called `name`.

    Raises:
        ValueError: If there is none, with the nearest name.
    """
    if name not in RECIPES:
        raise ValueError(
            f"Unknown adapter recipe {name!r}; {did_you_mean(name, RECIPES)}"
        )
    return RECIPES[name]
