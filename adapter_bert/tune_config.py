"""What trains: adapters, or one of the baselines they are compared with."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from adapter_bert.validation import (
    require_choice,
    require_fields,
    require_positive_integer,
)

METHODS = ("adapters", "full", "top_k", "layer_norm", "head")


@dataclasses.dataclass(frozen=True)
class TuneConfig:
    """Which part of a classifier trains. The head always does.

    Attributes:
        method: `adapters`, with what their config says beside them; `full`,
            everything; `top_k`, the last `top_k` blocks and the pooler;
            `layer_norm`, every LayerNorm, the embeddings' included; `head`,
            nothing else. All but the first have no adapters.
        top_k: Number of blocks that `top_k` trains, from the last one down.
        train_pooler: Whether the pooler trains under `layer_norm` and `head`
            too. Under `adapters` their own config says it.

    Raises:
        ValueError: If a field is out of range or does not belong to the
            method.

    Reference:
        [Houlsby et al., 2019](https://arxiv.org/abs/1902.00751), sections 3.2
        and 3.4.
    """

    method: str = "adapters"
    top_k: int | None = None
    train_pooler: bool = False

    def __post_init__(self):
        """Rejects fields that do not belong together."""
        require_choice("method", self.method, METHODS)
        require_choice("train_pooler", self.train_pooler, (False, True))
        if self.method == "top_k":
            require_positive_integer("top_k", self.top_k)
        elif self.top_k is not None:
            raise ValueError(
                "`top_k` must be None unless `method` is 'top_k'. "
                f"Received: method={self.method!r}, top_k={self.top_k}"
            )
        if self.train_pooler and self.method not in ("layer_norm", "head"):
            raise ValueError(
                "`train_pooler` must be False unless `method` is 'layer_norm' "
                "or 'head': an adapter config has a field of its own, the "
                "other methods train the pooler anyway. "
                f"Received: method={self.method!r}"
            )

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "TuneConfig":
        """Reads what `to_dict` wrote; an unknown field raises ValueError."""
        require_fields(cls, values)
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """Returns the fields as a JSON-ready dict."""
        return dataclasses.asdict(self)
