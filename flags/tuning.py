"""Flags that say what trains: adapters, or a baseline without them."""

from absl import flags

from adapter_bert import adapter_config, tune_config
from flags import rules

flags.DEFINE_string(
    "tune",
    None,
    "What trains beside the head: adapters, with LayerNorms; full, the whole "
    "encoder; top_k, the last --tune_top_k blocks and the pooler; layer_norm, "
    "the LayerNorms; head, nothing. Only the first has adapters. Default: "
    "adapters.",
)
flags.DEFINE_integer(
    "tune_top_k",
    None,
    "Number of blocks, from the last one down, that train under --tune=top_k.",
    lower_bound=1,
)
flags.DEFINE_string(
    "train_layer_norms",
    None,
    "LayerNorms that train beside adapters: all; adapted, those of blocks with "
    "adapters; none; auto, which is all if every block has adapters and "
    "adapted otherwise. Default: the recipe's, auto in houlsby2019.",
)
flags.DEFINE_boolean(
    "train_pooler",
    None,
    "Whether the pooler trains too; needed for a checkpoint that has none. "
    "Under --tune=full and top_k it does anyway. Default: false, or the "
    "recipe's.",
)


def _check_top_k(values) -> bool:
    return (values["tune"] == "top_k") == (values["tune_top_k"] is not None)


flags.register_multi_flags_validator(
    ["tune", "tune_top_k"],
    _check_top_k,
    message="--tune=top_k needs --tune_top_k, the number of blocks, and the "
    "latter has no meaning without the former.",
)
rules.require_choice("tune", tune_config.METHODS)
rules.require_choice(
    "train_layer_norms", adapter_config.CHOICES["train_layer_norms"]
)
