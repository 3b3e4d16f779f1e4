"""Which variables train and which decay, by path."""

import dataclasses
import math
import re

import keras

from adapter_bert.adapter_config import AdapterConfig
from adapter_bert.config import EncoderConfig
from adapter_bert.tune_config import TuneConfig

ADAPTER_PATHS = r"_adapter/"
LAYER_NORM_PATHS = r"layer_norm/"
HEAD_PATHS = r"^classifier/"
POOLER_PATHS = r"^pooler/"
EMBEDDING_PATHS = r"^embeddings/"
BLOCK_PATHS = r"^layer_(\d+)/"
# The original's exclusions "LayerNorm", "layer_norm" and "bias".
_NOT_DECAYED = r"layer_norm/|/bias$"


def freeze(model: keras.Model) -> None:
    """Sets the trainable flag of every variable from the model's configs.

    Flags are set on variables, since a layer's own flag does not reach the
    variables of a layer nested in it once those are built.

    Args:
        model: Classifier.
    """
    paths = trained_paths(model)
    for variable in model.weights:
        variable.trainable = variable.path in paths


def trains(
    path: str,
    encoder: EncoderConfig,
    adapter: AdapterConfig | None,
    tune: TuneConfig,
) -> bool:
    """Tells whether the variable at `path` trains.

    Args:
        path: The variable's path in a classifier.
        encoder: Shape of the encoder.
        adapter: Its adapters, if the method is `adapters`.
        tune: The method.
    """
    if re.search(ADAPTER_PATHS, path) or re.search(HEAD_PATHS, path):
        return True
    match tune.method:
        case "adapters":
            return _trains_beside_adapters(path, encoder, adapter)
        case "full":
            return True
        case "top_k":
            return _is_on_top(path, encoder.num_hidden_layers - tune.top_k)
    if re.search(POOLER_PATHS, path):
        return tune.train_pooler
    is_layer_norm = re.search(LAYER_NORM_PATHS, path) is not None
    return tune.method == "layer_norm" and is_layer_norm


def _is_on_top(path, first_block):
    block = re.search(BLOCK_PATHS, path)
    if block is not None:
        return int(block[1]) >= first_block
    return re.search(POOLER_PATHS, path) is not None


def _trains_beside_adapters(path, encoder, adapter):
    if re.search(POOLER_PATHS, path):
        return adapter.train_pooler
    if not re.search(LAYER_NORM_PATHS, path):
        return False
    adapted = adapter.resolve_layers(encoder)
    policy = adapter.train_layer_norms
    if policy == "auto":
        everywhere = len(adapted) == encoder.num_hidden_layers
        policy = "all" if everywhere else "adapted"
    if policy == "adapted":
        block = re.search(BLOCK_PATHS, path)
        return block is not None and int(block[1]) in adapted
    return policy == "all"


def trained_paths(model: keras.Model) -> set[str]:
    """Returns the paths that train under a classifier's configs."""
    configs = (model.encoder_config, model.adapter_config, model.tune)
    return {v.path for v in model.weights if trains(v.path, *configs)}


def decays(path: str) -> bool:
    """Tells whether weight decay applies to the variable at `path`."""
    return not re.search(_NOT_DECAYED, path)


@dataclasses.dataclass(frozen=True)
class ParameterGroup:
    """Parameters of one kind.

    Attributes:
        name: What the group is called in reports.
        total: Number of parameters.
        trained: Number of those that train.
    """

    name: str
    total: int
    trained: int


@dataclasses.dataclass(frozen=True)
class ParameterReport:
    """Number of parameters by group, and against both usual denominators.

    Attributes:
        groups: One row a kind; they sum to the whole model.
    """

    groups: tuple[ParameterGroup, ...]

    @property
    def total(self) -> int:
        """All parameters, adapters and head included."""
        return sum(group.total for group in self.groups)

    @property
    def trained(self) -> int:
        """Parameters that train."""
        return sum(group.trained for group in self.groups)

    @property
    def plain_encoder(self) -> int:
        """Parameters of the encoder without adapters and head."""
        added = ("adapters", "head")
        return sum(g.total for g in self.groups if g.name not in added)

    def __str__(self) -> str:
        rows = [
            f"  {group.name:<12}{group.total:>13,}{group.trained:>13,}"
            for group in self.groups
        ]
        return "\n".join(
            [
                f"  {'group':<12}{'parameters':>13}{'trained':>13}",
                *rows,
                f"  {'all':<12}{self.total:>13,}{self.trained:>13,}",
                f"Trained: {self.trained:,} of {self.total:,} parameters = "
                f"{self.trained / self.total:.4%}; of the plain encoder's "
                f"{self.plain_encoder:,}: "
                f"{self.trained / self.plain_encoder:.4%}",
            ]
        )


def parameter_report(model: keras.Model) -> ParameterReport:
    """Counts a classifier's parameters by group."""
    groups = {
        "adapters": ADAPTER_PATHS,
        "LayerNorms": LAYER_NORM_PATHS,
        "head": HEAD_PATHS,
        "pooler": POOLER_PATHS,
        "embeddings": EMBEDDING_PATHS,
        "blocks": BLOCK_PATHS,
    }
    counts = {name: [0, 0] for name in groups}
    for variable in model.weights:
        size = math.prod(variable.shape)
        name = next(n for n, r in groups.items() if re.search(r, variable.path))
        counts[name][0] += size
        counts[name][1] += size if variable.trainable else 0
    return ParameterReport(
        tuple(ParameterGroup(name, *count) for name, count in counts.items())
    )
