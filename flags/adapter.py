"""Flags that shape the adapters."""

from absl import flags

from adapter_bert import adapter_config
from flags import lists, rules

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


def parse_layers(text: str) -> tuple[int, ...] | None:
    """Returns the block numbers that `text` lists, or None for `all`."""
    return None if text.strip() == "all" else lists.parse_layers(text)


rules.require_form("adapter_layers", parse_layers)
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
