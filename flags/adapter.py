"""Flags that shape the adapters and say what trains beside them."""

import re

from absl import flags

from adapter_bert import adapter_config
from flags import rules

_ACTIVATIONS = ", ".join(adapter_config.CHOICES["activation"])

flags.DEFINE_string(
    "adapter_recipe",
    "houlsby2019",
    "Set of adapter settings; the other flags of this group replace single "
    f"ones. Known: {', '.join(adapter_config.RECIPES)}.",
)
flags.DEFINE_integer(
    "adapter_size",
    None,
    "Width of each adapter's bottleneck, in units. Default: the recipe's, 64 "
    "in houlsby2019.",
)
flags.DEFINE_float(
    "adapter_reduction_factor",
    None,
    "Hidden units of the encoder per unit of the bottleneck; takes the place "
    "of --adapter_size. Default: the recipe's, none in houlsby2019.",
)
flags.DEFINE_float(
    "adapter_init_scale",
    None,
    "Standard deviation of the adapters' initial kernels. Default: the "
    "recipe's, 0.001 in houlsby2019.",
)
flags.DEFINE_string(
    "adapter_activation",
    None,
    f"Non-linearity of the bottleneck: {_ACTIVATIONS}. gelu_new is the tanh "
    "form of GELU, gelu the erf form. Default: the recipe's, "
    "gelu_new in houlsby2019.",
)
flags.DEFINE_string(
    "adapter_layers",
    None,
    "Encoder blocks that get adapters, counted from 0, as numbers and ranges "
    "such as 0-5,8, or all. Default: the recipe's, all in houlsby2019.",
)
flags.DEFINE_string(
    "train_layer_norms",
    None,
    "LayerNorms that train: all; adapted, those of blocks with adapters; "
    "none; auto, which is all if every block has adapters and adapted "
    "otherwise. Default: the recipe's, auto in houlsby2019.",
)
flags.DEFINE_boolean(
    "train_pooler",
    None,
    "Whether the pooler trains too; needed for a checkpoint that has none. "
    "Default: the recipe's, false in houlsby2019.",
)


def parse_layers(text: str) -> tuple[int, ...] | None:
    """Returns the block numbers that `text` lists, ascending; None for all.

    Raises:
        ValueError: If `text` is not `all` or a list such as `0-5,8`.
    """
    if text.strip() == "all":
        return None
    numbers: set[int] = set()
    for part in text.split(","):
        # Three digits: a range is written out, and no encoder is that deep.
        match = re.fullmatch(r"\s*(\d{1,3})\s*(?:-\s*(\d{1,3})\s*)?", part)
        block_range = match and range(
            int(match[1]), int(match[2] or match[1]) + 1
        )
        if not block_range:
            raise ValueError(
                "`adapter_layers` must be `all` or numbers and ascending "
                "ranges of blocks, such as 0-5,8. "
                f"Received: adapter_layers={text!r}"
            )
        numbers.update(block_range)
    return tuple(sorted(numbers))


def _check_layers(text) -> bool:
    if text is not None:
        try:
            parse_layers(text)
        except ValueError as error:
            raise flags.ValidationError(str(error)) from error
    return True


flags.register_validator("adapter_layers", _check_layers)
flags.register_multi_flags_validator(
    ["adapter_size", "adapter_reduction_factor"],
    lambda values: None in values.values(),
    message="give only one of the two; each decides the bottleneck's width.",
)
rules.require_positive(
    "adapter_size", "adapter_reduction_factor", "adapter_init_scale"
)
rules.require_choice("adapter_recipe", tuple(adapter_config.RECIPES))
rules.require_choice("adapter_activation", adapter_config.CHOICES["activation"])
rules.require_choice(
    "train_layer_norms", adapter_config.CHOICES["train_layer_norms"]
)
